/** The beginning of an import: what the tape defines, and the book before the first message. */
import {
  BLANK,
  defineFields,
  FLAG_INFERRED,
  FLAG_SNAPSHOT,
  NONE,
  type JsonObject,
  type TableName,
} from '@truetape/contracts';
import { BUY, SELL } from '@truetape/book';
import { PRICE_SCALE, type LobsterMessage } from './message.ts';
import { copyRow, createRow, type BookRow } from './orderbook-row.ts';
import { flush, headerOf, INSTRUMENT, seedAt, send, sendSeed, SOURCE, type LobsterState } from './state.ts';
import { undoMessage } from './transition.ts';

/** Code of the vocabulary `resetReason`. */
const SUBSCRIBED = 1;

/** Defines instrument and source. */
export function define(state: LobsterState, symbol: string): void {
  const made: readonly (readonly [TableName, number, JsonObject])[] = [
    ['instrument', INSTRUMENT, instrumentOf(symbol, state.price.step)],
    ['source', SOURCE, { name: 'lobster', role: 'marketFeed', venue: 'NASDAQ' }],
  ];
  for (const [table, index, value] of made) {
    state.emit({ ...BLANK.Define, timeNs: state.timeNs, ...defineFields(table, index, value) });
    state.seq++;
  }
}

/** LOBSTER rebuilds NASDAQ's books of US stocks. */
function instrumentOf(symbol: string, priceStep: string): JsonObject {
  return {
    id: `NASDAQ:${symbol}`,
    venue: 'NASDAQ',
    symbol,
    class: 'spot',
    base: symbol,
    quote: 'USD',
    settle: 'USD',
    priceStep,
    qtyStep: '1',
    fineScale: PRICE_SCALE,
    contractSize: '1',
    ids: 'numeric',
    rules: {},
  };
}

/**
 * Sends the book before message 1: row 1, which is the book behind it, with the message undone. Where the
 * message cannot have led to row 1, the row itself stands before it, and the transition is checked.
 */
export function begin(state: LobsterState, next: BookRow, message: LobsterMessage): void {
  const row = createRow(next.depth);
  copyRow(next, row);
  const undone = undoMessage(row, message);
  state.row = undone ? undefined : row;
  sendSnapshot(state, row);
}

/** The levels of a row as unnamed orders. Their Aliases stand before the reset, which its orders follow. */
function sendSnapshot(state: LobsterState, row: BookRow): void {
  const { bids, asks } = row;
  const sides = [
    [BUY, bids],
    [SELL, asks],
  ] as const;
  for (const [side, { prices, count }] of sides) {
    for (let at = 0; at < count; at++) seedAt(state, side, prices[at] / state.unit);
  }
  const known = [...bids.prices.subarray(0, bids.count), ...asks.prices.subarray(0, asks.count)];
  send(state, {
    ...BLANK.BookReset,
    ...headerOf(state, FLAG_SNAPSHOT | FLAG_INFERRED),
    bids: bids.count,
    asks: asks.count,
    knownLowTicks: known.length === 0 ? NONE : Math.min(...known) / state.unit,
    knownHighTicks: known.length === 0 ? NONE : Math.max(...known) / state.unit,
    depthLimit: row.depth,
    reason: SUBSCRIBED,
  });
  for (const [side, { prices, sizes, count }] of sides) {
    for (let at = 0; at < count; at++) sendSeed(state, side, prices[at] / state.unit, sizes[at], true);
  }
  flush(state);
}
