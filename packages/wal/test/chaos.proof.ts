// The sweeps that change bytes of a log of commands to books, make operations fail, two in a run, and stop repairs. `truetape chaos wal`
// runs the same for other seeds, and all bytes with --full: what came of that stands in
// results/corruption.json.
import { expect, test } from 'vitest';
import { smallSubject } from '@truetape/wal';
import { sweepOf, tellSweep } from './chaos-sweeps.ts';
import { PORTS } from './toy.ts';

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

// Spread over all cases; a run of them all takes minutes.
test.each([
  ['twice', 160, 'books'],
  ['twice', 240, 'small'],
  ['repair', 80, 'books'],
  ['repair', 200, 'small'],
] as const)('two faults in a run: %s, %i cases, %s', (sweep, cases, name) => {
  const startMs = performance.now();
  const small = name === 'small' ? { subject: smallSubject(PORTS.sha256) } : {};
  const result = sweepOf(sweep, { seed: '2028', cases, ...small });
  tellSweep(startMs, result);
  expect([result.failures, result.tried]).toEqual([[], cases]);
});
