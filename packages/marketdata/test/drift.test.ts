import { expect, test } from 'vitest';
import { NONE } from '@truetape/contracts';
import { createDrift, recordDrift, summarizeDrift, type Top } from '@truetape/marketdata';

const top = (bidTicks: number, bidLots: number, askTicks: number, askLots: number): Top => ({
  bidTicks,
  bidLots,
  askTicks,
  askLots,
});

test('a quote gives two differences in ticks and two in lots', () => {
  const drift = createDrift();
  recordDrift(drift, top(10, 5, 11, 5), top(12, 5, 11, 1), true);
  expect(drift.quotes).toBe(1);
  expect(summarizeDrift(drift.ticks)).toEqual({ p50: 0, p90: 2, p99: 2, p999: 2, max: 2 });
  expect(summarizeDrift(drift.lots)).toEqual({ p50: 0, p90: 4, p99: 4, p999: 4, max: 4 });
});

test('what cannot be compared is counted apart', () => {
  const drift = createDrift();
  recordDrift(drift, top(10, 5, 11, 5), top(10, 5, 11, 5), false);
  recordDrift(drift, top(NONE, 0, 11, 5), top(10, 5, 11, 5), true);
  recordDrift(drift, top(10, 5, 11, 5), top(10, 5, NONE, 0), true);
  expect(drift).toMatchObject({ quotes: 0, skipped: 3 });
  expect(summarizeDrift(drift.ticks)).toBeUndefined();
});
