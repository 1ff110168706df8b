// Hand-made tapes under a probe or two: what stands ahead of it, when its life ends, and what it leaves behind.
import {
  BLANK,
  createRecordOut,
  encodeEvent,
  FLAG_LAST,
  NONE,
  SIDE_BUY,
  SIDE_SELL,
  UNIX_EPOCH,
  type Event,
} from '@truetape/contracts';
import { expect, test } from 'vitest';
import {
  createQueueComparison,
  feedQueueComparison,
  QUEUE_CONTENDERS,
  unfinishedProbes,
  type ProbePlan,
  type QueueComparison,
} from '@truetape/backtest';
import { createSlots, drawProbe, nextSlot } from '../src/queue-probes.ts';

const LIFE = 1000;
const BUY = 1;

const planOf = (seed: number): ProbePlan => ({
  seed: String(seed),
  lanes: 1,
  lifetimeNs: LIFE,
  qtyLots: [5],
  behindTicks: 0,
});

/** A plan whose first two probes buy, and when they are placed, on a tape that begins at 0. */
function buyers(): { readonly plan: ProbePlan; readonly at: readonly [number, number] } {
  for (let seed = 1; ; seed++) {
    const plan = planOf(seed);
    const slots = createSlots(plan, 0, 0);
    const drawn = [0, 1].map(() => ({ at: nextSlot(slots), side: drawProbe(slots).side }));
    // There is time for what has to happen before.
    if (drawn.every(({ side }) => side === BUY) && drawn[0].at > 10)
      return { plan, at: [drawn[0].at, drawn[1].at] };
  }
}

const AT = { instrument: 1, source: 1 };
const rests = (
  timeNs: number,
  orderId: number,
  side: number,
  priceTicks: number,
  leavesLots: number,
): Event => ({
  ...BLANK.Accepted,
  ...AT,
  timeNs,
  orderId,
  priceTicks,
  leavesLots,
  type: 1,
  tif: 1,
  flags: side | FLAG_LAST,
});
const gone = (timeNs: number, orderId: number): Event => ({
  ...BLANK.Canceled,
  ...AT,
  timeNs,
  orderId,
  reason: 1,
  flags: FLAG_LAST,
});
const moves = (timeNs: number, orderId: number, priceTicks: number, leavesLots: number): Event => ({
  ...BLANK.Amended,
  ...AT,
  timeNs,
  orderId,
  priceTicks,
  leavesLots,
  priorityKept: 0,
  reason: 1,
  flags: FLAG_LAST,
});
const sold = (timeNs: number, makerOrderId: number, priceTicks: number, qtyLots: number): Event => ({
  ...BLANK.Fill,
  ...AT,
  timeNs,
  makerOrderId,
  priceTicks,
  qtyLots,
  tradeId: 7,
  takerOrderId: NONE,
  flags: SIDE_SELL | FLAG_LAST,
});
const start = [rests(0, 1, SIDE_BUY, 100, 5), rests(0, 2, SIDE_SELL, 103, 5)];

function run(plan: ProbePlan, events: readonly Event[], depthEveryNs = 0): QueueComparison {
  const comparison = createQueueComparison({
    instrument: 1,
    sources: [],
    startsEmpty: true,
    epoch: UNIX_EPOCH,
    plan,
    depthEveryNs,
    contenders: QUEUE_CONTENDERS,
  });
  const records = createRecordOut(UNIX_EPOCH);
  for (const event of events) expect(encodeEvent(records, event)).toBe(0);
  const count = events.length;
  const to = records.words * 2;
  feedQueueComparison(comparison, { records, from: 0, to, firstSeq: 0, nextSeq: count, recordCount: count });
  return comparison;
}

/** Lots and times of the first probe: exactly, then by each model. */
const fills = ({ outcomes: [first] }: QueueComparison): (readonly [number, number])[] =>
  [first.exact, ...first.models].map(({ firstNs, lots }) => [firstNs, lots] as const);

const times = (count: number, value: unknown): unknown[] => Array.from({ length: count }, () => value);

test('an event at the moment of placing is ahead; one at the end of its life still counts', () => {
  const {
    plan,
    at: [placed],
  } = buyers();
  const end = placed + LIFE;
  const ahead = [...start, rests(placed, 3, SIDE_BUY, 100, 4), rests(placed + 1, 4, SIDE_BUY, 100, 9)];
  const trades = [sold(end, 1, 100, 5), sold(end, 3, 100, 4)];
  // Nine lots trade: all that stands ahead. Two more are ours.
  const none = run(plan, [...ahead, ...trades, rests(end + 1, 9, SIDE_BUY, 90, 1)]);
  expect(none.outcomes[0]).toMatchObject({ placedNs: placed, side: 1, qtyLots: 5 });
  const NOTHING = [NONE, 0];
  expect(fills(none)).toEqual([...times(6, NOTHING), [end, 5]]);
  const two = run(plan, [...ahead, ...trades, sold(end, 4, 100, 2), rests(end + 1, 9, SIDE_BUY, 90, 1)]);
  expect(fills(two)).toEqual([...times(6, [end, 2]), [end, 5]]);
  expect(two.outcomes[0].models[5].firstMessage).toBeLessThan(two.outcomes[0].exact.firstMessage);
  const late = run(plan, [...ahead, ...trades, sold(end + 1, 4, 100, 2)]);
  expect(fills(late)).toEqual(fills(none));
});

test('levels that are due when a probe is placed are told before', () => {
  const {
    plan,
    at: [placed],
  } = buyers();
  const end = placed + LIFE;
  // Told at multiples of the moment of placing; the order came before, and is ahead for everybody.
  const events = [...start, rests(placed - 1, 3, SIDE_BUY, 100, 4), sold(placed + 1, 1, 100, 5)];
  const told = run(
    plan,
    [...events, sold(placed + 2, 3, 100, 4), rests(end + 1, 9, SIDE_BUY, 90, 1)],
    placed,
  );
  expect(fills(told).slice(0, 6)).toEqual(times(6, [NONE, 0]));
  // Told long after: nobody knows of it.
  const old = run(plan, [...events, sold(placed + 2, 3, 100, 4), rests(end + 1, 9, SIDE_BUY, 90, 1)], 5000);
  expect(fills(old).slice(0, 6)).toEqual([[NONE, 0], ...times(5, [placed + 2, 4])]);
});

test('a probe finds the market as if the one before it had never been', () => {
  const { plan, at } = buyers();
  const [first, second] = at;
  const comparison = run(plan, [
    ...start,
    rests(0, 3, SIDE_BUY, 98, 5),
    // The first one alone is at 100, and meets a seller.
    gone(first + 1, 1),
    rests(first + 2, 4, SIDE_SELL, 100, 5),
    // The second one stands behind order 3, which leaves; the same seller comes to it.
    gone(second + 1, 3),
    moves(second + 2, 4, 98, 5),
    rests(second + LIFE + 1, 9, SIDE_BUY, 90, 1),
  ]);
  expect(comparison.outcomes).toHaveLength(2);
  for (const [k, { exact, models }] of comparison.outcomes.entries())
    for (const { firstNs, lots } of [exact, ...models]) expect([firstNs, lots]).toEqual([at[k] + 2, 5]);
});

test('no book, no probe; one that is alive at the end counts for nobody', () => {
  const {
    plan,
    at: [placed],
  } = buyers();
  const empty = run(plan, [rests(0, 2, SIDE_SELL, 103, 5), rests(placed + LIFE + 1, 3, SIDE_SELL, 104, 5)]);
  expect(empty).toMatchObject({ skipped: 1, refused: 0, outcomes: [] });
  const cut = run(plan, [...start, rests(placed + LIFE, 3, SIDE_SELL, 104, 5)]);
  expect(cut.outcomes).toEqual([]);
  expect(unfinishedProbes(cut)).toBe(1);
});
