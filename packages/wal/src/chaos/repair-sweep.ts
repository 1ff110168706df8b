/**
 * Faults in a repair. A log is damaged, and repaired; in the middle of that an operation fails, or the process or
 * the machine stops; whoever repairs it then may be stopped again. Once nothing is left to repair the log holds what
 * a repair that nothing stops would have left. A process goes on with it, and behind a crash that keeps what was
 * synced alone nothing is lost of what that one acknowledged, whatever it takes to repair what came back.
 */
import { createStream } from '@truetape/kernel';
import type { RandomStream } from '@truetape/kernel';
import type { WalError } from '../errors.ts';
import { sortNames } from '../names.ts';
import type { RecoverConfig } from '../outline.ts';
import { recoverLog } from '../recover.ts';
import type { RecoveryReport } from '../recover.ts';
import { planRepair, repair } from '../repair.ts';
import { crashCopy } from '../sim-crash.ts';
import type { CrashPlan } from '../sim-crash.ts';
import { cloneDisk, corrupt, failAt, fileBytes, operationCount, watchDisk } from '../sim-disk.ts';
import type { SimDisk } from '../sim-disk.ts';
import { afterEnding, drawEnding } from './crash-sweep.ts';
import { beginLife, guarded, judgeReport, nextLife, tell, wordsOf } from './life.ts';
import type { Arena, Life, Wrong } from './life.ts';
import type { LongLog } from './long-log.ts';

/** Damages of a log that are tried, each with faults of its own. */
export const REPAIR_CASES = 2000;

export interface RepairTally {
  cases: number;
  /** Damage that cannot be repaired, or that nobody meets. */
  skipped: number;
  failed: number;
  stopped: number;
  /** Repairs of what a crash had brought back. */
  again: number;
}

export const createRepairTally = (): RepairTally => ({
  cases: 0,
  skipped: 0,
  failed: 0,
  stopped: 0,
  again: 0,
});

const BARE: CrashPlan = { seed: 'bare', writes: { keep: 'none' }, names: 'none' };
const WHOLE: CrashPlan = { seed: 'whole', writes: { keep: 'all' }, names: 'all' };

/** A file that is damaged, or has gone: mostly a segment, anywhere in it or at its very end. */
function damage(disk: SimDisk, random: RandomStream): void {
  const listed = disk.list();
  const { segments, snapshots } = sortNames(listed.ok ? listed.value : []);
  const draw = random.nextInt(8);
  const files = draw === 0 ? snapshots : segments;
  const file = files[random.nextInt(files.length)];
  const size = fileBytes(disk, file)!.length;
  if (draw === 1) {
    disk.unlink(file);
    disk.syncFolder();
  } else if (draw === 2) corrupt(disk, segments.at(-1)!, fileBytes(disk, segments.at(-1)!)!.length - 1, flip);
  else corrupt(disk, file, draw === 3 ? random.nextInt(200) : random.nextInt(size), flip);
}

const flip = (byte: number): number => byte ^ 1;

const configOf = (disk: SimDisk, { subject, ports }: Arena): RecoverConfig => {
  return { storage: disk, ports, kind: subject.kind };
};

/** More plans in a row than any damage takes. */
const PLANS_MAX = 12;

/** What came of repairs: what stands in the way of another, and from which seq on they said that events are lost. */
interface RepairsDone {
  readonly error: WalError | undefined;
  readonly lostFrom: number;
}

/** Repairs until nothing is left to do. */
function repairAll(disk: SimDisk, arena: Arena): RepairsDone {
  let lostFrom = Infinity;
  for (let left = PLANS_MAX; left > 0; left--) {
    const plan = planRepair(configOf(disk, arena));
    if (!plan.ok) return { error: plan.error.damage, lostFrom };
    const { steps, lost } = plan.value;
    if (lost !== undefined) lostFrom = Math.min(lostFrom, lost.firstSeq);
    if (steps.length === 0) return { error: undefined, lostFrom };
    const error = repair(disk, plan.value);
    if (error !== undefined) return { error, lostFrom };
  }
  return { error: { code: 'noLog' }, lostFrom };
}

/**
 * What is there once all is repaired; in words, where it cannot be, or where something below `acked` is lost that
 * the plans did not say.
 */
function repaired(disk: SimDisk, { arena, life }: LongLog, acked: number): RecoveryReport | string {
  const { error, lostFrom } = repairAll(disk, arena);
  if (error !== undefined) return `not repaired: ${wordsOf(error)}`;
  const read = recoverLog(configOf(disk, arena));
  if (!read.ok) return `not recovered: ${wordsOf(read.error)}`;
  const { report } = read.value;
  return judgeReport(life.told, Math.min(lostFrom, acked), report) ?? report;
}

/** A repair with a fault in it: the disk that it leaves. */
function stoppedRepair(disk: SimDisk, arena: Arena, random: RandomStream, tally: RepairTally): SimDisk {
  const n = operationCount(disk) + 1 + random.nextInt(16);
  let left: SimDisk | undefined;
  const leave = (): SimDisk => afterEnding(disk, drawEnding(disk, random));
  const isFailing = random.nextInt(2) === 0;
  if (isFailing) failAt(disk, n, { code: random.nextInt(2) === 0 ? 'EIO' : 'ENOSPC' });
  else
    watchDisk(disk, ({ number }) => {
      if (number === n) left = leave();
    });
  repairAll(disk, arena);
  if (operationCount(disk) >= n) tally[isFailing ? 'failed' : 'stopped'] += 1;
  disk.state.faults = [];
  return left ?? leave();
}

/** A process that starts, and takes some commands. */
function live(life: Life, disk: SimDisk, commits: number): Wrong {
  const { wrong } = beginLife(life, disk);
  if (wrong !== undefined) return wrong;
  for (let left = commits; left > 0; left--) {
    const error = life.run!.put();
    if (error !== undefined) return `refused on a disk that works: ${wordsOf(error)}`;
    tell(life, true);
  }
  return undefined;
}

/** One case. Returns what is wrong. */
export function tryRepair(log: LongLog, place: string, tally: RepairTally): Wrong {
  const { arena, life } = log;
  const done = guarded(() => {
    const random = createStream(arena.seed, `repair ${place}`);
    let disk = crashCopy(log.disk, WHOLE);
    damage(disk, random);
    tally.cases += 1;
    const wanted = repaired(cloneDisk(disk), log, life.acked);
    if (typeof wanted === 'string') {
      tally.skipped += 1;
      return wanted.startsWith('not repaired') ? undefined : wanted;
    }
    for (let faults = 1 + random.nextInt(3); faults > 0; faults--)
      disk = stoppedRepair(disk, arena, random, tally);
    const found = repaired(disk, log, wanted.nextSeq);
    if (typeof found === 'string') return `behind a fault: ${found}`;
    if (found.nextSeq !== wanted.nextSeq)
      return `up to seq ${wanted.nextSeq} without a fault, up to ${found.nextSeq} behind one`;
    return goOn(nextLife(life, found.nextSeq, new Map()), { arena, disk, random }, tally);
  });
  return 'thrown' in done ? done.thrown : done.value;
}

/** Whoever goes on, and what is there of it behind a crash. */
function goOn(
  life: Life,
  { arena, disk, random }: { readonly arena: Arena; readonly disk: SimDisk; readonly random: RandomStream },
  tally: RepairTally,
): Wrong {
  const wrong = live(life, disk, random.nextInt(60));
  if (wrong !== undefined) return `behind the repair: ${wrong}`;
  const bare = crashCopy(disk, BARE);
  const plan = planRepair(configOf(bare, arena));
  if (!plan.ok) return `not repairable behind the crash: ${wordsOf(plan.error.damage)}`;
  if (plan.value.steps.length > 0) tally.again += 1;
  const { error } = repairAll(bare, arena);
  if (error !== undefined) return `not repaired behind the crash: ${wordsOf(error)}`;
  const last = live(nextLife(life, life.acked, new Map()), bare, 1);
  return last === undefined ? undefined : `behind the crash: ${last}`;
}
