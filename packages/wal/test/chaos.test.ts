// Samples of the sweeps that break a log of commands to books, and sweeps of logs that are wrong: they are
// noticed.
import { describe, expect, test } from 'vitest';
import {
  booksSubject,
  cloneDisk,
  crashCopy,
  createSimDisk,
  listCrashPlans,
  runSweep,
  smallSubject,
  unsyncedBytes,
  watchDisk,
} from '@truetape/wal';
import type { ChaosRun, SimDisk } from '@truetape/wal';
import { FAULTY, sweepOf } from './chaos-sweeps.ts';
import { PORTS } from './toy.ts';

describe('a sample of a sweep finds nothing', () => {
  test.each([
    ['crash', 60, 'books'],
    ['crash', 120, 'small'],
    ['corrupt', 250, 'books'],
    ['fail', 12, 'books'],
    ['fail', 25, 'small'],
    ['twice', 12, 'books'],
    ['twice', 40, 'small'],
    ['repair', 10, 'books'],
    ['repair', 40, 'small'],
  ] as const)('%s: %i cases, %s', (sweep, cases, name) => {
    const small = name === 'small' ? { subject: smallSubject(PORTS.sha256) } : {};
    const { failures, tried, possible } = sweepOf(sweep, { seed: `test ${cases}`, cases, ...small });
    expect(failures).toEqual([]);
    expect([tried, possible > cases]).toEqual([cases, true]);
  });
});

// What a sweep has found once, by its name: a compaction on top of one whose sync of the folder had failed left a gap,
// or the log without its snapshot; a frame that the disk had there before was taken for a witness behind a seal that was interrupted.
test.each([
  ['twice', '1', 'syncFolder/20/ENOSPC/10'],
  ['twice', '1', 'syncFolder/21/EIO/21'],
  ['twice', '1', 'syncFolder/16/ENOSPC/15'],
  ['twice', '1', 'write/1517/SHORT/3'],
  ['twice', '1', 'write/1541/SHORT/1'],
] as const)('%s, seed %s: %s stays mended', (sweep, seed, only) => {
  const { tried, failures } = sweepOf(sweep, { seed, only, subject: smallSubject(PORTS.sha256) });
  expect([tried, failures]).toEqual([1, []]);
});

test('a log that promises nothing is found as it was at some time, all the same', () => {
  const subject = smallSubject(PORTS.sha256);
  const { failures, counts } = sweepOf('crash', { seed: '7', cases: 60, subject });
  expect([failures, counts['volatile']]).toEqual([[], 1]);
});

// Fails where a log that ends between its Session and what is defined behind it is anything but an empty one, to which
// a process can give all of that once more.
test('a crash anywhere in the first start of an engine leaves no log, or an empty one', () => {
  const subject = booksSubject(PORTS.sha256);
  const setup = { ports: PORTS, seed: 'start', segmentBytes: 6000, reserveBytes: 4096, isVolatile: false };
  const told = new Map([[0, subject.kind.create().hash()]]);
  const tell = (run: Pick<ChaosRun, 'nextSeq' | 'stateHash'>): unknown =>
    told.set(run.nextSeq(), run.stateHash());
  const disk = createSimDisk('start');
  const left: SimDisk[] = [];
  watchDisk(disk, ({ number }) => {
    const plans = listCrashPlans(unsyncedBytes(disk), { seed: `${number}`, subsets: 6 });
    left.push(cloneDisk(disk), ...plans.map((plan) => crashCopy(disk, plan)));
  });
  expect(subject.start({ ...setup, storage: disk, tell }).ok).toBe(true);
  const found = new Set<number>();
  for (const storage of left) {
    const again = subject.start({ ...setup, storage, tell: () => undefined });
    if (!again.ok) throw new Error(JSON.stringify(again.error));
    const { report } = again.value;
    found.add(report?.nextSeq ?? -1);
    if (report !== undefined) expect(report.stateHash).toBe(told.get(report.nextSeq));
    expect(again.value.put()).toBeUndefined();
  }
  // No log, one without events, with a Session and a Clock alone, and with what is defined.
  expect([...found].toSorted((a, b) => a - b)).toEqual([-1, ...told.keys()]);
  expect([...told.keys()].slice(0, 2)).toEqual([0, 2]);
});

describe('a log is found out that', () => {
  test.each(FAULTY)('$what', ({ sweep, cases, finds, ...faulty }) => {
    const { failures } = sweepOf(sweep, { seed: 'faulty', cases, ...faulty });
    expect(failures.map(({ wrong }) => wrong).join('\n')).toMatch(finds);
  });
});

// WAL-70 and WAL-71: what a log is broken with is taken by it, and each case is one that there is.
test('a failure is found again by its name alone', () => {
  const { subject, cases } = FAULTY[0];
  const first = sweepOf('crash', { seed: 'again', cases, subject: subject! }).failures[0];
  const again = sweepOf('crash', { seed: 'again', cases, subject: subject!, only: first.place });
  expect(again).toMatchObject({ tried: 1, failures: [first] });
  const none = runSweep('fail', {
    subject: smallSubject(PORTS.sha256),
    ports: PORTS,
    seed: '1',
    cases: 1,
    only: 'write/0/EIO',
  });
  expect(none.next()).toMatchObject({ done: true, value: { tried: 0, failures: [] } });
});
