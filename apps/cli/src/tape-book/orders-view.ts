/** A book order by order, as JSON and for people: levels with their orders, and the queue at each price. */
import { NONE } from '@truetape/contracts';
import type { DefineTables, JsonObject } from '@truetape/contracts';
import {
  BUY,
  SELL,
  feedLevels,
  feedOrderCount,
  feedQueue,
  hashFeedBook,
  isFeedCrossed,
} from '@truetape/book';
import type { BookLevel, FeedOrder } from '@truetape/book';
import { nodePorts } from '@truetape/host';
import { toHex } from '@truetape/kernel';
import { ladderLines, levelJson, placeText, priceText, qtyText } from './ladder-text.ts';
import type { BookState, BooksAt } from './read-books.ts';

export interface OrdersView {
  readonly levels: number;
  /** The queue at each price, not its sum alone. */
  readonly queues: boolean;
}

/** The text that names an order: its Alias where it has one. */
function orderText(at: BooksAt, orderId: number): string {
  return at.aliases.get(orderId) ?? String(orderId);
}

/** The name of an account; empty for none. */
function accountText(tables: DefineTables, account: number): string {
  return account === 0 ? '' : (tables.account.byIndex[account]?.name ?? `#${account}`);
}

function orderJson(state: BookState, at: BooksAt, order: FeedOrder): JsonObject {
  const alias = at.aliases.get(order.orderId);
  return {
    orderId: order.orderId,
    ...(alias === undefined ? {} : { alias }),
    ...(order.account === 0 ? {} : { account: accountText(state.tables, order.account) }),
    ...(at.qty === undefined ? {} : { qty: qtyText(at, order.leavesLots) }),
    leavesLots: order.leavesLots,
  };
}

function sideJson(state: BookState, at: BooksAt, side: number, view: OrdersView): JsonObject[] {
  const { book } = at.orders;
  return feedLevels(book, side, view.levels).map((level) => ({
    ...levelJson(at, level),
    orders: level.orders,
    ...(view.queues
      ? { queue: feedQueue(book, side, level.priceTicks).map((order) => orderJson(state, at, order)) }
      : {}),
  }));
}

export function ordersJson(state: BookState, at: BooksAt, view: OrdersView): JsonObject {
  const { book, seq, timeNs } = at.orders;
  const { incoming } = book;
  return {
    instrument: at.instrument,
    seq,
    timeNs: String(timeNs),
    status: book.status,
    lastUpdateId: book.lastUpdateId === NONE ? null : book.lastUpdateId,
    // In the middle of a message the book is between two states of the venue.
    inMessage: book.inMessage,
    ordersToCome: book.ordersToCome,
    incoming:
      incoming.orderId === NONE
        ? null
        : {
            side: incoming.side === BUY ? 'buy' : 'sell',
            price: priceText(at, incoming.priceTicks),
            ...orderJson(state, at, incoming),
          },
    crossed: isFeedCrossed(book),
    knownLow: priceText(at, book.knownLowTicks),
    knownHigh: priceText(at, book.knownHighTicks),
    depthLimit: book.depthLimit === 0 ? null : book.depthLimit,
    unknown: book.unknown,
    duplicates: book.duplicates,
    conflicts: book.conflicts,
    refused: book.refused,
    skipped: state.skipped,
    orders: feedOrderCount(book),
    bidLevels: feedLevels(book, BUY).length,
    askLevels: feedLevels(book, SELL).length,
    ordersHash: toHex(hashFeedBook(book, nodePorts.sha256)),
    bids: sideJson(state, at, BUY, view),
    asks: sideJson(state, at, SELL, view),
  };
}

const counted = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;

function doubtsOf(state: BookState, at: BooksAt): string[] {
  const { book } = at.orders;
  const { incoming, unknown, duplicates, conflicts, refused } = book;
  const open =
    incoming.orderId === NONE
      ? ''
      : `: ${incoming.side === BUY ? 'buy' : 'sell'} order ${orderText(at, incoming.orderId)} has ` +
        `${qtyText(at, incoming.leavesLots)} left and does not rest yet`;
  const missing = book.status === 'empty' ? 'nothing was told of it yet' : 'orders or changes are missing';
  return [
    ...(book.status === 'live' ? [] : [`the book is ${book.status}: ${missing}`]),
    ...(book.ordersToCome > 0
      ? [`in the middle of a snapshot: ${book.ordersToCome} orders are to come`]
      : []),
    ...(book.inMessage && book.ordersToCome === 0 ? [`in the middle of a message${open}`] : []),
    ...(isFeedCrossed(book) ? ['the book is crossed'] : []),
    ...(unknown > 0
      ? [`${counted(unknown, 'fact names an order', 'facts name orders')} that it does not hold`]
      : []),
    ...(duplicates > 0
      ? [`${counted(duplicates, 'order has', 'orders have')} the id of one that rested`]
      : []),
    ...(conflicts > 0
      ? [`${counted(conflicts, 'fact does', 'facts do')} not follow from what was left`]
      : []),
    ...(refused > 0 ? [`${counted(refused, 'order has', 'orders have')} no place in it`] : []),
    ...(state.skipped > 0 ? [`the tape leaves ${counted(state.skipped, 'event', 'events')} out`] : []),
    ...(book.depthLimit > 0
      ? [`beyond ${counted(book.depthLimit, 'level', 'levels')} orders are as they were last seen`]
      : []),
  ];
}

/** The orders of a side, a line each: place, order, owner, what is left. */
function queueLines(state: BookState, at: BooksAt, side: number, levels: readonly BookLevel[]): string[] {
  const rows: string[][] = [];
  const heads: string[] = [];
  for (const { priceTicks, orders, qtyLots } of levels) {
    const price = `${side === BUY ? 'bid' : 'ask'} ${priceText(at, priceTicks) ?? ''}`;
    const head = `${price}: ${qtyText(at, qtyLots)} in ${counted(orders, 'order', 'orders')}`;
    feedQueue(at.orders.book, side, priceTicks).forEach((order, k) => {
      heads.push(k === 0 ? head : '');
      const { orderId, account, leavesLots } = order;
      const whose = accountText(state.tables, account);
      rows.push([String(k + 1), qtyText(at, leavesLots), orderText(at, orderId), whose]);
    });
  }
  const widths = [0, 1, 2].map((column) => Math.max(0, ...rows.map((row) => row[column].length)));
  return rows.flatMap((row, k) => {
    const [place, qty, order, whose] = row;
    const numbers = `  ${place.padStart(widths[0])}  ${qty.padStart(widths[1])}`;
    const line = `${numbers}  ${order.padEnd(widths[2])}  ${whose}`.trimEnd();
    return heads[k] === '' ? [line] : [heads[k], line];
  });
}

export function ordersLines(state: BookState, at: BooksAt, view: OrdersView): string[] {
  const { book } = at.orders;
  const id = book.lastUpdateId === NONE ? '' : `, update id ${book.lastUpdateId}`;
  const bids = feedLevels(book, BUY, view.levels);
  const asks = feedLevels(book, SELL, view.levels);
  const cells = ({ priceTicks, orders, qtyLots }: BookLevel): readonly string[] => [
    String(orders),
    qtyText(at, qtyLots),
    priceText(at, priceTicks) ?? '',
  ];
  const body = view.queues
    ? [...queueLines(state, at, BUY, bids), ...queueLines(state, at, SELL, asks)]
    : ladderLines(['orders', 'qty', 'bid'], ['ask', 'qty', 'orders'], {
        bids: bids.map(cells),
        asks: asks.map((level) => cells(level).toReversed()),
      });
  return [
    `${placeText(at, at.orders)}${id}`,
    `${book.status}, ${counted(feedOrderCount(book), 'order', 'orders')} in ` +
      `${feedLevels(book, BUY).length} bids and ${feedLevels(book, SELL).length} asks`,
    ...doubtsOf(state, at).map((doubt) => `doubt: ${doubt}`),
    '',
    ...body,
  ];
}
