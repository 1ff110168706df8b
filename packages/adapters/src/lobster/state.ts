/** What an import of LOBSTER files holds between two rows: clock, grid, the book so far, counts. */
import {
  BLANK,
  FLAG_INFERRED,
  FLAG_LAST,
  FLAG_SNAPSHOT,
  FIRST_ASSIGNED_ID,
  NONE,
  SIDE_BUY,
  SIDE_SELL,
  type Event,
} from '@truetape/contracts';
import { applyFeedEvent, BUY, createFeedBook, type FeedBook } from '@truetape/book';
import { createSum, formatQuanta, type Quantum, type Sum } from '@truetape/kernel';
import type { LobsterDifference } from './report.ts';
import type { BookRow } from './orderbook-row.ts';

/**
 * Orders that an import's book holds at most: those that left the levels of the file are never told to end.
 */
export const LOBSTER_ORDERS_MAX = 16_777_216;

/** Indices of the only instrument and source. */
export const INSTRUMENT = 1;
export const SOURCE = 1;

export interface OrderbookCounts {
  checked: number;
  equal: number;
  revealed: number;
  different: number;
  inferred: number;
  readonly differences: LobsterDifference[];
}

export interface LobsterState {
  readonly emit: (event: Event) => void;
  readonly price: Quantum;
  /** Of the file's own grid: dollars × 10,000. */
  readonly fine: Quantum;
  /** Prices of the file in one tick. */
  readonly unit: number;
  readonly book: FeedBook;
  /** Ids of the unnamed orders, by price, of bids and asks. */
  readonly seeds: readonly [bids: Map<number, number>, asks: Map<number, number>];
  nextSeed: number;
  timeNs: number;
  /** The row's own time. */
  matchTime: number;
  timeFlags: number;
  /** Seq of the next event. */
  seq: number;
  /** Seq of the message's own event; NONE before it. */
  factSeq: number;
  /** The message's last event so far, as it is and as the last one. */
  pending: Event | undefined;
  pendingLast: Event | undefined;
  /** Codes of the last TradingStatus and FeedStatus. */
  trading: number;
  feed: number;
  /** Counts by type, from 1. */
  readonly types: number[];
  readonly executed: Sum;
  readonly hidden: Sum;
  readonly crossed: Sum;
  unknownIds: number;
  misfits: number;
  backward: number;
  /** The row before, once there is one. */
  row: BookRow | undefined;
  readonly counts: OrderbookCounts;
}

export function createState(setup: Pick<LobsterState, 'emit' | 'price' | 'fine' | 'unit'>): LobsterState {
  return {
    ...setup,
    book: createFeedBook({ ordersMax: LOBSTER_ORDERS_MAX }),
    seeds: [new Map(), new Map()],
    nextSeed: FIRST_ASSIGNED_ID,
    timeNs: 0,
    matchTime: 0,
    timeFlags: 0,
    seq: 0,
    factSeq: NONE,
    pending: undefined,
    pendingLast: undefined,
    trading: 0,
    feed: 0,
    types: [0, 0, 0, 0, 0, 0, 0, 0],
    executed: createSum(),
    hidden: createSum(),
    crossed: createSum(),
    unknownIds: 0,
    misfits: 0,
    backward: 0,
    row: undefined,
    counts: { checked: 0, equal: 0, revealed: 0, different: 0, inferred: 0, differences: [] },
  };
}

/** What all events of the row in progress have in common. */
export function headerOf(
  state: LobsterState,
  flags: number,
): Pick<Event, 'instrument' | 'source' | 'timeNs' | 'flags'> {
  return { instrument: INSTRUMENT, source: SOURCE, timeNs: state.timeNs, flags: flags | state.timeFlags };
}

/** Adds an event to the message in progress, and folds it into the book. */
export function send(state: LobsterState, event: Event): void {
  if (state.pending !== undefined) state.emit(state.pending);
  state.pending = event;
  state.pendingLast = { ...event, flags: event.flags | FLAG_LAST };
  state.seq++;
  // As if it were the last one: what follows is decided by the book behind it.
  applyFeedEvent(state.book, state.pendingLast);
}

/** Ends the message in progress. */
export function flush(state: LobsterState): void {
  if (state.pendingLast !== undefined) state.emit(state.pendingLast);
  state.pending = undefined;
  state.pendingLast = undefined;
}

/** Flags of a book's side, BUY or SELL. */
export function sideFlags(side: number): number {
  return side === BUY ? SIDE_BUY : SIDE_SELL;
}

/** The text that an unnamed order's Alias gives it: `seed:bid:585.33`. */
export function seedText(state: LobsterState, side: number, priceTicks: number): string {
  return `seed:${side === BUY ? 'bid' : 'ask'}:${formatQuanta(state.price, priceTicks)}`;
}

/**
 * Id of the unnamed order at a price; its Alias is sent where it is new. One a side and price stands for all
 * orders there that no message named.
 */
export function seedAt(state: LobsterState, side: number, priceTicks: number): number {
  const ids = state.seeds[side - 1];
  const known = ids.get(priceTicks);
  if (known !== undefined) return known;
  const id = state.nextSeed++;
  ids.set(priceTicks, id);
  send(state, {
    ...BLANK.Alias,
    ...headerOf(state, FLAG_INFERRED),
    id,
    scope: VENUE_ORDER,
    text: seedText(state, side, priceTicks),
  });
  return id;
}

/** Code of the vocabulary of Alias scopes. */
const VENUE_ORDER = 2;

/** An unnamed order of a snapshot, or one that came to light. */
export function sendSeed(
  state: LobsterState,
  side: number,
  priceTicks: number,
  lots: number,
  snapshot: boolean,
): void {
  const orderId = seedAt(state, side, priceTicks);
  const flags = sideFlags(side) | FLAG_INFERRED | (snapshot ? FLAG_SNAPSHOT : 0);
  send(state, {
    ...BLANK.Accepted,
    ...headerOf(state, flags),
    cause: state.factSeq,
    orderId,
    priceTicks,
    leavesLots: lots,
    type: LIMIT,
  });
}

/** Code of the vocabulary `orderType`. */
export const LIMIT = 1;
