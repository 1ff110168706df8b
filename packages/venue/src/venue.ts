/** The simulated venue: what it is made of, what it is asked, and what it answers. */
import type { CommandBuffer, LevelNow, Market, ReportBuffer } from '@truetape/book';
import type { FeeSchedule } from './fees.ts';
import type { InstrumentState } from './instrument.ts';
import type { MarketOut } from './market-out.ts';
import type { OwnOrder } from './own.ts';
import type { QueueModel } from './queue-models.ts';
import type { SlippageSpec } from './slippage.ts';
import type { ContractTerms } from '@truetape/kernel';

/**
 * How own orders are executed.
 *
 * - `replay`: against the recorded book, which they do not move;
 * - `exchange`: in a matching engine beside the tape's commands (an order-by-order tape of a venue);
 * - `ideal`: at the touch, at once, whole, without fees.
 */
export type VenueMode = 'replay' | 'exchange' | 'ideal';

export interface InstrumentConfig {
  /** Of the tape's Define table. */
  readonly index: number;
  readonly terms: ContractTerms;
  /** The asset that fees are paid in, the one that values are in; 0: none is named. */
  readonly feeAsset: number;
  /** The tape begins without orders, as a venue's own does: the book is known from its first fact on. */
  readonly startsEmpty?: boolean;
  readonly fees?: FeeSchedule;
  readonly slippage?: SlippageSpec;
  readonly qtyMultipleLots?: number;
  readonly minQtyLots?: number;
  readonly maxQtyLots?: number;
  readonly priceMultipleTicks?: number;
  readonly minPriceTicks?: number;
  readonly maxPriceTicks?: number;
}

/** A time in which the venue takes no commands; what rests keeps its place and trades, or is canceled. */
export interface Outage {
  readonly fromNs: number;
  /** It is up again at this time. */
  readonly toNs: number;
  readonly cancelAll?: boolean;
}

export interface VenueConfig {
  readonly mode: VenueMode;
  readonly instruments: readonly InstrumentConfig[];
  /** Sources whose facts and market data count (roles venue and marketFeed); absent: all. */
  readonly sources?: readonly number[];
  /** For aggregated depth; `riskAverse` by default. */
  readonly queue?: QueueModel;
  /** Rising, apart from each other. */
  readonly outages?: readonly Outage[];
  /** Whose own orders are in `exchange` mode; one that no account of the tape has by default. */
  readonly account?: number;
}

export interface VenuePorts {
  /**
   * False: the order is rejected, insufficientBalance. `takes` is what it would trade with at once, at the price it
   * would pay.
   */
  readonly canAfford?: (order: VenueOrder, takes: readonly Take[]) => boolean;
}

/** What an arriving order trades with at once at one price. */
export interface Take {
  /** Slippage included. */
  readonly priceTicks: number;
  readonly lots: number;
  /** As many fills at the most. */
  readonly fills: number;
}

/** A new order. Codes are those of the contracts' vocabularies; ids are unique among living own orders. */
export interface VenueOrder {
  readonly instrument: number;
  readonly orderId: number;
  /** 1 buy, 2 sell. */
  readonly side: number;
  /** 1 limit, 2 market. */
  readonly type: number;
  /** 1 GTC, 2 IOC, 3 FOK, 4 GTD; 0 is GTC. */
  readonly tif: number;
  /** NONE for a market order. */
  readonly priceTicks: number;
  readonly qtyLots: number;
  /** 0 none, 1 reject, 2 slide. */
  readonly postOnly: number;
  /** GTD: when it expires. */
  readonly expireNs?: number;
  /** It never adds to the position: cut to what reduces it as it arrives, and whenever less of that is left. */
  readonly reduceOnly?: boolean;
}

/** A change of an own order; NONE keeps. */
export interface VenueAmend {
  readonly orderId: number;
  readonly priceTicks: number;
  /** The whole quantity, its executed part included. */
  readonly qtyLots: number;
}

export interface CancelScope {
  /** 0: all. */
  readonly instrument: number;
  /** 0: both. */
  readonly side: number;
}

export type OwnReportKind = 'accepted' | 'rejected' | 'fill' | 'canceled' | 'amended' | 'expired';

export interface Fee {
  readonly asset: number;
  /** In units of 10^−scale of the asset; below zero it is a rebate. */
  readonly amount: bigint;
}

/** What became of an own order. */
export interface OwnReport {
  readonly kind: OwnReportKind;
  readonly timeNs: number;
  /** 0 where the order is unknown. */
  readonly instrument: number;
  readonly orderId: number;
  /** 0 where the order is unknown. */
  readonly side: number;
  /** Of the fill; else of the order, as it is now (NONE: a market order, or an unknown one). */
  readonly priceTicks: number;
  /** accepted: its quantity; fill: traded; canceled, expired: what was; else 0. */
  readonly qtyLots: number;
  readonly leavesLots: number;
  /** Executed so far. */
  readonly cumLots: number;
  /** rejected: rejectCode; canceled: cancelReason; amended: amendReason; expired: expireReason; else 0. */
  readonly code: number;
  /** rejected: the kind of the command (0x10 new, 0x11 cancel, 0x12 amend); else 0. */
  readonly command: number;
  /** amended: 1 where it kept its place. */
  readonly priorityKept: number;
  /** fill: 1 maker, 2 taker; else 0. */
  readonly liquidity: number;
  /** fill: code of the vocabulary `basis`, the assumption that the fill rests on; else 0. */
  readonly basis: number;
  /** fill: the venue's; else NONE. */
  readonly tradeId: number;
  /** fill of a taker: the other side's best price when the order came; else NONE. */
  readonly touchTicks: number;
  /** fill of a taker: the price of what was taken, before slippage; else NONE. */
  readonly bookTicks: number;
  /**
   * Lots ahead of it at its price behind this report, or in front of its end (canceled, expired); NONE where it does
   * not rest or nobody knows. In exchange mode fills do not say it.
   */
  aheadLots: number;
  /** fill: where there is a schedule of fees. */
  readonly fee: Fee | undefined;
  /** The tape's event that led to it; seq NONE where an own command or a time did. */
  readonly causeTape: number;
  readonly causeSeq: number;
}

export interface VenueCounts {
  /** Records that told something. */
  records: number;
  fills: number;
  rejects: number;
  /** exchange: cancels and amends of the tape that were carried out there, and found no order here. */
  noops: number;
  /** exchange: commands of the tape that a book has no rule for. */
  unsupported: number;
  /** Own orders whose place in the queue was lost with the book, and begins anew at the end. */
  placesLost: number;
}

/** Made by `createVenue`; its fields are read-only to callers, but for draining and `isListening`. */
export interface Venue {
  readonly config: VenueConfig;
  readonly ports: VenuePorts;
  /** Drained by the caller, by setting `count` to 0. */
  readonly market: MarketOut;
  /** Drained by the caller, by setting `length` to 0. */
  readonly reports: OwnReport[];
  /** False: nobody looks at the market, and no messages of it are written. */
  isListening: boolean;
  readonly counts: VenueCounts;
  readonly byInstrument: readonly (InstrumentState | undefined)[];
  readonly instruments: readonly InstrumentState[];
  /** By source: 1 where its records count; empty where all do. */
  readonly sources: Uint8Array;
  /** Living own orders. */
  readonly orders: Map<number, OwnOrder>;
  readonly exchange: ExchangeState | undefined;
  /** Orders that only reduce have been here; and something has changed since they were last held to the position. */
  hasReduceOnly: boolean;
  isReduceStale: boolean;
  /** Trades with own orders so far. */
  trades: number;
  /** The next outage that begins or ends, twice its index, plus 1 inside it. */
  outage: number;
  /** The next time at which an own order expires; Infinity: none does. */
  expireNs: number;
  /** The tape's event that is being taken; seq NONE: none is. */
  causeTape: number;
  causeSeq: number;
}

/** The books of `exchange` mode, and what goes between them and the venue. */
export interface ExchangeState {
  market: Market;
  readonly commands: CommandBuffer;
  readonly reports: ReportBuffer;
  /** Own orders by the number that stands for them in a book's id, N_MAX − number. */
  readonly own: Map<number, OwnOrder>;
  /** Own orders so far. */
  placed: number;
  /** A command of the tape that found no order here, and whose fact says whether it did there; NONE: none. */
  missedSeq: number;
  /** Levels that a command touched, in the order they were first touched; room for the caller of a book. */
  readonly touched: { readonly sides: number[]; readonly prices: number[]; count: number };
  readonly level: LevelNow;
  /** Why an own order is being canceled, where not by request; 0: by request. */
  reason: number;
}
