/** The same property as `rough.test.ts`, wider. */
import { test } from 'vitest';
import { seeds } from './property.ts';
import { checkRough } from './rough.ts';

test.each(seeds(20_261_123))('rough tapes: whole, resumed and cut (seed %s)', (seed) => {
  checkRough(seed, 300);
});
