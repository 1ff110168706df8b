/**
 * What a strategy is, and what it sees: simulated time, the market as it was delivered, its own orders and
 * position. It sees nothing else and changes nothing else. Between callbacks it keeps what it knows in `state`
 * alone, plain data, so that a run can be saved and go on.
 */
import type { ContractTerms, RandomStream } from '@truetape/kernel';
import type { z } from 'zod';
import type { OwnOrder } from './own-order.ts';

export type Side = 'buy' | 'sell';

/** The market of one instrument as it has reached the strategy. Prices that are not there are NONE. */
export interface MarketView {
  readonly index: number;
  /** Such as `BINANCE-USDM:BTCUSDT`. */
  readonly id: string;
  readonly terms: ContractTerms;
  readonly bidTicks: number;
  readonly bidLots: number;
  readonly askTicks: number;
  readonly askLots: number;
  readonly lastTicks: number;
  /** Aggressor of the last trade. */
  readonly lastSide: Side;
  /** At the fine scale of the instrument. */
  readonly markFine: number;
  readonly fundingE12: number;
  /** False from a gap of the feed until its next snapshot, while a venue is down, and before the first book. */
  readonly isCertain: boolean;
}

/** What has just changed. The object is reused: read it, do not keep it. */
export interface MarketUpdate {
  /** `depth`: levels; `quote`: the venue's own best prices; `status`: certain or not. */
  readonly kind: 'depth' | 'trade' | 'quote' | 'mark' | 'funding' | 'status';
  readonly market: MarketView;
  /** Of a trade; else NONE. */
  readonly priceTicks: number;
  readonly qtyLots: number;
  /** Aggressor of a trade. */
  readonly side: Side | undefined;
}

/** One level of a book. */
export interface DepthLevel {
  readonly priceTicks: number;
  readonly qtyLots: number;
}

/** A bar of trades, by time, count or volume. */
export interface BarView {
  readonly market: MarketView;
  readonly startNs: number;
  readonly openTicks: number;
  readonly highTicks: number;
  readonly lowTicks: number;
  readonly closeTicks: number;
  readonly qtyLots: number;
  readonly trades: number;
}

/** An execution of an own order. */
export interface OwnFill {
  readonly order: OwnOrder;
  readonly priceTicks: number;
  readonly qtyLots: number;
  readonly isMaker: boolean;
}

/** A new order, asked for. */
export interface OrderRequest {
  readonly market: MarketView;
  readonly side: Side;
  readonly qtyLots: number;
  /** `limit` where there is a price, else `market`. */
  readonly priceTicks?: number;
  /** GTC, or IOC for a market order. */
  readonly tif?: 'GTC' | 'IOC' | 'FOK';
  readonly postOnly?: 'reject' | 'slide';
  readonly reduceOnly?: boolean;
  readonly reason?: DecisionReason;
  /** Of `openParent`: the child may not be larger than what is left of it. */
  readonly parentIntentId?: number;
}

/** Why a strategy wants something; names of the vocabulary `decisionReason`. */
export type DecisionReason =
  | 'signal'
  | 'quote'
  | 'requote'
  | 'inventory'
  | 'slice'
  | 'exit'
  | 'flatten'
  | 'stop'
  | 'operator'
  | 'target';

/** Why nothing was done; names of the vocabulary `noActionCode`. */
export type NoActionCode = 'noSignal' | 'sizedToZero' | 'notReady';

/** What a strategy knows and does. */
export interface Context {
  /** Simulated time, ns since the tape's epoch. */
  readonly timeNs: number;
  /** The markets of the tape that the strategy trades, in their order. */
  readonly markets: readonly MarketView[];
  /** Levels of a side as delivered, best first. Complexity: an allocation a level. */
  levels(market: MarketView, side: Side, countMax: number): DepthLevel[];
  /** Quantity at a price as delivered; 0 for none. */
  lotsAt(market: MarketView, side: Side, priceTicks: number): number;
  /** Of this strategy, signed. */
  positionLots(market: MarketView): number;
  /** Own orders that have not ended, in the order in which they were sent. */
  openOrders(market: MarketView): readonly OwnOrder[];
  /** A stream of random draws of its own, the same under the same seed. */
  random(purpose: string): RandomStream;
  /** Sends an order. Its id, or 0 where it was denied: `deniedCode` says why. */
  submit(request: OrderRequest): number;
  /** Of the last order or amend of this strategy: name of a code, or '' where it was allowed. */
  readonly deniedCode: string;
  /** Asks to cancel an order; nothing where it has ended or a cancel is under way. */
  cancel(order: OwnOrder, reason?: DecisionReason): void;
  /**
   * Asks for another price or whole quantity, one of them at least; nothing where the order has ended, does not
   * rest, or a change of it is under way.
   */
  amend(order: OwnOrder, change: { readonly priceTicks?: number; readonly qtyLots?: number }): void;
  cancelAll(market: MarketView, reason?: DecisionReason): void;
  /** Wants a position; the engine sends what is missing, and cancels what contradicts. */
  target(market: MarketView, lots: number, reason?: DecisionReason): void;
  /** Announces a large order that is sent in children; the id of its intent. Nothing is sent. */
  openParent(market: MarketView, side: Side, qtyLots: number, reason?: DecisionReason): number;
  /** Calls `onTimer` at a time; a timer of the same id is moved. In the past: as soon as possible. */
  setTimer(id: number, timeNs: number): void;
  clearTimer(id: number): void;
  /** Says why nothing is done; the same again is not written again, until an order or a target is asked for. */
  noAction(code: NoActionCode, market?: MarketView): void;
}

/** A strategy at work. All members but `state` are called by the engine, in simulated time's order. */
export interface Strategy {
  /** All that it remembers: JSON, numbers of any kind but NaN and infinities. */
  readonly state: object;
  onStart?(context: Context): void;
  onMarket?(context: Context, update: MarketUpdate): void;
  onFill?(context: Context, fill: OwnFill): void;
  onOrder?(context: Context, order: OwnOrder): void;
  onTimer?(context: Context, timerId: number): void;
  onBar?(context: Context, bar: BarView): void;
  onStop?(context: Context): void;
}

/** Bars that a strategy asks for. */
export interface BarSpec {
  readonly by: 'time' | 'count' | 'volume';
  /** Nanoseconds, trades or lots. */
  readonly size: number;
}

/** What a strategy wants to be told of. */
export interface Listens {
  /** `top`: only when a best price or its quantity has changed. Nothing by default. */
  readonly depth?: 'top' | 'all';
  readonly trades?: boolean;
  /** Quotes, marks, funding rates and states of the feed. */
  readonly others?: boolean;
  readonly bars?: BarSpec;
}

/** A strategy by name: its parameters, and how one is made of them. */
export interface StrategyDefinition<Parameters extends object = object> {
  readonly name: string;
  /** One sentence. */
  readonly doc: string;
  /** Every parameter has a default and a description. */
  readonly parameters: z.ZodType<Parameters>;
  listens(parameters: Parameters): Listens;
  create(parameters: Parameters): Strategy;
}

/** Names a definition's types; returns it as it is. */
export function defineStrategy<Parameters extends object>(
  definition: StrategyDefinition<Parameters>,
): StrategyDefinition<Parameters> {
  return definition;
}

/** What a strategy's own file is given: it needs no import but of types. */
export interface StrategyKit {
  readonly z: typeof z;
  readonly defineStrategy: typeof defineStrategy;
  /** The number that stands for what is absent. */
  readonly NONE: number;
}
