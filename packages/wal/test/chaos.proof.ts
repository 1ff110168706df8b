// The sweeps that break a log of commands to books: all crash points of a run, a sample of all changed bytes,
// each operation that fails. `truetape chaos wal` runs the same for other seeds, and all bytes with --full.
import { expect, test } from 'vitest';
import type { SweepResult } from '@truetape/wal';
import { sweepOf } from './chaos-sweeps.ts';

/** Two minutes on a quiet machine. */
const TIMEOUT_MS = 1_200_000;

function told(startMs: number, { failures, ...result }: SweepResult): void {
  const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
  console.log(`${seconds} s  ${JSON.stringify(result)}`);
  expect(failures).toEqual([]);
}

test(
  'behind a crash at each operation of 2,000 commands, nothing acknowledged is lost',
  { timeout: TIMEOUT_MS },
  () => {
    const startMs = performance.now();
    const result = sweepOf('crash', { seed: '2027' });
    told(startMs, result);
    expect(result.tried).toBe(result.possible);
    expect(result.counts['recoveries']).toBeGreaterThan(50_000);
    expect(result.counts['commands']).toBeGreaterThanOrEqual(2000);
  },
);

test('a changed byte is refused, or cut and told of at the very end', () => {
  const startMs = performance.now();
  const before = process.memoryUsage().rss;
  const result = sweepOf('corrupt', { seed: '2027', cases: 50_000 });
  told(startMs, result);
  // Recoveries of 64 KiB each: what damage says that it needs is not believed.
  expect(process.memoryUsage().rss - before).toBeLessThan(536_870_912);
  expect(result.counts['bytes']).toBeGreaterThan(65_536);
});

test('each failing operation stops the process, and the next one finds everything', () => {
  const startMs = performance.now();
  const result = sweepOf('fail', { seed: '2027' });
  told(startMs, result);
  expect(result.tried).toBe(result.possible);
});
