/**
 * The book of a feed as bytes, with all that the fold needs to go on. Little-endian:
 *
 *     byte   0  magic "TTFEED\r\n", u32 version 1, u32 ordersMax, u32 orders, u32 bid levels, u32 ask levels,
 *               u8 status (0 empty, 1 live, 2 uncertain), u8 in a message, u16 0
 *           32  f64 lastUpdateId, knownLowTicks, knownHighTicks, depthLimit, ordersToCome, arrived,
 *               unknown, duplicates, conflicts, refused
 *          112  the order of the message in progress, all 0 but its id (NONE) where there is none:
 *               f64 orderId, priceTicks, leavesLots, u32 side, u32 account
 *          144  levels, bids then asks, each best first: i32 price, u32 orders ≥ 1, then those, first in time first
 *     an order  f64 id, f64 leaves, f64 arrival, u32 account, u32 0
 */
import { err, isN, NONE, ok, type Result } from '@truetape/contracts';
import { ORDERS_LIMIT, type SnapshotError, type SnapshotErrorCode } from './book.ts';
import { BUY, SELL } from './command.ts';
import { createFeedBook, type FeedBook, type FeedBookStatus } from './feed-book.ts';
import * as S from './store.ts';

/** Version of the bytes. */
export const FEED_SNAPSHOT_VERSION = 1;

const MAGIC = [0x54, 0x54, 0x46, 0x45, 0x45, 0x44, 0x0d, 0x0a];
const HEADER_BYTES = 144;
const NUMBERS_AT = 32;
const INCOMING_AT = 112;
const LEVEL_BYTES = 8;
const ORDER_BYTES = 32;
const STATUSES: readonly FeedBookStatus[] = ['empty', 'live', 'uncertain'];
const NUMBERS = [
  'lastUpdateId',
  'knownLowTicks',
  'knownHighTicks',
  'depthLimit',
  'ordersToCome',
  'arrived',
  'unknown',
  'duplicates',
  'conflicts',
  'refused',
] as const satisfies readonly (keyof FeedBook)[];
/** The first three may be absent. */
const ABSENT_MAX = 3;

/** The canonical bytes of a book. Complexity: all of it. */
export function saveFeedBook(book: FeedBook): Uint8Array {
  const { store, incoming } = book;
  const size = HEADER_BYTES + store.levels * LEVEL_BYTES + store.orders * ORDER_BYTES;
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  bytes.set(MAGIC);
  view.setUint32(8, FEED_SNAPSHOT_VERSION, true);
  view.setUint32(12, store.ordersMax, true);
  view.setUint32(16, store.orders, true);
  view.setUint8(28, STATUSES.indexOf(book.status));
  view.setUint8(29, book.inMessage ? 1 : 0);
  NUMBERS.forEach((name, k) => view.setFloat64(NUMBERS_AT + k * 8, book[name], true));
  view.setFloat64(INCOMING_AT, incoming.orderId, true);
  if (incoming.orderId !== NONE) {
    view.setFloat64(INCOMING_AT + 8, incoming.priceTicks, true);
    view.setFloat64(INCOMING_AT + 16, incoming.leavesLots, true);
    view.setUint32(INCOMING_AT + 24, incoming.side, true);
    view.setUint32(INCOMING_AT + 28, incoming.account, true);
  }
  let at = HEADER_BYTES;
  for (const side of [BUY, SELL]) {
    let levels = 0;
    for (let level = S.bestLevel(store, side); level !== S.NO_SLOT; level = S.worseLevel(store, level)) {
      at = putQueue(book, view, at, level);
      levels += 1;
    }
    view.setUint32(side === BUY ? 20 : 24, levels, true);
  }
  return bytes;
}

function putQueue({ arrivals, store }: FeedBook, view: DataView, from: number, level: number): number {
  view.setInt32(from, S.levelPrice(store, level), true);
  view.setUint32(from + 4, S.levelOrders(store, level), true);
  let at = from + LEVEL_BYTES;
  for (let slot = S.levelHead(store, level); slot !== S.NO_SLOT; slot = S.nextOrder(store, slot)) {
    view.setFloat64(at, S.orderId(store, slot), true);
    view.setFloat64(at + 8, S.orderLeaves(store, slot), true);
    view.setFloat64(at + 16, arrivals[slot], true);
    view.setUint32(at + 24, S.orderOwner(store, slot), true);
    at += ORDER_BYTES;
  }
  return at;
}

function refuse(
  code: SnapshotErrorCode,
  offsetBytes: number,
  expected: string,
  found: string | number,
): Result<never, SnapshotError> {
  return err({ code, offsetBytes, expected, found: String(found) });
}

/**
 * The book that bytes were taken of. Errors: as `restoreBook`; `content` for what no book of a feed can hold.
 */
export function restoreFeedBook(bytes: Uint8Array): Result<FeedBook, SnapshotError> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = view.byteLength;
  if (size < HEADER_BYTES) return refuse('short', size, `${HEADER_BYTES} bytes at least`, size);
  for (let at = 0; at < MAGIC.length; at++)
    if (bytes[at] !== MAGIC[at]) return refuse('magic', at, String(MAGIC[at]), bytes[at]);
  const version = view.getUint32(8, true);
  if (version !== FEED_SNAPSHOT_VERSION) return refuse('version', 8, String(FEED_SNAPSHOT_VERSION), version);
  const ordersMax = view.getUint32(12, true);
  if (ordersMax < 1 || ordersMax > ORDERS_LIMIT) return refuse('content', 12, 'room for orders', ordersMax);
  const levels = [view.getUint32(20, true), view.getUint32(24, true)];
  const orders = view.getUint32(16, true);
  const expected = HEADER_BYTES + (levels[0] + levels[1]) * LEVEL_BYTES + orders * ORDER_BYTES;
  if (size < expected) return refuse('short', size, `${expected} bytes`, size);
  if (size > expected) return refuse('length', expected, `${expected} bytes`, size);
  if (view.getUint8(28) > 2 || view.getUint8(29) > 1 || view.getUint16(30, true) !== 0)
    return refuse('content', 28, 'a status', view.getUint32(28, true));
  const book = createFeedBook({ ordersMax });
  book.status = STATUSES[view.getUint8(28)];
  book.inMessage = view.getUint8(29) === 1;
  const fault = readNumbers(book, view) ?? readOrders(book, view, levels);
  if (fault !== undefined) return fault;
  return book.store.orders === orders
    ? ok(book)
    : refuse('length', 16, `${orders} orders`, book.store.orders);
}

const isQty = (lots: number): boolean => isN(lots) && lots >= 0;

function readNumbers(book: FeedBook, view: DataView): Result<never, SnapshotError> | undefined {
  for (const [k, name] of NUMBERS.entries()) {
    const value = view.getFloat64(NUMBERS_AT + k * 8, true);
    const isAbsent = k < ABSENT_MAX && value === NONE;
    if (!isAbsent && (k > 0 && k < ABSENT_MAX ? !isN(value) : !isQty(value)))
      return refuse('content', NUMBERS_AT + k * 8, `a number as ${name}`, value);
    book[name] = value;
  }
  const { incoming } = book;
  incoming.orderId = view.getFloat64(INCOMING_AT, true);
  incoming.priceTicks = view.getFloat64(INCOMING_AT + 8, true);
  incoming.leavesLots = view.getFloat64(INCOMING_AT + 16, true);
  incoming.side = view.getUint32(INCOMING_AT + 24, true);
  incoming.account = view.getUint32(INCOMING_AT + 28, true);
  const { orderId, priceTicks, leavesLots, side } = incoming;
  const isNone = orderId === NONE && priceTicks === 0 && leavesLots === 0 && side === 0;
  const isOne =
    isQty(orderId) && (isN(priceTicks) || priceTicks === NONE) && isQty(leavesLots) && side <= SELL;
  return isNone || isOne ? undefined : refuse('content', INCOMING_AT, 'an order, or none', orderId);
}

function readOrders(
  book: FeedBook,
  view: DataView,
  levels: readonly number[],
): Result<never, SnapshotError> | undefined {
  let at = HEADER_BYTES;
  for (const side of [BUY, SELL]) {
    let before = NaN;
    for (let level = 0; level < levels[side - 1]; level++) {
      if (at + LEVEL_BYTES > view.byteLength) return refuse('length', at, 'a level', 'the end');
      const priceTicks = view.getInt32(at, true);
      const orders = view.getUint32(at + 4, true);
      if (side === BUY ? priceTicks >= before : priceTicks <= before)
        return refuse('content', at, `a price behind ${before}`, priceTicks);
      if (orders === 0 || at + LEVEL_BYTES + orders * ORDER_BYTES > view.byteLength)
        return refuse('content', at + 4, 'orders at a level', orders);
      before = priceTicks;
      at += LEVEL_BYTES;
      for (let k = 0; k < orders; k++, at += ORDER_BYTES) {
        if (!readOrder(book, view, at, side, priceTicks)) return refuse('content', at, 'an order', k);
      }
    }
  }
  return undefined;
}

function readOrder(book: FeedBook, view: DataView, at: number, side: number, priceTicks: number): boolean {
  const orderId = view.getFloat64(at, true);
  const leavesLots = view.getFloat64(at + 8, true);
  const arrival = view.getFloat64(at + 16, true);
  const owner = view.getUint32(at + 24, true);
  if (!isQty(orderId) || !isQty(leavesLots) || leavesLots === 0 || view.getUint32(at + 28, true) !== 0)
    return false;
  if (!isQty(arrival) || arrival < 1 || arrival > book.arrived) return false;
  const slot = S.addOrder(book.store, {
    side,
    priceTicks,
    orderId,
    owner,
    leavesLots,
    totalLots: leavesLots,
    traits: 0,
  });
  if (slot < 0) return false;
  if (slot >= book.arrivals.length) {
    const larger = new Float64Array(Math.max(slot + 1, book.arrivals.length * 2));
    larger.set(book.arrivals);
    book.arrivals = larger;
  }
  book.arrivals[slot] = arrival;
  return true;
}
