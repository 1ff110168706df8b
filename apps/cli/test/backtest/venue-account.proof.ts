/** The same property as `venue-account.test.ts`, wider. */
import { test } from 'vitest';
import { seeds } from './property.ts';
import { checkAccounts } from './wild.ts';

test.each(seeds(611_2026))('every fill is paid for, and reduces what it is to reduce (seed %s)', (seed) => {
  checkAccounts(seed, 600);
});
