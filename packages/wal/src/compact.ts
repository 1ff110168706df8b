/**
 * Compaction: segments that no snapshot needs any more are sealed, then archived or deleted. What stays is
 * enough to recover from the oldest snapshot, its hash page included, so that hashes go on being checked.
 */
import { err, ok } from '@truetape/contracts';
import type { Result } from '@truetape/contracts';
import { assert } from '@truetape/kernel';
import { storageError } from './errors.ts';
import type { WalError } from './errors.ts';
import { ARCHIVE } from './names.ts';
import { readOutline } from './outline.ts';
import type { RecoverConfig } from './outline.ts';
import { sealSegment } from './seal.ts';
import type { StorageFault } from './storage.ts';

export interface Compaction {
  /** The oldest snapshot, which everything that stays leads on from. */
  readonly snapshot: string;
  /** First seq of the hash page that the snapshot's seq lies in. */
  readonly pageSeq: number;
  /** Segments that go, oldest first. */
  readonly segments: readonly { readonly name: string; readonly baseSeq: number; readonly nextSeq: number }[];
  readonly policy: 'archive' | 'delete';
  /** Snapshots that go before them, oldest first: all but the last few, where that was asked for. */
  readonly dropped: readonly string[];
}

/**
 * What a compaction would do that keeps the last `keep` snapshots. Every snapshot has to be good: where one
 * is not, it is not known what it would have taken to do without it.
 *
 * Errors: `noSnapshot` without one, or with a bad one; those of reading headers.
 */
export function planCompaction(
  config: RecoverConfig,
  policy: 'archive' | 'delete',
  keep: number = Infinity,
): Result<Compaction, WalError> {
  assert(keep >= 1, 'WAL-4', 'a log without its beginning needs a snapshot');
  const outline = readOutline({ ...config, everything: true });
  if (!outline.ok) return outline;
  const { files, headers, snapshots, refused } = outline.value;
  const kept = snapshots.slice(-keep);
  const oldest = kept[0]?.head;
  if (oldest === undefined || refused.length > 0)
    return err({ code: 'noSnapshot', segment: files.segments[0], refused });
  const baseOf = (k: number): number => headers[k].header.log!.baseSeq;
  const segments = files.segments
    .slice(0, -1)
    .map((name, k) => ({ name, baseSeq: baseOf(k), nextSeq: baseOf(k + 1) }))
    .filter(({ nextSeq }) => nextSeq <= oldest.pageEnd);
  const dropped = snapshots.slice(0, snapshots.length - kept.length).map(({ name }) => name);
  return ok({ snapshot: kept[0].name, pageSeq: oldest.pageEnd, segments, policy, dropped });
}

/** Does it, the oldest first: whatever stops it, what stays is without a gap. */
export function compact(
  { storage, ports }: Pick<RecoverConfig, 'storage' | 'ports'>,
  { segments, policy, dropped }: Compaction,
): WalError | undefined {
  // Names go one after the other, those that an interrupted compaction or snapshot took included: a segment
  // may not come back behind a crash when the one that follows it has gone, nor a snapshot without its
  // segments.
  let left: StorageFault | undefined;
  for (const name of dropped) left ??= storage.unlink(name);
  left ??= storage.syncFolder();
  if (left !== undefined) return storageError(left);
  for (const { name, nextSeq } of segments) {
    const sealed = sealSegment(storage, ports, name, nextSeq);
    if (!sealed.ok) return sealed.error;
    const fault =
      (policy === 'archive' ? storage.rename(name, ARCHIVE + name) : storage.unlink(name)) ??
      storage.syncFolder();
    if (fault !== undefined) return storageError(fault);
  }
  return undefined;
}
