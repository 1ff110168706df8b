/**
 * Compaction: segments that no snapshot needs any more are sealed, then archived or deleted. What stays is
 * enough to recover from the oldest snapshot, its hash page included, so that hashes go on being checked.
 */
import { err, ok } from '@truetape/contracts';
import type { Result } from '@truetape/contracts';
import { assert } from '@truetape/kernel';
import { storageError } from './errors.ts';
import type { WalError } from './errors.ts';
import { ARCHIVE, GONE_SUFFIX, numberOfName, segmentName, sortNames } from './names.ts';
import { readOutline } from './outline.ts';
import type { RecoverConfig } from './outline.ts';
import { sealSegment } from './seal.ts';
import { readWhole, writeWhole } from './snapshots.ts';
import type { LogStorage, StorageFault } from './storage.ts';

export interface Compaction {
  /** The oldest snapshot, which everything that stays leads on from. */
  readonly snapshot: string;
  /** First seq of the hash page that the snapshot's seq lies in. */
  readonly pageSeq: number;
  /** Segments that go, oldest first. */
  readonly segments: readonly { readonly name: string; readonly baseSeq: number; readonly nextSeq: number }[];
  readonly policy: 'archive' | 'delete';
  /** Snapshots that go before them, oldest first: those without segments, and all but the last few, if asked for. */
  readonly dropped: readonly string[];
}

/**
 * What a compaction would do that keeps the last `keep` snapshots. Every snapshot has to be good: where one
 * is not, it is not known what it would have taken to do without it. One whose segments have gone may have come back
 * behind a crash, and goes again.
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
  const { files, headers, snapshots, refused, outlived } = outline.value;
  const kept = snapshots.slice(-keep);
  const oldest = kept[0]?.head;
  if (oldest === undefined || refused.length > outlived.length)
    return err({ code: 'noSnapshot', segment: files.segments[0], refused });
  const baseOf = (k: number): number => headers[k].header.log!.baseSeq;
  const segments = files.segments
    .slice(0, -1)
    .map((name, k) => ({ name, baseSeq: baseOf(k), nextSeq: baseOf(k + 1) }))
    .filter(({ nextSeq }) => nextSeq <= oldest.pageEnd);
  const older = snapshots.slice(0, snapshots.length - kept.length).map(({ name }) => name);
  const dropped = [...outlived.toReversed(), ...older];
  return ok({ snapshot: kept[0].name, pageSeq: oldest.pageEnd, segments, policy, dropped });
}

/**
 * Does it, the oldest first: whatever stops it, what stays is without a gap, and leads on from a snapshot.
 *
 * What a dead process did to names is not relied on: where its sync of the folder failed, all of that may be undone
 * behind a crash, although it is seen, and although a later sync succeeds.
 */
export function compact(
  { storage, ports }: Pick<RecoverConfig, 'storage' | 'ports'>,
  { snapshot, segments, policy, dropped }: Compaction,
): WalError | undefined {
  const listed = storage.list();
  if (!listed.ok) return storageError(listed.error);
  const { segments: names, others } = sortNames(listed.value);
  const gone = others.filter((name) => name.endsWith(GONE_SUFFIX));
  const isAny = segments.length > 0 || dropped.length > 0;
  // Names go one after the other: a segment may not come back behind a crash when the one that follows it has gone,
  // nor a snapshot without its segments.
  let fault = isAny ? writeAgain(storage, snapshot) : undefined;
  for (const name of dropped) fault ??= storage.unlink(name);
  fault ??= moveAgain(storage, listed.value, names[0]) ?? storage.syncFolder();
  for (const name of gone) fault ??= storage.unlink(name);
  if (fault !== undefined) return storageError(fault);
  for (const { name, nextSeq } of segments) {
    const sealed = sealSegment(storage, ports, name, nextSeq);
    if (!sealed.ok) return sealed.error;
    const left = policy === 'archive' ? ARCHIVE + name : name + GONE_SUFFIX;
    const failed =
      storage.rename(name, left) ??
      storage.syncFolder() ??
      (policy === 'archive' ? undefined : storage.unlink(left));
    if (failed !== undefined) return storageError(failed);
  }
  return undefined;
}

/** Puts a snapshot in its place again, durably. */
function writeAgain(storage: LogStorage, name: string): StorageFault | undefined {
  const bytes = readWhole(storage, name);
  return bytes.ok ? writeWhole(storage, name, bytes.value) : bytes.error;
}

/** Moves the segment that left last, where it is still seen, back and away again, so that it stays away. */
function moveAgain(storage: LogStorage, names: readonly string[], first: string): StorageFault | undefined {
  const name = segmentName(numberOfName(first) - 1);
  const left = [ARCHIVE + name, name + GONE_SUFFIX].find((one) => names.includes(one));
  return left === undefined ? undefined : (storage.rename(left, name) ?? storage.rename(name, left));
}
