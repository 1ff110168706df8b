/**
 * Samples of a run: equity, and of each instrument position and middle price. Behind `SAMPLES_MAX` every
 * second one goes, so that a run of any length has a bounded series at even steps.
 */
import { NONE } from '@truetape/contracts';
import type { Engine } from '@truetape/engine';

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
  /** Over all samples, not only those that stayed: Σ |position| by instrument, and the most. */
  readonly positionSums: number[];
  readonly positionsMax: number[];
  readonly exposed: number[];
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
    positionSums: each(() => 0),
    positionsMax: each(() => 0),
    exposed: each(() => 0),
  };
}

/** Adds a sample of what an engine holds and sees. */
export function addSample(series: Series, timeNs: number, pnl: bigint, engine: Engine): void {
  const isKept = series.taken % series.keep === 0;
  series.taken += 1;
  if (isKept) {
    series.timesNs.push(timeNs);
    series.pnl.push(pnl);
  }
  for (const [k, { index, bidTicks, askTicks }] of engine.views.entries()) {
    const position = engine.runs.reduce((sum, run) => sum + (run.positions[index] ?? 0), 0);
    const size = Math.abs(position);
    series.positionSums[k] += size;
    if (size > series.positionsMax[k]) series.positionsMax[k] = size;
    if (size > 0) series.exposed[k] += 1;
    if (!isKept) continue;
    series.positions[k].push(position);
    series.twiceMiddles[k].push(bidTicks === NONE || askTicks === NONE ? NONE : bidTicks + askTicks);
  }
  if (series.timesNs.length > SAMPLES_MAX) thin(series);
}

function thin(series: Series): void {
  series.keep *= 2;
  const columns: (number[] | bigint[])[] = [
    series.timesNs,
    series.pnl,
    ...series.positions,
    ...series.twiceMiddles,
  ];
  for (const column of columns) {
    let kept = 0;
    for (let k = 0; k < column.length; k += 2) column[kept++] = column[k];
    column.length = kept;
  }
}
