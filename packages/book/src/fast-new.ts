/** New orders in the fast book: the checks in their order, then accepted, matched, and rested or canceled. */
import { NONE, N_MAX } from '@truetape/contracts';
import { assert } from '@truetape/kernel';
import * as C from './command.ts';
import * as M from './fast-match.ts';
import * as F from './fast-state.ts';
import type { FastState } from './fast-state.ts';
import * as Index from './id-window.ts';
import * as Axis from './ladder.ts';
import * as R from './report.ts';
import type { ReportBuffer } from './report.ts';
import { NO_SLOT } from './slot.ts';
import * as S from './store.ts';
import * as P from './store-pool.ts';

// Bound here, see store.ts.
const { FOK, GTC, MARKET, POST_ONLY_SLIDE, postOnlyOf, sideOf, stpOf, tifOf, typeOf } = C;
const { limitKey, match, meetsBest, NO_LIMIT, wouldTrade } = M;
const { putRejected, putReport, traitsOf, W_ID, W_LEFT, W_NEED, W_TOTAL } = F;
const { enter, enterFound, findSlot } = Index;
const { levelAtKey } = Axis;
const { ACCEPTED, CANCELED, CANCEL_IOC, CANCEL_MARKET, PRICED, REASON_SHIFT, SIDE_SHIFT } = R;
const { BAD_PRICE, BAD_QTY, CAPACITY, DUPLICATE_ID, WOULD_CROSS, WOULD_NOT_FILL } = R;
const { hasRoom, linkOrder, makeLevel, keyOf, setTotal } = S;
const { L_PRICE, O_LEAVES, O_OWNER, takeNode } = P;
const ABSENT = NONE;
const NO_LEVEL = NO_SLOT;
const BIGGEST = N_MAX;
const assertThat: typeof assert = assert;

/** A number of lots: an integer in 1 … 2^53−1. */
export function isLots(lots: number): boolean {
  return lots >= 1 && lots <= BIGGEST && Math.floor(lots) === lots;
}

/** A minimum quantity: an integer in 0 … the whole quantity. */
function isPart(minLots: number, lots: number): boolean {
  return minLots >= 0 && minLots <= lots && Math.floor(minLots) === minLots;
}

/** What `slidPrice` gives where there is no price: one more than the highest, so that it stays an integer. */
export const NO_PRICE = 0x80000000;

/** The price one tick before the best of the other side, which has one. */
export function slidPrice(state: FastState, side: number): number {
  const { ladder, i32 } = state.store;
  const best = i32[(ladder.best[3 - side] << 3) | L_PRICE];
  const slid = side === C.BUY ? best - 1 : best + 1;
  return (slid | 0) === slid ? slid : NO_PRICE;
}

/** Executes a new order. `code` and `owner` are those of cell 0, as 32 bits. */
export function applyNew(
  state: FastState,
  cells: Float64Array,
  cell: number,
  code: number,
  owner: number,
  out: ReportBuffer,
): void {
  const { store, work } = state;
  const side = sideOf(code);
  const isMarket = typeOf(code) === MARKET;
  const tif = tifOf(code);
  const lots = cells[cell | 3];
  const minLots = cells[cell | 4];
  const asked = cells[cell | 2];
  let ticks = asked | 0;
  if (
    !(lots >= 1 && lots <= BIGGEST && Math.floor(lots) === lots) ||
    (minLots !== 0 && !isPart(minLots, lots))
  ) {
    putRejected(state, cells, cell, code, owner, BAD_QTY, out);
    return;
  }
  if (isMarket ? asked !== ABSENT : ticks !== asked) {
    putRejected(state, cells, cell, code, owner, BAD_PRICE, out);
    return;
  }
  if (findSlot(store.index, store.f64, cells, cell | 1) !== NO_LEVEL) {
    putRejected(state, cells, cell, code, owner, DUPLICATE_ID, out);
    return;
  }
  let limit = isMarket ? NO_LIMIT : limitKey(side, ticks);
  let crosses = meetsBest(state, side, limit);
  if (crosses && postOnlyOf(code) !== 0) {
    const slid = isMarket || postOnlyOf(code) !== POST_ONLY_SLIDE ? NO_PRICE : slidPrice(state, side);
    if (slid === NO_PRICE) {
      putRejected(state, cells, cell, code, owner, WOULD_CROSS, out);
      return;
    }
    ticks = slid | 0;
    limit = limitKey(side, ticks);
    crosses = false;
  }
  if (tif === FOK || minLots !== 0) {
    work[W_LEFT] = lots;
    work[W_NEED] = tif === FOK ? lots : minLots;
    if (!crosses || !wouldTrade(state, side, limit, owner, stpOf(code))) {
      putRejected(state, cells, cell, code, owner, WOULD_NOT_FILL, out);
      return;
    }
  }
  const mayRest = !isMarket && tif === GTC;
  // Where the order crosses, nothing of its own side can stand at its price.
  const level = mayRest && !crosses ? levelAtKey(store.ladder, side, keyOf(side, ticks)) : NO_LEVEL;
  if (mayRest && (store.orders >= store.ordersMax || !hasRoom(store, level, cells, cell | 3))) {
    putRejected(state, cells, cell, code, owner, CAPACITY, out);
    return;
  }

  const bits = (side << SIDE_SHIFT) | (isMarket ? 0 : PRICED) | state.instrumentBits;
  const price = isMarket ? 0 : ticks;
  const at = putReport(out, ACCEPTED | bits, price, owner, typeOf(code) | (tif << 8), cells, cell | 1);
  out.f64[at | 6] = lots;
  work[W_ID] = cells[cell | 1] + 0;
  work[W_LEFT] = lots;
  work[W_TOTAL] = lots;
  if (crosses) match(state, bits, limit, owner, stpOf(code), out);
  if (work[W_LEFT] === 0) return;
  if (mayRest) {
    restOrder(state, side, ticks, owner, traitsOf(stpOf(code), postOnlyOf(code)), level, crosses);
    return;
  }
  const why = (isMarket ? CANCEL_MARKET : CANCEL_IOC) << REASON_SHIFT;
  const end = putReport(out, CANCELED | why | bits, price, owner, 0, work, W_ID);
  out.f64[end | 5] = work[W_LEFT];
}

/** Rests what `work` has, behind the orders of its level or in a new one. */
function restOrder(
  state: FastState,
  side: number,
  ticks: number,
  owner: number,
  traits: number,
  level: number,
  crossed: boolean,
): void {
  const { store, work } = state;
  const slot = takeNode(store);
  const { f64, i32 } = store;
  f64[slot << 2] = work[W_ID];
  f64[(slot << 2) | O_LEAVES] = work[W_LEFT];
  i32[(slot << 3) | O_OWNER] = owner;
  // Matching moves entries of the index: the place that was found for the id no longer holds.
  if (crossed) enter(store.index, f64, slot, store.orders);
  else enterFound(store.index, f64, slot, store.orders);
  store.orders += 1;
  linkOrder(store, slot, level === NO_LEVEL ? makeLevel(store, side, ticks) : level, traits);
  setTotal(store, slot, work, W_TOTAL);
  assertThat(!meetsBest(state, side, limitKey(side, ticks)), 'BOOK-12');
}
