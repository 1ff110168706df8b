/**
 * Orders that only reduce a position.
 *
 * As one arrives it is cut to the position that it would reduce; from then on it has no more left than the position
 * would have once the own orders of its side at its price or better, and those that reduce and came before it, were
 * filled. So whatever one message of the market fills, no fill of such an order adds to a position (VENUE-10); that
 * holds in a matching engine too, where nothing can be cut between two fills of an aggressor.
 */
import { exchangeCancel, exchangeCut } from './exchange.ts';
import type { InstrumentState } from './instrument.ts';
import { BUY, isBetter } from './own.ts';
import type { OwnOrder } from './own.ts';
import { cancelOwn, tell } from './reports.ts';
import type { OwnReport, Venue, VenueOrder } from './venue.ts';

/** Codes of the vocabularies `cancelReason` and `amendReason`. */
const CANCEL_REDUCE_ONLY = 7;
const AMEND_REDUCE_ONLY = 5;

/** Lots that an order of a side could take off the position. */
export function reducibleLots({ positionLots }: InstrumentState, side: number): number {
  const lots = side === BUY ? -positionLots : positionLots;
  return lots > 0 ? lots : 0;
}

/** What may be left of an order as it arrives: whole trading lots. */
export function admittedLots(ins: InstrumentState, order: VenueOrder): number {
  if (order.reduceOnly !== true) return order.qtyLots;
  const lots = Math.min(order.qtyLots, reducibleLots(ins, order.side));
  return lots - (lots % (ins.config.qtyMultipleLots ?? 1));
}

/** An order was accepted with what it asked for, and cut to what it has: the reports from `at` on say both. */
export function tellCut(reports: OwnReport[], at: number, askedLots: number): void {
  const told = reports[at];
  if (told?.kind !== 'accepted') return;
  const accepted: OwnReport = { ...told, qtyLots: askedLots, leavesLots: askedLots };
  const cut: OwnReport = { ...told, kind: 'amended', qtyLots: 0, code: AMEND_REDUCE_ONLY, priorityKept: 1 };
  reports.splice(at, 1, accepted, cut);
}

/** Best price first; at a price those that only reduce come last, each in the order in which they came. */
function inOrder(a: OwnOrder, b: OwnOrder): number {
  if (a.priceTicks !== b.priceTicks) return isBetter(a.side, a.priceTicks, b.priceTicks) ? -1 : 1;
  return Number(a.reduceOnly) - Number(b.reduceOnly);
}

/** Cuts or cancels what would not reduce any more. Complexity: own orders, sorted. */
export function trimReduceOnly(venue: Venue, timeNs: number): void {
  for (const ins of venue.instruments) {
    for (const side of [BUY, 3 - BUY]) {
      const there = [...venue.orders.values()].filter(
        (own) => own.instrument === ins.index && own.side === side,
      );
      if (!there.some(({ reduceOnly }) => reduceOnly)) continue;
      let left = reducibleLots(ins, side);
      for (const own of there.sort(inOrder)) {
        if (own.reduceOnly && own.leavesLots > left) cut(venue, ins, own, left, timeNs);
        left = Math.max(0, left - own.leavesLots);
      }
    }
  }
  venue.isReduceStale = false;
}

function cut(venue: Venue, ins: InstrumentState, own: OwnOrder, leavesLots: number, timeNs: number): void {
  const lots = leavesLots - (leavesLots % (ins.config.qtyMultipleLots ?? 1));
  if (lots === 0) {
    if (venue.exchange === undefined) cancelOwn(venue, ins, own, CANCEL_REDUCE_ONLY, timeNs);
    else exchangeCancel(venue, own, CANCEL_REDUCE_ONLY, timeNs);
    return;
  }
  if (venue.exchange !== undefined) {
    exchangeCut(venue, own, own.cumLots + lots, AMEND_REDUCE_ONLY, timeNs);
    return;
  }
  own.leavesLots = lots;
  own.qtyLots = own.cumLots + lots;
  const amended = tell(venue, 'amended', own, timeNs);
  amended.code = AMEND_REDUCE_ONLY;
  amended.priorityKept = 1;
}
