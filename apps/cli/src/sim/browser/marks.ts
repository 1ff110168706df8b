/** Regimes as bands behind a chart, bursts as light that fades. */
import type uPlot from 'uplot';
import type { PageData } from './page-data.ts';

/** More bursts than this in a view are lines alone. */
const FADING_MAX = 60;

export interface Marks {
  readonly bands: readonly { readonly from: number; readonly to: number; readonly slot: number }[];
  readonly bursts: readonly { readonly from: number; readonly to: number }[];
}

export function marksOf({ changes, slots, bursts, endNs }: PageData): Marks {
  const bands = changes.map(([timeNs, regime], k) => ({
    from: timeNs / 1e9,
    to: (k + 1 < changes.length ? changes[k + 1][0] : endNs) / 1e9,
    slot: slots[regime],
  }));
  return { bands, bursts: bursts.map(([fromNs, toNs]) => ({ from: fromNs / 1e9, to: toNs / 1e9 })) };
}

/** The number of the regime that is in force at a time. */
export function regimeAt({ changes }: PageData, seconds: number): number {
  let low = 0;
  let high = changes.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (changes[middle][0] <= seconds * 1e9) low = middle;
    else high = middle;
  }
  return changes[low][1];
}

export function isInBurst({ bursts }: PageData, seconds: number): boolean {
  return bursts.some(([fromNs, toNs]) => fromNs <= seconds * 1e9 && seconds * 1e9 < toNs);
}

/** Draws what is in view, before the grid. `color` gives the value of a custom property. */
export function drawMarks(chart: uPlot, marks: Marks, color: (name: string) => string): void {
  const { ctx, bbox } = chart;
  const { min, max } = chart.scales['x'];
  if (min === undefined || max === undefined || min === null || max === null) return;
  const right = bbox.left + bbox.width;
  const place = (seconds: number): number =>
    Math.min(right, Math.max(bbox.left, chart.valToPos(seconds, 'x', true)));
  ctx.save();
  for (const { from, to, slot } of marks.bands) {
    if (to < min || from > max || slot === 0) continue;
    ctx.fillStyle = color(`--band-${slot}`);
    ctx.fillRect(place(from), bbox.top, Math.max(1, place(to) - place(from)), bbox.height);
  }
  const seen = marks.bursts.filter(({ from, to }) => to >= min && from <= max);
  const [start, clear] = [color('--burst'), color('--burst-clear')];
  for (const { from, to } of seen) {
    // The edges of a burst may be out of sight: the light fades over all of it.
    const [x0, x1] = [chart.valToPos(from, 'x', true), chart.valToPos(to, 'x', true)];
    if (seen.length <= FADING_MAX && x1 - x0 > 1) {
      const fade = ctx.createLinearGradient(x0, 0, x1, 0);
      fade.addColorStop(0, start);
      // By half each seventh of its length.
      for (let k = 1; k < 7; k++) fade.addColorStop(k / 7, faded(start, 1 / (1 << k)));
      fade.addColorStop(1, clear);
      ctx.fillStyle = fade;
      ctx.fillRect(place(from), bbox.top, place(to) - place(from), bbox.height);
    } else if (from >= min) {
      ctx.fillStyle = start;
      ctx.fillRect(place(from), bbox.top, Math.max(1, place(to) - place(from)), bbox.height);
    }
  }
  ctx.restore();
}

/** A colour of the form rgba(r,g,b,a) with a part of its strength. */
function faded(color: string, part: number): string {
  return color.replace(/[\d.]+\)$/, (alpha) => `${(Number.parseFloat(alpha) * part).toFixed(4)})`);
}
