/** What a simulated disk is made of: files, apart from them names, and of both what is durable and what not. */
import { createBytes, shareBytes, type SimBytes } from './sim-bytes.ts';
import { STORAGE_OPS, type StorageOp } from './storage.ts';

/**
 * What became of an operation: `dirty` waits for a sync; `dropped` was in a sync that failed, after which the
 * system takes it for written; `durable` was synced, but stands behind one that was dropped.
 */
export type Fate = 'dirty' | 'dropped' | 'durable';

/** A change of a file's contents that was not synced yet. `operation` is its number. */
export type ContentChange = { readonly operation: number; readonly fate: Fate } & (
  | { readonly kind: 'append'; readonly offsetBytes: number; readonly bytes: Uint8Array }
  | { readonly kind: 'truncate'; readonly sizeBytes: number }
);

/** A file. It lives as long as a name or a handle leads to it. */
export interface SimInode {
  readonly id: number;
  /** What a reader sees. */
  visible: SimBytes;
  /** What is there after a crash, whatever else may be. */
  durable: SimBytes;
  /** What leads from `durable` to `visible`, in order. */
  changes: ContentChange[];
  isOpen: boolean;
}

/** A change of names that was not synced yet: a create sets, an unlink removes, a rename does both. */
export interface NameChange {
  readonly operation: number;
  readonly fate: Fate;
  readonly removes: string | undefined;
  readonly sets: string | undefined;
  readonly inode: SimInode;
}

/** An operation that a disk was asked for; `failed` with the code when it was made to fail. */
export interface DiskOperation {
  /** Counts the operations that change something, from 1. */
  readonly number: number;
  readonly op: StorageOp;
  readonly name: string;
  /** Bytes of a write; the new size of a truncated file. */
  readonly bytes: number;
  readonly failed: string | undefined;
}

/** The list of operations, newest first: shared by the copies of a disk. */
interface LogEntry {
  readonly operation: DiskOperation;
  readonly before: LogEntry | undefined;
}

/** Codes that an operation can be made to fail with. SHORT: a write that took less than all. */
export type FaultCode = 'EIO' | 'ENOSPC' | 'SHORT';

export interface PlannedFault {
  readonly n: number;
  readonly code: FaultCode;
  readonly op: StorageOp | undefined;
}

export interface DiskState {
  readonly seed: string | number;
  names: Map<string, SimInode>;
  durableNames: Map<string, SimInode>;
  nameChanges: NameChange[];
  nextInode: number;
  /** Operations of each kind, and all those that change something. */
  readonly counts: Record<StorageOp, number>;
  changes: number;
  log: LogEntry | undefined;
  faults: readonly PlannedFault[];
  watch: ((operation: DiskOperation) => void) | undefined;
  /** After a crash neither the disk nor its handles are used again. */
  isDead: boolean;
}

export function createState(seed: string | number): DiskState {
  return {
    seed,
    names: new Map(),
    durableNames: new Map(),
    nameChanges: [],
    nextInode: 0,
    counts: Object.fromEntries(STORAGE_OPS.map((op) => [op, 0])) as Record<StorageOp, number>,
    changes: 0,
    log: undefined,
    faults: [],
    watch: undefined,
    isDead: false,
  };
}

export function createInode(state: DiskState): SimInode {
  const id = state.nextInode++;
  return { id, visible: createBytes(), durable: createBytes(), changes: [], isOpen: false };
}

/** All files that a name leads to, or may lead to after a crash, oldest first. */
export function inodesOf(state: DiskState): readonly SimInode[] {
  const inodes = new Set([...state.names.values(), ...state.durableNames.values()]);
  for (const { inode } of state.nameChanges) inodes.add(inode);
  return [...inodes].sort((a, b) => a.id - b.id);
}

/** A copy that shares all bytes. It has no open handles and is watched by nobody. */
export function copyState(state: DiskState): DiskState {
  const copies = new Map<SimInode, SimInode>();
  for (const inode of inodesOf(state)) {
    copies.set(inode, {
      id: inode.id,
      visible: shareBytes(inode.visible),
      durable: shareBytes(inode.durable),
      changes: inode.changes.slice(),
      isOpen: false,
    });
  }
  const copyNames = (names: ReadonlyMap<string, SimInode>): Map<string, SimInode> =>
    new Map([...names].map(([name, inode]) => [name, copies.get(inode)!]));
  return {
    ...state,
    names: copyNames(state.names),
    durableNames: copyNames(state.durableNames),
    nameChanges: state.nameChanges.map((change) => ({ ...change, inode: copies.get(change.inode)! })),
    counts: { ...state.counts },
    watch: undefined,
  };
}

export function setNames(names: Map<string, SimInode>, { removes, sets, inode }: NameChange): void {
  if (removes !== undefined) names.delete(removes);
  if (sets !== undefined) names.set(sets, inode);
}
