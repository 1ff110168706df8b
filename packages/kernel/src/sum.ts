/**
 * Exact sums of integers and of products, at the price of a few double additions each.
 *
 * A sum is `spilled` + `high` × 2^53 + `low`. The two lanes are doubles that hold exact integers within
 * ±(2^53 − 1); a lane that would leave that range is moved into the bigint first, which happens once in
 * thousands to millions of additions. A product past 2^53 is split into its rounded value and the exact
 * rounding error, both of which fit the lanes.
 *
 * Source: T. J. Dekker, "A floating-point technique for extending the available precision",
 * Numerische Mathematik 18 (1971): the product of two doubles as an unevaluated pair.
 * Alternative considered: `total += BigInt(a) * BigInt(b)`, which allocates three times per event.
 */
import { assert } from './assert.ts';

const SAFE_MAX = Number.MAX_SAFE_INTEGER;
const LANE = 9007199254740992; // 2^53: weight of the high lane
const LANE_INVERSE = 1 / LANE;
const SPLITTER = 134217729; // 2^27 + 1: cuts a double into two halves of at most 26 bits

/** A running exact sum. Changed in place by `addTo` and `addProduct`; read by `sumValue`. */
export interface Sum {
  /** [low, high]. */
  readonly lanes: Float64Array;
  spilled: bigint;
}

/** A sum that starts at zero, or at a value saved earlier. */
export function createSum(start: bigint = 0n): Sum {
  return { lanes: new Float64Array(2), spilled: start };
}

/**
 * Adds a safe integer.
 *
 * Throws on KERNEL-4 when the value is NaN or beyond ±(2^53 − 1), so that no absent value (`NONE`) is
 * ever counted. A fraction is not looked for
 * here, but by `sumValue`. Complexity: O(1), amortised no allocation.
 */
export function addTo(sum: Sum, value: number): void {
  assert(value <= SAFE_MAX && value >= -SAFE_MAX, 'KERNEL-4', 'addends are safe integers');
  addToLane(sum, 0, value);
}

/**
 * Adds the product of two safe integers, exactly.
 *
 * Throws on KERNEL-4 as `addTo` does. Complexity: O(1), amortised no allocation.
 */
export function addProduct(sum: Sum, a: number, b: number): void {
  assert(
    a <= SAFE_MAX && a >= -SAFE_MAX && b <= SAFE_MAX && b >= -SAFE_MAX,
    'KERNEL-4',
    'factors are safe integers',
  );
  const product = a * b;
  if (product <= SAFE_MAX && product >= -SAFE_MAX) addToLane(sum, 0, product);
  else addWideProduct(sum, a, b, product);
}

/**
 * The exact value of a sum.
 *
 * Throws on KERNEL-5 when a fraction was added. Allocates; call it once per report, not per event.
 */
export function sumValue(sum: Sum): bigint {
  const low = sum.lanes[0];
  const high = sum.lanes[1];
  assert(Number.isSafeInteger(low) && Number.isSafeInteger(high), 'KERNEL-5', 'sums are integers');
  return sum.spilled + BigInt(high) * BigInt(LANE) + BigInt(low);
}

function addWideProduct(sum: Sum, a: number, b: number, product: number): void {
  // Dekker: a × b = product + error, exactly, for any two doubles that do not overflow.
  const aSpread = SPLITTER * a;
  const aHigh = aSpread - (aSpread - a);
  const aLow = a - aHigh;
  const bSpread = SPLITTER * b;
  const bHigh = bSpread - (bSpread - b);
  const bLow = b - bHigh;
  const error = aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
  // |product| < 2^106, so its multiple of 2^53 fits a lane, the rest too, and |error| ≤ 2^52.
  const high = Math.trunc(product * LANE_INVERSE);
  addToLane(sum, 1, high);
  addToLane(sum, 0, product - high * LANE);
  addToLane(sum, 0, error);
}

function addToLane(sum: Sum, lane: 0 | 1, value: number): void {
  const lanes = sum.lanes;
  const total = lanes[lane] + value;
  // Both addends are within the range, so a total that rounds into it is exact.
  if (total <= SAFE_MAX && total >= -SAFE_MAX) lanes[lane] = total;
  else spill(sum, lane, value);
}

function spill(sum: Sum, lane: 0 | 1, value: number): void {
  assert(Number.isSafeInteger(sum.lanes[lane]), 'KERNEL-5', 'sums are integers');
  const held = BigInt(sum.lanes[lane]);
  sum.spilled += lane === 0 ? held : held * BigInt(LANE);
  sum.lanes[lane] = value;
}
