/**
 * What every book does, whichever way it is built: `reference` to be obviously right, `fast` to be used. Both
 * follow the rules of the package's README to the report, and hash alike.
 */
import type { Result } from '@truetape/contracts';
import type { CommandBuffer } from './command.ts';
import type { ReportBuffer } from './report.ts';

/** Orders that a book holds at most, unless its configuration says otherwise. */
export const ORDERS_MAX = 1_048_576;

/**
 * What a configuration may say at most, 2^25. Each order may have a level and a page of the ladder to itself: the
 * 2^26 nodes of a store, and fewer than 2^26 of the ladder, whose cells have 31-bit places.
 */
export const ORDERS_LIMIT = 33_554_432;

export interface BookConfig {
  /** 1..65,535; stands in every report. 0 where there is one book alone. */
  readonly instrument?: number;
  /** Resting orders at most, 1..2^25; `ORDERS_MAX` by default. */
  readonly ordersMax?: number;
}

/** An order that rests. */
export interface RestingOrder {
  readonly orderId: number;
  readonly owner: number;
  readonly leavesLots: number;
  /** Its whole quantity: what was executed and what remains. */
  readonly totalLots: number;
  /** Codes of 'stp' and 'postOnly' it was given; an amend that trades follows them. */
  readonly stp: number;
  readonly postOnly: number;
}

export interface BookLevel {
  readonly priceTicks: number;
  readonly orders: number;
  readonly qtyLots: number;
}

/** The best prices; a side without orders has NONE as its price and 0 elsewhere. */
export interface BookTop {
  bidTicks: number;
  bidLots: number;
  bidOrders: number;
  askTicks: number;
  askLots: number;
  askOrders: number;
}

/** A level as it is now; caller-owned. */
export interface LevelNow {
  qtyLots: number;
  orders: number;
}

/** Writes what rests as a snapshot has it. */
export interface SideWriter {
  /** Levels of both sides. */
  levelCount(): number;
  /**
   * Writes the levels of a side, best first, each with its orders, from a half word on; returns the one behind, and
   * adds the number of levels to `counts`.
   */
  putSide(side: number, into: Int32Array, from: number, counts: number[]): number;
}

export interface Book {
  readonly impl: 'fast' | 'reference';
  readonly instrument: number;
  readonly ordersMax: number;
  /** Executes one command; its reports are appended, at least one for each command. */
  apply(commands: CommandBuffer, k: number, out: ReportBuffer): void;
  /** Resting orders. */
  orderCount(): number;
  /** Trades so far; the next trade id is one more. */
  tradeCount(): number;
  readTop(into: BookTop): void;
  /** Levels of a side (BUY or SELL), best first. */
  levels(side: number, levelsMax?: number): BookLevel[];
  /** Orders at a price, first in time first. */
  queue(side: number, priceTicks: number): RestingOrder[];
  order(orderId: number): (RestingOrder & { readonly side: number; readonly priceTicks: number }) | undefined;
  /** Writes what a price of a side has now into `into`: 0 where it has no level. Hot: no allocation. */
  readLevel(side: number, priceTicks: number, into: LevelNow): void;
  /** The price of a resting order; NONE where none has this id. */
  priceOf(orderId: number): number;
  /** Visits all orders: bids best first, then asks best first, first in time first at each price. */
  visit(visitor: (side: number, priceTicks: number, order: RestingOrder) => void): void;
  /** A way to save it without visiting each order, where there is one. */
  readonly sides?: SideWriter;
  /** Checks every invariant of the structure; asserts. Complexity: all of the book. */
  check(): void;
}

/** What a restore needs of an implementation. */
export interface RestorableBook extends Book {
  /** Puts an order behind those of its price, without matching. Only while a snapshot is read. */
  place(side: number, priceTicks: number, order: RestingOrder): void;
  setTradeCount(count: number): void;
}

export type SnapshotErrorCode = 'short' | 'magic' | 'version' | 'length' | 'content';

/** Why bytes are no snapshot of a book: what was expected at which offset. */
export interface SnapshotError {
  readonly code: SnapshotErrorCode;
  readonly offsetBytes: number;
  readonly expected: string;
  readonly found: string;
}

export type Restored = Result<Book, SnapshotError>;
