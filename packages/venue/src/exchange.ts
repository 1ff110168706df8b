/**
 * Exchange mode: own orders in a matching engine, beside the commands of the tape, whose facts are ignored.
 *
 * An own order has an id of its own there, N_MAX less a number, for a tape may use any small one. A cancellation or an
 * amendment of the tape that finds no order here, and did there, is a no-op that own orders caused: it is counted.
 */
import * as B from '@truetape/book';
import { Kind, N_MAX, NONE, UNIX_EPOCH, decodeEvent } from '@truetape/contracts';
import type { RecordBuffer } from '@truetape/contracts';
import { takeReports } from './exchange-reports.ts';
import type { InstrumentState } from './instrument.ts';
import type { OwnOrder } from './own.ts';
import { tellRejected } from './reports.ts';
import type { ExchangeState, Venue, VenueAmend } from './venue.ts';

// Bound here: V8 reads and checks an import at each use.
const { COMMAND_CELLS, FOK, GTC, IOC, MARKET, OP_AMEND, OP_CANCEL, OP_NEW, QTY_TOTAL } = B;
const { REASON_SHIFT, REJECTED, STP_NEWEST, UNKNOWN_ORDER } = B;
const { applyToMarket, commandCode, commandOfEvent, takeCommandRecord } = B;
const NEW_ORDER = Kind.NewOrder;
const CANCEL_ALL = Kind.CancelAll;
const FACTS_FROM = Kind.Accepted;
const FACT_REJECTED = Kind.Rejected;
const TWO_32 = 4_294_967_296;
/** Kinds of commands for a book: from a new order to one that cancels all. */
const NEW_COMMAND = 0x10;
const INSUFFICIENT_LIQUIDITY = 15;
/** Whose own orders are, unless the configuration says so. */
const ACCOUNT = 0xffff_ffff;

/** Takes a record of the tape: a command is carried out, a fact says only what became of it there. */
export function takeExchangeRecord(venue: Venue, records: RecordBuffer, i: number, timeNs: number): void {
  const exchange = venue.exchange!;
  const { u32 } = records;
  const kind = (u32[i] >>> 16) & 0xff;
  if (kind >= FACTS_FROM) {
    if (exchange.missedSeq !== NONE) takeFate(venue, exchange, records, i, kind);
    return;
  }
  if (kind < NEW_ORDER || kind > CANCEL_ALL) return;
  const { commands, market, reports } = exchange;
  venue.counts.records += 1;
  if (!takeCommandRecord(records, i, UNIX_EPOCH, commands, 0)) {
    const taken = commandOfEvent(decodeEvent(records, i, UNIX_EPOCH, 0), commands, 0);
    if (!taken.ok) {
      venue.counts.unsupported += 1;
      return;
    }
  }
  const before = amendedFrom(exchange);
  reports.count = 0;
  applyToMarket(market, commands, 0, reports);
  exchange.missedSeq = isMissed(exchange) ? venue.causeSeq : NONE;
  takeReports(venue, before, timeNs);
}

/** The price of the order that the command amends or cancels; NONE otherwise. */
function amendedFrom({ commands, market }: ExchangeState): number {
  const code = commands.u32[0];
  if ((code & 15) !== OP_AMEND) return NONE;
  return market.byInstrument[commands.u32[10]]?.priceOf(commands.f64[1]) ?? NONE;
}

function isMissed({ reports }: ExchangeState): boolean {
  const code = reports.u32[0];
  return reports.count === 1 && (code & 15) === REJECTED && ((code >>> REASON_SHIFT) & 255) === UNKNOWN_ORDER;
}

/** The fact of a command that found no order here: any but a rejection says that it found one there. */
function takeFate(
  venue: Venue,
  exchange: ExchangeState,
  { u32 }: RecordBuffer,
  i: number,
  kind: number,
): void {
  const cause = (u32[i + 5] & 0x1f_ffff) * TWO_32 + u32[i + 4];
  if (cause !== exchange.missedSeq) return;
  exchange.missedSeq = NONE;
  if (kind !== FACT_REJECTED) venue.counts.noops += 1;
}

/** Writes a command of ours and has it carried out. */
function apply(
  venue: Venue,
  own: OwnOrder,
  code: number,
  priceTicks: number,
  qtyLots: number,
  timeNs: number,
): void {
  const exchange = venue.exchange!;
  const { commands, market, reports } = exchange;
  const { f64, u32 } = commands;
  u32[0] = code;
  u32[1] = venue.config.account ?? ACCOUNT;
  f64[1] = N_MAX - own.placed;
  f64[2] = priceTicks;
  f64[3] = qtyLots;
  f64[4] = 0;
  u32[10] = own.instrument;
  u32[11] = 0;
  f64.fill(NONE, 6, COMMAND_CELLS);
  const before = amendedFrom(exchange);
  reports.count = 0;
  applyToMarket(market, commands, 0, reports);
  takeReports(venue, before, timeNs);
}

/** A new own order, that passed the venue's checks. */
export function exchangeNew(venue: Venue, ins: InstrumentState, own: OwnOrder, timeNs: number): void {
  const { side, type, postOnly } = own;
  // One that is all or nothing is refused by the book.
  if (type === MARKET && own.tif !== FOK && isEmpty(venue, ins, 3 - side)) {
    tellRejected(venue, own, undefined, { command: NEW_COMMAND, code: INSUFFICIENT_LIQUIDITY }, timeNs);
    return;
  }
  const tif = own.tif === IOC || own.tif === FOK ? own.tif : GTC;
  const exchange = venue.exchange!;
  exchange.placed = own.placed;
  exchange.own.set(own.placed, own);
  venue.orders.set(own.orderId, own);
  const code = commandCode({ op: OP_NEW, side, type, tif, postOnly, stp: STP_NEWEST });
  apply(venue, own, code, own.priceTicks, own.qtyLots, timeNs);
}

function isEmpty(venue: Venue, ins: InstrumentState, side: number): boolean {
  return venue.exchange!.market.byInstrument[ins.index]!.levels(side, 1).length === 0;
}

/** Cancels an own order for a reason. */
export function exchangeCancel(venue: Venue, own: OwnOrder, reason: number, timeNs: number): void {
  venue.exchange!.reason = reason;
  apply(venue, own, commandCode({ op: OP_CANCEL }), NONE, NONE, timeNs);
  venue.exchange!.reason = 0;
}

/** Takes lots off an own order for a reason; it keeps its place. */
export function exchangeCut(
  venue: Venue,
  own: OwnOrder,
  qtyLots: number,
  reason: number,
  timeNs: number,
): void {
  venue.exchange!.reason = reason;
  exchangeAmend(venue, own, { orderId: own.orderId, priceTicks: NONE, qtyLots }, timeNs);
  venue.exchange!.reason = 0;
}

/** Amends an own order; the quantity is its whole one. */
export function exchangeAmend(venue: Venue, own: OwnOrder, change: VenueAmend, timeNs: number): void {
  const code = commandCode({ op: OP_AMEND, qtyMode: QTY_TOTAL });
  apply(venue, own, code, change.priceTicks, change.qtyLots, timeNs);
}
