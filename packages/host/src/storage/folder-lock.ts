/**
 * A lock against two writers on one folder.
 *
 * Whoever wants the folder makes a file of its own, whose name says all of who it is, and then looks at all
 * others: it has the folder when nobody else is there. Of two that come at once the one that looks last sees both
 * files, so that never both have it; both may be refused. The file of a dead process is removed by whoever
 * finds it: its name, with pid, start and boot, is nobody else's ever again, so that this cannot hit a living one.
 * Considered: one file that says who holds it. It is empty for a moment after it was made, and two that find it
 * stale can each remove what the other has just made. A lock of the system (flock) is not to be had in Node.
 */
import { closeSync, openSync, readdirSync, unlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { err, ok, type Result } from '@truetape/contracts';
import { systemCode } from '../input-error.ts';
import { ownIdentity, statusOf, type ProcessIdentity } from './process-identity.ts';

const PREFIX = 'lock.';
const NAME = /^lock\.([1-9]\d{0,8})\.([A-Za-z0-9]+)\.([0-9a-f]{8})\.([^/]+)$/;

/** A folder that is ours alone. */
export interface FolderLock {
  /** The name of our file in the folder. */
  readonly file: string;
  /** Files of dead processes that were removed. */
  readonly removedStale: readonly string[];
  /** Gives the folder up; a second time does nothing. The end of the process does it as well. */
  release(): void;
}

/**
 * Why a folder cannot be had. `file` is the other's lock.
 *
 * - `held`: by a process that runs, perhaps this one, or by one that asked in the same moment;
 * - `unknown`: by one of another machine or container: whether it runs cannot be told from here. Whoever knows
 *   that it does not removes the file by hand. `host` is undefined when the file's name says nothing;
 * - `unwritable`: our file cannot be made, or one of a dead process not removed; `code` is the system's.
 */
export type LockHeld =
  | { readonly reason: 'held'; readonly file: string; readonly pid: number }
  | { readonly reason: 'unknown'; readonly file: string; readonly host: string | undefined }
  | { readonly reason: 'unwritable'; readonly file: string; readonly code: string };

function fileOf({ pid, start, boot, host }: ProcessIdentity): string {
  return `${PREFIX}${pid}.${start}.${boot}.${host}`;
}

function parseFile(file: string): ProcessIdentity | undefined {
  const parts = NAME.exec(file);
  if (parts === null) return undefined;
  const [, pid, start, boot, host] = parts;
  return { pid: Number(pid), start, boot, host };
}

/** Removes a file; the code of what the system has against it. Two may find the same dead process. */
function removeFile(path: string): string | undefined {
  try {
    unlinkSync(path);
    return undefined;
  } catch (error) {
    const code = systemCode(error);
    return code === 'ENOENT' ? undefined : code;
  }
}

/** Looks at all other locks of a folder: removes those of the dead, and tells who keeps us out. */
function lookAround(folder: string, own: string, removedStale: string[]): LockHeld | undefined {
  const files = readdirSync(folder).filter((name) => name.startsWith(PREFIX));
  // Somebody has removed it by hand: it keeps nobody out.
  if (!files.includes(own)) return { reason: 'unwritable', file: own, code: 'ENOENT' };
  for (const file of files) {
    if (file === own) continue;
    const other = parseFile(file);
    const status = other === undefined ? 'unknown' : statusOf(other);
    if (status === 'alive') return { reason: 'held', file, pid: other!.pid };
    if (status === 'unknown') return { reason: 'unknown', file, host: other?.host };
    const code = removeFile(join(folder, file));
    if (code !== undefined) return { reason: 'unwritable', file, code };
    removedStale.push(file);
  }
  return undefined;
}

/** Takes a folder that is there for this process alone. Errors: `LockHeld`; nothing of ours stays behind then. */
export function acquireFolderLock(folder: string): Result<FolderLock, LockHeld> {
  const path = resolve(folder);
  const identity = ownIdentity();
  const file = fileOf(identity);
  const own = join(path, file);
  const removedStale: string[] = [];
  try {
    closeSync(openSync(own, 'wx'));
  } catch (error) {
    const code = systemCode(error);
    return err(
      code === 'EEXIST' ? { reason: 'held', file, pid: identity.pid } : { reason: 'unwritable', file, code },
    );
  }
  let isHeld = true;
  const release = (): void => {
    if (!isHeld) return;
    isHeld = false;
    process.off('exit', release);
    // One that stays because it cannot be removed is stale as soon as the process has ended.
    removeFile(own);
  };
  process.on('exit', release);
  try {
    const held = lookAround(path, file, removedStale);
    if (held === undefined) return ok({ file, removedStale, release });
    release();
    return err(held);
  } catch (error) {
    release();
    return err({ reason: 'unwritable', file, code: systemCode(error) });
  }
}

/** A lock that is in a folder, and whether its process still runs; `pid` is undefined when its name says nothing. */
export interface FoundLock {
  readonly file: string;
  readonly pid: number | undefined;
  readonly status: 'alive' | 'dead' | 'unknown';
}

/** The locks of a folder, for whoever reads beside its owner. Errors: the system's code. */
export function findFolderLocks(folder: string): Result<readonly FoundLock[], string> {
  try {
    const files = readdirSync(resolve(folder)).filter((name) => name.startsWith(PREFIX));
    const found = files.toSorted().map((file): FoundLock => {
      const owner = parseFile(file);
      return { file, pid: owner?.pid, status: owner === undefined ? 'unknown' : statusOf(owner) };
    });
    return ok(found);
  } catch (error) {
    return err(systemCode(error));
  }
}
