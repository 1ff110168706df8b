import { expect, test } from 'vitest';
import { flipAll, sampleOf, tapeOfSize } from './damage.ts';

// contracts §4: every one of the 524,288 single-bit flips of a sealed tape of 64 KiB is found, and told as what it is.
test('every bit of a sealed tape of 64 KiB, flipped', () => {
  const counts = flipAll(sampleOf(tapeOfSize(65536, true, 4096)));
  console.log(`524,288 flips, sealed: ${JSON.stringify(Object.fromEntries(counts))}`);
  expect([...counts.values()].reduce((a, b) => a + b, 0)).toBe(524288);
  // The 32 bytes of the trailer: what is left is an index without its seal.
  expect(counts.get('torn')).toBe(256);
  expect(counts.has('sealed') || counts.has('unsealed')).toBe(false);
});
