/**
 * The record: 8-byte words, little endian, in a buffer seen as bytes and as 32-bit halves of words.
 *
 *     byte 0  u16 words       total length in words, 2..65535
 *          2  u8  kind
 *          3  u8  flags
 *          4  u16 instrument
 *          6  u16 source
 *          8  t   timeNs      absolute on the wire, relative to the reader's epoch in memory
 *         16  body: words W2, W3, …
 *
 * A position `i` below is the index of a word's low half in `u32` and `i32` (twice the word's index).
 */
import { MONEY_NONE, NONE, REF_TAPE_MAX, TWO_32 } from './scalars.ts';
import type { Epoch } from './scalars.ts';

export const FLAG_LAST = 0x01;
export const FLAG_SNAPSHOT = 0x02;
export const FLAG_BAD_BOOK = 0x04;
export const FLAG_BAD_TIME = 0x08;
export const FLAG_INFERRED = 0x40;
export const SIDE_MASK = 0x30;
export const SIDE_BUY = 0x10;
export const SIDE_SELL = 0x20;

/** Flags of one bit, in their order in text. */
export const FLAG_NAMES: readonly (readonly [bit: number, name: string])[] = [
  [FLAG_LAST, 'LAST'],
  [FLAG_SNAPSHOT, 'SNAPSHOT'],
  [FLAG_BAD_BOOK, 'BAD_BOOK'],
  [FLAG_BAD_TIME, 'BAD_TIME'],
  [FLAG_INFERRED, 'INFERRED'],
];

export const RECORD_WORDS_MAX = 65535;
export const RECORD_BYTES_MAX: number = RECORD_WORDS_MAX * 8;

/** One stretch of memory that holds whole records, 8-byte aligned, under the views that codecs need. */
export interface RecordBuffer {
  readonly u8: Uint8Array;
  readonly i32: Int32Array;
  readonly u32: Uint32Array;
}

/** Views a stretch of bytes as records. Its offset must be a multiple of 4, as whole frames' are. */
export function viewRecords(bytes: Uint8Array): RecordBuffer {
  const halves = bytes.byteLength >>> 2;
  return {
    u8: bytes,
    i32: new Int32Array(bytes.buffer, bytes.byteOffset, halves),
    u32: new Uint32Array(bytes.buffer, bytes.byteOffset, halves),
  };
}

/** A growing buffer that records are encoded into. Whoever owns it resets `words` to reuse it. */
export interface RecordOut {
  u8: Uint8Array;
  i32: Int32Array;
  u32: Uint32Array;
  /** Words written so far. */
  words: number;
  readonly epoch: Epoch;
  /** First field that could not be written since the flag was cleared: its name, else undefined. */
  fault: string | undefined;
}

export function createRecordOut(epoch: Epoch, capacityWords = 16384): RecordOut {
  const bytes = new Uint8Array(capacityWords * 8);
  return { ...viewRecords(bytes), words: 0, epoch, fault: undefined };
}

/** Makes room for more words behind those written; what was written stays. */
export function reserveWords(out: RecordOut, words: number): void {
  const need = (out.words + words) * 8;
  if (need <= out.u8.byteLength) return;
  const bytes = new Uint8Array(Math.max(need, out.u8.byteLength * 2));
  bytes.set(out.u8);
  const view = viewRecords(bytes);
  out.u8 = bytes;
  out.i32 = view.i32;
  out.u32 = view.u32;
}

export function recordWords(b: RecordBuffer, i: number): number {
  return b.u32[i] & 0xffff;
}

export function recordKind(b: RecordBuffer, i: number): number {
  return (b.u32[i] >>> 16) & 0xff;
}

export function recordFlags(b: RecordBuffer, i: number): number {
  return b.u32[i] >>> 24;
}

export function recordInstrument(b: RecordBuffer, i: number): number {
  return b.u32[i + 1] & 0xffff;
}

export function recordSource(b: RecordBuffer, i: number): number {
  return b.u32[i + 1] >>> 16;
}

/** Reads an `n`, `q` or `id`. */
export function getN(b: RecordBuffer, i: number): number {
  return b.i32[i + 1] * TWO_32 + b.u32[i];
}

/** Reads a `t` as ns since the epoch. */
export function getT(b: RecordBuffer, i: number, epoch: Epoch): number {
  const lo = b.u32[i];
  const hi = b.u32[i + 1];
  if (hi === 0xffffffff && lo === 0xffffffff) return NONE;
  return (hi - epoch.hi) * TWO_32 + (lo - epoch.lo);
}

/** Reads an `m`. */
export function getM(b: RecordBuffer, i: number): bigint {
  const high = (BigInt(b.i32[i + 3]) << 32n) | BigInt(b.u32[i + 2]);
  return (high << 64n) | (BigInt(b.u32[i + 1]) << 32n) | BigInt(b.u32[i]);
}

/** Reads the seq of a `ref`; NONE when absent. */
export function getRefSeq(b: RecordBuffer, i: number): number {
  const hi = b.u32[i + 1];
  if (hi === 0xffffffff && b.u32[i] === 0xffffffff) return NONE;
  return (hi & 0x1fffff) * TWO_32 + b.u32[i];
}

/** Reads the tape number of a `ref`: 0 for this tape, and when absent. */
export function getRefTape(b: RecordBuffer, i: number): number {
  const hi = b.u32[i + 1];
  return hi === 0xffffffff && b.u32[i] === 0xffffffff ? 0 : hi >>> 21;
}

const HEX_DIGITS = '0123456789abcdef';

/** Reads a `hash` as lower-case hex; empty when absent (all zero). */
export function getHash(b: RecordBuffer, i: number): string {
  let hex = '';
  let any = 0;
  for (let at = i * 4; at < i * 4 + 32; at++) {
    const byte = b.u8[at];
    any |= byte;
    hex += HEX_DIGITS[byte >>> 4] + HEX_DIGITS[byte & 15];
  }
  return any === 0 ? '' : hex;
}

/** Writes an `n`; −0 becomes 0. */
export function putN(out: RecordOut, i: number, value: number, name: string): void {
  if ((value | 0) === value) {
    out.i32[i] = value;
    out.i32[i + 1] = value >> 31;
    return;
  }
  if (!Number.isSafeInteger(value) && value !== NONE) out.fault ??= name;
  out.i32[i] = value;
  out.i32[i + 1] = Math.floor(value / TWO_32);
}

/** Writes an `n` that may not be absent. */
export function putNSet(out: RecordOut, i: number, value: number, name: string): void {
  if (value === NONE) out.fault ??= name;
  putN(out, i, value, name);
}

/** Writes a `q` or `id` that may be absent. */
export function putId(out: RecordOut, i: number, value: number, name: string): void {
  if (value < 0 && value !== NONE) out.fault ??= name;
  putN(out, i, value, name);
}

/** Writes a `q` or `id` that may not be absent. */
export function putIdSet(out: RecordOut, i: number, value: number, name: string): void {
  if (value < 0) out.fault ??= name;
  putN(out, i, value, name);
}

/** Writes a `t` that may be absent. */
export function putT(out: RecordOut, i: number, value: number, name: string): void {
  if (value === NONE) {
    out.i32[i] = -1;
    out.i32[i + 1] = -1;
    return;
  }
  putTSet(out, i, value, name);
}

/** Writes a `t` that may not be absent. */
export function putTSet(out: RecordOut, i: number, value: number, name: string): void {
  const carry = Math.floor(value / TWO_32);
  let lo = value - carry * TWO_32 + out.epoch.lo;
  let hi = carry + out.epoch.hi;
  if (lo >= TWO_32) {
    lo -= TWO_32;
    hi += 1;
  }
  if (!Number.isSafeInteger(value) || hi < 0 || hi >= 0xffffffff) out.fault ??= name;
  out.i32[i] = lo;
  out.i32[i + 1] = hi;
}

/** Writes an `m` that may be absent. */
export function putM(out: RecordOut, i: number, value: bigint, name: string): void {
  if (BigInt.asIntN(128, value) !== value) out.fault ??= name;
  for (let half = 0; half < 4; half++) {
    out.u32[i + half] = Number(BigInt.asUintN(32, value >> BigInt(half * 32)));
  }
}

/** Writes an `m` that may not be absent. */
export function putMSet(out: RecordOut, i: number, value: bigint, name: string): void {
  if (value === MONEY_NONE) out.fault ??= name;
  putM(out, i, value, name);
}

/** Writes a `ref`; seq NONE is the absent one. */
export function putRef(out: RecordOut, i: number, seq: number, tape: number): void {
  if (seq === NONE) {
    out.i32[i] = -1;
    out.i32[i + 1] = -1;
    if (tape !== 0) out.fault ??= 'cause';
    return;
  }
  if (!Number.isSafeInteger(seq) || seq < 0 || tape >>> 0 !== tape || tape > REF_TAPE_MAX)
    out.fault ??= 'cause';
  out.i32[i] = seq;
  out.i32[i + 1] = Math.floor(seq / TWO_32) | (tape << 21);
}

function nibble(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  return code >= 97 && code <= 102 ? code - 87 : -1;
}

/** Writes a `hash` from 64 lower-case hex digits; empty is the absent one. */
export function putHash(out: RecordOut, i: number, hex: string, name: string): void {
  const at = i * 4;
  if (hex === '') {
    out.u8.fill(0, at, at + 32);
    return;
  }
  if (hex.length !== 64) out.fault ??= name;
  let any = 0;
  for (let byte = 0; byte < 32; byte++) {
    const value = nibble(hex.charCodeAt(byte * 2)) * 16 + nibble(hex.charCodeAt(byte * 2 + 1));
    if (!(value >= 0) || nibble(hex.charCodeAt(byte * 2 + 1)) < 0) out.fault ??= name;
    out.u8[at + byte] = value;
    any |= value;
  }
  // All zeros is the absent hash, whose text is empty.
  if (any === 0) out.fault ??= name;
}

/** Checks an unsigned field of the given width before it is packed. */
export function putU(out: RecordOut, value: number, bits: number, name: string): number {
  const fits = bits > 32 ? Number.isSafeInteger(value) && value >= 0 : value >>> 0 === value;
  if (!fits || (bits < 32 && value >>> bits !== 0)) out.fault ??= name;
  return value;
}
