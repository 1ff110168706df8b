/** Whole numbers on the command line. */
import { usageFailure } from './failure.ts';

/** A reader of integers from `min` on, up to `max`, for an option of the given name. Throws a usage failure. */
export function integerFrom(
  min: number,
  name: string,
  max: number = Number.MAX_SAFE_INTEGER,
): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^[0-9]{1,16}$/.test(text) || value < min || value > max) {
      const to = max === Number.MAX_SAFE_INTEGER ? '' : ` to ${max}`;
      throw usageFailure(`${name}: expected an integer from ${min}${to}, found ${text}`);
    }
    return value;
  };
}

/** A reader of positive decimals, for an option of the given name. Throws a usage failure. */
export function positiveNumber(name: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^[0-9]{1,12}(\.[0-9]{1,9})?$/.test(text) || value <= 0) {
      throw usageFailure(`${name}: expected a number above 0, found ${text}`);
    }
    return value;
  };
}
