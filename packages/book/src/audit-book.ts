/** A book against the shadow that an auditor keeps of it: what a command can have changed, and all of it. */
import { N_MAX, NONE } from '@truetape/contracts';
import { addTo, createSum, sumValue } from '@truetape/kernel';
import { bestLevel, findShadeLevel, holds, same, type Shade, type Shadow } from './audit-shadow.ts';
import type { Book, BookConfig, BookTop } from './book.ts';
import * as C from './command.ts';

export interface AuditConfig extends BookConfig {
  /**
   * All of the book is compared behind each so many commands; 1,024 by default, 1 for every command, Infinity
   * for none.
   */
  readonly checkEvery?: number;
}

/** An audit under way; changed by `auditCommand`. */
export interface Audit {
  readonly instrument: number;
  readonly ordersMax: number;
  readonly checkEvery: number;
  readonly shadow: Shadow;
}

/** What a command can have changed: counts, the top, the orders that it touched. */
export function compareTouched({ shadow }: Audit, book: Book): void {
  same(shadow, 'BOOK-54', 'orders of the book', book.orderCount(), shadow.orders.size);
  same(shadow, 'BOOK-46', 'trades of the book', book.tradeCount(), shadow.trades);
  const top: BookTop = { bidTicks: 0, bidLots: 0, bidOrders: 0, askTicks: 0, askLots: 0, askOrders: 0 };
  book.readTop(top);
  const isApart = top.bidTicks === NONE || top.askTicks === NONE || top.bidTicks < top.askTicks;
  holds(shadow, 'BOOK-32', `bid ${top.bidTicks} meets ask ${top.askTicks}`, isApart);
  const bid = bestLevel(shadow, C.BUY);
  const ask = bestLevel(shadow, C.SELL);
  same(shadow, 'BOOK-54', 'best bid', top.bidTicks, bid?.priceTicks ?? NONE);
  same(shadow, 'BOOK-54', 'best ask', top.askTicks, ask?.priceTicks ?? NONE);
  same(shadow, 'BOOK-33', 'quantity of the best bid', top.bidLots, bid?.qtyLots ?? 0);
  same(shadow, 'BOOK-33', 'quantity of the best ask', top.askLots, ask?.qtyLots ?? 0);
  same(shadow, 'BOOK-33', 'orders of the best bid', top.bidOrders, bid?.orders ?? 0);
  same(shadow, 'BOOK-33', 'orders of the best ask', top.askOrders, ask?.orders ?? 0);
  for (const { orderId } of shadow.touched) compareOrder(shadow, book, orderId);
}

function compareOrder(shadow: Shadow, book: Book, orderId: number): void {
  const shade = shadow.orders.get(orderId);
  const order = book.order(orderId);
  same(shadow, 'BOOK-54', `order ${orderId} rests`, order !== undefined, shade !== undefined);
  if (order === undefined || shade === undefined) return;
  same(shadow, 'BOOK-54', `side of order ${orderId}`, order.side, shade.side);
  same(shadow, 'BOOK-54', `price of order ${orderId}`, order.priceTicks, shade.priceTicks);
  same(shadow, 'BOOK-54', `owner of order ${orderId}`, order.owner, shade.owner);
  same(shadow, 'BOOK-54', `self-trade mode of order ${orderId}`, order.stp, shade.stp);
  same(shadow, 'BOOK-54', `post-only of order ${orderId}`, order.postOnly, shade.postOnly);
  holds(shadow, 'BOOK-34', `order ${orderId} has nothing left`, order.leavesLots > 0);
  same(shadow, 'BOOK-34', `leaves of order ${orderId}`, order.leavesLots, shade.leavesLots);
  const whole = shade.executedLots + shade.leavesLots;
  same(shadow, 'BOOK-53', `whole quantity of order ${orderId}`, order.totalLots, whole);
}

/**
 * Compares all of a book: its own check, its levels, the orders in time order, and that the quantity that came in
 * is what traded, what was taken off, and what rests. Complexity: all of the book.
 */
export function auditBook({ shadow }: Audit, book: Book): void {
  book.check();
  const resting = createSum();
  let ahead: Shade | undefined;
  let visited = 0;
  book.visit((side, priceTicks, { orderId, leavesLots }) => {
    const shade = shadow.orders.get(orderId);
    const isThere = shade?.side === side && shade.priceTicks === priceTicks;
    holds(shadow, 'BOOK-54', `order ${orderId} is not where it rests`, isThere);
    compareOrder(shadow, book, orderId);
    holds(shadow, 'BOOK-54', `order ${orderId} stands out of order`, !ahead || comesAfter(shade!, ahead));
    ahead = shade;
    visited++;
    addTo(resting, leavesLots);
  });
  same(shadow, 'BOOK-31', 'orders visited', visited, shadow.orders.size);
  for (const side of [C.BUY, C.SELL]) {
    for (const { priceTicks, orders, qtyLots } of book.levels(side)) {
      const level = findShadeLevel(shadow, side, priceTicks);
      same(shadow, 'BOOK-33', `orders of level ${priceTicks}`, orders, level?.orders);
      same(shadow, 'BOOK-33', `quantity of level ${priceTicks}`, qtyLots, level?.qtyLots);
      holds(shadow, 'BOOK-33', `level ${priceTicks} beyond 2^53−1`, qtyLots <= N_MAX);
    }
    const levels = side === C.BUY ? shadow.bids : shadow.asks;
    same(shadow, 'BOOK-33', 'levels of a side', book.levels(side).length, levels.length);
  }
  const { entered, traded, canceled, reduced, decremented } = shadow.flows;
  const left = [traded, canceled, reduced, decremented, resting].reduce(
    (sum, flow) => sum + sumValue(flow),
    0n,
  );
  same(shadow, 'BOOK-53', 'quantity traded, taken off and resting', left, sumValue(entered));
}
/** Bids best first, then asks best first, first in time first. */
export function comesAfter(order: Shade, previous: Shade): boolean {
  if (order.side !== previous.side) return order.side === C.SELL;
  if (order.priceTicks === previous.priceTicks) return order.arrival > previous.arrival;
  return order.side === C.BUY
    ? order.priceTicks < previous.priceTicks
    : order.priceTicks > previous.priceTicks;
}
