/** What is wrong with a record, and the checks that the generated checker is made of. */
import { layoutOfCode } from './layout.ts';
import type { KindLayout } from './layout.ts';
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
  /** First field of the faulty word; empty when it has none. */
  readonly field: string;
  readonly word: number;
}

function fieldAt(layout: KindLayout | undefined, word: number): string {
  if (word === 1) return 'timeNs';
  const field = layout?.fields.find((entry) => word >= entry.word && word < entry.word + entry.words);
  if (field !== undefined) return field.name;
  return layout?.payload !== undefined && word >= layout.payload.lengthField.word ? layout.payload.name : '';
}

/** Unpacks what the checker returned for the record at `i`. */
export function recordFault(b: RecordBuffer, i: number, fault: number): RecordFault {
  const word = fault >>> 8;
  const kind = recordKind(b, i);
  const layout = layoutOfCode(kind);
  return { code: RECORD_FAULTS[fault & 0xff], kind, field: fieldAt(layout, word), word };
}

/** True for a time too far from the epoch for a number of ns. From 0xffffffff·2^32 on, it is from every epoch. */
export function isFarT(b: RecordBuffer, i: number, epoch: Epoch): boolean {
  const hi = b.u32[i + 1];
  const distance = hi - epoch.hi;
  return distance >= 2097151 || distance <= -2097151 || hi === 0xffffffff;
}

export function isAllOnes(b: RecordBuffer, i: number): boolean {
  return b.i32[i] === -1 && b.i32[i + 1] === -1;
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

/** Checks length, padding and content of the bytes behind the fixed part of a variable kind (CONTRACTS-10). */
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
