/**
 * A store as bytes and back: the same orders in the same state give the same bytes, whatever led to them.
 *
 * Version 1, little-endian; `n` is an i64 within ±(2^53−1) or −2^53 for absent, `m` an i128.
 *
 *     0   8 bytes  "TTORDERS"
 *     8   u32 version, u32 observer (0 client, 1 venue)
 *     16  n liveMax, n endedMax, n orders, n unrested
 *     48  the orders: ended ones as they ended, oldest first, then live ones by instrument and id
 *     …   n position among the orders, for each unrested one
 *
 *     order := n × 22 (`FIELDS` below), m notional, m fineNotional,
 *              asks × n 3, trades × n 4 by trade id, former ids × n ascending
 */
import { err, ok } from '@truetape/contracts';
import type { Result } from '@truetape/contracts';
import { createSum, sha256Of } from '@truetape/kernel';
import type { Sha256 } from '@truetape/kernel';
import { createIn, createOut, getM, getN, getU32, putM, putN, putU32 } from './bytes.ts';
import type { BytesIn, BytesOut } from './bytes.ts';
import { addTrade, createOrder, fineNotionalOf, notionalOf } from './order.ts';
import type { OrderRecord } from './order.ts';
import { addRecord, createOrders, keepEnded, recordOf, storeFault } from './orders.ts';
import type { Orders, OrderStore } from './orders.ts';
import { ORDER_EVENTS, ORDER_STATES, isEnded } from './states.ts';

/** Version of the bytes and of the hash over them. */
export const ORDERS_STATE_VERSION = 1;

const MAGIC_LOW = 0x524f5454; // "TTOR"
const MAGIC_HIGH = 0x53524544; // "DERS"

/** What is wrong with saved bytes, and where. */
export interface OrdersStateError {
  readonly code: 'notOrders' | 'unsupportedVersion' | 'truncated' | 'trailingBytes' | 'badValue';
  readonly offsetBytes: number;
}

/** The store as bytes. Complexity: O(n log n). */
export function saveOrders(orders: Orders): Uint8Array {
  const store = orders as OrderStore;
  const saved = inOrder(store);
  const out = createOut();
  putU32(out, MAGIC_LOW);
  putU32(out, MAGIC_HIGH);
  putU32(out, ORDERS_STATE_VERSION);
  putU32(out, store.strict ? 1 : 0);
  putN(out, store.liveMax);
  putN(out, store.endedMax);
  putN(out, saved.length);
  // Of an order that has ended it is of no concern whether it rests.
  const unrested = store.unrested.filter((order) => !isEnded(order.state));
  putN(out, unrested.length);
  for (const order of saved) putOrder(out, order);
  const positions = new Map(saved.map((order, index) => [order, index] as const));
  for (const order of unrested) putN(out, positions.get(order)!);
  return out.u8.slice(0, out.size);
}

/** SHA-256 of the saved bytes: equal stores have equal hashes. Complexity: O(n log n). */
export function hashOrders(orders: Orders, sha256: Sha256): Uint8Array {
  return sha256Of(sha256, saveOrders(orders));
}

/**
 * The store that was saved. Bytes that it would not be saved as again are refused, whatever they are; nothing
 * throws.
 *
 * Complexity: O(n log n): what was read is saved again and compared.
 */
export function restoreOrders(bytes: Uint8Array): Result<Orders, OrdersStateError> {
  const input = createIn(bytes);
  const fail = (code: OrdersStateError['code']): Result<Orders, OrdersStateError> =>
    err({ code, offsetBytes: input.at });
  if (bytes.length < 48) return fail('truncated');
  if (getU32(input) !== MAGIC_LOW || getU32(input) !== MAGIC_HIGH) return fail('notOrders');
  if (getU32(input) !== ORDERS_STATE_VERSION) return fail('unsupportedVersion');
  const observer = getU32(input);
  const [liveMax, endedMax, count, unrested] = [getN(input), getN(input), getN(input), getN(input)];
  if (observer > 1 || liveMax < 0 || endedMax < 0 || count < 0 || unrested < 0 || input.isBad) {
    return fail('badValue');
  }
  const orders = createOrders({ observer: observer === 1 ? 'venue' : 'client', liveMax, endedMax });
  const store = orders as OrderStore;
  const read: OrderRecord[] = [];
  for (let index = 0; index < count; index++) {
    const order = getOrder(input);
    if (input.isShort) return fail('truncated');
    if (order === undefined || !addSaved(store, order)) return fail('badValue');
    read.push(order);
  }
  for (let index = 0; index < unrested; index++) {
    const order = read[getN(input)];
    if (input.isShort) return fail('truncated');
    if (order === undefined) return fail('badValue');
    store.unrested.push(order);
  }
  if (input.at !== bytes.length) return fail('trailingBytes');
  // One store, one text: an order in the wrong place or a price without fills would be a second one.
  if (input.isBad || storeFault(store) !== undefined || !equal(saveOrders(orders), bytes))
    return fail('badValue');
  return ok(orders);
}

function inOrder(store: OrderStore): OrderRecord[] {
  const saved: OrderRecord[] = [];
  for (let order = store.endedOldest; order !== undefined; order = order.endedAfter) saved.push(order);
  const live: OrderRecord[] = [];
  for (const byId of store.byInstrument.values()) {
    for (const [id, order] of byId) if (order.orderId === id && !isEnded(order.state)) live.push(order);
  }
  return saved.concat(live.sort((a, b) => a.instrument - b.instrument || a.orderId - b.orderId));
}

function addSaved(store: OrderStore, order: OrderRecord): boolean {
  for (const id of [order.orderId, ...(order.formerIds ?? [])]) {
    if (recordOf(store, order.instrument, id) !== undefined) return false;
    addRecord(store, id, order);
  }
  store.liveCount++;
  // A store that dropped an order while it is restored never held them all.
  if (isEnded(order.state)) {
    if (store.endedCount >= store.endedMax) return false;
    keepEnded(store, order);
  }
  return true;
}

function putOrder(out: BytesOut, order: OrderRecord): void {
  const { asks = [] } = order;
  const formerIds = [...(order.formerIds ?? [])].sort((a, b) => a - b);
  const trades = tradesById(order);
  putN(out, order.instrument);
  putN(out, order.orderId);
  putN(out, order.side);
  putN(out, order.type);
  putN(out, order.tif);
  putN(out, ORDER_STATES.indexOf(order.state));
  putN(out, order.priceTicks);
  putN(out, order.qtyLots);
  putN(out, order.cumLots);
  putN(out, order.leavesLots);
  putN(out, order.pendingCancels);
  putN(out, order.pendingReplaces);
  putN(out, order.lateFills);
  putN(out, order.lateLots);
  putN(out, order.fineLots);
  putN(out, ORDER_EVENTS.indexOf(order.reasonEvent));
  putN(out, order.reasonCode);
  putN(out, (order.isAcked ? 1 : 0) + (order.isAmended ? 2 : 0));
  putN(out, order.doubles);
  putN(out, asks.length / 3);
  putN(out, trades.length);
  putN(out, formerIds.length);
  putM(out, notionalOf(order));
  putM(out, fineNotionalOf(order));
  for (const value of asks) putN(out, value);
  for (const trade of trades) for (const value of trade) putN(out, value);
  for (const id of formerIds) putN(out, id);
}

function tradesById({ trades = [] }: OrderRecord): number[][] {
  const rows: number[][] = [];
  for (let at = 0; at < trades.length; at += 4) rows.push(trades.slice(at, at + 4));
  return rows.sort((a, b) => a[0] - b[0]);
}

/** The next order; undefined when its fields are none. */
function getOrder(input: BytesIn): OrderRecord | undefined {
  const [instrument, orderId, side, type, tif] = take(input, 5);
  const [state, priceTicks, qtyLots, cumLots, leavesLots] = take(input, 5);
  const [pendingCancels, pendingReplaces, lateFills, lateLots, fineLots] = take(input, 5);
  const [reasonEvent, reasonCode, flags, doubles, asks, trades, formerIds] = take(input, 7);
  const counts = [pendingCancels, pendingReplaces, lateFills, lateLots, fineLots, reasonCode, doubles];
  if (input.isBad || [...counts, orderId, asks, trades, formerIds].some((value) => value < 0))
    return undefined;
  if (ORDER_STATES[state] === undefined || state < 1 || ORDER_EVENTS[reasonEvent] === undefined) {
    return undefined;
  }
  if (instrument < 0 || instrument > 0xffff || flags < 0 || flags > 3) return undefined;
  const order = createOrder(instrument, orderId, side, type, tif, priceTicks, qtyLots);
  order.state = ORDER_STATES[state];
  order.reasonEvent = ORDER_EVENTS[reasonEvent];
  order.isAcked = (flags & 1) !== 0;
  order.isAmended = (flags & 2) !== 0;
  Object.assign(order, { cumLots, leavesLots, pendingCancels, pendingReplaces, lateFills, lateLots });
  Object.assign(order, { fineLots, reasonCode, doubles });
  const notional = getM(input);
  const fineNotional = getM(input);
  if (cumLots > fineLots) order.notional = createSum(notional);
  if (fineLots > 0) order.fineNotional = createSum(fineNotional);
  if (asks > 0) order.asks = take(input, asks * 3);
  for (let index = 0; index < trades && !input.isShort; index++) {
    const [id, ticks, fine, lots] = take(input, 4);
    addTrade(order, id, ticks, fine, lots);
  }
  if (formerIds > 0) order.formerIds = new Set(take(input, formerIds));
  return order;
}

function take(input: BytesIn, count: number): number[] {
  const values: number[] = [];
  for (let index = 0; index < count && !input.isShort; index++) values.push(getN(input));
  return values;
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
