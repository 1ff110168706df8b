/** What is counted while a simulation runs: by regime, in integers. */
import { createHistogram, restoreHistogram, saveHistogram } from '@truetape/kernel';
import type { Histogram, HistogramState } from '@truetape/kernel';

export const COUNTERS = [
  'orders',
  'cancels',
  'amends',
  'fills',
  'filledLots',
  'rejects',
  'limitRejects',
  'queueRejects',
  'dropped',
  'blocked',
  'faults',
  'violations',
  'events',
  'timeNs',
  'commands',
  'twoSided',
] as const;
export type Counter = (typeof COUNTERS)[number];

/** Counts of one regime. */
export type RegimeCounts = { [counter in Counter]: number };

/** Counts by regime; distributions over the whole run, one value a command. */
export interface Metrics {
  readonly regimes: readonly RegimeCounts[];
  /** Commands that waited in the queue when one was taken. */
  readonly queueDepth: Histogram;
  /** Ticks between best bid and ask, where both are there. */
  readonly spread: Histogram;
  /** Lots at the best prices, both sides together. */
  readonly topLots: Histogram;
}

const blank = (): RegimeCounts =>
  Object.fromEntries(COUNTERS.map((name) => [name, 0])) as unknown as RegimeCounts;

export function createMetrics(regimes: number): Metrics {
  return {
    regimes: Array.from({ length: regimes }, blank),
    queueDepth: createHistogram(),
    spread: createHistogram(),
    topLots: createHistogram(),
  };
}

/** Saved metrics; plain JSON. */
export interface MetricsState {
  readonly regimes: readonly RegimeCounts[];
  readonly queueDepth: HistogramState;
  readonly spread: HistogramState;
  readonly topLots: HistogramState;
}

export function saveMetrics(metrics: Metrics): MetricsState {
  const { regimes, queueDepth, spread, topLots } = metrics;
  return {
    regimes: regimes.map((counts) => ({ ...counts })),
    queueDepth: saveHistogram(queueDepth),
    spread: saveHistogram(spread),
    topLots: saveHistogram(topLots),
  };
}

/** The metrics that were saved; undefined where a distribution is none. */
export function restoreMetrics(state: MetricsState): Metrics | undefined {
  const queueDepth = restoreHistogram(state.queueDepth);
  const spread = restoreHistogram(state.spread);
  const topLots = restoreHistogram(state.topLots);
  if (!queueDepth.ok || !spread.ok || !topLots.ok) return undefined;
  const regimes = state.regimes.map((counts) => ({ ...blank(), ...counts }));
  return { regimes, queueDepth: queueDepth.value, spread: spread.value, topLots: topLots.value };
}
