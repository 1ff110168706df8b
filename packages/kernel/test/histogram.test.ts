import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  createHistogram,
  equalHistograms,
  histogramBuckets,
  mergeHistogram,
  percentile,
  percentileBounds,
  recordTimes,
  recordValue,
  restoreHistogram,
  saveHistogram,
  summarizeHistogram,
  type Histogram,
  type HistogramState,
} from '@truetape/kernel';
import { checkProperty, seeds } from './property.ts';

const SAFE_MAX = Number.MAX_SAFE_INTEGER;

function histogramOf(values: readonly number[], subBucketBits?: number): Histogram {
  const histogram = createHistogram(subBucketBits);
  for (const value of values) recordValue(histogram, value);
  return histogram;
}

const edges = Array.from({ length: 53 }, (_, bit) => [2 ** bit - 1, 2 ** bit, 2 ** bit + 1])
  .flat()
  .concat(SAFE_MAX, SAFE_MAX - 1);
const values = fc.oneof(fc.maxSafeNat(), fc.nat(), fc.nat(300), fc.constantFrom(...edges));
const samples = fc.array(values, { minLength: 1, maxLength: 60 });
const precisions = fc.integer({ min: 1, max: 9 });
const parts = fc.oneof(
  fc.constantFrom(0, 1, 250_000, 500_000, 900_000, 990_000, 999_000, 999_999, 1_000_000),
  fc.nat(1_000_000),
);

describe('buckets', () => {
  // Fails when buckets overlap, leave a gap, or are wider than promised. Every power of two and its
  // neighbours, for each precision.
  test.each([1, 2, 3, 7, 12])('hold their values at %s bits', (bits) => {
    for (const value of edges) {
      const [bucket] = histogramBuckets(histogramOf([value], bits));
      expect(bucket.low <= value && value <= bucket.high).toBe(true);
      expect(bucket.high - bucket.low).toBeLessThanOrEqual(bucket.low / 2 ** bits);
      expect(Number.isSafeInteger(bucket.low) && Number.isSafeInteger(bucket.high)).toBe(true);
      // The values on both sides of its low end lie in two buckets that meet there.
      const around = histogramOf([bucket.low, Math.max(bucket.low - 1, 0)], bits);
      expect(histogramBuckets(around)[0].high).toBe(bucket.low === 0 ? 0 : bucket.low - 1);
    }
  });

  test('the first and the last bucket', () => {
    expect(histogramBuckets(histogramOf([0, 0, SAFE_MAX]))).toEqual([
      { low: 0, high: 0, count: 2 },
      { low: SAFE_MAX - 2 ** 45 + 1, high: SAFE_MAX, count: 1 },
    ]);
  });
});

// Fails on a wrong rank, a wrong bucket, or an error bound that is not kept.
test.each(seeds(81))('a percentile bounds the value of that rank in the sorted values (seed %s)', (seed) => {
  checkProperty(
    seed,
    fc.property(samples, parts, precisions, (sample, part, bits) => {
      const sorted = sample.toSorted((a, b) => a - b);
      const rank = Math.max(1, Number((BigInt(part) * BigInt(sample.length) + 999_999n) / 1_000_000n));
      const expected = sorted[rank - 1];
      const histogram = histogramOf(sample, bits);
      const bounds = percentileBounds(histogram, part);
      if (bounds === undefined) throw new Error('empty');
      expect(bounds.low <= expected && expected <= bounds.high).toBe(true);
      expect(bounds.high - bounds.low).toBeLessThanOrEqual(bounds.low / 2 ** bits);
      expect(bounds.low).toBeGreaterThanOrEqual(sorted[0]);
      expect(bounds.high).toBeLessThanOrEqual(sorted[sorted.length - 1]);
      expect(percentile(histogram, part)).toBe(bounds.high);
      expect(bounds.count).toBe(
        histogramBuckets(histogram).find(({ low, high }) => low <= expected && expected <= high)?.count,
      );
    }),
    3000,
  );
});

test('percentiles of 1 … 100, by nearest rank', () => {
  const histogram = histogramOf(Array.from({ length: 100 }, (_, index) => index + 1));
  expect(
    [0, 1, 10_000, 10_001, 500_000, 500_001, 990_000, 999_000, 1_000_000].map((part) =>
      percentile(histogram, part),
    ),
  ).toEqual([1, 1, 1, 2, 50, 51, 99, 100, 100]);
});

// Fails when the summary is taken from buckets instead of the values.
test.each(seeds(82))('count, minimum, maximum and total are exact (seed %s)', (seed) => {
  checkProperty(
    seed,
    fc.property(samples, precisions, (sample, bits) => {
      expect(summarizeHistogram(histogramOf(sample, bits))).toEqual({
        count: sample.length,
        min: Math.min(...sample),
        max: Math.max(...sample),
        total: sample.reduce((sum, value) => sum + BigInt(value), 0n),
      });
    }),
  );
});

test('an empty histogram has nothing to say', () => {
  const histogram = createHistogram();
  expect(summarizeHistogram(histogram)).toEqual({ count: 0, min: undefined, max: undefined, total: 0n });
  expect(percentile(histogram, 500_000)).toBeUndefined();
  expect(percentileBounds(histogram, 0)).toBeUndefined();
  expect(histogramBuckets(histogram)).toEqual([]);
});

describe('merge', () => {
  // Fails when a merge depends on the order, or loses an extreme.
  test.each(seeds(83))('equals one histogram of both samples, with an empty one too (seed %s)', (seed) => {
    checkProperty(
      seed,
      fc.property(fc.array(values), fc.array(values), precisions, (a, b, bits) => {
        const merged = histogramOf(a, bits);
        const source = histogramOf(b, bits);
        mergeHistogram(merged, source);
        expect(equalHistograms(merged, histogramOf([...b, ...a], bits))).toBe(true);
        expect(equalHistograms(source, histogramOf(b, bits))).toBe(true);
        expect(summarizeHistogram(merged).count).toBe(a.length + b.length);
      }),
      200,
    );
  });

  test('a histogram merged into itself doubles', () => {
    const histogram = histogramOf([1, 5, 5]);
    mergeHistogram(histogram, histogram);
    expect(equalHistograms(histogram, histogramOf([1, 5, 5, 1, 5, 5]))).toBe(true);
  });

  test('KERNEL-11: merged histograms share their buckets', () => {
    expect(() => mergeHistogram(createHistogram(7), createHistogram(8))).toThrow('KERNEL-11');
  });
});

// Each pair differs in one respect only.
test('equality sees counts, extremes, total and precision', () => {
  const base = histogramOf([1000, 1003, 1007]);
  expect(equalHistograms(base, histogramOf([1007, 1003, 1000]))).toBe(true);
  expect(equalHistograms(base, histogramOf([1000, 1004, 1007]))).toBe(false); // total, and bucket
  expect(equalHistograms(histogramOf([1000, 1001, 1003]), histogramOf([1000, 1002, 1003]))).toBe(false); // total
  expect(equalHistograms(histogramOf([1000, 1003]), histogramOf([1001, 1002]))).toBe(false); // extremes
  expect(equalHistograms(histogramOf([10, 10, 13, 13]), histogramOf([10, 11, 12, 13]))).toBe(false); // counts
  expect(equalHistograms(histogramOf([5], 7), histogramOf([5], 8))).toBe(false); // precision
});

describe('save and restore', () => {
  test.each(seeds(84))(
    'a saved histogram comes back equal, through JSON, and records on (seed %s)',
    (seed) => {
      checkProperty(
        seed,
        fc.property(fc.array(values), fc.array(values), precisions, (before, after, bits) => {
          const saved = saveHistogram(histogramOf(before, bits));
          const restored = restoreHistogram(JSON.parse(JSON.stringify(saved)));
          if (!restored.ok) throw new Error(restored.error.field);
          for (const value of after) recordValue(restored.value, value);
          expect(equalHistograms(restored.value, histogramOf([...before, ...after], bits))).toBe(true);
        }),
        200,
      );
    },
  );

  const good: HistogramState = saveHistogram(histogramOf([3, 700, 701]));
  const empty: HistogramState = saveHistogram(createHistogram());

  test('the saved form', () => {
    expect(good).toEqual({
      subBucketBits: 7,
      count: 3,
      min: 3,
      max: 701,
      total: '1404',
      buckets: [
        [3, 1],
        [431, 2],
      ],
    });
    expect(empty).toEqual({ subBucketBits: 7, count: 0, min: null, max: null, total: '0', buckets: [] });
  });

  // Fails when a contradiction is taken over: each state differs from a good one in one place.
  test.each<[string, unknown]>([
    ['state', null],
    ['state', 'text'],
    ['subBucketBits', { ...good, subBucketBits: 0 }],
    ['subBucketBits', { ...good, subBucketBits: 13 }],
    ['subBucketBits', { ...good, subBucketBits: '7' }],
    ['total', { ...good, total: 1404 }],
    ['total', { ...good, total: '-1' }],
    ['total', { ...good, total: '01404' }],
    ['total', { ...good, total: '9'.repeat(33) }],
    ['total', { ...good, total: '1402' }],
    ['total', { ...good, total: '1410' }],
    ['total', { ...empty, total: '1' }],
    ['buckets', { ...good, buckets: null }],
    ['buckets', { ...good, buckets: [[3, 1], 431] }],
    ['buckets', { ...good, buckets: [[3, 1, 1]] }],
    [
      'buckets',
      {
        ...good,
        buckets: [
          [431, 2],
          [3, 1],
        ],
      },
    ],
    [
      'buckets',
      {
        ...good,
        buckets: [
          [3, 1],
          [3, 2],
        ],
      },
    ],
    [
      'buckets',
      {
        ...good,
        buckets: [
          [3, 0],
          [431, 2],
        ],
      },
    ],
    [
      'buckets',
      {
        ...good,
        buckets: [
          [3, 1.5],
          [431, 2],
        ],
      },
    ],
    [
      'buckets',
      {
        ...good,
        buckets: [
          [-1, 1],
          [431, 2],
        ],
      },
    ],
    [
      'buckets',
      {
        ...good,
        buckets: [
          [3, 1],
          [6016, 2],
        ],
      },
    ],
    [
      'buckets',
      {
        ...good,
        buckets: [
          [3, SAFE_MAX],
          [431, 1],
        ],
      },
    ],
    ['count', { ...good, count: 4 }],
    ['count', { ...empty, count: null }],
    ['min', { ...good, min: 4 }],
    ['min', { ...good, min: null }],
    ['min', { ...empty, min: 0 }],
    ['max', { ...good, max: 699 }],
    ['max', { ...good, max: 704 }],
    ['max', { ...good, max: null }],
    ['max', { ...empty, max: 0 }],
    ['max', { ...good, count: 2, min: 701, max: 700, buckets: [[431, 2]] }],
  ])('names %s as bad', (field, state) => {
    expect(restoreHistogram(state)).toEqual({ ok: false, error: { kind: 'badHistogramState', field } });
  });
});

test.each([0, 13, 1.5, NaN])('KERNEL-8: refuses %s bits', (bits) => {
  expect(() => createHistogram(bits)).toThrow('KERNEL-8');
});

// Fails when a value that is no count is put in some bucket; the histogram stays as it was.
test.each([-1, 0.5, NaN, 2 ** 53, -(2 ** 53), Infinity, 2 ** 33 + 0.5])(
  'KERNEL-9: refuses the value %s',
  (value) => {
    const histogram = histogramOf([5]);
    expect(() => recordValue(histogram, value)).toThrow('KERNEL-9');
    expect(equalHistograms(histogram, histogramOf([5]))).toBe(true);
  },
);

test.each([-1, 1_000_001, 0.5, NaN])('KERNEL-10: refuses %s parts per million', (part) => {
  expect(() => percentile(histogramOf([5]), part)).toThrow('KERNEL-10');
});

// Fails when a weight is not the same as so many values, past 2^53 in the total too.
test('a value counted n times is n values', () => {
  const weighted = createHistogram();
  for (const [value, times] of [
    [300, 3],
    [0, 2],
    [2 ** 50, 0],
    [2 ** 40, 1],
  ])
    recordTimes(weighted, value, times);
  expect(equalHistograms(weighted, histogramOf([300, 300, 300, 0, 0, 2 ** 40]))).toBe(true);
  const wide = createHistogram();
  recordTimes(wide, 2 ** 40 + 1, 2 ** 50);
  expect(summarizeHistogram(wide)).toMatchObject({ count: 2 ** 50, total: (2n ** 40n + 1n) * 2n ** 50n });
  for (const times of [-1, 0.5, NaN, 2 ** 53])
    expect(() => recordTimes(weighted, 1, times)).toThrow('KERNEL-9');
  expect(() => recordTimes(weighted, -1, 1)).toThrow('KERNEL-9');
});
