import { expect, test } from 'vitest';
import { BLANK, FLAG_LAST, FLAG_SNAPSHOT, SIDE_BUY, SIDE_SELL, type Event } from '@truetape/contracts';
import { applyEvent, createDepthBook, levelsOf, topOf } from '@truetape/marketdata';

const level = (side: number, priceTicks: number, qtyLots: number, flags = 0): Event => ({
  ...BLANK.Level,
  flags: side | flags,
  priceTicks,
  qtyLots,
});

function fold(events: readonly Event[]): ReturnType<typeof createDepthBook> {
  const book = createDepthBook();
  for (const event of events) applyEvent(book, event);
  return book;
}

const SNAPSHOT: readonly Event[] = [
  {
    ...BLANK.BookReset,
    flags: FLAG_SNAPSHOT,
    lastUpdateId: 100,
    bids: 2,
    asks: 1,
    knownLowTicks: 9,
    knownHighTicks: 11,
  },
  level(SIDE_BUY, 10, 5, FLAG_SNAPSHOT),
  level(SIDE_BUY, 9, 6, FLAG_SNAPSHOT),
  level(SIDE_SELL, 11, 7, FLAG_SNAPSHOT | FLAG_LAST),
];

test('a snapshot and an update give the book; between two records it says that more is to come', () => {
  const book = createDepthBook();
  for (const event of SNAPSHOT.slice(0, 2)) applyEvent(book, event);
  expect(book.levelsToCome).toBe(2);
  for (const event of SNAPSHOT.slice(2)) applyEvent(book, event);
  expect(book).toMatchObject({
    status: 'live',
    levelsToCome: 0,
    lastUpdateId: 100,
    knownLowTicks: 9,
    knownHighTicks: 11,
  });
  applyEvent(book, { ...BLANK.BookUpdate, lastUpdateId: 105, levels: 2 });
  applyEvent(book, level(SIDE_BUY, 10, 0));
  applyEvent(book, level(SIDE_SELL, 12, 1, FLAG_LAST));
  expect(topOf(book)).toEqual({ bidTicks: 9, bidLots: 6, askTicks: 11, askLots: 7 });
  expect(levelsOf(book, SIDE_SELL)).toEqual([
    { priceTicks: 11, qtyLots: 7 },
    { priceTicks: 12, qtyLots: 1 },
  ]);
  expect(book.lastUpdateId).toBe(105);
});

test('an update without a snapshot, or a gap, leaves the book uncertain; a resync or a snapshot ends it', () => {
  expect(fold([{ ...BLANK.BookUpdate, lastUpdateId: 1 }]).status).toBe('uncertain');
  const gap: Event = { ...BLANK.FeedStatus, status: 5 };
  expect(fold([...SNAPSHOT, gap]).status).toBe('uncertain');
  expect(fold([...SNAPSHOT, gap, { ...BLANK.FeedStatus, status: 7 }]).status).toBe('live');
  expect(fold([...SNAPSHOT, gap, ...SNAPSHOT]).status).toBe('live');
});

test('other events, and levels that no sound writer writes, are of no concern', () => {
  const book = fold(SNAPSHOT);
  expect(applyEvent(book, { ...BLANK.Trade, priceTicks: 10, qtyLots: 1 })).toBe(false);
  expect(applyEvent(book, { ...BLANK.FeedStatus, status: 1 })).toBe(false);
  expect(applyEvent(book, { ...BLANK.FeedStatus, status: 9 })).toBe(true);
  expect(applyEvent(book, level(0, 10, 1))).toBe(false);
  expect(applyEvent(book, level(SIDE_BUY, 10, -1))).toBe(false);
  expect(applyEvent(book, level(SIDE_BUY, 3, 0, FLAG_SNAPSHOT))).toBe(true);
  expect(book.unknownDeletes).toBe(0);
  expect(topOf(book)).toEqual({ bidTicks: 10, bidLots: 5, askTicks: 11, askLots: 7 });
});
