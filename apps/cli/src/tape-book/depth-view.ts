/** An aggregated book as JSON and as a ladder for people. */
import { NONE, SIDE_BUY, SIDE_SELL } from '@truetape/contracts';
import type { JsonObject } from '@truetape/contracts';
import { isCrossed, isTopKnown, levelsOf } from '@truetape/marketdata';
import type { BookLevel } from '@truetape/marketdata';
import { ladderLines, levelJson, placeText, priceText, qtyText } from './ladder-text.ts';
import type { BooksAt } from './read-books.ts';

export function depthJson(at: BooksAt, levels: number): JsonObject {
  const { book, seq, timeNs } = at.depth;
  return {
    instrument: at.instrument,
    seq,
    timeNs: String(timeNs),
    status: book.status,
    lastUpdateId: book.lastUpdateId === NONE ? null : book.lastUpdateId,
    // Above 0 in the middle of a message: the book is between two states of the venue.
    levelsToCome: book.levelsToCome,
    crossed: isCrossed(book),
    knownLow: priceText(at, book.knownLowTicks),
    knownHigh: priceText(at, book.knownHighTicks),
    topKnown: isTopKnown(book),
    bidLevels: book.bids.count,
    askLevels: book.asks.count,
    bids: levelsOf(book, SIDE_BUY, levels).map((level) => levelJson(at, level)),
    asks: levelsOf(book, SIDE_SELL, levels).map((level) => levelJson(at, level)),
  };
}

export function depthLines(at: BooksAt, levels: number): string[] {
  const { book } = at.depth;
  const id = book.lastUpdateId === NONE ? '' : `, update id ${book.lastUpdateId}`;
  const low = priceText(at, book.knownLowTicks);
  const doubts = [
    ...(book.status === 'live' ? [] : [`the book is ${book.status}: changes are missing`]),
    ...(book.levelsToCome > 0 ? [`in the middle of a message: ${book.levelsToCome} levels are to come`] : []),
    ...(isCrossed(book) ? ['the book is crossed'] : []),
    ...(book.status === 'live' && !isTopKnown(book)
      ? ['the best prices lie outside what the snapshot vouches for']
      : []),
  ];
  const cells = (level: BookLevel): readonly string[] => [
    qtyText(at, level.qtyLots),
    priceText(at, level.priceTicks) ?? '',
  ];
  return [
    `${placeText(at, at.depth)}${id}`,
    `${book.status}, ${book.bids.count} bids and ${book.asks.count} asks` +
      (low === null ? '' : `, known from ${low} to ${String(priceText(at, book.knownHighTicks))}`),
    ...doubts.map((doubt) => `doubt: ${doubt}`),
    '',
    ...ladderLines(['qty', 'bid'], ['ask', 'qty'], {
      bids: levelsOf(book, SIDE_BUY, levels).map(cells),
      asks: levelsOf(book, SIDE_SELL, levels).map((level) => cells(level).toReversed()),
    }),
  ];
}
