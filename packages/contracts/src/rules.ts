/** Rules of single kinds that their checker calls. Each returns 0, or `code | word << 8`. */
import { BAD_LENGTH, INCONSISTENT, faultAt } from './check.ts';
import { getN } from './record.ts';
import type { RecordBuffer } from './record.ts';

/** Nothing but a time and a count of at least 1. */
export function skipRule(b: RecordBuffer, i: number): number {
  if ((b.u32[i] & 0xffff) !== 3) return faultAt(BAD_LENGTH, 3);
  if (b.u32[i] >>> 24 !== 0 || b.u32[i + 1] !== 0) return faultAt(INCONSISTENT, 0);
  return getN(b, i + 4) >= 1 ? 0 : faultAt(INCONSISTENT, 2);
}

/** Table and index are what everything else refers to: neither may be unspecified. */
export function defineRule(b: RecordBuffer, i: number): number {
  return (b.u32[i + 4] & 0xff) === 0 || b.u32[i + 5] === 0 ? faultAt(INCONSISTENT, 2) : 0;
}

/** The bytes lie within the message that they are a part of. */
export function rawRule(b: RecordBuffer, i: number): number {
  const [byteCount, totalBytes, offset] = [b.u32[i + 7], b.u32[i + 8], b.u32[i + 9]];
  return offset + byteCount <= totalBytes ? 0 : faultAt(INCONSISTENT, 4);
}
