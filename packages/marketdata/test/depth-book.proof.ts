import { expect, test } from 'vitest';
import { SIDE_BUY, SIDE_SELL } from '@truetape/contracts';
import { createStream } from '@truetape/kernel';
import { checkBook, createDepthBook, levelsOf, setLevel, topOf } from '@truetape/marketdata';
import { createReference, referenceLevels, referenceTop, setReference } from './reference.ts';

// Fails where the short property is too short: sides that grow past several capacities, long runs near the top.
test('a million changes around a walking price equal the sorted Map (seed 13)', () => {
  const random = createStream(13, 'depth book proof');
  const book = createDepthBook();
  const reference = createReference();
  let middle = 1_000_000;
  for (let step = 0; step < 1_000_000; step++) {
    if (random.nextInt(50) === 0) middle += random.nextInt(41) - 20;
    const side = random.nextInt(2) === 0 ? SIDE_BUY : SIDE_SELL;
    const away = random.nextInt(20) === 0 ? random.nextInt(200_000) : random.nextInt(60);
    const ticks = side === SIDE_BUY ? middle - away : middle + 1 + away;
    const lots = random.nextInt(3) === 0 ? 0 : 1 + random.nextInt(1000);
    setLevel(book, side, ticks, lots);
    setReference(reference, side, ticks, lots);
    if (step % 20_000 === 0) {
      checkBook(book);
      expect(topOf(book)).toEqual(referenceTop(reference));
    }
  }
  for (const side of [SIDE_BUY, SIDE_SELL])
    expect(levelsOf(book, side)).toEqual(referenceLevels(reference, side));
  expect(book.unknownDeletes).toBe(reference.unknownDeletes);
});
