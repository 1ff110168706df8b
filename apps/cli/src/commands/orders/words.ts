/** What came from outside, as words that disturb neither their neighbours nor the terminal. */

/** Controls of C1, marks that turn the direction of text, and other characters without a shape of their own. */
const UNSEEN = /[\p{C}\p{Zl}\p{Zp}]/gu;

const escaped = (character: string): string =>
  character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');

/** A value in quotes, as JSON writes it, all of it visible. */
function quotedJson(value: unknown): string {
  return JSON.stringify(value).replace(UNSEEN, escaped);
}

/** An id or a reason: as it is when it is one plain word. */
export function word(value: string | number): string {
  const text = String(value);
  return /^[\w.:/@+-]+$/.test(text) ? text : quotedJson(text);
}

const SHORT_MAX = 60;

/** The beginning of what was found, in quotes. */
export function short(value: unknown): string {
  const text =
    typeof value === 'string' && value.length > SHORT_MAX ? `${value.slice(0, SHORT_MAX)}…` : value;
  return quotedJson(text);
}
