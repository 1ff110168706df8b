/** An order of ours, from the decision to its end. */

/** `pending`: sent, not answered; `open`: the venue has it; `ended`: nothing more comes of it. */
export type OwnOrderState = 'pending' | 'open' | 'ended';

/**
 * Read-only but to the engine, which changes it as long as it lives. A state that held one would hold a copy behind a
 * restart, and is refused: it keeps the `orderId`.
 */
export interface OwnOrder {
  readonly orderId: number;
  readonly instrument: number;
  /** Place of its strategy. */
  readonly strategy: number;
  /** 1 buy, 2 sell. */
  readonly side: number;
  /** NONE for a market order. */
  readonly priceTicks: number;
  readonly qtyLots: number;
  readonly leavesLots: number;
  readonly cumLots: number;
  readonly state: OwnOrderState;
  /** A cancel is under way. */
  readonly isCanceling: boolean;
  /** An amend is under way. */
  readonly isAmending: boolean;
  readonly sentNs: number;
  /** Seq of its NewOrder on the output tape. */
  readonly seq: number;
  readonly intentId: number;
  /** A target sent it. */
  readonly isOfTarget: boolean;
}

export type MutableOrder = { -readonly [Field in keyof OwnOrder]: OwnOrder[Field] } & {
  readonly reduceOnly: boolean;
  /** A limit order that stays; others are gone before an amend could reach them. */
  readonly rests: boolean;
  /** Whole quantity that an amend under way asks for; that of the order where there is none. */
  askedLots: number;
  /** Cancels and amends that have not been answered: an order is remembered until all are. */
  requests: number;
  /** Of the large order that it is a part of; NONE for none. */
  parentIntentId: number;
};

/** What may be open of an order at the most: an amend under way may have been carried out already. */
export function openLotsOf({ leavesLots, cumLots, askedLots }: MutableOrder): number {
  return Math.max(leavesLots, askedLots - cumLots);
}
