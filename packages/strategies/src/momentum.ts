/** Momentum: follows the move of the last bars while it is larger than a threshold. */
import { defineStrategy } from '@truetape/engine';
import type { StrategyDefinition } from '@truetape/engine';
import { z } from 'zod';
import { barCount, lots, spanNs, ticks } from './parameters.ts';
import { pushClose } from './window.ts';

const parameters = z.strictObject({
  barNs: spanNs.default(1_000_000_000).describe('Length of a bar'),
  bars: barCount.default(10).describe('Bars over which the move is taken'),
  thresholdTicks: ticks.default(5).describe('A move below it is no signal'),
  qtyLots: lots.default(5).describe('Position that a signal asks for'),
});

export interface MomentumParameters {
  readonly barNs: number;
  readonly bars: number;
  readonly thresholdTicks: number;
  readonly qtyLots: number;
}

interface MomentumState {
  /** The last closes by instrument, oldest first. */
  closes: Record<number, number[]>;
}

export const momentum: StrategyDefinition<MomentumParameters> = defineStrategy({
  name: 'momentum',
  doc: 'Goes with the move of the last bars, long or short, and is flat without one.',
  parameters,
  listens: ({ barNs }) => ({ bars: { by: 'time', size: barNs } }),
  create: ({ bars, thresholdTicks, qtyLots }) => {
    const state: MomentumState = { closes: {} };
    return {
      state,
      onBar: (context, { market, closeTicks }) => {
        const closes = pushClose(state.closes, market.index, closeTicks, bars);
        if (closes.length < bars) {
          context.noAction('notReady', market);
          return;
        }
        const move = closeTicks - closes[0];
        const wanted = move >= thresholdTicks ? qtyLots : move <= -thresholdTicks ? -qtyLots : 0;
        if (wanted === context.positionLots(market)) context.noAction('noSignal', market);
        else context.target(market, wanted, wanted === 0 ? 'exit' : 'signal');
      },
    };
  },
});
