/** What a ledger is told: plain data, each with its time (ns since the reader's epoch). */

/** `SIDE_BUY` or `SIDE_SELL` of the contracts. */
export type LedgerSide = number;

/** An own fill. Exactly one of the prices is present; the other is NONE. */
export interface FillInput {
  readonly event: 'fill';
  readonly timeNs: number;
  readonly instrument: number;
  readonly side: LedgerSide;
  readonly priceTicks: number;
  /** In 10^−fineScale. */
  readonly priceFine: number;
  /** Above zero. */
  readonly qtyLots: number;
  readonly orderId: number;
  /** NONE: it is taken as it comes; a trade with an id is taken once a side. */
  readonly tradeId: number;
}

/** Reasons of cash that does not follow from a position; their codes are those of `cashReason`. */
export type CashReason =
  | 'fee'
  | 'rebate'
  | 'deposit'
  | 'withdrawal'
  | 'transfer'
  | 'opening'
  | 'interest'
  | 'liquidationFee'
  | 'insurance'
  | 'adjustment';

/** Cash that comes or goes: the amount as a CashFlow has it, seen from the account. */
export interface CashInput {
  readonly event: 'cash';
  readonly timeNs: number;
  readonly reason: CashReason;
  readonly asset: number;
  /** In units of the asset. Not above 0: fee, withdrawal, liquidationFee. Not below: rebate, deposit. */
  readonly amount: bigint;
  /** What it was paid for; 0 for none. */
  readonly instrument: number;
}

/** Funding is exchanged on the position there is. Longs pay at a rate above zero. */
export interface FundingInput {
  readonly event: 'funding';
  readonly timeNs: number;
  readonly instrument: number;
  readonly rateE12: number;
  /** The price it is reckoned at; NONE takes the last mark. */
  readonly markFine: number;
}

/** The position is closed at a price, by the venue. */
export interface SettlementInput {
  readonly event: 'settlement';
  readonly timeNs: number;
  readonly instrument: number;
  readonly priceFine: number;
}

export interface MarkInput {
  readonly event: 'mark';
  readonly timeNs: number;
  readonly instrument: number;
  readonly markFine: number;
}

export interface LastInput {
  readonly event: 'last';
  readonly timeNs: number;
  readonly instrument: number;
  readonly priceTicks: number;
}

export type LedgerInput = FillInput | CashInput | FundingInput | SettlementInput | MarkInput | LastInput;

/** Cash that moved because of a position. Each becomes an event: no cash changes without one. */
export interface LedgerFlow {
  kind: 'realised' | 'funding' | 'settlement';
  instrument: number;
  asset: number;
  /** Seen from the account. */
  amount: bigint;
  /** The position before, in lots. */
  positionLots: number;
  /** Fine price that a funding or a settlement was reckoned at; NONE for realised. */
  priceFine: number;
}

/** What an input did; owned by the caller, filled in by `applyLedger`. */
export interface LedgerOut {
  /** `applied`, or `duplicate`: the fill had been taken before, and nothing has changed. */
  outcome: 'applied' | 'duplicate';
  /** Flows of this input; those behind `count` are old. */
  count: number;
  readonly flows: LedgerFlow[];
}

/** Room for what an input did. */
export function createLedgerOut(): LedgerOut {
  return { outcome: 'applied', count: 0, flows: [] };
}
