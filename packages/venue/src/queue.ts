/** Where an own order that came to rest stands among the recorded ones. */
import { feedLevelLots } from '@truetape/book';
import { N_MAX, NONE } from '@truetape/contracts';
import { lotsAt } from '@truetape/marketdata';
import { TOLD_LEVELS } from './instrument.ts';
import type { InstrumentState } from './instrument.ts';
import type { OwnOrder } from './own.ts';
import type { Venue } from './venue.ts';

/** Behind all that is recorded at its price now. */
export function placeInQueue(ins: InstrumentState, own: OwnOrder): void {
  own.carry = 0;
  if (ins.told === TOLD_LEVELS) own.aheadLots = lotsAt(ins.depth, own.side << 4, own.priceTicks);
  else {
    own.arrival = ins.feed.arrived;
    own.aheadLots = feedLevelLots(ins.feed, own.side, own.priceTicks);
  }
}

/**
 * Lots of others ahead of an own order at its price now; NONE where it does not rest, or nobody knows. Complexity: in
 * exchange mode the orders at its price.
 */
export function aheadOf(venue: Venue, orderId: number): number {
  const own = venue.orders.get(orderId);
  if (own === undefined) return NONE;
  if (venue.exchange === undefined) return own.rests ? own.aheadLots : NONE;
  let lots = 0;
  const book = venue.exchange.market.byInstrument[own.instrument]!;
  for (const order of book.queue(own.side, own.priceTicks)) {
    if (order.orderId === N_MAX - own.placed) return lots;
    lots += order.leavesLots;
  }
  return NONE;
}
