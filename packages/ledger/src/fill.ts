/**
 * A fill on a position: what it closes, what that gives, and what it opens.
 *
 *     share = cost × closed ÷ position, rounded as the instrument states; a full close takes all there is
 *     realised = value of what was closed − share; the sign turns for a short, and for inverse
 *
 * What a rounding leaves stays in the cost of what remains, so that nothing drifts: behind a full close the
 * cost is 0 and all profits together are what was received less what was paid, to the last unit. A fill
 * through zero is valued once; what it opens costs what the closing part leaves of that value.
 *
 * Average cost is what Binance and BitMEX do. Alternative considered: lots first in, first out: another
 * realised profit at each step, and the same total.
 */
import { SIDE_BUY } from '@truetape/contracts';
import { divideRounded, valueOf } from '@truetape/kernel';
import type { FillInput } from './input.ts';
import type { PositionState } from './state.ts';

/** What a fill would do to a position. Reused: nothing of it is kept. */
export interface FillStep {
  /** 1 or −1. */
  sign: number;
  /** Value of the whole fill. */
  value: bigint;
  closedLots: number;
  /** Profit of what was closed. */
  realised: bigint;
  tradedLots: number;
  cost: bigint;
}

export function createFillStep(): FillStep {
  return { sign: 1, value: 0n, closedLots: 0, realised: 0n, tradedLots: 0, cost: 0n };
}

/** The price of a fill as a fine one. */
export function finePriceOf(position: PositionState, priceTicks: number, priceFine: number): bigint {
  return Number.isSafeInteger(priceFine)
    ? BigInt(priceFine)
    : BigInt(priceTicks) * BigInt(position.terms.finePerTick);
}

/** Value of a quantity above zero, rounded as the instrument states. */
export function fillValue(position: PositionState, priceFine: bigint, qtyLots: number): bigint {
  const { terms, rounding, contractsPerLot } = position;
  const lots = BigInt(qtyLots);
  if (contractsPerLot === 0n) return valueOf(terms, priceFine, lots, rounding);
  // The numerator is of a lot, which is a whole number of contracts.
  const { numerator, denominator } = terms;
  const isInverse = terms.class === 'inverse';
  const top = (isInverse ? 1n : priceFine) * (numerator / contractsPerLot);
  return divideRounded(top, denominator * (isInverse ? priceFine : 1n), rounding) * contractsPerLot * lots;
}

/** Fills in what so many lots at a price do to a position. */
export function stepOf(
  position: PositionState,
  sign: number,
  priceFine: bigint,
  qtyLots: number,
  step: FillStep,
): void {
  const { tradedLots, cost } = position;
  const value = fillValue(position, priceFine, qtyLots);
  step.sign = sign;
  step.value = value;
  step.tradedLots = tradedLots + sign * qtyLots;
  const isOpening = tradedLots === 0 || tradedLots > 0 === sign > 0;
  if (isOpening) {
    step.closedLots = 0;
    step.realised = 0n;
    step.cost = sign > 0 ? cost + value : cost - value;
    return;
  }
  const held = Math.abs(tradedLots);
  const closed = Math.min(qtyLots, held);
  const out = closed === qtyLots ? value : fillValue(position, priceFine, closed);
  const side = sign > 0 ? -1n : 1n;
  const share =
    closed === held
      ? cost * side
      : divideRounded(cost * side * BigInt(closed), BigInt(held), position.rounding);
  step.closedLots = closed;
  step.realised = position.gain * side * (out - share);
  step.cost = cost - side * share - side * (value - out);
}

/** Sign of a fill's side. */
export const signOf = (fill: Pick<FillInput, 'side'>): number => (fill.side === SIDE_BUY ? 1 : -1);
