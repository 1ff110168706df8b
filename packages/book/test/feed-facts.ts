// Facts of a feed in tests: short ways to write them, and to say what a book made of them.
import { BLANK, FLAG_LAST, NONE, type Event } from '@truetape/contracts';
import { applyFeedEvent, checkFeedBook, createFeedBook, feedQueue, type FeedBook } from '@truetape/book';

export const LAST: number = FLAG_LAST;

export type Fields = Partial<
  Record<'priceTicks' | 'account' | 'newOrderId' | 'priorityKept' | 'takerLeaves', number>
>;

export function accepted(
  orderId: number,
  side: number,
  priceTicks: number,
  leavesLots: number,
  flags = LAST,
): Event {
  return { ...BLANK.Accepted, orderId, priceTicks, leavesLots, flags: side | flags };
}

export function amended(orderId: number, leavesLots: number, more: Fields = {}, flags = LAST): Event {
  return { ...BLANK.Amended, orderId, leavesLots, priorityKept: 1, flags, ...more };
}

export function canceled(orderId: number, flags = LAST): Event {
  return { ...BLANK.Canceled, orderId, flags };
}

export function filled(
  makerOrderId: number,
  qtyLots: number,
  makerLeaves = NONE,
  more: { readonly takerOrderId?: number; readonly condition?: number; readonly takerLeaves?: number } = {},
  flags = LAST,
): Event {
  return { ...BLANK.Fill, makerOrderId, qtyLots, makerLeaves, priceTicks: 1, flags, ...more };
}

export function folded(...events: readonly Event[]): FeedBook {
  const book = createFeedBook();
  for (const event of events) applyFeedEvent(book, event);
  checkFeedBook(book);
  return book;
}

export const ids = (book: FeedBook, side: number, price: number): number[] =>
  feedQueue(book, side, price).map(({ orderId }) => orderId);

/** Counters that are not 0. */
export function oddities({ unknown, duplicates, conflicts, refused }: FeedBook): Record<string, number> {
  const all = Object.entries({ unknown, duplicates, conflicts, refused });
  return Object.fromEntries(all.filter(([, count]) => count !== 0));
}
