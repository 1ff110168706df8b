/** Runs a simulation: the source that is next, until there is enough. */
import { BLANK, Kind, defineFields } from '@truetape/contracts';
import type { Event, JsonObject, TableName } from '@truetape/contracts';
import { assert, priorityOf } from '@truetape/kernel';
import type { RandomStream } from '@truetape/kernel';
import type { AgentContext } from './agent.ts';
import { createAgent } from './agents.ts';
import { isPlain, takeArrivals } from './arrival.ts';
import { AGENT_TYPES } from './config.ts';
import { createState } from './create-state.ts';
import type { AgentSeed } from './create-state.ts';
import { amendSlot, cancelSlot, placeLimit, placeMarket } from './gateway.ts';
import { deliverMarket, deliverReports, tellMarket } from './inbox.ts';
import { isIdle, matchNext, matchStraight, takeSamples } from './matcher.ts';
import { recordEvent } from './recorder.ts';
import {
  recordRegime,
  runBurst,
  runScript,
  scheduleWake,
  settleCounts,
  stepValue,
  waitForBurst,
  waitForScript,
} from './regimes.ts';
import { AT_SCRIPT, AT_SYMBOLS, COMMAND, REPORT, SYMBOL_SOURCES, WAKE } from './state.ts';
import type { AgentState, Sim, SimOptions } from './state.ts';
import { END_OF_TIME_NS, waitFor, waitForAgent } from './waits.ts';

function createContext(sim: Sim, agent: AgentSeed): AgentContext {
  const { name, symbol, own } = agent;
  const self = agent as AgentState;
  return {
    name,
    instrument: symbol.instrument,
    view: symbol.view,
    own,
    timeNs: () => sim.timeNs,
    positionLots: () => self.position,
    valueMilliticks: () => symbol.valueMilliticks,
    stream: (purpose) => sim.streamAt(`agent/${name}/own/${purpose}`),
    limit: (side, priceTicks, lots, tif) => placeLimit(sim, self, side, priceTicks, lots, tif),
    market: (side, lots) => placeMarket(sim, self, side, lots),
    cancel: (slot) => cancelSlot(sim, self, slot),
    amend: (slot, priceTicks) => amendSlot(sim, self, slot, priceTicks),
  };
}

/**
 * A simulation before its first event. The configuration is one that `parseConfig` gave, or a preset. Streams that
 * are given go on where they stand.
 */
export function createSim(options: SimOptions, streams?: Map<string, RandomStream>): Sim {
  const { sim, seeds } = createState(options, streams);
  for (const seed of seeds) {
    const context = createContext(sim, seed);
    const agent = createAgent(seed.config, context);
    const state = Object.assign(seed, { context, agent, hearsReports: agent.onReport !== undefined });
    sim.agents.push(state);
    if (agent.onMarket !== undefined) state.symbol.listeners.push(state);
  }
  return sim;
}

/** Instruments, sources, accounts and labels. */
function recordDefines(sim: Sim): void {
  const define = (table: TableName, index: number, value: JsonObject): void => {
    const event: Event = {
      ...BLANK.Define,
      kind: Kind.Define,
      timeNs: 0,
      ...defineFields(table, index, value),
    };
    recordEvent(sim.recorder, event);
  };
  for (const { name, instrument, config } of sim.symbols) {
    const { priceStep, qtyStep } = config;
    const fineScale = (priceStep.split('.')[1] ?? '').length;
    const asset = { base: name, quote: 'USD', settle: 'USD' };
    const steps = { priceStep, qtyStep, fineScale, contractSize: '1' };
    const kind = { class: 'spot', ids: 'numeric', rules: {} };
    define('instrument', instrument, {
      id: `SIM:${name}`,
      venue: 'SIM',
      symbol: name,
      ...asset,
      ...steps,
      ...kind,
    });
  }
  const roles = [
    ['venue', 'venue'],
    ['gateway', 'risk'],
    ['queue', 'router'],
    ['injector', 'injector'],
    ['scheduler', 'system'],
  ];
  roles.forEach(([name, role], k) => define('source', k + 1, { name, role, venue: 'SIM' }));
  for (const { name, source } of sim.agents) define('source', source, { name, role: 'agent' });
  for (const { name, account } of sim.agents) define('account', account, { name });
  const labels = [...sim.regimes, 'spike', 'duplicate', 'drop', 'delay', 'reorder'];
  labels.forEach((text, k) => define('label', k + 1, { text }));
}

function start(sim: Sim): void {
  sim.started = true;
  recordDefines(sim);
  recordRegime(sim, 0, sim.regime + 1);
  waitForScript(sim);
  waitForBurst(sim);
  for (const symbol of sim.symbols) waitFor(sim, symbol.at, symbol.config.valueIntervalNs);
  for (const agent of sim.agents) {
    scheduleWake(sim, agent);
    waitForAgent(sim, agent);
  }
}

/** An agent reads what has reached it, and acts. */
function wake(sim: Sim, agent: AgentState): void {
  deliverMarket(sim, agent.symbol);
  deliverReports(sim, agent);
  if (sim.rates[sim.regime * AGENT_TYPES.length + agent.type] > 0) agent.agent.wake(agent.context);
  scheduleWake(sim, agent);
  waitForAgent(sim, agent);
}

/** Commands of an agent arrive; an idle matcher takes the first at once: nothing else can come between. */
function arrive(sim: Sim, agent: AgentState): void {
  if (isIdle(sim) && isPlain(agent)) {
    matchStraight(sim, agent.commands);
    waitForAgent(sim, agent);
    return;
  }
  takeArrivals(sim, agent);
  if (sim.matchNs === sim.timeNs) matchNext(sim);
}

function report(sim: Sim, agent: AgentState): void {
  deliverMarket(sim, agent.symbol);
  deliverReports(sim, agent);
  waitForAgent(sim, agent);
}

/** Lets happen what the source of the agenda waits for. */
function stepSource(sim: Sim, source: number): void {
  const { symbols } = sim;
  const index = source - AT_SYMBOLS - symbols.length * SYMBOL_SOURCES;
  if (index >= 0) {
    const agent = sim.agents[index];
    if (agent.next === WAKE) wake(sim, agent);
    else if (agent.next === COMMAND) arrive(sim, agent);
    else report(sim, agent);
  } else if (source >= AT_SYMBOLS) {
    const symbol = symbols[(source - AT_SYMBOLS) >> 1];
    if (source === symbol.at) stepValue(sim, symbol);
    else tellMarket(sim, symbol);
  } else if (source === AT_SCRIPT) runScript(sim);
  else runBurst(sim);
}

/** When a run ends: at the first boundary with so many events, or before what happens behind a time. */
export interface RunLimits {
  /** Events on the tape, those of an earlier run included. */
  readonly events?: number;
  /** Nothing later than this happens, and nothing behind the end of time in any run. */
  readonly untilNs?: number;
  /** Things that happen at most, events or not: for a caller who has to breathe. */
  readonly steps?: number;
}

/**
 * Runs until a limit; true where nothing is left to happen before the given time. Between two calls the simulation
 * stands at a boundary.
 *
 * Throws on FLOW-4 without a limit, or for one that is no count.
 */
export function runSim(sim: Sim, limits: RunLimits): boolean {
  const { events = Infinity, untilNs = Infinity, steps = Number.MAX_SAFE_INTEGER } = limits;
  assert(events < Infinity || untilNs < Infinity, 'FLOW-4', 'a run has an end');
  assert(events >= 0 && untilNs >= 0 && steps >= 0, 'FLOW-4', 'a run has an end');
  if (!sim.started) start(sim);
  const lastNs = Math.min(untilNs, END_OF_TIME_NS);
  let left = steps;
  let isOver = false;
  while (!isOver && left > 0 && sim.recorder.nextSeq < events) {
    isOver = !step(sim, lastNs);
    left -= 1;
  }
  settleCounts(sim);
  return isOver;
}

/**
 * Lets happen what is next, in the order of (time, priority, source): the agenda's first, or the matcher. False when
 * that is later than the given time.
 */
function step(sim: Sim, untilNs: number): boolean {
  const { agenda, matchNs } = sim;
  const source = agenda.nodes[1];
  const sourceNs = agenda.times[source];
  const isMatch = matchNs < sourceNs || (matchNs === sourceNs && priorityOf(agenda, source) >= REPORT);
  const timeNs = isMatch ? matchNs : sourceNs;
  if (timeNs > untilNs) return false;
  if (sim.sampleNs < timeNs) takeSamples(sim, timeNs);
  sim.timeNs = timeNs;
  if (isMatch) matchNext(sim);
  else stepSource(sim, source);
  return true;
}
