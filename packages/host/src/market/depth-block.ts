/**
 * Top and depth of a book as the block that readers see, in 64-bit cells:
 *
 *      0  commands   sequenced so far, over all books; a book that does not change is not shown again
 *      1  timeNs     of the last of them
 *      2  orders     that rest
 *      3  trades     so far
 *      4  bidLevels  shown            5  askLevels
 *      6  bidLots    of those shown   7  askLots      sums; exact below 2^53
 *      8  levels: bid, ask, next bid, next ask and so on: priceTicks, lots, orders of each
 *
 * So the top is the first cells, which a reader may read alone. The sums show a reader that what it has
 * belongs together, and how much rests near the top.
 */
import { BUY, SELL, type Book, type BookLevel, type BookTop } from '@truetape/book';
import { NONE } from '@truetape/contracts';

const HEAD_CELLS = 8;
const LEVEL_CELLS = 3;
const ASK = HEAD_CELLS + LEVEL_CELLS;
const STRIDE: number = 2 * LEVEL_CELLS;
/** What a reader of the top alone needs. */
export const TOP_CELLS: number = HEAD_CELLS + STRIDE;

export function depthCells(depthLevels: number): number {
  return HEAD_CELLS + depthLevels * STRIDE;
}

/** What readers are told of a book. */
export interface Depth {
  /** Commands that the market, not this book alone, had carried out when this book was shown last. */
  readonly commands: number;
  /** Of the last of them. */
  readonly timeNs: number;
  readonly orders: number;
  readonly trades: number;
  readonly bids: readonly BookLevel[];
  readonly asks: readonly BookLevel[];
  /** Sums over the levels shown. */
  readonly bidLots: number;
  readonly askLots: number;
}

function writeSide(f64: Float64Array, at: number, levels: readonly BookLevel[]): number {
  let lots = 0;
  let cell = at;
  for (const level of levels) {
    f64[cell] = level.priceTicks;
    f64[cell + 1] = level.qtyLots;
    f64[cell + 2] = level.orders;
    lots += level.qtyLots;
    cell += STRIDE;
  }
  return lots;
}

/**
 * Writes a book into a block. What stands behind the last level is not cleared: the counts say what is shown.
 */
export function writeDepth(
  f64: Float64Array,
  depthLevels: number,
  book: Book,
  commands: number,
  timeNs: number,
): void {
  const bids = book.levels(BUY, depthLevels);
  const asks = book.levels(SELL, depthLevels);
  f64[0] = commands;
  f64[1] = timeNs;
  f64[2] = book.orderCount();
  f64[3] = book.tradeCount();
  f64[4] = bids.length;
  f64[5] = asks.length;
  f64[6] = writeSide(f64, HEAD_CELLS, bids);
  f64[7] = writeSide(f64, ASK, asks);
}

function readSide(f64: Float64Array, at: number, count: number): BookLevel[] {
  return Array.from({ length: count }, (_, k) => {
    const cell = at + k * STRIDE;
    return { priceTicks: f64[cell], qtyLots: f64[cell + 1], orders: f64[cell + 2] };
  });
}

/** Complexity: an allocation a level. */
export function depthOf(f64: Float64Array): Depth {
  return {
    commands: f64[0],
    timeNs: f64[1],
    orders: f64[2],
    trades: f64[3],
    bids: readSide(f64, HEAD_CELLS, f64[4]),
    asks: readSide(f64, ASK, f64[5]),
    bidLots: f64[6],
    askLots: f64[7],
  };
}

/** The best level of each side; no allocation. */
export function topOf(f64: Float64Array, into: BookTop): void {
  const hasBid = f64[4] > 0;
  const hasAsk = f64[5] > 0;
  into.bidTicks = hasBid ? f64[HEAD_CELLS] : NONE;
  into.bidLots = hasBid ? f64[HEAD_CELLS + 1] : 0;
  into.bidOrders = hasBid ? f64[HEAD_CELLS + 2] : 0;
  into.askTicks = hasAsk ? f64[ASK] : NONE;
  into.askLots = hasAsk ? f64[ASK + 1] : 0;
  into.askOrders = hasAsk ? f64[ASK + 2] : 0;
}
