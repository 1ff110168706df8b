/**
 * Levels of a message as numbers, before the grid is known: each decimal as its digits and its count of
 * fraction digits, "61653.30" as 6165330 and 2.
 */
import type { Quantum } from '@truetape/kernel';

/** Growing columns, one row a level. */
export interface LevelCells {
  price: Float64Array;
  pricePlaces: Uint8Array;
  qty: Float64Array;
  qtyPlaces: Uint8Array;
  count: number;
}

export function createLevelCells(): LevelCells {
  return {
    price: new Float64Array(1024),
    pricePlaces: new Uint8Array(1024),
    qty: new Float64Array(1024),
    qtyPlaces: new Uint8Array(1024),
    count: 0,
  };
}

/** Doubles the columns. */
export function growCells(cells: LevelCells): void {
  const size = cells.price.length * 2;
  const { price, pricePlaces, qty, qtyPlaces } = cells;
  cells.price = new Float64Array(size);
  cells.price.set(price);
  cells.pricePlaces = new Uint8Array(size);
  cells.pricePlaces.set(pricePlaces);
  cells.qty = new Float64Array(size);
  cells.qty.set(qty);
  cells.qtyPlaces = new Uint8Array(size);
  cells.qtyPlaces.set(qtyPlaces);
}

/**
 * Rows `from` … `from + count − 1`: what stands for an array of levels. A class, so that no JSON can pose as
 * one.
 */
export class LevelSpan {
  readonly cells: LevelCells;
  from = 0;
  count = 0;

  constructor(cells: LevelCells) {
    this.cells = cells;
  }
}

const SAFE_MAX = Number.MAX_SAFE_INTEGER;

const POWERS_OF_TEN: readonly number[] = [
  1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
  1e20, 1e21, 1e22,
];

/**
 * Digits and places as a count of steps; NaN when off the grid, or too large for this way (kernel's
 * `toQuanta` then decides). `digits` is at most 2^53 − 1 and `places` at most 22. Hot.
 */
export function onGrid(quantum: Quantum, digits: number, places: number): number {
  const { scale, mantissa } = quantum;
  let steps = digits;
  if (places > scale) {
    const divisor = POWERS_OF_TEN[places - scale];
    steps = digits / divisor;
    // An exact quotient is exact in a double; a rounded one multiplies back to something else.
    if (Math.floor(steps) !== steps || steps * divisor !== digits) return NaN;
  } else if (places < scale) {
    steps = digits * POWERS_OF_TEN[scale - places];
    if (steps > SAFE_MAX) return NaN;
  }
  if (mantissa === 1) return steps;
  const whole = steps / mantissa;
  return Math.floor(whole) === whole && whole * mantissa === steps ? whole : NaN;
}

/** Significant fraction digits of a row's decimal, when they are more than `scale`; else `scale`. Hot. */
export function wider(scale: number, digits: number, places: number): number {
  let own = places;
  while (own > scale && digits % POWERS_OF_TEN[places - own + 1] === 0) own--;
  return own > scale ? own : scale;
}
