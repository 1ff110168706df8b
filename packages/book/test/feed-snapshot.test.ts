// The book of a feed as bytes: what is restored goes on the same, and what is no book is refused at its offset.
import { FLAG_LAST, NONE, SIDE_BUY, SIDE_SELL } from '@truetape/contracts';
import { toHex } from '@truetape/kernel';
import { describe, expect, test } from 'vitest';
import {
  applyFeedEvent,
  checkFeedBook,
  createFeedBook,
  hashFeedBook,
  readFeedPlace,
  restoreFeedBook,
  saveFeedBook,
  type FeedBook,
} from '@truetape/book';
import { accepted, amended, canceled, filled } from './feed-facts.ts';
import { sha256 } from './play.ts';

/** Three bids, an ask, and an order on its way. */
function bookOf(): FeedBook {
  const book = createFeedBook({ startsEmpty: true, ordersMax: 90 });
  for (const event of [
    accepted(1, SIDE_BUY, 10, 5),
    accepted(2, SIDE_BUY, 10, 7),
    accepted(3, SIDE_BUY, -9, 2 ** 45),
    accepted(4, SIDE_SELL, 12, 1),
    amended(1, 6, { priorityKept: 0 }),
    canceled(77),
    accepted(8, SIDE_SELL, 10, 9, 0),
  ])
    applyFeedEvent(book, event);
  return book;
}

const restored = (bytes: Uint8Array): FeedBook => {
  const book = restoreFeedBook(bytes);
  if (!book.ok) throw new Error(JSON.stringify(book.error));
  checkFeedBook(book.value);
  return book.value;
};

test('what is restored is saved alike, and goes on the same', () => {
  const [book, other] = [bookOf(), restored(saveFeedBook(bookOf()))];
  expect([other.store.ordersMax, other.inMessage, other.unknown, other.arrived]).toEqual([90, true, 1, 5]);
  expect(toHex(saveFeedBook(other))).toBe(toHex(saveFeedBook(book)));
  for (const event of [
    filled(2, 7, 0, { takerOrderId: 8, takerLeaves: 2 }, FLAG_LAST),
    accepted(9, SIDE_BUY, 10, 1),
  ]) {
    applyFeedEvent(book, event);
    applyFeedEvent(other, event);
  }
  expect(hashFeedBook(other, sha256)).toEqual(hashFeedBook(book, sha256));
  expect(toHex(saveFeedBook(other))).toBe(toHex(saveFeedBook(book)));
  const place = { side: 0, priceTicks: 0, arrival: 0 };
  expect([readFeedPlace(other, 9, place), place.arrival]).toEqual([true, book.arrived]);
  const empty = createFeedBook();
  expect(toHex(saveFeedBook(restored(saveFeedBook(empty))))).toBe(toHex(saveFeedBook(empty)));
});

describe('refused', () => {
  const refused = (change: (view: DataView, bytes: Uint8Array) => void): string => {
    const bytes = saveFeedBook(bookOf());
    change(new DataView(bytes.buffer), bytes);
    const book = restoreFeedBook(bytes);
    return book.ok ? 'ok' : `${book.error.code} ${book.error.offsetBytes}`;
  };
  // Bids begin at 144: the level of 10 with orders at 152 and 184, the one of −9 at 216; asks at 256.
  test.each([
    ['magic 3', 3, 'u8', 1],
    ['version 8', 8, 'u32', 2],
    ['content 12', 12, 'u32', 0],
    ['content 28', 28, 'u8', 3],
    ['content 28', 30, 'u8', 1],
    ['content 40', 40, 'f64', 0.5],
    ['content 72', 72, 'f64', NONE],
    ['content 112', 112, 'f64', -1],
    ['content 112', 136, 'u32', 3],
    ['content 148', 148, 'u32', 0],
    ['content 148', 148, 'u32', 99],
    ['content 152', 152, 'f64', -1],
    ['content 152', 160, 'f64', 0],
    ['content 152', 168, 'f64', 6],
    ['content 152', 180, 'u32', 1],
    ['content 184', 184, 'f64', 2], // as the one before it
    ['content 216', 216, 'i32', 10],
  ] as const)('%s', (expected, at, width, value) => {
    const found = refused((view) => {
      if (width === 'u8') view.setUint8(at, value);
      else if (width === 'u32') view.setUint32(at, value, true);
      else if (width === 'i32') view.setInt32(at, value, true);
      else view.setFloat64(at, value, true);
    });
    expect(found).toBe(expected);
  });

  test('bytes that end early or late', () => {
    const bytes = saveFeedBook(bookOf());
    for (let size = 0; size < bytes.length; size++)
      expect(restoreFeedBook(bytes.subarray(0, size)).ok).toBe(false);
    const longer = new Uint8Array(bytes.length + 1);
    longer.set(bytes);
    expect(restoreFeedBook(longer)).toMatchObject({ error: { code: 'length' } });
  });
});
