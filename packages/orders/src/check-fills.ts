/** Fills of a row, newest first, and the replace that waits for its answer: nodes that rows share. */
import * as L from './check-layout.ts';
import type { CheckRows } from './check-layout.ts';

// Bound here: an imported binding is read anew at each use.
const { ASK, FILLS } = L;

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
