/**
 * An engine on a log, from its start to its end. Commands are executed and written as they come; their answers wait
 * until the commit that they are in is durable, and only then go out.
 */
import type { Epoch } from '@truetape/contracts';
import { NONE, FLAG_BAD_TIME, fromUnixNs } from '@truetape/contracts';
import type { OpenSink } from '@truetape/host';
import { commitBytes } from '@truetape/tape';
import {
  beginCommit,
  checkpoint,
  closeLog,
  commit,
  mark,
  readClock,
  submit,
  takeSnapshot,
} from '@truetape/wal';
import type { BookService, ClockReading, Log, LogClock, WalError } from '@truetape/wal';
import { createLineReader, readCommandLine } from '../book/command-json.ts';
import type { LineFault, LineReader } from '../book/command-json.ts';
import type { CliFailure } from '../failure.ts';
import type { AnswerLines } from './answer-lines.ts';
import type { LogFolder } from './open-folder.ts';
import { SNAPSHOT_EVERY } from './serve-options.ts';
import type { ServeOptions } from './serve-options.ts';
import { clockFailure, walFailure } from './wording.ts';

/** The time of commands: that of the wall, or what their lines say. */
export type TimeSource =
  | { readonly from: 'wall'; readonly clock: LogClock; readonly now: () => ClockReading }
  | { readonly from: 'input' };

export interface Serving {
  readonly folder: LogFolder;
  readonly options: ServeOptions;
  readonly log: Log;
  readonly service: BookService;
  readonly time: TimeSource;
  readonly sink: OpenSink;
  readonly lines: AnswerLines;
  readonly reader: LineReader;
  /** Unix ns of the last record. */
  lastNs: bigint;
  /** Answers of the commit under way, and of what needs none. */
  text: string;
  /** Commands of the commit under way, and when the first of them came, in ms. */
  commands: number;
  sinceMs: number;
  /** Commands whose own time is none that could stand in the log. */
  undated: number;
  /** Commands since the last Checkpoint, and since the last snapshot. */
  unchecked: number;
  unsaved: number;
}

export type ServingStart = Pick<
  Serving,
  'folder' | 'options' | 'log' | 'service' | 'time' | 'sink' | 'lines' | 'lastNs'
>;

export function startServing(start: ServingStart): Serving {
  return {
    ...start,
    reader: createLineReader(true),
    text: '',
    commands: 0,
    sinceMs: 0,
    undated: 0,
    unchecked: 0,
    unsaved: 0,
  };
}

/** Answers beyond this go out with the commit that is due, and so do records. */
const COMMIT_BYTES = 4_194_304;

/** Throws what stopped the log: nothing of the commit has been answered then. */
export function mustGo({ folder }: { readonly folder: LogFolder }, failed: WalError | undefined): void {
  if (failed !== undefined) throw walFailure(folder.path, failed);
}

/** When a command is taken, or what is wrong with the time of its line. */
interface Taken {
  readonly unixNs: bigint;
  readonly flags: number;
  /** When it was given, by the clock of whoever gave it. */
  readonly decided: bigint | undefined;
}

function takeTime({ time, lastNs }: Serving, given: bigint | undefined): Taken | LineFault | CliFailure {
  if (time.from === 'wall') {
    const read = readClock(time.clock, time.now());
    if (!read.ok) return clockFailure(read.error);
    const { timeNs, isClamped } = read.value;
    return { unixNs: timeNs, flags: isClamped ? FLAG_BAD_TIME : 0, decided: given };
  }
  if (given === undefined) return { unixNs: lastNs, flags: 0, decided: undefined };
  if (given >= lastNs) return { unixNs: given, flags: 0, decided: undefined };
  return { field: 'timeNs', expected: `${lastNs} or later: time does not go back`, found: String(given) };
}

/** Time in memory of what is logged at a moment, in a segment that it has room in. */
function placeTime(serving: Serving, unixNs: bigint): number {
  const { log } = serving;
  if (serving.commands > 0) {
    const timeNs = fromUnixNs(unixNs, log.segment.writer.records.epoch);
    if (timeNs !== undefined) return timeNs;
    commitAll(serving);
  }
  mustGo(serving, beginCommit(log, unixNs));
  return fromUnixNs(unixNs, log.segment.writer.records.epoch)!;
}

/** When it was given, in memory; none where that is too far from when it came to be any of it. */
function decidedOf(serving: Serving, decided: bigint | undefined, epoch: Epoch): number {
  if (decided === undefined) return NONE;
  const decidedNs = fromUnixNs(decided, epoch);
  if (decidedNs === undefined) serving.undated += 1;
  return decidedNs ?? NONE;
}

/** Takes a line: a command is executed and written. What is wrong with it otherwise; a failure ends the run. */
export function takeLine(serving: Serving, text: string): LineFault | CliFailure | undefined {
  const { reader, log, service } = serving;
  const { asked } = reader;
  const wrong = readCommandLine(reader, text);
  if (wrong !== undefined) return wrong;
  const { cmdId } = asked;
  if (cmdId !== undefined && service.state.window.byId.has(cmdId)) {
    // Whoever repeats a line repeats its time, which has passed. Nothing is written.
    serving.text += serving.lines(submit(service, log.segment.writer, asked, 0, 0, cmdId), cmdId);
    return undefined;
  }
  const taken = takeTime(serving, asked.timeNs);
  if (!('unixNs' in taken)) return taken;
  const timeNs = placeTime(serving, taken.unixNs);
  const { writer } = log.segment;
  const decidedNs = decidedOf(serving, taken.decided, writer.records.epoch);
  serving.text += serving.lines(submit(service, writer, asked, timeNs, taken.flags, cmdId, decidedNs), cmdId);
  serving.lastNs = taken.unixNs;
  if (serving.commands === 0) serving.sinceMs = performance.now();
  serving.commands += 1;
  serving.unchecked += 1;
  serving.unsaved += 1;
  if (serving.unchecked >= serving.options.checkpointEvery) {
    checkpoint(service, writer);
    serving.unchecked = 0;
  }
  return undefined;
}

/** True when the commit under way has to be made durable now. */
export function isCommitDue(serving: Serving): boolean {
  const { commands, options, text, log } = serving;
  if (commands === 0) return text.length >= COMMIT_BYTES;
  if (options.durability === 'sync' || commands >= options.groupMax) return true;
  return (
    text.length >= COMMIT_BYTES || commitBytes(log.segment.writer) >= COMMIT_BYTES || waitMs(serving) <= 0
  );
}

/** For how long the commit under way may still wait for more commands. */
export function waitMs({ options, sinceMs }: Serving): number {
  return options.groupDelayMs - (performance.now() - sinceMs);
}

/** Makes everything durable that was taken, then answers it. */
export function commitAll(serving: Serving): void {
  const { log, sink, text, options } = serving;
  mustGo(serving, commit(log));
  serving.text = '';
  serving.commands = 0;
  if (text !== '') {
    sink.write(Buffer.from(text));
    sink.flush();
  }
  const every = options.snapshotEvery ?? SNAPSHOT_EVERY;
  if (every > 0 && serving.unsaved >= every) saveSnapshot(serving);
}

function saveSnapshot(serving: Serving): void {
  const { log, folder, service, options } = serving;
  serving.unsaved = 0;
  const taken = takeSnapshot(log, folder.kind, service.machine, options.keep);
  if (!taken.ok) throw walFailure(folder.path, taken.error);
}

/** Writes a witness of the last commit, where there is none yet. */
export function markIdle(serving: Serving): void {
  mustGo(serving, mark(serving.log));
}

/** True while nothing vouches for the last commit but itself. */
export function isUnwitnessed({ log }: Serving): boolean {
  const { segment, config } = log;
  return config.isVolatile !== true && segment.witnessedSeq !== segment.writer.nextSeq;
}

/** The orderly end: all that was taken is durable and answered, and the last segment is sealed. */
export function endServing(serving: Serving): void {
  const { log, service, lastNs, options } = serving;
  commitAll(serving);
  if (serving.unchecked > 0) {
    mustGo(serving, beginCommit(log, lastNs));
    checkpoint(service, log.segment.writer);
    mustGo(serving, commit(log));
  }
  if (options.snapshotEvery !== undefined && options.snapshotEvery > 0 && serving.unsaved > 0)
    saveSnapshot(serving);
  mustGo(serving, closeLog(log));
}
