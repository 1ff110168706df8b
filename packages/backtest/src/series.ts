/**
 * Samples of a run: equity, and of each instrument position and middle price. Behind `SAMPLES_MAX` every
 * second one goes, so that a run of any length has a bounded series at even steps.
 */
export const SAMPLES_MAX = 2048;

export interface Series {
  readonly timesNs: number[];
  /** Profit since the start, in units of the equity asset. */
  readonly pnl: bigint[];
  /** By instrument, in the order of the engine's markets: signed lots. */
  readonly positions: number[][];
  /** Twice the middle of the market, ticks; NONE without one. */
  readonly twiceMiddles: number[][];
  /** Samples are taken in; every `keep`-th one stays. */
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

/** Adds a sample: profit, and by market what is held and twice the middle; columns beside it are thinned with it. */
export function addSample(
  series: Series,
  timeNs: number,
  pnl: bigint,
  positions: readonly number[],
  twiceMiddles: readonly number[],
  beside: readonly bigint[][] = [],
): void {
  const isKept = series.taken % series.keep === 0;
  series.taken += 1;
  if (!isKept) return;
  series.timesNs.push(timeNs);
  series.pnl.push(pnl);
  for (const [k, column] of series.positions.entries()) {
    column.push(positions[k]);
    series.twiceMiddles[k].push(twiceMiddles[k]);
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
