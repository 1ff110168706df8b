// The decoder as a machine: input when it was not asked for, after the end, and in the wrong order.
import { describe, expect, test } from 'vitest';
import {
  createDecoder,
  createFilter,
  createReader,
  createSummaryFold,
  foldBatch,
  openedTape,
} from '@truetape/tape';
import type { TapeDecoder } from '@truetape/tape';
import { feed } from './damage.ts';
import { PORTS, readTape, writeTape } from './tape.ts';

const ITEMS = feed(60);

function drain(decoder: TapeDecoder, onBatch: () => void = () => {}): { records: Buffer; last: string } {
  const parts: Buffer[] = [];
  for (;;) {
    const step = decoder.next();
    if (step.type !== 'batch') return { records: Buffer.concat(parts), last: step.type };
    const { records, from, to } = step.batch;
    parts.push(Buffer.from(records.u8.subarray(from * 4, to * 4)));
    onBatch();
  }
}

describe.each(['binary', 'text'] as const)('%s', (encoding) => {
  const { bytes } = writeTape(encoding, ITEMS, { frameBytes: 600 });
  const whole = readTape(bytes).records;

  // Fails when what is handed out is kept as a place in memory that input may move.
  test('takes input between any two steps', () => {
    const decoder = createDecoder({ ports: PORTS, hash: true, verify: true });
    let at = 0;
    const more = (): void => {
      if (at < bytes.length) decoder.push(Uint8Array.from(bytes.subarray(at, (at += 700))));
      else decoder.finish();
    };
    const parts: Buffer[] = [];
    for (let last = 'need'; last === 'need';) {
      more();
      const drained = drain(decoder, more);
      parts.push(drained.records);
      ({ last } = drained);
    }
    expect(Buffer.concat(parts).equals(whole)).toBe(true);
    expect(decoder.next().type).toBe('end');
  });

  test('takes all input before the first step', () => {
    const decoder = createDecoder({ ports: PORTS });
    decoder.push(bytes);
    decoder.finish();
    expect(drain(decoder)).toEqual({ records: whole, last: 'end' });
  });

  test('says what it said once it has ended', () => {
    const decoder = createDecoder({ ports: PORTS });
    decoder.push(bytes.subarray(0, -1));
    decoder.finish();
    const { last } = drain(decoder);
    const said = decoder.next();
    decoder.push(bytes);
    expect([last, decoder.next()]).toEqual(['end', said]);
  });

  test('reads with an epoch of the reader’s choice, to the same records', () => {
    const epoch = { hi: 410838869, lo: 0 };
    const read = readTape(bytes, { epoch });
    expect(read.error).toBeUndefined();
    expect(read.records.equals(whole)).toBe(true);
    expect(readTape(bytes, { epoch: { hi: 0, lo: 0 } }).error?.code).toBe(
      encoding === 'binary' ? 'badRecord' : 'badLine',
    );
  });
});

// TAPE-5: the header is there once anything else is.
test('a tape is opened by its first batch', () => {
  const { bytes } = writeTape('binary', []);
  const pieces = [Uint8Array.from(bytes)];
  const reader = createReader(createDecoder({ ports: PORTS }), { read: () => pieces.pop() });
  expect(() => openedTape(reader)).toThrow('TAPE-5');
  expect(reader.next()).toBeUndefined();
  expect(openedTape(reader).header.producer.name).toBe('test');
});

// TAPE-14: what was counted while it was checked was counted without regard to a filter.
test('a batch that its decoder counted is folded without a filter', () => {
  const { bytes } = writeTape('binary', ITEMS);
  const fold = createSummaryFold();
  const decoder = createDecoder({ ports: PORTS, census: fold.census });
  decoder.push(bytes);
  for (let step = decoder.next(); step.type === 'batch'; step = decoder.next()) {
    const { batch } = step;
    expect(() => foldBatch(fold, batch, createFilter({ kinds: [0x30] }))).toThrow('TAPE-14');
    foldBatch(fold, batch);
  }
});

test('an encoding is told by its first bytes, however few', () => {
  for (const [bytes, code] of [
    [Buffer.from('r'), 'badHeader'],
    [Buffer.from('rpl-text'), 'badHeader'],
    [Buffer.from('s'), 'notATape'],
    [Buffer.from([0x89]), 'badHeader'],
    [Buffer.from([0x89, 0x51]), 'notATape'],
    [Buffer.from([0x1f, 0x8b]), 'notATape'],
  ] as const)
    expect(readTape(bytes).error?.code).toBe(code);
});
