/** One origin for the times of a configuration; what an outage leads to; runs that would never end. */
import { Kind, NONE, nameOfCode } from '@truetape/contracts';
import type { Context, MarketUpdate, Strategy } from '@truetape/engine';
import { expect, test } from 'vitest';
import { ofKind, run, simTape } from './runs.ts';
import type { OwnStrategy } from './runs.ts';

const tape = simTape('calm', '5', 6000);
const MS = 1_000_000;
const LINEAR = { instrument: { class: 'linear', leverage: 100 }, mode: 'replay' } as const;

/** Sends a market order with every trade. */
const BUYER: OwnStrategy = {
  name: 'buyer',
  listens: { trades: true, others: true },
  make: (): Strategy => ({
    state: {},
    onMarket: (context: Context, { market }: MarketUpdate) => {
      context.submit({ market, side: 'buy', qtyLots: 1 });
    },
  }),
};

// Fails where one of the two counts from elsewhere: from the epoch, or from when the strategy begins.
test.each([undefined, 400 * MS])(
  'outages and the script count from the first event, strategy from %s',
  (fromNs) => {
    const { firstNs } = tape.facts;
    const config = {
      ...LINEAR,
      outages: [{ fromNs: 700 * MS, toNs: 900 * MS }],
      script: [
        { atNs: 100 * MS, command: 'kill', level: 'blockNew' },
        { atNs: 500 * MS, command: 'resume' },
        { atNs: 1000 * MS, command: 'kill' },
      ],
    };
    const options = {
      strategy: BUYER,
      config,
      ...(fromNs === undefined ? {} : { fromNs: firstNs + fromNs }),
    };
    const { events } = run(tape, options);
    const words = ofKind(events, Kind.OperatorCommand).map(({ timeNs }) => timeNs - firstNs);
    const begins = (fromNs ?? -Infinity) > 100 * MS ? events[0].timeNs - firstNs : 100 * MS;
    expect(words).toEqual([begins, 500 * MS, 1000 * MS]);
    const down = ofKind(events, Kind.Rejected).filter(
      ({ code }) => nameOfCode('rejectCode', code) === 'venueDown',
    );
    const times = down.map(({ matchTime }) => matchTime - firstNs);
    expect(Math.min(...times)).toBeGreaterThanOrEqual(700 * MS);
    expect(Math.max(...times)).toBeLessThan(900 * MS);
    const halted = ofKind(events, Kind.TradingStatus).map(({ status, timeNs }) => [
      nameOfCode('tradingStatus', status),
      timeNs - firstNs,
    ]);
    // A millisecond on their way.
    expect(halted).toEqual([
      ['halted', 701 * MS],
      ['trading', 901 * MS],
    ]);
  },
);

// Fails where an intent that an outage led to has no cause.
test('what follows from an outage names it', () => {
  const config = { ...LINEAR, outages: [{ fromNs: 700 * MS, toNs: 900 * MS }] };
  const { events } = run(tape, { strategy: BUYER, config });
  const statuses = ofKind(events, Kind.TradingStatus);
  for (const { seq } of statuses)
    expect(ofKind(events, Kind.Intent).some(({ cause, causeTape }) => cause === seq && causeTape === 0)).toBe(
      true,
    );
  expect(ofKind(events, Kind.Intent).filter(({ cause }) => cause === NONE)).toEqual([]);
});

// Fails where a funding that only the configuration tells has no cause, or is not of the position at its time.
test('funding of a configuration names the rate, and is of the position that the venue has', () => {
  const config = {
    ...LINEAR,
    funding: { everyNs: 100 * MS, rateE12: 1_000_000_000 },
    latency: { response: { kind: 'fixed', ns: 60 * MS } },
  };
  const { events } = run(tape, { strategy: BUYER, config });
  const paid = ofKind(events, Kind.FundingPaid);
  expect(paid.length).toBeGreaterThan(5);
  for (const { cause, causeTape, positionLots, fundingTime } of paid) {
    const rate = events[cause];
    expect([causeTape, rate.kind]).toEqual([0, Kind.FundingRate]);
    const held = ofKind(events, Kind.Fill).filter(({ matchTime }) => matchTime <= fundingTime);
    expect(positionLots).toBe(held.reduce((sum, { qtyLots }) => sum + qtyLots, 0));
  }
});

const ROUND: OwnStrategy = {
  name: 'round',
  listens: {},
  make: (): Strategy => ({
    state: {},
    onStart: (context) => {
      context.setTimer(1, context.timeNs);
    },
    onTimer: (context) => {
      context.setTimer(1, context.timeNs);
    },
  }),
};

// Fails where a timer that sets itself anew is taken for a venue that answers, or keeps the run for ever.
test('a timer that sets itself anew ends the run, and is what is blamed', () => {
  const { backtest } = run(tape, { strategy: ROUND });
  expect([backtest.stuckBy, backtest.isEnded]).toEqual(['timers', true]);
});

test.each([
  [{}, 'a price or a quantity'],
  [{ qtyLots: 1.5 }, 'lots above zero'],
  [{ qtyLots: 0 }, 'lots above zero'],
  [{ priceTicks: 0.5 }, 'number of ticks'],
  [{ priceTicks: NaN }, 'number of ticks'],
])('ENGINE-5: an amend with %o', (change, message) => {
  const amender: OwnStrategy = {
    name: 'amender',
    listens: { trades: true },
    make: (): Strategy => ({
      state: {},
      onMarket: (context, { market }) => {
        const [order] = context.openOrders(market);
        if (order === undefined)
          context.submit({ market, side: 'buy', qtyLots: 1, priceTicks: market.bidTicks });
        else context.amend(order, change);
      },
    }),
  };
  expect(() => run(tape, { strategy: amender, config: LINEAR })).toThrow(message);
});

// Fails where a strategy may act between the calls: at a time that depends on how the tape was read.
test.each([
  [
    'async',
    async (context: Context, market: MarketUpdate['market']) => {
      await Promise.resolve();
      context.submit({ market, side: 'buy', qtyLots: 1 });
    },
  ],
  [
    'a promise',
    (context: Context, market: MarketUpdate['market']) => {
      void Promise.resolve().then(() => context.submit({ market, side: 'buy', qtyLots: 1 }));
    },
  ],
])('a strategy that goes on after it has returned is found out: %s', async (_, act) => {
  const late: OwnStrategy = {
    name: 'late',
    listens: { trades: true },
    make: (): Strategy => ({
      state: {},
      onMarket: (context, { market }) => act(context, market),
    }),
  };
  const { events, backtest } = run(tape, { strategy: late, config: LINEAR });
  await Promise.resolve();
  expect(backtest.engine.isStray).toBe(true);
  expect(ofKind(events, Kind.Intent)).toEqual([]);
});
