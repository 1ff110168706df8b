// A sample of the sweep, book-sweep.proof.ts being the long one; and that the sweep can fail.
import { describe, expect, test } from 'vitest';
import { createReferenceBook, type Book, type RestorableBook } from '@truetape/book';
import { coverageLine, uncovered } from './coverage.ts';
import { IMPLEMENTATIONS } from './implementations.ts';
import type { CreateBook } from './play.ts';
import { PAIRS } from './precedence.ts';
import { seeds } from './property.ts';
import { largeProfile } from './stream.ts';
import { sweep } from './sweep.ts';

const FILE = 'packages/book/test/book-sweep.test.ts';

describe.each(IMPLEMENTATIONS.slice(1))('%s', (_, create) => {
  // Fails on the first report, hash, code or audited fact in which two books, or a book and the rules, differ.
  test.each(seeds(41))('agrees with the reference on small books (seed %i)', (seed) => {
    const result = sweep(createReferenceBook, create, { seed, episodes: 70, commands: 500, file: FILE });
    console.log(`${result.commands} commands (seed ${seed}); ${coverageLine(result.coverage)}`);
    expect(uncovered(result.coverage)).toEqual([]);
    // No pair of codes held at once that cannot; that every other one does takes the proof's length.
    const possible = PAIRS.map(({ codes }) => codes.join(' '));
    expect([...result.pairs.keys()].filter((pair) => !possible.includes(pair))).toEqual([]);
  });

  test.each(seeds(42))('agrees with the reference on a book of a thousand orders (seed %i)', (seed) => {
    const result = sweep(createReferenceBook, create, {
      seed,
      episodes: 2,
      commands: 4_000,
      file: FILE,
      profileOf: largeProfile,
      hashEvery: 200,
      auditEvery: 200,
      expectCodes: false,
    });
    expect(result.ordersMost).toBeGreaterThan(1_000);
  });
});

/** Books that are wrong in one thing. */
const WRONG: readonly (readonly [what: string, spoil: (book: RestorableBook) => Partial<Book>])[] = [
  ['self-trade prevention is forgotten', (book) => withCode(book, (code) => code & ~(7 << 13))],
  ['post-only is forgotten', (book) => withCode(book, (code) => code & ~(3 << 11))],
  ['IOC rests', (book) => withCode(book, (code) => (((code >>> 8) & 7) === 2 ? code ^ (3 << 8) : code))],
  ['a total counts as what remains', (book) => withCode(book, (code) => code | (3 << 16))],
  ['a trade is not counted', (book) => ({ tradeCount: () => Math.max(0, book.tradeCount() - 1) })],
  [
    'the last in time comes first',
    (book) => ({
      visit: (visitor) => {
        const orders: Parameters<typeof visitor>[] = [];
        book.visit((...order) => orders.push(order));
        for (const order of orders.sort(([s, p], [t, q]) => s - t || q - p).reverse()) visitor(...order);
      },
    }),
  ],
  [
    'a report too many',
    (book) => ({
      apply: (commands, k, out) => {
        book.apply(commands, k, out);
        if (book.tradeCount() > 9) out.count++;
      },
    }),
  ],
];

/** The same book, which reads another code than the one that it is given. */
function withCode(book: RestorableBook, change: (code: number) => number): Partial<Book> {
  return {
    apply: (commands, k, out) => {
      const u32 = commands.u32.slice();
      u32[k * 16] = change(u32[k * 16]);
      const f64 = new Float64Array(u32.buffer);
      book.apply({ ...commands, u32, f64 }, k, out);
    },
  };
}

describe('the sweep finds', () => {
  test.each(WRONG)('%s', (_, spoil) => {
    const create: CreateBook = (config) => {
      const book = createReferenceBook(config);
      return { ...book, ...spoil(book) };
    };
    const options = { seed: 1, episodes: 20, commands: 400, file: FILE };
    const replay = /^command \d+ of episode \d+, \{.*\}\. Again with\nTRUETAPE_SEED=1 TRUETAPE_EPISODE=\d+ /;
    expect(() => sweep(createReferenceBook, create, options)).toThrow(replay);
  });
});
