/**
 * Log-linear histogram of non-negative integers: constant relative error, constant memory.
 *
 * Values up to 2^(b+1) − 1 have a bucket each. Above, every power of two is cut into 2^b buckets of equal
 * width, so a bucket is never wider than 2^−b of its values (b = `subBucketBits`). Bucket of a value v
 * whose highest bit is bit e, with shift = max(0, e − b):
 *
 *     index = shift × 2^b + floor(v ÷ 2^shift)          low = floor(v ÷ 2^shift) × 2^shift
 *
 * Count, minimum, maximum and total are exact. No logarithm is taken: the highest bit comes from clz32,
 * so indices are the same to the bit everywhere.
 *
 * Source: G. Tene, HdrHistogram (hdrhistogram.org), whose bucket layout this is without its lowest unit.
 * Alternative considered: sampling reservoirs, which make percentiles depend on a random stream.
 */
import { err, ok, type Result } from '@truetape/contracts';
import { assert } from './assert.ts';
import { addProduct, addTo, createSum, sumValue, type Sum } from './sum.ts';

/** Values are below 2^53. */
const VALUE_BITS = 53;
const VALUE_MAX = Number.MAX_SAFE_INTEGER;
const TWO_32 = 4294967296;
/** An error of 0.025 % in 1.4 MB; finer buckets would leave every cache. */
const SUB_BUCKET_BITS_MAX = 12;

/** A percentile is given in parts per million of the count: 500000 is the median. */
export const PERCENTILE_PARTS = 1_000_000;

// Positions in `Histogram.stats`.
const COUNT = 0;
const MIN = 1;
const MAX = 2;

/** A histogram. Changed in place by `recordValue` and `mergeHistogram`; its fields are not for callers. */
export interface Histogram {
  /** 1 … 12: a bucket is at most 2^−subBucketBits of its values wide. */
  readonly subBucketBits: number;
  /** Count of values per bucket. */
  readonly counts: Float64Array;
  /** [count, min, max]; while empty, min is above every value and max below. */
  readonly stats: Float64Array;
  readonly total: Sum;
}

/** What is known exactly about the values; min and max are undefined while there are none. */
export interface HistogramSummary {
  readonly count: number;
  readonly min: number | undefined;
  readonly max: number | undefined;
  readonly total: bigint;
}

/** A bucket: `count` values v with low ≤ v ≤ high. */
export interface HistogramBucket {
  readonly low: number;
  readonly high: number;
  readonly count: number;
}

/** A saved histogram; plain JSON. `buckets` are [index, count] of the non-empty ones, ascending. */
export interface HistogramState {
  readonly subBucketBits: number;
  readonly count: number;
  readonly min: number | null;
  readonly max: number | null;
  /** Decimal integer text: it may pass 2^53. */
  readonly total: string;
  readonly buckets: readonly (readonly [index: number, count: number])[];
}

/** A saved histogram that no sequence of values can give; `field` names where it shows. */
export interface HistogramStateError {
  readonly kind: 'badHistogramState';
  readonly field: 'state' | keyof HistogramState;
}

/**
 * An empty histogram.
 *
 * The default of 7 bits errs by less than 0.8 % in 6,016 buckets (47 KiB). Throws on KERNEL-8 unless
 * `subBucketBits` is an integer in 1 … 12.
 */
export function createHistogram(subBucketBits: number = 7): Histogram {
  assert(isSubBucketBits(subBucketBits), 'KERNEL-8', 'subBucketBits is 1 … 12');
  return {
    subBucketBits,
    counts: new Float64Array((VALUE_BITS + 1 - subBucketBits) * (1 << subBucketBits)),
    stats: Float64Array.of(0, Infinity, -1),
    total: createSum(),
  };
}

/**
 * Counts one value, an integer in 0 … 2^53 − 1.
 *
 * Throws on KERNEL-9 for anything else: a negative latency or an absent value is the caller's to count
 * elsewhere. Hot: no allocation.
 */
export function recordValue(histogram: Histogram, value: number): void {
  const { counts, stats } = histogram;
  counts[bucketIndex(histogram.subBucketBits, value)]++;
  stats[COUNT]++;
  if (value < stats[MIN]) stats[MIN] = value;
  if (value > stats[MAX]) stats[MAX] = value;
  addTo(histogram.total, value);
}

/**
 * Counts a value so many times: weights, such as the ns for which it held. `times` is a safe integer from 0, and so
 * is the count that results. Throws on KERNEL-9 as `recordValue` does.
 */
export function recordTimes(histogram: Histogram, value: number, times: number): void {
  const { counts, stats } = histogram;
  assert(Number.isSafeInteger(times) && times >= 0, 'KERNEL-9', 'a value is counted 0 … 2^53 − 1 times');
  if (times === 0) return;
  counts[bucketIndex(histogram.subBucketBits, value)] += times;
  stats[COUNT] += times;
  if (value < stats[MIN]) stats[MIN] = value;
  if (value > stats[MAX]) stats[MAX] = value;
  addProduct(histogram.total, value, times);
}

function bucketIndex(subBucketBits: number, value: number): number {
  const unsigned = value >>> 0;
  if (unsigned === value) {
    const shift = 31 - subBucketBits - Math.clz32(unsigned);
    return shift <= 0 ? unsigned : (shift << subBucketBits) + (unsigned >>> shift);
  }
  assert(value > 0 && value <= VALUE_MAX && Math.floor(value) === value, 'KERNEL-9', 'not 0 … 2^53 − 1');
  // Beyond 32 bits: the top 22 bits hold the highest one, and those below it come by exact division.
  const high = Math.floor(value / TWO_32);
  const shift = 63 - subBucketBits - Math.clz32(high);
  return (shift << subBucketBits) + Math.floor(value / twoTo(shift));
}

/** 2^exponent for 0 … 62, exactly. */
function twoTo(exponent: number): number {
  return exponent < 31 ? 1 << exponent : (1 << (exponent - 31)) * 2147483648;
}

/** Lowest value of a bucket. */
function bucketLow(subBucketBits: number, index: number): number {
  const linearEnd = 2 << subBucketBits;
  if (index < linearEnd) return index;
  const shift = (index >>> subBucketBits) - 1;
  return (index - (shift << subBucketBits)) * twoTo(shift);
}

/** Highest value of a bucket. */
function bucketHigh(subBucketBits: number, index: number): number {
  return bucketLow(subBucketBits, index + 1) - 1;
}

/** Exact count, minimum, maximum and total. */
export function summarizeHistogram(histogram: Histogram): HistogramSummary {
  const [count, min, max] = histogram.stats;
  return {
    count,
    min: count === 0 ? undefined : min,
    max: count === 0 ? undefined : max,
    total: sumValue(histogram.total),
  };
}

/**
 * Bounds of the percentile `parts` per million: the bucket that holds the value of that rank, cut to the
 * exact minimum and maximum. Undefined while there are no values.
 *
 * Rank: the smallest value such that at least parts ÷ 10^6 of all values are at or below it (nearest
 * rank: ceil(parts × count ÷ 10^6), at least 1, in exact integers). `count` is the bucket's own.
 * Throws on KERNEL-10 unless `parts` is an integer in 0 … 10^6. Complexity: linear in the buckets.
 */
export function percentileBounds(histogram: Histogram, parts: number): HistogramBucket | undefined {
  assert(
    Number.isInteger(parts) && parts >= 0 && parts <= PERCENTILE_PARTS,
    'KERNEL-10',
    'a percentile is 0 … 10^6 parts per million',
  );
  const { counts, stats, subBucketBits } = histogram;
  if (stats[COUNT] === 0) return undefined;
  const scale = BigInt(PERCENTILE_PARTS);
  const rank = Number((BigInt(parts) * BigInt(stats[COUNT]) + scale - 1n) / scale) || 1;
  let index = 0;
  let atOrBelow = counts[0];
  while (atOrBelow < rank) atOrBelow += counts[++index];
  return {
    low: Math.max(bucketLow(subBucketBits, index), stats[MIN]),
    high: Math.min(bucketHigh(subBucketBits, index), stats[MAX]),
    count: counts[index],
  };
}

/**
 * The percentile as one number: the upper bound of `percentileBounds`, so that it is never understated.
 * At 10^6 parts it is the exact maximum. Undefined while there are no values.
 */
export function percentile(histogram: Histogram, parts: number): number | undefined {
  return percentileBounds(histogram, parts)?.high;
}

/** The buckets that hold values, ascending, for drawing a distribution. */
export function histogramBuckets(histogram: Histogram): HistogramBucket[] {
  const { counts, subBucketBits } = histogram;
  const buckets: HistogramBucket[] = [];
  for (let index = 0; index < counts.length; index++) {
    const count = counts[index];
    if (count === 0) continue;
    buckets.push({ low: bucketLow(subBucketBits, index), high: bucketHigh(subBucketBits, index), count });
  }
  return buckets;
}

/**
 * Adds the values of `source` to `target`: the result equals one histogram that saw both.
 *
 * Throws on KERNEL-11 when their `subBucketBits` differ.
 */
export function mergeHistogram(target: Histogram, source: Histogram): void {
  assert(target.subBucketBits === source.subBucketBits, 'KERNEL-11', 'merged histograms share their buckets');
  for (let index = 0; index < source.counts.length; index++) target.counts[index] += source.counts[index];
  target.stats[COUNT] += source.stats[COUNT];
  target.stats[MIN] = Math.min(target.stats[MIN], source.stats[MIN]);
  target.stats[MAX] = Math.max(target.stats[MAX], source.stats[MAX]);
  // Through the value, so that merging a histogram into itself also doubles it.
  target.total.spilled += sumValue(source.total);
}

/** Whether two histograms hold the same counts, extremes and total in the same buckets. */
export function equalHistograms(a: Histogram, b: Histogram): boolean {
  return (
    a.subBucketBits === b.subBucketBits &&
    a.stats.every((stat, index) => stat === b.stats[index]) &&
    a.counts.every((count, index) => count === b.counts[index]) &&
    sumValue(a.total) === sumValue(b.total)
  );
}

/** The histogram as plain JSON; equal histograms give equal states. */
export function saveHistogram(histogram: Histogram): HistogramState {
  const { count, min = null, max = null, total } = summarizeHistogram(histogram);
  const buckets: [number, number][] = [];
  histogram.counts.forEach((held, index) => {
    if (held !== 0) buckets.push([index, held]);
  });
  return { subBucketBits: histogram.subBucketBits, count, min, max, total: String(total), buckets };
}

/**
 * The histogram that a saved state describes, from untrusted JSON.
 *
 * Errors: `badHistogramState` with a field that is malformed or contradicts the buckets.
 */
export function restoreHistogram(state: unknown): Result<Histogram, HistogramStateError> {
  if (typeof state !== 'object' || state === null) return bad('state');
  const { subBucketBits, count, min, max, total, buckets } = state as Record<keyof HistogramState, unknown>;
  if (!isSubBucketBits(subBucketBits)) return bad('subBucketBits');
  // 32 digits hold 2^53 values of 2^53.
  if (typeof total !== 'string' || !/^(0|[1-9][0-9]{0,31})$/.test(total)) return bad('total');
  const histogram = createHistogram(subBucketBits);
  const bounds = restoreBuckets(histogram, buckets);
  if (bounds === undefined) return bad('buckets');
  const { first, last, held } = bounds;
  if (count !== held) return bad('count');
  if (held === 0) {
    if (min !== null) return bad('min');
    if (max !== null) return bad('max');
    return total === '0' ? ok(histogram) : bad('total');
  }
  if (!isIn(min, bucketLow(subBucketBits, first), bucketHigh(subBucketBits, first))) return bad('min');
  if (!isIn(max, bucketLow(subBucketBits, last), bucketHigh(subBucketBits, last)) || max < min)
    return bad('max');
  histogram.stats.set([held, min, max]);
  histogram.total.spilled = BigInt(total);
  return isTotalPossible(histogram) ? ok(histogram) : bad('total');
}

function bad(field: HistogramStateError['field']): Result<never, HistogramStateError> {
  return err({ kind: 'badHistogramState', field });
}

function isSubBucketBits(value: unknown): value is number {
  return isIn(value, 1, SUB_BUCKET_BITS_MAX);
}

function isIn(value: unknown, low: number, high: number): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= low && value <= high;
}

interface BucketBounds {
  readonly first: number;
  readonly last: number;
  /** Count over all buckets. */
  readonly held: number;
}

function restoreBuckets(histogram: Histogram, buckets: unknown): BucketBounds | undefined {
  if (!Array.isArray(buckets)) return undefined;
  let first = -1;
  let last = -1;
  let held = 0;
  for (const bucket of buckets as unknown[]) {
    if (!Array.isArray(bucket) || bucket.length !== 2) return undefined;
    const [index, count] = bucket as unknown[];
    if (!isIn(index, last + 1, histogram.counts.length - 1)) return undefined;
    if (!isIn(count, 1, VALUE_MAX - held)) return undefined;
    histogram.counts[index] = count;
    held += count;
    if (first < 0) first = index;
    last = index;
  }
  return { first, last, held };
}

/** Whether the total lies between every value at its bucket's low end and every value at its high end. */
function isTotalPossible(histogram: Histogram): boolean {
  const total = sumValue(histogram.total);
  let least = 0n;
  let most = 0n;
  for (const { low, high, count } of histogramBuckets(histogram)) {
    least += BigInt(low) * BigInt(count);
    most += BigInt(high) * BigInt(count);
  }
  return least <= total && total <= most;
}
