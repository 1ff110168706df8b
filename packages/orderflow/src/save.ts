/**
 * A simulation as plain JSON, at any boundary, and back: what is resumed goes on as if it had never stopped. The
 * same state gives the same text, whatever led to it.
 */
import { bookOf, createBook, restoreMarket, saveMarket } from '@truetape/book';
import { err, ok } from '@truetape/contracts';
import type { JsonObject, JsonValue, Result } from '@truetape/contracts';
import {
  fromHex,
  restoreLane,
  restoreStream,
  saveLane,
  saveSources,
  setSource,
  toHex,
} from '@truetape/kernel';
import type { Lane, RandomStream } from '@truetape/kernel';
import { orderCheckOf, ordersOf, restoreOrders, saveOrders } from '@truetape/orders';
import { z } from 'zod';
import { parseConfig } from './config-schema.ts';
import type { ConfigProblem } from './config-schema.ts';
import { COUNTERS, restoreMetrics, saveMetrics } from './metrics.ts';
import type { MetricsState } from './metrics.ts';
import { OPEN_MAX, gateLeavesAt, loadOwnOrders, saveOwnOrders, sideAt } from './own-orders.ts';
import { continueAt } from './recorder.ts';
import type { RecordPort } from './recorder.ts';
import { wrongPart } from './save-check.ts';
import { createSim } from './simulation.ts';
import { AT_SYMBOLS, SYMBOL_SOURCES } from './state.ts';
import { waitForAgent } from './waits.ts';
import type { AgentState, Sim, SymbolState } from './state.ts';

/** What the saved form is called; another form gets another name. */
export const SIM_STATE_FORMAT = 'truetape/sim-state/1';

const asJson = (value: unknown): JsonValue => JSON.parse(JSON.stringify(value)) as JsonValue;

function saveAgent(agent: AgentState): JsonValue {
  const { gatePosition, position, requests, arrived, isBlocked, wakeNs, faultIn } = agent;
  return asJson({
    gatePosition,
    position,
    requests,
    arrived,
    isBlocked,
    wakeNs,
    faultIn,
    commands: saveLane(agent.commands),
    held: saveLane(agent.held),
    inbox: saveLane(agent.inbox),
    own: saveOwnOrders(agent.own),
    memory: agent.agent.save(),
  });
}

function saveSymbol({ valueMilliticks, lastTicks, feed, view }: SymbolState): JsonValue {
  return asJson({ valueMilliticks, lastTicks, feed: saveLane(feed), view });
}

/** The whole state. Complexity: all of the market, of the orders and of what is under way. */
export function saveSim(sim: Sim): JsonObject {
  const { seed, config, timeNs, freeNs, nextId, regime, scriptAt, heldUntilNs, burstNs, sampleNs, started } =
    sim;
  return {
    format: SIM_STATE_FORMAT,
    config: asJson(config),
    clock: {
      timeNs,
      freeNs,
      nextId,
      regime,
      scriptAt,
      heldUntilNs,
      burstNs,
      sampleNs,
      nextSeq: sim.recorder.nextSeq,
    },
    seed,
    started,
    blocked: [...sim.blocked],
    // Those of agents follow from their own state.
    sources: saveSources(sim.agenda).slice(0, AT_SYMBOLS + sim.symbols.length * SYMBOL_SOURCES),
    streams: Object.fromEntries([...sim.streams].map(([name, stream]) => [name, asJson(stream.save())])),
    queue: asJson(saveLane(sim.queue)),
    metrics: asJson(saveMetrics(sim.metrics)),
    market: toHex(saveMarket(sim.market)),
    orders: sim.orders === undefined ? '' : toHex(saveOrders(ordersOf(sim.orders))),
    symbols: Object.fromEntries(sim.symbols.map((symbol) => [symbol.name, saveSymbol(symbol)])),
    agents: Object.fromEntries(sim.agents.map((agent) => [agent.name, saveAgent(agent)])),
  };
}

const count = z.int().min(0);
// The price of a market order is NONE, which is no safe integer.
const rows = z.array(z.array(z.number().refine(Number.isInteger)).length(6)).max(OPEN_MAX);
const view = z.strictObject({
  bidTicks: z.number(),
  bidLots: count,
  askTicks: z.number(),
  askLots: count,
  lastTicks: z.int(),
});
const symbolShape = z.strictObject({
  valueMilliticks: z.int(),
  lastTicks: z.int(),
  feed: z.unknown(),
  view,
});
const agentShape = z.strictObject({
  gatePosition: z.int(),
  position: z.int(),
  requests: count,
  arrived: count,
  isBlocked: z.boolean(),
  wakeNs: count,
  faultIn: z.int().min(-1),
  commands: z.unknown(),
  held: z.unknown(),
  inbox: z.unknown(),
  own: rows,
  memory: z.record(z.string(), z.int()),
});
const stateShape = z.strictObject({
  format: z.literal(SIM_STATE_FORMAT),
  seed: z.string(),
  config: z.unknown(),
  started: z.boolean(),
  clock: z.strictObject({
    timeNs: count,
    freeNs: count,
    nextId: count,
    regime: count,
    scriptAt: count,
    heldUntilNs: count,
    burstNs: z.int().min(-1),
    sampleNs: count,
    nextSeq: count,
  }),
  blocked: z.array(count),
  sources: z.array(z.int().min(-1)),
  streams: z.record(z.string(), z.unknown()),
  queue: z.unknown(),
  metrics: z.strictObject({
    regimes: z.array(z.record(z.enum(COUNTERS), count)),
    distributions: z.array(
      z.strictObject({ queueDepth: z.unknown(), spread: z.unknown(), topLots: z.unknown() }),
    ),
  }),
  market: z.string(),
  orders: z.string(),
  symbols: z.record(z.string(), symbolShape),
  agents: z.record(z.string(), agentShape),
});
type SavedState = z.infer<typeof stateShape>;

/** The part of a state that could not be restored. */
type Fault = ConfigProblem | undefined;

const fault = (path: string, problem: string): ConfigProblem => ({ path, problem });

function loadLane(
  { lanes }: Sim,
  target: { [key: string]: unknown },
  key: string,
  state: unknown,
  path: string,
): Fault {
  const lane = restoreLane(lanes, state);
  if (!lane.ok) return fault(`${path}.${key}`, `no lane: ${lane.error.field}`);
  target[key] = lane.value satisfies Lane;
  return undefined;
}

function loadAgent(sim: Sim, agent: AgentState, saved: z.infer<typeof agentShape>): Fault {
  const path = `agents.${agent.name}`;
  const target = agent as unknown as { [key: string]: unknown };
  for (const key of ['commands', 'held', 'inbox'] as const) {
    const wrong = loadLane(sim, target, key, saved[key], path);
    if (wrong !== undefined) return wrong;
  }
  if (!loadOwnOrders(agent.own, saved.own)) return fault(`${path}.own`, 'no orders');
  const { gatePosition, position, requests, arrived, isBlocked, wakeNs, faultIn, memory } = saved;
  Object.assign(agent, { gatePosition, position, requests, arrived, isBlocked, wakeNs, faultIn });
  const { own } = agent;
  for (const slot of own.taken.subarray(0, own.count))
    agent.gateOpen[sideAt(own, slot)] += gateLeavesAt(own, slot);
  agent.agent.restore(memory);
  if (sim.blocked.includes(agent.index) !== isBlocked) return fault(`${path}.isBlocked`, 'not so');
  if (!sim.started) return undefined;
  if (wakeNs < sim.timeNs) return fault(`${path}.wakeNs`, 'a time that is to come');
  waitForAgent(sim, agent);
  return undefined;
}

function loadSymbol(sim: Sim, symbol: SymbolState, saved: z.infer<typeof symbolShape>): Fault {
  const { valueMilliticks, lastTicks } = saved;
  Object.assign(symbol, { valueMilliticks, lastTicks });
  Object.assign(symbol.view, saved.view);
  symbol.book = bookOf(sim.market, symbol.instrument)!;
  symbol.book.readTop(symbol.top);
  const target = symbol as unknown as { [key: string]: unknown };
  return loadLane(sim, target, 'feed', saved.feed, `symbols.${symbol.name}`);
}

/** Books and orders, from their bytes. */
function loadStores(sim: Sim, saved: SavedState): Fault {
  const market = restoreMarket(fromHex(saved.market) ?? new Uint8Array(), createBook);
  if (!market.ok) return fault('market', `${market.error.code} at byte ${market.error.offsetBytes}`);
  const isWhole = market.value.instruments.length === sim.symbols.length;
  if (!isWhole || sim.symbols.some(({ instrument }) => bookOf(market.value, instrument) === undefined))
    return fault('market', 'a book for each symbol');
  sim.market = market.value;
  if (sim.orders === undefined) return saved.orders === '' ? undefined : fault('orders', 'none are checked');
  const orders = restoreOrders(fromHex(saved.orders) ?? new Uint8Array());
  if (!orders.ok) return fault('orders', `${orders.error.code} at byte ${orders.error.offsetBytes}`);
  const check = orderCheckOf(orders.value);
  if (check === undefined) return fault('orders', 'not those of a venue');
  sim.orders = check;
  return undefined;
}

function loadSources(sim: Sim, saved: SavedState): Fault {
  if (saved.sources.length !== AT_SYMBOLS + sim.symbols.length * SYMBOL_SOURCES)
    return fault('sources', 'one time for each source');
  for (const [source, timeNs] of saved.sources.entries()) {
    if (timeNs < 0) continue;
    if (timeNs < saved.clock.timeNs) return fault(`sources.${source}`, 'a time that is to come');
    setSource(sim.agenda, source, timeNs);
  }
  return undefined;
}

function load(sim: Sim, saved: SavedState): Fault {
  const { nextSeq, ...clock } = saved.clock;
  const { agents, symbols } = saved;
  if (clock.regime >= sim.regimes.length) return fault('clock.regime', 'a regime');
  if (saved.blocked.some((index) => index >= sim.agents.length)) return fault('blocked', 'agents');
  Object.assign(sim, clock, { started: saved.started, blocked: saved.blocked });
  continueAt(sim.recorder, nextSeq);
  const metrics = restoreMetrics(saved.metrics as unknown as MetricsState);
  if (metrics === undefined || metrics.regimes.length !== sim.regimes.length)
    return fault('metrics', 'what was counted');
  sim.metrics = metrics;
  sim.counts = metrics.regimes[clock.regime];
  sim.distributions = metrics.distributions[clock.regime];
  sim.countedNs = clock.timeNs;
  sim.countedSeq = nextSeq;
  let wrong = loadStores(sim, saved) ?? loadSources(sim, saved);
  wrong ??= loadLane(sim, sim as unknown as { [key: string]: unknown }, 'queue', saved.queue, 'sim');
  if (sim.queue.count > 0) sim.matchNs = Math.max(sim.timeNs, sim.freeNs);
  for (const symbol of sim.symbols) {
    const one = Object.hasOwn(symbols, symbol.name) ? symbols[symbol.name] : undefined;
    wrong ??= one === undefined ? fault(`symbols.${symbol.name}`, 'missing') : loadSymbol(sim, symbol, one);
  }
  for (const agent of sim.agents) {
    const one = Object.hasOwn(agents, agent.name) ? agents[agent.name] : undefined;
    wrong ??= one === undefined ? fault(`agents.${agent.name}`, 'missing') : loadAgent(sim, agent, one);
  }
  return wrong;
}

/**
 * The simulation that a saved state continues, from untrusted JSON. The port gets the events from the next seq on.
 *
 * Errors: what is no state, with its path. A state that was changed by hand into another that is consistent is
 * not noticed.
 */
export function restoreSim(state: unknown, port?: RecordPort): Result<Sim, readonly ConfigProblem[]> {
  const parsed = stateShape.safeParse(state);
  if (!parsed.success)
    return err(parsed.error.issues.map(({ path, message }) => fault(path.join('.'), message)));
  const saved = parsed.data;
  const config = parseConfig(saved.config);
  if (!config.ok) return err(config.error.map(({ path, problem }) => fault(`config.${path}`, problem)));
  const streams = new Map<string, RandomStream>();
  for (const [name, one] of Object.entries(saved.streams)) {
    const stream = restoreStream(one);
    if (!stream.ok) return err([fault(`streams.${name}`, `no stream: ${stream.error.field}`)]);
    streams.set(name, stream.value);
  }
  const options = { config: config.value, seed: saved.seed };
  const named = streams.size;
  const sim = createSim(port === undefined ? options : { ...options, port }, streams);
  if (streams.size !== named) return err([fault('streams', 'one of each name')]);
  const wrong = load(sim, saved);
  if (wrong !== undefined) return err([wrong]);
  const part = wrongPart(sim);
  return part === undefined ? ok(sim) : err([fault(part, 'nothing that a simulation can have')]);
}
