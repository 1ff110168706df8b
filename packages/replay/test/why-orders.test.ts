// Each way in which an order or an intent ends, on a tape of its own. A story that takes the wrong event, or misses
// its own, fails the row that has it.
import { Kind, NONE } from '@truetape/contracts';
import type { RiskDecision } from '@truetape/contracts';
import { describe, expect, test } from 'vitest';
import type { OrderStory } from '../src/index.ts';
import { code, createScript, followed, intent, order } from './why-script.ts';
import type { Script } from './why-script.ts';

const CANCELED = { orderId: 1, canceledLots: 5, reason: code('cancelReason', 'requested') };
const MAKER = code('liquidity', 'maker');
const THROUGH = code('basis', 'tradeThrough');

/** Sends order 1, which rests; the seq of the command. */
function rest({ add, send }: Script): number {
  const cause = send(1);
  add('Accepted', { cause, orderId: 1, priceTicks: 50, leavesLots: 5 });
  return cause;
}

const ENDINGS: readonly (readonly [
  what: string,
  play: (script: Script) => void,
  story: Partial<OrderStory>,
])[] = [
  [
    'never answered',
    ({ send }) => void send(1),
    { end: 'unanswered', sentSeq: 2, filledLots: 0, side: 0x10 },
  ],
  [
    'open, with a cancel under way',
    (script) => {
      rest(script);
      script.add('CancelOrder', { orderId: 1 });
    },
    { end: 'open', leavesLots: 5, pending: [{ kind: Kind.CancelOrder, seq: 4, timeNs: 4_000_000 }] },
  ],
  [
    'rejected',
    ({ add, send }) => {
      const cause = send(1);
      add('Rejected', {
        cause,
        orderId: 1,
        command: Kind.NewOrder,
        by: 1,
        code: code('rejectCode', 'wouldCross'),
      });
    },
    { end: 'rejected', code: code('rejectCode', 'wouldCross'), by: 1 },
  ],
  [
    'open: a second order under its id is rejected, and changes nothing',
    (script) => {
      rest(script);
      const again = script.add('NewOrder', { orderId: 1, qtyLots: 99 });
      const cause = { cause: again, orderId: 1, command: Kind.NewOrder };
      script.add('Rejected', { ...cause, code: code('rejectCode', 'duplicateId') });
    },
    { end: 'open', qtyLots: 5, leavesLots: 5 },
  ],
  [
    'filled, by two of its kind and one of another',
    (script) => {
      const cause = rest(script);
      const fill = { makerOrderId: 1, liquidity: MAKER, basis: THROUGH, priceTicks: 50 };
      script.add('Fill', { ...fill, qtyLots: 1, makerLeaves: 4 });
      script.add('Fill', { ...fill, qtyLots: 2, makerLeaves: 2 });
      script.add('Fill', { cause, takerOrderId: 1, qtyLots: 2, takerLeaves: 0, priceTicks: 49 });
    },
    {
      end: 'filled',
      filledLots: 5,
      fillCount: 3,
      isOnePrice: false,
      fillTicks: 50,
      firstFillNs: 4_000_000,
      lastFillNs: 6_000_000,
      fills: [
        { liquidity: MAKER, basis: THROUGH, count: 2, qtyLots: 3 },
        { liquidity: code('liquidity', 'taker'), basis: 0, count: 1, qtyLots: 2 },
      ],
    },
  ],
  [
    'canceled with others ahead of it',
    (script) => {
      rest(script);
      const asked = script.add('CancelOrder', { orderId: 1 });
      const cause = script.add('Canceled', { ...CANCELED, cause: asked });
      const nothing = { cause, orderId: 1, intentId: 101, aheadLots: 7 };
      script.add('NoAction', { ...nothing, code: code('noActionCode', 'queueNotReached') });
    },
    { end: 'canceled', aheadLots: 7, endNs: 5_000_000, pending: [] },
  ],
  [
    'expired in part',
    (script) => {
      rest(script);
      script.add('Fill', { makerOrderId: 1, qtyLots: 2, makerLeaves: 3, priceTicks: 50 });
      script.add('Expired', { orderId: 1, expiredLots: 3, reason: code('expireReason', 'timeInForce') });
    },
    { end: 'expired', filledLots: 2, leavesLots: 3, code: code('expireReason', 'timeInForce') },
  ],
  [
    'open: an amend moved it, another was refused',
    (script) => {
      rest(script);
      const first = script.add('AmendOrder', { orderId: 1, priceTicks: 51 });
      script.add('Amended', { cause: first, orderId: 1, priceTicks: 51, leavesLots: 4 });
      const second = script.add('AmendOrder', { orderId: 1, priceTicks: 52 });
      script.add('Rejected', { cause: second, orderId: 1, command: Kind.AmendOrder, code: 1 });
    },
    { end: 'open', priceTicks: 51, leavesLots: 4, amends: 1, pending: [] },
  ],
  [
    'canceled behind an amend and a fill: its quantity is what it was last',
    (script) => {
      rest(script);
      const larger = script.add('AmendOrder', { orderId: 1, qtyLots: 8 });
      script.add('Fill', { makerOrderId: 1, qtyLots: 2, makerLeaves: 3, priceTicks: 50 });
      script.add('Amended', { cause: larger, orderId: 1, leavesLots: 6 });
      script.add('Canceled', { ...CANCELED, canceledLots: 6 });
    },
    { end: 'canceled', qtyLots: 8, filledLots: 2, leavesLots: 6 },
  ],
  [
    'dropped on its way',
    ({ add, send }) => {
      const cause = send(1);
      add('Dropped', { cause, orderId: 1, command: Kind.NewOrder, reason: 3 });
    },
    { end: 'dropped', code: 3 },
  ],
  [
    'never sent: the gateway throttled it',
    ({ add, send }) => void add('Outcome', { cause: send(1), outcome: code('outcome', 'throttled') }),
    { end: 'notSent', code: code('outcome', 'throttled') },
  ],
  [
    'unseen: a cancel alone',
    ({ add }) => void add('CancelOrder', { orderId: 1 }),
    { end: 'unseen', sentNs: NONE },
  ],
];

describe('an order is', () => {
  test.each(ENDINGS)('%s', (_, play, story) => {
    const script = createScript();
    play(script);
    // A neighbour that nothing of this is about.
    script.send(2);
    const { orders } = followed(script, order(1));
    expect(orders).toHaveLength(1);
    expect(orders[0]).toMatchObject(story);
  });
});

test('cash that a fill moved adds up by asset and reason', () => {
  const script = createScript();
  rest(script);
  const cause = script.add('Fill', { makerOrderId: 1, qtyLots: 5, makerLeaves: 0, priceTicks: 50 });
  for (const amount of [-3n, -4n]) script.add('CashFlow', { cause, orderId: 1, amount, asset: 2, reason: 1 });
  script.add('CashFlow', { cause, amount: 9n, asset: 2, reason: 11 });
  script.add('CashFlow', { orderId: 2, amount: 100n, asset: 2, reason: 1 });
  const [{ cash }] = followed(script, order(1)).orders;
  // The second names no order: it follows from the fill, and is shown, but is counted for none.
  expect(cash).toEqual([{ asset: 2, reason: 1, amount: -7n }]);
});

describe('an intent', () => {
  const DENIAL: Partial<RiskDecision> = {
    verdict: code('verdict', 'deny'),
    code: code('denialCode', 'outsideCollar'),
    rule: code('rule', 'priceCollar'),
    observed: 120n,
    limit: 100n,
  };

  test('is denied, and its order’s id goes to the next', () => {
    const script = createScript();
    const cause = script.add('Intent', { intentId: 7, action: code('action', 'new'), qtyLots: 5 });
    script.add('RiskDecision', { ...DENIAL, cause, intentId: 7, orderId: 1 });
    const [story] = followed(script, intent(7)).intents;
    expect(story.verdict).toMatchObject({ seq: 1, observed: 120n, limit: 100n });
    expect(story.command).toBeUndefined();
    // Nothing was sent under that id, and the search says whose it was to be.
    const none = followed(script, order(1));
    expect([none.orders, none.events, none.denials]).toEqual([[], [], [{ instrument: 1, intentId: 7 }]]);
    rest(script);
    const sent = followed(script, order(1));
    expect(sent.events.map(({ kind }) => kind)).toEqual([Kind.NewOrder, Kind.Accepted]);
  });

  test('becomes an order, whose life it is told by', () => {
    const script = createScript();
    rest(script);
    script.add('Fill', {
      cause: 33,
      causeTape: 1,
      makerOrderId: 1,
      qtyLots: 5,
      makerLeaves: 0,
      priceTicks: 50,
    });
    const unreached = { intentId: 101, orderId: 1, aheadLots: 1 };
    script.add('NoAction', { ...unreached, code: code('noActionCode', 'queueNotReached') });
    const { intents, orders, events } = followed(script, intent(101));
    const story = { intentId: 101, command: { seq: 2 }, answer: { seq: 3 }, noAction: undefined };
    expect(intents[0]).toMatchObject(story);
    expect(orders[0]).toMatchObject({ orderId: 1, end: 'filled' });
    expect(events.map(({ seq }) => seq)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test('to cancel is told by its command and the answer, not by the whole order', () => {
    const script = createScript();
    rest(script);
    const asked = script.add('Intent', { intentId: 8, action: code('action', 'cancel'), orderId: 1 });
    const cause = script.add('CancelOrder', { cause: asked, orderId: 1 });
    script.add('Canceled', { ...CANCELED, cause });
    const { intents, events } = followed(script, intent(8));
    expect(events.map(({ seq }) => seq)).toEqual([4, 5, 6]);
    expect(intents[0]).toMatchObject({ command: { seq: 5 }, answer: { seq: 6 } });
  });

  test('for a position is told by its parts, also by those that follow a fill', () => {
    const script = createScript();
    const target = script.add('Target', { intentId: 9, targetLots: 10 });
    const part = { parentIntentId: 9, action: code('action', 'new') };
    const first = script.add('Intent', { ...part, cause: target, intentId: 10 });
    const command = script.add('NewOrder', { cause: first, orderId: 1, intentId: 10, qtyLots: 5 });
    const fill = script.add('Fill', { cause: command, takerOrderId: 1, qtyLots: 5, takerLeaves: 0 });
    const second = script.add('Intent', { ...part, cause: fill, intentId: 11 });
    script.add('RiskDecision', { ...DENIAL, cause: second, intentId: 11 });
    const { intents, orders, nexts } = followed(script, intent(9));
    expect(intents.map(({ intentId, parts }) => [intentId, parts])).toEqual([
      [9, 2],
      [10, 0],
      [11, 0],
    ]);
    expect(intents[2].verdict).toMatchObject({ seq: 5 });
    expect([orders.length, nexts.size]).toEqual([1, 0]);
  });

  test('led to nothing', () => {
    const script = createScript();
    const cause = script.add('Target', { intentId: 9, targetLots: 0 });
    script.add('NoAction', { cause, intentId: 9, code: code('noActionCode', 'sizedToZero') });
    expect(followed(script, intent(9)).intents[0].noAction).toMatchObject({ seq: 1 });
  });
});
