/** Exchange mode: what a book reports, told to everybody as levels and trades, and to ours as theirs. */
import * as B from '@truetape/book';
import { N_MAX, NONE } from '@truetape/contracts';
import { assert } from '@truetape/kernel';
import type { InstrumentState } from './instrument.ts';
import { endMessage, putLevel, putMessage, TRADE } from './market-out.ts';
import type { OwnOrder } from './own.ts';
import { tellStatus } from './public.ts';
import { aheadOf } from './queue.ts';
import { BASIS_MATCHED, cancelOwn, endOwn, fillOwn, MAKER, TAKER, tell, tellRejected } from './reports.ts';
import type { ExchangeState, Venue } from './venue.ts';

// Bound here: V8 reads and checks an import at each use.
const { ACCEPTED, AMENDED, CANCELED, FILL, INSTRUMENT_SHIFT, PRICED, PRIORITY_KEPT, REASON_SHIFT } = B;
const { REJECTED, REPORT_CELLS } = B;
const ABSENT = NONE;
const ID_MAX = N_MAX;
/** Ids from here on are of own orders. */
const OWN_FROM = N_MAX - 4_294_967_296;
/** What withdraws an order without a word. */
export const SILENTLY = -1;
const REQUESTED = 1;
const NEW_COMMAND = 0x10;
/** The kind of a rejected command by the book's operation: new, cancel, amend, reduce, cancelAll. */
const COMMANDS = [0, NEW_COMMAND, 0x11, 0x12, 0x12, 0x13];

/** Takes the reports of one command; `fromTicks` is where the order was that it amended. */
export function takeReports(venue: Venue, fromTicks: number, timeNs: number): void {
  const exchange = venue.exchange!;
  const { reports, own } = exchange;
  if (venue.isListening) tellMarket(venue, exchange, fromTicks);
  if (own.size === 0) return;
  const { f64 } = reports;
  const before = venue.reports.length;
  for (let k = 0; k < reports.count; k++) {
    const cell = k * REPORT_CELLS;
    if (f64[cell + 2] >= OWN_FROM || f64[cell + 3] >= OWN_FROM) takeOwn(venue, exchange, cell, timeNs);
  }
  // What joined a queue, and where, is known when the command is done.
  const told = venue.reports[before];
  if (told?.kind === 'accepted' || told?.kind === 'amended') told.aheadLots = aheadOf(venue, told.orderId);
}

const ownOf = ({ own }: ExchangeState, id: number): OwnOrder | undefined =>
  id >= OWN_FROM ? own.get(ID_MAX - id) : undefined;

function takeOwn(venue: Venue, exchange: ExchangeState, cell: number, timeNs: number): void {
  const { f64, i32, u32 } = exchange.reports;
  const code = u32[cell * 2];
  const kind = code & 15;
  const order = ownOf(exchange, f64[cell + 2]);
  if (kind === FILL) {
    const taker = ownOf(exchange, f64[cell + 3]);
    const priceTicks = i32[cell * 2 + 1];
    if (order !== undefined) fillMatched(venue, order, cell, priceTicks, MAKER, timeNs);
    if (taker !== undefined) fillMatched(venue, taker, cell, priceTicks, TAKER, timeNs);
    return;
  }
  if (order === undefined) return;
  const ins = venue.byInstrument[order.instrument]!;
  const reason = (code >>> REASON_SHIFT) & 255;
  if (kind === ACCEPTED) {
    if ((code & PRICED) !== 0) order.priceTicks = i32[cell * 2 + 1];
    tell(venue, 'accepted', order, timeNs).qtyLots = order.qtyLots;
  } else if (kind === REJECTED) refuse(venue, order, u32[cell * 2 + 3], reason, timeNs);
  else if (kind === AMENDED) {
    order.priceTicks = i32[cell * 2 + 1];
    order.leavesLots = f64[cell + 6];
    order.qtyLots = order.cumLots + order.leavesLots;
    const amended = tell(venue, 'amended', order, timeNs);
    amended.code = reason === REQUESTED && exchange.reason !== 0 ? exchange.reason : reason;
    amended.priorityKept = (code & PRIORITY_KEPT) === 0 ? 0 : 1;
  } else if (kind === CANCELED && exchange.reason !== SILENTLY)
    cancelOwn(
      venue,
      ins,
      order,
      reason === REQUESTED && exchange.reason !== 0 ? exchange.reason : reason,
      timeNs,
    );
}

function refuse(venue: Venue, order: OwnOrder, op: number, code: number, timeNs: number): void {
  const command = COMMANDS[op];
  const isNew = command === NEW_COMMAND;
  if (isNew) endOwn(venue, venue.byInstrument[order.instrument]!, order);
  tellRejected(venue, order, isNew ? undefined : order, { command, code }, timeNs);
}

/** The price of a command's first fill: an order that comes meets the best one first. */
function firstFillTicks({ reports: { u32, i32, count } }: ExchangeState): number {
  for (let cell = 0; cell < count * REPORT_CELLS; cell += REPORT_CELLS)
    if ((u32[cell * 2] & 15) === FILL) return i32[cell * 2 + 1];
  return ABSENT;
}

function fillMatched(
  venue: Venue,
  order: OwnOrder,
  cell: number,
  priceTicks: number,
  liquidity: number,
  timeNs: number,
): void {
  const { f64 } = venue.exchange!.reports;
  const ins = venue.byInstrument[order.instrument]!;
  const leaves = f64[liquidity === MAKER ? cell + 6 : cell + 7];
  const fill = { priceTicks, lots: f64[cell + 5], liquidity, basis: BASIS_MATCHED };
  const taken =
    liquidity === TAKER ? { touchTicks: firstFillTicks(venue.exchange!), bookTicks: priceTicks } : undefined;
  fillOwn(venue, ins, order, { ...fill, ...taken }, timeNs);
  assert(order.leavesLots === leaves, 'VENUE-7', 'the book has as much left of an own order');
}

// ---- the market ---------------------------------------------------------------------------------------------

function touch({ touched }: ExchangeState, side: number, priceTicks: number): void {
  const { sides, prices } = touched;
  for (let k = 0; k < touched.count; k++) if (prices[k] === priceTicks && sides[k] === side) return;
  sides[touched.count] = side;
  prices[touched.count] = priceTicks;
  touched.count += 1;
}

/** Tells trades one by one, then each level that changed as it is now. */
function tellMarket(venue: Venue, exchange: ExchangeState, fromTicks: number): void {
  const { market, reports, touched } = exchange;
  const { f64, i32, u32, count } = reports;
  const out = venue.market;
  const before = out.count;
  for (let from = 0; from < count;) {
    // Reports of one instrument stand together.
    const instrument = u32[from * REPORT_CELLS * 2] >>> INSTRUMENT_SHIFT;
    const ins = venue.byInstrument[instrument];
    touched.count = 0;
    let k = from;
    for (; k < count && u32[k * REPORT_CELLS * 2] >>> INSTRUMENT_SHIFT === instrument; k++) {
      const cell = k * REPORT_CELLS;
      const code = u32[cell * 2];
      const side = (code >>> 4) & 3;
      const kind = code & 15;
      const priceTicks = i32[cell * 2 + 1];
      if (kind === FILL) {
        const at = putMessage(out, TRADE, side, instrument, venue.causeSeq, venue.causeTape);
        out.f64[at + 1] = priceTicks;
        out.f64[at + 2] = f64[cell + 5];
        out.f64[at + 5] = f64[cell + 4];
        touch(exchange, 3 - side, priceTicks);
      } else if ((code & PRICED) !== 0 && kind !== REJECTED) {
        touch(exchange, side, priceTicks);
        if (kind === AMENDED && fromTicks !== ABSENT) touch(exchange, side, fromTicks);
      }
    }
    if (ins !== undefined) tellLevels(venue, ins, market.byInstrument[instrument]!);
    from = k;
  }
  if (out.count !== before) endMessage(out);
}

function tellLevels(venue: Venue, ins: InstrumentState, book: B.Book): void {
  const out = venue.market;
  const { level, touched } = venue.exchange!;
  tellStatus(venue, ins);
  for (let k = 0; k < touched.count; k++) {
    const side = touched.sides[k];
    const priceTicks = touched.prices[k];
    book.readLevel(side, priceTicks, level);
    putLevel(out, venue, ins.index, side, priceTicks, level.qtyLots, level.orders);
  }
}
