/**
 * Decimals of lines as the integers of a ledger, and back. A text that has no exact integer is a fault, with
 * its field.
 */
import { NONE } from '@truetape/contracts';
import { createQuantum, formatDecimal, parseDecimal, parseQuanta } from '@truetape/kernel';
import type { PositionState } from '@truetape/ledger';
import { short } from '../orders/words.ts';

/** A field of a line that cannot be taken. */
export class LineFault extends Error {
  constructor(field: string, why: string) {
    super(`${field}: ${why}`);
    this.name = 'LineFault';
  }
}

/** Units of an amount in 10^−scale. */
export function unitsOf(field: string, text: string, scale: number): bigint {
  const parsed = parseDecimal(text);
  if (!parsed.ok || parsed.value.scale > scale)
    throw new LineFault(field, `expected at most ${scale} decimals, found ${short(text)}`);
  return parsed.value.mantissa * BigInt(`1${'0'.repeat(scale - parsed.value.scale)}`);
}

/** As `unitsOf`, within 2^53. */
export function safeUnitsOf(field: string, text: string, scale: number): number {
  const units = Number(unitsOf(field, text, scale));
  if (Number.isSafeInteger(units)) return units;
  throw new LineFault(field, `expected at most 2^53 times 10^−${scale}, found ${short(text)}`);
}

export function lotsOf(field: string, text: string, { terms }: PositionState): number {
  const lots = parseQuanta(terms.qty, text);
  if (lots.ok) return lots.value;
  throw new LineFault(field, `expected a multiple of ${terms.qty.step}, found ${short(text)}`);
}

/** A price in ticks where it is on the grid, else in fine units. */
export function priceOf(
  field: string,
  text: string,
  { terms }: PositionState,
): { readonly priceTicks: number; readonly priceFine: number } {
  const ticks = parseQuanta(terms.price, text);
  if (ticks.ok) return { priceTicks: ticks.value, priceFine: NONE };
  return { priceTicks: NONE, priceFine: safeUnitsOf(field, text, terms.fineScale) };
}

export function ticksOf(field: string, text: string, { terms }: PositionState): number {
  const ticks = parseQuanta(terms.price, text);
  if (ticks.ok) return ticks.value;
  throw new LineFault(field, `expected a multiple of ${terms.price.step}, found ${short(text)}`);
}

/** The fewest digits that hold a price step, at least eight. */
export function fineScaleOf(priceStep: string): number {
  const step = createQuantum(priceStep);
  return Math.min(15, Math.max(8, step.ok ? step.value.scale : 0));
}

export const money = (units: bigint, scale: number): string => formatDecimal(units, scale);
