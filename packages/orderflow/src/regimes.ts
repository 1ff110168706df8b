/** Regimes by script and threshold, bursts, hidden values, and the waits that follow from them. */
import { BLANK, NONE, codeOfName } from '@truetape/contracts';
import { NORMAL_ONE, clearSource, drawExponential, drawNormal, setSource } from '@truetape/kernel';
import { AGENT_TYPES } from './config.ts';
import { recordEvent } from './recorder.ts';
import { AT_BURST, AT_SCRIPT, SCHEDULER } from './state.ts';
import { happensAt, waitFor } from './waits.ts';
import type { ThresholdRule } from './config.ts';
import type { AgentState, Sim, SymbolState } from './state.ts';

/** 2^(−k/16) in 2^−16. */
const DECAY = [
  65536, 62757, 60097, 57549, 55109, 52773, 50535, 48393, 46341, 44376, 42495, 40693, 38968, 37316, 35734,
  34219, 32768,
];
/** Behind so many half-lives a burst has ended: less than a hundredth of it is left. */
const HALF_LIVES = 7;

/** By how much a burst multiplies all rates now, in thousandths. It changes each sixteenth of a half-life. */
export function burstPermille(sim: Sim): number {
  if (sim.timeNs >= sim.factorUntilNs || sim.burstNs !== sim.factorBurstNs) renewFactor(sim);
  return sim.factorPermille;
}

function renewFactor(sim: Sim): void {
  sim.factorBurstNs = sim.burstNs;
  if (sim.burstNs < 0) {
    sim.factorPermille = 1000;
    sim.factorUntilNs = Infinity;
    return;
  }
  const { peakPermille, halfLifeNs } = sim.config.burst;
  const sixteenths = Math.floor(((sim.timeNs - sim.burstNs) * 16) / halfLifeNs);
  const halves = Math.floor(sixteenths / 16);
  const left = DECAY[sixteenths - halves * 16] / (1 << Math.min(halves, 16));
  sim.factorPermille = 1000 + Math.floor(((peakPermille - 1000) * left) / 65536);
  sim.factorUntilNs = sim.burstNs + Math.ceil(((sixteenths + 1) * halfLifeNs) / 16);
}

/** Means beyond this are drawn in longer units. */
const MEAN_MAX = 281_474_976_710_656;
const LONG = 1024;

function drawWait({ wakeStream }: AgentState, mean: number): number {
  return mean <= MEAN_MAX
    ? drawExponential(wakeStream, mean)
    : drawExponential(wakeStream, Math.floor(mean / LONG)) * LONG;
}

/** Draws when an agent wakes next; its source of the agenda is the caller's. */
export function scheduleWake(sim: Sim, agent: AgentState): void {
  const { intervalNs } = agent;
  const rate = sim.rates[sim.regime * AGENT_TYPES.length + agent.type] * burstPermille(sim);
  // At rate 0 it looks again, and does nothing, as often as it would act.
  const mean = rate === 0 ? intervalNs : Math.floor((intervalNs * 1_000_000) / rate);
  agent.wakeNs = happensAt(sim, sim.timeNs + 1 + drawWait(agent, mean));
}

const [START, SCRIPT, THRESHOLD, BURST, BURST_ENDED] = [
  'start',
  'script',
  'threshold',
  'burst',
  'burstEnded',
].map((name) => codeOfName('controlReason', name)!);

/** Labels of Regime events: those of regimes by their order, then the burst. */
export function recordRegime(sim: Sim, from: number, to: number, reason: number = START): void {
  recordEvent(sim.recorder, { ...BLANK.Regime, timeNs: sim.timeNs, source: SCHEDULER, from, to, reason });
}

function enterRegime(sim: Sim, name: string, reason: number): void {
  const next = sim.regimes.indexOf(name);
  if (next === sim.regime) return;
  recordRegime(sim, sim.regime + 1, next + 1, reason);
  settleCounts(sim);
  sim.regime = next;
  sim.counts = sim.metrics.regimes[next];
  sim.distributions = sim.metrics.distributions[next];
}

/** Counts time and events since the last time, to the regime in force. */
export function settleCounts(sim: Sim): void {
  const { counts, recorder, timeNs } = sim;
  counts.timeNs += timeNs - sim.countedNs;
  counts.events += recorder.nextSeq - sim.countedSeq;
  sim.countedNs = timeNs;
  sim.countedSeq = recorder.nextSeq;
}

/** Takes the step of the script that is due. */
export function runScript(sim: Sim): void {
  const { script } = sim.config;
  enterRegime(sim, script[sim.scriptAt % script.length].regime, SCRIPT);
  sim.scriptAt += 1;
  waitForScript(sim);
}

/** When the next step of the script is due; −1: there is none. */
export function scriptTime(sim: Sim): number {
  const { script, scriptRepeatNs } = sim.config;
  const round = Math.floor(sim.scriptAt / script.length);
  if (script.length === 0 || (round > 0 && scriptRepeatNs === 0)) return -1;
  return happensAt(sim, script[sim.scriptAt - round * script.length].atNs + round * scriptRepeatNs);
}

export function waitForScript(sim: Sim): void {
  const timeNs = scriptTime(sim);
  if (timeNs < 0) clearSource(sim.agenda, AT_SCRIPT);
  else setSource(sim.agenda, AT_SCRIPT, timeNs);
}

/** What a rule looks at; where a side is empty there is no spread, and it passes no limit. */
function measured({ queue }: Sim, { top }: SymbolState, { measure }: ThresholdRule): number {
  const { bidTicks, askTicks, bidLots, askLots } = top;
  switch (measure) {
    case 'queueDepth':
      return queue.count;
    case 'topLots':
      return bidLots + askLots;
    case 'spreadTicks':
      return bidTicks === NONE || askTicks === NONE ? NaN : askTicks - bidTicks;
  }
}

const isPassed = ({ above = Infinity, below = -Infinity }: ThresholdRule, value: number): boolean =>
  value > above || value < below;

/** Looks at the rules behind a command, with the measures of its book. */
export function applyThresholds(sim: Sim, symbol: SymbolState): void {
  const { thresholds } = sim;
  if (thresholds.length === 0 || sim.timeNs < sim.heldUntilNs) return;
  for (const rule of thresholds) {
    if (sim.regimes[sim.regime] === rule.regime || !isPassed(rule, measured(sim, symbol, rule))) continue;
    enterRegime(sim, rule.regime, THRESHOLD);
    sim.heldUntilNs = sim.timeNs + rule.holdNs;
    return;
  }
}

export function waitForBurst(sim: Sim): void {
  const { intervalNs } = sim.config.burst;
  if (intervalNs > 0) waitFor(sim, AT_BURST, sim.timeNs + 1 + drawExponential(sim.burstStream, intervalNs));
}

/** A burst begins, or the one in force has ended. */
export function runBurst(sim: Sim): void {
  const burst = sim.regimes.length + 1;
  if (sim.burstNs < 0) {
    sim.burstNs = sim.timeNs;
    recordRegime(sim, sim.regime + 1, burst, BURST);
    waitFor(sim, AT_BURST, sim.timeNs + HALF_LIVES * sim.config.burst.halfLifeNs);
    return;
  }
  sim.burstNs = -1;
  recordRegime(sim, burst, sim.regime + 1, BURST_ENDED);
  waitForBurst(sim);
}

/** Milliticks: far beyond every price, and every step away from it is an integer still. */
const VALUE_MAX = 1_000_000_000_000_000;

/** Moves the hidden value: a normal step, longer in a burst (news), and a part of the way back to the start. */
export function stepValue(sim: Sim, symbol: SymbolState): void {
  const { valueStepMilliticks, reversionPpm, startTicks, valueIntervalNs } = symbol.config;
  const { valueRate } = sim.config.regimes[sim.regimes[sim.regime]];
  const rate = Math.floor((valueRate * burstPermille(sim)) / 1000);
  const step = drawNormal(symbol.valueStream) * valueStepMilliticks * rate;
  const back = (startTicks * 1000 - symbol.valueMilliticks) * reversionPpm;
  const moved =
    symbol.valueMilliticks + Math.round(step / (NORMAL_ONE * 1000)) + Math.round(back / 1_000_000);
  symbol.valueMilliticks = Math.min(Math.max(1000, moved), VALUE_MAX);
  waitFor(sim, symbol.at, sim.timeNs + valueIntervalNs);
}
