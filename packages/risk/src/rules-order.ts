/** Rules that look at the order itself: its identity, form, size and price. */
import { NONE } from '@truetape/contracts';
import { fineOfTicks, valueOf } from '@truetape/kernel';
import type { ContractTerms } from '@truetape/kernel';
import type { Gate, InstrumentRules } from './gate.ts';
import { openBeside } from './rules-exposure.ts';
import { seeValue, shareOf } from './proportion.ts';
import { hasSeen } from './seen-ids.ts';
import {
  DENIES,
  EXEMPT,
  NOT_IN_FORCE,
  PASSES,
  REDUCES,
  atMost,
  atMostWide,
  compareQuick,
  isQuick,
  notComputable,
  refuse,
} from './verdict.ts';
import type { Work } from './verdict.ts';
import { isTrue } from './view.ts';
import type { Proposal, RiskView } from './view.ts';

export const BUY = 1;
export const SELL = 2;
export const LIMIT = 1;
export const MARKET = 2;

const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;
const isPrice = (value: number): boolean => Number.isSafeInteger(value) && value > 0;

/** An amend goes by the id of its order. */
export function judgeClientId(gate: Gate, _: RiskView, order: Proposal, work: Work): number {
  if (isCount(order.replacedLots)) return EXEMPT;
  if (!isCount(order.orderId)) return notComputable(work);
  return hasSeen(gate.seenIds, order.orderId) ? refuse(work) : PASSES;
}

export function judgeOrderForm(_: Gate, __: RiskView, { side, type }: Proposal, work: Work): number {
  const isKnown = (side === BUY || side === SELL) && (type === LIMIT || type === MARKET);
  return isKnown ? PASSES : refuse(work);
}

export function judgeQuantity(_: Gate, __: RiskView, { qtyLots }: Proposal, work: Work): number {
  return Number.isSafeInteger(qtyLots) && qtyLots > 0 ? PASSES : refuse(work);
}

export function judgePrice(_: Gate, __: RiskView, { type, priceTicks }: Proposal, work: Work): number {
  const isGood = type === MARKET ? priceTicks === NONE : isPrice(priceTicks);
  return isGood ? PASSES : refuse(work);
}

/** What may be left of an order that only reduces: the position, less the orders that reduce it already. */
export function judgeReduceOnly(_: Gate, view: RiskView, order: Proposal, work: Work): number {
  if (!isTrue(order.reduceOnly) && !isTrue(order.flatten)) return EXEMPT;
  const { positionLots } = view;
  const beside = openBeside(order, view.openBuyLots, view.openSellLots);
  const reducible = (order.side === SELL ? positionLots : -positionLots) - beside;
  const isKnown = Number.isSafeInteger(positionLots) && Number.isSafeInteger(reducible);
  if (!isKnown || !Number.isSafeInteger(work.lots)) return notComputable(work);
  work.seen = work.lots;
  work.bound = reducible > 0 ? reducible : 0;
  if (work.lots <= work.bound) return PASSES;
  if (work.bound === 0) return DENIES;
  work.lots = work.bound;
  return REDUCES;
}

export function judgeOrderQty(
  _: Gate,
  __: RiskView,
  ___: Proposal,
  work: Work,
  limits: InstrumentRules | undefined,
): number {
  if (limits === undefined) return notComputable(work);
  return limits.maxOrderLots < 0 ? NOT_IN_FORCE : atMost(work, work.lots, limits.maxOrderLots);
}

/**
 * The price at which an order is worth most: its own, or the best of the other side where that would be
 * dearer. A market order is worth what the other side's best says. NaN where it is not known.
 */
function dearestTicks(terms: ContractTerms, view: RiskView, order: Proposal): number {
  const isBuy = order.side === BUY;
  const other = isBuy ? view.askTicks : view.bidTicks;
  if (other !== NONE && !isPrice(other)) return NaN;
  if (order.type === MARKET) return other === NONE ? NaN : other;
  const { priceTicks } = order;
  if (!isPrice(priceTicks)) return NaN;
  if (other === NONE) return priceTicks;
  // An inverse contract is worth the more, the lower its price: there a buy may fill at less than its limit.
  if (terms.class === 'inverse') return isBuy ? Math.min(priceTicks, other) : priceTicks;
  return isBuy ? priceTicks : Math.max(priceTicks, other);
}

export function judgeNotional(
  _: Gate,
  view: RiskView,
  order: Proposal,
  work: Work,
  limits: InstrumentRules | undefined,
): number {
  if (limits === undefined) return notComputable(work);
  const { terms, maxNotional } = limits;
  if (maxNotional === undefined) return NOT_IN_FORCE;
  const ticks = dearestTicks(terms, view, order);
  const { lots } = work;
  if (!isPrice(ticks) || !isCount(lots)) return notComputable(work);
  const isHeld = seeValue(work, terms, ticks, lots, 0);
  work.bound = maxNotional.units;
  if (isHeld && isQuick(work)) return compareQuick(work);
  const exact = valueOf(terms, fineOfTicks(terms, ticks), BigInt(lots), 'ceiling');
  return atMostWide(work, exact, maxNotional.exact);
}

/** Twice the price that the collar goes out from; NaN where it is not known. */
function twiceReference(against: number, view: RiskView, isBuy: boolean): number {
  const { bidTicks, askTicks, lastTicks } = view;
  if (against === 1) {
    const isSound = isPrice(bidTicks) && isPrice(askTicks) && bidTicks <= askTicks;
    return isSound ? bidTicks + askTicks : NaN;
  }
  const one = against === 2 ? lastTicks : isBuy ? askTicks : bidTicks;
  return isPrice(one) ? one * 2 : NaN;
}

const TWICE_ONE_BPS = 20_000;

/**
 * Against the touch a price may be as passive as it likes; against the middle and the last trade it has two
 * sides.
 */
export function judgePriceCollar(
  _: Gate,
  view: RiskView,
  order: Proposal,
  work: Work,
  limits: InstrumentRules | undefined,
): number {
  if (limits === undefined) return notComputable(work);
  const { collarBps, collarAgainst } = limits;
  if (collarBps < 0) return NOT_IN_FORCE;
  const isBuy = order.side === BUY;
  const twice = twiceReference(collarAgainst, view, isBuy);
  const highest = shareOf(twice, 10_000 + collarBps, TWICE_ONE_BPS, false);
  if (!Number.isSafeInteger(twice) || !Number.isSafeInteger(highest)) return notComputable(work);
  if (order.type === MARKET) return PASSES;
  const lowest = collarBps >= 10_000 ? 0 : shareOf(twice, 10_000 - collarBps, TWICE_ONE_BPS, true);
  const { priceTicks } = order;
  if (!isPrice(priceTicks)) return notComputable(work);
  work.seen = priceTicks;
  work.bound = isBuy ? highest : lowest;
  const hasBothSides = collarAgainst !== 0;
  if (priceTicks > highest && (isBuy || hasBothSides)) {
    work.bound = highest;
    return DENIES;
  }
  if (priceTicks < lowest && (!isBuy || hasBothSides)) {
    work.bound = lowest;
    return DENIES;
  }
  return PASSES;
}

export function judgeParentQty(_: Gate, __: RiskView, order: Proposal, work: Work): number {
  const { parentId, parentQtyLots, parentSentLots } = order;
  if (parentId === NONE) return EXEMPT;
  if (!isCount(parentId) || !isCount(parentQtyLots) || !isCount(parentSentLots)) return notComputable(work);
  return atMost(work, parentSentLots + work.lots, parentQtyLots);
}
