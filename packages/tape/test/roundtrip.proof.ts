import { test } from 'vitest';
import { sameHowever, survivesConversion, unsealedAlike } from './laws.ts';
import { seeds } from './property.ts';
import { changeText } from './text-changes.ts';

test.each(seeds(171))('the same events are the same tape, however written and read (seed %i)', (seed) => {
  sameHowever(seed, 400);
});

test.each(seeds(172))('the same events survive conversion (seed %i)', (seed) => {
  survivesConversion(seed, 400);
});

test.each(seeds(173))('the same events unsealed (seed %i)', (seed) => {
  unsealedAlike(seed, 400);
});

test('a sealed text tape: every bit flipped, every byte left out', () => {
  changeText([0, 1, 2, 3, 4, 5, 6, 7]);
});
