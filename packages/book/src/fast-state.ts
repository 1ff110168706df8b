/** What a fast book is made of, and how it writes its reports. */
import { NONE } from '@truetape/contracts';
import { AMENDED, CANCELED, PRICED, PRIORITY_KEPT, REASON_SHIFT, REJECTED, SIDE_SHIFT } from './report.ts';
import { growReports, REPORT_CELLS, type ReportBuffer } from './report.ts';
import { CELLS_F, CELLS_I, L_PRICE, L_SIDE, O_ID, O_LEVEL, O_OWNER, type Store } from './store-pool.ts';

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

/** Traits of a resting order in a byte. */
export const traitsOf = (stp: number, postOnly: number): number => stp | (postOnly << 3);
export const stpOfTraits = (traits: number): number => traits & 7;
export const postOnlyOfTraits = (traits: number): number => traits >>> 3;

/** The place of one more report. */
export function nextReport(out: ReportBuffer): number {
  if (out.count === out.capacity) growReports(out);
  const at = out.count * REPORT_CELLS;
  out.count += 1;
  return at;
}

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
  const at = nextReport(out);
  const { f64, i32 } = out;
  i32[at * 2] = code;
  i32[at * 2 + 1] = priceTicks;
  i32[at * 2 + 2] = owner;
  i32[at * 2 + 3] = more;
  f64[at + 2] = ids[idAt] + 0;
  f64[at + 3] = NONE;
  f64[at + 4] = NONE;
  f64[at + 5] = 0;
  f64[at + 6] = 0;
  f64[at + 7] = 0;
  return at;
}

/** Appends canceled for a resting order, with the quantity in place; returns its first cell. */
export function putCanceled(state: FastState, slot: number, reason: number, out: ReportBuffer): number {
  const at = putResting(state, slot, CANCELED | (reason << REASON_SHIFT), out);
  out.f64[at + 5] = state.store.of[slot * CELLS_F + 1];
  return at;
}

/** Appends amended for a resting order, with what is in place; returns its first cell. */
export function putAmended(state: FastState, slot: number, reason: number, out: ReportBuffer): number {
  const at = putResting(state, slot, AMENDED | PRIORITY_KEPT | (reason << REASON_SHIFT), out);
  out.f64[at + 6] = state.store.of[slot * CELLS_F + 1];
  return at;
}

function putResting(state: FastState, slot: number, code: number, out: ReportBuffer): number {
  const { oi, li, of } = state.store;
  const level = oi[slot * CELLS_I + O_LEVEL] * CELLS_I;
  const whole = code | PRICED | (li[level + L_SIDE] << SIDE_SHIFT) | state.instrumentBits;
  const owner = oi[slot * CELLS_I + O_OWNER];
  return putReport(out, whole, li[level + L_PRICE], owner, 0, of, slot * CELLS_F + O_ID);
}

/** Appends rejected, for a command in its cells; returns its first cell. */
export function putRejected(
  state: FastState,
  f64: Float64Array,
  cell: number,
  code: number,
  owner: number,
  reason: number,
  out: ReportBuffer,
): number {
  const side = (code >>> SIDE_SHIFT) & 3;
  const bits = REJECTED | (side << SIDE_SHIFT) | (reason << REASON_SHIFT) | state.instrumentBits;
  return putReport(out, bits, 0, owner, code & 15, f64, cell + 1);
}
