/** Money beside its value as a double: what is within 2^53 is compared and subtracted without a bigint. */
import { MONEY_NONE } from '@truetape/contracts';

const SAFE_MAX = BigInt(Number.MAX_SAFE_INTEGER);

/**
 * An amount, in 10^−scale of an asset. `units` is the same as a number, NaN where there is none or it has no
 * room.
 */
export interface Money {
  exact: bigint;
  units: number;
}

/** The same as a number, exactly; NaN for an absent amount and one beyond ±(2^53 − 1). */
export function unitsOf(exact: bigint): number {
  return exact <= SAFE_MAX && exact >= -SAFE_MAX ? Number(exact) : NaN;
}

export function createMoney(exact: bigint = MONEY_NONE): Money {
  return { exact, units: unitsOf(exact) };
}

export function setMoney(money: Money, exact: bigint, units: number): void {
  money.exact = exact;
  money.units = units;
}
