/**
 * One backtest from an open tape: everything that makes it is in the plan, everything that came of it in the
 * result.
 */
import { createBacktest, endBacktest, feedBatch, reportOf } from '@truetape/backtest';
import type { Backtest, BacktestConfig } from '@truetape/backtest';
import { Kind, encodeEvent, createRecordOut } from '@truetape/contracts';
import type { Event, JsonObject } from '@truetape/contracts';
import type { EngineStrategy } from '@truetape/engine';
import { installStrategyGuard, nodePorts } from '@truetape/host';
import { formatSpan, writeEvent } from '@truetape/tape';
import type { TapeEnd, TapeHeader } from '@truetape/tape';
import { CliFailure, EXIT } from '../failure.ts';
import { interruptible } from '../interruption.ts';
import { createRecording } from '../sim/recording.ts';
import type { Recording, RecordingPlan } from '../sim/recording.ts';
import { VERSION } from '../version.ts';
import { tapeFailure } from '../wording.ts';
import { configFailure } from './config-failure.ts';
import type { InputTape } from './input-tape.ts';
import { turnsOf } from './stoppable.ts';
import { checkStates, hasOwnFile, strategyFault } from './strategy-fault.ts';
import { createStrategies } from './strategies.ts';
import { inGuard } from './strategy-source.ts';
import type { NamedStrategy } from './strategy-source.ts';

export interface RunPlan {
  readonly tape: InputTape;
  readonly config: BacktestConfig;
  readonly seed: string;
  readonly strategies: readonly NamedStrategy[];
  /** Times between which the strategy trades; ns since the tape's epoch. */
  readonly fromNs?: number;
  readonly toNs?: number;
  /** Where the output tape goes; it always has a hash. */
  readonly out: Pick<RecordingPlan, 'out' | 'force' | 'frameBytes'>;
  readonly onShare?: (share: number) => void;
  /** Files beside the tape; they are put in their places when it is. */
  readonly listener?: RunListener;
}

/** Whoever writes something else of a run. */
export interface RunListener {
  /** Hears of each event behind its writing; the object is used again. */
  readonly event: (backtest: Backtest, event: Event, seq: number) => void;
  /** The run has ended well: what is left is written now, and nothing is in its place yet. */
  readonly end: (result: RunResult) => void;
  /** All of everything is written: what was, is put in its place. */
  readonly commit: () => void;
}

export interface RunResult {
  readonly backtest: Backtest;
  readonly report: JsonObject;
  readonly output: TapeEnd;
}

export const BACKTEST_PRODUCER = 'truetape backtest';

/** Kinds that a backtest may write: the columns of a table, the same for every run. */
export const BACKTEST_KINDS: readonly number[] = [
  Kind.Define,
  Kind.Bar,
  Kind.Timer,
  Kind.Intent,
  Kind.Target,
  Kind.NoAction,
  Kind.RiskDecision,
  Kind.OperatorCommand,
  Kind.KillSwitch,
  Kind.NewOrder,
  Kind.CancelOrder,
  Kind.AmendOrder,
  Kind.Accepted,
  Kind.Amended,
  Kind.Canceled,
  Kind.Expired,
  Kind.Rejected,
  Kind.Fill,
  Kind.CashFlow,
  Kind.FundingPaid,
  Kind.FundingRate,
  Kind.TradingStatus,
  Kind.Checkpoint,
];

/** The output tape says all that it takes to run it again, but for its parent's path. */
export function headerOf({
  tape,
  config,
  seed,
  strategies,
  fromNs,
  toNs,
}: Pick<RunPlan, 'tape' | 'config' | 'seed' | 'strategies' | 'fromNs' | 'toNs'>): TapeHeader {
  // Members of a header are sorted; the order of strategies counts.
  const names = strategies.map(({ name, definition }) =>
    name === definition.name ? name : `${name}=${definition.name}`,
  );
  const who = names.length === 1 ? { strategyName: names[0] } : { strategyNames: names };
  return {
    observer: 'client',
    epochNs: tape.header.epochNs,
    producer: { name: BACKTEST_PRODUCER },
    seed,
    config: {
      ...(JSON.parse(JSON.stringify(config)) as JsonObject),
      ...who,
      ...(fromNs === undefined ? {} : { fromNs }),
      ...(toNs === undefined ? {} : { toNs }),
    },
    parents: [{ hash: tape.hash, count: tape.count }],
  };
}

function sinkOf(recording: Recording): (event: Event) => number {
  const { port } = recording;
  const { writer } = port;
  if (writer !== undefined) {
    return (event) => {
      const seq = writer.nextSeq;
      const refused = writeEvent(writer, event);
      if (refused !== undefined) throw tapeFailure('the backtest', refused);
      return seq;
    };
  }
  const scratch = createRecordOut(port.epoch, 512);
  let nextSeq = 0;
  return (event) => {
    scratch.words = 0;
    encodeEvent(scratch, event);
    port.write(scratch, 0, nextSeq);
    return nextSeq++;
  };
}

/** What goes round while time stands still, and what ends it. */
const STUCK = {
  timers: [
    'the strategy sets a timer for the same time again and again',
    'set it for later than context.timeNs',
  ],
  market: [
    'the strategy sees its own orders in the market, and answers them at once, without end',
    'messages that take no time allow that: give latency.feed or latency.order a delay',
  ],
  answers: [
    'strategy and venue answer each other without end',
    'messages that take no time allow that: give latency.order or latency.response a delay',
  ],
} as const;

/** Time stands still. */
export function stuckFailure({ tapeNs, startNs, stuckBy }: Backtest): CliFailure {
  const after = formatSpan(BigInt(tapeNs - startNs));
  const [what, next] = STUCK[stuckBy ?? 'answers'];
  return new CliFailure(EXIT.failure, `time stands still ${after} behind the start: ${what}`, next);
}

/** A strategy went on after it had returned. */
export function strayFailure({ engine }: Backtest): CliFailure | undefined {
  if (!engine.isStray) return undefined;
  return new CliFailure(
    EXIT.failure,
    'a strategy goes on after it has returned (await, a Promise): what it does then has no time',
    'decide while it is called; context.setTimer calls it again later',
  );
}

/** Ends all that a run writes, then puts it in its places: a disk that is full leaves none of it there. */
export function settle(
  recording: Recording,
  { tape, listener }: Pick<RunPlan, 'tape' | 'listener'>,
  backtest: Backtest,
): RunResult {
  const output = recording.end({ build: { version: VERSION } });
  const report = reportOf(backtest);
  const limits = [...tape.torn, ...(report['limits'] as string[])];
  const result = { backtest, report: { ...report, limits }, output };
  listener?.end(result);
  recording.place();
  listener?.commit();
  return result;
}

/** Runs it. Throws a failure, and then nothing is left of what was written. */
export function runBacktest(plan: RunPlan): Promise<RunResult> {
  // From the first file on, a signal ends it in order.
  return interruptible(({ breathe }) => runOver(plan, breathe));
}

async function runOver(plan: RunPlan, breathe: () => Promise<void>): Promise<RunResult> {
  const { tape, config, seed, strategies, fromNs, toNs } = plan;
  const recording = await createRecording({
    ...plan.out,
    header: headerOf(plan),
    trace: false,
    kinds: BACKTEST_KINDS,
  });
  const guard = installStrategyGuard();
  try {
    const turns = turnsOf(hasOwnFile(strategies));
    let own: EngineStrategy[] = [];
    turns(() => {
      own = inGuard(guard, () => createStrategies(strategies, config));
    });
    const write = sinkOf(recording);
    const { listener } = plan;
    const told = (event: Event): number => {
      const seq = write(event);
      listener!.event(backtest, event, seq);
      return seq;
    };
    const made = createBacktest({
      config,
      seed,
      tape: tape.facts,
      strategies: own,
      sink: { write: listener === undefined ? write : told },
      guard,
      sha256: nodePorts.sha256,
      ...(fromNs === undefined ? {} : { fromNs }),
      ...(toNs === undefined ? {} : { toNs }),
    });
    if (!made.ok) throw configFailure(made.error);
    const backtest = made.value;
    const reader = tape.read();
    for (let batch = reader.next(); batch !== undefined && !backtest.isEnded; batch = reader.next()) {
      const taken = batch;
      turns(() => {
        feedBatch(backtest, taken);
      });
      plan.onShare?.(backtest.events / tape.count);
      await breathe();
    }
    if (reader.error !== undefined) throw tapeFailure(tape.path, reader.error);
    turns(() => {
      endBacktest(backtest);
    });
    if (backtest.stuckBy !== undefined) throw stuckFailure(backtest);
    // What is left over of the last calls shows itself now.
    await Promise.resolve();
    const stray = strayFailure(backtest);
    if (stray !== undefined) throw stray;
    guard.remove();
    checkStates(strategies, backtest);
    return settle(recording, plan, backtest);
  } catch (error) {
    // What was ended by a signal had no last word.
    guard.isInside = false;
    recording.abandon();
    throw strategyFault(strategies, error) ?? error;
  } finally {
    guard.remove();
  }
}
