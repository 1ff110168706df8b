/**
 * What goes on while orders are not asked for: equity, days, rejects, and the kill switch, by rule and by
 * hand.
 */
import { MONEY_NONE, NONE } from '@truetape/contracts';
import { assert } from '@truetape/kernel';
import type { KillLevel } from './config.ts';
import { ENTRIES, tell } from './entries.ts';
import { DAY_NS, levelCode } from './gate.ts';
import type { Gate, InstrumentRules } from './gate.ts';
import { setMoney, unitsOf } from './money.ts';
import type { Money } from './money.ts';
import { addReject } from './rejects.ts';
import type { RuleName, Verdict, Work } from './verdict.ts';
import { DENIES, VERDICT_DENY, createWork } from './verdict.ts';
import { createProposal, isTrue } from './view.ts';
import type { Proposal, RiskView } from './view.ts';

/**
 * A change of the kill switch: the levels, and code, rule, unit, asset, observed and limit of the rule that
 * pulled it, as of a runtime RiskDecision. Of an operator's: none of them. The caller owns it.
 */
export interface KillSignal extends Verdict {
  /** 0 off, 1 blockNew, 2 cancelAll, 3 flatten. */
  level: number;
  previous: number;
}

export function createKillSignal(): KillSignal {
  return createWork();
}

const LEVEL_OF: { readonly [rule in RuleName]?: (gate: Gate) => number } = {
  uncertainTime: ({ uncertain }) => uncertain?.level ?? 0,
  staleTime: ({ stale }) => stale?.level ?? 0,
  loss: ({ loss }) => loss?.level ?? 0,
  drawdown: ({ drawdown }) => drawdown?.level ?? 0,
  dailyLoss: ({ dailyLoss }) => dailyLoss?.level ?? 0,
  rejectSpike: ({ rejectSpike }) => rejectSpike?.level ?? 0,
};

const WATCHED = ENTRIES.filter(({ row }) => row.phase === 'runtime').map((entry) => {
  const levelOf = LEVEL_OF[entry.row.rule];
  assert(levelOf !== undefined, 'RISK-5', 'a rule of the running has a level');
  return { entry, levelOf };
});

const copyMoney = (to: Money, { exact, units }: Money): void => setMoney(to, exact, units);

/** The day that a time is in. What equity was last seen on the day before is what a day begins with. */
function rollDay(gate: Gate, timeNs: number): void {
  if (timeNs >= gate.dayFromNs && timeNs < gate.dayToNs) return;
  // Of times before the reader's epoch the remainder is below zero.
  const into = (((timeNs + gate.dayPhaseNs) % DAY_NS) + DAY_NS) % DAY_NS;
  gate.dayFromNs = timeNs - into;
  gate.dayToNs = gate.dayFromNs + DAY_NS;
  copyMoney(gate.dayEquity, gate.lastEquity);
}

function seeEquity(gate: Gate, { tradedEquity: equity, tradedEquityUnits: units }: RiskView): void {
  const { startEquity, peakEquity, dayEquity, lastEquity } = gate;
  if (equity === MONEY_NONE || lastEquity.exact === equity) return;
  if (startEquity.exact === MONEY_NONE) setMoney(startEquity, equity, units);
  if (dayEquity.exact === MONEY_NONE) setMoney(dayEquity, equity, units);
  if (peakEquity.exact === MONEY_NONE || equity > peakEquity.exact) setMoney(peakEquity, equity, units);
  setMoney(lastEquity, equity, units);
}

function seeCertainty(limits: InstrumentRules | undefined, { isCertain, timeNs }: RiskView): void {
  if (limits === undefined) return;
  if (isTrue(isCertain)) limits.uncertainSinceNs = NONE;
  else if (limits.uncertainSinceNs === NONE) limits.uncertainSinceNs = timeNs;
}

const NO_ORDER: Proposal = createProposal();

/**
 * Looks at a view: takes note of equity and day, and pulls the kill switch where a rule of the running does
 * not hold. True when it went up: `signal` says from where, to where and why. To be called whenever equity,
 * time or the state of the data has changed, with the view of each instrument concerned, and before an order
 * is checked.
 *
 * A rule that cannot be computed pulls nothing; as long as it cannot, `checkOrder` denies. Throws on RISK-4
 * for a time that is none or goes back. Complexity: O(rules of the running), without allocation while nothing
 * is pulled.
 */
export function watch(gate: Gate, view: RiskView, signal: KillSignal): boolean {
  const { timeNs } = view;
  assert(
    Number.isSafeInteger(timeNs) && timeNs >= gate.lastNs,
    'RISK-4',
    'the time of a gate never goes back',
  );
  const limits = gate.instruments[view.instrument];
  gate.lastNs = timeNs;
  rollDay(gate, timeNs);
  seeEquity(gate, view);
  seeCertainty(limits, view);
  const previous = gate.level;
  for (let k = 0; k < WATCHED.length; k++) {
    const { entry, levelOf } = WATCHED[k];
    const level = levelOf(gate);
    // Neither in force nor any further than the switch is.
    if (level <= gate.level) continue;
    if (entry.judge(gate, view, NO_ORDER, signal as Work, limits, undefined) !== DENIES) continue;
    tell(signal, entry, DENIES, gate, view.instrument);
    gate.level = level;
    gate.killCode = signal.code;
    gate.killRule = signal.rule;
  }
  if (gate.level === previous) return false;
  signal.verdict = VERDICT_DENY;
  signal.allowedLots = 0;
  signal.previous = previous;
  signal.level = gate.level;
  return true;
}

/** A reject of the venue. Throws on RISK-4 for a time that is none or before the last reject's. */
export function noteReject(gate: Gate, timeNs: number): void {
  addReject(gate.rejects, timeNs);
}

/**
 * Money that was paid in (above zero) or out: neither gain nor loss, so all that equity is held against goes
 * with it.
 */
export function noteTransfer(gate: Gate, amount: bigint): void {
  for (const money of [gate.startEquity, gate.peakEquity, gate.dayEquity, gate.lastEquity])
    if (money.exact !== MONEY_NONE) setMoney(money, money.exact + amount, unitsOf(money.exact + amount));
}

/** What an operator may order. */
export interface OperatorOrder {
  readonly command: 'kill' | 'resume' | 'flatten';
  /** Of `kill`: how far; `cancelAll` where it is not said. */
  readonly level?: KillLevel;
  /**
   * Of `resume`: losses count from the equity seen last on. Else a loss that pulled the switch does so again.
   */
  readonly rebase?: boolean;
}

/** Carries out an operator's order. True when the level changed: `signal` says from where to where. */
export function operate(gate: Gate, order: OperatorOrder, signal: KillSignal): boolean {
  const previous = gate.level;
  switch (order.command) {
    case 'kill':
      gate.level = Math.max(previous, levelCode(order.level ?? 'cancelAll'));
      break;
    case 'flatten':
      gate.level = levelCode('flatten');
      break;
    case 'resume':
      resume(gate, isTrue(order.rebase));
      break;
  }
  Object.assign(signal, createWork(), { code: 0, previous, level: gate.level });
  if (gate.level === previous) return false;
  gate.killCode = 0;
  gate.killRule = 0;
  return true;
}

/** The rejects so far were seen by who resumes. */
function resume(gate: Gate, isRebased: boolean): void {
  gate.level = 0;
  gate.rejects.count = 0;
  gate.rejects.first = 0;
  if (!isRebased) return;
  for (const money of [gate.startEquity, gate.peakEquity, gate.dayEquity]) copyMoney(money, gate.lastEquity);
}

/** The first time behind the view's at which time alone may pull the switch or begin a day; NONE: at none. */
export function nextWatchNs(gate: Gate, view: RiskView): number {
  let next = NONE;
  const sooner = (timeNs: number): void => {
    if (Number.isSafeInteger(timeNs) && timeNs > view.timeNs && (next === NONE || timeNs < next))
      next = timeNs;
  };
  const since = gate.instruments[view.instrument]?.uncertainSinceNs ?? NONE;
  if (gate.stale !== undefined && view.marketTimeNs !== NONE)
    sooner(view.marketTimeNs + gate.stale.afterNs + 1);
  if (gate.uncertain !== undefined && since !== NONE) sooner(since + gate.uncertain.afterNs + 1);
  if (gate.dailyLoss !== undefined && gate.dayToNs !== NONE) sooner(gate.dayToNs);
  return next;
}
