// What a writer refuses, where it ends its frames, and what it asserts.
import { describe, expect, test } from 'vitest';
import { BLANK, FLAG_LAST, SIDE_BUY, createRecordOut, defineFields, encodeEvent } from '@truetape/contracts';
import type { Event } from '@truetape/contracts';
import {
  createBinaryWriter,
  createTextWriter,
  endTape,
  epochOf,
  flushTape,
  writeEvent,
  writeRecord,
} from '@truetape/tape';
import type { TapeHeader, TapeWriter } from '@truetape/tape';
import { readReference } from './reference.ts';
import { HEADER, PORTS, createSink, readTape, writeTape } from './tape.ts';
import type { Item } from './tape.ts';

const timer = (timeNs: number): Event => ({ ...BLANK.Timer, timeNs, timerId: 1, dueTime: timeNs });
const level = (flags = 0): Event => ({ ...BLANK.Level, flags: SIDE_BUY | flags, priceTicks: 1, qtyLots: 1 });

function start(header: TapeHeader = HEADER, frameBytes = 65536): { writer: TapeWriter; bytes: () => Buffer } {
  const sink = createSink();
  const writer = createBinaryWriter({ header, ports: PORTS, frameBytes }, sink);
  return { writer, bytes: () => Buffer.concat(sink.parts) };
}

describe('a writer refuses', () => {
  const define = (index: number): Event => ({
    ...BLANK.Define,
    timeNs: 5,
    ...defineFields('source', index, { name: 'a' }),
  });
  test.each<[string, Event, string]>([
    ['a time before the last', timer(4), 'timeBackwards'],
    ['a draft kind', { ...BLANK.Sent, timeNs: 5 }, 'draftKind'],
    ['a Skip by hand', { ...BLANK.Skip, timeNs: 5, count: 1 }, 'badSkip'],
    ['a Define that is not the next', define(2), 'badDefine'],
    ['a value beyond its field', { ...timer(5), timerId: 2 ** 53 } as Event, 'badRecord'],
    ['a time far from the epoch', timer(2 ** 53 - 1), 'badRecord'],
  ])('%s, and goes on as if it had not been', (_, event, code) => {
    const { writer, bytes } = start();
    expect(writeEvent(writer, timer(5))).toBeUndefined();
    expect(writeEvent(writer, event)).toMatchObject({ code, seq: 1 });
    expect(writeEvent(writer, define(1))).toBeUndefined();
    expect(writeEvent(writer, timer(6))).toBeUndefined();
    const end = endTape(writer);
    expect(readTape(bytes()).end).toMatchObject({ sealed: true, count: 3, hash: end.hash });
    const items = [timer(5), define(1), timer(6)].map((one): Item => ({ event: one, gap: 0 }));
    expect(bytes().equals(writeTape('binary', items).bytes)).toBe(true);
  });

  test('records, likewise', () => {
    const { writer, bytes } = start();
    const scratch = createRecordOut(epochOf(HEADER), 64);
    const write = (event: Event, seq: number): unknown => {
      scratch.words = 0;
      expect(encodeEvent(scratch, event)).toBe(0);
      return writeRecord(writer, scratch, 0, seq);
    };
    expect(write(timer(5), 3)).toBeUndefined();
    expect(write(timer(5), 3)).toMatchObject({ code: 'seqBackwards', seq: 4 });
    expect(write(timer(4), 9)).toMatchObject({ code: 'timeBackwards' });
    expect(write({ ...BLANK.Skip, timeNs: 5, count: 1 }, 9)).toMatchObject({ code: 'badSkip' });
    for (const seq of [2 ** 53 - 1, 2 ** 53, Number.NaN]) expect(write(timer(5), seq)).toBeDefined();
    expect(write(timer(5), 2 ** 53 - 2)).toBeUndefined();
    expect(writeEvent(writer, timer(5))).toMatchObject({ code: 'badSkip' });
    endTape(writer);
    const read = readTape(bytes());
    expect([read.error, read.seqs]).toEqual([undefined, [3, 2 ** 53 - 2]]);
  });

  test('a record that is far from its own epoch, though it was near another', () => {
    const other = { ...HEADER, epochNs: '0' };
    const scratch = createRecordOut(epochOf(other), 64);
    expect(encodeEvent(scratch, timer(5))).toBe(0);
    expect(writeRecord(start().writer, scratch, 0, 0)).toMatchObject({ code: 'badRecord' });
  });
});

describe('frames', () => {
  const types = (bytes: Buffer): unknown =>
    readReference(bytes).frames.map(({ type, more, nextSeq }) => [type, more, Number(nextSeq)]);

  test('end with a message, at the first chance behind frameBytes', () => {
    const { writer, bytes } = start(HEADER, 100);
    for (const event of [
      level(),
      level(),
      level(),
      level(),
      level(),
      level(FLAG_LAST),
      level(FLAG_LAST),
      timer(0),
      timer(0),
      timer(0),
    ])
      expect(writeEvent(writer, event)).toBeUndefined();
    flushTape(writer);
    expect(types(bytes())).toEqual([
      [1, false, 6],
      [1, false, 9],
      [1, false, 10],
    ]);
  });

  // Fails when a kind that comes in messages is taken for one that stands alone, or the other way round.
  test.each<[Event, boolean]>([
    [{ ...BLANK.Accepted, orderId: 1, leavesLots: 1, flags: SIDE_BUY }, true],
    [{ ...BLANK.CancelAllDone }, true],
    [level(), true],
    [{ ...BLANK.BookUpdate, levels: 1 }, true],
    [{ ...BLANK.BookReset, bids: 1 }, true],
    [{ ...BLANK.Quote, bidTicks: 1, bidLots: 1 }, false],
    [{ ...BLANK.Mark, markFine: 1 }, false],
    [{ ...BLANK.CancelAll }, false],
    [timer(0), false],
  ])('a message begins with kind $kind: %#', (event, begins) => {
    const { writer, bytes } = start(HEADER, 0);
    expect(writeEvent(writer, event)).toBeUndefined();
    const whole = [[1, false, 1]];
    expect(types(bytes())).toEqual(begins ? [] : whole);
    expect(writeEvent(writer, { ...BLANK.BookUpdate, flags: FLAG_LAST })).toBeUndefined();
    expect(types(bytes())).toEqual(begins ? [[1, false, 2]] : [...whole, [1, false, 2]]);
  });

  // Fails when a message is cut in two frames that could be torn apart.
  test('wait, when flushed, for the end of the message', () => {
    const { writer, bytes } = start();
    writeEvent(writer, timer(0));
    writeEvent(writer, level());
    flushTape(writer);
    flushTape(writer);
    expect(types(bytes())).toEqual([]);
    writeEvent(writer, level());
    expect(types(bytes())).toEqual([]);
    writeEvent(writer, level(FLAG_LAST));
    expect(types(bytes())).toEqual([[1, false, 4]]);
    writeEvent(writer, timer(0));
    expect(types(bytes())).toEqual([[1, false, 4]]);
    flushTape(writer);
    flushTape(writer);
    expect(types(bytes())).toEqual([
      [1, false, 4],
      [1, false, 5],
    ]);
    endTape(writer);
  });

  test('hold a message that never ends, when the tape does', () => {
    const { writer, bytes } = start();
    writeEvent(writer, level());
    flushTape(writer);
    endTape(writer);
    expect(types(bytes())).toEqual([
      [1, false, 1],
      [2, false, 1],
      [3, false, 1],
    ]);
  });

  // 32 records of half a MiB are less than 16 MiB, 33 are more. Fails when a frame passes the limit of readers.
  test.each<[string, number, Event, boolean]>([
    ['huge frames', 1e9, timer(0), false],
    ['one message', 0, level(), true],
  ])('stay within 16 MiB: %s', (_, frameBytes, event, isChain) => {
    const { writer, bytes } = start(HEADER, frameBytes);
    const scratch = createRecordOut(epochOf(HEADER), 64);
    expect(encodeEvent(scratch, { ...event, ext: '1'.padStart(65000 * 16, '0') } as Event)).toBe(0);
    for (let k = 0; k < 70; k++) expect(writeRecord(writer, scratch, 0, k)).toBeUndefined();
    endTape(writer);
    const { frames } = readReference(bytes());
    const chain = frames.filter(({ type }) => type === 1).map(({ more }) => more);
    expect(chain).toEqual([isChain, isChain, false]);
    expect(readTape(bytes()).end).toMatchObject({ sealed: true, count: 70 });
  });
});

describe('a programmer’s error', () => {
  test('TAPE-2: writing behind the end', () => {
    for (const create of [createBinaryWriter, createTextWriter]) {
      const writer = create({ header: HEADER, ports: PORTS }, createSink());
      endTape(writer);
      expect(() => writeEvent(writer, timer(0))).toThrow('TAPE-2');
      expect(() => flushTape(writer)).toThrow('TAPE-2');
      expect(() => endTape(writer)).toThrow('TAPE-2');
    }
  });

  test('TAPE-3: a footer that says what the seal says, or that no reader accepts', () => {
    for (const extra of [
      { count: 1 },
      { hash: 'x' },
      { seal: 'x' },
      { of: 'x' },
      { big: 'x'.repeat(1 << 20) },
    ]) {
      expect(() => endTape(start().writer, extra)).toThrow('TAPE-3');
    }
    const { writer, bytes } = start();
    endTape(writer, { of: 'ab'.repeat(32), nothing: undefined });
    expect(readTape(bytes()).end?.footer).not.toHaveProperty('nothing');
  });

  test('TAPE-6: a header that no reader accepts', () => {
    for (const bad of [
      { epochNs: 'x' },
      { observer: 'me' },
      { seed: 7 },
      { producer: { name: 'x'.repeat(1 << 20) } },
    ]) {
      expect(() => start({ ...HEADER, ...bad } as TapeHeader)).toThrow('TAPE-6');
    }
  });
});
