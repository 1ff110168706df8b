/**
 * The quick check's way to the ordinary rules and back: rows become records of a store that holds nothing else, and
 * what the rules make of them is written back.
 */
import { NONE } from '@truetape/contracts';
import type { Event } from '@truetape/contracts';
import { addProduct, assert, createSum } from '@truetape/kernel';
import { endGroup, take } from './apply-event.ts';
import * as N from './check-fills.ts';
import * as L from './check-layout.ts';
import type { CheckRows, OrderCheck } from './check-layout.ts';
import * as R from './check-rows.ts';
import type { OrderError } from './errors.ts';
import { addTrade, createOrder, fineNotionalOf, isImmediate, notionalOf } from './order.ts';
import type { OrderRecord } from './order.ts';
import { addRecord, createOrders, keepEnded, recordOf } from './orders.ts';
import type { Orders, OrderStore } from './orders.ts';
import { isEnded, ORDER_EVENTS, ORDER_STATES } from './states.ts';

/** The order of a row as a record of its own. */
function recordAt(rows: CheckRows, row: number): OrderRecord {
  const odd = rows.odd.get(row);
  if (odd !== undefined) return copyRecord(odd);
  const { f64, i32, nodes, nodeLinks } = rows;
  const at = row << 4;
  const [orderId, priceTicks, qtyLots, cumLots] = f64.subarray(row << 3, (row << 3) + 4);
  const marks = i32[at | L.MARKS];
  const choice = i32[at | L.CHOICE];
  const instrument = i32[at | L.REASON] >>> 16;
  const [side, type, tif] = [choice & 255, (choice >>> 8) & 255, choice >>> 16];
  const order = createOrder(instrument, orderId, side, type, tif, priceTicks, qtyLots);
  order.state = ORDER_STATES[marks & L.STATE];
  order.cumLots = cumLots;
  order.leavesLots = isEnded(order.state) ? 0 : Math.max(qtyLots, 0) - cumLots;
  order.pendingCancels = (marks & L.CANCELS) / L.ONE_CANCEL;
  order.reasonEvent = ORDER_EVENTS[(marks & L.EVENT) >>> L.EVENT_SHIFT];
  order.reasonCode = i32[at | L.REASON] & 0xffff;
  order.isAcked = (marks & L.ACKED) !== 0;
  order.isAmended = (marks & L.AMENDED) !== 0;
  const ask = i32[at | L.ASK];
  if (ask !== 0) {
    order.pendingReplaces = 1;
    order.asks = [...nodes.subarray(ask << 2, (ask << 2) + 3)];
  }
  const fills: number[] = [];
  for (let node = i32[at | L.FILLS]; node !== 0; node = nodeLinks[(node << 3) | 6]) fills.push(node << 2);
  for (const fill of fills.reverse()) {
    addTrade(order, nodes[fill], nodes[fill | 1], NONE, nodes[fill | 2]);
    addProduct((order.notional ??= createSum()), nodes[fill | 1], nodes[fill | 2]);
  }
  return order;
}

/** A record with the same in it that shares nothing with the other. */
function copyRecord(order: OrderRecord): OrderRecord {
  const { trades, asks, notional, fineNotional } = order;
  const copy: OrderRecord = {
    ...order,
    asks: asks?.slice(),
    trades: undefined,
    tradeIndex: undefined,
    notional: notional === undefined ? undefined : createSum(notionalOf(order)),
    fineNotional: fineNotional === undefined ? undefined : createSum(fineNotionalOf(order)),
    endedBefore: undefined,
    endedAfter: undefined,
  };
  for (let at = 0; at < (trades?.length ?? 0); at += 4)
    addTrade(copy, trades![at], trades![at + 1], trades![at + 2], trades![at + 3]);
  return copy;
}

const isWithin = (value: number, mask: number): boolean => (value & mask) === value;

/** Fills by id where a row says all that is known of the order; undefined where it does not. */
function rowFills(order: OrderRecord): readonly (readonly number[])[] | undefined {
  const { trades = [], pendingCancels, pendingReplaces, side, type, tif, reasonCode } = order;
  if (order.doubles > 0 || order.lateFills > 0 || order.fineLots > 0 || pendingReplaces > 1) return undefined;
  if (!isWithin(pendingCancels, L.CANCELS / L.ONE_CANCEL) || !isWithin(reasonCode, 0xffff)) return undefined;
  if (!isWithin(side, 255) || !isWithin(type, 255) || !isWithin(tif, 255)) return undefined;
  const fills: number[][] = [];
  let cumLots = 0;
  let notional = 0n;
  for (let at = 0; at < trades.length; at += 4) {
    const [tradeId, priceTicks, , qtyLots] = trades.slice(at, at + 4);
    if (priceTicks === NONE || tradeId < 0) return undefined;
    fills.push([tradeId, priceTicks, qtyLots]);
    cumLots += qtyLots;
    notional += BigInt(priceTicks) * BigInt(qtyLots);
  }
  if (cumLots !== order.cumLots || notional !== notionalOf(order)) return undefined;
  return fills.sort((a, b) => a[0] - b[0]);
}

/** Writes an order into its row; its place among those that ended or have to end stays as it is. */
function writeRow(rows: CheckRows, row: number, order: OrderRecord): void {
  const { f64, i32 } = rows;
  const at = row << 4;
  N.clearFills(rows, row);
  N.clearAsk(rows, row);
  rows.odd.delete(row);
  const unrested = i32[at | L.MARKS] & L.UNRESTED;
  const fills = rowFills(order);
  if (fills === undefined) {
    rows.odd.set(row, copyRecord(order));
    i32[at | L.MARKS] = unrested | (isEnded(order.state) ? L.ODD_ENDED : L.ODD_LIVE);
    return;
  }
  f64.set([order.orderId, order.priceTicks, order.qtyLots, order.cumLots], row << 3);
  i32[at | L.MARKS] =
    ORDER_STATES.indexOf(order.state) |
    unrested |
    (order.isAcked ? L.ACKED : 0) |
    (order.isAmended ? L.AMENDED : 0) |
    (isImmediate(order) ? L.IMMEDIATE : 0) |
    (order.pendingReplaces > 0 ? L.ASKED : 0) |
    (order.pendingCancels * L.ONE_CANCEL) |
    (ORDER_EVENTS.indexOf(order.reasonEvent) << L.EVENT_SHIFT);
  i32[at | L.REASON] = order.reasonCode | (order.instrument << 16);
  i32[at | L.CHOICE] = order.side | (order.type << 8) | (order.tif << 16);
  const { asks } = order;
  if (order.pendingReplaces > 0) N.addAsk(rows, row, asks![0], asks![1], asks![2]);
  for (const [tradeId, priceTicks, qtyLots] of fills) N.addFill(rows, row, tradeId, priceTicks, qtyLots);
}

/** A row for an order that has none; counted, and listed where it has ended. */
function adopt(rows: CheckRows, order: OrderRecord): number {
  const row = R.addRow(rows, order.instrument, order.orderId);
  rows.i32[(row << 4) | L.MARKS] = 0;
  writeRow(rows, row, order);
  rows.liveCount += 1;
  if (isEnded(order.state)) R.endRow(rows, row);
  return row;
}

/** Adds an order as it stands. */
function enterRecord(store: OrderStore, order: OrderRecord): OrderRecord {
  addRecord(store, order.orderId, order);
  store.liveCount++;
  if (isEnded(order.state)) keepEnded(store, order);
  return order;
}

/** A store with these rows alone. One without live orders takes another where the check has room for it. */
function storeOf(rows: CheckRows, which: readonly number[]): { store: OrderStore; orders: OrderRecord[] } {
  const liveMax = Math.max(0, rows.liveMax - rows.liveCount);
  const endedMax = Number.MAX_SAFE_INTEGER;
  const store = createOrders({ observer: 'venue', liveMax, endedMax }) as OrderStore;
  return { store, orders: which.map((row) => enterRecord(store, recordAt(rows, row))) };
}

/** Lets the ordinary rules judge an event of the orders of one or two rows, 0 for none. */
export function judgeApart(
  rows: CheckRows,
  event: Event & { readonly orderId?: number },
  row: number,
  otherRow: number,
): OrderError | undefined {
  const known = [row, otherRow].filter((one) => one !== 0);
  const { store, orders } = storeOf(rows, known);
  const wasLive = orders.map(({ state }) => !isEnded(state));
  const error = take(store, event, undefined);
  if (error !== undefined) return error;
  // A new order may take the id of one that has ended.
  const { orderId } = event;
  const holder = orderId === undefined ? undefined : recordOf(store, event.instrument, orderId);
  known.forEach((one, k) => {
    if (holder !== undefined && holder !== orders[k]) {
      R.forgetRow(rows, one);
      return;
    }
    writeRow(rows, one, orders[k]);
    if (store.unrested.includes(orders[k]) && !isEnded(orders[k].state)) R.addUnrested(rows, one);
    if (wasLive[k] && isEnded(orders[k].state)) R.endRow(rows, one);
  });
  if (holder !== undefined && !orders.includes(holder)) adopt(rows, holder);
  return undefined;
}

/** The message has ended: what has to end within it and is live rests now, which is the error of the first. */
export function endMessage(rows: CheckRows, instrument: number): OrderError | undefined {
  const { i32 } = rows;
  const unrested = rows.unrested.slice(0, rows.unrestedCount);
  const isHere = (row: number): boolean => i32[(row << 4) | L.REASON] >>> 16 === instrument;
  const resting = unrested.filter(isHere);
  if (resting.length === 0) return undefined;
  const { store, orders } = storeOf(rows, resting);
  store.unrested.push(...orders);
  for (const row of resting) i32[(row << 4) | L.MARKS] &= ~L.UNRESTED;
  const others = unrested.filter((row) => !isHere(row));
  others.forEach((row, k) => (rows.unrested[k] = row));
  rows.unrestedCount = others.length;
  return endGroup(store, instrument);
}

const usedRows = (rows: CheckRows): number[] =>
  Array.from({ length: rows.used }, (_, row) => row).filter(
    (row) => (rows.i32[(row << 4) | L.MARKS] & L.STATE) !== 0,
  );

/**
 * What a check knows as a store of its own: to be looked at, saved, hashed. It is the one that `applyEvent` would
 * have led to, to the byte.
 *
 * Throws on ORDERS-8 where rows are not found, or not counted as they are listed. Complexity: all orders.
 */
export function ordersOf(check: OrderCheck): Orders {
  const rows = check as CheckRows;
  const { liveMax, endedMax, i32 } = rows;
  const store = createOrders({ observer: 'venue', liveMax, endedMax }) as OrderStore;
  for (let row = rows.endedOldest; row !== 0; row = i32[(row << 4) | L.AFTER]) {
    assert(!L.isLiveMark(i32[(row << 4) | L.MARKS]), 'ORDERS-8', 'live orders have not ended');
    enterRecord(store, recordAt(rows, row));
  }
  const entered = new Map<number, OrderRecord>();
  for (const row of usedRows(rows)) {
    const found = R.findRow(rows, i32[(row << 4) | L.REASON] >>> 16, rows.f64[row << 3]);
    assert(found === row, 'ORDERS-8', 'orders are found under their ids');
    if (L.isLiveMark(i32[(row << 4) | L.MARKS])) entered.set(row, enterRecord(store, recordAt(rows, row)));
  }
  for (let k = 0; k < rows.unrestedCount; k++) store.unrested.push(entered.get(rows.unrested[k])!);
  const { liveCount, endedCount } = rows;
  assert(store.liveCount === liveCount && store.endedCount === endedCount, 'ORDERS-8', 'rows are counted');
  return store;
}

/**
 * A check that goes on from a store; undefined where it cannot: the store of a client, or of an order that has had
 * another id. The store stays as it is. Complexity: all orders.
 */
export function orderCheckOf(orders: Orders): OrderCheck | undefined {
  const store = orders as OrderStore;
  if (store.observer !== 'venue') return undefined;
  const rows = R.createRows(store.liveMax, store.endedMax);
  for (let order = store.endedOldest; order !== undefined; order = order.endedAfter) adopt(rows, order);
  for (const byId of store.byInstrument.values())
    for (const order of byId.values()) {
      if (order.formerIds !== undefined) return undefined;
      if (!isEnded(order.state)) adopt(rows, order);
    }
  for (const { instrument, orderId, state } of store.unrested)
    if (!isEnded(state)) R.addUnrested(rows, R.findRow(rows, instrument, orderId));
  return rows;
}
