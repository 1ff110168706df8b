/**
 * Drift: how far the local book's best prices are from the exchange's quote at the moment a quote arrives.
 * The two streams are not in step, so this measures delay and is no error; see `top-oracle.ts` for errors.
 */
import { NONE } from '@truetape/contracts';
import {
  createHistogram,
  percentile,
  recordValue,
  summarizeHistogram,
  type Histogram,
} from '@truetape/kernel';
import type { Top } from './depth-book.ts';

/** Distributions of absolute differences; bids and asks in one. */
export interface Drift {
  /** Quotes compared; each gives two differences in ticks, and two in lots. */
  quotes: number;
  /** Quotes that came while the book was uncertain or lacked a side. */
  skipped: number;
  ticks: Histogram | undefined;
  lots: Histogram | undefined;
}

/** A distribution as p50 … max; percentiles are bucket bounds. */
export interface DriftSummary {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

export function createDrift(): Drift {
  return { quotes: 0, skipped: 0, ticks: undefined, lots: undefined };
}

/** Compares a quote with the book's top; `usable` is false while the book is not to be trusted. */
export function recordDrift(drift: Drift, top: Top, quote: Top, usable: boolean): void {
  const whole =
    usable &&
    top.bidTicks !== NONE &&
    top.askTicks !== NONE &&
    quote.bidTicks !== NONE &&
    quote.askTicks !== NONE;
  if (!whole) {
    drift.skipped++;
    return;
  }
  // Made on first use: a capture of hundreds of symbols without books would pay 100 KiB for each.
  drift.ticks ??= createHistogram();
  drift.lots ??= createHistogram();
  drift.quotes++;
  recordValue(drift.ticks, Math.abs(top.bidTicks - quote.bidTicks));
  recordValue(drift.ticks, Math.abs(top.askTicks - quote.askTicks));
  recordValue(drift.lots, Math.abs(top.bidLots - quote.bidLots));
  recordValue(drift.lots, Math.abs(top.askLots - quote.askLots));
}

/** Percentiles of a distribution; undefined while it is empty. */
export function summarizeDrift(histogram: Histogram | undefined): DriftSummary | undefined {
  if (histogram === undefined) return undefined;
  const { max } = summarizeHistogram(histogram);
  if (max === undefined) return undefined;
  const at = (parts: number): number => percentile(histogram, parts) ?? max;
  return { p50: at(500_000), p90: at(900_000), p99: at(990_000), p999: at(999_000), max };
}
