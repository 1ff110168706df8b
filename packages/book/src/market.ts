/**
 * A market: a book for each of many instruments. It finds the book that a command is meant for; what is
 * asked of an instrument without one is refused here, by the same rules and in the same precedence.
 */
import { NONE } from '@truetape/contracts';
import { assert } from '@truetape/kernel';
import { isPrice, isQty } from './asked.ts';
import type { Book, BookConfig } from './book.ts';
import * as C from './command.ts';
import * as R from './report.ts';

export const INSTRUMENT_MAX = 65_535;

export interface MarketConfig {
  /** Makes a book of the implementation that is wanted. */
  readonly create: (config: BookConfig) => Book;
  /** Resting orders at most, of each book. */
  readonly ordersMax?: number;
}

export interface Market {
  readonly config: MarketConfig;
  /** Sparse: books by instrument. */
  readonly byInstrument: (Book | undefined)[];
  /** Instruments that have a book, ascending. */
  readonly instruments: number[];
}

export function createMarket(config: MarketConfig): Market {
  return { config, byInstrument: [], instruments: [] };
}

function assertInstrument(instrument: number): void {
  const isOne = Number.isInteger(instrument) && instrument >= 1 && instrument <= INSTRUMENT_MAX;
  assert(isOne, 'BOOK-60', 'an instrument');
}

function insertInstrument(market: Market, book: Book): void {
  const { instrument } = book;
  assertInstrument(instrument);
  assert(market.byInstrument[instrument] === undefined, 'BOOK-60', 'one book for each instrument');
  market.byInstrument[instrument] = book;
  const behind = market.instruments.findIndex((other) => other > instrument);
  market.instruments.splice(behind < 0 ? market.instruments.length : behind, 0, instrument);
}

/**
 * Opens the empty book of an instrument.
 *
 * Errors: `BOOK-60` for an instrument outside 1..65,535, or one that has a book. Complexity: linear in instruments.
 */
export function addBook(market: Market, instrument: number): Book {
  assertInstrument(instrument);
  const { create, ordersMax } = market.config;
  const book = create(ordersMax === undefined ? { instrument } : { instrument, ordersMax });
  insertInstrument(market, book);
  return book;
}

/** Takes in a book that was restored. Errors: as `addBook`. */
export function adoptBook(market: Market, book: Book): void {
  insertInstrument(market, book);
}

export function bookOf(market: Market, instrument: number): Book | undefined {
  return market.byInstrument[instrument];
}

/** Books in the order of their instruments. */
export function booksOf(market: Market): Book[] {
  return market.instruments.map((instrument) => market.byInstrument[instrument]!);
}

/** True for 0 too. */
const isMinQty = (lots: number, qtyLots: number): boolean =>
  lots >= 0 && lots <= qtyLots && Math.floor(lots) === lots;

/**
 * The checks that come before the one of the instrument, and need no book: 0, `BAD_QTY` or `BAD_PRICE`. A
 * quantity that is bad for the order it names alone is not found here.
 */
function checkQtyAndPrice({ f64, u32 }: C.CommandBuffer, k: number): number {
  const cell = k * C.COMMAND_CELLS;
  const code = u32[cell * 2];
  const priceTicks = f64[cell + 2];
  const qtyLots = f64[cell + 3];
  switch (C.opOf(code)) {
    case C.OP_NEW:
      if (!isQty(qtyLots) || !isMinQty(f64[cell + 4], qtyLots)) return R.BAD_QTY;
      if (C.typeOf(code) === C.MARKET) return priceTicks === NONE ? 0 : R.BAD_PRICE;
      return isPrice(priceTicks) ? 0 : R.BAD_PRICE;
    case C.OP_AMEND:
      if (qtyLots !== NONE && !isQty(qtyLots)) return R.BAD_QTY;
      return priceTicks === NONE || isPrice(priceTicks) ? 0 : R.BAD_PRICE;
    case C.OP_REDUCE:
      return isQty(qtyLots) ? 0 : R.BAD_QTY;
    default:
      return 0;
  }
}

/** Appends a report that holds code, owner and order id, with all else absent. */
function appendReport(out: R.ReportBuffer, code: number, owner: number): number {
  if (out.count === out.capacity) R.growReports(out);
  const cell = out.count * R.REPORT_CELLS;
  out.count += 1;
  const { f64, u32 } = out;
  u32[cell * 2] = code;
  u32[cell * 2 + 1] = 0;
  u32[cell * 2 + 2] = owner;
  u32[cell * 2 + 3] = 0;
  f64[cell + 2] = NONE;
  f64[cell + 3] = NONE;
  f64[cell + 4] = NONE;
  f64[cell + 5] = 0;
  f64[cell + 6] = 0;
  f64[cell + 7] = 0;
  return cell;
}

function rejectUnknown(commands: C.CommandBuffer, k: number, instrument: number, out: R.ReportBuffer): void {
  const { f64, u32 } = commands;
  const at = k * C.COMMAND_CELLS;
  const asked = u32[at * 2];
  const reason = checkQtyAndPrice(commands, k) || R.UNKNOWN_INSTRUMENT;
  const code =
    R.REJECTED |
    (C.sideOf(asked) << R.SIDE_SHIFT) |
    (reason << R.REASON_SHIFT) |
    (instrument << R.INSTRUMENT_SHIFT);
  const cell = appendReport(out, code, u32[at * 2 + 1]);
  const op = C.opOf(asked);
  out.u32[cell * 2 + 3] = op;
  if (op === C.OP_CANCEL_ALL) return;
  assert(C.isOrderId(f64[at + 1]), 'BOOK-61', 'an order id');
  // −0 is written as 0.
  out.f64[cell + 2] = f64[at + 1] + 0;
}

/** The books' own ends of it become one. */
function cancelEverywhere(market: Market, commands: C.CommandBuffer, k: number, out: R.ReportBuffer): void {
  let canceled = 0;
  for (const instrument of market.instruments) {
    market.byInstrument[instrument]!.apply(commands, k, out);
    out.count -= 1;
    canceled += out.f64[out.count * R.REPORT_CELLS + 5];
  }
  const { u32 } = commands;
  const at = k * C.COMMAND_CELLS * 2;
  const cell = appendReport(out, R.CANCEL_ALL_DONE | (C.sideOf(u32[at]) << R.SIDE_SHIFT), u32[at + 1]);
  out.f64[cell + 5] = canceled;
}

/**
 * Executes one command in the book of its instrument. A cancelAll without an instrument goes over all books, in
 * the order of their instruments, and ends in one cancelAllDone.
 *
 * Errors: `BOOK-61` for an instrument that is none.
 */
export function applyToMarket(
  market: Market,
  commands: C.CommandBuffer,
  k: number,
  out: R.ReportBuffer,
): void {
  const at = k * C.COMMAND_CELLS * 2;
  const instrument = commands.u32[at + 10];
  assert(instrument <= INSTRUMENT_MAX, 'BOOK-61', 'an instrument, or 0');
  const book = market.byInstrument[instrument];
  if (book !== undefined) book.apply(commands, k, out);
  else if (instrument === 0 && C.opOf(commands.u32[at]) === C.OP_CANCEL_ALL)
    cancelEverywhere(market, commands, k, out);
  else rejectUnknown(commands, k, instrument, out);
}

/** Checks every book. Complexity: all of the market. */
export function checkMarket(market: Market): void {
  let last = 0;
  for (const instrument of market.instruments) {
    const book = market.byInstrument[instrument];
    assert(instrument > last && book?.instrument === instrument, 'BOOK-60', 'books by instrument');
    last = instrument;
    book.check();
  }
}
