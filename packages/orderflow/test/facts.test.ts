// Facts of a few events whose statistics can be read off them.
import { BLANK, FLAG_LAST, FLAG_SNAPSHOT, Kind, NONE } from '@truetape/contracts';
import type { Event } from '@truetape/contracts';
import { returnsOf } from '../src/facts-json.ts';
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
  Object.assign(facts.top, { askLots: 7 });
  advanceFacts(facts, 2200, none);
  const json = factsJson(facts);
  // From 200 on: 2 ticks for 300, 1 for 700, one-sided for 200, crossed for 100, 4 for 700.
  expect(json).toMatchObject({
    spanNs: 2000,
    twoSidedShare: '0.85000',
    crossedShare: '0.05000',
    spreadTicks: { min: 1, p10: 1, p50: 2, mean: '2.412', p90: 4, max: 4 },
    touchLots: { min: 5, p50: 7, mean: '7.059', p90: 9, max: 9 },
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

// Fails when a volume is held against the return of another interval, or wide returns overlap.
test('returns and what goes with them', () => {
  expect(returnsOf([0, 1, 3, 6, 10, 15], 2)).toEqual([3, 7]);
  const facts = createFacts(1000);
  at(facts, 0, 100, 102);
  // Ten intervals up, ten down; what is traded is as much as the price moves, and the third not at all.
  for (let k = 0; k < 41; k++) {
    const middle = 100 + (k % 20 < 10 ? k % 20 : 20 - (k % 20));
    at(facts, k * 1000 + 10, middle, middle + 2);
    if (k !== 3) observeTrade(facts, k * 1000 + 10, 1, 8, k);
  }
  advanceFacts(facts, 41_000, none);
  expect(factsJson(facts)).toMatchObject({
    returns: { count: 40, sigmaHalfTicks: '2.000', meanHalfTicks: '0.000', varianceRatio: '10.000' },
    autocorrelation: { volumeToAbsoluteReturn: null },
  });
  at(facts, 41_500, 105, 107);
  observeTrade(facts, 41_500, 1, 100, 99);
  advanceFacts(facts, 42_000, none);
  const { autocorrelation } = factsJson(facts) as { autocorrelation: Record<string, string> };
  expect(Number(autocorrelation['volumeToAbsoluteReturn'])).toBeGreaterThan(0.9);
});

// Fails when the threshold of a tail is part of it.
test('the tail of sizes is what is beyond nineteen of twenty', () => {
  const facts = createFacts(1000);
  at(facts, 0, 10, 12);
  for (let k = 0; k < 100; k++) observeTrade(facts, k, 1, k < 95 ? 1 : 2, k);
  endTaking(facts);
  advanceFacts(facts, 2000, none);
  expect(factsJson(facts)).toMatchObject({ takings: { hill: (1 / Math.log(2)).toFixed(3) } });
});

// Fails when the rest of a market order counts as a cancellation, or a life begins at the wrong order.
test('orders live from their acceptance to their cancellation', () => {
  const canceled = { ...BLANK.Canceled, kind: Kind.Canceled, instrument: 1, flags: FLAG_LAST, cause: 1 };
  const amend = { ...BLANK.AmendOrder, kind: Kind.AmendOrder, instrument: 1, orderId: 3 };
  const { facts, since } = fold([
    { ...amend, timeNs: 0 },
    accepted(0, BUY, 1, 10),
    accepted(0, SELL, 2, 12),
    { ...accepted(50, BUY, 90, 8), flags: FLAG_LAST | BUY | FLAG_SNAPSHOT, cause: NONE },
    { ...BLANK.NewOrder, kind: Kind.NewOrder, timeNs: 100, instrument: 1, qtyLots: 8 },
    accepted(100, BUY, 3, 11),
    { ...amend, timeNs: 150 },
    { ...canceled, timeNs: 400, orderId: 3, reason: 1 },
    { ...canceled, timeNs: 450, orderId: 77, reason: 1 },
    accepted(500, BUY, 4, 11),
    { ...canceled, timeNs: 500, orderId: 4, reason: 3 },
    { ...accepted(600, SELL, 5, 10), flags: SELL },
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
      perSecond: '500000.000',
      canceledLifeNs: { min: 300, max: 300 },
    },
    takings: { count: 1, trades: 1, max: 8 },
  });
});

// Fails when takings are told apart by another time than the venue's, or orders by their time.
test('takings are told apart by what caused them, else by the time of the match', () => {
  const fill = { ...BLANK.Fill, kind: Kind.Fill, instrument: 1, flags: BUY | FLAG_LAST, qtyLots: 1 };
  const trade = { ...BLANK.Trade, kind: Kind.Trade, instrument: 1, flags: BUY | FLAG_LAST, qtyLots: 1 };
  const takings = (...events: object[]): number => {
    const open = [accepted(0, BUY, 1, 10), accepted(0, SELL, 2, 12)];
    const { facts } = fold([...open, ...events, accepted(5000, BUY, 9, 10)] as Event[]);
    return facts.takings.lots.stats[0];
  };
  expect(takings({ ...fill, timeNs: 5, cause: 7 }, { ...fill, timeNs: 5, cause: 8 })).toBe(2);
  expect(takings({ ...fill, timeNs: 5, cause: 7 }, { ...fill, timeNs: 5, cause: 7 })).toBe(1);
  expect(takings({ ...fill, timeNs: 5, cause: NONE }, { ...fill, timeNs: 5, cause: NONE })).toBe(1);
  expect(takings({ ...trade, timeNs: 5, matchTime: 3 }, { ...trade, timeNs: 8, matchTime: 3 })).toBe(1);
  expect(takings({ ...trade, timeNs: 5, matchTime: 3 }, { ...trade, timeNs: 5, matchTime: 4 })).toBe(2);
  expect(takings({ ...trade, timeNs: 5, matchTime: NONE }, { ...trade, timeNs: 5, matchTime: NONE })).toBe(1);
});

// Fails when a side is left out of the mean, or a level is taken for another.
test('levels are the means of both sides, best first', () => {
  const { facts } = fold([
    accepted(0, BUY, 1, 10),
    accepted(0, BUY, 2, 10),
    accepted(0, BUY, 3, 8),
    accepted(0, SELL, 4, 12),
    accepted(2500, SELL, 5, 14),
  ]);
  // Bids of 16 and 8, an ask of 8, at two ends of intervals.
  expect((factsJson(facts)!['levelLots'] as string[]).slice(0, 3)).toEqual(['12.0', '4.0', '0.0']);
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
