/** The other thread of the tests of shared memory: what it does is its first message. */
import { workerData } from 'node:worker_threads';
import {
  closeRing,
  isRingStopped,
  offerCells,
  openRingProducer,
  openSnapshotWriter,
  publishSnapshot,
  type Doorbell,
  type SharedRing,
  type SharedSnapshot,
} from '@truetape/kernel';

export type PeerTask =
  | {
      readonly type: 'count';
      readonly ring: SharedRing;
      readonly bell: Doorbell;
      readonly cells: number;
      readonly batch: number;
    }
  | {
      readonly type: 'publish';
      readonly block: SharedSnapshot;
      /** Stopped when the reader has seen enough. */
      readonly until: SharedRing;
      /** Words at the end that change with the first, so that a reader who is under way meets it; or all. */
      readonly endWords: number | 'all';
    };

/** Cells with all words the same: 1, 2, 3 and so on. */
function count({ ring, bell, cells, batch }: PeerTask & { type: 'count' }): void {
  const nowNs = (): number => Number(process.hrtime.bigint());
  const producer = openRingProducer(ring, { overflow: 'wait', nowNs, bell });
  const words = ring.cellBytes / 4;
  const row = new Int32Array(batch * words);
  for (let next = 1; next <= cells; next += batch) {
    const size = Math.min(batch, cells + 1 - next);
    for (let k = 0; k < size; k++) row.fill(next + k, k * words, (k + 1) * words);
    if (offerCells(producer, row, 0, size) !== size) return;
  }
  closeRing(ring);
}

/** Blocks whose words that change are all the same. */
function publish({ block, until, endWords }: PeerTask & { type: 'publish' }): void {
  const writer = openSnapshotWriter(block);
  for (let value = 1; !isRingStopped(until); value++) {
    if (endWords === 'all') writer.i32.fill(value);
    else {
      writer.i32[0] = value;
      writer.i32.fill(value, writer.i32.length - endWords);
    }
    // A pause of 0 to 6 µs, about as long as a reader needs: it meets changes, and sometimes none.
    const resumeNs = process.hrtime.bigint() + BigInt((value * 7) % 64) * 100n;
    while (process.hrtime.bigint() < resumeNs);
    publishSnapshot(writer);
  }
}

const task = workerData as PeerTask;
switch (task.type) {
  case 'count':
    count(task);
    break;
  case 'publish':
    publish(task);
    break;
}
