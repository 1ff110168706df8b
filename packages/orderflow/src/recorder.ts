/**
 * Writes records straight from cells: no event object on the path of a command. What it writes is what
 * `commandEvent` (with the time of the decision) and `reportEvent` say, to the byte.
 */
import {
  AMENDED,
  ACCEPTED,
  CANCELED,
  COMMAND_CELLS,
  FILL,
  INSTRUMENT_SHIFT,
  OP_AMEND,
  OP_CANCEL,
  OP_NEW,
  PRICED,
  PRIORITY_KEPT,
  REASON_SHIFT,
  REJECTED,
  REPORT_CELLS,
  opOf,
  postOnlyOf,
  qtyModeOf,
  sideOf,
  stpOf,
  tifOf,
  typeOf,
} from '@truetape/book';
import type { CommandBuffer, ReportBuffer } from '@truetape/book';
import { FLAG_LAST, Kind, NONE, SIDE_MASK, TWO_32, createRecordOut, encodeEvent } from '@truetape/contracts';
import type { Epoch, Event, RecordBuffer, RecordOut } from '@truetape/contracts';
import { assert } from '@truetape/kernel';
import { commitRecord, recordPlace, writeEvent, writeRecord } from '@truetape/tape';
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
  readonly writer: TapeWriter | undefined;
  /** The writer's, or one of its own. */
  readonly out: RecordOut;
  nextSeq: number;
}

export function createRecorder(port: RecordPort | undefined, nextSeq: number = 0): Recorder {
  const out = port?.writer?.records ?? createRecordOut(port?.epoch ?? { hi: 0, lo: 0 }, 512);
  return { port, writer: port?.writer, out, nextSeq };
}

/** Room for a record in the buffer: the index of its first half word. */
function place({ writer }: Recorder, words: number): number {
  return writer === undefined ? 0 : recordPlace(writer, words);
}

/** Hands on the record that stands in its place. */
function emit({ port, writer, out }: Recorder, seq: number): void {
  if (writer === undefined) {
    port!.write(out, 0, seq);
    return;
  }
  const error = commitRecord(writer);
  assert(
    error === undefined && writer.nextSeq === seq + 1,
    'FLOW-1',
    'a record that a tape takes, at its seq',
  );
}

const NONE_HI = NONE / TWO_32;

/** An `n`. */
function put(i32: Int32Array, i: number, value: number): void {
  if ((value | 0) === value) {
    i32[i] = value;
    i32[i + 1] = value >> 31;
  } else {
    i32[i] = value;
    i32[i + 1] = Math.floor(value / TWO_32);
  }
}

function putNone(i32: Int32Array, i: number): void {
  i32[i] = 0;
  i32[i + 1] = NONE_HI;
}

function putTime(i32: Int32Array, i: number, timeNs: number, epoch: Epoch): void {
  const carry = Math.floor(timeNs / TWO_32);
  let lo = timeNs - carry * TWO_32 + epoch.lo;
  let hi = carry + epoch.hi;
  if (lo >= TWO_32) {
    lo -= TWO_32;
    hi += 1;
  }
  i32[i] = lo;
  i32[i + 1] = hi;
}

/** Header: words, kind, flags; instrument and source; time. */
function begin({ out }: Recorder, at: number, head: number, names: number, timeNs: number): Int32Array {
  const { i32, epoch } = out;
  i32[at] = head;
  i32[at + 1] = names;
  putTime(i32, at + 2, timeNs, epoch);
  return i32;
}

const headOf = (words: number, kind: number, flags: number): number => words | (kind << 16) | (flags << 24);

/** Writes a command as it reaches the matcher; cell 7 is when it was decided. Returns its seq. */
export function recordCommand(rec: Recorder, commands: CommandBuffer, k: number, timeNs: number): number {
  const seq = rec.nextSeq;
  rec.nextSeq = seq + 1;
  if (rec.port === undefined) return seq;
  const { f64, u32 } = commands;
  const cell = k * COMMAND_CELLS;
  const code = u32[cell * 2];
  const flags = FLAG_LAST | (sideOf(code) << 4);
  const names = u32[cell * 2 + 10] | (u32[cell * 2 + 11] << 16);
  const decidedNs = f64[cell + 7];
  const has = decidedNs === NONE ? 0 : 1;
  const op = opOf(code);
  const account = u32[cell * 2 + 1];
  if (op === OP_CANCEL) {
    const at = place(rec, 5 + has);
    const i32 = begin(rec, at, headOf(5 + has, Kind.CancelOrder, flags), names, timeNs);
    i32[at + 4] = i32[at + 5] = -1;
    put(i32, at + 6, f64[cell + 1]);
    i32[at + 8] = account;
    i32[at + 9] = 0;
    if (has === 1) putTime(i32, at + 10, decidedNs, rec.out.epoch);
    emit(rec, seq);
    return seq;
  }
  const isNew = op === OP_NEW;
  assert(isNew || op === OP_AMEND, 'FLOW-2', 'agents place, cancel and amend');
  const words = isNew ? 7 + has * 5 : 7 + has * 2;
  const kind = isNew ? Kind.NewOrder : Kind.AmendOrder;
  const at = place(rec, words);
  const i32 = begin(rec, at, headOf(words, kind, flags), names, timeNs);
  i32[at + 4] = i32[at + 5] = -1;
  put(i32, at + 6, f64[cell + 1]);
  put(i32, at + 8, f64[cell + 2]);
  put(i32, at + 10, f64[cell + 3]);
  i32[at + 13] = account;
  if (isNew) {
    i32[at + 12] = typeOf(code) | (tifOf(code) << 8) | (postOnlyOf(code) << 16) | (stpOf(code) << 24);
    if (has === 1) {
      putNone(i32, at + 14);
      putNone(i32, at + 16);
      i32[at + 18] = i32[at + 19] = 0;
      putNone(i32, at + 20);
      putTime(i32, at + 22, decidedNs, rec.out.epoch);
    }
  } else {
    i32[at + 12] = (qtyModeOf(code) || 2) | (postOnlyOf(code) << 8);
    if (has === 1) {
      putNone(i32, at + 14);
      putTime(i32, at + 16, decidedNs, rec.out.epoch);
    }
  }
  emit(rec, seq);
  return seq;
}

/** Which command a fact answers, when and by whom. */
export interface FactOrigin {
  timeNs: number;
  source: number;
  cause: number;
}

const COMMAND_KINDS = [0, Kind.NewOrder, Kind.CancelOrder, Kind.AmendOrder, Kind.AmendOrder, Kind.CancelAll];
const BASIS_MATCHED = 1;

/** Writes the fact of a report. */
export function recordFact(
  rec: Recorder,
  reports: ReportBuffer,
  k: number,
  origin: FactOrigin,
  isLast: boolean,
): void {
  const seq = rec.nextSeq;
  rec.nextSeq = seq + 1;
  if (rec.port === undefined) return;
  const { f64, u32 } = reports;
  const cell = k * REPORT_CELLS;
  const code = u32[cell * 2];
  const kind = code & 15;
  const flags = (code & SIDE_MASK) | (isLast ? FLAG_LAST : 0);
  const hasContra = f64[cell + 3] === NONE ? 0 : 1;
  const { timeNs, source, cause } = origin;
  const names = (code >>> INSTRUMENT_SHIFT) | (source << 16);
  const reason = (code >>> REASON_SHIFT) & 255;
  const account = u32[cell * 2 + 2];
  const more = u32[cell * 2 + 3];
  const words = kind === ACCEPTED ? 7 : kind === REJECTED ? 5 : kind === FILL ? 12 : 6 + hasContra;
  const isAmended = kind === AMENDED;
  const size = isAmended ? 7 + hasContra * 2 : words;
  const at = place(rec, size);
  const i32 = begin(rec, at, headOf(size, 0x1f + kind, flags), names, timeNs);
  i32[at + 4] = cause;
  i32[at + 5] = Math.floor(cause / TWO_32);
  switch (kind) {
    case ACCEPTED:
      put(i32, at + 6, f64[cell + 2]);
      putPrice(i32, at + 8, reports, cell);
      put(i32, at + 10, f64[cell + 6]);
      i32[at + 12] = account;
      i32[at + 13] = more;
      break;
    case REJECTED:
      put(i32, at + 6, f64[cell + 2]);
      i32[at + 8] = COMMAND_KINDS[more] | (1 << 8) | (reason << 16);
      i32[at + 9] = account;
      break;
    case FILL:
      putFill(i32, at, reports, cell);
      break;
    case CANCELED:
      put(i32, at + 6, f64[cell + 2]);
      put(i32, at + 8, f64[cell + 5]);
      i32[at + 10] = reason;
      i32[at + 11] = account;
      if (hasContra === 1) put(i32, at + 12, f64[cell + 3]);
      break;
    default:
      assert(isAmended, 'FLOW-2', 'agents place, cancel and amend');
      put(i32, at + 6, f64[cell + 2]);
      putPrice(i32, at + 8, reports, cell);
      put(i32, at + 10, f64[cell + 6]);
      i32[at + 12] = reason | ((code & PRIORITY_KEPT) === 0 ? 0 : 1 << 16);
      i32[at + 13] = account;
      if (hasContra === 1) {
        putNone(i32, at + 14);
        put(i32, at + 16, f64[cell + 3]);
      }
  }
  emit(rec, seq);
}

function putPrice(i32: Int32Array, i: number, reports: ReportBuffer, cell: number): void {
  if ((reports.u32[cell * 2] & PRICED) === 0) putNone(i32, i);
  else put(i32, i, reports.i32[cell * 2 + 1]);
}

function putFill(i32: Int32Array, at: number, reports: ReportBuffer, cell: number): void {
  const { f64, u32 } = reports;
  put(i32, at + 6, f64[cell + 4]);
  putPrice(i32, at + 8, reports, cell);
  put(i32, at + 10, f64[cell + 5]);
  put(i32, at + 12, f64[cell + 2]);
  put(i32, at + 14, f64[cell + 3]);
  put(i32, at + 16, f64[cell + 6]);
  put(i32, at + 18, f64[cell + 7]);
  i32[at + 20] = u32[cell * 2 + 2];
  i32[at + 21] = u32[cell * 2 + 3];
  i32[at + 22] = BASIS_MATCHED << 16;
  i32[at + 23] = 0;
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
    port.write(out, 0, seq);
  }
  return seq;
}
