/**
 * Quanta: prices and quantities as integer multiples of an exact decimal step.
 *
 * The step is any positive decimal ("0.1", "0.25", "5", "0.00000001"), not only a power of ten. A text
 * off the grid is refused, never rounded. With step = m × 10^−s, a text is on the grid exactly when its
 * value × 10^s is an integer and a multiple of m; that integer is what `toQuanta` accumulates.
 *
 * Alternative considered: `parseFloat(text) / step` and rounding to the nearest integer. It is faster by
 * little, and turns "0.30000000000000001" or a digit beyond the step into a wrong number without a sign.
 */
import { err, ok, type Result } from '@truetape/contracts';
import { assert } from './assert.ts';
import {
  DECIMAL_CHARS_MAX,
  formatDecimal,
  malformed,
  parseDecimal,
  placePoint,
  powerOfTen,
  type Decimal,
  type DecimalError,
} from './decimal.ts';

/** Most fraction digits of a step: 10^22 is the largest power of ten that a double holds exactly. */
export const STEP_SCALE_MAX = 22;

const SAFE_MAX = Number.MAX_SAFE_INTEGER;

// 10^0 … 10^22 as literals: each is exact in a double.
const POWERS_OF_TEN: readonly number[] = [
  1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
  1e20, 1e21, 1e22,
];

/** A step of a grid: `mantissa` × 10^−`scale` in lowest form. Made by `createQuantum` only. */
export interface Quantum {
  /** Shortest text of the step, such as `0.1`. */
  readonly step: string;
  /** 1 … 2^53 − 1. */
  readonly mantissa: number;
  /** 0 … `STEP_SCALE_MAX`. */
  readonly scale: number;
}

/**
 * Makes a quantum of a positive decimal step.
 *
 * Errors: `malformed`; `outOfRange` for a step that is zero or negative, has more than `STEP_SCALE_MAX`
 * fraction digits, or a mantissa beyond 2^53 − 1.
 */
export function createQuantum(step: string): Result<Quantum, DecimalError> {
  const parsed = parseDecimal(step);
  if (!parsed.ok) return parsed;
  const { mantissa, scale } = parsed.value;
  if (mantissa <= 0n || mantissa > BigInt(SAFE_MAX) || scale > STEP_SCALE_MAX) {
    return err({ kind: 'outOfRange', text: step, step });
  }
  return ok({ step: formatDecimal(mantissa, scale), mantissa: Number(mantissa), scale });
}

/**
 * Integer count of steps in a decimal text; NaN when the text is malformed, off the grid, or beyond
 * ±(2^53 − 1) steps. `parseQuanta` tells which.
 *
 * Hot: no allocation while the text × 10^scale stays within 2^53 − 1, and linear in the text. Beyond
 * that a step of mantissa 1 is NaN at once, and any other takes the exact slow way.
 */
export function toQuanta(quantum: Quantum, text: string): number {
  const length = text.length;
  if (length === 0 || length > DECIMAL_CHARS_MAX) return NaN;
  const negative = text.charCodeAt(0) === 45;
  const wholeStart = negative ? 1 : 0;
  let cursor = wholeStart;
  // A double that only ever grows: once an exact value would pass 2^53 − 1, so does the rounded one,
  // hence a single check at the end finds every loss of digits.
  let scaled = 0;
  while (cursor < length) {
    const digit = text.charCodeAt(cursor) - 48;
    if (digit < 0 || digit > 9) break;
    scaled = scaled * 10 + digit;
    cursor++;
  }
  if (cursor === wholeStart) return NaN;
  let missing = quantum.scale;
  if (cursor < length) {
    if (text.charCodeAt(cursor) !== 46 || cursor + 1 === length) return NaN;
    for (cursor++; cursor < length; cursor++) {
      const digit = text.charCodeAt(cursor) - 48;
      if (digit < 0 || digit > 9) return NaN;
      if (missing > 0) {
        scaled = scaled * 10 + digit;
        missing--;
      } else if (digit !== 0) {
        return NaN;
      }
    }
  }
  scaled *= POWERS_OF_TEN[missing];
  const mantissa = quantum.mantissa;
  if (scaled > SAFE_MAX) return mantissa === 1 ? NaN : toQuantaSlowly(quantum, text);
  if (mantissa !== 1) {
    const steps = scaled / mantissa;
    // An inexact quotient lies at least 1 ÷ mantissa from an integer, and is rounded by less than that:
    // half a unit in the last place of a number below 2^53 ÷ mantissa. So it never rounds to an integer.
    if (Math.floor(steps) !== steps) return NaN;
    scaled = steps;
  }
  // 0 − x rather than −x: "-0" is 0, never the double −0.
  return negative ? 0 - scaled : scaled;
}

function toQuantaSlowly(quantum: Quantum, text: string): number {
  const parsed = parseQuanta(quantum, text);
  return parsed.ok ? parsed.value : NaN;
}

/**
 * Integer count of steps in a decimal text, or the reason there is none.
 *
 * Errors: `malformed`, `inexact`, `outOfRange`. Agrees with `toQuanta` on every text; off the hot path.
 */
export function parseQuanta(quantum: Quantum, text: string): Result<number, DecimalError> {
  const parsed = parseDecimal(text);
  if (!parsed.ok) return err(malformed(text));
  const { mantissa, scale } = parsed.value;
  const step = quantum.step;
  if (scale > quantum.scale) return err({ kind: 'inexact', text, step });
  const scaled = mantissa * powerOfTen(quantum.scale - scale);
  const steps = scaled / BigInt(quantum.mantissa);
  if (steps * BigInt(quantum.mantissa) !== scaled) return err({ kind: 'inexact', text, step });
  const quanta = Number(steps);
  if (!Number.isSafeInteger(quanta)) return err({ kind: 'outOfRange', text, step });
  return ok(quanta);
}

/**
 * Shortest exact decimal text of a count of steps.
 *
 * A bigint serves sums of quanta past 2^53. Throws on KERNEL-2 when a number is no safe integer (so an
 * absent value, `NONE`, never prints as a price).
 */
export function formatQuanta(quantum: Quantum, value: number | bigint): string {
  if (typeof value === 'number') {
    assert(Number.isSafeInteger(value), 'KERNEL-2', 'quanta are safe integers');
    const scaled = value * quantum.mantissa;
    if (Number.isSafeInteger(scaled)) {
      return placePoint(String(Math.abs(scaled)), quantum.scale, scaled < 0);
    }
  }
  return formatDecimal(BigInt(value) * BigInt(quantum.mantissa), quantum.scale);
}

/**
 * A count of steps as an exact decimal in lowest form.
 *
 * Throws on KERNEL-2 when a number is no safe integer.
 */
export function quantaToDecimal(quantum: Quantum, value: number | bigint): Decimal {
  if (typeof value === 'number') {
    assert(Number.isSafeInteger(value), 'KERNEL-2', 'quanta are safe integers');
  }
  let mantissa = BigInt(value) * BigInt(quantum.mantissa);
  let scale = quantum.scale;
  while (scale > 0 && mantissa % 10n === 0n) {
    mantissa /= 10n;
    scale--;
  }
  return { mantissa, scale };
}

/**
 * Price × quantity, exactly, in price steps × quantity steps.
 *
 * Throws on KERNEL-2 when either is no safe integer. A running total of many uses `addProduct` instead.
 */
export function notional(priceTicks: number, qtyLots: number): bigint {
  assert(
    Number.isSafeInteger(priceTicks) && Number.isSafeInteger(qtyLots),
    'KERNEL-2',
    'quanta are safe integers',
  );
  const product = priceTicks * qtyLots;
  return Number.isSafeInteger(product) ? BigInt(product) : BigInt(priceTicks) * BigInt(qtyLots);
}

/** Shortest exact decimal text of a notional, or of a sum of them, in quote currency per contract unit. */
export function formatNotional(price: Quantum, qty: Quantum, value: bigint): string {
  return formatDecimal(value * BigInt(price.mantissa) * BigInt(qty.mantissa), price.scale + qty.scale);
}
