import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  closeOracle,
  createTopOracle,
  offerQuote,
  offerTop,
  ORACLE_RING_MAX,
  type Top,
} from '@truetape/marketdata';
import { checkProperty, seeds } from './property.ts';

const top = (bidTicks: number): Top => ({ bidTicks, bidLots: 1, askTicks: bidTicks + 1, askLots: 1 });

interface Item {
  readonly id: number;
  readonly price: number;
  readonly known: boolean;
}

const rising = fc
  .uniqueArray(fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 2 }), fc.boolean()), {
    selector: ([id]) => id,
    maxLength: 25,
  })
  .map((items) =>
    items.map(([id, price, known]): Item => ({ id, price, known })).sort((a, b) => a.id - b.id),
  );

/** What a look at all quotes at once says. */
function reference(quotes: readonly Item[], tops: readonly Item[]): object {
  const counts = { checked: 0, equal: 0, outside: 0, different: 0, unmatched: 0 };
  for (const { id, price, known } of tops) {
    const quote = quotes.findLast((one) => one.id <= id);
    const sure = quotes.some((one) => one.id >= id);
    if (quote === undefined || !sure) counts.unmatched++;
    else {
      counts.checked++;
      counts[quote.price === price ? 'equal' : known ? 'different' : 'outside']++;
    }
  }
  return counts;
}

// Fails when the join depends on which of the two streams is ahead.
test.each(seeds(41))('tops and quotes meet by id, in whatever order they arrive (seed %s)', (seed) => {
  checkProperty(
    seed,
    fc.property(rising, rising, fc.infiniteStream(fc.boolean()), (quotes, tops, coin) => {
      const oracle = createTopOracle();
      let quoteAt = 0;
      let topAt = 0;
      for (const quoteNext of coin) {
        if (quoteAt === quotes.length && topAt === tops.length) break;
        if (topAt === tops.length || (quoteNext && quoteAt < quotes.length)) {
          const { id, price } = quotes[quoteAt++];
          offerQuote(oracle, id, top(price));
        } else {
          const { id, price, known } = tops[topAt++];
          offerTop(oracle, id, top(price), known);
        }
      }
      closeOracle(oracle);
      expect(oracle).toMatchObject(reference(quotes, tops));
      expect(oracle.checked).toBe(oracle.equal + oracle.outside + oracle.different);
    }),
  );
});

test('the first difference is named, and an equal top outside the range counts as equal', () => {
  const oracle = createTopOracle();
  offerQuote(oracle, 10, top(5));
  offerTop(oracle, 10, top(5), false);
  offerTop(oracle, 12, top(6), true);
  offerQuote(oracle, 13, top(5));
  expect(oracle).toMatchObject({ checked: 2, equal: 1, different: 1, firstDifferentId: 12 });
});

test('repeats and ids that fall back are no evidence', () => {
  const oracle = createTopOracle();
  offerQuote(oracle, 10, top(5));
  offerQuote(oracle, 10, top(9));
  offerQuote(oracle, 9, top(9));
  offerTop(oracle, 10, top(5), true);
  offerTop(oracle, 10, top(5), true);
  expect(oracle).toMatchObject({ checked: 1, equal: 1, unmatched: 1 });
});

test('both rings are bounded; what is pushed out is unmatched', () => {
  const oracle = createTopOracle();
  for (let id = 1; id <= ORACLE_RING_MAX + 10; id++) offerTop(oracle, id, top(1), true);
  expect(oracle.unmatched).toBe(10);
  const late = createTopOracle();
  for (let id = 1; id <= ORACLE_RING_MAX + 10; id++) offerQuote(late, id, top(1));
  offerTop(late, 5, top(1), true);
  offerTop(late, 11, top(1), true);
  expect(late).toMatchObject({ unmatched: 1, checked: 1, equal: 1 });
});
