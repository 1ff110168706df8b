import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Kind, NONE, SIDE_BUY, SIDE_SELL } from '@truetape/contracts';
import {
  checkAccepted,
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

  test('ORDERS-8: is counted as its orders are listed', () => {
    const check = createOrderCheck();
    limit(check, 1);
    const rows = check as { liveCount: number };
    rows.liveCount += 1;
    expect(() => ordersOf(check)).toThrow('ORDERS-8');
  });

  test('goes on from a venue, and from no other store', () => {
    expect(orderCheckOf(createOrders())).toBeUndefined();
    const check = createOrderCheck();
    limit(check, 3);
    const restored = restoreOrders(saveOrders(ordersOf(check)));
    const again = orderCheckOf(restored.ok ? restored.value : createOrders())!;
    expect(checkCanceled(again, 1, 3, 9, 1, true)?.code).toBe('leavesMismatch');
    expect(checkCanceled(again, 1, 3, 10, 1, true)).toBeUndefined();
    expect([again.liveCount, again.endedCount]).toEqual([0, 1]);
  });
});
