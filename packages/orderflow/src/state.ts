/** The state of a simulation; what happens to it stands in the files around. */
import { addBook, createBook, createCommands, createMarket, createReports } from '@truetape/book';
import type { BookTop, CommandBuffer, Market, ReportBuffer } from '@truetape/book';
import { NONE } from '@truetape/contracts';
import { createLane, createSourceHeap, createStream, setSource } from '@truetape/kernel';
import type { Lane, RandomStream, SourceHeap } from '@truetape/kernel';
import { createOrders } from '@truetape/orders';
import type { Orders } from '@truetape/orders';
import type { Agent, AgentContext, View } from './agent.ts';
import { AGENT_TYPES, sortedNames } from './config.ts';
import type { AgentConfig, SimConfig, SymbolConfig } from './config.ts';
import { createMetrics } from './metrics.ts';
import type { Metrics } from './metrics.ts';
import { createOwnOrders } from './own-orders.ts';
import type { OwnOrders } from './own-orders.ts';
import { createRecorder } from './recorder.ts';
import type { FactOrigin, Recorder, RecordPort } from './recorder.ts';

/** Sources of records, in their Defines. */
export const VENUE = 1;
export const GATEWAY = 2;
export const QUEUE = 3;
export const INJECTOR = 4;
export const SCHEDULER = 5;
const AGENT_SOURCES = 6;

/** Sources of the heap; those of symbols and agents follow. */
export const AT_SCRIPT = 0;
export const AT_BURST = 1;
export const AT_MATCHER = 2;
export const AT_SYMBOLS = 3;
/** Per symbol: its hidden value, its market data. */
export const SYMBOL_SOURCES = 2;
/** Per agent: its reports, its timer, its commands. */
export const AGENT_PARTS = 3;

export interface SymbolState {
  readonly name: string;
  readonly config: SymbolConfig;
  readonly instrument: number;
  readonly valueStream: RandomStream;
  readonly marketStream: RandomStream;
  valueMilliticks: number;
  /** As it is at the matcher. */
  readonly top: BookTop;
  lastTicks: number;
  market: Lane;
  /** As it was delivered. */
  readonly view: View;
  /** First source of the heap. */
  readonly at: number;
  /** Agents that hear of market data. */
  readonly listeners: AgentState[];
}

export interface AgentState {
  readonly index: number;
  readonly name: string;
  readonly config: AgentConfig;
  readonly type: number;
  readonly symbol: SymbolState;
  readonly account: number;
  readonly source: number;
  readonly at: number;
  readonly wakeStream: RandomStream;
  readonly delayStream: RandomStream;
  readonly reportStream: RandomStream;
  readonly faultStream: RandomStream;
  commands: Lane;
  /** Commands that wait for those before them. */
  held: Lane;
  inbox: Lane;
  readonly own: OwnOrders;
  /** As the gateway counts, which hears of a fill when it happens. */
  readonly gate: OwnOrders;
  gatePosition: number;
  /** Open lots by side, BUY and SELL. */
  readonly gateOpen: Float64Array;
  /** Filled as reports have told. */
  position: number;
  /** Number of the last command sent. */
  requests: number;
  /** Number of the last command that arrived. */
  arrived: number;
  isBlocked: boolean;
  agent: Agent;
  context: AgentContext;
}

export interface Sim {
  readonly config: SimConfig;
  readonly seed: string;
  readonly symbols: SymbolState[];
  readonly agents: AgentState[];
  readonly heap: SourceHeap;
  readonly regimes: readonly string[];
  /** Rates in thousandths by regime × agent type. */
  readonly rates: Float64Array;
  readonly burstStream: RandomStream;
  /** All streams by name. */
  readonly streams: ReadonlyMap<string, RandomStream>;
  readonly streamAt: StreamSource;
  market: Market;
  orders: Orders | undefined;
  readonly recorder: Recorder;
  metrics: Metrics;
  readonly reports: ReportBuffer;
  readonly command: CommandBuffer;
  readonly origin: FactOrigin;
  queue: Lane;
  /** Agents whose commands wait for room, first in first out. */
  blocked: number[];
  timeNs: number;
  /** When the matcher is done with the last command. */
  freeNs: number;
  nextSerial: number;
  regime: number;
  scriptAt: number;
  /** No threshold rule changes the regime before. */
  heldUntilNs: number;
  /** Start of the burst in force; −1: none. */
  burstNs: number;
  started: boolean;
}

export interface SimOptions {
  readonly config: SimConfig;
  readonly seed: string | number;
  /** Without one, events are counted alone. */
  readonly port?: RecordPort;
}

/** Gives the stream of a name: the one that was given before, or restored, or a new one. */
export type StreamSource = (name: string) => RandomStream;

function createStreams(seed: string, streams: Map<string, RandomStream>): StreamSource {
  return (name) => {
    const stream = streams.get(name) ?? createStream(seed, name);
    streams.set(name, stream);
    return stream;
  };
}

function createSymbol(
  streamAt: StreamSource,
  name: string,
  config: SymbolConfig,
  index: number,
): SymbolState {
  const empty = { bidTicks: NONE, bidLots: 0, askTicks: NONE, askLots: 0 };
  return {
    name,
    config,
    instrument: index + 1,
    valueStream: streamAt(`symbol/${name}/value`),
    marketStream: streamAt(`symbol/${name}/market`),
    valueMilliticks: config.startTicks * 1000,
    top: { ...empty, bidOrders: 0, askOrders: 0 },
    lastTicks: config.startTicks,
    market: createLane(),
    view: { ...empty, lastTicks: config.startTicks },
    at: AT_SYMBOLS + index * SYMBOL_SOURCES,
    listeners: [],
  };
}

/** Agents by group, symbol and number; their context and behaviour are set by the gateway's file. */
export type AgentSeed = Omit<AgentState, 'agent' | 'context'>;

function createAgentSeed(
  streamAt: StreamSource,
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
    source: AGENT_SOURCES + index,
    at,
    wakeStream: stream('wake'),
    delayStream: stream('delay'),
    reportStream: stream('report'),
    faultStream: stream('fault'),
    commands: createLane(),
    held: createLane(),
    inbox: createLane(),
    own: createOwnOrders(),
    gate: createOwnOrders(),
    gatePosition: 0,
    gateOpen: new Float64Array(3),
    position: 0,
    requests: 0,
    arrived: 0,
    isBlocked: false,
  };
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
  const symbols = sortedNames(config.symbols).map((name, k) =>
    createSymbol(streamAt, name, config.symbols[name], k),
  );
  const seeds: AgentSeed[] = [];
  const first = AT_SYMBOLS + symbols.length * SYMBOL_SOURCES;
  for (const group of sortedNames(config.agents))
    for (const symbol of symbols)
      for (let k = 0; k < config.agents[group].count; k++) {
        const index = seeds.length;
        const place = { name: `${group}/${symbol.name}/${k}`, index, at: first + index * AGENT_PARTS };
        seeds.push(createAgentSeed(streamAt, place, config.agents[group], symbol));
      }
  // Priorities of contracts' order of simultaneous things.
  const priorities = [1, 1, 3, ...symbols.flatMap(() => [1, 4]), ...seeds.flatMap(() => [3, 7, 9])];
  const regimes = sortedNames(config.regimes);
  const market = createMarket({ create: createBook });
  for (const { instrument } of symbols) addBook(market, instrument);
  const sim: Sim = {
    config,
    seed,
    symbols,
    agents: [],
    heap: createSourceHeap(priorities),
    regimes,
    rates: createRates(config, regimes),
    burstStream: streamAt('burst'),
    streams,
    streamAt,
    market,
    orders: config.checkOrders ? createOrders({ observer: 'venue', endedMax: 1000 }) : undefined,
    recorder: createRecorder(options.port),
    metrics: createMetrics(regimes.length),
    reports: createReports(),
    command: createCommands(1),
    origin: { timeNs: 0, source: VENUE, cause: 0 },
    queue: createLane(64),
    blocked: [],
    timeNs: 0,
    freeNs: 0,
    nextSerial: 0,
    regime: regimes.indexOf(config.startRegime),
    scriptAt: 0,
    heldUntilNs: 0,
    burstNs: -1,
    started: false,
  };
  return { sim, seeds };
}

/** A time as things happen: itself, or the next tick of a simulation in ticks. */
export function happensAt(sim: Sim, timeNs: number): number {
  const { tickNs } = sim.config;
  return tickNs === 0 ? timeNs : Math.ceil(timeNs / tickNs) * tickNs;
}

/** Lets a source of the heap wait. */
export function waitFor(sim: Sim, source: number, timeNs: number): void {
  setSource(sim.heap, source, happensAt(sim, timeNs));
}
