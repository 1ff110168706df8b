/** A tape's events folded into the facts of one instrument. */
import { applyFeedEvent, createFeedBook, feedLevels, readFeedTop } from '@truetape/book';
import type { FeedBook } from '@truetape/book';
import { FLAG_SNAPSHOT, Kind, NONE, SIDE_MASK, codeOfName } from '@truetape/contracts';
import type { Event } from '@truetape/contracts';
import {
  advanceFacts,
  createFacts,
  endTaking,
  observeAmendment,
  observeCanceled,
  observeOrder,
  observeTop,
  observeTrade,
} from './facts.ts';
import type { Facts, FactsTop, LevelsSource } from './facts.ts';

/** What is left of an order that was never to rest is no cancellation. */
const REMAINDERS: readonly unknown[] = ['iocRemainder', 'marketRemainder'].map((name) =>
  codeOfName('cancelReason', name),
);

/** The book that the events tell, as far as facts need it: of orders or of levels. */
export interface FactsBook {
  apply(event: Event): void;
  /** Between two records of one message. */
  isBetween(): boolean;
  readTop(into: FactsTop): void;
  readonly levels: LevelsSource;
}

/** A book of orders, of a venue's own tape. */
export function createOrdersView(book: FeedBook = createFeedBook({ startsEmpty: true })): FactsBook {
  const top = { bidTicks: NONE, bidLots: 0, bidOrders: 0, askTicks: NONE, askLots: 0, askOrders: 0 };
  return {
    apply: (event) => void applyFeedEvent(book, event),
    isBetween: () => book.inMessage,
    readTop: (into) => {
      readFeedTop(book, top);
      Object.assign(into, top);
    },
    levels: (side, count) => feedLevels(book, side, count),
  };
}

/** Facts of an instrument, and what they are taken from. */
export interface FactsFold {
  readonly facts: Facts;
  readonly book: FactsBook;
  /** When each open order was accepted. */
  readonly since: Map<number, number>;
  readonly top: FactsTop;
  /** Quotes tell the best prices: at once, where levels come in batches. */
  isQuoted: boolean;
}

/** Units: `intervalNs` of returns and volumes. */
export function createFactsFold(intervalNs: number, book: FactsBook = createOrdersView()): FactsFold {
  const top = { bidTicks: NONE, bidLots: 0, askTicks: NONE, askLots: 0 };
  return { facts: createFacts(intervalNs), book, since: new Map(), top, isQuoted: false };
}

const sideOf = (event: Event): number => (event.flags & SIDE_MASK) >>> 4;

/** Takes an event of the instrument. Complexity: O(1) amortised, and O(levels) an interval. */
export function foldFacts(fold: FactsFold, event: Event): void {
  const { facts, book, top } = fold;
  advanceFacts(facts, event.timeNs, book.levels);
  count(fold, event);
  book.apply(event);
  if (event.kind === Kind.Quote) {
    fold.isQuoted = true;
    observeTop(facts, event.timeNs, event);
    return;
  }
  if (fold.isQuoted || book.isBetween()) return;
  book.readTop(top);
  observeTop(facts, event.timeNs, top);
}

function count({ facts, since }: FactsFold, event: Event): void {
  const { timeNs } = event;
  switch (event.kind) {
    case Kind.NewOrder:
      observeOrder(facts, event.qtyLots);
      return;
    case Kind.AmendOrder:
      observeAmendment(facts);
      return;
    case Kind.Accepted:
      // A snapshot tells of orders as old as nobody knows; a feed of orders has no commands.
      if ((event.flags & FLAG_SNAPSHOT) !== 0) return;
      if (event.cause < 0) observeOrder(facts, event.leavesLots);
      since.set(event.orderId, timeNs);
      return;
    case Kind.Fill:
      observeTrade(facts, timeNs, sideOf(event), event.qtyLots, event.cause < 0 ? timeNs : event.cause);
      if (event.makerLeaves === 0) since.delete(event.makerOrderId);
      if (event.takerLeaves === 0) since.delete(event.takerOrderId);
      return;
    case Kind.Canceled: {
      const acceptedNs = since.get(event.orderId);
      since.delete(event.orderId);
      if (REMAINDERS.includes(event.reason)) return;
      observeCanceled(facts, acceptedNs === undefined ? NONE : timeNs - acceptedNs);
      return;
    }
    case Kind.Trade: {
      const key = event.matchTime === NONE ? timeNs : event.matchTime;
      observeTrade(facts, timeNs, sideOf(event), event.qtyLots, key);
      return;
    }
    default:
  }
}

/** The last taking has its size. */
export function endFacts({ facts }: FactsFold): void {
  endTaking(facts);
}
