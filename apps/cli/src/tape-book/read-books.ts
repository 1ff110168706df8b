/** Folds a tape into the books of its instruments, up to a point: aggregated depth, and order by order. */
import { Kind, decodeEvent, toUnixNs } from '@truetape/contracts';
import type { DefineTables, Event } from '@truetape/contracts';
import { applyFeedEvent, createFeedBook } from '@truetape/book';
import type { FeedBook } from '@truetape/book';
import { createQuantum } from '@truetape/kernel';
import type { Quantum } from '@truetape/kernel';
import { applyEvent, createDepthBook } from '@truetape/marketdata';
import type { DepthBook } from '@truetape/marketdata';
import type { FilterArguments } from '../filter-options.ts';
import { endOfSession, nextBatch, openedSession } from '../session.ts';
import type { Session } from '../session.ts';
import { createWalk, walkOn } from '../walk.ts';

/** Orders of a feed's book at most: a real day has fewer. */
export const ORDERS_MAX = 16_777_216;

const DEPTH_KINDS: readonly number[] = [Kind.BookReset, Kind.BookUpdate, Kind.Level, Kind.FeedStatus];
const ORDER_KINDS: readonly number[] = [
  Kind.Accepted,
  Kind.Amended,
  Kind.Fill,
  Kind.Canceled,
  Kind.Expired,
  Kind.CancelAllDone,
];
/** They tell nothing of a book, but may be the last record of a message that does. */
const LAST_KINDS: readonly number[] = [Kind.Note, Kind.Trade];
export const BOOK_KINDS: readonly number[] = [...DEPTH_KINDS, ...ORDER_KINDS, ...LAST_KINDS, Kind.Alias];
/** Roles of sources whose facts make the book. */
const BOOK_ROLES: readonly unknown[] = ['venue', 'marketFeed'];
/** Codes of the vocabulary of Alias scopes that name orders. */
const ORDER_SCOPES: readonly number[] = [1, 2];

/** A book and what it was last changed by. */
export interface Folded<Book> {
  readonly book: Book;
  /** Something of its own was told: levels, or orders. */
  told: boolean;
  seq: number;
  timeNs: bigint;
}

/** An event and where it stands. */
interface Placed {
  readonly event: Event;
  readonly seq: number;
  readonly timeNs: bigint;
}

/** What a tape holds of one instrument: aggregated, and order by order. */
export interface BooksAt {
  readonly instrument: string;
  readonly price: Quantum | undefined;
  readonly qty: Quantum | undefined;
  readonly depth: Folded<DepthBook>;
  readonly orders: Folded<FeedBook>;
  /** Text ids of orders. */
  readonly aliases: Map<number, string>;
  /** Sources that tell levels: what they say of their book is nothing to orders. */
  readonly levelSources: Set<number>;
  /** A BookReset by source, until its next event tells whether levels or orders follow. */
  readonly resets: Map<number, Placed>;
}

export interface BookState {
  readonly books: Map<number, BooksAt>;
  readonly tables: DefineTables;
  /** A venue tells its own tape: what it says of orders is the book. */
  readonly isVenue: boolean;
  /** The tape has all events so far, from its first one on: a venue's book is empty before it. */
  isWhole: boolean;
  /** Events that the tape leaves out. */
  skipped: number;
}

function quantumOf(step: unknown): Quantum | undefined {
  const quantum = typeof step === 'string' ? createQuantum(step) : undefined;
  return quantum?.ok === true ? quantum.value : undefined;
}

function booksOf(state: BookState, instrument: number): BooksAt {
  let known = state.books.get(instrument);
  if (known === undefined) {
    const definition = state.tables.instrument.byIndex[instrument];
    known = {
      instrument: definition?.name ?? `#${instrument}`,
      price: quantumOf(definition?.value['priceStep']),
      qty: quantumOf(definition?.value['qtyStep']),
      depth: { book: createDepthBook(), told: false, seq: 0, timeNs: 0n },
      orders: {
        book: createFeedBook({ startsEmpty: state.isVenue && state.isWhole, ordersMax: ORDERS_MAX }),
        told: false,
        seq: 0,
        timeNs: 0n,
      },
      aliases: new Map(),
      levelSources: new Set(),
      resets: new Map(),
    };
    state.books.set(instrument, known);
  }
  return known;
}

/** Takes note of events that are not on the tape: an order may have come or gone among them. */
function skip(state: BookState, count: number): void {
  state.skipped += count;
  state.isWhole = false;
  for (const { orders } of state.books.values()) {
    if (orders.book.status === 'live') orders.book.status = 'uncertain';
  }
}

/** Folds all events of concern up to the point in question. */
export function readBooks(session: Session, filter: FilterArguments, allowTorn: boolean): BookState {
  let batch = nextBatch(session, filter);
  const { header, epoch, tables } = openedSession(session);
  const state: BookState = {
    books: new Map(),
    tables,
    isVenue: header.observer === 'venue',
    isWhole: batch !== undefined && batch.firstSeq === 0,
    skipped: 0,
  };
  for (; batch !== undefined; batch = nextBatch(session, filter)) {
    const walk = createWalk(batch);
    while (walkOn(walk, session.filter!)) {
      if (walk.skipped > 0) skip(state, walk.skipped);
      walk.skipped = 0;
      if (walk.isDefine) continue;
      const event = decodeEvent(walk.records, walk.i, epoch, walk.seq);
      const role = tables.source.byIndex[event.source]?.value['role'];
      if (role !== undefined && !BOOK_ROLES.includes(role)) continue;
      if (event.instrument === 0) {
        endMessages(state, event);
        continue;
      }
      fold(state, { event, seq: walk.seq, timeNs: toUnixNs(event.timeNs, epoch) });
    }
    if (walk.skipped > 0) skip(state, walk.skipped);
  }
  endOfSession(session, allowTorn);
  for (const at of state.books.values()) {
    for (const [source, reset] of at.resets) applyTo(at, reset, true, !at.levelSources.has(source));
  }
  return state;
}

/** A CancelAll of all instruments is one message over many books; its end names none of them. */
function endMessages(state: BookState, event: Event): void {
  if (event.kind !== Kind.CancelAllDone) return;
  for (const { orders } of state.books.values())
    if (orders.book.inMessage) applyFeedEvent(orders.book, event);
}

function fold(state: BookState, placed: Placed): void {
  const { event } = placed;
  const at = booksOf(state, event.instrument);
  if (event.kind === Kind.Alias) {
    if (ORDER_SCOPES.includes(event.scope)) at.aliases.set(event.id, event.text);
    return;
  }
  if (LAST_KINDS.includes(event.kind)) {
    if (!at.levelSources.has(event.source)) applyFeedEvent(at.orders.book, event);
    return;
  }
  const ofLevels = event.kind === Kind.Level || event.kind === Kind.BookUpdate;
  const ofOrders = ORDER_KINDS.includes(event.kind);
  if (ofLevels) at.levelSources.add(event.source);
  const reset = at.resets.get(event.source);
  if (reset !== undefined) {
    at.resets.delete(event.source);
    applyTo(at, reset, !ofOrders, !ofLevels);
  }
  if (event.kind === Kind.BookReset) {
    at.resets.set(event.source, placed);
    return;
  }
  at.depth.told ||= ofLevels;
  at.orders.told ||= ofOrders;
  applyTo(at, placed, !ofOrders, !at.levelSources.has(event.source));
}

function applyTo(at: BooksAt, { event, seq, timeNs }: Placed, depth: boolean, orders: boolean): void {
  if (depth && applyEvent(at.depth.book, event)) Object.assign(at.depth, { seq, timeNs });
  if (orders && applyFeedEvent(at.orders.book, event)) Object.assign(at.orders, { seq, timeNs });
}

/** Which of an instrument's books is meant where nothing says: a venue's orders, else levels. */
export function prefersOrders(state: BookState, at: BooksAt): boolean {
  return at.orders.told && (state.isVenue || !at.depth.told);
}
