/**
 * A quick look at an order, before the rules are asked one by one: true only where every one of them lets it
 * by as it is. False says nothing: the rules decide, and tell who refused.
 *
 * Lots, ticks, counts and times are compared exactly, as integers in doubles whose sums and products stay
 * within 2^53 − 1. What is worth something is held against its limit with a margin wider than all errors of
 * its few operations together: a value within 10^−12 of its limit goes to the rules, which know it to the
 * unit. So nothing passes here that would not pass there, and no bigint is made for what is far from its
 * limits, not even for an inverse contract.
 *
 * The alternative, each rule by itself as `checkByRules` has it, tests the same numbers for being integers
 * some eighty times and writes down each comparison: several times as long.
 */
import { NONE } from '@truetape/contracts';
import type { Gate, InstrumentRules, LossRule, StrategyRules } from './gate.ts';
import type { Money } from './money.ts';
import { isSmaller } from './rules-exposure.ts';
import { isNew } from './seen-ids.ts';
import type { TokenBucket } from './token-bucket.ts';
import { isTrue } from './view.ts';
import type { Proposal, RiskView } from './view.ts';

const SAFE_MAX = Number.MAX_SAFE_INTEGER;
/** A value here takes fewer than 16 roundings, each of 2^−53 of it: 2 × 10^−15. */
const MARGIN = 1.000_000_000_001;
/** The value is rounded up to a unit and its limit down to one; the third is for the errors of these two. */
const UNITS_MARGIN = 3;
const ONE_BPS = 10_000;
const TWICE_ONE_BPS = 20_000;
const BUY = 1;
const SELL = 2;
const LIMIT = 1;
const MARKET = 2;

const isWhole = (value: number): boolean => Number.isSafeInteger(value);
const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;
const isPrice = (value: number): boolean => Number.isSafeInteger(value) && value > 0;
const isPriceOrNone = (value: number): boolean => value === NONE || isPrice(value);

/** True only where `checkByRules` would allow the order. It changes nothing, and allocates nothing. Hot. */
export function isClear(
  gate: Gate,
  view: RiskView,
  order: Proposal,
  limits: InstrumentRules,
  budget: StrategyRules,
): boolean {
  return (
    isStateClear(gate, view, order) &&
    isEquityClear(gate, view, budget) &&
    isOrderClear(gate, view, order, limits) &&
    isExposureClear(view, order, limits) &&
    isWorthClear(gate, view, order, limits) &&
    isBudgetClear(view, order, budget) &&
    hasToken(budget.bucket, view) &&
    hasToken(gate.bucket, view)
  );
}

/** Switch, view and age of the data. Whatever only reduces goes by the rules. */
function isStateClear(gate: Gate, view: RiskView, order: Proposal): boolean {
  const { timeNs, marketTimeNs } = view;
  const { maxDataAgeNs, stale, rejectSpike } = gate;
  if (gate.level !== 0 || isTrue(order.flatten) || isTrue(order.reduceOnly)) return false;
  if (!isTrue(view.isCertain) || view.strategy !== order.strategy) return false;
  if (view.instrument !== order.instrument || !isWhole(timeNs) || timeNs < gate.lastNs) return false;
  // As many as are kept are at least as many as are young.
  if (rejectSpike !== undefined && gate.rejects.count > rejectSpike.rejects) return false;
  if (maxDataAgeNs < 0 && stale === undefined) return true;
  const ageNs = timeNs - marketTimeNs;
  if (!isWhole(marketTimeNs) || !isCount(ageNs)) return false;
  return (maxDataAgeNs < 0 || ageNs <= maxDataAgeNs) && (stale === undefined || ageNs <= stale.afterNs);
}

/** A difference of two safe integers that is beyond 2^53 is rounded, but to no limit's other side. */
const isLossClear = (
  rule: LossRule | undefined,
  from: Money,
  { tradedEquityUnits: units }: RiskView,
): boolean => rule === undefined || (isWhole(units) && from.units - units <= rule.limit.units);

function isEquityClear(gate: Gate, view: RiskView, { maxLoss }: StrategyRules): boolean {
  const { timeNs, strategyPnlUnits } = view;
  const { dailyLoss } = gate;
  return (
    (dailyLoss === undefined || (timeNs >= gate.dayFromNs && timeNs < gate.dayToNs)) &&
    (maxLoss === undefined || (isWhole(strategyPnlUnits) && -strategyPnlUnits <= maxLoss.units)) &&
    isLossClear(gate.loss, gate.startEquity, view) &&
    isLossClear(gate.drawdown, gate.peakEquity, view) &&
    isLossClear(dailyLoss, gate.dayEquity, view)
  );
}

/** Identity, form, size, parent and collar. */
function isOrderClear(gate: Gate, view: RiskView, order: Proposal, limits: InstrumentRules): boolean {
  const { side, type, priceTicks, qtyLots, parentId, parentSentLots, parentQtyLots } = order;
  if ((side !== BUY && side !== SELL) || !isPrice(qtyLots)) return false;
  if (type === MARKET ? priceTicks !== NONE : type !== LIMIT || !isPrice(priceTicks)) return false;
  if (limits.maxOrderLots >= 0 && qtyLots > limits.maxOrderLots) return false;
  if (order.replacedLots === NONE && !(isCount(order.orderId) && isNew(gate.seenIds, order.orderId)))
    return false;
  if (parentId !== NONE) {
    if (!isCount(parentId) || !isCount(parentSentLots) || !isWhole(parentQtyLots)) return false;
    if (parentSentLots + qtyLots > parentQtyLots) return false;
  }
  return limits.collarBps < 0 || isInCollar(view, order, limits);
}

/** Both sides of the comparison times 20,000, so that nothing is divided. */
function isInCollar(view: RiskView, order: Proposal, limits: InstrumentRules): boolean {
  const { bidTicks, askTicks, lastTicks } = view;
  const { collarBps, collarAgainst } = limits;
  const isBuy = order.side === BUY;
  let twice: number;
  if (collarAgainst === 1) {
    if (!isPrice(bidTicks) || !isPrice(askTicks) || bidTicks > askTicks) return false;
    twice = bidTicks + askTicks;
  } else {
    const one = collarAgainst === 2 ? lastTicks : isBuy ? askTicks : bidTicks;
    if (!isPrice(one)) return false;
    twice = one * 2;
  }
  const highest = twice * (ONE_BPS + collarBps);
  if (highest > SAFE_MAX) return false;
  if (order.type === MARKET) return true;
  const price = order.priceTicks * TWICE_ONE_BPS;
  const isPassiveFree = collarAgainst === 0;
  return (
    ((isPassiveFree && !isBuy) || price <= highest) &&
    ((isPassiveFree && isBuy) || price >= twice * (ONE_BPS - collarBps))
  );
}

/** What the account would hold at the worst, and how many orders. Every sum is exact. */
function isExposureClear(view: RiskView, order: Proposal, limits: InstrumentRules): boolean {
  const { positionLots, openBuyLots, openSellLots } = view;
  const { qtyLots } = order;
  const isBuy = order.side === BUY;
  const isAmend = order.replacedLots !== NONE;
  const replaced = isAmend ? order.replacedLots : 0;
  if (!isWhole(positionLots) || !isCount(openBuyLots) || !isCount(openSellLots)) return false;
  const beside = (isBuy ? openBuyLots : openSellLots) - replaced;
  if (!isCount(replaced) || beside < 0) return false;
  if (Math.abs(positionLots) + openBuyLots + openSellLots + qtyLots > SAFE_MAX) return false;
  const side = beside + qtyLots + (isBuy ? positionLots : -positionLots);
  if (limits.maxPositionLots >= 0 && side > limits.maxPositionLots && !isSmaller(order, qtyLots))
    return false;
  return isCountClear(view.openOrders, limits.maxOpenOrders, isAmend);
}

/**
 * What order and account are worth at the dearest of all prices that are known; lots and the order's price have
 * been looked at. In one piece: a double that a call gives back is put into a box.
 */
function isWorthClear(gate: Gate, view: RiskView, order: Proposal, limits: InstrumentRules): boolean {
  const { bidTicks, askTicks, lastTicks, positionLots, openBuyLots, openSellLots } = view;
  const { side, priceTicks, qtyLots, replacedLots } = order;
  const { maxNotional, isInverse, nearUnits } = limits;
  const { maxLeverageBps } = gate;
  if (maxNotional === undefined && maxLeverageBps < 0) return true;
  if (!isPriceOrNone(bidTicks) || !isPriceOrNone(askTicks) || !isPriceOrNone(lastTicks)) return false;
  let dearest: number;
  if (isInverse) {
    dearest = bidTicks === NONE ? Infinity : bidTicks;
    if (askTicks !== NONE && askTicks < dearest) dearest = askTicks;
    if (lastTicks !== NONE && lastTicks < dearest) dearest = lastTicks;
    if (priceTicks !== NONE && priceTicks < dearest) dearest = priceTicks;
  } else {
    // NONE is below every price.
    dearest = bidTicks > askTicks ? bidTicks : askTicks;
    if (lastTicks > dearest) dearest = lastTicks;
    if (priceTicks > dearest) dearest = priceTicks;
  }
  // Of a lot: not above 0 where no price is known.
  const units = isInverse ? nearUnits / dearest : nearUnits * dearest;
  if (!(units > 0)) return false;
  if (maxNotional !== undefined) {
    // A market order is worth what the other side says, and nothing else.
    if (order.type === MARKET && (side === BUY ? askTicks : bidTicks) === NONE) return false;
    if (!(qtyLots * units * MARGIN + UNITS_MARGIN <= maxNotional.units)) return false;
  }
  if (maxLeverageBps < 0) return true;
  const { otherExposureUnits, equityUnits } = view;
  if (!limits.isAccountMoney || !isCount(otherExposureUnits) || !isWhole(equityUnits)) return false;
  // No less than what is held now: what is open and the order only add to it.
  const added = replacedLots === NONE ? qtyLots : qtyLots - replacedLots;
  const long = openBuyLots + positionLots + (side === BUY ? added : 0);
  const short = openSellLots - positionLots + (side === BUY ? 0 : added);
  const exposure = (long > short ? long : short) * units + otherExposureUnits;
  return (
    exposure * MARGIN + UNITS_MARGIN <= (equityUnits * maxLeverageBps) / ONE_BPS || isSmaller(order, qtyLots)
  );
}

const isCountClear = (open: number, max: number, isAmend: boolean): boolean =>
  max < 0 || (isCount(open) && (isAmend ? open : open + 1) <= max);

/** What the strategy would hold at the worst, and how many orders. */
function isBudgetClear(view: RiskView, order: Proposal, budget: StrategyRules): boolean {
  const isAmend = order.replacedLots !== NONE;
  if (!isCountClear(view.strategyOpenOrders, budget.maxOpenOrders, isAmend)) return false;
  if (budget.maxPositionLots < 0) return true;
  const { strategyPositionLots: positionLots, strategyOpenBuyLots, strategyOpenSellLots } = view;
  const isBuy = order.side === BUY;
  if (!isWhole(positionLots) || !isCount(strategyOpenBuyLots) || !isCount(strategyOpenSellLots)) return false;
  const beside = (isBuy ? strategyOpenBuyLots : strategyOpenSellLots) - (isAmend ? order.replacedLots : 0);
  if (beside < 0 || beside + order.qtyLots + Math.abs(positionLots) > SAFE_MAX) return false;
  const side = beside + order.qtyLots + (isBuy ? positionLots : -positionLots);
  return side <= budget.maxPositionLots || isSmaller(order, order.qtyLots);
}

/** Before the first taking, at NONE, the burst is there; a product that is rounded lies beyond any need. */
const hasToken = (bucket: TokenBucket | undefined, { timeNs }: RiskView): boolean =>
  bucket === undefined ||
  (timeNs >= bucket.sinceNs && bucket.level + (timeNs - bucket.sinceNs) * bucket.perTick >= bucket.perOrder);
