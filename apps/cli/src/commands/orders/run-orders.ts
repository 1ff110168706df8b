/** Lines of events through a store of orders: ids are as in the lines here, and numbers in the store. */
import { FIRST_ASSIGNED_ID } from '@truetape/contracts';
import {
  apply,
  averageTicks,
  createOrders,
  createTransition,
  findOrder,
  transitionReason,
} from '@truetape/orders';
import type { Order, OrderError, OrderInput, Orders, Transition } from '@truetape/orders';
import type { EventLine, LineId } from './event-line.ts';

/** Ids that are no small numbers get one; those of what was dropped are forgotten now and then. */
interface Names {
  readonly numbers: Map<LineId, number>;
  next: number;
}

export interface OrdersRun {
  readonly orders: Orders;
  readonly ids: Names;
  /** Names of trades by the number of their order. */
  readonly trades: Map<number, Names>;
  readonly transition: Transition;
  /** Names are looked through when there are so many. */
  sweepAt: number;
}

const SWEEP_MIN = 1000;

export function createOrdersRun(endedMax: number): OrdersRun {
  return {
    orders: createOrders({ endedMax }),
    ids: createNames(),
    trades: new Map(),
    transition: createTransition(),
    sweepAt: SWEEP_MIN,
  };
}

function createNames(): Names {
  return { numbers: new Map(), next: FIRST_ASSIGNED_ID };
}

const NO_NAMES = createNames();

/** The number of an id, or the one that it would get. A small number stands for itself; `1` and `"1"` are two ids. */
function numberOf(names: Names, id: LineId): number {
  if (typeof id === 'number' && id < FIRST_ASSIGNED_ID) return id;
  return names.numbers.get(id) ?? names.next;
}

/** Keeps the number that an id got: only behind an event that was taken, so that refused ones leave nothing. */
function keepNumber(names: Names, id: LineId, number: number): void {
  if (number !== names.next) return;
  names.numbers.set(id, number);
  names.next++;
}

/** What an event did: the order behind it and why, or the error. */
export type LineOutcome = { readonly order: Order; readonly reason: string } | { readonly error: OrderError };

export function applyLine(run: OrdersRun, line: EventLine): LineOutcome {
  const orderId = numberOf(run.ids, line.id);
  const error = apply(run.orders, inputOf(run, line, orderId), run.transition);
  if (error !== undefined) return { error };
  keepNumber(run.ids, line.id, orderId);
  if (line.tradeId !== undefined) keepTrade(run, line.tradeId, orderId);
  if (run.ids.numbers.size + run.trades.size > run.sweepAt) sweep(run);
  const { order, outcome } = run.transition;
  const own = outcome === 'applied' || outcome === 'recorded' ? line.reason : undefined;
  return { order: order!, reason: own ?? transitionReason(run.transition) };
}

function inputOf(run: OrdersRun, line: EventLine, orderId: number): OrderInput {
  const { event, code } = line;
  const price = line.price === undefined ? {} : { priceTicks: line.price };
  const leaves = line.leaves === undefined ? {} : { leavesLots: line.leaves };
  const qty = line.qty === undefined ? {} : { qtyLots: line.qty };
  switch (event) {
    case 'submit': {
      const { type = 1, tif = 1, side = 0 } = line;
      return { event, orderId, qtyLots: line.qty!, type, tif, side: side << 4, ...price };
    }
    case 'fill':
      return { event, orderId, qtyLots: line.qty!, ...price, ...tradeOf(run, line, orderId) };
    case 'accepted':
      return { event, orderId, ...price, ...leaves };
    case 'rejected':
    case 'cancelRejected':
    case 'replaceRejected':
      return { event, orderId, code };
    case 'cancelRequest':
      return { event, orderId, reason: code };
    case 'replaceRequest':
      return { event, orderId, ...price, ...qty };
    case 'replaced':
    case 'amended':
      return { event, orderId, reason: code, ...price, ...qty, ...leaves };
    case 'canceled':
    case 'expired':
      return { event, orderId, reason: code, ...leaves };
    case 'rested':
      return { event, orderId };
  }
}

function tradeOf(run: OrdersRun, { tradeId }: EventLine, orderId: number): { readonly tradeId?: number } {
  if (tradeId === undefined) return {};
  return { tradeId: numberOf(run.trades.get(orderId) ?? NO_NAMES, tradeId) };
}

function keepTrade(run: OrdersRun, tradeId: LineId, orderId: number): void {
  const names = run.trades.get(orderId) ?? createNames();
  const number = numberOf(names, tradeId);
  if (number !== names.next) return;
  run.trades.set(orderId, names);
  keepNumber(names, tradeId, number);
}

/** Forgets the names of orders that the store has dropped. */
function sweep(run: OrdersRun): void {
  const { ids, trades, orders } = run;
  for (const [id, number] of ids.numbers) if (findOrder(orders, number) === undefined) ids.numbers.delete(id);
  for (const number of trades.keys()) if (findOrder(orders, number) === undefined) trades.delete(number);
  run.sweepAt = Math.max(SWEEP_MIN, 2 * (ids.numbers.size + trades.size));
}

/** Average price in ticks, at most nine decimals, none that are zero at the end. */
export function averageText(order: Order): string | undefined {
  return averageTicks(order, 9)?.replace(/\.?0+$/, '');
}
