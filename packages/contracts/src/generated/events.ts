// Generated from src/kinds by tools/generate.ts; do not edit.
import { MONEY_NONE, NONE } from '../scalars.ts';

const NO_BYTES: Uint8Array = new Uint8Array(0);

/** Codes of all kinds. `Unknown` marks, in memory, a record whose kind this build does not know. */
export const Kind = {
  Unknown: 0,
  Define: 0x01,
  Note: 0x02,
  Raw: 0x03,
  Checkpoint: 0x04,
  Alias: 0x05,
  Skip: 0x06,
  NewOrder: 0x10,
  CancelOrder: 0x11,
  AmendOrder: 0x12,
  CancelAll: 0x13,
  Sent: 0x14,
  Outcome: 0x15,
  Accepted: 0x20,
  Rejected: 0x21,
  Fill: 0x22,
  Canceled: 0x23,
  Amended: 0x24,
  Expired: 0x25,
  CancelAllDone: 0x26,
  Trade: 0x30,
  Quote: 0x31,
  Level: 0x32,
  BookUpdate: 0x33,
  BookReset: 0x34,
  Mark: 0x35,
  FundingRate: 0x36,
  TradingStatus: 0x37,
  Bar: 0x38,
  FeedStatus: 0x40,
  Intent: 0x50,
  Target: 0x51,
  RiskDecision: 0x52,
  RouteDecision: 0x53,
  NoAction: 0x54,
  CashFlow: 0x60,
  FundingPaid: 0x61,
  Settlement: 0x62,
  TruthOrder: 0x70,
  TruthPosition: 0x71,
  TruthBalance: 0x72,
  Divergence: 0x73,
  ReconcileReport: 0x74,
  Lifecycle: 0x80,
  Regime: 0x81,
  OperatorCommand: 0x82,
  Mode: 0x83,
  KillSwitch: 0x84,
  FaultInjected: 0x85,
  InvariantViolated: 0x86,
  Overrun: 0x87,
  Dropped: 0x88,
  Timer: 0x89,
  Session: 0x8a,
  Clock: 0x8b,
  Ack: 0x8c,
  Alert: 0x8d,
} as const;

/** What every event has. */
export interface EventHeader {
  /** Position on the tape; NONE until it has one. */
  readonly seq: number;
  /** When we had it: ns since the reader's epoch. */
  readonly timeNs: number;
  /** Bits FLAG_… and SIDE_…. */
  readonly flags: number;
  /** Index by Define; 0 for none. */
  readonly instrument: number;
  /** Index by Define of who emitted it; 0 for none. */
  readonly source: number;
}

/** A record of a kind that this build does not know, kept verbatim. */
export interface UnknownEvent extends EventHeader {
  readonly kind: typeof Kind.Unknown;
  readonly code: number;
  /** The words behind the header, as hex. */
  readonly body: string;
}

/** Gives an index of a table (instrument, source, account, asset, label) its meaning. Indexes of a table are dense from 1 and never redefined. */
export interface Define extends EventHeader {
  readonly kind: typeof Kind.Define;
  /** Table that the index belongs to. */
  readonly table: number;
  /** Index within the table; dense from 1. */
  readonly index: number;
  /** Canonical JSON of an object. */
  readonly json: string;
}

/** A remark for people, under an optional topic. */
export interface Note extends EventHeader {
  readonly kind: typeof Kind.Note;
  /** Seq of the event that this one answers or follows from. */
  readonly cause: number;
  /** Tape of the cause: 0 this one, k the k-th parent of the header. */
  readonly causeTape: number;
  /** Index of a label; 0 for none. */
  readonly topic: number;
  /** The payload. */
  readonly text: string;
}

/** Bytes as they came from or went to the network; a message larger than one record is a run of these with rising offset, each within totalBytes. Outbound bytes never hold keys, signatures or cookies. */
export interface Raw extends EventHeader {
  readonly kind: typeof Kind.Raw;
  /** Seq of the event that this one answers or follows from. */
  readonly cause: number;
  /** Tape of the cause: 0 this one, k the k-th parent of the header. */
  readonly causeTape: number;
  /** Received or sent. */
  readonly direction: number;
  /** Kind of connection. */
  readonly channel: number;
  /** HTTP status; 0 where there is none. */
  readonly httpStatus: number;
  /** Size of the whole message in bytes. */
  readonly totalBytes: number;
  /** Offset of these bytes within the message. */
  readonly offset: number;
  /** The payload. */
  readonly bytes: Uint8Array;
}

/** The hash of a folded state, after all events with seq below coversSeq. */
export interface Checkpoint extends EventHeader {
  readonly kind: typeof Kind.Checkpoint;
  /** Seq of the event that this one answers or follows from. */
  readonly cause: number;
  /** Tape of the cause: 0 this one, k the k-th parent of the header. */
  readonly causeTape: number;
  /** The state is that after all events with seq below this. */
  readonly coversSeq: number;
  /** Which state was hashed. */
  readonly scope: number;
  /** Version of the state hash’s definition. */
  readonly hashVersion: number;
  /** SHA-256 of the folded state, hex. */
  readonly stateHash: string;
  /** Tail words of a later version, as hex; empty for none. */
  readonly ext: string;
}

/** The text that an id stands for. That of an id we assigned (2^52 or more) precedes its first use; beside a number of the venue’s own it may stand too, as the client’s text of an order does. */
export interface Alias extends EventHeader {
  readonly kind: typeof Kind.Alias;
  /** Seq of the event that this one answers or follows from. */
  readonly cause: number;
  /** Tape of the cause: 0 this one, k the k-th parent of the header. */
  readonly causeTape: number;
  /** The id: one that we assigned from 2^52 on, the venue’s own below. */
  readonly id: number;
  /** What the id names. */
  readonly scope: number;
  /** The payload. */
  readonly text: string;
}

/** The next count seqs are not here. Takes no seq itself, carries the time of the next record, never stands twice in a row and never last. */
export interface Skip extends EventHeader {
  readonly kind: typeof Kind.Skip;
  /** Seqs that are not here, at least 1. */
  readonly count: number;
  /** Tail words of a later version, as hex; empty for none. */
  readonly ext: string;
}

/** A new order. Its side is in the flags. */
export interface NewOrder extends EventHeader {
  readonly kind: typeof Kind.NewOrder;
  /** Seq of the event that this one answers or follows from. */
  readonly cause: number;
  /** Tape of the cause: 0 this one, k the k-th parent of the header. */
  readonly causeTape: number;
  /** The order; unique within its instrument. */
  readonly orderId: number;
  /** Price in multiples of the instrument’s priceStep. */
  readonly priceTicks: number;
  /** Quantity in multiples of the instrument’s qtyStep. */
  readonly qtyLots: number;
  /** Order type. */
  readonly type: number;
  /** Time in force. */
  readonly tif: number;
  /** What a post-only order does when it would trade; none: it is not post-only. */
  readonly postOnly: number;
  /** Self-trade prevention; none: off. */
  readonly stp: number;
  /** Index of an account; 0 for none. */
  readonly account: number;
  /** Intent or target that led to this. */
  readonly intentId: number;
  /** Smallest quantity that may trade at once. */
  readonly minQtyLots: number;
  /** Side of a hedged position; none: net. */
  readonly positionSide: number;
  /** Bit 0 reduce only, bit 1 close position. */
  readonly exec: number;
  /** Order that this one is a child of. */
  readonly parentOrderId: number;
  /** When it was decided (ns). */
  readonly decidedTime: number;
  /** When the order expires (ns). */
  readonly expireTime: number;
  /** Trigger price in multiples of priceStep. */
  readonly stopTicks: number;
  /** Quantity shown of an iceberg order. */
  readonly displayLots: number;
  /** Idempotency key of the request; an Alias of scope request gives its text. */
  readonly requestId: number;
  /** Tail words of a later version, as hex; empty for none. */
  readonly ext: string;
}

/** A request to cancel one order. */
export interface CancelOrder extends EventHeader {
  readonly kind: typeof Kind.CancelOrder;
  /** Seq of the event that this one answers or follows from. */
  readonly cause: number;
  /** Tape of the cause: 0 this one, k the k-th parent of the header. */
  readonly causeTape: number;
  /** The order; unique within its instrument. */
  readonly orderId: number;
  /** Index of an account; 0 for none. */
  readonly account: number;
  /** Why the order is to be canceled. */
  readonly reason: number;
  /** When it was decided (ns). */
  readonly decidedTime: number;
  /** Idempotency key of the request; an Alias of scope request gives its text. */
  readonly requestId: number;
  /** Tail words of a later version, as hex; empty for none. */
  readonly ext: string;
}

/** A request to change price or quantity of one order; what is absent is kept. */
export interface AmendOrder extends EventHeader {
  readonly kind: typeof Kind.AmendOrder;
  /** Seq of the event that this one answers or follows from. */
  readonly cause: number;
  /** Tape of the cause: 0 this one, k the k-th parent of the header. */
  readonly causeTape: number;
  /** The order; unique within its instrument. */
  readonly orderId: number;
  /** The new price in multiples of priceStep; absent: as it was. */
  readonly priceTicks: number;
  /** The new quantity, by qtyMode, in multiples of qtyStep; absent: as it was. */
  readonly qtyLots: number;
  /** What qtyLots means: the order’s whole quantity (FIX OrderQty), what remains, or a reduction. */
  readonly qtyMode: number;
  /** What a post-only order does when it would trade; none: it is not post-only. */
  readonly postOnly: number;
  /** Index of an account; 0 for none. */
  readonly account: number;
  /** Id of the order that replaces it. */
  readonly newOrderId: number;
  /** When it was decided (ns). */
  readonly decidedTime: number;
  /** Idempotency key of the request; an Alias of scope request gives its text. */
  readonly requestId: number;
  /** Tail words of a later version, as hex; empty for none. */
  readonly ext: string;
}

/** A request to cancel all orders of an account (0: those without one; scope everyone: of all accounts), an instrument (0: all) and a side (none: both). */
export interface CancelAll extends EventHeader {
  readonly kind: typeof Kind.CancelAll;
  /** Seq of the event that this one answers or follows from. */
  readonly cause: number;
  /** Tape of the cause: 0 this one, k the k-th parent of the header. */
  readonly causeTape: number;
  /** Index of an account; 0 for the orders without one. */
  readonly account: number;
  /** Whose orders; none: those of the account. */
  readonly scope: number;
  /** When it was decided (ns). */
  readonly decidedTime: number;
  /** Idempotency key of the request; an Alias of scope request gives its text. */
  readonly requestId: number;
  /** Tail words of a later version, as hex; empty for none. */
  readonly ext: string;
}

/** The bytes of the command named by cause were handed to the network now. */
export interface Sent extends EventHeader {
  readonly kind: typeof Kind.Sent;
  /** Seq of the event that this one answers or follows from. */
  readonly cause: number;
  /** Tape of the cause: 0 this one, k the k-th parent of the header. */
  readonly causeTape: number;
  /** Number of this attempt to send, from 1. */
  readonly attempt: number;
  /** Kind of connection. */
  readonly channel: number;
  /** Cost in the venue’s rate limit. */
  readonly weight: number;
  /** Tail words of a later version, as hex; empty for none. */
  readonly ext: string;
}

/** What became of sending the command named by cause; unresolved means that nobody knows. */
export interface Outcome extends EventHeader {
  readonly kind: typeof Kind.Outcome;
  /** Seq of the event that this one answers or follows from. */
  readonly cause: number;
  /** Tape of the cause: 0 this one, k the k-th parent of the header. */
  readonly causeTape: number;
  /** What is known of the command; unresolved: nobody knows. */
  readonly outcome: number;
  /** Kind of connection. */
  readonly channel: number;
  /** Stable code. */
  readonly code: number;
  /** HTTP status; 0 where there is none. */
  readonly httpStatus: number;
  /** Number of the attempt, from 1. */
  readonly attempt: number;
  /** The venue’s own code, verbatim. */
  readonly venueCode: number;
  /** How long the venue asks to wait, in ns. */
  readonly retryAfterNs: number;
  /** When the venue published its answer (ns). */
  readonly sendTime: number;
  /** Tail words of a later version, as hex; empty for none. */
  readonly ext: string;
}

/** The venue accepted an order, at the effective price; also an add on a public order-by-order feed. The remainder rests only after LAST. */
export interface Accepted extends EventHeader {
  readonly kind: typeof Kind.Accepted;
  /** Seq of the event that this one answers or follows from. */
  readonly cause: number;
  /** Tape of the cause: 0 this one, k the k-th parent of the header. */
  readonly causeTape: number;
  /** The order; unique within its instrument. */
  readonly orderId: number;
  /** Effective price in multiples of priceStep, after a slide. */
  readonly priceTicks: number;
  /** Quantity that remains open. */
  readonly leavesLots: number;
  /** Index of an account; 0 for none. */
  readonly account: number;
  /** Order type. */
  readonly type: number;
  /** Time in force. */
  readonly tif: number;
  /** When the venue executed it (ns). */
  readonly matchTime: number;
  /** When the venue published it (ns). */
  readonly sendTime: number;
  /** Tail words of a later version, as hex; empty for none. */
  readonly ext: string;
}

/** A command was refused, by whom and with which code; with price and quantity where the command stands nowhere else. */
export interface Rejected extends EventHeader {
  readonly kind: typeof Kind.Rejected;
  /** Seq of the event that this one answers or follows from. */
  readonly cause: number;
  /** Tape of the cause: 0 this one, k the k-th parent of the header. */
  readonly causeTape: number;
  /** The order; unique within its instrument. */
  readonly orderId: number;
  /** Kind of the command that was refused. */
  readonly command: number;
  /** Who refused. */
  readonly by: number;
  /** Stable code. */
  readonly code: number;
  /** Index of an account; 0 for none. */
  readonly account: number;
  /** The venue’s own code, verbatim. */
  readonly venueCode: number;
  /** When the venue executed it (ns). */
  readonly matchTime: number;
  /** When the venue published it (ns). */
  readonly sendTime: number;
  /** Price that the command asked for, in multiples of priceStep. */
  readonly priceTicks: number;
  /** Quantity that the command asked for, in multiples of qtyStep. */
  readonly qtyLots: number;
  /** Tail words of a later version, as hex; empty for none. */
  readonly ext: string;
}

/** One match. The side in the flags is the aggressor. Exactly one of priceTicks and priceFine is present. Of an own order at a live venue the other order is absent. */
export interface Fill extends EventHeader {
  readonly kind: typeof Kind.Fill;
  /** Seq of the event that this one answers or follows from. */
  readonly cause: number;
  /** Tape of the cause: 0 this one, k the k-th parent of the header. */
  readonly causeTape: number;
  /** The trade; unique within its instrument. */
  readonly tradeId: number;
  /** Price in multiples of the instrument’s priceStep. */
  readonly priceTicks: number;
  /** Quantity in multiples of the instrument’s qtyStep. */
  readonly qtyLots: number;
  /** The resting order. */
  readonly makerOrderId: number;
  /** The incoming order. */
  readonly takerOrderId: number;
  /** Lots that remain of the resting order. */
  readonly makerLeaves: number;
  /** Lots that remain of the incoming order. */
  readonly takerLeaves: number;
  /** Account of the resting order. */
  readonly makerAccount: number;
  /** Account of the incoming order. */
  readonly takerAccount: number;
  /** Own role in the match. */
  readonly liquidity: number;
  /** Circumstances of the trade. */
  readonly condition: number;
  /** What produced a simulated fill. */
  readonly basis: number;
  /** Price in 10^−fineScale of the quote currency, off the grid of priceStep. */
  readonly priceFine: number;
  /** When the venue executed it (ns). */
  readonly matchTime: number;
  /** When the venue published it (ns). */
  readonly sendTime: number;
  /** Tail words of a later version, as hex; empty for none. */
  readonly ext: string;
}

/** An order ended by cancellation; always terminal. */
export interface Canceled extends EventHeader {
  readonly kind: typeof Kind.Canceled;
  /** Seq of the event that this one answers or follows from. */
  readonly cause: number;
  /** Tape of the cause: 0 this one, k the k-th parent of the header. */
  readonly causeTape: number;
  /** The order; unique within its instrument. */
  readonly orderId: number;
  /** Quantity that was canceled. */
  readonly canceledLots: number;
  /** Why. */
  readonly reason: number;
  /** Index of an account; 0 for none. */
  readonly account: number;
  /** The other order of a prevented self-trade. */
  readonly contraOrderId: number;
  /** When the venue executed it (ns). */
  readonly matchTime: number;
  /** When the venue published it (ns). */
  readonly sendTime: number;
  /** Tail words of a later version, as hex; empty for none. */
  readonly ext: string;
}

/** An order changed: by request, by partial cancel, or by self-trade decrement. */
export interface Amended extends EventHeader {
  readonly kind: typeof Kind.Amended;
  /** Seq of the event that this one answers or follows from. */
  readonly cause: number;
  /** Tape of the cause: 0 this one, k the k-th parent of the header. */
  readonly causeTape: number;
  /** The order; unique within its instrument. */
  readonly orderId: number;
  /** Price in multiples of the instrument’s priceStep. */
  readonly priceTicks: number;
  /** Quantity that remains open. */
  readonly leavesLots: number;
  /** Why. */
  readonly reason: number;
  /** 1: the order kept its place. */
  readonly priorityKept: number;
  /** Index of an account; 0 for none. */
  readonly account: number;
  /** Id of the order that replaces it. */
  readonly newOrderId: number;
  /** The other order of a prevented self-trade. */
  readonly contraOrderId: number;
  /** When the venue executed it (ns). */
  readonly matchTime: number;
  /** When the venue published it (ns). */
  readonly sendTime: number;
  /** Tail words of a later version, as hex; empty for none. */
  readonly ext: string;
}

/** An order ended because its time in force did. */
export interface Expired extends EventHeader {
  readonly kind: typeof Kind.Expired;
  /** Seq of the event that this one answers or follows from. */
  readonly cause: number;
  /** Tape of the cause: 0 this one, k the k-th parent of the header. */
  readonly causeTape: number;
  /** The order; unique within its instrument. */
  readonly orderId: number;
  /** Quantity that expired. */
  readonly expiredLots: number;
  /** Why. */
  readonly reason: number;
  /** Index of an account; 0 for none. */
  readonly account: number;
  /** When the venue executed it (ns). */
  readonly matchTime: number;
  /** When the venue published it (ns). */
  readonly sendTime: number;
  /** Tail words of a later version, as hex; empty for none. */
  readonly ext: string;
}

/** The end of a CancelAll: how many orders it canceled, how many it could not. */
export interface CancelAllDone extends EventHeader {
  readonly kind: typeof Kind.CancelAllDone;
  /** Seq of the event that this one answers or follows from. */
  readonly cause: number;
  /** Tape of the cause: 0 this one, k the k-th parent of the header. */
  readonly causeTape: number;
  /** Orders that were canceled. */
  readonly canceled: number;
  /** Orders that could not be. */
  readonly failed: number;
  /** When the venue executed it (ns). */
  readonly matchTime: number;
  /** When the venue published it (ns). */
  readonly sendTime: number;
  /** Tail words of a later version, as hex; empty for none. */
  readonly ext: string;
}

/** A trade as published. The side in the flags is the aggressor. Exactly one of priceTicks and priceFine is present. For an aggregate, tradeId is the last and firstTradeId the first of its trades. */
export interface Trade extends EventHeader {
  readonly kind: typeof Kind.Trade;
  /** Price in multiples of the instrument’s priceStep. */
  readonly priceTicks: number;
  /** Quantity in multiples of the instrument’s qtyStep. */
  readonly qtyLots: number;
  /** The trade; unique within its instrument. */
  readonly tradeId: number;
  /** When the venue executed it (ns). */
  readonly matchTime: number;
  /** When the venue published it (ns). */
  readonly sendTime: number;
  /** Circumstances of the trade. */
  readonly condition: number;
  /** Trades in the aggregate. */
  readonly tradeCount: number;
  /** First trade of an aggregate. */
  readonly firstTradeId: number;
  /** The resting order. */
  readonly makerOrderId: number;
  /** The incoming order. */
  readonly takerOrderId: number;
  /** Price in 10^−fineScale of the quote currency, off the grid of priceStep. */
  readonly priceFine: number;
  /** Tail words of a later version, as hex; empty for none. */
  readonly ext: string;
}

/** Best bid and offer as published. A side that is empty has no price and 0 lots. */
export interface Quote extends EventHeader {
  readonly kind: typeof Kind.Quote;
  /** Best bid in multiples of priceStep. */
  readonly bidTicks: number;
  /** Quantity at the best bid. */
  readonly bidLots: number;
  /** Best offer in multiples of priceStep. */
  readonly askTicks: number;
  /** Quantity at the best offer. */
  readonly askLots: number;
  /** The venue’s update id. */
  readonly updateId: number;
  /** When the venue executed it (ns). */
  readonly matchTime: number;
  /** When the venue published it (ns). */
  readonly sendTime: number;
  /** Tail words of a later version, as hex; empty for none. */
  readonly ext: string;
}

/** The quantity now at one price (absolute; 0 deletes). Its side is in the flags, and never absent. */
export interface Level extends EventHeader {
  readonly kind: typeof Kind.Level;
  /** Price of the level in multiples of priceStep. */
  readonly priceTicks: number;
  /** Quantity now at the price, in multiples of qtyStep; 0 deletes the level. */
  readonly qtyLots: number;
  /** Orders at the level; 0 when unknown. */
  readonly orderCount: number;
  /** Tail words of a later version, as hex; empty for none. */
  readonly ext: string;
}

/** One depth message of the venue, also an empty one; its Levels follow, the last record of the message has LAST. */
export interface BookUpdate extends EventHeader {
  readonly kind: typeof Kind.BookUpdate;
  /** Last update id that is contained. */
  readonly lastUpdateId: number;
  /** Number of Levels that follow. */
  readonly levels: number;
  /** First update id that is contained. */
  readonly firstUpdateId: number;
  /** Last update id of the message before. */
  readonly prevUpdateId: number;
  /** When the venue executed it (ns). */
  readonly matchTime: number;
  /** When the venue published it (ns). */
  readonly sendTime: number;
  /** How long it was buffered: timeNs − arrival. */
  readonly heldNs: number;
  /** Tail words of a later version, as hex; empty for none. */
  readonly ext: string;
}

/** The book starts anew from the snapshot that follows: bids, then asks, each record with SNAPSHOT (Level, or Accepted for order-by-order). */
export interface BookReset extends EventHeader {
  readonly kind: typeof Kind.BookReset;
  /** Last update id that is contained. */
  readonly lastUpdateId: number;
  /** Number of bid records that follow. */
  readonly bids: number;
  /** Number of ask records that follow. */
  readonly asks: number;
  /** Lowest price that the snapshot vouches for. */
  readonly knownLowTicks: number;
  /** Highest price that the snapshot vouches for. */
  readonly knownHighTicks: number;
  /** When the venue executed it (ns). */
  readonly matchTime: number;
  /** When the venue published it (ns). */
  readonly sendTime: number;
  /** Levels a side that were asked for. */
  readonly depthLimit: number;
  /** Why. */
  readonly reason: number;
  /** Tail words of a later version, as hex; empty for none. */
  readonly ext: string;
}

/** Mark, index and estimated settlement price. */
export interface Mark extends EventHeader {
  readonly kind: typeof Kind.Mark;
  /** Mark price in 10^−fineScale. */
  readonly markFine: number;
  /** Index price in 10^−fineScale. */
  readonly indexFine: number;
  /** Estimated settlement price in 10^−fineScale. */
  readonly settleFine: number;
  /** When the venue executed it (ns). */
  readonly matchTime: number;
  /** When the venue published it (ns). */
  readonly sendTime: number;
  /** Tail words of a later version, as hex; empty for none. */
  readonly ext: string;
}

/** The funding rate of a perpetual contract and when it is next exchanged. */
export interface FundingRate extends EventHeader {
  readonly kind: typeof Kind.FundingRate;
  /** Rate in 1e−12. */
  readonly rateE12: number;
  /** When funding is next exchanged (ns). */
  readonly nextFundingTime: number;
  /** Length of the interval in seconds. */
  readonly intervalSec: number;
  /** Predicted, or the one that was exchanged. */
  readonly rateKind: number;
  /** When the venue executed it (ns). */
  readonly matchTime: number;
  /** When the venue published it (ns). */
  readonly sendTime: number;
  /** Tail words of a later version, as hex; empty for none. */
  readonly ext: string;
}

/** The venue changed what it allows on an instrument. */
export interface TradingStatus extends EventHeader {
  readonly kind: typeof Kind.TradingStatus;
  /** The state now. */
  readonly status: number;
  /** The state before. */
  readonly previous: number;
  /** Why. */
  readonly reason: number;
  /** When the venue executed it (ns). */
  readonly matchTime: number;
  /** When the venue published it (ns). */
  readonly sendTime: number;
  /** Tail words of a later version, as hex; empty for none. */
  readonly ext: string;
}

/** Open, high, low and close of a bar that starts at startTime: over intervalSec, or over as many trades or lots as size says. */
export interface Bar extends EventHeader {
  readonly kind: typeof Kind.Bar;
  /** First price in multiples of priceStep. */
  readonly openTicks: number;
  /** Highest price in multiples of priceStep. */
  readonly highTicks: number;
  /** Lowest price in multiples of priceStep. */
  readonly lowTicks: number;
  /** Last price in multiples of priceStep. */
  readonly closeTicks: number;
  /** Quantity in multiples of the instrument’s qtyStep. */
  readonly qtyLots: number;
  /** Length of a bar by time in seconds; 0 for others. */
  readonly intervalSec: number;
  /** Number of trades. */
  readonly trades: number;
  /** Start of the interval (ns). */
  readonly startTime: number;
  /** What closes a bar: time, a number of trades, or a volume. */
  readonly barKind: number;
  /** Trades or lots that close the bar, by barKind. */
  readonly size: number;
  /** Tail words of a later version, as hex; empty for none. */
  readonly ext: string;
}

/** The health of a feed changed: connection, staleness, a gap in its sequence, a crossed book. */
export interface FeedStatus extends EventHeader {
  readonly kind: typeof Kind.FeedStatus;
  /** The state now. */
  readonly status: number;
  /** The state before. */
  readonly previous: number;
  /** Why. */
  readonly reason: number;
  /** How many messages or levels are concerned. */
  readonly count: number;
  /** Update id that was expected. */
  readonly expectedId: number;
  /** Update id that came. */
  readonly receivedId: number;
  /** Time of the last good message (ns). */
  readonly lastGoodTime: number;
  /** The delay or age in question. */
  readonly valueNs: number;
  /** Tail words of a later version, as hex; empty for none. */
  readonly ext: string;
}

/** A strategy wants an explicit order action. */
export interface Intent extends EventHeader {
  readonly kind: typeof Kind.Intent;
  /** Seq of the event that this one answers or follows from. */
  readonly cause: number;
  /** Tape of the cause: 0 this one, k the k-th parent of the header. */
  readonly causeTape: number;
  /** Intent or target that led to this. */
  readonly intentId: number;
  /** What is to be done. */
  readonly action: number;
  /** Order type. */
  readonly type: number;
  /** Time in force. */
  readonly tif: number;
  /** What a post-only order does when it would trade; none: it is not post-only. */
  readonly postOnly: number;
  /** Why. */
  readonly reason: number;
  /** Bit 0 reduce only, bit 1 close position. */
  readonly exec: number;
  /** Price in multiples of the instrument’s priceStep. */
  readonly priceTicks: number;
  /** Quantity in multiples of the instrument’s qtyStep. */
  readonly qtyLots: number;
  /** The order; unique within its instrument. */
  readonly orderId: number;
  /** Intent that this one is part of. */
  readonly parentIntentId: number;
  /** Tail words of a later version, as hex; empty for none. */
  readonly ext: string;
}

/** A strategy or portfolio wants a position (signed). */
export interface Target extends EventHeader {
  readonly kind: typeof Kind.Target;
  /** Seq of the event that this one answers or follows from. */
  readonly cause: number;
  /** Tape of the cause: 0 this one, k the k-th parent of the header. */
  readonly causeTape: number;
  /** Intent or target that led to this. */
  readonly intentId: number;
  /** Wanted position (signed). */
  readonly targetLots: number;
  /** Position of the strategy alone, or of the whole portfolio. */
  readonly scope: number;
  /** Why. */
  readonly reason: number;
  /** Index of an account; 0 for none. */
  readonly account: number;
  /** Position at the time (signed). */
  readonly currentLots: number;
  /** Intent that this one is part of. */
  readonly parentIntentId: number;
  /** Tail words of a later version, as hex; empty for none. */
  readonly ext: string;
}

/** The verdict on a proposal, with the value observed and the limit it was held against; a limit that cannot be computed is absent, and denies. A denied order has no other home than this record. */
export interface RiskDecision extends EventHeader {
  readonly kind: typeof Kind.RiskDecision;
  /** Seq of the event that this one answers or follows from. */
  readonly cause: number;
  /** Tape of the cause: 0 this one, k the k-th parent of the header. */
  readonly causeTape: number;
  /** Intent or target that led to this. */
  readonly intentId: number;
  /** What the gate decided. */
  readonly verdict: number;
  /** Unit of observed and limit. */
  readonly unit: number;
  /** Stable code. */
  readonly code: number;
  /** The rule that decided. */
  readonly rule: number;
  /** Tier of capital that is released. */
  readonly tier: number;
  /** Before trading, or while running. */
  readonly phase: number;
  /** Price of the proposal in multiples of priceStep. */
  readonly priceTicks: number;
  /** Quantity of the proposal in multiples of qtyStep. */
  readonly qtyLots: number;
  /** Quantity that was allowed. */
  readonly allowedLots: number;
  /** Value observed, in the record’s unit. */
  readonly observed: bigint;
  /** Limit it was held against, in the record’s unit; absent: it could not be computed. */
  readonly limit: bigint;
  /** The order; unique within its instrument. */
  readonly orderId: number;
  /** Index of an asset; 0 for none. */
  readonly asset: number;
  /** Index of an account; 0 for none. */
  readonly account: number;
  /** Tail words of a later version, as hex; empty for none. */
  readonly ext: string;
}

/** One candidate venue of a routing decision; the instrument is the venue’s. */
export interface RouteDecision extends EventHeader {
  readonly kind: typeof Kind.RouteDecision;
  /** Seq of the event that this one answers or follows from. */
  readonly cause: number;
  /** Tape of the cause: 0 this one, k the k-th parent of the header. */
  readonly causeTape: number;
  /** Intent or target that led to this. */
  readonly intentId: number;
  /** Place among the candidates, from 1. */
  readonly rank: number;
  /** 1: orders go here. */
  readonly chosen: number;
  /** Why. */
  readonly reason: number;
  /** Index of an account; 0 for none. */
  readonly account: number;
  /** Price in multiples of the instrument’s priceStep. */
  readonly priceTicks: number;
  /** Quantity for this venue, in multiples of qtyStep. */
  readonly allocatedLots: number;
  /** Expected fee as a share of notional, in 1e−12. */
  readonly feeE12: number;
  /** Expected slippage as a share of notional, in 1e−12. */
  readonly slippageE12: number;
  /** Expected latency in ns. */
  readonly latencyNs: number;
  /** Expected funding as a share of notional, in 1e−12. */
  readonly fundingE12: number;
  /** Cost of inventory as a share of notional, in 1e−12. */
  readonly inventoryE12: number;
  /** Sum of the costs, in 1e−12 of notional. */
  readonly totalE12: number;
  /** Tail words of a later version, as hex; empty for none. */
  readonly ext: string;
}

/** Why nothing was done. */
export interface NoAction extends EventHeader {
  readonly kind: typeof Kind.NoAction;
  /** Seq of the event that this one answers or follows from. */
  readonly cause: number;
  /** Tape of the cause: 0 this one, k the k-th parent of the header. */
  readonly causeTape: number;
  /** Intent or target that led to this. */
  readonly intentId: number;
  /** Stable code. */
  readonly code: number;
  /** The order; unique within its instrument. */
  readonly orderId: number;
  /** Quantity ahead in the queue. */
  readonly aheadLots: number;
  /** Tail words of a later version, as hex; empty for none. */
  readonly ext: string;
}

/** Cash came or went, seen from the account. */
export interface CashFlow extends EventHeader {
  readonly kind: typeof Kind.CashFlow;
  /** Seq of the event that this one answers or follows from. */
  readonly cause: number;
  /** Tape of the cause: 0 this one, k the k-th parent of the header. */
  readonly causeTape: number;
  /** Money in 10^−scale of the asset, seen from the account. */
  readonly amount: bigint;
  /** Index of an asset; 0 for none. */
  readonly asset: number;
  /** Why. */
  readonly reason: number;
  /** Index of an account; 0 for none. */
  readonly account: number;
  /** The order; unique within its instrument. */
  readonly orderId: number;
  /** The trade; unique within its instrument. */
  readonly tradeId: number;
  /** When the venue executed it (ns). */
  readonly matchTime: number;
  /** Tail words of a later version, as hex; empty for none. */
  readonly ext: string;
}

/** Funding was exchanged on a position. */
export interface FundingPaid extends EventHeader {
  readonly kind: typeof Kind.FundingPaid;
  /** Seq of the event that this one answers or follows from. */
  readonly cause: number;
  /** Tape of the cause: 0 this one, k the k-th parent of the header. */
  readonly causeTape: number;
  /** Money in 10^−scale of the asset, seen from the account. */
  readonly amount: bigint;
  /** Index of an asset; 0 for none. */
  readonly asset: number;
  /** Index of an account; 0 for none. */
  readonly account: number;
  /** Position (signed). */
  readonly positionLots: number;
  /** Rate in 1e−12. */
  readonly rateE12: number;
  /** Mark price in 10^−fineScale. */
  readonly markFine: number;
  /** When funding was exchanged (ns). */
  readonly fundingTime: number;
  /** Tail words of a later version, as hex; empty for none. */
  readonly ext: string;
}

/** A position was settled or delivered. */
export interface Settlement extends EventHeader {
  readonly kind: typeof Kind.Settlement;
  /** Seq of the event that this one answers or follows from. */
  readonly cause: number;
  /** Tape of the cause: 0 this one, k the k-th parent of the header. */
  readonly causeTape: number;
  /** Money in 10^−scale of the asset, seen from the account. */
  readonly amount: bigint;
  /** Index of an asset; 0 for none. */
  readonly asset: number;
  /** Why. */
  readonly reason: number;
  /** Index of an account; 0 for none. */
  readonly account: number;
  /** Position (signed). */
  readonly positionLots: number;
  /** Price in 10^−fineScale of the quote currency, off the grid of priceStep. */
  readonly priceFine: number;
  /** Tail words of a later version, as hex; empty for none. */
  readonly ext: string;
}

/** An order as the venue reported it. */
export interface TruthOrder extends EventHeader {
  readonly kind: typeof Kind.TruthOrder;
  /** Seq of the event that this one answers or follows from. */
  readonly cause: number;
  /** Tape of the cause: 0 this one, k the k-th parent of the header. */
  readonly causeTape: number;
  /** The reconciliation it belongs to. */
  readonly batchId: number;
  /** The order; unique within its instrument. */
  readonly orderId: number;
  /** Price in multiples of the instrument’s priceStep. */
  readonly priceTicks: number;
  /** The order’s whole quantity in multiples of qtyStep. */
  readonly qtyLots: number;
  /** Quantity filled so far, in multiples of qtyStep. */
  readonly cumLots: number;
  /** The venue’s state of the order. */
  readonly status: number;
  /** Time in force. */
  readonly tif: number;
  /** Order type. */
  readonly type: number;
  /** Side of a hedged position; none: net. */
  readonly positionSide: number;
  /** Index of an account; 0 for none. */
  readonly account: number;
  /** Average price of the fills in 10^−fineScale. */
  readonly avgFine: number;
  /** When the venue executed it (ns). */
  readonly matchTime: number;
  /** Tail words of a later version, as hex; empty for none. */
  readonly ext: string;
}

/** A position as the venue reported it. */
export interface TruthPosition extends EventHeader {
  readonly kind: typeof Kind.TruthPosition;
  /** Seq of the event that this one answers or follows from. */
  readonly cause: number;
  /** Tape of the cause: 0 this one, k the k-th parent of the header. */
  readonly causeTape: number;
  /** The reconciliation it belongs to. */
  readonly batchId: number;
  /** Position (signed). */
  readonly positionLots: number;
  /** Average entry price in 10^−fineScale. */
  readonly entryFine: number;
  /** Side of a hedged position; none: net. */
  readonly positionSide: number;
  /** How margin is shared. */
  readonly marginMode: number;
  /** Leverage times 100. */
  readonly leverageX100: number;
  /** Index of an account; 0 for none. */
  readonly account: number;
  /** Mark price in 10^−fineScale. */
  readonly markFine: number;
  /** Price of liquidation in 10^−fineScale. */
  readonly liquidationFine: number;
  /** Unrealised profit in 10^−scale of the asset. */
  readonly unrealised: bigint;
  /** Index of an asset; 0 for none. */
  readonly asset: number;
  /** Tail words of a later version, as hex; empty for none. */
  readonly ext: string;
}

/** A balance as the venue reported it. */
export interface TruthBalance extends EventHeader {
  readonly kind: typeof Kind.TruthBalance;
  /** Seq of the event that this one answers or follows from. */
  readonly cause: number;
  /** Tape of the cause: 0 this one, k the k-th parent of the header. */
  readonly causeTape: number;
  /** The reconciliation it belongs to. */
  readonly batchId: number;
  /** Balance in 10^−scale of the asset. */
  readonly wallet: bigint;
  /** What of it is free, in 10^−scale of the asset. */
  readonly available: bigint;
  /** Index of an asset; 0 for none. */
  readonly asset: number;
  /** Index of an account; 0 for none. */
  readonly account: number;
  /** Tail words of a later version, as hex; empty for none. */
  readonly ext: string;
}

/** Our state and the venue’s differ; what one of them does not know is absent. */
export interface Divergence extends EventHeader {
  readonly kind: typeof Kind.Divergence;
  /** Seq of the event that this one answers or follows from. */
  readonly cause: number;
  /** Tape of the cause: 0 this one, k the k-th parent of the header. */
  readonly causeTape: number;
  /** The reconciliation it belongs to. */
  readonly batchId: number;
  /** What differs. */
  readonly subject: number;
  /** How bad it is; larger is worse. */
  readonly severity: number;
  /** Stable code. */
  readonly code: number;
  /** What was done about it. */
  readonly action: number;
  /** Index of an asset; 0 for none. */
  readonly asset: number;
  /** Our value. */
  readonly expected: bigint;
  /** The venue’s value. */
  readonly observed: bigint;
  /** The order; unique within its instrument. */
  readonly orderId: number;
  /** Index of an account; 0 for none. */
  readonly account: number;
  /** Tail words of a later version, as hex; empty for none. */
  readonly ext: string;
}

/** The end of a reconciliation: what was asked, answered, found equal, found different. */
export interface ReconcileReport extends EventHeader {
  readonly kind: typeof Kind.ReconcileReport;
  /** Seq of the event that this one answers or follows from. */
  readonly cause: number;
  /** Tape of the cause: 0 this one, k the k-th parent of the header. */
  readonly causeTape: number;
  /** The reconciliation it belongs to. */
  readonly batchId: number;
  /** What was compared. */
  readonly scope: number;
  /** How far it came. */
  readonly status: number;
  /** Why. */
  readonly reason: number;
  /** Index of an account; 0 for none. */
  readonly account: number;
  /** How far back was asked, in ns. */
  readonly lookbackNs: number;
  /** Questions put to the venue. */
  readonly asked: number;
  /** Questions that it answered. */
  readonly answered: number;
  /** Records that agreed. */
  readonly matched: number;
  /** Records that did not. */
  readonly diverged: number;
  /** Divergences that remain. */
  readonly unresolved: number;
  /** Divergences that were repaired. */
  readonly repaired: number;
  /** Tail words of a later version, as hex; empty for none. */
  readonly ext: string;
}

/** A component changed its state of readiness. */
export interface Lifecycle extends EventHeader {
  readonly kind: typeof Kind.Lifecycle;
  /** Seq of the event that this one answers or follows from. */
  readonly cause: number;
  /** Tape of the cause: 0 this one, k the k-th parent of the header. */
  readonly causeTape: number;
  /** The state before. */
  readonly from: number;
  /** The state now. */
  readonly to: number;
  /** Why. */
  readonly reason: number;
  /** Tail words of a later version, as hex; empty for none. */
  readonly ext: string;
}

/** The simulated market changed its regime. */
export interface Regime extends EventHeader {
  readonly kind: typeof Kind.Regime;
  /** Seq of the event that this one answers or follows from. */
  readonly cause: number;
  /** Tape of the cause: 0 this one, k the k-th parent of the header. */
  readonly causeTape: number;
  /** Index of the label of the regime before; 0 for none. */
  readonly from: number;
  /** Index of the label of the regime now. */
  readonly to: number;
  /** Why. */
  readonly reason: number;
  /** Tail words of a later version, as hex; empty for none. */
  readonly ext: string;
}

/** What an operator ordered, with arguments and confirmation. */
export interface OperatorCommand extends EventHeader {
  readonly kind: typeof Kind.OperatorCommand;
  /** Seq of the event that this one answers or follows from. */
  readonly cause: number;
  /** Tape of the cause: 0 this one, k the k-th parent of the header. */
  readonly causeTape: number;
  /** What was ordered. */
  readonly command: number;
  /** What it applies to. */
  readonly scope: number;
  /** Index of an account; 0 for none. */
  readonly account: number;
  /** Canonical JSON of an object. */
  readonly json: string;
}

/** The runtime changed between replay, paper and live. */
export interface Mode extends EventHeader {
  readonly kind: typeof Kind.Mode;
  /** Seq of the event that this one answers or follows from. */
  readonly cause: number;
  /** Tape of the cause: 0 this one, k the k-th parent of the header. */
  readonly causeTape: number;
  /** The state before. */
  readonly from: number;
  /** The state now. */
  readonly to: number;
  /** 1: orders may leave. */
  readonly armed: number;
  /** Tier of capital that is released. */
  readonly tier: number;
  /** Why. */
  readonly reason: number;
  /** When the permission ends (ns). */
  readonly leaseUntil: number;
  /** SHA-256 of the configuration, hex. */
  readonly configHash: string;
  /** Tail words of a later version, as hex; empty for none. */
  readonly ext: string;
}

/** The kill switch changed its level. */
export interface KillSwitch extends EventHeader {
  readonly kind: typeof Kind.KillSwitch;
  /** Seq of the event that this one answers or follows from. */
  readonly cause: number;
  /** Tape of the cause: 0 this one, k the k-th parent of the header. */
  readonly causeTape: number;
  /** What is stopped; none: the switch is off. */
  readonly level: number;
  /** The level before. */
  readonly previous: number;
  /** The rule that pulled it; 0: an operator. */
  readonly code: number;
  /** Index of an account; 0 for none. */
  readonly account: number;
  /** Tail words of a later version, as hex; empty for none. */
  readonly ext: string;
}

/** A fault was injected on purpose, and how it was handled. */
export interface FaultInjected extends EventHeader {
  readonly kind: typeof Kind.FaultInjected;
  /** Seq of the event that this one answers or follows from. */
  readonly cause: number;
  /** Tape of the cause: 0 this one, k the k-th parent of the header. */
  readonly causeTape: number;
  /** Index of the label that names the fault. */
  readonly fault: number;
  /** What was done to the event. */
  readonly effect: number;
  /** How its receiver dealt with it. */
  readonly handling: number;
  /** Size of the fault, in the unit of its effect. */
  readonly value: number;
  /** The order; unique within its instrument. */
  readonly orderId: number;
  /** Tail words of a later version, as hex; empty for none. */
  readonly ext: string;
}

/** An invariant did not hold; the text begins with its id. */
export interface InvariantViolated extends EventHeader {
  readonly kind: typeof Kind.InvariantViolated;
  /** Seq of the event that this one answers or follows from. */
  readonly cause: number;
  /** Tape of the cause: 0 this one, k the k-th parent of the header. */
  readonly causeTape: number;
  /** The payload. */
  readonly text: string;
}

/** A slow consumer lost the events from lostFrom to lostTo. */
export interface Overrun extends EventHeader {
  readonly kind: typeof Kind.Overrun;
  /** Seq of the event that this one answers or follows from. */
  readonly cause: number;
  /** Tape of the cause: 0 this one, k the k-th parent of the header. */
  readonly causeTape: number;
  /** First seq lost. */
  readonly lostFrom: number;
  /** Last seq lost. */
  readonly lostTo: number;
  /** What the full buffer does. */
  readonly policy: number;
  /** Tail words of a later version, as hex; empty for none. */
  readonly ext: string;
}

/** A command was lost to a full queue; with what it asked for, since it stands nowhere else. */
export interface Dropped extends EventHeader {
  readonly kind: typeof Kind.Dropped;
  /** Seq of the event that this one answers or follows from. */
  readonly cause: number;
  /** Tape of the cause: 0 this one, k the k-th parent of the header. */
  readonly causeTape: number;
  /** The order; unique within its instrument. */
  readonly orderId: number;
  /** Kind of the command that was lost. */
  readonly command: number;
  /** What the full buffer does. */
  readonly policy: number;
  /** Why. */
  readonly reason: number;
  /** Commands in the queue. */
  readonly depth: number;
  /** Index of an account; 0 for none. */
  readonly account: number;
  /** Price that the command asked for, in multiples of priceStep. */
  readonly priceTicks: number;
  /** Quantity that the command asked for, in multiples of qtyStep. */
  readonly qtyLots: number;
  /** Tail words of a later version, as hex; empty for none. */
  readonly ext: string;
}

/** A timer fired that a state machine consumes. */
export interface Timer extends EventHeader {
  readonly kind: typeof Kind.Timer;
  /** Seq of the event that this one answers or follows from. */
  readonly cause: number;
  /** Tape of the cause: 0 this one, k the k-th parent of the header. */
  readonly causeTape: number;
  /** The timer. */
  readonly timerId: number;
  /** When it was due (ns). */
  readonly dueTime: number;
  /** Tail words of a later version, as hex; empty for none. */
  readonly ext: string;
}

/** A process begins to append to this log. Never written by a pure simulation. */
export interface Session extends EventHeader {
  readonly kind: typeof Kind.Session;
  /** Seq of the event that this one answers or follows from. */
  readonly cause: number;
  /** Tape of the cause: 0 this one, k the k-th parent of the header. */
  readonly causeTape: number;
  /** Canonical JSON of an object. */
  readonly json: string;
}

/** A clock was measured or corrected; applied is 1 when timeNs already contains the offset. */
export interface Clock extends EventHeader {
  readonly kind: typeof Kind.Clock;
  /** Seq of the event that this one answers or follows from. */
  readonly cause: number;
  /** Tape of the cause: 0 this one, k the k-th parent of the header. */
  readonly causeTape: number;
  /** What the wall clock said (ns). */
  readonly wallTime: number;
  /** Clock offset. */
  readonly offsetNs: number;
  /** Bound of the offset’s error. */
  readonly uncertaintyNs: number;
  /** How the offset was found. */
  readonly method: number;
  /** 1: timeNs already contains the offset. */
  readonly applied: number;
  /** Tail words of a later version, as hex; empty for none. */
  readonly ext: string;
}

/** An event was processed: at which step it was decided and completed. */
export interface Ack extends EventHeader {
  readonly kind: typeof Kind.Ack;
  /** Seq of the event that this one answers or follows from. */
  readonly cause: number;
  /** Tape of the cause: 0 this one, k the k-th parent of the header. */
  readonly causeTape: number;
  /** Seq of the event that is acknowledged. */
  readonly ofSeq: number;
  /** Step at which it was decided. */
  readonly decidedStep: number;
  /** Step at which it was completed. */
  readonly completedStep: number;
  /** 1: executed while not READY. */
  readonly provisional: number;
  /** Tail words of a later version, as hex; empty for none. */
  readonly ext: string;
}

/** Something needs an operator. */
export interface Alert extends EventHeader {
  readonly kind: typeof Kind.Alert;
  /** Seq of the event that this one answers or follows from. */
  readonly cause: number;
  /** Tape of the cause: 0 this one, k the k-th parent of the header. */
  readonly causeTape: number;
  /** How bad it is; larger is worse. */
  readonly severity: number;
  /** Whether it still holds. */
  readonly state: number;
  /** Stable code. */
  readonly code: number;
  /** Index of an account; 0 for none. */
  readonly account: number;
  /** Tail words of a later version, as hex; empty for none. */
  readonly ext: string;
}

/** Everything that can stand on a tape. */
export type Event =
  | UnknownEvent
  | Define
  | Note
  | Raw
  | Checkpoint
  | Alias
  | Skip
  | NewOrder
  | CancelOrder
  | AmendOrder
  | CancelAll
  | Sent
  | Outcome
  | Accepted
  | Rejected
  | Fill
  | Canceled
  | Amended
  | Expired
  | CancelAllDone
  | Trade
  | Quote
  | Level
  | BookUpdate
  | BookReset
  | Mark
  | FundingRate
  | TradingStatus
  | Bar
  | FeedStatus
  | Intent
  | Target
  | RiskDecision
  | RouteDecision
  | NoAction
  | CashFlow
  | FundingPaid
  | Settlement
  | TruthOrder
  | TruthPosition
  | TruthBalance
  | Divergence
  | ReconcileReport
  | Lifecycle
  | Regime
  | OperatorCommand
  | Mode
  | KillSwitch
  | FaultInjected
  | InvariantViolated
  | Overrun
  | Dropped
  | Timer
  | Session
  | Clock
  | Ack
  | Alert;

const BLANK_HEADER = { seq: NONE, timeNs: 0, flags: 0, instrument: 0, source: 0 };

const BLANK_Define: Define = {
  kind: Kind.Define,
  ...BLANK_HEADER,
  table: 0,
  index: 0,
  json: '{}',
};

const BLANK_Note: Note = {
  kind: Kind.Note,
  ...BLANK_HEADER,
  cause: NONE,
  causeTape: 0,
  topic: 0,
  text: '',
};

const BLANK_Raw: Raw = {
  kind: Kind.Raw,
  ...BLANK_HEADER,
  cause: NONE,
  causeTape: 0,
  direction: 0,
  channel: 0,
  httpStatus: 0,
  totalBytes: 0,
  offset: 0,
  bytes: NO_BYTES,
};

const BLANK_Checkpoint: Checkpoint = {
  kind: Kind.Checkpoint,
  ...BLANK_HEADER,
  cause: NONE,
  causeTape: 0,
  coversSeq: 0,
  scope: 0,
  hashVersion: 0,
  stateHash: '',
  ext: '',
};

const BLANK_Alias: Alias = {
  kind: Kind.Alias,
  ...BLANK_HEADER,
  cause: NONE,
  causeTape: 0,
  id: 0,
  scope: 0,
  text: '',
};

const BLANK_Skip: Skip = {
  kind: Kind.Skip,
  ...BLANK_HEADER,
  count: 0,
  ext: '',
};

const BLANK_NewOrder: NewOrder = {
  kind: Kind.NewOrder,
  ...BLANK_HEADER,
  cause: NONE,
  causeTape: 0,
  orderId: 0,
  priceTicks: NONE,
  qtyLots: 0,
  type: 0,
  tif: 0,
  postOnly: 0,
  stp: 0,
  account: 0,
  intentId: NONE,
  minQtyLots: NONE,
  positionSide: 0,
  exec: 0,
  parentOrderId: NONE,
  decidedTime: NONE,
  expireTime: NONE,
  stopTicks: NONE,
  displayLots: NONE,
  requestId: NONE,
  ext: '',
};

const BLANK_CancelOrder: CancelOrder = {
  kind: Kind.CancelOrder,
  ...BLANK_HEADER,
  cause: NONE,
  causeTape: 0,
  orderId: 0,
  account: 0,
  reason: 0,
  decidedTime: NONE,
  requestId: NONE,
  ext: '',
};

const BLANK_AmendOrder: AmendOrder = {
  kind: Kind.AmendOrder,
  ...BLANK_HEADER,
  cause: NONE,
  causeTape: 0,
  orderId: 0,
  priceTicks: NONE,
  qtyLots: NONE,
  qtyMode: 0,
  postOnly: 0,
  account: 0,
  newOrderId: NONE,
  decidedTime: NONE,
  requestId: NONE,
  ext: '',
};

const BLANK_CancelAll: CancelAll = {
  kind: Kind.CancelAll,
  ...BLANK_HEADER,
  cause: NONE,
  causeTape: 0,
  account: 0,
  scope: 0,
  decidedTime: NONE,
  requestId: NONE,
  ext: '',
};

const BLANK_Sent: Sent = {
  kind: Kind.Sent,
  ...BLANK_HEADER,
  cause: NONE,
  causeTape: 0,
  attempt: 0,
  channel: 0,
  weight: 0,
  ext: '',
};

const BLANK_Outcome: Outcome = {
  kind: Kind.Outcome,
  ...BLANK_HEADER,
  cause: NONE,
  causeTape: 0,
  outcome: 0,
  channel: 0,
  code: 0,
  httpStatus: 0,
  attempt: 0,
  venueCode: NONE,
  retryAfterNs: NONE,
  sendTime: NONE,
  ext: '',
};

const BLANK_Accepted: Accepted = {
  kind: Kind.Accepted,
  ...BLANK_HEADER,
  cause: NONE,
  causeTape: 0,
  orderId: 0,
  priceTicks: NONE,
  leavesLots: 0,
  account: 0,
  type: 0,
  tif: 0,
  matchTime: NONE,
  sendTime: NONE,
  ext: '',
};

const BLANK_Rejected: Rejected = {
  kind: Kind.Rejected,
  ...BLANK_HEADER,
  cause: NONE,
  causeTape: 0,
  orderId: NONE,
  command: 0,
  by: 0,
  code: 0,
  account: 0,
  venueCode: NONE,
  matchTime: NONE,
  sendTime: NONE,
  priceTicks: NONE,
  qtyLots: NONE,
  ext: '',
};

const BLANK_Fill: Fill = {
  kind: Kind.Fill,
  ...BLANK_HEADER,
  cause: NONE,
  causeTape: 0,
  tradeId: NONE,
  priceTicks: NONE,
  qtyLots: 0,
  makerOrderId: NONE,
  takerOrderId: NONE,
  makerLeaves: NONE,
  takerLeaves: NONE,
  makerAccount: 0,
  takerAccount: 0,
  liquidity: 0,
  condition: 0,
  basis: 0,
  priceFine: NONE,
  matchTime: NONE,
  sendTime: NONE,
  ext: '',
};

const BLANK_Canceled: Canceled = {
  kind: Kind.Canceled,
  ...BLANK_HEADER,
  cause: NONE,
  causeTape: 0,
  orderId: 0,
  canceledLots: NONE,
  reason: 0,
  account: 0,
  contraOrderId: NONE,
  matchTime: NONE,
  sendTime: NONE,
  ext: '',
};

const BLANK_Amended: Amended = {
  kind: Kind.Amended,
  ...BLANK_HEADER,
  cause: NONE,
  causeTape: 0,
  orderId: 0,
  priceTicks: NONE,
  leavesLots: 0,
  reason: 0,
  priorityKept: 0,
  account: 0,
  newOrderId: NONE,
  contraOrderId: NONE,
  matchTime: NONE,
  sendTime: NONE,
  ext: '',
};

const BLANK_Expired: Expired = {
  kind: Kind.Expired,
  ...BLANK_HEADER,
  cause: NONE,
  causeTape: 0,
  orderId: 0,
  expiredLots: NONE,
  reason: 0,
  account: 0,
  matchTime: NONE,
  sendTime: NONE,
  ext: '',
};

const BLANK_CancelAllDone: CancelAllDone = {
  kind: Kind.CancelAllDone,
  ...BLANK_HEADER,
  cause: NONE,
  causeTape: 0,
  canceled: 0,
  failed: 0,
  matchTime: NONE,
  sendTime: NONE,
  ext: '',
};

const BLANK_Trade: Trade = {
  kind: Kind.Trade,
  ...BLANK_HEADER,
  priceTicks: NONE,
  qtyLots: 0,
  tradeId: NONE,
  matchTime: NONE,
  sendTime: NONE,
  condition: 0,
  tradeCount: 0,
  firstTradeId: NONE,
  makerOrderId: NONE,
  takerOrderId: NONE,
  priceFine: NONE,
  ext: '',
};

const BLANK_Quote: Quote = {
  kind: Kind.Quote,
  ...BLANK_HEADER,
  bidTicks: NONE,
  bidLots: 0,
  askTicks: NONE,
  askLots: 0,
  updateId: NONE,
  matchTime: NONE,
  sendTime: NONE,
  ext: '',
};

const BLANK_Level: Level = {
  kind: Kind.Level,
  ...BLANK_HEADER,
  priceTicks: 0,
  qtyLots: 0,
  orderCount: 0,
  ext: '',
};

const BLANK_BookUpdate: BookUpdate = {
  kind: Kind.BookUpdate,
  ...BLANK_HEADER,
  lastUpdateId: NONE,
  levels: 0,
  firstUpdateId: NONE,
  prevUpdateId: NONE,
  matchTime: NONE,
  sendTime: NONE,
  heldNs: 0,
  ext: '',
};

const BLANK_BookReset: BookReset = {
  kind: Kind.BookReset,
  ...BLANK_HEADER,
  lastUpdateId: NONE,
  bids: 0,
  asks: 0,
  knownLowTicks: NONE,
  knownHighTicks: NONE,
  matchTime: NONE,
  sendTime: NONE,
  depthLimit: 0,
  reason: 0,
  ext: '',
};

const BLANK_Mark: Mark = {
  kind: Kind.Mark,
  ...BLANK_HEADER,
  markFine: NONE,
  indexFine: NONE,
  settleFine: NONE,
  matchTime: NONE,
  sendTime: NONE,
  ext: '',
};

const BLANK_FundingRate: FundingRate = {
  kind: Kind.FundingRate,
  ...BLANK_HEADER,
  rateE12: 0,
  nextFundingTime: NONE,
  intervalSec: 0,
  rateKind: 0,
  matchTime: NONE,
  sendTime: NONE,
  ext: '',
};

const BLANK_TradingStatus: TradingStatus = {
  kind: Kind.TradingStatus,
  ...BLANK_HEADER,
  status: 0,
  previous: 0,
  reason: 0,
  matchTime: NONE,
  sendTime: NONE,
  ext: '',
};

const BLANK_Bar: Bar = {
  kind: Kind.Bar,
  ...BLANK_HEADER,
  openTicks: 0,
  highTicks: 0,
  lowTicks: 0,
  closeTicks: 0,
  qtyLots: 0,
  intervalSec: 0,
  trades: 0,
  startTime: 0,
  barKind: 0,
  size: NONE,
  ext: '',
};

const BLANK_FeedStatus: FeedStatus = {
  kind: Kind.FeedStatus,
  ...BLANK_HEADER,
  status: 0,
  previous: 0,
  reason: 0,
  count: 0,
  expectedId: NONE,
  receivedId: NONE,
  lastGoodTime: NONE,
  valueNs: NONE,
  ext: '',
};

const BLANK_Intent: Intent = {
  kind: Kind.Intent,
  ...BLANK_HEADER,
  cause: NONE,
  causeTape: 0,
  intentId: 0,
  action: 0,
  type: 0,
  tif: 0,
  postOnly: 0,
  reason: 0,
  exec: 0,
  priceTicks: NONE,
  qtyLots: NONE,
  orderId: NONE,
  parentIntentId: NONE,
  ext: '',
};

const BLANK_Target: Target = {
  kind: Kind.Target,
  ...BLANK_HEADER,
  cause: NONE,
  causeTape: 0,
  intentId: 0,
  targetLots: 0,
  scope: 0,
  reason: 0,
  account: 0,
  currentLots: NONE,
  parentIntentId: NONE,
  ext: '',
};

const BLANK_RiskDecision: RiskDecision = {
  kind: Kind.RiskDecision,
  ...BLANK_HEADER,
  cause: NONE,
  causeTape: 0,
  intentId: NONE,
  verdict: 0,
  unit: 0,
  code: 0,
  rule: 0,
  tier: 0,
  phase: 0,
  priceTicks: NONE,
  qtyLots: NONE,
  allowedLots: NONE,
  observed: MONEY_NONE,
  limit: MONEY_NONE,
  orderId: NONE,
  asset: 0,
  account: 0,
  ext: '',
};

const BLANK_RouteDecision: RouteDecision = {
  kind: Kind.RouteDecision,
  ...BLANK_HEADER,
  cause: NONE,
  causeTape: 0,
  intentId: 0,
  rank: 0,
  chosen: 0,
  reason: 0,
  account: 0,
  priceTicks: NONE,
  allocatedLots: 0,
  feeE12: NONE,
  slippageE12: NONE,
  latencyNs: NONE,
  fundingE12: NONE,
  inventoryE12: NONE,
  totalE12: NONE,
  ext: '',
};

const BLANK_NoAction: NoAction = {
  kind: Kind.NoAction,
  ...BLANK_HEADER,
  cause: NONE,
  causeTape: 0,
  intentId: NONE,
  code: 0,
  orderId: NONE,
  aheadLots: NONE,
  ext: '',
};

const BLANK_CashFlow: CashFlow = {
  kind: Kind.CashFlow,
  ...BLANK_HEADER,
  cause: NONE,
  causeTape: 0,
  amount: 0n,
  asset: 0,
  reason: 0,
  account: 0,
  orderId: NONE,
  tradeId: NONE,
  matchTime: NONE,
  ext: '',
};

const BLANK_FundingPaid: FundingPaid = {
  kind: Kind.FundingPaid,
  ...BLANK_HEADER,
  cause: NONE,
  causeTape: 0,
  amount: 0n,
  asset: 0,
  account: 0,
  positionLots: 0,
  rateE12: 0,
  markFine: 0,
  fundingTime: 0,
  ext: '',
};

const BLANK_Settlement: Settlement = {
  kind: Kind.Settlement,
  ...BLANK_HEADER,
  cause: NONE,
  causeTape: 0,
  amount: 0n,
  asset: 0,
  reason: 0,
  account: 0,
  positionLots: 0,
  priceFine: 0,
  ext: '',
};

const BLANK_TruthOrder: TruthOrder = {
  kind: Kind.TruthOrder,
  ...BLANK_HEADER,
  cause: NONE,
  causeTape: 0,
  batchId: 0,
  orderId: 0,
  priceTicks: NONE,
  qtyLots: 0,
  cumLots: 0,
  status: 0,
  tif: 0,
  type: 0,
  positionSide: 0,
  account: 0,
  avgFine: NONE,
  matchTime: NONE,
  ext: '',
};

const BLANK_TruthPosition: TruthPosition = {
  kind: Kind.TruthPosition,
  ...BLANK_HEADER,
  cause: NONE,
  causeTape: 0,
  batchId: 0,
  positionLots: 0,
  entryFine: NONE,
  positionSide: 0,
  marginMode: 0,
  leverageX100: 0,
  account: 0,
  markFine: NONE,
  liquidationFine: NONE,
  unrealised: MONEY_NONE,
  asset: 0,
  ext: '',
};

const BLANK_TruthBalance: TruthBalance = {
  kind: Kind.TruthBalance,
  ...BLANK_HEADER,
  cause: NONE,
  causeTape: 0,
  batchId: 0,
  wallet: 0n,
  available: MONEY_NONE,
  asset: 0,
  account: 0,
  ext: '',
};

const BLANK_Divergence: Divergence = {
  kind: Kind.Divergence,
  ...BLANK_HEADER,
  cause: NONE,
  causeTape: 0,
  batchId: 0,
  subject: 0,
  severity: 0,
  code: 0,
  action: 0,
  asset: 0,
  expected: MONEY_NONE,
  observed: MONEY_NONE,
  orderId: NONE,
  account: 0,
  ext: '',
};

const BLANK_ReconcileReport: ReconcileReport = {
  kind: Kind.ReconcileReport,
  ...BLANK_HEADER,
  cause: NONE,
  causeTape: 0,
  batchId: 0,
  scope: 0,
  status: 0,
  reason: 0,
  account: 0,
  lookbackNs: 0,
  asked: 0,
  answered: 0,
  matched: 0,
  diverged: 0,
  unresolved: 0,
  repaired: 0,
  ext: '',
};

const BLANK_Lifecycle: Lifecycle = {
  kind: Kind.Lifecycle,
  ...BLANK_HEADER,
  cause: NONE,
  causeTape: 0,
  from: 0,
  to: 0,
  reason: 0,
  ext: '',
};

const BLANK_Regime: Regime = {
  kind: Kind.Regime,
  ...BLANK_HEADER,
  cause: NONE,
  causeTape: 0,
  from: 0,
  to: 0,
  reason: 0,
  ext: '',
};

const BLANK_OperatorCommand: OperatorCommand = {
  kind: Kind.OperatorCommand,
  ...BLANK_HEADER,
  cause: NONE,
  causeTape: 0,
  command: 0,
  scope: 0,
  account: 0,
  json: '{}',
};

const BLANK_Mode: Mode = {
  kind: Kind.Mode,
  ...BLANK_HEADER,
  cause: NONE,
  causeTape: 0,
  from: 0,
  to: 0,
  armed: 0,
  tier: 0,
  reason: 0,
  leaseUntil: NONE,
  configHash: '',
  ext: '',
};

const BLANK_KillSwitch: KillSwitch = {
  kind: Kind.KillSwitch,
  ...BLANK_HEADER,
  cause: NONE,
  causeTape: 0,
  level: 0,
  previous: 0,
  code: 0,
  account: 0,
  ext: '',
};

const BLANK_FaultInjected: FaultInjected = {
  kind: Kind.FaultInjected,
  ...BLANK_HEADER,
  cause: NONE,
  causeTape: 0,
  fault: 0,
  effect: 0,
  handling: 0,
  value: 0,
  orderId: NONE,
  ext: '',
};

const BLANK_InvariantViolated: InvariantViolated = {
  kind: Kind.InvariantViolated,
  ...BLANK_HEADER,
  cause: NONE,
  causeTape: 0,
  text: '',
};

const BLANK_Overrun: Overrun = {
  kind: Kind.Overrun,
  ...BLANK_HEADER,
  cause: NONE,
  causeTape: 0,
  lostFrom: 0,
  lostTo: 0,
  policy: 0,
  ext: '',
};

const BLANK_Dropped: Dropped = {
  kind: Kind.Dropped,
  ...BLANK_HEADER,
  cause: NONE,
  causeTape: 0,
  orderId: NONE,
  command: 0,
  policy: 0,
  reason: 0,
  depth: 0,
  account: 0,
  priceTicks: NONE,
  qtyLots: NONE,
  ext: '',
};

const BLANK_Timer: Timer = {
  kind: Kind.Timer,
  ...BLANK_HEADER,
  cause: NONE,
  causeTape: 0,
  timerId: 0,
  dueTime: 0,
  ext: '',
};

const BLANK_Session: Session = {
  kind: Kind.Session,
  ...BLANK_HEADER,
  cause: NONE,
  causeTape: 0,
  json: '{}',
};

const BLANK_Clock: Clock = {
  kind: Kind.Clock,
  ...BLANK_HEADER,
  cause: NONE,
  causeTape: 0,
  wallTime: 0,
  offsetNs: 0,
  uncertaintyNs: NONE,
  method: 0,
  applied: 0,
  ext: '',
};

const BLANK_Ack: Ack = {
  kind: Kind.Ack,
  ...BLANK_HEADER,
  cause: NONE,
  causeTape: 0,
  ofSeq: 0,
  decidedStep: 0,
  completedStep: 0,
  provisional: 0,
  ext: '',
};

const BLANK_Alert: Alert = {
  kind: Kind.Alert,
  ...BLANK_HEADER,
  cause: NONE,
  causeTape: 0,
  severity: 0,
  state: 0,
  code: 0,
  account: 0,
  ext: '',
};

/** An event of each kind with every field absent or 0: the start of every literal (`{...BLANK.Trade, …}`). */
export const BLANK = {
  Define: BLANK_Define,
  Note: BLANK_Note,
  Raw: BLANK_Raw,
  Checkpoint: BLANK_Checkpoint,
  Alias: BLANK_Alias,
  Skip: BLANK_Skip,
  NewOrder: BLANK_NewOrder,
  CancelOrder: BLANK_CancelOrder,
  AmendOrder: BLANK_AmendOrder,
  CancelAll: BLANK_CancelAll,
  Sent: BLANK_Sent,
  Outcome: BLANK_Outcome,
  Accepted: BLANK_Accepted,
  Rejected: BLANK_Rejected,
  Fill: BLANK_Fill,
  Canceled: BLANK_Canceled,
  Amended: BLANK_Amended,
  Expired: BLANK_Expired,
  CancelAllDone: BLANK_CancelAllDone,
  Trade: BLANK_Trade,
  Quote: BLANK_Quote,
  Level: BLANK_Level,
  BookUpdate: BLANK_BookUpdate,
  BookReset: BLANK_BookReset,
  Mark: BLANK_Mark,
  FundingRate: BLANK_FundingRate,
  TradingStatus: BLANK_TradingStatus,
  Bar: BLANK_Bar,
  FeedStatus: BLANK_FeedStatus,
  Intent: BLANK_Intent,
  Target: BLANK_Target,
  RiskDecision: BLANK_RiskDecision,
  RouteDecision: BLANK_RouteDecision,
  NoAction: BLANK_NoAction,
  CashFlow: BLANK_CashFlow,
  FundingPaid: BLANK_FundingPaid,
  Settlement: BLANK_Settlement,
  TruthOrder: BLANK_TruthOrder,
  TruthPosition: BLANK_TruthPosition,
  TruthBalance: BLANK_TruthBalance,
  Divergence: BLANK_Divergence,
  ReconcileReport: BLANK_ReconcileReport,
  Lifecycle: BLANK_Lifecycle,
  Regime: BLANK_Regime,
  OperatorCommand: BLANK_OperatorCommand,
  Mode: BLANK_Mode,
  KillSwitch: BLANK_KillSwitch,
  FaultInjected: BLANK_FaultInjected,
  InvariantViolated: BLANK_InvariantViolated,
  Overrun: BLANK_Overrun,
  Dropped: BLANK_Dropped,
  Timer: BLANK_Timer,
  Session: BLANK_Session,
  Clock: BLANK_Clock,
  Ack: BLANK_Ack,
  Alert: BLANK_Alert,
} as const;
