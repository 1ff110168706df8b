/**
 * What a log needs of a disk: one folder of files, flat but for `archive/`. Synchronous, since nothing may be
 * published before it is durable.
 *
 * What was written is durable behind `sync`; that a name is there, was changed or has gone, behind `syncFolder`.
 * Until then a crash may keep any part of it, or none. No operation is ever tried again: see `StorageFault`.
 */
import type { Result } from '@truetape/contracts';

export const STORAGE_OPS = [
  'list',
  'read',
  'create',
  'open',
  'write',
  'sync',
  'truncate',
  'rename',
  'unlink',
  'syncFolder',
  'close',
] as const;
export type StorageOp = (typeof STORAGE_OPS)[number];

/** An operation that failed. What it left behind is unknown: whoever meets one stops. */
export interface StorageFault {
  readonly op: StorageOp;
  readonly name: string;
  /** The system's code: ENOSPC, EIO, ENOENT, EEXIST, … or SHORT for a write that took less than all. */
  readonly code: string;
}

/** A file that grows at its end. */
export interface LogFile {
  readonly name: string;
  /**
   * Appends the parts, one after the other, in one operation: behind what was appended before, or at the end of the
   * file when it was opened. The bytes are only valid during the call.
   */
  append(parts: readonly Uint8Array[]): StorageFault | undefined;
  /**
   * Makes the file so long with zeros, which what is appended then fills (a write, like `append`): a sync of bytes
   * inside a file takes less than one that makes it longer.
   */
  reserve(sizeBytes: number): StorageFault | undefined;
  /** Makes everything durable that was appended or truncated (fdatasync). Fails once: never call it again then. */
  sync(): StorageFault | undefined;
  /** Cuts the file to a size that is not above the one it has. */
  truncate(sizeBytes: number): StorageFault | undefined;
  close(): StorageFault | undefined;
}

/** A folder. Names have no path but for the prefix `archive/`. */
export interface LogStorage {
  /** Names of files, in any order, those under `archive/` with it. */
  list(): Result<readonly string[], StorageFault>;
  sizeOf(name: string): Result<number, StorageFault>;
  /** Reads at an offset; fewer bytes than asked for only at the end of the file, 0 behind it. */
  read(name: string, offsetBytes: number, into: Uint8Array): Result<number, StorageFault>;
  /** A new, empty file. Fault EEXIST when there is one. */
  create(name: string): Result<LogFile, StorageFault>;
  /** A file that is there, to append at its end. Fault ENOENT when there is none. */
  open(name: string): Result<LogFile, StorageFault>;
  /** Gives a file another name, replacing a file that has it. */
  rename(from: string, to: string): StorageFault | undefined;
  unlink(name: string): StorageFault | undefined;
  /** Makes durable which names there are (fsync of the folder, and of `archive/` where it was touched). */
  syncFolder(): StorageFault | undefined;
}
