// The limits of frames and chains, at their real size.
import { expect, test } from 'vitest';
import { BLANK, SIDE_BUY, createRecordOut, encodeEvent } from '@truetape/contracts';
import {
  createBinaryWriter,
  createDecoder,
  createReader,
  endTape,
  epochOf,
  writeRecord,
} from '@truetape/tape';
import type { TapePorts, TapeReader } from '@truetape/tape';
import { addFrame, fileOf, forge, record } from './forge.ts';
import { readReference } from './reference.ts';
import { HEADER, PORTS, createSink } from './tape.ts';

const MIB = 1 << 20;

/** A sealed tape of one unfinished message of `count` records of 65,535 words. */
function longMessage(count: number): Buffer {
  const sink = createSink();
  const writer = createBinaryWriter({ header: HEADER, ports: PORTS }, sink);
  const scratch = createRecordOut(epochOf(HEADER), 65535);
  const ext = '1'.padStart((65535 - 5) * 16, '0');
  expect(encodeEvent(scratch, { ...BLANK.Level, flags: SIDE_BUY, priceTicks: 1, qtyLots: 1, ext })).toBe(0);
  for (let k = 0; k < count; k++) expect(writeRecord(writer, scratch, 0, k)).toBeUndefined();
  endTape(writer);
  return Buffer.concat(sink.parts);
}

interface Reading {
  readonly reader: TapeReader;
  readonly events: number;
}

function read(bytes: Uint8Array, pieceBytes = 65536, ports: TapePorts = PORTS): Reading {
  let at = 0;
  let events = 0;
  const reader = createReader(createDecoder({ ports, hash: true, verify: true }), {
    read: () => {
      at += pieceBytes;
      return at - pieceBytes < bytes.length ? bytes.subarray(at - pieceBytes, at) : undefined;
    },
  });
  for (let batch = reader.next(); batch !== undefined; batch = reader.next()) events += batch.recordCount;
  return { reader, events };
}

// 100 MiB: a chain of five frames, and one more, since no reader holds a longer chain.
test('a message of 100 MiB is written as chains that readers accept', () => {
  const bytes = longMessage(200);
  const { frames } = readReference(bytes);
  const data = frames.filter(({ type }) => type === 1);
  expect(data.map(({ more }) => more)).toEqual([true, true, true, true, false, true, false]);
  const chainBytes = data[4].offset - data[0].offset;
  expect(chainBytes).toBeLessThanOrEqual(64 * MIB);
  const whole = read(bytes);
  expect(whole.reader.end).toMatchObject({ sealed: true, count: 200 });
  // Torn within a chain: all of it goes, and nothing of the chain before it. Four whole frames of it are no witnesses.
  for (const at of [data[4].offset, data[4].offset + 500, data[1].offset + 119]) {
    const torn = read(bytes.subarray(0, at));
    expect(torn.reader.end?.torn).toMatchObject({ offsetBytes: data[0].offset, firstSeq: 0 });
    expect(torn.events).toBe(0);
  }
  const second = read(bytes.subarray(0, data[6].offset + 1));
  expect(second.reader.end?.torn).toMatchObject({
    offsetBytes: data[5].offset,
    firstSeq: Number(data[5].firstSeq),
  });
  expect(second.events).toBe(Number(data[5].firstSeq));
});

// Fails when each piece of input causes the chain before it to be checked again: 7,000 times up to 60 MiB.
test('a long chain in small pieces is checked once', () => {
  const bytes = longMessage(120);
  let checkedBytes = 0;
  const crc32: TapePorts['crc32'] = (part, seed) => {
    checkedBytes += part.length;
    return PORTS.crc32(part, seed);
  };
  expect(read(bytes, 8192, { ...PORTS, crc32 }).reader.end).toMatchObject({ sealed: true, count: 120 });
  expect(checkedBytes).toBeLessThan(bytes.length * 1.1);
});

test('a chain without end is refused, and memory is bounded', () => {
  const tape = forge();
  const big = record(
    Array.from({ length: 65533 }, () => 1n),
    { kind: 0x5f },
  );
  const records = Array.from({ length: 31 }, () => big);
  for (let frame = 0; frame < 6; frame++) addFrame(tape, { records, more: true });
  const bytes = fileOf(tape);
  expect(bytes.length).toBeGreaterThan(92 * MIB);
  const before = process.memoryUsage().arrayBuffers;
  const { reader, events } = read(bytes);
  expect([reader.error?.code, events]).toEqual(['chainTooLong', 0]);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(256 * MIB);
});

// Not a word of what follows is believed before it is here.
test('a frame that says 16 MiB and has 1 KiB needs no more than that', () => {
  const tape = addFrame(forge(), { records: [record([1n], { kind: 0x5f })] });
  const at = tape.offset;
  addFrame(tape, {
    payload: Buffer.alloc(1024),
    set: (head) => void (head.writeUInt32LE(16 * MIB, 12), head.writeUInt32LE(1, 8)),
  });
  const before = process.memoryUsage().arrayBuffers;
  const { reader, events } = read(fileOf(tape));
  expect([reader.end?.torn?.offsetBytes, events]).toEqual([at, 1]);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(4 * MIB);
});
