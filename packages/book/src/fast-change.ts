/** Cancel, reduce, amend and cancelAll in the fast book. */
import { NONE, N_MAX } from '@truetape/contracts';
import { assert } from '@truetape/kernel';
import {
  BUY,
  isForEveryone,
  POST_ONLY_SLIDE,
  postOnlyOf,
  QTY_TOTAL,
  qtyModeOf,
  SELL,
  sideOf,
} from './command.ts';
import { limitKey, match, meetsBest } from './fast-match.ts';
import { isLots, NO_PRICE, slidPrice } from './fast-new.ts';
import { postOnlyOfTraits, putAmended, putCanceled, putRejected, putReport } from './fast-state.ts';
import { stpOfTraits, traitsOf, W_ID, W_LEFT, W_TOTAL, type FastState } from './fast-state.ts';
import { findSlot, leave } from './id-index.ts';
import * as R from './report.ts';
import type { ReportBuffer } from './report.ts';
import { NO_SLOT } from './slot.ts';
import {
  linkOrder,
  makeLevel,
  moveToTail,
  removeOrder,
  setLeaves,
  unlinkOrder,
  worseLevel,
} from './store.ts';
import { bestLevel, hasRoom, nextOrder } from './store.ts';
import * as P from './store-pool.ts';

/** Rejects a command that names an order; its own open quantity is told to its owner alone. */
function reject(
  state: FastState,
  f64: Float64Array,
  cell: number,
  code: number,
  owner: number,
  reason: number,
  slot: number,
  out: ReportBuffer,
): void {
  const { oi, of } = state.store;
  const at = putRejected(state, f64, cell, code, owner, reason, out);
  if (slot !== NO_SLOT && oi[slot * P.CELLS_I + P.O_OWNER] === owner) {
    out.f64[at + 6] = of[slot * P.CELLS_F + P.O_LEAVES];
  }
}

export function applyCancel(
  state: FastState,
  f64: Float64Array,
  cell: number,
  code: number,
  owner: number,
  out: ReportBuffer,
): void {
  const { store } = state;
  const slot = findSlot(store.index, store.of, f64, cell + 1);
  if (slot === NO_SLOT || store.oi[slot * P.CELLS_I + P.O_OWNER] !== owner) {
    putRejected(state, f64, cell, code, owner, slot === NO_SLOT ? R.UNKNOWN_ORDER : R.NOT_OWNER, out);
    return;
  }
  putCanceled(state, slot, R.CANCEL_REQUESTED, out);
  removeOrder(store, slot);
}

export function applyReduce(
  state: FastState,
  f64: Float64Array,
  cell: number,
  code: number,
  owner: number,
  out: ReportBuffer,
): void {
  const { store } = state;
  const lots = f64[cell + 3];
  const slot = findSlot(store.index, store.of, f64, cell + 1);
  if (!isLots(lots)) {
    reject(state, f64, cell, code, owner, R.BAD_QTY, slot, out);
    return;
  }
  if (slot === NO_SLOT || store.oi[slot * P.CELLS_I + P.O_OWNER] !== owner) {
    putRejected(state, f64, cell, code, owner, slot === NO_SLOT ? R.UNKNOWN_ORDER : R.NOT_OWNER, out);
    return;
  }
  const open = store.of[slot * P.CELLS_F + P.O_LEAVES];
  if (lots >= open) {
    putCanceled(state, slot, R.CANCEL_REQUESTED, out);
    removeOrder(store, slot);
    return;
  }
  setLeaves(store, slot, open - lots);
  store.totals[slot] -= lots;
  putAmended(state, slot, R.AMEND_REDUCED, out);
}

/**
 * What would remain of an order by an amend; NONE where that is no quantity. An executed part and what remains
 * stay within 2^53−1.
 */
function amendedLeaves(store: P.Store, slot: number, lots: number, code: number): number {
  const open = store.of[slot * P.CELLS_F + P.O_LEAVES];
  if (lots === NONE) return open;
  const executed = store.totals[slot] - open;
  const leaves = qtyModeOf(code) === QTY_TOTAL ? lots - executed : lots;
  return leaves >= 1 && leaves <= N_MAX - executed ? leaves : NONE;
}

export function applyAmend(
  state: FastState,
  f64: Float64Array,
  cell: number,
  code: number,
  owner: number,
  out: ReportBuffer,
): void {
  const { store, work } = state;
  const slot = findSlot(store.index, store.of, f64, cell + 1);
  const isOwn = slot !== NO_SLOT && store.oi[slot * P.CELLS_I + P.O_OWNER] === owner;
  const lots = f64[cell + 3];
  const leaves = isOwn ? amendedLeaves(store, slot, lots, code) : 0;
  if ((lots !== NONE && !isLots(lots)) || leaves === NONE) {
    reject(state, f64, cell, code, owner, R.BAD_QTY, slot, out);
    return;
  }
  const asked = f64[cell + 2];
  if (asked !== NONE && (asked | 0) !== asked) {
    reject(state, f64, cell, code, owner, R.BAD_PRICE, slot, out);
    return;
  }
  if (!isOwn) {
    putRejected(state, f64, cell, code, owner, slot === NO_SLOT ? R.UNKNOWN_ORDER : R.NOT_OWNER, out);
    return;
  }
  const level = store.oi[slot * P.CELLS_I + P.O_LEVEL] * P.CELLS_I;
  const side = store.li[level + P.L_SIDE];
  const before = store.li[level + P.L_PRICE];
  const traits = store.traits[slot];
  const postOnly = postOnlyOf(code) === 0 ? postOnlyOfTraits(traits) : postOnlyOf(code);
  let ticks = asked === NONE ? before : asked | 0;
  if (postOnly !== 0 && meetsBest(state, side, limitKey(side, ticks))) {
    const slid = postOnly === POST_ONLY_SLIDE ? slidPrice(state, side) : NO_PRICE;
    if (slid === NO_PRICE) {
      reject(state, f64, cell, code, owner, R.WOULD_CROSS, slot, out);
      return;
    }
    ticks = slid | 0;
  }
  const executed = store.totals[slot] - store.of[slot * P.CELLS_F + P.O_LEAVES];
  work[W_LEFT] = leaves;
  work[W_TOTAL] = executed + leaves;
  const all = traitsOf(stpOfTraits(traits), postOnly);
  if (
    ticks === before ? !amendInPlace(state, slot, all, out) : !moveOrder(state, slot, side, ticks, all, out)
  ) {
    reject(state, f64, cell, code, owner, R.CAPACITY, slot, out);
  }
}

/** The same price with what stands in `work`; false, and nothing changed, where the level has no room. */
function amendInPlace(state: FastState, slot: number, traits: number, out: ReportBuffer): boolean {
  const { store, work } = state;
  const grows = work[W_LEFT] > store.of[slot * P.CELLS_F + P.O_LEAVES];
  if (!setLeaves(store, slot, work[W_LEFT])) return false;
  store.totals[slot] = work[W_TOTAL];
  store.traits[slot] = traits;
  const at = putAmended(state, slot, R.AMEND_REQUESTED, out);
  if (grows) {
    out.i32[at * 2] &= ~R.PRIORITY_KEPT;
    moveToTail(store, slot);
  }
  return true;
}

/** Another price: the order leaves its level, trades as an incoming one, and rests with what is left. */
function moveOrder(
  state: FastState,
  slot: number,
  side: number,
  ticks: number,
  traits: number,
  out: ReportBuffer,
): boolean {
  const { store, work } = state;
  const limit = limitKey(side, ticks);
  const crosses = meetsBest(state, side, limit);
  if (!crosses && !hasRoom(store, side, ticks, work, W_LEFT)) return false;
  const owner = store.oi[slot * P.CELLS_I + P.O_OWNER];
  work[W_ID] = store.of[slot * P.CELLS_F + P.O_ID];
  unlinkOrder(store, slot);
  const bits = (side << R.SIDE_SHIFT) | R.PRICED | state.instrumentBits;
  const code = R.AMENDED | (R.AMEND_REQUESTED << R.REASON_SHIFT) | bits;
  const at = putReport(out, code, ticks, owner, 0, work, W_ID);
  out.f64[at + 6] = work[W_LEFT];
  if (crosses) match(state, bits, limit, owner, stpOfTraits(traits), out);
  if (work[W_LEFT] === 0) {
    leave(store.index, store.of, slot);
    P.freeSlot(store, slot);
    return true;
  }
  store.of[slot * P.CELLS_F + P.O_LEAVES] = work[W_LEFT];
  store.totals[slot] = work[W_TOTAL];
  store.traits[slot] = traits;
  linkOrder(store, slot, makeLevel(store, side, ticks));
  assert(!meetsBest(state, side, limit), 'BOOK-12');
  return true;
}

/** Complexity: all orders of the sides asked for, since they are not listed by owner. */
export function applyCancelAll(state: FastState, code: number, owner: number, out: ReportBuffer): void {
  const { work } = state;
  const side = sideOf(code);
  let count = 0;
  if (side !== SELL) count += cancelSide(state, BUY, owner, isForEveryone(code), out);
  if (side !== BUY) count += cancelSide(state, SELL, owner, isForEveryone(code), out);
  const bits = R.CANCEL_ALL_DONE | (side << R.SIDE_SHIFT) | state.instrumentBits;
  work[W_ID] = NONE;
  const at = putReport(out, bits, 0, owner, 0, work, W_ID);
  out.f64[at + 5] = count;
}

function cancelSide(
  state: FastState,
  side: number,
  owner: number,
  everyone: boolean,
  out: ReportBuffer,
): number {
  const { store } = state;
  let count = 0;
  let level = bestLevel(store, side);
  while (level !== NO_SLOT) {
    // Both are read before the order goes: its slot, and the level with its last order, are free then.
    const worse = worseLevel(store, level);
    let slot = store.li[level * P.CELLS_I + P.L_HEAD];
    while (slot !== NO_SLOT) {
      const next = nextOrder(store, slot);
      if (everyone || store.oi[slot * P.CELLS_I + P.O_OWNER] === owner) {
        putCanceled(state, slot, R.CANCEL_ALL, out);
        removeOrder(store, slot);
        count += 1;
      }
      slot = next;
    }
    level = worse;
  }
  return count;
}
