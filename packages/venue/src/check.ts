/** Checks all of a venue: own orders stand where they say, and took no more than there is. */
import { feedOrder } from '@truetape/book';
import { assert } from '@truetape/kernel';
import { lotsAt } from '@truetape/marketdata';
import { TOLD_LEVELS } from './instrument.ts';
import type { InstrumentState } from './instrument.ts';
import { levelOfKey } from './liquidity.ts';
import { isBetter } from './own.ts';
import type { OwnLevel } from './own.ts';
import type { Venue } from './venue.ts';

/** Throws where the venue breaks VENUE-3, VENUE-8 or VENUE-9. Complexity: own orders, and what they took. */
export function checkVenue(venue: Venue): void {
  for (const own of venue.orders.values()) {
    assert(
      own.leavesLots > 0 && own.cumLots + own.leavesLots === own.qtyLots,
      'VENUE-3',
      'a living own order',
    );
    assert(own.rests === (venue.exchange === undefined), 'VENUE-8', 'a living own order rests');
  }
  let resting = 0;
  for (const ins of venue.instruments) {
    const count = ins.own.reduce((sum, levels, k) => sum + checkLevels(venue, levels, k + 1), 0);
    assert(count === ins.ownCount, 'VENUE-8', 'own orders that rest are counted');
    resting += count;
    checkTaken(ins);
  }
  assert(venue.exchange !== undefined || resting === venue.orders.size, 'VENUE-8', 'each stands in a level');
}

/** Returns the orders of a side. */
function checkLevels(venue: Venue, levels: readonly OwnLevel[], side: number): number {
  let count = 0;
  levels.forEach(({ priceTicks, orders }, k) => {
    const isSorted = k === 0 || isBetter(side, levels[k - 1].priceTicks, priceTicks);
    assert(isSorted && orders.length > 0, 'VENUE-8', 'own levels stand best first, none empty');
    for (const own of orders) {
      const isHere = own.side === side && own.priceTicks === priceTicks;
      assert(isHere && venue.orders.get(own.orderId) === own, 'VENUE-8', 'an own order rests where it says');
    }
    count += orders.length;
  });
  return count;
}

function checkTaken(ins: InstrumentState): void {
  for (const [key, lots] of ins.taken) {
    const { side, priceTicks } = levelOfKey(key);
    const there =
      ins.told === TOLD_LEVELS
        ? lotsAt(ins.depth, side << 4, priceTicks)
        : ins.feed.inMessage || ins.placesLost
          ? lots
          : (feedOrder(ins.feed, key)?.leavesLots ?? 0);
    assert(lots > 0 && (lots <= there || ins.placesLost), 'VENUE-9', 'ours took no more than there is');
  }
}
