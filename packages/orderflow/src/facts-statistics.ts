/**
 * Statistics of series, in doubles by + − × ÷ and √ alone, always in the order of the series: the same bits on
 * every machine. No logarithm of the platform is taken; `naturalLog` is a series of its own.
 *
 * Sources: R. Cont, Empirical properties of asset returns, Quantitative Finance 1 (2001) 223–236, for what is
 * worth measuring; B. M. Hill, A simple general approach to inference about the tail of a distribution, Annals of
 * Statistics 3 (1975) 1163–1174.
 */
import { assert } from '@truetape/kernel';

/** ln(x) for 0.75 ≤ x ≤ 1.5, to about 15 digits: 2 artanh((x − 1) / (x + 1)). */
function logarithmNearOne(x: number): number {
  const t = (x - 1) / (x + 1);
  let sum = 0;
  // |t| ≤ 0.2: the 23rd power is below 2^−53.
  for (let power = 21; power >= 1; power -= 2) sum = sum * t * t + 1 / power;
  return 2 * t * sum;
}

const LN_2 = logarithmNearOne(1.5) + logarithmNearOne(4 / 3);

/** ln(x) for a finite x > 0. Throws on FLOW-5 otherwise. */
export function naturalLog(x: number): number {
  assert(x > 0 && x < Infinity, 'FLOW-5', 'a logarithm is of a positive number');
  let mantissa = x;
  let octaves = 0;
  for (; mantissa > 1.5; octaves++) mantissa /= 2;
  for (; mantissa < 0.75; octaves--) mantissa *= 2;
  return octaves * LN_2 + logarithmNearOne(mantissa);
}

/** Mean, spread and tails of a series. */
export interface Moments {
  readonly count: number;
  readonly mean: number;
  readonly variance: number;
  /** Fourth moment over the squared second, less 3: 0 of a normal. NaN of a constant. */
  readonly excessKurtosis: number;
  /** Share of values further than 3 (of a normal: 0.0027) and 5 (0.0000006) sigmas from the mean. */
  readonly beyond3: number;
  readonly beyond5: number;
}

export function momentsOf(values: readonly number[]): Moments {
  const count = values.length;
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / count;
  let second = 0;
  let fourth = 0;
  for (const value of values) {
    const square = (value - mean) * (value - mean);
    second += square;
    fourth += square * square;
  }
  const variance = second / count;
  let three = 0;
  let five = 0;
  for (const value of values) {
    const square = (value - mean) * (value - mean);
    if (square > 9 * variance) three += 1;
    if (square > 25 * variance) five += 1;
  }
  return {
    count,
    mean,
    variance,
    excessKurtosis: fourth / count / (variance * variance) - 3,
    beyond3: three / count,
    beyond5: five / count,
  };
}

/** Correlation of two series of one length; NaN where one of them is constant. */
export function correlation(a: readonly number[], b: readonly number[]): number {
  const meanA = momentsOf(a).mean;
  const meanB = momentsOf(b).mean;
  let cross = 0;
  let squareA = 0;
  let squareB = 0;
  for (let k = 0; k < a.length; k++) {
    const da = a[k] - meanA;
    const db = b[k] - meanB;
    cross += da * db;
    squareA += da * da;
    squareB += db * db;
  }
  return cross / Math.sqrt(squareA * squareB);
}

/**
 * Autocorrelations at lags 1 … `lags`, by the mean and variance of the whole series; NaN of a constant one.
 * Without any dependence they lie within ±1.96 / √n of 0 nineteen times in twenty.
 */
export function autocorrelations(values: readonly number[], lags: number): number[] {
  const { mean, variance, count } = momentsOf(values);
  return Array.from({ length: lags }, (_, k) => {
    const lag = k + 1;
    let cross = 0;
    for (let i = lag; i < count; i++) cross += (values[i] - mean) * (values[i - lag] - mean);
    return cross / (count * variance);
  });
}

/**
 * Hill's index of the tail: `count / Σ ln(x / threshold)` over the values above the threshold. Small: heavy. NaN
 * where there is no tail. `tail` is values and how often each occurs.
 */
export function hillIndex(
  tail: readonly { readonly value: number; readonly count: number }[],
  threshold: number,
): number {
  let count = 0;
  let sum = 0;
  if (threshold > 0)
    for (const { value, count: times } of tail) {
      count += times;
      sum += times * naturalLog(value / threshold);
    }
  return sum > 0 ? count / sum : NaN;
}

/** Hill's index of the largest `permille` of the sizes of a series, whatever their signs. */
export function hillOfLargest(values: readonly number[], permille: number): number {
  const sizes = values.map((value) => Math.abs(value)).sort((a, b) => b - a);
  const kept = Math.floor((sizes.length * permille) / 1000);
  if (kept === 0 || kept >= sizes.length) return NaN;
  const tail = sizes.slice(0, kept).map((value) => ({ value, count: 1 }));
  return hillIndex(tail, sizes[kept]);
}

/** Autocorrelations of a series too long to keep: its last values, and sums by lag. */
export interface LagSums {
  readonly last: Float64Array;
  readonly crosses: Float64Array;
  count: number;
  sum: number;
  squares: number;
}

export function createLagSums(lags: number): LagSums {
  return { last: new Float64Array(lags), crosses: new Float64Array(lags), count: 0, sum: 0, squares: 0 };
}

export function addToLags(lags: LagSums, value: number): void {
  const { last, crosses } = lags;
  const width = last.length;
  const reach = Math.min(lags.count, width);
  for (let lag = 1; lag <= reach; lag++) crosses[lag - 1] += value * last[(lags.count - lag) % width];
  last[lags.count % width] = value;
  lags.count += 1;
  lags.sum += value;
  lags.squares += value * value;
}

/** Autocorrelations by lag; NaN of a constant series, and where there are no more values than the lag. */
export function lagCorrelations({ crosses, count, sum, squares }: LagSums): number[] {
  const mean = sum / count;
  const variance = squares / count - mean * mean;
  return Array.from(crosses, (cross, k) =>
    count > k + 1 ? (cross / (count - k - 1) - mean * mean) / variance : NaN,
  );
}

/** Standard deviation over mean: 1 of waits that are exponential. NaN without values. */
export function variation({ count, sum, squares }: LagSums): number {
  const mean = sum / count;
  return Math.sqrt(Math.max(0, squares / count - mean * mean)) / mean;
}
