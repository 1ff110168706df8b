/**
 * What a feed of levels and trades would have told of an order-by-order tape: the same market with the orders left
 * out, as records that a venue takes.
 *
 * Each match is a Trade, and each change of a level a Level with its total. At once, the records of a message are one
 * message of the feed. Every so often (`everyNs`), trades come at once and levels when an interval has ended, each
 * that changed once, as feeds of aggregated depth do. Behind a gap nothing but the gap is told; a snapshot of orders
 * becomes one of levels.
 */
import {
  applyFeedRecord,
  CHANGE_CELLS,
  createFeedBook,
  feedLevelLots,
  feedLevels,
  readFeedTop,
} from '@truetape/book';
import type { BookTop, FeedBook, FeedBookStatus } from '@truetape/book';
import { BLANK, createRecordOut, encodeEvent, FLAG_LAST, Kind, NONE } from '@truetape/contracts';
import type { Epoch, Event, RecordBuffer, RecordOut } from '@truetape/contracts';
import { assert } from '@truetape/kernel';
import { levelKey, levelOfKey } from './liquidity.ts';

const SIDE_SHIFT = 4;
const TWO_32 = 4_294_967_296;
/** Codes of the vocabulary `feedStatus`. */
const GAP = 5;

const nAt = (i32: Int32Array, u32: Uint32Array, i: number): number => i32[i + 1] * TWO_32 + u32[i];

export interface DepthFeedConfig {
  readonly instrument: number;
  readonly epoch: Epoch;
  /** The tape begins without orders, as a venue's own does. */
  readonly startsEmpty: boolean;
  /** How often levels are told; 0: at once. */
  readonly everyNs: number;
}

/** Its `out` is drained by the caller, by setting `words` to 0. */
export interface DepthFeed {
  readonly config: DepthFeedConfig;
  readonly feed: FeedBook;
  readonly out: RecordOut;
  /** What has been told of the book. */
  told: FeedBookStatus;
  /** Levels that changed and have not been told. */
  readonly changed: Set<number>;
  /** When they are; Infinity: nothing waits. */
  dueNs: number;
  /** Half word of the record in `out` that ends the message in progress, unless another follows; −1: none. */
  lastAt: number;
}

export function createDepthFeed(config: DepthFeedConfig): DepthFeed {
  return {
    config,
    feed: createFeedBook({ startsEmpty: config.startsEmpty, ordersMax: 16_777_216 }),
    out: createRecordOut(config.epoch, 1024),
    told: 'empty',
    changed: new Set(),
    dueNs: Infinity,
    lastAt: -1,
  };
}

/** Takes a checked record of the tape, of this instrument (or a status of the whole feed). */
export function takeForDepth(depth: DepthFeed, records: RecordBuffer, i: number, timeNs: number): void {
  const { feed, config, changed } = depth;
  const kind = (records.u32[i] >>> 16) & 0xff;
  applyFeedRecord(feed, records, i);
  if (kind === Kind.Fill) tellTrade(depth, records, i, timeNs);
  else if (kind === Kind.BookReset) loseBook(depth, timeNs);
  const { cells, count } = feed.changes;
  if (depth.told === 'live') {
    for (let at = 0; at < count * CHANGE_CELLS; at += CHANGE_CELLS) {
      if (config.everyNs > 0) changed.add(levelKey(cells[at], cells[at + 1]));
      else tellLevel(depth, cells[at], cells[at + 1], cells[at + 6], timeNs);
    }
    if (changed.size > 0 && depth.dueNs === Infinity)
      depth.dueNs = (Math.floor(timeNs / config.everyNs) + 1) * config.everyNs;
  }
  if (feed.inMessage) return;
  tellBook(depth, timeNs);
  endMessage(depth);
}

function endMessage(depth: DepthFeed): void {
  if (depth.lastAt >= 0) depth.out.u32[depth.lastAt] |= FLAG_LAST << 24;
  depth.lastAt = -1;
}

/** Tells the levels that are due at `dueNs`. To be called before what comes later than that, between messages. */
export function tellDue(depth: DepthFeed): void {
  const { feed, changed, dueNs } = depth;
  for (const key of changed) {
    const { side, priceTicks } = levelOfKey(key);
    tellLevel(depth, side, priceTicks, feedLevelLots(feed, side, priceTicks), dueNs);
  }
  changed.clear();
  depth.dueNs = Infinity;
  endMessage(depth);
}

/** Best prices of the orders, now. */
export function ordersTop(depth: DepthFeed): BookTop {
  const top = { bidTicks: NONE, bidLots: 0, bidOrders: 0, askTicks: NONE, askLots: 0, askOrders: 0 };
  readFeedTop(depth.feed, top);
  return top;
}

/** Between messages: what is known of the book, where that has changed, and all of it where it begins anew. */
function tellBook(depth: DepthFeed, timeNs: number): void {
  const { feed, changed } = depth;
  const now = feed.ordersToCome === 0 ? feed.status : 'uncertain';
  if (now === depth.told) return;
  if (now !== 'live') {
    loseBook(depth, timeNs);
    return;
  }
  depth.told = now;
  put(depth, { ...BLANK.BookReset, ...headOf(depth, timeNs) });
  for (const side of [1, 2])
    for (const { priceTicks, qtyLots } of feedLevels(feed, side))
      tellLevel(depth, side, priceTicks, qtyLots, timeNs);
  changed.clear();
  depth.dueNs = Infinity;
}

/** Levels are not told again before the book is known again. */
function loseBook(depth: DepthFeed, timeNs: number): void {
  if (depth.told === 'live') put(depth, { ...BLANK.FeedStatus, ...headOf(depth, timeNs), status: GAP });
  depth.told = 'uncertain';
  depth.changed.clear();
  depth.dueNs = Infinity;
}

function headOf(
  { config }: DepthFeed,
  timeNs: number,
): { readonly timeNs: number; readonly instrument: number } {
  return { timeNs, instrument: config.instrument };
}

function put(depth: DepthFeed, event: Event): void {
  depth.lastAt = depth.out.words * 2;
  const fault = encodeEvent(depth.out, event);
  assert(fault === 0, 'VENUE-11', 'what a tape told of orders can be told of levels');
}

function tellLevel(
  depth: DepthFeed,
  side: number,
  priceTicks: number,
  qtyLots: number,
  timeNs: number,
): void {
  put(depth, {
    ...BLANK.Level,
    ...headOf(depth, timeNs),
    flags: side << SIDE_SHIFT,
    priceTicks,
    qtyLots,
  });
}

function tellTrade(depth: DepthFeed, { i32, u32 }: RecordBuffer, i: number, timeNs: number): void {
  const priceTicks = nAt(i32, u32, i + 8);
  if (priceTicks === NONE) return;
  const { cells, count } = depth.feed.changes;
  const told = (u32[i] >>> 28) & 3;
  // The aggressor's side, or the other one than the maker's.
  const aggressor = told !== 0 ? told : count > 0 ? 3 - cells[0] : 0;
  put(depth, {
    ...BLANK.Trade,
    ...headOf(depth, timeNs),
    flags: aggressor << SIDE_SHIFT,
    priceTicks,
    qtyLots: nAt(i32, u32, i + 10),
    condition: (u32[i] & 0xffff) > 11 ? (u32[i + 22] >>> 8) & 0xff : 0,
  });
}
