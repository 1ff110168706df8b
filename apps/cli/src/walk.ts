/** Walks over the selected events of a batch, one at a time, so that a caller may wait between two of them. */
import { Kind, getN } from '@truetape/contracts';
import type { RecordBuffer } from '@truetape/contracts';
import { filterMatches } from '@truetape/tape';
import type { Batch, Filter } from '@truetape/tape';

/** Stands on one event: its record begins at half word `i` of `records`. */
export interface Walk {
  records: RecordBuffer;
  i: number;
  seq: number;
  isDefine: boolean;
  next: number;
  to: number;
  nextSeq: number;
  /** Events up to the filter's last seq that Skips stood for; the caller's to set back. */
  skipped: number;
}

export function createWalk(batch: Batch): Walk {
  const { records, from, to, firstSeq } = batch;
  return { records, i: from, seq: firstSeq, isDefine: false, next: from, to, nextSeq: firstSeq, skipped: 0 };
}

/** Moves to the next event that the filter wants; false at the end of the batch. A Define is always wanted. */
export function walkOn(walk: Walk, filter: Filter): boolean {
  const { records, to } = walk;
  const { u32 } = records;
  while (walk.next < to) {
    const i = walk.next;
    const head = u32[i];
    const kind = (head >>> 16) & 0xff;
    walk.next = i + (head & 0xffff) * 2;
    if (kind === Kind.Skip) {
      const count = getN(records, i + 4);
      walk.skipped += Math.max(0, Math.min(count, filter.toSeq + 1 - walk.nextSeq));
      walk.nextSeq += count;
      continue;
    }
    const seq = walk.nextSeq;
    walk.nextSeq = seq + 1;
    if (!filterMatches(filter, records, i, seq)) continue;
    walk.i = i;
    walk.seq = seq;
    walk.isDefine = kind === Kind.Define;
    return true;
  }
  return false;
}
