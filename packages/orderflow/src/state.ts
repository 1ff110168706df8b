/** The state of a simulation; what happens to it stands in the files around. */
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
import type { Book, BookTop, CommandBuffer, Market, ReportBuffer } from '@truetape/book';
import { NONE } from '@truetape/contracts';
import { createAgenda, createLane, createLanePool, createStream } from '@truetape/kernel';
import type { Agenda, Lane, LanePool, RandomStream } from '@truetape/kernel';
import { createOrderCheck } from '@truetape/orders';
import type { OrderCheck } from '@truetape/orders';
import type { Agent, AgentContext, View } from './agent.ts';
import { AGENT_TYPES, sortedNames } from './config.ts';
import type { AgentConfig, Delay, SimConfig, SymbolConfig, ThresholdRule } from './config.ts';
import { createMetrics } from './metrics.ts';
import type { Distributions, Metrics, RegimeCounts } from './metrics.ts';
import { createOwnOrders } from './own-orders.ts';
import type { OwnOrders } from './own-orders.ts';
import { createRecorder } from './recorder.ts';
import type { Recorder, RecordPort } from './recorder.ts';

/** Sources of records, in their Defines. */
export const VENUE = 1;
export const GATEWAY = 2;
export const QUEUE = 3;
export const INJECTOR = 4;
export const SCHEDULER = 5;
const AGENT_SOURCES = 6;

/** Sources of the agenda; those of symbols follow, two each, then the agents. The matcher has a time of its own. */
export const AT_SCRIPT = 0;
export const AT_BURST = 1;
export const AT_SYMBOLS = 2;
export const SYMBOL_SOURCES = 2;
/** Priorities, as contracts order what is simultaneous. The matcher is the first of REPORT's. */
const CONTROL = 1;
export const REPORT = 3;
const MARKET = 4;
export const WAKE = 7;
export const COMMAND = 9;

export interface SymbolState {
  readonly name: string;
  readonly config: SymbolConfig;
  readonly instrument: number;
  readonly valueStream: RandomStream;
  readonly marketStream: RandomStream;
  valueMilliticks: number;
  /** As it is at the matcher. */
  readonly top: BookTop;
  book: Book;
  lastTicks: number;
  /** Market data on its way. */
  feed: Lane;
  /** As it was delivered. */
  readonly view: View;
  /** First of its two sources of the agenda: its hidden value, its market data where somebody reacts to that. */
  readonly at: number;
  /** Agents that react to market data. */
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
  /** Of its configuration, whose shape differs by type. */
  readonly intervalNs: number;
  readonly maxInventoryLots: number;
  /** Source of the agenda: its timer or its next command, whichever is first. */
  readonly at: number;
  readonly wakeStream: RandomStream;
  readonly delayStream: RandomStream;
  readonly reportStream: RandomStream;
  readonly faultStream: RandomStream;
  commands: Lane;
  /** Commands that wait for those before them. */
  held: Lane;
  /** Reports on their way to it. */
  inbox: Lane;
  readonly own: OwnOrders;
  gatePosition: number;
  /** Open lots by side, BUY and SELL, as the gateway counts. */
  readonly gateOpen: Float64Array;
  /** Filled as reports have told. */
  position: number;
  /** Number of the last command sent. */
  requests: number;
  /** Number of the last command that arrived. */
  arrived: number;
  isBlocked: boolean;
  wakeNs: number;
  /** What its source of the agenda waits for: WAKE, COMMAND or REPORT. */
  next: number;
  /** Commands until the injector's next fault. */
  faultIn: number;
  /** Reports reach it at their time, not at its next wake. */
  hearsReports: boolean;
  agent: Agent;
  context: AgentContext;
}

export interface Sim {
  readonly config: SimConfig;
  readonly seed: string;
  readonly symbols: SymbolState[];
  readonly agents: AgentState[];
  readonly agenda: Agenda;
  readonly regimes: readonly string[];
  /** Rates in thousandths by regime × agent type. */
  readonly rates: Float64Array;
  readonly burstStream: RandomStream;
  /** All streams by name. */
  readonly streams: ReadonlyMap<string, RandomStream>;
  readonly streamAt: StreamSource;
  market: Market;
  orders: OrderCheck | undefined;
  readonly recorder: Recorder;
  metrics: Metrics;
  /** Those of the regime in force. */
  counts: RegimeCounts;
  distributions: Distributions;
  /** Of the configuration, at hand: delays and means of jitter, of commands by op, of reports and of market data. */
  readonly delays: Float64Array;
  readonly tickNs: number;
  readonly serviceNs: number;
  readonly queueMax: number;
  readonly thresholds: readonly ThresholdRule[];
  readonly hasFaults: boolean;
  readonly reports: ReportBuffer;
  readonly command: CommandBuffer;
  /** Memory of all that is under way. */
  readonly lanes: LanePool;
  queue: Lane;
  /** Agents whose commands wait for room, first in first out. */
  blocked: number[];
  timeNs: number;
  /** When the matcher takes the next command; Infinity while the queue is empty. */
  matchNs: number;
  /** When the matcher is done with the last command. */
  freeNs: number;
  /** The first order id that was never given. */
  nextId: number;
  regime: number;
  scriptAt: number;
  /** No threshold rule changes the regime before. */
  heldUntilNs: number;
  /** Start of the burst in force; −1: none. */
  burstNs: number;
  /** What a burst multiplies rates by, of which burst and until when; nothing of the state: it follows from that. */
  factorPermille: number;
  factorBurstNs: number;
  factorUntilNs: number;
  /** When the books are looked at next. */
  sampleNs: number;
  /** Up to where time and events are counted. */
  countedNs: number;
  countedSeq: number;
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

/** Places of what is no command among the delays. */
export const REPORT_DELAY = 4;
export const MARKET_DELAY = 5;

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
