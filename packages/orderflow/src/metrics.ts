/** What is counted while a simulation runs: by regime, in integers. */
import { createHistogram, mergeHistogram, restoreHistogram, saveHistogram } from '@truetape/kernel';
import type { Histogram, HistogramState } from '@truetape/kernel';

export const COUNTERS = [
  'orders',
  'cancels',
  'amends',
  'fills',
  'filledLots',
  'rejects',
  'gatewayRejects',
  'queueRejects',
  'dropped',
  'blocked',
  'faults',
  'violations',
  'events',
  'timeNs',
  'commands',
  'samples',
  'twoSided',
] as const;
export type Counter = (typeof COUNTERS)[number];

/** Counts of one regime. */
export type RegimeCounts = { [counter in Counter]: number };

/** The books are looked at this often: what is known of spread and depth is weighted by time. */
export const SAMPLE_NS = 10_000_000;

/** How values were spread. */
export interface Distributions {
  /** Commands that waited in the queue when one was taken. */
  readonly queueDepth: Histogram;
  /** Ticks between best bid and ask at each look at a book that has both. */
  readonly spread: Histogram;
  /** Lots at the best prices at each look, both sides together. */
  readonly topLots: Histogram;
}
const PARTS = ['queueDepth', 'spread', 'topLots'] as const;

/** Counts and distributions by regime. `samples` and `twoSided` count looks at a book. */
export interface Metrics {
  readonly regimes: readonly RegimeCounts[];
  readonly distributions: readonly Distributions[];
}

// Written out: an object of a fixed shape, whose members are counted up on the path of each command.
const blank = (): RegimeCounts => ({
  orders: 0,
  cancels: 0,
  amends: 0,
  fills: 0,
  filledLots: 0,
  rejects: 0,
  gatewayRejects: 0,
  queueRejects: 0,
  dropped: 0,
  blocked: 0,
  faults: 0,
  violations: 0,
  events: 0,
  timeNs: 0,
  commands: 0,
  samples: 0,
  twoSided: 0,
});

const createDistributions = (): Distributions => ({
  queueDepth: createHistogram(),
  spread: createHistogram(),
  topLots: createHistogram(),
});

export function createMetrics(regimes: number): Metrics {
  return {
    regimes: Array.from({ length: regimes }, blank),
    distributions: Array.from({ length: regimes }, createDistributions),
  };
}

/** Those of all regimes together. Complexity: linear in regimes. */
export function allDistributions({ distributions }: Metrics): Distributions {
  const all = createDistributions();
  for (const one of distributions) for (const part of PARTS) mergeHistogram(all[part], one[part]);
  return all;
}

/** Saved metrics; plain JSON. */
export interface MetricsState {
  readonly regimes: readonly RegimeCounts[];
  readonly distributions: readonly { readonly [part in keyof Distributions]: HistogramState }[];
}

export function saveMetrics({ regimes, distributions }: Metrics): MetricsState {
  return {
    regimes: regimes.map((counts) => ({ ...counts })),
    distributions: distributions.map(({ queueDepth, spread, topLots }) => ({
      queueDepth: saveHistogram(queueDepth),
      spread: saveHistogram(spread),
      topLots: saveHistogram(topLots),
    })),
  };
}

/** The metrics that were saved; undefined where a distribution is none. */
export function restoreMetrics(state: MetricsState): Metrics | undefined {
  const distributions: Distributions[] = [];
  for (const one of state.distributions) {
    const queueDepth = restoreHistogram(one.queueDepth);
    const spread = restoreHistogram(one.spread);
    const topLots = restoreHistogram(one.topLots);
    if (!queueDepth.ok || !spread.ok || !topLots.ok) return undefined;
    distributions.push({ queueDepth: queueDepth.value, spread: spread.value, topLots: topLots.value });
  }
  const regimes = state.regimes.map((counts) => ({ ...blank(), ...counts }));
  return regimes.length === distributions.length ? { regimes, distributions } : undefined;
}
