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

/** An `n`. Each has one way to stand in a record, so that equal numbers are equal words. */
function numberAt({ i32, u32 }: RecordBuffer, i: number): number {
  return i32[i + 1] * TWO_32 + u32[i];
}

function isPrice(records: RecordBuffer, i: number, reports: ReportBuffer, cell: number): boolean {
  const ticks = (reports.u32[cell * 2] & PRICED) === 0 ? ABSENT : reports.i32[cell * 2 + 1];
  return numberAt(records, i) === ticks;
}

/** What `putFact` writes first, by its size in words. */
function isHead(
  records: RecordBuffer,
  i: number,
  words: number,
  kind: number,
  code: number,
  flags: number,
): boolean {
  return records.i32[i] === (words | (kind << 16) | (((code & SIDE_BITS) | flags) << 24));
}

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
  const { f64 } = reports;
  const cell = k * REPORT_CELLS;
  const code = reports.u32[cell * 2];
  if (i32[i + 1] !== ((code >>> INSTRUMENT_SHIFT) | (source << 16))) return false;
  if (u32[i + 5] * TWO_32 + u32[i + 4] !== cause) return false;
  const kind = code & 15;
  if (kind === ACCEPTED)
    return (
      isHead(records, i, 7, FACT_KINDS + ACCEPTED, code, flags) &&
      numberAt(records, i + 6) === f64[cell + 2] &&
      isPrice(records, i + 8, reports, cell) &&
      numberAt(records, i + 10) === f64[cell + 6] &&
      i32[i + 12] === reports.i32[cell * 2 + 2] &&
      i32[i + 13] === reports.i32[cell * 2 + 3]
    );
  if (kind === FILL)
    return (
      isHead(records, i, 12, FACT_KINDS + FILL, code, flags) &&
      numberAt(records, i + 6) === f64[cell + 4] &&
      isPrice(records, i + 8, reports, cell) &&
      numberAt(records, i + 10) === f64[cell + 5] &&
      numberAt(records, i + 12) === f64[cell + 2] &&
      numberAt(records, i + 14) === f64[cell + 3] &&
      numberAt(records, i + 16) === f64[cell + 6] &&
      numberAt(records, i + 18) === f64[cell + 7] &&
      i32[i + 20] === reports.i32[cell * 2 + 2] &&
      i32[i + 21] === reports.i32[cell * 2 + 3] &&
      i32[i + 22] === BASIS_MATCHED &&
      i32[i + 23] === 0
    );
  if (kind === CANCELED) {
    const hasContra = f64[cell + 3] === ABSENT ? 0 : 1;
    return (
      isHead(records, i, 6 + hasContra, FACT_KINDS + CANCELED, code, flags) &&
      numberAt(records, i + 6) === f64[cell + 2] &&
      numberAt(records, i + 8) === f64[cell + 5] &&
      i32[i + 10] === ((code >>> REASON_SHIFT) & 255) &&
      i32[i + 11] === reports.i32[cell * 2 + 2] &&
      (hasContra === 0 || numberAt(records, i + 12) === f64[cell + 3])
    );
  }
  return isRareFact(records, i, reports, cell, code, flags);
}

function isRareFact(
  records: RecordBuffer,
  i: number,
  reports: ReportBuffer,
  cell: number,
  code: number,
  flags: number,
): boolean {
  const { i32 } = records;
  const { f64 } = reports;
  const kind = code & 15;
  const reason = (code >>> REASON_SHIFT) & 255;
  if (kind === REJECTED) {
    const op = reports.u32[cell * 2 + 3];
    const command = NEW_ORDER + op - (op > AMEND_OP ? 2 : 1);
    return (
      isHead(records, i, 5, FACT_KINDS + REJECTED, code, flags) &&
      numberAt(records, i + 6) === f64[cell + 2] &&
      i32[i + 8] === (command | BY_VENUE | (reason << 16)) &&
      i32[i + 9] === reports.i32[cell * 2 + 2]
    );
  }
  if (kind === AMENDED) {
    const hasContra = f64[cell + 3] === ABSENT ? 0 : 1;
    return (
      isHead(records, i, 7 + hasContra * 2, FACT_KINDS + AMENDED, code, flags) &&
      numberAt(records, i + 6) === f64[cell + 2] &&
      isPrice(records, i + 8, reports, cell) &&
      numberAt(records, i + 10) === f64[cell + 6] &&
      i32[i + 12] === (reason | ((code & PRIORITY_KEPT) === 0 ? 0 : 1 << 16)) &&
      i32[i + 13] === reports.i32[cell * 2 + 2] &&
      (hasContra === 0 ||
        (numberAt(records, i + 14) === ABSENT && numberAt(records, i + 16) === f64[cell + 3]))
    );
  }
  return isHead(records, i, 4, ALL_DONE, code, flags) && i32[i + 6] === f64[cell + 5] && i32[i + 7] === 0;
}
