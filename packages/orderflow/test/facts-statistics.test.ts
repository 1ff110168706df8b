// Statistics against what can be worked out by hand, and against draws whose law is known.
import { createStream, drawExponential, drawNormal } from '@truetape/kernel';
import { expect, test } from 'vitest';
import {
  addToLags,
  autocorrelations,
  correlation,
  createLagSums,
  hillIndex,
  hillOfLargest,
  lagCorrelations,
  momentsOf,
  naturalLog,
  variation,
} from '../src/facts-statistics.ts';

// Fails when a term of the series is missing or an octave is counted wrong.
test('the logarithm is that of the platform, to its last digits', () => {
  for (const x of [1e-300, 1e-9, 0.1, 0.7499, 0.75, 0.76, 1, 1.4999, 1.5, 1.51, 2, 3, 10, 12_345.678, 1e300])
    expect(Math.abs(naturalLog(x) - Math.log(x))).toBeLessThanOrEqual(
      1e-15 * Math.max(1, Math.abs(Math.log(x))),
    );
  expect(naturalLog(1)).toBe(0);
  for (const x of [0, -1, NaN, Infinity]) expect(() => naturalLog(x)).toThrow('FLOW-5');
});

const zeros = (count: number): number[] => Array.from({ length: count }, () => 0);

// Fails when a moment is of another order, or divided by another count.
test('moments of a series', () => {
  expect(momentsOf([1, 1, 1, 5])).toEqual({
    count: 4,
    mean: 2,
    variance: 3,
    // (1 + 1 + 1 + 81) / 4 / 9 − 3
    excessKurtosis: 21 / 9 - 3,
    beyond3: 0,
    beyond5: 0,
  });
  const outliers = [...zeros(97), 1, -1, 6];
  expect(momentsOf(outliers)).toMatchObject({ beyond3: 0.01, beyond5: 0.01 });
  expect(momentsOf([...zeros(18), 1, -1])).toMatchObject({ beyond3: 0.1, beyond5: 0 });
  expect(momentsOf([7, 7])).toMatchObject({ mean: 7, variance: 0, excessKurtosis: NaN });
  expect(momentsOf([])).toMatchObject({ count: 0, mean: NaN });
});

test('normal draws have the tails of a normal', () => {
  const stream = createStream(5, 'normal');
  const { excessKurtosis, beyond3, beyond5 } = momentsOf(
    Array.from({ length: 50_000 }, () => drawNormal(stream)),
  );
  expect(Math.abs(excessKurtosis)).toBeLessThan(0.1);
  expect(beyond3).toBeGreaterThan(0.002);
  expect(beyond3).toBeLessThan(0.0035);
  expect(beyond5).toBeLessThan(0.0001);
});

// Fails when a lag is off by one, or the mean is not taken off.
test('autocorrelations of a series, kept or not', () => {
  const values = [3, 1, 4, 1, 5, 9, 2, 6];
  const mean = 31 / 8;
  const square = values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0);
  const at = (lag: number): number =>
    values.slice(lag).reduce((sum, value, k) => sum + (value - mean) * (values[k] - mean), 0) / square;
  const found = autocorrelations(values, 3);
  [1, 2, 3].forEach((lag, k) => expect(found[k]).toBeCloseTo(at(lag), 12));
  const stream = createStream(5, 'walk');
  const long: number[] = [100];
  for (let k = 1; k < 20_000; k++) long.push(100 + (long[k - 1] - 100) * 0.8 + stream.nextInt(21) - 10);
  const lags = createLagSums(4);
  for (const value of long) addToLags(lags, value);
  const streamed = lagCorrelations(lags);
  autocorrelations(long, 4).forEach((value, k) => expect(streamed[k]).toBeCloseTo(value, 2));
  expect(streamed[0]).toBeGreaterThan(0.77);
  expect(streamed[3]).toBeLessThan(0.5);
});

test('what is undefined is not a number', () => {
  expect(autocorrelations([2, 2, 2], 1)).toEqual([NaN]);
  const lags = createLagSums(2);
  for (const value of [1, 2]) addToLags(lags, value);
  expect(lagCorrelations(lags)[1]).toBeNaN();
  expect(variation(createLagSums(1))).toBeNaN();
  expect(correlation([1, 1], [1, 2])).toBeNaN();
  expect(hillIndex([], 10)).toBeNaN();
  expect(hillIndex([{ value: 5, count: 2 }], 0)).toBeNaN();
  expect(hillOfLargest([1, 2, 3], 10)).toBeNaN();
});

test('correlation is of what goes together', () => {
  expect(correlation([1, 2, 3], [2, 4, 6])).toBeCloseTo(1, 12);
  expect(correlation([1, 2, 3], [3, 2, 1])).toBeCloseTo(-1, 12);
  expect(correlation([1, 2, 3, 4], [1, -1, -1, 1])).toBeCloseTo(0, 12);
});

// Fails when the threshold is part of its tail, or counts are left out.
test('the tail index of a power law is its own', () => {
  expect(hillIndex([{ value: 2, count: 3 }], 1)).toBeCloseTo(1 / Math.log(2), 12);
  const power = Array.from({ length: 20_000 }, (_, k) => 1 / Math.sqrt((k + 0.5) / 20_000));
  expect(hillOfLargest(power, 50)).toBeCloseTo(2, 1);
  expect(
    hillOfLargest(
      power.map((value, k) => (k % 2 === 0 ? value : -value)),
      50,
    ),
  ).toBeCloseTo(2, 1);
});

test('exponential waits vary as much as their mean', () => {
  const stream = createStream(5, 'waits');
  const lags = createLagSums(1);
  for (let k = 0; k < 20_000; k++) addToLags(lags, drawExponential(stream, 1_000_000));
  expect(variation(lags)).toBeCloseTo(1, 1);
  expect(Math.abs(lagCorrelations(lags)[0])).toBeLessThan(0.03);
});
