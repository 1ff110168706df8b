/**
 * Writes records straight from cells: no event object on the path of a command. What it writes is what
 * `commandEvent` (with the time of the decision) and `reportEvent` say, to the byte.
 */
import { OP_CANCEL_ALL, OP_REDUCE, RECORD_HALVES_MAX, opOf, putCommand, putFact } from '@truetape/book';
import type { CommandBuffer, ReportBuffer } from '@truetape/book';
import { FLAG_LAST, createRecordOut, encodeEvent, reserveWords } from '@truetape/contracts';
import type { Epoch, Event, RecordBuffer, RecordOut } from '@truetape/contracts';
import { assert } from '@truetape/kernel';
import { commitRecords, recordPlace, writeEvent, writeRecord } from '@truetape/tape';
import type { TapeWriter } from '@truetape/tape';

/** Where records go. The record is only valid during the call. */
export interface RecordPort {
  readonly epoch: Epoch;
  /** Where there is one, records are made in its own buffer instead. */
  readonly writer?: TapeWriter;
  write(records: RecordBuffer, at: number, seq: number): void;
}

/** Records into a tape that stands where the simulation does. Throws on FLOW-1 when the writer refuses one. */
export function tapePort(writer: TapeWriter): RecordPort {
  return {
    epoch: writer.records.epoch,
    writer,
    write: (records, at, seq) => {
      const error = writeRecord(writer, records, at, seq);
      assert(error === undefined, 'FLOW-1', `a record that a tape takes: ${error?.code}`);
    },
  };
}

/** Numbers the events, and hands them on where there is a port. */
export interface Recorder {
  readonly port: RecordPort | undefined;
  /** The port's, as soon as it stands where the recorder does. */
  writer: TapeWriter | undefined;
  /** The writer's, or one of its own. */
  out: RecordOut;
  nextSeq: number;
}

export function createRecorder(port: RecordPort | undefined): Recorder {
  const out = createRecordOut(port?.epoch ?? { hi: 0, lo: 0 }, 512);
  const rec: Recorder = { port, writer: undefined, out, nextSeq: 0 };
  continueAt(rec, 0);
  return rec;
}

/**
 * Lets the next event have this seq. A tape that ends before it takes the first record through its port, which skips
 * what is missing.
 */
export function continueAt(rec: Recorder, nextSeq: number): void {
  rec.nextSeq = nextSeq;
  const writer = rec.port?.writer;
  rec.writer = writer?.nextSeq === nextSeq ? writer : undefined;
  if (rec.writer !== undefined) rec.out = rec.writer.records;
  else if (rec.out === writer?.records) rec.out = createRecordOut(writer.records.epoch, 512);
}

/**
 * Writes a command as it reaches the matcher (cell 7 is when it was decided), and the facts of its reports with it as
 * their cause. Returns the command's seq.
 *
 * Throws on FLOW-1 when the tape refuses it, on FLOW-2 for a command that agents do not send.
 */
export function recordAnswer(
  rec: Recorder,
  commands: CommandBuffer,
  reports: ReportBuffer,
  timeNs: number,
  source: number,
): number {
  const { port, writer, out } = rec;
  const cause = rec.nextSeq;
  const { count } = reports;
  const op = opOf(commands.u32[0]);
  assert(op !== OP_REDUCE && op !== OP_CANCEL_ALL, 'FLOW-2', 'agents place, cancel and amend');
  rec.nextSeq = cause + 1 + count;
  if (port === undefined) return cause;
  const start = place(rec, ((count + 1) * RECORD_HALVES_MAX) / 2);
  const { i32, epoch } = out;
  let at = putCommand(i32, start, commands, 0, timeNs, commands.f64[7], 0, epoch);
  // All have the command's time: its two halves are copied.
  for (let k = 0; k < count; k++) {
    i32[at + 2] = i32[start + 2];
    i32[at + 3] = i32[start + 3];
    at = putFact(i32, at, reports, k, source, cause, k === count - 1 ? FLAG_LAST : 0);
  }
  if (writer === undefined) handOn(rec, cause, start, at);
  else {
    const error = commitRecords(writer, (at - start) / 2, count + 1);
    assert(error === undefined, 'FLOW-1', `records that a tape takes: ${error?.code}`);
    assert(writer.nextSeq === rec.nextSeq, 'FLOW-1', 'a tape that stands where the simulation does');
  }
  return cause;
}

/** Room in the buffer: the index of its first half word. */
function place({ writer, out }: Recorder, words: number): number {
  if (writer !== undefined) return recordPlace(writer, words);
  out.words = 0;
  reserveWords(out, words);
  return 0;
}

function handOn(rec: Recorder, firstSeq: number, from: number, to: number): void {
  const { port, out } = rec;
  let seq = firstSeq;
  for (let at = from; at < to; at += (out.u32[at] & 0xffff) * 2) port!.write(out, at, seq++);
  continueAt(rec, seq);
}

/** Writes an event that is rare enough to be an object. Throws on FLOW-1 when it cannot be encoded. */
export function recordEvent(rec: Recorder, event: Event): number {
  const { port, writer, out } = rec;
  const seq = rec.nextSeq;
  rec.nextSeq = seq + 1;
  if (writer !== undefined) {
    const error = writeEvent(writer, event);
    assert(error === undefined, 'FLOW-1', `an event that a tape takes: ${error?.code}`);
  } else if (port !== undefined) {
    out.words = 0;
    assert(encodeEvent(out, event) === 0, 'FLOW-1', 'an event that can be encoded');
    handOn(rec, seq, 0, out.words * 2);
  }
  return seq;
}
