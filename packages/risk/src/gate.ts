/** A gate: limits made ready for quick looks, and the little that it remembers between orders. */
import { NONE, err, ok } from '@truetape/contracts';
import type { Result } from '@truetape/contracts';
import { formatDecimal, parseDecimal } from '@truetape/kernel';
import type { ContractTerms } from '@truetape/kernel';
import { COLLAR_REFERENCES, KILL_LEVELS, REMEMBERED_IDS } from './config.ts';
import type { InstrumentLimits, KillLevel, RiskConfig, RiskProblem, StrategyBudget } from './config.ts';
import { createMoney } from './money.ts';
import type { Money } from './money.ts';
import { createRejects } from './rejects.ts';
import type { Rejects } from './rejects.ts';
import { createSeenIds } from './seen-ids.ts';
import type { SeenIds } from './seen-ids.ts';
import { createBucket } from './token-bucket.ts';
import type { TokenBucket } from './token-bucket.ts';

/** An instrument that may be traded: index and name by its Define, the asset that it settles in. */
export interface GateInstrument {
  readonly index: number;
  readonly name: string;
  readonly terms: ContractTerms;
  readonly asset: number;
}

export interface GateSetup {
  readonly config: RiskConfig;
  readonly instruments: readonly GateInstrument[];
  /** Names; a proposal names one by its position. */
  readonly strategies: readonly string[];
  /** The asset that equity is in, and its digits. */
  readonly account: { readonly asset: number; readonly scale: number };
  /** Unix ns of a `timeNs` of 0: where days begin. */
  readonly epochNs: bigint;
}

/** Limits of an instrument as they are looked at; −1: not in force. */
export interface InstrumentRules {
  readonly index: number;
  readonly terms: ContractTerms;
  readonly asset: number;
  /** What it settles in is the account's asset, in the same digits: it can be held against equity. */
  readonly isAccountMoney: boolean;
  readonly isInverse: boolean;
  /**
   * Money units of a lot at one tick, inverse: that lot's times ticks; as near as a double comes, NaN where
   * none does.
   */
  readonly nearUnits: number;
  readonly maxOrderLots: number;
  readonly maxNotional: Money | undefined;
  readonly collarBps: number;
  /** 0 touch, 1 mid, 2 last. */
  readonly collarAgainst: number;
  readonly maxPositionLots: number;
  readonly maxOpenOrders: number;
  /** Since when its book is uncertain; NONE: it is not. */
  uncertainSinceNs: number;
}

/** The budget of a strategy; −1: not in force. */
export interface StrategyRules {
  readonly name: string;
  readonly maxPositionLots: number;
  readonly maxOpenOrders: number;
  readonly maxLoss: Money | undefined;
  readonly bucket: TokenBucket | undefined;
}

/** Money that may be lost before the kill switch goes to a level: 1 … 3. */
export interface LossRule {
  readonly limit: Money;
  readonly level: number;
}

/** Time that may pass before the kill switch goes to a level. */
export interface TimeRule {
  readonly afterNs: number;
  readonly level: number;
}

/**
 * Made by `createGate`. `level`, `killCode` and `killRule` are for reading; nothing of it is written from
 * outside.
 */
export interface Gate {
  readonly setup: GateSetup;
  readonly instruments: readonly (InstrumentRules | undefined)[];
  readonly strategies: readonly StrategyRules[];
  readonly maxLeverageBps: number;
  readonly maxDataAgeNs: number;
  readonly bucket: TokenBucket | undefined;
  readonly loss: LossRule | undefined;
  readonly drawdown: LossRule | undefined;
  readonly dailyLoss: LossRule | undefined;
  readonly rejectSpike:
    | { readonly rejects: number; readonly withinNs: number; readonly level: number }
    | undefined;
  readonly stale: TimeRule | undefined;
  readonly uncertain: TimeRule | undefined;
  /** Ns from the last beginning of a day to a `timeNs` of 0. */
  readonly dayPhaseNs: number;
  /** 0 off, 1 blockNew, 2 cancelAll, 3 flatten. */
  level: number;
  /** What pulled the switch: a denial code and a rule of the contracts; 0: an operator, or nobody. */
  killCode: number;
  killRule: number;
  /** Time of the last look; NONE: none. */
  lastNs: number;
  readonly startEquity: Money;
  readonly peakEquity: Money;
  readonly dayEquity: Money;
  readonly lastEquity: Money;
  /** The day that `dayEquity` is of: from, up to but not with; NONE: none. */
  dayFromNs: number;
  dayToNs: number;
  readonly rejects: Rejects;
  readonly seenIds: SeenIds;
}

export const DAY_NS = 86_400_000_000_000;
const OFF = -1;

/** The code of a level of the kill switch. */
export const levelCode = (level: KillLevel): number => KILL_LEVELS.indexOf(level) + 1;

/** What is collected while a setup is read. */
interface Reading {
  readonly setup: GateSetup;
  readonly problems: RiskProblem[];
}

/** A decimal as money of a scale; undefined, with a problem, for one that has more digits. */
function moneyAt({ problems }: Reading, path: string, text: string, scale: number): Money | undefined {
  const parsed = parseDecimal(text);
  if (parsed.ok && parsed.value.scale <= scale && parsed.value.mantissa >= 0n) {
    const digits = scale - parsed.value.scale;
    return createMoney(parsed.value.mantissa * BigInt(`1${'0'.repeat(digits)}`));
  }
  const finest = formatDecimal(1n, scale);
  problems.push({ path, problem: `a decimal from 0 in steps of ${finest} is expected, as text: ${text}` });
  return undefined;
}

const ownOf = <T>(record: { readonly [name: string]: T } | undefined, name: string): T | undefined =>
  record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined;

/** The limits of an instrument: its own, each in the place of the one of all. */
export function limitsOf(config: RiskConfig, name: string): InstrumentLimits {
  return { ...config.limits, ...ownOf(config.instruments, name) };
}

/** Far from where doubles end, so that each operation on it has its full precision. */
function nearUnitsOf({ class: kind, numerator, denominator, finePerTick }: ContractTerms): number {
  const units =
    kind === 'inverse'
      ? Number(numerator) / (Number(denominator) * finePerTick)
      : (Number(numerator) * finePerTick) / Number(denominator);
  return units > 1e-100 && units < 1e100 ? units : NaN;
}

function instrumentRules(reading: Reading, instrument: GateInstrument): InstrumentRules {
  const { index, name, terms, asset } = instrument;
  const { config, account } = reading.setup;
  const limits = limitsOf(config, name);
  const isOwn = ownOf(config.instruments, name)?.maxNotional !== undefined;
  const path = isOwn ? `instruments.${name}.maxNotional` : 'limits.maxNotional';
  const { maxNotional, priceCollar } = limits;
  return {
    index,
    terms,
    asset,
    isAccountMoney: asset === account.asset && terms.moneyScale === account.scale,
    isInverse: terms.class === 'inverse',
    nearUnits: nearUnitsOf(terms),
    maxOrderLots: limits.maxOrderLots ?? OFF,
    maxNotional:
      maxNotional === undefined ? undefined : moneyAt(reading, path, maxNotional, terms.moneyScale),
    collarBps: priceCollar?.bps ?? OFF,
    collarAgainst: priceCollar === undefined ? 0 : COLLAR_REFERENCES.indexOf(priceCollar.against),
    maxPositionLots: limits.maxPositionLots ?? OFF,
    maxOpenOrders: limits.maxOpenOrders ?? OFF,
    uncertainSinceNs: NONE,
  };
}

function strategyRules(reading: Reading, name: string): StrategyRules {
  const budget: StrategyBudget = ownOf(reading.setup.config.strategies, name) ?? {};
  const { maxLoss, orderRate } = budget;
  const path = `strategies.${name}.maxLoss`;
  const { scale } = reading.setup.account;
  return {
    name,
    maxPositionLots: budget.maxPositionLots ?? OFF,
    maxOpenOrders: budget.maxOpenOrders ?? OFF,
    maxLoss: maxLoss === undefined ? undefined : moneyAt(reading, path, maxLoss, scale),
    bucket: orderRate === undefined ? undefined : createBucket(orderRate),
  };
}

function lossRule(reading: Reading, name: 'loss' | 'drawdown' | 'dailyLoss'): LossRule | undefined {
  const rule = reading.setup.config.kill?.[name];
  if (rule === undefined) return undefined;
  const limit = moneyAt(reading, `kill.${name}.amount`, rule.amount, reading.setup.account.scale);
  return limit === undefined ? undefined : { limit, level: levelCode(rule.level) };
}

function timeRule(rule: { afterNs: number; level: KillLevel } | undefined): TimeRule | undefined {
  return rule === undefined ? undefined : { afterNs: rule.afterNs, level: levelCode(rule.level) };
}

/** Names of limits that nothing has: a slip of the pen there would be a limit that holds nobody. */
function strangers({ setup, problems }: Reading): void {
  const { config, instruments, strategies } = setup;
  const known = new Set(instruments.map(({ name }) => name));
  for (const name of Object.keys(config.instruments ?? {}))
    if (!known.has(name))
      problems.push({ path: `instruments.${name}`, problem: 'there is no such instrument' });
  for (const name of Object.keys(config.strategies ?? {}))
    if (!strategies.includes(name))
      problems.push({ path: `strategies.${name}`, problem: 'there is no such strategy' });
}

/**
 * Makes a gate of a checked configuration. Errors: every problem with its path: money with more digits than
 * its asset, limits of an instrument or a strategy that is not there.
 */
export function createGate(setup: GateSetup): Result<Gate, readonly RiskProblem[]> {
  const reading: Reading = { setup, problems: [] };
  const { config, epochNs } = setup;
  const { account = {}, kill = {} } = config;
  strangers(reading);
  const instruments: (InstrumentRules | undefined)[] = [];
  for (const one of setup.instruments) {
    while (instruments.length <= one.index) instruments.push(undefined);
    instruments[one.index] = instrumentRules(reading, one);
  }
  const strategies = setup.strategies.map((name) => strategyRules(reading, name));
  const [loss, drawdown, dailyLoss] = (['loss', 'drawdown', 'dailyLoss'] as const).map((name) =>
    lossRule(reading, name),
  );
  const spike = kill.rejectSpike;
  const day = BigInt(DAY_NS);
  const phase = (epochNs - BigInt(kill.dailyLoss?.dayStartNs ?? 0)) % day;
  // Where a problem is told twice, as of a limit of all instruments, once is enough.
  const problems = [...new Map(reading.problems.map((one) => [one.path, one])).values()];
  if (problems.length > 0) return err(problems);
  return ok({
    setup,
    instruments,
    strategies,
    maxLeverageBps: account.maxLeverageBps ?? OFF,
    maxDataAgeNs: account.maxDataAgeNs ?? OFF,
    bucket: account.orderRate === undefined ? undefined : createBucket(account.orderRate),
    loss,
    drawdown,
    dailyLoss,
    rejectSpike: spike === undefined ? undefined : { ...spike, level: levelCode(spike.level) },
    stale: timeRule(kill.staleData),
    uncertain: timeRule(kill.uncertainData),
    dayPhaseNs: Number(phase < 0n ? phase + day : phase),
    level: 0,
    killCode: 0,
    killRule: 0,
    lastNs: NONE,
    startEquity: createMoney(),
    peakEquity: createMoney(),
    dayEquity: createMoney(),
    lastEquity: createMoney(),
    dayFromNs: NONE,
    dayToNs: NONE,
    rejects: createRejects(spike?.rejects ?? 0),
    seenIds: createSeenIds(config.rememberedIds ?? REMEMBERED_IDS),
  });
}
