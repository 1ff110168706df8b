/** A growing buffer of text bytes, and writers of numbers into it. Lines are ASCII by construction. */
export interface TextOut {
  u8: Uint8Array;
  size: number;
}

export function createTextOut(capacity = 65536): TextOut {
  return { u8: new Uint8Array(capacity), size: 0 };
}

/** Makes room for more bytes behind those written. */
export function reserveText(out: TextOut, bytes: number): void {
  const need = out.size + bytes;
  if (need <= out.u8.length) return;
  const grown = new Uint8Array(Math.max(need, out.u8.length * 2));
  grown.set(out.u8.subarray(0, out.size));
  out.u8 = grown;
}

/** Bytes of an ASCII constant. */
export function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

export function putBytes(out: TextOut, bytes: Uint8Array): void {
  const u8 = out.u8;
  let at = out.size;
  // Copied by hand: for a dozen bytes a call of set() costs more.
  for (let k = 0; k < bytes.length; k++) u8[at++] = bytes[k];
  out.size = at;
}

/** Writes ASCII text. */
export function putText(out: TextOut, text: string): void {
  reserveText(out, text.length);
  for (let k = 0; k < text.length; k++) out.u8[out.size + k] = text.charCodeAt(k);
  out.size += text.length;
}

const QUADS = new Uint8Array(40000);
for (let k = 0; k < 10000; k++) {
  for (let digit = 0, rest = k; digit < 4; digit++, rest = Math.trunc(rest / 10))
    QUADS[k * 4 + 3 - digit] = 48 + (rest % 10);
}

/** Writes 0 ≤ value < 10^8 in exactly eight digits. */
function putEight(u8: Uint8Array, at: number, value: number): void {
  const high = ((value / 10000) | 0) * 4;
  const low = (value - high * 2500) * 4;
  u8[at] = QUADS[high];
  u8[at + 1] = QUADS[high + 1];
  u8[at + 2] = QUADS[high + 2];
  u8[at + 3] = QUADS[high + 3];
  u8[at + 4] = QUADS[low];
  u8[at + 5] = QUADS[low + 1];
  u8[at + 6] = QUADS[low + 2];
  u8[at + 7] = QUADS[low + 3];
}

/** Writes 0 ≤ value < 10^8 without leading zeros; returns the offset behind it. */
function putShort(u8: Uint8Array, at: number, value: number): number {
  let size = 1;
  for (let bound = 10; bound <= value; bound *= 10) size += 1;
  let rest = value | 0;
  for (let k = at + size - 1; k >= at; k--) {
    const next = (rest / 10) | 0;
    u8[k] = 48 + rest - next * 10;
    rest = next;
  }
  return at + size;
}

/** Writes a safe integer in canonical decimal. */
export function putInteger(out: TextOut, value: number): void {
  const u8 = out.u8;
  let at = out.size;
  let rest = value;
  if (rest < 0) {
    u8[at++] = 45;
    rest = -rest;
  }
  if (rest < 100000000) out.size = putShort(u8, at, rest);
  else {
    const high = Math.floor(rest / 100000000);
    at = putShort(u8, at, high);
    putEight(u8, at, rest - high * 100000000);
    out.size = at + 8;
  }
}

/**
 * Writes a u64 in decimal. Seconds and nanoseconds are split exactly in doubles, 16 bits of `hi` at a time:
 * 2^32 = 4·10^9 + 294,967,296 and 2^48 = 281,474·10^9 + 976,710,656.
 */
export function putU64(out: TextOut, hi: number, lo: number): void {
  const upper = Math.floor(hi / 65536);
  const lower = hi - upper * 65536;
  const rest = upper * 976710656 + lower * 294967296 + lo;
  const carry = Math.floor(rest / 1000000000);
  const seconds = upper * 281474 + lower * 4 + carry;
  const nanos = rest - carry * 1000000000;
  if (seconds === 0) {
    putInteger(out, nanos);
    return;
  }
  putInteger(out, seconds);
  const u8 = out.u8;
  const top = Math.floor(nanos / 100000000);
  u8[out.size] = 48 + top;
  putEight(u8, out.size + 1, nanos - top * 100000000);
  out.size += 9;
}
