/** Readers of canonical decimal integers in text bytes. Each returns NaN for anything else. */

/** Reads up to nine digits, no sign, leading zeros allowed; NaN when a byte is no digit. */
function digits(u8: Uint8Array, start: number, end: number): number {
  let value = 0;
  for (let at = start; at < end; at++) {
    const digit = u8[at] - 48;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = (value * 10 + digit) | 0;
  }
  return value;
}

/** Reads 0 … 2^53−1 in canonical decimal. */
export function readUnsigned(u8: Uint8Array, start: number, end: number): number {
  const size = end - start;
  if (size < 1 || size > 16 || (size > 1 && u8[start] === 48)) return Number.NaN;
  if (size <= 9) return digits(u8, start, end);
  const high = digits(u8, start, end - 8);
  const low = digits(u8, end - 8, end);
  if (high > 90071992 || (high === 90071992 && low > 54740991)) return Number.NaN;
  return high * 100000000 + low;
}

/** Reads ±(2^53−1) in canonical decimal; `-0` and `+1` are not. */
export function readInteger(u8: Uint8Array, start: number, end: number): number {
  if (u8[start] !== 45) return readUnsigned(u8, start, end);
  return u8[start + 1] === 48 ? Number.NaN : -readUnsigned(u8, start + 1, end);
}

/**
 * Reads 0 … 2^64−2 in canonical decimal into the halves of the word at `i`; false for anything else.
 * Seconds and nanoseconds are put together exactly in doubles, 16 bits of the seconds at a time.
 */
export function readU64(u8: Uint8Array, start: number, end: number, i32: Int32Array, i: number): boolean {
  const size = end - start;
  if (size < 1 || size > 20 || (size > 1 && u8[start] === 48)) return false;
  const split = Math.max(start, end - 9);
  const nanos = digits(u8, split, end);
  const seconds = split === start ? 0 : readUnsigned(u8, start, split);
  if (!(nanos >= 0 && seconds >= 0)) return false;
  const upper = Math.floor(seconds / 65536);
  const lower = seconds - upper * 65536;
  const high = upper * 1000000000;
  const highTop = Math.floor(high / 65536);
  const low = (high - highTop * 65536) * 65536 + lower * 1000000000 + nanos;
  const carry = Math.floor(low / 4294967296);
  const hi = highTop + carry;
  const lo = low - carry * 4294967296;
  if (hi > 0xffffffff || (hi === 0xffffffff && lo === 0xffffffff)) return false;
  i32[i] = lo;
  i32[i + 1] = hi;
  return true;
}
