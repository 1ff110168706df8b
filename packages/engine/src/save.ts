/**
 * An engine between two steps as plain values, and back. Ledger and gate are saved by their own packages and
 * handed in anew; strategies are made anew, and get their state back.
 */
import { SIDE_BUY, SIDE_SELL, fromBase64, toBase64 } from '@truetape/contracts';
import { assert, restoreStream } from '@truetape/kernel';
import { levelsOf, resetBook, setLevel } from '@truetape/marketdata';
import type { BookStatus, DepthBook } from '@truetape/marketdata';
import { restoreOrders, saveOrders } from '@truetape/orders';
import type { MutableOrder } from './own-order.ts';
import type { Engine, MarketState, ParentOrder, StrategyRun } from './state.ts';

type Level = readonly [priceTicks: number, qtyLots: number];

interface SavedBook {
  readonly status: BookStatus;
  readonly lastUpdateId: number;
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
}

/** Members of a market that stand in a saved one as they are. */
const MARKET_KEYS = [
  'bidTicks',
  'bidLots',
  'askTicks',
  'askLots',
  'lastTicks',
  'lastSide',
  'markFine',
  'fundingE12',
  'isCertain',
  'seenNs',
  'causeSeq',
  'causeTape',
  'isDepthChanged',
] as const;
type MarketKey = (typeof MARKET_KEYS)[number];

/** Members of a run that stand in a saved one as they are. */
const RUN_KEYS = [
  'positions',
  'netValues',
  'fundings',
  'barStates',
  'targetIntents',
  'targetLots',
  'idleCodes',
  'deniedCode',
] as const;
type RunKey = (typeof RUN_KEYS)[number];

interface SavedRun extends Pick<StrategyRun, RunKey> {
  readonly name: string;
  readonly timers: Map<number, number>;
  readonly streams: readonly (readonly [string, unknown])[];
  readonly state: object;
}

/** Plain values: see `toPlain`. */
export interface SavedEngine {
  readonly timeNs: number;
  readonly killSeq: number;
  readonly nextOrderId: number;
  readonly nextIntentId: number;
  readonly isStarted: boolean;
  readonly parents: Map<number, ParentOrder>;
  readonly markets: readonly (Pick<MarketState, MarketKey> & {
    readonly book: SavedBook;
    readonly open: readonly number[];
  })[];
  readonly own: readonly MutableOrder[];
  readonly orders: string;
  readonly runs: readonly SavedRun[];
}

const pick = <T extends object, K extends keyof T>(from: T, keys: readonly K[]): Pick<T, K> =>
  Object.fromEntries(keys.map((key) => [key, from[key]])) as Pick<T, K>;

function saveBook(book: DepthBook): SavedBook {
  const side = (code: number): Level[] =>
    levelsOf(book, code).map(({ priceTicks, qtyLots }) => [priceTicks, qtyLots]);
  const { status, lastUpdateId } = book;
  return { status, lastUpdateId, bids: side(SIDE_BUY), asks: side(SIDE_SELL) };
}

function restoreBook(book: DepthBook, { status, lastUpdateId, bids, asks }: SavedBook): void {
  resetBook(book, status, lastUpdateId);
  for (const [priceTicks, qtyLots] of bids) setLevel(book, SIDE_BUY, priceTicks, qtyLots);
  for (const [priceTicks, qtyLots] of asks) setLevel(book, SIDE_SELL, priceTicks, qtyLots);
}

/** What the engine knows. Complexity: all of its books and orders. */
export function saveEngine(engine: Engine): SavedEngine {
  const { timeNs, killSeq, nextOrderId, nextIntentId, isStarted, parents } = engine;
  return {
    timeNs,
    killSeq,
    nextOrderId,
    nextIntentId,
    isStarted,
    parents,
    markets: engine.views.map((market) => ({
      ...pick(market, MARKET_KEYS),
      book: saveBook(market.book),
      open: market.open.map(({ orderId }) => orderId),
    })),
    own: [...engine.own.values()],
    orders: toBase64(saveOrders(engine.orders)),
    runs: engine.runs.map((run) => ({
      ...pick(run, RUN_KEYS),
      name: run.name,
      timers: run.timers,
      streams: [...run.streams].map(([purpose, stream]) => [purpose, stream.save()] as const),
      state: run.strategy.state,
    })),
  };
}

/**
 * Lets an engine that was just made, of the same configuration, be the one that was saved.
 *
 * Throws on ENGINE-7 where the state is of another configuration.
 */
export function restoreEngine(engine: Engine, saved: SavedEngine): void {
  const { views, runs } = engine;
  assert(
    saved.markets.length === views.length && saved.runs.length === runs.length,
    'ENGINE-7',
    'a state of the same markets and strategies',
  );
  const orders = restoreOrders(fromBase64(saved.orders)!);
  assert(orders.ok, 'ENGINE-7', 'orders that were saved');
  engine.orders = orders.value;
  const { timeNs, killSeq, nextOrderId, nextIntentId, isStarted } = saved;
  Object.assign(engine, { timeNs, killSeq, nextOrderId, nextIntentId, isStarted });
  for (const [id, parent] of saved.parents) engine.parents.set(id, parent);
  for (const order of saved.own) engine.own.set(order.orderId, order);
  for (const [k, market] of views.entries()) {
    const { book, open, ...rest } = saved.markets[k];
    Object.assign(market, rest);
    restoreBook(market.book, book);
    market.open.push(...open.map((id) => engine.own.get(id)!));
  }
  for (const [k, run] of runs.entries()) restoreRun(run, saved.runs[k]);
}

function restoreRun(run: StrategyRun, saved: SavedRun): void {
  assert(saved.name === run.name, 'ENGINE-7', 'a state of the same strategy');
  const { timers, streams, state } = saved;
  Object.assign(run, pick(saved, RUN_KEYS));
  for (const [id, dueNs] of timers) run.timers.set(id, dueNs);
  for (const [purpose, words] of streams) {
    const stream = restoreStream(words);
    assert(stream.ok, 'ENGINE-7', 'a stream that was saved');
    run.streams.set(purpose, stream.value);
  }
  // Whoever made the strategy holds this object: it stays, with other members.
  const own = run.strategy.state as { [key: string]: unknown };
  for (const key of Object.keys(own)) delete own[key];
  Object.assign(own, state);
}
