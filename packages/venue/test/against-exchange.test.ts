// Replay against a matching engine; a sweep of it is a proof.
import { test } from 'vitest';
import { checkFirstFills } from './first-fills.ts';
import { seeds } from './property.ts';

test.each(seeds(20261122))(
  'the first fill, and the queue before it, are those of a matching engine (seed %i)',
  (seed) => {
    checkFirstFills(seed, 3000, 60);
  },
);
