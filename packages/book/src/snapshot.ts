/**
 * A book as bytes: deterministic, versioned, the same whichever implementation held it. Little-endian:
 *
 *     byte  0  magic        "TTBOOK\r\n"
 *           8  u32 version  1
 *          12  u32 instrument
 *          16  u32 ordersMax
 *          20  u32 orders   of the whole book
 *          24  u64 trades   so far
 *          32  u32 bids     levels
 *          36  u32 asks     levels
 *          40  levels: bids, then asks, each best first
 *
 *     level 0  i32 priceTicks | u32 orders ≥ 1, which follow, first in time first
 *     order 0  u64 orderId
 *           8  u64 leavesLots
 *          16  u64 totalLots
 *          24  u32 owner
 *          28  u8 stp | u8 postOnly | u16 0
 *
 * The length follows from the header: 40 + 8 × levels + 32 × orders. The magic's line end shows a transfer
 * that rewrote line ends. Alternative considered: JSON, six times the size; and the state
 * hash is over these bytes.
 */
import { err, N_MAX, ok, type Result } from '@truetape/contracts';
import { sha256Of, toHex, type Sha256 } from '@truetape/kernel';
import { ORDERS_LIMIT } from './book.ts';
import type {
  Book,
  BookConfig,
  RestingOrder,
  SideWriter,
  RestorableBook,
  Restored,
  SnapshotError,
  SnapshotErrorCode,
} from './book.ts';
import { BUY, POST_ONLY_SLIDE, SELL, STP_DECREMENT } from './command.ts';

/** Version of the bytes, and of the hash over them. */
export const SNAPSHOT_VERSION = 1;

const MAGIC = [0x54, 0x54, 0x42, 0x4f, 0x4f, 0x4b, 0x0d, 0x0a];
const HEADER_BYTES = 40;
const LEVEL_BYTES = 8;
const ORDER_BYTES = 32;
const INSTRUMENT_MAX = 65_535;
const TWO_32 = 4_294_967_296;
/** "truetape/book/1": what keeps this hash apart from any other over the same bytes. */
const HASH_PREFIX = Uint8Array.from([
  0x74, 0x72, 0x75, 0x65, 0x74, 0x61, 0x70, 0x65, 0x2f, 0x62, 0x6f, 0x6f, 0x6b, 0x2f, 0x31,
]);

/** The canonical bytes of a book's state. Complexity: all of the book. */
export function saveBook(book: Book): Uint8Array {
  const orders = book.orderCount();
  const { sides } = book;
  // No more levels than orders.
  const levelsMax = sides?.levelCount() ?? orders;
  const bytes = new Uint8Array(HEADER_BYTES + levelsMax * LEVEL_BYTES + orders * ORDER_BYTES);
  const view = new DataView(bytes.buffer);
  const levels = sides === undefined ? putVisited(book, view) : putSides(sides, bytes);
  bytes.set(MAGIC);
  view.setUint32(8, SNAPSHOT_VERSION, true);
  view.setUint32(12, book.instrument, true);
  view.setUint32(16, book.ordersMax, true);
  view.setUint32(20, orders, true);
  setU64(view, 24, book.tradeCount());
  view.setUint32(32, levels[0], true);
  view.setUint32(36, levels[1], true);
  const size = HEADER_BYTES + (levels[0] + levels[1]) * LEVEL_BYTES + orders * ORDER_BYTES;
  return size === bytes.length ? bytes : bytes.slice(0, size);
}

/** Writes levels and orders by visiting them. */
function putVisited(book: Book, view: DataView): number[] {
  const levels = [0, 0];
  let at = HEADER_BYTES;
  let levelAt = 0;
  let levelSide = 0;
  let levelTicks = 0;
  book.visit((side, priceTicks, order) => {
    if (side !== levelSide || priceTicks !== levelTicks) {
      levelAt = at;
      levelSide = side;
      levelTicks = priceTicks;
      view.setInt32(at, priceTicks, true);
      levels[side === BUY ? 0 : 1]++;
      at += LEVEL_BYTES;
    }
    view.setUint32(levelAt + 4, view.getUint32(levelAt + 4, true) + 1, true);
    writeOrder(view, at, order);
    at += ORDER_BYTES;
  });
  return levels;
}

/** The same in an implementation's own way. */
function putSides(sides: SideWriter, bytes: Uint8Array): number[] {
  const into = new Int32Array(bytes.buffer);
  const levels: number[] = [];
  const behind = sides.putSide(BUY, into, HEADER_BYTES / 4, levels);
  sides.putSide(SELL, into, behind, levels);
  return levels;
}

/**
 * SHA-256 of "truetape/book/1" and the book's bytes, as lower-case hexadecimal text: equal states of any
 * implementation have equal hashes. Complexity: all of the book.
 */
export function hashBook(book: Book, sha256: Sha256): string {
  return toHex(sha256Of(sha256, HASH_PREFIX, saveBook(book)));
}

/**
 * A book from the bytes of another, of whichever implementation `create` makes.
 *
 * Errors: `short` for bytes that end too early, `magic`, `version`, `length` for bytes behind the end or
 * counts that contradict each other, `content` for a state that no book can be in. Nothing is made before all
 * is checked. Complexity: all of the book.
 */
export function restoreBook(bytes: Uint8Array, create: (config: BookConfig) => RestorableBook): Restored {
  const read = readSnapshot(bytes);
  if (!read.ok) return read;
  const { instrument, ordersMax, trades, placed } = read.value;
  const book = create({ instrument, ordersMax });
  for (const { side, priceTicks, order } of placed) book.place(side, priceTicks, order);
  book.setTradeCount(trades);
  return ok(book);
}

function writeOrder(view: DataView, at: number, order: RestingOrder): void {
  setU64(view, at, order.orderId);
  setU64(view, at + 8, order.leavesLots);
  setU64(view, at + 16, order.totalLots);
  view.setUint32(at + 24, order.owner, true);
  view.setUint8(at + 28, order.stp);
  view.setUint8(at + 29, order.postOnly);
}

function setU64(view: DataView, at: number, value: number): void {
  view.setUint32(at, value % TWO_32, true);
  view.setUint32(at + 4, Math.floor(value / TWO_32), true);
}

/** The number at a place; exact up to 2^53, and any larger one is at least 2^53, hence refused. */
function getU64(view: DataView, at: number): number {
  return view.getUint32(at + 4, true) * TWO_32 + view.getUint32(at, true);
}

// ---- reading ------------------------------------------------------------------------------------------------

interface Placed {
  readonly side: number;
  readonly priceTicks: number;
  readonly order: RestingOrder;
}

interface Header {
  readonly instrument: number;
  readonly ordersMax: number;
  readonly orders: number;
  readonly trades: number;
  readonly bids: number;
  readonly asks: number;
}

interface Snapshot extends Header {
  readonly placed: readonly Placed[];
}

/** Where reading stands. */
interface Reading {
  readonly view: DataView;
  readonly placed: Placed[];
  readonly ids: Set<number>;
  at: number;
}

function readSnapshot(bytes: Uint8Array): Result<Snapshot, SnapshotError> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const header = readHeader(view);
  if (!header.ok) return header;
  const { orders, bids, asks } = header.value;
  const reading: Reading = { view, placed: [], ids: new Set(), at: HEADER_BYTES };
  const bestBid = readSide(reading, BUY, bids, orders);
  if (!bestBid.ok) return bestBid;
  const asksAt = reading.at;
  const bestAsk = readSide(reading, SELL, asks, orders);
  if (!bestAsk.ok) return bestAsk;
  if (reading.placed.length !== orders)
    return refuse('length', 20, `${orders} orders`, String(reading.placed.length));
  if (bids > 0 && asks > 0 && bestAsk.value <= bestBid.value)
    return refuse('content', asksAt, `an ask above the bid ${bestBid.value}`, String(bestAsk.value));
  return ok({ ...header.value, placed: reading.placed });
}

function readHeader(view: DataView): Result<Header, SnapshotError> {
  const size = view.byteLength;
  for (let at = 0; at < MAGIC.length; at++) {
    if (at >= size) return refuse('short', size, `${HEADER_BYTES} bytes at least`, String(size));
    const found = view.getUint8(at);
    if (found !== MAGIC[at]) return refuse('magic', at, hexOf(MAGIC[at]), hexOf(found));
  }
  if (size < HEADER_BYTES) return refuse('short', size, `${HEADER_BYTES} bytes at least`, String(size));
  const version = view.getUint32(8, true);
  if (version !== SNAPSHOT_VERSION) return refuse('version', 8, String(SNAPSHOT_VERSION), String(version));
  const header: Header = {
    instrument: view.getUint32(12, true),
    ordersMax: view.getUint32(16, true),
    orders: view.getUint32(20, true),
    trades: getU64(view, 24),
    bids: view.getUint32(32, true),
    asks: view.getUint32(36, true),
  };
  const { instrument, ordersMax, orders, trades, bids, asks } = header;
  if (instrument > INSTRUMENT_MAX)
    return refuse('content', 12, `an instrument up to ${INSTRUMENT_MAX}`, String(instrument));
  if (ordersMax < 1 || ordersMax > ORDERS_LIMIT)
    return refuse('content', 16, `room for 1 … ${ORDERS_LIMIT} orders`, String(ordersMax));
  if (orders > ordersMax) return refuse('content', 20, `at most ${ordersMax} orders`, String(orders));
  if (trades > N_MAX) return refuse('content', 24, 'a count up to 2^53−1', String(trades));
  const expected = HEADER_BYTES + (bids + asks) * LEVEL_BYTES + orders * ORDER_BYTES;
  if (size < expected) return refuse('short', size, `${expected} bytes`, String(size));
  if (size > expected) return refuse('length', expected, `${expected} bytes`, String(size));
  return ok(header);
}

/** Reads a side; its best price. */
function readSide(
  reading: Reading,
  side: number,
  levels: number,
  ordersMax: number,
): Result<number, SnapshotError> {
  const { view, placed } = reading;
  let best = 0;
  let previous = 0;
  for (let level = 0; level < levels; level++) {
    // In bounds: the header's counts gave the length, and orders are read while they are within its count.
    const priceTicks = view.getInt32(reading.at, true);
    const orders = view.getUint32(reading.at + 4, true);
    if (level === 0) best = priceTicks;
    else if (side === BUY ? priceTicks >= previous : priceTicks <= previous)
      return refuse('content', reading.at, `a price behind ${previous}`, String(priceTicks));
    if (orders === 0) return refuse('content', reading.at + 4, 'orders at a level', '0');
    if (orders > ordersMax - placed.length)
      return refuse('length', reading.at + 4, `${ordersMax - placed.length} orders at most`, String(orders));
    previous = priceTicks;
    reading.at += LEVEL_BYTES;
    const queue = readQueue(reading, side, priceTicks, orders);
    if (!queue.ok) return queue;
  }
  return ok(best);
}

function readQueue(
  reading: Reading,
  side: number,
  priceTicks: number,
  orders: number,
): Result<undefined, SnapshotError> {
  let sum = 0;
  for (let queued = 0; queued < orders; queued++) {
    const { at } = reading;
    const order = readOrder(reading);
    if (!order.ok) return order;
    const { leavesLots } = order.value;
    if (leavesLots > N_MAX - sum)
      return refuse('content', at + 8, 'a level up to 2^53−1', String(leavesLots));
    sum += leavesLots;
    reading.placed.push({ side, priceTicks, order: order.value });
  }
  return ok(undefined);
}

function readOrder(reading: Reading): Result<RestingOrder, SnapshotError> {
  const { view, ids, at } = reading;
  const order: RestingOrder = {
    orderId: getU64(view, at),
    owner: view.getUint32(at + 24, true),
    leavesLots: getU64(view, at + 8),
    totalLots: getU64(view, at + 16),
    stp: view.getUint8(at + 28),
    postOnly: view.getUint8(at + 29),
  };
  const { orderId, leavesLots, totalLots, stp, postOnly } = order;
  if (orderId > N_MAX) return refuse('content', at, 'an id up to 2^53−1', String(orderId));
  if (ids.has(orderId)) return refuse('content', at, 'an id that no other order has', String(orderId));
  if (totalLots < 1 || totalLots > N_MAX)
    return refuse('content', at + 16, 'a whole quantity in 1 … 2^53−1', String(totalLots));
  if (leavesLots < 1 || leavesLots > totalLots)
    return refuse('content', at + 8, `a remainder in 1 … ${totalLots}`, String(leavesLots));
  if (stp > STP_DECREMENT) return refuse('content', at + 28, 'a self-trade mode', String(stp));
  if (postOnly > POST_ONLY_SLIDE) return refuse('content', at + 29, 'a post-only choice', String(postOnly));
  const spare = view.getUint16(at + 30, true);
  if (spare !== 0) return refuse('content', at + 30, '0', String(spare));
  ids.add(orderId);
  reading.at = at + ORDER_BYTES;
  return ok(order);
}

const hexOf = (byte: number): string => `0x${byte.toString(16).padStart(2, '0')}`;

function refuse(
  code: SnapshotErrorCode,
  offsetBytes: number,
  expected: string,
  found: string,
): { readonly ok: false; readonly error: SnapshotError } {
  return err({ code, offsetBytes, expected, found });
}
