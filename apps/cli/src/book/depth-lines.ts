/** The book as it stands: one JSON object, or a ladder for people. */
import { BUY, SELL, hashBook } from '@truetape/book';
import type { Book, BookLevel, Names } from '@truetape/book';
import { nodePorts } from '@truetape/host';
import { DEFAULT_INSTRUMENT, instrumentText } from './report-lines.ts';

const cells = ({ priceTicks, orders, qtyLots }: BookLevel): readonly number[] => [
  priceTicks,
  orders,
  qtyLots,
];

/** One object, best prices first. */
export function depthJson(book: Book, names: Names): string {
  const { instrument } = book;
  const name = instrument > DEFAULT_INSTRUMENT ? { instrument: instrumentText(names, instrument) } : {};
  return JSON.stringify({
    event: 'depth',
    bids: book.levels(BUY).map(cells),
    asks: book.levels(SELL).map(cells),
    stateHash: hashBook(book, nodePorts.sha256),
    ...name,
  });
}

/** A ladder: the highest price on top, so asks from the worst to the best, then bids from the best on. */
export function depthText(book: Book, names: Names): string {
  const rows: (readonly string[])[] = [['', 'price', 'qty', 'orders']];
  const add = (side: string, levels: readonly BookLevel[]): void => {
    if (levels.length === 0) rows.push([side, '-', '', '']);
    for (const { priceTicks, orders, qtyLots } of levels)
      rows.push([side, String(priceTicks), String(qtyLots), String(orders)]);
  };
  add('ask', book.levels(SELL).toReversed());
  add('bid', book.levels(BUY));
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column].length)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column])))
      .join('  ')
      .trimEnd(),
  );
  const { instrument } = book;
  const title = instrument > DEFAULT_INSTRUMENT ? [instrumentText(names, instrument)] : [];
  return [...title, ...lines, `state hash ${hashBook(book, nodePorts.sha256)}`].join('\n');
}
