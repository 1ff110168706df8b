/**
 * Capacity: at which step the consumer first loses an event, by arithmetic and as it is measured.
 *
 * Behind the ingest of step n the consumer lags by I(n+1) − Cn: all that came in, less its polls of the
 * steps before, each of which found an event as long as it lags. The first step at which that is more than
 * the capacity is the first overrun. A consumer that is as fast as its producer lags by I, so it overruns
 * at once or never.
 */
import { resultOf, runLab } from './result.ts';
import type { LabResult } from './result.ts';

export interface SweepConfig {
  readonly ingest: readonly number[];
  readonly consume: readonly number[];
  readonly capacity: readonly number[];
  readonly steps: number;
}

export interface SweepRow {
  readonly ingest: number;
  readonly consume: number;
  readonly capacity: number;
  /** Step of the first overrun by arithmetic; null for none within the steps. */
  readonly expected: number | null;
  readonly measured: number | null;
  readonly lost: number;
  readonly unread: number;
  readonly agrees: boolean;
}

/** The step of the first overrun by arithmetic, of so many steps; null for none. */
export function expectedOverrun(
  ingest: number,
  consume: number,
  capacity: number,
  steps: number,
): number | null {
  if (steps === 0) return null;
  if (ingest > capacity) return 0;
  if (ingest <= consume) return null;
  // The least n with I + (I − C)n > capacity.
  const step = Math.floor((capacity - ingest) / (ingest - consume)) + 1;
  return step < steps ? step : null;
}

const PLAIN = {
  name: 'sweep',
  policy: 'oldest',
  warmupSteps: 10,
  cleanSteps: 10,
  failures: [],
} as const;

/** What was measured of a scenario of one rate each, beside the arithmetic. */
export function rowOf({
  scenario,
  firstOverrunStep: measured,
  lost,
  unread,
}: Pick<LabResult, 'scenario' | 'firstOverrunStep' | 'lost' | 'unread'>): SweepRow {
  const { capacity, steps } = scenario;
  const [ingest] = scenario.ingest;
  const [consume] = scenario.consume;
  const expected = expectedOverrun(ingest, consume, capacity, steps);
  return { ingest, consume, capacity, expected, measured, lost, unread, agrees: expected === measured };
}

/** Runs every combination, the capacity varying fastest. */
export function sweep(config: SweepConfig): SweepRow[] {
  const { steps } = config;
  return config.ingest.flatMap((ingest) =>
    config.consume.flatMap((consume) =>
      config.capacity.map((capacity) => {
        const scenario = { ...PLAIN, ingest: [ingest], consume: [consume], capacity, steps };
        return rowOf(resultOf(runLab(scenario, { observe: false })));
      }),
    ),
  );
}
