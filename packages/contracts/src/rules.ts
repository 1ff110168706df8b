/** Rules of single kinds that no declaration of fields can express. Each returns 0, or `code | word << 8`. */
import { BAD_LENGTH, INCONSISTENT, faultAt, isNone } from './check.ts';
import { getN } from './record.ts';
import type { RecordBuffer } from './record.ts';

/** Exactly one of priceTicks and priceFine is present. */
export function fillRule(b: RecordBuffer, i: number): number {
  const fine = (b.u32[i] & 0xffff) > 12 && !isNone(b, i + 24);
  return fine === isNone(b, i + 8) ? 0 : faultAt(INCONSISTENT, 4);
}

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
