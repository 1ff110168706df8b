/**
 * A toy exchange that writes LOBSTER files: a list of orders, and everything else computed from it anew, so
 * that nothing here can share a mistake with an import. A row is written for what changes the levels that it
 * shows, as LOBSTER does; what happens beyond them is not told.
 */
import type { RandomStream } from '@truetape/kernel';

interface Order {
  readonly id: number;
  /** 1 buy, −1 sell. */
  readonly direction: number;
  /** Dollars × 10,000. */
  readonly price: number;
  size: number;
}

export interface ExchangeConfig {
  readonly random: Pick<RandomStream, 'nextInt'>;
  /** Levels that rows show. */
  readonly depth: number;
  /** Rows to write. */
  readonly rows: number;
  /** What happens before the first row is written. */
  readonly unseen: number;
  /** Orders that the exchange tries to have; with few of them sides run empty. */
  readonly orders: number;
  readonly price: number;
  /** In the files' own unit. */
  readonly tick: number;
}

export interface LobsterFiles {
  /** Lines without their line ends. */
  readonly messages: string[];
  readonly rows: string[];
}

interface Exchange extends ExchangeConfig {
  readonly book: Order[];
  readonly files: LobsterFiles;
  timeNs: bigint;
  nextId: number;
}

/** Best first, first in time first: the list keeps the order of time, and sorting is stable. */
function queueOf({ book }: Exchange, direction: number): Order[] {
  return book
    .filter((order) => order.direction === direction)
    .sort((a, b) => (b.price - a.price) * direction);
}

function levelsOf(exchange: Exchange, direction: number): (readonly [price: number, size: number])[] {
  const levels = new Map<number, number>();
  for (const { price, size } of queueOf(exchange, direction))
    levels.set(price, (levels.get(price) ?? 0) + size);
  return [...levels].slice(0, exchange.depth);
}

function rowOf(exchange: Exchange): string {
  const asks = levelsOf(exchange, -1);
  const bids = levelsOf(exchange, 1);
  return Array.from({ length: exchange.depth }, (_, k) => [
    ...(asks[k] ?? [9_999_999_999, 0]),
    ...(bids[k] ?? [-9_999_999_999, 0]),
  ]).join(',');
}

const draw = (exchange: Exchange, bound: number): number => exchange.random.nextInt(bound);
const between = (exchange: Exchange, low: number, high: number): number =>
  low + draw(exchange, high - low + 1);

/** Seconds with nine digits behind the point. */
function timeText(ns: bigint): string {
  return `${ns / 1_000_000_000n}.${String(ns % 1_000_000_000n).padStart(9, '0')}`;
}

/** Carries a message out, and writes it with the row behind it where the row shows it. */
function tell(
  exchange: Exchange,
  type: number,
  { id, direction, price }: Pick<Order, 'id' | 'direction' | 'price'>,
  size: number,
  change: () => void = () => undefined,
): void {
  exchange.timeNs += BigInt(between(exchange, 0, 3) === 0 ? 0 : between(exchange, 1, 90_000_000));
  const before = rowOf(exchange);
  change();
  const after = rowOf(exchange);
  if (type <= 4 && before === after) return;
  exchange.files.messages.push([timeText(exchange.timeNs), type, id, size, price, direction].join(','));
  exchange.files.rows.push(after);
}

function remove({ book }: Exchange, order: Order): void {
  book.splice(book.indexOf(order), 1);
}

function submit(exchange: Exchange): void {
  const direction = draw(exchange, 2) === 0 ? 1 : -1;
  const other = queueOf(exchange, -direction)[0]?.price ?? exchange.price + direction * exchange.tick;
  // Near the other side more often than far from it.
  const away = Math.min(between(exchange, 1, 4) * between(exchange, 1, 4), 14);
  const price = other - direction * exchange.tick * away;
  const order = {
    id: exchange.nextId,
    direction,
    price,
    size: between(exchange, 1, 4) * 50 + between(exchange, 0, 9),
  };
  exchange.nextId += between(exchange, 1, 9);
  tell(exchange, 1, order, order.size, () => exchange.book.push(order));
}

/** An order, one near the best prices more often. */
function anyOrder(exchange: Exchange): Order | undefined {
  const queue = queueOf(exchange, draw(exchange, 2) === 0 ? 1 : -1);
  return queue[Math.min(draw(exchange, 12), draw(exchange, 12), queue.length - 1)];
}

function reduce(exchange: Exchange): void {
  const order = anyOrder(exchange);
  if (order === undefined || order.size < 2) return;
  const size = between(exchange, 1, order.size - 1);
  tell(exchange, 2, order, size, () => (order.size -= size));
}

function withdraw(exchange: Exchange): void {
  const order = anyOrder(exchange);
  if (order !== undefined) tell(exchange, 3, order, order.size, () => remove(exchange, order));
}

/** A market order: a message for each order that it meets, all at one time. */
function trade(exchange: Exchange): void {
  const direction = draw(exchange, 2) === 0 ? 1 : -1;
  let rest = between(exchange, 1, 400);
  for (const order of queueOf(exchange, direction)) {
    if (rest === 0) return;
    const size = Math.min(rest, order.size);
    rest -= size;
    tell(exchange, 4, order, size, () => {
      order.size -= size;
      if (order.size === 0) remove(exchange, order);
    });
  }
}

/** A hidden order trades between the best prices, half a tick off the grid at times. */
function tradeHidden(exchange: Exchange): void {
  const direction = draw(exchange, 2) === 0 ? 1 : -1;
  const best = queueOf(exchange, direction)[0]?.price;
  if (best === undefined) return;
  const price = best + (draw(exchange, 2) * direction * exchange.tick) / 2;
  tell(exchange, 5, { id: 0, direction, price }, between(exchange, 1, 300));
}

function cross(exchange: Exchange): void {
  const found = draw(exchange, 3) > 0;
  const price = found ? exchange.price : 0;
  tell(exchange, 6, { id: -1, direction: -1, price }, found ? between(exchange, 1, 9) * 1000 : 0);
}

function halt(exchange: Exchange): void {
  for (const price of [-1, 0, 1]) tell(exchange, 7, { id: 0, direction: -1, price }, 0);
}

function step(exchange: Exchange): void {
  const dice = draw(exchange, 100);
  const crowded = exchange.book.length >= exchange.orders;
  if (dice < (crowded ? 36 : 60)) submit(exchange);
  else if (dice < 70) withdraw(exchange);
  else if (dice < 78) reduce(exchange);
  else if (dice < 93) trade(exchange);
  else if (dice < 98) tradeHidden(exchange);
  else if (dice < 99) cross(exchange);
  else halt(exchange);
}

/** Runs the exchange until its files have their rows. */
export function writeLobster(config: ExchangeConfig): LobsterFiles {
  const exchange: Exchange = {
    ...config,
    book: [],
    files: { messages: [], rows: [] },
    timeNs: 34_200_000_000_000n,
    nextId: 16_113_575,
  };
  const { messages, rows } = exchange.files;
  for (let k = 0; k < config.unseen; k++) step(exchange);
  messages.length = 0;
  rows.length = 0;
  while (messages.length < config.rows) step(exchange);
  messages.length = config.rows;
  rows.length = config.rows;
  return exchange.files;
}
