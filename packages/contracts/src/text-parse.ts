/** Parses lines of the text form straight into records: the inverse of text-format. */
import { fromBase64 } from './base64.ts';
import { canonicalJson } from './canonical-json.ts';
import { RECORD_FAULTS } from './check.ts';
import type { RecordFaultCode } from './check.ts';
import { checkRecord } from './codec.ts';
import { putExtension } from './extension.ts';
import { LAYOUTS } from './layout.ts';
import type { Field, KindLayout } from './layout.ts';
import { FLAG_NAMES, RECORD_WORDS_MAX, putHash, putM, reserveWords } from './record.ts';
import type { RecordOut } from './record.ts';
import { NONE, REF_TAPE_MAX, TWO_32 } from './scalars.ts';
import { asciiJson, nameOfIndex, quoteText } from './tables.ts';
import type { DefineTables } from './tables.ts';
import { readInteger, readU64, readUnsigned } from './text-numbers.ts';
import { ascii } from './text-out.ts';
import { addToken, createTokens, findToken } from './tokens.ts';
import type { TokenTable } from './tokens.ts';
import { decodeUtf8, encodeUtf8 } from './utf8.ts';
import { VOCABULARIES, codeOfName } from './vocabulary.ts';

/** What is wrong with a line. A fault of the record that it spells has that fault's code. */
export type LineFaultCode =
  | 'badSeq'
  | 'badTime'
  | 'badKind'
  | 'badName'
  | 'badFlags'
  | 'unknownKey'
  | 'duplicateKey'
  | 'missingKey'
  | 'badValue'
  | RecordFaultCode;

export interface LineFault {
  readonly code: LineFaultCode;
  /** Offset within the line. */
  readonly column: number;
  /** The key concerned, empty when it is none. */
  readonly key: string;
}

interface ParsedField {
  readonly field: Field;
  readonly key: Uint8Array;
  readonly codes: TokenTable | undefined;
  readonly bit: number;
}

interface ParsedKind {
  readonly layout: KindLayout;
  readonly fields: readonly ParsedField[];
  /** Bits of the fields that must be there. */
  readonly required: number;
  /** Words of a record in which everything is absent. */
  readonly blank: Int32Array;
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

function codesOf(field: Field): TokenTable | undefined {
  if (field.vocabulary === undefined) return undefined;
  const codes = createTokens();
  for (const [code, name] of VOCABULARIES[field.vocabulary].names) addToken(codes, ascii(name), code);
  return codes;
}

function blankOf(layout: KindLayout): Int32Array {
  const blank = new Int32Array(layout.fullWords * 2);
  for (const field of layout.fields) {
    const at = field.word * 2;
    if (field.type === 'ref' || (field.type === 't' && field.optional)) blank.fill(-1, at, at + 2);
    else if (field.type === 'm' && field.optional) blank[at + 3] = -2147483648;
    else if ((field.type === 'n' || field.type === 'id') && field.optional) blank[at + 1] = -2097152;
  }
  return blank;
}

function parsedKind(layout: KindLayout): ParsedKind {
  const fields = layout.fields.map((field, index) => ({
    field,
    key: ascii(field.name),
    codes: codesOf(field),
    bit: 1 << index,
  }));
  const required = fields.reduce((bits, entry) => (entry.field.omittable ? bits : bits | entry.bit), 0);
  return { layout, fields, required, blank: blankOf(layout) };
}

const KINDS_BY_NAME = createTokens();
const PARSED: ParsedKind[] = LAYOUTS.map(parsedKind);
for (const [index, kind] of PARSED.entries()) addToken(KINDS_BY_NAME, ascii(kind.layout.name), index);

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

function nameIndex(tokens: TokenTable, u8: Uint8Array, start: number, end: number): number {
  const known = findToken(tokens, u8, start, end);
  if (known >= 0 || u8[start] !== 35) return known;
  const index = readUnsigned(u8, start + 1, end);
  return index >= 1 && index <= 0xffff ? index : -1;
}

function bytesText(u8: Uint8Array, start: number, end: number): string {
  return decodeUtf8(u8, start, end) ?? '\ufffd';
}

/** The string that a bare or quoted token spells; undefined when it is not in its one form. */
function unquote(token: string): string | undefined {
  if (!token.startsWith('"')) return quoteText(token) === token ? token : undefined;
  try {
    const value: unknown = JSON.parse(token);
    return typeof value === 'string' && quoteText(value) === token ? value : undefined;
  } catch {
    return undefined;
  }
}

function readRef(u8: Uint8Array, start: number, end: number, i32: Int32Array, i: number): boolean {
  let from = start;
  let tape = 0;
  for (let at = start; at < end; at++) {
    if (u8[at] === 58) {
      tape = readUnsigned(u8, start, at);
      if (!(tape >= 1 && tape <= REF_TAPE_MAX)) return false;
      from = at + 1;
      break;
    }
  }
  const seq = readUnsigned(u8, from, end);
  if (!(seq >= 0)) return false;
  i32[i] = seq;
  i32[i + 1] = Math.floor(seq / TWO_32) | (tape << 21);
  return true;
}

function readMoney(parser: LineParser, i: number, text: string, name: string): boolean {
  if (!/^(?:0|-?[1-9][0-9]{0,38})$/.test(text)) return false;
  parser.out.fault = undefined;
  putM(parser.out, i, BigInt(text), name);
  return parser.out.fault === undefined;
}

function readPacked(
  parser: LineParser,
  u8: Uint8Array,
  start: number,
  end: number,
  entry: ParsedField,
): boolean {
  const { field, codes } = entry;
  let value: number;
  if (codes !== undefined && field.vocabulary !== undefined) {
    value = findToken(codes, u8, start, end);
    if (value < 0) value = codeOfName(field.vocabulary, bytesText(u8, start, end)) ?? -1;
  } else value = readUnsigned(u8, start, end);
  if (!(value >= 0 && value < (field.bits === 32 ? TWO_32 : 1 << field.bits))) return false;
  const half = field.word * 2 + (field.shift >= 32 ? 1 : 0);
  parser.out.i32[half] |= value << (field.shift & 31);
  return true;
}

function readValue(
  parser: LineParser,
  u8: Uint8Array,
  start: number,
  end: number,
  entry: ParsedField,
): boolean {
  const { field } = entry;
  const { out } = parser;
  const i = field.word * 2;
  switch (field.type) {
    case 'n':
    case 'id': {
      const value = readInteger(u8, start, end);
      // NaN fails the comparison. Negative ids are found by the record check.
      if (!(value > NONE)) return false;
      out.i32[i] = value;
      out.i32[i + 1] = Math.floor(value / TWO_32);
      return true;
    }
    case 't':
      return readU64(u8, start, end, { i32: out.i32, i });
    case 'u':
      return readPacked(parser, u8, start, end, entry);
    case 'ref':
      return readRef(u8, start, end, out.i32, i);
    case 'm':
      return readMoney(parser, i, bytesText(u8, start, end), field.name);
    case 'hash': {
      out.fault = undefined;
      putHash(out, i, bytesText(u8, start, end), field.name);
      return out.fault === undefined && end > start;
    }
  }
}

/** Index of the field that the key at start…end names: tried from `from`, where it stands in table order. */
function findField(kind: ParsedKind, u8: Uint8Array, start: number, end: number, from: number): number {
  const count = kind.fields.length;
  for (let step = 0; step < count; step++) {
    const index = from + step < count ? from + step : from + step - count;
    const key = kind.fields[index].key;
    if (key.length !== end - start) continue;
    let at = 0;
    while (at < key.length && key[at] === u8[start + at]) at += 1;
    if (at === key.length) return index;
  }
  return -1;
}

/** Decoded bytes of a payload's text; undefined when it is not in its one form. */
function payloadBytes(type: 'json' | 'text' | 'bytes', token: string): Uint8Array | undefined {
  if (type === 'bytes') return token.startsWith('b64:') ? fromBase64(token.slice(4)) : undefined;
  if (type === 'text') {
    const text = unquote(token);
    return text === undefined ? undefined : encodeUtf8(text);
  }
  const canonical = canonicalOf(token);
  return canonical === undefined || asciiJson(canonical) !== token ? undefined : encodeUtf8(canonical);
}

function canonicalOf(json: string): string | undefined {
  try {
    const canonical = canonicalJson(JSON.parse(json));
    return canonical.ok ? canonical.value : undefined;
  } catch {
    return undefined;
  }
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

/** Reads flags and side, which come before the keys; returns the offset behind them, −1 with a fault. */
function readFlags(parser: LineParser, u8: Uint8Array, start: number, end: number): number {
  let at = start;
  let flags = 0;
  if (u8[at] === 43) {
    const to = tokenEnd(u8, at, end);
    for (const name of bytesText(u8, at + 1, to).split('+')) {
      const bit = FLAG_NAMES.find(([, known]) => known === name)?.[0] ?? 0;
      if (bit === 0 || bit <= (flags & -flags) || (flags & bit) !== 0) {
        fail(parser, 'badFlags', at);
        return -1;
      }
      flags |= bit;
    }
    at = to + 1;
  }
  // "side=" then "buy" or "sell".
  if (
    u8[at] === 115 &&
    u8[at + 1] === 105 &&
    u8[at + 2] === 100 &&
    u8[at + 3] === 101 &&
    u8[at + 4] === EQUALS
  ) {
    const to = tokenEnd(u8, at, end);
    const side = bytesText(u8, at + 5, to);
    if (side !== 'buy' && side !== 'sell') {
      fail(parser, 'badValue', at, 'side');
      return -1;
    }
    flags |= side === 'buy' ? 0x10 : 0x20;
    at = to + 1;
  }
  parser.out.i32[0] |= flags << 24;
  return at;
}

/** Reads the keys of a kind without regard to order and writes them into the blank record. */
function readKeys(parser: LineParser, kind: ParsedKind, u8: Uint8Array, start: number, end: number): boolean {
  const { payload } = kind.layout;
  let seen = 0;
  let next = 0;
  let payloadSeen = false;
  for (let at = start; at < end;) {
    let equals = at;
    while (equals < end && u8[equals] !== EQUALS && u8[equals] !== SPACE) equals += 1;
    if (u8[equals] !== EQUALS || equals >= end) return fail(parser, 'unknownKey', at);
    const index = findField(kind, u8, at, equals, next);
    if (index < 0) {
      const key = bytesText(u8, at, equals);
      if (payload !== undefined && key === payload.name) {
        // Always the last key: the JSON of a Define may contain spaces.
        if (!readPayload(parser, kind, bytesText(u8, equals + 1, end)))
          return fail(parser, 'badValue', at, key);
        payloadSeen = true;
        break;
      }
      if (payload !== undefined || key !== 'ext') return fail(parser, 'unknownKey', at, key);
      return finish(parser, kind, seen, { column: at, ext: bytesText(u8, equals + 1, end) });
    }
    const entry = kind.fields[index];
    if ((seen & entry.bit) !== 0) return fail(parser, 'duplicateKey', at, entry.field.name);
    const to = tokenEnd(u8, equals + 1, end);
    if (!readValue(parser, u8, equals + 1, to, entry)) return fail(parser, 'badValue', at, entry.field.name);
    if (to + 1 === end) return fail(parser, 'badValue', to);
    seen |= entry.bit;
    next = index + 1;
    at = to + 1;
  }
  if (payload !== undefined && !payloadSeen) return fail(parser, 'missingKey', end, payload.name);
  return finish(parser, kind, seen, { column: end, ext: '' });
}

/** Holds a record against what its kind requires, cuts trailing defaults and checks the result. */
function finish(
  parser: LineParser,
  kind: ParsedKind,
  seen: number,
  at: { readonly column: number; readonly ext: string },
): boolean {
  if ((seen & kind.required) !== kind.required) {
    const lacking = kind.fields.find((entry) => (kind.required & entry.bit & ~seen) !== 0);
    return fail(parser, 'missingKey', at.column, lacking?.field.name ?? '');
  }
  const { out } = parser;
  if (kind.layout.payload === undefined) {
    let words = kind.layout.fullWords;
    if (at.ext !== '') {
      out.fault = undefined;
      words = putExtension(out, 0, words, at.ext);
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
    out.i32.set(kind.blank);
  }
  out.i32[0] = code << 16;
  if (!readU64(u8, seqEnd + 1, timeEnd, { i32: out.i32, i: 2 }))
    return fail(parser, 'badTime', seqEnd + 1 - start);
  const instrument = nameIndex(parser.instruments, u8, kindEnd + 1, instrumentEnd);
  const source = nameIndex(parser.sources, u8, instrumentEnd + 1, sourceEnd);
  if (instrument < 0) return fail(parser, 'badName', kindEnd + 1 - start);
  if (source < 0 || sourceEnd > end) return fail(parser, 'badName', instrumentEnd + 1 - start);
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
