/**
 * The peer of the book benchmark: `nodejs-order-book`, from npm, in the same process and on the same commands.
 *
 * It has no typed entry that resolves, and is there for development alone: the shape used is declared here, and where
 * the package is missing (as in an installed truetape) the benchmark says so.
 */
import { createRequire } from 'node:module';
import {
  COMMAND_CELLS,
  IOC,
  isOrderId,
  MARKET,
  OP_CANCEL,
  opOf,
  SELL,
  sideOf,
  tifOf,
  typeOf,
} from '@truetape/book';
import type { CommandBuffer } from '@truetape/book';

interface PeerResult {
  readonly done: readonly { readonly id: string }[];
  readonly partial: { readonly id: string } | null;
  readonly quantityLeft: number;
  readonly err: unknown;
}

/** Of the package's book, what a workload asks for. */
export interface PeerBook {
  limit(order: object): PeerResult;
  market(order: object): PeerResult;
  cancel(id: string): unknown;
}

/** Trades of a book: how many, and of how many lots. */
export interface Traded {
  trades: number;
  lots: number;
}

/** The peer's constructor; undefined where it is not installed. */
export function loadPeer(): (() => PeerBook) | undefined {
  try {
    const { OrderBook } = createRequire(import.meta.url)('nodejs-order-book') as {
      OrderBook: new () => PeerBook;
    };
    return () => new OrderBook();
  } catch {
    return undefined;
  }
}

/** A command as the peer takes it; made before the clock starts. */
export interface PeerCommand {
  readonly kind: 'limit' | 'market' | 'cancel';
  readonly id: string;
  readonly size: number;
  readonly order: object;
}

export function peerCommands(commands: CommandBuffer, from: number, to: number): PeerCommand[] {
  const { f64, u32 } = commands;
  const list: PeerCommand[] = [];
  for (let k = from; k < to; k++) {
    const cell = k * COMMAND_CELLS;
    const code = u32[cell * 2];
    if (!isOrderId(f64[cell + 1])) throw new Error('a workload names its orders');
    const id = String(f64[cell + 1]);
    const size = f64[cell + 3];
    const side = sideOf(code) === SELL ? 'sell' : 'buy';
    if (opOf(code) === OP_CANCEL) {
      list.push({ kind: 'cancel', id, size: 0, order: {} });
    } else if (typeOf(code) === MARKET) {
      list.push({ kind: 'market', id, size, order: { side, size } });
    } else {
      const timeInForce = tifOf(code) === IOC ? 'IOC' : 'GTC';
      list.push({ kind: 'limit', id, size, order: { side, id, size, price: f64[cell + 2], timeInForce } });
    }
  }
  return list;
}

/** Executes one command, and counts its trades: makers that were filled, and one that was partly. */
export function applyToPeer(book: PeerBook, command: PeerCommand, traded: Traded): void {
  if (command.kind === 'cancel') {
    book.cancel(command.id);
    return;
  }
  const result = command.kind === 'market' ? book.market(command.order) : book.limit(command.order);
  if (result.quantityLeft === command.size) return;
  traded.lots += command.size - result.quantityLeft;
  for (const order of result.done) if (order.id !== command.id) traded.trades += 1;
  if (result.partial !== null && result.partial.id !== command.id) traded.trades += 1;
}
