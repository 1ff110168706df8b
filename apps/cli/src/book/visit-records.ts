/** The records of a batch, Skips among them, each with its seq. */
import { Kind, getN } from '@truetape/contracts';
import type { RecordBuffer } from '@truetape/contracts';
import type { Batch } from '@truetape/tape';

/**
 * Visits each record: its first half word in `records`, its kind and its seq. A Skip has the first that it
 * skips.
 */
export function visitRecords(
  { records, from, to, firstSeq }: Batch,
  visit: (records: RecordBuffer, i: number, kind: number, seq: number) => void,
): void {
  let seq = firstSeq;
  for (let i = from; i < to; i += (records.u32[i] & 0xffff) * 2) {
    const kind = (records.u32[i] >>> 16) & 0xff;
    visit(records, i, kind, seq);
    seq += kind === Kind.Skip ? getN(records, i + 4) : 1;
  }
}
