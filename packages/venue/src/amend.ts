/** Own amendments as they arrive: the same price and no larger quantity keeps the place, all else is as a new order. */
import { NONE } from '@truetape/contracts';
import { exchangeAmend } from './exchange.ts';
import { isKnown } from './instrument.ts';
import type { InstrumentState } from './instrument.ts';
import { isDown } from './outage.ts';
import { leaveOwn } from './own.ts';
import type { OwnOrder } from './own.ts';
import { reducibleLots, trimReduceOnly } from './reduce-only.ts';
import { tell, tellRejected } from './reports.ts';
import {
  BAD_QTY,
  badQty,
  badTicks,
  execute,
  NOT_READY,
  offersFor,
  postOnlyTicks,
  REDUCE_ONLY,
  refusedMoney,
  UNKNOWN_ORDER,
  VENUE_DOWN,
  WOULD_CROSS,
} from './submit.ts';
import type { Venue, VenueAmend } from './venue.ts';

/** The kind of the command, and a code of the vocabulary `amendReason`. */
const AMEND = 0x12;
const REQUESTED = 1;

/** An amendment arrives. What becomes of it stands in `venue.reports`. */
export function amend(venue: Venue, change: VenueAmend, timeNs: number): void {
  venue.causeSeq = NONE;
  const own = venue.orders.get(change.orderId);
  const code = isDown(venue) ? VENUE_DOWN : own === undefined ? UNKNOWN_ORDER : 0;
  if (own === undefined || code !== 0) {
    const asked = own ?? { orderId: change.orderId, instrument: 0, side: 0 };
    tellRejected(venue, asked, own, { command: AMEND, code }, timeNs);
    return;
  }
  const ins = venue.byInstrument[own.instrument]!;
  const priceTicks = change.priceTicks === NONE ? own.priceTicks : change.priceTicks;
  const qtyLots = change.qtyLots === NONE ? own.qtyLots : change.qtyLots;
  const whole: VenueAmend = { orderId: own.orderId, priceTicks, qtyLots };
  const refused = refusalOf(venue, ins, own, whole);
  if (refused !== 0) tellRejected(venue, own, own, { command: AMEND, code: refused }, timeNs);
  else if (venue.exchange !== undefined) exchangeAmend(venue, own, change, timeNs);
  else amendKnown(venue, ins, own, whole, timeNs);
  if (venue.isReduceStale) trimReduceOnly(venue, timeNs);
}

const keepsPlace = (own: OwnOrder, { priceTicks, qtyLots }: VenueAmend): boolean =>
  priceTicks === own.priceTicks && qtyLots <= own.qtyLots;

/** Why what an order is to become is refused before the book is looked at; 0: it is not. */
function refusalOf(venue: Venue, ins: InstrumentState, own: OwnOrder, whole: VenueAmend): number {
  const isKept = keepsPlace(own, whole);
  if (!isKept && ins.isHalted) return VENUE_DOWN;
  const { instrument, orderId, side, type, tif, postOnly, cumLots } = own;
  const { priceTicks, qtyLots } = whole;
  const bad = qtyLots === own.qtyLots ? 0 : badQty(ins, qtyLots);
  if (bad !== 0) return bad;
  if (qtyLots <= cumLots) return BAD_QTY;
  const badPrice = priceTicks === own.priceTicks ? 0 : badTicks(ins, priceTicks);
  if (badPrice !== 0) return badPrice;
  if (!isKept && venue.exchange === undefined && !isKnown(ins)) return NOT_READY;
  const leavesLots = qtyLots - cumLots;
  if (own.reduceOnly && leavesLots > reducibleLots(ins, side)) return REDUCE_ONLY;
  // What only becomes less takes no more than it did, however poor the account is by now.
  if (isKept) return 0;
  return refusedMoney(venue, ins, {
    instrument,
    orderId,
    side,
    type,
    tif,
    postOnly,
    priceTicks,
    qtyLots: leavesLots,
  });
}

function amendKnown(
  venue: Venue,
  ins: InstrumentState,
  own: OwnOrder,
  whole: VenueAmend,
  timeNs: number,
): void {
  const { qtyLots } = whole;
  const priceTicks = keepsPlace(own, whole) ? own.priceTicks : postOnlyTicks(ins, own, whole.priceTicks);
  if (priceTicks === NONE) {
    tellRejected(venue, own, own, { command: AMEND, code: WOULD_CROSS }, timeNs);
    return;
  }
  // One that was moved to one tick before may be where it was.
  const keeps = keepsPlace(own, { ...whole, priceTicks });
  if (!keeps) {
    leaveOwn(ins.own[own.side - 1], own);
    ins.ownCount -= 1;
  }
  own.priceTicks = priceTicks;
  own.qtyLots = qtyLots;
  own.leavesLots = qtyLots - own.cumLots;
  const amended = tell(venue, 'amended', own, timeNs);
  amended.code = REQUESTED;
  amended.priorityKept = keeps ? 1 : 0;
  if (keeps) return;
  execute(venue, ins, own, venue.config.mode === 'ideal' ? [] : offersFor(ins, own), timeNs);
  if (own.rests) amended.aheadLots = own.aheadLots;
}
