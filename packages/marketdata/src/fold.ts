/** A tape's events folded into a depth book: `state = fold(events)`. */
import { FLAG_SNAPSHOT, Kind, NONE, SIDE_MASK, type Event } from '@truetape/contracts';
import { resetBook, setLevel, type DepthBook } from './depth-book.ts';

/** Codes of the vocabulary `feedStatus` that concern the book. */
export const FEED_GAP = 5;
export const FEED_RESYNCED = 7;
export const FEED_CROSSED = 9;

/**
 * Takes one event into the book; events of other kinds change nothing. Returns whether it was of concern.
 *
 * The caller picks the events: one instrument, and sources of role marketFeed or venue. Between the first
 * and the last record of a message `levelsToCome` is above 0 and the book is between two states.
 * A level without a side (no tape of a sound writer has one) is ignored.
 */
export function applyEvent(book: DepthBook, event: Event): boolean {
  switch (event.kind) {
    case Kind.BookReset:
      resetBook(book, 'live', event.lastUpdateId);
      book.knownLowTicks = event.knownLowTicks;
      book.knownHighTicks = event.knownHighTicks;
      book.levelsToCome = event.bids + event.asks;
      return true;
    case Kind.BookUpdate:
      if (book.status === 'empty') book.status = 'uncertain';
      if (event.lastUpdateId !== NONE) book.lastUpdateId = event.lastUpdateId;
      book.levelsToCome = event.levels;
      return true;
    case Kind.Level: {
      const side = event.flags & SIDE_MASK;
      if (book.levelsToCome > 0) book.levelsToCome--;
      if (side === 0 || event.qtyLots < 0) return false;
      // A snapshot lists what is there: a zero in it is no removal.
      if (event.qtyLots === 0 && (event.flags & FLAG_SNAPSHOT) !== 0) return true;
      setLevel(book, side, event.priceTicks, event.qtyLots);
      return true;
    }
    case Kind.FeedStatus:
      if (event.status === FEED_GAP) book.status = 'uncertain';
      else if (event.status === FEED_RESYNCED) book.status = 'live';
      else return event.status === FEED_CROSSED;
      return true;
    default:
      return false;
  }
}
