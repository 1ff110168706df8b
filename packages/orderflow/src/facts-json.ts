/** Facts as JSON: integers as they are, statistics as decimals in text, null where undefined. */
import type { JsonObject, JsonValue } from '@truetape/contracts';
import { histogramBuckets, percentile, ratioFixed, summarizeHistogram } from '@truetape/kernel';
import type { Histogram } from '@truetape/kernel';
import { LAGS } from './facts.ts';
import type { Facts, Sizes } from './facts.ts';
import {
  autocorrelations,
  correlation,
  hillIndex,
  hillOfLargest,
  lagCorrelations,
  momentsOf,
  variation,
} from './facts-statistics.ts';

/** The part of returns and of sizes that is their tail: a twentieth. */
const TAIL_PERMILLE = 50;
/** Returns of so many intervals are looked at besides those of one. */
export const WIDE = 10;
const SECOND = 1_000_000_000;

/** A decimal; the digits of `toFixed` are those of the exact value of the double. */
function decimal(value: number, places: number = 3): string | null {
  if (!Number.isFinite(value)) return null;
  const text = value.toFixed(places);
  return Number(text) === 0 ? text.replace('-', '') : text;
}

const ratio = (top: number | bigint, bottom: number | bigint, places: number = 3): string | null =>
  BigInt(bottom) === 0n ? null : ratioFixed(BigInt(top), BigInt(bottom), places);

/** Percentiles are the bounds of buckets; the mean is exact. */
function distribution(histogram: Histogram): JsonObject | null {
  const { count, min = 0, max = 0, total } = summarizeHistogram(histogram);
  if (count === 0) return null;
  const at = (parts: number): JsonValue => percentile(histogram, parts) ?? null;
  const [p10, p50, p90, p99] = [100_000, 500_000, 900_000, 990_000].map(at);
  return { min, p10, p50, mean: ratio(total, count), p90, p99, max };
}

/** Hill's index of the largest twentieth, by buckets of the histogram: below 0.8 % off. */
function tailOf(histogram: Histogram): number {
  const threshold = percentile(histogram, 1_000_000 - TAIL_PERMILLE * 1000);
  if (threshold === undefined) return NaN;
  const tail = histogramBuckets(histogram)
    .filter(({ low }) => low > threshold)
    .map(({ low, high, count }) => ({ value: (low + high) / 2, count }));
  return hillIndex(tail, threshold);
}

function sizesJson({ lots, large, round }: Sizes): JsonObject | null {
  const shown = distribution(lots);
  return shown && { ...shown, hill: decimal(tailOf(lots)), roundShare: ratio(round, large) };
}

/** Differences of the middle over so many intervals, one beside the other. */
export function returnsOf(middles: readonly number[], width: number = 1): number[] {
  const returns: number[] = [];
  for (let k = width; k < middles.length; k += width) returns.push(middles[k] - middles[k - width]);
  return returns;
}

const decimals = (values: readonly number[]): (string | null)[] => values.map((value) => decimal(value));

function returnsJson(middles: readonly number[]): JsonObject {
  const returns = returnsOf(middles);
  const { count, mean, variance, excessKurtosis, beyond3, beyond5 } = momentsOf(returns);
  const wide = momentsOf(returnsOf(middles, WIDE));
  const sigma = Math.sqrt(variance);
  const middle = momentsOf(middles).mean;
  return {
    count,
    meanHalfTicks: decimal(mean),
    sigmaHalfTicks: decimal(sigma),
    sigmaBps: decimal((sigma / middle) * 10_000),
    excessKurtosis: decimal(excessKurtosis),
    beyond3Sigma: decimal(beyond3, 5),
    beyond5Sigma: decimal(beyond5, 5),
    hill: decimal(hillOfLargest(returns, TAIL_PERMILLE)),
    /** Below 1: what goes up comes down. */
    varianceRatio: decimal(wide.variance / (WIDE * variance)),
    wideExcessKurtosis: decimal(wide.excessKurtosis),
  };
}

function dependenceJson({ middles, volumes, signs }: Facts): JsonObject {
  const returns = returnsOf(middles);
  const sizes = returns.map((value) => Math.abs(value));
  // The volume of the interval in which a return came about.
  const volume = volumes.slice(1);
  return {
    returns: decimals(autocorrelations(returns, LAGS)),
    absoluteReturns: decimals(autocorrelations(sizes, LAGS)),
    volumes: decimals(autocorrelations(volumes, LAGS)),
    takingSides: decimals(lagCorrelations(signs)),
    /** Without dependence, 19 of 20 autocorrelations of returns and volumes are within ± this. */
    noise: decimal(1.96 / Math.sqrt(returns.length)),
    volumeToAbsoluteReturn: decimal(correlation(volume, sizes)),
  };
}

/** Counts of an interval: variance over mean is 1 where arrivals know nothing of each other. */
function arrivalsJson(counts: readonly number[], intervalNs: number): JsonObject {
  const { mean, variance } = momentsOf(counts);
  return { perSecond: decimal((mean * SECOND) / intervalNs), dispersion: decimal(variance / mean) };
}

/** The facts of an instrument as JSON; null where its two sides were never there together. */
export function factsJson(facts: Facts): JsonObject | null {
  const { startNs, timeNs, middles, volumes, intervalNs, orderSizes, takings, trades, cancels } = facts;
  if (middles.length < 2) return null;
  const spanNs = timeNs - startNs;
  const orders = summarizeHistogram(orderSizes.lots).count;
  const taken = summarizeHistogram(takings.lots).count;
  const spread = distribution(facts.spreadTicks);
  const middle = momentsOf(middles).mean / 2;
  return {
    spanNs,
    intervalNs,
    intervals: middles.length,
    twoSidedShare: ratio(facts.twoSidedNs, spanNs, 5),
    crossedShare: ratio(facts.crossedNs, spanNs, 5),
    spreadTicks: spread,
    spreadBps: spread && decimal((Number(spread['mean']) / middle) * 10_000),
    touchLots: distribution(facts.touchLots),
    levelLots: Array.from(facts.levelLots, (lots) => decimal(lots / facts.levelSamples, 1)),
    returns: returnsJson(middles),
    autocorrelation: dependenceJson(facts),
    volume: { perInterval: decimal(momentsOf(volumes).mean), variation: decimal(relativeSpread(volumes)) },
    takings: { count: taken, trades, ...sizesJson(takings), ...arrivalsJson(facts.takingCounts, intervalNs) },
    takingWaits: {
      variation: decimal(variation(facts.waits)),
      lag1: decimal(lagCorrelations(facts.waits)[0]),
    },
    orders:
      orders === 0
        ? null
        : {
            count: orders,
            ...sizesJson(orderSizes),
            ...arrivalsJson(facts.orderCounts, intervalNs),
            cancels,
            amends: facts.amends,
            cancelRatio: ratio(cancels, orders),
            orderTradeRatio: ratio(orders, trades),
            canceledLifeNs: distribution(facts.lives),
          },
  };
}

/** Standard deviation over mean. */
function relativeSpread(values: readonly number[]): number {
  const { mean, variance } = momentsOf(values);
  return Math.sqrt(variance) / mean;
}
