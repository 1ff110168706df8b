/**
 * Shares of integers in doubles: value × numerator ÷ denominator, without the product, which doubles may have
 * no room for.
 *
 * The value is taken apart at the denominator; of its whole part the share is exact, of the rest it is small.
 * Written with divisions, since the remainder of two doubles takes ten times as long.
 */

import type { ContractTerms } from '@truetape/kernel';
import type { Work } from './verdict.ts';

/**
 * The greatest integer at most a ÷ b, of a from 0 to 2^53 and b from 1. The quotient may be rounded past it.
 */
function wholeOf(a: number, b: number): number {
  const quotient = Math.floor(a / b);
  return quotient * b > a ? quotient - 1 : quotient;
}

/**
 * The share, rounded down, or up where that is asked for. Exact where it is a safe integer, and numerator ×
 * denominator is.
 */
export function shareOf(value: number, numerator: number, denominator: number, isUp: boolean): number {
  const whole = wholeOf(value, denominator);
  const product = (value - whole * denominator) * numerator;
  const part = wholeOf(product, denominator);
  return whole * numerator + part + (isUp && part * denominator < product ? 1 : 0);
}

/**
 * Writes what a quantity is worth at a price, and what is beside it, as `seen`. False where doubles do not
 * hold it.
 *
 * As `quickValue` of the kernel, whose NaN would be a double in a box: that is an allocation a check. Hot.
 */
export function seeValue(
  work: Work,
  { unitsPerTickLot }: ContractTerms,
  ticks: number,
  lots: number,
  beside: number,
): boolean {
  const product = ticks * lots;
  const value = product * unitsPerTickLot;
  work.seen = value + beside;
  return unitsPerTickLot !== 0 && Number.isSafeInteger(product) && Number.isSafeInteger(value);
}
