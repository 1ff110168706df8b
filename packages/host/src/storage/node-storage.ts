/**
 * A log's folder on a real disk: the storage port over Node's synchronous calls.
 *
 * What a call fails with is told as it is, and is the end of that file: it answers with the same fault from
 * then on. After a failed fdatasync the system may hold for clean what never reached the disk, so that a second
 * one would lie; behind a short write nobody knows what the file holds. What was interrupted before it had
 * done anything is continued by Node. On macOS Node's syncs are F_FULLFSYNC; Windows has none of a folder.
 */
import { closeSync, fdatasyncSync, fstatSync, fsyncSync, ftruncateSync, mkdirSync, openSync } from 'node:fs';
import { readdirSync, renameSync, statSync, unlinkSync, writeSync, writevSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { err, ok, type Result } from '@truetape/contracts';
import { assert } from '@truetape/kernel';
import type { LogFile, LogStorage, StorageFault, StorageOp } from '@truetape/wal';
import { readDescriptor } from '../descriptor.ts';
import { systemCode } from '../input-error.ts';

const ARCHIVE = 'archive';
const NAME = /^(?:archive\/)?(?!\.{1,2}$)[^/\\]+$/;
/** Files of the folder that are no part of the log. */
const LOCK_PREFIX = 'lock.';
const HAS_FOLDER_SYNC = process.platform !== 'win32';

/** A log's folder; the folder itself is `.` in its faults. */
export interface NodeStorage extends LogStorage {
  /** Lets go of the folder. Files that are open stay so. */
  close(): StorageFault | undefined;
}

function attempt<T>(op: StorageOp, name: string, call: () => T): Result<T, StorageFault> {
  try {
    return ok(call());
  } catch (error) {
    // Whatever the system did not say is a fault of the program.
    if (!(error instanceof Error) || !('syscall' in error)) throw error;
    return err({ op, name, code: systemCode(error) });
  }
}

function faultOf(result: Result<unknown, StorageFault>): StorageFault | undefined {
  return result.ok ? undefined : result.error;
}

/** A folder's descriptor, or undefined where folders have none. */
function openFolder(path: string): number | undefined {
  return HAS_FOLDER_SYNC ? openSync(path, 'r') : undefined;
}

function syncPath(path: string): void {
  const fd = openFolder(path);
  if (fd === undefined) return;
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/**
 * Makes a folder, and those above it that are missing, each durable in the one above. One that is there may
 * have been made by a process that died before it had synced it, so that it is synced as well.
 */
function makeFolder(path: string): void {
  const parent = dirname(path);
  const isThere = statSync(path, { throwIfNoEntry: false }) !== undefined;
  if (!isThere) {
    if (parent !== path) makeFolder(parent);
    mkdirSync(path);
  }
  try {
    syncPath(parent);
  } catch (error) {
    // Whoever may not read the folder above was given this one by somebody who may.
    if (!isThere || systemCode(error) !== 'EACCES') throw error;
  }
}

/**
 * The folder of a log, which is there, or is made with `create`. Errors: a fault of `open` named `.`, with
 * the system's code: ENOENT, ENOTDIR, EACCES, …
 */
export function openLogStorage(
  folder: string,
  { create = false }: { readonly create?: boolean } = {},
): Result<NodeStorage, StorageFault> {
  const path = resolve(folder);
  return attempt('open', '.', () => {
    if (create) makeFolder(path);
    // Held for as long as the log is: a new descriptor might not be told of an error that came before it.
    const fd = openFolder(path);
    try {
      readdirSync(path);
    } catch (error) {
      if (fd !== undefined) closeSync(fd);
      throw error;
    }
    return storageOf(path, fd);
  });
}

/** Zeros that files are made longer with. */
const ZEROS = new Uint8Array(1_048_576);

function openAt(name: string, fd: number, sizeBytes: number): LogFile {
  let position = sizeBytes;
  let end = sizeBytes;
  let isOpen = true;
  let fault: StorageFault | undefined;
  /** Runs a call unless one has failed already. */
  const once = (op: StorageOp, call: () => void): StorageFault | undefined => {
    assert(isOpen, 'HOST-8', 'a file is not used after its close');
    if (fault === undefined) fault = faultOf(attempt(op, name, call));
    return fault;
  };
  return {
    name,
    append: (parts) => {
      let size = 0;
      for (const part of parts) size += part.length;
      let written = 0;
      const failed = once('write', () => {
        if (size === 0) return;
        written =
          parts.length === 1 ? writeSync(fd, parts[0], 0, size, position) : writevSync(fd, parts, position);
        position += written;
        end = Math.max(end, position);
      });
      if (failed === undefined && written < size) fault = { op: 'write', name, code: 'SHORT' };
      return fault;
    },
    reserve: (size) => {
      assert(size >= end, 'HOST-8', 'a file is cut by truncate alone');
      return once('write', () => {
        while (end < size) {
          const written = writeSync(fd, ZEROS, 0, Math.min(ZEROS.length, size - end), end);
          if (written === 0) throw Object.assign(new Error('short'), { syscall: 'write', code: 'SHORT' });
          end += written;
        }
      });
    },
    sync: () => once('sync', () => fdatasyncSync(fd)),
    truncate: (size) => {
      assert(size >= 0 && size <= end, 'HOST-8', 'a file is cut, not extended');
      return once('truncate', () => {
        ftruncateSync(fd, size);
        end = size;
        position = Math.min(position, size);
      });
    },
    close: () => {
      assert(isOpen, 'HOST-8', 'a file is closed once');
      isOpen = false;
      return faultOf(attempt('close', name, () => closeSync(fd)));
    },
  };
}

/** The file that was read last stays open: a log is read block by block. */
function createReader(place: (name: string) => string) {
  let open: { readonly name: string; readonly fd: number } | undefined;
  const forget = (): void => {
    const fd = open?.fd;
    open = undefined;
    if (fd !== undefined) closeSync(fd);
  };
  const read = (name: string, offsetBytes: number, into: Uint8Array): number => {
    if (open?.name !== name) {
      forget();
      open = { name, fd: openSync(place(name), 'r') };
    }
    const { fd } = open;
    let count = 0;
    while (count < into.length) {
      const at = offsetBytes + count;
      const bytes = readDescriptor(fd, into.subarray(count), at);
      if (bytes === 0) break;
      count += bytes;
    }
    return count;
  };
  return { read, forget };
}

function listFolder(path: string, prefix: string): readonly string[] {
  return readdirSync(path, { withFileTypes: true })
    .filter(({ name }) => name !== ARCHIVE && !name.startsWith(LOCK_PREFIX))
    .filter((entry) => !entry.isDirectory())
    .map((entry) => prefix + entry.name);
}

function listNames(path: string): readonly string[] {
  const archive = join(path, ARCHIVE);
  const names = listFolder(path, '');
  const hasArchive = statSync(archive, { throwIfNoEntry: false })?.isDirectory() === true;
  return hasArchive ? [...names, ...listFolder(archive, `${ARCHIVE}/`)] : names;
}

function storageOf(path: string, folder: number | undefined): NodeStorage {
  /** Whether names in the archive, or the archive itself, changed since the last sync. */
  let isArchiveTouched = false;
  /** Whether what moved last came back from the archive. */
  let isBack = false;
  let isOpen = true;
  const place = (name: string): string => {
    assert(NAME.test(name) && !name.startsWith(LOCK_PREFIX), 'HOST-7', 'a name has no path but archive/');
    return join(path, name);
  };
  const isArchived = (name: string): boolean => name.startsWith(`${ARCHIVE}/`);
  const touch = (name: string): void => {
    if (isArchived(name)) isArchiveTouched = true;
  };
  const makeArchive = (name: string): void => {
    if (isArchived(name)) mkdirSync(join(path, ARCHIVE), { recursive: true });
  };
  const reader = createReader(place);
  return {
    list: () => attempt('list', '.', () => listNames(path)),
    sizeOf: (name) => attempt('read', name, () => statSync(place(name)).size),
    read: (name, offsetBytes, into) => attempt('read', name, () => reader.read(name, offsetBytes, into)),
    create: (name) =>
      attempt('create', name, () => {
        const target = place(name);
        makeArchive(name);
        touch(name);
        return openAt(name, openSync(target, 'wx'), 0);
      }),
    open: (name) =>
      attempt('open', name, () => {
        const fd = openSync(place(name), 'r+');
        return openAt(name, fd, fstatSync(fd).size);
      }),
    rename: (from, to) => {
      const [source, target] = [place(from), place(to)];
      const done = attempt('rename', from, () => {
        reader.forget();
        makeArchive(to);
        touch(from);
        touch(to);
        isBack = isArchived(from) && !isArchived(to);
        renameSync(source, target);
      });
      return faultOf(done);
    },
    unlink: (name) => {
      const target = place(name);
      const done = attempt('unlink', name, () => {
        reader.forget();
        touch(name);
        unlinkSync(target);
      });
      return faultOf(done);
    },
    syncFolder: () => {
      assert(isOpen, 'HOST-8', 'a folder is not used after its close');
      const done = attempt('syncFolder', '.', () => {
        // Where it has come to first: what was moved is named in one of the two at any moment.
        if (isArchiveTouched && !isBack) syncPath(join(path, ARCHIVE));
        if (folder !== undefined) fsyncSync(folder);
        if (isArchiveTouched && isBack) syncPath(join(path, ARCHIVE));
        isArchiveTouched = false;
      });
      return faultOf(done);
    },
    close: () => {
      assert(isOpen, 'HOST-8', 'a folder is closed once');
      isOpen = false;
      const done = attempt('close', '.', () => {
        reader.forget();
        if (folder !== undefined) closeSync(folder);
      });
      return faultOf(done);
    },
  };
}
