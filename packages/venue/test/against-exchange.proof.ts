// Replay against a matching engine, many times over and with longer tapes.
import { test } from 'vitest';
import { checkFirstFills } from './first-fills.ts';
import { seeds } from './property.ts';

test.each(seeds(31_122).flatMap((seed) => [[seed, 60_000, 60] as const, [seed + 1, 12_000, 400] as const]))(
  'the first fill, and the queue before it, are those of a matching engine (seed %i, %i tapes of %i steps)',
  (seed, runs, count) => {
    const startMs = performance.now();
    checkFirstFills(seed, runs, count);
    const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
    console.log(`first fills: ${runs} tapes of ${count} steps, seed ${seed}, ${seconds} s`);
  },
);
