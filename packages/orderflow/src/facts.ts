/**
 * What an order book and its flow look like over time: the "stylised facts" of a tape, counted in one pass. Plain
 * data in: times, best prices, trades, orders; `facts-fold.ts` takes them from events.
 *
 * Everything begins when both sides are there for the first time. Time is cut into intervals from there on; the
 * middle of a price is in half ticks, so that returns are integers.
 */
import { NONE } from '@truetape/contracts';
import { createHistogram, recordTimes, recordValue } from '@truetape/kernel';
import type { Histogram } from '@truetape/kernel';
import { addToLags, createLagSums } from './facts-statistics.ts';
import type { LagSums } from './facts-statistics.ts';

/** Lags of autocorrelations. */
export const LAGS = 10;
/** Levels of a side whose mean size is taken, best first. */
export const LEVELS = 10;

export interface FactsTop {
  bidTicks: number;
  bidLots: number;
  askTicks: number;
  askLots: number;
}

/** The lots of the levels of both sides, best first. */
export type LevelsSource = (side: number, count: number) => readonly { readonly qtyLots: number }[];

/** All trades of one order that takes. */
interface Taking {
  key: number;
  side: number;
  /** NONE: there was none. */
  timeNs: number;
  /** 0: none is in progress. */
  lots: number;
}

/** Sizes in lots, and how many of those from 10 on have one digit that is not 0. */
export interface Sizes {
  readonly lots: Histogram;
  large: number;
  round: number;
}

const createSizes = (): Sizes => ({ lots: createHistogram(), large: 0, round: 0 });

function addSize(sizes: Sizes, lots: number): void {
  recordValue(sizes.lots, lots);
  if (lots < 10) return;
  sizes.large += 1;
  let scale = 10;
  while (lots >= scale * 10) scale *= 10;
  if (lots % scale === 0) sizes.round += 1;
}

/** Counts of an interval that has not ended. */
interface Interval {
  lots: number;
  takings: number;
  orders: number;
}

/** The facts of one instrument. */
export interface Facts {
  readonly intervalNs: number;
  /** When both sides were there first; NONE before. */
  startNs: number;
  timeNs: number;
  nextNs: number;
  readonly top: FactsTop;
  twoSidedNs: number;
  /** Bid at or above ask, as a feed may tell it: no spread, and no middle. */
  crossedNs: number;
  /** Weighted by the time for which it held. */
  readonly spreadTicks: Histogram;
  readonly touchLots: Histogram;
  /** Middle in half ticks at the end of each interval: the last there was. */
  readonly middles: number[];
  readonly volumes: number[];
  readonly takingCounts: number[];
  readonly orderCounts: number[];
  /** Sums by level over both sides, and how often they were read. */
  readonly levelLots: Float64Array;
  levelSamples: number;
  middle: number;
  readonly now: Interval;
  readonly taking: Taking;
  readonly takings: Sizes;
  readonly signs: LagSums;
  readonly waits: LagSums;
  readonly orderSizes: Sizes;
  cancels: number;
  amends: number;
  trades: number;
  /** Life in ns of orders that were canceled. */
  readonly lives: Histogram;
}

export function createFacts(intervalNs: number): Facts {
  return {
    intervalNs,
    startNs: NONE,
    timeNs: 0,
    nextNs: Infinity,
    top: { bidTicks: NONE, bidLots: 0, askTicks: NONE, askLots: 0 },
    twoSidedNs: 0,
    crossedNs: 0,
    spreadTicks: createHistogram(),
    touchLots: createHistogram(),
    middles: [],
    volumes: [],
    takingCounts: [],
    orderCounts: [],
    levelLots: new Float64Array(LEVELS),
    levelSamples: 0,
    middle: 0,
    now: { lots: 0, takings: 0, orders: 0 },
    taking: { key: NONE, side: 0, timeNs: NONE, lots: 0 },
    takings: createSizes(),
    signs: createLagSums(LAGS),
    waits: createLagSums(LAGS),
    orderSizes: createSizes(),
    cancels: 0,
    amends: 0,
    trades: 0,
    lives: createHistogram(),
  };
}

const isStarted = (facts: Facts): boolean => facts.startNs !== NONE;

/** Lets the present top hold up to a time. */
function hold(facts: Facts, timeNs: number): void {
  const spanNs = timeNs - facts.timeNs;
  facts.timeNs = timeNs;
  const { bidTicks, askTicks, bidLots, askLots } = facts.top;
  if (spanNs === 0 || bidTicks === NONE || askTicks === NONE) return;
  if (askTicks <= bidTicks) {
    facts.crossedNs += spanNs;
    return;
  }
  facts.twoSidedNs += spanNs;
  recordTimes(facts.spreadTicks, askTicks - bidTicks, spanNs);
  recordTimes(facts.touchLots, bidLots, spanNs);
  recordTimes(facts.touchLots, askLots, spanNs);
}

function endInterval(facts: Facts, levels: LevelsSource): void {
  const { now } = facts;
  facts.middles.push(facts.middle);
  facts.volumes.push(now.lots);
  facts.takingCounts.push(now.takings);
  facts.orderCounts.push(now.orders);
  now.lots = now.takings = now.orders = 0;
  for (const side of [1, 2])
    levels(side, LEVELS).forEach(({ qtyLots }, k) => {
      facts.levelLots[k] += qtyLots;
    });
  facts.levelSamples += 2;
}

/** Time goes on: what was true before an event held up to its time. Complexity: O(levels) an interval. */
export function advanceFacts(facts: Facts, timeNs: number, levels: LevelsSource): void {
  if (!isStarted(facts)) return;
  while (facts.nextNs <= timeNs) {
    hold(facts, facts.nextNs);
    endInterval(facts, levels);
    facts.nextNs += facts.intervalNs;
  }
  hold(facts, timeNs);
}

/** The best prices from now on. */
export function observeTop(facts: Facts, timeNs: number, top: FactsTop): void {
  const { bidTicks, bidLots, askTicks, askLots } = top;
  const isWhole = bidTicks !== NONE && askTicks !== NONE && askTicks > bidTicks;
  if (!isStarted(facts)) {
    if (!isWhole) return;
    facts.startNs = facts.timeNs = timeNs;
    facts.nextNs = timeNs + facts.intervalNs;
  }
  Object.assign(facts.top, { bidTicks, bidLots, askTicks, askLots });
  if (isWhole) facts.middle = bidTicks + askTicks;
}

/** A new order. */
export function observeOrder(facts: Facts, lots: number): void {
  if (!isStarted(facts)) return;
  facts.now.orders += 1;
  addSize(facts.orderSizes, lots);
}

/** An order was asked to change. */
export function observeAmendment(facts: Facts): void {
  if (isStarted(facts)) facts.amends += 1;
}

/** An order was canceled after a life of `lifeNs`; NONE where that is not known. */
export function observeCanceled(facts: Facts, lifeNs: number): void {
  if (!isStarted(facts)) return;
  facts.cancels += 1;
  if (lifeNs !== NONE) recordValue(facts.lives, lifeNs);
}

/**
 * A trade, by the side that takes. Trades of one key and side, one after another, are one taking: what one order
 * took from several.
 */
export function observeTrade(facts: Facts, timeNs: number, side: number, lots: number, key: number): void {
  if (!isStarted(facts)) return;
  const { taking } = facts;
  facts.trades += 1;
  facts.now.lots += lots;
  if (taking.lots > 0 && taking.key === key && taking.side === side) {
    taking.lots += lots;
    return;
  }
  endTaking(facts);
  facts.now.takings += 1;
  if (taking.timeNs !== NONE) addToLags(facts.waits, timeNs - taking.timeNs);
  if (side !== 0) addToLags(facts.signs, side === 1 ? 1 : -1);
  Object.assign(taking, { key, side, timeNs, lots });
}

/** The taking in progress has its size; to be called once more at the end. */
export function endTaking({ taking, takings }: Facts): void {
  if (taking.lots > 0) addSize(takings, taking.lots);
  taking.lots = 0;
}
