/** Values of a record's fields by their layout, for forms that are written a field at a time. */
import {
  MONEY_NONE,
  NONE,
  decodeUtf8,
  getHash,
  getM,
  getN,
  getRefSeq,
  getRefTape,
  nameOfCode,
  recordWords,
  toBase64,
} from '@truetape/contracts';
import type { DefineTable, Field, KindLayout, RecordBuffer } from '@truetape/contracts';

/** Absolute Unix ns of the time at half word `at`; undefined when absent. */
export function unixTimeAt(b: RecordBuffer, at: number): bigint | undefined {
  const lo = b.u32[at];
  const hi = b.u32[at + 1];
  return lo === 0xffffffff && hi === 0xffffffff ? undefined : (BigInt(hi) << 32n) | BigInt(lo);
}

/** Number in a packed field. */
export function packedValue(b: RecordBuffer, i: number, field: Field): number {
  const half = i + field.word * 2 + (field.shift >= 32 ? 1 : 0);
  const mask = field.bits >= 32 ? 0xffffffff : (1 << field.bits) - 1;
  return ((b.u32[half] >>> (field.shift & 31)) & mask) >>> 0;
}

/**
 * A field's value; undefined where a text tape omits it: absent, or the default of a packed field or a tail.
 *
 * Shape: `n`, `id`, packed numbers and causes of this tape are numbers; causes of a parent `tape:seq`; times
 * absolute Unix ns and money bigints; codes their names; hashes hex.
 */
export function fieldValue(b: RecordBuffer, i: number, field: Field): number | bigint | string | undefined {
  if (field.word >= recordWords(b, i)) return undefined;
  const at = i + field.word * 2;
  const omitsZero = field.tail && !field.optional;
  switch (field.type) {
    case 'n':
    case 'q':
    case 'id': {
      const value = getN(b, at);
      return value === NONE || (value === 0 && omitsZero) ? undefined : value;
    }
    case 't':
      return unixTimeAt(b, at);
    case 'm': {
      const value = getM(b, at);
      return value === MONEY_NONE || (value === 0n && omitsZero) ? undefined : value;
    }
    case 'hash':
      return getHash(b, at) || undefined;
    case 'ref': {
      const seq = getRefSeq(b, at);
      const tape = getRefTape(b, at);
      if (seq === NONE) return undefined;
      return tape === 0 ? seq : `${tape}:${seq}`;
    }
    case 'u': {
      const value = packedValue(b, i, field);
      if (value === 0) return undefined;
      return field.vocabulary === undefined ? value : nameOfCode(field.vocabulary, value);
    }
  }
}

/** A record's payload as text: JSON and text as they are, bytes in base64. */
export function payloadText(b: RecordBuffer, i: number, layout: KindLayout): string {
  const { lengthField, type } = layout.payload!;
  const from = i * 4 + layout.baseWords * 8;
  const to = from + packedValue(b, i, lengthField);
  return type === 'bytes' ? toBase64(b.u8, from, to) : (decodeUtf8(b.u8, from, to) ?? '');
}

/** Hex of a record's words from the given one on; empty when there are none. */
export function wordsHex(b: RecordBuffer, i: number, fromWord: number): string {
  let hex = '';
  const end = i * 4 + recordWords(b, i) * 8;
  for (let at = i * 4 + fromWord * 8; at < end; at++) hex += b.u8[at].toString(16).padStart(2, '0');
  return hex;
}

/** Name of an index, as it was defined: undefined for 0, `#7` where the name is missing or stands for another. */
export function indexName(table: DefineTable, index: number): string | undefined {
  if (index === 0) return undefined;
  const name = table.byIndex[index]?.name;
  return name !== undefined && table.byName.get(name) === index ? name : `#${index}`;
}
