// Compactions of a log at rest, each interrupted anywhere: whatever order a disk takes names in, none is
// missed.
import {
  cloneDisk,
  compact,
  crashCopy,
  createSimDisk,
  planCompaction,
  recoverLog,
  smallSubject,
  watchDisk,
} from '@truetape/wal';
import type { SimDisk, WalError } from '@truetape/wal';
import { expect, test } from 'vitest';
import { PORTS } from './toy.ts';

const SUBJECT = smallSubject(PORTS.sha256);

/** A log with many segments before its last two snapshots, and its state hash. */
function madeLog(): { readonly disk: SimDisk; readonly stateHash: string } {
  const disk = createSimDisk('compact');
  const setup = {
    storage: disk,
    ports: PORTS,
    seed: 'compact',
    segmentBytes: 60_000,
    reserveBytes: 0,
    isVolatile: false,
  };
  const started = SUBJECT.start({ ...setup, tell: () => undefined });
  if (!started.ok) throw new Error(started.error.code);
  const run = started.value;
  for (let k = 1; run.nextSeq() < 9_000; k++) {
    expect(run.put()).toBeUndefined();
    if (k % 150 === 0) expect(run.snapshot(3)).toBeUndefined();
  }
  return { disk, stateHash: run.stateHash() };
}

function compactFolder(storage: SimDisk): WalError | undefined {
  const config = { storage, ports: PORTS, kind: SUBJECT.kind };
  const plan = planCompaction(config, 'archive', 2);
  return plan.ok ? compact(config, plan.value) : plan.error;
}

/** The disk as it was in a compaction before each time that it makes names durable. */
function interrupted(disk: SimDisk): SimDisk[] {
  const disks: SimDisk[] = [];
  const copy = cloneDisk(disk);
  watchDisk(copy, ({ op }) => {
    if (op === 'syncFolder') disks.push(cloneDisk(copy));
  });
  expect(compactFolder(copy)).toBeUndefined();
  return disks;
}

// Fails where a compaction does not make durable first what was done to names before it.
test('a compaction behind one that was killed, and then a crash: the log is whole', () => {
  const { disk, stateHash } = madeLog();
  let recoveries = 0;
  for (const [k, killed] of interrupted(disk).entries()) {
    for (const [j, point] of interrupted(killed).entries()) {
      for (let seed = 0; seed < 12; seed++) {
        const writes = { keep: 'writes', lost: 'garbage' } as const;
        const after = crashCopy(point, { seed: `${k} ${j} ${seed}`, writes, names: 'some' });
        const config = { storage: after, ports: PORTS, kind: SUBJECT.kind };
        const read = recoverLog(config);
        expect(read).toMatchObject({ ok: true, value: { report: { stateHash, refused: [] } } });
        expect(planCompaction(config, 'archive')).toMatchObject({ ok: true });
        recoveries += 1;
      }
    }
  }
  expect(recoveries).toBeGreaterThan(100);
});
