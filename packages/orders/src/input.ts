/**
 * What is told to the state machine. Prices in ticks, quantities in lots, codes those of the contracts'
 * vocabularies; what is absent is not known, or stays as it is.
 */

/** Which order: its id is unique within its instrument. */
interface OrderKey {
  /** 0, the default, for none. */
  readonly instrument?: number;
  readonly orderId: number;
}

/** The order is sent. */
export interface SubmitInput extends OrderKey {
  readonly event: 'submit';
  readonly qtyLots: number;
  /** Absent: a market order, or a price that is not known. */
  readonly priceTicks?: number;
  readonly side?: number;
  readonly type?: number;
  readonly tif?: number;
}

/** The venue has the order, at this price if it differs. */
export interface AcceptedInput extends OrderKey {
  readonly event: 'accepted';
  readonly priceTicks?: number;
  readonly leavesLots?: number;
}

/** A trade of the order. Exactly one of the prices; without a trade id, it cannot be told from another. */
export interface FillInput extends OrderKey {
  readonly event: 'fill';
  readonly qtyLots: number;
  readonly tradeId?: number;
  readonly priceTicks?: number;
  readonly priceFine?: number;
  /** What remains by the venue's count. */
  readonly leavesLots?: number;
  /** Code of `liquidity`. */
  readonly liquidity?: number;
}

/** The venue, or who stands before it, refuses the order or a request. */
export interface RefusalInput extends OrderKey {
  readonly event: 'rejected' | 'cancelRejected' | 'replaceRejected';
  /** Code of `rejectCode`. */
  readonly code?: number;
}

/** The order is to be canceled. */
export interface CancelRequestInput extends OrderKey {
  readonly event: 'cancelRequest';
  /** Code of `cancelReason`. */
  readonly reason?: number;
}

/** The order is to be changed. `qtyMode` says what the quantity is: total (default), remaining, reduceBy. */
export interface ReplaceRequestInput extends OrderKey {
  readonly event: 'replaceRequest';
  readonly priceTicks?: number;
  readonly qtyLots?: number;
  readonly qtyMode?: number;
}

/**
 * The venue has changed the order, asked (`replaced`) or unasked (`amended`). The new quantity is given as
 * the whole or as what remains; without either, `replaced` is what the oldest pending request asked for.
 */
export interface AmendmentInput extends OrderKey {
  readonly event: 'replaced' | 'amended';
  readonly priceTicks?: number;
  readonly qtyLots?: number;
  readonly leavesLots?: number;
  /** The id that the order has from now on. */
  readonly newOrderId?: number;
  /** Code of `amendReason`. */
  readonly reason?: number;
}

/** The order has ended unfilled, or the rest of it. */
export interface EndInput extends OrderKey {
  readonly event: 'canceled' | 'expired';
  /** What was canceled or expired, by the venue's count. */
  readonly leavesLots?: number;
  /** Code of `cancelReason` or `expireReason`. */
  readonly reason?: number;
}

/** The venue's message group has ended with the order on its book. */
export interface RestedInput extends OrderKey {
  readonly event: 'rested';
}

export type OrderInput =
  | SubmitInput
  | AcceptedInput
  | FillInput
  | RefusalInput
  | CancelRequestInput
  | ReplaceRequestInput
  | AmendmentInput
  | EndInput
  | RestedInput;
