/**
 * A market-by-order feed folded into a book: `state = fold(facts)`.
 *
 * - Accepted is an add. It rests when its message ends (LAST): until then its fills, amendments and
 *   cancellation may follow, as on a venue's own tape. In a snapshot (SNAPSHOT, behind BookReset) it rests at
 *   once.
 * - Amended sets what remains, and the price where one is given; without `priorityKept`, or at another price,
 *   the order goes behind the others there (when its message ends, for it may trade before). `newOrderId` names
 *   it from then on.
 * - Fill takes from the maker, and from the taker where the book holds it. What a fill says remains is taken
 *   over what follows from the book; a difference is counted. A hidden execution changes no book.
 * - Canceled and Expired end an order.
 * - A fact of an order that is not there is counted, and changes nothing.
 */
import { FLAG_BAD_BOOK, FLAG_LAST, FLAG_SNAPSHOT, Kind, NONE, SIDE_MASK } from '@truetape/contracts';
import type { BookReset, Event } from '@truetape/contracts';
import { SIDE_SHIFT } from './report.ts';
import type { FeedBook } from './feed-book.ts';
import {
  acceptFact,
  amendFact,
  endFact,
  F_ID,
  F_LEAVES,
  F_LOTS,
  F_OTHER,
  F_OTHER_LEAVES,
  F_PRICE,
  fillFact,
  settleIncoming,
} from './feed-fold.ts';
import { createStore } from './store.ts';

/** Codes of the vocabularies `feedStatus` and `condition` that concern the book. */
const FEED_GAP = 5;
const FEED_RESYNCED = 7;
const FEED_CHECKSUM = 8;
const HIDDEN = 2;

/**
 * Takes one event into the book; events of other kinds change nothing. Returns whether it was of concern.
 *
 * The caller picks the events: one instrument, and sources of role venue or marketFeed.
 */
export function applyFeedEvent(book: FeedBook, event: Event): boolean {
  book.changes.count = 0;
  const concerns = applyFact(book, event);
  if (concerns && (event.flags & FLAG_BAD_BOOK) !== 0) book.status = 'uncertain';
  if ((event.flags & FLAG_LAST) === 0) book.inMessage ||= concerns;
  else if (concerns || event.kind === Kind.Note || event.kind === Kind.Trade) {
    settleIncoming(book);
    book.inMessage = false;
  }
  return concerns;
}

function applyFact(book: FeedBook, event: Event): boolean {
  const { fact } = book;
  switch (event.kind) {
    case Kind.Accepted:
      fact[F_ID] = event.orderId;
      fact[F_PRICE] = event.priceTicks;
      fact[F_LOTS] = event.leavesLots;
      acceptFact(
        book,
        (event.flags & SIDE_MASK) >>> SIDE_SHIFT,
        event.account,
        (event.flags & FLAG_SNAPSHOT) !== 0,
      );
      return true;
    case Kind.Amended:
      fact[F_ID] = event.orderId;
      fact[F_PRICE] = event.priceTicks;
      fact[F_LOTS] = event.leavesLots;
      fact[F_OTHER] = event.newOrderId;
      amendFact(book, event.priorityKept === 1);
      return true;
    case Kind.Fill:
      if (event.condition === HIDDEN) return true;
      fact[F_ID] = event.makerOrderId;
      fact[F_LOTS] = event.qtyLots;
      fact[F_OTHER] = event.takerOrderId;
      fact[F_LEAVES] = event.makerLeaves;
      fact[F_OTHER_LEAVES] = event.takerLeaves;
      fillFact(book);
      return true;
    case Kind.Canceled:
    case Kind.Expired:
      fact[F_ID] = event.orderId;
      endFact(book);
      return true;
    case Kind.Rejected:
    case Kind.CancelAllDone:
      return true;
    case Kind.BookReset:
      reset(book, event);
      return true;
    case Kind.FeedStatus:
      return takeFeedStatus(book, event.status);
    default:
      return false;
  }
}

/** A change of the feed's health; false where it is nothing to the book. */
export function takeFeedStatus(book: FeedBook, status: number): boolean {
  if (status === FEED_RESYNCED) book.status = 'live';
  else if (status !== FEED_GAP && status !== FEED_CHECKSUM) return false;
  else if (book.status === 'live') book.status = 'uncertain';
  return true;
}

function reset(book: FeedBook, event: BookReset): void {
  emptyFeedBook(book);
  book.lastUpdateId = event.lastUpdateId;
  book.knownLowTicks = event.knownLowTicks;
  book.knownHighTicks = event.knownHighTicks;
  book.depthLimit = event.depthLimit;
  book.ordersToCome = event.bids + event.asks;
}

/** Empties the book for a snapshot. */
export function emptyFeedBook(book: FeedBook): void {
  book.store = createStore(book.store.ordersMax);
  book.incoming.orderId = NONE;
  book.status = 'live';
}
