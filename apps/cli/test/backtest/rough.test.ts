import { test } from 'vitest';
import { seeds } from './property.ts';
import { checkRough } from './rough.ts';

// Fails where a state lacks something, where an outage before the strategy begins comes late, where books contradict.
test.each(seeds(7_2026))('rough tapes: whole, resumed and cut (seed %s)', (seed) => {
  checkRough(seed, 6);
});
