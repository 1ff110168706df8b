/** Why a line, a capture or a configuration was refused. Data only; wording belongs to the application. */

/**
 * - `malformedLine`: no local time, no JSON, or JSON that is no message; `reason` says which;
 * - `badField`: a field of a message that is read is missing, of the wrong type or out of range;
 * - `offGrid`: a price or quantity that is no multiple of the instrument's step;
 * - `unsafeId`: an update id beyond 2^52 − 1 (trade ids of that size get an alias instead);
 * - `ambiguousSnapshot`: a REST depth body names no symbol, and several symbols have depth, or none has;
 * - `timeOutOfRange`: a time further than 104 days from the first line;
 * - `bookFull`: a book with more levels than a side can hold;
 * - `ambiguousMarket`: the messages do not tell the market, or tell several; `line` is 0;
 * - `badConfig`: the configuration contradicts itself; `line` is 0.
 *
 * `line` is the number that the caller gave with the line.
 */
export type ImportError =
  | {
      readonly code: 'malformedLine';
      readonly line: number;
      readonly reason: 'noTime' | 'badTime' | 'badJson' | 'notAMessage';
      /** The start of the line, or of its JSON. */
      readonly detail: string;
    }
  | {
      readonly code: 'badField';
      readonly line: number;
      readonly field: string;
      readonly expected: string;
      readonly found: string;
    }
  | {
      readonly code: 'offGrid';
      readonly line: number;
      readonly field: string;
      readonly text: string;
      readonly step: string;
    }
  | { readonly code: 'unsafeId'; readonly line: number; readonly field: string; readonly text: string }
  | { readonly code: 'ambiguousSnapshot'; readonly line: number; readonly symbols: readonly string[] }
  | { readonly code: 'timeOutOfRange'; readonly line: number; readonly field: string }
  | { readonly code: 'bookFull'; readonly line: number; readonly symbol: string }
  | { readonly code: 'ambiguousMarket'; readonly line: 0; readonly candidates: readonly string[] }
  | { readonly code: 'badConfig'; readonly line: 0; readonly field: string; readonly expected: string };

const FOUND_CHARS_MAX = 80;

/** A value as an error shows it: short, on one line. */
export function foundText(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > FOUND_CHARS_MAX ? `${text.slice(0, FOUND_CHARS_MAX)}…` : text;
}
