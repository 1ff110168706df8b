/**
 * The book of a market-by-order feed: what `feed.ts` folds facts into, and what it answers.
 *
 * It shares the structure of the fast book, and nothing of its rules: a feed tells what happened, and may be
 * crossed, incomplete or wrong. What does not fit is counted, and never guessed at.
 */
import { NONE } from '@truetape/contracts';
import { assert, sha256Of, type Sha256 } from '@truetape/kernel';
import { ORDERS_LIMIT, ORDERS_MAX, type BookLevel, type BookTop } from './book.ts';
import { BUY, SELL } from './command.ts';
import { createChanges, type FeedChanges } from './feed-changes.ts';
import {
  bestLevel,
  createStore,
  findOrder,
  levelAt,
  levelHead,
  levelOrders,
  levelPrice,
  levelQty,
  levelSide,
  nextOrder,
  NO_SLOT,
  orderId,
  orderLeaves,
  orderLevel,
  orderOwner,
  worseLevel,
  type Store,
  type StoredOrder,
} from './store.ts';

/**
 * How much of the book is known.
 *
 * - `empty`: nothing yet;
 * - `live`: a snapshot, or a beginning without orders, and every change after it;
 * - `uncertain`: changes were missed, or the beginning is missing; so until the next snapshot.
 */
export type FeedBookStatus = 'empty' | 'live' | 'uncertain';

/** An order of a message in progress: accepted, not resting. */
export interface IncomingOrder {
  /** NONE: there is none. */
  orderId: number;
  /** BUY or SELL. */
  side: number;
  /** NONE: it has none and never rests. */
  priceTicks: number;
  leavesLots: number;
  account: number;
}

/** Changed by `applyFeedEvent` and `applyFeedRecord` alone. */
export interface FeedBook {
  store: Store;
  status: FeedBookStatus;
  /** NONE when unknown. */
  lastUpdateId: number;
  /** Prices that the snapshot vouches for; NONE without one. */
  knownLowTicks: number;
  knownHighTicks: number;
  /** Levels a side that the feed shows; 0 is all of them. */
  depthLimit: number;
  /** Orders of a snapshot that are still to come. */
  ordersToCome: number;
  /** Between two records of one message: the book is between two states of the venue. */
  inMessage: boolean;
  readonly incoming: IncomingOrder;
  /** What the last fact changed, where `tellsChanges`. */
  readonly changes: FeedChanges;
  tellsChanges: boolean;
  /** Orders that came to rest so far. */
  arrived: number;
  /** By slot of the store: `arrived` when the order came to rest. */
  arrivals: Float64Array;
  /** Numbers of a fact, and of an order, on their way into the fold. */
  readonly fact: Float64Array;
  readonly asked: { -readonly [Key in keyof StoredOrder]: StoredOrder[Key] };
  /** Facts of orders that the book does not hold: of before its beginning, or beyond what the feed shows. */
  unknown: number;
  /** Orders accepted under the id of one that rested: the older one is gone. */
  duplicates: number;
  /** Facts whose quantities do not follow from the book: what they say remains is taken. */
  conflicts: number;
  /** Orders that it had no place for: no side or price, a price beyond 32 bits, too many, too large a sum. */
  refused: number;
}

export interface FeedBookConfig {
  /** The feed begins where there are no orders, as a venue's own tape does: `live` from its first fact on. */
  readonly startsEmpty?: boolean;
  /** Resting orders at most, 1..2^25; `ORDERS_MAX` by default. */
  readonly ordersMax?: number;
}

/** An order that rests, as a feed tells of it. */
export interface FeedOrder {
  readonly orderId: number;
  /** Index of an account; 0 where the feed names none. */
  readonly account: number;
  readonly leavesLots: number;
}

/** Errors: `BOOK-20` for a number of orders out of range. */
export function createFeedBook(config: FeedBookConfig = {}): FeedBook {
  const { ordersMax = ORDERS_MAX } = config;
  assert(Number.isInteger(ordersMax) && ordersMax >= 1 && ordersMax <= ORDERS_LIMIT, 'BOOK-20', 'ordersMax');
  return {
    store: createStore(ordersMax),
    status: config.startsEmpty === true ? 'live' : 'empty',
    lastUpdateId: NONE,
    knownLowTicks: NONE,
    knownHighTicks: NONE,
    depthLimit: 0,
    ordersToCome: 0,
    inMessage: false,
    incoming: { orderId: NONE, side: 0, priceTicks: NONE, leavesLots: 0, account: 0 },
    changes: createChanges(),
    tellsChanges: true,
    arrived: 0,
    arrivals: new Float64Array(64),
    fact: new Float64Array(8),
    asked: { side: 0, priceTicks: 0, orderId: NONE, owner: 0, leavesLots: 0, totalLots: 0, traits: 0 },
    unknown: 0,
    duplicates: 0,
    conflicts: 0,
    refused: 0,
  };
}

/** Orders that rest. */
export function feedOrderCount(book: FeedBook): number {
  return book.store.orders;
}

/** Levels of a side (BUY or SELL), best first; all of them by default. */
export function feedLevels(book: FeedBook, side: number, levelsMax: number = Infinity): BookLevel[] {
  assert(side === BUY || side === SELL, 'BOOK-70', 'a side of a book is BUY or SELL');
  const { store } = book;
  const levels: BookLevel[] = [];
  let level = bestLevel(store, side);
  while (level !== NO_SLOT && levels.length < levelsMax) {
    levels.push({
      priceTicks: levelPrice(store, level),
      orders: levelOrders(store, level),
      qtyLots: levelQty(store, level),
    });
    level = worseLevel(store, level);
  }
  return levels;
}

/** Orders at a price, first in time first. */
export function feedQueue(book: FeedBook, side: number, priceTicks: number): FeedOrder[] {
  assert(side === BUY || side === SELL, 'BOOK-70', 'a side of a book is BUY or SELL');
  const { store } = book;
  // Prices beyond 32 bits are none of the store's.
  const level = priceTicks === (priceTicks | 0) ? levelAt(store, side, priceTicks) : NO_SLOT;
  const queue: FeedOrder[] = [];
  if (level === NO_SLOT) return queue;
  for (let slot = levelHead(store, level); slot !== NO_SLOT; slot = nextOrder(store, slot)) {
    queue.push({
      orderId: orderId(store, slot),
      account: orderOwner(store, slot),
      leavesLots: orderLeaves(store, slot),
    });
  }
  return queue;
}

/** The lots at a price of a side now; 0 where there is no level. Hot: no allocation. */
export function feedLevelLots(book: FeedBook, side: number, priceTicks: number): number {
  const level = (priceTicks | 0) === priceTicks ? levelAt(book.store, side, priceTicks) : NO_SLOT;
  return level === NO_SLOT ? 0 : levelQty(book.store, level);
}

/** The lots at a price of a side, less what is listed by order of them: never below 0 for an order. */
export function feedLevelLotsLess(
  book: FeedBook,
  side: number,
  priceTicks: number,
  less: ReadonlyMap<number, number>,
): number {
  const { store } = book;
  const level = (priceTicks | 0) === priceTicks ? levelAt(store, side, priceTicks) : NO_SLOT;
  if (level === NO_SLOT) return 0;
  let lots = 0;
  for (let slot = levelHead(store, level); slot !== NO_SLOT; slot = nextOrder(store, slot))
    lots += Math.max(0, orderLeaves(store, slot) - (less.get(orderId(store, slot)) ?? 0));
  return lots;
}

/** Where an order stands: `arrival` counts all that came to rest, so the smaller one of a level is ahead. */
export interface FeedPlace {
  side: number;
  priceTicks: number;
  arrival: number;
}

/** Writes where the resting order with this id stands into `into`; false where there is none. Hot: no allocation. */
export function readFeedPlace(book: FeedBook, id: number, into: FeedPlace): boolean {
  const { arrivals, store } = book;
  const slot = findOrder(store, id);
  if (slot === NO_SLOT) return false;
  const level = orderLevel(store, slot);
  into.side = levelSide(store, level);
  into.priceTicks = levelPrice(store, level);
  into.arrival = arrivals[slot];
  return true;
}

/** The resting order with this id. */
export function feedOrder(
  book: FeedBook,
  id: number,
): (FeedOrder & { readonly side: number; readonly priceTicks: number }) | undefined {
  const { store } = book;
  const slot = findOrder(store, id);
  if (slot === NO_SLOT) return undefined;
  const level = orderLevel(store, slot);
  return {
    orderId: id,
    side: levelSide(store, level),
    priceTicks: levelPrice(store, level),
    account: orderOwner(store, slot),
    leavesLots: orderLeaves(store, slot),
  };
}

/** Writes the best prices into `into`. */
export function readFeedTop(book: FeedBook, into: BookTop): void {
  const { store } = book;
  const bid = bestLevel(store, BUY);
  const ask = bestLevel(store, SELL);
  into.bidTicks = bid === NO_SLOT ? NONE : levelPrice(store, bid);
  into.bidLots = bid === NO_SLOT ? 0 : levelQty(store, bid);
  into.bidOrders = bid === NO_SLOT ? 0 : levelOrders(store, bid);
  into.askTicks = ask === NO_SLOT ? NONE : levelPrice(store, ask);
  into.askLots = ask === NO_SLOT ? 0 : levelQty(store, ask);
  into.askOrders = ask === NO_SLOT ? 0 : levelOrders(store, ask);
}

/** Whether the best bid is at or above the best ask: a feed may be so for a while, an order book not. */
export function isFeedCrossed(book: FeedBook): boolean {
  const { store } = book;
  const bid = bestLevel(store, BUY);
  const ask = bestLevel(store, SELL);
  return bid !== NO_SLOT && ask !== NO_SLOT && levelPrice(store, bid) >= levelPrice(store, ask);
}

/** Throws where the book breaks one of BOOK-71 to BOOK-74. Complexity: all of the book. */
export function checkFeedBook(book: FeedBook): void {
  const { store } = book;
  let orders = 0;
  for (const side of [BUY, SELL]) {
    let before = NaN;
    for (let level = bestLevel(store, side); level !== NO_SLOT; level = worseLevel(store, level)) {
      const price = levelPrice(store, level);
      assert(!(side === BUY ? price >= before : price <= before), 'BOOK-71', 'levels stand best first');
      before = price;
      orders += checkLevel(store, side, level);
    }
  }
  assert(orders === store.orders, 'BOOK-74', 'every order stands in a level');
}

/** Returns the orders of the level. */
function checkLevel(store: Store, side: number, level: number): number {
  let orders = 0;
  let sum = 0;
  for (let slot = levelHead(store, level); slot !== NO_SLOT; slot = nextOrder(store, slot)) {
    const leaves = orderLeaves(store, slot);
    assert(Number.isSafeInteger(leaves) && leaves > 0, 'BOOK-72', 'an order that rests has leaves');
    assert(findOrder(store, orderId(store, slot)) === slot, 'BOOK-74', 'an order is found by its id');
    assert(orderLevel(store, slot) === level, 'BOOK-74', 'an order knows its level');
    orders += 1;
    sum += leaves;
  }
  assert(orders > 0 && orders === levelOrders(store, level), 'BOOK-73', 'a level counts its orders');
  assert(sum === levelQty(store, level) && levelSide(store, level) === side, 'BOOK-73', 'a level sums them');
  return orders;
}

/** Version of the bytes that `hashFeedBook` takes. */
export const FEED_HASH_VERSION = 1;

/**
 * SHA-256 of the orders that rest: the number of them, then side (1 buy, 2 sell), price, id, account and
 * leaves of each, bids best first, then asks best first, first in time first, as little-endian doubles.
 */
export function hashFeedBook(book: FeedBook, sha256: Sha256): Uint8Array {
  const { store } = book;
  const view = new DataView(new ArrayBuffer(8 + store.orders * 40));
  view.setFloat64(0, store.orders, true);
  let at = 8;
  for (const side of [BUY, SELL]) {
    for (let level = bestLevel(store, side); level !== NO_SLOT; level = worseLevel(store, level)) {
      for (let slot = levelHead(store, level); slot !== NO_SLOT; slot = nextOrder(store, slot)) {
        view.setFloat64(at, side, true);
        view.setFloat64(at + 8, levelPrice(store, level), true);
        view.setFloat64(at + 16, orderId(store, slot), true);
        view.setFloat64(at + 24, orderOwner(store, slot), true);
        view.setFloat64(at + 32, orderLeaves(store, slot), true);
        at += 40;
      }
    }
  }
  return sha256Of(sha256, new Uint8Array(view.buffer));
}
