// A depth book that is obviously right: a Map a side, sorted whenever somebody looks.

import { NONE, SIDE_BUY } from '@truetape/contracts';
import type { BookLevel, Top } from '@truetape/marketdata';

export interface ReferenceBook {
  readonly bids: Map<number, number>;
  readonly asks: Map<number, number>;
  unknownDeletes: number;
}

export function createReference(): ReferenceBook {
  return { bids: new Map(), asks: new Map(), unknownDeletes: 0 };
}

export function setReference(book: ReferenceBook, side: number, priceTicks: number, qtyLots: number): void {
  const levels = side === SIDE_BUY ? book.bids : book.asks;
  if (qtyLots !== 0) levels.set(priceTicks, qtyLots);
  else if (!levels.delete(priceTicks)) book.unknownDeletes++;
}

export function referenceLevels(book: ReferenceBook, side: number): BookLevel[] {
  const levels = side === SIDE_BUY ? book.bids : book.asks;
  const sign = side === SIDE_BUY ? -1 : 1;
  return [...levels]
    .map(([priceTicks, qtyLots]) => ({ priceTicks, qtyLots }))
    .sort((a, b) => sign * (a.priceTicks - b.priceTicks));
}

export function referenceTop(book: ReferenceBook): Top {
  const [bid] = referenceLevels(book, 0x10);
  const [ask] = referenceLevels(book, 0x20);
  return {
    bidTicks: bid?.priceTicks ?? NONE,
    bidLots: bid?.qtyLots ?? 0,
    askTicks: ask?.priceTicks ?? NONE,
    askLots: ask?.qtyLots ?? 0,
  };
}
