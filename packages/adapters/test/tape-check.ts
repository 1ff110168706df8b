// What every import's events must keep, whatever the capture.

import { expect } from 'vitest';
import {
  applyDefine,
  createTables,
  FLAG_BAD_BOOK,
  FLAG_LAST,
  FLAG_SNAPSHOT,
  FIRST_ASSIGNED_ID,
  Kind,
  NONE,
  SIDE_BUY,
  type BookUpdate,
  type Event,
} from '@truetape/contracts';
import { applyEvent, checkBook, createDepthBook, isCrossed, type DepthBook } from '@truetape/marketdata';

/** Checks a tape's events; returns the books that they fold to, by instrument. */
export function checkTape(events: readonly Event[], startNs: number = 0): Map<number, DepthBook> {
  const tables = createTables();
  const books = new Map<number, DepthBook>();
  const aliases = new Set<string>();
  const open = new Map<number, { left: number; bids: number }>();
  const lastUpdate = new Map<number, BookUpdate>();
  let timeNs = startNs;
  for (const event of events) {
    expect(event.timeNs).toBeGreaterThanOrEqual(timeNs);
    timeNs = event.timeNs;
    if (event.kind === Kind.Define) expect(applyDefine(tables, event)).toMatchObject({ ok: true });
    // Definitions precede use.
    expect(tables.instrument.byIndex.length).toBeGreaterThan(event.instrument);
    expect(tables.source.byIndex.length).toBeGreaterThan(event.source);
    const { instrument } = event;
    const book = books.get(instrument) ?? createDepthBook();
    books.set(instrument, book);
    applyEvent(book, event);
    if (event.kind === Kind.Alias) aliases.add(`${instrument} ${event.id}`);
    if (event.kind === Kind.Trade && event.tradeId >= FIRST_ASSIGNED_ID) {
      expect(aliases).toContain(`${instrument} ${event.tradeId}`);
    }
    if (event.kind === Kind.BookReset || event.kind === Kind.BookUpdate) {
      expect(open.get(instrument)?.left ?? 0).toBe(0);
      const left = event.kind === Kind.BookReset ? event.bids + event.asks : event.levels;
      open.set(instrument, { left, bids: event.kind === Kind.BookReset ? event.bids : NONE });
      expect((event.flags & FLAG_LAST) !== 0).toBe(left === 0);
      if (event.kind === Kind.BookUpdate) {
        expect(event.heldNs).toBeGreaterThanOrEqual(0);
        lastUpdate.set(instrument, event);
      }
    } else if (event.kind === Kind.Level) {
      checkLevel(event, open.get(instrument) ?? { left: 0, bids: NONE });
    } else expect(open.get(instrument)?.left ?? 0).toBe(0);
    const complete = (open.get(instrument)?.left ?? 0) === 0;
    if (complete && (event.kind === Kind.Level || event.kind === Kind.BookUpdate)) {
      checkBook(book);
      // A book that is crossed or uncertain is marked.
      const doubtful = book.status === 'uncertain' || isCrossed(book);
      const marked = (event.flags & FLAG_BAD_BOOK) !== 0;
      if ((event.flags & FLAG_SNAPSHOT) === 0) expect(marked || !doubtful).toBe(true);
    }
  }
  for (const { left } of open.values()) expect(left).toBe(0);
  return books;
}

function checkLevel(event: Event, message: { left: number; bids: number }): void {
  expect(message.left).toBeGreaterThan(0);
  message.left--;
  // LAST stands on the last record of a message and nowhere else.
  expect((event.flags & FLAG_LAST) !== 0).toBe(message.left === 0);
  if (message.bids !== NONE) {
    expect(event.flags & FLAG_SNAPSHOT).toBe(FLAG_SNAPSHOT);
    expect((event.flags & SIDE_BUY) !== 0).toBe(message.bids-- > 0);
  }
}
