// LOBSTER rows in tests: their import, and the tape of it held to the order book file, row by row.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FIRST_ASSIGNED_ID, FLAG_LAST, Kind, NONE, type Event } from '@truetape/contracts';
import {
  createLobsterImport,
  createLobsterScan,
  type LobsterError,
  type LobsterReport,
} from '@truetape/adapters';
import {
  applyFeedEvent,
  BUY,
  checkFeedBook,
  createFeedBook,
  feedLevels,
  SELL,
  type FeedBook,
} from '@truetape/book';
import { expect } from 'vitest';

export const LOBSTER: string = join(import.meta.dirname, '../../../fixtures/lobster');
const PAIR = 'SYNT_2024-01-02_34200000_57600000';

export function readPair(): { messages: string[]; rows: string[] } {
  const read = (name: string): string[] =>
    readFileSync(join(LOBSTER, `${PAIR}_${name}_5.csv`), 'utf8')
      .trimEnd()
      .split('\n');
  return { messages: read('message'), rows: read('orderbook') };
}

export interface ImportedRows {
  readonly events: readonly Event[];
  /** Events of each message: `events.slice(ends[k - 1], ends[k])`. */
  readonly ends: readonly number[];
  readonly report: LobsterReport | undefined;
  readonly error: LobsterError | undefined;
  readonly priceStep: string;
}

/** Scans and imports; lines are numbered from 1. */
export function importRows(
  messages: readonly string[],
  rows?: readonly string[],
  priceStep?: string,
): ImportedRows {
  const events: Event[] = [];
  const ends: number[] = [];
  const failed = (error: LobsterError): ImportedRows => ({
    events,
    ends,
    report: undefined,
    error,
    priceStep: step,
  });
  const scan = createLobsterScan();
  let step = priceStep ?? '0.01';
  if (priceStep === undefined) {
    for (const [at, text] of messages.entries()) {
      const done = scan.message(text, at + 1);
      if (!done.ok) return failed(done.error);
    }
    for (const [at, text] of (rows ?? []).entries()) {
      const done = scan.row(text, at + 1);
      if (!done.ok) return failed(done.error);
    }
    step = scan.priceStep();
  }
  const started = createLobsterImport({
    emit: (event) => events.push(event),
    symbol: 'SYNT',
    date: '2024-01-02',
    dateFrom: 'fileName',
    priceStep: step,
    orderbook: rows !== undefined,
  });
  if (!started.ok) return failed(started.error);
  for (const [at, text] of messages.entries()) {
    const row = rows?.[at];
    const done = started.value.message(
      text,
      at + 1,
      row === undefined ? undefined : { text: row, line: at + 1 },
    );
    if (!done.ok) return failed(done.error);
    ends.push(events.length);
  }
  return { events, ends, report: started.value.finish(), error: undefined, priceStep: step };
}

/** The occupied levels of a row's side, best first, as `price × size` in the row's own words. */
function shownBy(row: string, side: number): string[] {
  const cells = row.split(',');
  const levels: string[] = [];
  for (let at = side === BUY ? 2 : 0; at < cells.length; at += 4) {
    if (cells[at + 1] !== '0') levels.push(`${cells[at]} × ${cells[at + 1]}`);
  }
  return levels;
}

/** Folds the tape and holds the book behind every message to the row behind it. */
export function checkAgainstRows(imported: ImportedRows, rows: readonly string[]): FeedBook {
  const book = createFeedBook();
  const unit = Number(imported.priceStep) * 10_000;
  const depth = rows[0].split(',').length / 4;
  let at = 0;
  let timeNs = 0;
  const aliases = new Set<number>();
  rows.forEach((row, k) => {
    for (; at < imported.ends[k]; at++) {
      const event = imported.events[at];
      expect(event.timeNs).toBeGreaterThanOrEqual(timeNs);
      timeNs = event.timeNs;
      if (event.kind === Kind.Alias) aliases.add(event.id);
      if (event.kind === Kind.Accepted && event.orderId >= FIRST_ASSIGNED_ID)
        expect(aliases).toContain(event.orderId);
      // A cause is an event that came before.
      if ('cause' in event && event.cause !== NONE) expect(event.cause).toBeLessThan(at);
      applyFeedEvent(book, event);
    }
    const last = at === 0 ? 0 : imported.events[at - 1].flags & FLAG_LAST;
    expect([book.inMessage, last]).toEqual([false, FLAG_LAST]);
    checkFeedBook(book);
    for (const side of [BUY, SELL]) {
      const levels = feedLevels(book, side, depth).map(
        ({ priceTicks, qtyLots }) => `${Math.round(priceTicks * unit)} × ${qtyLots}`,
      );
      expect(levels, `row ${k + 1}`).toEqual(shownBy(row, side));
    }
  });
  expect([book.status, book.duplicates, book.refused]).toEqual(['live', 0, 0]);
  return book;
}
