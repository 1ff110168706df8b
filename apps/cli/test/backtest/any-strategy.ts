/** Two strategies that ask for anything there is, on one account: their run is the same, saved and resumed. */
import type { JsonObject } from '@truetape/contracts';
import type { Context, Listens, Side, Strategy } from '@truetape/engine';
import * as fc from 'fast-check';
import { expect } from 'vitest';
import { checkProperty } from './property.ts';
import { run, simTape } from './runs.ts';
import type { OwnStrategy } from './runs.ts';
import { MODES } from './same-run.ts';
import type { Extent } from './same-run.ts';

interface AnyState {
  calls: number;
  parentIntentId: number;
  /** Orders that it was last told of. */
  told: number[];
}

const SPAN_NS = 30_000_000;

/** Orders of all kinds, parts of a larger one, amends, cancels, timers. */
function orders(context: Context, state: AnyState): void {
  const dice = context.random('orders');
  const [market] = context.markets;
  const side: Side = dice.nextInt(2) === 0 ? 'buy' : 'sell';
  const qtyLots = 1 + dice.nextInt(6);
  const touch = side === 'buy' ? market.bidTicks : market.askTicks;
  const [order] = context.openOrders(market);
  const roll = dice.nextInt(14);
  if (roll === 0) context.submit({ market, side, qtyLots, reduceOnly: dice.nextInt(2) === 0 });
  else if (roll === 1) state.parentIntentId = context.openParent(market, 'buy', 30);
  else if (roll === 2 && state.parentIntentId >= 0)
    context.submit({ market, side: 'buy', qtyLots, parentIntentId: state.parentIntentId });
  else if (roll === 3) context.setTimer(dice.nextInt(3), context.timeNs + dice.nextInt(SPAN_NS));
  else if (touch < 0) return;
  else if (roll < 8) {
    const kinds = [
      {},
      { postOnly: 'slide' },
      { postOnly: 'reject' },
      { tif: 'IOC' },
      { tif: 'FOK' },
    ] as const;
    const priceTicks = touch + dice.nextInt(7) - 3;
    context.submit({ market, side, qtyLots, priceTicks, ...kinds[dice.nextInt(5)] });
  } else if (order !== undefined && roll < 12)
    context.amend(order, { qtyLots: order.cumLots + qtyLots, priceTicks: touch + dice.nextInt(5) - 2 });
  else if (order !== undefined) context.cancel(order);
}

/** Targets, and reasons for doing nothing. */
function targets(context: Context): void {
  const dice = context.random('targets');
  const [market] = context.markets;
  const roll = dice.nextInt(12);
  if (roll < 4) context.target(market, dice.nextInt(21) - 10);
  else if (roll < 8) context.noAction('noSignal', market);
  else if (roll === 8) context.cancelAll(market);
  else if (roll === 9) context.setTimer(dice.nextInt(3), context.timeNs + dice.nextInt(SPAN_NS));
}

const anything = (
  name: string,
  listens: Listens,
  act: (context: Context, state: AnyState) => void,
): OwnStrategy => ({
  name,
  listens,
  make: (): Strategy => {
    const state: AnyState = { calls: 0, parentIntentId: -1, told: [] };
    const acts = (context: Context): void => {
      state.calls += 1;
      act(context, state);
    };
    return {
      state,
      onMarket: acts,
      onTimer: acts,
      onBar: acts,
      onFill: (context) => {
        if (state.calls % 3 === 0) acts(context);
      },
      onOrder: (_, { orderId }) => {
        state.told = [...state.told.slice(-5), orderId];
      },
    };
  },
});

const STRATEGIES = [
  anything('orders', { depth: 'top', trades: true, others: true, bars: { by: 'count', size: 7 } }, orders),
  anything('targets', { depth: 'all', bars: { by: 'time', size: 5_000_000 } }, targets),
];

const CONFIG = {
  deposits: { USD: '20000', SIM: '50' },
  latency: {
    feed: { kind: 'logNormal', medianNs: 300_000, sigmaPermille: 500 },
    order: { kind: 'uniform', minNs: 0, maxNs: 9_000_000 },
    response: { kind: 'empirical', valuesNs: [0, 50_000, 2_000_000] },
  },
  script: [
    { atNs: 200_000_000, command: 'flatten' },
    { atNs: 300_000_000, command: 'resume', rebase: true },
  ],
  sampleNs: 10_000_000,
} satisfies JsonObject;

const cases = fc.record({
  seed: fc.integer({ min: 1, max: 100 }),
  mode: fc.constantFrom(...MODES),
  class: fc.constantFrom('linear', 'inverse', 'spot'),
  roundPer: fc.constantFrom('fill', 'contract'),
  cancelAll: fc.boolean(),
  level: fc.constantFrom('cancelAll', 'flatten'),
  share: fc.double({ min: 0.02, max: 0.98, noNaN: true }),
});

/** Fails when a member of what an engine knows is left out, or comes back as another one. */
export function checkAnythingResumed({ seed, runs }: Extent): void {
  checkProperty(
    seed,
    fc.property(cases, ({ seed: tapeSeed, mode, roundPer, cancelAll, level, share, ...one }) => {
      const tape = simTape(
        (['calm', 'burst', 'mixed', 'flash-crash'] as const)[tapeSeed % 4],
        String(tapeSeed),
        1500,
      );
      const risk = {
        limits: { maxPositionLots: 12 },
        account: { orderRate: { orders: 200, perNs: 1_000_000_000 } },
        strategies: { orders: { maxLoss: '50' } },
        kill: { drawdown: { amount: '60', level } },
      };
      const outages = [{ fromNs: 100_000_000, toNs: 120_000_000, cancelAll }];
      const instrument = { class: one.class, leverage: 10, roundPer };
      const config = { ...CONFIG, mode, instrument, risk, outages };
      const whole = run(tape, { strategy: STRATEGIES, config });
      const at = Math.max(1, Math.floor(tape.count * share));
      const resumeAt = [at, at + 1, ...Array.from({ length: 20 }, (_, k) => 60 + k * 41)];
      expect(run(tape, { strategy: STRATEGIES, config, resumeAt }).hash).toBe(whole.hash);
    }),
    runs,
  );
}
