/** What each file of a log's folder is, from its own head, frame headers and end: no event is read. */
import { nodePorts } from '@truetape/host';
import { decodeFileHeader, openIndexed, walkFrames } from '@truetape/tape';
import type { FileHeader, FrameWalk, RandomAccess, WireTime } from '@truetape/tape';
import { decodeSnapshot, sortNames } from '@truetape/wal';
import type { LogStorage, SnapshotHead } from '@truetape/wal';
import { systemText } from '../wording.ts';
import { walFailure } from './wording.ts';

/** A segment; what could not be read of it is missing, and `damage` says why. */
export interface SegmentFacts {
  readonly name: string;
  readonly sizeBytes: number | undefined;
  readonly header: FileHeader | undefined;
  readonly walk: FrameWalk | undefined;
  readonly sealed: boolean;
  /** Zeros behind the last frame, which commits would fill. */
  readonly reservedBytes: number;
  readonly damage: string | undefined;
}

export interface SnapshotFacts {
  readonly name: string;
  readonly sizeBytes: number | undefined;
  readonly head: SnapshotHead | undefined;
  readonly damage: string | undefined;
}

/** A file of which only name and size are told. */
export interface OtherFile {
  readonly name: string;
  readonly sizeBytes: number | undefined;
}

export interface FolderFacts {
  readonly segments: readonly SegmentFacts[];
  readonly snapshots: readonly SnapshotFacts[];
  readonly archived: readonly SegmentFacts[];
  /** Not all there when a process ended. */
  readonly unfinished: readonly OtherFile[];
  /** Torn ends and what was set aside. */
  readonly kept: readonly OtherFile[];
}

/** Looks at all files. Throws only where the folder cannot be listed. */
export function inspectFiles(storage: LogStorage, path: string): FolderFacts {
  const listed = storage.list();
  if (!listed.ok) throw walFailure(path, { code: 'storage', fault: listed.error });
  const files = sortNames(listed.value);
  const other = (name: string): OtherFile => ({ name, sizeBytes: sizeOf(storage, name) });
  return {
    segments: files.segments.map((name) => inspectSegment(storage, name)),
    snapshots: files.snapshots.map((name) => inspectSnapshot(storage, name)),
    archived: files.archived.map((name) => inspectSegment(storage, name)),
    unfinished: files.unfinished.map(other),
    kept: files.others.map(other),
  };
}

function sizeOf(storage: LogStorage, name: string): number | undefined {
  const size = storage.sizeOf(name);
  return size.ok ? size.value : undefined;
}

const HEADER_BYTES = 1_048_576 + 32;

function inspectSegment(storage: LogStorage, name: string): SegmentFacts {
  const sizeBytes = sizeOf(storage, name);
  const unread = { name, sizeBytes, header: undefined, walk: undefined, sealed: false, reservedBytes: 0 };
  if (sizeBytes === undefined) return { ...unread, damage: 'it cannot be read' };
  let fault: string | undefined;
  const read = (offset: number, into: Uint8Array): number => {
    const got = storage.read(name, offset, into);
    if (!got.ok) fault ??= systemText(got.error.code);
    return got.ok ? got.value : 0;
  };
  const bytes = new Uint8Array(Math.min(sizeBytes, HEADER_BYTES));
  const head = decodeFileHeader(bytes.subarray(0, read(0, bytes)), nodePorts);
  if (fault !== undefined) return { ...unread, damage: fault };
  if ('need' in head) return { ...unread, damage: `the header takes ${head.need} bytes, found ${sizeBytes}` };
  if (!head.ok) return { ...unread, damage: `expected ${head.error.expected}, found ${head.error.found}` };
  const access: RandomAccess = { sizeBytes, read };
  const walk = walkFrames(access, nodePorts, head.value.bytes);
  const sealed = 'footer' in openIndexed(access, nodePorts);
  const behind = sizeBytes - walk.endBytes;
  const reservedBytes = behind > 0 && isZero(read, walk.endBytes) ? behind : 0;
  const damage =
    fault ??
    (behind > reservedBytes ? `no whole frame from offset ${walk.endBytes} on: ${behind} bytes` : undefined);
  return { name, sizeBytes, header: head.value, walk, sealed, reservedBytes, damage };
}

const BLOCK_BYTES = 1_048_576;

function isZero(read: (offset: number, into: Uint8Array) => number, fromBytes: number): boolean {
  const block = new Uint8Array(BLOCK_BYTES);
  for (let at = fromBytes; ;) {
    const size = read(at, block);
    if (size === 0) return true;
    if (block.subarray(0, size).some((byte) => byte !== 0)) return false;
    at += size;
  }
}

function inspectSnapshot(storage: LogStorage, name: string): SnapshotFacts {
  const sizeBytes = sizeOf(storage, name);
  const unread = { name, sizeBytes, head: undefined };
  if (sizeBytes === undefined) return { ...unread, damage: 'it cannot be read' };
  const bytes = new Uint8Array(sizeBytes);
  const got = storage.read(name, 0, bytes);
  if (!got.ok) return { ...unread, damage: systemText(got.error.code) };
  const snapshot = decodeSnapshot(bytes.subarray(0, got.value), nodePorts.sha256);
  if (!snapshot.ok)
    return { ...unread, damage: `expected ${snapshot.error.expected}, found ${snapshot.error.found}` };
  return { name, sizeBytes, head: snapshot.value.head, damage: undefined };
}

/** Unix ns of a time on the wire. */
export function unixNsOf({ hi, lo }: WireTime): bigint {
  return (BigInt(hi) << 32n) | BigInt(lo);
}
