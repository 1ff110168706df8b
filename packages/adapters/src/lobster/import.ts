/**
 * LOBSTER message files, with or without the order book file beside them, into events: one call a row.
 *
 * With the order book file the book begins with what its first row shows, message 1 undone, and behind every
 * message it is what the row shows: what messages cannot tell (levels beyond those of the file) is mended by
 * events that say INFERRED. Apart from that each transition is checked by the rows alone.
 *
 * Source: see `message.ts`.
 */
import { err, FLAG_BAD_TIME, ok, type Event, type Result } from '@truetape/contracts';
import { createQuantum, toQuanta, type Quantum } from '@truetape/kernel';
import { begin, define } from './begin.ts';
import { compare } from './compare.ts';
import { sendFacts } from './facts.ts';
import { dayOf } from './file-name.ts';
import { reportOf, type ReportNames } from './finish.ts';
import type { LobsterError, LobsterFile } from './lobster-error.ts';
import { createMessageReader, isVisible, PRICE_SCALE, readMessage, type LobsterMessage } from './message.ts';
import { createRowReader, depthOf, readRow, type BookRow, type RowReader } from './orderbook-row.ts';
import type { LobsterReport } from './report.ts';
import { createState, flush, type LobsterState } from './state.ts';

const DAY_NS = 86_400_000_000_000n;
const MINUTE_NS = 60_000_000_000n;
const TICKS_MAX = 2_147_483_647;

export interface LobsterImportConfig {
  /** Takes each event, in order; the seq of the first one is 0. */
  readonly emit: (event: Event) => void;
  readonly symbol: string;
  /** Day of the rows, `2012-06-21`, and who says so. */
  readonly date: string;
  readonly dateFrom: LobsterReport['dateFrom'];
  /**
   * Minutes that the exchange's clock is ahead of UTC: −240 for New York in summer. 0: its times are kept.
   */
  readonly utcOffsetMinutes?: number;
  /** As an exact decimal: a scan's, or one that is known. */
  readonly priceStep: string;
  /** Whether there is an order book file. */
  readonly orderbook: boolean;
}

/** A row of the order book file and its line. */
export interface LobsterRow {
  readonly text: string;
  readonly line: number;
}

/** An import in progress. After an error nothing more may be called. */
export interface LobsterImport {
  /** Zero of the times in memory: the exchange's midnight, ns since 1970. */
  readonly epochNs: bigint;
  /** Takes a message, and the row behind it where there is an order book file. */
  readonly message: (text: string, line: number, row?: LobsterRow) => Result<void, LobsterError>;
  readonly finish: () => LobsterReport;
}

const OK: Result<void, LobsterError> = ok(undefined);

/** Starts an import. Errors: `badConfig`. */
export function createLobsterImport(config: LobsterImportConfig): Result<LobsterImport, LobsterError> {
  const bad = (field: string, expected: string): Result<LobsterImport, LobsterError> =>
    err({ code: 'badConfig', line: 0, field, expected });
  const day = dayOf(config.date);
  if (day === undefined) return bad('date', 'a day from 1970-01-01 to 2261-12-31');
  if (!/^[A-Za-z0-9.^+=-]{1,32}$/.test(config.symbol)) return bad('symbol', 'letters, digits and . - + = ^');
  const { utcOffsetMinutes = 0 } = config;
  const epochNs = BigInt(day) * DAY_NS - BigInt(utcOffsetMinutes) * MINUTE_NS;
  if (epochNs < 0n || Math.abs(utcOffsetMinutes) > 1080)
    return bad('utcOffset', 'at most 18:00, not before 1970');
  const fine = quantum(`0.${'0'.repeat(PRICE_SCALE - 1)}1`);
  const price = quantum(config.priceStep);
  const unit = fine === undefined || price === undefined ? NaN : toQuanta(fine, price.step);
  if (fine === undefined || price === undefined || Number.isNaN(unit)) {
    return bad('priceStep', 'a multiple of 0.0001');
  }
  const state = createState({ emit: config.emit, price, fine, unit });
  const names: ReportNames = { ...config, utcOffsetMinutes, priceStep: price.step };
  return ok(importOver(state, names, config.orderbook, epochNs));
}

function quantum(step: string): Quantum | undefined {
  const made = createQuantum(step);
  return made.ok ? made.value : undefined;
}

function importOver(
  state: LobsterState,
  names: ReportNames,
  withBook: boolean,
  epochNs: bigint,
): LobsterImport {
  const reader = createMessageReader();
  let rows: RowReader | undefined;
  let messages = 0;
  const take = (text: string, line: number, row: LobsterRow | undefined): LobsterError | undefined => {
    const { message } = reader;
    const fault = readMessage(reader, text, line) ?? offGrid(state, message, line);
    if (fault !== undefined) return fault;
    let next: BookRow | undefined;
    if (withBook) {
      if (row === undefined) return { code: 'rowCount', file: 'messages', line, rows: messages };
      if (rows === undefined) {
        const depth = depthOf(row.text, row.line);
        if (typeof depth !== 'number') return depth;
        rows = createRowReader(depth);
      }
      const wrong = readRow(rows, row.text, row.line) ?? rowOffGrid(state, rows.row, row.line);
      if (wrong !== undefined) return wrong;
      next = rows.row;
    }
    setTime(state, message.timeNs, messages === 0);
    if (messages === 0) {
      define(state, names.symbol);
      if (next !== undefined) begin(state, next, message);
    }
    messages++;
    sendFacts(state, message, text);
    if (next !== undefined && row !== undefined) compare(state, message, next, line, row.line);
    flush(state);
    return undefined;
  };
  return {
    epochNs,
    message: (text, line, row) => {
      const fault = take(text, line, row);
      return fault === undefined ? OK : err(fault);
    },
    finish: () => {
      if (messages === 0) define(state, names.symbol);
      return reportOf(state, names, withBook ? (rows?.row.depth ?? 0) : undefined, messages);
    },
  };
}

function setTime(state: LobsterState, timeNs: number, first: boolean): void {
  const back = !first && timeNs < state.timeNs;
  if (back) state.backward++;
  else state.timeNs = timeNs;
  state.timeFlags = back ? FLAG_BAD_TIME : 0;
  state.matchTime = timeNs;
}

function offGrid(
  state: LobsterState,
  { type, price }: LobsterMessage,
  line: number,
): LobsterError | undefined {
  if (!isVisible(type)) return undefined;
  return priceFault(state, 'messages', line, 'price', price);
}

function rowOffGrid(state: LobsterState, row: BookRow, line: number): LobsterError | undefined {
  for (const side of ['bids', 'asks'] as const) {
    for (let at = 0; at < row[side].count; at++) {
      const field = `${side === 'bids' ? 'bid' : 'ask'} price ${at + 1}`;
      const fault = priceFault(state, 'orderbook', line, field, row[side].prices[at]);
      if (fault !== undefined) return fault;
    }
  }
  return undefined;
}

function priceFault(
  state: LobsterState,
  file: LobsterFile,
  line: number,
  field: string,
  price: number,
): LobsterError | undefined {
  const ticks = price / state.unit;
  const found = String(price);
  if (!Number.isInteger(ticks)) return { code: 'offGrid', file, line, field, found, step: state.price.step };
  if (ticks <= TICKS_MAX) return undefined;
  return { code: 'badField', file, line, field, expected: 'at most 2^31 - 1 ticks', found };
}
