/**
 * A row of a LOBSTER message file: `time,type,id,size,price,direction`.
 *
 * Time is seconds after midnight at the exchange, with up to nine digits behind the point; price is dollars
 * times 10,000; direction is that of the limit order, 1 buy, −1 sell, so an execution's aggressor is the
 * other side. Source: lobsterdata.com/info/DataStructure.php, and the "Sample Files Readme" of 2013-09-01 in
 * LOBSTER's samples.
 */
import { FIRST_ASSIGNED_ID } from '@truetape/contracts';
import { columnsOf, fieldText, readCells } from './cells.ts';
import type { LobsterError } from './lobster-error.ts';

/** Codes of `type`. */
export const NEW_ORDER = 1;
export const PARTIAL_CANCEL = 2;
export const DELETION = 3;
export const EXECUTION = 4;
/** Of a hidden order: it changes no book. */
export const HIDDEN_EXECUTION = 5;
/** Such as an auction: it changes no book. */
export const CROSS_TRADE = 6;
/** Price −1 trading halts, 0 quoting resumes, 1 trading resumes. */
export const TRADING_HALT = 7;

/** Fraction digits of prices in both files. */
export const PRICE_SCALE = 4;
const DAY_SECONDS = 86_400;
const NS_DIGITS = 9;
const NS_PER_SECOND = 1_000_000_000;

/** A message, filled anew for every row. */
export interface LobsterMessage {
  /** Since midnight. */
  timeNs: number;
  type: number;
  /** Of types 1 to 4; anything in the others. */
  orderId: number;
  /** Shares. */
  size: number;
  /** Dollars × 10,000; a code for type 7. */
  price: number;
  /** 1 a buy order, −1 a sell order. */
  direction: number;
}

export interface MessageReader {
  readonly message: LobsterMessage;
  readonly cells: Float64Array;
}

export function createMessageReader(): MessageReader {
  return {
    message: { timeNs: 0, type: 0, orderId: 0, size: 0, price: 0, direction: 0 },
    cells: new Float64Array(6),
  };
}

/** Changes a row's order: types 1 to 4, whose id, size and price are those of a visible order. */
export function isVisible(type: number): boolean {
  return type >= NEW_ORDER && type <= EXECUTION;
}

const FIELDS = ['time', 'type', 'id', 'size', 'price', 'direction'] as const;

/** Reads a row into `reader.message`. Returns why it cannot be read. A seventh column is left out. */
export function readMessage(reader: MessageReader, text: string, line: number): LobsterError | undefined {
  const { message, cells } = reader;
  const bad = (index: number, expected: string): LobsterError => {
    const columns = columnsOf(text);
    if (columns !== 6 && columns !== 7) {
      return { code: 'badColumns', file: 'messages', line, expected: '6', found: columns };
    }
    const field = FIELDS[index] ?? `column ${index + 1}`;
    return { code: 'badField', file: 'messages', line, field, expected, found: fieldText(text, index) };
  };
  const comma = text.indexOf(',');
  if (comma < 0) return bad(0, 'seconds after midnight');
  const timeNs = readSeconds(text, comma);
  if (Number.isNaN(timeNs)) return bad(0, 'seconds after midnight, below 86400, with at most 9 decimals');
  const count = readCells(text, comma + 1, cells);
  // Newer files name the market participant in a seventh column, or say null.
  const named = count === -6 && columnsOf(text) === 7;
  if (!named && count !== 5 && count !== 6) return bad(count < 0 ? -count : 0, 'an integer');
  message.timeNs = timeNs;
  message.type = cells[0];
  message.orderId = cells[1];
  message.size = cells[2];
  message.price = cells[3];
  message.direction = cells[4];
  return checkMessage(message, bad);
}

function checkMessage(
  message: LobsterMessage,
  bad: (index: number, expected: string) => LobsterError,
): LobsterError | undefined {
  const { type, orderId, size, price, direction } = message;
  if (type < NEW_ORDER || type > TRADING_HALT) return bad(1, 'a type from 1 to 7');
  if (type === TRADING_HALT) return price < -1 || price > 1 ? bad(4, '-1, 0 or 1 for type 7') : undefined;
  if (isVisible(type) && (orderId < 0 || orderId >= FIRST_ASSIGNED_ID)) return bad(2, 'an id below 2^52');
  // A cross that found nobody has size 0, and no price.
  if (size < (type === CROSS_TRADE ? 0 : 1)) return bad(3, 'a size above 0');
  if (price < 0 || (isVisible(type) && price === 0)) return bad(4, 'a price above 0');
  if (type !== CROSS_TRADE && direction !== 1 && direction !== -1) return bad(5, '1 or -1');
  return undefined;
}

/** The decimal of seconds in front of `end` as ns; NaN when it is none, or a day or more. */
function readSeconds(text: string, end: number): number {
  let seconds = 0;
  let at = 0;
  for (; at < end && at < 6; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) break;
    seconds = seconds * 10 + digit;
  }
  if (at === 0 || seconds >= DAY_SECONDS) return NaN;
  if (at === end) return seconds * NS_PER_SECOND;
  const places = end - at - 1;
  if (text.charCodeAt(at) !== 46 || places < 1 || places > NS_DIGITS) return NaN;
  let nanos = 0;
  for (at++; at < end; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return NaN;
    nanos = nanos * 10 + digit;
  }
  for (let k = places; k < NS_DIGITS; k++) nanos *= 10;
  return seconds * NS_PER_SECOND + nanos;
}
