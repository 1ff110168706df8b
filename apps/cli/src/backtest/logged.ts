/**
 * A backtest with a durable log: what it writes survives a crash, and a run that was cut short goes on from
 * there.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { backtestKind, createBacktest } from '@truetape/backtest';
import type { BacktestKind, BacktestMachine, LoggedRun } from '@truetape/backtest';
import { canonicalText } from '@truetape/contracts';
import type { JsonObject } from '@truetape/contracts';
import { installStrategyGuard, nodePorts, openInput } from '@truetape/host';
import type { InstalledGuard } from '@truetape/host';
import { createDecoder, createReader } from '@truetape/tape';
import type { TapeHeader } from '@truetape/tape';
import {
  RESERVE_BYTES,
  beginCommit,
  closeLog,
  commit,
  createLog,
  openLog,
  recoverLog,
  sortNames,
  takeSnapshot,
} from '@truetape/wal';
import type { Log, LogConfig, WalError } from '@truetape/wal';
import { CliFailure, EXIT, usageFailure } from '../failure.ts';
import { Interrupted, interruptible } from '../interruption.ts';
import { createRecording } from '../sim/recording.ts';
import type { Recording } from '../sim/recording.ts';
import { changeFolder } from '../wal/open-folder.ts';
import type { LogFolder } from '../wal/open-folder.ts';
import { findingsOf, walFailure } from '../wal/wording.ts';
import { quoted, tapeFailure } from '../wording.ts';
import { configFailure } from './config-failure.ts';
import type { InputTape } from './input-tape.ts';
import { BACKTEST_KINDS, headerOf, settle, strayFailure, stuckFailure } from './run.ts';
import type { RunPlan, RunResult } from './run.ts';
import { turnsOf } from './stoppable.ts';
import type { Turns } from './stoppable.ts';
import { checkStates, hasOwnFile, strategyFault } from './strategy-fault.ts';
import { inGuard } from './strategy-source.ts';
import { createStrategies } from './strategies.ts';

/** Events of the output that are made durable together, and snapshots that are kept. */
const COMMIT_EVENTS = 1024;
const SNAPSHOTS_KEPT = 2;
/** Events of the output between two snapshots, unless it is said. */
export const SNAPSHOT_EVERY = 50_000;

export const LOG_PRODUCER = 'truetape backtest';

/** What the headers of the log's segments say of its run, besides the configuration. */
export interface LoggedPlace {
  /** As they were named, files by their whole paths. */
  readonly strategies: readonly string[];
  readonly tapes: readonly string[];
  readonly snapshotEvery: number;
}

function logHeader(plan: RunPlan, place: LoggedPlace): NonNullable<LogConfig['header']> {
  const { fromNs, toNs, ...rest } = plan;
  const { observer, seed, config, parents } = headerOf(rest);
  const run: JsonObject = {
    strategies: [...place.strategies],
    tapes: place.tapes.map((path) => (path === '-' ? path : resolve(path))),
    snapshotEvery: place.snapshotEvery,
    ...(fromNs === undefined ? {} : { fromNs }),
    ...(toNs === undefined ? {} : { toNs }),
  };
  return { observer, seed: seed!, config: { ...config, run }, parents: parents! };
}

/** What a log's header says of the run that it is of. Throws where it is the log of something else. */
export interface FoundRun extends LoggedPlace {
  readonly seed: string;
  readonly config: JsonObject;
  readonly parentHash: string;
  readonly fromNs?: number;
  readonly toNs?: number;
}

export function runOfHeader(dir: string, { producer, seed, config, parents }: TapeHeader): FoundRun {
  const {
    run,
    strategyName: _,
    strategyNames: __,
    ...settings
  } = (config ?? {}) as JsonObject & {
    readonly run?: JsonObject;
  };
  if (producer.name !== LOG_PRODUCER || run === undefined || seed === undefined) {
    const what = producer.name === LOG_PRODUCER ? 'has the output of one' : `of ${producer.name}`;
    throw usageFailure(`${dir} is no log of a backtest, but ${what}`);
  }
  const parentHash = parents?.[0]?.hash ?? '';
  return { ...(run as unknown as LoggedPlace), seed, config: settings, parentHash };
}

function mustGo(dir: string, error: WalError | undefined): void {
  if (error !== undefined) throw walFailure(dir, error);
}

/** Runs on until the tape ends, a commit at a time. Interrupted, the log has all up to a commit. */
async function runOn(
  dir: string,
  log: Log,
  kind: BacktestKind,
  machine: BacktestMachine,
  options: RunOn,
): Promise<void> {
  const { epochNs, snapshotEvery, onShare, breathe, turns, check } = options;
  let snapshotSeq = log.segment.writer.nextSeq;
  mustGo(dir, beginCommit(log, epochNs));
  machine.goOn(log.segment.writer);
  const turn = { isEnded: false };
  const run = (): void => {
    for (let step = 0; step < SHARE_EVERY && log.segment.writer.recordCount < COMMIT_EVENTS; step++) {
      turn.isEnded = !machine.advance();
      if (turn.isEnded) return;
    }
  };
  for (;;) {
    turns(run);
    onShare(machine.backtest.events);
    if (turn.isEnded) break;
    await breathe();
    if (log.segment.writer.recordCount < COMMIT_EVENTS) continue;
    check();
    mustGo(dir, commit(log));
    const { nextSeq } = log.segment.writer;
    if (nextSeq - snapshotSeq >= snapshotEvery) {
      const taken = takeSnapshot(log, kind, machine, SNAPSHOTS_KEPT);
      if (!taken.ok) throw walFailure(dir, taken.error);
      snapshotSeq = nextSeq;
    }
    mustGo(dir, beginCommit(log, epochNs));
    machine.goOn(log.segment.writer);
  }
  check();
  mustGo(dir, closeLog(log));
}

const SHARE_EVERY = 65_536;

interface RunOn {
  readonly epochNs: bigint;
  readonly snapshotEvery: number;
  readonly onShare: (events: number) => void;
  readonly breathe: () => Promise<void>;
  readonly turns: Turns;
  /** Throws where the state behind a commit could not be saved, nor the log be gone on with. */
  readonly check: () => void;
}

const openOutput = (plan: RunPlan): Promise<Recording> =>
  createRecording({ ...plan.out, header: headerOf(plan), trace: false, kinds: BACKTEST_KINDS });

/** Hands the log's events on as one tape. */
function copyLog({ path, storage }: LogFolder, recording: Recording): void {
  const listed = storage.list();
  if (!listed.ok) throw walFailure(path, { code: 'storage', fault: listed.error });
  for (const name of sortNames(listed.value).segments) {
    const input = openInput(join(path, name));
    const reader = createReader(createDecoder({ ports: nodePorts, hash: false }), input.source);
    for (let batch = reader.next(); batch !== undefined; batch = reader.next()) {
      const { records, to } = batch;
      let seq = batch.firstSeq;
      for (let i = batch.from; i < to; i += (records.u32[i] & 0xffff) * 2)
        recording.toOutput(records, i, seq++);
    }
    input.close();
    if (reader.error !== undefined) throw tapeFailure(input.path, reader.error);
  }
}

function loggedRun(plan: RunPlan, guard: InstalledGuard): LoggedRun {
  const { tape, config, seed, strategies, fromNs, toNs } = plan;
  return {
    setup: () => ({
      config,
      seed,
      tape: tape.facts,
      strategies: inGuard(guard, () => createStrategies(strategies, config)),
      guard,
      ...(fromNs === undefined ? {} : { fromNs }),
      ...(toNs === undefined ? {} : { toNs }),
    }),
    read: () => tape.read(),
    sha256: nodePorts.sha256,
  };
}

/** Runs a backtest into a new log, or goes on with one. Throws failures; the log then has what was durable. */
export async function runLogged(
  plan: RunPlan,
  dir: string,
  options: {
    readonly place: LoggedPlace;
    readonly resume: boolean;
    readonly note: (text: string) => void;
  },
): Promise<RunResult> {
  const { place, resume, note } = options;
  const { tape, strategies } = plan;
  const goOn = `truetape backtest resume ${quoted(dir)}`;
  const guard = installStrategyGuard();
  let recording: Recording | undefined;
  let isThere = resume;
  try {
    const run = loggedRun(plan, guard);
    const made = createBacktest({ ...run.setup(), sink: { write: () => 0 } });
    if (!made.ok) throw configFailure(made.error);
    // An output that cannot be written is told before anything has run.
    const output = await openOutput(plan);
    recording = output;
    return await changeFolder(
      dir,
      async (folder) => {
        const kind = backtestKind(run);
        const epochNs = BigInt(tape.header.epochNs);
        const config: LogConfig = {
          storage: folder.storage,
          ports: nodePorts,
          reserveBytes: RESERVE_BYTES,
          producer: LOG_PRODUCER,
          header: logHeader(plan, place),
        };
        const { log, machine } = resume
          ? reopen(folder, kind, config, epochNs, note)
          : begin(folder, kind, config, epochNs);
        isThere = true;
        const runOptions = {
          epochNs,
          snapshotEvery: place.snapshotEvery,
          onShare: (events: number) => plan.onShare?.(events / tape.count),
          turns: turnsOf(hasOwnFile(strategies)),
          check: () => checkStates(strategies, machine.backtest),
        };
        if (log !== undefined)
          await interruptible(({ breathe }) => runOn(dir, log, kind, machine, { ...runOptions, breathe }));
        if (machine.backtest.stuckBy !== undefined) throw stuckFailure(machine.backtest);
        // What is left over of the last calls shows itself now.
        await Promise.resolve();
        const stray = strayFailure(machine.backtest);
        if (stray !== undefined) throw stray;
        guard.remove();
        copyLog(folder, output);
        return settle(output, plan, machine.backtest);
      },
      { create: !resume, note },
    );
  } catch (error) {
    guard.isInside = false;
    recording?.abandon();
    if (error instanceof Interrupted) note(`interrupted: ${goOn} goes on`);
    throw strategyFault(strategies, error, isThere ? `mended, ${goOn} goes on with it` : undefined) ?? error;
  } finally {
    guard.remove();
  }
}

interface Opened {
  /** undefined: the run has ended. */
  readonly log: Log | undefined;
  readonly machine: BacktestMachine;
}

function begin(folder: LogFolder, kind: BacktestKind, config: LogConfig, epochNs: bigint): Opened {
  const text = canonicalText(config.header as unknown as JsonObject);
  const id = `backtest-${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
  const created = createLog(config, id, epochNs);
  if (!created.ok) {
    const { exitCode, message, next } = walFailure(folder.path, created.error);
    const goOn = `truetape backtest resume ${quoted(folder.path)} goes on with it`;
    throw new CliFailure(exitCode, message, created.error.code === 'logExists' ? goOn : next);
  }
  return { log: created.value, machine: kind.create() };
}

/** Why a log cannot be gone on with; where the run gives something else now, what may have changed. */
function refusal(dir: string, error: WalError): CliFailure {
  const failure = walFailure(dir, error);
  if (error.code !== 'contradiction') return failure;
  const view = `truetape tape view ${quoted(join(dir, error.segment))} --from-seq ${error.stop.seq} --limit 1`;
  return new CliFailure(
    failure.exitCode,
    failure.message,
    `the run gives other events now: its strategy has changed, or truetape; what is there: ${view}`,
  );
}

/**
 * Recovers the log by running again what is behind its newest snapshot, each event held against the one that
 * is there.
 */
function reopen(
  folder: LogFolder,
  kind: BacktestKind,
  config: LogConfig,
  epochNs: bigint,
  note: (text: string) => void,
): Opened {
  const recovered = recoverLog({ ...folder.config, kind });
  if (!recovered.ok) throw refusal(folder.path, recovered.error);
  const { report, last } = recovered.value;
  const machine = recovered.value.machine as BacktestMachine;
  const from = report.snapshot === undefined ? 'the beginning' : `a snapshot at seq ${report.snapshot.seq}`;
  for (const finding of findingsOf(folder.path, report)) note(finding);
  note(`${report.nextSeq} events were there: run again from ${from}, and equal`);
  if (last.append === undefined) {
    // Sealed: the run had ended. What is left of its tape gives nothing more.
    while (machine.advance());
    return { log: undefined, machine };
  }
  const opened = openLog(config, recovered.value, epochNs);
  if (!opened.ok) throw walFailure(folder.path, opened.error);
  return { log: opened.value, machine };
}

/** The plan of a log that is there, from the header of its first segment. */
export function readLoggedRun(dir: string): FoundRun {
  const path = join(dir, '00000001.rpl');
  if (dir === '' || !existsSync(path))
    throw new CliFailure(
      EXIT.failure,
      `${dir === '' ? 'an empty name' : dir} has no log of a backtest`,
      'truetape backtest run … --wal DIR',
    );
  const input = openInput(path);
  const reader = createReader(createDecoder({ ports: nodePorts, hash: false }), input.source);
  reader.next();
  input.close();
  if (reader.decoder.header === undefined) throw tapeFailure(path, reader.error!);
  return runOfHeader(dir, reader.decoder.header);
}

/** The tape has to be the one that the log is of. */
export function checkParent(dir: string, tape: InputTape, { parentHash }: FoundRun): void {
  if (tape.hash !== parentHash)
    throw new CliFailure(
      EXIT.mismatch,
      `${dir} is the log of a run over another tape: expected hash ${parentHash}, ${tape.path} has ${tape.hash}`,
    );
}
