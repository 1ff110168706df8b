// A bounded series of a run of any length: even steps, and the end of the run.
import { expect, test } from 'vitest';
import { SAMPLES_MAX, addSample, createSeries, isNextKept } from '../src/series.ts';
import type { Series } from '../src/series.ts';

const STEP = 10;

/** So many samples at even steps, and the end of the run behind them; a column beside it has the net twice. */
function filled(samples: number): { readonly series: Series; readonly beside: bigint[] } {
  const series = createSeries(1);
  const beside: bigint[] = [];
  for (let k = 1; k <= samples + 1; k++) {
    const isKept = k > samples || isNextKept(series);
    const timeNs = k > samples ? samples * STEP + 3 : k * STEP;
    if (isKept) beside.push(BigInt(-2 * k));
    addSample(series, { timeNs, pnl: BigInt(-k), positions: [k], twiceMiddles: [2 * k] }, isKept, [beside]);
  }
  return { series, beside };
}

// Fails when a long run grows, when its steps become uneven, when its end is lost, or when columns part.
test.each([0, 1, 2, SAMPLES_MAX - 1, SAMPLES_MAX, SAMPLES_MAX + 1, 5000, 40_000])('%s samples', (samples) => {
  const { series, beside } = filled(samples);
  const { timesNs, pnl, positions, twiceMiddles, keep, taken } = series;
  expect([taken, timesNs.length <= SAMPLES_MAX]).toEqual([samples + 1, true]);
  if (samples >= SAMPLES_MAX) expect(timesNs.length).toBeGreaterThanOrEqual(SAMPLES_MAX / 2);
  expect(timesNs.at(-1)).toBe(samples * STEP + 3);
  const even = timesNs.slice(0, -1);
  expect(even).toEqual(even.map((_, k) => (1 + k * keep) * STEP));
  const numbers = [...even.map((timeNs) => timeNs / STEP), samples + 1];
  expect(positions).toEqual([numbers]);
  expect(twiceMiddles).toEqual([numbers.map((k) => 2 * k)]);
  expect(pnl).toEqual(numbers.map((k) => BigInt(-k)));
  expect(beside).toEqual(numbers.map((k) => BigInt(-2 * k)));
});
