// Hand-made tapes: events as records, given to a venue one by one.
import {
  BLANK,
  FLAG_LAST,
  FLAG_SNAPSHOT,
  NONE,
  SIDE_BUY,
  SIDE_SELL,
  UNIX_EPOCH,
  createRecordOut,
  encodeEvent,
  type Event,
} from '@truetape/contracts';
import { createTerms, type ContractTerms } from '@truetape/kernel';
import {
  createVenue,
  submit,
  takeRecord,
  type InstrumentConfig,
  type OwnReport,
  type Venue,
  type VenueConfig,
  type VenueOrder,
} from '@truetape/venue';

export const BUY = 1;
export const SELL = 2;
export const IOC = 2;
export const FOK = 3;
export const GTD = 4;

export function termsOf(kind = 'spot'): ContractTerms {
  const terms = createTerms({
    class: kind,
    priceStep: '0.01',
    qtyStep: '1',
    fineScale: 2,
    contractSize: '1',
    moneyScale: kind === 'inverse' ? 8 : 2,
  });
  if (!terms.ok) throw new Error(terms.error.field);
  return terms.value;
}

export function venueOf(more: Partial<VenueConfig> = {}, instrument: Partial<InstrumentConfig> = {}): Venue {
  const one = { index: 1, terms: termsOf(), feeAsset: 1, startsEmpty: true, ...instrument };
  return createVenue({ mode: 'replay', instruments: [one], ...more });
}

const AT = { instrument: 1, source: 1 };
const side = (of: number): number => (of === BUY ? SIDE_BUY : SIDE_SELL);

export const rests = (
  orderId: number,
  of: number,
  priceTicks: number,
  leavesLots: number,
  flags = FLAG_LAST,
): Event => ({
  ...BLANK.Accepted,
  ...AT,
  orderId,
  priceTicks,
  leavesLots,
  type: 1,
  tif: 1,
  flags: side(of) | flags,
});

export const shown = (
  orderId: number,
  of: number,
  priceTicks: number,
  leavesLots: number,
  flags = 0,
): Event => rests(orderId, of, priceTicks, leavesLots, FLAG_SNAPSHOT | flags);

export const gone = (orderId: number, reason = 1): Event => ({
  ...BLANK.Canceled,
  ...AT,
  orderId,
  reason,
  flags: FLAG_LAST,
});

export const changed = (orderId: number, leavesLots: number, priorityKept = 1, priceTicks = NONE): Event => ({
  ...BLANK.Amended,
  ...AT,
  orderId,
  leavesLots,
  priorityKept,
  priceTicks,
  reason: 1,
  flags: FLAG_LAST,
});

/** A match with a resting order; `of` is the aggressor's side. */
export const hits = (
  makerOrderId: number,
  of: number,
  priceTicks: number,
  qtyLots: number,
  more: { readonly takerOrderId?: number; readonly flags?: number; readonly condition?: number } = {},
): Event => ({
  ...BLANK.Fill,
  ...AT,
  makerOrderId,
  priceTicks,
  qtyLots,
  tradeId: 7,
  takerOrderId: more.takerOrderId ?? NONE,
  condition: more.condition ?? 0,
  flags: side(of) | (more.flags ?? FLAG_LAST),
});

export const reset = (bids: number, asks: number): Event => ({ ...BLANK.BookReset, ...AT, bids, asks });
/** Status of trading at the venue, as its code. */
export const trading = (status: number): Event => ({
  ...BLANK.TradingStatus,
  instrument: 1,
  source: 1,
  status,
  flags: FLAG_LAST,
});
export const feedStatus = (status: number): Event => ({
  ...BLANK.FeedStatus,
  ...AT,
  status,
  flags: FLAG_LAST,
});

/** A level of a depth message that it is all of. */
export const level = (of: number, priceTicks: number, qtyLots: number, flags = FLAG_LAST): Event => ({
  ...BLANK.Level,
  ...AT,
  priceTicks,
  qtyLots,
  flags: side(of) | flags,
});

export const shownLevel = (of: number, priceTicks: number, qtyLots: number, isLast = 0): Event =>
  level(of, priceTicks, qtyLots, FLAG_SNAPSHOT | isLast);

/** A trade as published; `of` is the aggressor's side, 0 unknown. */
export const print = (of: number, priceTicks: number, qtyLots: number, condition = 1): Event => ({
  ...BLANK.Trade,
  ...AT,
  priceTicks,
  qtyLots,
  tradeId: 5,
  condition,
  flags: (of === 0 ? 0 : side(of)) | FLAG_LAST,
});

export const update = (levels: number, lastUpdateId = NONE, flags = 0): Event => ({
  ...BLANK.BookUpdate,
  ...AT,
  levels,
  lastUpdateId,
  flags,
});

export const quote = (
  [bidTicks, bidLots]: readonly [number, number],
  [askTicks, askLots]: readonly [number, number],
  updateId = NONE,
): Event => ({ ...BLANK.Quote, ...AT, bidTicks, bidLots, askTicks, askLots, updateId, flags: FLAG_LAST });

let seqOf = 0;

/** Gives events to a venue, at a time each, 1,000 ns apart from `timeNs` on. */
export function tell(venue: Venue, ...events: readonly Event[]): void {
  for (const event of events) {
    const out = createRecordOut(UNIX_EPOCH);
    const fault = encodeEvent(out, event);
    if (fault !== 0) throw new Error(`no record: ${out.fault ?? fault}`);
    takeRecord(venue, out, 0, event.timeNs, ++seqOf, 0);
  }
}

/** A limit order, unless `more` says otherwise. */
export function order(
  orderId: number,
  of: number,
  priceTicks: number,
  qtyLots: number,
  more: Partial<VenueOrder> = {},
): VenueOrder {
  return { instrument: 1, orderId, side: of, type: 1, tif: 1, priceTicks, qtyLots, postOnly: 0, ...more };
}

export function place(venue: Venue, ...orders: readonly VenueOrder[]): string[] {
  for (const one of orders) submit(venue, one, 0);
  return drain(venue);
}

const BASES = [
  '',
  'matched',
  'tradeThrough',
  'queueExact',
  'queueRiskAverse',
  'queueProbPower',
  'queueProbLog',
  'ideal',
  'bookWalk',
];
const ahead = (lots: number): string => (lots === NONE ? '' : ` ahead ${lots}`);

/** What was said of own orders since the last time, a line each. */
export function drain(venue: Venue): string[] {
  const lines = venue.reports.map((report) => lineOf(report));
  venue.reports.length = 0;
  return lines;
}

function lineOf(r: OwnReport): string {
  switch (r.kind) {
    case 'accepted':
      return `${r.orderId} accepted${r.priceTicks === NONE ? '' : ` @${r.priceTicks}`}${ahead(r.aheadLots)}`;
    case 'fill':
      return `${r.orderId} fill ${r.qtyLots}@${r.priceTicks} ${['', 'maker', 'taker'][r.liquidity]} ${BASES[r.basis]} leaves ${r.leavesLots}`;
    case 'rejected':
      return `${r.orderId} rejected ${r.code}`;
    case 'canceled':
    case 'expired':
      return `${r.orderId} ${r.kind} ${r.qtyLots} reason ${r.code}`;
    case 'amended':
      return `${r.orderId} amended ${r.leavesLots}@${r.priceTicks}${r.priorityKept === 1 ? ' kept' : ''}${ahead(r.aheadLots)}`;
  }
}
