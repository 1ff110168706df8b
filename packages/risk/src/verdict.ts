/** What a gate says to an order, and how a rule says it. */
import { MONEY_NONE, NONE, codeOfName } from '@truetape/contracts';
import type { DENIAL_CODES, RISK_RULES, VocabularyName } from '@truetape/contracts';

export type RuleName = (typeof RISK_RULES)[number];
export type DenialCode = (typeof DENIAL_CODES)[number];

const codeIn = (vocabulary: VocabularyName, name: string): number => codeOfName(vocabulary, name) ?? 0;

/** Codes of the contracts: `verdict` of a RiskDecision. */
export const VERDICT_ALLOW: number = codeIn('verdict', 'allow');
export const VERDICT_DENY: number = codeIn('verdict', 'deny');
export const VERDICT_REDUCE: number = codeIn('verdict', 'reduce');
export const VERDICT_THROTTLE: number = codeIn('verdict', 'throttle');

export const CODE_NOT_COMPUTABLE: number = codeIn('denialCode', 'notComputable');
export const ruleCode = (rule: RuleName): number => codeIn('rule', rule);
export const denialCode = (code: DenialCode): number => codeIn('denialCode', code);

/**
 * The answer to an order: codes of the contracts, as a RiskDecision has them. The caller owns it and uses it
 * again.
 *
 * An allow has no code, rule, observed or limit. A reduce has those of the rule that reduced it. `limit` is
 * absent where the rule could not be computed.
 */
export interface Verdict {
  verdict: number;
  /** `denialCode`; 0: none. */
  code: number;
  /** `rule`; 0: none. */
  rule: number;
  /** `unit` of observed and limit; 0: none. */
  unit: number;
  /** Index of the asset that they are in; 0 where the unit is another. */
  asset: number;
  observed: bigint;
  limit: bigint;
  /** What may go: the proposal's quantity, less where it was reduced, 0 where it may not. */
  allowedLots: number;
}

/** What a rule leaves behind, beside its outcome. Belongs to the verdict that it works for. */
export interface Work extends Verdict {
  /** Quantity as the rules before have left it. */
  lots: number;
  /** What was looked at and its limit; NaN where it is `wideSeen`, `wideBound`. */
  seen: number;
  bound: number;
  wideSeen: bigint;
  wideBound: bigint;
  /** Of a signal. All have it, so that rules meet one shape of object. */
  level: number;
  previous: number;
}

/** A verdict to be filled. It denies until it is. */
export function createVerdict(): Verdict {
  return createWork();
}

export function createWork(): Work {
  return {
    verdict: VERDICT_DENY,
    code: CODE_NOT_COMPUTABLE,
    rule: 0,
    unit: 0,
    asset: 0,
    observed: MONEY_NONE,
    limit: MONEY_NONE,
    allowedLots: 0,
    lots: NONE,
    seen: NaN,
    bound: NaN,
    wideSeen: MONEY_NONE,
    wideBound: MONEY_NONE,
    level: 0,
    previous: 0,
  };
}

/** What a rule may say. From `DENIES` on the order does not go as it is. */
export const PASSES = 0;
/** Nothing is configured for it. */
export const NOT_IN_FORCE = 1;
/** It has nothing to say to an order of this kind. */
export const EXEMPT = 2;
export const DENIES = 3;
export const REDUCES = 4;
export const THROTTLES = 5;
export const NOT_COMPUTABLE = 6;

/** At most the bound passes; the bound is an integer, or NaN. Anything else that is no number, does not. */
export function atMost(work: Work, seen: number, bound: number): number {
  work.seen = seen;
  work.bound = bound;
  return compareSeen(work);
}

/**
 * Compares what the work has. A rule whose numbers are large writes them there itself: as arguments of a call
 * that is not inlined they would be put into boxes, and that is an allocation.
 */
export function compareSeen(work: Work): number {
  const { seen, bound } = work;
  if (!Number.isSafeInteger(seen)) return notComputable(work);
  // What is at most a bound that is none, is not: only a denial has to tell the two apart.
  if (seen <= bound) return PASSES;
  return Number.isSafeInteger(bound) ? DENIES : notComputable(work);
}

/** As `atMost`, where doubles have no room. */
export function atMostWide(work: Work, seen: bigint, bound: bigint): number {
  work.seen = NaN;
  work.bound = NaN;
  work.wideSeen = seen;
  work.wideBound = bound;
  return seen <= bound ? PASSES : DENIES;
}

/** Something that the rule needs is missing: the order does not go, and there is no limit to show. */
export function notComputable(work: Work): number {
  clearSeen(work);
  return NOT_COMPUTABLE;
}

/** True where the work has two integers, so that they may be compared as they are. */
export const isQuick = ({ seen, bound }: Work): boolean =>
  Number.isSafeInteger(seen) && Number.isSafeInteger(bound);

/** The outcome for numbers that `isQuick` has found good. */
export const compareQuick = ({ seen, bound }: Work): number => (seen <= bound ? PASSES : DENIES);

/** A refusal that has no limit: something is not as it has to be. */
export function refuse(work: Work): number {
  clearSeen(work);
  return DENIES;
}

export function clearSeen(work: Work): void {
  work.seen = NaN;
  work.bound = NaN;
  work.wideSeen = MONEY_NONE;
  work.wideBound = MONEY_NONE;
}

/** What was looked at, exactly. A number goes first: what is wide may be of a rule before. */
export const observedOf = ({ seen, wideSeen }: Work): bigint =>
  Number.isSafeInteger(seen) ? BigInt(seen) : wideSeen;
export const limitOf = ({ bound, wideBound }: Work): bigint =>
  Number.isSafeInteger(bound) ? BigInt(bound) : wideBound;
