/** Replay of aggregated depth: levels, trades and quotes, and what they say of own orders. */
import { FLAG_LAST, FLAG_SNAPSHOT, Kind, NONE } from '@truetape/contracts';
import type { RecordBuffer } from '@truetape/contracts';
import { lotsAt, resetBook, setLevel } from '@truetape/marketdata';
import { touchIdeal } from './ideal.ts';
import { isKnown, readTouch } from './instrument.ts';
import type { InstrumentState } from './instrument.ts';
import { putLevel } from './market-out.ts';
import { cancelAhead, meetTouch, tradeAt } from './match-depth.ts';
import { BUY, isBetter, SELL } from './own.ts';
import { levelKey, levelOfKey } from './liquidity.ts';
import { endRecord, placeAnew, startAnew, tellPrint, tellQuote, tellStatus } from './public.ts';
import { followTrade } from './slippage.ts';
import type { Venue } from './venue.ts';

// Bound here: V8 reads and checks an import at each use.
const BOOK_RESET = Kind.BookReset;
const BOOK_UPDATE = Kind.BookUpdate;
const FEED_STATUS = Kind.FeedStatus;
const LEVEL = Kind.Level;
const QUOTE = Kind.Quote;
const TRADE = Kind.Trade;
const LAST = FLAG_LAST;
const SNAPSHOT = FLAG_SNAPSHOT;
const ABSENT = NONE;
const SIDE_BITS = 0x30;
const TWO_32 = 4_294_967_296;
/** Codes of the vocabulary `feedStatus`. */
const GAP = 5;
const RESYNCED = 7;
const CHECKSUM = 8;
/** Codes of the vocabulary `condition` that are beside the book; hidden ones say something where they trade through. */
const HIDDEN = 2;
const LIQUIDATION = 5;

const nAt = (i32: Int32Array, u32: Uint32Array, i: number): number => i32[i + 1] * TWO_32 + u32[i];

/** Takes a reset or a status into the book, and says nothing. */
export function foldDepth(ins: InstrumentState, { i32, u32 }: RecordBuffer, i: number, kind: number): void {
  const { depth } = ins;
  if (kind === BOOK_RESET) {
    const words = u32[i] & 0xffff;
    resetBook(depth, 'live', nAt(i32, u32, i + 4));
    depth.knownLowTicks = words > 4 ? nAt(i32, u32, i + 8) : ABSENT;
    depth.knownHighTicks = words > 5 ? nAt(i32, u32, i + 10) : ABSENT;
    depth.levelsToCome = u32[i + 6] + u32[i + 7];
    return;
  }
  const status = u32[i + 4] & 0xff;
  if (status === RESYNCED) depth.status = 'live';
  else if ((status === GAP || status === CHECKSUM) && depth.status === 'live') depth.status = 'uncertain';
}

/** Takes a record of market data. */
export function takeDepth(
  venue: Venue,
  ins: InstrumentState,
  records: RecordBuffer,
  i: number,
  kind: number,
  timeNs: number,
): void {
  const { i32, u32 } = records;
  const { depth } = ins;
  const before = venue.market.count;
  const isLast = ((u32[i] >>> 24) & LAST) !== 0;
  switch (kind) {
    case LEVEL:
      takeLevel(
        venue,
        ins,
        u32[i] >>> 24,
        nAt(i32, u32, i + 4),
        nAt(i32, u32, i + 6),
        (u32[i] & 0xffff) > 4 ? u32[i + 8] : 0,
      );
      break;
    case BOOK_UPDATE: {
      if (depth.status === 'empty') depth.status = 'uncertain';
      const updateId = nAt(i32, u32, i + 4);
      if (updateId !== ABSENT) depth.lastUpdateId = updateId;
      depth.levelsToCome = u32[i + 6];
      break;
    }
    case BOOK_RESET:
    case FEED_STATUS:
      foldDepth(ins, records, i, kind);
      if (kind === BOOK_RESET) startAnew(venue, ins);
      break;
    case TRADE:
      takeTrade(venue, ins, records, i, timeNs);
      break;
    case QUOTE:
      takeQuote(venue, ins, records, i);
      break;
    default:
      return;
  }
  if (venue.isListening) tellStatus(venue, ins);
  if (isLast && depth.levelsToCome === 0) settle(venue, ins, kind, timeNs);
  endRecord(venue, ins, before, isLast);
}

/** A message has ended: the book is one that the venue had. */
function settle(venue: Venue, ins: InstrumentState, kind: number, timeNs: number): void {
  if (kind !== QUOTE && kind !== TRADE) renewQuote(venue, ins);
  if (ins.placesLost) {
    placeAnew(venue, ins);
    forgetGone(ins);
  }
  if (ins.ownCount > 0 && isKnown(ins)) {
    if (venue.config.mode === 'ideal') touchIdeal(venue, ins, timeNs);
    else meetTouch(venue, ins, timeNs);
  }
  if (ins.met.size > 0) ins.met.clear();
}

/** What was taken of levels that the snapshot does not show is over. */
function forgetGone({ depth, taken }: InstrumentState): void {
  for (const key of taken.keys()) {
    const { side, priceTicks } = levelOfKey(key);
    if (lotsAt(depth, side << 4, priceTicks) === 0) taken.delete(key);
  }
}

function takeLevel(
  venue: Venue,
  ins: InstrumentState,
  flags: number,
  priceTicks: number,
  lots: number,
  orders: number,
): void {
  const { depth } = ins;
  if (depth.levelsToCome > 0) depth.levelsToCome--;
  // A snapshot lists what is there: a zero in it is no removal.
  const isShown = (flags & SNAPSHOT) !== 0;
  if (lots === 0 && isShown) return;
  if (!isShown && isOutdated(ins, (flags & SIDE_BITS) >>> 4, priceTicks)) return;
  setTold(venue, ins, (flags & SIDE_BITS) >>> 4, priceTicks, lots, orders);
}

/**
 * Whether the last quote, which is newer than the update that tells a level, has said what stands there: put in and
 * taken out again the level would seem to lose lots twice.
 */
function isOutdated({ depth, quote }: InstrumentState, side: number, priceTicks: number): boolean {
  if (depth.status !== 'live' || depth.lastUpdateId === ABSENT) return false;
  if (!(quote.updateId > depth.lastUpdateId)) return false;
  const best = side === BUY ? quote.bidTicks : quote.askTicks;
  return best !== ABSENT && !isBetter(side, best, priceTicks);
}

/** Sets a level as told, for the book, for whoever listens, for the queues and for what ours took. */
function setTold(
  venue: Venue,
  ins: InstrumentState,
  side: number,
  priceTicks: number,
  lots: number,
  orders: number,
): void {
  const { depth, taken } = ins;
  const isWatched = ins.ownCount > 0;
  const before = isWatched ? lotsAt(depth, side << 4, priceTicks) : 0;
  setLevel(depth, side << 4, priceTicks, lots);
  if (venue.isListening) {
    putLevel(venue.market, venue, ins.index, side, priceTicks, lots, orders);
  }
  if (taken.size > 0) {
    const key = levelKey(side, priceTicks);
    const ours = taken.get(key);
    if (ours !== undefined) {
      if (lots === 0) taken.delete(key);
      else if (ours > lots) taken.set(key, lots);
    }
  }
  if (isWatched && meetsOwn(ins, side, priceTicks)) ins.met.set(levelKey(side, priceTicks), venue.causeSeq);
  if (isWatched && !ins.placesLost) cancelAhead(venue, ins, side, priceTicks, before, lots);
}

/** Whether a level of a side is one that own orders of the other side trade with. */
function meetsOwn(ins: InstrumentState, side: number, priceTicks: number): boolean {
  const other = 3 - side;
  const [best] = ins.own[other - 1];
  return best !== undefined && !isBetter(other, priceTicks, best.priceTicks);
}

function takeTrade(
  venue: Venue,
  ins: InstrumentState,
  records: RecordBuffer,
  i: number,
  timeNs: number,
): void {
  const { i32, u32 } = records;
  tellPrint(venue, ins, records, i);
  const priceTicks = nAt(i32, u32, i + 4);
  if (priceTicks === ABSENT) return;
  if (ins.slippage.isFollowing) followTrade(ins.slippage, priceTicks);
  if (ins.ownCount === 0) return;
  const condition = (u32[i] & 0xffff) > 7 ? u32[i + 14] & 0xff : 0;
  if (condition > HIDDEN && condition !== LIQUIDATION) return;
  const lots = nAt(i32, u32, i + 6);
  const aggressor = (u32[i] >>> 28) & 3;
  const isQueue = aggressor !== 0 && condition !== HIDDEN && isKnown(ins);
  if (aggressor !== SELL) tradeAt(venue, ins, SELL, priceTicks, lots, isQueue, timeNs);
  if (aggressor !== BUY) tradeAt(venue, ins, BUY, priceTicks, lots, isQueue, timeNs);
}

/** Best prices as published, which come before the update that has them. */
function takeQuote(venue: Venue, ins: InstrumentState, records: RecordBuffer, i: number): void {
  const { i32, u32 } = records;
  const { quote } = ins;
  quote.updateId = (u32[i] & 0xffff) > 6 ? nAt(i32, u32, i + 12) : ABSENT;
  quote.bidTicks = nAt(i32, u32, i + 4);
  quote.bidLots = nAt(i32, u32, i + 6);
  quote.askTicks = nAt(i32, u32, i + 8);
  quote.askLots = nAt(i32, u32, i + 10);
  renewQuote(venue, ins);
  tellQuote(venue, ins, records, i);
}

/** Puts the last quote into a book that is known, and older than it. */
function renewQuote(venue: Venue, ins: InstrumentState): void {
  const { depth, quote } = ins;
  if (depth.status !== 'live' || depth.levelsToCome > 0) return;
  if (depth.lastUpdateId === ABSENT || !(quote.updateId > depth.lastUpdateId)) return;
  const top = readTouch(ins);
  const { bidTicks, bidLots, askTicks, askLots } = top;
  if (quote.bidTicks !== ABSENT && (quote.bidTicks !== bidTicks || quote.bidLots !== bidLots)) {
    while (readTouch(ins).bidTicks > quote.bidTicks) setTold(venue, ins, BUY, top.bidTicks, 0, 0);
    setTold(venue, ins, BUY, quote.bidTicks, quote.bidLots, 0);
  }
  if (quote.askTicks !== ABSENT && (quote.askTicks !== askTicks || quote.askLots !== askLots)) {
    while (readTouch(ins).askTicks < quote.askTicks && top.askTicks !== ABSENT)
      setTold(venue, ins, SELL, top.askTicks, 0, 0);
    setTold(venue, ins, SELL, quote.askTicks, quote.askLots, 0);
  }
}
