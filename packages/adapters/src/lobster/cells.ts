/** Rows of integers with commas between them, as LOBSTER writes them. */

/** Longest magnitude: 2^53 has 16 digits. */
const DIGITS_MAX = 16;
const COMMA = 44;
const MINUS = 45;

/**
 * Reads the integers from `from` to the end of the text into `cells`. Returns how many there are (those
 * beyond the room of `cells` are counted only), or −1 − k where field `k` is no safe integer. Hot.
 */
export function readCells(text: string, from: number, cells: Float64Array): number {
  let count = 0;
  let at = from;
  for (;;) {
    const negative = text.charCodeAt(at) === MINUS;
    if (negative) at++;
    const start = at;
    let value = 0;
    for (; at < text.length; at++) {
      const digit = text.charCodeAt(at) - 48;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    const ends = at === text.length || text.charCodeAt(at) === COMMA;
    if (at === start || at - start > DIGITS_MAX || !ends || value > Number.MAX_SAFE_INTEGER)
      return -1 - count;
    if (count < cells.length) cells[count] = negative ? 0 - value : value;
    count++;
    if (at === text.length) return count;
    at++;
  }
}

const FOUND_CHARS_MAX = 40;

/** Field `index` of a row as an error shows it. */
export function fieldText(text: string, index: number): string {
  const field = text.split(',', index + 1)[index] ?? '';
  if (field === '') return 'nothing';
  return field.length > FOUND_CHARS_MAX ? `${field.slice(0, FOUND_CHARS_MAX)}…` : field;
}

/** Columns of a row. */
export function columnsOf(text: string): number {
  return text.split(',').length;
}

/** Whether a first row names columns instead of holding values: each of its fields begins with a letter. */
export function isHeader(text: string): boolean {
  return text.split(',').every((field) => /^\s*"?[A-Za-z]/.test(field));
}
