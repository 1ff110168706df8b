import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { NONE, SIDE_BUY, SIDE_SELL } from '@truetape/contracts';
import { InvariantError, type Sha256 } from '@truetape/kernel';
import {
  checkBook,
  createDepthBook,
  hashBook,
  isCrossed,
  isTopKnown,
  LADDER_LEVELS_MAX,
  levelsOf,
  lotsAt,
  resetBook,
  RUNG_REFUSED,
  RUNG_SET,
  RUNG_UNKNOWN,
  setKnownRange,
  setLevel,
  topOf,
} from '@truetape/marketdata';
import { checkProperty, seeds } from './property.ts';
import { createReference, referenceLevels, referenceTop, setReference } from './reference.ts';

const sha256: Sha256 = () => createHash('sha256');
const side = fc.constantFrom(SIDE_BUY, SIDE_SELL);
// Few prices, so that levels are changed and removed again; some far away, some negative.
const price = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: -5, max: 40 }) },
  fc.constantFrom(-(2 ** 40), 2 ** 40, Number.MAX_SAFE_INTEGER, -Number.MAX_SAFE_INTEGER),
);
const lots = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 9 }), fc.constant(Number.MAX_SAFE_INTEGER));

// Fails when a search, an insertion or a removal goes to the wrong place, on either side.
test.each(seeds(11))('a book equals the sorted Map after every change (seed %s)', (seed) => {
  checkProperty(
    seed,
    fc.property(fc.array(fc.tuple(side, price, lots), { maxLength: 120 }), (changes) => {
      const book = createDepthBook();
      const reference = createReference();
      for (const [at, ticks, quantity] of changes) {
        setLevel(book, at, ticks, quantity);
        setReference(reference, at, ticks, quantity);
        checkBook(book);
        expect(topOf(book)).toEqual(referenceTop(reference));
        expect(lotsAt(book, at, ticks)).toBe(quantity);
      }
      expect(levelsOf(book, SIDE_BUY)).toEqual(referenceLevels(reference, SIDE_BUY));
      expect(levelsOf(book, SIDE_SELL, 3)).toEqual(referenceLevels(reference, SIDE_SELL).slice(0, 3));
      expect(book.unknownDeletes).toBe(reference.unknownDeletes);
    }),
  );
});

// Fails when the hash depends on the order of changes, or on what was removed again.
test.each(seeds(12))('equal books have equal hashes, whatever led to them (seed %s)', (seed) => {
  checkProperty(
    seed,
    fc.property(
      fc.uniqueArray(fc.tuple(price, fc.integer({ min: 1, max: 9 })), { selector: ([at]) => at }),
      (levels) => {
        const forth = createDepthBook();
        const back = createDepthBook();
        for (const [ticks, quantity] of levels) setLevel(forth, SIDE_BUY, ticks, quantity);
        setLevel(back, SIDE_SELL, 7, 1);
        for (const [ticks, quantity] of levels.toReversed()) setLevel(back, SIDE_BUY, ticks, quantity);
        expect(hashBook(forth, sha256)).not.toEqual(hashBook(back, sha256));
        setLevel(back, SIDE_SELL, 7, 0);
        expect(hashBook(forth, sha256)).toEqual(hashBook(back, sha256));
      },
    ),
    100,
  );
});

test('removing what is not there changes nothing and is counted', () => {
  const book = createDepthBook();
  expect(setLevel(book, SIDE_BUY, 10, 5)).toBe(RUNG_SET);
  expect(setLevel(book, SIDE_BUY, 9, 0)).toBe(RUNG_UNKNOWN);
  expect(setLevel(book, SIDE_SELL, 10, 0)).toBe(RUNG_UNKNOWN);
  expect(topOf(book)).toEqual({ bidTicks: 10, bidLots: 5, askTicks: NONE, askLots: 0 });
  expect(book.unknownDeletes).toBe(2);
});

test('bid at or above ask is crossed; a book of one side is not', () => {
  const book = createDepthBook();
  setLevel(book, SIDE_BUY, 10, 1);
  expect(isCrossed(book)).toBe(false);
  setLevel(book, SIDE_SELL, 11, 1);
  expect(isCrossed(book)).toBe(false);
  setLevel(book, SIDE_SELL, 10, 1);
  expect(isCrossed(book)).toBe(true);
});

test('the known range is that of the snapshot, and a top beyond it is not known', () => {
  const book = createDepthBook();
  resetBook(book, 'live', 1);
  for (const ticks of [8, 9, 10]) setLevel(book, SIDE_BUY, ticks, 1);
  for (const ticks of [11, 12]) setLevel(book, SIDE_SELL, ticks, 1);
  setKnownRange(book);
  expect([book.knownLowTicks, book.knownHighTicks]).toEqual([8, 12]);
  expect(isTopKnown(book)).toBe(true);
  setLevel(book, SIDE_BUY, 5, 1);
  for (const ticks of [8, 9, 10]) setLevel(book, SIDE_BUY, ticks, 0);
  expect(isTopKnown(book)).toBe(false);
  setLevel(book, SIDE_BUY, 10, 1);
  for (const ticks of [11, 12]) setLevel(book, SIDE_SELL, ticks, 0);
  expect(isTopKnown(book)).toBe(false);
});

test('a side takes levels up to its limit and refuses further ones', () => {
  const book = createDepthBook();
  for (let ticks = 1; ticks <= LADDER_LEVELS_MAX; ticks++) setLevel(book, SIDE_BUY, ticks, 1);
  expect(setLevel(book, SIDE_BUY, 0, 1)).toBe(RUNG_REFUSED);
  expect(setLevel(book, SIDE_BUY, 5, 2)).toBe(RUNG_SET);
  expect(book.refusedLevels).toBe(1);
  checkBook(book);
});

function invariantOf(broken: () => void): string {
  try {
    broken();
  } catch (error) {
    if (error instanceof InvariantError) return error.invariant;
  }
  return 'none';
}

test('checks name the invariant that is broken', () => {
  const book = createDepthBook();
  setLevel(book, SIDE_BUY, 1, 1);
  setLevel(book, SIDE_BUY, 2, 1);
  expect(invariantOf(() => setLevel(book, 0, 1, 1))).toBe('MD-3');
  expect(invariantOf(() => setLevel(book, SIDE_BUY, 1.5, 1))).toBe('MD-4');
  expect(invariantOf(() => setLevel(book, SIDE_BUY, NONE, 1))).toBe('MD-4');
  expect(invariantOf(() => setLevel(book, SIDE_BUY, 1, -1))).toBe('MD-4');
  book.knownLowTicks = 5;
  expect(invariantOf(() => checkBook(book))).toBe('MD-5');
  book.bids.lots[0] = 0;
  expect(invariantOf(() => checkBook(book))).toBe('MD-2');
  book.bids.lots[0] = 1;
  book.bids.keys[0] = 2;
  expect(invariantOf(() => checkBook(book))).toBe('MD-1');
});
