// Compactions of a log at rest, each interrupted anywhere: whatever order a disk takes names in, none is
// missed; and whatever a process that died has left of names, seals and snapshots, the next one leans on none of it.
import {
  cloneDisk,
  compact,
  crashCopy,
  createSimDisk,
  failAt,
  fileBytes,
  operationCount,
  planCompaction,
  recoverLog,
  smallSubject,
  watchDisk,
} from '@truetape/wal';
import type { ChaosRun, CrashPlan, SimDisk, WalError } from '@truetape/wal';
import { describe, expect, test } from 'vitest';
import { PORTS } from './toy.ts';

const SUBJECT = smallSubject(PORTS.sha256);

/** A log with many segments before its last two snapshots, and its state hash. */
function madeLog(): { readonly disk: SimDisk; readonly stateHash: string; readonly run: ChaosRun } {
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
  return { disk, stateHash: run.stateHash(), run };
}

type Policy = 'archive' | 'delete';

function compactFolder(storage: SimDisk, policy: Policy = 'archive', keep: number = 2): WalError | undefined {
  const config = { storage, ports: PORTS, kind: SUBJECT.kind };
  const plan = planCompaction(config, policy, keep);
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

const BARE: CrashPlan = { seed: 1, writes: { keep: 'none' }, names: 'none' };

/** What is there behind a crash that keeps what was synced alone: the same state, and nothing to pass over. */
function demandWhole(disk: SimDisk, stateHash: string): void {
  const storage = crashCopy(disk, BARE);
  const config = { storage, ports: PORTS, kind: SUBJECT.kind };
  expect(recoverLog(config)).toMatchObject({ ok: true, value: { report: { stateHash } } });
  expect(compactFolder(storage)).toBeUndefined();
}

describe('a folder whose sync failed, and that the next process goes on with', () => {
  // Fails where a compaction takes for gone what a dead process has moved: behind the crash it is back, before a gap.
  test.each(['archive', 'delete'] as const)('in a compaction (%s): a crash leaves no gap', (policy) => {
    const { disk, stateHash } = madeLog();
    const whole = cloneDisk(disk);
    expect(compactFolder(whole, policy)).toBeUndefined();
    const [from, to] = [disk, whole].map((one) => operationCount(one, 'syncFolder'));
    expect(to - from).toBeGreaterThan(2);
    for (let n = from + 1; n <= to; n++) {
      const first = cloneDisk(disk);
      failAt(first, n, { code: 'EIO', op: 'syncFolder' });
      expect(compactFolder(first, policy)).toMatchObject({ code: 'storage', fault: { op: 'syncFolder' } });
      const second = cloneDisk(first);
      expect(compactFolder(second, policy)).toBeUndefined();
      const names = second.list();
      expect(names.ok && names.value.filter((name) => name.endsWith('.gone'))).toEqual([]);
      demandWhole(second, stateHash);
    }
  });

  // Fails where a compaction leans on a snapshot whose name goes with the crash.
  test('in a snapshot: a compaction makes it durable before anything goes', () => {
    const { disk, stateHash, run } = madeLog();
    failAt(disk, operationCount(disk, 'syncFolder') + 1, { code: 'EIO', op: 'syncFolder' });
    expect(run.snapshot(3)).toMatchObject({ code: 'storage', fault: { op: 'syncFolder' } });
    const second = cloneDisk(disk);
    expect(compactFolder(second, 'delete', 1)).toBeUndefined();
    demandWhole(second, stateHash);
  });
});

// Fails where a trailer that a dead process wrote, and perhaps did not sync, is taken for durable.
test.each(['killed', 'EIO'] as const)(
  'behind a seal that was interrupted (%s), what is archived is sealed',
  (how) => {
    const { disk } = madeLog();
    const first = cloneDisk(disk);
    const syncs = operationCount(first, 'sync') + 2;
    let killed = first;
    // Two snapshots that stay are the newest ones, and the oldest of them is written again before the first seal.
    if (how === 'EIO') failAt(first, syncs + 1, { code: 'EIO', op: 'sync' });
    else
      watchDisk(first, ({ op }) => {
        if (op === 'sync' && operationCount(first, 'sync') === syncs) killed = cloneDisk(first);
      });
    const failed = compactFolder(first);
    expect(failed === undefined).toBe(how === 'killed');
    const second = cloneDisk(killed);
    expect(compactFolder(second)).toBeUndefined();
    const archived = fileBytes(crashCopy(second, BARE), 'archive/00000001.rpl')!;
    expect(Buffer.from(archived.slice(-4)).toString()).toBe('LPRZ');
  },
);

// Fails where a frame is a witness that is none of its segment: what the disk had there before may be a later one.
test('behind the events of a segment, a frame of a later one proves nothing', () => {
  const { disk, stateHash } = madeLog();
  const later = fileBytes(disk, '00000004.rpl')!;
  const frame = later.slice(
    later.findLastIndex((_, at) => [0x52, 0x50, 0x4c, 0x42].every((byte, k) => later[at + k] === byte)),
  );
  const opened = disk.open('00000001.rpl');
  expect(opened.ok && opened.value.append([new Uint8Array(24).fill(1), frame])).toBeUndefined();
  const storage = crashCopy(disk, { seed: 1, writes: { keep: 'all' }, names: 'all' });
  const config = { storage, ports: PORTS, kind: SUBJECT.kind, everything: true };
  const read = recoverLog(config);
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  const { report } = read.value;
  expect([report.stateHash, report.segments[0].strayBytes]).toEqual([stateHash, 24 + frame.length]);
  expect(compactFolder(storage)).toBeUndefined();
  demandWhole(storage, stateHash);
});
