/** `truetape tape book`. */
import { Command } from 'commander';
import { Kind, NONE, SIDE_BUY, SIDE_SELL, decodeEvent, toUnixNs } from '@truetape/contracts';
import type { DefineTables, JsonObject } from '@truetape/contracts';
import { createQuantum, formatQuanta } from '@truetape/kernel';
import type { Quantum } from '@truetape/kernel';
import { applyEvent, createDepthBook, isCrossed, isTopKnown, levelsOf } from '@truetape/marketdata';
import type { BookLevel, DepthBook } from '@truetape/marketdata';
import { utcDate, utcTime } from '@truetape/tape';
import type { Cli, GlobalOptions } from '../../cli.ts';
import { voiceOf } from '../../cli.ts';
import { examples } from '../../examples.ts';
import { CliFailure, EXIT, usageFailure } from '../../failure.ts';
import type { FilterArguments } from '../../filter-options.ts';
import { integerFrom } from '../../number-argument.ts';
import { openTapes } from '../../open-tapes.ts';
import { addAllowTorn, addJson } from '../../options.ts';
import { withProgress } from '../../progress.ts';
import { endOfSession, nextBatch, openSession, openedSession } from '../../session.ts';
import type { Session } from '../../session.ts';
import { printOut } from '../../terminal.ts';
import { parseTime } from '../../time-argument.ts';
import type { TimeArgument } from '../../time-argument.ts';
import { createWalk, walkOn } from '../../walk.ts';

interface BookOptions extends GlobalOptions {
  readonly instrument?: string;
  readonly atSeq?: number;
  readonly atTime?: TimeArgument;
  readonly levels?: number;
  readonly json?: boolean;
  readonly allowTorn?: boolean;
}

const BOOK_KINDS: readonly number[] = [Kind.BookReset, Kind.BookUpdate, Kind.Level, Kind.FeedStatus];
/** Roles of sources whose facts make the book. */
const BOOK_ROLES: readonly unknown[] = ['venue', 'marketFeed'];

export function createCommand(cli: Cli): Command {
  const command = new Command('book')
    .description('Rebuild the depth book of an instrument as it stood behind an event, or at a time.')
    .argument('<file>', 'a tape (- for stdin)')
    .option('--instrument <id>', 'which book, where the tape has several')
    .option('--at-seq <seq>', 'behind the event with this seq', integerFrom(0, '--at-seq'))
    .option('--at-time <time>', 'at this time: ISO, ns since 1970, or +5s from the start', (text) =>
      parseTime(text, '--at-time'),
    )
    .option('--levels <n>', 'levels of each side', integerFrom(1, '--levels'));
  return addAllowTorn(addJson(command))
    .addHelpText(
      'after',
      examples(
        'truetape tape book day.rpl --at-time +5s',
        'truetape tape book day.rpl --at-seq 5000 --levels 3 --json',
      ),
    )
    .action(async (file: string, _: unknown, self: Command) => {
      const options = self.optsWithGlobals<BookOptions>();
      const { values } = await cli.settings();
      const voice = await voiceOf(cli, options);
      if (options.atSeq !== undefined && options.atTime !== undefined) {
        throw usageFailure('--at-seq and --at-time exclude each other', 'choose one');
      }
      const input = await withProgress(openTapes([file], { allowTorn: options.allowTorn === true }), voice);
      const state = readBooks(openSession(input, { filter: bookFilter(options), needsHash: false }), options);
      input.close();
      const chosen = chooseBook(state, file, options.instrument);
      const levels = options.levels ?? values.levels;
      printOut(
        options.json === true
          ? `${JSON.stringify(bookJson(chosen, levels))}\n`
          : `${bookLines(chosen, levels).join('\n')}\n`,
      );
    });
}

function bookFilter(options: BookOptions): FilterArguments {
  return {
    kind: BOOK_KINDS,
    ...(options.atSeq === undefined ? {} : { toSeq: options.atSeq }),
    ...(options.atTime === undefined ? {} : { toTime: options.atTime }),
  };
}

/** A book and what it was last changed by. */
interface BookAt {
  readonly instrument: string;
  readonly price: Quantum | undefined;
  readonly qty: Quantum | undefined;
  readonly book: DepthBook;
  seq: number;
  timeNs: bigint;
}

interface BookState {
  readonly books: Map<number, BookAt>;
  readonly tables: DefineTables;
}

function quantumOf(step: unknown): Quantum | undefined {
  const quantum = typeof step === 'string' ? createQuantum(step) : undefined;
  return quantum?.ok === true ? quantum.value : undefined;
}

function bookOf(state: BookState, instrument: number): BookAt {
  let known = state.books.get(instrument);
  if (known === undefined) {
    const definition = state.tables.instrument.byIndex[instrument];
    const price = quantumOf(definition?.value['priceStep']);
    const qty = quantumOf(definition?.value['qtyStep']);
    const name = definition?.name ?? `#${instrument}`;
    known = { instrument: name, price, qty, book: createDepthBook(), seq: 0, timeNs: 0n };
    state.books.set(instrument, known);
  }
  return known;
}

/** Folds all events of concern up to the point in question. */
function readBooks(session: Session, options: BookOptions): BookState {
  const filter = bookFilter(options);
  let batch = nextBatch(session, filter);
  const { epoch, tables } = openedSession(session);
  const state: BookState = { books: new Map(), tables };
  for (; batch !== undefined; batch = nextBatch(session, filter)) {
    const walk = createWalk(batch);
    while (walkOn(walk, session.filter!)) {
      if (walk.isDefine) continue;
      const event = decodeEvent(walk.records, walk.i, epoch, walk.seq);
      const role = tables.source.byIndex[event.source]?.value['role'];
      if (event.instrument === 0 || (role !== undefined && !BOOK_ROLES.includes(role))) continue;
      const at = bookOf(state, event.instrument);
      if (!applyEvent(at.book, event)) continue;
      at.seq = walk.seq;
      at.timeNs = toUnixNs(event.timeNs, epoch);
    }
  }
  endOfSession(session, options.allowTorn === true);
  return state;
}

function chooseBook(state: BookState, file: string, wanted: string | undefined): BookAt {
  const books = [...state.books.values()];
  const names = books.map(({ instrument }) => instrument);
  if (wanted !== undefined) {
    const found = books.find(({ instrument }) => instrument === wanted);
    if (found !== undefined) return found;
    throw usageFailure(
      `${file} has no depth events of ${wanted} up to there`,
      names.length === 0 ? 'it has none of any instrument' : `it has those of ${names.join(', ')}`,
    );
  }
  if (books.length === 1) return books[0];
  if (books.length > 1) {
    throw usageFailure(`${file} has the books of ${names.join(', ')}`, 'choose one: --instrument');
  }
  throw new CliFailure(
    EXIT.failure,
    `${file}: expected depth events up to there, found none`,
    'a book needs BookReset, BookUpdate and Level events',
  );
}

function levelJson(at: BookAt, { priceTicks, qtyLots }: BookLevel): JsonObject {
  return {
    ...(at.price === undefined ? {} : { price: formatQuanta(at.price, priceTicks) }),
    ...(at.qty === undefined ? {} : { qty: formatQuanta(at.qty, qtyLots) }),
    priceTicks,
    qtyLots,
  };
}

function priceText(at: BookAt, ticks: number): string | null {
  if (ticks === NONE) return null;
  return at.price === undefined ? String(ticks) : formatQuanta(at.price, ticks);
}

function bookJson(at: BookAt, levels: number): JsonObject {
  const { book } = at;
  return {
    instrument: at.instrument,
    seq: at.seq,
    timeNs: String(at.timeNs),
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

function cells(at: BookAt, level: BookLevel | undefined): readonly [price: string, qty: string] {
  if (level === undefined) return ['', ''];
  const qty = at.qty === undefined ? String(level.qtyLots) : formatQuanta(at.qty, level.qtyLots);
  return [priceText(at, level.priceTicks) ?? '', qty];
}

function ladderLines(at: BookAt, levels: number): string[] {
  const bids = levelsOf(at.book, SIDE_BUY, levels).map((level) => cells(at, level));
  const asks = levelsOf(at.book, SIDE_SELL, levels).map((level) => cells(at, level));
  const rows = Array.from({ length: Math.max(bids.length, asks.length) }, (_, k) => [
    bids[k]?.[1] ?? '',
    bids[k]?.[0] ?? '',
    asks[k]?.[0] ?? '',
    asks[k]?.[1] ?? '',
  ]);
  const heading = ['qty', 'bid', 'ask', 'qty'];
  const widths = heading.map((title, k) => Math.max(title.length, ...rows.map((row) => row[k].length)));
  const format = (row: readonly string[]): string =>
    `${row[0].padStart(widths[0])}  ${row[1].padStart(widths[1])} | ${row[2].padEnd(widths[2])}  ${row[3]}`.trimEnd();
  return [format(heading), ...rows.map(format)];
}

function bookLines(at: BookAt, levels: number): string[] {
  const { book } = at;
  const time = `${utcDate(at.timeNs)}T${utcTime(at.timeNs)}Z`;
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
  return [
    `${at.instrument} behind seq ${at.seq}, ${time}${id}`,
    `${book.status}, ${book.bids.count} bids and ${book.asks.count} asks` +
      (low === null ? '' : `, known from ${low} to ${String(priceText(at, book.knownHighTicks))}`),
    ...doubts.map((doubt) => `doubt: ${doubt}`),
    '',
    ...ladderLines(at, levels),
  ];
}
