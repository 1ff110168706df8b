import { expect, test } from 'vitest';
import { cutAll, flipAll, sampleOf, tapeOfSize } from './damage.ts';

// Outside a log nothing stands behind the last frame: damage to it is what an interrupted write leaves. All else is corrupt.
test('every bit of an unsealed tape of 64 KiB, flipped', () => {
  const sample = sampleOf(tapeOfSize(65536, false, 4096));
  const counts = flipAll(sample);
  console.log(`524,288 flips, unsealed: ${JSON.stringify(Object.fromEntries(counts))}`);
  expect([...counts.values()].reduce((a, b) => a + b, 0)).toBe(524288);
  expect(counts.get('torn')).toBe((65536 - sample.tape.frames.at(-1)!.offset) * 8);
  expect(counts.has('sealed') || counts.has('unsealed')).toBe(false);
});

test.each([true, false])('a tape of 64 KiB cut at every byte (sealed: %s)', (isSealed) => {
  const counts = cutAll(sampleOf(tapeOfSize(65536, isSealed, 4096)));
  console.log(`65,537 cuts, sealed ${isSealed}: ${JSON.stringify(Object.fromEntries(counts))}`);
  expect([...counts.values()].reduce((a, b) => a + b, 0)).toBe(65537);
  expect(counts.has('corrupt')).toBe(false);
});
