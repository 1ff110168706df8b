/**
 * Facts of a tape against reports: a checked record is held against what a report says, word by word, without writing
 * the fact that is expected. It is the one that `putFact` would write, or it is not.
 */
import { Kind, NONE, SIDE_MASK } from '@truetape/contracts';
import type { RecordBuffer } from '@truetape/contracts';
import * as R from './report.ts';
import type { ReportBuffer } from './report.ts';

// Bound here, see store.ts.
const { ACCEPTED, AMENDED, CANCELED, FILL, REJECTED, REPORT_CELLS } = R;
const { INSTRUMENT_SHIFT, PRICED, PRIORITY_KEPT, REASON_SHIFT } = R;
const ABSENT = NONE;
const SIDE_BITS = SIDE_MASK;
const TWO_32 = 4_294_967_296;
/** Kinds of facts by kind of report: the first is Accepted, and only the last stands elsewhere. */
const FACT_KINDS = Kind.Accepted - ACCEPTED;
const ALL_DONE = Kind.CancelAllDone;
const NEW_ORDER = Kind.NewOrder;
const BY_VENUE = 1 << 8;
const BASIS_MATCHED = 1 << 16;
/** What `op` is behind a command's kind: amend and reduce are one kind. */
const AMEND_OP = 3;

/**
 * An `n`. Each has one way to stand in a record, so that equal numbers are equal words. It takes the views themselves:
 * so short, it is inlined however often it is used.
 */
const nAt = (i32: Int32Array, u32: Uint32Array, i: number): number => i32[i + 1] * TWO_32 + u32[i];

/** What `putFact` writes first. */
const headOf = (words: number, kind: number, flags: number): number => words | (kind << 16) | (flags << 24);

/**
 * True when the checked record at half word `i` is the fact of report `k`, but for its time, which is the caller's:
 * with this source and cause, and with these flags besides its side.
 */
export function isFactOf(
  records: RecordBuffer,
  i: number,
  reports: ReportBuffer,
  k: number,
  source: number,
  cause: number,
  flags: number,
): boolean {
  const { i32, u32 } = records;
  const cell = k * REPORT_CELLS;
  const code = reports.u32[cell * 2];
  if (i32[i + 1] !== ((code >>> INSTRUMENT_SHIFT) | (source << 16))) return false;
  if (u32[i + 5] * TWO_32 + u32[i + 4] !== cause) return false;
  const all = (code & SIDE_BITS) | flags;
  switch (code & 15) {
    case ACCEPTED:
      return isAccepted(i32, u32, i, reports, cell, all);
    case FILL:
      return isFill(i32, u32, i, reports, cell, all);
    case CANCELED:
      return isCanceled(i32, u32, i, reports, cell, all);
    case AMENDED:
      return isAmended(i32, u32, i, reports, cell, all);
    case REJECTED:
      return isRejected(i32, u32, i, reports, cell, all);
    default:
      return i32[i] === headOf(4, ALL_DONE, all) && i32[i + 6] === reports.f64[cell + 5] && i32[i + 7] === 0;
  }
}

/** The price of a report, as a record has it. */
function priceOf(reports: ReportBuffer, cell: number): number {
  return (reports.u32[cell * 2] & PRICED) === 0 ? ABSENT : reports.i32[cell * 2 + 1];
}

function isAccepted(
  i32: Int32Array,
  u32: Uint32Array,
  i: number,
  reports: ReportBuffer,
  cell: number,
  flags: number,
): boolean {
  const { f64 } = reports;
  return (
    i32[i] === headOf(7, FACT_KINDS + ACCEPTED, flags) &&
    nAt(i32, u32, i + 6) === f64[cell + 2] &&
    nAt(i32, u32, i + 8) === priceOf(reports, cell) &&
    nAt(i32, u32, i + 10) === f64[cell + 6] &&
    i32[i + 12] === reports.i32[cell * 2 + 2] &&
    i32[i + 13] === reports.i32[cell * 2 + 3]
  );
}

function isFill(
  i32: Int32Array,
  u32: Uint32Array,
  i: number,
  reports: ReportBuffer,
  cell: number,
  flags: number,
): boolean {
  const { f64 } = reports;
  return (
    i32[i] === headOf(12, FACT_KINDS + FILL, flags) &&
    nAt(i32, u32, i + 6) === f64[cell + 4] &&
    nAt(i32, u32, i + 8) === priceOf(reports, cell) &&
    nAt(i32, u32, i + 10) === f64[cell + 5] &&
    nAt(i32, u32, i + 12) === f64[cell + 2] &&
    nAt(i32, u32, i + 14) === f64[cell + 3] &&
    nAt(i32, u32, i + 16) === f64[cell + 6] &&
    nAt(i32, u32, i + 18) === f64[cell + 7] &&
    i32[i + 20] === reports.i32[cell * 2 + 2] &&
    i32[i + 21] === reports.i32[cell * 2 + 3] &&
    i32[i + 22] === BASIS_MATCHED &&
    i32[i + 23] === 0
  );
}

function isCanceled(
  i32: Int32Array,
  u32: Uint32Array,
  i: number,
  reports: ReportBuffer,
  cell: number,
  flags: number,
): boolean {
  const { f64 } = reports;
  const contra = f64[cell + 3];
  return (
    i32[i] === headOf(contra === ABSENT ? 6 : 7, FACT_KINDS + CANCELED, flags) &&
    nAt(i32, u32, i + 6) === f64[cell + 2] &&
    nAt(i32, u32, i + 8) === f64[cell + 5] &&
    i32[i + 10] === ((reports.u32[cell * 2] >>> REASON_SHIFT) & 255) &&
    i32[i + 11] === reports.i32[cell * 2 + 2] &&
    (contra === ABSENT || nAt(i32, u32, i + 12) === contra)
  );
}

function isAmended(
  i32: Int32Array,
  u32: Uint32Array,
  i: number,
  reports: ReportBuffer,
  cell: number,
  flags: number,
): boolean {
  const { f64 } = reports;
  const contra = f64[cell + 3];
  const code = reports.u32[cell * 2];
  const kept = (code & PRIORITY_KEPT) === 0 ? 0 : 1 << 16;
  return (
    i32[i] === headOf(contra === ABSENT ? 7 : 9, FACT_KINDS + AMENDED, flags) &&
    nAt(i32, u32, i + 6) === f64[cell + 2] &&
    nAt(i32, u32, i + 8) === priceOf(reports, cell) &&
    nAt(i32, u32, i + 10) === f64[cell + 6] &&
    i32[i + 12] === (((code >>> REASON_SHIFT) & 255) | kept) &&
    i32[i + 13] === reports.i32[cell * 2 + 2] &&
    (contra === ABSENT || (nAt(i32, u32, i + 14) === ABSENT && nAt(i32, u32, i + 16) === contra))
  );
}

function isRejected(
  i32: Int32Array,
  u32: Uint32Array,
  i: number,
  reports: ReportBuffer,
  cell: number,
  flags: number,
): boolean {
  const op = reports.u32[cell * 2 + 3];
  const command = NEW_ORDER + op - (op > AMEND_OP ? 2 : 1);
  const reason = (reports.u32[cell * 2] >>> REASON_SHIFT) & 255;
  return (
    i32[i] === headOf(5, FACT_KINDS + REJECTED, flags) &&
    nAt(i32, u32, i + 6) === reports.f64[cell + 2] &&
    i32[i + 8] === (command | BY_VENUE | (reason << 16)) &&
    i32[i + 9] === reports.i32[cell * 2 + 2]
  );
}
