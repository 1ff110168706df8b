/** The full check of a fast book: every invariant of its structure. For tests, `--check` and after a restore. */
import { N_MAX } from '@truetape/contracts';
import { assert } from '@truetape/kernel';
import { BUY, isOrderId, SELL } from './command.ts';
import { W_TRADES, type FastState } from './fast-state.ts';
import { isIndexSound } from './id-index.ts';
import { firstLevel, isLadderSound } from './ladder.ts';
import * as S from './store.ts';
import * as P from './store-pool.ts';

/** Asserts BOOK-15 to BOOK-19, and BOOK-12. Complexity: all of the book. */
export function checkFast(state: FastState): void {
  const { store } = state;
  checkStore(store);
  const bid = store.bids.best;
  const ask = store.asks.best;
  const apart = bid === S.NO_SLOT || ask === S.NO_SLOT || S.levelPrice(store, bid) < S.levelPrice(store, ask);
  assert(apart, 'BOOK-12', 'not crossed');
  assert(isOrderId(state.work[W_TRADES]), 'BOOK-13', 'a count of trades');
}

/** The part that a feed's book has, too: sides may cross there. */
export function checkStore(store: S.Store): void {
  assert(isLadderSound(store.bids) && isLadderSound(store.asks), 'BOOK-15');
  assert(isIndexSound(store.index, store.of), 'BOOK-16');
  assert(store.index.count === store.orders && store.orders <= store.ordersMax, 'BOOK-16', 'an id an order');
  const orders = checkSide(store, BUY) + checkSide(store, SELL);
  assert(orders === store.orders, 'BOOK-18', 'orders linked');
  checkFree(store);
}

function checkSide(store: S.Store, side: number): number {
  const ladder = S.ladderOf(store, side);
  assert(ladder.best === firstLevel(ladder), 'BOOK-15', 'best level');
  let orders = 0;
  let before = -Infinity;
  for (let level = ladder.best; level !== S.NO_SLOT; level = S.worseLevel(store, level)) {
    const key = S.keyOf(side, S.levelPrice(store, level));
    assert(key > before && S.levelSide(store, level) === side, 'BOOK-15', 'levels ascend');
    assert(S.levelAt(store, side, S.levelPrice(store, level)) === level, 'BOOK-15', 'a level at its price');
    before = key;
    orders += checkLevel(store, level);
  }
  return orders;
}

function checkLevel(store: S.Store, level: number): number {
  let count = 0;
  let sum = 0;
  let prev: number = S.NO_SLOT;
  let slot = S.levelHead(store, level);
  for (; slot !== S.NO_SLOT; slot = S.nextOrder(store, slot)) {
    const leaves = S.orderLeaves(store, slot);
    const total = S.orderTotal(store, slot);
    assert(leaves >= 1 && total >= leaves && total <= N_MAX && Number.isInteger(leaves), 'BOOK-19');
    assert(S.orderLevel(store, slot) === level, 'BOOK-18', 'an order in its level');
    assert(store.oi[slot * P.CELLS_I + P.O_PREV] === prev, 'BOOK-18', 'links');
    assert(S.findOrder(store, S.orderId(store, slot)) === slot, 'BOOK-16', 'found by its id');
    prev = slot;
    sum += leaves;
    count += 1;
    assert(count <= store.orders, 'BOOK-18', 'no loop');
  }
  assert(store.li[level * P.CELLS_I + P.L_TAIL] === prev, 'BOOK-18', 'the last one');
  assert(count > 0 && S.levelOrders(store, level) === count, 'BOOK-17', 'count');
  assert(S.levelQty(store, level) === sum && sum <= N_MAX, 'BOOK-17', 'sum');
  return count;
}

/** Every slot and level ever used is in use or free. */
function checkFree(store: S.Store): void {
  let orders = store.orders;
  for (let slot = store.ordersFree; slot !== S.NO_SLOT; slot = S.nextOrder(store, slot)) {
    orders += 1;
    assert(orders <= store.ordersUsed, 'BOOK-18', 'free orders');
  }
  assert(orders === store.ordersUsed, 'BOOK-18', 'no order is lost');
  let levels = store.levels;
  for (let level = store.levelsFree; level !== S.NO_SLOT; level = S.levelHead(store, level)) {
    levels += 1;
    assert(levels <= store.levelsUsed, 'BOOK-18', 'free levels');
  }
  assert(levels === store.levelsUsed, 'BOOK-18', 'no level is lost');
}
