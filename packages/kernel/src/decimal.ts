/**
 * Exact decimals: text ↔ (mantissa, scale), value = mantissa × 10^−scale.
 *
 * Nothing here rounds. Arithmetic on money and prices happens on integers; a decimal is only ever the
 * text form at an edge.
 */
import { err, ok, type Result } from '@truetape/contracts';
import { assert } from './assert.ts';

/** Longest decimal text that is read; longer is malformed. Bounds the work an untrusted text can cause. */
export const DECIMAL_CHARS_MAX = 64;

/**
 * An exact decimal, in lowest form: the mantissa ends in 0 only when `scale` is 0, so equal values have
 * equal records.
 */
export interface Decimal {
  readonly mantissa: bigint;
  /** Count of fraction digits, 0 or more. */
  readonly scale: number;
}

/**
 * Why a decimal text was refused. `text` is cut to `DECIMAL_CHARS_MAX` characters.
 *
 * - `malformed`: not `-?digits(.digits)?`, or longer than `DECIMAL_CHARS_MAX`;
 * - `inexact`: a decimal, but no integer multiple of `step`;
 * - `outOfRange`: an exact multiple beyond ±(2^53 − 1), or an unusable step (see `createQuantum`).
 */
export type DecimalError =
  | { readonly kind: 'malformed'; readonly text: string }
  | { readonly kind: 'inexact'; readonly text: string; readonly step: string }
  | { readonly kind: 'outOfRange'; readonly text: string; readonly step: string };

const DECIMAL = /^(-?)([0-9]+)(?:\.([0-9]+))?$/;

/**
 * Reads a decimal exactly.
 *
 * Accepts an optional `-`, digits, and an optional fraction with digits on both sides of the point. No
 * exponent, `+`, blanks or separators. Leading and trailing zeros are accepted and dropped; `-0` is 0.
 *
 * Errors: `malformed`. Complexity: linear in the text, at most `DECIMAL_CHARS_MAX` characters.
 */
export function parseDecimal(text: string): Result<Decimal, DecimalError> {
  const match = text.length <= DECIMAL_CHARS_MAX ? DECIMAL.exec(text) : null;
  if (match === null) return err(malformed(text));
  const [, sign, whole = '', fraction = ''] = match;
  let scale = fraction.length;
  while (scale > 0 && fraction.charCodeAt(scale - 1) === 48) scale--;
  const magnitude = BigInt(whole + fraction.slice(0, scale));
  return ok({ mantissa: sign === '-' ? -magnitude : magnitude, scale });
}

/**
 * Shortest exact text of mantissa × 10^−scale: `0.1`, `5`, `-0.25`; never `-0`, `.5` or `1.0`.
 *
 * Throws on KERNEL-1 when `scale` is not an integer from 0.
 */
export function formatDecimal(mantissa: bigint, scale: number): string {
  const negative = mantissa < 0n;
  return placePoint(String(negative ? -mantissa : mantissa), scale, negative);
}

/** Puts the point into the digits of a magnitude (never 0 when negative), in the shortest form. */
export function placePoint(digits: string, scale: number, negative: boolean): string {
  assert(Number.isSafeInteger(scale) && scale >= 0, 'KERNEL-1', 'scale is an integer from 0');
  const padded = digits.padStart(scale + 1, '0');
  const point = padded.length - scale;
  let end = padded.length;
  while (end > point && padded.charCodeAt(end - 1) === 48) end--;
  const whole = padded.slice(0, point);
  const text = end === point ? whole : `${whole}.${padded.slice(point, end)}`;
  return negative ? `-${text}` : text;
}

/**
 * Count of significant fraction digits of a decimal text (trailing zeros ignored), −1 when malformed.
 *
 * The largest result over a capture is the smallest scale that is exact for all of it. Hot: no
 * allocation, linear in the text.
 */
export function scaleOf(text: string): number {
  const length = text.length;
  if (length > DECIMAL_CHARS_MAX) return -1;
  let cursor = length > 0 && text.charCodeAt(0) === 45 ? 1 : 0;
  const wholeStart = cursor;
  while (cursor < length) {
    const digit = text.charCodeAt(cursor) - 48;
    if (digit < 0 || digit > 9) break;
    cursor++;
  }
  if (cursor === wholeStart) return -1;
  if (cursor === length) return 0;
  const point = cursor;
  if (text.charCodeAt(point) !== 46 || point + 1 === length) return -1;
  let lastSignificant = point;
  for (cursor = point + 1; cursor < length; cursor++) {
    const digit = text.charCodeAt(cursor) - 48;
    if (digit < 0 || digit > 9) return -1;
    if (digit !== 0) lastSignificant = cursor;
  }
  return lastSignificant - point;
}

/** 10^exponent, exactly. Off the hot path: builds the digits. */
export function powerOfTen(exponent: number): bigint {
  assert(Number.isSafeInteger(exponent) && exponent >= 0, 'KERNEL-1', 'exponent is an integer from 0');
  return BigInt(`1${'0'.repeat(exponent)}`);
}

/** The error for a text that is no decimal. */
export function malformed(text: string): DecimalError {
  return { kind: 'malformed', text: text.slice(0, DECIMAL_CHARS_MAX) };
}
