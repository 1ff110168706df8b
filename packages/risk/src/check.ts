/** Asks the rules: one after the other up to the first that does not pass, or all of them to explain. */
import { MONEY_NONE } from '@truetape/contracts';
import { assert } from '@truetape/kernel';
import { ENTRIES, assetOf } from './entries.ts';
import type { Gate } from './gate.ts';
import { firstRefusal } from './generated/first-refusal.ts';
import { isClear } from './quick.ts';
import type { RuleUnit } from './rule.ts';
import { rememberId } from './seen-ids.ts';
import { takeToken } from './token-bucket.ts';
import { DENIES, EXEMPT, NOT_COMPUTABLE, VERDICT_ALLOW, clearSeen, limitOf, observedOf } from './verdict.ts';
import type { DenialCode, RuleName, Verdict, Work } from './verdict.ts';
import { isTrue } from './view.ts';
import type { Proposal, RiskView } from './view.ts';

/** Kinds of an order as `Entry.exempts` has them. */
const kindsOf = ({ flatten, reduceOnly }: Proposal): number =>
  (isTrue(flatten) ? 1 : 0) | (isTrue(reduceOnly) ? 2 : 0);

/** An allow has nothing to tell: what an answer before it told is taken out. */
function clearVerdict(verdict: Verdict): void {
  verdict.code = 0;
  verdict.rule = 0;
  verdict.unit = 0;
  verdict.asset = 0;
  verdict.observed = MONEY_NONE;
  verdict.limit = MONEY_NONE;
}

/**
 * What the gate says to an order, in `verdict`; returns its `verdict`. Nothing else is changed, of gate, view
 * and order.
 *
 * Complexity: O(rules). An allow allocates nothing where doubles hold all values exactly, or tell them from
 * their limits; a denial makes its two bigints.
 */
export function checkOrder(gate: Gate, view: RiskView, order: Proposal, verdict: Verdict): number {
  const limits = gate.instruments[order.instrument];
  const budget = gate.strategies[order.strategy];
  if (limits === undefined || budget === undefined || !isClear(gate, view, order, limits, budget))
    return checkByRules(gate, view, order, verdict);
  if (verdict.code !== 0) clearVerdict(verdict);
  verdict.allowedLots = order.qtyLots;
  verdict.verdict = VERDICT_ALLOW;
  return VERDICT_ALLOW;
}

/** The same by the rules alone, one after the other. */
export function checkByRules(gate: Gate, view: RiskView, order: Proposal, verdict: Verdict): number {
  const work = verdict as Work;
  const limits = gate.instruments[order.instrument];
  const budget = gate.strategies[order.strategy];
  work.lots = order.qtyLots;
  work.verdict = VERDICT_ALLOW;
  work.allowedLots = 0;
  clearVerdict(work);
  if (firstRefusal(gate, view, order, work, limits, budget, kindsOf(order)) !== 0) return work.verdict;
  work.allowedLots = work.lots;
  return work.verdict;
}

/**
 * Takes note of an order that goes out: its token, and the id of a new one. To be called with the view that
 * it was checked with, behind a verdict of allow or reduce.
 *
 * Throws on RISK-2 where there is no token for it, on RISK-3 for an id that was used, on RISK-4 for a time
 * before the last.
 */
export function admitOrder(gate: Gate, view: RiskView, order: Proposal): void {
  const { timeNs } = view;
  assert(
    Number.isSafeInteger(timeNs) && timeNs >= gate.lastNs,
    'RISK-4',
    'the time of a gate never goes back',
  );
  if (!isTrue(order.flatten)) {
    const own = gate.strategies[order.strategy]?.bucket;
    if (own !== undefined) takeToken(own, timeNs);
    if (gate.bucket !== undefined) takeToken(gate.bucket, timeNs);
  }
  const isAmend = Number.isSafeInteger(order.replacedLots) && order.replacedLots >= 0;
  if (!isAmend) rememberId(gate.seenIds, order.orderId);
  gate.lastNs = timeNs;
}

/** By the codes of verdict.ts. */
const OUTCOMES = ['pass', 'notInForce', 'exempt', 'deny', 'reduce', 'throttle', 'notComputable'] as const;

export type Outcome = (typeof OUTCOMES)[number];

/** What one rule says to an order. Amounts are MONEY_NONE where there is none. */
export interface RuleFinding {
  readonly rule: RuleName;
  readonly outcome: Outcome;
  /** What a denial of this rule would be told by; none where it passes. */
  readonly code: DenialCode | undefined;
  readonly unit: RuleUnit;
  /** Index of the asset of an amount; 0: none. */
  readonly asset: number;
  readonly observed: bigint;
  readonly limit: bigint;
}

/**
 * What every rule says to an order, by precedence: the same functions that `checkOrder` asks, none of them
 * left out.
 */
export function explainOrder(gate: Gate, view: RiskView, order: Proposal, verdict: Verdict): RuleFinding[] {
  const work = verdict as Work;
  const limits = gate.instruments[order.instrument];
  const budget = gate.strategies[order.strategy];
  const kinds = kindsOf(order);
  work.lots = order.qtyLots;
  const findings = ENTRIES.map(({ row, judge, exempts }): RuleFinding => {
    clearSeen(work);
    const isExempt = (exempts & kinds) !== 0;
    const outcome = isExempt ? EXEMPT : judge(gate, view, order, work, limits, budget);
    const failed = outcome === NOT_COMPUTABLE ? 'notComputable' : row.code;
    return {
      rule: row.rule,
      outcome: OUTCOMES[outcome],
      code: outcome < DENIES ? undefined : failed,
      unit: row.unit,
      asset: assetOf(row, gate, order.instrument),
      observed: observedOf(work),
      limit: limitOf(work),
    };
  });
  checkOrder(gate, view, order, verdict);
  return findings;
}
