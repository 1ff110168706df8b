/** What is kept verbatim: tail words of a later version, and whole records of kinds that this build does not know. */
import type { UnknownEvent } from './generated/events.ts';
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
  if (instrument >>> 16 !== 0) out.fault ??= 'instrument';
  if (source >>> 16 !== 0) out.fault ??= 'source';
  if (flags >>> 7 !== 0) out.fault ??= 'flags';
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

/** Encodes a record of an unknown kind from its words in hex. */
export function encodeUnknown(out: RecordOut, e: UnknownEvent): number {
  if (e.code < 1 || e.code > 255 || !Number.isInteger(e.code)) out.fault ??= 'code';
  reserveWords(out, 2);
  const i = out.words * 2;
  putHeader(out, i, 2 | (e.code << 16), e.flags, e.instrument, e.source);
  putTSet(out, i + 2, e.timeNs, 'timeNs');
  return e.body === '' ? 2 : putExtension(out, i, 2, e.body);
}
