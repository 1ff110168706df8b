/** Where an own order that came to rest stands among the recorded ones. */
import { feedLevelLots } from '@truetape/book';
import { lotsAt } from '@truetape/marketdata';
import { TOLD_LEVELS } from './instrument.ts';
import type { InstrumentState } from './instrument.ts';
import type { OwnOrder } from './own.ts';

/** Behind all that is recorded at its price now. */
export function placeInQueue(ins: InstrumentState, own: OwnOrder): void {
  own.carry = 0;
  if (ins.told === TOLD_LEVELS) own.aheadLots = lotsAt(ins.depth, own.side << 4, own.priceTicks);
  else {
    own.arrival = ins.feed.arrived;
    own.aheadLots = feedLevelLots(ins.feed, own.side, own.priceTicks);
  }
}
