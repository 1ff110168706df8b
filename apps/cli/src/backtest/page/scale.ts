/** From values to places on a chart, and the values that stand beside it. Nothing here depends on the machine. */
import { TIME_STEPS, grouped, timePlaces, timeText, CLOCK_SECONDS } from '../../sim/browser/numbers.ts';

/** Width and height of a chart in units of its own; it is drawn as wide as the screen lets it be. */
export const WIDTH = 2000;
export const HEIGHT = 1000;

/** A range of values, and those of them that are named. */
export interface Scale {
  readonly low: number;
  readonly high: number;
  readonly ticks: readonly { readonly value: number; readonly text: string }[];
}

const TICKS_MAX = 6;
const DIGITS = [1, 2, 5];
const POWER_MIN = -18;
const POWER_MAX = 18;

/** The least step of 1, 2 or 5 times a power of ten that is taken at most so many times, and its decimals. */
function stepOf(span: number): { readonly step: number; readonly places: number } {
  for (let power = POWER_MIN; power < POWER_MAX; power++) {
    for (const digit of DIGITS) {
      const step = Number(`${digit}e${power}`);
      if (span / step <= TICKS_MAX) return { step, places: Math.max(0, -power) };
    }
  }
  return { step: span, places: 0 };
}

/** What is left free above and below, so that no line lies on the edge. */
const MARGIN = 0.05;

/** A scale that shows all of some values; a single one has room around it. */
export function scaleOf(low: number, high: number): Scale {
  const isOne = high <= low;
  const room = isOne ? Math.max(Math.abs(low) * MARGIN, 1) : (high - low) * MARGIN;
  const [from, to] = [low - room, high + room];
  const { step, places } = stepOf(to - from);
  const ticks: { value: number; text: string }[] = [];
  for (let k = Math.ceil(from / step); k * step <= to; k++) {
    const value = k * step;
    // No sign before a zero.
    ticks.push({ value, text: grouped((value === 0 ? 0 : value).toFixed(places)) });
  }
  return { low: from, high: to, ticks };
}

/** Where a value stands, from the top. */
export function heightOf({ low, high }: Scale, value: number): number {
  return Math.round(((high - value) / (high - low)) * HEIGHT);
}

const TIMES_MAX = 6;

/** Times of a run of so many ns, as shares of it. */
export function timeTicks(spanNs: number): readonly { readonly share: number; readonly text: string }[] {
  const seconds = spanNs / 1e9;
  if (seconds <= 0) return [];
  const step = TIME_STEPS.find((one) => seconds / one <= TIMES_MAX) ?? TIME_STEPS[TIME_STEPS.length - 1];
  const isClock = seconds > CLOCK_SECONDS;
  const ticks: { share: number; text: string }[] = [];
  const every = Math.max(1, Math.ceil(seconds / step / TIMES_MAX));
  for (let k = 0; k * step <= seconds; k += every)
    ticks.push({ share: (k * step) / seconds, text: timeText(k * step, timePlaces(step), isClock) });
  return ticks;
}

/** A share as a percentage for a style or an attribute, with two places. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(2).replace(/\.?0+$/, '')}%`;
}
