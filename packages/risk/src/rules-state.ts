/**
 * Rules that look at the account and its market, whatever the order. Each is called with the view it judges.
 */
import { MONEY_NONE, NONE } from '@truetape/contracts';
import type { Gate, InstrumentRules, LossRule } from './gate.ts';
import type { Money } from './money.ts';
import { rejectsSince } from './rejects.ts';
import {
  DENIES,
  EXEMPT,
  NOT_IN_FORCE,
  PASSES,
  atMost,
  atMostWide,
  compareQuick,
  compareSeen,
  isQuick,
  notComputable,
  refuse,
} from './verdict.ts';
import type { Work } from './verdict.ts';
import { isTrue } from './view.ts';
import type { Proposal, RiskView } from './view.ts';

/** At level 1 orders that only reduce still go; at every level those that flatten. */
export function judgeKillSwitch({ level }: Gate, _: RiskView, order: Proposal, work: Work): number {
  work.seen = level;
  work.bound = 0;
  if (level === 0) return PASSES;
  if (isTrue(order.flatten) || (level === 1 && isTrue(order.reduceOnly))) return EXEMPT;
  return DENIES;
}

export function judgeInstrument(gate: Gate, _: RiskView, order: Proposal, work: Work): number {
  return gate.instruments[order.instrument] === undefined ? refuse(work) : PASSES;
}

export function judgeStrategy(gate: Gate, _: RiskView, order: Proposal, work: Work): number {
  return gate.strategies[order.strategy] === undefined ? refuse(work) : PASSES;
}

/**
 * The view is of this instrument, this strategy (an order that flattens has none) and no earlier than the
 * last.
 */
export function judgeView(gate: Gate, view: RiskView, order: Proposal, work: Work): number {
  const { timeNs } = view;
  const isTime = Number.isSafeInteger(timeNs) && timeNs >= gate.lastNs;
  const isOwn = isTrue(order.flatten) || view.strategy === order.strategy;
  return isTime && isOwn && view.instrument === order.instrument ? PASSES : refuse(work);
}

export function judgeCertainty(_: Gate, view: RiskView, __: Proposal, work: Work): number {
  return isTrue(view.isCertain) ? PASSES : refuse(work);
}

function judgeAge({ timeNs, marketTimeNs }: RiskView, work: Work, maxNs: number): number {
  if (!Number.isSafeInteger(marketTimeNs) || !(timeNs >= marketTimeNs)) return notComputable(work);
  work.seen = timeNs - marketTimeNs;
  work.bound = maxNs;
  return compareSeen(work);
}

export function judgeDataAge(gate: Gate, view: RiskView, _: Proposal, work: Work): number {
  return gate.maxDataAgeNs < 0 ? NOT_IN_FORCE : judgeAge(view, work, gate.maxDataAgeNs);
}

export function judgeStaleTime(gate: Gate, view: RiskView, _: Proposal, work: Work): number {
  return gate.stale === undefined ? NOT_IN_FORCE : judgeAge(view, work, gate.stale.afterNs);
}

export function judgeUncertainTime(
  { uncertain }: Gate,
  view: RiskView,
  _: Proposal,
  work: Work,
  limits: InstrumentRules | undefined,
): number {
  if (uncertain === undefined) return NOT_IN_FORCE;
  if (isTrue(view.isCertain)) return atMost(work, 0, uncertain.afterNs);
  if (limits === undefined || limits.uncertainSinceNs === NONE) return notComputable(work);
  return atMost(work, view.timeNs - limits.uncertainSinceNs, uncertain.afterNs);
}

/** What equity has lost since it was `from`. */
function judgeLost(work: Work, rule: LossRule | undefined, from: Money, view: RiskView): number {
  if (rule === undefined) return NOT_IN_FORCE;
  const { limit } = rule;
  work.seen = from.units - view.tradedEquityUnits;
  work.bound = limit.units;
  if (isQuick(work)) return compareQuick(work);
  if (from.exact === MONEY_NONE || view.tradedEquity === MONEY_NONE) return notComputable(work);
  return atMostWide(work, from.exact - view.tradedEquity, limit.exact);
}

export function judgeLoss(gate: Gate, view: RiskView, _: Proposal, work: Work): number {
  return judgeLost(work, gate.loss, gate.startEquity, view);
}

export function judgeDrawdown(gate: Gate, view: RiskView, _: Proposal, work: Work): number {
  return judgeLost(work, gate.drawdown, gate.peakEquity, view);
}

/**
 * A day that no look has begun yet begins with the equity seen last, as a look would have it. Before the gate
 * has ever looked there is none.
 */
export function judgeDailyLoss(gate: Gate, view: RiskView, _: Proposal, work: Work): number {
  const { dailyLoss, dayFromNs, dayToNs } = gate;
  const { timeNs } = view;
  if (dailyLoss !== undefined && !(timeNs >= dayFromNs)) return notComputable(work);
  return judgeLost(work, dailyLoss, timeNs < dayToNs ? gate.dayEquity : gate.lastEquity, view);
}

export function judgeRejectSpike(gate: Gate, { timeNs }: RiskView, _: Proposal, work: Work): number {
  const { rejectSpike, rejects } = gate;
  if (rejectSpike === undefined) return NOT_IN_FORCE;
  if (!Number.isSafeInteger(timeNs)) return notComputable(work);
  return atMost(work, rejectsSince(rejects, timeNs - rejectSpike.withinNs), rejectSpike.rejects);
}
