/**
 * The structure of the fast book: orders in time order at each price, levels in price order on each side, orders
 * by id. Matching walks it, and so does the fold of a market-by-order feed.
 *
 * A slot names an order, a level its price; both are small integers, reused once freed. NO_SLOT is none. The two
 * sides are independent: a feed's book may be crossed for a while. Nothing here judges a command: callers keep
 * prices within 32 bits, sides BUY or SELL, quantities in 1 … 2^53−1, ids in 0 … 2^53−1.
 */
import { N_MAX } from '@truetape/contracts';
import * as Index from './id-window.ts';
import * as Axis from './ladder.ts';
import { NO_SLOT } from './slot.ts';
import type { Store } from './store-pool.ts';
import * as Pool from './store-pool.ts';

export { NO_SLOT } from './slot.ts';
export { createStore, type Store } from './store-pool.ts';

/** Why an order was not added; what `addOrder` returns is a slot or one of these. */
export const REFUSED_DUPLICATE = -2;
export const REFUSED_FULL = -3;
export const REFUSED_SUM = -4;

// Bound here: V8 folds a constant or function of the module itself, but reads and checks one that is imported
// at each use.
const { O_LEAVES, O_NEXT, O_PREV, O_LEVEL, O_OWNER, APART, LEVEL_MASK, TRAITS_SHIFT, takeNode, freeNode } =
  Pool;
const { L_PRICE, L_COUNT, L_SUM, L_TAIL, L_PAGE, L_SIDE } = Pool;
const { enterFound, findSlot, leave } = Index;
const { dropLevel, levelAfter, levelAtKey, makePage, putLevel } = Axis;
const NONE = NO_SLOT;
const BIGGEST = N_MAX;

/** Keys ascend from best to worst: a price on SELL (2), its complement on BUY (1). */
export function keyOf(side: number, priceTicks: number): number {
  return priceTicks ^ (side - 2);
}

/** The slot of the resting order with this id, or NO_SLOT. */
export function findOrder(store: Store, orderId: number): number {
  store.cell[0] = orderId;
  return findSlot(store.index, store.f64, store.cell, 0);
}

export const orderId = (store: Store, slot: number): number => store.f64[slot << 2];
export const orderLeaves = (store: Store, slot: number): number => store.f64[(slot << 2) | O_LEAVES];
export const orderTotal = (store: Store, slot: number): number =>
  (store.i32[(slot << 3) | O_LEVEL] & APART) === 0 ? orderLeaves(store, slot) : store.totals[slot];
export const orderTraits = (store: Store, slot: number): number =>
  store.i32[(slot << 3) | O_LEVEL] >>> TRAITS_SHIFT;
export const orderOwner = (store: Store, slot: number): number => store.i32[(slot << 3) | O_OWNER] >>> 0;
export const orderLevel = (store: Store, slot: number): number =>
  store.i32[(slot << 3) | O_LEVEL] & LEVEL_MASK;
export const orderSide = (store: Store, slot: number): number => levelSide(store, orderLevel(store, slot));
export const orderPrice = (store: Store, slot: number): number => levelPrice(store, orderLevel(store, slot));

/** The order behind this one at its price, or NO_SLOT. */
export function nextOrder(store: Store, slot: number): number {
  const next = store.i32[(slot << 3) | O_NEXT];
  return next === orderLevel(store, slot) ? NONE : next;
}

/** The first order of a level. */
export const levelHead = (store: Store, level: number): number => store.i32[(level << 3) | O_NEXT];
export const levelOrders = (store: Store, level: number): number => store.i32[(level << 3) | L_COUNT];
export const levelPrice = (store: Store, level: number): number => store.i32[(level << 3) | L_PRICE];
export const levelSide = (store: Store, level: number): number => store.i32[(level << 3) | L_SIDE];
export const levelQty = (store: Store, level: number): number => store.f64[(level << 2) | L_SUM];

/** The best level of a side, or NO_SLOT. */
export const bestLevel = (store: Store, side: number): number => store.ladder.best[side];

/** The next worse level of the same side, or NO_SLOT. */
export function worseLevel(store: Store, level: number): number {
  const at = level << 3;
  const { i32 } = store;
  return levelAfter(store.ladder, i32[at | L_PAGE], keyOf(i32[at | L_SIDE], i32[at | L_PRICE]));
}

/** The level of a side at a price, or NO_SLOT. */
export function levelAt(store: Store, side: number, priceTicks: number): number {
  return levelAtKey(store.ladder, side, keyOf(side, priceTicks));
}

/** What an order is, for `addOrder`. */
export interface StoredOrder {
  readonly side: number;
  readonly priceTicks: number;
  readonly orderId: number;
  readonly owner: number;
  readonly leavesLots: number;
  readonly totalLots: number;
  /** Five bits that the store only keeps. */
  readonly traits: number;
}

/**
 * Puts an order behind those at its price, and returns its slot. Refused, without a change: an id that rests
 * already (REFUSED_DUPLICATE), an order more than `ordersMax` (REFUSED_FULL), a level's sum beyond 2^53−1
 * (REFUSED_SUM).
 */
export function addOrder(store: Store, order: StoredOrder): number {
  const { cell } = store;
  cell[0] = order.orderId;
  cell[1] = order.leavesLots;
  if (findSlot(store.index, store.f64, cell, 0) !== NONE) return REFUSED_DUPLICATE;
  if (store.orders >= store.ordersMax) return REFUSED_FULL;
  const slot = takeNode(store);
  // A level that had to be made has room for whatever comes.
  const level = makeLevel(store, order.side, order.priceTicks);
  if (!hasRoom(store, level, cell, 1)) {
    freeNode(store, slot);
    return REFUSED_SUM;
  }
  store.f64[slot << 2] = order.orderId;
  store.f64[(slot << 2) | O_LEAVES] = order.leavesLots;
  store.i32[(slot << 3) | O_OWNER] = order.owner;
  enterFound(store.index, store.f64, slot, store.orders);
  store.orders += 1;
  linkOrder(store, slot, level, order.traits);
  cell[1] = order.totalLots;
  setTotal(store, slot, cell, 1);
  return slot;
}

/** True where a level, which may be none, takes the lots in `cells[at]` more. */
export function hasRoom(store: Store, level: number, cells: Float64Array, at: number): boolean {
  // A sum of two safe integers is exact, or at least 2^53.
  return level === NONE || store.f64[(level << 2) | L_SUM] + cells[at] <= BIGGEST;
}

/** Ends an order: it leaves its level, the level the side where it was the last one. The slot is free again. */
export function removeOrder(store: Store, slot: number): void {
  leave(store.index, store.f64, slot);
  store.orders -= 1;
  unlinkOrder(store, slot);
  freeNode(store, slot);
}

/** Sets what remains of an order, in its place. False, and nothing changed, where its level would exceed 2^53−1. */
export function setLeaves(store: Store, slot: number, leavesLots: number): boolean {
  const { f64 } = store;
  const at = (slot << 2) | O_LEAVES;
  const sumAt = (orderLevel(store, slot) << 2) | L_SUM;
  const others = f64[sumAt] - f64[at];
  if (leavesLots > BIGGEST - others) return false;
  keepTotal(store, slot);
  f64[at] = leavesLots;
  f64[sumAt] = others + leavesLots;
  return true;
}

/** Puts the whole quantity of an order apart, before what is left changes. */
function keepTotal(store: Store, slot: number): void {
  const { i32 } = store;
  const levelAt = (slot << 3) | O_LEVEL;
  if ((i32[levelAt] & APART) !== 0) return;
  store.totals[slot] = store.f64[(slot << 2) | O_LEAVES];
  i32[levelAt] |= APART;
}

/** Sets the whole quantity of an order that is linked, and whose leaves are in place, to what stands in `cells[at]`. */
export function setTotal(store: Store, slot: number, cells: Float64Array, at: number): void {
  const { i32 } = store;
  const levelAt = (slot << 3) | O_LEVEL;
  if (cells[at] === store.f64[(slot << 2) | O_LEAVES]) {
    i32[levelAt] &= ~APART;
  } else {
    store.totals[slot] = cells[at];
    i32[levelAt] |= APART;
  }
}

/** Takes lots off an order that were not traded, in its place; something remains. */
export function shrinkOrder(store: Store, slot: number, lots: number): void {
  setLeaves(store, slot, store.f64[(slot << 2) | O_LEAVES] - lots);
  store.totals[slot] -= lots;
}

/** Puts an order behind the others at its price. */
export function moveToTail(store: Store, slot: number): void {
  const level = orderLevel(store, slot);
  detach(store.i32, slot);
  append(store.i32, slot, level);
}

function detach(i32: Int32Array, slot: number): void {
  const next = i32[(slot << 3) | O_NEXT];
  const prev = i32[(slot << 3) | O_PREV];
  i32[(prev << 3) | O_NEXT] = next;
  i32[(next << 3) | O_PREV] = prev;
}

function append(i32: Int32Array, slot: number, level: number): void {
  const tail = i32[(level << 3) | L_TAIL];
  i32[(slot << 3) | O_NEXT] = level;
  i32[(slot << 3) | O_PREV] = tail;
  i32[(tail << 3) | O_NEXT] = slot;
  i32[(level << 3) | L_TAIL] = slot;
}

/** Links an order, whose leaves are in place and all it ever had, behind those of a level. */
export function linkOrder(store: Store, slot: number, level: number, traits: number): void {
  const { i32, f64 } = store;
  i32[(slot << 3) | O_LEVEL] = level | (traits << TRAITS_SHIFT);
  append(i32, slot, level);
  i32[(level << 3) | L_COUNT] += 1;
  f64[(level << 2) | L_SUM] += f64[(slot << 2) | O_LEAVES];
}

/** Takes an order out of its level, and the level out of its side where it was the last one. */
export function unlinkOrder(store: Store, slot: number): void {
  const { i32, f64 } = store;
  const level = i32[(slot << 3) | O_LEVEL] & LEVEL_MASK;
  detach(i32, slot);
  const count = i32[(level << 3) | L_COUNT] - 1;
  i32[(level << 3) | L_COUNT] = count;
  f64[(level << 2) | L_SUM] -= f64[(slot << 2) | O_LEAVES];
  if (count === 0) removeLevel(store, level);
}

/** The level of a side at a price, made where there is none; it must get an order. */
export function makeLevel(store: Store, side: number, priceTicks: number): number {
  const { ladder } = store;
  const key = keyOf(side, priceTicks);
  const page = makePage(ladder, side, key);
  const there = ladder.kids[(page << 5) | (key & 31)] - 1;
  if (there !== NONE) return there;
  const level = takeNode(store);
  const { i32 } = store;
  const at = level << 3;
  i32[at | L_PRICE] = priceTicks;
  i32[at | L_COUNT] = 0;
  store.f64[(level << 2) | L_SUM] = 0;
  i32[at | O_NEXT] = level;
  i32[at | L_TAIL] = level;
  i32[at | L_PAGE] = page;
  i32[at | L_SIDE] = side;
  store.levels += 1;
  putLevel(ladder, page, key, level);
  const best = ladder.best[side];
  if (best === NONE || key < keyOf(side, i32[(best << 3) | L_PRICE])) ladder.best[side] = level;
  return level;
}

/** Takes a level without orders out of its side. */
export function removeLevel(store: Store, level: number): void {
  const { i32, ladder } = store;
  const at = level << 3;
  const side = i32[at | L_SIDE];
  const key = keyOf(side, i32[at | L_PRICE]);
  const page = i32[at | L_PAGE];
  if (ladder.best[side] === level) ladder.best[side] = levelAfter(ladder, page, key);
  dropLevel(ladder, side, page, key);
  freeNode(store, level);
  store.levels -= 1;
}
