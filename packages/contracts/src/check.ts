/** What is wrong with a record, and the checks that the generated checker is made of. */
import { layoutOfCode } from './layout.ts';
import { parseCanonicalObject } from './canonical-json.ts';
import { recordKind } from './record.ts';
import type { RecordBuffer } from './record.ts';
import type { Epoch } from './scalars.ts';
import { decodeUtf8 } from './utf8.ts';

/** Codes of record faults; the code on index k has value k. 0 is no fault. */
export const RECORD_FAULTS = [
  'none',
  'badLength',
  'badKind',
  'unknownFlag',
  'badSide',
  'outOfRange',
  'missing',
  'nonCanonical',
  'reservedNotZero',
  'unknownEnum',
  'badText',
  'badJson',
  'timeBeyondEpoch',
  'inconsistent',
] as const;

export type RecordFaultCode = (typeof RECORD_FAULTS)[number];

export const BAD_LENGTH = 1;
export const BAD_KIND = 2;
export const UNKNOWN_FLAG = 3;
export const BAD_SIDE = 4;
export const OUT_OF_RANGE = 5;
export const MISSING = 6;
export const NON_CANONICAL = 7;
export const RESERVED_NOT_ZERO = 8;
export const UNKNOWN_ENUM = 9;
export const BAD_TEXT = 10;
export const BAD_JSON = 11;
export const TIME_BEYOND_EPOCH = 12;
export const INCONSISTENT = 13;

/** A fault and the word it was found in, packed into one number: `code | word << 8`. */
export function faultAt(code: number, word: number): number {
  return code | (word << 8);
}

/** A record fault for people and programs. */
export interface RecordFault {
  readonly code: RecordFaultCode;
  readonly kind: number;
  /** Field that the faulty word belongs to; empty when it is none. */
  readonly field: string;
  readonly word: number;
}

/** Unpacks what the checker returned for the record at `i`. */
export function recordFault(b: RecordBuffer, i: number, fault: number): RecordFault {
  const word = fault >>> 8;
  const kind = recordKind(b, i);
  const layout = layoutOfCode(kind);
  const field = layout?.fields.find((entry) => word >= entry.word && word < entry.word + entry.words);
  return { code: RECORD_FAULTS[fault & 0xff], kind, field: field?.name ?? '', word };
}

/** True for an i64 outside ±(2^53−1) that is not NONE. */
export function isBadN(b: RecordBuffer, i: number): boolean {
  const top = b.i32[i + 1] >> 21;
  return top !== 0 && top !== -1;
}

export function isNone(b: RecordBuffer, i: number): boolean {
  return b.i32[i + 1] === -2097152 && b.i32[i] === 0;
}

/** True for an id that is neither 0…2^53−1 nor NONE. */
export function isBadId(b: RecordBuffer, i: number): boolean {
  return b.i32[i + 1] >> 21 !== 0 && !isNone(b, i);
}

export function isAllOnes(b: RecordBuffer, i: number): boolean {
  return b.i32[i] === -1 && b.i32[i + 1] === -1;
}

export function isZero(b: RecordBuffer, i: number): boolean {
  return b.i32[i] === 0 && b.i32[i + 1] === 0;
}

/** True for a time too far from the epoch for a number of ns (and for the absent time). */
export function isFarT(b: RecordBuffer, i: number, epoch: Epoch): boolean {
  const distance = b.u32[i + 1] - epoch.hi;
  return distance >= 2097151 || distance <= -2097151;
}

/** True for a reference whose tape bits are all ones, unless it is the absent one. */
export function isBadRef(b: RecordBuffer, i: number): boolean {
  return b.u32[i + 1] >>> 21 === 2047 && !isAllOnes(b, i);
}

export function isMoneyNone(b: RecordBuffer, i: number): boolean {
  return isZero(b, i) && b.i32[i + 2] === 0 && b.u32[i + 3] === 0x80000000;
}

export function isZeroHash(b: RecordBuffer, i: number): boolean {
  return isZero(b, i) && isZero(b, i + 2) && isZero(b, i + 4) && isZero(b, i + 6);
}

/** Checks the header words of a record of any kind, given the words that are left in its buffer. */
export function checkHeader(b: RecordBuffer, i: number, wordsLeft: number): number {
  const head = b.u32[i];
  const words = head & 0xffff;
  if (words < 2 || words > wordsLeft) return faultAt(BAD_LENGTH, 0);
  if ((head & 0x00ff0000) === 0) return faultAt(BAD_KIND, 0);
  if (head >>> 31 !== 0) return faultAt(UNKNOWN_FLAG, 0);
  if ((head & 0x30000000) === 0x30000000) return faultAt(BAD_SIDE, 0);
  return 0;
}

/** Checks length, padding and content of the bytes behind the fixed part of a variable kind. */
export function checkPayload(
  b: RecordBuffer,
  i: number,
  at: { fixedWords: number; bytes: number; type: 'json' | 'text' | 'bytes' },
): number {
  const { fixedWords, bytes, type } = at;
  const words = b.u32[i] & 0xffff;
  if (words !== fixedWords + Math.ceil(bytes / 8)) return faultAt(BAD_LENGTH, fixedWords);
  const start = i * 4 + fixedWords * 8;
  for (let pad = start + bytes; pad < i * 4 + words * 8; pad++) {
    if (b.u8[pad] !== 0) return faultAt(RESERVED_NOT_ZERO, words - 1);
  }
  if (type === 'bytes') return 0;
  const text = decodeUtf8(b.u8, start, start + bytes);
  if (text === undefined) return faultAt(BAD_TEXT, fixedWords);
  if (type === 'json' && !parseCanonicalObject(text).ok) return faultAt(BAD_JSON, fixedWords);
  return 0;
}
