/** A row of the table of rules. */
import type { Gate, InstrumentRules, StrategyRules } from './gate.ts';
import type { DenialCode, RuleName, Work } from './verdict.ts';
import type { Proposal, RiskView } from './view.ts';

/** Says what a rule says: an outcome of verdict.ts. It changes nothing but the work that it is handed. */
export type Judge = (
  gate: Gate,
  view: RiskView,
  order: Proposal,
  work: Work,
  limits: InstrumentRules | undefined,
  budget: StrategyRules | undefined,
) => number;

/** What observed and limit are in; `none`: the rule has no numbers. */
export type RuleUnit = 'none' | 'lots' | 'ticks' | 'asset' | 'count' | 'ns';

export interface Rule {
  readonly rule: RuleName;
  /** What it says when it does not pass; `notComputable` where it cannot be told. */
  readonly code: DenialCode;
  readonly unit: RuleUnit;
  /** Whose money: `asset` of the instrument's settlement or of the account. */
  readonly money?: 'instrument' | 'account';
  /** Where it is configured; `always`: it needs nothing. `*` is an instrument's or a strategy's name. */
  readonly setting: string;
  /** `runtime`: it pulls the kill switch as well. */
  readonly phase: 'preTrade' | 'runtime';
  /**
   * Orders that it lets by unseen: those that flatten, those that only reduce (which those that flatten are).
   */
  readonly exempts: 'none' | 'flatten' | 'reducing';
  /** What is held against what: passes where the first is at most the second. */
  readonly compares: string;
  readonly judge: Judge;
}
