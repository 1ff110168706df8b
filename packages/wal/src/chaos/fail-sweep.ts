/**
 * The n-th operation fails, for every n of each kind: the process stops there and touches the disk no more,
 * nothing is acknowledged that was not done, and another process finds a state that was, with everything that
 * was acknowledged.
 */
import { crashCopy } from '../sim-crash.ts';
import { cloneDisk, createSimDisk, failAt, operationCount } from '../sim-disk.ts';
import type { SimDisk } from '../sim-disk.ts';
import type { FaultCode } from '../sim-state.ts';
import type { StorageOp } from '../storage.ts';
import type { Ending } from './crash-sweep.ts';
import { beginLife, createLife, guarded, nextLife, tell, wordsOf } from './life.ts';
import type { Arena, Wrong } from './life.ts';
import { runScript, runWhole } from './script.ts';
import type { ChaosStep, ScriptEnd } from './script.ts';

/** Operations that are made to fail, and with what. */
export const FAULTS: readonly (readonly [op: StorageOp, codes: readonly FaultCode[]])[] = [
  ['write', ['EIO', 'ENOSPC', 'SHORT']],
  ['sync', ['EIO', 'ENOSPC']],
  ['rename', ['EIO', 'ENOSPC']],
  ['create', ['EIO', 'ENOSPC']],
  ['open', ['EIO', 'ENOSPC']],
  ['unlink', ['EIO', 'ENOSPC']],
  ['truncate', ['EIO', 'ENOSPC']],
  ['syncFolder', ['EIO', 'ENOSPC']],
  ['close', ['EIO']],
  ['read', ['EIO']],
  ['list', ['EIO']],
];

export interface FailCase {
  readonly op: StorageOp;
  readonly code: FaultCode;
  readonly n: number;
}

export interface FailTally {
  cases: number;
  /** Among them those in which a process did not come to its first command. */
  starts: number;
  recoveries: number;
}

export const createFailTally = (): FailTally => ({ cases: 0, starts: 0, recoveries: 0 });

/** All cases of a script, by the operations of a run in which nothing fails. */
export function failCases(
  arena: Arena,
  steps: readonly ChaosStep[],
): { cases: readonly FailCase[]; wrong: Wrong } {
  const { disk, wrong } = runWhole(createLife(arena), createSimDisk(arena.seed), steps);
  const cases = FAULTS.flatMap(([op, codes]) =>
    Array.from({ length: operationCount(disk, op) }, (_, k) =>
      codes.map((code) => ({ op, code, n: k + 1 })),
    ).flat(),
  );
  return { cases, wrong };
}

/** What a process that failed is asked for: it refuses all of it, and the disk is left as it is. */
function judgeStop({ life, disk, step }: ScriptEnd): Wrong {
  const { run } = life;
  if (run === undefined || step === 'restart') return undefined;
  const before = operationCount(disk);
  const asks = [
    ['a command', () => run.put()],
    ['a mark', () => run.mark()],
    ['a snapshot', () => run.snapshot(2)],
    ['a compaction', () => run.compact('archive')],
    ['its end', () => run.close()],
  ] as const;
  for (const [what, ask] of asks) {
    if (ask() === undefined) return `${what} was accepted behind a failure`;
    const more = operationCount(disk) - before;
    if (more > 0) return `${what} led to ${more} operations behind a failure`;
  }
  return undefined;
}

const ENDINGS: readonly Ending[] = [
  'process',
  { seed: 'none', writes: { keep: 'none' }, names: 'none' },
  { seed: 'all', writes: { keep: 'all' }, names: 'all' },
  { seed: 'some', writes: { keep: 'sectors', lost: 'mixed' }, names: 'some' },
];

/** Another process on what is left, and one behind a crash of that. */
function judgeRest({ life, disk }: ScriptEnd, ending: Ending, tally: FailTally): Wrong {
  const copy = (from: SimDisk): SimDisk => (ending === 'process' ? cloneDisk(from) : crashCopy(from, ending));
  let before = life;
  let from = disk;
  for (let time = 0; time < 2; time++) {
    const next = nextLife(before, before.acked, before.answers);
    const left =
      time === 0 ? copy(from) : crashCopy(from, { seed: 2, writes: { keep: 'none' }, names: 'none' });
    tally.recoveries += 1;
    const { wrong } = beginLife(next, left);
    if (wrong !== undefined) return wrong;
    const repeated = next.run!.repeat(next.answers);
    if (repeated !== undefined) return repeated;
    const error = next.run!.put();
    if (error !== undefined) return `refused on a disk that works: ${wordsOf(error)}`;
    tell(next, true);
    before = next;
    from = left;
  }
  return undefined;
}

/** One operation fails. Returns what is wrong. */
export function tryFail(
  arena: Arena,
  steps: readonly ChaosStep[],
  { op, code, n }: FailCase,
  tally: FailTally,
): Wrong {
  const disk = createSimDisk(arena.seed);
  failAt(disk, n, { code, op });
  const end = runScript(createLife(arena), disk, steps);
  tally.cases += 1;
  if (end.isStart) tally.starts += 1;
  if (end.wrong !== undefined) return end.wrong;
  if (end.error === undefined) return 'the failure went unnoticed';
  const stopped = guarded(() => judgeStop(end));
  if ('thrown' in stopped) return `behind the failure ${stopped.thrown}`;
  if (stopped.value !== undefined) return stopped.value;
  for (const ending of ENDINGS) {
    const rest = guarded(() => judgeRest(end, ending, tally));
    const wrong = 'thrown' in rest ? rest.thrown : rest.value;
    if (wrong !== undefined) return `another process, behind ${JSON.stringify(ending)}: ${wrong}`;
  }
  return undefined;
}
