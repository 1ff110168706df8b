/**
 * Bars of trades: by time (of the interval that a trade falls into, closed by the clock), by count, or by volume.
 *
 * A bar by volume closes with the trade that fills it, whole: no trade is cut in two. An interval without
 * trades has no bar. Intervals begin at multiples of their length since the tape's epoch.
 */
import { NONE } from '@truetape/contracts';
import type { BarSpec } from './strategy.ts';

/** A bar under way; `trades` is 0 where none has begun. */
export interface BarState {
  startNs: number;
  openTicks: number;
  highTicks: number;
  lowTicks: number;
  closeTicks: number;
  qtyLots: number;
  trades: number;
}

export function createBar(): BarState {
  const none = { openTicks: NONE, highTicks: NONE, lowTicks: NONE, closeTicks: NONE };
  return { startNs: NONE, ...none, qtyLots: 0, trades: 0 };
}

const KINDS: ReadonlySet<string> = new Set(['time', 'count', 'volume']);

/** Whether there can be such bars; a file of somebody's own may ask for anything. */
export function isBarSpec({ by, size }: BarSpec): boolean {
  return KINDS.has(by) && Number.isSafeInteger(size) && size > 0;
}

/** When a bar by time has to be closed; Infinity where the clock closes none. */
export function barDueNs(spec: BarSpec, bar: BarState): number {
  return spec.by === 'time' && bar.trades > 0 ? bar.startNs + spec.size : Infinity;
}

/** Adds a trade. True where that closes the bar. */
export function addTrade(
  spec: BarSpec,
  bar: BarState,
  trade: { readonly timeNs: number; readonly priceTicks: number; readonly qtyLots: number },
): boolean {
  const { timeNs, priceTicks, qtyLots } = trade;
  if (bar.trades === 0) {
    bar.startNs = spec.by === 'time' ? timeNs - (timeNs % spec.size) : timeNs;
    bar.openTicks = priceTicks;
    bar.highTicks = priceTicks;
    bar.lowTicks = priceTicks;
    bar.qtyLots = 0;
  }
  if (priceTicks > bar.highTicks) bar.highTicks = priceTicks;
  if (priceTicks < bar.lowTicks) bar.lowTicks = priceTicks;
  bar.closeTicks = priceTicks;
  bar.qtyLots += qtyLots;
  bar.trades += 1;
  if (spec.by === 'count') return bar.trades >= spec.size;
  return spec.by === 'volume' && bar.qtyLots >= spec.size;
}
