const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Base64 (RFC 4648 §4, with padding) of the bytes from start to end. */
export function toBase64(bytes: Uint8Array, start = 0, end: number = bytes.length): string {
  let text = '';
  for (let at = start; at < end; at += 3) {
    const left = end - at;
    const bits = (bytes[at] << 16) | ((left > 1 ? bytes[at + 1] : 0) << 8) | (left > 2 ? bytes[at + 2] : 0);
    text += LETTERS[bits >>> 18] + LETTERS[(bits >>> 12) & 63];
    text += left > 1 ? LETTERS[(bits >>> 6) & 63] : '=';
    text += left > 2 ? LETTERS[bits & 63] : '=';
  }
  return text;
}

/** Bytes of canonical base64; undefined for anything that `toBase64` would not have written. */
export function fromBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0) return undefined;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  for (let at = 0, to = 0; at < text.length; at += 4) {
    let bits = 0;
    for (let k = 0; k < 4; k++) {
      const isPad = at + k >= text.length - padding;
      const value = isPad ? 0 : LETTERS.indexOf(text[at + k]);
      if (value < 0) return undefined;
      bits = (bits << 6) | value;
    }
    for (let k = 16; k >= 0 && to < bytes.length; k -= 8) bytes[to++] = (bits >>> k) & 0xff;
  }
  return toBase64(bytes) === text ? bytes : undefined;
}
