/** Replay order by order: a fact of the tape goes into the recorded book, and own orders see what it did. */
import { applyFeedRecord, CHANGE_CELLS, feedOrder, readFeedPlace } from '@truetape/book';
import { FLAG_LAST, Kind, NONE } from '@truetape/contracts';
import type { RecordBuffer } from '@truetape/contracts';
import { touchIdeal, reachIdeal } from './ideal.ts';
import type { InstrumentState } from './instrument.ts';
import { putLevel, putMessage, TRADE } from './market-out.ts';
import { offerRests, tradePast } from './match-replay.ts';
import { BUY, isBetter, ownLevelAt } from './own.ts';
import { endRecord, placeAnew, startAnew, tellPrint, tellStatus } from './public.ts';
import { followTrade } from './slippage.ts';
import type { Venue } from './venue.ts';

// Bound here: V8 reads and checks an import at each use.
const FILL = Kind.Fill;
const TRADE_PRINT = Kind.Trade;
const CANCELED = Kind.Canceled;
const AMENDED = Kind.Amended;
const BOOK_RESET = Kind.BookReset;
const LAST = FLAG_LAST;
const ABSENT = NONE;
const CELLS = CHANGE_CELLS;
const TWO_32 = 4_294_967_296;
/** Codes of the vocabulary `cancelReason`: what was left found nothing more to trade with. */
const IOC_REMAINDER = 2;
const MARKET_REMAINDER = 3;
const SELF_TRADE = 4;
/** Codes of the vocabulary `condition`: beside the book, so no evidence of a queue. */
const HIDDEN = 2;
const LIQUIDATION = 5;

const nAt = (i32: Int32Array, u32: Uint32Array, i: number): number => i32[i + 1] * TWO_32 + u32[i];

/** Whether what a fact changes is nobody's concern. */
export function isUnseen({ isListening }: Venue, { ownCount, taken, slippage }: InstrumentState): boolean {
  return !isListening && ownCount === 0 && taken.size === 0 && !slippage.isFollowing;
}

/** Takes a fact into the recorded book alone, where it is nobody's concern. */
export function foldFact(ins: InstrumentState, records: RecordBuffer, i: number): void {
  const { feed } = ins;
  feed.tellsChanges = false;
  applyFeedRecord(feed, records, i);
  feed.tellsChanges = true;
  if (feed.status !== ins.toldStatus) ins.toldStatus = feed.status;
  if (ins.placesLost && feed.ordersToCome === 0 && ((records.u32[i] >>> 24) & LAST) !== 0)
    ins.placesLost = false;
}

/** Takes a fact, a reset or a status of the feed. */
export function takeFact(
  venue: Venue,
  ins: InstrumentState,
  records: RecordBuffer,
  i: number,
  timeNs: number,
): void {
  const { feed } = ins;
  const { market } = venue;
  const before = market.count;
  const kind = (records.u32[i] >>> 16) & 0xff;
  const { rest } = ins;
  rest.lots = 0;
  if (kind === CANCELED && ins.ownCount > 0) readRest(ins, records, i);
  applyFeedRecord(feed, records, i);
  if (kind === BOOK_RESET) startAnew(venue, ins);
  if (kind === FILL) takeFill(venue, ins, records, i, timeNs);
  else if (kind === TRADE_PRINT) tellPrint(venue, ins, records, i);
  const isWatched = venue.isListening || ins.ownCount > 0 || ins.taken.size > 0;
  if (isWatched && feed.changes.count > 0) takeChanges(venue, ins, kind, timeNs);
  if (rest.lots > 0 && venue.config.mode !== 'ideal') meetRest(venue, ins, timeNs);
  if (feed.status !== ins.toldStatus) {
    ins.toldStatus = feed.status;
    if (venue.isListening) tellStatus(venue, ins);
  }
  const isLast = ((records.u32[i] >>> 24) & LAST) !== 0;
  if (isLast) {
    if (ins.movedId !== ABSENT) settleMoved(ins);
    if (ins.placesLost && feed.ordersToCome === 0) {
      placeAnew(venue, ins);
      forgetGone(ins);
    }
    if (ins.ownCount > 0 && venue.config.mode === 'ideal') touchIdeal(venue, ins, timeNs);
  }
  if (ins.isUnended || market.count !== before) endRecord(venue, ins, before, isLast);
}

/**
 * An order that was on its way through the book is canceled: what it had left, and what it met. It found nothing more
 * (a limit), or it found an order of its own owner: ours ahead of that one comes first.
 */
function readRest(ins: InstrumentState, { i32, u32 }: RecordBuffer, i: number): void {
  const { feed, rest } = ins;
  const { incoming } = feed;
  if (incoming.orderId !== nAt(i32, u32, i + 6)) return;
  const reason = u32[i + 10] & 0xffff;
  rest.side = 3 - incoming.side;
  if (reason === IOC_REMAINDER || reason === MARKET_REMAINDER) {
    const isLimit = incoming.priceTicks !== ABSENT;
    rest.priceTicks = isLimit ? incoming.priceTicks : rest.side === BUY ? -Infinity : Infinity;
    rest.arrival = Infinity;
  } else if (reason !== SELF_TRADE || (u32[i] & 0xffff) <= 6) return;
  else if (!readFeedPlace(feed, nAt(i32, u32, i + 12), rest)) return;
  rest.lots = incoming.leavesLots;
}

/** Ours that such an order would have met. */
function meetRest(venue: Venue, ins: InstrumentState, timeNs: number): void {
  const { side, priceTicks, lots, arrival } = ins.rest;
  if (arrival === Infinity) offerRests(venue, ins, side, priceTicks, lots, timeNs);
  else tradePast(venue, ins, side, priceTicks, lots, arrival, timeNs);
}

/** What was taken of orders that the snapshot does not show is over. */
function forgetGone(ins: InstrumentState): void {
  for (const orderId of ins.taken.keys())
    if (feedOrder(ins.feed, orderId) === undefined) ins.taken.delete(orderId);
}

function takeFill(
  venue: Venue,
  ins: InstrumentState,
  { i32, u32 }: RecordBuffer,
  i: number,
  timeNs: number,
): void {
  const { changes, status } = ins.feed;
  const priceTicks = nAt(i32, u32, i + 8);
  const lots = nAt(i32, u32, i + 10);
  const aggressor = (u32[i] >>> 28) & 3;
  if (venue.isListening) {
    const at = putMessage(venue.market, TRADE, aggressor, ins.index, venue.causeSeq, venue.causeTape);
    const { f64 } = venue.market;
    f64[at + 1] = priceTicks;
    f64[at + 2] = lots;
    f64[at + 5] = nAt(i32, u32, i + 6);
  }
  if (priceTicks === ABSENT) return;
  if (ins.slippage.isFollowing) followTrade(ins.slippage, priceTicks);
  if (ins.ownCount === 0) return;
  const condition = (u32[i] & 0xffff) > 11 ? (u32[i + 22] >>> 8) & 0xff : 0;
  if (condition > HIDDEN && condition !== LIQUIDATION) return;
  // The maker's side: the other one than the aggressor's, or the one that its level is on.
  const isSeen = changes.count > 0 && condition !== HIDDEN;
  const side = aggressor !== 0 ? 3 - aggressor : isSeen ? changes.cells[0] : 0;
  if (side === 0) return;
  if (venue.config.mode === 'ideal') reachIdeal(venue, ins, side, priceTicks, timeNs);
  else {
    const arrival = isSeen && status === 'live' && !ins.placesLost ? changes.cells[3] : -1;
    tradePast(venue, ins, side, priceTicks, lots, arrival, timeNs);
  }
}

/** Levels that changed: for whoever listens, for the queue ahead of ours, and for what ours took. */
function takeChanges(venue: Venue, ins: InstrumentState, kind: number, timeNs: number): void {
  const { changes } = ins.feed;
  const { cells, count } = changes;
  const { market } = venue;
  for (let at = 0; at < count * CELLS; at += CELLS) {
    if (venue.isListening)
      putLevel(market, venue, ins.index, cells[at], cells[at + 1], cells[at + 6], cells[at + 7]);
    if (ins.taken.size > 0) takeGone(ins, cells, at, kind);
    if (ins.ownCount > 0) takeChange(venue, ins, at, timeNs);
  }
}

/** What was taken of an order is gone with it; it is never more than what the order has. */
function takeGone(ins: InstrumentState, cells: Float64Array, at: number, kind: number): void {
  if (cells[at + 2] > 0) return;
  const orderId = cells[at + 4];
  const taken = ins.taken.get(orderId);
  if (taken === undefined) return;
  const leaves = cells[at + 5];
  // An order that moves leaves its level, and stays what it is: unless it trades away on its way.
  if (leaves === 0 && kind === AMENDED) ins.movedId = orderId;
  else if (leaves === 0) ins.taken.delete(orderId);
  else if (leaves < taken) ins.taken.set(orderId, leaves);
}

/** A moved order of which ours took something has come to rest, or is gone. */
function settleMoved(ins: InstrumentState): void {
  const { movedId, taken } = ins;
  ins.movedId = ABSENT;
  const leaves = feedOrder(ins.feed, movedId)?.leavesLots ?? 0;
  if (leaves === 0) taken.delete(movedId);
  else if (leaves < (taken.get(movedId) ?? 0)) taken.set(movedId, leaves);
}

function takeChange(venue: Venue, ins: InstrumentState, at: number, timeNs: number): void {
  const { cells } = ins.feed.changes;
  const side = cells[at];
  const priceTicks = cells[at + 1];
  const lots = cells[at + 2];
  if (lots > 0) {
    const [best] = ins.own[2 - side];
    if (best === undefined || isBetter(3 - side, priceTicks, best.priceTicks)) return;
    if (venue.config.mode === 'ideal') return;
    const orderId = cells[at + 4];
    const taken = ins.taken.get(orderId) ?? 0;
    const more = offerRests(venue, ins, 3 - side, priceTicks, cells[at + 5] - taken, timeNs);
    if (more > 0) ins.taken.set(orderId, taken + more);
    return;
  }
  const level = ownLevelAt(ins.own[side - 1], priceTicks);
  if (level === undefined || ins.placesLost) return;
  const arrival = cells[at + 3];
  for (const own of level.orders) if (arrival <= own.arrival) own.aheadLots += lots;
}
