/**
 * Mean reversion: against the market where it is far from its mean, in standard deviations of the last bars,
 * until it is back. Sums are of integers; the only root is a correctly rounded one, so that every platform has
 * the same signal.
 */
import { defineStrategy } from '@truetape/engine';
import type { StrategyDefinition } from '@truetape/engine';
import { z } from 'zod';
import { barCount, lots, spanNs } from './parameters.ts';
import { pushClose } from './window.ts';

const parameters = z
  .strictObject({
    barNs: spanNs.default(1_000_000_000).describe('Length of a bar'),
    bars: barCount.default(20).describe('Bars of which mean and deviation are taken'),
    entryPermille: z
      .int()
      .min(1)
      .max(100_000)
      .default(2000)
      .describe('Distance from the mean that is a signal, in thousandths of a standard deviation'),
    exitPermille: z
      .int()
      .min(0)
      .max(100_000)
      .default(500)
      .describe('Distance at which the position is given back'),
    qtyLots: lots.default(5).describe('Position that a signal asks for'),
  })
  .refine(({ entryPermille, exitPermille }) => exitPermille < entryPermille, {
    path: ['exitPermille'],
    message: 'less than entryPermille is expected',
  });

export interface MeanReversionParameters {
  readonly barNs: number;
  readonly bars: number;
  readonly entryPermille: number;
  readonly exitPermille: number;
  readonly qtyLots: number;
}

interface MeanReversionState {
  closes: Record<number, number[]>;
}

/** Distance of the last close from the mean, in thousandths of a standard deviation; 0 where nothing moves. */
function scorePermille(closes: readonly number[]): number {
  const n = closes.length;
  // Differences from the first keep the squares small.
  let sum = 0;
  let squares = 0;
  for (const close of closes) {
    const off = close - closes[0];
    sum += off;
    squares += off * off;
  }
  const spread = n * squares - sum * sum;
  if (spread <= 0) return 0;
  return Math.trunc((1000 * (n * (closes[n - 1] - closes[0]) - sum)) / Math.sqrt(spread));
}

export const meanReversion: StrategyDefinition<MeanReversionParameters> = defineStrategy({
  name: 'mean-reversion',
  doc: 'Sells what is far above its mean and buys what is far below, until it is back.',
  parameters,
  listens: ({ barNs }) => ({ bars: { by: 'time', size: barNs } }),
  create: ({ bars, entryPermille, exitPermille, qtyLots }) => {
    const state: MeanReversionState = { closes: {} };
    return {
      state,
      onBar: (context, { market, closeTicks }) => {
        const closes = pushClose(state.closes, market.index, closeTicks, bars);
        if (closes.length < bars) {
          context.noAction('notReady', market);
          return;
        }
        const score = scorePermille(closes);
        const position = context.positionLots(market);
        const isBack = Math.abs(score) <= exitPermille || Math.sign(score) === Math.sign(position);
        let wanted = isBack ? 0 : position;
        if (score >= entryPermille) wanted = -qtyLots;
        if (score <= -entryPermille) wanted = qtyLots;
        if (wanted === position) context.noAction('noSignal', market);
        else context.target(market, wanted, wanted === 0 ? 'exit' : 'signal');
      },
    };
  },
});
