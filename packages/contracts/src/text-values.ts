/** Readers of the values of a line: text bytes into the words of a record. */
import { fromBase64 } from './base64.ts';
import { canonicalJson } from './canonical-json.ts';
import { putHash, putMSet } from './record.ts';
import type { RecordOut } from './record.ts';
import { NONE, REF_TAPE_MAX, TWO_32 } from './scalars.ts';
import { asciiJson, quoteText } from './tables.ts';
import type { ParsedField } from './text-kinds.ts';
import { readInteger, readU64, readUnsigned } from './text-numbers.ts';
import { findToken } from './tokens.ts';
import { decodeUtf8, encodeUtf8 } from './utf8.ts';
import { codeOfName } from './vocabulary.ts';

/** Text of a stretch of bytes, for what is not read on the fast path. */
export function bytesText(u8: Uint8Array, start: number, end: number): string {
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

function readMoney(out: RecordOut, i: number, text: string, name: string): boolean {
  if (!/^(?:0|-?[1-9][0-9]{0,38})$/.test(text)) return false;
  out.fault = undefined;
  putMSet(out, i, BigInt(text), name);
  return out.fault === undefined;
}

function readPacked(out: RecordOut, u8: Uint8Array, start: number, end: number, entry: ParsedField): boolean {
  const { field, codes } = entry;
  let value: number;
  if (codes !== undefined && field.vocabulary !== undefined) {
    value = findToken(codes, u8, start, end);
    if (value < 0) value = codeOfName(field.vocabulary, bytesText(u8, start, end)) ?? -1;
  } else value = readUnsigned(u8, start, end);
  // 0 is the default, which no line spells.
  if (!(value > 0 && value < (field.bits === 32 ? TWO_32 : 1 << field.bits))) return false;
  const half = field.word * 2 + (field.shift >= 32 ? 1 : 0);
  out.i32[half] |= value << (field.shift & 31);
  return true;
}

/** Reads the value at start…end into the field of the blank record in `out`; false when it is none. */
export function readValue(
  out: RecordOut,
  u8: Uint8Array,
  start: number,
  end: number,
  entry: ParsedField,
): boolean {
  const { field } = entry;
  const i = field.word * 2;
  switch (field.type) {
    case 'n':
    case 'q':
    case 'id': {
      const value = readInteger(u8, start, end);
      // NaN fails the comparison. What may not be negative is found by the record check.
      if (!(value > NONE) || (value === 0 && field.tail && !field.optional)) return false;
      out.i32[i] = value;
      out.i32[i + 1] = Math.floor(value / TWO_32);
      return true;
    }
    case 't':
      return readU64(u8, start, end, out.i32, i);
    case 'u':
      return readPacked(out, u8, start, end, entry);
    case 'ref':
      return readRef(u8, start, end, out.i32, i);
    case 'm':
      return readMoney(out, i, bytesText(u8, start, end), field.name);
    case 'hash': {
      out.fault = undefined;
      putHash(out, i, bytesText(u8, start, end), field.name);
      return out.fault === undefined && end > start;
    }
  }
}

/** Decoded bytes of a payload's text; undefined when it is not in its one form. */
export function payloadBytes(type: 'json' | 'text' | 'bytes', token: string): Uint8Array | undefined {
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
