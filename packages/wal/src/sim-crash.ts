/** What a crash leaves of a simulated disk: everything that was synced, and of the rest what a plan says. */
import { assert, createStream, type RandomStream } from '@truetape/kernel';
import { readBytes, shareBytes, truncateBytes, writeBytes, type SimBytes } from './sim-bytes.ts';
import { cloneDisk, diskOf, type SimDisk } from './sim-disk.ts';
import { createState, inodesOf, setNames } from './sim-state.ts';
import type { ContentChange, DiskState, SimInode } from './sim-state.ts';

/** The part of a file that a disk writes as a whole. */
export const SECTOR_BYTES = 512;

/**
 * What stands where unsynced bytes were lost: nothing (the file ends before them, or zeros where later ones
 * were kept), zeros, garbage, what lay somewhere on the disk before, or one of those by lot.
 */
export const LOST_BYTES = ['cut', 'zeros', 'garbage', 'stale', 'mixed'] as const;
export type LostBytes = (typeof LOST_BYTES)[number];

/**
 * Which unsynced writes a crash keeps.
 *
 * - `torn`: the first `bytes` of all unsynced bytes, in the order in which they were written;
 * - `sectors`: of each sector of 512 bytes none, all or the first of its unsynced pieces, by lot;
 * - `writes`: each write or not, by lot.
 */
export type WritesPlan =
  | { readonly keep: 'none' | 'all' }
  | { readonly keep: 'torn'; readonly bytes: number; readonly lost: LostBytes }
  | { readonly keep: 'sectors' | 'writes'; readonly lost: LostBytes };

/** A crash. `names`: unsynced creates, renames and unlinks that are kept; `some` by lot, each name's in order. */
export interface CrashPlan {
  readonly seed: string | number;
  readonly writes: WritesPlan;
  readonly names: 'none' | 'all' | 'some';
}

interface Change {
  readonly inode: SimInode;
  readonly change: ContentChange;
}

/** A disk with all of a plan's choices under way. */
interface Salvage {
  readonly plan: CrashPlan;
  readonly random: RandomStream;
  readonly inodes: readonly SimInode[];
  /** Contents after the salvage. */
  readonly kept: ReadonlyMap<SimInode, SimBytes>;
  /** Pieces of each sector that are still to be kept, for `sectors`. */
  readonly pieces: Map<string, number>;
  /** Bytes that are still to be kept, for `torn`. */
  tornLeft: number;
}

/** Bytes of writes that no sync has made durable. */
export function unsyncedBytes({ state }: SimDisk): number {
  let bytes = 0;
  for (const { change } of unsyncedChanges(inodesOf(state))) {
    if (change.kind === 'append' && change.fate !== 'durable') bytes += change.bytes.length;
  }
  return bytes;
}

/**
 * The disk as it is after a crash. The one that crashed is not used again, nor are its files: to try several
 * plans, crash copies. What is kept is durable; operations count from 1, and no faults are ahead.
 */
export function crash(disk: SimDisk, plan: CrashPlan): SimDisk {
  const before = disk.state;
  assert(!before.isDead, 'WAL-60', 'a disk crashes once');
  const random = createStream(plan.seed, 'crash');
  const inodes = inodesOf(before);
  const names = keptNames(before, plan, random);
  const kept = keptContents(inodes, plan, random);
  before.isDead = true;
  const after = createState(before.seed);
  after.nextInode = before.nextInode;
  const copies = new Map<SimInode, SimInode>();
  for (const inode of new Set(names.values())) {
    const visible = kept.get(inode)!;
    copies.set(inode, {
      id: inode.id,
      visible,
      durable: shareBytes(visible),
      changes: [],
      isOpen: false,
    });
  }
  for (const [name, inode] of names) after.names.set(name, copies.get(inode)!);
  after.durableNames = new Map(after.names);
  return diskOf(after);
}

/** The same for a disk that goes on: crashes a copy. */
export function crashCopy(disk: SimDisk, plan: CrashPlan): SimDisk {
  return crash(cloneDisk(disk), plan);
}

/** Names after the salvage. A change is only kept by lot where all earlier ones of its names are. */
function keptNames(state: DiskState, plan: CrashPlan, random: RandomStream): Map<string, SimInode> {
  const names = new Map(state.durableNames);
  const behindLost = new Set<string | undefined>();
  for (const change of state.nameChanges) {
    const { removes, sets, fate } = change;
    const drawn = plan.names === 'some' && random.nextInt(2) === 1;
    const isBehind =
      (removes !== undefined && behindLost.has(removes)) || (sets !== undefined && behindLost.has(sets));
    if (fate === 'durable' || plan.names === 'all' || (drawn && !isBehind)) setNames(names, change);
    else behindLost.add(removes).add(sets);
  }
  return names;
}

function unsyncedChanges(inodes: readonly SimInode[]): readonly Change[] {
  return inodes
    .flatMap((inode) => inode.changes.map((change) => ({ inode, change })))
    .sort((a, b) => a.change.operation - b.change.operation);
}

function keptContents(
  inodes: readonly SimInode[],
  plan: CrashPlan,
  random: RandomStream,
): ReadonlyMap<SimInode, SimBytes> {
  const { writes } = plan;
  const kept = new Map(inodes.map((inode) => [inode, shareBytes(inode.durable)]));
  const tornLeft = writes.keep === 'torn' ? writes.bytes : 0;
  assert(tornLeft >= 0, 'WAL-66', 'a write is torn behind none of its bytes or more');
  const changes = unsyncedChanges(inodes);
  const pieces = writes.keep === 'sectors' ? drawSectors(changes, random) : new Map<string, number>();
  const salvage: Salvage = { plan, random, inodes, kept, pieces, tornLeft };
  for (const { inode, change } of changes) {
    const out = kept.get(inode)!;
    if (change.kind === 'truncate') {
      if (change.fate === 'durable' || keepsTruncate(salvage)) truncateBytes(out, change.sizeBytes);
    } else if (change.fate === 'durable') writeBytes(out, change.offsetBytes, change.bytes);
    else keepAppend(salvage, inode, change.offsetBytes, change.bytes);
  }
  return kept;
}

function sectorKey(inode: SimInode, offsetBytes: number): string {
  return `${inode.id} ${Math.floor(offsetBytes / SECTOR_BYTES)}`;
}

/** The end of the piece that begins at an offset: at the end of its sector, or of the write. */
function pieceEnd(offsetBytes: number, endBytes: number): number {
  return Math.min(endBytes, (Math.floor(offsetBytes / SECTOR_BYTES) + 1) * SECTOR_BYTES);
}

/** How many pieces of each sector are kept: no later one without those that came before it. */
function drawSectors(changes: readonly Change[], random: RandomStream): Map<string, number> {
  const pieces = new Map<string, number>();
  for (const { inode, change } of changes) {
    if (change.kind !== 'append' || change.fate === 'durable') continue;
    const end = change.offsetBytes + change.bytes.length;
    for (let at = change.offsetBytes; at < end; at = pieceEnd(at, end)) {
      const key = sectorKey(inode, at);
      pieces.set(key, (pieces.get(key) ?? 0) + 1);
    }
  }
  for (const [key, count] of pieces) pieces.set(key, random.nextInt(count + 1));
  return pieces;
}

function keepsTruncate({ plan: { writes }, random, tornLeft }: Salvage): boolean {
  switch (writes.keep) {
    case 'none':
      return false;
    case 'all':
      return true;
    case 'torn':
      return tornLeft > 0;
    case 'sectors':
    case 'writes':
      return random.nextInt(2) === 1;
  }
}

function keepAppend(salvage: Salvage, inode: SimInode, offsetBytes: number, bytes: Uint8Array): void {
  const { writes } = salvage.plan;
  const out = salvage.kept.get(inode)!;
  switch (writes.keep) {
    case 'none':
      return;
    case 'all':
      writeBytes(out, offsetBytes, bytes);
      return;
    case 'torn': {
      const count = Math.min(salvage.tornLeft, bytes.length);
      salvage.tornLeft -= count;
      writeBytes(out, offsetBytes, bytes.subarray(0, count));
      loseBytes(salvage, out, { offsetBytes: offsetBytes + count, count: bytes.length - count }, writes.lost);
      return;
    }
    case 'writes':
      if (salvage.random.nextInt(2) === 1) writeBytes(out, offsetBytes, bytes);
      else loseBytes(salvage, out, { offsetBytes, count: bytes.length }, writes.lost);
      return;
    case 'sectors':
      keepSectors(salvage, inode, offsetBytes, bytes, writes.lost);
  }
}

function keepSectors(
  salvage: Salvage,
  inode: SimInode,
  offsetBytes: number,
  bytes: Uint8Array,
  lost: LostBytes,
): void {
  const out = salvage.kept.get(inode)!;
  const end = offsetBytes + bytes.length;
  for (let at = offsetBytes; at < end;) {
    const next = pieceEnd(at, end);
    const key = sectorKey(inode, at);
    const left = salvage.pieces.get(key)!;
    salvage.pieces.set(key, left - 1);
    if (left > 0) writeBytes(out, at, bytes.subarray(at - offsetBytes, next - offsetBytes));
    else loseBytes(salvage, out, { offsetBytes: at, count: next - at }, lost);
    at = next;
  }
}

interface LostRange {
  readonly offsetBytes: number;
  readonly count: number;
}

function loseBytes(
  salvage: Salvage,
  out: SimBytes,
  { offsetBytes, count }: LostRange,
  lost: LostBytes,
): void {
  switch (lost) {
    case 'cut':
      return;
    case 'zeros':
      writeBytes(out, offsetBytes, new Uint8Array(count));
      return;
    case 'garbage': {
      const garbage = new Uint8Array(count);
      for (let k = 0; k < count; k++) garbage[k] = salvage.random.uint32();
      writeBytes(out, offsetBytes, garbage);
      return;
    }
    case 'stale':
      writeBytes(out, offsetBytes, staleBytes(salvage, count));
      return;
    case 'mixed': {
      const kinds = ['cut', 'zeros', 'garbage', 'stale'] as const;
      loseBytes(salvage, out, { offsetBytes, count }, kinds[salvage.random.nextInt(kinds.length)]);
    }
  }
}

/** Durable bytes of any file, from where one of its sectors begins: what a block held that was freed. */
function staleBytes({ random, inodes }: Salvage, count: number): Uint8Array {
  const { durable } = inodes[random.nextInt(inodes.length)];
  const sectors = Math.ceil(durable.sizeBytes / SECTOR_BYTES);
  const stale = new Uint8Array(count);
  if (sectors > 0) readBytes(durable, random.nextInt(sectors) * SECTOR_BYTES, stale);
  return stale;
}
