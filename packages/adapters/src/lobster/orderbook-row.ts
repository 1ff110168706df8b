/**
 * A row of a LOBSTER order book file: ask price, ask size, bid price, bid size, of level 1, level 2, …
 *
 * Row k is the book behind message k. Where a side has fewer levels than the file, its price is 9999999999
 * (asks) or −9999999999 (bids) and its size 0; files that others write have either on both sides, or 0.
 * Source: see `message.ts`.
 */
import { columnsOf, fieldText, readCells } from './cells.ts';
import type { LobsterError } from './lobster-error.ts';

/** Levels of a row at most. */
export const DEPTH_MAX = 1000;
/** The price of no level; negative at bids. */
const NO_PRICE = 9_999_999_999;

/** One side of a row, best first; only the first `count` are in use. Prices in dollars × 10,000. */
export interface RowSide {
  readonly prices: Float64Array;
  readonly sizes: Float64Array;
  count: number;
}

export interface BookRow {
  /** Levels of the file. */
  readonly depth: number;
  readonly bids: RowSide;
  readonly asks: RowSide;
}

/** A row with room for one level more than the file has, which an undone message may need. */
export function createRow(depth: number): BookRow {
  const side = (): RowSide => ({
    prices: new Float64Array(depth + 1),
    sizes: new Float64Array(depth + 1),
    count: 0,
  });
  return { depth, bids: side(), asks: side() };
}

export function copyRow(from: BookRow, to: BookRow): void {
  for (const side of ['bids', 'asks'] as const) {
    to[side].prices.set(from[side].prices);
    to[side].sizes.set(from[side].sizes);
    to[side].count = from[side].count;
  }
}

/** Levels of a file by its first row; an error where its columns are no multiple of four. */
export function depthOf(text: string, line: number): number | LobsterError {
  const columns = columnsOf(text);
  if (columns % 4 === 0 && columns / 4 <= DEPTH_MAX) return columns / 4;
  return { code: 'badColumns', file: 'orderbook', line, expected: 'four for each level', found: columns };
}

export interface RowReader {
  readonly row: BookRow;
  readonly cells: Float64Array;
}

export function createRowReader(depth: number): RowReader {
  return { row: createRow(depth), cells: new Float64Array(depth * 4) };
}

/** Reads a row into `reader.row`. Returns why it cannot be read. */
export function readRow(reader: RowReader, text: string, line: number): LobsterError | undefined {
  const { row, cells } = reader;
  const count = readCells(text, 0, cells);
  if (count !== cells.length) {
    const columns = columnsOf(text);
    return columns === cells.length
      ? badField(text, line, -1 - count, 'an integer')
      : { code: 'badColumns', file: 'orderbook', line, expected: String(cells.length), found: columns };
  }
  return takeSide(row.asks, cells, 0, text, line) ?? takeSide(row.bids, cells, 2, text, line);
}

function badField(text: string, line: number, index: number, expected: string): LobsterError {
  const side = index % 4 < 2 ? 'ask' : 'bid';
  const field = `${side} ${index % 2 === 0 ? 'price' : 'size'} ${Math.floor(index / 4) + 1}`;
  return { code: 'badField', file: 'orderbook', line, field, expected, found: fieldText(text, index) };
}

/** `from` is 0 for asks, 2 for bids. */
function takeSide(
  side: RowSide,
  cells: Float64Array,
  from: number,
  text: string,
  line: number,
): LobsterError | undefined {
  // Ascending towards worse prices on both sides.
  const sign = from === 0 ? 1 : -1;
  let count = 0;
  let ended = false;
  for (let at = from; at < cells.length; at += 4) {
    const price = cells[at];
    const size = cells[at + 1];
    if (price === 0 || price === NO_PRICE || price === 0 - NO_PRICE) {
      if (size !== 0) return badField(text, line, at + 1, 'size 0 at an empty level');
      ended = true;
      continue;
    }
    if (price < 0) return badField(text, line, at, 'a price above 0');
    if (size <= 0) return badField(text, line, at + 1, 'a size above 0');
    const before = count === 0 ? -Infinity : side.prices[count - 1] * sign;
    if (ended || price * sign <= before) {
      const field = `${from === 0 ? 'ask' : 'bid'} price ${(at - from) / 4 + 1}`;
      return { code: 'badOrder', file: 'orderbook', line, field };
    }
    side.prices[count] = price;
    side.sizes[count] = size;
    count++;
  }
  side.count = count;
  return undefined;
}
