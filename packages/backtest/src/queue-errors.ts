/** What a model of the queue makes of probes, against what became of them exactly: exact figures. */
import { NONE } from '@truetape/contracts';
import { ratioFixed } from '@truetape/kernel';
import type { Probe } from './queue-probes.ts';

/** What became of a probe in its lifetime. */
export interface ProbeFills {
  /** When its first lot was filled, and by which message of the venue in a row; NONE: none was. */
  firstNs: number;
  firstMessage: number;
  lots: number;
}

export interface ProbeOutcome extends Probe {
  readonly placedNs: number;
  readonly priceTicks: number;
  readonly exact: ProbeFills;
  /** In the order of the models. */
  readonly models: readonly ProbeFills[];
}

/** Filled is a probe that got at least one lot: up to there the exact place is that of a matching engine. */
export interface QueueFigures {
  readonly probes: number;
  readonly exactFilled: number;
  readonly filled: number;
  /** Filled by both. */
  readonly both: number;
  /** Filled by the model alone. */
  readonly falseFills: number;
  /** Filled exactly, and not by the model. */
  readonly missed: number;
  /** Filled by the model at an earlier message than exactly, or filled by the model alone. */
  readonly early: number;
  /** Filled by both, by the same message. */
  readonly onTime: number;
  readonly exactRate: string;
  readonly rate: string;
  /** Model less exact, of the probes. */
  readonly rateError: string;
  readonly lots: number;
  readonly exactLots: number;
  readonly filledLots: number;
  /** Model less exact, of the lots that were placed. */
  readonly lotsError: string;
  /** Of those filled by both: how far the first fill is off, whatever the direction; null without any. */
  readonly timeErrorP50Ns: number | null;
  readonly timeErrorP95Ns: number | null;
  /** Above zero: the model fills later. */
  readonly timeErrorMeanNs: string | null;
}

const RATE_PLACES = 4;
const MEAN_PLACES = 1;

const isFilled = ({ firstNs }: ProbeFills): boolean => firstNs !== NONE;

/** The value of which at least `percent` of a sorted list are no larger. */
function rankOf(sorted: readonly number[], percent: number): number | null {
  if (sorted.length === 0) return null;
  return sorted[Math.max(0, Math.floor((sorted.length * percent + 99) / 100) - 1)];
}

/** The median wait for the first fill, exactly; null where none was filled. */
export function exactWaitNs(outcomes: readonly ProbeOutcome[]): number | null {
  const waits = outcomes
    .filter(({ exact }) => isFilled(exact))
    .map(({ exact, placedNs }) => exact.firstNs - placedNs);
  return rankOf(
    waits.sort((a, b) => a - b),
    50,
  );
}

/** The figures of the `model`th model. Complexity: O(n log n). */
export function queueFigures(outcomes: readonly ProbeOutcome[], model: number): QueueFigures {
  let [exactFilled, filled, both, early, onTime] = [0, 0, 0, 0, 0];
  let [lots, exactLots, filledLots] = [0, 0, 0];
  let sumNs = 0n;
  const errors: number[] = [];
  for (const { exact, models, qtyLots } of outcomes) {
    const one = models[model];
    lots += qtyLots;
    exactLots += exact.lots;
    filledLots += one.lots;
    if (isFilled(exact)) exactFilled += 1;
    if (!isFilled(one)) continue;
    filled += 1;
    if (!isFilled(exact) || one.firstMessage < exact.firstMessage) early += 1;
    if (!isFilled(exact)) continue;
    both += 1;
    if (one.firstMessage === exact.firstMessage) onTime += 1;
    const errorNs = one.firstNs - exact.firstNs;
    sumNs += BigInt(errorNs);
    errors.push(Math.abs(errorNs));
  }
  errors.sort((a, b) => a - b);
  const probes = outcomes.length;
  const share = (part: number, of: number): string =>
    ratioFixed(BigInt(part), BigInt(Math.max(of, 1)), RATE_PLACES);
  return {
    probes,
    exactFilled,
    filled,
    both,
    falseFills: filled - both,
    missed: exactFilled - both,
    early,
    onTime,
    exactRate: share(exactFilled, probes),
    rate: share(filled, probes),
    rateError: share(filled - exactFilled, probes),
    lots,
    exactLots,
    filledLots,
    lotsError: share(filledLots - exactLots, lots),
    timeErrorP50Ns: rankOf(errors, 50),
    timeErrorP95Ns: rankOf(errors, 95),
    timeErrorMeanNs: both === 0 ? null : ratioFixed(sumNs, BigInt(both), MEAN_PLACES),
  };
}
