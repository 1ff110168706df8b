/**
 * Brings the book to what a row of the order book file shows, by events that say they are inferred.
 *
 * A file of five levels tells of nothing beyond the fifth: orders come, change and go there unseen. So a
 * level that comes to light may hold what no message named, and lack what one did. Quantity without a name is
 * one order a price, the seed; quantity that is missing is taken from the seed first, and where that is too
 * little, nothing that is known of the level's queue can be trusted: it becomes the seed alone.
 */
import { BLANK, FLAG_INFERRED } from '@truetape/contracts';
import { BUY, feedLevels, feedOrder, feedQueue, SELL } from '@truetape/book';
import { headerOf, send, sendSeed, sideFlags, type LobsterState } from './state.ts';
import type { BookRow, RowSide } from './orderbook-row.ts';

/** Code of the vocabulary `amendReason`. */
const REDUCED = 2;

/** Reconciles both sides with a row. Complexity: its levels, and the orders of those that differ. */
export function reconcile(state: LobsterState, row: BookRow): void {
  reconcileSide(state, BUY, row.bids, row.depth);
  reconcileSide(state, SELL, row.asks, row.depth);
}

export function reconcileSide(state: LobsterState, side: number, row: RowSide, depth: number): void {
  const { book } = state;
  const refused = book.refused;
  // A side that is not full shows all of its levels.
  const shown = row.count < depth ? row.count + 1 : row.count;
  let k = 0;
  // Each turn mends the first level that differs: at most one for each level of the book and of the row.
  while (book.refused === refused) {
    const levels = feedLevels(book, side, shown);
    while (k < row.count && levels[k] !== undefined && isAt(state, row, k, levels[k])) k++;
    const level = levels[k];
    if (k === row.count && level === undefined) return;
    if (k === row.count && row.count === depth) return;
    const priceTicks = k < row.count ? row.prices[k] / state.unit : NaN;
    if (level === undefined || isBetter(side, priceTicks, level.priceTicks)) {
      grow(state, side, priceTicks, row.sizes[k]);
    } else if (level.priceTicks !== priceTicks) {
      for (const order of feedQueue(book, side, level.priceTicks)) cancel(state, side, order);
    } else if (level.qtyLots < row.sizes[k]) {
      grow(state, side, priceTicks, row.sizes[k] - level.qtyLots);
    } else {
      shrink(state, side, priceTicks, level.qtyLots - row.sizes[k], row.sizes[k]);
    }
  }
}

function isAt(
  state: LobsterState,
  row: RowSide,
  k: number,
  level: { readonly priceTicks: number; readonly qtyLots: number },
): boolean {
  return level.priceTicks * state.unit === row.prices[k] && level.qtyLots === row.sizes[k];
}

/** False for NaN, which is no price. */
function isBetter(side: number, ticks: number, than: number): boolean {
  return side === BUY ? ticks > than : ticks < than;
}

/** The seed at a price, if there is one in the book. */
function seedOf(state: LobsterState, side: number, priceTicks: number): ReturnType<typeof feedOrder> {
  const id = state.seeds[side - 1].get(priceTicks);
  return id === undefined ? undefined : feedOrder(state.book, id);
}

function grow(state: LobsterState, side: number, priceTicks: number, lots: number): void {
  state.counts.inferred++;
  const seed = seedOf(state, side, priceTicks);
  if (seed === undefined) sendSeed(state, side, priceTicks, lots, false);
  else amend(state, side, seed.orderId, seed.leavesLots + lots, 0);
}

function shrink(state: LobsterState, side: number, priceTicks: number, lots: number, rest: number): void {
  const seed = seedOf(state, side, priceTicks);
  if (seed !== undefined && seed.leavesLots > lots) {
    state.counts.inferred++;
    amend(state, side, seed.orderId, seed.leavesLots - lots, REDUCED);
  } else if (seed !== undefined && seed.leavesLots === lots) {
    cancel(state, side, seed);
  } else {
    for (const order of feedQueue(state.book, side, priceTicks)) cancel(state, side, order);
    grow(state, side, priceTicks, rest);
  }
}

function amend(state: LobsterState, side: number, orderId: number, leavesLots: number, reason: number): void {
  send(state, {
    ...BLANK.Amended,
    ...headerOf(state, sideFlags(side) | FLAG_INFERRED),
    cause: state.factSeq,
    orderId,
    leavesLots,
    reason,
    priorityKept: 1,
  });
}

function cancel(
  state: LobsterState,
  side: number,
  { orderId, leavesLots }: { readonly orderId: number; readonly leavesLots: number },
): void {
  state.counts.inferred++;
  send(state, {
    ...BLANK.Canceled,
    ...headerOf(state, sideFlags(side) | FLAG_INFERRED),
    cause: state.factSeq,
    orderId,
    canceledLots: leavesLots,
  });
}
