// The sweep of crash points: all of a run of commands to books. `truetape chaos wal` runs it for other seeds.
import { expect, test } from 'vitest';
import { sweepOf, tellSweep } from './chaos-sweeps.ts';

/** Two to three minutes on a quiet machine. */
const TIMEOUT_MS = 1_200_000;

test(
  'behind a crash at each operation of 2,000 commands, nothing acknowledged is lost',
  { timeout: TIMEOUT_MS },
  () => {
    const startMs = performance.now();
    const result = sweepOf('crash', { seed: '2027' });
    tellSweep(startMs, result);
    expect(result.failures).toEqual([]);
    expect(result.tried).toBe(result.possible);
    expect(result.counts['recoveries']).toBeGreaterThan(50_000);
    expect(result.counts['commands']).toBeGreaterThanOrEqual(2000);
  },
);
