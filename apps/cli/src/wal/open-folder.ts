/** A log's folder, opened: to read beside whoever writes, or for this process alone. */
import { acquireFolderLock, checkBeside, findFolderLocks, nodePorts, openLogStorage } from '@truetape/host';
import type { FoundLock, NodeStorage } from '@truetape/host';
import { booksKind } from '@truetape/wal';
import type { BooksKind, RecoverConfig } from '@truetape/wal';
import type { Voice } from '../cli.ts';
import { usageFailure } from '../failure.ts';
import { lockFailure, walFailure } from './wording.ts';

/** What all of a log's commands need of it. */
export interface LogFolder {
  readonly path: string;
  readonly storage: NodeStorage;
  readonly kind: BooksKind;
  /** For recovering it. */
  readonly config: RecoverConfig;
}

function openFolder(path: string, create: boolean): LogFolder {
  // It would be the current folder: nobody means that who says nothing.
  if (path === '') throw usageFailure('<dir>: expected the folder of a log, found an empty name');
  const opened = openLogStorage(path, { create });
  if (!opened.ok) throw walFailure(path, { code: 'storage', fault: opened.error });
  const storage = opened.value;
  const kind = booksKind(nodePorts.sha256);
  return { path, storage, kind, config: { storage, ports: nodePorts, kind, beside: checkBeside(path) } };
}

/** The locks of a folder; none where it cannot be listed, which whoever reads on is told. */
export function locksOf(path: string): readonly FoundLock[] {
  const found = findFolderLocks(path);
  return found.ok ? found.value : [];
}

/**
 * Runs work that only reads. It takes no lock, so that it works beside a writer and on a disk that is read-only; what
 * the writer is in the middle of may then look torn. Throws failures.
 */
export function readFolder<T>(path: string, work: (folder: LogFolder) => T): T {
  const folder = openFolder(path, false);
  try {
    return work(folder);
  } finally {
    folder.storage.close();
  }
}

export interface ChangeOptions {
  /** The folder may be missing. */
  readonly create?: boolean;
  /** Takes a remark for stderr. */
  readonly note: (text: string) => void;
}

/** Takes a folder for this process alone, then runs work that changes it. Throws failures, of a lock above all. */
export async function changeFolder<T>(
  path: string,
  work: (folder: LogFolder) => T | Promise<T>,
  { create = false, note }: ChangeOptions,
): Promise<T> {
  const folder = openFolder(path, create);
  const lock = acquireFolderLock(path);
  if (!lock.ok) {
    folder.storage.close();
    throw lockFailure(path, lock.error);
  }
  for (const file of lock.value.removedStale)
    note(`${path}: ${file} was left by a process that is dead, and is removed`);
  try {
    return await work(folder);
  } finally {
    folder.storage.close();
    lock.value.release();
  }
}

/** Says who writes while this process reads. */
export function noteWriter(path: string, voice: Voice): void {
  for (const { file, pid, status } of locksOf(path)) {
    if (status === 'dead') continue;
    const who = pid === undefined ? 'somebody' : `process ${pid}`;
    voice.note(`${who} writes to ${path} (${file}): what is being written now may look torn`);
  }
}
