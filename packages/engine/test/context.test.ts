// What a strategy may do while it is called, and what it keeps: each of these was once done in silence.
import { Kind, nameOfCode } from '@truetape/contracts';
import {
  fireNext,
  nextTimerNs,
  restoreEngine,
  saveEngine,
  takeMarket,
  takeReport,
  toPlain,
} from '@truetape/engine';
import type { Context, SavedEngine, StrategyGuard } from '@truetape/engine';
import { expect, test } from 'vitest';
import { fromPlain } from '../src/index.ts';
import { createBench, message, report } from './bench.ts';
import type { Bench } from './bench.ts';

const contextOf = ({ engine }: Bench): Context => engine.runs[0].context;
const countOf = ({ events }: Bench, kind: number, from = 0): number =>
  events.slice(from).filter((event) => event.kind === kind).length;

// Fails where the list is the engine's own: each order that is sent on the way is one more to walk over.
test('who sends an order for each that is open comes to an end', () => {
  const bench = createBench();
  const context = contextOf(bench);
  const order = { market: bench.market, side: 'buy', qtyLots: 1, priceTicks: 90 } as const;
  context.submit(order);
  context.submit(order);
  let walked = 0;
  for (const _ of context.openOrders(bench.market)) {
    context.submit(order);
    if (++walked > 10) break;
  }
  expect([walked, context.openOrders(bench.market).length]).toEqual([2, 4]);
});

// Fails where a target, or what was done elsewhere, leaves the last reason as told.
test.each([
  ['an order', (context: Context, { market }: Bench) => context.submit({ market, side: 'buy', qtyLots: 1 })],
  ['a target', (context: Context, { market }: Bench) => context.target(market, 5)],
])('why nothing is done is told once, and anew behind %s', (_, act) => {
  const bench = createBench();
  const context = contextOf(bench);
  const tell = (): void => {
    for (let k = 0; k < 2; k++) {
      context.noAction('noSignal', bench.market);
      context.noAction('noSignal');
    }
  };
  tell();
  expect(countOf(bench, Kind.NoAction)).toBe(2);
  act(context, bench);
  tell();
  expect(countOf(bench, Kind.NoAction)).toBe(4);
});

// Fails where a cancel that was too late lets the end of its order be followed once more.
test('a target is followed once as its order ends', () => {
  const bench = createBench({ risk: { limits: { maxPositionLots: 10 } } });
  const { market, engine, events } = bench;
  const context = contextOf(bench);
  context.target(market, 5);
  context.target(market, -20);
  const at = events.length;
  takeReport(engine, report({ kind: 'accepted', orderId: 1, leavesLots: 5 }));
  const fill = { priceTicks: 100, liquidity: 2, basis: 1, tradeId: 1 };
  takeReport(engine, report({ kind: 'fill', orderId: 1, qtyLots: 5, ...fill }));
  takeReport(engine, report({ kind: 'rejected', orderId: 1, code: 5, command: Kind.CancelOrder }));
  expect([countOf(bench, Kind.Intent, at), countOf(bench, Kind.RiskDecision, at)]).toEqual([1, 1]);
});

test('ENGINE-5: a side that is none, and bars of no size', () => {
  const bench = createBench();
  const context = contextOf(bench);
  const up = 'up' as 'buy';
  const wrong = expect.objectContaining({ invariant: 'ENGINE-5' }) as Error;
  expect(() => context.openParent(bench.market, up, 5)).toThrow(wrong);
  expect(() => context.levels(bench.market, up, 5)).toThrow(wrong);
  expect(() => context.lotsAt(bench.market, up, 5)).toThrow(wrong);
  for (const bars of [
    { by: 'time', size: 0 },
    { by: 'count', size: 1.5 },
    { by: 'volume', size: -1 },
    { by: 'hour' as 'time', size: 1 },
  ] as const)
    expect(() => createBench({ listens: { bars } })).toThrow(wrong);
});

// Fails where a length that is no whole number of seconds is told as another one.
test.each([
  [2_000_000_000, 2],
  [1_500_000_000, 0],
  [20_000_000, 0],
])('a bar of %i ns says %i s', (size, intervalSec) => {
  const bench = createBench({ listens: { bars: { by: 'time', size } } });
  takeMarket(bench.engine, ...message('trade', { side: 1, priceTicks: 100, qtyLots: 1 }));
  bench.engine.timeNs = nextTimerNs(bench.engine);
  fireNext(bench.engine);
  expect(bench.events.at(-1)).toMatchObject({ kind: Kind.Bar, intervalSec, startTime: 0 });
});

// Fails where a copy of an order stands in a state that is restored: nothing would ever change it.
test('a state with an order at work has no form, also behind a restart', () => {
  const bench = createBench();
  const orderId = contextOf(bench).submit({
    market: bench.market,
    side: 'buy',
    qtyLots: 1,
    priceTicks: 90,
  });
  const plain = toPlain(saveEngine(bench.engine));
  if (!plain.ok) throw new Error(plain.error.path);
  const other = createBench();
  restoreEngine(other.engine, fromPlain(plain.value) as SavedEngine);
  for (const { engine } of [bench, other]) {
    const order = engine.own.get(orderId)!;
    expect(engine.views[0].open).toEqual([order]);
    Object.assign(engine.runs[0].strategy.state, { order });
    expect(toPlain(saveEngine(engine))).toMatchObject({ ok: false, error: { path: '.runs.0.state.order' } });
  }
});

// Fails where a list that a state has in two places is two lists behind a restart.
test('what stands in two places of a state, or in itself, has no form', () => {
  const state: { list: object[] } = { list: [] };
  state.list.push({ whole: state });
  const refused = (path: string): object => ({
    ok: false,
    error: { path, found: 'what stands elsewhere in it' },
  });
  expect(toPlain(state)).toEqual(refused('.list.0.whole'));
  const one = { a: 1 };
  expect(toPlain([one, { one }])).toEqual(refused('.1.one'));
  expect(toPlain([one, { one: { ...one } }])).toEqual({ ok: true, value: [{ a: 1 }, { one: { a: 1 } }] });
});

// Fails where a strategy that catches what the guard throws goes on with what the clock said.
test('what the guard has thrown ends the run, though the strategy caught it', () => {
  const guard: StrategyGuard & { fault: Error | undefined } = { isInside: false, fault: undefined };
  const fault = new Error('a clock');
  const caught = (): void => {
    guard.fault = fault;
  };
  const listens = { trades: true } as const;
  const bench = createBench({ guard, listens, strategy: { onMarket: caught, onTimer: caught } });
  const trade = message('trade', { side: 1, priceTicks: 100, qtyLots: 1 });
  expect(() => {
    takeMarket(bench.engine, ...trade);
  }).toThrow(fault);
  guard.fault = undefined;
  bench.engine.runs[0].timers.set(1, 0);
  expect(() => fireNext(bench.engine)).toThrow(fault);
  expect(guard.isInside).toBe(false);
});

test('the code of a refusal is that of the last order or amend', () => {
  const bench = createBench({ risk: { limits: { maxOrderLots: 5 } } });
  const { market, engine } = bench;
  const context = contextOf(bench);
  const orderId = context.submit({ market, side: 'buy', qtyLots: 5, priceTicks: 90 });
  expect(context.deniedCode).toBe('');
  context.amend(engine.own.get(orderId)!, { qtyLots: 6 });
  const denial = bench.events.at(-1);
  if (denial?.kind !== Kind.RiskDecision) throw new Error('no verdict');
  expect(context.deniedCode).toBe(nameOfCode('denialCode', denial.code));
});
