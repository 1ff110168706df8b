/** A run without a fill names why: each reason, from the run that has it. */
import { createBacktest, endBacktest, feedBatch, parseConfig, reportOf } from '@truetape/backtest';
import { Kind, codeOfName, nameOfCode } from '@truetape/contracts';
import type { JsonObject } from '@truetape/contracts';
import type { Context, MarketUpdate } from '@truetape/engine';
import { expect, test } from 'vitest';
import { ofKind, run, simTape, visitRecords } from './runs.ts';
import type { OwnStrategy } from './runs.ts';

const tape = simTape('calm', '5', 1500);
const SECOND = 1_000_000_000;
const GTD = codeOfName('tif', 'GTD')!;
const LATE = { kind: 'fixed', ns: 600 * SECOND };

/** Does something with every message of the market. */
const doing = (onMarket: (context: Context, update: MarketUpdate) => void): OwnStrategy => ({
  name: 'own',
  listens: { depth: 'top' },
  make: () => ({ state: {}, onMarket }),
});

const buying = (more: object): OwnStrategy =>
  doing((context, { market }) => void context.submit({ market, side: 'buy', qtyLots: 1, ...more }));

/** Once: a bid far below the market, which is dealt with later. */
const bidding = (later: (context: Context, update: MarketUpdate) => void): OwnStrategy =>
  doing((context, update) => {
    const { market } = update;
    if (context.openOrders(market).length > 0) later(context, update);
    else if (context.levels(market, 'buy', 4).length === 4)
      context.submit({ market, side: 'buy', qtyLots: 1, priceTicks: 1 });
  });

/** Joins a queue behind the touch, and leaves it as soon as it may. */
const joining = doing((context, { market }) => {
  const [open] = context.openOrders(market);
  if (open?.state === 'open') context.cancel(open);
  const level = context.levels(market, 'buy', 4)[3];
  if (open === undefined && level !== undefined)
    context.submit({ market, side: 'buy', qtyLots: 1, priceTicks: level.priceTicks });
});

const CASES: readonly (readonly [reason: string, strategy: OwnStrategy, config: JsonObject, text: RegExp])[] =
  [
    ['noData', buying({}), { latency: { feed: LATE } }, /^no market data reached the strategy/],
    ['silent', doing(() => {}), {}, /never asked for anything, and never said why$/],
    [
      'noSignal',
      doing((context, { market }) => context.noAction('noSignal', market)),
      {},
      /never asked for anything: noSignal, once$/,
    ],
    [
      'notNeeded',
      doing((context, { market }) => void context.openParent(market, 'buy', 5)),
      {},
      /^large orders were announced, and none was sent$/,
    ],
    ['sizedToZero', doing((context, { market }) => context.target(market, 0)), {}, /sizedToZero, \d+ times$/],
    [
      'denied',
      buying({ qtyLots: 50 }),
      { risk: { limits: { maxOrderLots: 5 } } },
      /^risk let no order pass: maxOrderQty, \d+ times$/,
    ],
    [
      'denied',
      buying({}),
      { script: [{ atNs: 0, command: 'kill' }] },
      /^risk let no order pass: killed, \d+ times$/,
    ],
    ['unanswered', buying({}), { latency: { order: LATE } }, /when the tape ended; \d+ messages/],
    [
      'rejected',
      buying({ priceTicks: 1, tif: 'FOK' }),
      {},
      /^the venue rejected every order: wouldNotFill, \d+ times$/,
    ],
    [
      'denied',
      buying({}),
      { outages: [{ fromNs: 0, toNs: 3600 * SECOND }] },
      /^risk let no order pass: uncertainData, \d+ times$/,
    ],
    ['queueNotReached', joining, { mode: 'replay', latency: {} }, /\d+ orders ended with others ahead/],
    ['queueNotReached', joining, { mode: 'exchange' }, /\d+ orders ended with others ahead/],
    [
      'canceled',
      bidding((context, { market }) => context.cancelAll(market)),
      {},
      /before they were canceled: requested, \d+ times$/,
    ],
    [
      'canceled',
      buying({ priceTicks: 1, tif: 'IOC' }),
      {},
      /before they were canceled: iocRemainder, \d+ times$/,
    ],
    [
      'neverReached',
      bidding(() => {}),
      { mode: 'replay' },
      /^orders rested, and the market never came to their prices$/,
    ],
  ];

// Each fails where another step is named, or none.
test.each(CASES)('%s', (reason, strategy, config, text) => {
  const { backtest } = run(tape, { strategy, config });
  const { noFills, fills } = reportOf(backtest) as { noFills: JsonObject; fills: JsonObject };
  expect([fills['count'], noFills['reason']]).toEqual([0, reason]);
  expect(noFills['text']).toMatch(text);
});

// What a rate holds back is the reason where it is more than what passed: the first order always does.
test.each([
  [buying({ priceTicks: 1, tif: 'IOC' }), 'throttled'],
  [bidding(() => {}), 'neverReached'],
])('a rate of one order an hour: %#', (strategy, reason) => {
  const config = { mode: 'replay', risk: { account: { orderRate: { orders: 1, perNs: 3600 * SECOND } } } };
  const { backtest, events } = run(tape, { strategy, config });
  const verdicts = ofKind(events, Kind.RiskDecision).map(({ verdict }) => nameOfCode('verdict', verdict));
  const throttled = verdicts.filter((name) => name === 'throttle').length;
  expect(ofKind(events, Kind.NewOrder)).toHaveLength(1);
  const isHeld = reason === 'throttled';
  expect(throttled > 10).toBe(isHeld);
  expect(reportOf(backtest)['noFills']).toMatchObject({ reason, code: null, count: isHeld ? throttled : 0 });
});

// A strategy has no orders that expire: those that it sends are given a time on their way, and the venue ends them.
test('expired: where the venue ends all orders by their time', () => {
  const { backtest, events } = run(tape, {
    strategy: bidding(() => {}),
    config: { mode: 'replay', latency: { order: { kind: 'fixed', ns: 1000 } } },
    onWay: (command) => ({ ...command, tif: GTD, expireNs: command.timeNs + 20_000_000 }),
  });
  const expired = ofKind(events, Kind.Expired);
  expect(expired.length).toBeGreaterThan(3);
  for (const { orderId, matchTime } of expired) {
    const sent = ofKind(events, Kind.NewOrder).find((order) => order.orderId === orderId)!;
    expect(matchTime).toBe(sent.timeNs + 20_000_000);
  }
  expect(reportOf(backtest)['noFills']).toEqual({
    reason: 'expired',
    code: null,
    count: expired.length,
    text: `the market never came to the orders' prices before they expired: ${expired.length}`,
  });
});

test('nobody trades, or there is no time to', () => {
  const parsed = parseConfig({});
  if (!parsed.ok) throw new Error('config');
  const reasons = [{}, { strategies: [] }, { fromNs: 3600 * SECOND }].map((change) => {
    const own = { name: 'own', listens: {}, strategy: { state: {} } };
    const made = createBacktest({
      config: parsed.value,
      seed: '1',
      tape: tape.facts,
      strategies: [own],
      sink: { write: () => 0 },
      guard: { isInside: false },
      ...change,
    });
    if (!made.ok) throw new Error('setup');
    visitRecords(tape.bytes, (batch) => {
      feedBatch(made.value, batch);
      return true;
    });
    endBacktest(made.value);
    return (reportOf(made.value)['noFills'] as JsonObject)['reason'];
  });
  expect(reasons).toEqual(['silent', 'noStrategy', 'noTime']);
});
