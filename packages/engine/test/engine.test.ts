import { Kind, NONE, nameOfCode } from '@truetape/contracts';
import {
  fireNext,
  nextTimerNs,
  obey,
  restoreEngine,
  saveEngine,
  takeMarket,
  takeReport,
  watchRisk,
} from '@truetape/engine';
import type { Context, OwnOrder } from '@truetape/engine';
import { expect, test } from 'vitest';
import { codeFor } from '../src/emit.ts';
import { createBench, message, report } from './bench.ts';
import type { Bench } from './bench.ts';

const MAKER = 1;
const contextOf = ({ engine }: Bench): Context => engine.runs[0].context;
const kindsFrom = ({ events }: Bench, seq: number): number[] => events.slice(seq).map(({ kind }) => kind);

/** A bench with an order of the given size at 100 that the venue has. */
function withOrder(bench: Bench, qtyLots: number): OwnOrder {
  const { market, engine } = bench;
  const orderId = contextOf(bench).submit({ market, side: 'buy', qtyLots, priceTicks: 100 });
  takeReport(engine, report({ kind: 'accepted', orderId, priceTicks: 100, leavesLots: qtyLots }));
  return engine.own.get(orderId)!;
}

test('an order is an intent, a verdict and a command, each the cause of the next', () => {
  const bench = createBench();
  const at = bench.events.length;
  const orderId = contextOf(bench).submit({
    market: bench.market,
    side: 'sell',
    qtyLots: 3,
    priceTicks: 105,
  });
  expect(orderId).toBe(1);
  expect(kindsFrom(bench, at)).toEqual([Kind.Intent, Kind.RiskDecision, Kind.NewOrder]);
  expect(bench.events.slice(at + 1).map((event) => 'cause' in event && event.cause)).toEqual([at, at + 1]);
  expect(bench.commands).toMatchObject([
    { op: 'new', orderId: 1, side: 2, priceTicks: 105, qtyLots: 3, seq: at + 2 },
  ]);
});

test('what is denied is not sent, and says why', () => {
  const bench = createBench({ risk: { limits: { maxOrderLots: 2 } } });
  const context = contextOf(bench);
  expect(context.submit({ market: bench.market, side: 'buy', qtyLots: 3, priceTicks: 100 })).toBe(0);
  expect(context.deniedCode).not.toBe('');
  expect(bench.commands).toEqual([]);
  expect(context.submit({ market: bench.market, side: 'buy', qtyLots: 2, priceTicks: 100 })).toBe(1);
  expect(context.deniedCode).toBe('');
});

test('a fill moves position and money, each change an event with the fill as its cause', () => {
  const bench = createBench();
  const order = withOrder(bench, 5);
  const at = bench.events.length;
  const fill = { priceTicks: 100, liquidity: MAKER, basis: 1, fee: { asset: 2, amount: 25n } };
  takeReport(
    bench.engine,
    report({ kind: 'fill', orderId: 1, qtyLots: 2, leavesLots: 3, tradeId: 1, ...fill }),
  );
  expect(kindsFrom(bench, at)).toEqual([Kind.Fill, Kind.CashFlow]);
  expect(bench.events[at + 1]).toMatchObject({ amount: -25n, cause: at });
  expect(contextOf(bench).positionLots(bench.market)).toBe(2);
  expect(order).toMatchObject({ cumLots: 2, leavesLots: 3, state: 'open' });
  // Sold dearer: what that realised is an event as well.
  const sold = contextOf(bench).submit({ market: bench.market, side: 'sell', qtyLots: 2, priceTicks: 110 });
  takeReport(
    bench.engine,
    report({
      kind: 'fill',
      orderId: sold,
      qtyLots: 2,
      priceTicks: 110,
      liquidity: MAKER,
      basis: 1,
      tradeId: 2,
    }),
  );
  expect(bench.events.at(-1)).toMatchObject({ kind: Kind.CashFlow, amount: 2000n });
});

test('an order that ends behind others in the queue says so', () => {
  const bench = createBench();
  const order = withOrder(bench, 5);
  contextOf(bench).cancel(order);
  takeReport(bench.engine, report({ kind: 'canceled', orderId: 1, qtyLots: 5, code: 1, aheadLots: 12 }));
  const last = bench.events.at(-1)!;
  expect(last).toMatchObject({ kind: Kind.NoAction, orderId: 1, aheadLots: 12 });
  expect(nameOfCode('noActionCode', 'code' in last ? last.code : 0)).toBe('queueNotReached');
  expect(contextOf(bench).openOrders(bench.market)).toEqual([]);
});

test('an order that has ended is remembered until all that was asked of it is answered', () => {
  const bench = createBench();
  const order = withOrder(bench, 5);
  contextOf(bench).cancel(order);
  takeReport(
    bench.engine,
    report({ kind: 'fill', orderId: 1, qtyLots: 5, priceTicks: 100, liquidity: MAKER, basis: 1 }),
  );
  expect(bench.engine.own.size).toBe(1);
  takeReport(bench.engine, report({ kind: 'rejected', orderId: 1, code: 5, command: Kind.CancelOrder }));
  expect(bench.engine.own.size).toBe(0);
});

test('what never rests is not amended, and an amend waits for the answer to the one before', () => {
  const bench = createBench();
  const { market, engine } = bench;
  const context = contextOf(bench);
  const id = context.submit({ market, side: 'buy', qtyLots: 5, priceTicks: 100, tif: 'IOC' });
  context.amend(engine.own.get(id)!, { qtyLots: 7 });
  expect(bench.commands).toHaveLength(1);
  const other = context.submit({ market, side: 'buy', qtyLots: 5, priceTicks: 99 });
  context.amend(engine.own.get(other)!, { qtyLots: 7 });
  context.amend(engine.own.get(other)!, { qtyLots: 9 });
  expect(bench.commands.slice(1).map(({ op, qtyLots }) => [op, qtyLots])).toEqual([
    ['new', 5],
    ['amend', 7],
  ]);
});

test('depth is told when a message has ended, and only what is listened to', () => {
  const told: string[] = [];
  const listens = { depth: 'top', trades: true } as const;
  const bench = createBench({
    listens,
    strategy: {
      onMarket: (_, { kind, market, priceTicks }) =>
        void told.push(`${kind} ${market.bidTicks} ${priceTicks === NONE ? '-' : priceTicks}`),
    },
  });
  const { engine } = bench;
  takeMarket(engine, ...message('level', { side: 1, priceTicks: 99, qtyLots: 4 }));
  expect(told).toEqual([]);
  takeMarket(engine, ...message('end'));
  // Behind the best price: nothing for who listens to the top.
  takeMarket(engine, ...message('level', { side: 1, priceTicks: 98, qtyLots: 4, isEnd: true }));
  takeMarket(engine, ...message('trade', { side: 2, priceTicks: 99, qtyLots: 1, isEnd: true }));
  expect(told).toEqual(['depth 99 -', 'trade 99 99']);
  expect(contextOf(bench).levels(bench.market, 'buy', 5)).toEqual([
    { priceTicks: 99, qtyLots: 4 },
    { priceTicks: 98, qtyLots: 4 },
  ]);
});

test('bars: by count, volume and time', () => {
  const bars = (by: 'time' | 'count' | 'volume', size: number): string[] => {
    const closed: string[] = [];
    const { engine } = createBench({
      listens: { bars: { by, size } },
      strategy: {
        onBar: (context, bar) =>
          void closed.push(
            `${context.timeNs}: ${bar.openTicks} ${bar.highTicks} ${bar.lowTicks} ${bar.closeTicks} x${bar.qtyLots}`,
          ),
      },
    });
    for (const [timeNs, priceTicks] of [
      [1, 10],
      [3, 14],
      [12, 9],
      [13, 11],
      [27, 12],
    ] as const) {
      while (nextTimerNs(engine) <= timeNs) {
        engine.timeNs = nextTimerNs(engine);
        fireNext(engine);
      }
      engine.timeNs = timeNs;
      takeMarket(engine, ...message('trade', { side: 1, priceTicks, qtyLots: 2, isEnd: true }));
    }
    return closed;
  };
  expect(bars('count', 2)).toEqual(['3: 10 14 10 14 x4', '13: 9 11 9 11 x4']);
  expect(bars('volume', 5)).toEqual(['12: 10 14 9 9 x6']);
  // Just full is full.
  expect(bars('volume', 4)).toEqual(['3: 10 14 10 14 x4', '13: 9 11 9 11 x4']);
  expect(bars('time', 10)).toEqual(['10: 10 14 10 14 x4', '20: 9 11 9 11 x4']);
});

// Fails where a trade at the end of an interval counts to the bar that ends there, since the market is heard before the clock.
test('a bar by time has the trades before its end, and closes once', () => {
  const closed: string[] = [];
  const { engine } = createBench({
    listens: { bars: { by: 'time', size: 10 } },
    strategy: {
      onBar: (_, { startNs, closeTicks, trades }) => void closed.push(`${startNs}: ${closeTicks} x${trades}`),
    },
  });
  for (const [timeNs, priceTicks] of [
    [9, 10],
    [10, 20],
    [35, 30],
  ] as const) {
    engine.timeNs = timeNs;
    takeMarket(engine, ...message('trade', { side: 1, priceTicks, qtyLots: 1, isEnd: true }));
    while (nextTimerNs(engine) <= timeNs) fireNext(engine);
  }
  expect(closed).toEqual(['0: 10 x1', '10: 20 x1']);
});

// Fails where what is open can still fill behind the order that closes.
test('a position is closed once all that was open has been canceled', () => {
  const bench = createBench();
  const { engine, commands } = bench;
  withOrder(bench, 5);
  const fill = { priceTicks: 100, liquidity: MAKER, basis: 1, tradeId: 1 };
  takeReport(engine, report({ kind: 'fill', orderId: 1, qtyLots: 2, leavesLots: 3, ...fill }));
  commands.length = 0;
  obey(engine, { command: 'flatten' });
  watchRisk(engine);
  expect(commands.map(({ op, orderId }) => [op, orderId])).toEqual([['cancel', 1]]);
  takeReport(engine, report({ kind: 'canceled', orderId: 1, qtyLots: 3, code: 1 }));
  expect(commands.slice(1)).toMatchObject([{ op: 'new', side: 2, qtyLots: 2, reduceOnly: true }]);
});

test('timers fire by time, then by id; one that is set again moves', () => {
  const fired: number[] = [];
  const bench = createBench({ strategy: { onTimer: (_, id) => void fired.push(id) } });
  const context = contextOf(bench);
  context.setTimer(3, 20);
  context.setTimer(1, 20);
  context.setTimer(2, 10);
  context.setTimer(9, 5);
  context.clearTimer(9);
  context.setTimer(3, 15);
  for (const timeNs of [10, 15, 20]) {
    expect(nextTimerNs(bench.engine)).toBe(timeNs);
    bench.engine.timeNs = timeNs;
    fireNext(bench.engine);
  }
  expect(fired).toEqual([2, 3, 1]);
  expect(fireNext(bench.engine)).toBe(false);
});

test('a target sends what is missing, and counts what is under way', () => {
  const bench = createBench();
  const context = contextOf(bench);
  context.target(bench.market, 5);
  context.target(bench.market, 7);
  expect(bench.commands.map(({ side, qtyLots }) => [side, qtyLots])).toEqual([
    [1, 5],
    [1, 2],
  ]);
  context.target(bench.market, 7);
  expect(bench.commands).toHaveLength(2);
  // The other way round: what is under way is canceled first, the rest follows when it has ended.
  context.target(bench.market, -1);
  expect(bench.commands.slice(2).map(({ op }) => op)).toEqual(['cancel', 'cancel']);
  const fill = { priceTicks: 100, liquidity: 2, basis: 1 };
  takeReport(bench.engine, report({ kind: 'fill', orderId: 1, qtyLots: 5, tradeId: 1, ...fill }));
  takeReport(bench.engine, report({ kind: 'fill', orderId: 2, qtyLots: 2, tradeId: 2, ...fill }));
  expect(bench.commands.at(-1)).toMatchObject({ op: 'new', side: 2, qtyLots: 8 });
});

const throwsWith = (id: string, act: () => void): void => {
  expect(act).toThrow(expect.objectContaining({ invariant: id }) as Error);
};

test('ENGINE-1, ENGINE-3: names that no vocabulary has, orders that nobody sent', () => {
  throwsWith('ENGINE-1', () => codeFor('action', 'nothing'));
  // A venue that accepts an order twice, or one that is nobody's.
  const twice = createBench();
  withOrder(twice, 1);
  throwsWith('ENGINE-3', () => {
    takeReport(twice.engine, report({ kind: 'accepted', orderId: 99 }));
  });
});

test('ENGINE-2: a report that contradicts the life of its order', () => {
  const bench = createBench();
  const { market } = bench;
  const orderId = contextOf(bench).submit({ market, side: 'buy', qtyLots: 1, priceTicks: 100, tif: 'FOK' });
  throwsWith('ENGINE-2', () => {
    takeReport(bench.engine, report({ kind: 'expired', orderId, qtyLots: 5, leavesLots: 3, code: 2 }));
  });
});

test('ENGINE-4, ENGINE-5: a strategy that asks for what there is not', () => {
  const bench = createBench();
  const { market } = bench;
  const context = contextOf(bench);
  const elsewhere = { ...market, index: 9 };
  throwsWith('ENGINE-4', () => context.positionLots(elsewhere));
  throwsWith('ENGINE-4', () => context.openOrders(elsewhere));
  throwsWith('ENGINE-4', () => {
    context.noAction('noSignal', elsewhere);
  });
  throwsWith('ENGINE-4', () => context.submit({ market, side: 'buy', qtyLots: 1, tif: 'DAY' as 'GTC' }));
  throwsWith('ENGINE-5', () => context.submit({ market, side: 'buy', qtyLots: 0.5 }));
  throwsWith('ENGINE-5', () => context.submit({ market, side: 'up' as 'buy', qtyLots: 1 }));
  throwsWith('ENGINE-5', () => {
    context.target(market, NaN);
  });
  throwsWith('ENGINE-5', () => {
    context.setTimer(-1, 5);
  });
});

test('ENGINE-6: a fill that the account cannot pay for', () => {
  const bench = createBench({ class: 'spot', deposit: 50n });
  const { market } = bench;
  const orderId = contextOf(bench).submit({ market, side: 'buy', qtyLots: 1, priceTicks: 100 });
  throwsWith('ENGINE-6', () => {
    takeReport(
      bench.engine,
      report({ kind: 'fill', orderId, qtyLots: 1, priceTicks: 100, liquidity: MAKER, basis: 1 }),
    );
  });
});

test('ENGINE-7: the state of another run', () => {
  const saved = saveEngine(createBench().engine);
  throwsWith('ENGINE-7', () => {
    restoreEngine(createBench().engine, { ...saved, runs: [] });
  });
});
