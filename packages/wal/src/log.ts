/**
 * A log that is being written. Events go into `log.segment.writer`; `commit` makes all since the last commit one
 * frame, or one MORE chain, and durable by one sync. Until it has returned without an error nothing of them may be
 * published.
 *
 * Any failure is final: what the disk holds is then unknown, the kernel may have dropped what it could not write, and
 * a second sync would say nothing. The log refuses everything behind it; a restart reads what is there.
 */
import { err, ok } from '@truetape/contracts';
import type { DefineTables, Result } from '@truetape/contracts';
import { assert, toHex } from '@truetape/kernel';
import {
  commitBytes,
  commitFrames,
  continueSegment,
  isCommitReadable,
  markSegment,
  pageBefore,
  peekChain,
  startSegment,
} from '@truetape/tape';
import type { AppendPlace, HashChain, SegmentWriter, TapeHeader, TapePorts, WireTime } from '@truetape/tape';
import { storageError } from './errors.ts';
import type { WalError } from './errors.ts';
import { NEW_SUFFIX, segmentName } from './names.ts';
import { sealSegment } from './seal.ts';
import type { LogFile, LogStorage, StorageFault } from './storage.ts';

export interface LogConfig {
  readonly storage: LogStorage;
  readonly ports: TapePorts;
  /** A segment that has reached it is followed by another. Default 64 MiB. */
  readonly segmentBytes?: number;
  /** Segments are made longer with zeros by so much at a time, four times as much for large commits. Default 0. */
  readonly reserveBytes?: number;
  /** Commits are not synced: a crash of the machine may lose them. For tests alone. */
  readonly isVolatile?: boolean;
  /** Who writes: `producer.name` of the segments' headers. */
  readonly producer: string;
  /** What else the headers say; the observer is the venue where it is not said. */
  readonly header?: Partial<Pick<TapeHeader, 'observer' | 'draft' | 'seed' | 'config' | 'parents'>>;
}

export const SEGMENT_BYTES = 67_108_864;
/** A good `reserveBytes`. */
export const RESERVE_BYTES = 1_048_576;

/** A segment's file. */
export interface SegmentOut {
  readonly file: LogFile;
  sizeBytes: number;
  /** The file's length, with the zeros that are reserved. */
  reservedBytes: number;
  /** Of a write; the commit that it belongs to ends in it, and nothing is written behind it. */
  fault: StorageFault | undefined;
  isClosed: boolean;
}

export interface Log {
  readonly config: LogConfig;
  readonly id: string;
  /** Number of the segment that is written. */
  number: number;
  /** The segment that is written; its writer takes the events. */
  segment: SegmentWriter;
  /** The file that it goes to. */
  out: SegmentOut;
  /** All seqs below it are durable. */
  durableSeq: number;
  /** Why it stopped for good. */
  failure: WalError | undefined;
  isClosed: boolean;
}

/** Stops the log for good, and says why. */
export function failLog(log: Log, error: WalError): WalError {
  log.failure ??= error;
  return error;
}

function refusal(log: Log): WalError | undefined {
  assert(!log.isClosed, 'WAL-1', 'nothing is written to a log that was closed');
  return log.failure === undefined ? undefined : { code: 'failed', first: log.failure };
}

/** Where a log stands between two commits. */
export interface LogPlace {
  readonly nextSeq: number;
  readonly chain: HashChain;
  readonly tables: DefineTables;
  readonly lastTime: WireTime;
}

interface NewSegment {
  readonly id: string;
  readonly number: number;
  /** Unix ns: no event of the segment is earlier. */
  readonly epochNs: bigint;
  readonly place: LogPlace;
}

/** What the header of a segment says besides whose commits are not synced. */
const VOLATILE = { durability: 'off' };

/** Whether commits of this segment were synced: never, or each. */
export const isVolatileSegment = ({ config }: TapeHeader): boolean =>
  config?.['durability'] === VOLATILE.durability;

function headerOf(config: LogConfig, { id, number, epochNs, place }: NewSegment): TapeHeader {
  const { chain, nextSeq } = place;
  const page = pageBefore(chain, nextSeq);
  const { header } = config;
  return {
    observer: 'venue',
    ...header,
    ...(config.isVolatile === true ? { config: { ...header?.config, ...VOLATILE } } : {}),
    epochNs: String(epochNs),
    producer: { name: config.producer },
    log: {
      id,
      segment: number,
      baseSeq: nextSeq,
      basePage: toHex(page.hash),
      pageFirstSeq: page.firstSeq,
      prevHash: peekChain(chain),
    },
  };
}

function outOf(file: LogFile, sizeBytes: number): SegmentOut {
  return { file, sizeBytes, reservedBytes: sizeBytes, fault: undefined, isClosed: false };
}

/** Takes what a segment's writer hands out to its file. */
function sinkOf(out: SegmentOut): (parts: readonly Uint8Array[]) => void {
  return (parts) => {
    out.fault ??= out.file.append(parts);
    for (const part of parts) out.sizeBytes += part.length;
    out.reservedBytes = Math.max(out.reservedBytes, out.sizeBytes);
  };
}

type Opened = Pick<Log, 'number' | 'segment' | 'out'>;

/**
 * Makes a segment: header and carried Defines are durable before it gets its name, and the name before anything else
 * is written. So a segment with its final name has a whole header, or is damaged.
 */
function makeSegment(config: LogConfig, made: NewSegment): Result<Opened, WalError> {
  const { storage, ports } = config;
  const { number, place } = made;
  const name = segmentName(number);
  const created = storage.create(name + NEW_SUFFIX);
  if (!created.ok) return err(storageError(created.error));
  const file = created.value;
  const out = outOf(file, 0);
  const { chain, tables, lastTime } = place;
  const segmentConfig = { header: headerOf(config, made), ports, tables, chain };
  const segment = startSegment(segmentConfig, sinkOf(out), lastTime);
  const fault = out.fault ?? file.sync() ?? storage.rename(name + NEW_SUFFIX, name) ?? storage.syncFolder();
  return fault === undefined ? ok({ number, segment, out }) : err(storageError(fault));
}

function logOf(config: LogConfig, id: string, opened: Opened): Log {
  const { nextSeq: durableSeq } = opened.segment.writer;
  return { config, id, ...opened, durableSeq, failure: undefined, isClosed: false };
}

/** Starts a log, in a folder without one, or behind the last segment of one where that is sealed. */
export function startLog(
  config: LogConfig,
  made: { readonly id: string; readonly number: number; readonly epochNs: bigint; readonly place: LogPlace },
): Result<Log, WalError> {
  const opened = makeSegment(config, made);
  return opened.ok ? ok(logOf(config, made.id, opened.value)) : opened;
}

/** Goes on in the last segment, all of which is durable. */
export function continueLog(
  config: LogConfig,
  last: {
    readonly header: TapeHeader;
    readonly file: LogFile;
    readonly append: AppendPlace;
    readonly place: LogPlace;
  },
): Log {
  const { header, file, append, place } = last;
  const { chain, tables } = place;
  const { offsetBytes } = append;
  const out = outOf(file, offsetBytes);
  const { id, segment: number } = header.log!;
  const segment = continueSegment({ header, ports: config.ports, tables, chain }, sinkOf(out), append);
  return logOf(config, id, { number, segment, out });
}

/** Half of what a tape's times reach from their epoch: a segment that has come so far is followed by another. */
const SPAN_NS = 4_503_599_627_370_496n;

/**
 * Makes room for events of this time, before the first of a commit is written: with the segment full, too far from
 * its epoch, or of the other durability, another one begins. Its writer takes times from
 * `log.segment.writer.records.epoch` on.
 */
export function beginCommit(log: Log, unixNs: bigint): WalError | undefined {
  const refused = refusal(log);
  if (refused !== undefined) return refused;
  const { config, segment, out } = log;
  const { writer } = segment;
  assert(writer.recordCount === 0 && writer.chainBytes === 0, 'WAL-2', 'commits do not overlap');
  const isFull = out.sizeBytes >= (config.segmentBytes ?? SEGMENT_BYTES);
  // A segment's commits are synced, or they are not.
  const isOther = isVolatileSegment(writer.header) !== (config.isVolatile === true);
  if (!isFull && !isOther && unixNs - BigInt(writer.header.epochNs) < SPAN_NS) return undefined;
  return rotate(log, unixNs);
}

function rotate(log: Log, epochNs: bigint): WalError | undefined {
  const { config, id, number, segment, out } = log;
  // Only the last segment of a log may end in the middle: this one is whole before another has a name.
  const fault =
    (out.reservedBytes > out.sizeBytes ? out.file.truncate(out.sizeBytes) : undefined) ??
    out.file.sync() ??
    closeFile(out);
  if (fault !== undefined) return failLog(log, storageError(fault));
  const { chain, tables, nextSeq } = segment.writer;
  const place = { chain, tables, nextSeq, lastTime: segment.lastTime };
  const made = makeSegment(config, { id, number: number + 1, epochNs, place });
  if (!made.ok) return failLog(log, made.error);
  Object.assign(log, made.value);
  return undefined;
}

/** Closes a segment's file, once. */
function closeFile(out: SegmentOut): StorageFault | undefined {
  if (out.isClosed) return undefined;
  out.isClosed = true;
  return out.file.close();
}

function syncLog(log: Log): WalError | undefined {
  const fault = log.out.fault ?? log.out.file.sync();
  if (fault !== undefined) return failLog(log, storageError(fault));
  log.durableSeq = log.segment.writer.nextSeq;
  log.segment.durableSeq = log.durableSeq;
  return undefined;
}

/**
 * Makes the events since the last commit durable, as one. Errors: `storage`, `commitTooLarge`; the log has stopped
 * then, and none of them may be published.
 */
export function commit(log: Log): WalError | undefined {
  const refused = refusal(log);
  if (refused !== undefined) return refused;
  const { segment, out, config } = log;
  if (segment.writer.recordCount === 0) return undefined;
  if (!isCommitReadable(segment))
    return failLog(log, { code: 'commitTooLarge', bytes: commitBytes(segment.writer) });
  reserveRoom(log, commitBytes(segment.writer));
  commitFrames(segment);
  if (config.isVolatile !== true) return syncLog(log);
  return out.fault === undefined ? undefined : failLog(log, storageError(out.fault));
}

/** Makes the file longer where the commit would; its own sync makes both durable. */
function reserveRoom({ config, out }: Log, bytes: number): void {
  const { reserveBytes = 0 } = config;
  if (reserveBytes < bytes || out.sizeBytes + bytes <= out.reservedBytes) return;
  // Large commits would use up small steps at once.
  const step = Math.min(Math.max(reserveBytes, bytes * 16), reserveBytes * 4);
  out.reservedBytes = Math.max(out.reservedBytes, out.sizeBytes) + step;
  out.fault ??= out.file.reserve(out.reservedBytes);
}

/** Writes a witness that the last commit was durable, where it is not the last frame already. For idle moments. */
export function mark(log: Log): WalError | undefined {
  const refused = refusal(log);
  if (refused !== undefined) return refused;
  if (log.config.isVolatile === true || log.segment.witnessedSeq === log.segment.writer.nextSeq)
    return undefined;
  markSegment(log.segment);
  return syncLog(log);
}

/** Closes the log: its last segment is sealed, so that its end can never again be taken for a torn one. */
export function closeLog(log: Log): WalError | undefined {
  const failed = commit(log) ?? (log.config.isVolatile === true ? syncLog(log) : undefined);
  log.isClosed = true;
  const { storage, ports } = log.config;
  const fault = closeFile(log.out);
  if (failed !== undefined) return failed;
  if (fault !== undefined) return failLog(log, storageError(fault));
  const sealed = sealSegment(storage, ports, segmentName(log.number));
  return sealed.ok ? undefined : failLog(log, sealed.error);
}
