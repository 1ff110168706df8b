/** How the reference book writes its reports, one field after another. */
import { NONE } from '@truetape/contracts';
import type { Asked } from './asked.ts';
import type { Incoming, State } from './reference-sides.ts';
import * as R from './report.ts';

/** What a report says; an absent id is written as NONE, anything else absent as 0. */
export interface Said {
  readonly kind: number;
  readonly reason?: number;
  readonly side: number;
  readonly priceTicks?: number;
  readonly kept?: boolean;
  readonly owner: number;
  readonly more?: number;
  readonly orderId?: number;
  readonly contraId?: number;
  readonly tradeId?: number;
  readonly qtyLots?: number;
  readonly leavesLots?: number;
  readonly takerLeaves?: number;
}

/** Appends a report. */
export function writeReport(out: R.ReportBuffer, instrument: number, said: Said): void {
  if (out.count === out.capacity) R.growReports(out);
  const { f64, i32, u32 } = out;
  const cell = out.count * R.REPORT_CELLS;
  const priced = said.priceTicks !== undefined && said.priceTicks !== NONE;
  u32[cell * 2] =
    said.kind |
    (said.side << R.SIDE_SHIFT) |
    (priced ? R.PRICED : 0) |
    (said.kept === true ? R.PRIORITY_KEPT : 0) |
    ((said.reason ?? 0) << R.REASON_SHIFT) |
    (instrument << R.INSTRUMENT_SHIFT);
  i32[cell * 2 + 1] = priced ? (said.priceTicks ?? 0) : 0;
  u32[cell * 2 + 2] = said.owner;
  u32[cell * 2 + 3] = said.more ?? 0;
  f64[cell + 2] = said.orderId ?? NONE;
  f64[cell + 3] = said.contraId ?? NONE;
  f64[cell + 4] = said.tradeId ?? NONE;
  f64[cell + 5] = said.qtyLots ?? 0;
  f64[cell + 6] = said.leavesLots ?? 0;
  f64[cell + 7] = said.takerLeaves ?? 0;
  out.count++;
}

export function writeRejected(
  state: State,
  asked: Asked,
  reason: number,
  leavesLots: number,
  out: R.ReportBuffer,
): void {
  const { op: more, side, owner, orderId } = asked;
  writeReport(out, state.instrument, { kind: R.REJECTED, reason, more, side, owner, orderId, leavesLots });
}

/** The end of an order, with what was left of it. */
export function writeCanceled(
  state: State,
  order: Incoming,
  reason: number,
  out: R.ReportBuffer,
  contraId: number = NONE,
): void {
  const { side, priceTicks, owner, orderId, leavesLots: qtyLots } = order;
  writeReport(out, state.instrument, {
    kind: R.CANCELED,
    reason,
    side,
    priceTicks,
    owner,
    orderId,
    contraId,
    qtyLots,
  });
}

export function writeAmended(
  state: State,
  order: Incoming,
  how: { readonly reason: number; readonly kept: boolean; readonly contraId?: number },
  out: R.ReportBuffer,
): void {
  const { side, priceTicks, owner, orderId, leavesLots } = order;
  writeReport(out, state.instrument, {
    kind: R.AMENDED,
    ...how,
    side,
    priceTicks,
    owner,
    orderId,
    leavesLots,
  });
}
