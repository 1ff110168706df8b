// Records that are made in the writer's own buffer are those that are given to it one by one.
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { BLANK, FLAG_LAST, createRecordOut, encodeEvent, recordWords } from '@truetape/contracts';
import type { Event, RecordOut } from '@truetape/contracts';
import {
  commitRecords,
  createBinaryWriter,
  endTape,
  epochOf,
  flushTape,
  recordPlace,
  writeRecord,
} from '@truetape/tape';
import type { TapeWriter } from '@truetape/tape';
import { checkProperty, seeds } from './property.ts';
import { HEADER, PORTS, createSink } from './tape.ts';

/** A message of a command and its facts, all at one time; at most `facts`. */
function message(timeNs: number, facts: number, seq: number): RecordOut {
  const out = createRecordOut(epochOf(HEADER), 64);
  const command: Event = { ...BLANK.CancelOrder, timeNs, flags: FLAG_LAST, orderId: seq };
  expect(encodeEvent(out, command)).toBe(0);
  for (let k = 1; k <= facts; k++) {
    const flags = k === facts ? FLAG_LAST : 0;
    const fact: Event = {
      ...BLANK.Canceled,
      timeNs,
      flags,
      cause: seq,
      orderId: k,
      canceledLots: k,
      reason: 1,
    };
    expect(encodeEvent(out, fact)).toBe(0);
  }
  return out;
}

function byRecord(writer: TapeWriter, out: RecordOut): void {
  for (let i = 0; i < out.words * 2; i += recordWords(out, i) * 2)
    expect(writeRecord(writer, out, i, writer.nextSeq)).toBeUndefined();
}

function inPlace(writer: TapeWriter, out: RecordOut, count: number): void {
  const { words } = out;
  const at = recordPlace(writer, words + 12);
  writer.records.i32.set(out.i32.subarray(0, words * 2), at);
  expect(commitRecords(writer, words, count)).toBeUndefined();
}

function tapeOf(
  frameBytes: number,
  messages: readonly [number, number, boolean][],
  write: (writer: TapeWriter, out: RecordOut, count: number) => void,
): Buffer {
  const sink = createSink();
  const writer = createBinaryWriter({ header: HEADER, ports: PORTS, frameBytes }, sink);
  let timeNs = 0;
  for (const [later, facts, flushes] of messages) {
    timeNs += later;
    write(writer, message(timeNs, facts, writer.nextSeq), facts + 1);
    if (flushes) flushTape(writer);
  }
  endTape(writer);
  return Buffer.concat(sink.parts);
}

const anyMessage = fc.tuple(
  fc.oneof(fc.nat(1000), fc.constant(3_000_000_000)),
  fc.nat(9),
  fc.integer({ min: 0, max: 19 }).map((k) => k === 0),
);

// Fails when a page of the hash, a frame or time's high half ends elsewhere than record by record.
test.each(seeds(61))('in place or one by one, the tape has the same bytes (seed %s)', (seed) => {
  checkProperty(
    seed,
    fc.property(
      fc.array(anyMessage, { maxLength: 80 }),
      fc.constantFrom(64, 512, 4096),
      (messages, frameBytes) => {
        const wanted = tapeOf(frameBytes, messages, byRecord);
        expect(tapeOf(frameBytes, messages, inPlace).equals(wanted)).toBe(true);
      },
    ),
    60,
  );
});

// Fails when a page that ends within a message, or with its last record, is hashed late.
test.each([0, 1, 2, 3, 4, 5])('over several pages, %s records off their ends', (offset) => {
  const first: [number, number, boolean][] = Array.from({ length: offset }, () => [1, 0, false]);
  const rest: [number, number, boolean][] = Array.from({ length: 2200 }, (_, k) => [k % 3, 5, false]);
  const wanted = tapeOf(65_536, [...first, ...rest], byRecord);
  expect(tapeOf(65_536, [...first, ...rest], inPlace).equals(wanted)).toBe(true);
});

// Fails when a refused message leaves a trace, or a frame takes more than it holds.
test('TAPE-15: what is refused is not there, and a frame has an end', () => {
  const sink = createSink();
  const writer = createBinaryWriter({ header: HEADER, ports: PORTS }, sink);
  inPlace(writer, message(50, 2, 0), 3);
  const early = message(49, 2, 3);
  writer.records.i32.set(early.i32.subarray(0, early.words * 2), recordPlace(writer, early.words));
  expect(commitRecords(writer, early.words, 3)).toMatchObject({ code: 'timeBackwards', seq: 3 });
  inPlace(writer, message(51, 0, 3), 1);
  expect(endTape(writer).count).toBe(4);
  const wanted = tapeOf(
    65_536,
    [
      [50, 2, false],
      [1, 0, false],
    ],
    byRecord,
  );
  expect(Buffer.concat(sink.parts).equals(wanted)).toBe(true);
  const other = createBinaryWriter({ header: HEADER, ports: PORTS }, createSink());
  expect(() => recordPlace(other, 16_777_216 / 8)).toThrow('TAPE-15');
});

/** Facts of a message that goes on, then messages of their own. */
function behindOpen(write: (writer: TapeWriter, out: RecordOut, count: number) => void): Buffer {
  const sink = createSink();
  const writer = createBinaryWriter({ header: HEADER, ports: PORTS, frameBytes: 4096 }, sink);
  const out = createRecordOut(epochOf(HEADER), 64);
  const open: Event = { ...BLANK.Canceled, timeNs: 1, cause: 0, orderId: 1, canceledLots: 1, reason: 1 };
  expect(encodeEvent(out, open)).toBe(0);
  for (let k = 0; k < 3; k++) byRecord(writer, out);
  for (let k = 0; k < 200; k++) write(writer, message(2 + k, 3, writer.nextSeq), 4);
  endTape(writer);
  return Buffer.concat(sink.parts);
}

// Fails when records in place forget that a message is under way, or do not end it.
test('behind a message that goes on, frames end where they do record by record', () => {
  expect(behindOpen(inPlace).equals(behindOpen(byRecord))).toBe(true);
});
