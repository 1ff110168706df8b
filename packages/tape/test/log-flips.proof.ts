import { expect, test } from 'vitest';
import { sampleOf, tell } from './damage.ts';
import { logOf } from './log.ts';

const HEADER_ERRORS = ['notATape', 'unsupportedVersion', 'headerTooLarge', 'badHeader'];

// contracts §4: a flip in a commit that was acknowledged is corruption, wherever it strikes: header, length, chain or payload.
// Fails when a length that no checksum protects is believed, or a witness is looked for in the wrong place.
test('every bit of the acknowledged blocks of a log, flipped', () => {
  const counts: Record<string, number> = {};
  let blockFlips = 0;
  for (const commitsPerSync of [1, 3]) {
    const { bytes, acknowledgedBytes } = logOf(22_900, commitsPerSync);
    const sample = sampleOf(bytes);
    const { records } = sample.tape;
    for (let at = 0; at < bytes.length * 8; at++) {
      const offset = at >>> 3;
      bytes[offset] ^= 1 << (at & 7);
      const told = tell(bytes, records);
      bytes[offset] ^= 1 << (at & 7);
      if (offset < sample.headerBytes) expect(HEADER_ERRORS).toContain(told.verdict);
      else if (offset >= acknowledgedBytes) {
        // The mark itself: nobody saw it durable, and nothing hangs on it.
        if (told.verdict !== 'torn' || told.delivered !== records.length)
          expect({ at, ...told }).toEqual('torn, and all there');
      } else {
        blockFlips += 1;
        if (told.verdict !== 'corrupt' || told.delivered > records.length)
          expect({ at, ...told }).toEqual('corrupt');
      }
      counts[told.verdict] = (counts[told.verdict] ?? 0) + 1;
    }
  }
  console.log(
    `${blockFlips} flips in acknowledged blocks: all corrupt. With headers and marks: ${JSON.stringify(counts)}`,
  );
  expect(blockFlips).toBeGreaterThanOrEqual(364_160);
  expect(counts['corrupt']).toBe(blockFlips);
});
