/** The metrics of a run as JSON: counts as they are, rates as decimals with three places, null where undefined. */
import type { JsonObject, JsonValue } from '@truetape/contracts';
import { percentile, ratioFixed } from '@truetape/kernel';
import type { Histogram } from '@truetape/kernel';
import { COUNTERS, allDistributions } from './metrics.ts';
import type { Distributions, RegimeCounts } from './metrics.ts';
import type { Sim } from './state.ts';

const SECOND = 1_000_000_000;
const PLACES = 3;

const ratio = (top: number, bottom: number, scale: number = 1): string | null =>
  bottom === 0 ? null : ratioFixed(BigInt(top) * BigInt(scale), BigInt(bottom), PLACES);

function countsJson(counts: RegimeCounts): JsonObject {
  const { orders, cancels, fills, samples, twoSided, events, timeNs } = counts;
  return {
    ...counts,
    // Cancels for each order, orders for each trade.
    cancelRate: ratio(cancels, orders),
    orderTradeRatio: ratio(orders, fills),
    twoSidedShare: ratio(twoSided, samples),
    eventsPerSecond: ratio(events, timeNs, SECOND),
    ordersPerSecond: ratio(orders, timeNs, SECOND),
    cancelsPerSecond: ratio(cancels, timeNs, SECOND),
  };
}

/** Percentiles in millionths; the bounds of buckets. */
function distributionJson(histogram: Histogram): JsonValue {
  const [count, min, max] = histogram.stats;
  if (count === 0) return null;
  const at = (parts: number): JsonValue => percentile(histogram, parts) ?? null;
  return { count, min, p50: at(500_000), p90: at(900_000), p99: at(990_000), max };
}

const distributionsJson = ({ queueDepth, spread, topLots }: Distributions): JsonObject => ({
  queueDepth: distributionJson(queueDepth),
  spreadTicks: distributionJson(spread),
  topLots: distributionJson(topLots),
});

/** Counts, rates and distributions in all and by regime; the queue by commands, spread and depth by time. */
export function metricsJson(sim: Sim): JsonObject {
  const { regimes, distributions } = sim.metrics;
  const all = Object.fromEntries(
    COUNTERS.map((name) => [name, regimes.reduce((sum, counts) => sum + counts[name], 0)]),
  ) as RegimeCounts;
  const ofRegime = (k: number): JsonObject => ({
    ...countsJson(regimes[k]),
    ...distributionsJson(distributions[k]),
  });
  return {
    all: { ...countsJson(all), ...distributionsJson(allDistributions(sim.metrics)) },
    regimes: Object.fromEntries(sim.regimes.map((name, k) => [name, ofRegime(k)])),
  };
}
