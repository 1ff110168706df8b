/**
 * The memory of a store: one pool of nodes, each an order or a level, 32 bytes a node and two nodes a cache line,
 * in a buffer that doubles when full.
 *
 *     order   f64 id              | f64 leaves | i32 next | i32 prev | i32 level, traits << 27 | i32 owner's bits
 *     level   i32 price i32 count | f64 sum    | i32 head | i32 tail | i32 page of the ladder  | i32 side
 *
 * The queue of a level is a ring through the level itself: head and tail stand where next and prev do, so that
 * linking and unlinking know no first and no last order. The whole quantity of an order, where it is not what is left,
 * stands apart, and a bit above the level says so: most orders never touch that cache line.
 */
import { assert } from '@truetape/kernel';
import { createIdWindow, type IdWindow } from './id-window.ts';
import { createLadder, type Ladder } from './ladder.ts';
import { NO_SLOT } from './slot.ts';

/** Cells of a node: `i32[(slot << 3) | O_NEXT]`, `f64[(slot << 2) | O_LEAVES]`. */
export const O_ID = 0;
export const O_LEAVES = 1;
export const O_NEXT = 4;
export const O_PREV = 5;
export const O_LEVEL = 6;
export const O_OWNER = 7;
export const L_PRICE = 0;
export const L_COUNT = 1;
export const L_SUM = 1;
export const L_HEAD = 4;
export const L_TAIL = 5;
export const L_PAGE = 6;
export const L_SIDE = 7;
/** Of O_LEVEL: the level below, whether the whole quantity stands apart, the traits above. */
export const LEVEL_MASK = 0x3ffffff;
export const APART = 0x4000000;
export const TRAITS_SHIFT = 27;

const POOL_MIN = 64;
/** What a level's number has room for: 2 GiB of nodes. */
const POOL_MAX = 0x4000000;

export interface Store {
  readonly ordersMax: number;
  f64: Float64Array;
  i32: Int32Array;
  /** Whole quantities (executed and leaves) of orders, by slot; only where APART is set. */
  totals: Float64Array;
  /** Orders that rest, and levels. */
  orders: number;
  levels: number;
  /** Nodes ever used, and the first free one of those, linked by O_NEXT. */
  used: number;
  free: number;
  readonly index: IdWindow;
  readonly ladder: Ladder;
  /** Cells for numbers on their way into a function: a large one passed as it is would be put on the heap. */
  readonly cell: Float64Array;
}

/** An empty store. Complexity: 12 KiB, then in proportion to the most that it held at once. */
export function createStore(ordersMax: number): Store {
  const buffer = new ArrayBuffer(POOL_MIN * 32);
  return {
    ordersMax,
    f64: new Float64Array(buffer),
    i32: new Int32Array(buffer),
    totals: new Float64Array(POOL_MIN),
    orders: 0,
    levels: 0,
    used: 0,
    free: NO_SLOT,
    index: createIdWindow(),
    ladder: createLadder(),
    cell: new Float64Array(2),
  };
}

/** A free node; the caller fills it. */
export function takeNode(store: Store): number {
  let slot = store.free;
  if (slot === -1) {
    slot = store.used;
    if (slot === store.totals.length) growPool(store);
    store.used = slot + 1;
  } else {
    store.free = store.i32[(slot << 3) | 4];
  }
  return slot;
}

/** Errors: `BOOK-20` where 2^26 nodes do not do. */
function growPool(store: Store): void {
  const capacity = store.totals.length * 2;
  assert(capacity <= POOL_MAX, 'BOOK-20', 'a book of 2^26 orders and levels');
  const buffer = new ArrayBuffer(capacity * 32);
  const { i32, totals } = store;
  store.f64 = new Float64Array(buffer);
  store.i32 = new Int32Array(buffer);
  // As integers: copying ids as numbers is as exact, but bits are what is meant.
  store.i32.set(i32);
  store.totals = new Float64Array(capacity);
  store.totals.set(totals);
}

/** Makes a node free again. */
export function freeNode(store: Store, slot: number): void {
  store.i32[(slot << 3) | 4] = store.free;
  store.free = slot;
}
