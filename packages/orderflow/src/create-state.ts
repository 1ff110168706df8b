/** Makes the state of a simulation from its configuration, but for the agents' behaviour. */
import {
  OP_AMEND,
  OP_CANCEL,
  OP_NEW,
  addBook,
  createBook,
  createCommands,
  createMarket,
  createReports,
} from '@truetape/book';
import type { Book } from '@truetape/book';
import { NONE } from '@truetape/contracts';
import { createAgenda, createLane, createLanePool, createStream } from '@truetape/kernel';
import type { LanePool, RandomStream } from '@truetape/kernel';
import { createOrderCheck } from '@truetape/orders';
import { AGENT_TYPES, sortedNames } from './config.ts';
import type { AgentConfig, Delay, SimConfig, SymbolConfig } from './config.ts';
import { createMetrics } from './metrics.ts';
import { createOwnOrders } from './own-orders.ts';
import { createRecorder } from './recorder.ts';
import {
  AGENT_SOURCES,
  AT_SYMBOLS,
  CONTROL,
  MARKET,
  MARKET_DELAY,
  REPORT_DELAY,
  SYMBOL_SOURCES,
  WAKE,
} from './state.ts';
import type { AgentState, Sim, SimOptions, StreamSource, SymbolState } from './state.ts';

function createStreams(seed: string, streams: Map<string, RandomStream>): StreamSource {
  return (name) => {
    const stream = streams.get(name) ?? createStream(seed, name);
    streams.set(name, stream);
    return stream;
  };
}

function createSymbol(
  streamAt: StreamSource,
  lanes: LanePool,
  name: string,
  config: SymbolConfig,
  book: Book,
): SymbolState {
  const index = book.instrument - 1;
  const empty = { bidTicks: NONE, bidLots: 0, askTicks: NONE, askLots: 0 };
  return {
    name,
    config,
    instrument: book.instrument,
    valueStream: streamAt(`symbol/${name}/value`),
    marketStream: streamAt(`symbol/${name}/market`),
    valueMilliticks: config.startTicks * 1000,
    top: { ...empty, bidOrders: 0, askOrders: 0 },
    book,
    lastTicks: config.startTicks,
    view: { ...empty, lastTicks: config.startTicks },
    feed: createLane(lanes),
    at: AT_SYMBOLS + index * SYMBOL_SOURCES,
    listeners: [],
  };
}

/** Agents by group, symbol and number; their context and behaviour are set by the gateway's file. */
export type AgentSeed = Omit<AgentState, 'agent' | 'context'>;

function createAgentSeed(
  streamAt: StreamSource,
  lanes: LanePool,
  place: { name: string; index: number; at: number },
  config: AgentConfig,
  symbol: SymbolState,
): AgentSeed {
  const { name, index, at } = place;
  const stream = (purpose: string): RandomStream => streamAt(`agent/${name}/${purpose}`);
  return {
    index,
    name,
    config,
    type: AGENT_TYPES.indexOf(config.type),
    symbol,
    account: index + 1,
    intervalNs: config.intervalNs,
    maxInventoryLots: config.maxInventoryLots,
    source: AGENT_SOURCES + index,
    at,
    wakeStream: stream('wake'),
    delayStream: stream('delay'),
    reportStream: stream('report'),
    faultStream: stream('fault'),
    commands: createLane(lanes),
    held: createLane(lanes),
    inbox: createLane(lanes),
    own: createOwnOrders(),
    gatePosition: 0,
    gateOpen: new Float64Array(3),
    position: 0,
    requests: 0,
    arrived: 0,
    isBlocked: false,
    wakeNs: 0,
    next: WAKE,
    faultIn: -1,
    hearsReports: false,
  };
}

function delaysByOp({ delays }: SimConfig): Float64Array {
  const cells = new Float64Array(12);
  const set = (op: number, { delayNs, jitterNs }: Delay): void => cells.set([delayNs, jitterNs], op * 2);
  set(OP_NEW, delays.new);
  set(OP_CANCEL, delays.cancel);
  set(OP_AMEND, delays.amend);
  set(REPORT_DELAY, delays.report);
  set(MARKET_DELAY, delays.market);
  return cells;
}

function createRates(config: SimConfig, regimes: readonly string[]): Float64Array {
  return Float64Array.from(
    regimes.flatMap((name) => AGENT_TYPES.map((type) => config.regimes[name].rates[type] ?? 1000)),
  );
}

/** Everything but the agents' behaviour. */
export function createState(
  options: SimOptions,
  streams: Map<string, RandomStream> = new Map<string, RandomStream>(),
): { sim: Sim; seeds: AgentSeed[] } {
  const { config } = options;
  const seed = String(options.seed);
  const streamAt = createStreams(seed, streams);
  const lanes = createLanePool();
  const market = createMarket({ create: createBook });
  const symbols = sortedNames(config.symbols).map((name, k) =>
    createSymbol(streamAt, lanes, name, config.symbols[name], addBook(market, k + 1)),
  );
  const seeds: AgentSeed[] = [];
  const first = AT_SYMBOLS + symbols.length * SYMBOL_SOURCES;
  for (const group of sortedNames(config.agents))
    for (const symbol of symbols)
      for (let k = 0; k < config.agents[group].count; k++) {
        const index = seeds.length;
        const place = { name: `${group}/${symbol.name}/${k}`, index, at: first + index };
        seeds.push(createAgentSeed(streamAt, lanes, place, config.agents[group], symbol));
      }
  const priorities = [
    CONTROL,
    CONTROL,
    ...symbols.flatMap(() => [CONTROL, MARKET]),
    ...seeds.map(() => WAKE),
  ];
  const regimes = sortedNames(config.regimes);
  const metrics = createMetrics(regimes.length);
  const { duplicatePpm, dropPpm, reorderPpm } = config.faults;
  const regime = regimes.indexOf(config.startRegime);
  const sim: Sim = {
    config,
    seed,
    symbols,
    agents: [],
    agenda: createAgenda(priorities),
    regimes,
    rates: createRates(config, regimes),
    burstStream: streamAt('burst'),
    streams,
    streamAt,
    market,
    orders: config.checkOrders ? createOrderCheck({ endedMax: 1000 }) : undefined,
    recorder: createRecorder(options.port),
    metrics,
    counts: metrics.regimes[regime],
    distributions: metrics.distributions[regime],
    delays: delaysByOp(config),
    tickNs: config.tickNs,
    serviceNs: config.queue.serviceNs,
    queueMax: config.queue.capacity,
    thresholds: config.thresholds,
    hasFaults: duplicatePpm + dropPpm + reorderPpm > 0,
    reports: createReports(),
    command: createCommands(1),
    lanes,
    queue: createLane(lanes),
    blocked: [],
    timeNs: 0,
    matchNs: Infinity,
    freeNs: 0,
    nextId: 0,
    regime,
    scriptAt: 0,
    heldUntilNs: 0,
    burstNs: -1,
    factorPermille: 1000,
    factorBurstNs: -1,
    factorUntilNs: 0,
    sampleNs: 0,
    countedNs: 0,
    countedSeq: 0,
    started: false,
  };
  return { sim, seeds };
}
