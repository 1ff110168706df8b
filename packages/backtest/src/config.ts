/** What a backtest is told: every setting optional, and each default is realistic rather than kind. */
import type { JsonObject } from '@truetape/contracts';
import type { Rounding } from '@truetape/kernel';
import type { OperatorOrder } from '@truetape/risk';
import type { LatencySpec, QueueModel, SlippageSpec } from '@truetape/venue';

export const MODES = ['auto', 'exchange', 'replay', 'ideal'] as const;
export type Mode = (typeof MODES)[number];

/** Rates in basis points as decimal text, a rebate below zero. */
export interface FeeTierConfig {
  /** Value traded in 30 days, in the currency of values. */
  readonly fromTraded: string;
  readonly makerBps: string;
  readonly takerBps: string;
}

export interface FeesConfig {
  readonly tiers: readonly FeeTierConfig[];
  readonly minimum: string;
  readonly rounding: Rounding;
}

export interface MarginTierSetting {
  readonly floor: string;
  /** Percent as decimal text. */
  readonly maintenancePercent: string;
  readonly leverageMax?: number;
}

/** What is said of an instrument in place of what its Define says, and what no Define says. */
export interface InstrumentConfig {
  readonly class?: 'spot' | 'linear' | 'inverse';
  readonly contractSize?: string;
  readonly fees?: FeesConfig;
  readonly slippage?: SlippageSpec;
  readonly roundPer?: 'fill' | 'contract';
  readonly rounding?: Rounding;
  readonly leverage?: number;
  readonly marginTiers?: readonly MarginTierSetting[];
  /** The venue's trading rules, in lots and ticks. */
  readonly minQtyLots?: number;
  readonly maxQtyLots?: number;
  readonly qtyMultipleLots?: number;
  readonly priceMultipleTicks?: number;
}

/** Times from the tape's first event. */
export interface OutageConfig {
  readonly fromNs: number;
  readonly toNs: number;
  readonly cancelAll?: boolean;
}

/** Funding that is exchanged in place of what the tape tells: each so often, at a rate. */
export interface FundingConfig {
  readonly everyNs: number;
  readonly rateE12: number;
}

/** An operator's order at a time from the tape's first event; one before the strategy begins is said as it begins. */
export interface ScriptedOrder extends OperatorOrder {
  readonly atNs: number;
}

export interface BacktestConfig {
  readonly mode: Mode;
  /** Money that the account begins with, by asset, as decimal text. */
  readonly deposits: { readonly [asset: string]: string };
  /** Digits of assets; others have as many as their instruments need to be exact. */
  readonly assets: { readonly [asset: string]: number };
  /** The asset that equity is told in; the first instrument's settle asset where it is not said. */
  readonly equityAsset?: string;
  readonly equityOn: 'last' | 'mark';
  /** Of all instruments. */
  readonly instrument: InstrumentConfig;
  /** Of single instruments by id, each in the place of the one of all. */
  readonly instruments: { readonly [id: string]: InstrumentConfig };
  readonly latency: {
    readonly feed: LatencySpec;
    readonly order: LatencySpec;
    readonly cancel: LatencySpec;
    readonly response: LatencySpec;
  };
  readonly queue: QueueModel;
  readonly outages: readonly OutageConfig[];
  readonly funding?: FundingConfig;
  readonly risk: JsonObject;
  /** Parameters of the strategy. */
  readonly strategy: JsonObject;
  /** Strategies of the run, each as a command line names it; whoever runs them makes them of it. */
  readonly use?: readonly string[];
  /** Parameters of several strategies, by name. */
  readonly strategies?: { readonly [name: string]: JsonObject };
  /** What an operator does, in simulated time. */
  readonly script: readonly ScriptedOrder[];
  /** Equity, position and price are sampled so often. */
  readonly sampleNs: number;
}
