/**
 * Parses lines of the text form straight into records: the inverse of text-format. A record has one line
 * (CONTRACTS-12), and only that one is read: keys in the order of the table, no default spelled out, single spaces,
 * none at the end.
 */
import { RECORD_FAULTS } from './check.ts';
import type { RecordFaultCode } from './check.ts';
import { checkRecord } from './codec.ts';
import { putExtension } from './extension.ts';
import { LAYOUTS } from './layout.ts';
import { FLAG_NAMES, RECORD_WORDS_MAX, SIDE_BUY, SIDE_SELL, reserveWords } from './record.ts';
import type { RecordOut } from './record.ts';
import { nameOfIndex } from './tables.ts';
import type { DefineTable, DefineTables } from './tables.ts';
import { KINDS_BY_NAME, PARSED } from './text-kinds.ts';
import type { ParsedKind } from './text-kinds.ts';
import { readU64, readUnsigned } from './text-numbers.ts';
import { ascii } from './text-out.ts';
import { bytesText, payloadBytes, readValue } from './text-values.ts';
import { addToken, createTokens, findToken } from './tokens.ts';
import type { TokenTable } from './tokens.ts';

/** What is wrong with a line. A fault of the record that it spells has that fault's code. */
export type LineFaultCode =
  | 'badSeq'
  | 'badTime'
  | 'badKind'
  | 'badName'
  | 'badFlags'
  | 'unknownKey'
  | 'duplicateKey'
  | 'keyOrder'
  | 'missingKey'
  | 'badValue'
  | 'trailingSpace'
  | RecordFaultCode;

export interface LineFault {
  readonly code: LineFaultCode;
  /** Offset within the line. */
  readonly column: number;
  /** The key concerned, empty when it is none. */
  readonly key: string;
}

/** A parser of lines: names by Define so far, and the record that the last line spelled. */
export interface LineParser {
  readonly tables: DefineTables;
  readonly instruments: TokenTable;
  readonly sources: TokenTable;
  /** The record, at word 0, after a line that parsed; `out.words` is its size. */
  readonly out: RecordOut;
  seq: number;
  fault: LineFault | undefined;
}

const SPACE = 32;
const EQUALS = 61;
const QUOTE = 34;

export function createLineParser(tables: DefineTables, out: RecordOut): LineParser {
  const parser = {
    tables,
    instruments: createTokens(),
    sources: createTokens(),
    out,
    seq: 0,
    fault: undefined,
  };
  addToken(parser.instruments, ascii('-'), 0);
  addToken(parser.sources, ascii('-'), 0);
  return parser;
}

/** Lets lines name what a Define has just defined. Call after `applyDefine` on the parser's tables. */
export function addLineName(parser: LineParser, table: 'instrument' | 'source', index: number): void {
  const tokens = table === 'instrument' ? parser.instruments : parser.sources;
  const name = nameOfIndex(parser.tables[table], index);
  if (!name.startsWith('#')) addToken(tokens, ascii(name), index);
}

function fail(parser: LineParser, code: LineFaultCode, column: number, key = ''): false {
  parser.fault = { code, column, key };
  return false;
}

/** Offset of the space behind the token at `at`, or the end. A quoted token may contain spaces. */
function tokenEnd(u8: Uint8Array, at: number, end: number): number {
  let to = at;
  if (u8[to] === QUOTE) {
    to += 1;
    while (to < end && u8[to] !== QUOTE) to += u8[to] === 92 ? 2 : 1;
    return Math.min(to + 1, end);
  }
  while (to < end && u8[to] !== SPACE) to += 1;
  return to;
}

/** Index that `#7` spells; −1 for anything else, and for an index that has a name: that spells it. */
function unnamedIndex(table: DefineTable, u8: Uint8Array, start: number, end: number): number {
  if (u8[start] !== 35) return -1;
  const index = readUnsigned(u8, start + 1, end);
  return index >= 1 && index <= 0xffff && nameOfIndex(table, index).startsWith('#') ? index : -1;
}

/** Index of the field that the key at start…end names, of those from `from` up to `to`; −1 for none. */
function findField(
  kind: ParsedKind,
  u8: Uint8Array,
  start: number,
  end: number,
  from: number,
  to: number,
): number {
  const { fields } = kind;
  for (let index = from; index < to; index++) {
    const { key } = fields[index];
    if (key.length !== end - start) continue;
    let at = 0;
    while (at < key.length && key[at] === u8[start + at]) at += 1;
    if (at === key.length) return index;
  }
  return -1;
}

function readPayload(parser: LineParser, kind: ParsedKind, token: string): boolean {
  const payload = kind.layout.payload!;
  const bytes = payloadBytes(payload.type, token);
  if (bytes === undefined) return false;
  const { out } = parser;
  const words = kind.layout.baseWords + Math.ceil(bytes.length / 8);
  if (words > RECORD_WORDS_MAX) return false;
  reserveWords(out, words);
  out.u8.fill(0, kind.layout.baseWords * 8, words * 8);
  out.u8.set(bytes, kind.layout.baseWords * 8);
  const { lengthField } = payload;
  out.i32[lengthField.word * 2 + (lengthField.shift >= 32 ? 1 : 0)] |=
    bytes.length << (lengthField.shift & 31);
  out.i32[0] |= words;
  return true;
}

const FLAG_SETS = createTokens();
for (let set = 1; set < 1 << FLAG_NAMES.length; set++) {
  const chosen = FLAG_NAMES.filter((_, k) => (set & (1 << k)) !== 0);
  const flags = chosen.reduce((bits, [bit]) => bits | bit, 0);
  addToken(FLAG_SETS, ascii(chosen.map(([, name]) => `+${name}`).join('')), flags);
}
const SIDES = createTokens();
addToken(SIDES, ascii('side=buy'), SIDE_BUY);
addToken(SIDES, ascii('side=sell'), SIDE_SELL);

/** Reads flags and side, which come before the keys; returns the offset behind them, −1 with a fault. */
function readFlags(parser: LineParser, u8: Uint8Array, start: number, end: number): number {
  let at = start;
  let flags = 0;
  if (at < end && u8[at] === 43) {
    const to = tokenEnd(u8, at, end);
    flags = findToken(FLAG_SETS, u8, at, to);
    if (flags < 0) {
      fail(parser, 'badFlags', at);
      return -1;
    }
    at = to + 1;
  }
  if (at < end && u8[at] === 115 && u8[at + 4] === EQUALS && u8[at + 1] === 105) {
    const to = tokenEnd(u8, at, end);
    const side = findToken(SIDES, u8, at, to);
    if (side < 0) {
      fail(parser, 'badValue', at, 'side');
      return -1;
    }
    flags |= side;
    at = to + 1;
  }
  parser.out.i32[0] |= flags << 24;
  return at;
}

/** Says what is wrong with a key that no field from `next` on has. */
function failKey(
  parser: LineParser,
  kind: ParsedKind,
  u8: Uint8Array,
  at: { readonly start: number; readonly end: number; readonly next: number; readonly seen: number },
): false {
  const { start, end, next, seen } = at;
  const key = bytesText(u8, start, end);
  const before = findField(kind, u8, start, end, 0, next);
  if (before < 0) return fail(parser, 'unknownKey', start, key);
  return fail(parser, (seen & kind.fields[before].bit) === 0 ? 'keyOrder' : 'duplicateKey', start, key);
}

/** Reads the keys of a kind, in the order of its fields, and writes them into the blank record. */
function readKeys(parser: LineParser, kind: ParsedKind, u8: Uint8Array, start: number, end: number): boolean {
  const { payload } = kind.layout;
  const count = kind.fields.length;
  let seen = 0;
  let next = 0;
  let at = start;
  while (at < end) {
    let equals = at;
    while (equals < end && u8[equals] !== EQUALS && u8[equals] !== SPACE) equals += 1;
    if (u8[equals] !== EQUALS || equals >= end) return fail(parser, 'unknownKey', at);
    const index = findField(kind, u8, at, equals, next, count);
    if (index < 0) {
      const key = bytesText(u8, at, equals);
      const last = payload === undefined ? 'ext' : payload.name;
      if (key !== last) return failKey(parser, kind, u8, { start: at, end: equals, next, seen });
      // Always the last key: the JSON of a Define may contain spaces.
      return finish(parser, kind, seen, { column: at, last: bytesText(u8, equals + 1, end) });
    }
    const entry = kind.fields[index];
    const to = tokenEnd(u8, equals + 1, end);
    if (!readValue(parser.out, u8, equals + 1, to, entry))
      return fail(parser, 'badValue', at, entry.field.name);
    seen |= entry.bit;
    next = index + 1;
    at = to + 1;
  }
  // What ends with a token leaves `at` one behind the end.
  if (at === end) return fail(parser, 'trailingSpace', end - 1);
  return finish(parser, kind, seen, { column: end, last: undefined });
}

/** Holds a record against what its kind requires, reads its last key, or cuts trailing defaults. */
function finish(
  parser: LineParser,
  kind: ParsedKind,
  seen: number,
  at: { readonly column: number; readonly last: string | undefined },
): boolean {
  if ((seen & kind.required) !== kind.required) {
    const lacking = kind.fields.find((entry) => (kind.required & entry.bit & ~seen) !== 0);
    return fail(parser, 'missingKey', at.column, lacking?.field.name ?? '');
  }
  const { out } = parser;
  const { payload } = kind.layout;
  if (payload !== undefined) {
    if (at.last === undefined) return fail(parser, 'missingKey', at.column, payload.name);
    if (!readPayload(parser, kind, at.last)) return fail(parser, 'badValue', at.column, payload.name);
  } else {
    let words = kind.layout.fullWords;
    if (at.last !== undefined) {
      out.fault = undefined;
      words = putExtension(out, 0, words, at.last);
      if (words === 0) return fail(parser, 'badValue', at.column, 'ext');
    } else {
      for (let end = kind.layout.ends.length - 1; end > 0 && isBlank(out, kind, end); end--)
        words = kind.layout.ends[end - 1];
      out.i32[0] |= words;
    }
  }
  out.words = out.i32[0] & 0xffff;
  return true;
}

/** True when the tail field that ends at ends[end] has its default. */
function isBlank(out: RecordOut, kind: ParsedKind, end: number): boolean {
  const { blank, layout } = kind;
  for (let half = layout.ends[end - 1] * 2; half < layout.ends[end] * 2; half++) {
    if (out.i32[half] !== blank[half]) return false;
  }
  return true;
}

function readUnknown(parser: LineParser, u8: Uint8Array, start: number, end: number): boolean {
  const match = /^flags=0x([0-9a-f]{2}) hex=([0-9a-f]*)$/.exec(bytesText(u8, start, end));
  if (match === null) return fail(parser, 'badValue', start, 'hex');
  const { out } = parser;
  out.i32[0] |= (Number.parseInt(match[1], 16) << 24) | 2;
  out.fault = undefined;
  out.words = match[2] === '' ? 2 : putExtension(out, 0, 2, match[2]);
  return out.words > 0 || fail(parser, 'badValue', start, 'hex');
}

/** The code of `Kind0x5f`, when this build has no name for it; −1 otherwise. */
function unknownCode(token: string): number {
  if (!/^Kind0x[0-9a-f]{2}$/.test(token)) return -1;
  const code = Number.parseInt(token.slice(6), 16);
  return code === 0 || LAYOUTS.some((layout) => layout.code === code) ? -1 : code;
}

/**
 * Parses the line at start…end (without its LF). On success the record is at word 0 of `parser.out` and its seq in
 * `parser.seq`; otherwise `parser.fault` says what is wrong and where. Names must have been added by `addLineName`.
 */
export function parseLine(parser: LineParser, u8: Uint8Array, start: number, end: number): boolean {
  const { out } = parser;
  const seqEnd = tokenEnd(u8, start, end);
  const timeEnd = tokenEnd(u8, seqEnd + 1, end);
  const kindEnd = tokenEnd(u8, timeEnd + 1, end);
  const instrumentEnd = tokenEnd(u8, kindEnd + 1, end);
  const sourceEnd = tokenEnd(u8, instrumentEnd + 1, end);
  parser.seq = readUnsigned(u8, start, seqEnd);
  if (!(parser.seq >= 0)) return fail(parser, 'badSeq', 0);
  const known = findToken(KINDS_BY_NAME, u8, timeEnd + 1, kindEnd);
  const kind = PARSED[known];
  const code = kind === undefined ? unknownCode(bytesText(u8, timeEnd + 1, kindEnd)) : kind.layout.code;
  if (code < 0) return fail(parser, 'badKind', timeEnd + 1 - start);
  out.words = 0;
  if (kind === undefined) reserveWords(out, 2);
  else {
    reserveWords(out, kind.layout.fullWords);
    const { blank } = kind;
    const { i32 } = out;
    // By hand: a call of set() costs more than these few words.
    for (let half = 0; half < blank.length; half++) i32[half] = blank[half];
  }
  out.i32[0] = code << 16;
  if (!readU64(u8, seqEnd + 1, timeEnd, out.i32, 2)) return fail(parser, 'badTime', seqEnd + 1 - start);
  let instrument = findToken(parser.instruments, u8, kindEnd + 1, instrumentEnd);
  if (instrument < 0) instrument = unnamedIndex(parser.tables.instrument, u8, kindEnd + 1, instrumentEnd);
  // Behind a quoted name anything could stand.
  if (instrument < 0 || u8[instrumentEnd] !== SPACE) return fail(parser, 'badName', kindEnd + 1 - start);
  let source = findToken(parser.sources, u8, instrumentEnd + 1, sourceEnd);
  if (source < 0) source = unnamedIndex(parser.tables.source, u8, instrumentEnd + 1, sourceEnd);
  if (source < 0 || (sourceEnd !== end && u8[sourceEnd] !== SPACE))
    return fail(parser, 'badName', instrumentEnd + 1 - start);
  out.i32[1] = instrument | (source << 16);
  const parsed =
    kind === undefined
      ? readUnknown(parser, u8, sourceEnd + 1, end)
      : parseBody(parser, kind, u8, { start: sourceEnd + 1, end });
  if (!parsed) {
    const fault = parser.fault!;
    return fail(parser, fault.code, Math.max(0, fault.column - start), fault.key);
  }
  const fault = checkRecord(out, 0, out.words, out.epoch);
  return fault === 0 || fail(parser, RECORD_FAULTS[fault & 0xff], sourceEnd + 1 - start);
}

function parseBody(
  parser: LineParser,
  kind: ParsedKind,
  u8: Uint8Array,
  at: { start: number; end: number },
): boolean {
  const keys = readFlags(parser, u8, at.start, at.end);
  return keys >= 0 && readKeys(parser, kind, u8, keys, at.end);
}
