/** The state of a simulation; what happens to it stands in the files around. */
import type { Book, BookTop, CommandBuffer, Market, ReportBuffer } from '@truetape/book';
import type { Agenda, Lane, LanePool, RandomStream } from '@truetape/kernel';
import type { OrderCheck } from '@truetape/orders';
import type { Agent, AgentContext, View } from './agent.ts';
import type { AgentConfig, SimConfig, SymbolConfig, ThresholdRule } from './config.ts';
import type { Distributions, Metrics, RegimeCounts } from './metrics.ts';
import type { OwnOrders } from './own-orders.ts';
import type { Recorder, RecordPort } from './recorder.ts';

/** Sources of records, in their Defines. */
export const VENUE = 1;
export const GATEWAY = 2;
export const QUEUE = 3;
export const INJECTOR = 4;
export const SCHEDULER = 5;
export const AGENT_SOURCES = 6;

/** Sources of the agenda; those of symbols follow, two each, then the agents. The matcher has a time of its own. */
export const AT_SCRIPT = 0;
export const AT_BURST = 1;
export const AT_SYMBOLS = 2;
export const SYMBOL_SOURCES = 2;
/** Priorities, as contracts order what is simultaneous. The matcher is the first of REPORT's. */
export const CONTROL = 1;
export const REPORT = 3;
export const MARKET = 4;
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

/** Places of what is no command among the delays. */
export const REPORT_DELAY = 4;
export const MARKET_DELAY = 5;
