// Facts of a feed as records: the same book as from their events, change by change.
import {
  BLANK,
  FLAG_BAD_BOOK,
  FLAG_LAST,
  FLAG_SNAPSHOT,
  NONE,
  SIDE_BUY,
  SIDE_SELL,
  UNIX_EPOCH,
  createRecordOut,
  decodeEvent,
  encodeEvent,
  type Event,
} from '@truetape/contracts';
import { toHex } from '@truetape/kernel';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  applyFeedEvent,
  applyFeedRecord,
  BUY,
  checkFeedBook,
  createFeedBook,
  feedLevelLots,
  feedLevels,
  hashFeedBook,
  readFeedPlace,
  SELL,
  type FeedBook,
} from '@truetape/book';
import { sha256 } from './play.ts';
import { checkProperty, seeds } from './property.ts';

const small = fc.integer({ min: 0, max: 6 });
const lots = fc.oneof(small, fc.constantFrom(0, 2 ** 40, Number.MAX_SAFE_INTEGER));
const price = fc.oneof(
  { weight: 6, arbitrary: small },
  { weight: 1, arbitrary: fc.constantFrom(NONE, 2 ** 31, -3) },
);
const maybe = (of: fc.Arbitrary<number>): fc.Arbitrary<number> => fc.oneof(of, fc.constant(NONE));
const flags = fc
  .tuple(
    fc.constantFrom(0, SIDE_BUY, SIDE_SELL, SIDE_BUY, SIDE_SELL),
    fc.constantFrom(0, FLAG_LAST, FLAG_LAST),
    fc.nat(19),
  )
  .map(([side, last, odd]) => side | last | (odd === 0 ? FLAG_BAD_BOOK : odd < 4 ? FLAG_SNAPSHOT : 0));
const of = (blank: Event, fields: Record<string, fc.Arbitrary<number>>): fc.Arbitrary<Event> =>
  fc.record({ flags, ...fields }).map((values) => ({ ...blank, ...values }));

const facts = fc.oneof(
  {
    weight: 8,
    arbitrary: of(BLANK.Accepted, {
      orderId: small,
      priceTicks: price,
      leavesLots: lots,
      account: fc.nat(3),
    }),
  },
  {
    weight: 4,
    arbitrary: of(BLANK.Amended, {
      orderId: small,
      priceTicks: maybe(price),
      leavesLots: lots,
      priorityKept: fc.nat(1),
      newOrderId: maybe(small),
    }),
  },
  {
    weight: 4,
    arbitrary: of(BLANK.Fill, {
      priceTicks: small,
      qtyLots: lots,
      makerOrderId: maybe(small),
      takerOrderId: maybe(small),
      makerLeaves: maybe(lots),
      takerLeaves: maybe(lots),
      condition: fc.nat(3),
      makerAccount: fc.nat(2),
    }),
  },
  { weight: 3, arbitrary: of(BLANK.Canceled, { orderId: small }) },
  of(BLANK.Expired, { orderId: small }),
  of(BLANK.Rejected, { orderId: small }),
  of(BLANK.CancelAllDone, {}),
  of(BLANK.BookReset, {
    bids: fc.nat(2),
    asks: fc.nat(2),
    knownLowTicks: maybe(small),
    depthLimit: fc.nat(3),
  }),
  of(BLANK.FeedStatus, { status: fc.nat(9) }),
  of(BLANK.Note, {}),
  of(BLANK.Trade, { priceTicks: small, qtyLots: small }),
  of(BLANK.CancelOrder, { orderId: small }),
);

/** All of a book but its memory. */
function stateOf(book: FeedBook): unknown {
  const { store: _store, asked: _asked, fact: _fact, arrivals: _arrivals, changes, ...rest } = book;
  const cells = Array.from(changes.cells.subarray(0, changes.count * 8));
  const incoming = rest.incoming.orderId === NONE ? NONE : rest.incoming;
  return { ...rest, incoming, cells, hash: toHex(hashFeedBook(book, sha256)) };
}

test.each(seeds(20261122))('a record is taken as its event is (seed %i)', (seed) => {
  checkProperty(
    seed,
    fc.property(fc.array(facts, { maxLength: 40 }), (events) => {
      const [one, other, quiet] = [createFeedBook(), createFeedBook(), createFeedBook()];
      quiet.tellsChanges = false;
      for (const event of events) {
        const out = createRecordOut(UNIX_EPOCH);
        if (encodeEvent(out, event) !== 0) continue;
        expect(applyFeedRecord(one, out, 0)).toBe(applyFeedEvent(other, decodeEvent(out, 0, UNIX_EPOCH, 0)));
        expect(stateOf(one)).toEqual(stateOf(other));
        // One that does not tell what changed holds the same.
        applyFeedRecord(quiet, out, 0);
        expect(stateOf(quiet)).toEqual({ ...(stateOf(one) as object), cells: [], tellsChanges: false });
      }
      checkFeedBook(one);
    }),
  );
});

test.each(seeds(7))('what changed adds up to the levels, and arrivals to the queue (seed %i)', (seed) => {
  checkProperty(
    seed,
    fc.property(fc.array(facts, { maxLength: 40 }), (events) => {
      const book = createFeedBook();
      const sums = new Map<string, number>();
      for (const event of events) {
        // A record that changes no book may end a message, and let an order rest.
        applyFeedEvent(book, event);
        if (event.kind === BLANK.BookReset.kind) sums.clear();
        const { cells, count } = book.changes;
        for (let at = 0; at < count * 8; at += 8) {
          const key = `${cells[at]} ${cells[at + 1]}`;
          sums.set(key, (sums.get(key) ?? 0) + cells[at + 2]);
          expect(cells[at + 6]).toBe(sums.get(key));
        }
        for (const side of [BUY, SELL]) {
          const levels = feedLevels(book, side);
          for (const { priceTicks, qtyLots } of levels)
            expect(sums.get(`${side} ${priceTicks}`)).toBe(qtyLots);
          for (const { priceTicks } of levels)
            expect(feedLevelLots(book, side, priceTicks)).toBeGreaterThan(0);
        }
      }
    }),
  );
});

describe('a place', () => {
  test('arrivals rise along a queue, a renamed order keeps its own', () => {
    const book = createFeedBook({ startsEmpty: true });
    const tell = (event: Partial<Event> & Event): boolean => applyFeedEvent(book, event);
    for (const orderId of [5, 3, 4])
      tell({ ...BLANK.Accepted, orderId, priceTicks: 10, leavesLots: 1, flags: SIDE_BUY | FLAG_LAST });
    tell({ ...BLANK.Amended, orderId: 3, newOrderId: 8, leavesLots: 1, priorityKept: 1, flags: FLAG_LAST });
    const place = { side: 0, priceTicks: 0, arrival: 0 };
    const arrivals = [5, 8, 4].map((id) => (readFeedPlace(book, id, place) ? place.arrival : NONE));
    expect(arrivals).toEqual([1, 2, 3]);
    expect(readFeedPlace(book, 3, place)).toBe(false);
    expect(place).toEqual({ side: BUY, priceTicks: 10, arrival: 3 });
    expect([
      feedLevelLots(book, BUY, 10),
      feedLevelLots(book, BUY, 9),
      feedLevelLots(book, BUY, 0.5),
    ]).toEqual([3, 0, 0]);
  });
});
