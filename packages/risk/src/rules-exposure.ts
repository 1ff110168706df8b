/**
 * Rules that look at what the account would hold at the worst: position, open orders and this one, all
 * filled.
 */
import { MONEY_NONE, NONE } from '@truetape/contracts';
import { fineOfTicks, valueOf } from '@truetape/kernel';
import type { ContractTerms } from '@truetape/kernel';
import type { Gate, InstrumentRules, StrategyRules } from './gate.ts';
import { seeValue, shareOf } from './proportion.ts';
import { waitNs } from './token-bucket.ts';
import type { TokenBucket } from './token-bucket.ts';
import {
  DENIES,
  EXEMPT,
  NOT_IN_FORCE,
  PASSES,
  THROTTLES,
  atMost,
  atMostWide,
  compareQuick,
  isQuick,
  notComputable,
} from './verdict.ts';
import type { Work } from './verdict.ts';
import type { Proposal, RiskView } from './view.ts';

const SELL_SIDE = 2;
const ONE_BPS = 10_000;

const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;

/**
 * What is open on the order's side beside it; NaN unless both sides are known. An amend takes its order's
 * place.
 */
export function openBeside({ side, replacedLots }: Proposal, buyLots: number, sellLots: number): number {
  if (!isCount(buyLots) || !isCount(sellLots)) return NaN;
  const open = side === SELL_SIDE ? sellLots : buyLots;
  if (replacedLots === NONE) return open;
  return isCount(replacedLots) && replacedLots <= open ? open - replacedLots : NaN;
}

/** An amend that leaves less open of its order than there is, at the price that it has: it only takes away. */
export function isSmaller({ priceTicks, replacedLots, replacedTicks }: Proposal, lots: number): boolean {
  return lots < replacedLots && priceTicks > 0 && priceTicks === replacedTicks;
}

/** What is beyond a limit already may become less: an order is not kept large by the limit that it breaks. */
const unlessSmaller = (outcome: number, order: Proposal, { lots }: Work): number =>
  outcome === DENIES && isSmaller(order, lots) ? EXEMPT : outcome;

/**
 * How far from zero the order's side goes, all of that side filled; below zero: it does not get there. Else
 * NaN.
 */
function sideAtWorst(order: Proposal, lots: number, positionLots: number, besideLots: number): number {
  const filled = besideLots + lots;
  if (!Number.isSafeInteger(positionLots) || !isCount(lots) || !isCount(filled)) return NaN;
  return filled + (order.side === SELL_SIDE ? -positionLots : positionLots);
}

export function judgePosition(
  _: Gate,
  view: RiskView,
  order: Proposal,
  work: Work,
  limits: InstrumentRules | undefined,
): number {
  if (limits === undefined) return notComputable(work);
  if (limits.maxPositionLots < 0) return NOT_IN_FORCE;
  const beside = openBeside(order, view.openBuyLots, view.openSellLots);
  const side = sideAtWorst(order, work.lots, view.positionLots, beside);
  return unlessSmaller(atMost(work, side, limits.maxPositionLots), order, work);
}

function judgeCount(work: Work, order: Proposal, open: number, max: number): number {
  if (max < 0) return NOT_IN_FORCE;
  if (!isCount(open)) return notComputable(work);
  return atMost(work, isCount(order.replacedLots) ? open : open + 1, max);
}

export function judgeOpenOrders(
  _: Gate,
  view: RiskView,
  order: Proposal,
  work: Work,
  limits: InstrumentRules | undefined,
): number {
  return limits === undefined
    ? notComputable(work)
    : judgeCount(work, order, view.openOrders, limits.maxOpenOrders);
}

const isPriceOrNone = (ticks: number): boolean =>
  ticks === NONE || (Number.isSafeInteger(ticks) && ticks > 0);

/**
 * The price at which a position is worth most: of both touches, the last trade and the order; NaN: not known.
 */
function dearestTicks({ class: kind }: ContractTerms, view: RiskView, { priceTicks }: Proposal): number {
  const { bidTicks, askTicks, lastTicks } = view;
  const isKnown =
    isPriceOrNone(bidTicks) &&
    isPriceOrNone(askTicks) &&
    isPriceOrNone(lastTicks) &&
    isPriceOrNone(priceTicks);
  if (!isKnown) return NaN;
  if (kind === 'inverse') return lowestTicks([bidTicks, askTicks, lastTicks, priceTicks]);
  // NONE is below every price.
  let highest = bidTicks > askTicks ? bidTicks : askTicks;
  if (lastTicks > highest) highest = lastTicks;
  if (priceTicks > highest) highest = priceTicks;
  return highest === NONE ? NaN : highest;
}

function lowestTicks(prices: readonly number[]): number {
  const known = prices.filter((ticks) => ticks !== NONE);
  return known.length === 0 ? NaN : Math.min(...known);
}

/** The largest of four; of those that are numbers. */
function largest(a: number, b: number, c: number, d: number): number {
  const left = a > b ? a : b;
  const right = c > d ? c : d;
  return left > right ? left : right;
}

/**
 * Exposure of all instruments against equity. What brings the position towards zero, and no further, passes, and
 * so does an amend that only makes its order smaller.
 */
export function judgeLeverage(
  gate: Gate,
  view: RiskView,
  order: Proposal,
  work: Work,
  limits: InstrumentRules | undefined,
): number {
  const { maxLeverageBps } = gate;
  if (maxLeverageBps < 0) return NOT_IN_FORCE;
  if (limits === undefined) return notComputable(work);
  const { terms, asset } = limits;
  const { account } = gate.setup;
  // Another asset's money would have to be exchanged: at what price, nobody says.
  if (asset !== account.asset || terms.moneyScale !== account.scale) return notComputable(work);
  const { positionLots, openBuyLots, openSellLots } = view;
  const beside = openBeside(order, openBuyLots, openSellLots);
  const side = sideAtWorst(order, work.lots, positionLots, beside);
  const otherSide = order.side === SELL_SIDE ? openBuyLots + positionLots : openSellLots - positionLots;
  const lots = largest(side, otherSide, positionLots, -positionLots);
  const ticks = dearestTicks(terms, view, order);
  const isKnown = Number.isSafeInteger(side) && Number.isSafeInteger(lots) && Number.isSafeInteger(ticks);
  if (!isKnown || view.otherExposureUnits < 0) return notComputable(work);
  if (side <= 0) return PASSES;
  return unlessSmaller(judgeExposure(view, work, maxLeverageBps, terms, ticks, lots), order, work);
}

/**
 * So many lots at a price, and what the other instruments are worth, against what equity allows, rounded
 * down.
 */
function judgeExposure(
  view: RiskView,
  work: Work,
  leverageBps: number,
  terms: ContractTerms,
  ticks: number,
  lots: number,
): number {
  const { equityUnits } = view;
  const isHeld = seeValue(work, terms, ticks, lots, view.otherExposureUnits);
  work.bound = equityUnits <= 0 ? 0 : shareOf(equityUnits, leverageBps, ONE_BPS, false);
  if (isHeld && isQuick(work)) return compareQuick(work);
  const exact = valueOf(terms, fineOfTicks(terms, ticks), BigInt(lots), 'ceiling');
  return judgeLeverageWide(view, work, leverageBps, exact);
}

function judgeLeverageWide(view: RiskView, work: Work, leverageBps: number, value: bigint): number {
  const { equity, otherExposure } = view;
  if (equity === MONEY_NONE || otherExposure === MONEY_NONE || otherExposure < 0n) return notComputable(work);
  const bound = equity <= 0n ? 0n : (equity * BigInt(leverageBps)) / BigInt(ONE_BPS);
  return atMostWide(work, value + otherExposure, bound);
}

export function judgeStrategyPosition(
  _: Gate,
  view: RiskView,
  order: Proposal,
  work: Work,
  __: InstrumentRules | undefined,
  budget: StrategyRules | undefined,
): number {
  if (budget === undefined) return notComputable(work);
  if (budget.maxPositionLots < 0) return NOT_IN_FORCE;
  const beside = openBeside(order, view.strategyOpenBuyLots, view.strategyOpenSellLots);
  const side = sideAtWorst(order, work.lots, view.strategyPositionLots, beside);
  return unlessSmaller(atMost(work, side, budget.maxPositionLots), order, work);
}

export function judgeStrategyOpenOrders(
  _: Gate,
  view: RiskView,
  order: Proposal,
  work: Work,
  __: InstrumentRules | undefined,
  budget: StrategyRules | undefined,
): number {
  return budget === undefined
    ? notComputable(work)
    : judgeCount(work, order, view.strategyOpenOrders, budget.maxOpenOrders);
}

export function judgeStrategyLoss(
  _: Gate,
  view: RiskView,
  __: Proposal,
  work: Work,
  ___: InstrumentRules | undefined,
  budget: StrategyRules | undefined,
): number {
  if (budget === undefined) return notComputable(work);
  const { maxLoss } = budget;
  if (maxLoss === undefined) return NOT_IN_FORCE;
  work.seen = 0 - view.strategyPnlUnits;
  work.bound = maxLoss.units;
  if (isQuick(work)) return compareQuick(work);
  if (view.strategyPnl === MONEY_NONE) return notComputable(work);
  return atMostWide(work, -view.strategyPnl, maxLoss.exact);
}

function judgeBucket(work: Work, bucket: TokenBucket | undefined, timeNs: number): number {
  if (bucket === undefined) return NOT_IN_FORCE;
  const wait = Number.isSafeInteger(timeNs) ? waitNs(bucket, timeNs) : NaN;
  const outcome = atMost(work, wait, 0);
  return outcome === PASSES || Number.isNaN(wait) ? outcome : THROTTLES;
}

export function judgeStrategyRate(
  _: Gate,
  { timeNs }: RiskView,
  __: Proposal,
  work: Work,
  ___: InstrumentRules | undefined,
  budget: StrategyRules | undefined,
): number {
  return budget === undefined ? notComputable(work) : judgeBucket(work, budget.bucket, timeNs);
}

export function judgeOrderRate({ bucket }: Gate, { timeNs }: RiskView, _: Proposal, work: Work): number {
  return judgeBucket(work, bucket, timeNs);
}
