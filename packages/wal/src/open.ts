/** From what was recovered to a log that goes on: what an interrupted write left is set aside, then cut. */
import { createTables, err, ok } from '@truetape/contracts';
import type { Result } from '@truetape/contracts';
import { NO_TIME, createLogChain } from '@truetape/tape';
import { storageError } from './errors.ts';
import type { TornSegment, WalError } from './errors.ts';
import { continueLog, startLog } from './log.ts';
import type { Log, LogConfig } from './log.ts';
import { NEW_SUFFIX, numberOfName, sortNames, tornName } from './names.ts';
import type { Recovered } from './recover.ts';
import { readWhole, writeWhole } from './snapshots.ts';
import type { LogFile, LogStorage, StorageFault } from './storage.ts';

/** Starts a log in a folder without one. Errors: `logExists`, `storage`. */
export function createLog(config: LogConfig, id: string, epochNs: bigint): Result<Log, WalError> {
  const { storage, ports } = config;
  const listed = storage.list();
  if (!listed.ok) return err(storageError(listed.error));
  const { segments, snapshots, unfinished } = sortNames(listed.value);
  const name = segments[0] ?? snapshots[0];
  if (name !== undefined) return err({ code: 'logExists', name });
  for (const left of unfinished) {
    const fault = storage.unlink(left);
    if (fault !== undefined) return err(storageError(fault));
  }
  const place = { nextSeq: 0, chain: createLogChain(ports), tables: createTables(), lastTime: NO_TIME };
  return startLog(config, { id, number: 1, epochNs, place });
}

/** Bytes are copied in pieces of this size. */
const COPY_BYTES = 1_048_576;

/**
 * Opens a log that was recovered from this storage, and that nobody has written to since. A torn end is
 * copied beside the segment, durably, before it is cut.
 *
 * Errors: `storage`. What is on the disk can be recovered again, whatever failed.
 */
export function openLog(config: LogConfig, recovered: Recovered, epochNs: bigint): Result<Log, WalError> {
  const { report, last, chain, tables, lastTime } = recovered;
  const { storage } = config;
  const place = { nextSeq: report.nextSeq, chain, tables, lastTime };
  const settled = settleLog(storage, recovered);
  if (!settled.ok) return err(storageError(settled.error));
  const { append } = last;
  if (append === undefined || settled.value === undefined)
    return startLog(config, { id: report.log, number: numberOfName(last.name) + 1, epochNs, place });
  return ok(continueLog(config, { header: last.file.header, file: settled.value, append, place }));
}

/**
 * Makes what was recovered durable, and all that there is. The file of the last segment, which ends where its
 * frames do; undefined where that is sealed.
 */
export function settleLog(
  storage: LogStorage,
  { report, last }: Recovered,
): Result<LogFile | undefined, StorageFault> {
  const { append } = last;
  let fault: StorageFault | undefined;
  for (const name of report.unfinished) fault ??= storage.unlink(name);
  if (report.torn !== undefined) fault ??= keepTorn(storage, report.torn);
  if (fault !== undefined) return err(fault);
  const settled =
    append === undefined ? syncSealed(storage, last.name) : writeAnew(storage, last.name, append.offsetBytes);
  return settled;
}

/** Makes a seal durable that its writer may have left. Without it the segment would end in a part of one. */
function syncSealed(storage: LogStorage, name: string): Result<undefined, StorageFault> {
  const opened = storage.open(name);
  if (!opened.ok) return opened;
  const fault = opened.value.sync() ?? opened.value.close();
  return fault === undefined ? ok(undefined) : err(fault);
}

/**
 * Puts a copy of a segment, up to where its frames end, in its place. What an earlier process wrote is read
 * back even where its sync has failed; the system takes it for written then, so that no later sync would make
 * it durable. What is written again is, and what was durable is not touched before.
 */
function writeAnew(storage: LogStorage, name: string, sizeBytes: number): Result<LogFile, StorageFault> {
  const created = storage.create(name + NEW_SUFFIX);
  if (!created.ok) return created;
  const file = created.value;
  const fault =
    copyInto(storage, name, sizeBytes, file) ??
    file.sync() ??
    storage.rename(name + NEW_SUFFIX, name) ??
    storage.syncFolder();
  return fault === undefined ? ok(file) : err(fault);
}

function copyInto(
  storage: LogStorage,
  name: string,
  sizeBytes: number,
  file: LogFile,
): StorageFault | undefined {
  const piece = new Uint8Array(Math.min(sizeBytes, COPY_BYTES));
  for (let at = 0; at < sizeBytes;) {
    const got = storage.read(name, at, piece.subarray(0, Math.min(piece.length, sizeBytes - at)));
    if (!got.ok) return got.error;
    if (got.value === 0) return { op: 'read', name, code: 'SHORT' };
    const fault = file.append([piece.subarray(0, got.value)]);
    if (fault !== undefined) return fault;
    at += got.value;
  }
  return undefined;
}

/**
 * Copies what will be cut beside the segment. Behind a crash in the middle it is copied again. What an earlier
 * end or a repair left under that name gets another one: nothing that is kept is overwritten.
 */
export function keepTorn(
  storage: LogStorage,
  { segment, offsetBytes, bytes }: Pick<TornSegment, 'segment' | 'offsetBytes' | 'bytes'>,
): StorageFault | undefined {
  const kept = new Uint8Array(bytes);
  for (let at = 0; at < bytes;) {
    const got = storage.read(segment, offsetBytes + at, kept.subarray(at, at + COPY_BYTES));
    if (!got.ok) return got.error;
    if (got.value === 0) return { op: 'read', name: segment, code: 'SHORT' };
    at += got.value;
  }
  const name = tornName(segment, offsetBytes);
  return moveAside(storage, name, kept) ?? writeWhole(storage, name, kept);
}

/** Gives a file with other bytes than these another name: the first that is free of `name.1`, `name.2`, … */
function moveAside(storage: LogStorage, name: string, bytes: Uint8Array): StorageFault | undefined {
  const listed = storage.list();
  if (!listed.ok) return listed.error;
  if (!listed.value.includes(name)) return undefined;
  const there = readWhole(storage, name);
  if (!there.ok) return there.error;
  const { value } = there;
  if (value.length === bytes.length && value.every((byte, at) => byte === bytes[at])) return undefined;
  let k = 1;
  while (listed.value.includes(`${name}.${k}`)) k += 1;
  return storage.rename(name, `${name}.${k}`);
}
