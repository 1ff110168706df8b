/** What is said of own orders; fills, and the end of an order. */
import { NONE } from '@truetape/contracts';
import { assert } from '@truetape/kernel';
import { takeFee } from './fees.ts';
import type { InstrumentState } from './instrument.ts';
import { BUY, leaveOwn } from './own.ts';
import type { OwnOrder } from './own.ts';
import type { Fee, OwnReport, Venue } from './venue.ts';

export const MAKER = 1;
export const TAKER = 2;

/** Codes of the vocabulary `basis`. */
export const BASIS_MATCHED = 1;
export const BASIS_THROUGH = 2;
export const BASIS_QUEUE_EXACT = 3;
export const BASIS_IDEAL = 7;
export const BASIS_WALK = 8;

type Mutable = { -readonly [Key in keyof OwnReport]: OwnReport[Key] };

/** A report of an order as it is now; the caller sets what is particular. */
export function tell(venue: Venue, kind: OwnReport['kind'], order: OwnOrder, timeNs: number): Mutable {
  const report: Mutable = {
    kind,
    timeNs,
    instrument: order.instrument,
    orderId: order.orderId,
    side: order.side,
    priceTicks: order.priceTicks,
    qtyLots: 0,
    leavesLots: order.leavesLots,
    cumLots: order.cumLots,
    code: 0,
    command: 0,
    priorityKept: 0,
    liquidity: 0,
    basis: 0,
    tradeId: NONE,
    touchTicks: NONE,
    bookTicks: NONE,
    aheadLots: order.rests ? order.aheadLots : NONE,
    fee: undefined,
    causeTape: venue.causeTape,
    causeSeq: venue.causeSeq,
  };
  venue.reports.push(report);
  venue.isReduceStale = venue.hasReduceOnly;
  return report;
}

/** A refusal of a command that names an order, which may be unknown. */
export function tellRejected(
  venue: Venue,
  asked: { readonly orderId: number; readonly instrument: number; readonly side: number },
  order: OwnOrder | undefined,
  refusal: { readonly command: number; readonly code: number },
  timeNs: number,
): void {
  venue.counts.rejects += 1;
  venue.reports.push({
    kind: 'rejected',
    timeNs,
    instrument: asked.instrument,
    orderId: asked.orderId,
    side: asked.side,
    priceTicks: order === undefined ? NONE : order.priceTicks,
    qtyLots: 0,
    leavesLots: order === undefined ? 0 : order.leavesLots,
    cumLots: order === undefined ? 0 : order.cumLots,
    code: refusal.code,
    command: refusal.command,
    priorityKept: 0,
    liquidity: 0,
    basis: 0,
    tradeId: NONE,
    touchTicks: NONE,
    bookTicks: NONE,
    aheadLots: order !== undefined && order.rests ? order.aheadLots : NONE,
    fee: undefined,
    causeTape: venue.causeTape,
    causeSeq: venue.causeSeq,
  });
}

export interface OwnFill {
  readonly priceTicks: number;
  readonly lots: number;
  readonly liquidity: number;
  readonly basis: number;
  /** Of a taker: the other side's best price when it came, and the price before slippage. */
  readonly touchTicks?: number;
  readonly bookTicks?: number;
}

/** Fills an own order, which ends where nothing is left of it. */
export function fillOwn(
  venue: Venue,
  ins: InstrumentState,
  order: OwnOrder,
  fill: OwnFill,
  timeNs: number,
): void {
  const { lots, priceTicks, liquidity, basis } = fill;
  assert(lots > 0 && lots <= order.leavesLots, 'VENUE-2', 'no fill beyond what is left of an own order');
  order.leavesLots -= lots;
  order.cumLots += lots;
  assert(
    order.cumLots + order.leavesLots === order.qtyLots,
    'VENUE-3',
    'executed and left make the whole quantity',
  );
  const signed = order.side === BUY ? lots : -lots;
  const adds = Math.abs(ins.positionLots + signed) > Math.abs(ins.positionLots);
  assert(!order.reduceOnly || !adds, 'VENUE-10', 'no fill of an order that only reduces adds to a position');
  ins.positionLots += signed;
  venue.trades += 1;
  venue.counts.fills += 1;
  const fee = basis === BASIS_IDEAL ? undefined : feeOf(ins, fill, timeNs);
  if (order.leavesLots === 0) endOwn(venue, ins, order);
  const report = tell(venue, 'fill', order, timeNs);
  report.priceTicks = priceTicks;
  report.qtyLots = lots;
  report.liquidity = liquidity;
  report.basis = basis;
  report.tradeId = venue.trades;
  report.touchTicks = fill.touchTicks ?? NONE;
  report.bookTicks = fill.bookTicks ?? NONE;
  report.fee = fee;
}

function feeOf(ins: InstrumentState, fill: OwnFill, timeNs: number): Fee | undefined {
  if (ins.fees === undefined) return undefined;
  const { priceTicks, lots } = fill;
  const isMaker = fill.liquidity === MAKER;
  const amount = takeFee(ins.fees, ins.config.terms, { priceTicks, qtyLots: lots, isMaker }, timeNs);
  return { asset: ins.config.feeAsset, amount };
}

/** Takes an own order out of the venue. */
export function endOwn(venue: Venue, ins: InstrumentState, order: OwnOrder): void {
  if (order.rests) {
    leaveOwn(ins.own[order.side - 1], order);
    ins.ownCount -= 1;
  }
  venue.exchange?.own.delete(order.placed);
  assert(venue.orders.delete(order.orderId), 'VENUE-4', 'an own order ends once');
}

/** Ends an order by cancellation, and says so. */
export function cancelOwn(
  venue: Venue,
  ins: InstrumentState,
  order: OwnOrder,
  reason: number,
  timeNs: number,
): void {
  const lots = order.leavesLots;
  endOwn(venue, ins, order);
  order.leavesLots = 0;
  const report = tell(venue, 'canceled', order, timeNs);
  report.qtyLots = lots;
  report.code = reason;
}
