/** A record of the input tape, taken by what it tells. */
import { Kind } from '@truetape/contracts';
import type { RecordBuffer } from '@truetape/contracts';
import { foldDepth, takeDepth } from './depth-replay.ts';
import { takeExchangeRecord } from './exchange.ts';
import { TOLD_LEVELS, TOLD_NOTHING, TOLD_ORDERS } from './instrument.ts';
import type { InstrumentState } from './instrument.ts';
import { foldFact, isUnseen, takeFact } from './orders-replay.ts';
import { takePublic, tellQuote } from './public.ts';
import { trimReduceOnly } from './reduce-only.ts';
import type { Venue } from './venue.ts';

// Bound here: V8 reads and checks an import at each use.
const FACTS_FROM = Kind.Accepted;
const FACTS_TO = Kind.CancelAllDone;
const BOOK_RESET = Kind.BookReset;
const FEED_STATUS = Kind.FeedStatus;
const LEVEL = Kind.Level;
const NOTE = Kind.Note;
const TRADE = Kind.Trade;
const QUOTE = Kind.Quote;
const MARK = Kind.Mark;
const TRADING_STATUS = Kind.TradingStatus;
const BOOK_UPDATE = Kind.BookUpdate;
/** Codes of the vocabulary `feedStatus`. */
const CONNECTED = 1;
const DISCONNECTED = 2;
const SUBSCRIBED = 3;
const STALE = 4;
const RESYNCED = 7;
const ORDERS = TOLD_ORDERS;
const LEVELS = TOLD_LEVELS;
const NOTHING = TOLD_NOTHING;

/**
 * Takes the checked record at half word `i` of the input tape, with its time, its seq and the number of its tape. What
 * it means to everybody stands in `venue.market` afterwards (where `isListening`), what it means to own orders in
 * `venue.reports`. Hot: no allocation, but for own orders.
 */
export function takeRecord(
  venue: Venue,
  records: RecordBuffer,
  i: number,
  timeNs: number,
  seq: number,
  tape: number,
): void {
  const { u32 } = records;
  const kind = (u32[i] >>> 16) & 0xff;
  if (kind < FACTS_FROM && venue.exchange === undefined && kind !== NOTE) return;
  const placed = u32[i + 1];
  const ins = venue.byInstrument[placed & 0xffff];
  if (kind > FEED_STATUS) return;
  const { sources } = venue;
  if (venue.exchange !== undefined && kind <= FACTS_TO) {
    venue.causeSeq = seq;
    venue.causeTape = tape;
    takeExchangeRecord(venue, records, i, timeNs);
    if (venue.isReduceStale) trimReduceOnly(venue, timeNs);
    return;
  }
  if (sources.length > 0 && sources[placed >>> 16] !== 1) return;
  venue.causeSeq = seq;
  venue.causeTape = tape;
  if (ins !== undefined) takeOne(venue, ins, records, i, kind, timeNs);
  else if ((placed & 0xffff) === 0 && kind === FEED_STATUS) {
    for (const each of venue.instruments) takeOne(venue, each, records, i, kind, timeNs);
  }
  if (venue.isReduceStale) trimReduceOnly(venue, timeNs);
}

function takeOne(
  venue: Venue,
  ins: InstrumentState,
  records: RecordBuffer,
  i: number,
  kind: number,
  timeNs: number,
): void {
  if (kind === NOTE && ins.told !== ORDERS) return;
  venue.counts.records += 1;
  if (kind <= FACTS_TO) {
    if (ins.told === NOTHING) ins.told = ORDERS;
    if (isUnseen(venue, ins)) foldFact(ins, records, i);
    else takeFact(venue, ins, records, i, timeNs);
    return;
  }
  if (venue.exchange !== undefined) {
    takePublic(venue, ins, records, i, kind, timeNs);
    return;
  }
  if (ins.told === NOTHING && (kind === LEVEL || kind === BOOK_UPDATE)) ins.told = LEVELS;
  if (kind === BOOK_RESET || kind === FEED_STATUS) {
    setCut(ins, kind, records.u32[i + 4] & 0xff);
    // Until something follows that only one of them has, both books begin, and one of them speaks.
    if (ins.told === NOTHING) foldDepth(ins, records, i, kind);
    if (ins.told !== LEVELS) takeFact(venue, ins, records, i, timeNs);
    else takeDepth(venue, ins, records, i, kind, timeNs);
  } else if (kind >= MARK && kind <= TRADING_STATUS) takePublic(venue, ins, records, i, kind, timeNs);
  else if (ins.told === ORDERS) {
    if (kind === QUOTE) tellQuote(venue, ins, records, i);
    else if (kind === TRADE) takeFact(venue, ins, records, i, timeNs);
  } else takeDepth(venue, ins, records, i, kind, timeNs);
}

/**
 * What is known while a feed is cut off is what was. Behind a lost connection only a book that began anew, or one that
 * says that it lost nothing, is certain again; a feed that was stale goes on.
 */
function setCut(ins: InstrumentState, kind: number, code: number): void {
  const { cutBy } = ins;
  if (kind === BOOK_RESET || code === RESYNCED) ins.cutBy = 0;
  else if (code === DISCONNECTED || (code === STALE && cutBy === 0)) ins.cutBy = code;
  else if (cutBy === STALE && (code === CONNECTED || code === SUBSCRIBED)) ins.cutBy = 0;
  if (ins.cutBy !== cutBy) ins.toldStatus = undefined;
}
