import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { NONE } from '@truetape/contracts';
import { InvariantError, createStream } from '@truetape/kernel';
import type { Sha256 } from '@truetape/kernel';
import {
  apply,
  averageTicks,
  check,
  createOrders,
  findOrder,
  fineNotionalOf,
  hashOrders,
  notionalOf,
  restoreOrders,
  retire,
  saveOrders,
} from '@truetape/orders';
import type { Order, OrderInput, Orders } from '@truetape/orders';
import { randomInput } from './streams.ts';

const sha256: Sha256 = () => createHash('sha256');
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

function tell(orders: Orders, ...inputs: readonly OrderInput[]): void {
  for (const input of inputs) {
    const error = apply(orders, input);
    if (error !== undefined) expect.fail(`${error.code}: ${JSON.stringify(input)}`);
  }
}

const submit = (orderId: number, instrument = 0): OrderInput => ({
  event: 'submit',
  orderId,
  instrument,
  qtyLots: 10,
  priceTicks: 100,
});
const cancel = (orderId: number, instrument = 0): OrderInput => ({ event: 'canceled', orderId, instrument });

describe('a store', () => {
  test('tells orders apart by instrument and id', () => {
    const orders = createOrders();
    tell(orders, submit(1), submit(1, 7), {
      event: 'fill',
      orderId: 1,
      instrument: 7,
      qtyLots: 4,
      priceTicks: 5,
    });
    expect(findOrder(orders, 1)?.cumLots).toBe(0);
    expect(findOrder(orders, 1, 7)?.cumLots).toBe(4);
    expect(findOrder(orders, 1, 8)).toBeUndefined();
  });

  test('remembers so many ended orders, the last ones to end', () => {
    const orders = createOrders({ endedMax: 2 });
    tell(orders, submit(1), submit(2), submit(3), submit(4), cancel(3), cancel(1));
    tell(orders, { event: 'fill', orderId: 3, qtyLots: 10, priceTicks: 1 }, cancel(2));
    // A late fill does not make it end again: 3 ended first.
    expect([1, 2, 3, 4].map((id) => findOrder(orders, id)?.state)).toEqual([
      'Canceled',
      'Canceled',
      undefined,
      'PendingNew',
    ]);
    expect([orders.liveCount, orders.endedCount]).toEqual([1, 2]);
    expect(apply(orders, { event: 'fill', orderId: 3, qtyLots: 1, priceTicks: 1 })?.code).toBe(
      'unknownOrder',
    );
    check(orders);
  });

  test('has room for so many live orders', () => {
    const orders = createOrders({ liveMax: 2 });
    tell(orders, submit(1), submit(2));
    expect(apply(orders, submit(3))).toMatchObject({ code: 'capacity', state: 'New', event: 'submit' });
    tell(orders, cancel(1), submit(3));
    check(orders);
  });

  test('forgets an ended order when asked, and never a live one', () => {
    const orders = createOrders();
    tell(orders, submit(1), submit(2), submit(3), cancel(1), cancel(2), cancel(3));
    expect(retire(orders, 2)).toBe(true);
    expect(retire(orders, 2)).toBe(false);
    check(orders);
    expect(apply(orders, submit(1))?.code).toBe('duplicateId');
    tell(orders, submit(2));
    expect(retire(orders, 2)).toBe(false);
    expect([orders.liveCount, orders.endedCount]).toEqual([1, 2]);
    check(orders);
  });

  test("a venue's ids may be used again once their order has ended", () => {
    const orders = createOrders({ observer: 'venue' });
    tell(orders, submit(1), { event: 'accepted', orderId: 1 });
    expect(apply(orders, submit(1))?.code).toBe('duplicateId');
    tell(orders, cancel(1), submit(1));
    expect(findOrder(orders, 1)).toMatchObject({ state: 'PendingNew', cumLots: 0 });
    expect([orders.liveCount, orders.endedCount]).toEqual([1, 0]);
    check(orders);
  });

  test('a new id of an order is one more of its names', () => {
    const orders = createOrders();
    tell(
      orders,
      submit(1),
      submit(9),
      { event: 'accepted', orderId: 1 },
      { event: 'replaceRequest', orderId: 1, qtyLots: 8 },
    );
    const before = hashOrders(orders, sha256);
    expect(apply(orders, { event: 'replaced', orderId: 1, newOrderId: 9 })?.code).toBe('duplicateId');
    expect(hashOrders(orders, sha256)).toEqual(before);
    tell(orders, { event: 'replaced', orderId: 1, newOrderId: 2 });
    // A fill from before the replace names it as it was.
    tell(orders, { event: 'fill', orderId: 1, qtyLots: 1, priceTicks: 100 });
    tell(
      orders,
      { event: 'amended', orderId: 2, newOrderId: 1 },
      { event: 'amended', orderId: 1, newOrderId: 2 },
    );
    expect(findOrder(orders, 2)).toBe(findOrder(orders, 1));
    expect(findOrder(orders, 2)).toMatchObject({ orderId: 2, cumLots: 1, qtyLots: 8 });
    check(orders);
    const restored = restoreOrders(saveOrders(orders));
    expect(restored.ok && findOrder(restored.value, 1)?.orderId).toBe(2);
    tell(orders, cancel(2));
    expect(retire(orders, 1)).toBe(true);
    expect([findOrder(orders, 1), findOrder(orders, 2)]).toEqual([undefined, undefined]);
    check(orders);
  });

  // Fails at the time limit when a rename looks through all of the order's former ids.
  test('an order that is renamed over and over keeps all its names', () => {
    const orders = createOrders();
    tell(orders, submit(0));
    const last = 50_000;
    for (let id = 0; id < last; id++) tell(orders, { event: 'amended', orderId: id, newOrderId: id + 1 });
    for (const id of [0, 1, last - 1, last]) expect(findOrder(orders, id)?.orderId).toBe(last);
    check(orders);
    const restored = restoreOrders(saveOrders(orders));
    expect(restored.ok && findOrder(restored.value, 7)?.orderId).toBe(last);
  });

  test('an order of many fills finds each of them', () => {
    const orders = createOrders();
    tell(orders, { event: 'submit', orderId: 1, qtyLots: 1000 });
    const fill = (tradeId: number, priceTicks: number): OrderInput => ({
      event: 'fill',
      orderId: 1,
      tradeId,
      qtyLots: 1,
      priceTicks,
    });
    for (let id = 0; id < 100; id++) tell(orders, fill(id, id));
    for (let id = 0; id < 100; id++) {
      tell(orders, fill(id, id));
      expect(apply(orders, fill(id, id + 1))?.code).toBe('tradeConflict');
    }
    expect(findOrder(orders, 1)?.cumLots).toBe(100);
    check(orders);
  });
});

test('averages are exact, rounded half away from zero', () => {
  const orders = createOrders();
  const order = (): Order => findOrder(orders, 1)!;
  tell(orders, { event: 'submit', orderId: 1, qtyLots: 8 });
  expect(averageTicks(order(), 2)).toBeUndefined();
  tell(orders, { event: 'fill', orderId: 1, qtyLots: 1, priceTicks: -100 });
  expect(averageTicks(order(), 2)).toBe('-100.00');
  tell(orders, { event: 'fill', orderId: 1, qtyLots: 7, priceTicks: -101 });
  expect(notionalOf(order())).toBe(-807n);
  expect([0, 1, 2, 3].map((places) => averageTicks(order(), places))).toEqual([
    '-101',
    '-100.9',
    '-100.88',
    '-100.875',
  ]);
  const most = Number.MAX_SAFE_INTEGER;
  tell(orders, { event: 'submit', orderId: 2, qtyLots: most });
  tell(orders, { event: 'fill', orderId: 2, qtyLots: most, priceTicks: most });
  expect(notionalOf(findOrder(orders, 2)!)).toBe(BigInt(most) * BigInt(most));
  // Saved too, above what 64 bits hold.
  const restored = restoreOrders(saveOrders(orders));
  expect(restored.ok && notionalOf(findOrder(restored.value, 2)!)).toBe(BigInt(most) * BigInt(most));
  // A price off the grid has another unit, so there is no average in ticks.
  tell(orders, { event: 'submit', orderId: 3, qtyLots: 5 });
  tell(orders, { event: 'fill', orderId: 3, qtyLots: 2, priceFine: 55 });
  tell(orders, { event: 'fill', orderId: 3, qtyLots: 1, priceTicks: 7 });
  const third = findOrder(orders, 3)!;
  expect([third.fineLots, fineNotionalOf(third), notionalOf(third), averageTicks(third, 1)]).toEqual([
    2,
    110n,
    7n,
    undefined,
  ]);
});

function random(seed: number, steps: number, observer: 'client' | 'venue'): Orders {
  const stream = createStream(seed, 'orders store');
  const orders = createOrders({ observer, endedMax: 20 });
  for (let step = 0; step < steps; step++) apply(orders, randomInput(stream, step, orders));
  return orders;
}

describe('saved bytes', () => {
  // Version 1, frozen: a later version reads these too, or says that it does not.
  test('are those of version 1', () => {
    const empty = createOrders({ liveMax: 1, endedMax: 2 });
    expect(hex(saveOrders(empty))).toBe(
      `${Buffer.from('TTORDERS').toString('hex')}0100000000000000` +
        '01000000000000000200000000000000' +
        '00000000000000000000000000000000',
    );
    expect(hex(hashOrders(random(34, 400, 'client'), sha256))).toMatchInlineSnapshot(
      `"d0cafabc45156e18303d23dc2ad796d3bf0ce2ef880e25a2798ce72efa0030a7"`,
    );
    expect(hex(hashOrders(random(34, 400, 'venue'), sha256))).toMatchInlineSnapshot(
      `"a14c63fa3364dc121c743c4df4380511b93a62475d496f243f322738bbdccf09"`,
    );
  });

  test('do not depend on the order in which orders and trades came', () => {
    const forth = createOrders();
    const back = createOrders();
    const fill = (tradeId: number): OrderInput => ({
      event: 'fill',
      orderId: 1,
      tradeId,
      qtyLots: 2,
      priceTicks: 5,
    });
    tell(forth, submit(1), submit(2), submit(3, 9), fill(1), fill(2));
    tell(back, submit(3, 9), submit(2), submit(1), fill(2), fill(1));
    expect(saveOrders(back)).toEqual(saveOrders(forth));
    expect(hashOrders(back, sha256)).toEqual(hashOrders(forth, sha256));
    // But on the order in which orders ended: it decides who is forgotten first.
    tell(forth, cancel(1), cancel(2));
    tell(back, cancel(2), cancel(1));
    expect(saveOrders(back)).not.toEqual(saveOrders(forth));
  });

  test('come back as the same store', () => {
    for (const observer of ['client', 'venue'] as const) {
      const bytes = saveOrders(random(35, 3000, observer));
      const restored = restoreOrders(bytes);
      if (!restored.ok) return expect.fail(JSON.stringify(restored.error));
      check(restored.value);
      expect(saveOrders(restored.value)).toEqual(bytes);
    }
  });

  // Fails when a length is trusted, or when two texts stand for one store.
  test('are refused when they are cut, longer, or of another value', () => {
    const bytes = saveOrders(random(36, 120, 'client'));
    for (let size = 0; size < bytes.length; size++) {
      const restored = restoreOrders(bytes.subarray(0, size));
      expect(restored.ok ? 'ok' : restored.error.code).toBe('truncated');
    }
    const longer = new Uint8Array(bytes.length + 1);
    longer.set(bytes);
    expect(restoreOrders(longer)).toMatchObject({
      ok: false,
      error: { code: 'trailingBytes', offsetBytes: bytes.length },
    });
    let accepted = 0;
    for (let bit = 0; bit < bytes.length * 8; bit += 3) {
      const flipped = bytes.slice();
      flipped[bit >> 3] ^= 1 << (bit & 7);
      const restored = restoreOrders(flipped);
      if (!restored.ok) continue;
      accepted++;
      check(restored.value);
      expect(saveOrders(restored.value)).toEqual(flipped);
    }
    // Prices, ids and reasons may be any: only a checksum could tell, which the log keeps.
    expect(accepted).toBeGreaterThan(0);
    const other = bytes.slice();
    other[0] = 0;
    expect(restoreOrders(other)).toMatchObject({ error: { code: 'notOrders' } });
    other.set(bytes);
    other[8] = 2;
    expect(restoreOrders(other)).toMatchObject({ error: { code: 'unsupportedVersion' } });
  });
});

/** The order's own record, writable. */
type Open = { -readonly [key in keyof Order]: Order[key] };

function invariantOf(broken: () => void): string {
  try {
    broken();
  } catch (error) {
    if (error instanceof InvariantError) return error.invariant;
  }
  return 'none';
}

describe('checks name the invariant that is broken', () => {
  test('ORDERS-1: numbers are safe integers', () => {
    const orders = createOrders();
    for (const bad of [
      { ...submit(1), orderId: 0.5 },
      { ...submit(1), orderId: -1 },
      { ...submit(1), qtyLots: Number.NaN },
      { ...submit(1), instrument: 70000 },
      { ...submit(1), tif: 1.5 },
      { event: 'fill', orderId: 1, qtyLots: 1, priceTicks: 2 ** 53 },
      { event: 'canceled', orderId: 1, reason: -1 },
    ] as OrderInput[]) {
      expect(invariantOf(() => apply(orders, bad))).toBe('ORDERS-1');
    }
    expect(invariantOf(() => createOrders({ liveMax: -1 }))).toBe('ORDERS-1');
    expect(invariantOf(() => createOrders({ endedMax: 0.5 }))).toBe('ORDERS-1');
    expect(apply(orders, { ...submit(1), priceTicks: NONE } as OrderInput)).toBeUndefined();
  });

  test.each<[string, Partial<Open>]>([
    ['ORDERS-3', { leavesLots: 9 }],
    ['ORDERS-3', { cumLots: 11, leavesLots: -1 }],
    ['ORDERS-4', { state: 'Accepted' }],
    ['ORDERS-4', { state: 'Filled', leavesLots: 0 }],
    ['ORDERS-4', { state: 'Rejected', leavesLots: 0 }],
    ['ORDERS-5', { cumLots: 3, leavesLots: 7 }],
    ['ORDERS-5', { lateLots: 1 }],
    ['ORDERS-5', { fineLots: 5 }],
    ['ORDERS-6', { state: 'Canceled', leavesLots: 0 }],
    ['ORDERS-7', { pendingReplaces: 1, state: 'PendingReplace' }],
    ['ORDERS-8', { orderId: 2 }],
    ['ORDERS-8', { instrument: 2 }],
  ])('%s: %j', (invariant, changes) => {
    const orders = createOrders();
    tell(orders, { ...submit(1), tif: 3 } as OrderInput);
    tell(orders, { event: 'fill', orderId: 1, tradeId: 1, qtyLots: 4, priceTicks: 5 });
    check(orders);
    Object.assign(findOrder(orders, 1) as Open, changes);
    expect(invariantOf(() => check(orders))).toBe(invariant);
  });

  test('ORDERS-8: the counts of the store', () => {
    const orders = createOrders();
    tell(orders, submit(1));
    (orders as { liveCount: number }).liveCount = 2;
    expect(invariantOf(() => check(orders))).toBe('ORDERS-8');
  });
});
