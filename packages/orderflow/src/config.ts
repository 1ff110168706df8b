/**
 * What a simulation is made of, as plain data. Records are keyed by name, so that a path names every number
 * (`agents.noise.intervalNs`), and are taken in the order of their keys: the order of a file says nothing.
 *
 * Units: times in ns, prices in ticks, quantities in lots, rates in thousandths (1000: as configured),
 * probabilities of faults in parts per million.
 */
export const AGENT_TYPES = ['noise', 'maker', 'momentum', 'value', 'cancelBot', 'runaway'] as const;
export type AgentType = (typeof AGENT_TYPES)[number];

/** What all agents have. Each group has `count` agents in every symbol. */
interface AgentGroup {
  readonly count: number;
  /** Mean time between two wakes; waits are exponential, and shorter where a regime's rate is higher. */
  readonly intervalNs: number;
  /** Mean quantity of an order; quantities are exponential from 1. */
  readonly qtyLots: number;
  /** Largest position either way, open orders counted as if they filled. 0: no limit. */
  readonly maxInventoryLots: number;
}

/** Trades at random: orders near the best price, market orders, cancels. */
export interface NoiseConfig extends AgentGroup {
  readonly type: 'noise';
  readonly marketPermille: number;
  readonly cancelPermille: number;
  /** Mean distance of a limit order behind the best price of its side. */
  readonly depthTicks: number;
  readonly openMax: number;
}

/** Quotes both sides around the middle, leaning against its inventory. */
export interface MakerConfig extends AgentGroup {
  readonly type: 'maker';
  readonly halfSpreadTicks: number;
  readonly levels: number;
  /** Ticks that its middle moves against 1,000 lots of inventory. */
  readonly skewTicks: number;
}

/** Takes in the direction of the last move. */
export interface MomentumConfig extends AgentGroup {
  readonly type: 'momentum';
  readonly thresholdTicks: number;
}

/** Takes towards the hidden value of its symbol. */
export interface ValueConfig extends AgentGroup {
  readonly type: 'value';
  readonly thresholdTicks: number;
}

/** Stuffs: places orders behind the best price and cancels them at its next wake. */
export interface CancelBotConfig extends AgentGroup {
  readonly type: 'cancelBot';
  readonly orders: number;
  readonly depthTicks: number;
}

/** Repeats one market order from a time on. */
export interface RunawayConfig extends AgentGroup {
  readonly type: 'runaway';
  readonly side: 'buy' | 'sell';
  readonly startNs: number;
  readonly endNs: number;
}

export type AgentConfig =
  | NoiseConfig
  | MakerConfig
  | MomentumConfig
  | ValueConfig
  | CancelBotConfig
  | RunawayConfig;

export interface SymbolConfig {
  readonly priceStep: string;
  readonly qtyStep: string;
  readonly startTicks: number;
  /** The hidden value moves this often, by a normal step of this many thousandths of a tick. */
  readonly valueIntervalNs: number;
  readonly valueStepMilliticks: number;
  /** How much of its distance to the start it gives back at each step, in parts per million. */
  readonly reversionPpm: number;
}

/** A delay, and the mean of an exponential jitter on top. */
export interface Delay {
  readonly delayNs: number;
  readonly jitterNs: number;
}

export const QUEUE_POLICIES = ['dropOldest', 'dropNewest', 'reject', 'block'] as const;
export type QueuePolicy = (typeof QUEUE_POLICIES)[number];
export const FAULT_HANDLINGS = ['reject', 'reorder', 'flag'] as const;
export type FaultHandling = (typeof FAULT_HANDLINGS)[number];

/** Commands that are doubled, lost or swapped with the one before on their way. */
export interface FaultsConfig {
  readonly duplicatePpm: number;
  readonly dropPpm: number;
  readonly reorderPpm: number;
  readonly handling: FaultHandling;
  /** `reorder`: how long a command waits for those before it. */
  readonly windowNs: number;
}

export interface RegimeConfig {
  /** Rates of agents by type; those not named keep 1000. */
  readonly rates: { readonly [type in AgentType]?: number };
  /** Steps of the hidden values. */
  readonly valueRate: number;
}

/** Changes the regime at a time. */
export interface ScriptStep {
  readonly atNs: number;
  readonly regime: string;
}

export const MEASURES = ['queueDepth', 'spreadTicks', 'topLots'] as const;

/** Changes the regime when a measure passes a limit, while another one is in force. */
export interface ThresholdRule {
  /** Commands that wait, ticks between the best prices where both are there, lots at both of them. */
  readonly measure: (typeof MEASURES)[number];
  /** One of the two is there. */
  readonly above?: number;
  readonly below?: number;
  readonly regime: string;
  /** No rule changes the regime again before this has passed. */
  readonly holdNs: number;
}

/** Spikes of all rates, and of the steps of hidden values: to `peakPermille`, then back by half every `halfLifeNs`. */
export interface BurstConfig {
  /** Mean time between two spikes; 0: none. */
  readonly intervalNs: number;
  readonly peakPermille: number;
  readonly halfLifeNs: number;
}

export interface SimConfig {
  /** 0: in event time; else everything happens at multiples of it. */
  readonly tickNs: number;
  readonly symbols: { readonly [name: string]: SymbolConfig };
  readonly agents: { readonly [name: string]: AgentConfig };
  readonly delays: {
    readonly new: Delay;
    readonly cancel: Delay;
    readonly amend: Delay;
    readonly report: Delay;
    readonly market: Delay;
  };
  readonly queue: {
    readonly capacity: number;
    readonly policy: QueuePolicy;
    /** Time that the matcher takes for a command. */
    readonly serviceNs: number;
  };
  readonly faults: FaultsConfig;
  readonly regimes: { readonly [name: string]: RegimeConfig };
  readonly startRegime: string;
  readonly script: readonly ScriptStep[];
  /** The script begins anew this long after its beginning; 0: it is run once. */
  readonly scriptRepeatNs: number;
  readonly thresholds: readonly ThresholdRule[];
  readonly burst: BurstConfig;
  /** Whether an orders store follows every fact of the venue and reports what contradicts it. */
  readonly checkOrders: boolean;
}

/** Agents of a simulation at most: groups × count × symbols. */
export const AGENTS_MAX = 1000;
export const SYMBOLS_MAX = 64;

/** Names in the order in which they are taken, whatever the file's. */
export function sortedNames(record: { readonly [name: string]: unknown }): string[] {
  return Object.keys(record).sort((a, b) => (a < b ? -1 : 1));
}
