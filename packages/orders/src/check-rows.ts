/**
 * Orders as rows of 64 bytes, a cache line each, found by instrument and id: what the quick check of orders reads
 * and writes for most facts. Fills and a pending replace are nodes of 32 bytes beside them.
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
 * not of a file. Considered: Maps and records as the store has them, at three times the cost.
 */
import { isEnded, ORDER_STATES } from './states.ts';
import type { OrderRecord } from './order.ts';

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

/** Order id of row 0 and of free rows. */
const NOBODY = -1;
const ROWS = 256;
const NODES = 256;
/** Places of the index for each row. */
const SPARSE = 4;

export function createRows(liveMax: number, endedMax: number): CheckRows {
  const f64 = new Float64Array(ROWS * 8);
  f64[0] = NOBODY;
  const nodes = new Float64Array(NODES * 4);
  return {
    f64,
    i32: new Int32Array(f64.buffer),
    used: 1,
    free: 0,
    nodes,
    nodeLinks: new Int32Array(nodes.buffer),
    nodesUsed: 1,
    freeNode: 0,
    index: new Int32Array(ROWS * SPARSE),
    recent: 0,
    liveCount: 0,
    endedCount: 0,
    liveMax,
    endedMax,
    endedOldest: 0,
    endedNewest: 0,
    unrested: [],
    unrestedCount: 0,
    odd: new Map(),
  };
}

/** Where a row would stand in an index without others. */
function homeOf(instrument: number, orderId: number, mask: number): number {
  const high = Math.imul((orderId / 4_294_967_296) | 0, 0x85ebca6b);
  const mixed = Math.imul((orderId | 0) + high + Math.imul(instrument, 0xc2b2ae35), 0x9e3779b1);
  return (mixed ^ (mixed >>> 15)) & mask;
}

/** The row of an order; 0 when there is none. */
export function findRow(rows: CheckRows, instrument: number, orderId: number): number {
  const { index, f64, i32, recent } = rows;
  // Command and facts of a message are about one order.
  if (f64[recent << 3] === orderId && i32[(recent << 4) | REASON] >>> 16 === instrument) return recent;
  const mask = index.length - 1;
  let at = homeOf(instrument, orderId, mask);
  for (;;) {
    const row = index[at];
    if (row === 0) return 0;
    if (f64[row << 3] === orderId && i32[(row << 4) | REASON] >>> 16 === instrument) {
      rows.recent = row;
      return row;
    }
    at = (at + 1) & mask;
  }
}

/** A blank row for an order that has none. */
export function addRow(rows: CheckRows, instrument: number, orderId: number): number {
  let row = rows.free;
  if (row === 0) {
    row = rows.used;
    if (row << 3 === rows.f64.length) growRows(rows);
    rows.used += 1;
  } else rows.free = rows.i32[(row << 4) | AFTER];
  rows.f64[row << 3] = orderId;
  rows.i32[(row << 4) | REASON] = instrument << 16;
  rows.i32[(row << 4) | AFTER] = 0;
  enter(rows, row);
  rows.recent = row;
  return row;
}

function enter({ index, f64, i32 }: CheckRows, row: number): void {
  const mask = index.length - 1;
  let at = homeOf(i32[(row << 4) | REASON] >>> 16, f64[row << 3], mask);
  while (index[at] !== 0) at = (at + 1) & mask;
  index[at] = row;
}

function growRows(rows: CheckRows): void {
  const f64 = new Float64Array(rows.f64.length * 2);
  f64.set(rows.f64);
  rows.f64 = f64;
  rows.i32 = new Int32Array(f64.buffer);
  rows.index = new Int32Array(rows.index.length * 2);
  // All rows are in use, or one of them would have been taken.
  for (let row = 1; row < rows.used; row++) enter(rows, row);
}

/** Takes a row out of the index, and moves those back that stand behind it for want of its place. */
function leave({ index, f64, i32 }: CheckRows, row: number): void {
  const mask = index.length - 1;
  let hole = homeOf(i32[(row << 4) | REASON] >>> 16, f64[row << 3], mask);
  while (index[hole] !== row) hole = (hole + 1) & mask;
  for (let at = (hole + 1) & mask; index[at] !== 0; at = (at + 1) & mask) {
    const other = index[at];
    const home = homeOf(i32[(other << 4) | REASON] >>> 16, f64[other << 3], mask);
    // One that stands between its home and here would not be found before the hole.
    if (((at - home) & mask) < ((at - hole) & mask)) continue;
    index[hole] = other;
    hole = at;
  }
  index[hole] = 0;
}

/** An order that has to end within its message. */
export function addUnrested(rows: CheckRows, row: number): void {
  rows.i32[(row << 4) | MARKS] |= UNRESTED;
  rows.unrested[rows.unrestedCount++] = row;
}

function dropUnrested(rows: CheckRows, row: number): void {
  const { unrested } = rows;
  let at = unrested.indexOf(row);
  rows.unrestedCount -= 1;
  for (; at < rows.unrestedCount; at++) unrested[at] = unrested[at + 1];
}

/** Puts the row of an order that has ended just now behind those that ended before; one too many is forgotten. */
export function endRow(rows: CheckRows, row: number): void {
  const { i32, endedNewest } = rows;
  const at = row << 4;
  rows.liveCount -= 1;
  rows.endedCount += 1;
  if ((i32[at | MARKS] & UNRESTED) !== 0) {
    i32[at | MARKS] &= ~UNRESTED;
    dropUnrested(rows, row);
  }
  i32[at | BEFORE] = endedNewest;
  i32[at | AFTER] = 0;
  if (endedNewest === 0) rows.endedOldest = row;
  else i32[(endedNewest << 4) | AFTER] = row;
  rows.endedNewest = row;
  if (rows.endedCount > rows.endedMax) forgetRow(rows, rows.endedOldest);
}

/** Forgets an ended order. */
export function forgetRow(rows: CheckRows, row: number): void {
  const { f64, i32 } = rows;
  const at = row << 4;
  const before = i32[at | BEFORE];
  const after = i32[at | AFTER];
  if (before === 0) rows.endedOldest = after;
  else i32[(before << 4) | AFTER] = after;
  if (after === 0) rows.endedNewest = before;
  else i32[(after << 4) | BEFORE] = before;
  rows.endedCount -= 1;
  leave(rows, row);
  clearFills(rows, row);
  clearAsk(rows, row);
  if ((i32[at | MARKS] & STATE) >= ODD_LIVE) rows.odd.delete(row);
  f64[row << 3] = NOBODY;
  i32[at | MARKS] = 0;
  i32[at | AFTER] = rows.free;
  rows.free = row;
}

function takeNode(rows: CheckRows): number {
  const node = rows.freeNode;
  if (node !== 0) {
    rows.freeNode = rows.nodeLinks[(node << 3) | 6];
    return node;
  }
  if (rows.nodesUsed << 2 === rows.nodes.length) {
    const nodes = new Float64Array(rows.nodes.length * 2);
    nodes.set(rows.nodes);
    rows.nodes = nodes;
    rows.nodeLinks = new Int32Array(nodes.buffer);
  }
  return rows.nodesUsed++;
}

/** Adds a fill whose trade id is above those of the others. */
export function addFill(
  rows: CheckRows,
  row: number,
  tradeId: number,
  priceTicks: number,
  qtyLots: number,
): void {
  const node = takeNode(rows);
  const { nodes, nodeLinks, i32 } = rows;
  nodes[node << 2] = tradeId;
  nodes[(node << 2) | 1] = priceTicks;
  nodes[(node << 2) | 2] = qtyLots;
  nodeLinks[(node << 3) | 6] = i32[(row << 4) | FILLS];
  i32[(row << 4) | FILLS] = node;
}

/** Remembers what a replace asks for; there is none before. */
export function addAsk(
  rows: CheckRows,
  row: number,
  priceTicks: number,
  qtyLots: number,
  qtyMode: number,
): void {
  const node = takeNode(rows);
  const { nodes } = rows;
  nodes[node << 2] = priceTicks;
  nodes[(node << 2) | 1] = qtyLots;
  nodes[(node << 2) | 2] = qtyMode;
  rows.i32[(row << 4) | ASK] = node;
}

export function clearAsk(rows: CheckRows, row: number): void {
  const at = (row << 4) | ASK;
  const node = rows.i32[at];
  if (node === 0) return;
  rows.nodeLinks[(node << 3) | 6] = rows.freeNode;
  rows.freeNode = node;
  rows.i32[at] = 0;
}

export function clearFills(rows: CheckRows, row: number): void {
  const { i32, nodeLinks } = rows;
  const at = (row << 4) | FILLS;
  let last = i32[at];
  if (last === 0) return;
  const first = last;
  for (let next = nodeLinks[(last << 3) | 6]; next !== 0; next = nodeLinks[(next << 3) | 6]) last = next;
  nodeLinks[(last << 3) | 6] = rows.freeNode;
  rows.freeNode = first;
  i32[at] = 0;
}

/** The highest trade id of an order's fills; −1 without any. */
export function lastTrade({ i32, nodes }: CheckRows, row: number): number {
  const node = i32[(row << 4) | FILLS];
  return node === 0 ? -1 : nodes[node << 2];
}
