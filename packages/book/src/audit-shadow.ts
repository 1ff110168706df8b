/**
 * What an auditor knows of a book: the orders that rest, by reports alone. Levels are sorted with the best
 * price last, so that changes near it move little; the orders of a level are a linked list, so that taking
 * one out of a long queue is one step.
 */
import { N_MAX } from '@truetape/contracts';
import { createSum, InvariantError, type Sum } from '@truetape/kernel';
import { BUY } from './command.ts';

/** An order as reports tell of it. */
export interface Shade {
  readonly orderId: number;
  readonly owner: number;
  readonly side: number;
  /** NONE for a market order, which never rests. */
  priceTicks: number;
  leavesLots: number;
  executedLots: number;
  readonly stp: number;
  postOnly: number;
  /** Counts up with each order that rests or loses its priority. */
  arrival: number;
  level: ShadeLevel | undefined;
  ahead: Shade | undefined;
  behind: Shade | undefined;
}

/** An order that does not rest yet. */
export function createShade(order: Omit<Shade, 'arrival' | 'level' | 'ahead' | 'behind'>): Shade {
  return { ...order, arrival: 0, level: undefined, ahead: undefined, behind: undefined };
}

export interface ShadeLevel {
  readonly priceTicks: number;
  orders: number;
  qtyLots: number;
  first: Shade | undefined;
  last: Shade | undefined;
}

/** Where quantity came from and where it went; in = all others and what rests. */
export interface Flows {
  readonly entered: Sum;
  /** Both sides of each trade. */
  readonly traded: Sum;
  readonly canceled: Sum;
  /** Taken off by reduce and amend. */
  readonly reduced: Sum;
  /** Taken off by self-trade prevention from orders that live on. */
  readonly decremented: Sum;
}

export interface Shadow {
  readonly orders: Map<number, Shade>;
  /** Worst first. */
  readonly bids: ShadeLevel[];
  readonly asks: ShadeLevel[];
  /** Resting orders of an owner: bids, asks. */
  readonly byOwner: Map<number, [bids: number, asks: number]>;
  readonly flows: Flows;
  arrivals: number;
  trades: number;
  /** Commands seen; a message names the one that broke something. */
  commands: number;
  doing: string;
  /** Orders that the command under way changed. */
  readonly touched: Shade[];
}

export function createShadow(): Shadow {
  return {
    orders: new Map(),
    bids: [],
    asks: [],
    byOwner: new Map(),
    flows: {
      entered: createSum(),
      traded: createSum(),
      canceled: createSum(),
      reduced: createSum(),
      decremented: createSum(),
    },
    arrivals: 0,
    trades: 0,
    commands: 0,
    doing: 'nothing yet',
    touched: [],
  };
}

/** Throws the named invariant, with the command that broke it. */
export function broken(shadow: Shadow, invariant: string, what: string): never {
  throw new InvariantError(invariant, `command ${shadow.commands}, ${shadow.doing}: ${what}`);
}

/** Throws the named invariant unless what was found is what was to be expected. */
export function same<Value extends number | bigint | boolean | string | undefined>(
  shadow: Shadow,
  invariant: string,
  what: string,
  found: Value,
  expected: Value,
): void {
  if (found !== expected)
    broken(shadow, invariant, `${what}: ${String(found)} instead of ${String(expected)}`);
}

/** Throws the named invariant unless something holds. */
export function holds(shadow: Shadow, invariant: string, what: string, condition: boolean): void {
  if (!condition) broken(shadow, invariant, what);
}

const sideOf = (shadow: Shadow, side: number): ShadeLevel[] => (side === BUY ? shadow.bids : shadow.asks);

export function bestLevel(shadow: Shadow, side: number): ShadeLevel | undefined {
  return sideOf(shadow, side).at(-1);
}

export function findShadeLevel(shadow: Shadow, side: number, priceTicks: number): ShadeLevel | undefined {
  const level = sideOf(shadow, side)[placeOf(shadow, side, priceTicks)];
  return level?.priceTicks === priceTicks ? level : undefined;
}

/** Index of the first level that is not worse. */
function placeOf(shadow: Shadow, side: number, priceTicks: number): number {
  const levels = sideOf(shadow, side);
  const sign = side === BUY ? 1 : -1;
  let low = 0;
  let high = levels.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sign * levels[middle].priceTicks < sign * priceTicks) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Puts an order behind those of its price. */
export function restShade(shadow: Shadow, shade: Shade): void {
  const { side, priceTicks, owner } = shade;
  holds(shadow, 'BOOK-31', 'an id rests twice', !shadow.orders.has(shade.orderId));
  let level = findShadeLevel(shadow, side, priceTicks);
  if (level === undefined) {
    level = { priceTicks, orders: 0, qtyLots: 0, first: undefined, last: undefined };
    sideOf(shadow, side).splice(placeOf(shadow, side, priceTicks), 0, level);
  }
  holds(shadow, 'BOOK-33', 'a level beyond 2^53−1', shade.leavesLots <= N_MAX - level.qtyLots);
  shade.arrival = ++shadow.arrivals;
  shade.level = level;
  shade.ahead = level.last;
  shade.behind = undefined;
  if (level.last === undefined) level.first = shade;
  else level.last.behind = shade;
  level.last = shade;
  level.orders++;
  level.qtyLots += shade.leavesLots;
  shadow.orders.set(shade.orderId, shade);
  const counts = shadow.byOwner.get(owner) ?? [0, 0];
  counts[side === BUY ? 0 : 1]++;
  shadow.byOwner.set(owner, counts);
}

/** Takes an order that rests out of its level. */
export function removeShade(shadow: Shadow, shade: Shade): void {
  const { level, ahead, behind, side } = shade;
  if (level === undefined) return;
  if (ahead === undefined) level.first = behind;
  else ahead.behind = behind;
  if (behind === undefined) level.last = ahead;
  else behind.ahead = ahead;
  level.orders--;
  level.qtyLots -= shade.leavesLots;
  shade.level = undefined;
  shade.ahead = undefined;
  shade.behind = undefined;
  if (level.orders === 0) sideOf(shadow, side).splice(placeOf(shadow, side, level.priceTicks), 1);
  shadow.orders.delete(shade.orderId);
  const counts = shadow.byOwner.get(shade.owner) ?? [0, 0];
  counts[side === BUY ? 0 : 1]--;
  if (counts[0] === 0 && counts[1] === 0) shadow.byOwner.delete(shade.owner);
}

/** Takes lots off an order, which ends where none are left. */
export function takeLots(shadow: Shadow, shade: Shade, lots: number): void {
  if (lots === shade.leavesLots) removeShade(shadow, shade);
  else if (shade.level !== undefined) shade.level.qtyLots -= lots;
  shade.leavesLots -= lots;
}

/** Resting orders of an owner, or of everyone, on a side, or on both (0). */
export function countOf(shadow: Shadow, owner: number | undefined, side: number): number {
  if (owner === undefined) {
    const levels = side === 0 ? [...shadow.bids, ...shadow.asks] : sideOf(shadow, side);
    return levels.reduce((sum, level) => sum + level.orders, 0);
  }
  const [bids, asks] = shadow.byOwner.get(owner) ?? [0, 0];
  return side === 0 ? bids + asks : side === BUY ? bids : asks;
}
