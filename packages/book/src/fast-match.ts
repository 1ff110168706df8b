/**
 * Matching of the fast book: an incoming order against the other side, best price first, first in time first.
 *
 * Of the incoming order, `bits` are those that all of its reports share (side, PRICED unless it is a market order,
 * instrument), the limit is a key (below), the owner has the bits of its u32; id and quantities stand in `work`.
 */
import * as C from './command.ts';
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
const { STP_BOTH, STP_DECREMENT, STP_NEWEST, STP_OLDEST } = C;
const { putAmended, putCanceled, putReport, W_ID, W_LEFT, W_NEED, W_TOTAL, W_TRADES } = F;
const { AMENDED, AMEND_SELF_TRADE, CANCELED, CANCEL_SELF_TRADE, FILL, PRICED, REASON_SHIFT, SIDE_SHIFT } = R;
const { growReports } = R;
const { APART, O_ID, O_LEAVES, O_LEVEL, O_NEXT, O_OWNER, O_PREV } = P;
const { L_COUNT, L_HEAD, L_PAGE, L_PRICE, L_SUM } = P;
const { removeLevel, removeOrder, shrinkOrder } = S;
const { levelAfter } = Axis;
const { leave } = Index;
const NONE = NO_SLOT;

/** The limit of an order that has none: every price meets it. */
export const NO_LIMIT = 0x7fffffff;

/** A price as a key of the other side, to be compared with that side's levels: what is not above it meets. */
export function limitKey(side: number, priceTicks: number): number {
  return priceTicks ^ (1 - side);
}

/** True where an order would meet the best of the other side. */
export function meetsBest(state: FastState, side: number, limit: number): boolean {
  const { ladder, i32 } = state.store;
  const best = ladder.best[3 - side];
  return best !== NONE && (i32[(best << 3) | L_PRICE] ^ (1 - side)) <= limit;
}

/**
 * Trades what is left of an incoming order (`work[W_LEFT]`) up to its limit; self-trade prevention takes part
 * where `stp` is not 0 and the owner not empty. Complexity: the orders met.
 */
export function match(
  state: FastState,
  bits: number,
  limit: number,
  owner: number,
  stp: number,
  out: ReportBuffer,
): void {
  const { store, work } = state;
  const { f64, i32, index, ladder } = store;
  const side = (bits >>> SIDE_SHIFT) & 3;
  const mask = 1 - side;
  const code = FILL | PRICED | bits;
  const guarded = owner === 0 ? 0 : stp;
  const id = work[W_ID];
  let left = work[W_LEFT];
  let trades = work[W_TRADES];
  while (left > 0) {
    const level = ladder.best[3 - side];
    if (level === NONE) break;
    const levelAt = level << 3;
    const price = i32[levelAt | L_PRICE];
    if ((price ^ mask) > limit) break;
    const slot = i32[levelAt | L_HEAD];
    const maker = i32[(slot << 3) | O_OWNER];
    if (guarded !== 0 && maker === owner) {
      work[W_LEFT] = left;
      preventTrade(state, slot, bits, limit, guarded, out);
      left = work[W_LEFT];
      continue;
    }
    const there = f64[(slot << 2) | O_LEAVES];
    const lots = left < there ? left : there;
    left -= lots;
    trades += 1;

    if (out.count === out.capacity) growReports(out);
    const at = out.count << 3;
    out.count += 1;
    const reports = out.f64;
    const words = out.i32;
    words[at << 1] = code;
    words[(at << 1) | 1] = price;
    words[(at << 1) | 2] = maker;
    words[(at << 1) | 3] = owner;
    reports[at | 2] = f64[(slot << 2) | O_ID];
    reports[at | 3] = id;
    reports[at | 4] = trades;
    reports[at | 5] = lots;
    reports[at | 6] = there - lots;
    reports[at | 7] = left;

    if (lots < there) {
      if ((i32[(slot << 3) | O_LEVEL] & APART) === 0) {
        store.totals[slot] = there;
        i32[(slot << 3) | O_LEVEL] |= APART;
      }
      f64[(slot << 2) | O_LEAVES] = there - lots;
      f64[(level << 2) | L_SUM] -= lots;
      break;
    }
    leave(index, f64, slot);
    const next = i32[(slot << 3) | O_NEXT];
    i32[levelAt | L_HEAD] = next;
    i32[(next << 3) | O_PREV] = level;
    i32[(slot << 3) | O_NEXT] = store.free;
    store.free = slot;
    store.orders -= 1;
    const count = i32[levelAt | L_COUNT] - 1;
    i32[levelAt | L_COUNT] = count;
    if (count === 0) removeLevel(store, level);
    else f64[(level << 2) | L_SUM] -= lots;
  }
  work[W_LEFT] = left;
  work[W_TRADES] = trades;
}

/** The incoming order meets one of its owner: its mode decides. */
function preventTrade(
  state: FastState,
  slot: number,
  bits: number,
  limit: number,
  stp: number,
  out: ReportBuffer,
): void {
  const { store, work } = state;
  const owner = store.i32[(slot << 3) | O_OWNER];
  const makerId = store.f64[(slot << 2) | O_ID];
  if (stp === STP_DECREMENT) {
    decrement(state, slot, bits, limit, out);
    return;
  }
  if (stp === STP_OLDEST || stp === STP_BOTH) {
    const at = putCanceled(state, slot, CANCEL_SELF_TRADE, out);
    out.f64[at | 3] = work[W_ID];
    removeOrder(store, slot);
  }
  if (stp === STP_NEWEST || stp === STP_BOTH) {
    const code = CANCELED | (CANCEL_SELF_TRADE << REASON_SHIFT);
    const at = putIncoming(state, code, bits, limit, owner, out);
    out.f64[at | 3] = makerId;
    out.f64[at | 5] = work[W_LEFT];
    work[W_LEFT] = 0;
  }
}

/** Takes the smaller quantity off both orders, the resting one first. */
function decrement(state: FastState, slot: number, bits: number, limit: number, out: ReportBuffer): void {
  const { store, work } = state;
  const there = store.f64[(slot << 2) | O_LEAVES];
  const makerId = store.f64[(slot << 2) | O_ID];
  const owner = store.i32[(slot << 3) | O_OWNER];
  const wanted = work[W_LEFT];
  const lots = wanted < there ? wanted : there;
  if (lots === there) {
    const at = putCanceled(state, slot, CANCEL_SELF_TRADE, out);
    out.f64[at | 3] = work[W_ID];
    removeOrder(store, slot);
  } else {
    shrinkOrder(store, slot, lots);
    const at = putAmended(state, slot, AMEND_SELF_TRADE, out);
    out.f64[at | 3] = work[W_ID];
  }
  work[W_LEFT] = wanted - lots;
  work[W_TOTAL] -= lots;
  const ends = lots === wanted;
  const code = ends
    ? CANCELED | (CANCEL_SELF_TRADE << REASON_SHIFT)
    : AMENDED | (AMEND_SELF_TRADE << REASON_SHIFT);
  const at = putIncoming(state, code, bits, limit, owner, out);
  out.f64[at | 3] = makerId;
  if (ends) out.f64[at | 5] = lots;
  else out.f64[at | 6] = wanted - lots;
}

/** Appends a report of the incoming order itself; returns its first cell. */
function putIncoming(
  state: FastState,
  code: number,
  bits: number,
  limit: number,
  owner: number,
  out: ReportBuffer,
): number {
  const side = (bits >>> SIDE_SHIFT) & 3;
  const price = (bits & PRICED) === 0 ? 0 : limit ^ (1 - side);
  return putReport(out, code | bits, price, owner, 0, state.work, W_ID);
}

/**
 * True where at least `work[W_NEED]` of the `work[W_LEFT]` lots of an incoming order would trade. Changes nothing.
 * Complexity: the levels met; with self-trade prevention the orders met.
 */
export function wouldTrade(
  state: FastState,
  side: number,
  limit: number,
  owner: number,
  stp: number,
): boolean {
  const { store, work } = state;
  const { f64, i32, ladder } = store;
  const need = work[W_NEED];
  const guarded = owner === 0 ? 0 : stp;
  let left = work[W_LEFT];
  let sum = 0;
  let level = ladder.best[3 - side];
  while (level !== NONE) {
    const key = i32[(level << 3) | L_PRICE] ^ (1 - side);
    if (key > limit) return false;
    if (guarded === 0) {
      // Below `need` so far, and both at most 2^53−1: exact, or large enough.
      sum += f64[(level << 2) | L_SUM];
      if (sum >= need) return true;
      level = levelAfter(ladder, i32[(level << 3) | L_PAGE], key);
      continue;
    }
    for (let slot = i32[(level << 3) | L_HEAD]; slot !== level; slot = i32[(slot << 3) | O_NEXT]) {
      const there = f64[(slot << 2) | O_LEAVES];
      const lots = there < left ? there : left;
      if (i32[(slot << 3) | O_OWNER] !== owner) {
        sum += lots;
        left -= lots;
        if (sum >= need) return true;
      } else if (guarded === STP_DECREMENT) {
        left -= lots;
      } else if (guarded !== STP_OLDEST) {
        return false;
      }
      if (left === 0) return false;
    }
    level = levelAfter(ladder, i32[(level << 3) | L_PAGE], key);
  }
  return false;
}
