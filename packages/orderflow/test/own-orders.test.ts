import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createMetrics, restoreMetrics, saveMetrics } from '../src/metrics.ts';
import {
  OPEN_MAX,
  closeSlot,
  createOwnOrders,
  loadOwnOrders,
  nextFreeId,
  openSlot,
  saveOwnOrders,
  slotOf,
} from '../src/own-orders.ts';
import { checkProperty, seeds } from './property.ts';

// Fails when a slot is found for another order's id, a taken one is given again, or a closed one is left among the taken.
test.each(seeds(18))('orders are those that were opened and not closed (seed %s)', (seed) => {
  checkProperty(
    seed,
    fc.property(fc.array(fc.tuple(fc.boolean(), fc.nat(400)), { maxLength: 300 }), (steps) => {
      const orders = createOwnOrders();
      const known = new Map<number, number>();
      let next = 0;
      for (const [opens, pick] of steps) {
        if (opens && known.size < OPEN_MAX) {
          const id = nextFreeId(orders, next + pick);
          expect([...known.keys()].every((other) => other % 256 !== id % 256)).toBe(true);
          known.set(id, openSlot(orders, id, 1 + (pick % 2), pick, pick + 1));
          next = id + 1;
        } else if (known.size > 0) {
          const id = [...known.keys()][pick % known.size];
          closeSlot(orders, known.get(id)!);
          known.delete(id);
          expect(slotOf(orders, id)).toBe(-1);
        }
        expect(orders.count).toBe(known.size);
        for (const [id, slot] of known) expect(slotOf(orders, id)).toBe(slot);
        expect(new Set(orders.taken.subarray(0, orders.count))).toEqual(new Set(known.values()));
      }
      const loaded = createOwnOrders();
      expect(loadOwnOrders(loaded, saveOwnOrders(orders))).toBe(true);
      expect(saveOwnOrders(loaded)).toEqual(saveOwnOrders(orders));
    }),
    100,
  );
});

// Fails when a damaged row is taken as an order.
test('rows that no orders give are refused', () => {
  const good = [67, 1, 1, 7, 3, 3];
  const rows: readonly (readonly number[])[][] = [
    [good, good],
    [good, [67 + 256, 1, 1, 7, 3, 3]],
    [[-1, 1, 1, 7, 3, 3]],
    [[5, 0, 1, 7, 3, 3]],
    [[5, 4, 1, 7, 3, 3]],
    [[5, 1, 3, 7, 3, 3]],
    [[5, 1, 1, 7, 3, -1]],
    Array.from({ length: OPEN_MAX + 1 }, (_, id) => [id, 1, 1, 7, 3, 3]),
  ];
  expect(loadOwnOrders(createOwnOrders(), [good])).toBe(true);
  for (const one of rows) expect(loadOwnOrders(createOwnOrders(), one)).toBe(false);
});

// Fails when two orders share a slot, or one ends twice.
test('FLOW-3: a slot has one order, which ends once', () => {
  const orders = createOwnOrders();
  openSlot(orders, 67, 1, 7, 3);
  expect(() => openSlot(orders, 67 + 256, 1, 7, 3)).toThrow('FLOW-3');
  expect(() => closeSlot(orders, 4)).toThrow('FLOW-3');
  for (let id = 100; id < 163; id++) openSlot(orders, id, 1, 7, 3);
  expect(() => openSlot(orders, 200, 1, 7, 3)).toThrow('FLOW-3');
  expect(() => nextFreeId(orders, 200)).toThrow('FLOW-3');
});

// Fails when a damaged distribution is taken as one.
test('saved metrics are restored as they were, damaged ones not', () => {
  const metrics = createMetrics(2);
  metrics.regimes[1].orders = 5;
  const state = saveMetrics(metrics);
  expect(restoreMetrics(state)).toEqual(metrics);
  expect(
    restoreMetrics({
      ...state,
      distributions: state.distributions.map((one) => ({ ...one, spread: { ...one.spread, count: 3 } })),
    }),
  ).toBeUndefined();
});

// Fails when the very first order, whose id is 0, is taken for none.
test('the id of a slot that order 0 has is left out', () => {
  const orders = createOwnOrders();
  openSlot(orders, 0, 1, 100, 1);
  expect(nextFreeId(orders, 256)).toBe(257);
  expect(slotOf(orders, 0)).toBe(0);
});
