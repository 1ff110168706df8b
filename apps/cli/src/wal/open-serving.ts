/** From a folder to an engine that takes commands: a log that is there is recovered, another one begun. */
import { randomUUID } from 'node:crypto';
import { fromUnixNs } from '@truetape/contracts';
import { nodePorts } from '@truetape/host';
import type { OpenSink } from '@truetape/host';
import { NO_TIME, genesisHash } from '@truetape/tape';
import { toHex } from '@truetape/kernel';
import {
  RESERVE_BYTES,
  beginBooks,
  beginCommit,
  closeLog,
  commit,
  createBookService,
  createLog,
  openLog,
  readClock,
  recoverLog,
  startClock,
  startSession,
} from '@truetape/wal';
import type { BooksMachine, Log, LogClock, LogConfig, Recovered } from '@truetape/wal';
import { usageFailure } from '../failure.ts';
import { VERSION } from '../version.ts';
import { answerLines, modeOf } from './answer-lines.ts';
import type { RecoveredLog } from './answer-lines.ts';
import { unixNsOf } from './inspect-files.ts';
import type { LogFolder } from './open-folder.ts';
import type { ServeOptions } from './serve-options.ts';
import { mustGo, startServing } from './serving.ts';
import type { Serving, TimeSource } from './serving.ts';
import { createWallClock } from './wall-clock.ts';
import { clockFailure, findingsOf, walFailure } from './wording.ts';

/** A log that was looked at, and that nothing has been done to yet. */
export interface Found {
  readonly folder: LogFolder;
  readonly options: ServeOptions;
  readonly recovered: Recovered | undefined;
  readonly machine: BooksMachine;
  readonly told: RecoveredLog;
  /** Unix ns of the last record; undefined for a log that begins. */
  readonly lastNs: bigint | undefined;
}

function previousEnd({ report, last }: Recovered): RecoveredLog['previousEnd'] {
  if (last.append === undefined) return 'sealed';
  return report.torn === undefined ? 'open' : 'torn';
}

/** Recovers the log, or makes sure that there is none. Throws what is wrong with it. */
export function findLog(folder: LogFolder, options: ServeOptions, note: (text: string) => void): Found {
  const { path, config } = folder;
  const read = recoverLog(config);
  if (!read.ok) {
    if (read.error.code === 'noLog') return newLog(folder, options);
    throw walFailure(path, read.error);
  }
  const recovered = read.value;
  const { report } = recovered;
  if (options.id !== undefined && options.id !== report.log)
    throw usageFailure(`--id: ${path} is log ${report.log}, found ${options.id}`, 'leave it out');
  // It is the machine of this kind that the log was folded into.
  const machine = recovered.machine as BooksMachine;
  const found = {
    folder,
    options,
    recovered,
    machine,
    told: { ...report, previousEnd: previousEnd(recovered) },
    lastNs: lastOf(recovered),
  };
  noteFindings(found, note);
  return found;
}

function newLog(folder: LogFolder, options: ServeOptions): Found {
  const machine = folder.kind.create();
  const told: RecoveredLog = {
    log: options.id ?? randomUUID(),
    nextSeq: 0,
    hash: toHex(genesisHash(nodePorts)),
    stateHash: machine.hash(),
    torn: undefined,
    previousEnd: 'new',
  };
  return { folder, options, recovered: undefined, machine, told, lastNs: undefined };
}

/** Says on stderr what an operator should know of a log that goes on. */
function noteFindings({ folder, options, recovered, machine }: Found, note: (text: string) => void): void {
  const { path } = folder;
  for (const finding of findingsOf(path, recovered!.report)) note(finding);
  const { cmdWindow } = options;
  const { limits, sources } = machine.state;
  if (cmdWindow !== undefined && cmdWindow !== limits.cmdIdsMax && sources > 0)
    note(`${path} remembers ${limits.cmdIdsMax} cmdIds, as it began: --cmd-window is for a new log`);
}

/** Nothing may be earlier than the last event, nor than the epoch of the segment that goes on. */
function lastOf({ lastTime, last }: Recovered): bigint {
  const epochNs = BigInt(last.file.header.epochNs);
  if (lastTime.hi === NO_TIME.hi && lastTime.lo === NO_TIME.lo) return epochNs;
  const lastNs = unixNsOf(lastTime);
  return lastNs > epochNs ? lastNs : epochNs;
}

function logConfig({ storage }: LogFolder, { segmentBytes, durability }: ServeOptions): LogConfig {
  return {
    storage,
    ports: nodePorts,
    segmentBytes,
    reserveBytes: Math.min(RESERVE_BYTES, segmentBytes),
    isVolatile: durability === 'off',
    producer: 'truetape wal serve',
  };
}

/** The clock of a process, and the time at which it starts. */
interface StartTime {
  readonly time: TimeSource;
  readonly wallNs: bigint;
  readonly timeNs: bigint;
}

/** Longer than any log was ever left alone. */
const ANY_TIME_NS = 1n << 63n;

function wallTime({ options, lastNs }: Found): StartTime {
  const now = createWallClock();
  const reading = now();
  const limits = options.acceptClock === true ? { restartMaxNs: ANY_TIME_NS } : {};
  const started = startClock(reading, lastNs, limits);
  if (!started.ok) throw clockFailure(started.error);
  const clock: LogClock = started.value;
  const read = readClock(clock, reading);
  if (!read.ok) throw clockFailure(read.error);
  return { time: { from: 'wall', clock, now }, wallNs: reading.wallNs, timeNs: read.value.timeNs };
}

function openFound({ folder, options, recovered, told }: Found, timeNs: bigint): Log {
  const config = logConfig(folder, options);
  const opened =
    recovered === undefined ? createLog(config, told.log, timeNs) : openLog(config, recovered, timeNs);
  if (!opened.ok) throw walFailure(folder.path, opened.error);
  return opened.value;
}

/**
 * Opens the log for writing: its Session is durable, and what has to be defined. `firstNs` is the time of the first
 * command, where that is what a log without a clock begins at. Throws what stops it.
 */
export function openServing(found: Found, sink: OpenSink, firstNs: bigint): Serving {
  const { folder, options, machine, told } = found;
  const inputNs = found.lastNs ?? firstNs;
  const start: StartTime =
    options.clock === 'wall'
      ? wallTime(found)
      : { time: { from: 'input' }, wallNs: inputNs, timeNs: inputNs };
  const { time, wallNs, timeNs } = start;
  const log = openFound(found, timeNs);
  const session = {
    build: { version: VERSION },
    mode: modeOf(options.durability),
    wallNs,
    timeNs,
    previousEnd: told.previousEnd,
  };
  mustGo(found, startSession(log, session));
  const limits = options.cmdWindow === undefined ? {} : { cmdIdsMax: options.cmdWindow };
  const service = createBookService(machine, { instruments: options.instrument ?? [], limits });
  mustGo(found, beginCommit(log, timeNs));
  const { writer } = log.segment;
  const mismatch = beginBooks(service, fromUnixNs(timeNs, writer.records.epoch)!, writer);
  if (mismatch !== undefined) {
    mustGo(found, closeLog(log));
    throw usageFailure(
      `--instrument: expected ${mismatch.expected}, found ${mismatch.found}`,
      `it is what ${folder.path} began with`,
    );
  }
  mustGo(found, commit(log));
  const lines = answerLines(options.jsonl === true);
  return startServing({ folder, options, log, service, time, sink, lines, lastNs: timeNs });
}
