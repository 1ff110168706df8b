/**
 * Integer draws of distributions, by tables: the same on every platform, for no logarithm is taken.
 *
 * One uniform draw u of 32 bits makes one draw, so a stream advances the same way whatever comes out. It is cut
 * into an octave (leading zeros) and a place in it, where a table is read between its neighbours. So tails are
 * as fine as the middle: the exponential reaches 22 means, the normal 6.2 sigmas.
 *
 * Source: inverse transform; L. Devroye, Non-Uniform Random Variate Generation (1986), chapter II. Alternative
 * considered: the ziggurat, which is faster and takes a varying count of draws.
 */
import { LN2_SCALED, LN_CELLS, NORMAL_CELLS, POWER_CELLS } from './generated/draw-tables.ts';
import { assert } from './assert.ts';
import type { RandomStream } from './random.ts';

/** One sigma of `drawNormal`. */
export const NORMAL_ONE = 65_536;
/** Scale of the table of logarithms: 2^24. */
const LN_ONE = 16_777_216;
const MEAN_MAX = 281_474_976_710_656;
const LN_TABLE: Float64Array = Float64Array.from(LN_CELLS);
const NORMAL_TABLE: Float64Array = Float64Array.from(NORMAL_CELLS);
/** Cells of the normal table an octave. */
const NORMAL_WIDTH = 16;
/** An octave of a power in cells and between. */
const OCTAVE = 4_194_304;
const OCTAVE_SCALED = OCTAVE * 1000;
const TWO_31 = 2_147_483_648;
const LEAST_MAX = 1_048_576;
const POWER_TABLE: Float64Array = Float64Array.from(POWER_CELLS);

/** −ln((u + 1) / 2^32) in 2^−24, for an unsigned u; u = 2^32 − 1 gives 0. */
function exponentialOf(u: number): number {
  const value = u + 1;
  // 1 … 2^32; the last has no octave of its own.
  if (value === 4_294_967_296) return 0;
  const zeros = Math.clz32(value);
  // Mantissa in [1, 2) as 31 bits behind the leading one: 8 bits of cell, 23 between cells.
  const mantissa = (value << zeros) & 0x7fff_ffff;
  const cell = mantissa >>> 23;
  const part = mantissa & 0x7f_ffff;
  const low = LN_TABLE[cell];
  const between = ((LN_TABLE[cell + 1] - low) * part) / 0x80_0000;
  return (zeros + 1) * LN2_SCALED - low - between;
}

/**
 * An exponential draw: an integer from 0, rounded down. One draw of the stream.
 *
 * Throws on KERNEL-23 unless the mean is an integer in 0 … 2^48.
 */
export function drawExponential(stream: RandomStream, mean: number): number {
  assert(mean >= 0 && mean <= MEAN_MAX && Math.floor(mean) === mean, 'KERNEL-23', 'a mean of 0 … 2^48');
  return Math.floor((exponentialOf(stream.uint32()) * mean) / LN_ONE);
}

/** A normal draw in sigmas of `NORMAL_ONE`: an integer, rounded towards 0. One draw of the stream. */
export function drawNormal(stream: RandomStream): number {
  const u = stream.uint32();
  // The lowest bit is the sign; the others are how likely something beyond is, (v + 1) / 2^31.
  const value = (u >>> 1) + 1;
  if (value === 2_147_483_648) return 0;
  const zeros = Math.clz32(value) - 1;
  const mantissa = (value << (zeros + 1)) & 0x7fff_ffff;
  const place = zeros * NORMAL_WIDTH + (NORMAL_WIDTH - 1 - (mantissa >>> 27));
  // Cells go outwards: from the octave's end to its beginning.
  const part = 0x800_0000 - (mantissa & 0x7ff_ffff);
  const low = NORMAL_TABLE[place];
  const size = Math.floor(low + ((NORMAL_TABLE[place + 1] - low) * part) / 0x800_0000);
  return (u & 1) === 0 ? size : -size;
}

/**
 * A Pareto draw, `least × U^(−1 / index)`, rounded down: what exceeds x is as rare as x^−index. `index` is in
 * thousandths. One draw of the stream; the largest is `least × 2^(32,000 / index)`: 2.6 million least ones at 1,500.
 *
 * Throws on KERNEL-24 unless least is in 0 … 2^20 (it may have a fraction) and index an integer in 1,000 … 100,000.
 */
export function drawPareto(stream: RandomStream, least: number, index: number): number {
  assert(least >= 0 && least <= LEAST_MAX, 'KERNEL-24', 'a least value of 0 … 2^20');
  assert(index >= 1000 && index <= 100_000 && (index | 0) === index, 'KERNEL-24', 'an index of 1 … 100');
  // −ln U / index over ln 2, in 2^−22 octaves: 6 bits of cell, 16 between cells.
  const octaves = Math.floor((exponentialOf(stream.uint32()) * OCTAVE_SCALED) / (LN2_SCALED * index));
  const whole = Math.floor(octaves / OCTAVE);
  const rest = octaves - whole * OCTAVE;
  const cell = rest >>> 16;
  const low = POWER_TABLE[cell];
  const between = ((POWER_TABLE[cell + 1] - low) * (rest & 0xffff)) / 0x1_0000;
  const power = whole < 31 ? 1 << whole : TWO_31 * (1 << (whole - 31));
  return Math.floor(((least * (low + between)) / LN_ONE) * power);
}
