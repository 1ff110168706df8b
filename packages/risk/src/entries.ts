/** The table of rules as codes of the contracts, and how what a rule said becomes a verdict. */
import { MONEY_NONE, codeOfName } from '@truetape/contracts';
import type { Gate } from './gate.ts';
import type { Judge, Rule, RuleUnit } from './rule.ts';
import { RULES } from './rule-table.ts';
import {
  CODE_NOT_COMPUTABLE,
  NOT_COMPUTABLE,
  REDUCES,
  THROTTLES,
  VERDICT_DENY,
  VERDICT_REDUCE,
  VERDICT_THROTTLE,
  denialCode,
  limitOf,
  observedOf,
  ruleCode,
} from './verdict.ts';
import type { Verdict, Work } from './verdict.ts';

/** A row of the table as codes. */
export interface Entry {
  readonly row: Rule;
  readonly judge: Judge;
  /** Orders that it lets by: 1 those that flatten, 2 those that only reduce. */
  readonly exempts: number;
  readonly rule: number;
  readonly code: number;
  readonly unit: number;
}

export const EXEMPTS = { none: 0, flatten: 1, reducing: 3 } as const;

const unitCode = (unit: RuleUnit): number => (unit === 'none' ? 0 : (codeOfName('unit', unit) ?? 0));

export const ENTRIES: readonly Entry[] = RULES.map((row) => ({
  row,
  judge: row.judge,
  exempts: EXEMPTS[row.exempts],
  rule: ruleCode(row.rule),
  code: denialCode(row.code),
  unit: unitCode(row.unit),
}));

/** Index of the asset that a rule's money is in; 0 where it has none. */
export function assetOf({ money }: Rule, gate: Gate, instrument: number): number {
  if (money === undefined) return 0;
  return money === 'account' ? gate.setup.account.asset : (gate.instruments[instrument]?.asset ?? 0);
}

/** Writes down who decided, and on what numbers. */
export function tell(work: Verdict, entry: Entry, outcome: number, gate: Gate, instrument: number): void {
  work.rule = entry.rule;
  work.code = outcome === NOT_COMPUTABLE ? CODE_NOT_COMPUTABLE : entry.code;
  work.observed = observedOf(work as Work);
  work.limit = limitOf(work as Work);
  const hasNumbers = work.observed !== MONEY_NONE || work.limit !== MONEY_NONE;
  work.unit = hasNumbers ? entry.unit : 0;
  work.asset = hasNumbers ? assetOf(entry.row, gate, instrument) : 0;
}

/**
 * Takes what a rule said into the verdict. True where the order does not go; behind a reduction the rules go
 * on.
 */
export function stops(work: Work, k: number, outcome: number, gate: Gate, instrument: number): boolean {
  tell(work, ENTRIES[k], outcome, gate, instrument);
  if (outcome === REDUCES) {
    work.verdict = VERDICT_REDUCE;
    return false;
  }
  work.verdict = outcome === THROTTLES ? VERDICT_THROTTLE : VERDICT_DENY;
  return true;
}
