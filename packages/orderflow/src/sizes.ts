/**
 * Sizes of orders. Real ones have the tail of a power law, and gather at round numbers: Maslov and Mills, Price
 * fluctuations from the order book perspective, Physica A 299 (2001) 234–246, find an index of 1.4 for orders that
 * take and of about 1 for those that rest.
 */
import { drawExponential, drawPareto } from '@truetape/kernel';
import type { RandomStream } from '@truetape/kernel';

/** Of the tail, in thousandths. */
const TAIL_INDEX = 1500;
/** Sizes end at so many means, so that one order does not take a whole book. */
const MEANS_MAX = 100;
/** Of those from 10 lots on, so many in a thousand have one digit that is not 0. */
const ROUND_PERMILLE = 200;

/** A size of 1 or more with the given mean, as of one who always does the same: exponential. */
export const drawLots = (stream: RandomStream, mean: number): number =>
  mean === 1 ? 1 : 1 + drawExponential(stream, mean - 1);

/** A size of 1 or more with about the given mean, as of many different traders: a power law, with round numbers. */
export function drawSize(stream: RandomStream, mean: number): number {
  if (mean === 1) return 1;
  // The mean of the law is three times its least value; rounding down and the end of the tail take some of it.
  const drawn = Math.max(1, drawPareto(stream, (mean + 0.6) / 3, TAIL_INDEX));
  const lots = drawn >= 10 && stream.nextInt(1000) < ROUND_PERMILLE ? roundLots(drawn) : drawn;
  return Math.min(lots, mean * MEANS_MAX);
}

/** The nearest number with one digit that is not 0. */
function roundLots(lots: number): number {
  let scale = 10;
  while (lots >= scale * 10) scale *= 10;
  return Math.round(lots / scale) * scale;
}
