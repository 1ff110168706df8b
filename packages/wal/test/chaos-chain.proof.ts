// Commits larger than a frame, and larger than readers take: as a whole or not at all, and never a log that
// cannot start.
import { describe, expect, test } from 'vitest';
import {
  beginCommit,
  commit,
  crashCopy,
  createSimDisk,
  listCrashPlans,
  unsyncedBytes,
  watchDisk,
} from '@truetape/wal';
import { writeEvent } from '@truetape/tape';
import { EPOCH_NS, putTimers, recoverToy, reopenToy, startToy, timer } from './toy.ts';
import type { ToyRun } from './toy.ts';

/** Writes so many timers into a commit, which is not ended. */
function writeTimers({ log }: ToyRun, count: number): void {
  expect(beginCommit(log, EPOCH_NS + 5000n)).toBeUndefined();
  for (let k = 0; k < count; k++) {
    if (writeEvent(log.segment.writer, timer(5000, k)) !== undefined) throw new Error(`timer ${k}`);
  }
}

describe('a commit', () => {
  test('of several frames is there as a whole behind a crash, or not at all', () => {
    const disk = createSimDisk('chain');
    const run = startToy(disk, { segmentBytes: 100_000_000 });
    expect(putTimers(run, 1, 2, 3)).toBeUndefined();
    const ends = new Map<number, number>();
    watchDisk(disk, () => {
      const unsynced = unsyncedBytes(disk);
      const plans = listCrashPlans(unsynced, { seed: 'chain', subsets: 6 });
      // All shapes, and of the tears at each sector a few.
      const step = Math.max(1, Math.floor(plans.length / 24));
      for (const plan of plans.filter((_, k) => k < 7 || k % step === 0 || k > plans.length - 9)) {
        const read = recoverToy(crashCopy(disk, plan));
        if (!read.ok) throw new Error(JSON.stringify([plan, read.error]));
        const { nextSeq } = read.value.report;
        ends.set(nextSeq, (ends.get(nextSeq) ?? 0) + 1);
      }
    });
    writeTimers(run, 720_000);
    expect(commit(run.log)).toBeUndefined();
    expect([...ends.keys()].toSorted((a, b) => a - b)).toEqual([3, 720_003]);
  });

  test('that is too large for readers stops the log, which starts again without it', () => {
    const disk = createSimDisk('too large');
    const run = startToy(disk, { segmentBytes: 200_000_000 });
    expect(putTimers(run, 1, 2, 3)).toBeUndefined();
    writeTimers(run, 2_200_000);
    expect(commit(run.log)).toMatchObject({ code: 'commitTooLarge' });
    expect(putTimers(run, 4)).toMatchObject({ code: 'failed' });
    const again = reopenToy(disk);
    expect(again.recovered.report).toMatchObject({
      nextSeq: 3,
      torn: { firstSeq: 3, reason: 'chain that is too long' },
    });
    expect(putTimers(again, 4)).toBeUndefined();
    expect(recoverToy(again.disk)).toMatchObject({ ok: true, value: { report: { nextSeq: 4 } } });
  });
});
