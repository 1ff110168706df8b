import { describe, test } from 'vitest';
import { seeds } from './property.ts';
import { checkBroken, SMALL } from './two-ways.ts';

describe.each(SMALL)('%s', (name, market) => {
  // Fails when the fast way accepts what is no JSON, or reads a number, a level or a repeated key otherwise.
  test.each(seeds(52))('broken lines give the same both ways (seed %s)', (seed) => {
    checkBroken(seed, name, market, 8000);
  });
});
