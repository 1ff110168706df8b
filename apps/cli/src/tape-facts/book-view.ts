/** The book of an instrument as facts need it, whether a tape tells orders or levels. */
import { applyFeedEvent, createFeedBook } from '@truetape/book';
import { Kind } from '@truetape/contracts';
import { applyEvent, createDepthBook, levelsOf, readTop } from '@truetape/marketdata';
import { createOrdersView } from '@truetape/orderflow';
import type { FactsBook } from '@truetape/orderflow';
import { ORDERS_MAX } from '../tape-book/read-books.ts';

/** A book of levels until the tape tells of an order. */
export function createBookView(isVenue: boolean): FactsBook {
  const feed = createFeedBook({ startsEmpty: isVenue, ordersMax: ORDERS_MAX });
  const depth = createDepthBook();
  const orders = createOrdersView(feed);
  const levels: FactsBook = {
    apply: (event) => void applyEvent(depth, event),
    isBetween: () => depth.levelsToCome > 0,
    readTop: (into) => readTop(depth, into),
    levels: (side, count) => levelsOf(depth, side, count),
  };
  let told = levels;
  return {
    apply: (event) => {
      if (event.kind === Kind.Accepted) told = orders;
      // Both are empty until one of them is told of; a reset says nothing of which.
      if (event.kind === Kind.BookReset || told === orders) applyFeedEvent(feed, event);
      if (event.kind === Kind.BookReset || told === levels) levels.apply(event);
    },
    isBetween: () => told.isBetween(),
    readTop: (into) => told.readTop(into),
    levels: (side, count) => told.levels(side, count),
  };
}
