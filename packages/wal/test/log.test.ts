// A log of a toy machine on a simulated disk: commits, segments, restarts, refusals.
import { createStream } from '@truetape/kernel';
import { writeEvent } from '@truetape/tape';
import { describe, expect, test } from 'vitest';
import {
  beginCommit,
  closeLog,
  commit,
  compact,
  corrupt,
  createSimDisk,
  crashCopy,
  failAt,
  fileBytes,
  mark,
  operationCount,
  operationLog,
  planCompaction,
  readClock,
  snapshotRecovered,
  startClock,
  startSession,
  takeSnapshot,
  unsyncedBytes,
} from '@truetape/wal';
import type { ClockReading, LogConfig, SimDisk } from '@truetape/wal';
import { EPOCH_NS, PORTS, TOY, putTimers, recoverToy, reopenToy, startToy, timer } from './toy.ts';
import type { ToyRun } from './toy.ts';

const names = (disk: SimDisk): string[] => {
  const listed = disk.list();
  return listed.ok ? listed.value.toSorted() : [];
};

function runOf(commits: number, more: Partial<LogConfig> = {}): { disk: SimDisk; run: ToyRun } {
  const disk = createSimDisk('log');
  const run = startToy(disk, more);
  for (let k = 0; k < commits; k++) expect(putTimers(run, k, k + 1)).toBeUndefined();
  return { disk, run };
}

const stateOf = ({
  machine,
}: {
  readonly machine: { readonly count: number; readonly sum: number };
}): object => {
  const { count, sum } = machine;
  return { count, sum };
};

describe('a log', () => {
  test('has every commit on the disk when it returns', () => {
    const { disk, run } = runOf(5);
    expect(unsyncedBytes(disk)).toBe(0);
    expect(run.log.durableSeq).toBe(10);
    // Each commit is one write and one sync, and nothing else.
    const behindStart = operationLog(disk).slice(-10);
    expect(behindStart.map(({ op }) => op).join(' ')).toBe('write sync '.repeat(5).trim());
    const again = reopenToy(disk);
    expect(stateOf(again)).toEqual(stateOf(run));
    expect(again.recovered.report).toMatchObject({ nextSeq: 10, torn: undefined, commandsReplayed: 10 });
  });

  test('fills zeros that were reserved, and leaves none where a segment ends', () => {
    const { disk, run } = runOf(60, { segmentBytes: 4000, reserveBytes: 1500 });
    const sizes = names(disk).map((name) => fileBytes(disk, name)!.length);
    expect(sizes.length).toBeGreaterThan(2);
    const open = fileBytes(disk, names(disk).at(-1)!)!;
    expect(open.at(-1)).toBe(0);
    const { disk: plain, run: plainRun } = runOf(60, { segmentBytes: 4000 });
    expect(run.log.out.sizeBytes).toBe(plainRun.log.out.sizeBytes);
    for (const name of names(plain)) {
      const bytes = fileBytes(plain, name)!;
      expect(fileBytes(disk, name)!.slice(0, bytes.length)).toEqual(bytes);
    }
    // Some commits write twice, and each is synced once.
    expect(operationCount(disk, 'sync') - operationCount(plain, 'sync')).toBe(0);
    for (const keep of ['none', 'all'] as const) {
      const again = reopenToy(crashCopy(disk, { seed: 1, writes: { keep }, names: 'all' }));
      expect(again.recovered.report).toMatchObject({ nextSeq: 120, torn: undefined });
      expect(putTimers(again, 1)).toBeUndefined();
      expect(closeLog(again.log)).toBeUndefined();
      expect(reopenToy(again.disk).recovered.report.segments.at(-1)).toMatchObject({
        sealed: true,
        nextSeq: 121,
      });
    }
  });

  test('goes on behind a restart, in the same segment, and behind a clean end in the next', () => {
    const { disk, run } = runOf(3);
    const second = reopenToy(disk);
    putTimers(second, 7);
    expect(mark(second.log)).toBeUndefined();
    expect(mark(second.log)).toBeUndefined();
    expect(closeLog(second.log)).toBeUndefined();
    const third = reopenToy(second.disk);
    expect(third.recovered.report.segments).toEqual([
      { name: '00000001.rpl', baseSeq: 0, nextSeq: 7, sealed: true },
    ]);
    putTimers(third, 8);
    const fourth = reopenToy(third.disk);
    expect(names(fourth.disk)).toEqual(['00000001.rpl', '00000002.rpl']);
    expect(stateOf(fourth)).toEqual({ count: 8, sum: run.machine.sum + 15 });
  });

  test('begins another segment where one is full, and reads across all of them', () => {
    const { disk, run } = runOf(60, { segmentBytes: 1200 });
    expect(names(disk).length).toBeGreaterThan(5);
    const recovered = reopenToy(disk).recovered;
    expect(stateOf({ machine: recovered.machine as never })).toEqual(stateOf(run));
    // One hash over all events, wherever segments end.
    const { disk: other } = runOf(60);
    const [a, b] = [recovered, reopenToy(other).recovered];
    expect([a.report.hash, a.report.stateHash]).toEqual([b.report.hash, b.report.stateHash]);
    expect(b.report.segments.length).toBe(1);
  });

  test('that failed refuses everything behind it, and can be read again', () => {
    for (const op of ['write', 'sync'] as const) {
      const { disk, run } = runOf(3);
      failAt(disk, operationLog(disk).filter((done) => done.op === op).length + 1, { code: 'EIO', op });
      expect(putTimers(run, 99)).toMatchObject({ code: 'storage', fault: { op, code: 'EIO' } });
      expect(putTimers(run, 99)).toMatchObject({ code: 'failed' });
      expect(commit(run.log)).toMatchObject({ code: 'failed' });
      expect(mark(run.log)).toMatchObject({ code: 'failed' });
      expect(run.log.durableSeq).toBe(6);
      const after = reopenToy(crashCopy(disk, { seed: op, writes: { keep: 'none' }, names: 'none' }));
      expect(after.recovered.report.nextSeq).toBe(6);
    }
  });

  test('keeps what it cuts, and says which seqs that is', () => {
    const { disk, run } = runOf(3);
    const before = fileBytes(disk, '00000001.rpl')!.length;
    failAt(disk, operationLog(disk).filter(({ op }) => op === 'sync').length + 1, {
      code: 'EIO',
      op: 'sync',
    });
    putTimers(run, 1, 2, 3);
    const torn = crashCopy(disk, {
      seed: 1,
      writes: { keep: 'torn', bytes: 150, lost: 'zeros' },
      names: 'none',
    });
    const kept = fileBytes(torn, '00000001.rpl')!.slice(before);
    const strict = recoverToy(torn, { strictTail: true });
    expect(strict).toMatchObject({
      ok: false,
      error: { code: 'tornTail', torn: { firstSeq: 6, nextSeq: 9 } },
    });
    const early = recoverToy(torn, { expectSeq: 6 });
    expect(early).toMatchObject({ ok: false, error: { code: 'endsEarly', expectedSeq: 6, nextSeq: 6 } });
    expect(recoverToy(torn, { expectSeq: 5 }).ok).toBe(true);
    const again = reopenToy(torn);
    expect(again.recovered.report.torn).toMatchObject({ offsetBytes: before, firstSeq: 6, nextSeq: 9 });
    expect(names(again.disk)).toEqual(['00000001.rpl', `00000001.rpl.torn-${before}`]);
    expect(fileBytes(again.disk, `00000001.rpl.torn-${before}`)).toEqual(kept);
    putTimers(again, 5);
    const last = reopenToy(again.disk).recovered.report;
    expect([last.nextSeq, last.torn]).toEqual([7, undefined]);
  });
});

describe('refused, with its place', () => {
  const failure = (disk: SimDisk, more: object = {}): object => {
    const read = recoverToy(disk, more);
    expect(read.ok).toBe(false);
    return read.ok ? {} : read.error;
  };

  test('a changed bit in what a later frame says was durable', () => {
    const { disk } = runOf(4);
    corrupt(disk, '00000001.rpl', fileBytes(disk, '00000001.rpl')!.length - 400, (byte) => byte ^ 1);
    expect(failure(disk)).toMatchObject({ code: 'corruptData', segment: '00000001.rpl', frame: 2, seq: 4 });
  });

  test('a bad end in a segment that is not the last', () => {
    const { disk } = runOf(30, { segmentBytes: 1200 });
    corrupt(disk, '00000002.rpl', fileBytes(disk, '00000002.rpl')!.length - 1, (byte) => byte ^ 1);
    expect(failure(disk)).toMatchObject({ code: 'corruptData', segment: '00000002.rpl' });
  });

  test('a bad file header, an empty segment, another version', () => {
    for (const at of [0, 12, 16, 40]) {
      const { disk } = runOf(2);
      corrupt(disk, '00000001.rpl', at, (byte) => byte ^ 1);
      expect(failure(disk)).toMatchObject({ code: 'corruptData', segment: '00000001.rpl', offsetBytes: 0 });
    }
    const { disk } = runOf(2);
    corrupt(disk, '00000001.rpl', 8, (byte) => byte ^ 2);
    expect(failure(disk)).toMatchObject({ code: 'segmentVersion', expected: '0.1' });
    const empty = createSimDisk(1);
    expect(failure(empty)).toEqual({ code: 'noLog' });
    empty.create('00000001.rpl');
    expect(failure(empty)).toMatchObject({ code: 'corruptData' });
  });

  test('a segment that is missing, of another log, twice, or from another place', () => {
    const make = (): SimDisk => runOf(40, { segmentBytes: 1200 }).disk;
    const gone = make();
    gone.unlink('00000002.rpl');
    expect(failure(gone)).toMatchObject({ code: 'segmentMissing', segment: '00000002.rpl' });
    const first = make();
    first.unlink('00000001.rpl');
    expect(failure(first)).toMatchObject({ code: 'noSnapshot' });
    const swapped = make();
    swapped.rename('00000003.rpl', '00000002.rpl');
    expect(failure(swapped)).toMatchObject({ code: 'segmentForeign', segment: '00000002.rpl' });
    const foreign = make();
    const other = createSimDisk(2);
    const run = startToy(other, { segmentBytes: 1200 });
    for (let k = 0; k < 40; k++) putTimers(run, k);
    const copy = (name: string, from: SimDisk, to: SimDisk): void => {
      to.unlink(name);
      const made = to.create(name);
      if (!made.ok) throw new Error(name);
      made.value.append([fileBytes(from, name)!]);
      made.value.sync();
    };
    // The same id, and other events.
    copy('00000002.rpl', other, foreign);
    expect(failure(foreign)).toMatchObject({ code: 'segmentGap', segment: '00000002.rpl' });
  });

  test('a record that its machine does not take', () => {
    const { disk, run } = runOf(1);
    expect(
      recoverToy(disk, {
        kind: {
          ...TOY,
          create: () => ({
            ...TOY.create(),
            end: () => ({ code: 'fact', seq: 1, expected: 'a', found: 'b' }),
          }),
        },
      }),
    ).toMatchObject({
      ok: false,
      error: { code: 'contradiction', stop: { code: 'fact' } },
    });
    expect(run.log.failure).toBeUndefined();
  });
});

describe('snapshots', () => {
  function withSnapshots(): { disk: SimDisk; run: ToyRun } {
    const disk = createSimDisk('snapshots');
    const run = startToy(disk, { segmentBytes: 3000 });
    for (let k = 0; k < 90; k++) {
      // Over a thousand records a commit now and then, so that pages of the hash end everywhere.
      putTimers(run, ...Array.from({ length: k % 9 === 0 ? 1500 : 3 }, (_, n) => n));
      if (k % 20 === 19) expect(takeSnapshot(run.log, TOY, run.machine, 3).ok).toBe(true);
    }
    return { disk, run };
  }

  test('the newest is used, the last few are kept', () => {
    const { disk, run } = withSnapshots();
    const snapshots = names(disk).filter((name) => name.endsWith('.snap'));
    expect(snapshots.length).toBe(3);
    const { report, machine } = reopenToy(disk).recovered;
    expect(report.snapshot?.name).toBe(snapshots[2]);
    expect(stateOf({ machine: machine as never })).toEqual(stateOf(run));
    const whole = recoverToy(disk, { everything: true, deep: true });
    if (!whole.ok) throw new Error(whole.error.code);
    expect(whole.value.report).toMatchObject({
      hash: report.hash,
      stateHash: report.stateHash,
      verified: snapshots,
    });
    expect(report.eventsReplayed).toBeLessThan(whole.value.report.eventsReplayed / 3);
  });

  test('a bad one falls back to the one before, then to the first event, and says so', () => {
    const { disk, run } = withSnapshots();
    const random = createStream('snapshots', 'bytes');
    const snapshots = names(disk)
      .filter((name) => name.endsWith('.snap'))
      .toReversed();
    for (const [k, name] of snapshots.entries()) {
      corrupt(
        disk,
        name,
        random.nextInt(fileBytes(disk, name)!.length),
        (byte) => byte ^ (1 + random.nextInt(255)),
      );
      const read = recoverToy(disk);
      if (!read.ok) throw new Error(read.error.code);
      expect(read.value.report.refused.map((refused) => refused.name)).toEqual(snapshots.slice(0, k + 1));
      expect(read.value.report.snapshot?.name).toBe(snapshots[k + 1]);
      expect(stateOf({ machine: read.value.machine as never })).toEqual(stateOf(run));
    }
  });

  test('one behind the end of the log, of another log, or of other events is refused', () => {
    const { disk } = withSnapshots();
    const last = names(disk)
      .filter((name) => name.endsWith('.snap'))
      .at(-1)!;
    const cut = crashCopy(disk, { seed: 1, writes: { keep: 'all' }, names: 'all' });
    for (const name of names(cut)
      .filter((name) => name.endsWith('.rpl'))
      .slice(3))
      cut.unlink(name);
    expect(recoverToy(cut)).toMatchObject({ ok: false, error: { code: 'snapshotAhead', snapshot: last } });
    const renamed = crashCopy(disk, { seed: 1, writes: { keep: 'all' }, names: 'all' });
    renamed.rename(last, '0000000000000001.snap');
    const read = recoverToy(renamed, { everything: true });
    expect(read.ok && read.value.report.refused).toMatchObject([{ name: '0000000000000001.snap' }]);
  });

  test('one of a log at rest is durable, stands on durable events, and changes nothing else', () => {
    const { disk } = withSnapshots();
    const rest = crashCopy(disk, { seed: 1, writes: { keep: 'all' }, names: 'all' });
    const before = names(rest);
    const read = recoverToy(rest);
    if (!read.ok) throw new Error(read.error.code);
    const taken = snapshotRecovered({ storage: rest, ports: PORTS, kind: TOY }, read.value, 2);
    if (!taken.ok) throw new Error(taken.error.code);
    const { nextSeq, hash, stateHash } = read.value.report;
    expect(taken.value).toMatchObject({ seq: nextSeq, removed: before.slice(0, 2) });
    // The last segment is written again before a snapshot vouches for it: its bytes need not have been durable.
    const done = operationLog(rest).map(({ op, name }) => `${op} ${name}`);
    const segment = `${before.at(-1)!}.new`;
    const vouches = done.indexOf(`create ${taken.value.name}.new`);
    expect(done.slice(0, vouches)).toEqual(
      expect.arrayContaining([`create ${segment}`, `sync ${segment}`, `rename ${segment}`, 'syncFolder .']),
    );
    expect(names(rest)).toEqual([before[2], taken.value.name, ...before.slice(3)]);
    // That older ones went may be lost.
    const after = crashCopy(rest, { seed: 2, writes: { keep: 'none' }, names: 'none' });
    expect(reopenToy(after).recovered.report).toMatchObject({
      snapshot: { seq: nextSeq },
      eventsReplayed: 0,
      hash,
      stateHash,
    });
    const whole = recoverToy(after, { everything: true, deep: true });
    expect(whole.ok && whole.value.report.verified).toContain(taken.value.name);
    expect(() => snapshotRecovered({ storage: rest, ports: PORTS, kind: TOY }, read.value, 0)).toThrow(
      'WAL-4',
    );
  });

  test('compaction that keeps fewer of them lets more segments go', () => {
    const { disk } = withSnapshots();
    const snapshots = names(disk).filter((name) => name.endsWith('.snap'));
    const config = { storage: disk, ports: PORTS, kind: TOY };
    const [all, one] = [planCompaction(config, 'delete'), planCompaction(config, 'delete', 1)];
    if (!all.ok || !one.ok) throw new Error('refused');
    expect([all.value.dropped, one.value.dropped]).toEqual([[], snapshots.slice(0, -1)]);
    expect(one.value.snapshot).toBe(snapshots.at(-1));
    expect(one.value.segments.length).toBeGreaterThan(all.value.segments.length);
    expect(compact(config, one.value)).toBeUndefined();
    expect(names(disk).filter((name) => name.endsWith('.snap'))).toEqual(snapshots.slice(-1));
    expect(recoverToy(disk, { everything: true }).ok).toBe(true);
    expect(() => planCompaction(config, 'delete', 0)).toThrow('WAL-4');
  });

  test('compaction leaves what leads on from the oldest snapshot, with its hashes', () => {
    for (const policy of ['archive', 'delete'] as const) {
      const { disk, run } = withSnapshots();
      const plan = planCompaction({ storage: disk, ports: PORTS, kind: TOY }, policy);
      if (!plan.ok) throw new Error(plan.error.code);
      expect(plan.value.segments.length).toBeGreaterThan(1);
      const before = recoverToy(disk, { everything: true });
      expect(compact({ storage: disk, ports: PORTS }, plan.value)).toBeUndefined();
      const archived = names(disk).filter((name) => name.startsWith('archive/'));
      expect(archived.length).toBe(policy === 'archive' ? plan.value.segments.length : 0);
      const after = recoverToy(disk, { everything: true, deep: true });
      if (!before.ok || !after.ok) throw new Error('refused');
      expect(after.value.report).toMatchObject({
        hash: before.value.report.hash,
        stateHash: before.value.report.stateHash,
        verified: before.value.report.verified,
      });
      expect(stateOf(reopenToy(disk))).toEqual(stateOf(run));
      // Without its snapshots such a log has no beginning.
      for (const name of names(disk).filter((name) => name.endsWith('.snap'))) disk.unlink(name);
      expect(recoverToy(disk)).toMatchObject({ ok: false, error: { code: 'noSnapshot' } });
    }
  });
});

// WAL-1 to WAL-5: what only a programmer can get wrong.
test('a log is not written to behind its close, nor in the middle of a commit', () => {
  const { run } = runOf(1);
  expect(() => takeSnapshot(run.log, TOY, run.machine, 0)).toThrow('WAL-4');
  const session = { build: {}, mode: 'test', wallNs: EPOCH_NS, previousEnd: 'new' } as const;
  expect(() => startSession(run.log, { ...session, timeNs: -1n })).toThrow('WAL-5');
  expect(writeEvent(run.log.segment.writer, timer(5000, 1))).toBeUndefined();
  expect(() => beginCommit(run.log, EPOCH_NS)).toThrow('WAL-2');
  expect(() => takeSnapshot(run.log, TOY, run.machine, 1)).toThrow('WAL-3');
  expect(closeLog(run.log)).toBeUndefined();
  expect(() => commit(run.log)).toThrow('WAL-1');
  expect(() => mark(run.log)).toThrow('WAL-1');
});

test('a clock that went back is clamped and said so, one that jumped ahead is refused', () => {
  const at = (wallNs: bigint, elapsedNs: bigint): ClockReading => ({ wallNs, elapsedNs });
  const started = startClock(at(1000n, 0n), 900n, { aheadMaxNs: 50n, restartMaxNs: 100n });
  if (!started.ok) throw new Error(started.error.code);
  const clock = started.value;
  expect(readClock(clock, at(1010n, 10n))).toEqual({ ok: true, value: { timeNs: 1010n, isClamped: false } });
  expect(readClock(clock, at(1005n, 20n))).toEqual({ ok: true, value: { timeNs: 1010n, isClamped: true } });
  // 10 have passed: up to 50 more are believed.
  expect(readClock(clock, at(1066n, 30n))).toMatchObject({
    ok: false,
    error: { code: 'clockAhead', expectedNs: 1015n },
  });
  expect(readClock(clock, at(1065n, 30n))).toEqual({ ok: true, value: { timeNs: 1065n, isClamped: false } });
  expect(startClock(at(1001n, 0n), 900n, { restartMaxNs: 100n })).toMatchObject({ ok: false });
  const behind = startClock(at(800n, 0n), 900n);
  expect(behind.ok && readClock(behind.value, at(801n, 1n))).toEqual({
    ok: true,
    value: { timeNs: 900n, isClamped: true },
  });
});

// What a recovery passes over unread has to leave it where the segment ends all the same.
test('a log goes on behind a snapshot at the end of a page, of whose frames the last alone is read', () => {
  const disk = createSimDisk('page');
  const run = startToy(disk);
  for (let k = 0; k < 4096; k += 64) putTimers(run, ...Array.from({ length: 64 }, (_, n) => k + n));
  expect(takeSnapshot(run.log, TOY, run.machine, 1).ok).toBe(true);
  const second = reopenToy(disk);
  expect(second.recovered.report).toMatchObject({
    snapshot: { seq: 4096 },
    nextSeq: 4096,
    eventsReplayed: 0,
  });
  expect(putTimers(second, 1, 2)).toBeUndefined();
  const third = reopenToy(second.disk);
  expect(stateOf(third)).toEqual(stateOf(second));
  expect(third.recovered.report).toMatchObject({ nextSeq: 4098, torn: undefined });
  expect(recoverToy(third.disk, { everything: true, deep: true }).ok).toBe(true);
});
