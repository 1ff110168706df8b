/** Measures: the same work several times, the best and the spread of it. */

/** Results of one measure over several runs, in ns per unit. */
export interface Measure {
  readonly name: string;
  /** Units of work in a run: events, lines. */
  readonly units: number;
  readonly nsBest: number;
  readonly nsMedian: number;
  readonly nsWorst: number;
}

/** Runs a piece of work and times it. The work returns how many units it did; `prepare` is not timed. */
export function measure(name: string, runs: number, work: () => number, prepare?: () => void): Measure {
  const times: number[] = [];
  let units = 0;
  for (let run = 0; run < runs; run++) {
    prepare?.();
    const start = process.hrtime.bigint();
    units = work();
    times.push(Number(process.hrtime.bigint() - start) / units);
  }
  return summarize(name, units, times);
}

/** As `measure`, for work that has to wait. */
export async function measureAsync(
  name: string,
  runs: number,
  work: () => Promise<number>,
): Promise<Measure> {
  const times: number[] = [];
  let units = 0;
  for (let run = 0; run < runs; run++) {
    const start = process.hrtime.bigint();
    units = await work();
    times.push(Number(process.hrtime.bigint() - start) / units);
  }
  return summarize(name, units, times);
}

export function summarize(name: string, units: number, times: number[]): Measure {
  const sorted = times.toSorted((a, b) => a - b);
  return {
    name,
    units,
    nsBest: sorted[0],
    nsMedian: sorted[sorted.length >>> 1],
    nsWorst: sorted[sorted.length - 1],
  };
}

/** Million units per second at the median. */
export function millionsPerSecond(result: Measure): number {
  return 1000 / result.nsMedian;
}
