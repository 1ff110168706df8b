/**
 * Two faults in one run. An operation fails, and the process stops there; another one starts, on what is visible or
 * on what a crash leaves, and meets a second fault in its recovery or behind it: an operation that fails, or its
 * end in the middle. A third one finds everything, and so does a fourth behind a crash that keeps what was
 * synced alone. Where the sync of the folder fails the machine goes on: names that the first process has changed are
 * there for the next ones, and go with a later crash.
 */
import { createStream } from '@truetape/kernel';
import type { RandomStream } from '@truetape/kernel';
import type { WalError } from '../errors.ts';
import { crashCopy } from '../sim-crash.ts';
import { cloneDisk, failAt, operationCount, watchDisk } from '../sim-disk.ts';
import type { SimDisk } from '../sim-disk.ts';
import { afterEnding, drawEnding, readDeep } from './crash-sweep.ts';
import { FAULTS } from './fail-sweep.ts';
import type { FailCase } from './fail-sweep.ts';
import { beginLife, guarded, nextLife, tell, wordsOf } from './life.ts';
import type { Life, Wrong } from './life.ts';
import type { LongLog } from './long-log.ts';
import { runScript, runWhole } from './script.ts';
import type { ChaosStep } from './script.ts';

/** What the first process does, and those behind its ends: each compaction finds segments to move. */
const STEPS: readonly ChaosStep[] = [
  ...(['put', 'snapshot', 'compact', 'put', 'restart', 'put', 'mark', 'kill'] as const),
  ...(['put', 'snapshot', 'compact', 'put', 'put', 'restart', 'put'] as const),
];

/** A first fault, and the number of the draw that decides what comes behind it. */
export interface TwiceCase extends FailCase {
  readonly draw: number;
}

/** The sync of a folder, which the next process cannot do again, is tried in more ways than others. */
const drawsOf = ({ op }: FailCase): number => (op === 'syncFolder' ? 32 : 4);

export interface TwiceTally {
  cases: number;
  /** Second faults: operations that failed, and ends in the middle; those that came in a recovery. */
  failed: number;
  stopped: number;
  recoveries: number;
  /** Among those the ones of a recovery that found a torn end. */
  torn: number;
}

export const createTwiceTally = (): TwiceTally => ({
  cases: 0,
  failed: 0,
  stopped: 0,
  recoveries: 0,
  torn: 0,
});

const lifeOn = ({ life }: LongLog): Life => nextLife(life, life.acked, life.answers);

/** All cases of a log. */
export function twiceCases(log: LongLog): { cases: readonly TwiceCase[]; wrong: Wrong } {
  const { disk, wrong } = runWhole(lifeOn(log), cloneDisk(log.disk), STEPS);
  const before = (op: FailCase['op']): number => operationCount(log.disk, op);
  const failed = FAULTS.flatMap(([op, codes]) =>
    Array.from({ length: operationCount(disk, op) - before(op) }, (_, k) =>
      codes.map((code): FailCase => ({ op, code, n: before(op) + k + 1 })),
    ).flat(),
  );
  const cases = failed.flatMap((one) =>
    Array.from({ length: drawsOf(one) }, (_, draw) => ({ ...one, draw })),
  );
  return { cases, wrong };
}

/** Operations behind which the second fault comes at the latest; half of the time in the recovery. */
const AGAIN_MAX = 40;
const RECOVERY_MAX = 12;

/** One thing that a process may do. */
function actByLot(life: Life, random: RandomStream): WalError | undefined {
  const run = life.run!;
  const policy = random.nextInt(2) === 0 ? 'archive' : 'delete';
  switch (random.nextInt(6)) {
    case 0:
      return run.snapshot(1 + random.nextInt(3));
    case 1:
      return run.mark();
    case 2:
      return run.compact(policy);
    case 3:
      return run.compact(policy, 1);
    default:
      return run.put();
  }
}

/** A process from its start on. `error`: what it refused, for the caller to judge. */
function live(life: Life, disk: SimDisk, random: RandomStream): { wrong: Wrong; error?: WalError } {
  const begun = beginLife(life, disk);
  if (begun.wrong !== undefined) return begun;
  const done = guarded((): { wrong: Wrong; error?: WalError } => {
    const wrong = life.run!.repeat(life.answers);
    if (wrong !== undefined) return { wrong };
    for (let left = random.nextInt(8); left > 0; left--) {
      const error = actByLot(life, random);
      if (error?.code === 'noSnapshot') continue;
      tell(life, error === undefined);
      if (error !== undefined) return { wrong: `it refused: ${wordsOf(error)}`, error };
    }
    return { wrong: undefined };
  });
  return 'thrown' in done ? { wrong: done.thrown } : done.value;
}

interface Left {
  readonly disk: SimDisk;
  readonly acked: number;
  readonly answers: Life['answers'];
}

/** The second process, and what its fault leaves. */
function liveToFault(
  life: Life,
  disk: SimDisk,
  random: RandomStream,
  tally: TwiceTally,
): { wrong: Wrong; left: Left } {
  const n = operationCount(disk) + 1 + random.nextInt(random.nextInt(2) === 0 ? RECOVERY_MAX : AGAIN_MAX);
  const isFailing = random.nextInt(2) === 0;
  let left: Left | undefined;
  let isInRecovery = false;
  const leave = (): Left => ({
    disk: afterEnding(disk, drawEnding(disk, random)),
    acked: life.acked,
    answers: new Map(life.answers),
  });
  if (isFailing) failAt(disk, n, { code: random.nextInt(2) === 0 ? 'EIO' : 'ENOSPC' });
  else
    watchDisk(disk, ({ number }) => {
      if (number !== n) return;
      isInRecovery = life.run === undefined;
      left = leave();
    });
  const { wrong, error } = live(life, disk, random);
  const isHit = operationCount(disk) >= n;
  // One that it did not come to is nobody else's.
  disk.state.faults = [];
  if (isHit) tally[isFailing ? 'failed' : 'stopped'] += 1;
  if (isInRecovery || (isHit && life.run === undefined)) {
    tally.recoveries += 1;
    const names = disk.list();
    if (names.ok && names.value.some((name) => name.includes('.torn-'))) tally.torn += 1;
  }
  const isMeant = isFailing && isHit && error?.code === 'storage';
  return { wrong: isMeant ? undefined : wrong, left: left ?? leave() };
}

/** One case. Returns what is wrong. */
export function tryTwice(
  log: LongLog,
  { op, code, n, draw }: TwiceCase,
  place: string,
  tally: TwiceTally,
): Wrong {
  const random = createStream(log.arena.seed, `twice ${place}`);
  const disk = cloneDisk(log.disk);
  failAt(disk, n, { code, op });
  const end = runScript(lifeOn(log), disk, STEPS);
  tally.cases += 1;
  if (end.wrong !== undefined) return end.wrong;
  if (end.error === undefined) return 'the failure went unnoticed';
  const isGoingOn = op === 'syncFolder' ? draw % 4 > 0 : random.nextInt(2) === 0;
  const second = nextLife(end.life, end.life.acked, end.life.answers);
  const left = afterEnding(end.disk, isGoingOn ? 'process' : drawEnding(end.disk, random));
  const again = liveToFault(second, left, random, tally);
  if (again.wrong !== undefined) return `behind the first fault: ${again.wrong}`;
  const third = nextLife(second, again.left.acked, again.left.answers);
  const later = live(third, again.left.disk, random);
  if (later.wrong !== undefined) return `behind the second fault: ${later.wrong}`;
  const bare = crashCopy(again.left.disk, { seed: place, writes: { keep: 'none' }, names: 'none' });
  const fourth = nextLife(third, third.acked, third.answers);
  const last = live(fourth, bare, random);
  if (last.wrong !== undefined) return `behind the last crash: ${last.wrong}`;
  return random.nextInt(16) === 0 ? readDeep(fourth, bare) : undefined;
}
