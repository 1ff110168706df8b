/** What both kinds of recorded books have in common: messages, statuses, a book that begins anew. */
import { Kind, NONE } from '@truetape/contracts';
import type { RecordBuffer } from '@truetape/contracts';
import { statusOf } from './instrument.ts';
import type { InstrumentState } from './instrument.ts';
import {
  END,
  endMessage,
  FUNDING,
  HALTED,
  LIVE,
  MARK,
  putMessage,
  QUOTE,
  RESET,
  STATUS,
  TRADE,
} from './market-out.ts';
import { isDown } from './outage.ts';
import { placeInQueue } from './queue.ts';
import type { Venue } from './venue.ts';

const TWO_32 = 4_294_967_296;
/** Code of `trading` in the vocabulary `tradingStatus`. */
const TRADING = 1;

const nAt = (i32: Int32Array, u32: Uint32Array, i: number): number => i32[i + 1] * TWO_32 + u32[i];

/** A record has been taken, of which messages were written from `before` on. */
export function endRecord(venue: Venue, ins: InstrumentState, before: number, isLast: boolean): void {
  const { market } = venue;
  const hasWritten = market.count !== before;
  if (!isLast) {
    if (hasWritten) ins.isUnended = true;
    return;
  }
  if (!hasWritten && ins.isUnended) putMessage(market, END, 0, ins.index, venue.causeSeq, venue.causeTape);
  if (hasWritten || ins.isUnended) endMessage(market);
  ins.isUnended = false;
}

/** How the market is: a venue that takes no orders comes first; a matching engine knows its own book. */
function marketStatus(venue: Venue, ins: InstrumentState): number {
  if (isDown(venue) || ins.isHalted) return HALTED;
  return venue.exchange === undefined ? statusOf(ins) : LIVE;
}

/** Says how the market is, where that has changed. */
export function tellStatus(venue: Venue, ins: InstrumentState): void {
  const status = marketStatus(venue, ins);
  if (status === ins.status) return;
  ins.status = status;
  const at = putMessage(venue.market, STATUS, 0, ins.index, venue.causeSeq, venue.causeTape);
  venue.market.f64[at + 2] = status;
}

/** A snapshot begins: nobody knows what is ahead of ours. */
export function startAnew(venue: Venue, ins: InstrumentState): void {
  if (venue.isListening) putMessage(venue.market, RESET, 0, ins.index, venue.causeSeq, venue.causeTape);
  ins.placesLost = true;
  for (const levels of ins.own)
    for (const { orders } of levels) for (const own of orders) own.aheadLots = NONE;
}

/** The snapshot is complete: own orders stand behind all that it shows. */
export function placeAnew(venue: Venue, ins: InstrumentState): void {
  ins.placesLost = false;
  for (const levels of ins.own) {
    for (const level of levels) {
      level.tradedLots = 0;
      for (const own of level.orders) {
        placeInQueue(ins, own);
        venue.counts.placesLost += 1;
      }
    }
  }
}

/** A Trade record as a message. */
export function tellPrint(venue: Venue, ins: InstrumentState, { i32, u32 }: RecordBuffer, i: number): void {
  if (!venue.isListening) return;
  const aggressor = (u32[i] >>> 28) & 3;
  const at = putMessage(venue.market, TRADE, aggressor, ins.index, venue.causeSeq, venue.causeTape);
  const { f64 } = venue.market;
  f64[at + 1] = nAt(i32, u32, i + 4);
  f64[at + 2] = nAt(i32, u32, i + 6);
  f64[at + 5] = nAt(i32, u32, i + 8);
}

/** A Quote record as a message. */
export function tellQuote(venue: Venue, ins: InstrumentState, { i32, u32 }: RecordBuffer, i: number): void {
  if (!venue.isListening) return;
  const at = putMessage(venue.market, QUOTE, 0, ins.index, venue.causeSeq, venue.causeTape);
  const { f64 } = venue.market;
  f64[at + 1] = nAt(i32, u32, i + 4);
  f64[at + 2] = nAt(i32, u32, i + 6);
  f64[at + 6] = nAt(i32, u32, i + 8);
  f64[at + 7] = nAt(i32, u32, i + 10);
}

/** What no book is made of: marks, funding rates, what the venue allows. */
export function takePublic(
  venue: Venue,
  ins: InstrumentState,
  { i32, u32 }: RecordBuffer,
  i: number,
  kind: number,
  timeNs: number,
): void {
  const { market } = venue;
  const before = market.count;
  if (kind === Kind.TradingStatus) {
    ins.isHalted = (u32[i + 4] & 0xff) !== TRADING;
    if (venue.isListening) tellStatus(venue, ins);
  } else if (venue.isListening && (kind === Kind.Mark || kind === Kind.FundingRate)) {
    const isMark = kind === Kind.Mark;
    const at = putMessage(market, isMark ? MARK : FUNDING, 0, ins.index, venue.causeSeq, venue.causeTape);
    market.f64[at + 1] = nAt(i32, u32, i + 4);
    market.f64[at + 6] = isMark ? nAt(i32, u32, i + 6) : timeAt(u32, i, timeNs);
  }
  if (market.count !== before) endMessage(market);
}

/** The time in a record's third word; it is as far from the record's own as the absolute ones are. */
function timeAt(u32: Uint32Array, i: number, timeNs: number): number {
  if ((u32[i + 6] & u32[i + 7]) >>> 0 === 0xffff_ffff) return NONE;
  return timeNs + (u32[i + 7] - u32[i + 3]) * TWO_32 + (u32[i + 6] - u32[i + 2]);
}
