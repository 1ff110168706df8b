/**
 * What both kinds of books have in common when they are shown: where they stand, prices, two columns of
 * levels.
 */
import { NONE } from '@truetape/contracts';
import type { JsonObject } from '@truetape/contracts';
import { formatQuanta } from '@truetape/kernel';
import { utcDate, utcTime } from '@truetape/tape';
import type { BooksAt, Folded } from './read-books.ts';

/** `NASDAQ:SYNT behind seq 12, 2024-01-02T09:30:00.000000000Z`. */
export function placeText(at: BooksAt, { seq, timeNs }: Pick<Folded<unknown>, 'seq' | 'timeNs'>): string {
  return `${at.instrument} behind seq ${seq}, ${utcDate(timeNs)}T${utcTime(timeNs)}Z`;
}

export function priceText(at: BooksAt, ticks: number): string | null {
  if (ticks === NONE) return null;
  return at.price === undefined ? String(ticks) : formatQuanta(at.price, ticks);
}

export function qtyText(at: BooksAt, lots: number): string {
  return at.qty === undefined ? String(lots) : formatQuanta(at.qty, lots);
}

export function levelJson(
  at: BooksAt,
  { priceTicks, qtyLots }: { readonly priceTicks: number; readonly qtyLots: number },
): JsonObject {
  return {
    ...(at.price === undefined ? {} : { price: formatQuanta(at.price, priceTicks) }),
    ...(at.qty === undefined ? {} : { qty: formatQuanta(at.qty, qtyLots) }),
    priceTicks,
    qtyLots,
  };
}

/**
 * Bids at the left, flush with the bar; asks at the right. Each level is a row of cells under its headings.
 */
export function ladderLines(
  bidHeadings: readonly string[],
  askHeadings: readonly string[],
  sides: { readonly bids: readonly (readonly string[])[]; readonly asks: readonly (readonly string[])[] },
): string[] {
  const bids = [bidHeadings, ...sides.bids];
  const asks = [askHeadings, ...sides.asks];
  const widths = (rows: readonly (readonly string[])[], columns: readonly string[]): number[] =>
    columns.map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const left = widths(bids, bidHeadings);
  const right = widths(asks, askHeadings);
  return Array.from({ length: Math.max(bids.length, asks.length) }, (_, k) => {
    const bid = left.map((width, column) => (bids[k]?.[column] ?? '').padStart(width)).join('  ');
    const ask = right.map((width, column) => (asks[k]?.[column] ?? '').padEnd(width)).join('  ');
    return `${bid} | ${ask}`.trimEnd();
  });
}
