/** Own commands as they arrive at the venue: new orders and cancellations. */
import { NONE } from '@truetape/contracts';
import { exchangeCancel, exchangeNew } from './exchange.ts';
import { isKnown, readTouch } from './instrument.ts';
import type { InstrumentState } from './instrument.ts';
import { executeIdeal } from './ideal.ts';
import { bestAvailable, offersOf, takeAt } from './liquidity.ts';
import type { Offer } from './liquidity.ts';
import { BUY, createOwn, isBetter, restOwn } from './own.ts';
import type { OwnOrder } from './own.ts';
import { aheadOf, placeInQueue } from './queue.ts';
import { BASIS_WALK, cancelOwn, fillOwn, TAKER, tell, tellRejected } from './reports.ts';
import { admittedLots, tellCut, trimReduceOnly } from './reduce-only.ts';
import { slippedTicks, takesOf } from './takes.ts';
import { isDown } from './outage.ts';
import type { CancelScope, Venue, VenueOrder } from './venue.ts';

/** Kinds of commands, and codes of the vocabularies `rejectCode`, `cancelReason`, `expireReason`. */
const NEW = 0x10;
const CANCEL = 0x11;
export const BAD_QTY = 1;
const BAD_PRICE = 2;
const UNKNOWN_INSTRUMENT = 3;
const DUPLICATE_ID = 4;
export const UNKNOWN_ORDER = 5;
export const WOULD_CROSS = 7;
const WOULD_NOT_FILL = 8;
export const NOT_READY = 12;
export const VENUE_DOWN = 13;
const INSUFFICIENT_BALANCE = 14;
const INSUFFICIENT_LIQUIDITY = 15;
const BAD_TICK = 16;
const BAD_LOT = 17;
export const REDUCE_ONLY = 19;
const REQUESTED = 1;
const IOC_REMAINDER = 2;
const MARKET_REMAINDER = 3;
const SELF_TRADE = 4;
const ALL = 5;
const TIME_IN_FORCE = 1;

const LIMIT = 1;
const MARKET = 2;
const IOC = 2;
const FOK = 3;
const POST_ONLY_SLIDE = 2;
const PRICE_MAX = 2_147_483_647;

/** A new own order arrives. What becomes of it stands in `venue.reports`. */
export function submit(venue: Venue, order: VenueOrder, timeNs: number): void {
  venue.causeSeq = NONE;
  const ins = venue.byInstrument[order.instrument];
  const code = isDown(venue)
    ? VENUE_DOWN
    : ins === undefined
      ? UNKNOWN_INSTRUMENT
      : refusalOf(venue, ins, order);
  if (ins === undefined || code !== 0) {
    tellRejected(venue, order, undefined, { command: NEW, code }, timeNs);
    return;
  }
  const qtyLots = admittedLots(ins, order);
  const placed = venue.exchange === undefined ? 0 : venue.exchange.placed + 1;
  const own = createOwn(qtyLots === order.qtyLots ? order : { ...order, qtyLots }, placed);
  const before = venue.reports.length;
  if (own.reduceOnly) venue.hasReduceOnly = true;
  if (own.expireNs <= timeNs) expireAtOnce(venue, own, timeNs);
  else if (venue.exchange !== undefined) exchangeNew(venue, ins, own, timeNs);
  else enter(venue, ins, own, timeNs);
  if (qtyLots !== order.qtyLots) tellCut(venue.reports, before, order.qtyLots);
  if (venue.orders.has(own.orderId)) venue.expireNs = Math.min(venue.expireNs, own.expireNs);
  if (venue.isReduceStale) trimReduceOnly(venue, timeNs);
}

/** An order that comes when its time is over trades with nobody. */
function expireAtOnce(venue: Venue, own: OwnOrder, timeNs: number): void {
  tell(venue, 'accepted', own, timeNs).qtyLots = own.qtyLots;
  own.leavesLots = 0;
  const expired = tell(venue, 'expired', own, timeNs);
  expired.qtyLots = own.qtyLots;
  expired.code = TIME_IN_FORCE;
}

/** Why an order is refused before the book is looked at; 0: it is not. */
function refusalOf(venue: Venue, ins: InstrumentState, order: VenueOrder): number {
  if (ins.isHalted) return VENUE_DOWN;
  const bad = badQty(ins, order.qtyLots) || badPrice(ins, order);
  if (bad !== 0) return bad;
  if (venue.orders.has(order.orderId)) return DUPLICATE_ID;
  if (venue.exchange === undefined && !isKnown(ins)) return NOT_READY;
  const lots = admittedLots(ins, order);
  if (lots === 0 || (lots < order.qtyLots && order.tif === FOK)) return REDUCE_ONLY;
  return refusedMoney(venue, ins, lots === order.qtyLots ? order : { ...order, qtyLots: lots });
}

/** Why an order cannot be paid for, with what it would trade with at once; 0: it can. */
export function refusedMoney(venue: Venue, ins: InstrumentState, order: VenueOrder): number {
  const { canAfford } = venue.ports;
  if (canAfford === undefined) return 0;
  const takes = order.postOnly === 0 ? takesOf(venue, ins, order, order.qtyLots) : [];
  // A recorded price that such contracts cannot have makes no trade.
  if (ins.config.terms.class !== 'linear' && takes.some(({ priceTicks }) => priceTicks <= 0))
    return BAD_PRICE;
  return canAfford(order, takes) ? 0 : INSUFFICIENT_BALANCE;
}

export function badQty({ config }: InstrumentState, qtyLots: number): number {
  if (!Number.isSafeInteger(qtyLots)) return BAD_LOT;
  if (qtyLots < (config.minQtyLots ?? 1) || qtyLots > (config.maxQtyLots ?? Number.MAX_SAFE_INTEGER))
    return BAD_QTY;
  return qtyLots % (config.qtyMultipleLots ?? 1) === 0 ? 0 : BAD_LOT;
}

function badPrice(ins: InstrumentState, { type, priceTicks }: VenueOrder): number {
  if (type === MARKET) return priceTicks === NONE ? 0 : BAD_PRICE;
  return type === LIMIT && priceTicks !== NONE ? badTicks(ins, priceTicks) : BAD_PRICE;
}

export function badTicks({ config }: InstrumentState, priceTicks: number): number {
  if (!Number.isSafeInteger(priceTicks)) return BAD_TICK;
  const low = config.minPriceTicks ?? -PRICE_MAX - 1;
  const high = config.maxPriceTicks ?? PRICE_MAX;
  if (priceTicks < low || priceTicks > high) return BAD_PRICE;
  return priceTicks % (config.priceMultipleTicks ?? 1) === 0 ? 0 : BAD_TICK;
}

/** The best price that an order would meet on the other side: recorded and not taken, or an own one; NONE: none. */
function meets(ins: InstrumentState, side: number): number {
  const other = 3 - side;
  const recorded = bestAvailable(ins, other);
  const own = ins.own[other - 1];
  if (own.length === 0) return recorded;
  const mine = own[0].priceTicks;
  return recorded === NONE || isBetter(other, mine, recorded) ? mine : recorded;
}

const reaches = (side: number, priceTicks: number, otherTicks: number): boolean =>
  otherTicks !== NONE && !isBetter(side, otherTicks, priceTicks);

/** The price that a limit order gets where it is post-only; NONE where it would cross. */
export function postOnlyTicks(ins: InstrumentState, own: OwnOrder, priceTicks: number): number {
  if (own.postOnly === 0) return priceTicks;
  const met = meets(ins, own.side);
  if (!reaches(own.side, priceTicks, met)) return priceTicks;
  if (own.postOnly !== POST_ONLY_SLIDE) return NONE;
  const step = ins.config.priceMultipleTicks ?? 1;
  const next = own.side === BUY ? (Math.ceil(met / step) - 1) * step : (Math.floor(met / step) + 1) * step;
  return badTicks(ins, next) === 0 ? next : NONE;
}

/** A new order in replay and ideal mode. */
function enter(venue: Venue, ins: InstrumentState, own: OwnOrder, timeNs: number): void {
  const reject = (code: number): void => {
    tellRejected(venue, own, undefined, { command: NEW, code }, timeNs);
  };
  if (own.postOnly !== 0) {
    const isMarket = own.type === MARKET;
    const ticks = isMarket ? NONE : postOnlyTicks(ins, own, own.priceTicks);
    if (isMarket ? meets(ins, own.side) !== NONE : ticks === NONE) return reject(WOULD_CROSS);
    own.priceTicks = ticks;
  }
  const isIdeal = venue.config.mode === 'ideal';
  const offers = isIdeal ? [] : offersFor(ins, own);
  if (isIdeal) {
    const best = bestAvailable(ins, 3 - own.side);
    const isMet = own.type === MARKET ? best !== NONE : reaches(own.side, own.priceTicks, best);
    if (own.tif === FOK && !isMet) return reject(WOULD_NOT_FILL);
    if (own.type === MARKET && !isMet) return reject(INSUFFICIENT_LIQUIDITY);
  } else {
    const lots = offers.reduce((sum, offer) => sum + offer.lots, 0);
    if (own.tif === FOK && lots < own.leavesLots) return reject(WOULD_NOT_FILL);
    if (own.type === MARKET && lots === 0 && ins.own[2 - own.side].length === 0)
      return reject(INSUFFICIENT_LIQUIDITY);
  }
  venue.orders.set(own.orderId, own);
  const accepted = tell(venue, 'accepted', own, timeNs);
  accepted.qtyLots = own.qtyLots;
  execute(venue, ins, own, offers, timeNs);
  if (own.rests) accepted.aheadLots = own.aheadLots;
}

/** What an incoming order can take: up to an own order on the other side. */
export function offersFor(ins: InstrumentState, own: OwnOrder): Offer[] {
  const other = ins.own[2 - own.side];
  const best = bestAvailable(ins, 3 - own.side);
  if (own.type === LIMIT && !reaches(own.side, own.priceTicks, best)) return [];
  return offersOf(ins, 3 - own.side, own.priceTicks, own.leavesLots, other[0]?.orders[0]);
}

/** An accepted or moved order takes what it can; what is left rests, or is canceled. */
export function execute(
  venue: Venue,
  ins: InstrumentState,
  own: OwnOrder,
  offers: readonly Offer[],
  timeNs: number,
): void {
  if (venue.config.mode === 'ideal') executeIdeal(venue, ins, own, timeNs);
  const top = readTouch(ins);
  // As it is recorded: what earlier orders of ours took there is a matter of depth.
  const touchTicks = own.side === BUY ? top.askTicks : top.bidTicks;
  for (const { priceTicks, lots } of offers) {
    takeAt(ins, 3 - own.side, priceTicks, lots);
    const paid = slippedTicks(ins, own, priceTicks);
    const fill = { priceTicks: paid, lots, liquidity: TAKER, basis: BASIS_WALK };
    fillOwn(venue, ins, own, { ...fill, touchTicks, bookTicks: priceTicks }, timeNs);
  }
  if (own.leavesLots === 0) return;
  const opposite = ins.own[2 - own.side];
  const meetsOwn =
    opposite.length > 0 && (own.type === MARKET || reaches(own.side, own.priceTicks, opposite[0].priceTicks));
  if (meetsOwn) cancelOwn(venue, ins, own, SELF_TRADE, timeNs);
  else if (own.type === MARKET) cancelOwn(venue, ins, own, MARKET_REMAINDER, timeNs);
  else if (own.tif === IOC || own.tif === FOK) cancelOwn(venue, ins, own, IOC_REMAINDER, timeNs);
  else rest(ins, own);
}

/** Puts an order behind all at its price. */
function rest(ins: InstrumentState, own: OwnOrder): void {
  restOwn(ins.own[own.side - 1], own);
  ins.ownCount += 1;
  placeInQueue(ins, own);
}

/** A cancellation arrives. */
export function cancel(venue: Venue, orderId: number, timeNs: number): void {
  venue.causeSeq = NONE;
  const own = venue.orders.get(orderId);
  const code = isDown(venue) ? VENUE_DOWN : own === undefined ? UNKNOWN_ORDER : 0;
  if (own === undefined || code !== 0) {
    const asked = own ?? { orderId, instrument: 0, side: 0 };
    tellRejected(venue, asked, own, { command: CANCEL, code }, timeNs);
    return;
  }
  cancelKnown(venue, own, REQUESTED, timeNs);
}

function cancelKnown(venue: Venue, own: OwnOrder, reason: number, timeNs: number): void {
  const ins = venue.byInstrument[own.instrument]!;
  const aheadLots = aheadOf(venue, own.orderId);
  const before = venue.reports.length;
  if (venue.exchange !== undefined) exchangeCancel(venue, own, reason, timeNs);
  else cancelOwn(venue, ins, own, reason, timeNs);
  venue.reports[before].aheadLots = aheadLots;
}

/** The venue cancels a living own order by itself, for a reason (`cancelReason`). */
export function cancelFor(venue: Venue, orderId: number, reason: number, timeNs: number): void {
  const own = venue.orders.get(orderId);
  if (own !== undefined) cancelKnown(venue, own, reason, timeNs);
}

/** A cancellation of all own orders of an instrument (0: all) and a side (0: both) arrives, in the order they came. */
export function cancelAll(venue: Venue, scope: CancelScope, timeNs: number): void {
  venue.causeSeq = NONE;
  if (isDown(venue)) {
    const asked = { orderId: NONE, instrument: scope.instrument, side: scope.side };
    tellRejected(venue, asked, undefined, { command: 0x13, code: VENUE_DOWN }, timeNs);
    return;
  }
  cancelThose(venue, scope, ALL, timeNs);
}

/** Cancels own orders for a reason. */
export function cancelThose(venue: Venue, scope: CancelScope, reason: number, timeNs: number): void {
  // What is deleted on the way does not come again.
  for (const own of venue.orders.values()) {
    if (scope.instrument !== 0 && own.instrument !== scope.instrument) continue;
    if (scope.side === 0 || own.side === scope.side) cancelKnown(venue, own, reason, timeNs);
  }
}
