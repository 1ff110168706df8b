/**
 * Fills of own orders that rest, against what is recorded.
 *
 * A trade at a worse price than ours, an order of the other side that comes to rest at our price or through it, and
 * what is left of one that found nothing more: each would have met ours first (`tradeThrough`). At our price an order
 * that was behind ours is traded with: it is ours that would have been (`queueExact`). Own orders share a quantity in
 * their order.
 */
import { isBetter } from './own.ts';
import type { InstrumentState } from './instrument.ts';
import { BASIS_QUEUE_EXACT, BASIS_THROUGH, fillOwn, MAKER } from './reports.ts';
import type { Venue } from './venue.ts';

/**
 * Lots traded at a price with an order of a side that came to rest as the `makerArrival`th (−1: those at our price are
 * no evidence). Ours at better prices, and those at this one that came before, would have traded instead. Returns
 * what they took.
 */
export function tradePast(
  venue: Venue,
  ins: InstrumentState,
  side: number,
  priceTicks: number,
  lots: number,
  makerArrival: number,
  timeNs: number,
): number {
  const levels = ins.own[side - 1];
  let left = lots;
  for (let k = 0; k < levels.length && left > 0;) {
    const level = levels[k];
    if (isBetter(side, priceTicks, level.priceTicks)) break;
    const basis = level.priceTicks === priceTicks ? BASIS_QUEUE_EXACT : BASIS_THROUGH;
    for (let n = 0; n < level.orders.length && left > 0;) {
      const own = level.orders[n];
      if (basis === BASIS_QUEUE_EXACT && makerArrival <= own.arrival) {
        n += 1;
        continue;
      }
      const taken = Math.min(left, own.leavesLots);
      left -= taken;
      if (taken < own.leavesLots) n += 1;
      fillOwn(
        venue,
        ins,
        own,
        { priceTicks: level.priceTicks, lots: taken, liquidity: MAKER, basis },
        timeNs,
      );
    }
    if (levels[k] === level) k += 1;
  }
  return lots - left;
}

/**
 * Lots that another side's order offers at a limit: ours at this price or better trade with it. Returns what they took.
 */
export function offerRests(
  venue: Venue,
  ins: InstrumentState,
  side: number,
  limitTicks: number,
  lots: number,
  timeNs: number,
): number {
  const levels = ins.own[side - 1];
  let left = lots;
  while (levels.length > 0 && left > 0 && !isBetter(side, limitTicks, levels[0].priceTicks)) {
    const [own] = levels[0].orders;
    const taken = Math.min(left, own.leavesLots);
    left -= taken;
    const fill = { priceTicks: own.priceTicks, lots: taken, liquidity: MAKER, basis: BASIS_THROUGH };
    fillOwn(venue, ins, own, fill, timeNs);
  }
  return lots - left;
}
