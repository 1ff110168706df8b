// Facts of a few events whose statistics can be read off them.
import { BLANK, FLAG_LAST, Kind, NONE } from '@truetape/contracts';
import type { Event } from '@truetape/contracts';
import { PRESETS, createFactsFold, endFacts, factsJson, foldFacts } from '@truetape/orderflow';
import type { FactsFold } from '@truetape/orderflow';
import { expect, test } from 'vitest';
import { advanceFacts, createFacts, endTaking, observeTop, observeTrade } from '../src/facts.ts';
import type { Facts } from '../src/facts.ts';
import { run } from './runs.ts';

const BUY = 1 << 4;
const SELL = 2 << 4;
const none = (): never[] => [];

const top = (bidTicks: number, askTicks: number, lots = 5) => ({
  bidTicks,
  bidLots: bidTicks === NONE ? 0 : lots,
  askTicks,
  askLots: askTicks === NONE ? 0 : lots,
});

/** A top at a time, up to which the one before held. */
function at(facts: Facts, timeNs: number, bidTicks: number, askTicks: number, lots?: number): void {
  advanceFacts(facts, timeNs, none);
  observeTop(facts, timeNs, top(bidTicks, askTicks, lots));
}

// Fails when a span is given to the wrong top, or one-sided time counts as two-sided.
test('spread and depth are weighted by the time for which they held', () => {
  const facts = createFacts(1000);
  at(facts, 100, 10, NONE);
  at(facts, 200, 10, 12);
  at(facts, 500, 10, 11, 9);
  at(facts, 1200, 10, NONE, 9);
  at(facts, 1400, 13, 12);
  at(facts, 1500, 10, 14);
  advanceFacts(facts, 2200, none);
  const json = factsJson(facts);
  // From 200 on: 2 ticks for 300, 1 for 700, one-sided for 200, crossed for 100, 4 for 700.
  expect(json).toMatchObject({
    spanNs: 2000,
    twoSidedShare: '0.85000',
    crossedShare: '0.05000',
    spreadTicks: { min: 1, p10: 1, p50: 2, mean: '2.412', p90: 4, max: 4 },
    touchLots: { min: 5, p50: 5, mean: '6.647', p90: 9, max: 9 },
  });
});

// Fails when an interval takes what came behind it, or a middle is lost while a side is away.
test('intervals have the middle at their end and what was traded in them', () => {
  const facts = createFacts(1000);
  at(facts, 0, 10, 12);
  observeTrade(facts, 999, 1, 4, 1);
  at(facts, 1000, 11, 12);
  observeTrade(facts, 1000, 2, 3, 2);
  at(facts, 1500, NONE, 12);
  at(facts, 3500, 20, 21);
  advanceFacts(facts, 4000, none);
  expect(facts.middles).toEqual([22, 23, 23, 41]);
  expect(facts.volumes).toEqual([4, 3, 0, 0]);
  expect(facts.takingCounts).toEqual([1, 1, 0, 0]);
});

// Fails when trades of one order are several takings, or those of two are one.
test('what one order takes is one taking', () => {
  const facts = createFacts(1000);
  at(facts, 0, 10, 12);
  for (const [timeNs, side, lots, key] of [
    [100, 1, 4, 7],
    [100, 1, 6, 7],
    [100, 2, 5, 7],
    [300, 2, 30, 8],
    [700, 2, 21, 9],
  ])
    observeTrade(facts, timeNs, side, lots, key);
  endTaking(facts);
  advanceFacts(facts, 2000, none);
  expect(facts.trades).toBe(5);
  expect(factsJson(facts)).toMatchObject({
    takings: { count: 4, trades: 5, min: 5, p50: 10, max: 30, mean: '16.500', roundShare: '0.667' },
    // Waits of 0, 200 and 400.
    takingWaits: { variation: '0.816' },
    volume: { perInterval: '33.000', variation: '1.000' },
  });
  // + − − −: half of the neighbours differ from the mean of −0.5 as expected by hand.
  expect(facts.signs).toMatchObject({ count: 4, sum: -2 });
});

test('nothing is counted before both sides are there', () => {
  const facts = createFacts(1000);
  at(facts, 0, 10, NONE);
  observeTrade(facts, 5, 1, 4, 1);
  advanceFacts(facts, 10_000, none);
  expect(facts).toMatchObject({ startNs: NONE, trades: 0, middles: [] });
  expect(factsJson(facts)).toBeNull();
});

const accepted = (timeNs: number, side: number, orderId: number, priceTicks: number): Event => ({
  ...BLANK.Accepted,
  kind: Kind.Accepted,
  timeNs,
  instrument: 1,
  flags: FLAG_LAST | side,
  cause: orderId,
  orderId,
  priceTicks,
  leavesLots: 8,
});

function fold(events: readonly Event[], intervalNs = 1000): FactsFold {
  const state = createFactsFold(intervalNs);
  for (const event of events) foldFacts(state, event);
  endFacts(state);
  return state;
}

// Fails when the rest of a market order counts as a cancellation, or a life begins at the wrong order.
test('orders live from their acceptance to their cancellation', () => {
  const canceled = { ...BLANK.Canceled, kind: Kind.Canceled, instrument: 1, flags: FLAG_LAST, cause: 1 };
  const { facts, since } = fold([
    accepted(0, BUY, 1, 10),
    accepted(0, SELL, 2, 12),
    { ...BLANK.NewOrder, kind: Kind.NewOrder, timeNs: 100, instrument: 1, qtyLots: 8 },
    accepted(100, BUY, 3, 11),
    { ...BLANK.AmendOrder, kind: Kind.AmendOrder, timeNs: 150, instrument: 1, orderId: 3 },
    { ...canceled, timeNs: 400, orderId: 3, reason: 1 },
    { ...canceled, timeNs: 450, orderId: 77, reason: 1 },
    accepted(500, BUY, 4, 11),
    { ...canceled, timeNs: 500, orderId: 4, reason: 3 },
    {
      ...BLANK.Fill,
      kind: Kind.Fill,
      timeNs: 600,
      instrument: 1,
      flags: FLAG_LAST | SELL,
      cause: 9,
      priceTicks: 10,
      qtyLots: 8,
      makerOrderId: 1,
      takerOrderId: 5,
      makerLeaves: 0,
      takerLeaves: 0,
    },
    accepted(600, BUY, 6, 10),
    accepted(2100, BUY, 7, 9),
  ] as Event[]);
  expect([...since.keys()]).toEqual([2, 6, 7]);
  expect(factsJson(facts)).toMatchObject({
    orders: {
      count: 1,
      cancels: 2,
      amends: 1,
      cancelRatio: '2.000',
      orderTradeRatio: '1.000',
      canceledLifeNs: { min: 300, max: 300 },
    },
    takings: { count: 1, trades: 1, max: 8 },
  });
});

// A feed of orders has no commands: its acceptances are the orders.
test('where nobody tells of commands, an accepted order is one', () => {
  const feed = (event: Event): Event => ({ ...event, cause: NONE }) as Event;
  const { facts } = fold(
    [accepted(0, BUY, 1, 10), accepted(0, SELL, 2, 12), accepted(5, BUY, 3, 10)].map(feed),
  );
  expect(facts.orderSizes.lots.stats[0]).toBe(1);
});

// Fails when quotes and a book that is told more slowly are mixed.
test('where there are quotes, they are the best prices', () => {
  const quote = { ...BLANK.Quote, kind: Kind.Quote, instrument: 1, flags: FLAG_LAST, bidLots: 1, askLots: 1 };
  const { facts } = fold([
    { ...quote, timeNs: 0, bidTicks: 10, askTicks: 13 },
    accepted(100, BUY, 1, 12),
    accepted(100, SELL, 2, 14),
    { ...quote, timeNs: 400, bidTicks: 12, askTicks: 14 },
    { ...quote, timeNs: 1000, bidTicks: 12, askTicks: 14 },
  ] as Event[]);
  expect(facts.spreadTicks.stats[0]).toBe(1000);
  expect(facts.middles).toEqual([26]);
  expect(facts.spreadTicks.total.lanes[0]).toBe(400 * 3 + 600 * 2);
});

// The book of the fold is that of the matcher: the counts of metrics and facts meet.
test('facts of a simulation agree with its metrics', () => {
  const { sim, events } = run(PRESETS.mixed, { untilNs: 3_000_000_000 });
  const { facts, book } = fold(
    events.filter(({ instrument }) => instrument === 1),
    1_000_000_000,
  );
  const counts = sim.metrics.regimes.reduce(
    (sum, { orders, fills, amends }) => ({
      orders: sum.orders + orders,
      fills: sum.fills + fills,
      amends: sum.amends + amends,
    }),
    { orders: 0, fills: 0, amends: 0 },
  );
  const told = { bidTicks: 0, bidLots: 0, askTicks: 0, askLots: 0 };
  book.readTop(told);
  expect(sim.symbols[0].top).toMatchObject(told);
  const before = events.filter(
    ({ timeNs, kind }) => timeNs <= facts.startNs && kind === Kind.NewOrder,
  ).length;
  expect(facts.orderSizes.lots.stats[0] + before).toBe(counts.orders);
  const early = events.filter(({ timeNs, kind }) => timeNs <= facts.startNs && kind === Kind.Fill).length;
  expect(facts.trades + early).toBe(counts.fills);
  expect(before).toBeLessThan(20);
});
