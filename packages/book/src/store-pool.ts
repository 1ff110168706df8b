/**
 * The memory of a store: orders and levels.
 *
 * Orders and levels take 32 bytes each, two a cache line, in buffers that double when full:
 *
 *     order   f64 id | f64 leaves | i32 next | i32 prev | i32 level | i32 owner (bits of the u32)
 *     level   i32 head | i32 tail | i32 count | i32 price | f64 qty | i32 side | i32 page of the ladder
 *
 * What commands rarely need of an order (its whole quantity, its traits) stands apart.
 */
import { createIdIndex, type IdIndex } from './id-index.ts';
import { createLadder, type Ladder } from './ladder.ts';
import { NO_SLOT } from './slot.ts';

/** Cells of an order and of a level, in Int32 and in Float64. */
export const CELLS_I = 8;
export const CELLS_F = 4;
export const O_ID = 0;
export const O_LEAVES = 1;
export const O_NEXT = 4;
export const O_PREV = 5;
export const O_LEVEL = 6;
export const O_OWNER = 7;
export const L_HEAD = 0;
export const L_TAIL = 1;
export const L_COUNT = 2;
export const L_PRICE = 3;
export const L_QTY = 2;
export const L_SIDE = 6;
export const L_PAGE = 7;

const POOL_MIN = 64;

export interface Store {
  readonly ordersMax: number;
  /** Orders, by slot. */
  of: Float64Array;
  oi: Int32Array;
  /** Whole quantities (executed and leaves), and the caller's byte of each order. */
  totals: Float64Array;
  traits: Uint8Array;
  /** Orders that rest; slots ever used; the first free one of those, linked by O_NEXT. */
  orders: number;
  ordersUsed: number;
  ordersFree: number;
  lf: Float64Array;
  li: Int32Array;
  levels: number;
  levelsUsed: number;
  levelsFree: number;
  readonly index: IdIndex;
  readonly bids: Ladder;
  readonly asks: Ladder;
  /** A cell for an id or quantity on its way into a function: a large number passed on would be put on the heap. */
  readonly cell: Float64Array;
}

/** An empty store. Complexity: 8 KiB, then as many bytes as it holds at most at once, rounded up. */
export function createStore(ordersMax: number): Store {
  const orders = new ArrayBuffer(POOL_MIN * CELLS_I * 4);
  const levels = new ArrayBuffer(POOL_MIN * CELLS_I * 4);
  return {
    ordersMax,
    of: new Float64Array(orders),
    oi: new Int32Array(orders),
    totals: new Float64Array(POOL_MIN),
    traits: new Uint8Array(POOL_MIN),
    orders: 0,
    ordersUsed: 0,
    ordersFree: NO_SLOT,
    lf: new Float64Array(levels),
    li: new Int32Array(levels),
    levels: 0,
    levelsUsed: 0,
    levelsFree: NO_SLOT,
    index: createIdIndex(),
    bids: createLadder(),
    asks: createLadder(),
    cell: new Float64Array(2),
  };
}

/** A free slot, whose cells the caller fills; then it is entered and linked. Not beyond `ordersMax`. */
export function takeSlot(store: Store): number {
  let slot = store.ordersFree;
  if (slot === NO_SLOT) {
    slot = store.ordersUsed;
    if (slot === store.totals.length) growOrders(store);
    store.ordersUsed = slot + 1;
  } else {
    store.ordersFree = store.oi[slot * CELLS_I + O_NEXT];
  }
  store.orders += 1;
  return slot;
}

export function freeSlot(store: Store, slot: number): void {
  store.oi[slot * CELLS_I + O_NEXT] = store.ordersFree;
  store.ordersFree = slot;
  store.orders -= 1;
}

function growOrders(store: Store): void {
  const capacity = Math.min(store.totals.length * 2, Math.max(store.ordersMax, POOL_MIN));
  const buffer = new ArrayBuffer(capacity * CELLS_I * 4);
  const { oi, totals, traits } = store;
  store.of = new Float64Array(buffer);
  store.oi = new Int32Array(buffer);
  // As integers: copying ids as numbers is as exact, but bits are what is meant.
  store.oi.set(oi);
  store.totals = new Float64Array(capacity);
  store.totals.set(totals);
  store.traits = new Uint8Array(capacity);
  store.traits.set(traits);
}

/** A level without orders, which the caller puts into its side. */
export function takeLevel(store: Store, side: number, priceTicks: number, page: number): number {
  let level = store.levelsFree;
  if (level === NO_SLOT) {
    level = store.levelsUsed;
    if (level * CELLS_I === store.li.length) growLevels(store);
    store.levelsUsed = level + 1;
  } else {
    store.levelsFree = store.li[level * CELLS_I + L_HEAD];
  }
  store.levels += 1;
  const at = level * CELLS_I;
  const { li } = store;
  li[at + L_HEAD] = NO_SLOT;
  li[at + L_TAIL] = NO_SLOT;
  li[at + L_COUNT] = 0;
  li[at + L_PRICE] = priceTicks;
  li[at + L_SIDE] = side;
  li[at + L_PAGE] = page;
  store.lf[level * CELLS_F + L_QTY] = 0;
  return level;
}

function growLevels(store: Store): void {
  const { li } = store;
  const buffer = new ArrayBuffer(li.length * 8);
  store.lf = new Float64Array(buffer);
  store.li = new Int32Array(buffer);
  store.li.set(li);
}

/** Makes a level free again. */
export function freeLevel(store: Store, level: number): void {
  store.li[level * CELLS_I + L_HEAD] = store.levelsFree;
  store.levelsFree = level;
  store.levels -= 1;
}
