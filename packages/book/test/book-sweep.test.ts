// A sample of the sweep; book-sweep.proof.ts is the long one.
import { describe, expect, test } from 'vitest';
import { createReferenceBook } from '@truetape/book';
import { coverageTable, uncovered } from './coverage.ts';
import { IMPLEMENTATIONS } from './implementations.ts';
import { seeds } from './property.ts';
import { sweep } from './sweep.ts';

const FILE = 'packages/book/test/book-sweep.test.ts';

describe.each(IMPLEMENTATIONS)('%s', (_, create) => {
  // Fails on the first report, hash, code or audited fact in which two books, or a book and the rules, differ.
  test.each(seeds(41))('agrees with the reference on random commands (seed %i)', (seed) => {
    const result = sweep(createReferenceBook, create, { seed, episodes: 60, commands: 500, file: FILE });
    console.log(coverageTable(result.coverage));
    expect(uncovered(result.coverage)).toEqual([]);
  });
});
