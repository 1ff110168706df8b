/** Cancel, reduce, amend and cancelAll in the fast book. */
import { NONE, N_MAX } from '@truetape/contracts';
import { assert } from '@truetape/kernel';
import * as C from './command.ts';
import * as M from './fast-match.ts';
import * as N from './fast-new.ts';
import * as F from './fast-state.ts';
import type { FastState } from './fast-state.ts';
import * as Index from './id-window.ts';
import * as Axis from './ladder.ts';
import * as R from './report.ts';
import type { ReportBuffer } from './report.ts';
import { NO_SLOT } from './slot.ts';
import * as S from './store.ts';
import type { Store } from './store.ts';
import * as P from './store-pool.ts';

// Bound here, see store.ts.
const { BUY, isForEveryone, POST_ONLY_SLIDE, postOnlyOf, QTY_TOTAL, qtyModeOf, SELL, sideOf } = C;
const { limitKey, match, meetsBest } = M;
const { isLots, NO_PRICE, slidPrice } = N;
const { postOnlyOfTraits, putAmended, putCanceled, putRejected, putReport, stpOfTraits, traitsOf } = F;
const { W_ID, W_LEFT, W_TOTAL } = F;
const { findSlot, leave, leaveFound } = Index;
const { levelAtKey } = Axis;
const { bestLevel, hasRoom, keyOf, levelHead, linkOrder, makeLevel, moveToTail, nextOrder } = S;
const { orderTotal, orderTraits, removeLevel, removeOrder, setLeaves, setTotal, shrinkOrder } = S;
const { unlinkOrder, worseLevel } = S;
const { freeNode, L_COUNT, L_PRICE, L_SIDE, L_SUM, LEVEL_MASK } = P;
const { O_LEAVES, O_LEVEL, O_NEXT, O_OWNER, O_PREV, TRAITS_SHIFT } = P;
const {
  AMENDED,
  AMEND_REDUCED,
  AMEND_REQUESTED,
  BAD_PRICE,
  BAD_QTY,
  CANCEL_ALL,
  CANCEL_ALL_DONE,
  CANCEL_REQUESTED,
  CAPACITY,
  NOT_OWNER,
  PRICED,
  PRIORITY_KEPT,
  REASON_SHIFT,
  SIDE_SHIFT,
  UNKNOWN_ORDER,
  WOULD_CROSS,
  CANCELED,
} = R;
const NONE_FOUND = NO_SLOT;
const ABSENT = NONE;
const BIGGEST = N_MAX;

/** Rejects a command that names an order; its own open quantity is told to its owner alone. */
function reject(
  state: FastState,
  cells: Float64Array,
  cell: number,
  code: number,
  owner: number,
  reason: number,
  slot: number,
  out: ReportBuffer,
): void {
  const { i32, f64 } = state.store;
  const at = putRejected(state, cells, cell, code, owner, reason, out);
  if (slot !== NONE_FOUND && i32[(slot << 3) | O_OWNER] === owner) {
    out.f64[at | 6] = f64[(slot << 2) | O_LEAVES];
  }
}

/** One function without calls but for rare cases: cancels are as frequent as orders. */
export function applyCancel(
  state: FastState,
  cells: Float64Array,
  cell: number,
  code: number,
  owner: number,
  out: ReportBuffer,
): void {
  const { store } = state;
  const { f64, i32, index } = store;
  const slot = findSlot(index, f64, cells, cell | 1);
  if (slot === NONE_FOUND || i32[(slot << 3) | O_OWNER] !== owner) {
    const reason = slot === NONE_FOUND ? UNKNOWN_ORDER : NOT_OWNER;
    putRejected(state, cells, cell, code, owner, reason, out);
    return;
  }
  leaveFound(index, f64);
  const level = i32[(slot << 3) | O_LEVEL] & LEVEL_MASK;
  const lots = f64[(slot << 2) | O_LEAVES];
  const bits = CANCELED | (CANCEL_REQUESTED << REASON_SHIFT) | PRICED | state.instrumentBits;
  const whole = bits | (i32[(level << 3) | L_SIDE] << SIDE_SHIFT);
  const at = putReport(out, whole, i32[(level << 3) | L_PRICE], owner, 0, f64, slot << 2);
  out.f64[at | 5] = lots;

  const next = i32[(slot << 3) | O_NEXT];
  const prev = i32[(slot << 3) | O_PREV];
  i32[(prev << 3) | O_NEXT] = next;
  i32[(next << 3) | O_PREV] = prev;
  const count = i32[(level << 3) | L_COUNT] - 1;
  i32[(level << 3) | L_COUNT] = count;
  f64[(level << 2) | L_SUM] -= lots;
  i32[(slot << 3) | O_NEXT] = store.free;
  store.free = slot;
  store.orders -= 1;
  if (count === 0) removeLevel(store, level);
}

export function applyReduce(
  state: FastState,
  cells: Float64Array,
  cell: number,
  code: number,
  owner: number,
  out: ReportBuffer,
): void {
  const { store } = state;
  const lots = cells[cell | 3];
  const slot = findSlot(store.index, store.f64, cells, cell | 1);
  if (!isLots(lots)) {
    reject(state, cells, cell, code, owner, BAD_QTY, slot, out);
    return;
  }
  if (slot === NONE_FOUND || store.i32[(slot << 3) | O_OWNER] !== owner) {
    putRejected(state, cells, cell, code, owner, slot === NONE_FOUND ? UNKNOWN_ORDER : NOT_OWNER, out);
    return;
  }
  const open = store.f64[(slot << 2) | O_LEAVES];
  if (lots >= open) {
    putCanceled(state, slot, CANCEL_REQUESTED, out);
    removeOrder(store, slot);
    return;
  }
  shrinkOrder(store, slot, lots);
  putAmended(state, slot, AMEND_REDUCED, out);
}

/**
 * What would remain of an order by an amend; ABSENT where that is no quantity. An executed part and what remains
 * stay within 2^53−1.
 */
function amendedLeaves(store: Store, slot: number, lots: number, code: number): number {
  const open = store.f64[(slot << 2) | O_LEAVES];
  if (lots === ABSENT) return open;
  const executed = orderTotal(store, slot) - open;
  const leaves = qtyModeOf(code) === QTY_TOTAL ? lots - executed : lots;
  return leaves >= 1 && leaves <= BIGGEST - executed ? leaves : ABSENT;
}

export function applyAmend(
  state: FastState,
  cells: Float64Array,
  cell: number,
  code: number,
  owner: number,
  out: ReportBuffer,
): void {
  const { store, work } = state;
  const slot = findSlot(store.index, store.f64, cells, cell | 1);
  const isOwn = slot !== NONE_FOUND && store.i32[(slot << 3) | O_OWNER] === owner;
  const lots = cells[cell | 3];
  const leaves = isOwn ? amendedLeaves(store, slot, lots, code) : 0;
  if ((lots !== ABSENT && !isLots(lots)) || leaves === ABSENT) {
    reject(state, cells, cell, code, owner, BAD_QTY, slot, out);
    return;
  }
  const asked = cells[cell | 2];
  if (asked !== ABSENT && (asked | 0) !== asked) {
    reject(state, cells, cell, code, owner, BAD_PRICE, slot, out);
    return;
  }
  if (!isOwn) {
    putRejected(state, cells, cell, code, owner, slot === NONE_FOUND ? UNKNOWN_ORDER : NOT_OWNER, out);
    return;
  }
  const level = (store.i32[(slot << 3) | O_LEVEL] & LEVEL_MASK) << 3;
  const side = store.i32[level | L_SIDE];
  const before = store.i32[level | L_PRICE];
  const traits = orderTraits(store, slot);
  const postOnly = postOnlyOf(code) === 0 ? postOnlyOfTraits(traits) : postOnlyOf(code);
  let ticks = asked === ABSENT ? before : asked | 0;
  if (postOnly !== 0 && meetsBest(state, side, limitKey(side, ticks))) {
    const slid = postOnly === POST_ONLY_SLIDE ? slidPrice(state, side) : NO_PRICE;
    if (slid === NO_PRICE) {
      reject(state, cells, cell, code, owner, WOULD_CROSS, slot, out);
      return;
    }
    ticks = slid | 0;
  }
  const executed = orderTotal(store, slot) - store.f64[(slot << 2) | O_LEAVES];
  work[W_LEFT] = leaves;
  work[W_TOTAL] = executed + leaves;
  const all = traitsOf(stpOfTraits(traits), postOnly);
  if (
    ticks === before ? !amendInPlace(state, slot, all, out) : !moveOrder(state, slot, side, ticks, all, out)
  ) {
    reject(state, cells, cell, code, owner, CAPACITY, slot, out);
  }
}

/** The same price with what stands in `work`; false, and nothing changed, where the level has no room. */
function amendInPlace(state: FastState, slot: number, traits: number, out: ReportBuffer): boolean {
  const { store, work } = state;
  const grows = work[W_LEFT] > store.f64[(slot << 2) | O_LEAVES];
  if (!setLeaves(store, slot, work[W_LEFT])) return false;
  const levelAt = (slot << 3) | O_LEVEL;
  store.i32[levelAt] = (store.i32[levelAt] & LEVEL_MASK) | (traits << TRAITS_SHIFT);
  setTotal(store, slot, work, W_TOTAL);
  const at = putAmended(state, slot, AMEND_REQUESTED, out);
  if (grows) {
    out.i32[at * 2] &= ~PRIORITY_KEPT;
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
  if (!crosses && !hasRoom(store, levelAtKey(store.ladder, side, keyOf(side, ticks)), work, W_LEFT))
    return false;
  const owner = store.i32[(slot << 3) | O_OWNER];
  work[W_ID] = store.f64[slot << 2];
  unlinkOrder(store, slot);
  const bits = (side << SIDE_SHIFT) | PRICED | state.instrumentBits;
  const code = AMENDED | (AMEND_REQUESTED << REASON_SHIFT) | bits;
  const at = putReport(out, code, ticks, owner, 0, work, W_ID);
  out.f64[at | 6] = work[W_LEFT];
  if (crosses) match(state, bits, limit, owner, stpOfTraits(traits), out);
  if (work[W_LEFT] === 0) {
    leave(store.index, store.f64, slot);
    store.orders -= 1;
    freeNode(store, slot);
    return true;
  }
  store.f64[(slot << 2) | O_LEAVES] = work[W_LEFT];
  linkOrder(store, slot, makeLevel(store, side, ticks), traits);
  setTotal(store, slot, work, W_TOTAL);
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
  const bits = CANCEL_ALL_DONE | (side << SIDE_SHIFT) | state.instrumentBits;
  work[W_ID] = ABSENT;
  const at = putReport(out, bits, 0, owner, 0, work, W_ID);
  out.f64[at | 5] = count;
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
  while (level !== NONE_FOUND) {
    // Both are read before the order goes: its slot, and the level with its last order, are free then.
    const worse = worseLevel(store, level);
    let slot = levelHead(store, level);
    while (slot !== NONE_FOUND) {
      const next = nextOrder(store, slot);
      if (everyone || store.i32[(slot << 3) | O_OWNER] === owner) {
        putCanceled(state, slot, CANCEL_ALL, out);
        removeOrder(store, slot);
        count += 1;
      }
      slot = next;
    }
    level = worse;
  }
  return count;
}
