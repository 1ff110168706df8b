import { expect, test } from 'vitest';
import { createMetrics, restoreMetrics, saveMetrics } from '../src/metrics.ts';
import {
  closeSlot,
  createOwnOrders,
  freeSlot,
  loadOwnOrders,
  nthSlot,
  openSlot,
  saveOwnOrders,
  slotOf,
} from '../src/own-orders.ts';

const order = (id: number): { id: number; side: number; price: number; lots: number } => ({
  id,
  side: 1,
  price: 7,
  lots: 3,
});

// Fails when a slot is found for another order's id, or counted wrongly.
test('an order is found by its id, in its slot', () => {
  const orders = createOwnOrders();
  openSlot(orders, 3, order(67));
  openSlot(orders, 0, order(128));
  expect([slotOf(orders, 67), slotOf(orders, 3), slotOf(orders, 128)]).toEqual([3, -1, 0]);
  expect([freeSlot(orders), nthSlot(orders, 0), nthSlot(orders, 1), nthSlot(orders, 2)]).toEqual([
    1, 0, 3, -1,
  ]);
  const loaded = createOwnOrders();
  expect(loadOwnOrders(loaded, saveOwnOrders(orders))).toBe(true);
  expect(loaded).toEqual(orders);
  for (const row of [
    [67, 1, 1, 7, 3],
    [-1, 1, 1, 7, 3],
    [5, 0, 1, 7, 3],
    [5, 4, 1, 7, 3],
    [5, 1, 3, 7, 3],
  ])
    expect(loadOwnOrders(loaded, [row])).toBe(false);
  closeSlot(orders, 3);
  expect([slotOf(orders, 67), orders.count]).toEqual([-1, 1]);
});

// Fails when two orders share a slot, or one ends twice.
test('FLOW-3: a slot has one order, which ends once', () => {
  const orders = createOwnOrders();
  openSlot(orders, 3, order(67));
  expect(() => openSlot(orders, 3, order(3))).toThrow('FLOW-3');
  expect(() => openSlot(orders, 4, order(3))).toThrow('FLOW-3');
  expect(() => closeSlot(orders, 4)).toThrow('FLOW-3');
});

// Fails when a damaged distribution is taken as one.
test('saved metrics are restored as they were, damaged ones not', () => {
  const metrics = createMetrics(2);
  metrics.regimes[1].orders = 5;
  const state = saveMetrics(metrics);
  expect(restoreMetrics(state)).toEqual(metrics);
  expect(restoreMetrics({ ...state, spread: { ...state.spread, count: 3 } })).toBeUndefined();
});
