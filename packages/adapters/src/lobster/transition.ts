/**
 * What a message does to a row of the order book file, by the rows alone: row k − 1 + message k = row k.
 *
 * A row shows the best levels of each side. Where one of them empties and the side was full, row k shows a
 * level that row k − 1 did not: it was there, unseen. Such a transition is `revealed`: all that was known
 * agrees.
 */
import { DELETION, EXECUTION, isVisible, NEW_ORDER, PARTIAL_CANCEL, type LobsterMessage } from './message.ts';
import type { BookRow, RowSide } from './orderbook-row.ts';

/** A level that is not as it should be; a price of 0 is no level. */
export interface LevelDifference {
  readonly side: 'bid' | 'ask';
  /** From 1, the best. */
  readonly level: number;
  readonly expectedPrice: number;
  readonly expectedSize: number;
  readonly foundPrice: number;
  readonly foundSize: number;
  /** The row before lacks what the message takes: `expected` is what it had to have at least. */
  readonly atLeast: boolean;
}

export type Transition = 'equal' | 'revealed' | LevelDifference;

/** Where a price stands on a side, or would be put. */
function placeOf(side: RowSide, sign: number, price: number): number {
  let at = 0;
  while (at < side.count && side.prices[at] * sign < price * sign) at++;
  return at;
}

function insertLevel(side: RowSide, at: number, price: number, size: number): void {
  side.prices.copyWithin(at + 1, at, side.count);
  side.sizes.copyWithin(at + 1, at, side.count);
  side.prices[at] = price;
  side.sizes[at] = size;
  side.count++;
}

function removeLevel(side: RowSide, at: number): void {
  side.prices.copyWithin(at, at + 1, side.count);
  side.sizes.copyWithin(at, at + 1, side.count);
  side.count--;
}

/** What became of a row's side. */
type Change = 'kept' | 'emptied' | 'impossible';

/** Adds `lots`, or takes them where negative, at a price of a side that shows at most `depth` levels. */
function changeSide(side: RowSide, sign: number, depth: number, price: number, lots: number): Change {
  const at = placeOf(side, sign, price);
  if (at < side.count && side.prices[at] === price) {
    const size = side.sizes[at] + lots;
    if (size < 0) return 'impossible';
    side.sizes[at] = size;
    if (size > 0) return 'kept';
    removeLevel(side, at);
    return 'emptied';
  }
  // Beyond what a full side shows anything may happen.
  if (at === side.count && side.count >= depth) return 'kept';
  if (lots < 0) return 'impossible';
  insertLevel(side, at, price, lots);
  if (side.count > depth) side.count = depth;
  return 'kept';
}

/** Lots that a message adds at its price on its side. */
function lotsOf({ type, size }: LobsterMessage): number {
  if (!isVisible(type)) return 0;
  return type === NEW_ORDER ? size : -size;
}

/**
 * Applies a message to `row` and compares it with `next`. Changes `row`.
 *
 * Complexity: linear in the levels.
 */
export function checkTransition(row: BookRow, message: LobsterMessage, next: BookRow): Transition {
  const lots = lotsOf(message);
  const { direction, price } = message;
  const own = direction === 1 ? row.bids : row.asks;
  const wasFull = own.count >= row.depth;
  const worst = own.prices[own.count - 1];
  const change = lots === 0 ? 'kept' : changeSide(own, -direction, row.depth, price, lots);
  for (const side of ['bids', 'asks'] as const) {
    const full = row[side] === own ? wasFull : row[side].count >= row.depth;
    const revealable = full && row[side].count < row.depth;
    const at = firstDifference(row[side], next[side], revealable);
    if (at >= 0) return differenceAt(row[side], next[side], side, at);
    // A level better than the worst one known had to be known.
    const shown = next[side].prices[row[side].count] * -direction > worst * -direction;
    if (next[side].count > row[side].count && !shown) {
      return differenceAt(row[side], next[side], side, row[side].count);
    }
  }
  if (change === 'impossible') return impossible(own, message);
  return next.bids.count > row.bids.count || next.asks.count > row.asks.count ? 'revealed' : 'equal';
}

/** Index of the first level that differs, −1 for none. A revealed level behind the last one is none. */
function firstDifference(side: RowSide, next: RowSide, revealable: boolean): number {
  const count = Math.min(side.count, next.count);
  for (let at = 0; at < count; at++) {
    if (side.prices[at] !== next.prices[at] || side.sizes[at] !== next.sizes[at]) return at;
  }
  const more = next.count - side.count;
  return more === 0 || (more === 1 && revealable) ? -1 : count;
}

function differenceAt(expected: RowSide, found: RowSide, side: 'bids' | 'asks', at: number): LevelDifference {
  return {
    side: side === 'bids' ? 'bid' : 'ask',
    level: at + 1,
    expectedPrice: at < expected.count ? expected.prices[at] : 0,
    expectedSize: at < expected.count ? expected.sizes[at] : 0,
    foundPrice: at < found.count ? found.prices[at] : 0,
    foundSize: at < found.count ? found.sizes[at] : 0,
    atLeast: false,
  };
}

/** The rows are equal although the message takes what is not there. */
function impossible(side: RowSide, { direction, price, size }: LobsterMessage): LevelDifference {
  const at = placeOf(side, -direction, price);
  const found = at < side.count && side.prices[at] === price;
  return {
    side: direction === 1 ? 'bid' : 'ask',
    level: at + 1,
    expectedPrice: price,
    expectedSize: size,
    foundPrice: found ? price : 0,
    foundSize: found ? side.sizes[at] : 0,
    atLeast: true,
  };
}

/**
 * Undoes the message that led to a row: the book before it, with one level more than the row where the
 * message emptied one. False where the message cannot have led to it; then the row is unchanged.
 */
export function undoMessage(row: BookRow, message: LobsterMessage): boolean {
  const { type, direction, price, size } = message;
  const side = direction === 1 ? row.bids : row.asks;
  if (type === PARTIAL_CANCEL || type === DELETION || type === EXECUTION) {
    return changeSide(side, -direction, row.depth + 1, price, size) === 'kept';
  }
  return type !== NEW_ORDER || changeSide(side, -direction, row.depth, price, -size) !== 'impossible';
}
