/** What a gate is told to hold: plain data, every limit optional. A limit that is absent is not in force. */

/** How far it goes when a kill switch is pulled, weakest first; index + 1 is the code of the contracts. */
export const KILL_LEVELS = ['blockNew', 'cancelAll', 'flatten'] as const;
export type KillLevel = (typeof KILL_LEVELS)[number];

/** What a price is held against: the other side's best, the middle of the two, or the last trade. */
export const COLLAR_REFERENCES = ['touch', 'mid', 'last'] as const;
export type CollarReference = (typeof COLLAR_REFERENCES)[number];

/** So many orders in so long, `burst` of them at once; as many as `orders` where it is not said. */
export interface OrderRate {
  readonly orders: number;
  readonly perNs: number;
  readonly burst?: number;
}

/** Limits of one instrument. Units: lots of it; money in decimals of the asset that it settles in. */
export interface InstrumentLimits {
  readonly maxOrderLots?: number;
  readonly maxNotional?: string;
  readonly priceCollar?: { readonly bps: number; readonly against: CollarReference };
  /** On either side of zero, once all open orders of that side have filled. */
  readonly maxPositionLots?: number;
  readonly maxOpenOrders?: number;
}

/** Limits of the account. */
export interface AccountLimits {
  /** Exposure over equity, 10,000 for 1×. */
  readonly maxLeverageBps?: number;
  readonly orderRate?: OrderRate;
  readonly maxDataAgeNs?: number;
}

/** What one strategy may use of the account. Money in decimals of the account's asset. */
export interface StrategyBudget {
  /** In each instrument, on either side of zero, its open orders filled. */
  readonly maxPositionLots?: number;
  /** In each instrument. */
  readonly maxOpenOrders?: number;
  readonly maxLoss?: string;
  readonly orderRate?: OrderRate;
}

/** Rules that pull the kill switch. Money in decimals of the account's asset. */
export interface KillRules {
  /** Lost since the start. */
  readonly loss?: { readonly amount: string; readonly level: KillLevel };
  /** Lost since the highest equity. */
  readonly drawdown?: { readonly amount: string; readonly level: KillLevel };
  /** Lost since the day began: at 00:00 UTC of simulated time, and so much later where it is said. */
  readonly dailyLoss?: { readonly amount: string; readonly level: KillLevel; readonly dayStartNs?: number };
  /** More rejects of the venue than these within so long. */
  readonly rejectSpike?: { readonly rejects: number; readonly withinNs: number; readonly level: KillLevel };
  /** No market data for longer than this. */
  readonly staleData?: { readonly afterNs: number; readonly level: KillLevel };
  /** An uncertain book for longer than this. */
  readonly uncertainData?: { readonly afterNs: number; readonly level: KillLevel };
}

export interface RiskConfig {
  /** Of every instrument. */
  readonly limits?: InstrumentLimits;
  /** Of single instruments by name, each in the place of the one of all. */
  readonly instruments?: { readonly [name: string]: InstrumentLimits };
  readonly account?: AccountLimits;
  readonly strategies?: { readonly [name: string]: StrategyBudget };
  readonly kill?: KillRules;
  /** Client ids that are remembered one by one; 16,384 where it is not said. */
  readonly rememberedIds?: number;
}

/** What is wrong with a configuration, and where. */
export interface RiskProblem {
  readonly path: string;
  readonly problem: string;
}

export const REMEMBERED_IDS = 16_384;
