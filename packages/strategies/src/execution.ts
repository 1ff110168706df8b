/**
 * Execution of one large order in slices. At the beginning of each slice what its schedule asks for is sent,
 * less what has been filled; a slice's order that has not filled by then is canceled, and the next one sends
 * what is missing.
 *
 * - TWAP: each slice has the same share of the quantity.
 * - VWAP: shares follow a volume profile, given as weights.
 *
 * The last slice sends a market order for the rest. Shares are cumulative and rounded down, so that none is lost. What
 * an order has filled in part goes on at once; what is refused waits for the next slice, and of the last one it stays
 * undone.
 * Source: R. Almgren, N. Chriss, Optimal execution of portfolio transactions (2000), for TWAP as its
 * risk-neutral case.
 */
import { NONE } from '@truetape/contracts';
import { defineStrategy } from '@truetape/engine';
import type { Context, MarketView, Side, Strategy, StrategyDefinition } from '@truetape/engine';
import { z } from 'zod';
import { lots, side, spanNs } from './parameters.ts';

const common = {
  side: side.default('buy').describe('Side of the order'),
  qtyLots: lots.default(100).describe('Quantity of the whole order'),
  startNs: z.int().min(0).default(1_000_000_000).describe('Begin, from when the strategy begins'),
  durationNs: spanNs.default(10_000_000_000).describe('Time that the whole order has'),
  style: z
    .enum(['passive', 'market'])
    .default('passive')
    .describe('passive: each slice joins its side of the book; market: it takes'),
};
const twapParameters = z.strictObject({
  ...common,
  slices: z.int().min(1).max(10_000).default(10).describe('Slices of the same length'),
});
const vwapParameters = z.strictObject({
  ...common,
  weights: z
    .array(z.int().min(0).max(1_000_000))
    .min(1)
    .max(10_000)
    .default([14, 11, 9, 8, 8, 8, 8, 9, 11, 14])
    .describe('Volume of each slice, in any unit'),
});

interface ExecutionParameters {
  readonly side: Side;
  readonly qtyLots: number;
  readonly startNs: number;
  readonly durationNs: number;
  readonly style: 'passive' | 'market';
}

export interface TwapParameters extends ExecutionParameters {
  readonly slices: number;
}

export interface VwapParameters extends ExecutionParameters {
  readonly weights: readonly number[];
}

interface ExecutionState {
  /** Slice that is under way; −1 before the first. */
  slice: number;
  filledLots: number;
  /** The intent that all slices belong to. */
  parentIntentId: number;
  /** The slice is sent once the order before it has ended. */
  isWaiting: boolean;
}

/** What is to be filled by the end of a slice. */
function dueLots({ weights, qtyLots }: VwapParameters, slice: number): number {
  if (slice >= weights.length - 1) return qtyLots;
  let all = 0;
  let upTo = 0;
  weights.forEach((weight, k) => {
    all += weight;
    if (k <= slice) upTo += weight;
  });
  return all === 0 ? 0 : Number((BigInt(qtyLots) * BigInt(upTo)) / BigInt(all));
}

function sendSlice(
  context: Context,
  market: MarketView,
  schedule: VwapParameters,
  state: ExecutionState,
): void {
  const { side: orderSide, style, weights } = schedule;
  const missing = dueLots(schedule, state.slice) - state.filledLots;
  const isLast = state.slice === weights.length - 1;
  if (missing <= 0) {
    context.noAction('sizedToZero', market);
    return;
  }
  const touch = orderSide === 'buy' ? market.bidTicks : market.askTicks;
  const isPassive = style === 'passive' && !isLast && touch !== NONE;
  context.submit({
    market,
    side: orderSide,
    qtyLots: missing,
    ...(isPassive ? { priceTicks: touch } : {}),
    reason: 'slice',
    parentIntentId: state.parentIntentId,
  });
}

const TIMER = 1;

function execute(schedule: VwapParameters): Strategy {
  const { startNs, durationNs, weights, qtyLots, side: orderSide } = schedule;
  const state: ExecutionState = { slice: -1, filledLots: 0, parentIntentId: NONE, isWaiting: false };
  const sliceAt = (slice: number, beginNs: number): number =>
    beginNs + Math.floor((durationNs * slice) / weights.length);
  return {
    state,
    onStart: (context) => {
      context.setTimer(TIMER, context.timeNs + startNs);
    },
    onTimer: (context) => {
      const [market] = context.markets;
      if (state.slice < 0) state.parentIntentId = context.openParent(market, orderSide, qtyLots, 'slice');
      state.slice += 1;
      context.cancelAll(market, 'slice');
      if (state.slice < weights.length - 1) {
        const beginNs = context.timeNs - (sliceAt(state.slice, 0) - sliceAt(0, 0));
        context.setTimer(TIMER, sliceAt(state.slice + 1, beginNs));
      }
      state.isWaiting = context.openOrders(market).length > 0;
      if (!state.isWaiting) sendSlice(context, market, schedule, state);
    },
    onFill: (_, { qtyLots: filled }) => {
      state.filledLots += filled;
    },
    onOrder: (context, order) => {
      const [market] = context.markets;
      if (order.state !== 'ended' || context.openOrders(market).length > 0) return;
      const isRest = order.cumLots > 0 && order.leavesLots > 0;
      // The order before has been canceled, or has filled before that: what is missing now goes out.
      if (state.isWaiting || isRest) sendSlice(context, market, schedule, state);
      state.isWaiting = false;
    },
  };
}

export const twap: StrategyDefinition<TwapParameters> = defineStrategy({
  name: 'twap',
  doc: 'Executes one large order in slices of the same size.',
  parameters: twapParameters,
  listens: () => ({}),
  create: ({ slices, ...rest }) => execute({ ...rest, weights: Array.from({ length: slices }, () => 1) }),
});

export const vwap: StrategyDefinition<VwapParameters> = defineStrategy({
  name: 'vwap',
  doc: 'Executes one large order in slices that follow a volume profile.',
  parameters: vwapParameters,
  listens: () => ({}),
  create: (schedule) => execute(schedule),
});
