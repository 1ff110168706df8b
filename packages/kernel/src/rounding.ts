/** Division of integers with a stated rounding: the only place where money loses digits. */
import { assert } from './assert.ts';

/**
 * Where a quotient that is no integer goes: towards zero (`down`), away from it (`up`), towards −∞ (`floor`) or +∞
 * (`ceiling`), or to the nearest, a half away from zero (`halfUp`) or to the even one (`halfEven`).
 */
export const ROUNDINGS = ['down', 'up', 'floor', 'ceiling', 'halfUp', 'halfEven'] as const;
export type Rounding = (typeof ROUNDINGS)[number];

/** The quotient of two integers as an integer. Throws on KERNEL-44 when the denominator is not above zero. */
export function divideRounded(numerator: bigint, denominator: bigint, rounding: Rounding): bigint {
  assert(denominator > 0n, 'KERNEL-44', 'a denominator above zero');
  const quotient = numerator / denominator;
  const rest = numerator % denominator;
  if (rest === 0n) return quotient;
  return isAway(quotient, rest, denominator, rounding) ? quotient + (rest < 0n ? -1n : 1n) : quotient;
}

/** True where the quotient goes on to the next integer away from zero. */
function isAway(quotient: bigint, rest: bigint, denominator: bigint, rounding: Rounding): boolean {
  const twice = (rest < 0n ? -rest : rest) * 2n;
  switch (rounding) {
    case 'down':
      return false;
    case 'up':
      return true;
    case 'floor':
      return rest < 0n;
    case 'ceiling':
      return rest > 0n;
    case 'halfUp':
      return twice >= denominator;
    case 'halfEven':
      return twice > denominator || (twice === denominator && quotient % 2n !== 0n);
  }
}
