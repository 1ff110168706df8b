/** Ratios of integers as fixed-point text: the form in which reports carry rates and averages. */
import { assert } from './assert.ts';
import { powerOfTen } from './decimal.ts';

/**
 * numerator ÷ denominator with exactly `places` fraction digits, such as a cancel rate "0.123457".
 *
 * Rounds half away from zero, on the exact quotient (never on a double). A result that rounds to zero
 * has no sign. Throws on KERNEL-3 when the denominator is zero: whether that prints as absent is the
 * caller's to say.
 */
export function ratioFixed(numerator: bigint, denominator: bigint, places: number): string {
  assert(denominator !== 0n, 'KERNEL-3', 'a ratio has a denominator');
  const top = (numerator < 0n ? -numerator : numerator) * powerOfTen(places);
  const bottom = denominator < 0n ? -denominator : denominator;
  const rounded = (top * 2n + bottom) / (bottom * 2n);
  const digits = String(rounded).padStart(places + 1, '0');
  const point = digits.length - places;
  const text = places === 0 ? digits : `${digits.slice(0, point)}.${digits.slice(point)}`;
  const negative = rounded !== 0n && numerator < 0n !== denominator < 0n;
  return negative ? `-${text}` : text;
}
