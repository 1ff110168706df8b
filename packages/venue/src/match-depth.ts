/**
 * Fills of own orders that rest, on aggregated depth.
 *
 * A trade at a worse price than ours, and a best price of the other side that comes to ours or through it, would have
 * met ours first (`tradeThrough`). A trade at our price goes to what stands ahead of ours, then to ours: its place in
 * the queue is an estimate, and the fill names the model. What traded is not counted again when the level's
 * quantity falls by it.
 */
import { NONE } from '@truetape/contracts';
import { reachIdeal } from './ideal.ts';
import { readTouch } from './instrument.ts';
import type { InstrumentState } from './instrument.ts';
import { availableAt, bestAvailable, levelKey, takeAt } from './liquidity.ts';
import { offerRests, tradePast } from './match-replay.ts';
import { BUY, isBetter, ownLevelAt, SELL } from './own.ts';
import type { OwnLevel } from './own.ts';
import { advanceBy, basisOf } from './queue-models.ts';
import type { QueueModel } from './queue-models.ts';
import { fillOwn, MAKER } from './reports.ts';
import type { Venue } from './venue.ts';

const CAREFUL: QueueModel = { kind: 'riskAverse' };

const modelOf = (venue: Venue): QueueModel => venue.config.queue ?? CAREFUL;

/** Lots traded at a price with a side; at our own price they count only where the queue is known (`isQueue`). */
export function tradeAt(
  venue: Venue,
  ins: InstrumentState,
  side: number,
  priceTicks: number,
  lots: number,
  isQueue: boolean,
  timeNs: number,
): void {
  if (venue.config.mode === 'ideal') {
    reachIdeal(venue, ins, side, priceTicks, timeNs);
    return;
  }
  const level = isQueue ? ownLevelAt(ins.own[side - 1], priceTicks) : undefined;
  const left = lots - tradePast(venue, ins, side, priceTicks, lots, -1, timeNs);
  if (level === undefined) return;
  level.tradedLots += lots;
  if (left > 0) tradeInQueue(venue, ins, level, left, timeNs);
}

function tradeInQueue(
  venue: Venue,
  ins: InstrumentState,
  level: OwnLevel,
  lots: number,
  timeNs: number,
): void {
  const { orders, priceTicks } = level;
  const basis = basisOf(modelOf(venue));
  let left = lots;
  for (let n = 0; n < orders.length;) {
    const own = orders[n];
    const excess = left - own.aheadLots;
    own.aheadLots = Math.max(0, -excess);
    if (excess <= 0) {
      n += 1;
      continue;
    }
    const taken = Math.min(excess, own.leavesLots);
    left -= taken;
    if (taken < own.leavesLots) n += 1;
    fillOwn(venue, ins, own, { priceTicks, lots: taken, liquidity: MAKER, basis }, timeNs);
  }
}

/** A level of which `before` lots were told has `now`: what is gone beyond trades was canceled, somewhere. */
export function cancelAhead(
  venue: Venue,
  ins: InstrumentState,
  side: number,
  priceTicks: number,
  before: number,
  now: number,
): void {
  const level = ownLevelAt(ins.own[side - 1], priceTicks);
  if (level === undefined) return;
  const left = Math.max(0, before - level.tradedLots);
  level.tradedLots = 0;
  for (const own of level.orders) {
    if (left > now) advanceBy(modelOf(venue), own, left - now, left, now);
    else own.aheadLots = Math.min(own.aheadLots, now);
  }
}

/** Own orders that the other side's best prices have come to trade with what is there. */
export function meetTouch(venue: Venue, ins: InstrumentState, timeNs: number): void {
  const { bidTicks, askTicks } = readTouch(ins);
  if (reachesOwn(ins, BUY, askTicks)) meetSide(venue, ins, BUY, timeNs);
  if (reachesOwn(ins, SELL, bidTicks)) meetSide(venue, ins, SELL, timeNs);
}

function reachesOwn(ins: InstrumentState, side: number, otherTicks: number): boolean {
  const levels = ins.own[side - 1];
  return levels.length > 0 && otherTicks !== NONE && !isBetter(side, otherTicks, levels[0].priceTicks);
}

function meetSide(venue: Venue, ins: InstrumentState, side: number, timeNs: number): void {
  for (;;) {
    const ticks = bestAvailable(ins, 3 - side);
    if (!reachesOwn(ins, side, ticks)) return;
    const { causeSeq } = venue;
    // A message tells many levels: it was this one that came to ours.
    venue.causeSeq = ins.met.get(levelKey(3 - side, ticks)) ?? causeSeq;
    const lots = offerRests(venue, ins, side, ticks, availableAt(ins, 3 - side, ticks), timeNs);
    venue.causeSeq = causeSeq;
    takeAt(ins, 3 - side, ticks, lots);
  }
}
