/** An open file of a simulated disk, and what a sync makes of its changes. */
import { assert } from '@truetape/kernel';
import { shareBytes, truncateBytes, writeBytes } from './sim-bytes.ts';
import { begin, drawBelow, takesEffect } from './sim-faults.ts';
import type { ContentChange, DiskState, Fate, FaultCode, SimInode } from './sim-state.ts';
import type { LogFile, StorageFault, StorageOp } from './storage.ts';

/** What becomes of changes when their sync succeeds behind one that failed, or fails itself. */
export function afterSync<Change extends { readonly fate: Fate }>(
  changes: readonly Change[],
  failed: boolean,
): Change[] {
  const fate: Fate = failed ? 'dropped' : 'durable';
  return changes.map((change) => (change.fate === 'dirty' ? { ...change, fate } : change));
}

/** Nothing was dropped by a failed sync: what is visible is durable. */
export function isClean(changes: readonly { readonly fate: Fate }[]): boolean {
  return changes.every(({ fate }) => fate !== 'dropped');
}

function syncContents(inode: SimInode, failed: boolean): void {
  if (!failed && isClean(inode.changes)) {
    inode.durable = shareBytes(inode.visible);
    inode.changes = [];
  } else inode.changes = afterSync(inode.changes, failed);
}

function changeContents(inode: SimInode, change: ContentChange): void {
  if (change.kind === 'append') writeBytes(inode.visible, change.offsetBytes, change.bytes);
  else truncateBytes(inode.visible, change.sizeBytes);
  inode.changes.push(change);
}

function joinParts(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** How much of a write that fails was taken. */
function takenBytes(state: DiskState, code: FaultCode, sizeBytes: number): number {
  if (code === 'EIO' || sizeBytes < 2) return 0;
  return code === 'SHORT' ? 1 + drawBelow(state, sizeBytes - 1) : drawBelow(state, sizeBytes);
}

/** Opens a file. Throws on WAL-61 while it is open. */
export function openFile(state: DiskState, name: string, inode: SimInode): LogFile {
  assert(!inode.isOpen, 'WAL-61', 'a file is open once');
  inode.isOpen = true;
  let isClosed = false;
  let position = inode.visible.sizeBytes;
  const start = (op: StorageOp, bytes: number): FaultCode | undefined => {
    assert(!isClosed, 'WAL-61', 'a file is not used after its close');
    return begin(state, op, name, bytes);
  };
  const write = (offsetBytes: number, bytes: Uint8Array): void => {
    if (bytes.length === 0) return;
    const operation = state.changes;
    changeContents(inode, { kind: 'append', operation, fate: 'dirty', offsetBytes, bytes });
  };
  const done = (op: StorageOp, code: FaultCode | undefined): StorageFault | undefined =>
    code === undefined ? undefined : { op, name, code };
  return {
    name,
    append: (parts) => {
      const all = joinParts(parts);
      const code = start('write', all.length);
      const bytes = code === undefined ? all : all.subarray(0, takenBytes(state, code, all.length));
      write(position, bytes);
      position += bytes.length;
      return done('write', code);
    },
    reserve: (sizeBytes) => {
      const offsetBytes = inode.visible.sizeBytes;
      assert(sizeBytes >= offsetBytes, 'WAL-62', 'a file is cut by truncate alone');
      const code = start('write', sizeBytes - offsetBytes);
      const count = sizeBytes - offsetBytes;
      write(offsetBytes, new Uint8Array(code === undefined ? count : takenBytes(state, code, count)));
      return done('write', code);
    },
    sync: () => {
      const code = start('sync', 0);
      syncContents(inode, code !== undefined);
      return done('sync', code);
    },
    truncate: (sizeBytes) => {
      assert(sizeBytes >= 0 && sizeBytes <= inode.visible.sizeBytes, 'WAL-62', 'a file is cut, not extended');
      const code = start('truncate', sizeBytes);
      if (takesEffect(state, code)) {
        changeContents(inode, { kind: 'truncate', operation: state.changes, fate: 'dirty', sizeBytes });
        position = Math.min(position, sizeBytes);
      }
      return done('truncate', code);
    },
    close: () => {
      const code = start('close', 0);
      isClosed = true;
      inode.isOpen = false;
      return done('close', code);
    },
  };
}
