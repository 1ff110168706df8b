/** What a ledger holds: an account's assets and positions, and counters that both can be made from again. */
import type { ContractTerms, Rounding } from '@truetape/kernel';
import type { MarginTier } from './tiers.ts';

/**
 * Why an asset's balance changed. The first eleven are `cashReason` of the contracts, by code − 1; `exchange`
 * is what fills of spot instruments exchange themselves.
 */
export const BALANCE_REASONS = [
  'fee',
  'rebate',
  'deposit',
  'withdrawal',
  'transfer',
  'opening',
  'interest',
  'liquidationFee',
  'insurance',
  'adjustment',
  'realised',
  'funding',
  'settlement',
  'exchange',
] as const;
export type BalanceReason = (typeof BALANCE_REASONS)[number];

/** Places in `AssetState.totals`. */
export const DEPOSIT = 2;
export const WITHDRAWAL = 3;
export const TRANSFER = 4;
export const OPENING = 5;
export const REALISED = 10;
export const FUNDING = 11;
export const SETTLEMENT = 12;
export const EXCHANGE = 13;

export interface AssetState {
  readonly index: number;
  readonly code: string;
  readonly scale: number;
  /** In 10^−scale; always the sum of `totals`. */
  balance: bigint;
  /** By place in `BALANCE_REASONS`. */
  readonly totals: bigint[];
  timeNs: number;
  /** Spot instruments whose base it is. */
  readonly spots: PositionState[];
  /** Derivatives that are settled in it. */
  readonly settled: PositionState[];
  /** Nothing lends it: a balance below zero is refused. */
  isCashOnly: boolean;
  equity: bigint;
  isStale: boolean;
}

/** A fill that was taken, by which the same one is known again. */
export interface TakenFill {
  readonly qtyLots: number;
  readonly priceTicks: number;
  readonly priceFine: number;
}

export interface PositionState {
  readonly index: number;
  readonly terms: ContractTerms;
  readonly base: AssetState | undefined;
  readonly quote: AssetState | undefined;
  readonly settle: AssetState;
  readonly roundPer: 'fill' | 'contract';
  readonly rounding: Rounding;
  readonly isSpot: boolean;
  /** 1: a long gains as its value grows (spot, linear); −1: as it shrinks (inverse). */
  readonly gain: bigint;
  /** Contracts of a lot where values are rounded per contract; else 0. */
  readonly contractsPerLot: bigint;
  /** Spot: units of the base asset in a lot; else 0. */
  readonly baseUnitsPerLot: bigint;
  /** Position in lots, signed. Of spot: whole lots of the base balance. */
  positionLots: number;
  /**
   * What fills and settlements have left, signed: the same but for spot, where deposits and fees are not in
   * it.
   */
  tradedLots: number;
  /** Entry value of `tradedLots`, signed as it is. */
  cost: bigint;
  /** Since the beginning. Of spot it is no cash of its own: the exchange has it in. */
  realised: bigint;
  funding: bigint;
  settlement: bigint;
  boughtLots: bigint;
  soldLots: bigint;
  /** Lots that settlements took away, signed as the position was. */
  settledLots: bigint;
  /** Values of fills: of buys less of sells, and what settlements took away of it. */
  netValue: bigint;
  timeNs: number;
  /** Last price: ticks, or fine; the other is NONE. */
  lastTicks: number;
  lastFine: number;
  /** The last price is that of an own fill: there has been no other. */
  isOwnLast: boolean;
  markFine: number;
  unrealised: bigint;
  isStale: boolean;
  readonly taken: Map<number, TakenFill>;
  leverage: number;
  tiers: readonly MarginTier[];
}

/** All equity in one asset, and that part of it that was not paid in in others. */
export interface Worth {
  asset: number;
  value: bigint | undefined;
  traded: bigint | undefined;
  isStale: boolean;
}

/** Changed by `applyLedger` and its hot siblings; otherwise read-only. */
export interface Ledger {
  readonly account: number;
  /**
   * What positions are valued at: the last trade or the mark; the other one where there has been none yet.
   */
  readonly equityOn: 'last' | 'mark';
  /** Fills by trade id that are known again, for each instrument. */
  readonly tradesKept: number;
  /** By index; 0 is never one. */
  readonly assets: (AssetState | undefined)[];
  readonly positions: (PositionState | undefined)[];
  readonly worth: Worth;
}
