/**
 * What an own order can take of the recorded book, and that it is not there again.
 *
 * The recorded book does not know that ours took something, so it is remembered (`InstrumentState.taken`):
 *
 * - order by order: lots of each order, from the first in time on. What was taken of an order is gone until the order
 *   has left the book; an order that is reduced below what was taken has nothing left. New orders are new.
 * - aggregated: lots of each level. They are gone until the level is empty; a level that falls below what was taken
 *   has nothing left, and what it gains is new. So what others take or cancel counts as what ours had left: the careful
 *   reading, for nobody knows.
 */
import { feedLevelLots, feedLevelLotsLess, feedLevels, feedQueue } from '@truetape/book';
import { NONE } from '@truetape/contracts';
import { levelsOf, lotsAt } from '@truetape/marketdata';
import { readTouch, TOLD_LEVELS } from './instrument.ts';
import type { InstrumentState } from './instrument.ts';
import { BUY, isBetter, SELL } from './own.ts';
import type { OwnOrder } from './own.ts';
import type { Venue } from './venue.ts';

/** Flags of a side as the depth book has them. */
const SIDE_SHIFT = 4;
/** Levels that are looked at first; a deeper walk looks at twice as many. */
const LEVELS_FIRST = 8;

/** The key of a level in `taken`. */
export function levelKey(side: number, priceTicks: number): number {
  return side === BUY ? priceTicks * 2 : priceTicks * 2 + 1;
}

/** The level that a key stands for. */
export function levelOfKey(key: number): { readonly side: number; readonly priceTicks: number } {
  const isBid = key % 2 === 0;
  return { side: isBid ? BUY : SELL, priceTicks: isBid ? key / 2 : (key - 1) / 2 };
}

/** The best `count` recorded levels of a side. */
function bestLevels(
  ins: InstrumentState,
  side: number,
  count: number,
): readonly { readonly priceTicks: number }[] {
  return ins.told === TOLD_LEVELS
    ? levelsOf(ins.depth, side << SIDE_SHIFT, count)
    : feedLevels(ins.feed, side, count);
}

/** Lots of a level as recorded. */
function recordedAt(ins: InstrumentState, side: number, priceTicks: number): number {
  return ins.told === TOLD_LEVELS
    ? lotsAt(ins.depth, side << SIDE_SHIFT, priceTicks)
    : feedLevelLots(ins.feed, side, priceTicks);
}

/** Lots of a recorded level that ours has not taken. */
export function availableAt(ins: InstrumentState, side: number, priceTicks: number): number {
  if (ins.told === TOLD_LEVELS) {
    const lots = lotsAt(ins.depth, side << SIDE_SHIFT, priceTicks);
    return Math.max(0, lots - (ins.taken.get(levelKey(side, priceTicks)) ?? 0));
  }
  return feedLevelLotsLess(ins.feed, side, priceTicks, ins.taken);
}

/** Remembers that ours took lots of a level that has them. */
export function takeAt(ins: InstrumentState, side: number, priceTicks: number, lots: number): void {
  const { taken } = ins;
  if (ins.told === TOLD_LEVELS) {
    const key = levelKey(side, priceTicks);
    taken.set(key, (taken.get(key) ?? 0) + lots);
    return;
  }
  let left = lots;
  for (const { orderId, leavesLots } of feedQueue(ins.feed, side, priceTicks)) {
    const before = taken.get(orderId) ?? 0;
    const more = Math.min(left, Math.max(0, leavesLots - before));
    if (more > 0) taken.set(orderId, before + more);
    left -= more;
    if (left === 0) return;
  }
}

/** What ours took is there again: for experiments whose orders are to know nothing of earlier ones. */
export function forgetTaken({ instruments }: Venue): void {
  for (const { taken } of instruments) taken.clear();
}

/** What can be taken at one price. */
export interface Offer {
  readonly priceTicks: number;
  readonly lots: number;
}

/**
 * What rests on a side at a limit or better (NONE: at any price) and ours has not taken, best first, until it comes to
 * `wantedLots`; of an own order of that side only what stands ahead of it.
 */
export function offersOf(
  ins: InstrumentState,
  side: number,
  limitTicks: number,
  wantedLots: number,
  first: OwnOrder | undefined,
): Offer[] {
  const offers: Offer[] = [];
  let left = wantedLots;
  for (let count = LEVELS_FIRST, from = 0; left > 0; count *= 2) {
    const levels = bestLevels(ins, side, count);
    for (const { priceTicks } of levels.slice(from)) {
      if (limitTicks !== NONE && isBetter(side, limitTicks, priceTicks)) return offers;
      if (first !== undefined && isBetter(side, first.priceTicks, priceTicks)) return offers;
      const isOwn = first !== undefined && first.priceTicks === priceTicks;
      const there = availableAt(ins, side, priceTicks);
      // Ours took from the front.
      const ahead = isOwn ? Math.max(0, first.aheadLots - recordedAt(ins, side, priceTicks) + there) : there;
      const lots = Math.min(left, there, ahead);
      if (lots > 0) offers.push({ priceTicks, lots });
      left -= lots;
      if (left === 0 || isOwn) return offers;
    }
    if (levels.length < count) return offers;
    from = count;
  }
  return offers;
}

/** The best price of a side at which something is left to take; NONE where there is none. */
export function bestAvailable(ins: InstrumentState, side: number): number {
  const top = readTouch(ins);
  const best = side === BUY ? top.bidTicks : top.askTicks;
  if (best === NONE || ins.taken.size === 0 || availableAt(ins, side, best) > 0) return best;
  const [first] = offersOf(ins, side, NONE, 1, undefined);
  return first === undefined ? NONE : first.priceTicks;
}
