/** Columns of a run's curves as paths. */
import type { Curves } from '@truetape/backtest';
import { HEIGHT, WIDTH, heightOf } from './scale.ts';
import type { Scale } from './scale.ts';

/** Where steps end, in units of a chart's width; what comes first is the run's start. */
export interface Timeline {
  readonly spanNs: number;
  /** One a step. */
  readonly ends: readonly number[];
}

export function timelineOf({ steps, stepNs }: Curves, spanNs: number): Timeline {
  const length = Math.max(1, spanNs);
  const ends = Array.from({ length: steps }, (_, k) =>
    Math.round(Math.min(1, ((k + 1) * stepNs) / length) * WIDTH),
  );
  return { spanNs, ends };
}

/** A value a step; null where nothing is known. */
export type Values = readonly (number | null)[];

/** Runs of values that are known, as [first, behind the last]. */
function* spansOf(values: Values): Generator<readonly [from: number, to: number]> {
  let from = -1;
  for (let k = 0; k <= values.length; k++) {
    const isThere = k < values.length && values[k] !== null;
    if (isThere && from < 0) from = k;
    if (isThere || from < 0) continue;
    yield [from, k];
    from = -1;
  }
}

const at = (values: Values, k: number): number => values[k]!;

/** A line from the end of each step to the next; `first` is the value at the start, where there is one. */
export function linePath({ ends }: Timeline, scale: Scale, values: Values, first?: number): string {
  const parts: string[] = [];
  for (const [from, to] of spansOf(values)) {
    let [x, y] = [ends[from], heightOf(scale, at(values, from))];
    if (from === 0 && first !== undefined) {
      const top = heightOf(scale, first);
      parts.push(`M0 ${top}l${x} ${y - top}`);
    } else parts.push(`M${x} ${y}h0`);
    for (let k = from + 1; k < to; k++) {
      const [nextX, nextY] = [ends[k], heightOf(scale, at(values, k))];
      parts.push(`l${nextX - x} ${nextY - y}`);
      [x, y] = [nextX, nextY];
    }
  }
  return parts.join('');
}

/** What lies between the least and the most of each step: boxes, one a step. */
export function bandPath({ ends }: Timeline, scale: Scale, low: Values, high: Values): string {
  const parts: string[] = [];
  for (const [from, to] of spansOf(low)) {
    const left = from === 0 ? 0 : ends[from - 1];
    parts.push(`M${left} ${heightOf(scale, at(high, from))}`);
    for (let k = from; k < to; k++) parts.push(`V${heightOf(scale, at(high, k))}H${ends[k]}`);
    for (let k = to - 1; k >= from; k--)
      parts.push(`V${heightOf(scale, at(low, k))}H${k === 0 ? 0 : ends[k - 1]}`);
    parts.push('z');
  }
  return parts.join('');
}

/** What lies between a value and zero, as it is held to the end of each step. */
export function areaPath(timeline: Timeline, scale: Scale, values: Values): string {
  const zeros = values.map((value) => (value === null ? null : Math.min(0, value)));
  const tops = values.map((value) => (value === null ? null : Math.max(0, value)));
  return bandPath(timeline, scale, zeros, tops);
}

/** From a place on a chart to a share of its height. */
export const shareOfHeight = (scale: Scale, value: number): number => heightOf(scale, value) / HEIGHT;
