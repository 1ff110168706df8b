/**
 * Records straight from cells, and cells straight from records: no event object on the path of a command. What is
 * written is what `encodeEvent` makes of `commandEvent` and `reportEvent`, to the byte; what is read is what
 * `commandOfEvent` makes of the event.
 */
import { FLAG_LAST, Kind, NONE, N_MAX, SIDE_MASK } from '@truetape/contracts';
import type { Epoch } from '@truetape/contracts';
import { assert } from '@truetape/kernel';
import * as C from './command.ts';
import type { CommandBuffer } from './command.ts';
import * as R from './report.ts';
import type { ReportBuffer } from './report.ts';

// Bound here, see store.ts.
const { COMMAND_CELLS, OP_AMEND, OP_CANCEL, OP_CANCEL_ALL, OP_NEW, OP_REDUCE } = C;
const { isForEveryone, opOf, postOnlyOf, qtyModeOf, sideOf, stpOf, tifOf, typeOf } = C;
const { ACCEPTED, AMENDED, CANCELED, CANCEL_ALL_DONE, FILL, REJECTED } = R;
const { REPORT_CELLS, INSTRUMENT_SHIFT, PRICED, PRIORITY_KEPT, REASON_SHIFT } = R;
const ABSENT = NONE;
const LAST = FLAG_LAST;
const SIDE_BITS = SIDE_MASK;
const TWO_32 = 4_294_967_296;
const NONE_HI = NONE / TWO_32;

/** Half words of the largest record that is written here: a fill, or a new order with the time of its decision. */
export const RECORD_HALVES_MAX = 24;

/** Code of `reduceBy` in the vocabulary `qtyMode`. */
const REDUCE_BY = 3;
const SIDE_SHIFT_OF_FLAGS = 4;
/** Stand-ins for what no record can hold, see `commandEvent`. */
const QTY_STAND_IN = 0;
const PRICE_STAND_IN = N_MAX;
const MIN_QTY_STAND_IN = -1;

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

/** An `n` that a command asks for, or what stands for it where no record can hold it. */
function putAsked(i32: Int32Array, i: number, value: number, standIn: number): void {
  if ((value | 0) === value) {
    i32[i] = value;
    i32[i + 1] = value >> 31;
  } else put(i32, i, value === ABSENT || Number.isSafeInteger(value) ? value : standIn);
}

/** A `t`: ns since the epoch. */
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

const headOf = (words: number, kind: number, flags: number): number => words | (kind << 16) | (flags << 24);

/**
 * Writes the record of command `k` from a half word on: at a time, with the one of its decision (NONE: none) and with
 * flags besides its side and LAST. Returns the half word behind it.
 *
 * Errors: `BOOK-80` for a command that is none.
 */
export function putCommand(
  i32: Int32Array,
  at: number,
  commands: CommandBuffer,
  k: number,
  timeNs: number,
  decidedNs: number,
  flags: number,
  epoch: Epoch,
): number {
  const { f64, u32 } = commands;
  const cell = k * COMMAND_CELLS;
  const code = u32[cell * 2];
  const op = opOf(code);
  const allFlags = LAST | flags | (sideOf(code) << SIDE_SHIFT_OF_FLAGS);
  const has = decidedNs === ABSENT ? 0 : 1;
  i32[at + 1] = u32[cell * 2 + 10] | (u32[cell * 2 + 11] << 16);
  putTime(i32, at + 2, timeNs, epoch);
  i32[at + 4] = i32[at + 5] = -1;
  switch (op) {
    case OP_NEW:
      i32[at + 13] = u32[cell * 2 + 1];
      return putNew(i32, at, f64, cell, code, decidedNs, allFlags, epoch);
    case OP_CANCEL:
      i32[at] = headOf(5 + has, Kind.CancelOrder, allFlags);
      put(i32, at + 6, f64[cell + 1]);
      i32[at + 8] = u32[cell * 2 + 1];
      i32[at + 9] = 0;
      if (has === 1) putTime(i32, at + 10, decidedNs, epoch);
      return at + (5 + has) * 2;
    case OP_CANCEL_ALL:
      i32[at] = headOf(4 + has, Kind.CancelAll, allFlags);
      i32[at + 6] = u32[cell * 2 + 1];
      i32[at + 7] = isForEveryone(code) ? 1 : 0;
      if (has === 1) putTime(i32, at + 8, decidedNs, epoch);
      return at + (4 + has) * 2;
    default:
      break;
  }
  assert(op === OP_AMEND || op === OP_REDUCE, 'BOOK-80', 'an operation of a book');
  i32[at] = headOf(7 + has * 2, Kind.AmendOrder, allFlags);
  put(i32, at + 6, f64[cell + 1]);
  if (op === OP_REDUCE) {
    putNone(i32, at + 8);
    i32[at + 12] = REDUCE_BY;
  } else {
    putAsked(i32, at + 8, f64[cell + 2], PRICE_STAND_IN);
    i32[at + 12] = (qtyModeOf(code) || C.QTY_REMAINING) | (postOnlyOf(code) << 8);
  }
  putAsked(i32, at + 10, f64[cell + 3], QTY_STAND_IN);
  i32[at + 13] = u32[cell * 2 + 1];
  if (has === 0) return at + 14;
  putNone(i32, at + 14);
  putTime(i32, at + 16, decidedNs, epoch);
  return at + 18;
}

/** The part of a new order's record that others do not have. */
function putNew(
  i32: Int32Array,
  at: number,
  f64: Float64Array,
  cell: number,
  code: number,
  decidedNs: number,
  flags: number,
  epoch: Epoch,
): number {
  const qtyLots = f64[cell + 3];
  const minQtyLots = f64[cell + 4];
  put(i32, at + 6, f64[cell + 1]);
  putAsked(i32, at + 8, f64[cell + 2], PRICE_STAND_IN);
  putAsked(i32, at + 10, qtyLots === ABSENT ? QTY_STAND_IN : qtyLots, QTY_STAND_IN);
  i32[at + 12] = typeOf(code) | (tifOf(code) << 8) | (postOnlyOf(code) << 16) | (stpOf(code) << 24);
  const hasDecided = decidedNs !== ABSENT;
  if (minQtyLots === 0 && !hasDecided) {
    i32[at] = headOf(7, Kind.NewOrder, flags);
    return at + 14;
  }
  putNone(i32, at + 14);
  if (minQtyLots === 0) putNone(i32, at + 16);
  else put(i32, at + 16, Number.isSafeInteger(minQtyLots) ? minQtyLots : MIN_QTY_STAND_IN);
  if (!hasDecided) {
    i32[at] = headOf(9, Kind.NewOrder, flags);
    return at + 18;
  }
  i32[at] = headOf(12, Kind.NewOrder, flags);
  i32[at + 18] = i32[at + 19] = 0;
  putNone(i32, at + 20);
  putTime(i32, at + 22, decidedNs, epoch);
  return at + 24;
}

const COMMAND_KINDS = [0, Kind.NewOrder, Kind.CancelOrder, Kind.AmendOrder, Kind.AmendOrder, Kind.CancelAll];
const BY_VENUE = 1;
const BASIS_MATCHED = 1;

/**
 * Writes the fact of report `k` from a half word on, but for its time, with flags besides its side. Returns the half
 * word behind it. Errors: `BOOK-80` for a report that is none.
 */
export function putFact(
  i32: Int32Array,
  at: number,
  reports: ReportBuffer,
  k: number,
  source: number,
  cause: number,
  flags: number,
): number {
  const { f64, u32 } = reports;
  const cell = k * REPORT_CELLS;
  const code = u32[cell * 2];
  const kind = code & 15;
  const hasContra = f64[cell + 3] === ABSENT ? 0 : 1;
  const reason = (code >>> REASON_SHIFT) & 255;
  const account = u32[cell * 2 + 2];
  const more = u32[cell * 2 + 3];
  const size = factWords(kind, hasContra);
  i32[at] = headOf(size, FACT_KINDS + kind, (code & SIDE_BITS) | flags);
  i32[at + 1] = (code >>> INSTRUMENT_SHIFT) | (source << 16);
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
      i32[at + 8] = COMMAND_KINDS[more] | (BY_VENUE << 8) | (reason << 16);
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
    case AMENDED:
      put(i32, at + 6, f64[cell + 2]);
      putPrice(i32, at + 8, reports, cell);
      put(i32, at + 10, f64[cell + 6]);
      i32[at + 12] = reason | ((code & PRIORITY_KEPT) === 0 ? 0 : 1 << 16);
      i32[at + 13] = account;
      if (hasContra === 1) {
        putNone(i32, at + 14);
        put(i32, at + 16, f64[cell + 3]);
      }
      break;
    default:
      assert(kind === CANCEL_ALL_DONE, 'BOOK-80', 'a report of a book');
      i32[at] = headOf(size, Kind.CancelAllDone, (code & SIDE_BITS) | flags);
      i32[at + 6] = f64[cell + 5];
      i32[at + 7] = 0;
  }
  return at + size * 2;
}

/** Kinds of facts by kind of report: the first is Accepted, and only the last stands elsewhere. */
const FACT_KINDS = Kind.Accepted - ACCEPTED;

function factWords(kind: number, hasContra: number): number {
  if (kind === FILL) return 12;
  if (kind === AMENDED) return 7 + hasContra * 2;
  if (kind === REJECTED) return 5;
  if (kind === CANCEL_ALL_DONE) return 4;
  return kind === ACCEPTED ? 7 : 6 + hasContra;
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
