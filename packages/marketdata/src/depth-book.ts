/**
 * An aggregated depth book: quantity by price, from one snapshot and the absolute changes after it.
 *
 * The book knows how far it can be trusted: a snapshot covers a window of prices, and a level beyond it may
 * exist unseen. Once the price has left that window, the best price of the book can be wrong although every
 * sequence number is right.
 */
import { NONE, SIDE_BUY, SIDE_SELL } from '@truetape/contracts';
import { assert, sha256Of, type Sha256 } from '@truetape/kernel';
import {
  checkLadder,
  clearLadder,
  createLadder,
  RUNG_UNKNOWN,
  rungLots,
  setRung,
  type Ladder,
} from './ladder.ts';

/**
 * How much of the book is known.
 *
 * - `empty`: no snapshot yet;
 * - `live`: a snapshot and every change after it;
 * - `uncertain`: changes were missed, or the snapshot is missing; so until the next snapshot.
 */
export type BookStatus = 'empty' | 'live' | 'uncertain';

/** A depth book. Changed in place by `resetBook`, `setLevel` and `applyEvent`; otherwise read-only. */
export interface DepthBook {
  readonly bids: Ladder;
  readonly asks: Ladder;
  status: BookStatus;
  /** Lowest price that the snapshot vouches for; NONE without one. */
  knownLowTicks: number;
  /** Highest price that the snapshot vouches for; NONE without one. */
  knownHighTicks: number;
  /** Update id that the book stands at; NONE when unknown. */
  lastUpdateId: number;
  /** Removals of levels that were not there: normal on venues that publish changes beyond the snapshot. */
  unknownDeletes: number;
  /** Levels that the book had no room for. */
  refusedLevels: number;
  /** Levels of the message in progress that are still to come, while events are folded in. */
  levelsToCome: number;
}

/** Best prices. A side without levels has NONE and quantity 0. */
export interface Top {
  bidTicks: number;
  bidLots: number;
  askTicks: number;
  askLots: number;
}

/** One level. */
export interface BookLevel {
  readonly priceTicks: number;
  readonly qtyLots: number;
}

/** A book without levels, of status `empty`. */
export function createDepthBook(): DepthBook {
  return {
    bids: createLadder(),
    asks: createLadder(),
    status: 'empty',
    knownLowTicks: NONE,
    knownHighTicks: NONE,
    lastUpdateId: NONE,
    unknownDeletes: 0,
    refusedLevels: 0,
    levelsToCome: 0,
  };
}

/** Empties the book for a snapshot; counts of the whole life stay. */
export function resetBook(book: DepthBook, status: BookStatus, lastUpdateId: number): void {
  clearLadder(book.bids);
  clearLadder(book.asks);
  book.status = status;
  book.lastUpdateId = lastUpdateId;
  book.knownLowTicks = NONE;
  book.knownHighTicks = NONE;
  book.levelsToCome = 0;
}

/**
 * Sets the quantity at a price; 0 removes it, and removing what is not there changes nothing.
 *
 * `side` is SIDE_BUY or SIDE_SELL (MD-3), the price a safe integer and the quantity one from 0 (MD-4).
 * Returns a RUNG_ code; unknown removals and refused levels are counted in the book.
 * Complexity: see `setRung`. Hot: no allocation.
 */
export function setLevel(book: DepthBook, side: number, priceTicks: number, qtyLots: number): number {
  assert(side === SIDE_BUY || side === SIDE_SELL, 'MD-3', 'a level is bid or ask');
  assert(Number.isSafeInteger(priceTicks) && Number.isSafeInteger(qtyLots) && qtyLots >= 0, 'MD-4');
  const done =
    side === SIDE_BUY ? setRung(book.bids, priceTicks, qtyLots) : setRung(book.asks, -priceTicks, qtyLots);
  if (done !== 0) {
    if (done === RUNG_UNKNOWN) book.unknownDeletes++;
    else book.refusedLevels++;
  }
  return done;
}

/** Takes the known range from the levels now in the book: lowest bid to highest ask of a snapshot. */
export function setKnownRange(book: DepthBook): void {
  const { bids, asks } = book;
  const low = bids.count > 0 ? bids.keys[0] : asks.count > 0 ? -asks.keys[asks.count - 1] : NONE;
  const high = asks.count > 0 ? -asks.keys[0] : bids.count > 0 ? bids.keys[bids.count - 1] : NONE;
  book.knownLowTicks = low;
  book.knownHighTicks = high;
}

/** Writes the best prices into `out`. Hot: no allocation. */
export function readTop(book: DepthBook, out: Top): void {
  const { bids, asks } = book;
  const bid = bids.count - 1;
  const ask = asks.count - 1;
  out.bidTicks = bid < 0 ? NONE : bids.keys[bid];
  out.bidLots = bid < 0 ? 0 : bids.lots[bid];
  out.askTicks = ask < 0 ? NONE : -asks.keys[ask];
  out.askLots = ask < 0 ? 0 : asks.lots[ask];
}

/** The best prices. */
export function topOf(book: DepthBook): Top {
  const top: Top = { bidTicks: NONE, bidLots: 0, askTicks: NONE, askLots: 0 };
  readTop(book, top);
  return top;
}

/** Whether the best bid is at or above the best ask: on a single venue, a sign of missed changes. */
export function isCrossed(book: DepthBook): boolean {
  const { bids, asks } = book;
  if (bids.count === 0 || asks.count === 0) return false;
  return bids.keys[bids.count - 1] >= -asks.keys[asks.count - 1];
}

/**
 * Whether both best prices lie where the snapshot vouches for every level. Outside, a better level may
 * exist unseen; a side without levels is outside as well.
 */
export function isTopKnown(book: DepthBook): boolean {
  const { bids, asks } = book;
  if (book.knownLowTicks === NONE || bids.count === 0 || asks.count === 0) return false;
  const bid = bids.keys[bids.count - 1];
  const ask = -asks.keys[asks.count - 1];
  return (
    bid >= book.knownLowTicks &&
    bid <= book.knownHighTicks &&
    ask >= book.knownLowTicks &&
    ask <= book.knownHighTicks
  );
}

/** Quantity at a price; 0 when there is none. */
export function lotsAt(book: DepthBook, side: number, priceTicks: number): number {
  return side === SIDE_BUY ? rungLots(book.bids, priceTicks) : rungLots(book.asks, -priceTicks);
}

/** The best `count` levels of a side, best first; all of them by default. */
export function levelsOf(book: DepthBook, side: number, count: number = Infinity): BookLevel[] {
  const ladder = side === SIDE_BUY ? book.bids : book.asks;
  const levels: BookLevel[] = [];
  for (let at = ladder.count - 1; at >= 0 && levels.length < count; at--) {
    const key = ladder.keys[at];
    levels.push({ priceTicks: side === SIDE_BUY ? key : 0 - key, qtyLots: ladder.lots[at] });
  }
  return levels;
}

/** Throws on MD-1, MD-2 or MD-5 where the book breaks its invariants. Complexity: linear in the levels. */
export function checkBook(book: DepthBook): void {
  checkLadder(book.bids);
  checkLadder(book.asks);
  assert((book.knownLowTicks === NONE) === (book.knownHighTicks === NONE), 'MD-5');
  assert(book.knownLowTicks <= book.knownHighTicks, 'MD-5', 'the known range has a low and a high end');
}

/** Version of the bytes that `hashBook` takes. */
export const BOOK_HASH_VERSION = 1;

/**
 * SHA-256 of what the book holds: counts of bids and asks, then price and quantity of each, best first,
 * as little-endian doubles. Every value is an exact integer and −0 never occurs, so equal books have equal
 * bytes.
 */
export function hashBook(book: DepthBook, sha256: Sha256): Uint8Array {
  const values = [book.bids.count, book.asks.count];
  for (const side of [SIDE_BUY, SIDE_SELL]) {
    for (const { priceTicks, qtyLots } of levelsOf(book, side)) values.push(priceTicks, qtyLots);
  }
  const view = new DataView(new ArrayBuffer(values.length * 8));
  values.forEach((value, index) => view.setFloat64(index * 8, value, true));
  return sha256Of(sha256, new Uint8Array(view.buffer));
}
