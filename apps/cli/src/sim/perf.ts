/** How fast a simulation ran by the wall clock, for stderr alone. */
import { createHistogram, percentile, recordValue } from '@truetape/kernel';
import type { Histogram } from '@truetape/kernel';
import { allDistributions } from '@truetape/orderflow';
import type { Sim } from '@truetape/orderflow';
import { formatSpan } from '@truetape/tape';

/** Durations of ticks in ns; a tick may run in several parts. */
export interface TickTimes {
  readonly begin: () => void;
  /** Ends a part; of a tick that is whole with it, the duration counts. */
  readonly end: (isWhole: boolean) => void;
  readonly durations: Histogram;
  /** From the beginning to now. */
  readonly elapsedMs: () => number;
}

const NS_A_MS = 1_000_000;
/** A tick of a simulation that has none of its own. */
const TICK_NS = 1_000_000;

/** Simulated time of a tick: the simulation's own where it has one. */
export function tickOf(sim: Sim): number {
  return sim.config.tickNs > 0 ? sim.config.tickNs : TICK_NS;
}

export function createTickTimes(): TickTimes {
  const durations = createHistogram();
  const startMs = performance.now();
  let begun = 0;
  let ms = 0;
  return {
    durations,
    elapsedMs: () => performance.now() - startMs,
    begin: () => {
      begun = performance.now();
    },
    end: (isWhole) => {
      ms += performance.now() - begun;
      if (!isWhole) return;
      recordValue(durations, Math.round(ms * NS_A_MS));
      ms = 0;
    },
  };
}

const spanText = (ns: number | undefined): string => (ns === undefined ? '-' : formatSpan(BigInt(ns)));

/** Percentiles in millionths; bounds of buckets, so that the last may pass the maximum. */
function distributionText(histogram: Histogram, show: (value: number | undefined) => string): string {
  const [count, min, max] = histogram.stats;
  if (count === 0) return 'none';
  const [p50, p99] = [500_000, 990_000].map((parts) => show(percentile(histogram, parts)));
  return `min ${show(min)}, p50 ${p50}, p99 ${p99}, max ${show(max)}`;
}

/** Lines for stderr. `events` are those of this run alone, `ms` the time that it took. */
export function perfLines(
  sim: Sim,
  ticks: TickTimes,
  { events, ms }: { readonly events: number; readonly ms: number },
): string[] {
  const rate = Math.round((events * 1000) / Math.max(ms, 0.001));
  const own = sim.config.tickNs > 0 ? "the simulation's own" : 'simulated time';
  const count = ticks.durations.stats[0];
  const { queueDepth } = allDistributions(sim.metrics);
  return [
    `${events} events in ${(ms / 1000).toFixed(3)} s by the wall clock, ${rate} events a second`,
    `queue depth at a command: ${distributionText(queueDepth, String)}; now ${sim.queue.count}`,
    `${count} ticks of ${spanText(tickOf(sim))}, ${own}: ${distributionText(ticks.durations, spanText)}`,
  ];
}
