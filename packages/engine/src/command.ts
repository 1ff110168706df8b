/** Commands on their way to a venue. */

/** What is sent. Numbers as in records; NONE is absent. */
export interface EngineCommand {
  readonly op: 'new' | 'cancel' | 'amend';
  readonly instrument: number;
  readonly orderId: number;
  /** 1 buy, 2 sell; of a new order. */
  readonly side: number;
  /** Codes of the vocabularies orderType, tif and postOnly. */
  readonly type: number;
  readonly tif: number;
  readonly postOnly: number;
  readonly priceTicks: number;
  /** The whole quantity, the executed part included. */
  readonly qtyLots: number;
  /** Of a new order: it may take off the position alone. */
  readonly reduceOnly: boolean;
  /** Seq of the command's event: the cause of its answers. */
  readonly seq: number;
  readonly timeNs: number;
}

/** What a venue answers, as it is received. The simulated venue's reports have this shape. */
export interface ExecutionReport {
  readonly kind: 'accepted' | 'rejected' | 'fill' | 'canceled' | 'amended' | 'expired';
  /** The venue's clock. */
  readonly timeNs: number;
  readonly orderId: number;
  /** Of a fill: its price; else the order's. NONE for none. */
  readonly priceTicks: number;
  /** Filled, or canceled. */
  readonly qtyLots: number;
  readonly leavesLots: number;
  /** Codes of rejectCode, cancelReason, amendReason or expireReason. */
  readonly code: number;
  /** Of a rejection: the kind of the command. */
  readonly command: number;
  /** Of an amendment: 1 where the order kept its place. */
  readonly priorityKept: number;
  /** Codes of liquidity and basis. */
  readonly liquidity: number;
  readonly basis: number;
  readonly tradeId: number;
  /** Lots that stood before it at the venue; NONE where nobody knows. */
  readonly aheadLots: number;
  /** What is taken for a fill, in units of an asset; a rebate is negative. */
  readonly fee: { readonly asset: number; readonly amount: bigint } | undefined;
  /** What led to it: a command of ours (tape 0), or an event of a market's tape; seq NONE: neither. */
  readonly causeSeq: number;
  readonly causeTape: number;
}
