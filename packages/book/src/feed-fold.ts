/**
 * What a fact does to the book of a feed, whether it comes as an event (`feed.ts`) or as a record
 * (`feed-record.ts`): its numbers stand in `book.fact`, what it changed stands in `book.changes` afterwards.
 *
 * Numbers go through cells, for a large one that is passed to a function as it is would be put on the heap.
 */
import { NONE } from '@truetape/contracts';
import type { FeedBook } from './feed-book.ts';
import * as Changes from './feed-changes.ts';
import * as S from './store.ts';

/** Cells of `book.fact`. */
export const F_ID = 0;
/** Its price, or NONE. */
export const F_PRICE = 1;
/** What is left of it; of a fill: what was traded. */
export const F_LOTS = 2;
/** Another name from then on; of a fill: the taker. NONE: none. */
export const F_OTHER = 3;
/** Of a fill: what it says is left of maker and taker; NONE where it does not say. */
export const F_LEAVES = 4;
export const F_OTHER_LEAVES = 5;

// Bound here, see store.ts.
const { CHANGE_CELLS, changeRoom } = Changes;
const { addOrder, findOrder, levelOrders, levelPrice, levelQty, levelSide, nextOrder, orderId } = S;
const { orderLeaves, orderLevel, orderOwner, removeOrder, setLeaves } = S;
const NO_SLOT = S.NO_SLOT;
const DUPLICATE = S.REFUSED_DUPLICATE;
const ABSENT = NONE;

/** Accepted: an add, see `feed.ts`. */
export function acceptFact(book: FeedBook, side: number, account: number, isSnapshot: boolean): void {
  if (book.status === 'empty') book.status = 'uncertain';
  settleIncoming(book);
  const { incoming, fact } = book;
  incoming.orderId = fact[F_ID];
  incoming.side = side;
  incoming.priceTicks = fact[F_PRICE];
  incoming.leavesLots = fact[F_LOTS];
  incoming.account = account;
  if (!isSnapshot) return;
  if (book.ordersToCome > 0) book.ordersToCome--;
  settleIncoming(book);
}

/** Lets the order of the message in progress rest, if anything is left of it. */
export function settleIncoming(book: FeedBook): void {
  const { incoming, store } = book;
  const { orderId: id, side, priceTicks, leavesLots, account } = incoming;
  if (id === ABSENT) return;
  incoming.orderId = ABSENT;
  if (leavesLots === 0) return;
  if (side === 0 || priceTicks !== (priceTicks | 0)) {
    refuse(book);
    return;
  }
  const { asked } = book;
  asked.side = side;
  asked.priceTicks = priceTicks;
  asked.orderId = id;
  asked.owner = account;
  asked.leavesLots = asked.totalLots = leavesLots;
  let slot = addOrder(store, asked);
  if (slot === DUPLICATE) {
    book.duplicates++;
    removeResting(book, findOrder(store, id));
    slot = addOrder(store, asked);
  }
  if (slot < 0) {
    refuse(book);
    return;
  }
  book.arrived += 1;
  if (slot >= book.arrivals.length) growArrivals(book, slot);
  book.arrivals[slot] = book.arrived;
  putChange(book, slot, orderLevel(store, slot), leavesLots, leavesLots);
}

function growArrivals(book: FeedBook, slot: number): void {
  const larger = new Float64Array(Math.max(64, slot + 1, book.arrivals.length * 2));
  larger.set(book.arrivals);
  book.arrivals = larger;
}

/** Says what became of an order and its level, which has changed already. */
function putChange(book: FeedBook, slot: number, level: number, lots: number, leaves: number): void {
  const { changes, store } = book;
  if (!book.tellsChanges) return;
  const at = changeRoom(changes);
  const { cells } = changes;
  cells[at] = levelSide(store, level);
  cells[at + 1] = levelPrice(store, level);
  cells[at + 2] = lots;
  cells[at + 3] = book.arrivals[slot];
  cells[at + 4] = orderId(store, slot);
  cells[at + 5] = leaves;
  cells[at + 6] = levelQty(store, level);
  cells[at + 7] = levelOrders(store, level);
}

function removeResting(book: FeedBook, slot: number): void {
  const { changes, store } = book;
  const lots = orderLeaves(store, slot);
  putChange(book, slot, orderLevel(store, slot), -lots, 0);
  if (changes.count > 0) {
    const at = (changes.count - 1) * CHANGE_CELLS;
    changes.cells[at + 6] -= lots;
    changes.cells[at + 7] -= 1;
  }
  removeOrder(store, slot);
}

/** Sets what is left of an order in its place. */
function keep(book: FeedBook, slot: number, leavesLots: number): void {
  const { store } = book;
  const lots = leavesLots - orderLeaves(store, slot);
  if (setLeaves(store, slot, leavesLots)) {
    putChange(book, slot, orderLevel(store, slot), lots, leavesLots);
    return;
  }
  removeResting(book, slot);
  refuse(book);
}

/** An order that the book lacks from here on. */
function refuse(book: FeedBook): void {
  book.refused++;
  book.status = 'uncertain';
}

/** Amended. */
export function amendFact(book: FeedBook, isKept: boolean): void {
  const { fact, incoming, store } = book;
  if (fact[F_ID] === incoming.orderId) {
    changeIncoming(book);
    return;
  }
  const slot = findOrder(store, fact[F_ID]);
  if (slot === NO_SLOT) {
    book.unknown++;
    return;
  }
  const level = orderLevel(store, slot);
  const renamed = fact[F_OTHER] !== ABSENT && fact[F_OTHER] !== fact[F_ID];
  const moved = fact[F_PRICE] !== ABSENT && fact[F_PRICE] !== levelPrice(store, level);
  if (fact[F_LOTS] === 0) removeResting(book, slot);
  else if (isKept && !moved) keep(book, renamed ? rename(book, slot) : slot, fact[F_LOTS]);
  else {
    settleIncoming(book);
    incoming.orderId = fact[F_ID];
    incoming.side = levelSide(store, level);
    incoming.priceTicks = levelPrice(store, level);
    incoming.account = orderOwner(store, slot);
    changeIncoming(book);
    removeResting(book, slot);
  }
}

/**
 * Gives an order another id in its place; returns its slot from then on. Complexity: the orders behind it,
 * which leave and come back behind it, for the store has no order change its id. No level changes.
 */
function rename(book: FeedBook, slot: number): number {
  const { store } = book;
  const id = book.fact[F_OTHER];
  const older = findOrder(store, id);
  if (older !== NO_SLOT) {
    book.duplicates++;
    removeResting(book, older);
  }
  const level = orderLevel(store, slot);
  const [side, priceTicks] = [levelSide(store, level), levelPrice(store, level)];
  const queue: number[] = [];
  for (let at = slot; at !== NO_SLOT; at = nextOrder(store, at)) queue.push(at);
  const arrivals = queue.map((at) => book.arrivals[at]);
  const orders = queue.map((at) => {
    const leavesLots = orderLeaves(store, at);
    const name = at === slot ? id : orderId(store, at);
    const owner = orderOwner(store, at);
    return { side, priceTicks, orderId: name, owner, leavesLots, totalLots: leavesLots, traits: 0 };
  });
  for (const at of queue) removeOrder(store, at);
  const slots = orders.map((order) => addOrder(store, order));
  slots.forEach((at, k) => {
    book.arrivals[at] = arrivals[k];
  });
  return slots[0];
}

function changeIncoming({ fact, incoming }: FeedBook): void {
  if (fact[F_OTHER] !== ABSENT) incoming.orderId = fact[F_OTHER];
  if (fact[F_PRICE] !== ABSENT) incoming.priceTicks = fact[F_PRICE];
  incoming.leavesLots = fact[F_LOTS];
}

/** Fill, of what is no hidden execution. */
export function fillFact(book: FeedBook): void {
  const { fact } = book;
  if (fact[F_ID] !== ABSENT && !take(book, F_ID, F_LEAVES)) book.unknown++;
  // A public feed names takers that never rested.
  if (fact[F_OTHER] !== ABSENT) take(book, F_OTHER, F_OTHER_LEAVES);
}

/** Takes the lots of a fill off one of its orders; false where it is not there. */
function take(book: FeedBook, of: number, leavesOf: number): boolean {
  const { fact, incoming, store } = book;
  const id = fact[of];
  const said = fact[leavesOf];
  if (id === incoming.orderId) {
    const rest = incoming.leavesLots - fact[F_LOTS];
    const leaves = said === ABSENT ? Math.max(rest, 0) : said;
    if (leaves !== rest) book.conflicts++;
    incoming.leavesLots = leaves;
    return true;
  }
  const slot = findOrder(store, id);
  if (slot === NO_SLOT) return false;
  const rest = orderLeaves(store, slot) - fact[F_LOTS];
  const leaves = said === ABSENT ? Math.max(rest, 0) : said;
  if (leaves !== rest) book.conflicts++;
  if (leaves === 0) removeResting(book, slot);
  else keep(book, slot, leaves);
  return true;
}

/** Canceled, Expired. */
export function endFact(book: FeedBook): void {
  const { fact, incoming, store } = book;
  if (fact[F_ID] === incoming.orderId) {
    incoming.orderId = ABSENT;
    return;
  }
  const slot = findOrder(store, fact[F_ID]);
  if (slot === NO_SLOT) book.unknown++;
  else removeResting(book, slot);
}
