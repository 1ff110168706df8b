import { describe, expect, test } from 'vitest';
import { BLANK, FLAG_LAST, Kind, SIDE_BUY, codeOfName } from '@truetape/contracts';
import type { Event } from '@truetape/contracts';
import {
  applyEvent,
  check,
  createEventOutcome,
  createOrders,
  findOrder,
  restoreOrders,
  saveOrders,
  transitionReason,
} from '@truetape/orders';
import type { Orders } from '@truetape/orders';

const code = (name: string): number => codeOfName('rejectCode', name)!;
const where = { instrument: 1 };
const LIMIT = { type: 1, tif: 1 };
const IOC = { type: 1, tif: 2 };
const add = (orderId: number, more: object = {}): Event => ({
  ...BLANK.NewOrder,
  ...where,
  ...LIMIT,
  flags: SIDE_BUY,
  orderId,
  priceTicks: 100,
  qtyLots: 10,
  ...more,
});
const accepted = (orderId: number, more: object = {}): Event => ({
  ...BLANK.Accepted,
  ...where,
  orderId,
  leavesLots: 10,
  ...more,
});
const rejected = (orderId: number, command: number, name: string): Event => ({
  ...BLANK.Rejected,
  ...where,
  orderId,
  command,
  code: code(name),
});
const trade = (tradeId: number, qtyLots: number, more: object): Event => ({
  ...BLANK.Fill,
  ...where,
  tradeId,
  qtyLots,
  priceTicks: 100,
  ...more,
});
const canceled = (orderId: number, more: object = {}): Event => ({
  ...BLANK.Canceled,
  ...where,
  orderId,
  reason: 1,
  ...more,
});
const cancel = (orderId: number, more: object = {}): Event => ({
  ...BLANK.CancelOrder,
  ...where,
  orderId,
  ...more,
});
const amend = (orderId: number, more: object): Event => ({ ...BLANK.AmendOrder, ...where, orderId, ...more });
const amended = (orderId: number, more: object): Event => ({
  ...BLANK.Amended,
  ...where,
  orderId,
  reason: 1,
  ...more,
});
const expired = (orderId: number): Event => ({
  ...BLANK.Expired,
  ...where,
  orderId,
  expiredLots: 10,
  reason: 1,
});
const last = { flags: FLAG_LAST };

/** What each event did: `id state filled/open reason`, with `|` between two orders; `-` for none; or the error. */
function story(orders: Orders, ...events: readonly Event[]): string[] {
  const out = createEventOutcome();
  return events.map((event) => {
    const before = saveOrders(orders);
    const error = applyEvent(orders, event, out);
    check(orders);
    if (error !== undefined) {
      if (error.event !== 'rested') expect(saveOrders(orders)).toEqual(before);
      return `${error.code}: ${error.orderId} ${error.event} in ${error.state}`;
    }
    const told = out.transitions.slice(0, out.count).map((one) => {
      const order = one.order!;
      return `${order.orderId} ${order.state} ${order.cumLots}/${order.leavesLots} ${transitionReason(one)}`;
    });
    return told.length === 0 ? '-' : told.join(' | ');
  });
}

describe("a venue's own account", () => {
  const run = (...events: readonly Event[]): string[] =>
    story(createOrders({ observer: 'venue' }), ...events);

  test('a life: commands and facts, both sides of a fill', () => {
    expect(
      run(
        add(1),
        accepted(1, last),
        add(2, { flags: 0x20, qtyLots: 4 }),
        accepted(2, { leavesLots: 4 }),
        trade(7, 4, { ...last, makerOrderId: 1, takerOrderId: 2, makerLeaves: 6, takerLeaves: 0 }),
        amend(1, { qtyLots: 5, qtyMode: 2 }),
        amended(1, { leavesLots: 5 }),
        amend(1, { qtyLots: 2, qtyMode: 3 }),
        amended(1, { leavesLots: 3, reason: 2 }),
        amended(1, { leavesLots: 2, reason: 3 }),
        cancel(1),
        canceled(1, { canceledLots: 2 }),
        add(1),
        accepted(1, last),
        expired(1),
      ),
    ).toEqual([
      '1 PendingNew 0/10 submit',
      '1 Accepted 0/10 accepted',
      '2 PendingNew 0/4 submit',
      '2 Accepted 0/4 accepted',
      '1 PartiallyFilled 4/6 fill | 2 Filled 4/0 fill',
      '1 PendingReplace 4/6 replaceRequest',
      '1 PartiallyFilled 4/5 requested',
      '1 PendingReplace 4/5 replaceRequest',
      '1 PartiallyFilled 4/3 reduced',
      '1 PartiallyFilled 4/2 selfTrade',
      '1 PendingCancel 4/2 cancelRequest',
      '1 Canceled 4/0 requested',
      '1 PendingNew 0/10 submit',
      '1 Accepted 0/10 accepted',
      '1 Expired 0/0 timeInForce',
    ]);
  });

  test('refusals of what no live order is meant by are passed over', () => {
    expect(
      run(
        add(1, { qtyLots: -5 }),
        rejected(1, Kind.NewOrder, 'badQty'),
        cancel(1),
        rejected(1, Kind.CancelOrder, 'unknownOrder'),
        amend(9, { priceTicks: 5 }),
        rejected(9, Kind.AmendOrder, 'unknownOrder'),
        add(2),
        accepted(2, last),
        add(2, { qtyLots: 3 }),
        rejected(2, Kind.NewOrder, 'duplicateId'),
        cancel(2),
        rejected(2, Kind.CancelOrder, 'notOwner'),
        rejected(2, Kind.CancelAll, 'notOwner'),
        { ...BLANK.Rejected, ...where, command: Kind.NewOrder, code: 1 },
        { ...BLANK.CancelAll, ...where },
        { ...BLANK.Trade, ...where, priceTicks: 1, qtyLots: 1 },
      ),
    ).toEqual([
      '1 PendingNew 0/0 submit',
      '1 Rejected 0/0 badQty',
      '-',
      '-',
      '-',
      '-',
      '2 PendingNew 0/10 submit',
      '2 Accepted 0/10 accepted',
      '-',
      '-',
      '2 PendingCancel 0/10 cancelRequest',
      '2 Accepted 0/10 notOwner',
      '-',
      '-',
      '-',
      '-',
    ]);
  });

  test.each<[string, readonly Event[], string]>([
    [
      'a fill before the ack',
      [add(1), trade(1, 1, { makerOrderId: 1 })],
      'neverAccepted: 1 fill in PendingNew',
    ],
    ['two acks', [add(1), accepted(1), accepted(1)], 'alreadyAccepted: 1 accepted in Accepted'],
    [
      'an ack of another quantity',
      [add(1), accepted(1, { leavesLots: 9 })],
      'leavesMismatch: 1 accepted in PendingNew',
    ],
    [
      'an accepted order of no quantity',
      [add(1, { qtyLots: 0 }), accepted(1, { leavesLots: 0 })],
      'badQty: 1 accepted in PendingNew',
    ],
    [
      'a late fill',
      [add(1), accepted(1), canceled(1), trade(1, 1, { makerOrderId: 1 })],
      'ended: 1 fill in Canceled',
    ],
    ['an unknown maker', [trade(1, 1, { makerOrderId: 3 })], 'unknownOrder: 3 fill in New'],
    [
      'leaves of the maker that do not follow',
      [add(1), accepted(1), trade(1, 1, { makerOrderId: 1, makerLeaves: 8 })],
      'leavesMismatch: 1 fill in Accepted',
    ],
    [
      'leaves of the taker that do not follow',
      [
        add(1),
        accepted(1),
        add(2),
        accepted(2),
        trade(1, 1, { makerOrderId: 1, takerOrderId: 2, makerLeaves: 9, takerLeaves: 8 }),
      ],
      'leavesMismatch: 2 fill in Accepted',
    ],
    [
      'canceled lots that do not follow',
      [add(1), accepted(1), canceled(1, { canceledLots: 9 })],
      'leavesMismatch: 1 canceled in Accepted',
    ],
    ['canceled twice', [add(1), accepted(1), canceled(1), canceled(1)], 'ended: 1 canceled in Canceled'],
    ['canceled before the ack', [add(1), canceled(1)], 'neverAccepted: 1 canceled in PendingNew'],
    [
      'an amendment that nobody asked for, as requested',
      [add(1), accepted(1), amended(1, { leavesLots: 5 })],
      'notPending: 1 replaced in Accepted',
    ],
    [
      'rejected behind the ack, without a second submission',
      [add(1), accepted(1), rejected(1, Kind.NewOrder, 'duplicateId')],
      'alreadyAccepted: 1 rejected in Accepted',
    ],
    [
      'unknownOrder of an order that is live',
      [add(1), accepted(1), cancel(1), rejected(1, Kind.CancelOrder, 'unknownOrder')],
      'stillLive: 1 cancelRejected in PendingCancel',
    ],
    [
      'notOwner of an order that does not exist',
      [cancel(9), rejected(9, Kind.CancelOrder, 'notOwner')],
      'unknownOrder: 9 cancelRejected in New',
    ],
    [
      'wouldCross of an order that has ended',
      [add(1), accepted(1), canceled(1), amend(1, {}), rejected(1, Kind.AmendOrder, 'wouldCross')],
      'notPending: 1 replaceRejected in Canceled',
    ],
    [
      'an IOC that is the maker',
      [add(1, IOC), accepted(1), trade(1, 1, { makerOrderId: 1 })],
      'wouldRest: 1 fill in Accepted',
    ],
    [
      'one refusal more than submissions',
      [
        add(1),
        accepted(1),
        add(1),
        rejected(1, Kind.NewOrder, 'duplicateId'),
        rejected(1, Kind.NewOrder, 'duplicateId'),
      ],
      'alreadyAccepted: 1 rejected in Accepted',
    ],
    ['a fact of an unknown order', [expired(4)], 'unknownOrder: 4 expired in New'],
    [
      'an order that trades with itself',
      [add(1), accepted(1), trade(1, 1, { makerOrderId: 1, takerOrderId: 1 })],
      'tradeConflict: 1 fill in Accepted',
    ],
    [
      'an IOC that rests at the end of its message',
      [add(1, IOC), accepted(1, last)],
      'wouldRest: 1 rested in Accepted',
    ],
    [
      "an IOC that rests, whoever's fact is the last of the message",
      [
        add(1),
        accepted(1, last),
        add(2, IOC),
        accepted(2),
        trade(1, 4, { makerOrderId: 1, takerOrderId: 2 }),
        canceled(1, { ...last, reason: 4 }),
      ],
      'wouldRest: 2 rested in PartiallyFilled',
    ],
  ])('is contradicted by %s', (_, events, error) => {
    expect(run(...events).at(-1)).toBe(error);
  });

  test('an IOC within its message: accepted, fills, canceled', () => {
    const other = accepted(8, { ...last, instrument: 2 });
    const told = run(
      add(1),
      accepted(1, last),
      add(8, { instrument: 2 }),
      add(2, IOC),
      accepted(2),
      other,
      trade(1, 10, { makerOrderId: 1, takerOrderId: 2, makerLeaves: 0, takerLeaves: 0 }),
      add(3, IOC),
      accepted(3),
      cancel(1, last),
      canceled(3, { ...last, reason: 2, canceledLots: 10 }),
    );
    // Neither the end of another instrument's message nor a command is the end of this one.
    expect(told.filter((one) => one.includes(': '))).toEqual([]);
    expect(told.at(-1)).toBe('3 Canceled 0/0 iocRemainder');
  });

  test('a store that is saved within a message goes on with it, and keeps no ended order waiting', () => {
    const orders = createOrders({ observer: 'venue' });
    story(orders, add(1), accepted(1, last), add(1), add(2, IOC), accepted(2));
    const restored = restoreOrders(saveOrders(orders));
    if (!restored.ok) return expect.fail(restored.error.code);
    expect(story(restored.value, rejected(1, Kind.NewOrder, 'duplicateId'), expired(1))).toEqual([
      '-',
      '1 Expired 0/0 timeInForce',
    ]);
    expect(story(restored.value, { ...BLANK.Rejected, ...where, ...last, command: Kind.CancelAll })).toEqual([
      'wouldRest: 2 rested in Accepted',
    ]);
    for (let id = 10; id < 30; id++) story(orders, add(id, IOC), accepted(id), canceled(id, { reason: 2 }));
    expect((orders as unknown as { unrested: unknown[] }).unrested.length).toBeLessThan(3);
  });

  // Fails when an order that ended within its message, and was forgotten, is saved as waiting.
  test('a store that is saved behind the end of an order that it does not keep', () => {
    const orders = createOrders({ observer: 'venue', endedMax: 0 });
    story(orders, add(1, IOC), accepted(1), canceled(1, { reason: 2, canceledLots: 10 }));
    const bytes = saveOrders(orders);
    expect(bytes).toEqual(saveOrders(createOrders({ observer: 'venue', endedMax: 0 })));
    expect(restoreOrders(bytes).ok).toBe(true);
  });

  test('each of several submissions of a live id has its refusal', () => {
    const refusal = rejected(1, Kind.NewOrder, 'duplicateId');
    expect(run(add(1), accepted(1), add(1), add(1), refusal, refusal, refusal).slice(2)).toEqual([
      '-',
      '-',
      '-',
      '-',
      'alreadyAccepted: 1 rejected in Accepted',
    ]);
  });

  test('a new id may be that of an order that has ended, which is forgotten', () => {
    const orders = createOrders({ observer: 'venue' });
    story(orders, add(1), accepted(1), canceled(1), add(2), accepted(2));
    expect(story(orders, amended(2, { leavesLots: 9, newOrderId: 1, reason: 3 }))).toEqual([
      '1 Accepted 0/9 selfTrade',
    ]);
    expect([orders.liveCount, orders.endedCount]).toEqual([1, 0]);
    expect(findOrder(orders, 2, 1)).toBe(findOrder(orders, 1, 1));
  });

  test('a fill that one side refuses is applied to neither', () => {
    expect(
      run(
        add(1),
        accepted(1, last),
        add(2, { qtyLots: 3 }),
        accepted(2, { leavesLots: 3 }),
        trade(1, 4, { makerOrderId: 1, takerOrderId: 2 }),
        trade(1, 3, { makerOrderId: 1, takerOrderId: 2 }),
      ).slice(-2),
    ).toEqual(['overfill: 2 fill in Accepted', '1 PartiallyFilled 3/7 fill | 2 Filled 3/0 fill']);
  });
});

describe("a client's account", () => {
  const run = (...events: readonly Event[]): string[] => story(createOrders(), ...events);

  test('of a fill, the counterparty is passed over; one of two is known', () => {
    expect(
      run(
        add(1),
        trade(1, 4, { makerOrderId: 1, takerOrderId: 77 }),
        trade(2, 6, { makerOrderId: 76, takerOrderId: 1 }),
        accepted(1),
        trade(3, 1, { makerOrderId: 76, takerOrderId: 77 }),
        trade(4, 1, { takerOrderId: 77 }),
      ),
    ).toEqual([
      '1 PendingNew 0/10 submit',
      '1 PartiallyFilled 4/6 fill',
      '1 Filled 10/0 fill',
      '1 Filled 10/0 accepted',
      'unknownOrder: 76 fill in New',
      'unknownOrder: 77 fill in New',
    ]);
  });

  test('an amendment by somebody else is taken, an IOC may rest between messages', () => {
    expect(
      run(
        add(1),
        accepted(1, last),
        amended(1, { leavesLots: 5 }),
        add(2, IOC),
        accepted(2, last),
        cancel(3),
        add(1),
      ),
    ).toEqual([
      '1 PendingNew 0/10 submit',
      '1 Accepted 0/10 accepted',
      '1 Accepted 0/5 requested',
      '2 PendingNew 0/10 submit',
      '2 Accepted 0/10 accepted',
      'unknownOrder: 3 cancelRequest in New',
      'duplicateId: 1 submit in Accepted',
    ]);
  });

  test('prices off the grid, the side, and a new id', () => {
    const orders = createOrders();
    story(
      orders,
      add(1),
      trade(1, 4, { makerOrderId: 1, priceTicks: BLANK.Fill.priceTicks, priceFine: 12345 }),
      amend(1, { priceTicks: 99 }),
      amended(1, { leavesLots: 6, priceTicks: 99, newOrderId: 5 }),
    );
    expect(findOrder(orders, 5, 1)).toMatchObject({
      side: SIDE_BUY,
      fineLots: 4,
      priceTicks: 99,
      orderId: 5,
    });
  });
});
