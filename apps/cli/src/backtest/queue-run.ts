/** Models of the queue against exact FIFO, on a tape or on simulated markets. */
import {
  createQueueComparison,
  exactWaitNs,
  feedQueueComparison,
  parseConfig,
  QUEUE_CONTENDERS,
  queueFigures,
  tapeKindOf,
  unfinishedProbes,
} from '@truetape/backtest';
import type { ProbeOutcome, ProbePlan, QueueComparison, QueueFigures } from '@truetape/backtest';
import { CliFailure, EXIT, usageFailure } from '../failure.ts';
import { quoted, tapeFailure } from '../wording.ts';
import type { InputTape } from './input-tape.ts';

/** How probes are placed, and how often levels are told; 0: at once. */
export interface QueuePlan extends ProbePlan {
  readonly depthEveryNs: number;
}

/** Hears how much of a tape is read, and gives way now and then. */
export interface QueueSteps {
  readonly onShare: (share: number) => void;
  readonly breathe: () => Promise<void>;
}

export interface QueueTape {
  readonly seed: string;
  readonly path: string;
  readonly hash: string;
  readonly count: number;
}

/** Probes in one market: of one tape, or of several of the same kind. */
export interface QueueMarket {
  readonly market: string;
  readonly tapes: readonly QueueTape[];
  readonly outcomes: readonly ProbeOutcome[];
  /** Where no probe could be placed; where a venue would not take one; that were alive at the end. */
  readonly skipped: number;
  readonly refused: number;
  readonly unfinished: number;
}

const ORDERS_NEXT = 'truetape sim run and truetape import lobster make tapes that tell every order';

function indexOf({ facts, path }: InputTape, instrument: string | undefined): number {
  const { instruments } = facts;
  if (instruments.length === 0) throw usageFailure(`${path} defines no instrument`, ORDERS_NEXT);
  const names = instruments.map(({ name }) => name).join(', ');
  if (instrument === undefined && instruments.length > 1)
    throw usageFailure(`${path} has several instruments: ${names}`, 'name one with --instrument');
  const found = instruments.find(({ name }) => instrument === undefined || name === instrument);
  if (found === undefined)
    throw usageFailure(`--instrument: ${path} has no ${quoted(instrument!)}: ${names}`);
  return found.index;
}

function comparisonOf(tape: InputTape, instrument: string | undefined, plan: QueuePlan): QueueComparison {
  const config = parseConfig({ mode: 'replay' });
  if (!config.ok) throw new TypeError('replay is a mode');
  const kind = tapeKindOf({ tape: tape.facts, config: config.value });
  if (!kind.ok) throw new TypeError('any tape can be replayed');
  const { startsEmpty, sources } = kind.value;
  return createQueueComparison({
    instrument: indexOf(tape, instrument),
    sources,
    startsEmpty,
    epoch: tape.facts.epoch,
    plan,
    depthEveryNs: plan.depthEveryNs,
    contenders: QUEUE_CONTENDERS,
  });
}

/** Reads the tape once. Throws a failure for one that does not tell orders, or in which no probe lives to its end. */
export async function compareQueues(
  tape: InputTape,
  instrument: string | undefined,
  plan: QueuePlan,
  { onShare, breathe }: QueueSteps,
): Promise<Omit<QueueMarket, 'market'>> {
  const comparison = comparisonOf(tape, instrument, plan);
  const { path, hash, count } = tape;
  const reader = tape.read();
  for (let batch = reader.next(); batch !== undefined; batch = reader.next()) {
    feedQueueComparison(comparison, batch);
    if (comparison.tellsLevels)
      throw usageFailure(`${path} tells levels, not orders: the exact queue is unknown`, ORDERS_NEXT);
    onShare(Math.min(1, batch.firstSeq / count));
    await breathe();
  }
  if (reader.error !== undefined) throw tapeFailure(path, reader.error);
  const { facts, outcomes, skipped, refused } = comparison;
  if (facts === 0) throw usageFailure(`${path} tells of no orders: the exact queue is unknown`, ORDERS_NEXT);
  const unfinished = unfinishedProbes(comparison);
  if (outcomes.length === 0) {
    const why = `${unfinished} were alive at the end, ${skipped} found no book, ${refused} were refused`;
    throw new CliFailure(
      EXIT.failure,
      `${path}: no probe lived to its end: ${why}`,
      skipped > unfinished
        ? 'the book has to be known: a tape of the venue, or one that begins with a snapshot of orders'
        : 'a longer tape, or a shorter --lifetime',
    );
  }
  return { tapes: [{ seed: plan.seed, path, hash, count }], outcomes, skipped, refused, unfinished };
}

/** Markets of one kind as one. */
export function joinMarkets(market: string, parts: readonly Omit<QueueMarket, 'market'>[]): QueueMarket {
  const sum = (key: 'skipped' | 'refused' | 'unfinished'): number =>
    parts.reduce((all, part) => all + part[key], 0);
  return {
    market,
    tapes: parts.flatMap(({ tapes }) => tapes),
    outcomes: parts.flatMap(({ outcomes }) => outcomes),
    skipped: sum('skipped'),
    refused: sum('refused'),
    unfinished: sum('unfinished'),
  };
}

export interface QueueRow extends QueueFigures {
  readonly market: string;
  readonly model: string;
  readonly byTicks: readonly (QueueFigures & { readonly behindTicks: number })[];
  readonly byLots: readonly (QueueFigures & { readonly qtyLots: number })[];
}

/** A row a model. */
export function queueRows({ market, outcomes }: QueueMarket): QueueRow[] {
  const values = (key: 'behindTicks' | 'qtyLots'): number[] =>
    [...new Set(outcomes.map((one) => one[key]))].sort((a, b) => a - b);
  const ticks = values('behindTicks');
  const sizes = values('qtyLots');
  return QUEUE_CONTENDERS.map(({ name }, k) => ({
    market,
    model: name,
    ...queueFigures(outcomes, k),
    byTicks: ticks.map((behindTicks) => ({
      behindTicks,
      ...queueFigures(
        outcomes.filter((one) => one.behindTicks === behindTicks),
        k,
      ),
    })),
    byLots: sizes.map((qtyLots) => ({
      qtyLots,
      ...queueFigures(
        outcomes.filter((one) => one.qtyLots === qtyLots),
        k,
      ),
    })),
  }));
}

/** The median wait of a market's probes for their first fill, exactly. */
export function exactWaitOf({ outcomes }: QueueMarket): number | null {
  return exactWaitNs(outcomes);
}
