/** From what was recovered to a log that goes on: what an interrupted write left is set aside, then cut. */
import { createTables, err, ok } from '@truetape/contracts';
import type { Result } from '@truetape/contracts';
import { NO_TIME, createLogChain } from '@truetape/tape';
import { storageError } from './errors.ts';
import type { TornSegment, WalError } from './errors.ts';
import { continueLog, startLog } from './log.ts';
import type { Log, LogConfig } from './log.ts';
import { numberOfName, sortNames, tornName } from './names.ts';
import type { Recovered } from './recover.ts';
import { writeWhole } from './snapshots.ts';
import type { LogStorage, StorageFault } from './storage.ts';

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

/** Bytes that are cut off are copied in pieces of this size. */
const COPY_BYTES = 1_048_576;

/**
 * Opens a log that was recovered from this storage, and that nobody has written to since. A torn end is copied beside
 * the segment, durably, before it is cut.
 *
 * Errors: `storage`. What is on the disk can be recovered again, whatever failed.
 */
export function openLog(config: LogConfig, recovered: Recovered, epochNs: bigint): Result<Log, WalError> {
  const { report, last, chain, tables, lastTime } = recovered;
  const { storage } = config;
  const place = { nextSeq: report.nextSeq, chain, tables, lastTime };
  // Names may be younger than the last time that the folder was made durable.
  let fault = storage.syncFolder();
  for (const name of report.unfinished) fault ??= storage.unlink(name);
  if (report.torn !== undefined) fault ??= keepTorn(storage, report.torn);
  if (fault !== undefined) return err(storageError(fault));
  const opened = storage.open(last.name);
  if (!opened.ok) return err(storageError(opened.error));
  const file = opened.value;
  const { append } = last;
  // What the last process wrote and did not sync counts from here on, its seal too: it is made durable first.
  fault = (append === undefined ? undefined : file.truncate(append.offsetBytes)) ?? file.sync();
  if (fault !== undefined) return err(storageError(fault));
  if (append !== undefined) return ok(continueLog(config, { header: last.file.header, file, append, place }));
  fault = file.close();
  if (fault !== undefined) return err(storageError(fault));
  return startLog(config, { id: report.log, number: numberOfName(last.name) + 1, epochNs, place });
}

/** Copies what will be cut beside the segment. Behind a crash in the middle it is copied again. */
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
  return writeWhole(storage, tornName(segment, offsetBytes), kept);
}
