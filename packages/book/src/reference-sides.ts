/** What the reference book holds: two lists of levels, best first, each a list of orders, first in time first. */
import { N_MAX, NONE } from '@truetape/contracts';
import { assert } from '@truetape/kernel';
import type { BookTop, RestingOrder } from './book.ts';
import * as C from './command.ts';
import { isPrice, isQty } from './asked.ts';

/** An order that rests; changed in place. */
export interface Resting {
  readonly orderId: number;
  readonly owner: number;
  readonly side: number;
  priceTicks: number;
  leavesLots: number;
  totalLots: number;
  readonly stp: number;
  postOnly: number;
}

/** An order that looks for others to trade with; a market order's price is NONE. */
export type Incoming = Omit<Resting, 'postOnly'>;

export interface Level {
  readonly priceTicks: number;
  /** First in time first; never empty. */
  readonly orders: Resting[];
}

export interface State {
  readonly instrument: number;
  readonly ordersMax: number;
  /** Best first. */
  readonly bids: Level[];
  readonly asks: Level[];
  readonly orders: Map<number, Resting>;
  trades: number;
}

export const otherSide = (side: number): number => (side === C.BUY ? C.SELL : C.BUY);
export const levelsOf = (state: State, side: number): Level[] => (side === C.BUY ? state.bids : state.asks);
export const executedOf = (order: Resting): number => order.totalLots - order.leavesLots;
export const sumOf = (level: Level): number => level.orders.reduce((sum, order) => sum + order.leavesLots, 0);

/** True where an order at a price trades with the other side's level. */
export function meets(side: number, priceTicks: number, levelTicks: number): boolean {
  if (priceTicks === NONE) return true;
  return side === C.BUY ? levelTicks <= priceTicks : levelTicks >= priceTicks;
}

const isBetter = (side: number, a: number, b: number): boolean => (side === C.BUY ? a > b : a < b);

export function findLevel(state: State, side: number, priceTicks: number): Level | undefined {
  return levelsOf(state, side).find((level) => level.priceTicks === priceTicks);
}

/** True where a level's sum stays in range with so much more. */
export function hasRoom(state: State, side: number, priceTicks: number, moreLots: number): boolean {
  const level = findLevel(state, side, priceTicks);
  return moreLots <= N_MAX - (level === undefined ? 0 : sumOf(level));
}

/** Puts an order behind those of its price. */
export function rest(state: State, order: Resting): void {
  state.orders.set(order.orderId, order);
  const found = findLevel(state, order.side, order.priceTicks);
  if (found !== undefined) return void found.orders.push(order);
  const levels = levelsOf(state, order.side);
  const worse = levels.findIndex((level) => isBetter(order.side, order.priceTicks, level.priceTicks));
  const level = { priceTicks: order.priceTicks, orders: [order] };
  levels.splice(worse === -1 ? levels.length : worse, 0, level);
}

export function remove(state: State, order: Resting): void {
  state.orders.delete(order.orderId);
  const levels = levelsOf(state, order.side);
  const at = levels.findIndex((level) => level.priceTicks === order.priceTicks);
  const { orders } = levels[at];
  orders.splice(orders.indexOf(order), 1);
  if (orders.length === 0) levels.splice(at, 1);
}

/** As others see an order: a copy that they can do nothing with. */
export function copyOf({ orderId, owner, leavesLots, totalLots, stp, postOnly }: RestingOrder): RestingOrder {
  return { orderId, owner, leavesLots, totalLots, stp, postOnly };
}

export function readTop({ bids, asks }: State, into: BookTop): void {
  const [bid] = bids;
  const [ask] = asks;
  into.bidTicks = bid?.priceTicks ?? NONE;
  into.bidLots = bid === undefined ? 0 : sumOf(bid);
  into.bidOrders = bid?.orders.length ?? 0;
  into.askTicks = ask?.priceTicks ?? NONE;
  into.askLots = ask === undefined ? 0 : sumOf(ask);
  into.askOrders = ask?.orders.length ?? 0;
}

export function check(state: State): void {
  const { bids, asks, orders, ordersMax } = state;
  let count = 0;
  for (const side of [C.BUY, C.SELL]) {
    levelsOf(state, side).forEach((level, at, levels) => {
      const follows = at === 0 || isBetter(side, levels[at - 1].priceTicks, level.priceTicks);
      assert(follows && isPrice(level.priceTicks), 'BOOK-33', 'levels, best first');
      assert(level.orders.length > 0 && sumOf(level) <= N_MAX, 'BOOK-33', 'a level of orders');
      for (const order of level.orders) {
        const isHere = order.side === side && order.priceTicks === level.priceTicks;
        assert(isHere && orders.get(order.orderId) === order, 'BOOK-31', 'an order known by its id');
        assert(isQty(order.leavesLots) && isQty(order.totalLots), 'BOOK-34', 'quantities in range');
        assert(order.leavesLots <= order.totalLots, 'BOOK-34', 'no more left than there was');
        count++;
      }
    });
  }
  assert(count === orders.size, 'BOOK-31', 'every id has its order');
  assert(count <= ordersMax, 'BOOK-35', 'no more orders than the book takes');
  const isApart = bids.length === 0 || asks.length === 0 || bids[0].priceTicks < asks[0].priceTicks;
  assert(isApart, 'BOOK-32', 'neither crossed nor locked');
}
