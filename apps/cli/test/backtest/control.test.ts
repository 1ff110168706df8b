/** What stands above a strategy: limits, the kill switch, an operator's word. */
import type { Event } from '@truetape/contracts';
import { Kind, nameOfCode } from '@truetape/contracts';
import type { Context, MarketUpdate, Strategy } from '@truetape/engine';
import { expect, test } from 'vitest';
import { ofKind, run, simTape } from './runs.ts';

const tape = simTape('calm', '5', 6000);

/** Buys a lot at the market with every trade. */
const BUYER = {
  name: 'buyer',
  listens: { trades: true },
  make: (): Strategy => ({
    state: {},
    onMarket: (context: Context, { market }: MarketUpdate) => {
      context.submit({ market, side: 'buy', qtyLots: 1, reason: 'signal' });
    },
  }),
};

const LINEAR = { instrument: { class: 'linear', leverage: 100 }, mode: 'replay' } as const;

test('a position limit holds, also for what is under way', () => {
  const config = { ...LINEAR, risk: { limits: { maxPositionLots: 7 } } };
  const { events, backtest } = run(tape, { strategy: BUYER, config });
  expect(ofKind(events, Kind.Fill).length).toBe(7);
  expect(backtest.engine.runs[0].positions[1]).toBe(7);
  const denied = ofKind(events, Kind.RiskDecision).filter(({ verdict }) => verdict === 2);
  expect(denied.length).toBeGreaterThan(10);
  for (const { code, rule, observed, limit, allowedLots, causeTape } of denied) {
    expect(nameOfCode('denialCode', code)).toBe('positionLimit');
    expect(nameOfCode('rule', rule)).toBe('position');
    expect([observed, limit, allowedLots, causeTape]).toEqual([8n, 7n, 0, 0]);
  }
});

// Fails where what the account began with counts as a position: every order to buy would be denied.
test('on spot the limit holds what was traded, not what was deposited', () => {
  const config = { mode: 'exchange', risk: { limits: { maxPositionLots: 3 } } };
  const { events, backtest } = run(tape, { strategy: 'market-maker', config });
  const [{ mostLongLots, mostShortLots }] = backtest.metrics.exposures;
  expect(Math.max(mostLongLots, mostShortLots)).toBe(3);
  const bought = ofKind(events, Kind.NewOrder).filter(({ flags }) => (flags & 0x30) === 0x10);
  expect(bought.length).toBeGreaterThan(3);
});

test('denials are the same when the run is saved and goes on', () => {
  const config = {
    ...LINEAR,
    risk: { limits: { maxPositionLots: 7 }, account: { orderRate: { orders: 3, perNs: 50_000_000 } } },
  };
  const whole = run(tape, { strategy: BUYER, config });
  const resumed = run(tape, { strategy: BUYER, config, resumeAt: [500, 1500, 1501, 4000] });
  expect(ofKind(resumed.events, Kind.RiskDecision)).toEqual(ofKind(whole.events, Kind.RiskDecision));
  const verdicts = new Set(ofKind(whole.events, Kind.RiskDecision).map(({ verdict }) => verdict));
  expect([...verdicts].sort()).toEqual([1, 2, 4]);
});

test('kill: nothing new behind it, everything open is canceled; resume: it goes on', () => {
  const second = 1_000_000_000;
  const config = {
    mode: 'replay',
    script: [
      { atNs: second, command: 'kill' },
      { atNs: 2 * second, command: 'resume' },
    ],
  };
  const { events } = run(tape, { strategy: 'market-maker', config });
  const [killed, resumed] = ofKind(events, Kind.KillSwitch);
  expect([killed.level, killed.previous, resumed.level, resumed.previous]).toEqual([2, 0, 0, 2]);
  const between = events.filter(({ seq }) => seq > killed.seq && seq < resumed.seq);
  expect(ofKind(between, Kind.NewOrder)).toEqual([]);
  const cancels = ofKind(between, Kind.CancelOrder).filter(({ cause }) => cause === killed.seq);
  expect(cancels.length).toBeGreaterThan(0);
  const denials = ofKind(between, Kind.RiskDecision).filter(({ verdict }) => verdict === 2);
  expect(denials.length).toBeGreaterThan(0);
  expect(new Set(denials.map(({ code }) => nameOfCode('denialCode', code)))).toEqual(new Set(['killed']));
  expect(ofKind(events.slice(resumed.seq), Kind.NewOrder).length).toBeGreaterThan(0);
});

test('flatten: the position is closed, whatever was under way', () => {
  const config = {
    ...LINEAR,
    risk: { limits: { maxPositionLots: 20 } },
    script: [{ atNs: 700_000_000, command: 'flatten' }],
  };
  const { events, backtest } = run(tape, { strategy: BUYER, config: { ...config, sampleNs: 1_000_000 } });
  expect(ofKind(events, Kind.Fill).some(({ flags }) => (flags & 0x30) === 0x20)).toBe(true);
  expect(backtest.engine.runs[0].positions[1]).toBe(0);
  // What closes it is on its way for longer than the switch is looked at, and is not canceled by it.
  const closing = ofKind(events, Kind.NewOrder).filter(({ exec }) => exec === 1);
  expect(closing.length).toBeGreaterThan(0);
  const canceled = new Set(ofKind(events, Kind.CancelOrder).map(({ orderId }) => orderId));
  expect(closing.filter(({ orderId }) => canceled.has(orderId))).toEqual([]);
  const [word] = ofKind(events, Kind.OperatorCommand);
  expect(JSON.parse(word.json)).toEqual({ command: 'flatten' });
});

test('a loss pulls the switch, and the rule says on which numbers', () => {
  const config = {
    ...LINEAR,
    risk: { limits: { maxPositionLots: 50 }, kill: { loss: { amount: '0.5', level: 'flatten' } } },
    sampleNs: 1_000_000,
  };
  const { events, backtest } = run(tape, { strategy: BUYER, config });
  const runtime = ofKind(events, Kind.RiskDecision).filter(({ phase }) => phase === 2);
  expect(runtime).toHaveLength(1);
  const [{ rule, observed, limit, seq }] = runtime;
  expect(nameOfCode('rule', rule)).toBe('loss');
  expect(limit).toBe(50_000_000n);
  expect(observed).toBeGreaterThan(limit);
  expect(ofKind(events, Kind.KillSwitch)[0].cause).toBe(seq);
  expect(backtest.engine.runs[0].positions[1]).toBe(0);
  // The rule stopped no order by itself: those that the switch stopped count.
  const denied = ofKind(events, Kind.RiskDecision).filter(
    ({ phase, verdict }) => phase === 1 && verdict === 2,
  );
  const told = [...backtest.metrics.denials.values()].reduce((sum, count) => sum + count, 0);
  expect(told).toBe(denied.length);
});

// Fails where an amend under way counts as what the order was before: the limit would be passed by what it adds.
test('an amend that has not been answered counts as carried out', () => {
  const greedy = {
    name: 'greedy',
    listens: { trades: true },
    make: (): Strategy => ({
      state: {},
      onMarket: (context: Context, { market }: MarketUpdate) => {
        const [order] = context.openOrders(market);
        if (order === undefined) {
          context.submit({ market, side: 'buy', qtyLots: 1, priceTicks: market.bidTicks });
        } else if (order.state === 'open' && !order.isAmending && order.qtyLots === 1) {
          context.amend(order, { qtyLots: 10 });
          context.submit({ market, side: 'buy', qtyLots: 9 });
        }
      },
    }),
  };
  for (const mode of ['exchange', 'replay']) {
    const config = { ...LINEAR, mode, risk: { limits: { maxPositionLots: 10 } } };
    const { backtest } = run(tape, { strategy: greedy, config });
    expect(backtest.metrics.exposures[0].mostLongLots).toBeLessThanOrEqual(10);
    expect([...backtest.metrics.denials.keys()]).toContain('positionLimit');
  }
});

// Fails where a cancel or a flattening order that a venue refused is not tried again while the switch is on.
test.each(['cancelAll', 'flatten'] as const)(
  '%s in the middle of an outage is carried out behind it',
  (level) => {
    const config = {
      ...LINEAR,
      risk: { limits: { maxPositionLots: 20 } },
      strategy: { maxPositionLots: 20 },
      outages: [{ fromNs: 800_000_000, toNs: 1_000_000_000 }],
      script: [{ atNs: 850_000_000, command: 'kill', level }],
    };
    const { events, backtest } = run(tape, { strategy: 'market-maker', config });
    const [market] = backtest.engine.views;
    expect(market.open).toEqual([]);
    if (level === 'flatten') expect(backtest.engine.runs[0].positions[1]).toBe(0);
    const refused = ofKind(events, Kind.Rejected).filter(
      ({ code }) => nameOfCode('rejectCode', code) === 'venueDown',
    );
    expect(refused.length).toBeGreaterThan(0);
  },
);

test('an outage that cancels what rests', () => {
  for (const mode of ['exchange', 'replay', 'ideal']) {
    const outages = [{ fromNs: 800_000_000, toNs: 1_000_000_000, cancelAll: true }];
    const { events } = run(tape, { strategy: 'market-maker', config: { ...LINEAR, mode, outages } });
    const canceled = ofKind(events, Kind.Canceled).filter(
      ({ reason }) => nameOfCode('cancelReason', reason) === 'disconnect',
    );
    expect(canceled.length).toBeGreaterThan(0);
    // Said once, also where the cancellations move the book that everybody sees.
    const said = ofKind(events, Kind.TradingStatus).map((one) =>
      [one.previous, one.status].map((code) => nameOfCode('tradingStatus', code)),
    );
    expect(said).toEqual([
      ['trading', 'halted'],
      ['halted', 'trading'],
    ]);
  }
});

// Fails where an amend escapes what its order was sent under.
test('a child that is amended stays within its parent, and one that only reduces goes on reducing', () => {
  const amended = (reduceOnly: boolean): ReturnType<typeof run> => {
    const own = {
      name: 'amender',
      listens: { trades: true },
      make: (): Strategy => {
        const state = { parentIntentId: 0 };
        return {
          state,
          onMarket: (context: Context, { market }: MarketUpdate) => {
            if (market.bidTicks < 0 || market.askTicks < 0) return;
            const [order] = context.openOrders(market);
            if (reduceOnly && context.positionLots(market) === 0 && order === undefined) {
              context.submit({ market, side: 'buy', qtyLots: 5 });
            } else if (order === undefined) {
              const side = reduceOnly ? 'sell' : 'buy';
              const priceTicks = reduceOnly ? market.askTicks + 50 : market.bidTicks - 50;
              if (!reduceOnly && state.parentIntentId === 0)
                state.parentIntentId = context.openParent(market, 'buy', 5);
              const part = reduceOnly ? { reduceOnly } : { parentIntentId: state.parentIntentId };
              context.submit({ market, side, qtyLots: 5, priceTicks, ...part });
            } else if (order.state === 'open' && order.priceTicks > 0) context.amend(order, { qtyLots: 50 });
          },
        };
      },
    };
    return run(tape, { strategy: own, config: LINEAR });
  };
  const child = amended(false);
  expect(ofKind(child.events, Kind.AmendOrder)).toEqual([]);
  expect([...child.backtest.metrics.denials.keys()]).toContain('exceedsParent');
  const reducing = amended(true);
  for (const { qtyLots } of ofKind(reducing.events, Kind.AmendOrder)) expect(qtyLots).toBeLessThanOrEqual(5);
  // What it was asked to do stands in the intent as well, for an order that was denied.
  const sells = (events: readonly Event[]): readonly { readonly exec: number }[] =>
    [...ofKind(events, Kind.Intent), ...ofKind(events, Kind.NewOrder)].filter(
      ({ flags }) => flags >> 4 === 2,
    );
  expect(new Set(sells(reducing.events).map(({ exec }) => exec))).toEqual(new Set([1]));
  expect(new Set(sells(child.events).map(({ exec }) => exec)).has(1)).toBe(false);
});
