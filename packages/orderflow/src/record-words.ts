/**
 * Records straight from cells: no event object on the path of a command. What is written is what `commandEvent` (with
 * the time of the decision) and `reportEvent` say, to the byte.
 */
import {
  ACCEPTED,
  AMENDED,
  CANCELED,
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
import { FLAG_LAST, Kind, NONE, SIDE_MASK, TWO_32 } from '@truetape/contracts';
import type { Epoch } from '@truetape/contracts';
import { assert } from '@truetape/kernel';

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

const headOf = (words: number, kind: number, flags: number): number => words | (kind << 16) | (flags << 24);

/** Writes the record of a command, the first of the buffer, from a half word on. Returns the one behind it. */
export function putCommand(
  i32: Int32Array,
  at: number,
  { f64, u32 }: CommandBuffer,
  timeNs: number,
  epoch: Epoch,
): number {
  const code = u32[0];
  const op = opOf(code);
  assert(op === OP_NEW || op === OP_CANCEL || op === OP_AMEND, 'FLOW-2', 'agents place, cancel and amend');
  const flags = FLAG_LAST | (sideOf(code) << 4);
  const decidedNs = f64[7];
  const has = decidedNs === NONE ? 0 : 1;
  i32[at + 1] = u32[10] | (u32[11] << 16);
  putTime(i32, at + 2, timeNs, epoch);
  i32[at + 4] = i32[at + 5] = -1;
  put(i32, at + 6, f64[1]);
  if (op === OP_CANCEL) {
    i32[at] = headOf(5 + has, Kind.CancelOrder, flags);
    i32[at + 8] = u32[1];
    i32[at + 9] = 0;
    if (has === 1) putTime(i32, at + 10, decidedNs, epoch);
    return at + (5 + has) * 2;
  }
  put(i32, at + 8, f64[2]);
  put(i32, at + 10, f64[3]);
  i32[at + 13] = u32[1];
  if (op === OP_NEW) {
    i32[at] = headOf(7 + has * 5, Kind.NewOrder, flags);
    i32[at + 12] = typeOf(code) | (tifOf(code) << 8) | (postOnlyOf(code) << 16) | (stpOf(code) << 24);
    if (has === 0) return at + 14;
    putNone(i32, at + 14);
    putNone(i32, at + 16);
    i32[at + 18] = i32[at + 19] = 0;
    putNone(i32, at + 20);
    putTime(i32, at + 22, decidedNs, epoch);
    return at + 24;
  }
  i32[at] = headOf(7 + has * 2, Kind.AmendOrder, flags);
  i32[at + 12] = (qtyModeOf(code) || 2) | (postOnlyOf(code) << 8);
  if (has === 0) return at + 14;
  putNone(i32, at + 14);
  putTime(i32, at + 16, decidedNs, epoch);
  return at + 18;
}

const COMMAND_KINDS = [0, Kind.NewOrder, Kind.CancelOrder, Kind.AmendOrder, Kind.AmendOrder, Kind.CancelAll];
const BASIS_MATCHED = 1;

/** Writes the fact of a report from a half word on, but for its time. Returns the half word behind it. */
export function putFact(
  i32: Int32Array,
  at: number,
  reports: ReportBuffer,
  k: number,
  source: number,
  cause: number,
  isLast: boolean,
): number {
  const { f64, u32 } = reports;
  const cell = k * REPORT_CELLS;
  const code = u32[cell * 2];
  const kind = code & 15;
  const flags = (code & SIDE_MASK) | (isLast ? FLAG_LAST : 0);
  const hasContra = f64[cell + 3] === NONE ? 0 : 1;
  const reason = (code >>> REASON_SHIFT) & 255;
  const account = u32[cell * 2 + 2];
  const more = u32[cell * 2 + 3];
  const size = wordsOf(kind, hasContra);
  i32[at] = headOf(size, 0x1f + kind, flags);
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
      assert(kind === AMENDED, 'FLOW-2', 'agents place, cancel and amend');
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
  return at + size * 2;
}

function wordsOf(kind: number, hasContra: number): number {
  if (kind === FILL) return 12;
  if (kind === AMENDED) return 7 + hasContra * 2;
  if (kind === REJECTED) return 5;
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
