/**
 * A recovery on two threads: one checks, the other folds behind it what was checked. All segments but the last are
 * read so; whatever is wrong with one of them is left to the ordinary way, which begins again and says what it is.
 *
 * Who checks does all that a recovery does but fold: frames, checksums, records, the hash of all events, the places of
 * the segments. Who folds walks over frames that are known to be good, and looks at nothing but what they hold.
 */
import { epochOf, FRAME_HEADER_BYTES, NO_TIME, decodeFrameHeader } from '@truetape/tape';
import type { FileHeader, Page, WireTime } from '@truetape/tape';
import { viewRecords } from '@truetape/contracts';
import type { Epoch, RecordBuffer } from '@truetape/contracts';
import type { LogMachine } from './machine.ts';
import type { SnapshotHead } from './snapshot-file.ts';
import type { LogStorage } from './storage.ts';

/** What is to be checked: plain data, for another thread. */
export interface CheckRequest {
  /** Segments in order; the last one is not read, its header says where the others end. */
  readonly segments: readonly string[];
  /** The last page of the hash before the first event that is hashed, and that event's seq; undefined: of a new log. */
  readonly page: { readonly hash: string; readonly firstSeq: number } | undefined;
  /** A snapshot that has to agree with the events. */
  readonly snapshot: SnapshotHead | undefined;
}

/** A check under way beside. */
export interface SegmentCheck {
  /** Waits until the event of a seq is checked; false where that does not come to pass. */
  reaches(seq: number): boolean;
  /** Waits for its end: the last full page of all events; undefined where something is wrong. */
  result(): Page | undefined;
}

/** Read at once; a larger frame is read as a whole. */
const BLOCK_BYTES = 1_048_576;

interface Walk {
  readonly storage: LogStorage;
  readonly name: string;
  readonly epoch: Epoch;
  records: RecordBuffer;
  /** The file's bytes from `offset` on are in hand, so many. */
  offset: number;
  count: number;
  /** Of the last event so far. */
  lastTime: WireTime;
}

/** Has so many bytes from an offset on in hand; false where the file ends before. */
function holds(walk: Walk, offset: number, size: number): boolean {
  if (offset >= walk.offset && offset + size <= walk.offset + walk.count) return true;
  if (walk.records.u8.length < size) walk.records = viewRecords(new Uint8Array(Math.ceil(size / 8) * 8 * 2));
  const got = walk.storage.read(walk.name, offset, walk.records.u8);
  walk.offset = offset;
  walk.count = got.ok ? got.value : 0;
  return walk.count >= size;
}

/** Folds the events of a segment from `nextSeq` to `endSeq`, once each frame is checked. False where one is not. */
function foldSegment(walk: Walk, machine: LogMachine, check: SegmentCheck, from: FoldFrom): boolean {
  const { fromSeq, endSeq } = from;
  let { offset, nextSeq } = from;
  while (nextSeq < endSeq) {
    // Frames are checked in order, each as a whole: everything up to the one with this event is good.
    if (!check.reaches(nextSeq) || !holds(walk, offset, FRAME_HEADER_BYTES)) return false;
    const frame = decodeFrameHeader(walk.records.u8, offset - walk.offset);
    const size = FRAME_HEADER_BYTES + frame.payloadBytes;
    if (frame.nextSeq > nextSeq) {
      if (frame.nextSeq > fromSeq) {
        if (!holds(walk, offset, size)) return false;
        const at = (offset - walk.offset + FRAME_HEADER_BYTES) >>> 2;
        const { records, epoch } = walk;
        const { firstSeq, recordCount } = frame;
        const place = { from: at, to: at + (frame.payloadBytes >>> 2), firstSeq, nextSeq: frame.nextSeq };
        if (machine.fold({ records, ...place, recordCount }, { epoch }) !== undefined) return false;
      }
      nextSeq = frame.nextSeq;
      walk.lastTime = frame.lastTime;
    }
    offset += size;
  }
  return true;
}

interface FoldFrom {
  readonly offset: number;
  readonly nextSeq: number;
  readonly endSeq: number;
  /** Events before it are in the state already. */
  readonly fromSeq: number;
}

/**
 * Folds all segments but the last, from `fromSeq` on, behind a check. The last full page of their events, and the time
 * of the last; undefined where anything is wrong: the machine is of no use then.
 */
export function foldBeside(
  storage: LogStorage,
  segments: readonly { readonly name: string; readonly file: FileHeader }[],
  at: { readonly machine: LogMachine; readonly check: SegmentCheck; readonly fromSeq: number },
): { readonly page: Page; readonly lastTime: WireTime } | undefined {
  const { machine, check, fromSeq } = at;
  const baseOf = (k: number): number => segments[k].file.header.log!.baseSeq;
  let lastTime = NO_TIME;
  for (const [k, { name, file }] of segments.slice(0, -1).entries()) {
    const records = viewRecords(new Uint8Array(BLOCK_BYTES));
    const walk: Walk = { storage, name, epoch: epochOf(file.header), records, offset: 0, count: 0, lastTime };
    const from = { offset: file.bytes, nextSeq: baseOf(k), endSeq: baseOf(k + 1), fromSeq };
    if (!foldSegment(walk, machine, check, from)) return undefined;
    lastTime = walk.lastTime;
  }
  const page = check.result();
  return page === undefined ? undefined : { page, lastTime };
}
