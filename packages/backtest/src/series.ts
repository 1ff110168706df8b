/**
 * Samples of a run: equity, and of each instrument position and middle price. Behind `SAMPLES_MAX` every
 * second one goes, so that a run of any length has a bounded series at even steps, and the run's end.
 */

/** Even: what stays has the last one. */
export const SAMPLES_MAX = 2048;

export interface Series {
  readonly timesNs: number[];
  /** Profit since the start, in units of the equity asset. */
  readonly pnl: bigint[];
  /** By instrument, in the order of the engine's markets: signed lots. */
  readonly positions: number[][];
  /** Twice the middle of the market, ticks; NONE without one. */
  readonly twiceMiddles: number[][];
  /** Of the samples that were taken every `keep`-th one stays, and the one at the end. */
  keep: number;
  taken: number;
}

export function createSeries(instruments: number): Series {
  const each = <T>(make: () => T): T[] => Array.from({ length: instruments }, make);
  return {
    timesNs: [],
    pnl: [],
    positions: each<number[]>(() => []),
    twiceMiddles: each<number[]>(() => []),
    keep: 1,
    taken: 0,
  };
}

/** What was seen at a time: profit, and by market what is held and twice the middle. */
export interface Sample {
  readonly timeNs: number;
  readonly pnl: bigint;
  readonly positions: readonly number[];
  readonly twiceMiddles: readonly number[];
}

/** Whether the next sample is one of the even steps that stay. */
export const isNextKept = ({ taken, keep }: Series): boolean => taken % keep === 0;

/** Counts a sample, and adds it where it is kept; columns beside it are thinned with it. */
export function addSample(
  series: Series,
  sample: Sample,
  isKept: boolean,
  beside: readonly bigint[][] = [],
): void {
  series.taken += 1;
  if (!isKept) return;
  series.timesNs.push(sample.timeNs);
  series.pnl.push(sample.pnl);
  for (const [k, column] of series.positions.entries()) {
    column.push(sample.positions[k]);
    series.twiceMiddles[k].push(sample.twiceMiddles[k]);
  }
  if (series.timesNs.length > SAMPLES_MAX) thin(series, beside);
}

function thin(series: Series, beside: readonly bigint[][]): void {
  series.keep *= 2;
  const columns: (number[] | bigint[])[] = [
    series.timesNs,
    series.pnl,
    ...series.positions,
    ...series.twiceMiddles,
    ...beside,
  ];
  for (const column of columns) {
    let kept = 0;
    for (let k = 0; k < column.length; k += 2) column[kept++] = column[k];
    column.length = kept;
  }
}
