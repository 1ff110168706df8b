/** Samples joined into as many points as a chart has room for. A span is [from, to) of samples. */
import type { Values } from './page-data.ts';

/** What a chart shows of a span; null where there is nothing. */
export type ValueOf = (from: number, to: number) => number | null;

const orNull = (value: number): number | null => (Number.isNaN(value) ? null : value);

/** The last value that is there. */
export function lastOf(values: Values, scale: number = 1): ValueOf {
  return (from, to) => {
    for (let k = to - 1; k >= from; k--) if (!Number.isNaN(values[k])) return values[k] * scale;
    return null;
  };
}

export function meanOf(values: Values, scale: number = 1): ValueOf {
  return (from, to) => {
    let sum = 0;
    let count = 0;
    for (let k = from; k < to; k++) {
      if (Number.isNaN(values[k])) continue;
      sum += values[k];
      count += 1;
    }
    return orNull((sum * scale) / count);
  };
}

function extremeOf(values: Values, scale: number, pick: (a: number, b: number) => number): ValueOf {
  return (from, to) => {
    let found = Number.NaN;
    for (let k = from; k < to; k++) {
      if (Number.isNaN(values[k])) continue;
      found = Number.isNaN(found) ? values[k] : pick(found, values[k]);
    }
    return orNull(found * scale);
  };
}

export const mostOf = (values: Values, scale: number = 1): ValueOf => extremeOf(values, scale, Math.max);
export const leastOf = (values: Values, scale: number = 1): ValueOf => extremeOf(values, scale, Math.min);

export function sumOf(values: Values): (from: number, to: number) => number {
  return (from, to) => {
    let sum = 0;
    for (let k = from; k < to; k++) sum += values[k];
    return sum;
  };
}

/** How long a span of samples is; the last sample may be of another length than the others. */
export type SecondsOf = (from: number, to: number) => number;

export function rateOf(columns: readonly Values[], secondsOf: SecondsOf): ValueOf {
  const sums = columns.map(sumOf);
  return (from, to) => {
    const seconds = secondsOf(from, to);
    return seconds > 0 ? sums.reduce((sum, of) => sum + of(from, to), 0) / seconds : null;
  };
}

/** The ratio of two sums, over a span that is made wider on both sides until `least` is below the line. */
export function ratioOf(top: Values, bottom: Values, least: number): ValueOf {
  const [above, below] = [sumOf(top), sumOf(bottom)];
  return (from, to) => {
    const by = to - from;
    let [start, end] = [from, to];
    let divisor = below(start, end);
    while (divisor < least && (start > 0 || end < bottom.length)) {
      divisor += below(Math.max(0, start - by), start) + below(end, Math.min(bottom.length, end + by));
      start = Math.max(0, start - by);
      end = Math.min(bottom.length, end + by);
    }
    return divisor === 0 ? null : above(start, end) / divisor;
  };
}

/** Samples a point: a power of two, so that points keep their place while the view moves. */
export function samplesAPoint(samples: number, pointsMax: number): number {
  let size = 1;
  while (samples > size * pointsMax) size *= 2;
  return size;
}

/** The spans of the points between two samples, whole ones, and one more on either side. */
export function spansOf(
  { from, to, count }: { readonly from: number; readonly to: number; readonly count: number },
  size: number,
): (readonly [from: number, to: number])[] {
  const first = Math.max(0, Math.floor(from / size) - 1);
  const last = Math.min(Math.ceil(count / size), Math.ceil(to / size) + 1);
  const spans: (readonly [number, number])[] = [];
  for (let k = first; k < last; k++) spans.push([k * size, Math.min(count, (k + 1) * size)]);
  return spans;
}
