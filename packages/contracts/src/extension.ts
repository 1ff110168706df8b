/**
 * What is kept verbatim (CONTRACTS-11): tail words of a later version, and records of kinds that this build does not
 * know.
 */
import type { UnknownEvent } from './generated/events.ts';
import { layoutOfCode } from './layout.ts';
import { RECORD_WORDS_MAX, putTSet, reserveWords } from './record.ts';
import type { RecordBuffer, RecordOut } from './record.ts';

/** Writes W0: size and kind as they are, then flags, instrument and source. */
export function putHeader(
  out: RecordOut,
  i: number,
  head: number,
  flags: number,
  instrument: number,
  source: number,
): void {
  out.i32[i] = head | (flags << 24);
  out.i32[i + 1] = instrument | (source << 16);
  // Compared with itself under a mask, so that fractions and what a shift would drop are found as well.
  if ((instrument & 0xffff) !== instrument) out.fault ??= 'instrument';
  if ((source & 0xffff) !== source) out.fault ??= 'source';
  if ((flags & 0x7f) !== flags) out.fault ??= 'flags';
}

/** Hex of the words of a record from the given one on. */
export function getExtension(b: RecordBuffer, i: number, fromWord: number): string {
  const end = i * 4 + (b.u32[i] & 0xffff) * 8;
  let hex = '';
  for (let at = i * 4 + fromWord * 8; at < end; at++) hex += b.u8[at].toString(16).padStart(2, '0');
  return hex;
}

const WHOLE_WORDS = /^(?:[0-9a-f]{16})+$/;

/** Writes hex words behind a record of `words` words and sets its size; returns the new size, 0 with a fault. */
export function putExtension(out: RecordOut, i: number, words: number, hex: string): number {
  const total = words + hex.length / 16;
  if (!WHOLE_WORDS.test(hex) || total > RECORD_WORDS_MAX) {
    out.fault ??= 'ext';
    return 0;
  }
  reserveWords(out, total);
  const from = i * 4 + words * 8;
  for (let byte = 0; byte < hex.length / 2; byte++) {
    out.u8[from + byte] = Number.parseInt(hex.slice(byte * 2, byte * 2 + 2), 16);
  }
  out.i32[i] = (out.i32[i] & ~0xffff) | total;
  return total;
}

/** Encodes a record of an unknown kind from its words in hex. A kind that is known has its own form, and no other. */
export function encodeUnknown(out: RecordOut, e: UnknownEvent): number {
  if ((e.code & 0xff) !== e.code || e.code === 0 || layoutOfCode(e.code) !== undefined) out.fault ??= 'code';
  reserveWords(out, 2);
  const i = out.words * 2;
  putHeader(out, i, 2 | (e.code << 16), e.flags, e.instrument, e.source);
  putTSet(out, i + 2, e.timeNs, 'timeNs');
  return e.body === '' ? 2 : putExtension(out, i, 2, e.body);
}
