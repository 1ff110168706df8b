/** The full check of a fast book: every invariant of its structure. For tests, `--check` and after a restore. */
import { N_MAX } from '@truetape/contracts';
import { assert } from '@truetape/kernel';
import { BUY, isOrderId, SELL } from './command.ts';
import { W_TRADES, type FastState } from './fast-state.ts';
import { isWindowSound } from './id-window.ts';
import { firstLevel, isLadderSound } from './ladder.ts';
import * as S from './store.ts';
import * as P from './store-pool.ts';

/** Asserts BOOK-15 to BOOK-19, and BOOK-12. Complexity: all of the book. */
export function checkFast(state: FastState): void {
  const { store } = state;
  checkStore(store);
  const bid = store.ladder.best[BUY];
  const ask = store.ladder.best[SELL];
  const apart = bid === S.NO_SLOT || ask === S.NO_SLOT || S.levelPrice(store, bid) < S.levelPrice(store, ask);
  assert(apart, 'BOOK-12', 'not crossed');
  assert(isOrderId(state.work[W_TRADES]), 'BOOK-13', 'a count of trades');
}

/** The part that a feed's book has, too: sides may cross there. */
export function checkStore(store: S.Store): void {
  assert(isLadderSound(store.ladder), 'BOOK-15');
  assert(isWindowSound(store.index, store.f64, store.orders), 'BOOK-16');
  assert(store.orders <= store.ordersMax, 'BOOK-16', 'an id an order');
  const orders = checkSide(store, BUY) + checkSide(store, SELL);
  assert(orders === store.orders, 'BOOK-18', 'orders linked');
  checkFree(store);
}

function checkSide(store: S.Store, side: number): number {
  const best = S.bestLevel(store, side);
  assert(best === firstLevel(store.ladder, side), 'BOOK-15', 'best level');
  let orders = 0;
  let before = -Infinity;
  for (let level = best; level !== S.NO_SLOT; level = S.worseLevel(store, level)) {
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
  let prev = level;
  let slot = S.levelHead(store, level);
  for (; slot !== S.NO_SLOT; slot = S.nextOrder(store, slot)) {
    const leaves = S.orderLeaves(store, slot);
    const total = S.orderTotal(store, slot);
    assert(leaves >= 1 && total >= leaves && total <= N_MAX && Number.isInteger(leaves), 'BOOK-19');
    assert(S.orderLevel(store, slot) === level, 'BOOK-18', 'an order in its level');
    assert(store.i32[(slot << 3) + P.O_PREV] === prev, 'BOOK-18', 'links');
    assert(S.findOrder(store, S.orderId(store, slot)) === slot, 'BOOK-16', 'found by its id');
    prev = slot;
    sum += leaves;
    count += 1;
    assert(count <= store.orders, 'BOOK-18', 'no loop');
  }
  assert(store.i32[(level << 3) + P.L_TAIL] === prev, 'BOOK-18', 'the last one');
  assert(count > 0 && S.levelOrders(store, level) === count, 'BOOK-17', 'count');
  assert(S.levelQty(store, level) === sum && sum <= N_MAX, 'BOOK-17', 'sum');
  return count;
}

/** Every node ever used is an order, a level, or free. */
function checkFree(store: S.Store): void {
  let nodes = store.orders + store.levels;
  for (let slot = store.free; slot !== S.NO_SLOT; slot = store.i32[(slot << 3) + P.O_NEXT]) {
    nodes += 1;
    assert(nodes <= store.used, 'BOOK-18', 'free nodes');
  }
  assert(nodes === store.used, 'BOOK-18', 'no node is lost');
}
