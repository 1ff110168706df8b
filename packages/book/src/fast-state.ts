/** What a fast book is made of, and how it writes its reports. */
import { NONE } from '@truetape/contracts';
import * as R from './report.ts';
import type { ReportBuffer } from './report.ts';
import * as P from './store-pool.ts';
import type { Store } from './store-pool.ts';

// Bound here, see store.ts.
const { AMENDED, CANCELED, growReports, PRICED, PRIORITY_KEPT, REASON_SHIFT, REJECTED, SIDE_SHIFT } = R;
const { L_PRICE, L_SIDE, LEVEL_MASK, O_LEAVES, O_LEVEL, O_OWNER } = P;
const ABSENT = NONE;

/** Cells of `work`: the incoming order's id, what is left of it, its whole quantity; what feasibility asks for. */
export const W_ID = 0;
export const W_LEFT = 1;
export const W_TOTAL = 2;
export const W_NEED = 3;
/** Trades so far. */
export const W_TRADES = 4;

export interface FastState {
  readonly store: Store;
  /** As it stands in a report's code. */
  readonly instrumentBits: number;
  /**
   * Numbers that outlive a function. A number above 2^31 that is passed or returned goes to the heap unless the
   * call is inlined; a cell never does.
   */
  readonly work: Float64Array;
}

/** Traits of a resting order: what it was given that a later command follows. */
export const traitsOf = (stp: number, postOnly: number): number => stp | (postOnly << 3);
export const stpOfTraits = (traits: number): number => traits & 7;
export const postOnlyOfTraits = (traits: number): number => traits >>> 3;

/** Appends a report without contra, trade and quantities, which the caller fills in; returns its first cell. */
export function putReport(
  out: ReportBuffer,
  code: number,
  priceTicks: number,
  owner: number,
  more: number,
  ids: Float64Array,
  idAt: number,
): number {
  if (out.count === out.capacity) growReports(out);
  const at = out.count << 3;
  out.count += 1;
  const { f64, i32 } = out;
  const words = at << 1;
  i32[words] = code;
  i32[words | 1] = priceTicks;
  i32[words | 2] = owner;
  i32[words | 3] = more;
  // `+ 0` makes 0 of −0.
  f64[at | 2] = ids[idAt] + 0;
  f64[at | 3] = ABSENT;
  f64[at | 4] = ABSENT;
  f64[at | 5] = 0;
  f64[at | 6] = 0;
  f64[at | 7] = 0;
  return at;
}

/** Appends canceled for a resting order, with the quantity in place; returns its first cell. */
export function putCanceled(state: FastState, slot: number, reason: number, out: ReportBuffer): number {
  const at = putResting(state, slot, CANCELED | (reason << REASON_SHIFT), out);
  out.f64[at | 5] = state.store.f64[(slot << 2) | O_LEAVES];
  return at;
}

/** Appends amended for a resting order that keeps its place, with what is there; returns its first cell. */
export function putAmended(state: FastState, slot: number, reason: number, out: ReportBuffer): number {
  const at = putResting(state, slot, AMENDED | PRIORITY_KEPT | (reason << REASON_SHIFT), out);
  out.f64[at | 6] = state.store.f64[(slot << 2) | O_LEAVES];
  return at;
}

function putResting(state: FastState, slot: number, code: number, out: ReportBuffer): number {
  const { i32, f64 } = state.store;
  const level = (i32[(slot << 3) | O_LEVEL] & LEVEL_MASK) << 3;
  const bits = code | PRICED | (i32[level | L_SIDE] << SIDE_SHIFT) | state.instrumentBits;
  return putReport(out, bits, i32[level | L_PRICE], i32[(slot << 3) | O_OWNER], 0, f64, slot << 2);
}

/** Appends rejected, for a command in its cells; returns its first cell. */
export function putRejected(
  state: FastState,
  cells: Float64Array,
  cell: number,
  code: number,
  owner: number,
  reason: number,
  out: ReportBuffer,
): number {
  const bits = REJECTED | (code & (3 << SIDE_SHIFT)) | (reason << REASON_SHIFT) | state.instrumentBits;
  return putReport(out, bits, 0, owner, code & 15, cells, cell | 1);
}
