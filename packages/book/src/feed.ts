/**
 * A market-by-order feed folded into a book: `state = fold(facts)`.
 *
 * - Accepted is an add. It rests when its message ends (LAST): until then its fills, amendments and
 *   cancellation may follow, as on a venue's own tape. In a snapshot (SNAPSHOT, behind BookReset) it rests at
 *   once.
 * - Amended sets what remains, and the price where one is given; without `priorityKept`, or at another price,
 *   the order goes behind the others there (when its message ends, for it may trade before). `newOrderId` names
 *   it from then on.
 * - Fill takes from the maker, and from the taker where the book holds it. What a fill says remains is taken
 *   over what follows from the book; a difference is counted. A hidden execution changes no book.
 * - Canceled and Expired end an order.
 * - A fact of an order that is not there is counted, and changes nothing.
 */
import { FLAG_BAD_BOOK, FLAG_LAST, FLAG_SNAPSHOT, Kind, NONE, SIDE_MASK } from '@truetape/contracts';
import type { Accepted, Amended, BookReset, Event, Fill } from '@truetape/contracts';
import { SIDE_SHIFT } from './report.ts';
import type { FeedBook, IncomingOrder } from './feed-book.ts';
import {
  addOrder,
  createStore,
  findOrder,
  levelPrice,
  levelSide,
  nextOrder,
  NO_SLOT,
  orderId,
  orderLeaves,
  orderLevel,
  orderOwner,
  REFUSED_DUPLICATE,
  removeOrder,
  setLeaves,
} from './store.ts';

/** Codes of the vocabularies `feedStatus` and `condition` that concern the book. */
const FEED_GAP = 5;
const FEED_RESYNCED = 7;
const FEED_CHECKSUM = 8;
const HIDDEN = 2;

/**
 * Takes one event into the book; events of other kinds change nothing. Returns whether it was of concern.
 *
 * The caller picks the events: one instrument, and sources of role venue or marketFeed.
 */
export function applyFeedEvent(book: FeedBook, event: Event): boolean {
  const concerns = applyFact(book, event);
  if (concerns && (event.flags & FLAG_BAD_BOOK) !== 0) book.status = 'uncertain';
  if ((event.flags & FLAG_LAST) === 0) book.inMessage ||= concerns;
  else if (concerns || event.kind === Kind.Note || event.kind === Kind.Trade) {
    settleIncoming(book);
    book.inMessage = false;
  }
  return concerns;
}

function applyFact(book: FeedBook, event: Event): boolean {
  switch (event.kind) {
    case Kind.Accepted:
      accept(book, event);
      return true;
    case Kind.Amended:
      amend(book, event);
      return true;
    case Kind.Fill:
      fill(book, event);
      return true;
    case Kind.Canceled:
    case Kind.Expired:
      end(book, event.orderId);
      return true;
    case Kind.Rejected:
    case Kind.CancelAllDone:
      return true;
    case Kind.BookReset:
      reset(book, event);
      return true;
    case Kind.FeedStatus:
      return takeStatus(book, event.status);
    default:
      return false;
  }
}

function takeStatus(book: FeedBook, status: number): boolean {
  if (status === FEED_RESYNCED) book.status = 'live';
  else if (status !== FEED_GAP && status !== FEED_CHECKSUM) return false;
  else if (book.status === 'live') book.status = 'uncertain';
  return true;
}

function reset(book: FeedBook, event: BookReset): void {
  book.store = createStore(book.store.ordersMax);
  book.incoming.orderId = NONE;
  book.status = 'live';
  book.lastUpdateId = event.lastUpdateId;
  book.knownLowTicks = event.knownLowTicks;
  book.knownHighTicks = event.knownHighTicks;
  book.depthLimit = event.depthLimit;
  book.ordersToCome = event.bids + event.asks;
}

function accept(book: FeedBook, event: Accepted): void {
  if (book.status === 'empty') book.status = 'uncertain';
  settleIncoming(book);
  const { incoming } = book;
  incoming.orderId = event.orderId;
  incoming.side = (event.flags & SIDE_MASK) >>> SIDE_SHIFT;
  incoming.priceTicks = event.priceTicks;
  incoming.leavesLots = event.leavesLots;
  incoming.account = event.account;
  if ((event.flags & FLAG_SNAPSHOT) === 0) return;
  if (book.ordersToCome > 0) book.ordersToCome--;
  settleIncoming(book);
}

/** Lets the order of the message in progress rest, if anything is left of it. */
function settleIncoming(book: FeedBook): void {
  const { incoming, store } = book;
  const { orderId, side, priceTicks, leavesLots, account } = incoming;
  if (orderId === NONE) return;
  incoming.orderId = NONE;
  if (leavesLots === 0) return;
  if (side === 0 || priceTicks !== (priceTicks | 0)) {
    refuse(book);
    return;
  }
  const order = { side, priceTicks, orderId, owner: account, leavesLots, totalLots: leavesLots, traits: 0 };
  let slot = addOrder(store, order);
  if (slot === REFUSED_DUPLICATE) {
    book.duplicates++;
    removeOrder(store, findOrder(store, orderId));
    slot = addOrder(store, order);
  }
  if (slot < 0) refuse(book);
}

/** An order that the book lacks from here on. */
function refuse(book: FeedBook): void {
  book.refused++;
  book.status = 'uncertain';
}

function amend(book: FeedBook, event: Amended): void {
  const { incoming, store } = book;
  if (event.orderId === incoming.orderId) {
    changeIncoming(incoming, event);
    return;
  }
  const slot = findOrder(store, event.orderId);
  if (slot === NO_SLOT) {
    book.unknown++;
    return;
  }
  const level = orderLevel(store, slot);
  const renamed = event.newOrderId !== NONE && event.newOrderId !== event.orderId;
  const moved = event.priceTicks !== NONE && event.priceTicks !== levelPrice(store, level);
  if (event.leavesLots === 0) removeOrder(store, slot);
  else if (event.priorityKept === 1 && !moved) {
    keep(book, renamed ? rename(book, slot, event.newOrderId) : slot, event.leavesLots);
  } else {
    settleIncoming(book);
    incoming.orderId = event.orderId;
    incoming.side = levelSide(store, level);
    incoming.priceTicks = levelPrice(store, level);
    incoming.account = orderOwner(store, slot);
    changeIncoming(incoming, event);
    removeOrder(store, slot);
  }
}

/**
 * Gives an order another id in its place; returns its slot from then on. Complexity: the orders behind it,
 * which leave and come back behind it, for the store has no order change its id.
 */
function rename(book: FeedBook, slot: number, id: number): number {
  const { store } = book;
  const older = findOrder(store, id);
  if (older !== NO_SLOT) {
    book.duplicates++;
    removeOrder(store, older);
  }
  const level = orderLevel(store, slot);
  const [side, priceTicks] = [levelSide(store, level), levelPrice(store, level)];
  const queue: number[] = [];
  for (let at = slot; at !== NO_SLOT; at = nextOrder(store, at)) queue.push(at);
  const orders = queue.map((at) => {
    const leavesLots = orderLeaves(store, at);
    const name = at === slot ? id : orderId(store, at);
    const owner = orderOwner(store, at);
    return { side, priceTicks, orderId: name, owner, leavesLots, totalLots: leavesLots, traits: 0 };
  });
  for (const at of queue) removeOrder(store, at);
  const [first] = orders.map((order) => addOrder(store, order));
  return first;
}

function keep(book: FeedBook, slot: number, leavesLots: number): void {
  if (setLeaves(book.store, slot, leavesLots)) return;
  removeOrder(book.store, slot);
  refuse(book);
}

function changeIncoming(incoming: IncomingOrder, event: Amended): void {
  if (event.newOrderId !== NONE) incoming.orderId = event.newOrderId;
  if (event.priceTicks !== NONE) incoming.priceTicks = event.priceTicks;
  incoming.leavesLots = event.leavesLots;
}

function fill(book: FeedBook, event: Fill): void {
  if (event.condition === HIDDEN) return;
  const { makerOrderId, takerOrderId, qtyLots } = event;
  if (makerOrderId !== NONE && !take(book, makerOrderId, qtyLots, event.makerLeaves)) book.unknown++;
  // A public feed names takers that never rested.
  if (takerOrderId !== NONE) take(book, takerOrderId, qtyLots, event.takerLeaves);
}

/**
 * Takes lots off an order; false where it is not there. `leavesLots` is what its fill says remains, or NONE.
 */
function take(book: FeedBook, id: number, qtyLots: number, leavesLots: number): boolean {
  const { incoming, store } = book;
  const isIncoming = id === incoming.orderId;
  const slot = isIncoming ? NO_SLOT : findOrder(store, id);
  if (!isIncoming && slot === NO_SLOT) return false;
  const rest = (isIncoming ? incoming.leavesLots : orderLeaves(store, slot)) - qtyLots;
  const leaves = leavesLots === NONE ? Math.max(rest, 0) : leavesLots;
  if (leaves !== rest) book.conflicts++;
  if (isIncoming) incoming.leavesLots = leaves;
  else if (leaves === 0) removeOrder(store, slot);
  else keep(book, slot, leaves);
  return true;
}

function end(book: FeedBook, id: number): void {
  const { incoming, store } = book;
  if (id === incoming.orderId) {
    incoming.orderId = NONE;
    return;
  }
  const slot = findOrder(store, id);
  if (slot === NO_SLOT) book.unknown++;
  else removeOrder(store, slot);
}
