/** Rows of the quick check: found, added, ended and forgotten. Their layout is that of check-layout.ts. */
import * as N from './check-fills.ts';
import * as L from './check-layout.ts';
import type { CheckRows } from './check-layout.ts';

// Bound here: an imported binding is read anew at each use.
const { AFTER, BEFORE, MARKS, ODD_LIVE, REASON, STATE, UNRESTED } = L;
const { clearAsk, clearFills } = N;

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
