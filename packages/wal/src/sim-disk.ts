/**
 * A simulated disk behind the storage port: it keeps apart what is durable and what is not, fails the n-th
 * operation, and can be crashed (`crash`). Same seed, same operations: same faults, same bytes.
 *
 * It is as bad as a real one may be: names and contents become durable each by their own sync, a file's sync
 * says nothing of its name, and after a sync that failed the next one succeeds without having written what
 * the failed one had dropped, as Linux does. It is worse in what a caller must not rely on: a name operation that
 * fails with EIO may have been done, a list comes in no useful order.
 * Not simulated: a write that spoils bytes which were durable, a folder that vanishes, a second disk.
 */
import { err, ok, type Result } from '@truetape/contracts';
import { assert } from '@truetape/kernel';
import { readBytes, shareBytes, writeBytes } from './sim-bytes.ts';
import { begin, takesEffect } from './sim-faults.ts';
import { afterSync, isClean, openFile } from './sim-file.ts';
import { copyState, createInode, createState, setNames } from './sim-state.ts';
import type { DiskOperation, DiskState, FaultCode, NameChange, SimInode } from './sim-state.ts';
import type { LogStorage, StorageFault, StorageOp } from './storage.ts';

const NAME = /^(?:archive\/)?(?!\.{1,2}$)[^/]+$/;

/** A simulated disk: a `LogStorage`, and what the functions of this file know of it. */
export interface SimDisk extends LogStorage {
  readonly state: DiskState;
}

/** An empty disk. The seed decides how much of a write a fault lets through. */
export function createSimDisk(seed: string | number): SimDisk {
  return diskOf(createState(seed));
}

/**
 * A copy that goes its own way, with the same faults ahead and no open files.
 *
 * Complexity: a pointer for each 4 KiB.
 */
export function cloneDisk(disk: SimDisk): SimDisk {
  return diskOf(copyState(disk.state));
}

/**
 * Makes the n-th operation from the disk's beginning fail, once: of those that change something, or of one
 * kind. A crash begins a disk anew, a copy continues the count. SHORT is for writes alone.
 */
export function failAt(
  disk: SimDisk,
  n: number,
  { code, op }: { readonly code: FaultCode; readonly op?: StorageOp },
): void {
  assert(Number.isSafeInteger(n) && n >= 1, 'WAL-63', 'operations count from 1');
  assert(code !== 'SHORT' || op === 'write', 'WAL-63', 'only a write can be short');
  disk.state.faults = [...disk.state.faults, { n, code, op }];
}

/** Calls before each operation that changes something: the place for a copy to crash. */
export function watchDisk(disk: SimDisk, watch: (operation: DiskOperation) => void): void {
  disk.state.watch = watch;
}

/** How many operations there were that change something, or of one kind. */
export function operationCount(disk: SimDisk, op?: StorageOp): number {
  return op === undefined ? disk.state.changes : disk.state.counts[op];
}

/** The operations that change something, in order. */
export function operationLog(disk: SimDisk): readonly DiskOperation[] {
  const operations: DiskOperation[] = [];
  for (let entry = disk.state.log; entry !== undefined; entry = entry.before) {
    operations.push(entry.operation);
  }
  return operations.reverse();
}

/** Changes a byte of a file behind the system's back. All of the file was synced. */
export function corrupt(
  disk: SimDisk,
  name: string,
  offsetBytes: number,
  change: (byte: number) => number,
): void {
  const inode = disk.state.names.get(name);
  assert(inode !== undefined && inode.changes.length === 0, 'WAL-64', 'what is corrupted was synced');
  const byte = new Uint8Array(1);
  assert(readBytes(inode.visible, offsetBytes, byte) === 1, 'WAL-64', 'what is corrupted is there');
  byte[0] = change(byte[0]);
  writeBytes(inode.visible, offsetBytes, byte);
  inode.durable = shareBytes(inode.visible);
}

/** All bytes of a file as a reader sees them; undefined when there is none. */
export function fileBytes(disk: SimDisk, name: string): Uint8Array | undefined {
  const inode = disk.state.names.get(name);
  if (inode === undefined) return undefined;
  const bytes = new Uint8Array(inode.visible.sizeBytes);
  readBytes(inode.visible, 0, bytes);
  return bytes;
}

function syncNames(state: DiskState, failed: boolean): void {
  if (!failed && isClean(state.nameChanges)) {
    state.durableNames = new Map(state.names);
    state.nameChanges = [];
  } else state.nameChanges = afterSync(state.nameChanges, failed);
}

function changeNames(state: DiskState, change: Pick<NameChange, 'removes' | 'sets' | 'inode'>): void {
  const whole: NameChange = { ...change, operation: state.changes, fate: 'dirty' };
  setNames(state.names, whole);
  state.nameChanges.push(whole);
}

/** A disk over a state; the port's methods are all that changes it. */
export function diskOf(state: DiskState): SimDisk {
  const start = (op: StorageOp, name: string): FaultCode | undefined => {
    assert(NAME.test(name), 'WAL-65', 'a name has no path but archive/');
    return begin(state, op, name, 0);
  };
  const failed = (op: StorageOp, name: string, code: string): Result<never, StorageFault> =>
    err({ op, name, code });
  /** The file of that name, or why the operation fails. */
  const find = (op: StorageOp, name: string): Result<SimInode, StorageFault> => {
    const code = start(op, name);
    const inode = state.names.get(name);
    if (code !== undefined || inode === undefined) return failed(op, name, code ?? 'ENOENT');
    return ok(inode);
  };
  return {
    state,
    list: () => {
      const code = begin(state, 'list', '.', 0);
      return code === undefined ? ok([...state.names.keys()].reverse()) : failed('list', '.', code);
    },
    sizeOf: (name) => {
      const found = find('read', name);
      return found.ok ? ok(found.value.visible.sizeBytes) : found;
    },
    read: (name, offsetBytes, into) => {
      const found = find('read', name);
      return found.ok ? ok(readBytes(found.value.visible, offsetBytes, into)) : found;
    },
    create: (name) => {
      const code = start('create', name);
      if (state.names.has(name)) return failed('create', name, code ?? 'EEXIST');
      const inode = createInode(state);
      if (takesEffect(state, code)) changeNames(state, { removes: undefined, sets: name, inode });
      return code === undefined ? ok(openFile(state, name, inode)) : failed('create', name, code);
    },
    open: (name) => {
      const found = find('open', name);
      return found.ok ? ok(openFile(state, name, found.value)) : found;
    },
    rename: (from, to) => {
      assert(NAME.test(to), 'WAL-65', 'a name has no path but archive/');
      const code = start('rename', from);
      const inode = state.names.get(from);
      if (inode === undefined) return { op: 'rename', name: from, code: code ?? 'ENOENT' };
      if (takesEffect(state, code)) changeNames(state, { removes: from, sets: to, inode });
      return code === undefined ? undefined : { op: 'rename', name: from, code };
    },
    unlink: (name) => {
      const code = start('unlink', name);
      const inode = state.names.get(name);
      if (inode === undefined) return { op: 'unlink', name, code: code ?? 'ENOENT' };
      if (takesEffect(state, code)) changeNames(state, { removes: name, sets: undefined, inode });
      return code === undefined ? undefined : { op: 'unlink', name, code };
    },
    syncFolder: () => {
      const code = begin(state, 'syncFolder', '.', 0);
      syncNames(state, code !== undefined);
      return code === undefined ? undefined : { op: 'syncFolder', name: '.', code };
    },
  };
}
