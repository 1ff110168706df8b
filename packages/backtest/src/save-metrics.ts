/** What was counted, as plain values and back. */
import { createSum, restoreHistogram, saveHistogram, sumValue } from '@truetape/kernel';
import type { Sum } from '@truetape/kernel';
import type { Markout, Metrics } from './metrics.ts';
import type { Series } from './series.ts';

/** Members that are plain values already. */
const KEYS = [
  'denials',
  'rejects',
  'noActions',
  'bases',
  'orders',
  'throttled',
  'reduced',
  'makerFills',
  'takerFills',
  'makerLots',
  'takerLots',
  'orderedLots',
  'filledOrders',
  'slippageLots',
  'turnover',
  'wins',
  'losses',
  'realised',
  'nextSampleNs',
  'peakNet',
  'maxDrawdown',
  'drawdownNs',
] as const;
type Key = (typeof KEYS)[number];

interface SavedMarkout extends Omit<Markout, 'gain' | 'head' | 'delayNs'> {
  readonly gain: bigint;
}

export interface SavedMetrics {
  readonly plain: Pick<Metrics, Key>;
  /** By kind that came at all. */
  readonly kinds: readonly (readonly [kind: number, count: number])[];
  readonly queueTimes: unknown;
  readonly slippage: bigint;
  readonly markouts: readonly SavedMarkout[];
  readonly series: Series;
}

export function saveMetrics(metrics: Metrics): SavedMetrics {
  return {
    plain: Object.fromEntries(KEYS.map((key) => [key, metrics[key]])) as unknown as Pick<Metrics, Key>,
    kinds: [...metrics.kinds].map((count, kind) => [kind, count] as const).filter(([, count]) => count > 0),
    queueTimes: saveHistogram(metrics.queueTimes),
    slippage: sumValue(metrics.slippage),
    markouts: metrics.markouts.map(({ waiting, head, gain, lots, fills }) => ({
      waiting: waiting.slice(head),
      gain: sumValue(gain),
      lots,
      fills,
    })),
    series: metrics.series,
  };
}

/** Lets metrics that were just made be the ones that were saved; what is wrong with those. */
export function restoreMetrics(metrics: Metrics, saved: SavedMetrics): string | undefined {
  const queueTimes = restoreHistogram(saved.queueTimes);
  if (!queueTimes.ok) return `queueTimes.${queueTimes.error.field}`;
  Object.assign(metrics, saved.plain, {
    queueTimes: queueTimes.value,
    slippage: createSum(saved.slippage),
    series: saved.series,
  } satisfies { queueTimes: unknown; slippage: Sum; series: Series });
  for (const [kind, count] of saved.kinds) metrics.kinds[kind] = count;
  for (const [k, markout] of metrics.markouts.entries()) {
    const { waiting, gain, lots, fills } = saved.markouts[k];
    markout.waiting.push(...waiting);
    Object.assign(markout, { gain: createSum(gain), lots, fills });
  }
  return undefined;
}
