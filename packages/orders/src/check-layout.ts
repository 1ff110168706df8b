/**
 * The memory of the quick check: orders as rows of 64 bytes, a cache line each, which is what most facts read and
 * write. Fills and a pending replace are nodes of 32 bytes beside them.
 *
 *     row   0  f64 orderId
 *           1  f64 priceTicks     NONE: none
 *           2  f64 qtyLots        the whole quantity
 *           3  f64 cumLots
 *           4  i32 marks (below)  | i32 reason code, instrument << 16
 *           5  i32 side, type << 8, tif << 16 | i32 newest fill, 0: none
 *           6  i32 the row that ended before  | i32 the one that ended after; of a free row, the next one
 *           7  i32 the pending replace, 0: none | unused
 *     node  0  f64 tradeId        of a replace: priceTicks
 *           1  f64 priceTicks     of a replace: qtyLots
 *           2  f64 qtyLots        of a replace: its mode
 *           3  i32 the fill before, 0: none; of a free node, the next one | unused
 *
 * Row 0 and node 0 are blank and nobody's. The index holds rows by a hash of instrument and id, probed one by one;
 * a row that goes moves those behind it back, so that nothing is left in its place. The layout is one of memory,
 * not of a file. Considered: Maps and records as the store has them, at five times the cost.
 */
import type { OrderRecord } from './order.ts';
import { isEnded, ORDER_STATES } from './states.ts';

/** Cells of a row, as i32. */
export const MARKS = 8;
export const REASON = 9;
export const CHOICE = 10;
export const FILLS = 11;
export const BEFORE = 12;
export const AFTER = 13;
export const ASK = 14;

/** Marks: the state in four bits, what is known of the order, its pending cancels, the event of its reason. */
export const STATE = 15;
export const ACKED: number = 1 << 4;
export const AMENDED: number = 1 << 5;
/** Trades at once or not at all. */
export const IMMEDIATE: number = 1 << 6;
/** Has to end within its message. */
export const UNRESTED: number = 1 << 7;
/** A replace is pending. */
export const ASKED: number = 1 << 8;
export const ONE_CANCEL: number = 1 << 9;
export const CANCELS: number = 127 << 9;
export const EVENT_SHIFT = 16;
export const EVENT: number = 15 << 16;

/**
 * States of rows whose order does not fit into one and is kept as a record. No table has a row for them: whatever is
 * told of them is judged by the record.
 */
export const ODD_LIVE = 10;
export const ODD_ENDED = 11;

/** Bits of the states in which an order is live. */
const LIVE: number = ORDER_STATES.reduce(
  (bits, state, k) => (k === 0 || isEnded(state) ? bits : bits | (1 << k)),
  1 << ODD_LIVE,
);

export const isLiveMark = (marks: number): boolean => ((LIVE >>> (marks & STATE)) & 1) !== 0;

/** What is known of the orders of a venue, to check what it says next. Changed by the functions of the check alone. */
export interface OrderCheck {
  readonly liveMax: number;
  readonly endedMax: number;
  readonly liveCount: number;
  readonly endedCount: number;
}

/** The rows behind it, and what leads to them. */
export interface CheckRows extends OrderCheck {
  f64: Float64Array;
  i32: Int32Array;
  /** Rows that were ever in use, row 0 among them. */
  used: number;
  free: number;
  nodes: Float64Array;
  nodeLinks: Int32Array;
  nodesUsed: number;
  freeNode: number;
  index: Int32Array;
  /** The row that was found last. */
  recent: number;
  liveCount: number;
  endedCount: number;
  endedOldest: number;
  endedNewest: number;
  /** Rows of orders that have to end within their message and are live. */
  readonly unrested: number[];
  /** How many they are: an array that shrinks would be made anew. */
  unrestedCount: number;
  /** Orders that do not fit into their row. */
  readonly odd: Map<number, OrderRecord>;
}
