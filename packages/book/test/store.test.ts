import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkStore } from '../src/fast-check.ts';
import * as S from '../src/store.ts';
import { takeNode } from '../src/store-pool.ts';
import { checkProperty, seeds } from './property.ts';

const N_MAX = Number.MAX_SAFE_INTEGER;
const BUY = 1;
const SELL = 2;

type Order = S.StoredOrder;

/** What a store has to agree with: orders in the order of their arrival at their price. */
interface Model {
  readonly store: S.Store;
  readonly room: number;
  orders: Order[];
}

const levelOf = (model: Model, side: number, priceTicks: number): Order[] =>
  model.orders.filter((order) => order.side === side && order.priceTicks === priceTicks);
const sum = (orders: Order[]): number => orders.reduce((lots, order) => lots + order.leavesLots, 0);

function add(model: Model, order: Order): void {
  const level = levelOf(model, order.side, order.priceTicks);
  const result = S.addOrder(model.store, order);
  if (model.orders.some(({ orderId }) => orderId === order.orderId)) {
    expect(result).toBe(S.REFUSED_DUPLICATE);
  } else if (model.orders.length === model.room) {
    expect(result).toBe(S.REFUSED_FULL);
  } else if (order.leavesLots > N_MAX - sum(level)) {
    expect(result).toBe(S.REFUSED_SUM);
  } else {
    expect(result).toBeGreaterThanOrEqual(0);
    model.orders.push(order);
  }
}

/** Does something with the order at a place of the list, if there is any. */
function change(model: Model, at: number, how: string, lots: number): void {
  const { store } = model;
  const order = model.orders[at % Math.max(1, model.orders.length)];
  if (order === undefined) return;
  const slot = S.findOrder(store, order.orderId);
  const others = model.orders.filter((other) => other !== order);
  if (how === 'remove') {
    S.removeOrder(store, slot);
    model.orders = others;
  } else if (how === 'tail') {
    S.moveToTail(store, slot);
    model.orders = [...others, order];
  } else {
    const rest = sum(levelOf(model, order.side, order.priceTicks)) - order.leavesLots;
    expect(S.setLeaves(store, slot, lots)).toBe(lots <= N_MAX - rest);
    if (lots > N_MAX - rest) return;
    model.orders = model.orders.map((other) => (other === order ? { ...order, leavesLots: lots } : other));
  }
}

/** All that a walk over the store tells, level by level. */
function told(store: S.Store, side: number): unknown[] {
  const levels: unknown[] = [];
  for (let level = S.bestLevel(store, side); level !== S.NO_SLOT; level = S.worseLevel(store, level)) {
    const orders: Order[] = [];
    for (let slot = S.levelHead(store, level); slot !== S.NO_SLOT; slot = S.nextOrder(store, slot)) {
      orders.push({
        side: S.orderSide(store, slot),
        priceTicks: S.orderPrice(store, slot),
        orderId: S.orderId(store, slot),
        owner: S.orderOwner(store, slot),
        leavesLots: S.orderLeaves(store, slot),
        totalLots: S.orderTotal(store, slot),
        traits: S.orderTraits(store, slot),
      });
    }
    levels.push([S.levelPrice(store, level), S.levelOrders(store, level), S.levelQty(store, level), orders]);
  }
  return levels;
}

function expectedOf(model: Model, side: number): unknown[] {
  const prices = new Set(
    model.orders.filter((order) => order.side === side).map((order) => order.priceTicks),
  );
  const sorted = [...prices].toSorted((a, b) => (side === BUY ? b - a : a - b));
  return sorted.map((price) => {
    const orders = levelOf(model, side, price);
    return [price, orders.length, sum(orders), orders];
  });
}

const lots = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 1, max: 50 }) },
  fc.constantFrom(N_MAX, N_MAX - 60),
);
const order: fc.Arbitrary<Order> = fc.record({
  side: fc.constantFrom(BUY, SELL),
  priceTicks: fc.oneof(
    fc.integer({ min: -5, max: 5 }),
    fc.constantFrom(-2_147_483_648, -2_147_483_647, 2_147_483_646, 2_147_483_647, 32, 4096),
  ),
  orderId: fc.oneof(fc.nat(30), fc.constantFrom(N_MAX, N_MAX - 16, 2 ** 32, 2 ** 48)),
  owner: fc.constantFrom(0, 1, 4_294_967_295),
  leavesLots: lots,
  totalLots: fc.constant(N_MAX),
  traits: fc.nat(31),
});
const step = fc.oneof(
  fc.record({ order }),
  fc.record({ at: fc.nat(100), how: fc.constantFrom('remove', 'tail', 'leaves'), lots }),
);

// Fails where a queue is linked wrongly, a level keeps its place or sum once empty, or a slot serves two orders.
test.each(seeds(20_263))('it agrees with lists of orders, seed %i', (seed) => {
  checkProperty(
    seed,
    fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      const model: Model = { store: S.createStore(20), room: 20, orders: [] };
      for (const each of steps) {
        if ('order' in each) add(model, each.order);
        else change(model, each.at, each.how, each.lots);
        checkStore(model.store);
      }
      for (const side of [BUY, SELL]) expect(told(model.store, side)).toEqual(expectedOf(model, side));
    }),
    300,
  );
});

const sample = (orderId: number, side: number, priceTicks: number): Order => ({
  side,
  priceTicks,
  orderId,
  owner: 1,
  leavesLots: 5,
  totalLots: 5,
  traits: 0,
});

test('sides are independent: a crossed store is a sound one', () => {
  const store = S.createStore(4);
  S.addOrder(store, sample(1, BUY, 10));
  S.addOrder(store, sample(2, SELL, 9));
  checkStore(store);
  expect([S.levelAt(store, BUY, 10), S.levelAt(store, SELL, 10)]).toEqual([S.bestLevel(store, BUY), -1]);
});

describe('the check tells what is wrong', () => {
  test.each<readonly [string, (store: S.Store) => void]>([
    ['BOOK-15', (store) => (store.ladder.bits[0] = 0)],
    ['BOOK-15', (store) => (store.ladder.best[BUY] = 3)],
    ['BOOK-16', (store) => store.index.entries.fill(0)],
    ['BOOK-17', (store) => (store.f64[(S.bestLevel(store, BUY) << 2) + 1] = 6)],
    ['BOOK-17', (store) => (store.i32[(S.bestLevel(store, BUY) << 3) + 1] = 3)],
    ['BOOK-18', (store) => (store.free = S.NO_SLOT)],
    ['BOOK-18', (store) => (store.i32[(S.findOrder(store, 2) << 3) + 5] = 7)],
    ['BOOK-19', (store) => (store.f64[(S.findOrder(store, 1) << 2) + 1] = 0)],
    ['BOOK-19', (store) => S.setTotal(store, S.findOrder(store, 1), Float64Array.of(4), 0)],
  ])('%s', (id, spoil) => {
    const store = S.createStore(8);
    for (const [orderId, price] of [1, 1, 2].entries()) S.addOrder(store, sample(orderId + 1, BUY, price));
    S.removeOrder(store, S.findOrder(store, 3));
    S.addOrder(store, sample(4, BUY, 0));
    S.removeOrder(store, S.findOrder(store, 4));
    checkStore(store);
    spoil(store);
    expect(() => {
      checkStore(store);
    }).toThrow(id);
  });
});

test('a store of 2^26 nodes does not grow: BOOK-20', () => {
  const full = { ...S.createStore(1), used: 2 ** 26, totals: { length: 2 ** 26 } as Float64Array };
  expect(() => takeNode(full)).toThrow('BOOK-20');
});
