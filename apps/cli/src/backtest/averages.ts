/** Figures of several runs as one row: means as exact fixed-point text, and the range of what is left. */
import { formatDecimal, parseDecimal, ratioFixed } from '@truetape/kernel';
import type { Figures } from './figures.ts';

export interface Averages {
  readonly runs: number;
  readonly asset: string;
  readonly fills: string;
  readonly fillRatio: string | null;
  readonly gross: string;
  readonly fees: string;
  readonly net: string;
  readonly leastNet: string;
  readonly mostNet: string;
  readonly maxDrawdown: string;
  readonly markoutTicks: string | null;
}

const MONEY_PLACES = 4;
const RATIO_PLACES = 4;
const COUNT_PLACES = 1;
const TICKS_PLACES = 3;

/** Decimals as integers of one scale. */
function aligned(texts: readonly string[]): { readonly values: bigint[]; readonly scale: number } {
  const decimals = texts.map((text) => {
    const parsed = parseDecimal(text);
    return parsed.ok ? parsed.value : { mantissa: 0n, scale: 0 };
  });
  const scale = Math.max(...decimals.map((one) => one.scale));
  return {
    values: decimals.map((one) => one.mantissa * BigInt(`1${'0'.repeat(scale - one.scale)}`)),
    scale,
  };
}

/** The mean of decimal texts, rounded once, half away from zero; null without any. */
export function meanFixed(texts: readonly string[], places: number): string | null {
  if (texts.length === 0) return null;
  const { values, scale } = aligned(texts);
  const sum = values.reduce((all, value) => all + value, 0n);
  return ratioFixed(sum, BigInt(texts.length) * BigInt(`1${'0'.repeat(scale)}`), places);
}

/** The least and the most of decimal texts, exact. */
export function rangeOf(texts: readonly string[]): readonly [least: string, most: string] {
  const { values, scale } = aligned(texts);
  const sorted = values.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return [formatDecimal(sorted[0], scale), formatDecimal(sorted[sorted.length - 1], scale)];
}

/** One row of at least one run. Ratios that a run has not are left out of their mean. */
export function averagesOf(all: readonly Figures[]): Averages {
  const money = (key: 'gross' | 'fees' | 'net' | 'maxDrawdown'): string =>
    meanFixed(
      all.map((one) => one[key]),
      MONEY_PLACES,
    )!;
  const present = (key: 'fillRatio' | 'markoutTicks'): string[] => all.flatMap((one) => one[key] ?? []);
  const [leastNet, mostNet] = rangeOf(all.map(({ net }) => net));
  return {
    runs: all.length,
    asset: all[0].asset,
    fills: meanFixed(
      all.map(({ fills }) => String(fills)),
      COUNT_PLACES,
    )!,
    fillRatio: meanFixed(present('fillRatio'), RATIO_PLACES),
    gross: money('gross'),
    fees: money('fees'),
    net: money('net'),
    leastNet,
    mostNet,
    maxDrawdown: money('maxDrawdown'),
    markoutTicks: meanFixed(present('markoutTicks'), TICKS_PLACES),
  };
}
