/** What a gate looks at. All of it is unknown until its owner fills it in, and what is unknown denies. */
import { MONEY_NONE, NONE } from '@truetape/contracts';
import { unitsOf } from './money.ts';

/**
 * The state of account and market, of one instrument and one strategy: a mutable object that its owner fills
 * in before each check and uses again. NONE or NaN is a value that is not known. Money is set by `setEquity`
 * and its like.
 *
 * Units: ns since the reader's epoch, ticks and lots of the instrument, money in 10^−scale of the account's
 * asset.
 */
export interface RiskView {
  timeNs: number;
  /** Index of the instrument that market and position are of. */
  instrument: number;
  /** Index of the strategy that its numbers are of. */
  strategy: number;
  /** NONE: that side is empty. */
  bidTicks: number;
  askTicks: number;
  lastTicks: number;
  /** Of the last event of this instrument's market. */
  marketTimeNs: number;
  /** The feed is live, the book is known. Only `true` is. */
  isCertain: boolean;
  /** Above zero: long. */
  positionLots: number;
  /** What is open of the orders on a side, those under way to the venue included. */
  openBuyLots: number;
  openSellLots: number;
  /** Open orders of the instrument, those under way included. */
  openOrders: number;
  strategyPositionLots: number;
  strategyOpenBuyLots: number;
  strategyOpenSellLots: number;
  strategyOpenOrders: number;
  /** Equity of the account. */
  readonly equity: bigint;
  readonly equityUnits: number;
  /** The part of it that losses are held against: without what moves by itself. */
  readonly tradedEquity: bigint;
  readonly tradedEquityUnits: number;
  /** What all other instruments are worth at the worst, without sign: positions with their open orders. */
  readonly otherExposure: bigint;
  readonly otherExposureUnits: number;
  /** Profit and loss of the strategy since its start, fees taken off. */
  readonly strategyPnl: bigint;
  readonly strategyPnlUnits: number;
}

type Mutable = { -readonly [key in keyof RiskView]: RiskView[key] };

/** A view of nothing: every rule that needs it denies. */
export function createRiskView(): RiskView {
  return {
    timeNs: NONE,
    instrument: 0,
    strategy: -1,
    bidTicks: NONE,
    askTicks: NONE,
    lastTicks: NONE,
    marketTimeNs: NONE,
    isCertain: false,
    positionLots: NONE,
    openBuyLots: NONE,
    openSellLots: NONE,
    openOrders: NONE,
    strategyPositionLots: NONE,
    strategyOpenBuyLots: NONE,
    strategyOpenSellLots: NONE,
    strategyOpenOrders: NONE,
    equity: MONEY_NONE,
    equityUnits: NaN,
    tradedEquity: MONEY_NONE,
    tradedEquityUnits: NaN,
    otherExposure: MONEY_NONE,
    otherExposureUnits: NaN,
    strategyPnl: MONEY_NONE,
    strategyPnlUnits: NaN,
  };
}

/**
 * Sets the equity, and what of it losses count; MONEY_NONE: not known.
 *
 * The second is for an account that was given other assets, as the base of a spot instrument: what those are
 * worth is equity, and what their price does is nobody's loss. The two are the same where it is not said.
 */
export function setEquity(view: RiskView, equity: bigint, traded: bigint = equity): void {
  (view as Mutable).equity = equity;
  (view as Mutable).equityUnits = unitsOf(equity);
  (view as Mutable).tradedEquity = traded;
  (view as Mutable).tradedEquityUnits = unitsOf(traded);
}

/** Sets the exposure of all other instruments; MONEY_NONE: not known. */
export function setOtherExposure(view: RiskView, exposure: bigint): void {
  (view as Mutable).otherExposure = exposure;
  (view as Mutable).otherExposureUnits = unitsOf(exposure);
}

/** Sets profit and loss of the strategy; MONEY_NONE: not known. */
export function setStrategyPnl(view: RiskView, pnl: bigint): void {
  (view as Mutable).strategyPnl = pnl;
  (view as Mutable).strategyPnlUnits = unitsOf(pnl);
}

/** An order that somebody wants, or wants to become of one that is open. Mutable, for use again. */
export interface Proposal {
  /** Index of the strategy, as the gate was told of them. */
  strategy: number;
  /** Client id, never used before; an amend has the one of its order. */
  orderId: number;
  instrument: number;
  /** 1 buy, 2 sell. */
  side: number;
  /** 1 limit, 2 market. */
  type: number;
  /** NONE for a market order. */
  priceTicks: number;
  /** Of an amend: what will be open of it. */
  qtyLots: number;
  /** The order that this one is a part of; NONE: of none. */
  parentId: number;
  parentQtyLots: number;
  /** What the parent's other children have filled and have open. */
  parentSentLots: number;
  reduceOnly: boolean;
  /** An order that closes a position because the kill switch or an operator says so. Reduces only. */
  flatten: boolean;
  /** Of an amend: what is open of the order that it changes. NONE: a new order. */
  replacedLots: number;
  /** Of an amend: the price that its order has. NONE: not known, or a new order. */
  replacedTicks: number;
}

/** A proposal of nothing, which is denied. */
export function createProposal(): Proposal {
  return {
    strategy: -1,
    orderId: NONE,
    instrument: 0,
    side: 0,
    type: 0,
    priceTicks: NONE,
    qtyLots: NONE,
    parentId: NONE,
    parentQtyLots: NONE,
    parentSentLots: NONE,
    reduceOnly: false,
    flatten: false,
    replacedLots: NONE,
    replacedTicks: NONE,
  };
}

/**
 * Whatever is not `true` itself is not: what came in past the types makes nothing certain, and lets no order
 * by.
 */
export const isTrue = (value: unknown): boolean => value === true;
