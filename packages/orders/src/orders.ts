/**
 * Many orders by instrument and id: the store that events are applied to.
 *
 * A record an order in a Map an instrument; no allocation an event but for new orders, first fills and
 * errors. Columns in typed arrays were the alternative: they would save the records, but an order's fills and
 * pending requests have no fixed size.
 */
import { NONE } from '@truetape/contracts';
import { assert } from '@truetape/kernel';
import { commit } from './commit.ts';
import type { Outcome } from './commit.ts';
import type { OrderError, OrderErrorCode } from './errors.ts';
import type { OrderInput } from './input.ts';
import { judge } from './judge.ts';
import { MARKET, createOrder, orderFault } from './order.ts';
import type { Order, OrderRecord } from './order.ts';
import { refuse } from './refuse.ts';
import { isEnded } from './states.ts';
import type { OrderEvent, OrderState } from './states.ts';
import { createStep, readInput } from './step.ts';
import type { Step } from './step.ts';
import { illegalCode } from './table.ts';

/** Whose account of events is folded, and how much is remembered. */
export interface OrdersConfig {
  /**
   * `client` (the default): events come as a sender sees them, and races are legal. `venue`: they come in the
   * order in which the venue did them, so that a race is a contradiction; requests are recorded as they came,
   * also bad ones, and the id of an ended order may be used again.
   */
  readonly observer?: 'client' | 'venue';
  /** Live orders at most, 1,000,000 by default; one more is refused with `capacity`. */
  readonly liveMax?: number;
  /** Ended orders that are remembered, 100,000 by default; the one that ended first is dropped. */
  readonly endedMax?: number;
}

/** A store of orders. Changed by `apply`, `applyEvent` and `retire`; otherwise read-only. */
export interface Orders {
  readonly observer: 'client' | 'venue';
  readonly liveMax: number;
  readonly endedMax: number;
  readonly liveCount: number;
  readonly endedCount: number;
}

/** What an event did to an order. Owned by the caller, filled in by `apply`. */
export interface Transition {
  /** The order as it is now; undefined when the outcome is `ignored`. */
  order: Order | undefined;
  event: OrderEvent;
  from: OrderState;
  to: OrderState;
  outcome: Outcome;
  /** Code of the reason in the vocabulary of the event; 0 for none. */
  code: number;
}

/** The store behind it. */
export interface OrderStore extends Orders {
  liveCount: number;
  endedCount: number;
  readonly strict: boolean;
  readonly byInstrument: Map<number, Map<number, OrderRecord>>;
  endedOldest: OrderRecord | undefined;
  endedNewest: OrderRecord | undefined;
  /** Orders that have to end within the message that accepted them, which goes on. */
  readonly unrested: OrderRecord[];
  readonly step: Step;
  readonly otherStep: Step;
}

const LIVE_MAX = 1_000_000;
const ENDED_MAX = 100_000;

/** A store without orders. Throws on ORDERS-1 when a limit is no integer from 0. */
export function createOrders(config: OrdersConfig = {}): Orders {
  const { observer = 'client', liveMax = LIVE_MAX, endedMax = ENDED_MAX } = config;
  assert(Number.isSafeInteger(liveMax) && liveMax >= 0, 'ORDERS-1', 'limits are integers from 0');
  assert(Number.isSafeInteger(endedMax) && endedMax >= 0, 'ORDERS-1', 'limits are integers from 0');
  const store: OrderStore = {
    observer,
    liveMax,
    endedMax,
    liveCount: 0,
    endedCount: 0,
    strict: observer === 'venue',
    byInstrument: new Map(),
    endedOldest: undefined,
    endedNewest: undefined,
    unrested: [],
    step: createStep(),
    otherStep: createStep(),
  };
  return store;
}

/** A blank transition, to be filled in. */
export function createTransition(): Transition {
  return { order: undefined, event: 'submit', from: 'New', to: 'New', outcome: 'ignored', code: 0 };
}

/**
 * Applies one event.
 *
 * Returns why it was refused, and then nothing has changed, `out` neither; undefined when it was taken.
 * Throws on ORDERS-1 for numbers that are no safe integers. Complexity: O(1) amortised.
 */
export function apply(orders: Orders, input: OrderInput, out?: Transition): OrderError | undefined {
  const store = orders as OrderStore;
  readInput(store.step, input);
  checkNumbers(store.step);
  return runStep(store, store.step, out);
}

/** The order with this id, now or formerly, or undefined. It is a view: copy what is to stay. */
export function findOrder(orders: Orders, orderId: number, instrument = 0): Order | undefined {
  return recordOf(orders as OrderStore, instrument, orderId);
}

/**
 * Forgets an ended order; its id is free then, and a late fill is one of an unknown order.
 *
 * Returns false, and does nothing, when there is no such order or it is live.
 */
export function retire(orders: Orders, orderId: number, instrument = 0): boolean {
  const store = orders as OrderStore;
  const order = recordOf(store, instrument, orderId);
  if (order === undefined || !isEnded(order.state)) return false;
  drop(store, order);
  return true;
}

/** Checks every order and the store's own books. Throws the invariant that is broken. Complexity: O(n). */
export function check(orders: Orders): void {
  const fault = storeFault(orders as OrderStore);
  assert(fault !== 'ORDERS-3', 'ORDERS-3', 'quantities make the whole');
  assert(fault !== 'ORDERS-4', 'ORDERS-4', 'the state follows from what is known');
  assert(fault !== 'ORDERS-5', 'ORDERS-5', 'fills are within the filled quantity');
  assert(fault !== 'ORDERS-6', 'ORDERS-6', 'a FOK is filled whole or not at all');
  assert(fault !== 'ORDERS-7', 'ORDERS-7', 'a pending replace has its request');
  assert(fault === undefined, 'ORDERS-8', 'orders are found under their ids and counted');
}

export function recordOf(store: OrderStore, instrument: number, orderId: number): OrderRecord | undefined {
  return store.byInstrument.get(instrument)?.get(orderId);
}

/** Judges a step and carries it out. */
export function runStep(store: OrderStore, step: Step, out: Transition | undefined): OrderError | undefined {
  const order = recordOf(store, step.instrument, step.orderId);
  if (step.event === 'submit') return submit(store, order, step, out);
  const code = judgeStep(store, order, step);
  if (code !== undefined || order === undefined) return refuse(code ?? 'unknownOrder', order, step);
  carryOut(store, order, step, out);
  return undefined;
}

/** Why a step that is no submission cannot be carried out. */
export function judgeStep(
  store: OrderStore,
  order: OrderRecord | undefined,
  step: Step,
): OrderErrorCode | undefined {
  if (order === undefined) return illegalCode('New', step.event);
  const code = judge(order, step, store.strict);
  if (code !== undefined || step.newOrderId === NONE) return code;
  const holder = recordOf(store, step.instrument, step.newOrderId);
  return holder === undefined || holder === order || isReusable(store, holder) ? undefined : 'duplicateId';
}

function isReusable(store: OrderStore, holder: OrderRecord): boolean {
  return store.strict && isEnded(holder.state);
}

/** Carries out a step that was judged to be possible. */
export function carryOut(
  store: OrderStore,
  order: OrderRecord,
  step: Step,
  out: Transition | undefined,
): void {
  const from = order.state;
  const outcome = commit(order, step);
  if (step.newOrderId !== NONE && step.newOrderId !== order.orderId) rename(store, order, step.newOrderId);
  if (isEnded(order.state) && !isEnded(from)) keepEnded(store, order);
  if (out === undefined) return;
  out.order = order;
  out.event = step.event;
  out.from = from;
  out.to = order.state;
  out.outcome = outcome;
  out.code = step.code;
}

function submit(
  store: OrderStore,
  holder: OrderRecord | undefined,
  step: Step,
  out: Transition | undefined,
): OrderError | undefined {
  const reused = holder !== undefined && isReusable(store, holder);
  if (holder !== undefined && !reused) return refuse(illegalCode(holder.state, 'submit'), holder, step);
  const code = judgeSubmit(store, step);
  if (code !== undefined) return refuse(code, undefined, step);
  if (reused) drop(store, holder);
  const { instrument, orderId, side, type, tif, priceTicks, qtyLots } = step;
  const order = createOrder(instrument, orderId, side, type, tif, priceTicks, qtyLots);
  addRecord(store, orderId, order);
  store.liveCount++;
  if (out === undefined) return undefined;
  out.order = order;
  out.event = 'submit';
  out.from = 'New';
  out.to = order.state;
  out.outcome = 'applied';
  out.code = 0;
  return undefined;
}

function judgeSubmit(store: OrderStore, step: Step): OrderErrorCode | undefined {
  if (store.liveCount >= store.liveMax) return 'capacity';
  // A venue's tape records what was sent, and then that it was rejected.
  if (store.strict) return undefined;
  if (step.qtyLots < 1) return 'badQty';
  return step.type === MARKET && step.priceTicks !== NONE ? 'badPrice' : undefined;
}

export function addRecord(store: OrderStore, orderId: number, order: OrderRecord): void {
  let byId = store.byInstrument.get(order.instrument);
  if (byId === undefined) store.byInstrument.set(order.instrument, (byId = new Map()));
  byId.set(orderId, order);
}

/** The order keeps its former ids: a fill under one of them may still be on its way. */
function rename(store: OrderStore, order: OrderRecord, newOrderId: number): void {
  const holder = recordOf(store, order.instrument, newOrderId);
  if (holder !== undefined && holder !== order) drop(store, holder);
  // A set: an order may be renamed by every replace of a long day.
  const formerIds = (order.formerIds ??= new Set());
  formerIds.add(order.orderId);
  formerIds.delete(newOrderId);
  order.orderId = newOrderId;
  addRecord(store, newOrderId, order);
}

/** Puts an order that has ended just now behind those that ended before. */
export function keepEnded(store: OrderStore, order: OrderRecord): void {
  store.liveCount--;
  store.endedCount++;
  order.endedBefore = store.endedNewest;
  if (store.endedNewest === undefined) store.endedOldest = order;
  else store.endedNewest.endedAfter = order;
  store.endedNewest = order;
  if (store.endedCount > store.endedMax) drop(store, store.endedOldest!);
}

function drop(store: OrderStore, order: OrderRecord): void {
  const { endedBefore, endedAfter } = order;
  if (endedBefore === undefined) store.endedOldest = endedAfter;
  else endedBefore.endedAfter = endedAfter;
  if (endedAfter === undefined) store.endedNewest = endedBefore;
  else endedAfter.endedBefore = endedBefore;
  order.endedBefore = undefined;
  order.endedAfter = undefined;
  store.endedCount--;
  const byId = store.byInstrument.get(order.instrument)!;
  byId.delete(order.orderId);
  for (const id of order.formerIds ?? []) byId.delete(id);
}

function checkNumbers(step: Step): void {
  const { instrument, orderId } = step;
  assert(Number.isSafeInteger(orderId) && orderId >= 0, 'ORDERS-1', 'ids are integers from 0');
  assert(instrument >= 0 && instrument <= 0xffff && Number.isSafeInteger(instrument), 'ORDERS-1');
  assert(isInteger(step.qtyLots) && isInteger(step.priceTicks), 'ORDERS-1', 'numbers are safe integers');
  assert(isInteger(step.leavesLots) && isInteger(step.priceFine), 'ORDERS-1');
  assert(isInteger(step.tradeId) && isInteger(step.newOrderId), 'ORDERS-1', 'ids are safe integers');
  assert(isCode(step.code) && isCode(step.qtyMode) && isCode(step.liquidity), 'ORDERS-1', 'codes are u16');
  assert(isCode(step.side) && isCode(step.type) && isCode(step.tif), 'ORDERS-1', 'codes are u16');
}

function isCode(value: number): boolean {
  return (value & 0xffff) === value;
}

function isInteger(value: number): boolean {
  return Number.isSafeInteger(value) || value === NONE;
}

/** The first invariant that a store breaks. */
export function storeFault(store: OrderStore): string | undefined {
  let live = 0;
  let ended = 0;
  for (const [instrument, byId] of store.byInstrument) {
    for (const [id, order] of byId) {
      const known = order.orderId === id || order.formerIds?.has(id) === true;
      if (order.instrument !== instrument || !known) return 'ORDERS-8';
      if (order.orderId !== id) continue;
      const fault = orderFault(order);
      if (fault !== undefined) return fault;
      if (isEnded(order.state)) ended++;
      else live++;
    }
  }
  let listed = 0;
  for (let order = store.endedOldest; order !== undefined; order = order.endedAfter) {
    if (!isEnded(order.state) || recordOf(store, order.instrument, order.orderId) !== order)
      return 'ORDERS-8';
    listed++;
  }
  if (live !== store.liveCount || ended !== store.endedCount || listed !== ended) return 'ORDERS-8';
  return ended > store.endedMax || live > store.liveMax ? 'ORDERS-8' : undefined;
}
