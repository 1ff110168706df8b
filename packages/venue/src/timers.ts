/** What the venue does by itself at a time: outages begin and end, orders expire. */
import { NONE } from '@truetape/contracts';
import { exchangeCancel } from './exchange.ts';
import { SILENTLY } from './exchange-reports.ts';
import { tellStatus } from './public.ts';
import { endOwn, tell } from './reports.ts';
import type { OwnOrder } from './own.ts';
import { cancelThose } from './submit.ts';
import { isDown } from './outage.ts';
import { aheadOf } from './queue.ts';
import type { Venue } from './venue.ts';

/** Codes of the vocabularies `cancelReason` and `expireReason`. */
const DISCONNECT = 6;
const TIME_IN_FORCE = 1;

/** When something is due; Infinity: never. */
export function nextTimeNs(venue: Venue): number {
  const due = venue.config.outages?.[venue.outage >> 1];
  const outageNs = due === undefined ? Infinity : isDown(venue) ? due.toNs : due.fromNs;
  return Math.min(outageNs, venue.expireNs);
}

/** Does what is due at a time or before, in the order of time: outages first, then orders in the order they came. */
export function advance(venue: Venue, timeNs: number): void {
  venue.causeSeq = NONE;
  for (let dueNs = nextTimeNs(venue); dueNs <= timeNs; dueNs = nextTimeNs(venue)) {
    if (venue.expireNs < dueNs || !isOutageDue(venue, dueNs)) expire(venue, dueNs);
    else goOn(venue, dueNs);
  }
}

function isOutageDue(venue: Venue, timeNs: number): boolean {
  const due = venue.config.outages?.[venue.outage >> 1];
  return due !== undefined && (isDown(venue) ? due.toNs : due.fromNs) <= timeNs;
}

function goOn(venue: Venue, timeNs: number): void {
  const { cancelAll } = venue.config.outages![venue.outage >> 1];
  venue.outage += 1;
  if (isDown(venue) && cancelAll === true) cancelThose(venue, { instrument: 0, side: 0 }, DISCONNECT, timeNs);
  if (!venue.isListening) return;
  for (const ins of venue.instruments) tellStatus(venue, ins);
}

function expire(venue: Venue, timeNs: number): void {
  const due: OwnOrder[] = [];
  let next = Infinity;
  for (const own of venue.orders.values()) {
    if (own.expireNs <= timeNs) due.push(own);
    else next = Math.min(next, own.expireNs);
  }
  venue.expireNs = next;
  for (const own of due) expireOwn(venue, own, timeNs);
}

function expireOwn(venue: Venue, own: OwnOrder, timeNs: number): void {
  const ins = venue.byInstrument[own.instrument]!;
  const aheadLots = aheadOf(venue, own.orderId);
  if (venue.exchange !== undefined) exchangeCancel(venue, own, SILENTLY, timeNs);
  const lots = own.leavesLots;
  endOwn(venue, ins, own);
  own.leavesLots = 0;
  const report = tell(venue, 'expired', own, timeNs);
  report.qtyLots = lots;
  report.code = TIME_IN_FORCE;
  report.aheadLots = aheadLots;
}
