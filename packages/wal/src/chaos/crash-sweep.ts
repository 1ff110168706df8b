/**
 * Crash points: before every operation of a run the machine stops, in every way that a plan knows. A process
 * starts, goes on, and stops in the middle of that again; another one starts. Each finds a state that was,
 * with everything that was acknowledged.
 */
import { createStream } from '@truetape/kernel';
import type { RandomStream } from '@truetape/kernel';
import { recoverLog } from '../recover.ts';
import { crashCopy, unsyncedBytes } from '../sim-crash.ts';
import type { CrashPlan } from '../sim-crash.ts';
import { cloneDisk, watchDisk } from '../sim-disk.ts';
import type { SimDisk } from '../sim-disk.ts';
import { listCrashPlans } from '../sim-plans.ts';
import { beginLife, guarded, judgeReport, nextLife, tell, wordsOf } from './life.ts';
import type { Life, Wrong } from './life.ts';
import type { CrashPoint, Recording } from './record.ts';

/** A crash of the machine, or of the process alone: then the disk goes on with what waits for a sync. */
export type Ending = CrashPlan | 'process';

export interface CrashSweepOptions {
  /** Random subsets of what was not synced, at each point. */
  readonly subsets: number;
}

/** The endings that are tried at a point. */
export function endingsAt(
  { arena: { seed }, points }: Recording,
  point: number,
  { subsets }: CrashSweepOptions,
): readonly Ending[] {
  const { disk, isSettled } = points[point];
  const plans = listCrashPlans(unsyncedBytes(disk), { seed: `${seed} ${point}`, subsets });
  // With nothing to lose all crashes are one.
  return isSettled ? [point % 2 === 0 ? 'process' : plans[0]] : ['process', ...plans];
}

export interface CrashTally {
  /** Processes that were started on what a crash had left. */
  recoveries: number;
  /** Endings of the first process, and among them those that left a torn end. */
  crashes: number;
  torn: number;
}

export const createCrashTally = (): CrashTally => ({ recoveries: 0, crashes: 0, torn: 0 });

export const afterEnding = (disk: SimDisk, ending: Ending): SimDisk =>
  ending === 'process' ? cloneDisk(disk) : crashCopy(disk, ending);

/** Operations of the second process behind which it stops at the latest. */
const AGAIN_MAX = 24;
/** One in so many is read a second time with everything that can be checked. */
const DEEP_ONE_IN = 16;

interface SecondStop {
  readonly disk: SimDisk;
  readonly acked: number;
  readonly answers: Life['answers'];
}

/** An ending by lot: the process alone, or a crash. */
export function drawEnding(disk: SimDisk, random: RandomStream): Ending {
  const seed = String(random.uint32());
  const plans = listCrashPlans(unsyncedBytes(disk), { seed, subsets: 6 });
  const k = random.nextInt(plans.length + 1);
  return k === plans.length ? 'process' : plans[k];
}

/** What the second process does: a few commands, and now and then something else. */
function goOn(life: Life, random: RandomStream): Wrong {
  const run = life.run!;
  const wrong = run.repeat(life.answers);
  if (wrong !== undefined) return wrong;
  const steps = [() => run.put(), () => run.snapshot(2), () => run.mark(), () => run.compact('archive')];
  for (let left = random.nextInt(5); left > 0; left--) {
    const draw = random.nextInt(16);
    const error = steps[draw < steps.length ? draw : 0]();
    if (error?.code === 'noSnapshot') continue;
    tell(life, error === undefined);
    if (error !== undefined) return `refused on a disk that works: ${wordsOf(error)}`;
  }
  return undefined;
}

/** A process starts on what the first crash left, and stops again after some operations. */
function liveAgain(life: Life, disk: SimDisk, random: RandomStream): { wrong: Wrong; stop?: SecondStop } {
  let left = 1 + random.nextInt(AGAIN_MAX);
  let stop: SecondStop | undefined;
  const stopHere = (): void => {
    stop = {
      disk: afterEnding(disk, drawEnding(disk, random)),
      acked: life.acked,
      answers: new Map(life.answers),
    };
  };
  watchDisk(disk, () => {
    left -= 1;
    if (left === 0) stopHere();
  });
  const { wrong } = beginLife(life, disk);
  if (wrong !== undefined) return { wrong };
  const later = guarded(() => goOn(life, random));
  if ('thrown' in later) return { wrong: later.thrown };
  if (later.value !== undefined) return { wrong: later.value };
  if (stop === undefined) stopHere();
  return { wrong: undefined, stop: stop! };
}

/** Reads a log with all that `verify` checks. */
export function readDeep({ arena: { subject, ports }, told, acked }: Life, disk: SimDisk): Wrong {
  const read = recoverLog({ storage: disk, ports, kind: subject.kind, everything: true, deep: true });
  return read.ok ? judgeReport(told, acked, read.value.report) : `verify refuses: ${wordsOf(read.error)}`;
}

/** One ending at one point, and the one behind it. Returns what is wrong. */
export function tryCrash(
  { arena, points }: Recording,
  point: number,
  ending: Ending,
  place: string,
  tally: CrashTally,
): Wrong {
  const at: CrashPoint = points[point];
  const random = createStream(arena.seed, `again ${place}`);
  const disk = afterEnding(at.disk, ending);
  const second = nextLife({ arena, told: at.told }, at.acked, at.answers);
  tally.crashes += 1;
  tally.recoveries += 1;
  const { wrong, stop } = liveAgain(second, disk, random);
  if (wrong !== undefined) return `behind the crash: ${wrong}`;
  if (second.run?.report?.torn !== undefined) tally.torn += 1;
  const third = nextLife(second, stop!.acked, stop!.answers);
  tally.recoveries += 1;
  const begun = beginLife(third, stop!.disk);
  if (begun.wrong !== undefined) return `behind the second crash: ${begun.wrong}`;
  const later = guarded(() => {
    const repeated = third.run!.repeat(third.answers);
    if (repeated !== undefined) return repeated;
    const error = third.run!.put();
    tell(third, error === undefined);
    if (error !== undefined) return `refused on a disk that works: ${wordsOf(error)}`;
    return random.nextInt(DEEP_ONE_IN) === 0 ? readDeep(third, stop!.disk) : undefined;
  });
  if ('thrown' in later) return `behind the second crash: ${later.thrown}`;
  return later.value === undefined ? undefined : `behind the second crash: ${later.value}`;
}
