// The fold of a market-by-order feed, fact by fact.
import {
  BLANK,
  FLAG_BAD_BOOK,
  FLAG_SNAPSHOT,
  NONE,
  SIDE_BUY,
  SIDE_SELL,
  type Event,
} from '@truetape/contracts';
import { InvariantError } from '@truetape/kernel';
import { describe, expect, test } from 'vitest';
import {
  BUY,
  SELL,
  applyFeedEvent,
  checkFeedBook,
  createFeedBook,
  feedLevels,
  feedOrder,
  feedOrderCount,
  feedQueue,
  hashFeedBook,
  isFeedCrossed,
  readFeedTop,
  type BookTop,
  type FeedBook,
} from '@truetape/book';
import { accepted, amended, canceled, filled, folded, ids, LAST, oddities } from './feed-facts.ts';
import { sha256 } from './play.ts';

describe('facts', () => {
  const two = [accepted(1, SIDE_BUY, 10, 5), accepted(2, SIDE_BUY, 10, 7)];

  test('orders rest first in time first, and levels best first', () => {
    const book = folded(
      ...two,
      accepted(3, SIDE_BUY, 11, 1),
      accepted(4, SIDE_SELL, 13, 2),
      accepted(5, SIDE_SELL, 12, 3),
    );
    expect(feedLevels(book, BUY)).toEqual([
      { priceTicks: 11, orders: 1, qtyLots: 1 },
      { priceTicks: 10, orders: 2, qtyLots: 12 },
    ]);
    expect(feedLevels(book, SELL, 1)).toEqual([{ priceTicks: 12, orders: 1, qtyLots: 3 }]);
    expect(ids(book, BUY, 10)).toEqual([1, 2]);
    expect(feedOrderCount(book)).toBe(5);
    const top: BookTop = { bidTicks: 0, bidLots: 0, bidOrders: 0, askTicks: 0, askLots: 0, askOrders: 0 };
    readFeedTop(book, top);
    expect(top).toEqual({ bidTicks: 11, bidLots: 1, bidOrders: 1, askTicks: 12, askLots: 3, askOrders: 1 });
    readFeedTop(createFeedBook(), top);
    expect(top).toEqual({
      bidTicks: NONE,
      bidLots: 0,
      bidOrders: 0,
      askTicks: NONE,
      askLots: 0,
      askOrders: 0,
    });
    expect(oddities(book)).toEqual({});
  });

  test('an amendment keeps or loses priority, moves the order, gives it another id', () => {
    expect(ids(folded(...two, amended(1, 2)), BUY, 10)).toEqual([1, 2]);
    expect(ids(folded(...two, amended(1, 9, { priorityKept: 0 })), BUY, 10)).toEqual([2, 1]);
    const moved = folded(...two, amended(1, 2, { priceTicks: 9 }));
    expect(feedOrder(moved, 1)).toEqual({ orderId: 1, side: BUY, priceTicks: 9, account: 0, leavesLots: 2 });
    const renamed = folded(...two, amended(1, 4, { newOrderId: 8, priceTicks: 10, priorityKept: 0 }));
    expect(ids(renamed, BUY, 10)).toEqual([2, 8]);
    expect(feedOrder(renamed, 1)).toBeUndefined();
    expect(ids(folded(...two, amended(1, 0)), BUY, 10)).toEqual([2]);
  });

  test('another id alone leaves an order in its place', () => {
    const owned: Event = { ...BLANK.Accepted, orderId: 3, account: 5, flags: SIDE_BUY | LAST };
    const four = [...two, { ...owned, priceTicks: 10, leavesLots: 9 }, accepted(4, SIDE_BUY, 10, 1)];
    const renamed = folded(...four, amended(2, 6, { newOrderId: 8 }));
    expect(feedQueue(renamed, BUY, 10)).toEqual([
      { orderId: 1, account: 0, leavesLots: 5 },
      { orderId: 8, account: 0, leavesLots: 6 },
      { orderId: 3, account: 5, leavesLots: 9 },
      { orderId: 4, account: 0, leavesLots: 1 },
    ]);
    expect([feedOrder(renamed, 2), oddities(renamed)]).toEqual([undefined, {}]);
    // The id of an order that rests: the older one is gone, as with an accepted one.
    const taken = folded(...four, amended(2, 6, { newOrderId: 3 }));
    expect([ids(taken, BUY, 10), feedOrder(taken, 3)?.leavesLots]).toEqual([[1, 3, 4], 6]);
    expect(oddities(taken)).toEqual({ duplicates: 1 });
    expect(ids(folded(accepted(1, SIDE_SELL, 7, 2), amended(1, 1, { newOrderId: 9 })), SELL, 7)).toEqual([9]);
  });

  test('a fill takes from the maker, and from the taker where it is in the book', () => {
    expect(feedOrder(folded(...two, filled(1, 2)), 1)?.leavesLots).toBe(3);
    expect(ids(folded(...two, filled(1, 5)), BUY, 10)).toEqual([2]);
    const auction = folded(...two, accepted(3, SIDE_SELL, 10, 9), filled(1, 5, 0, { takerOrderId: 3 }));
    expect(feedOrder(auction, 3)?.leavesLots).toBe(4);
    // A public feed names a taker that never rested.
    expect(oddities(folded(...two, filled(1, 5, 0, { takerOrderId: 99 })))).toEqual({});
  });

  test('a hidden execution changes no book', () => {
    const book = folded(...two, filled(1, 2, 3, { condition: 2 }), filled(NONE, 2, NONE, { condition: 2 }));
    expect(feedLevels(book, BUY)).toEqual([{ priceTicks: 10, orders: 2, qtyLots: 12 }]);
    expect(oddities(book)).toEqual({});
  });

  test('cancellation and expiry end an order', () => {
    const expired: Event = { ...BLANK.Expired, orderId: 1, flags: LAST };
    expect(ids(folded(...two, canceled(2)), BUY, 10)).toEqual([1]);
    expect(feedOrderCount(folded(...two, expired, canceled(2)))).toBe(0);
  });

  test('what does not fit is counted, and what a fill says remains is taken', () => {
    expect(oddities(folded(...two, canceled(7), amended(7, 1), filled(7, 1)))).toEqual({ unknown: 3 });
    const conflict = folded(...two, filled(1, 2, 1));
    expect(oddities(conflict)).toEqual({ conflicts: 1 });
    expect(feedOrder(conflict, 1)?.leavesLots).toBe(1);
    expect(oddities(folded(...two, filled(1, 6)))).toEqual({ conflicts: 1 });
    const twice = folded(...two, accepted(1, SIDE_SELL, 20, 1));
    expect(oddities(twice)).toEqual({ duplicates: 1 });
    expect(ids(twice, BUY, 10)).toEqual([2]);
    expect(ids(twice, SELL, 20)).toEqual([1]);
  });

  test('an order without a place makes the book uncertain', () => {
    const reset: Event = { ...BLANK.BookReset, flags: LAST };
    for (const odd of [
      accepted(1, 0, 10, 5),
      accepted(1, SIDE_BUY, NONE, 5),
      accepted(1, SIDE_BUY, 2 ** 31, 5),
      accepted(1, SIDE_BUY, 1.5, 5),
    ]) {
      const book = folded(reset, odd);
      expect([book.status, oddities(book)]).toEqual(['uncertain', { refused: 1 }]);
    }
    // Nor is it there with what it had before: the venue's order has more than fits.
    const huge = folded(reset, ...two, amended(1, Number.MAX_SAFE_INTEGER));
    expect([huge.status, oddities(huge), ids(huge, BUY, 10)]).toEqual(['uncertain', { refused: 1 }, [2]]);
    const small = createFeedBook({ ordersMax: 1, startsEmpty: true });
    for (const event of two) applyFeedEvent(small, event);
    expect([small.status, feedOrderCount(small), oddities(small)]).toEqual(['uncertain', 1, { refused: 1 }]);
  });

  test('a feed may be crossed for a while', () => {
    const book = folded(...two, accepted(3, SIDE_SELL, 10, 1));
    expect(isFeedCrossed(book)).toBe(true);
    applyFeedEvent(book, canceled(3));
    expect(isFeedCrossed(book)).toBe(false);
  });

  test('a side is BUY or SELL: BOOK-70', () => {
    expect(() => feedLevels(createFeedBook(), SIDE_BUY)).toThrow(InvariantError);
    expect(() => feedQueue(createFeedBook(), 0, 1)).toThrow('BOOK-70');
    // A price beyond 32 bits is none of a book's.
    expect(feedQueue(folded(...two), BUY, 10 + 2 ** 32)).toEqual([]);
  });
});

describe('messages', () => {
  const rest = accepted(1, SIDE_SELL, 10, 5);

  test('what is accepted rests when its message has ended', () => {
    const book = folded(rest, accepted(2, SIDE_BUY, 10, 8, 0));
    expect([book.inMessage, feedOrderCount(book), book.incoming.leavesLots]).toEqual([true, 1, 8]);
    applyFeedEvent(book, filled(1, 5, 0, { takerOrderId: 2, takerLeaves: 3 }));
    expect([book.inMessage, feedLevels(book, BUY)]).toEqual([
      false,
      [{ priceTicks: 10, orders: 1, qtyLots: 3 }],
    ]);
    expect(oddities(book)).toEqual({});
  });

  test('a market order never rests', () => {
    const book = folded(
      rest,
      accepted(2, SIDE_BUY, NONE, 8, 0),
      filled(1, 5, 0, { takerOrderId: 2, takerLeaves: 3 }, 0),
      canceled(2),
    );
    expect([feedOrderCount(book), oddities(book)]).toEqual([0, {}]);
  });

  test('a second order of a message lets the first one rest; a Note ends a message', () => {
    const book = folded(accepted(1, SIDE_BUY, 9, 1, 0), accepted(2, SIDE_BUY, 9, 1, 0));
    expect(ids(book, BUY, 9)).toEqual([1]);
    applyFeedEvent(book, { ...BLANK.Note, flags: LAST });
    expect([ids(book, BUY, 9), book.inMessage]).toEqual([[1, 2], false]);
  });

  test('an order that loses its place goes behind one that the message accepted before', () => {
    const two = [accepted(1, SIDE_BUY, 9, 1), accepted(2, SIDE_BUY, 9, 1, 0)];
    expect(ids(folded(...two, amended(1, 3, { priorityKept: 0 })), BUY, 9)).toEqual([2, 1]);
  });

  test('commands between two facts end no message', () => {
    const book = folded(accepted(1, SIDE_BUY, 9, 1, 0));
    for (const flags of [LAST | SIDE_BUY, SIDE_BUY]) {
      expect(applyFeedEvent(book, { ...BLANK.NewOrder, flags })).toBe(false);
      expect(book.inMessage).toBe(true);
    }
  });
});

describe('how much is known', () => {
  const reset: Event = {
    ...BLANK.BookReset,
    bids: 1,
    asks: 1,
    depthLimit: 5,
    knownLowTicks: 3,
    lastUpdateId: 8,
  };

  test('a snapshot makes the book anew', () => {
    const book = folded(accepted(1, SIDE_BUY, 10, 5));
    expect(book.status).toBe('uncertain');
    applyFeedEvent(book, reset);
    expect([book.status, book.ordersToCome, feedOrderCount(book)]).toEqual(['live', 2, 0]);
    expect([book.depthLimit, book.knownLowTicks, book.knownHighTicks, book.lastUpdateId]).toEqual([
      5,
      3,
      NONE,
      8,
    ]);
    applyFeedEvent(book, accepted(7, SIDE_BUY, 10, 5, FLAG_SNAPSHOT));
    expect([book.ordersToCome, ids(book, BUY, 10), book.inMessage]).toEqual([1, [7], true]);
    applyFeedEvent(book, accepted(8, SIDE_SELL, 11, 5, FLAG_SNAPSHOT | LAST));
    expect([book.ordersToCome, feedOrderCount(book), book.inMessage]).toEqual([0, 2, false]);
  });

  test('a snapshot forgets the order of a message that had not ended', () => {
    const book = folded(accepted(1, SIDE_BUY, 10, 5, 0), { ...BLANK.BookReset, flags: LAST });
    expect([feedOrderCount(book), book.incoming.orderId]).toEqual([0, NONE]);
  });

  test('a feed that starts empty is live; a gap, a wrong checksum or BAD_BOOK makes it uncertain', () => {
    const status = (code: number): Event => ({ ...BLANK.FeedStatus, status: code, flags: LAST });
    const book = createFeedBook({ startsEmpty: true });
    expect(book.status).toBe('live');
    for (const code of [5, 8]) {
      expect(applyFeedEvent(book, status(code))).toBe(true);
      expect(book.status).toBe('uncertain');
      applyFeedEvent(book, status(7));
      expect(book.status).toBe('live');
    }
    expect(applyFeedEvent(book, status(1))).toBe(false);
    applyFeedEvent(book, accepted(1, SIDE_BUY, 1, 1, LAST | FLAG_BAD_BOOK));
    expect(book.status).toBe('uncertain');
    expect(folded(status(5)).status).toBe('empty');
  });
});

describe('the hash', () => {
  const hex = (book: FeedBook): string => Buffer.from(hashFeedBook(book, sha256)).toString('hex');

  test('is that of the orders that rest, in their order', () => {
    const one = folded(accepted(1, SIDE_BUY, 10, 5), accepted(2, SIDE_BUY, 10, 5));
    const other = folded(accepted(2, SIDE_BUY, 10, 5), accepted(1, SIDE_BUY, 10, 5));
    const again = folded(
      accepted(2, SIDE_BUY, 10, 5),
      accepted(1, SIDE_BUY, 10, 5),
      amended(2, 5, { priorityKept: 0 }),
    );
    expect(hex(one)).not.toBe(hex(other));
    expect(hex(again)).toBe(hex(one));
    expect(hex(createFeedBook())).toMatchInlineSnapshot(
      `"af5570f5a1810b7af78caf4bc70a660f0df51e42baf91d4de5b2328de0e83dfc"`,
    );
    expect(hex(one)).toMatchInlineSnapshot(
      `"c18f7dc0df23fd89aecfd937cc5592722d8a382cc1cea4532610426f9bc56851"`,
    );
  });
});

test.each([0, 1.5, 2 ** 25 + 1])('a feed’s book of %d orders cannot be: BOOK-20', (ordersMax) => {
  expect(() => createFeedBook({ ordersMax })).toThrow('BOOK-20');
});

describe('the check', () => {
  test.each([
    // Cells of the second level's price, the first order's leaves, the first level's quantity.
    ['BOOK-71', (book: FeedBook) => (book.store.i32[24] = 20)],
    ['BOOK-72', (book: FeedBook) => (book.store.f64[1] = 0)],
    ['BOOK-73', (book: FeedBook) => (book.store.f64[5] = 99)],
    ['BOOK-74', (book: FeedBook) => (book.store.orders = 9)],
  ])('%s', (id, spoil) => {
    const book = folded(accepted(1, SIDE_BUY, 10, 5), accepted(2, SIDE_BUY, 9, 7));
    spoil(book);
    expect(() => checkFeedBook(book)).toThrow(id);
  });
});
