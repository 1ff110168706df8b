import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Kind, NONE, SIDE_BUY, SIDE_SELL } from '@truetape/contracts';
import {
  apply,
  checkAccepted,
  checkAmended,
  checkAmendRequest,
  checkCanceled,
  checkCancelRequest,
  checkFill,
  checkNew,
  checkRejected,
  createOrderCheck,
  createOrders,
  findOrder,
  orderCheckOf,
  ordersOf,
  restoreOrders,
  saveOrders,
} from '@truetape/orders';
import type { OrderCheck } from '@truetape/orders';
import { compareLives, draws, limits } from './check-model.ts';
import { checkProperty, seeds } from './property.ts';

const limit = (check: OrderCheck, orderId: number, side = SIDE_BUY): unknown => [
  checkNew(check, 1, orderId, side, 1, 1, 100, 10),
  checkAccepted(check, 1, orderId, 100, 10, true),
];

describe('the quick check', () => {
  // Fails where it lets pass what the store refuses, or the other way round, in any of its comparisons.
  test.each(seeds(20_261_121))('says what the store says: seed %i', (seed) => {
    checkProperty(seed, fc.property(limits, draws, compareLives), 400);
  });

  // Fails where an order is lost or found under another's id when rows grow or go.
  test('finds each of many orders, while others come and go', () => {
    const check = createOrderCheck({ endedMax: 100 });
    const live: number[] = [];
    for (let k = 0; k < 6000; k++) {
      const orderId = (k % 7) * 2 ** 40 + Math.floor(k / 7) * 64;
      expect(limit(check, orderId)).toEqual([undefined, undefined]);
      live.push(orderId);
      if (k % 3 === 0) continue;
      const [gone] = live.splice((k * 7919) % live.length, 1);
      expect(checkCanceled(check, 1, gone, 10, 1, true)).toBeUndefined();
    }
    expect([check.liveCount, check.endedCount]).toEqual([2000, 100]);
    const orders = ordersOf(check);
    expect(live.map((id) => findOrder(orders, id, 1)?.state)).toEqual(live.map(() => 'Accepted'));
    for (const orderId of live) expect(checkCanceled(check, 1, orderId, 10, 1, true)).toBeUndefined();
  });

  // Fails where what is forgotten is judged otherwise than in the store.
  test('forgets the order that ended first', () => {
    const check = createOrderCheck({ endedMax: 1 });
    for (const orderId of [1, 2]) {
      limit(check, orderId);
      checkCanceled(check, 1, orderId, 10, 1, true);
    }
    expect(checkCanceled(check, 1, 1, 10, 1, true)?.code).toBe('unknownOrder');
    expect(checkCanceled(check, 1, 2, 10, 1, true)?.code).toBe('ended');
  });

  // Fails where an order is asked for its end in another's message, or twice, or not at all.
  test('names the order that rests and may not', () => {
    const check = createOrderCheck();
    for (const instrument of [1, 2]) {
      checkNew(check, instrument, 5, SIDE_BUY, 2, 2, NONE, 10);
      checkAccepted(check, instrument, 5, NONE, 10, false);
    }
    // An error ends no message.
    expect(checkFill(check, 2, 1, 100, 1, 8, 5, NONE, 9, true)?.code).toBe('unknownOrder');
    const resting = { code: 'wouldRest', event: 'rested', state: 'Accepted', orderId: 5 };
    checkNew(check, 1, 6, SIDE_SELL, 1, 1, 100, 10);
    expect(checkAccepted(check, 1, 6, 100, 10, true)).toMatchObject({ ...resting, instrument: 1 });
    expect(checkRejected(check, 1, 7, Kind.CancelOrder, 5, true)).toBeUndefined();
    expect(checkCancelRequest(check, 2, 5, 0)).toBeUndefined();
    const told = checkRejected(check, 2, 5, Kind.CancelOrder, 6, true);
    expect(told).toMatchObject({ ...resting, instrument: 2 });
  });

  // Fails where only one of both orders is asked for the trade.
  test('takes no second fill under a trade id, whichever side had it', () => {
    const check = createOrderCheck();
    for (const orderId of [1, 2, 3, 4]) limit(check, orderId, orderId % 2 === 0 ? SIDE_SELL : SIDE_BUY);
    const fill = (tradeId: number, maker: number, taker: number, lots: number, ...leaves: [number, number]) =>
      checkFill(check, 1, tradeId, 100, lots, maker, taker, ...leaves, true);
    expect(fill(9, 1, 2, 4, 6, 6)).toBeUndefined();
    expect(fill(9, 1, 4, 3, 3, 7)).toMatchObject({ code: 'tradeConflict', orderId: 1 });
    expect(fill(9, 3, 2, 3, 7, 3)).toMatchObject({ code: 'tradeConflict', orderId: 2 });
    // The same again is no second fill.
    expect(fill(9, 1, 2, 4, 6, 6)).toBeUndefined();
    expect(fill(10, 3, 4, 10, 0, 0)).toBeUndefined();
    // A lower id may come late.
    expect(fill(8, 1, 2, 1, 5, 5)).toBeUndefined();
    expect(fill(9, 1, 2, 1, 4, 4)).toMatchObject({ code: 'tradeConflict', orderId: 1 });
    expect([check.liveCount, check.endedCount]).toEqual([2, 2]);
  });

  test('takes no amendment that leaves less than nothing, or nothing of an order without fills', () => {
    const check = createOrderCheck();
    for (const orderId of [1, 2]) limit(check, orderId, orderId === 1 ? SIDE_BUY : SIDE_SELL);
    checkAmendRequest(check, 1, 1, 100, NONE, 0);
    expect(checkAmended(check, 1, 1, 100, 0, 1, true)?.code).toBe('badQty');
    checkFill(check, 1, 1, 100, 4, 1, 2, 6, 6, true);
    expect(checkAmended(check, 1, 1, 100, -1, 1, true)?.code).toBe('badQty');
    expect(checkAmended(check, 1, 1, 100, 0, 1, true)).toBeUndefined();
    expect([check.liveCount, check.endedCount]).toEqual([1, 1]);
  });

  // Fails where a sum is rounded to something that fits.
  test('takes no quantity that is beyond a number', () => {
    const check = createOrderCheck();
    limit(check, 1);
    limit(check, 2, SIDE_SELL);
    expect(checkFill(check, 1, 1, 100, 1, 1, 2, 9, 9, true)).toBeUndefined();
    expect(checkAmendRequest(check, 1, 1, 100, NONE, 0)).toBeUndefined();
    expect(checkAmended(check, 1, 1, 100, Number.MAX_SAFE_INTEGER, 1, true)?.code).toBe('badQty');
    expect(checkAmended(check, 1, 1, 100, Number.MAX_SAFE_INTEGER - 1, 1, true)).toBeUndefined();
  });

  test('ORDERS-8: is counted as its orders are listed', () => {
    const check = createOrderCheck();
    limit(check, 1);
    const rows = check as { liveCount: number };
    rows.liveCount += 1;
    expect(() => ordersOf(check)).toThrow('ORDERS-8');
  });

  test('goes on from a venue, and from no other store', () => {
    expect(orderCheckOf(createOrders())).toBeUndefined();
    const renamed = createOrders({ observer: 'venue' });
    apply(renamed, { event: 'submit', orderId: 1, qtyLots: 3 });
    apply(renamed, { event: 'accepted', orderId: 1 });
    apply(renamed, { event: 'amended', orderId: 1, newOrderId: 2, reason: 4 });
    expect([findOrder(renamed, 2)?.state, orderCheckOf(renamed)]).toEqual(['Accepted', undefined]);
    const check = createOrderCheck();
    limit(check, 3);
    const restored = restoreOrders(saveOrders(ordersOf(check)));
    const again = orderCheckOf(restored.ok ? restored.value : createOrders())!;
    expect(checkCanceled(again, 1, 3, 9, 1, true)?.code).toBe('leavesMismatch');
    expect(checkCanceled(again, 1, 3, 10, 1, true)).toBeUndefined();
    expect([again.liveCount, again.endedCount]).toEqual([0, 1]);
  });
});
