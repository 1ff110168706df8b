/**
 * Matching of the fast book: an incoming order against the other side, best price first, first in time first.
 *
 * Of the incoming order, `bits` are those that all of its reports share (side, PRICED unless it is a market order,
 * instrument), the limit is a key (below), the owner has the bits of its u32; id and quantities stand in `work`.
 */
import { BUY, STP_BOTH, STP_DECREMENT, STP_NEWEST, STP_OLDEST } from './command.ts';
import { nextReport, putAmended, putCanceled, putReport } from './fast-state.ts';
import { W_ID, W_LEFT, W_NEED, W_TOTAL, W_TRADES, type FastState } from './fast-state.ts';
import { leave } from './id-index.ts';
import { levelAfter, type Ladder } from './ladder.ts';
import * as R from './report.ts';
import type { ReportBuffer } from './report.ts';
import { NO_SLOT } from './slot.ts';
import { removeLevel, removeOrder, setLeaves } from './store.ts';
import * as P from './store-pool.ts';

/** The limit of an order that has none: every price meets it. */
export const NO_LIMIT = 0x7fffffff;

/** A price as a key of the other side, to be compared with that side's levels: what is not above it meets. */
export function limitKey(side: number, priceTicks: number): number {
  return side === BUY ? priceTicks : ~priceTicks;
}

const sideOfBits = (bits: number): number => (bits >>> R.SIDE_SHIFT) & 3;

/** Key of a level, on the side that it is on. */
function keyOfLevel(state: FastState, level: number, takerSide: number): number {
  const price = state.store.li[level * P.CELLS_I + P.L_PRICE];
  return takerSide === BUY ? price : ~price;
}

export function otherLadder(state: FastState, side: number): Ladder {
  return side === BUY ? state.store.asks : state.store.bids;
}

/** True where an order would meet the best of the other side. */
export function meetsBest(state: FastState, side: number, limit: number): boolean {
  const { best } = otherLadder(state, side);
  return best !== NO_SLOT && keyOfLevel(state, best, side) <= limit;
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
  const side = sideOfBits(bits);
  const ladder = otherLadder(state, side);
  const guarded = owner === 0 ? 0 : stp;
  while (work[W_LEFT] > 0) {
    const level = ladder.best;
    if (level === NO_SLOT || keyOfLevel(state, level, side) > limit) return;
    const slot = store.li[level * P.CELLS_I + P.L_HEAD];
    if (guarded !== 0 && store.oi[slot * P.CELLS_I + P.O_OWNER] === owner) {
      preventTrade(state, slot, bits, limit, guarded, out);
    } else {
      tradeHead(state, level, slot, bits, owner, out);
    }
  }
}

/** One match with the first order of the best level. */
function tradeHead(
  state: FastState,
  level: number,
  slot: number,
  bits: number,
  owner: number,
  out: ReportBuffer,
): void {
  const { store, work } = state;
  const { of, oi } = store;
  const wanted = work[W_LEFT];
  const there = of[slot * P.CELLS_F + P.O_LEAVES];
  const lots = wanted < there ? wanted : there;
  const trades = work[W_TRADES] + 1;
  work[W_TRADES] = trades;
  work[W_LEFT] = wanted - lots;

  const at = nextReport(out);
  const { f64, i32 } = out;
  i32[at * 2] = R.FILL | R.PRICED | bits;
  i32[at * 2 + 1] = store.li[level * P.CELLS_I + P.L_PRICE];
  i32[at * 2 + 2] = oi[slot * P.CELLS_I + P.O_OWNER];
  i32[at * 2 + 3] = owner;
  f64[at + 2] = of[slot * P.CELLS_F + P.O_ID];
  f64[at + 3] = work[W_ID];
  f64[at + 4] = trades;
  f64[at + 5] = lots;
  f64[at + 6] = there - lots;
  f64[at + 7] = wanted - lots;

  if (lots < there) {
    of[slot * P.CELLS_F + P.O_LEAVES] = there - lots;
    store.lf[level * P.CELLS_F + P.L_QTY] -= lots;
    return;
  }
  leave(store.index, of, slot);
  const next = oi[slot * P.CELLS_I + P.O_NEXT];
  if (next === NO_SLOT) {
    removeLevel(store, level);
  } else {
    oi[next * P.CELLS_I + P.O_PREV] = NO_SLOT;
    store.li[level * P.CELLS_I + P.L_HEAD] = next;
    store.li[level * P.CELLS_I + P.L_COUNT] -= 1;
    store.lf[level * P.CELLS_F + P.L_QTY] -= lots;
  }
  P.freeSlot(store, slot);
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
  const owner = store.oi[slot * P.CELLS_I + P.O_OWNER];
  const makerId = store.of[slot * P.CELLS_F + P.O_ID];
  if (stp === STP_DECREMENT) {
    decrement(state, slot, bits, limit, out);
    return;
  }
  if (stp === STP_OLDEST || stp === STP_BOTH) {
    const at = putCanceled(state, slot, R.CANCEL_SELF_TRADE, out);
    out.f64[at + 3] = work[W_ID];
    removeOrder(store, slot);
  }
  if (stp === STP_NEWEST || stp === STP_BOTH) {
    const at = putIncoming(
      state,
      R.CANCELED | (R.CANCEL_SELF_TRADE << R.REASON_SHIFT),
      bits,
      limit,
      owner,
      out,
    );
    out.f64[at + 3] = makerId;
    out.f64[at + 5] = work[W_LEFT];
    work[W_LEFT] = 0;
  }
}

/** Takes the smaller quantity off both orders, the resting one first. */
function decrement(state: FastState, slot: number, bits: number, limit: number, out: ReportBuffer): void {
  const { store, work } = state;
  const there = store.of[slot * P.CELLS_F + P.O_LEAVES];
  const makerId = store.of[slot * P.CELLS_F + P.O_ID];
  const owner = store.oi[slot * P.CELLS_I + P.O_OWNER];
  const wanted = work[W_LEFT];
  const lots = wanted < there ? wanted : there;
  if (lots === there) {
    const at = putCanceled(state, slot, R.CANCEL_SELF_TRADE, out);
    out.f64[at + 3] = work[W_ID];
    removeOrder(store, slot);
  } else {
    setLeaves(store, slot, there - lots);
    store.totals[slot] -= lots;
    const at = putAmended(state, slot, R.AMEND_SELF_TRADE, out);
    out.f64[at + 3] = work[W_ID];
  }
  work[W_LEFT] = wanted - lots;
  work[W_TOTAL] -= lots;
  const ends = lots === wanted;
  const code = ends
    ? R.CANCELED | (R.CANCEL_SELF_TRADE << R.REASON_SHIFT)
    : R.AMENDED | (R.AMEND_SELF_TRADE << R.REASON_SHIFT);
  const at = putIncoming(state, code, bits, limit, owner, out);
  out.f64[at + 3] = makerId;
  if (ends) out.f64[at + 5] = lots;
  else out.f64[at + 6] = wanted - lots;
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
  const price = (bits & R.PRICED) === 0 ? 0 : sideOfBits(bits) === BUY ? limit : ~limit;
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
  if (stp !== 0 && owner !== 0) return wouldTradeGuarded(state, side, limit, owner, stp);
  const { store, work } = state;
  const ladder = otherLadder(state, side);
  const need = work[W_NEED];
  let sum = 0;
  let level = ladder.best;
  while (level !== NO_SLOT) {
    const key = keyOfLevel(state, level, side);
    if (key > limit) return false;
    sum += store.lf[level * P.CELLS_F + P.L_QTY];
    if (sum >= need) return true;
    level = levelAfter(ladder, store.li[level * P.CELLS_I + P.L_PAGE], key);
  }
  return false;
}

function wouldTradeGuarded(
  state: FastState,
  side: number,
  limit: number,
  owner: number,
  stp: number,
): boolean {
  const { store, work } = state;
  const ladder = otherLadder(state, side);
  const need = work[W_NEED];
  let left = work[W_LEFT];
  let sum = 0;
  let level = ladder.best;
  while (level !== NO_SLOT) {
    const key = keyOfLevel(state, level, side);
    if (key > limit) return false;
    let slot = store.li[level * P.CELLS_I + P.L_HEAD];
    while (slot !== NO_SLOT) {
      const there = store.of[slot * P.CELLS_F + P.O_LEAVES];
      const lots = there < left ? there : left;
      if (store.oi[slot * P.CELLS_I + P.O_OWNER] !== owner) {
        sum += lots;
        left -= lots;
        if (sum >= need) return true;
      } else if (stp === STP_DECREMENT) {
        left -= lots;
      } else if (stp !== STP_OLDEST) {
        return false;
      }
      if (left === 0) return false;
      slot = store.oi[slot * P.CELLS_I + P.O_NEXT];
    }
    level = levelAfter(ladder, store.li[level * P.CELLS_I + P.L_PAGE], key);
  }
  return false;
}
