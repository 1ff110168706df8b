/**
 * The open orders of one agent, at most 64, in 256 slots. An order's id says its slot (id modulo 256), so that a
 * report finds it without a search, and ids stay next to each other, as a book likes them: an id whose slot is taken is
 * left out.
 *
 * A slot is a row of eight cells, one cache line: id (−1: free), state, side, price in ticks, lots open, lots that the
 * gateway counts as open (it hears of a fill when it happens; 0 behind an order's end), place among the taken.
 */
import { assert } from '@truetape/kernel';

const SLOTS = 256;
const SLOT_MASK = SLOTS - 1;
const SLOT_SHIFT = 3;
export const OPEN_MAX = 64;
/** States of an order, as its agent knows it. */
export const PENDING = 1;
export const OPEN = 2;
/** A cancel or an amendment is under way. */
export const CHANGING = 3;

const ID = 0;
const STATE = 1;
const SIDE = 2;
const PRICE = 3;
const LEAVES = 4;
const GATE_LEAVES = 5;
const PLACE = 6;

export interface OwnOrders {
  readonly cells: Float64Array;
  /** Slots that are taken, the first `count`; in an order that follows from what was opened and closed. */
  readonly taken: Uint8Array;
  count: number;
}

export function createOwnOrders(): OwnOrders {
  const cells = new Float64Array(SLOTS << SLOT_SHIFT);
  for (let slot = 0; slot < SLOTS; slot++) cells[slot << SLOT_SHIFT] = -1;
  return { cells, taken: new Uint8Array(OPEN_MAX), count: 0 };
}

export const idAt = ({ cells }: OwnOrders, slot: number): number => cells[slot << SLOT_SHIFT];
export const stateAt = ({ cells }: OwnOrders, slot: number): number => cells[(slot << SLOT_SHIFT) | STATE];
/** BUY or SELL. */
export const sideAt = ({ cells }: OwnOrders, slot: number): number => cells[(slot << SLOT_SHIFT) | SIDE];
export const priceAt = ({ cells }: OwnOrders, slot: number): number => cells[(slot << SLOT_SHIFT) | PRICE];
export const gateLeavesAt = ({ cells }: OwnOrders, slot: number): number =>
  cells[(slot << SLOT_SHIFT) | GATE_LEAVES];

export function setState({ cells }: OwnOrders, slot: number, state: number): void {
  cells[(slot << SLOT_SHIFT) | STATE] = state;
}

export function setPrice({ cells }: OwnOrders, slot: number, priceTicks: number): void {
  cells[(slot << SLOT_SHIFT) | PRICE] = priceTicks;
}

export function setLeaves({ cells }: OwnOrders, slot: number, lots: number): void {
  cells[(slot << SLOT_SHIFT) | LEAVES] = lots;
}

export function setGateLeaves({ cells }: OwnOrders, slot: number, lots: number): void {
  cells[(slot << SLOT_SHIFT) | GATE_LEAVES] = lots;
}

/** The first id from `next` on whose slot is free. The orders are not full. */
export function nextFreeId({ cells, count }: OwnOrders, next: number): number {
  assert(count < OPEN_MAX, 'FLOW-3', 'a free slot');
  let id = next;
  while (cells[(id & SLOT_MASK) << SLOT_SHIFT] >= 0) id += 1;
  return id;
}

/** The slot that holds an order, or −1. */
export function slotOf({ cells }: OwnOrders, orderId: number): number {
  const slot = orderId & SLOT_MASK;
  return cells[slot << SLOT_SHIFT] === orderId ? slot : -1;
}

/** Puts an order into the slot of its id, for the gateway to count too, and returns the slot. */
export function openSlot(
  orders: OwnOrders,
  id: number,
  side: number,
  priceTicks: number,
  lots: number,
): number {
  const { cells, count } = orders;
  const slot = id & SLOT_MASK;
  const at = slot << SLOT_SHIFT;
  assert(cells[at] < 0 && count < OPEN_MAX, 'FLOW-3', 'a free slot');
  cells[at] = id;
  cells[at | STATE] = PENDING;
  cells[at | SIDE] = side;
  cells[at | PRICE] = priceTicks;
  cells[at | LEAVES] = lots;
  cells[at | GATE_LEAVES] = lots;
  cells[at | PLACE] = count;
  orders.taken[count] = slot;
  orders.count = count + 1;
  return slot;
}

/** Frees a slot; the last that was taken gets its place among the taken. */
export function closeSlot(orders: OwnOrders, slot: number): void {
  const { cells, taken } = orders;
  const at = slot << SLOT_SHIFT;
  assert(cells[at] >= 0, 'FLOW-3', 'an order that is open');
  cells[at] = -1;
  orders.count -= 1;
  const moved = taken[orders.count];
  taken[cells[at | PLACE]] = moved;
  cells[(moved << SLOT_SHIFT) | PLACE] = cells[at | PLACE];
}

/** Orders as plain JSON: id, state, side, price, lots, lots at the gateway of each, in the order of `taken`. */
export function saveOwnOrders(orders: OwnOrders): number[][] {
  return Array.from(orders.taken.subarray(0, orders.count), (slot) => {
    const at = slot << SLOT_SHIFT;
    return Array.from(orders.cells.subarray(at + ID, at + GATE_LEAVES + 1));
  });
}

/** Puts saved orders into slots that are all free. False for rows that no orders give. */
export function loadOwnOrders(orders: OwnOrders, rows: readonly (readonly number[])[]): boolean {
  for (const [id, state, side, price, lots, gateLots] of rows) {
    const isFree = orders.count < OPEN_MAX && id >= 0 && Number.isSafeInteger(id) && !isTaken(orders, id);
    const isOrder = state >= PENDING && state <= CHANGING && (side === 1 || side === 2) && gateLots >= 0;
    if (!isFree || !isOrder) return false;
    const slot = openSlot(orders, id, side, price, lots);
    setState(orders, slot, state);
    setGateLeaves(orders, slot, gateLots);
  }
  return true;
}

const isTaken = ({ cells }: OwnOrders, id: number): boolean => cells[(id & SLOT_MASK) << SLOT_SHIFT] >= 0;
