// A crash at every operation of a log's life: what was acknowledged is there, and what follows is as if nothing had been.
import { describe, expect, test } from 'vitest';
import {
  closeLog,
  compact,
  cloneDisk,
  corrupt,
  crashCopy,
  createSimDisk,
  fileBytes,
  listCrashPlans,
  mark,
  openLog,
  operationCount,
  planCompaction,
  takeSnapshot,
  unsyncedBytes,
  watchDisk,
} from '@truetape/wal';
import type { Compaction, CrashPlan, LogConfig, RecoveryReport, SimDisk } from '@truetape/wal';
import { EPOCH_NS, PORTS, TOY, configOf, putTimers, recoverToy, startToy } from './toy.ts';
import type { ToyRun } from './toy.ts';

const CONFIG: Partial<LogConfig> = { segmentBytes: 2000, reserveBytes: 700 };

/** What somebody was told: seqs below are durable, and there is a snapshot. */
interface Promised {
  nextSeq: number;
  snapshotSeq: number;
}

/** The event at a seq has that seq, plus one, as its id: the state behind any number of events is known. */
const idsFrom = (seq: number, count: number): number[] =>
  Array.from({ length: count }, (_, k) => seq + k + 1);

/** Opens what is on this disk, not a copy of it. */
function goOn(disk: SimDisk, more: Partial<LogConfig>): { run: ToyRun; report: RecoveryReport } | undefined {
  const recovered = recoverToy(disk);
  if (!recovered.ok) throw new Error(JSON.stringify(recovered.error));
  const { report, machine } = recovered.value;
  const { nextSeq } = report;
  expect(machine).toMatchObject({ count: nextSeq, sum: (nextSeq * (nextSeq + 1)) / 2 });
  const timeNs = nextSeq * 1000 + 1_000_000;
  const opened = openLog(configOf(disk, more), recovered.value, EPOCH_NS + BigInt(timeNs));
  if (!opened.ok) throw new Error(JSON.stringify(opened.error));
  return { run: { log: opened.value, machine: machine as ToyRun['machine'], timeNs }, report };
}

/** Commits of one to three events, every fifth larger than a sector; a mark and a snapshot now and then. */
function live(run: ToyRun, commits: number, promised: Promised, told: Set<number>): void {
  const { log, machine } = run;
  for (let k = 0; k < commits; k++) {
    const from = log.segment.writer.nextSeq;
    const ids = idsFrom(from, k % 5 === 4 ? 25 : 1 + (k % 3));
    told.add(from + ids.length);
    expect(putTimers(run, ...ids)).toBeUndefined();
    const isVolatile = log.config.isVolatile === true;
    if (!isVolatile) promised.nextSeq = from + ids.length;
    if (k % 4 === 2) expect(mark(log)).toBeUndefined();
    if (k % 6 !== 5) continue;
    const taken = takeSnapshot(log, TOY, machine, 2);
    if (!taken.ok) throw new Error(taken.error.code);
    promised.snapshotSeq = taken.value.seq;
    promised.nextSeq = taken.value.seq;
  }
}

/** What is found behind a crash keeps all promises; then, if asked for, life goes on, and ends in another crash. */
function demand(
  disk: SimDisk,
  promised: Promised,
  told: ReadonlySet<number>,
  goesOn: boolean,
): RecoveryReport {
  const again = goOn(disk, CONFIG)!;
  const { report, run } = again;
  expect(report.refused).toEqual([]);
  expect(report.nextSeq).toBeGreaterThanOrEqual(promised.nextSeq);
  expect([...told]).toContain(report.nextSeq);
  expect(report.snapshot?.seq ?? 0).toBeGreaterThanOrEqual(promised.snapshotSeq);
  // Whatever was read is durable before anything is written behind it.
  if (report.unfinished.length === 0) expect(unsyncedBytes(disk)).toBe(0);
  if (!goesOn) return report;
  // What was found counts from here on, and so does what comes next: also where nothing but syncs is kept.
  const next: Promised = { nextSeq: report.nextSeq, snapshotSeq: 0 };
  const bare = crashCopy(disk, { seed: 2, writes: { keep: 'none' }, names: 'none' });
  expect(goOn(bare, {})!.report).toMatchObject({ nextSeq: report.nextSeq, torn: undefined });
  live(run, 3, next, new Set());
  const last = crashCopy(disk, { seed: 3, writes: { keep: 'none' }, names: 'none' });
  expect(goOn(last, {})!.report).toMatchObject({ nextSeq: next.nextSeq, torn: undefined });
  return report;
}

describe('the last commit', () => {
  const damaged = (isMarked: boolean): ReturnType<typeof recoverToy> => {
    const disk = createSimDisk('mark');
    const run = startToy(disk);
    for (const id of [1, 2, 3]) putTimers(run, id);
    const end = run.log.out.sizeBytes;
    if (isMarked) mark(run.log);
    const rest = crashCopy(disk, { seed: 1, writes: { keep: 'all' }, names: 'all' });
    corrupt(rest, '00000001.rpl', end - 1, (byte) => byte ^ 1);
    return recoverToy(rest);
  };

  // Fails when a mark is not written, or is not what says that the commit before it was durable.
  test('is beyond doubt behind a mark, and not before', () => {
    expect(damaged(true)).toMatchObject({ ok: false, error: { code: 'corruptData', seq: 2 } });
    expect(damaged(false)).toMatchObject({
      ok: true,
      value: { report: { nextSeq: 2, torn: { firstSeq: 2 } } },
    });
  });
});

describe('behind a crash at any operation', () => {
  // Fails when anything is told before it is durable, or is not made so in an order that a crash can interrupt.
  test.each([false, true])('a prefix with all that was promised is there (volatile: %s)', (isVolatile) => {
    const disk = createSimDisk('crash points');
    const promised: Promised = { nextSeq: 0, snapshotSeq: 0 };
    const told = new Set([0]);
    const run = startToy(disk, { ...CONFIG, isVolatile });
    let crashes = 0;
    let torn = 0;
    watchDisk(disk, ({ number }) => {
      const plans = listCrashPlans(unsyncedBytes(disk), { seed: `point ${number}`, subsets: 2 });
      for (const plan of plans) {
        const report = demand(crashCopy(disk, plan), promised, told, crashes % 3 === 0);
        crashes += 1;
        if (report.torn !== undefined) torn += 1;
      }
      // The process alone was killed: the system still has what it wrote, and may yet lose it.
      demand(cloneDisk(disk), promised, told, true);
    });
    live(run, 14, promised, told);
    expect(closeLog(run.log)).toBeUndefined();
    expect(crashes).toBeGreaterThan(200);
    expect(torn).toBeGreaterThan(20);
  });

  // Fails when bytes are cut before their copy is durable under its name, or are not copied at all.
  test('of a restart, a torn end is still there, or its copy is', () => {
    const disk = createSimDisk('torn');
    const run = startToy(disk);
    putTimers(run, 1, 2);
    watchDisk(disk, ({ op }) => {
      if (op !== 'sync') return;
      watchDisk(disk, () => undefined);
      const torn = crashCopy(disk, {
        seed: 1,
        writes: { keep: 'torn', bytes: 150, lost: 'cut' },
        names: 'all',
      });
      const offset = fileBytes(torn, '00000001.rpl')!.length - 150;
      const bytes = fileBytes(torn, '00000001.rpl')!.slice(offset);
      let points = 0;
      watchDisk(torn, () => {
        for (const names of ['none', 'all', 'some'] as const) {
          const left = crashCopy(torn, { seed: points++, writes: { keep: 'all' }, names });
          const segment = fileBytes(left, '00000001.rpl')!.slice(offset, offset + 150);
          const copy = fileBytes(left, `00000001.rpl.torn-${offset}`);
          if (segment.length < 150) expect(copy).toEqual(bytes);
          expect(goOn(left, {})!.report.nextSeq).toBe(2);
        }
      });
      expect(goOn(torn, {})!.report.torn).toMatchObject({ offsetBytes: offset, bytes: 150, firstSeq: 2 });
      expect(fileBytes(torn, `00000001.rpl.torn-${offset}`)).toEqual(bytes);
      expect(points).toBeGreaterThan(15);
    });
    putTimers(run, 3, 4, 5);
  });
});

describe('behind a crash in a compaction', () => {
  const ENDINGS: readonly Omit<CrashPlan, 'seed'>[] = [
    { writes: { keep: 'none' }, names: 'all' },
    { writes: { keep: 'all' }, names: 'none' },
    { writes: { keep: 'sectors', lost: 'zeros' }, names: 'some' },
    { writes: { keep: 'torn', bytes: 100, lost: 'cut' }, names: 'all' },
  ];

  // Fails when a segment goes, or is changed, before what makes it superfluous is durable; or when what an
  // interrupted seal leaves stands in the way of the next one.
  test.each(['archive', 'delete'] as const)('the log is whole, and the next one ends it (%s)', (policy) => {
    const disk = createSimDisk('compaction');
    const run = startToy(disk, { segmentBytes: 3000 });
    for (let k = 0; k < 9; k++) {
      putTimers(run, ...idsFrom(run.log.segment.writer.nextSeq, 1000));
      if (k % 3 === 1) expect(takeSnapshot(run.log, TOY, run.machine, 3).ok).toBe(true);
    }
    const { nextSeq } = run.log.segment.writer;
    const config = { ports: PORTS, kind: TOY };
    const planned = (storage: SimDisk): Compaction => {
      const plan = planCompaction({ ...config, storage }, policy, 2);
      if (!plan.ok) throw new Error(plan.error.code);
      return plan.value;
    };
    let points = 0;
    const look = (storage: SimDisk): void => {
      points += 1;
      const whole = recoverToy(storage, { everything: true });
      if (!whole.ok) throw new Error(JSON.stringify(whole.error));
      expect(whole.value.report).toMatchObject({ nextSeq, refused: [] });
      expect(compact({ ...config, storage }, planned(storage))).toBeUndefined();
      expect(goOn(storage, CONFIG)!.report).toMatchObject({ nextSeq, torn: undefined, unfinished: [] });
      const archive = fileBytes(storage, 'archive/00000001.rpl');
      expect(archive !== undefined).toBe(policy === 'archive');
      // Whatever was interrupted: what is archived ends in a trailer, which says that it is whole.
      if (archive !== undefined) expect(Buffer.from(archive.slice(-4)).toString()).toBe('LPRZ');
    };
    const first = operationCount(disk);
    watchDisk(disk, ({ number }) => {
      // The first segment's way, and the beginning of the next one's.
      if (number > first + 13) return;
      for (const ending of ENDINGS) look(crashCopy(disk, { seed: points, ...ending }));
    });
    expect(compact({ ...config, storage: disk }, planned(disk))).toBeUndefined();
    expect(points).toBeGreaterThan(20);
  });
});
