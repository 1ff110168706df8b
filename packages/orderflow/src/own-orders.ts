/**
 * The open orders of one agent, in at most 64 slots. An order's id says its slot (id modulo 64), so that a report
 * finds it without a search.
 */
import { assert } from '@truetape/kernel';

export const SLOTS = 64;
export const FREE = 0;
export const PENDING = 1;
export const OPEN = 2;
/** A cancel or an amendment is under way. */
export const CHANGING = 3;

/** Orders by slot, as their agent knows them; the gateway's own view has the same shape. */
export interface OwnOrders {
  readonly ids: Float64Array;
  /** FREE, PENDING, OPEN or CHANGING. */
  readonly states: Uint8Array;
  /** BUY or SELL. */
  readonly sides: Uint8Array;
  readonly prices: Float64Array;
  readonly leaves: Float64Array;
  count: number;
}

export function createOwnOrders(): OwnOrders {
  return {
    ids: new Float64Array(SLOTS).fill(-1),
    states: new Uint8Array(SLOTS),
    sides: new Uint8Array(SLOTS),
    prices: new Float64Array(SLOTS),
    leaves: new Float64Array(SLOTS),
    count: 0,
  };
}

/** The lowest free slot, or −1. */
export function freeSlot({ states }: OwnOrders): number {
  return states.indexOf(FREE);
}

/** The slot that holds an order, or −1. */
export function slotOf(orders: OwnOrders, orderId: number): number {
  const slot = orderId % SLOTS;
  return orders.ids[slot] === orderId ? slot : -1;
}

export function openSlot(
  orders: OwnOrders,
  slot: number,
  order: { readonly id: number; readonly side: number; readonly price: number; readonly lots: number },
): void {
  assert(orders.states[slot] === FREE && order.id % SLOTS === slot, 'FLOW-3', 'a free slot, for its own ids');
  orders.ids[slot] = order.id;
  orders.states[slot] = PENDING;
  orders.sides[slot] = order.side;
  orders.prices[slot] = order.price;
  orders.leaves[slot] = order.lots;
  orders.count += 1;
}

export function closeSlot(orders: OwnOrders, slot: number): void {
  assert(orders.states[slot] !== FREE, 'FLOW-3', 'an order that is open');
  orders.ids[slot] = -1;
  orders.states[slot] = FREE;
  orders.leaves[slot] = 0;
  orders.count -= 1;
}

/** The slot of the k-th order, by slots. −1 when there are fewer. */
export function nthSlot({ states }: OwnOrders, k: number): number {
  let left = k;
  for (let slot = 0; slot < SLOTS; slot++) if (states[slot] !== FREE && left-- === 0) return slot;
  return -1;
}

/** Orders as plain JSON: id, state, side, price, lots of each, by slot. */
export function saveOwnOrders(orders: OwnOrders): number[][] {
  const rows: number[][] = [];
  for (let slot = 0; slot < SLOTS; slot++)
    if (orders.states[slot] !== FREE) {
      const { ids, states, sides, prices, leaves } = orders;
      rows.push([ids[slot], states[slot], sides[slot], prices[slot], leaves[slot]]);
    }
  return rows;
}

/** Puts saved orders into slots that are all free. False for rows that no orders give. */
export function loadOwnOrders(orders: OwnOrders, rows: readonly (readonly number[])[]): boolean {
  for (const [id, state, side, price, lots] of rows) {
    const slot = id % SLOTS;
    const isOrder = id >= 0 && Number.isSafeInteger(id) && orders.states[slot] === FREE;
    if (!isOrder || state < PENDING || state > CHANGING || (side !== 1 && side !== 2)) return false;
    openSlot(orders, slot, { id, side, price, lots });
    orders.states[slot] = state;
  }
  return true;
}
