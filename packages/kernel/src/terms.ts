/**
 * What an instrument's numbers are worth: prices in ticks or in its fine scale, quantities in lots, values in the
 * smallest unit of the asset that it is settled in.
 *
 *     spot, linear   value = price × quantity × contract size          in quote (settle) currency
 *     inverse        value = quantity × contract size ÷ price          in base (settle) currency
 *
 * A linear value is exact where the asset's scale holds all digits (`isExact`); an inverse one is a division. Each
 * takes the rounding that its caller states.
 * Source: contract specifications of Binance (USDⓈ-M and COIN-M) and BitMEX (inverse), read November 2026.
 */
import { err, ok, type Result } from '@truetape/contracts';
import { assert } from './assert.ts';
import { parseDecimal, powerOfTen } from './decimal.ts';
import { createQuantum, type Quantum } from './quantum.ts';
import { divideRounded, type Rounding } from './rounding.ts';

export const CONTRACT_CLASSES = ['spot', 'linear', 'inverse'] as const;
export type ContractClass = (typeof CONTRACT_CLASSES)[number];

/** As a Define has them; decimals as text. */
export interface TermsInput {
  readonly class: string;
  readonly priceStep: string;
  readonly qtyStep: string;
  readonly fineScale: number;
  readonly contractSize: string;
  /** Digits of the asset that values are in. */
  readonly moneyScale: number;
}

/** Made by `createTerms` only. */
export interface ContractTerms {
  readonly class: ContractClass;
  readonly price: Quantum;
  readonly qty: Quantum;
  /** A price of this instrument off its grid is an integer in 10^−fineScale. */
  readonly fineScale: number;
  /** Fine units of a tick. */
  readonly finePerTick: number;
  readonly moneyScale: number;
  /** Linear: value of a lot at a fine price of 1, as a fraction. Inverse: of a lot, times the fine price. */
  readonly numerator: bigint;
  readonly denominator: bigint;
  /** Linear, and every value at a whole tick is a whole number of money units. */
  readonly isExact: boolean;
  /** Linear and exact: money units of a lot at one tick, where a double holds it exactly; else 0. */
  readonly unitsPerTickLot: number;
}

/** The field that makes no terms. */
export interface TermsError {
  readonly kind: 'badTerms';
  readonly field: keyof TermsInput;
  readonly found: string;
}

const SCALE_MAX = 38;
const FINE_SCALE_MAX = 15;

const bad = (field: keyof TermsInput, found: string | number): Result<never, TermsError> =>
  err({ kind: 'badTerms', field, found: String(found) });

const isScale = (value: number, max: number): boolean =>
  Number.isInteger(value) && value >= 0 && value <= max;

/**
 * Reads terms. Errors: `badTerms` for a class that is none of three, steps or a contract size that are no positive
 * decimals, scales out of range, a fine scale with fewer digits than the price step.
 */
export function createTerms(input: TermsInput): Result<ContractTerms, TermsError> {
  const { priceStep, qtyStep, fineScale, contractSize, moneyScale } = input;
  const kind = CONTRACT_CLASSES.find((name) => name === input.class);
  if (kind === undefined) return bad('class', input.class);
  const price = createQuantum(priceStep);
  if (!price.ok) return bad('priceStep', priceStep);
  const qty = createQuantum(qtyStep);
  if (!qty.ok) return bad('qtyStep', qtyStep);
  const size = parseDecimal(contractSize);
  if (!size.ok || size.value.mantissa <= 0n) return bad('contractSize', contractSize);
  if (!isScale(moneyScale, SCALE_MAX)) return bad('moneyScale', moneyScale);
  if (!isScale(fineScale, FINE_SCALE_MAX) || fineScale < price.value.scale)
    return bad('fineScale', fineScale);
  const finePerTick = BigInt(price.value.mantissa) * powerOfTen(fineScale - price.value.scale);
  if (finePerTick > BigInt(Number.MAX_SAFE_INTEGER)) return bad('fineScale', fineScale);
  const digits =
    kind === 'inverse'
      ? moneyScale + fineScale - qty.value.scale - size.value.scale
      : moneyScale - fineScale - qty.value.scale - size.value.scale;
  const lot = BigInt(qty.value.mantissa) * size.value.mantissa;
  const numerator = digits >= 0 ? lot * powerOfTen(digits) : lot;
  const denominator = digits >= 0 ? 1n : powerOfTen(-digits);
  const perTick = numerator * finePerTick;
  const isExact = kind !== 'inverse' && perTick % denominator === 0n;
  const units = isExact ? Number(perTick / denominator) : 0;
  return ok({
    class: kind,
    price: price.value,
    qty: qty.value,
    fineScale,
    finePerTick: Number(finePerTick),
    moneyScale,
    numerator,
    denominator,
    isExact,
    unitsPerTickLot: Number.isSafeInteger(units) ? units : 0,
  });
}

/**
 * What a quantity is worth at a fine price, in money units; signed as the quantity is.
 *
 * Throws on KERNEL-45 when the price is not above zero for an inverse contract.
 */
export function valueOf(
  terms: ContractTerms,
  priceFine: bigint,
  qtyLots: bigint,
  rounding: Rounding,
): bigint {
  const { numerator, denominator } = terms;
  if (terms.class !== 'inverse') return divideRounded(priceFine * qtyLots * numerator, denominator, rounding);
  assert(priceFine > 0n, 'KERNEL-45', 'an inverse contract has a price above zero');
  return divideRounded(qtyLots * numerator, denominator * priceFine, rounding);
}

/** A whole number of ticks as a fine price. */
export function fineOfTicks(terms: ContractTerms, priceTicks: number): bigint {
  return BigInt(priceTicks) * BigInt(terms.finePerTick);
}

/**
 * What a quantity is worth at a whole number of ticks, as a double; NaN where a double does not hold it exactly, or it
 * takes a rounding: `valueOf` has it then. Hot: no allocation.
 */
export function quickValue(terms: ContractTerms, priceTicks: number, qtyLots: number): number {
  const { unitsPerTickLot } = terms;
  if (unitsPerTickLot === 0) return NaN;
  const product = priceTicks * qtyLots;
  const value = product * unitsPerTickLot;
  return Number.isSafeInteger(product) && Number.isSafeInteger(value) ? value : NaN;
}
