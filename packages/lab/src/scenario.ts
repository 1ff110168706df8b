/** What is run: how much comes in and goes out in each step, through how much room, and what goes wrong. */
import type { BusPolicy } from '@truetape/kernel';

/** A failure that is injected: from one step up to, but not with, another. */
export interface Failure {
  readonly fromStep: number;
  readonly toStep: number;
}

export interface Scenario {
  readonly name: string;
  /** Events that are published in a step: in step n the entry n mod length. */
  readonly ingest: readonly number[];
  /** Polls that the consumer has in a step, likewise. */
  readonly consume: readonly number[];
  /** Events that there is room for, a power of two. */
  readonly capacity: number;
  readonly steps: number;
  readonly policy: BusPolicy;
  /** Steps in WARMUP before READY. */
  readonly warmupSteps: number;
  /** Steps without an overrun before an overrun is forgiven. */
  readonly cleanSteps: number;
  /** In order, none touching the next. */
  readonly failures: readonly Failure[];
}

export const SCENARIO_NAMES = ['balanced', 'producer-heavy', 'consumer-heavy', 'failure-recovery'] as const;

export type ScenarioName = (typeof SCENARIO_NAMES)[number];

const PLAIN = {
  capacity: 64,
  steps: 50,
  policy: 'oldest',
  warmupSteps: 10,
  cleanSteps: 10,
  failures: [],
} as const;

/** The four scenarios whose results are worked out by hand in the README. */
export const SCENARIOS: Readonly<Record<ScenarioName, Scenario>> = {
  balanced: { name: 'balanced', ingest: [5], consume: [5], ...PLAIN },
  'producer-heavy': { name: 'producer-heavy', ingest: [8], consume: [3], ...PLAIN },
  'consumer-heavy': { name: 'consumer-heavy', ingest: [3], consume: [8], ...PLAIN },
  'failure-recovery': {
    name: 'failure-recovery',
    ingest: [5],
    consume: [5],
    ...PLAIN,
    failures: [{ fromStep: 20, toStep: 40 }],
  },
};
