/**
 * The messages of Binance as Binance writes them, read straight from the line: no blanks, no escapes, flat
 * objects, levels of two decimal strings. Anything else is left to JSON.parse, which is three to five times
 * slower; both ways give the same fields, and a test holds them to each other.
 *
 * What is accepted here is a subset of JSON, so that no malformed line gets through: strings end at a quote
 * and hold neither a backslash nor a control character, integers have at most 15 digits and no leading zero.
 */
import { detached } from './detached-text.ts';
import type { Wire } from './frame.ts';
import { createLevelCells, growCells, LevelSpan, type LevelCells } from './level-cells.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Reused from line to line. */
export interface FastReader {
  readonly wire: Mutable<Wire>;
  readonly cells: LevelCells;
  readonly bids: LevelSpan;
  readonly asks: LevelSpan;
  /** Short strings seen lately, by a hash of ends and length: streams, symbols and event types come again. */
  readonly seen: string[];
  stream: string;
}

export function createFastReader(): FastReader {
  const cells = createLevelCells();
  return {
    wire: blankWire(),
    cells,
    bids: new LevelSpan(cells),
    asks: new LevelSpan(cells),
    seen: Array.from({ length: 64 }, () => ''),
    stream: '',
  };
}

function blankWire(): Mutable<Wire> {
  return {
    e: undefined,
    E: undefined,
    T: undefined,
    s: undefined,
    U: undefined,
    u: undefined,
    pu: undefined,
    b: undefined,
    a: undefined,
    B: undefined,
    A: undefined,
    t: undefined,
    f: undefined,
    l: undefined,
    p: undefined,
    q: undefined,
    m: undefined,
    M: undefined,
    X: undefined,
    i: undefined,
    P: undefined,
    r: undefined,
    lastUpdateId: undefined,
    bids: undefined,
    asks: undefined,
    symbol: undefined,
  };
}

const QUOTE = 34;
const COMMA = 44;
const POINT = 46;
const OPEN = 91;
const CLOSE = 93;
const BRACE = 125;

const HEAD = '{"stream":"';
const DATA = '","data":{"';

/** Reads the envelope that begins at `from`; false when it is not written as usual. */
export function readFast(reader: FastReader, text: string, from: number): boolean {
  if (!text.startsWith(HEAD, from)) return false;
  const nameAt = from + HEAD.length;
  const nameEnd = plainEnd(text, nameAt);
  if (nameEnd < 0 || !text.startsWith(DATA, nameEnd)) return false;
  reader.stream = pick(reader, text, nameAt, nameEnd);
  reader.cells.count = 0;
  clearWire(reader.wire);
  // Behind the opening quote of the first key.
  let at = nameEnd + DATA.length;
  for (;;) {
    const keyEnd = plainEnd(text, at);
    if (keyEnd < 0 || text.charCodeAt(keyEnd + 1) !== 58) return false;
    const next = readValue(reader, text, at, keyEnd, keyEnd + 2);
    if (next < 0) return false;
    const after = text.charCodeAt(next);
    if (after === BRACE) {
      return text.charCodeAt(next + 1) === BRACE && next + 2 === text.length;
    }
    if (after !== COMMA || text.charCodeAt(next + 1) !== QUOTE) return false;
    at = next + 2;
  }
}

/** Field by field: Object.assign would take half the time of a line. What only bodies have stays unset. */
function clearWire(wire: Mutable<Wire>): void {
  wire.e = undefined;
  wire.E = undefined;
  wire.T = undefined;
  wire.s = undefined;
  wire.U = undefined;
  wire.u = undefined;
  wire.pu = undefined;
  wire.b = undefined;
  wire.a = undefined;
  wire.B = undefined;
  wire.A = undefined;
  wire.t = undefined;
  wire.f = undefined;
  wire.l = undefined;
  wire.p = undefined;
  wire.q = undefined;
  wire.m = undefined;
  wire.M = undefined;
  wire.X = undefined;
  wire.i = undefined;
  wire.P = undefined;
  wire.r = undefined;
}

/** Position of the quote that ends a string without escapes; −1 when there is none. */
function plainEnd(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (char === QUOTE) return at;
    if (char === 92 || char < 32) return -1;
  }
  return -1;
}

/** A substring, the same string as last time where it is. */
function pick(reader: FastReader, text: string, from: number, to: number): string {
  const length = to - from;
  if (length === 0) return '';
  const slot = (length * 7 + text.charCodeAt(from) * 3 + text.charCodeAt(to - 1)) & 63;
  const known = reader.seen[slot];
  if (known.length === length && text.startsWith(known, from)) return known;
  const fresh = detached(text.slice(from, to));
  // Long ones are no names.
  if (length <= 64) reader.seen[slot] = fresh;
  return fresh;
}

/** Reads the value at `at` under the key that spans `key` … `keyEnd`; the position behind it, or −1. */
function readValue(reader: FastReader, text: string, key: number, keyEnd: number, at: number): number {
  const first = text.charCodeAt(at);
  const name = keyEnd - key === 1 ? text.charCodeAt(key) : keyCode(text, key, keyEnd);
  if (first === QUOTE) {
    const end = plainEnd(text, at + 1);
    if (end < 0) return -1;
    if (name !== OTHER) setField(reader.wire, name, textValue(reader, text, name, at + 1, end));
    return end + 1;
  }
  if (first === OPEN) return readLevels(reader, text, name, at);
  if (first === 116 || first === 102) return readFlag(reader, text, name, at);
  return readInteger(reader, text, name, at);
}

const KEY_PU = 1;
const OTHER = 0;

/** Keys of more than one character: `pu` is the one that is read. */
function keyCode(text: string, key: number, keyEnd: number): number {
  return keyEnd - key === 2 && text.charCodeAt(key) === 112 && text.charCodeAt(key + 1) === 117
    ? KEY_PU
    : OTHER;
}

function textValue(reader: FastReader, text: string, name: number, from: number, to: number): string {
  // e, s, X: names that come again and again. The others are decimals.
  return name === 101 || name === 115 || name === 88 ? pick(reader, text, from, to) : text.slice(from, to);
}

function readFlag(reader: FastReader, text: string, name: number, at: number): number {
  const flag = text.startsWith('true', at);
  if (!flag && !text.startsWith('false', at)) return -1;
  if (name !== OTHER) setField(reader.wire, name, flag);
  return at + (flag ? 4 : 5);
}

function readInteger(reader: FastReader, text: string, name: number, at: number): number {
  let end = at;
  let value = 0;
  for (; ; end++) {
    const digit = text.charCodeAt(end) - 48;
    if (!(digit >= 0 && digit <= 9)) break;
    value = value * 10 + digit;
  }
  const digits = end - at;
  if (digits === 0 || digits > 15 || (digits > 1 && text.charCodeAt(at) === 48)) return -1;
  if (name !== OTHER) setField(reader.wire, name, value);
  return end;
}

function setField(wire: Mutable<Wire>, name: number, value: unknown): void {
  switch (name) {
    case 101:
      wire.e = value;
      return;
    case 69:
      wire.E = value;
      return;
    case 84:
      wire.T = value;
      return;
    case 115:
      wire.s = value;
      return;
    case 85:
      wire.U = value;
      return;
    case 117:
      wire.u = value;
      return;
    case KEY_PU:
      wire.pu = value;
      return;
    case 98:
      wire.b = value;
      return;
    case 97:
      wire.a = value;
      return;
    case 66:
      wire.B = value;
      return;
    case 65:
      wire.A = value;
      return;
    case 116:
      wire.t = value;
      return;
    case 102:
      wire.f = value;
      return;
    case 108:
      wire.l = value;
      return;
    case 112:
      wire.p = value;
      return;
    case 113:
      wire.q = value;
      return;
    case 109:
      wire.m = value;
      return;
    case 77:
      wire.M = value;
      return;
    case 88:
      wire.X = value;
      return;
    case 105:
      wire.i = value;
      return;
    case 80:
      wire.P = value;
      return;
    case 114:
      wire.r = value;
      return;
    default:
  }
}

/** An array of levels under b or a; the position behind it, or −1. */
function readLevels(reader: FastReader, text: string, name: number, at: number): number {
  if (name !== 98 && name !== 97) return -1;
  const { cells } = reader;
  const span = name === 98 ? reader.bids : reader.asks;
  span.from = cells.count;
  span.count = 0;
  setField(reader.wire, name, span);
  if (text.charCodeAt(at + 1) === CLOSE) return at + 2;
  let next = at + 1;
  for (;;) {
    if (cells.count === cells.price.length) growCells(cells);
    next = readLevel(cells, text, next);
    if (next < 0) return -1;
    span.count++;
    const after = text.charCodeAt(next);
    if (after === CLOSE) return next + 1;
    if (after !== COMMA) return -1;
    next++;
  }
}

/** `["61653.30","0.072"]` into the next row; the position behind it, or −1. */
function readLevel(cells: LevelCells, text: string, from: number): number {
  if (text.charCodeAt(from) !== OPEN || text.charCodeAt(from + 1) !== QUOTE) return -1;
  const row = cells.count;
  let at = from + 2;
  // Written out twice: a shared reader would have to return two numbers.
  let digits = 0;
  let places = -1;
  let start = at;
  for (; ; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (digit >= 0 && digit <= 9) digits = digits * 10 + digit;
    else if (digit === POINT - 48 && places < 0 && at > start) places = at;
    else break;
  }
  if (text.charCodeAt(at) !== QUOTE || at === start || at - 1 === places || at - start > 22) return -1;
  if (digits > Number.MAX_SAFE_INTEGER) return -1;
  cells.price[row] = digits;
  cells.pricePlaces[row] = places < 0 ? 0 : at - places - 1;
  if (text.charCodeAt(at + 1) !== COMMA || text.charCodeAt(at + 2) !== QUOTE) return -1;
  at += 3;
  start = at;
  digits = 0;
  places = -1;
  for (; ; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (digit >= 0 && digit <= 9) digits = digits * 10 + digit;
    else if (digit === POINT - 48 && places < 0 && at > start) places = at;
    else break;
  }
  if (text.charCodeAt(at) !== QUOTE || at === start || at - 1 === places || at - start > 22) return -1;
  if (digits > Number.MAX_SAFE_INTEGER) return -1;
  cells.qty[row] = digits;
  cells.qtyPlaces[row] = places < 0 ? 0 : at - places - 1;
  if (text.charCodeAt(at + 1) !== CLOSE) return -1;
  cells.count = row + 1;
  return at + 2;
}
