/**
 * UTF-8 by hand: pure packages have no TextEncoder. Text must be well formed; there is no replacement (CONTRACTS-8).
 */

/** Number of bytes of a text in UTF-8; −1 when it holds a lone surrogate. */
export function utf8Length(text: string): number {
  let bytes = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) bytes += 1;
    else if (unit < 0x800) bytes += 2;
    else if (unit < 0xd800 || unit > 0xdfff) bytes += 3;
    else {
      const next = text.charCodeAt(i + 1);
      if (unit > 0xdbff || !(next >= 0xdc00 && next <= 0xdfff)) return -1;
      bytes += 4;
      i += 1;
    }
  }
  return bytes;
}

/** Writes well-formed text at an offset and returns the offset behind it. */
export function writeUtf8(target: Uint8Array, offset: number, text: string): number {
  let at = offset;
  for (let i = 0; i < text.length; i++) {
    const point = text.codePointAt(i)!;
    if (point < 0x80) target[at++] = point;
    else if (point < 0x800) {
      target[at++] = 0xc0 | (point >>> 6);
      target[at++] = 0x80 | (point & 63);
    } else if (point < 0x10000) {
      target[at++] = 0xe0 | (point >>> 12);
      target[at++] = 0x80 | ((point >>> 6) & 63);
      target[at++] = 0x80 | (point & 63);
    } else {
      target[at++] = 0xf0 | (point >>> 18);
      target[at++] = 0x80 | ((point >>> 12) & 63);
      target[at++] = 0x80 | ((point >>> 6) & 63);
      target[at++] = 0x80 | (point & 63);
      i += 1;
    }
  }
  return at;
}

/** Bytes of well-formed text; a lone surrogate is the caller's error and yields undefined. */
export function encodeUtf8(text: string): Uint8Array | undefined {
  const length = utf8Length(text);
  if (length < 0) return undefined;
  const bytes = new Uint8Array(length);
  writeUtf8(bytes, 0, text);
  return bytes;
}

const LOWEST = [0, 0, 0x80, 0x800, 0x10000];

/** Text of the bytes from start to end; undefined when they are not well-formed UTF-8. */
export function decodeUtf8(bytes: Uint8Array, start = 0, end: number = bytes.length): string | undefined {
  const pieces: string[] = [];
  let units: number[] = [];
  for (let at = start; at < end;) {
    const first = bytes[at];
    const size =
      first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
    if (size === 0 || at + size > end) return undefined;
    let point = size === 1 ? first : first & (0x7f >>> size);
    for (let k = 1; k < size; k++) {
      const byte = bytes[at + k];
      if ((byte & 0xc0) !== 0x80) return undefined;
      point = (point << 6) | (byte & 63);
    }
    if (point < LOWEST[size] || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) return undefined;
    units.push(point);
    at += size;
    if (units.length >= 4096) {
      pieces.push(String.fromCodePoint(...units));
      units = [];
    }
  }
  pieces.push(String.fromCodePoint(...units));
  return pieces.join('');
}
