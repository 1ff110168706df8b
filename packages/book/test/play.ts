// Commands in, reports out: how the tests talk to a book.
import { createHash } from 'node:crypto';
import {
  BUY,
  SELL,
  createCommands,
  createReports,
  decodeReport,
  encodeCommand,
  type Book,
  type BookConfig,
  type Command,
  type Report,
  type ReportBuffer,
  type RestorableBook,
} from '@truetape/book';
import type { Sha256 } from '@truetape/kernel';

/** Makes a book: what a suite that runs over every implementation is given. */
export type CreateBook = (config?: BookConfig) => RestorableBook;

export const sha256: Sha256 = () => createHash('sha256');

/** Applies commands one after another; all reports. */
export function play(book: Book, ...commands: readonly Command[]): Report[] {
  return told(playRaw(book, commands));
}

export function playRaw(book: Book, commands: readonly Command[]): ReportBuffer {
  const buffer = createCommands(commands.length);
  const reports = createReports(4);
  commands.forEach((command, k) => {
    encodeCommand(buffer, k, command);
    book.apply(buffer, k, reports);
  });
  return reports;
}

export const told = (reports: ReportBuffer): Report[] =>
  Array.from({ length: reports.count }, (_, k) => decodeReport(reports, k));

/** A limit order; `more` changes what is usual. */
export function limit(
  orderId: number,
  side: 'buy' | 'sell',
  priceTicks: number,
  qtyLots: number,
  more: Partial<Command> = {},
): Command {
  return { op: 'new', orderId, side, type: 'limit', priceTicks, qtyLots, ...more };
}

export function market(
  orderId: number,
  side: 'buy' | 'sell',
  qtyLots: number,
  more: Partial<Command> = {},
): Command {
  return { op: 'new', orderId, side, type: 'market', qtyLots, ...more };
}

/** Everything that a book says of itself, in a form that shows where two differ. */
export function stateOf(book: Book): unknown {
  const orders: unknown[] = [];
  book.visit((side, priceTicks, order) => orders.push({ side, priceTicks, ...order }));
  const top = { bidTicks: 0, bidLots: 0, bidOrders: 0, askTicks: 0, askLots: 0, askOrders: 0 };
  book.readTop(top);
  return {
    count: book.orderCount(),
    trades: book.tradeCount(),
    top,
    bids: book.levels(BUY),
    asks: book.levels(SELL),
    orders,
  };
}

/** One code of a rejection, or undefined where the command was not rejected. */
export function codeOf(reports: readonly Report[]): string | undefined {
  return reports[0].kind === 'rejected' ? reports[0].reason : undefined;
}
