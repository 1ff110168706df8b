/** Own orders that rest: by side, best price first; at a price, first in time first. */
import { NONE } from '@truetape/contracts';
import { assert } from '@truetape/kernel';
import type { VenueOrder } from './venue.ts';

export const BUY = 1;
export const SELL = 2;

/** A living own order. */
export interface OwnOrder {
  readonly orderId: number;
  readonly instrument: number;
  readonly side: number;
  readonly type: number;
  readonly tif: number;
  /** Infinity: it never expires. */
  readonly expireNs: number;
  readonly postOnly: number;
  readonly reduceOnly: boolean;
  priceTicks: number;
  qtyLots: number;
  leavesLots: number;
  cumLots: number;
  rests: boolean;
  /** Order by order: orders of its level that came to rest up to this one are ahead. */
  arrival: number;
  /** Lots of others ahead of it at its price; NONE where nobody knows. */
  aheadLots: number;
  /** Aggregated depth: what it advanced beyond whole lots, in 65,536ths. */
  carry: number;
  /** Exchange mode: the number that stands for it. */
  readonly placed: number;
}

/** Own orders at one price. */
export interface OwnLevel {
  readonly side: number;
  readonly priceTicks: number;
  readonly orders: OwnOrder[];
  /** Aggregated depth: lots that traded here since the level's quantity was last told. */
  tradedLots: number;
}

export function createOwn(order: VenueOrder, placed: number): OwnOrder {
  return {
    orderId: order.orderId,
    instrument: order.instrument,
    side: order.side,
    type: order.type,
    tif: order.tif === 0 ? 1 : order.tif,
    expireNs: order.tif === 4 ? (order.expireNs ?? Infinity) : Infinity,
    postOnly: order.postOnly,
    reduceOnly: order.reduceOnly === true,
    priceTicks: order.priceTicks,
    qtyLots: order.qtyLots,
    leavesLots: order.qtyLots,
    cumLots: 0,
    rests: false,
    arrival: 0,
    aheadLots: NONE,
    carry: 0,
    placed,
  };
}

/** Whether a price of a side comes before another one. */
export function isBetter(side: number, priceTicks: number, thanTicks: number): boolean {
  return side === BUY ? priceTicks > thanTicks : priceTicks < thanTicks;
}

/** The own level at a price, or undefined. */
export function ownLevelAt(levels: readonly OwnLevel[], priceTicks: number): OwnLevel | undefined {
  for (let k = 0; k < levels.length; k++) if (levels[k].priceTicks === priceTicks) return levels[k];
  return undefined;
}

/** Puts an order behind the own ones at its price. */
export function restOwn(levels: OwnLevel[], order: OwnOrder): void {
  assert(!order.rests && order.leavesLots > 0, 'VENUE-1', 'an own order rests once, and with something left');
  order.rests = true;
  const { side, priceTicks } = order;
  const at = levels.findIndex((level) => !isBetter(side, level.priceTicks, priceTicks));
  const there = levels[at];
  if (at >= 0 && there.priceTicks === priceTicks) there.orders.push(order);
  else levels.splice(at < 0 ? levels.length : at, 0, { side, priceTicks, orders: [order], tradedLots: 0 });
}

/** Takes an order out of its level, and the level away where it was the last one. */
export function leaveOwn(levels: OwnLevel[], order: OwnOrder): void {
  const at = levels.findIndex(({ priceTicks }) => priceTicks === order.priceTicks);
  const place = at < 0 ? -1 : levels[at].orders.indexOf(order);
  assert(order.rests && place >= 0, 'VENUE-1', 'an own order rests where it says');
  order.rests = false;
  levels[at].orders.splice(place, 1);
  if (levels[at].orders.length === 0) levels.splice(at, 1);
}
