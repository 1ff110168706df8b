/** What was counted, as plain values and back. */
import { createSum, restoreHistogram, saveHistogram, sumValue } from '@truetape/kernel';
import type { Parts } from './by-strategy.ts';
import { createCosts, saveCosts } from './costs.ts';
import type { SavedCosts } from './costs.ts';
import type { Curves } from './curves.ts';
import { createExposure, saveExposure } from './exposure.ts';
import type { SavedExposure } from './exposure.ts';
import { restoreMarkout, saveMarkout } from './markouts.ts';
import type { SavedMarkout } from './markouts.ts';
import type { Metrics } from './metrics.ts';
import type { Series } from './series.ts';

/** Members that are plain values already. */
const KEYS = [
  'denials',
  'rejects',
  'newRejects',
  'cancelReasons',
  'noActions',
  'bases',
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

/** Histograms. */
const TIMES = ['queueTimes', 'entryTimes', 'answerTimes'] as const;

export interface SavedMetrics {
  readonly plain: Pick<Metrics, Key | 'orders'>;
  /** By kind that came at all. */
  readonly kinds: readonly (readonly [kind: number, count: number])[];
  readonly times: { readonly [Name in (typeof TIMES)[number]]: unknown };
  readonly slippage: bigint;
  readonly markouts: readonly SavedMarkout[];
  readonly costs: readonly SavedCosts[];
  readonly exposures: readonly SavedExposure[];
  readonly series: Series;
  readonly curves: Curves;
  /** Of several strategies. */
  readonly parts?: Parts;
}

export function saveMetrics(metrics: Metrics): SavedMetrics {
  return {
    plain: {
      ...(Object.fromEntries(KEYS.map((key) => [key, metrics[key]])) as unknown as Pick<Metrics, Key>),
      // Both decisions of an order that nobody amends are the same object.
      orders: new Map(
        [...metrics.orders].map(([id, order]) => [id, { ...order, asked: { ...order.asked } }]),
      ),
    },
    kinds: [...metrics.kinds].map((count, kind) => [kind, count] as const).filter(([, count]) => count > 0),
    times: {
      queueTimes: saveHistogram(metrics.queueTimes),
      entryTimes: saveHistogram(metrics.entryTimes),
      answerTimes: saveHistogram(metrics.answerTimes),
    },
    slippage: sumValue(metrics.slippage),
    markouts: metrics.markouts.map(saveMarkout),
    costs: metrics.costs.map(saveCosts),
    exposures: metrics.exposures.map(saveExposure),
    series: metrics.series,
    curves: metrics.curves,
    ...(metrics.parts === undefined ? {} : { parts: metrics.parts }),
  };
}

/** Lets metrics that were just made be the ones that were saved; what is wrong with those. */
export function restoreMetrics(metrics: Metrics, saved: SavedMetrics): string | undefined {
  for (const name of TIMES) {
    const times = restoreHistogram(saved.times[name]);
    if (!times.ok) return `${name}.${times.error.field}`;
    Object.assign(metrics, { [name]: times.value });
  }
  Object.assign(metrics, saved.plain, {
    slippage: createSum(saved.slippage),
    costs: saved.costs.map(createCosts),
    exposures: saved.exposures.map(createExposure),
    series: saved.series,
    curves: saved.curves,
    parts: saved.parts,
  } satisfies Partial<Metrics>);
  for (const [kind, count] of saved.kinds) metrics.kinds[kind] = count;
  for (const [k, markout] of metrics.markouts.entries()) restoreMarkout(markout, saved.markouts[k]);
  return undefined;
}
