/** New orders in the fast book: the checks in their order, then accepted, matched, and rested or canceled. */
import { NONE, N_MAX } from '@truetape/contracts';
import { assert } from '@truetape/kernel';
import {
  BUY,
  FOK,
  GTC,
  MARKET,
  POST_ONLY_SLIDE,
  postOnlyOf,
  sideOf,
  stpOf,
  tifOf,
  typeOf,
} from './command.ts';
import { limitKey, match, meetsBest, NO_LIMIT, otherLadder, wouldTrade } from './fast-match.ts';
import { putRejected, putReport, traitsOf } from './fast-state.ts';
import { W_ID, W_LEFT, W_NEED, W_TOTAL, type FastState } from './fast-state.ts';
import { enter, enterAtHole, findSlot } from './id-index.ts';
import * as R from './report.ts';
import type { ReportBuffer } from './report.ts';
import { NO_SLOT } from './slot.ts';
import { hasRoom, linkOrder, makeLevel } from './store.ts';
import * as P from './store-pool.ts';

/** A number of lots: an integer in 1 … 2^53−1. */
export function isLots(lots: number): boolean {
  return lots >= 1 && lots <= N_MAX && Math.floor(lots) === lots;
}

/**
 * The price one tick before the best of the other side. NO_PRICE where there is none within the range; that is one
 * more than the highest price, so that both stay integers.
 */
export const NO_PRICE = 0x80000000;
export function slidPrice(state: FastState, side: number): number {
  const best = state.store.li[otherLadder(state, side).best * P.CELLS_I + P.L_PRICE];
  const slid = side === BUY ? best - 1 : best + 1;
  return (slid | 0) === slid ? slid : NO_PRICE;
}

/** Executes a new order. `code` and `owner` are those of cell 0, as 32 bits. */
export function applyNew(
  state: FastState,
  f64: Float64Array,
  cell: number,
  code: number,
  owner: number,
  out: ReportBuffer,
): void {
  const { store, work } = state;
  const side = sideOf(code);
  const isMarket = typeOf(code) === MARKET;
  const tif = tifOf(code);
  const lots = f64[cell + 3];
  const minLots = f64[cell + 4];
  const asked = f64[cell + 2];
  let ticks = asked | 0;
  if (!isLots(lots) || !(minLots >= 0 && minLots <= lots && Math.floor(minLots) === minLots)) {
    putRejected(state, f64, cell, code, owner, R.BAD_QTY, out);
    return;
  }
  if (isMarket ? asked !== NONE : ticks !== asked) {
    putRejected(state, f64, cell, code, owner, R.BAD_PRICE, out);
    return;
  }
  if (findSlot(store.index, store.of, f64, cell + 1) !== NO_SLOT) {
    putRejected(state, f64, cell, code, owner, R.DUPLICATE_ID, out);
    return;
  }
  let limit = isMarket ? NO_LIMIT : limitKey(side, ticks);
  let crosses = meetsBest(state, side, limit);
  if (crosses && postOnlyOf(code) !== 0) {
    const slid = isMarket || postOnlyOf(code) !== POST_ONLY_SLIDE ? NO_PRICE : slidPrice(state, side);
    if (slid === NO_PRICE) {
      putRejected(state, f64, cell, code, owner, R.WOULD_CROSS, out);
      return;
    }
    ticks = slid | 0;
    limit = limitKey(side, ticks);
    crosses = false;
  }
  work[W_LEFT] = lots;
  work[W_NEED] = tif === FOK ? lots : minLots;
  if (work[W_NEED] > 0 && !(crosses && wouldTrade(state, side, limit, owner, stpOf(code)))) {
    putRejected(state, f64, cell, code, owner, R.WOULD_NOT_FILL, out);
    return;
  }
  const mayRest = !isMarket && tif === GTC;
  // Where the order crosses, nothing of its own side can stand at its price.
  if (
    mayRest &&
    (store.orders >= store.ordersMax || (!crosses && !hasRoom(store, side, ticks, f64, cell + 3)))
  ) {
    putRejected(state, f64, cell, code, owner, R.CAPACITY, out);
    return;
  }

  const bits = (side << R.SIDE_SHIFT) | (isMarket ? 0 : R.PRICED) | state.instrumentBits;
  const price = isMarket ? 0 : ticks;
  const at = putReport(out, R.ACCEPTED | bits, price, owner, typeOf(code) | (tif << 8), f64, cell + 1);
  out.f64[at + 6] = lots;
  work[W_ID] = f64[cell + 1] + 0;
  work[W_TOTAL] = lots;
  if (crosses) match(state, bits, limit, owner, stpOf(code), out);
  if (work[W_LEFT] === 0) return;
  if (mayRest) {
    const slot = takeOrder(state, owner, traitsOf(stpOf(code), postOnlyOf(code)));
    if (crosses) enter(store.index, store.of, slot);
    else enterAtHole(store.index, store.of, slot);
    linkOrder(store, slot, makeLevel(store, side, ticks));
    assert(!meetsBest(state, side, limitKey(side, ticks)), 'BOOK-12');
    return;
  }
  const reason = (isMarket ? R.CANCEL_MARKET : R.CANCEL_IOC) << R.REASON_SHIFT;
  const end = putReport(out, R.CANCELED | reason | bits, price, owner, 0, work, W_ID);
  out.f64[end + 5] = work[W_LEFT];
}

/** A slot with the order of `work` in it, neither entered nor linked yet. */
function takeOrder(state: FastState, owner: number, traits: number): number {
  const { store, work } = state;
  const slot = P.takeSlot(store);
  store.of[slot * P.CELLS_F + P.O_ID] = work[W_ID];
  store.of[slot * P.CELLS_F + P.O_LEAVES] = work[W_LEFT];
  store.oi[slot * P.CELLS_I + P.O_OWNER] = owner;
  store.totals[slot] = work[W_TOTAL];
  store.traits[slot] = traits;
  return slot;
}
