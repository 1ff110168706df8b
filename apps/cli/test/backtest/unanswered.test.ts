// What is asked of the venue and not carried out leaves no trace in what comes behind it.
import { Kind, NONE, nameOfCode } from '@truetape/contracts';
import type { Context, MarketUpdate, Strategy } from '@truetape/engine';
import { expect, test } from 'vitest';
import { ofKind, run, simTape } from './runs.ts';
import type { OwnStrategy } from './runs.ts';

const LINEAR = { instrument: { class: 'linear', leverage: 100 } } as const;

/** Buys 4, offers them, has an amend refused where it is to be, and sells one: the venue cuts what it offers. */
const offering = (isRefused: boolean): OwnStrategy => ({
  name: 'offering',
  listens: { depth: 'all' },
  make: (): Strategy => {
    const state = { step: 0, middle: 0, atNs: 0 };
    const next = (middle: number, atNs: number): void => {
      Object.assign(state, { step: state.step + 1, middle, atNs });
    };
    return {
      state,
      onMarket: (context: Context, { market }: MarketUpdate) => {
        const { bidTicks, askTicks } = market;
        if (bidTicks === NONE || askTicks === NONE) return;
        const middle = bidTicks + askTicks;
        const [order] = context.openOrders(market);
        const sell = { market, side: 'sell', reduceOnly: true, postOnly: 'reject' } as const;
        if (state.step === 0) {
          context.submit({ market, side: 'buy', qtyLots: 4 });
          next(middle, context.timeNs);
        } else if (state.step === 1 && context.positionLots(market) === 4) {
          context.submit({ ...sell, qtyLots: 4, priceTicks: askTicks + 2 });
          next(middle, context.timeNs);
        } else if (state.step === 2 && order?.state === 'open' && Math.abs(middle - state.middle) >= 2) {
          if (isRefused) context.amend(order, { priceTicks: bidTicks - 3 });
          next(middle, context.timeNs);
        } else if (state.step === 3 && context.timeNs > state.atNs + 20_000_000) {
          context.submit({ market, side: 'sell', qtyLots: 1 });
          next(middle, context.timeNs);
        }
      },
    };
  },
});

// Fails where a fill is held against what was seen when an amend was sent that the venue refused.
test('an amend that is refused changes nothing of what execution cost', () => {
  const market = simTape('cancel-storm', '11', 6000);
  const [plain, refused] = [false, true].map((is) => run(market, { strategy: offering(is), config: LINEAR }));
  const fills = (one: typeof plain): unknown =>
    ofKind(one.events, Kind.Fill).map(({ timeNs, priceTicks, qtyLots }) => [timeNs, priceTicks, qtyLots]);
  expect(ofKind(refused.events, Kind.Rejected).map(({ command }) => command)).toEqual([Kind.AmendOrder]);
  expect(ofKind(refused.events, Kind.Amended).length).toBeGreaterThan(0);
  expect(fills(refused)).toEqual(fills(plain));
  expect(refused.backtest.metrics.costs).toEqual(plain.backtest.metrics.costs);
});

// Fails where a target is given up in silence because the order of the one before it was refused.
test('a target that waits for an order to end is tried though that order was refused', () => {
  const flipping: OwnStrategy = {
    name: 'flipping',
    listens: { depth: 'all' },
    make: (): Strategy => {
      const state = { targets: 0, atNs: 0 };
      return {
        state,
        onMarket: (context: Context, { market }: MarketUpdate) => {
          if (market.bidTicks === NONE || market.askTicks === NONE) return;
          if (state.targets === 0 && context.timeNs > 500_000_000) {
            context.target(market, 5);
            Object.assign(state, { targets: 1, atNs: context.timeNs });
          } else if (state.targets === 1 && context.timeNs > state.atNs) {
            context.target(market, -5);
            state.targets = 2;
          }
        },
      };
    },
  };
  const fixed = { kind: 'fixed', ns: 20_000_000 } as const;
  const config = {
    ...LINEAR,
    latency: { order: fixed, cancel: fixed },
    outages: [{ fromNs: 500_000_000, toNs: 525_000_000 }],
  };
  const { events } = run(simTape('calm', '7', 4000), { strategy: flipping, config });
  expect(ofKind(events, Kind.Rejected).length).toBeGreaterThan(0);
  const [, second] = ofKind(events, Kind.Target);
  const tries = ofKind(events, Kind.Intent).filter(
    ({ parentIntentId }) => parentIntentId === second.intentId,
  );
  expect(tries.length).toBeGreaterThan(0);
  // The venue is still down, so the market is not known: the gate says so, and the tape has it.
  const verdicts = ofKind(events, Kind.RiskDecision).filter(({ intentId }) => intentId === tries[0].intentId);
  expect(verdicts.map(({ code }) => nameOfCode('denialCode', code))).toEqual(['uncertainData']);
});
