/** Several strategies on one account: the parts are the whole, none trades with another, each has its own budget. */
import { profitsByStrategy, reportOf } from '@truetape/backtest';
import { Kind, NONE, nameOfCode } from '@truetape/contracts';
import type { JsonObject, JsonValue } from '@truetape/contracts';
import type { Strategy } from '@truetape/engine';
import { checkLedger } from '@truetape/ledger';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkProperty, seeds } from './property.ts';
import { ofKind, run } from './runs.ts';
import type { OwnStrategy, RunResult } from './runs.ts';
import { WILD, tapeOfSeed } from './wild.ts';

const object = (value: JsonValue | undefined): JsonObject => (value ?? {}) as JsonObject;
const rows = (value: JsonValue | undefined): readonly JsonObject[] => (value ?? []) as readonly JsonObject[];

/** A decimal text as an integer of 30 digits behind the point. */
function units(text: JsonValue | undefined): bigint {
  const [, sign, whole, rest = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text as string)!;
  const value = BigInt(whole + rest.padEnd(30, '0'));
  return sign === '-' ? -value : value;
}

const sumOf = (values: readonly bigint[]): bigint => values.reduce((sum, one) => sum + one, 0n);
const countsOf = (value: JsonValue | undefined): number =>
  Object.values(object(value)).reduce<number>((sum, count) => sum + Number(count), 0);

/** What is counted of orders and fills, and of money by asset: of the whole, and of its parts together. */
function expectSums(report: JsonObject): void {
  const parts = rows(report['byStrategy']);
  const orders = parts.map((one) => object(one['orders']));
  const whole = object(report['orders']);
  const numbers = ['intents', 'targets', 'throttled', 'reduced', 'sent', 'cancels', 'amends', 'accepted'];
  for (const name of [...numbers, 'canceled', 'expired', 'open', 'filled'])
    expect([name, orders.reduce((sum, one) => sum + Number(one[name]), 0)]).toEqual([name, whole[name]]);
  for (const name of ['denied', 'rejected'])
    expect(orders.reduce((sum, one) => sum + countsOf(one[name]), 0)).toBe(countsOf(whole[name]));
  for (const name of ['count', 'maker', 'taker'])
    expect(parts.reduce((sum, one) => sum + Number(object(one['fills'])[name]), 0)).toBe(
      object(report['fills'])[name],
    );
  for (const [k, profit] of rows(report['profit']).entries())
    for (const name of ['gross', 'fees', 'funding', 'net', 'turnover'])
      expect([name, sumOf(parts.map((one) => units(rows(one['profit'])[k][name])))]).toEqual([
        name,
        units(profit[name]),
      ]);
  for (const [k, { positionLots }] of rows(report['positions']).entries())
    expect(parts.reduce((sum, one) => sum + Number(rows(one['positions'])[k]['positionLots']), 0)).toBe(
      positionLots,
    );
}

const USD = 2;

/** Gross profit of each strategy from the fills of its orders alone, where a tick of a lot is worth a million units. */
function expectFills({ events, backtest }: RunResult, kind: string): void {
  if (kind === 'inverse') return;
  const [market] = backtest.engine.views;
  const sourceOf = new Map(ofKind(events, Kind.Intent).map(({ intentId, source }) => [intentId, source]));
  const orders = new Map(ofKind(events, Kind.NewOrder).map((order) => [order.orderId, order]));
  const gross = new Map<number, bigint>();
  for (const { makerOrderId, takerOrderId, qtyLots, priceTicks } of ofKind(events, Kind.Fill)) {
    const { intentId, flags } = orders.get(makerOrderId === NONE ? takerOrderId : makerOrderId)!;
    const source = sourceOf.get(intentId)!;
    const lots = (flags & 0x30) === 0x10 ? qtyLots : -qtyLots;
    const gain = BigInt((market.lastTicks - priceTicks) * lots) * 1_000_000n;
    gross.set(source, (gross.get(source) ?? 0n) + gain);
  }
  const told = profitsByStrategy(backtest, USD);
  expect(told.map((one) => one.gross)).toEqual(
    backtest.engine.runs.map(({ source }) => gross.get(source) ?? 0n),
  );
}

/** Two of the same kind draw other dice, and hold against each other. */
const WILDS: readonly OwnStrategy[] = [
  { ...WILD, name: 'one' },
  { ...WILD, name: 'two' },
];
const KINDS: readonly (readonly (string | OwnStrategy)[])[] = [
  [...WILDS],
  [WILDS[1], 'market-maker', WILDS[0]],
  ['momentum', 'market-maker'],
  ['twap', WILDS[0]],
];
const nameOf = (one: string | OwnStrategy): string => (typeof one === 'string' ? one : one.name);

const cases = fc.record({
  seed: fc.integer({ min: 1, max: 12 }),
  mode: fc.constantFrom('exchange', 'replay', 'ideal'),
  class: fc.constantFrom('inverse', 'inverse', 'linear', 'spot'),
  makerBps: fc.constantFrom('-0.5', '0', '1.25'),
  rounding: fc.constantFrom('floor', 'ceiling', 'halfUp', 'down'),
  roundPer: fc.constantFrom('fill', 'contract'),
  kinds: fc.constantFrom(...KINDS),
  budget: fc.constantFrom({}, { maxPositionLots: 2 }, { maxOpenOrders: 1 }),
  resumeAt: fc.integer({ min: 100, max: 600 }),
});

const PARAMETERS: JsonObject = {
  momentum: { barNs: 20_000_000, bars: 3, thresholdTicks: 1 },
  twap: { startNs: 50_000_000, durationNs: 300_000_000, qtyLots: 30 },
};

// Fails when something of one strategy is counted for another or for none, when a rounding is lost between them, or
// when a state that is saved forgets whose something was.
test.each(seeds(733))(
  'what strategies come to adds up to the account, to the last unit (seed %s)',
  (seed) => {
    checkProperty(
      seed,
      fc.property(cases, (one) => {
        const names = one.kinds.map(nameOf);
        const config = {
          mode: one.mode,
          instrument: {
            class: one.class,
            leverage: 10,
            rounding: one.rounding,
            roundPer: one.class === 'spot' ? 'fill' : one.roundPer,
            // Contracts of which no value is exact.
            ...(one.class === 'inverse' ? { contractSize: '0.777' } : {}),
            fees: { tiers: [{ makerBps: one.makerBps, takerBps: '3' }], minimum: '0.001' },
          },
          ...(one.class === 'spot' ? {} : { funding: { everyNs: 50_000_000, rateE12: 123_456_789 } }),
          strategies: Object.fromEntries(names.map((name) => [name, PARAMETERS[name] ?? {}])),
          risk: { strategies: { [names[0]]: one.budget } },
          sampleNs: 5_000_000,
        } satisfies JsonObject;
        const tape = tapeOfSeed(one.seed);
        const whole = run(tape, { strategy: one.kinds, config, cutAt: 700 });
        checkLedger(whole.backtest.engine.account.ledger);
        const report = reportOf(whole.backtest);
        expect(rows(report['byStrategy']).map(({ name }) => name)).toEqual(names);
        expectSums(report);
        const { parts, orderedLots, series } = whole.backtest.metrics;
        const sums = series.pnl.map((_, k) => sumOf(parts!.all.map(({ nets }) => nets[k])));
        expect(sums).toEqual(series.pnl);
        expect(parts!.all.reduce((sum, part) => sum + part.orderedLots, 0)).toBe(orderedLots);
        expectFills(whole, one.class);
        const resumed = run(tape, { strategy: one.kinds, config, cutAt: 700, resumeAt: [one.resumeAt] });
        expect(resumed.hash).toBe(whole.hash);
        expect(reportOf(resumed.backtest)).toEqual(report);
      }),
      24,
    );
  },
);

/** A strategy that does something once, at a time. */
const once = (name: string, atNs: number, act: NonNullable<Strategy['onTimer']>): OwnStrategy => ({
  name,
  make: () => ({ state: {}, onStart: (context) => context.setTimer(1, atNs), onTimer: act }),
  listens: {},
});

const MS = 1_000_000;
const LINEAR = { instrument: { class: 'linear' } };

const canceledBy = ({ events }: RunResult): string[] =>
  ofKind(events, Kind.Canceled).map(({ reason }) => nameOfCode('cancelReason', reason));

// Fails where an order of one strategy trades with one of another: money would go round, and fees be paid for nothing.
test.each(['exchange', 'replay'])('no strategy trades with another one: %s', (mode) => {
  const rests = once('rests', 200 * MS, (context) => {
    const [market] = context.markets;
    context.submit({ market, side: 'buy', qtyLots: 3, priceTicks: market.askTicks - 1 });
  });
  const hits = once('hits', 200 * MS + 10, (context) => {
    const [market] = context.markets;
    context.submit({ market, side: 'sell', qtyLots: 1000, priceTicks: market.bidTicks });
  });
  // Latencies without which nobody else comes between.
  const soon = { kind: 'fixed', ns: 1 };
  const latency = { feed: soon, order: soon, cancel: soon, response: soon };
  const result = run(tapeOfSeed(4), {
    strategy: [rests, hits],
    config: { ...LINEAR, mode, latency },
    cutAt: 700,
  });
  expect(canceledBy(result)).toEqual(['selfTrade']);
  const [first, second] = rows(reportOf(result.backtest)['byStrategy']);
  expect([object(first['orders'])['selfTrades'], object(second['orders'])['selfTrades']]).toEqual([0, 1]);
  // What stood before it was there for the taking; ours was not.
  expect(Number(object(second['fills'])['taker'])).toBeGreaterThan(0);
  const rested = ofKind(result.events, Kind.Fill).filter(({ makerOrderId }) => makerOrderId === 1);
  expect(rested.every(({ causeTape }) => causeTape === 1)).toBe(true);
});

/** Wants to buy a lot more at each step. */
const greedy = (name: string): OwnStrategy => ({
  name,
  make: () => ({
    state: {},
    onMarket: (context) => {
      const [market] = context.markets;
      context.submit({ market, side: 'buy', qtyLots: 1 });
    },
  }),
  listens: { depth: 'top' },
});

// Fails where a budget is the account's, or another strategy's.
test('each strategy meets its own budget, and the account its limits', () => {
  const budgets = { first: { maxPositionLots: 3 }, second: { maxPositionLots: 5 } };
  const strategy = [greedy('first'), greedy('second'), greedy('third')];
  const risk = { strategies: budgets, limits: { maxPositionLots: 12 } };
  const { backtest } = run(tapeOfSeed(4), { strategy, config: { ...LINEAR, risk } });
  const parts = rows(reportOf(backtest)['byStrategy']);
  expect(parts.map(({ positions }) => rows(positions)[0]['positionLots'])).toEqual([3, 5, 4]);
  const denied = parts.map(({ orders }) => Object.keys(object(object(orders)['denied'])));
  expect(denied[0]).toContain('strategyPositionLimit');
  expect(denied[2]).toEqual(['positionLimit']);
});

// Fails where the kill switch closes what strategies hold against each other, again and again: the account holds none.
test('a switch that flattens closes what the account holds, once', () => {
  const holds = (name: string, side: 'buy' | 'sell', qtyLots: number): OwnStrategy =>
    once(name, 200 * MS, (context) => void context.submit({ market: context.markets[0], side, qtyLots }));
  const strategy = [holds('long', 'buy', 5), holds('short', 'sell', 3), holds('too', 'buy', 1)];
  const script = [{ atNs: 500 * MS, command: 'flatten' }];
  const { events, backtest } = run(tapeOfSeed(4), { strategy, config: { ...LINEAR, script } });
  const { ledger } = backtest.engine.account;
  expect(ledger.positions[1]!.tradedLots).toBe(0);
  expect(backtest.engine.runs.map(({ positions }) => positions[1])).toEqual([2, -3, 1]);
  const closing = ofKind(events, Kind.NewOrder).filter(({ exec }) => exec !== 0);
  expect(closing.map(({ qtyLots }) => qtyLots)).toEqual([3]);
  expect(ofKind(events, Kind.RiskDecision)).toHaveLength(4);
});
