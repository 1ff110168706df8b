// Repair: what is in the way is set aside, what it costs is said, and the log goes on.
import { describe, expect, test } from 'vitest';
import {
  closeLog,
  compact,
  corrupt,
  crashCopy,
  createSimDisk,
  fileBytes,
  operationCount,
  planCompaction,
  planRepair,
  repair,
  takeSnapshot,
  watchDisk,
} from '@truetape/wal';
import type { RepairPlan, SimDisk } from '@truetape/wal';
import { PORTS, TOY, putTimers, recoverToy, reopenToy, startToy } from './toy.ts';

/** Three segments and a part of a fourth, 2 events a commit, a snapshot at seq 40. */
function logDisk(): SimDisk {
  const disk = createSimDisk('repair');
  const run = startToy(disk, { segmentBytes: 2400 });
  for (let k = 0; k < 40; k++) {
    putTimers(run, k, k);
    if (k === 19) takeSnapshot(run.log, TOY, run.machine, 3);
  }
  expect(names(disk)).toEqual([
    '0000000000000040.snap',
    '00000001.rpl',
    '00000002.rpl',
    '00000003.rpl',
    '00000004.rpl',
  ]);
  return crashCopy(disk, { seed: 1, writes: { keep: 'all' }, names: 'all' });
}

const LONG = 9000;

/** Segments of some 2,000 events, and a snapshot that leads on from the last of them but one. */
function longDisk(): SimDisk {
  const disk = createSimDisk('long');
  const run = startToy(disk, { segmentBytes: 90_000 });
  for (let k = 0; k < LONG; k += 500) putTimers(run, ...Array.from({ length: 500 }, (_, id) => k + id));
  takeSnapshot(run.log, TOY, run.machine, 1);
  return crashCopy(disk, { seed: 1, writes: { keep: 'all' }, names: 'all' });
}

const names = (disk: SimDisk): string[] => {
  const listed = disk.list();
  return listed.ok ? listed.value.toSorted() : [];
};

const totalBytes = (disk: SimDisk): number =>
  names(disk).reduce((sum, name) => sum + fileBytes(disk, name)!.length, 0);

function plan(disk: SimDisk): RepairPlan {
  const planned = planRepair({ storage: disk, ports: PORTS, kind: TOY });
  if (!planned.ok) throw new Error(planned.error.code);
  return planned.value;
}

/** Repairs, and demands that what is left is whole, and that not a byte has gone. */
function repaired(disk: SimDisk, planned: RepairPlan): ReturnType<typeof reopenToy> {
  const before = totalBytes(disk);
  expect(repair(disk, planned)).toBeUndefined();
  expect(totalBytes(disk)).toBe(before);
  expect(plan(disk).steps).toEqual([]);
  const again = reopenToy(disk);
  expect(putTimers(again, 1)).toBeUndefined();
  return again;
}

const flip = (byte: number): number => byte ^ 1;
const nextSeqOf = ({ recovered }: ReturnType<typeof reopenToy>): number => recovered.report.nextSeq;

describe('a repair', () => {
  test('of a whole log does nothing', () => {
    expect(plan(logDisk())).toEqual({ damage: undefined, steps: [], lost: undefined, needsConsent: false });
  });

  test('of a torn end needs nobody’s consent', () => {
    const disk = logDisk();
    corrupt(disk, '00000004.rpl', fileBytes(disk, '00000004.rpl')!.length - 1, flip);
    const planned = plan(disk);
    expect(planned).toMatchObject({
      damage: undefined,
      needsConsent: false,
      lost: { firstSeq: 78, nextSeq: 80 },
      steps: [{ do: 'cut', segment: '00000004.rpl' }],
    });
    expect(nextSeqOf(repaired(disk, planned))).toBe(78);
  });

  test('of damage cuts there, and sets aside all that came behind', () => {
    const disk = logDisk();
    corrupt(disk, '00000002.rpl', fileBytes(disk, '00000002.rpl')!.length - 100, flip);
    const planned = plan(disk);
    const lost = planned.lost!.firstSeq;
    expect(planned).toMatchObject({
      damage: { code: 'corruptData' },
      needsConsent: true,
      lost: { nextSeq: 80 },
    });
    expect(planned.steps.map((step) => [step.do, step.do === 'cut' ? step.segment : step.name])).toEqual([
      ['setAside', '00000004.rpl'],
      ['setAside', '00000003.rpl'],
      // Taken of events that are given up.
      ...(lost < 40 ? [['setAside', '0000000000000040.snap']] : []),
      ['cut', '00000002.rpl'],
    ]);
    expect(nextSeqOf(repaired(disk, planned))).toBe(lost);
  });

  test('of a header sets the segment aside', () => {
    const disk = logDisk();
    corrupt(disk, '00000003.rpl', 30, flip);
    const planned = plan(disk);
    expect(planned.steps.map((step) => (step.do === 'cut' ? '' : step.as))).toEqual([
      '00000004.rpl.aside',
      '00000003.rpl.aside',
    ]);
    const again = repaired(disk, planned);
    expect(nextSeqOf(again)).toBe(planned.lost?.firstSeq);
    // The same happens again: nothing that was set aside is written over.
    const disk2 = crashCopy(again.disk, { seed: 1, writes: { keep: 'all' }, names: 'all' });
    expect(names(disk2)).not.toContain('00000003.rpl');
    disk2.rename('00000002.rpl', '00000003.rpl');
    disk2.rename('00000003.rpl.aside', '00000002.rpl.aside');
    disk2.rename('00000003.rpl', '00000002.rpl');
    corrupt(disk2, '00000002.rpl', 30, flip);
    expect(plan(disk2).steps).toContainEqual({
      do: 'setAside',
      name: '00000002.rpl',
      as: '00000002.rpl.aside-2',
    });
  });

  test('of a gap, of a foreign segment, of a snapshot ahead', () => {
    const gap = logDisk();
    gap.unlink('00000003.rpl');
    expect(plan(gap)).toMatchObject({
      damage: { code: 'segmentMissing' },
      needsConsent: true,
      lost: { nextSeq: 80 },
    });
    repaired(gap, plan(gap));
    const foreign = logDisk();
    foreign.rename('00000004.rpl', '00000003.rpl');
    expect(plan(foreign)).toMatchObject({ damage: { code: 'segmentForeign' }, needsConsent: true });
    repaired(foreign, plan(foreign));
    const ahead = logDisk();
    for (const name of ['00000004.rpl', '00000003.rpl', '00000002.rpl']) ahead.unlink(name);
    const planned = plan(ahead);
    expect(planned).toMatchObject({
      damage: { code: 'snapshotAhead' },
      lost: { nextSeq: 40 },
      needsConsent: true,
    });
    repaired(ahead, planned);
  });

  // Fails where a repair gives up what a snapshot leads on to.
  test.each(['gone', 'damaged', 'foreign'] as const)(
    'of a segment that no snapshot needs (%s) loses nothing',
    (how) => {
      const disk = longDisk();
      const [second, third] = ['00000002.rpl', '00000003.rpl'];
      if (how === 'foreign') disk.rename(third, second);
      else if (how === 'gone') disk.unlink(second);
      else corrupt(disk, second, 30, flip);
      const planned = plan(disk);
      expect(planned).toMatchObject({ lost: undefined, needsConsent: true });
      const aside = how === 'gone' ? ['00000001.rpl'] : ['00000001.rpl', second];
      expect(planned.steps).toEqual(aside.map((name) => ({ do: 'setAside', name, as: `${name}.aside` })));
      expect(nextSeqOf(repaired(disk, planned))).toBe(LONG);
    },
  );

  test('of a segment that is in the archive brings it back, without consent', () => {
    const disk = longDisk();
    disk.rename('00000002.rpl', 'archive/00000002.rpl');
    const planned = plan(disk);
    expect(planned).toMatchObject({ lost: undefined, needsConsent: false });
    expect(planned.steps).toEqual([{ do: 'restore', name: 'archive/00000002.rpl', as: '00000002.rpl' }]);
    expect(nextSeqOf(repaired(disk, planned))).toBe(LONG);
  });

  test('of a bad snapshot puts it away, without consent: no event is lost', () => {
    const disk = logDisk();
    corrupt(disk, '0000000000000040.snap', 50, flip);
    expect(plan(disk)).toMatchObject({ damage: undefined, needsConsent: false, lost: undefined });
    expect(nextSeqOf(repaired(disk, plan(disk)))).toBe(80);
  });

  test('of a seal alone loses nothing', () => {
    const disk = createSimDisk('seal');
    const run = startToy(disk);
    for (let k = 0; k < 5; k++) putTimers(run, k);
    closeLog(run.log);
    const second = reopenToy(disk);
    putTimers(second, 9);
    const damaged = crashCopy(second.disk, { seed: 1, writes: { keep: 'all' }, names: 'all' });
    // Inside the seal's footer.
    corrupt(damaged, '00000001.rpl', fileBytes(damaged, '00000001.rpl')!.length - 60, flip);
    const planned = plan(damaged);
    expect(planned).toMatchObject({ damage: { code: 'corruptData', seq: 5 }, lost: undefined });
    expect(nextSeqOf(repaired(damaged, planned))).toBe(6);
  });

  test('brings segments back from the archive where no snapshot leads on', () => {
    const disk = logDisk();
    const plannedCompaction = planCompaction({ storage: disk, ports: PORTS, kind: TOY }, 'archive');
    if (!plannedCompaction.ok) throw new Error(plannedCompaction.error.code);
    // A page of the hash is 4,096 events: nothing could go yet, so that it is moved by hand.
    expect(plannedCompaction.value.segments).toEqual([]);
    const { segments } = { segments: [{ name: '00000001.rpl', baseSeq: 0, nextSeq: 20 }] };
    expect(
      compact({ storage: disk, ports: PORTS }, { ...plannedCompaction.value, segments }),
    ).toBeUndefined();
    expect(recoverToy(disk)).toMatchObject({ ok: false, error: { code: 'noSnapshot' } });
    const planned = plan(disk);
    expect(planned.steps).toEqual([{ do: 'restore', name: 'archive/00000001.rpl', as: '00000001.rpl' }]);
    expect(nextSeqOf(repaired(disk, planned))).toBe(80);
  });

  test('that is interrupted anywhere is taken up again', () => {
    const before = logDisk();
    corrupt(before, '00000002.rpl', fileBytes(before, '00000002.rpl')!.length - 100, flip);
    const whole = crashCopy(before, { seed: 1, writes: { keep: 'all' }, names: 'all' });
    const wanted = nextSeqOf(repaired(whole, plan(whole)));
    const points: SimDisk[] = [];
    watchDisk(before, () => {
      for (const keep of ['none', 'all'] as const)
        points.push(crashCopy(before, { seed: 1, writes: { keep }, names: keep }));
    });
    repair(before, plan(before));
    expect(points.length).toBeGreaterThan(10);
    for (const disk of points) {
      expect(operationCount(disk)).toBe(0);
      expect(repair(disk, plan(disk))).toBeUndefined();
      expect(nextSeqOf(reopenToy(disk))).toBe(wanted);
    }
  });

  test('is refused where it cannot help', () => {
    const disk = logDisk();
    corrupt(disk, '00000001.rpl', 8, (byte) => byte ^ 2);
    expect(planRepair({ storage: disk, ports: PORTS, kind: TOY })).toMatchObject({
      ok: false,
      error: { code: 'notRepairable', damage: { code: 'segmentVersion' } },
    });
    expect(planRepair({ storage: createSimDisk(1), ports: PORTS, kind: TOY }).ok).toBe(false);
  });
});
