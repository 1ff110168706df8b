// The sweeps that change bytes of a log of commands to books, and make operations fail. `truetape chaos wal`
// runs the same for other seeds, and all bytes with --full: what came of that stands in
// results/corruption.json.
import { expect, test } from 'vitest';
import { sweepOf, tellSweep } from './chaos-sweeps.ts';

test('a changed byte is refused, or cut and told of at the very end', () => {
  const startMs = performance.now();
  const before = process.memoryUsage().rss;
  const result = sweepOf('corrupt', { seed: '2027', cases: 40_000 });
  tellSweep(startMs, result);
  expect(result.failures).toEqual([]);
  // Recoveries of 64 KiB each: what damage says that it needs is not believed.
  expect(process.memoryUsage().rss - before).toBeLessThan(536_870_912);
  expect(result.counts['bytes']).toBeGreaterThan(65_536);
});

test('each failing operation stops the process, and the next one finds everything', () => {
  const startMs = performance.now();
  const result = sweepOf('fail', { seed: '2027' });
  tellSweep(startMs, result);
  expect(result.failures).toEqual([]);
  expect(result.tried).toBe(result.possible);
});
