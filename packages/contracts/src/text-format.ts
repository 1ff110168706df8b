/**
 * The text form of an event (CONTRACTS-12), written from its record without an object in between:
 *
 *     <seq> <timeNs> <Kind> <instrument> <source> [+FLAGS] [side=…] key=value …
 */
import type { Field, KindLayout } from './layout.ts';
import { LAYOUTS, isNumber } from './layout.ts';
import { FLAG_NAMES, SIDE_MASK, getHash, getM, getN, getRefSeq, getRefTape, recordFlags } from './record.ts';
import type { RecordBuffer } from './record.ts';
import { MONEY_NONE, NONE } from './scalars.ts';
import { asciiJson, nameOfIndex, quoteText } from './tables.ts';
import type { DefineTables } from './tables.ts';
import { ascii, putBytes, putInteger, putText, putU64, reserveText } from './text-out.ts';
import type { TextOut } from './text-out.ts';
import { toBase64 } from './base64.ts';
import { decodeUtf8 } from './utf8.ts';
import { VOCABULARIES, nameOfCode } from './vocabulary.ts';

const AS_N = 0;
const AS_T = 1;
const AS_U = 2;
const AS_CODE = 3;
const AS_REF = 4;
const AS_SLOW = 5;

/** A field as the formatter wants it: everything looked up beforehand. */
interface Printed {
  readonly key: Uint8Array;
  readonly as: number;
  readonly word: number;
  /** Half word and position within it, of packed fields. */
  readonly half: number;
  readonly shift: number;
  readonly mask: number;
  readonly omitZero: boolean;
  readonly codes: (Uint8Array | undefined)[];
  readonly field: Field;
}

interface PrintedKind {
  readonly name: Uint8Array;
  readonly fields: readonly Printed[];
  readonly layout: KindLayout;
}

function formOf(field: Field): number {
  if (isNumber(field.type)) return AS_N;
  if (field.type === 't') return AS_T;
  if (field.type === 'ref') return AS_REF;
  if (field.type !== 'u' || field.bits > 32) return AS_SLOW;
  return field.vocabulary === undefined ? AS_U : AS_CODE;
}

function printedField(field: Field): Printed {
  const codes: (Uint8Array | undefined)[] = [];
  if (field.vocabulary !== undefined) {
    for (const [code, name] of VOCABULARIES[field.vocabulary].names) codes[code] = ascii(name);
  }
  return {
    key: ascii(` ${field.name}=`),
    as: formOf(field),
    word: field.word,
    half: field.word * 2 + (field.shift >= 32 ? 1 : 0),
    shift: field.shift & 31,
    mask: field.bits >= 32 ? 0xffffffff : (1 << field.bits) - 1,
    omitZero: field.tail && !field.optional,
    codes,
    field,
  };
}

const PRINTED: (PrintedKind | undefined)[] = Array.from({ length: 256 }, () => undefined);
for (const layout of LAYOUTS) {
  PRINTED[layout.code] = { name: ascii(layout.name), fields: layout.fields.map(printedField), layout };
}

/** Names of instruments and sources as bytes, kept with the tables so that no line formats them again. */
export interface TextNames {
  readonly tables: DefineTables;
  readonly instruments: (Uint8Array | undefined)[];
  readonly sources: (Uint8Array | undefined)[];
}

export function createTextNames(tables: DefineTables): TextNames {
  return { tables, instruments: [], sources: [] };
}

/** Forgets what was formatted; call after each Define, which may take a name from an earlier index. */
export function resetTextNames(names: TextNames): void {
  names.instruments.length = 0;
  names.sources.length = 0;
}

function nameBytes(names: TextNames, table: 'instrument' | 'source', index: number): Uint8Array {
  const bytes = ascii(nameOfIndex(names.tables[table], index));
  (table === 'instrument' ? names.instruments : names.sources)[index] = bytes;
  return bytes;
}

const SPACE = 32;
const SIDES = [new Uint8Array(0), ascii(' side=buy'), ascii(' side=sell')];
const FLAG_TEXT: Uint8Array[] = Array.from({ length: 256 }, (_, flags) => {
  const names = FLAG_NAMES.filter(([bit]) => (flags & bit) !== 0).map(([, name]) => `+${name}`);
  return ascii(names.length === 0 ? '' : ` ${names.join('')}`);
});

function putSlow(out: TextOut, b: RecordBuffer, i: number, printed: Printed): void {
  const at = i + printed.word * 2;
  const { field } = printed;
  let text = '';
  if (field.type === 'hash') text = getHash(b, at);
  else {
    const money = getM(b, at);
    if (money === MONEY_NONE || (field.tail && !field.optional && money === 0n)) return;
    text = String(money);
  }
  if (text === '') return;
  putBytes(out, printed.key);
  putText(out, text);
}

function putCode(out: TextOut, printed: Printed, code: number): void {
  const name = printed.codes[code];
  putBytes(out, printed.key);
  if (name !== undefined) putBytes(out, name);
  else putText(out, nameOfCode(printed.field.vocabulary!, code));
}

function putRefText(out: TextOut, b: RecordBuffer, at: number, key: Uint8Array): void {
  const seq = getRefSeq(b, at);
  if (seq === NONE) return;
  const tape = getRefTape(b, at);
  putBytes(out, key);
  if (tape !== 0) {
    putInteger(out, tape);
    out.u8[out.size++] = 58;
  }
  putInteger(out, seq);
}

function putField(out: TextOut, b: RecordBuffer, i: number, printed: Printed): void {
  const at = i + printed.word * 2;
  if (printed.as === AS_N) {
    const value = getN(b, at);
    if (value === NONE || (value === 0 && printed.omitZero)) return;
    putBytes(out, printed.key);
    putInteger(out, value);
  } else if (printed.as === AS_T) {
    if (b.i32[at] === -1 && b.i32[at + 1] === -1) return;
    putBytes(out, printed.key);
    putU64(out, b.u32[at + 1], b.u32[at]);
  } else if (printed.as === AS_REF) putRefText(out, b, at, printed.key);
  else if (printed.as === AS_SLOW) putSlow(out, b, i, printed);
  else {
    const value = ((b.u32[i + printed.half] >>> printed.shift) & printed.mask) >>> 0;
    if (value === 0) return;
    if (printed.as === AS_CODE) putCode(out, printed, value);
    else {
      putBytes(out, printed.key);
      putInteger(out, value);
    }
  }
}

function hexOfWords(b: RecordBuffer, i: number, fromWord: number): string {
  let hex = '';
  const end = i * 4 + (b.u32[i] & 0xffff) * 8;
  for (let at = i * 4 + fromWord * 8; at < end; at++) hex += b.u8[at].toString(16).padStart(2, '0');
  return hex;
}

function putPayload(out: TextOut, b: RecordBuffer, i: number, layout: KindLayout): void {
  const payload = layout.payload!;
  const { lengthField } = payload;
  const bytes =
    (b.u32[i + lengthField.word * 2 + (lengthField.shift >= 32 ? 1 : 0)] >>> (lengthField.shift & 31)) >>> 0;
  const from = i * 4 + layout.baseWords * 8;
  if (payload.type === 'bytes') {
    putText(out, ` ${payload.name}=b64:${toBase64(b.u8, from, from + bytes)}`);
    return;
  }
  const text = decodeUtf8(b.u8, from, from + bytes) ?? '';
  putText(out, ` ${payload.name}=${payload.type === 'json' ? asciiJson(text) : quoteText(text)}`);
}

/** Writes the line of a checked record, with its LF. */
export function formatRecord(out: TextOut, b: RecordBuffer, i: number, seq: number, names: TextNames): void {
  const head = b.u32[i];
  const words = head & 0xffff;
  // Longest: every word a key and 20 digits. Payloads and hex make room for themselves.
  reserveText(out, 1024 + Math.min(words, 64) * 64);
  putInteger(out, seq);
  out.u8[out.size++] = SPACE;
  putU64(out, b.u32[i + 3], b.u32[i + 2]);
  out.u8[out.size++] = SPACE;
  const kind = PRINTED[(head >>> 16) & 0xff];
  if (kind === undefined) putText(out, `Kind0x${((head >>> 16) & 0xff).toString(16).padStart(2, '0')}`);
  else putBytes(out, kind.name);
  out.u8[out.size++] = SPACE;
  const instrument = b.u32[i + 1] & 0xffff;
  putName(out, names.instruments[instrument] ?? nameBytes(names, 'instrument', instrument));
  out.u8[out.size++] = SPACE;
  const source = b.u32[i + 1] >>> 16;
  putName(out, names.sources[source] ?? nameBytes(names, 'source', source));
  const flags = recordFlags(b, i);
  if (kind === undefined)
    putText(out, ` flags=0x${flags.toString(16).padStart(2, '0')} hex=${hexOfWords(b, i, 2)}`);
  else {
    if (flags !== 0) {
      putBytes(out, FLAG_TEXT[flags]);
      putBytes(out, SIDES[(flags & SIDE_MASK) >>> 4]);
    }
    const fields = kind.fields;
    for (let k = 0; k < fields.length; k++) {
      if (fields[k].word >= words) break;
      putField(out, b, i, fields[k]);
    }
    if (kind.layout.payload !== undefined) putPayload(out, b, i, kind.layout);
    else if (words > kind.layout.fullWords) putText(out, ` ext=${hexOfWords(b, i, kind.layout.fullWords)}`);
  }
  reserveText(out, 1);
  out.u8[out.size++] = 10;
}

/** Names may be long: makes room for the name and, again, for what follows it. */
function putName(out: TextOut, name: Uint8Array): void {
  if (name.length > 64) reserveText(out, name.length + 8192);
  putBytes(out, name);
}
