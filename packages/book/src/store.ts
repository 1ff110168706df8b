/**
 * The structure of the fast book: orders in time order at each price, levels in price order on each side, orders
 * by id. Matching walks it, and so does the fold of a market-by-order feed.
 *
 * A slot names an order, a level its price; both are small integers, reused once freed. NO_SLOT is none. The two
 * sides are independent: a feed's book may be crossed for a while. Nothing here judges a command: callers keep
 * prices within 32 bits, sides BUY or SELL, quantities in 1 … 2^53−1, ids in 0 … 2^53−1.
 */
import { N_MAX } from '@truetape/contracts';
import { BUY } from './command.ts';
import { enterAtHole, findSlot, leave } from './id-index.ts';
import { dropLevel, levelAfter, levelAtKey, levelInPage, makePage, putLevel, type Ladder } from './ladder.ts';
import { NO_SLOT } from './slot.ts';
import {
  CELLS_F,
  CELLS_I,
  freeLevel,
  freeSlot,
  L_COUNT,
  L_HEAD,
  L_PAGE,
  L_PRICE,
  L_QTY,
  L_SIDE,
  L_TAIL,
  O_ID,
  O_LEAVES,
  O_LEVEL,
  O_NEXT,
  O_OWNER,
  O_PREV,
  takeLevel,
  takeSlot,
  type Store,
} from './store-pool.ts';

export { NO_SLOT } from './slot.ts';
export { createStore, type Store } from './store-pool.ts';

/** Why an order was not added; what `addOrder` returns is a slot or one of these. */
export const REFUSED_DUPLICATE = -2;
export const REFUSED_FULL = -3;
export const REFUSED_SUM = -4;

/** Keys ascend from best to worst. */
export function keyOf(side: number, priceTicks: number): number {
  return side === BUY ? ~priceTicks : priceTicks;
}

export function ladderOf(store: Store, side: number): Ladder {
  return side === BUY ? store.bids : store.asks;
}

/** The slot of the resting order with this id, or NO_SLOT. */
export function findOrder(store: Store, orderId: number): number {
  store.cell[0] = orderId;
  return findSlot(store.index, store.of, store.cell, 0);
}

export const orderId = (store: Store, slot: number): number => store.of[slot * CELLS_F + O_ID];
export const orderLeaves = (store: Store, slot: number): number => store.of[slot * CELLS_F + O_LEAVES];
export const orderTotal = (store: Store, slot: number): number => store.totals[slot];
export const orderTraits = (store: Store, slot: number): number => store.traits[slot];
export const orderOwner = (store: Store, slot: number): number => store.oi[slot * CELLS_I + O_OWNER] >>> 0;
export const orderLevel = (store: Store, slot: number): number => store.oi[slot * CELLS_I + O_LEVEL];
export const orderSide = (store: Store, slot: number): number => levelSide(store, orderLevel(store, slot));
export const orderPrice = (store: Store, slot: number): number => levelPrice(store, orderLevel(store, slot));
/** The order behind this one at its price, or NO_SLOT. */
export const nextOrder = (store: Store, slot: number): number => store.oi[slot * CELLS_I + O_NEXT];

export const levelHead = (store: Store, level: number): number => store.li[level * CELLS_I + L_HEAD];
export const levelOrders = (store: Store, level: number): number => store.li[level * CELLS_I + L_COUNT];
export const levelPrice = (store: Store, level: number): number => store.li[level * CELLS_I + L_PRICE];
export const levelSide = (store: Store, level: number): number => store.li[level * CELLS_I + L_SIDE];
export const levelQty = (store: Store, level: number): number => store.lf[level * CELLS_F + L_QTY];

/** The best level of a side, or NO_SLOT. */
export const bestLevel = (store: Store, side: number): number => ladderOf(store, side).best;

/** The next worse level of the same side, or NO_SLOT. */
export function worseLevel(store: Store, level: number): number {
  const at = level * CELLS_I;
  const side = store.li[at + L_SIDE];
  return levelAfter(ladderOf(store, side), store.li[at + L_PAGE], keyOf(side, store.li[at + L_PRICE]));
}

/** The level of a side at a price, or NO_SLOT. */
export function levelAt(store: Store, side: number, priceTicks: number): number {
  return levelAtKey(ladderOf(store, side), keyOf(side, priceTicks));
}

/** What an order is, for `addOrder`. */
export interface StoredOrder {
  readonly side: number;
  readonly priceTicks: number;
  readonly orderId: number;
  readonly owner: number;
  readonly leavesLots: number;
  readonly totalLots: number;
  /** A byte that the store only keeps. */
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
  if (findSlot(store.index, store.of, cell, 0) !== NO_SLOT) return REFUSED_DUPLICATE;
  if (store.orders >= store.ordersMax) return REFUSED_FULL;
  if (!hasRoom(store, order.side, order.priceTicks, cell, 1)) return REFUSED_SUM;
  const slot = takeSlot(store);
  store.of[slot * CELLS_F + O_ID] = order.orderId;
  store.of[slot * CELLS_F + O_LEAVES] = order.leavesLots;
  store.oi[slot * CELLS_I + O_OWNER] = order.owner;
  store.totals[slot] = order.totalLots;
  store.traits[slot] = order.traits;
  enterAtHole(store.index, store.of, slot);
  linkOrder(store, slot, makeLevel(store, order.side, order.priceTicks));
  return slot;
}

/** True where a level, which need not exist, may take the lots in `cells[at]` more. */
export function hasRoom(
  store: Store,
  side: number,
  priceTicks: number,
  cells: Float64Array,
  at: number,
): boolean {
  const level = levelAt(store, side, priceTicks);
  // Sums of two safe integers are exact, or at least 2^53.
  return level === NO_SLOT || store.lf[level * CELLS_F + L_QTY] + cells[at] <= N_MAX;
}

/** Ends an order: it leaves its level, the level the side where it was the last one. The slot is free again. */
export function removeOrder(store: Store, slot: number): void {
  leave(store.index, store.of, slot);
  unlinkOrder(store, slot);
  freeSlot(store, slot);
}

/** Sets what remains of an order, in its place. False, and nothing changed, where its level would exceed 2^53−1. */
export function setLeaves(store: Store, slot: number, leavesLots: number): boolean {
  const at = slot * CELLS_F + O_LEAVES;
  const sumAt = store.oi[slot * CELLS_I + O_LEVEL] * CELLS_F + L_QTY;
  const others = store.lf[sumAt] - store.of[at];
  if (leavesLots > N_MAX - others) return false;
  store.of[at] = leavesLots;
  store.lf[sumAt] = others + leavesLots;
  return true;
}

export function setTotal(store: Store, slot: number, totalLots: number): void {
  store.totals[slot] = totalLots;
}

/** Puts an order behind the others at its price. */
export function moveToTail(store: Store, slot: number): void {
  const level = store.oi[slot * CELLS_I + O_LEVEL];
  if (store.li[level * CELLS_I + L_TAIL] === slot) return;
  detach(store, slot, level * CELLS_I);
  append(store, slot, level * CELLS_I);
}

/** The level of a side at a price, made where there is none; it must get an order. */
export function makeLevel(store: Store, side: number, priceTicks: number): number {
  const ladder = side === BUY ? store.bids : store.asks;
  const key = side === BUY ? ~priceTicks : priceTicks;
  const page = makePage(ladder, key);
  let level = levelInPage(ladder, page, key);
  if (level === NO_SLOT) {
    level = takeLevel(store, side, priceTicks, page);
    putLevel(ladder, page, key, level);
    const { best } = ladder;
    if (best === NO_SLOT || key < keyOf(side, store.li[best * CELLS_I + L_PRICE])) ladder.best = level;
  }
  return level;
}

/** Links an order, whose leaves are in place, behind those of a level. */
export function linkOrder(store: Store, slot: number, level: number): void {
  const at = level * CELLS_I;
  store.oi[slot * CELLS_I + O_LEVEL] = level;
  append(store, slot, at);
  store.li[at + L_COUNT] += 1;
  store.lf[level * CELLS_F + L_QTY] += store.of[slot * CELLS_F + O_LEAVES];
}

/** Takes an order out of its level, and the level out of its side where it was the last one. */
export function unlinkOrder(store: Store, slot: number): void {
  const { li } = store;
  const level = store.oi[slot * CELLS_I + O_LEVEL];
  const at = level * CELLS_I;
  const count = li[at + L_COUNT] - 1;
  if (count === 0) {
    removeLevel(store, level);
    return;
  }
  li[at + L_COUNT] = count;
  store.lf[level * CELLS_F + L_QTY] -= store.of[slot * CELLS_F + O_LEAVES];
  detach(store, slot, at);
}

function detach(store: Store, slot: number, at: number): void {
  const { oi, li } = store;
  const next = oi[slot * CELLS_I + O_NEXT];
  const prev = oi[slot * CELLS_I + O_PREV];
  if (prev === NO_SLOT) li[at + L_HEAD] = next;
  else oi[prev * CELLS_I + O_NEXT] = next;
  if (next === NO_SLOT) li[at + L_TAIL] = prev;
  else oi[next * CELLS_I + O_PREV] = prev;
}

function append(store: Store, slot: number, at: number): void {
  const { oi, li } = store;
  const tail = li[at + L_TAIL];
  oi[slot * CELLS_I + O_NEXT] = NO_SLOT;
  oi[slot * CELLS_I + O_PREV] = tail;
  if (tail === NO_SLOT) li[at + L_HEAD] = slot;
  else oi[tail * CELLS_I + O_NEXT] = slot;
  li[at + L_TAIL] = slot;
}

/** Takes a level, whose orders are gone or about to go, out of its side. */
export function removeLevel(store: Store, level: number): void {
  const at = level * CELLS_I;
  const { li } = store;
  const side = li[at + L_SIDE];
  const ladder = side === BUY ? store.bids : store.asks;
  const key = keyOf(side, li[at + L_PRICE]);
  const page = li[at + L_PAGE];
  if (ladder.best === level) ladder.best = levelAfter(ladder, page, key);
  dropLevel(ladder, page, key);
  freeLevel(store, level);
}
