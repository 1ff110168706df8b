/** What a run does, step by step: commands, and all that a log does between them. */
import { createStream } from '@truetape/kernel';
import { cloneDisk } from '../sim-disk.ts';
import type { SimDisk } from '../sim-disk.ts';
import type { WalError } from '../errors.ts';
import { beginLife, guarded, nextLife, tell, wordsOf } from './life.ts';
import type { Life, Wrong } from './life.ts';

/** `restart`: a clean end, and another process; `kill`: the process dies, and the disk goes on. */
export const CHAOS_STEPS = ['put', 'mark', 'snapshot', 'compact', 'restart', 'kill'] as const;
export type ChaosStep = (typeof CHAOS_STEPS)[number];

export interface ScriptShape {
  /** Commits of commands. */
  readonly puts: number;
  readonly snapshotEvery: number;
  /** In snapshots. */
  readonly compactEvery: number;
}

/** Steps by lot: marks anywhere, restarts and kills at some places, some of them with nothing between. */
export function scriptOf(
  seed: string,
  { puts, snapshotEvery, compactEvery }: ScriptShape,
): readonly ChaosStep[] {
  const random = createStream(seed, 'script');
  const ends = new Map<number, readonly ChaosStep[]>();
  const endings: readonly (readonly ChaosStep[])[] = [
    ['kill'],
    ['restart', 'kill'],
    ['kill', 'kill'],
    ['restart', 'restart'],
    ['mark', 'kill'],
    ['snapshot', 'restart'],
  ];
  for (const [k, ending] of endings.entries()) {
    const place = Math.floor(((k + 1) * puts) / (endings.length + 1));
    ends.set(place, ending);
  }
  const steps: ChaosStep[] = [];
  let snapshots = 0;
  for (let k = 1; k <= puts; k++) {
    steps.push('put');
    if (random.nextInt(16) === 0) steps.push('mark');
    if (k % snapshotEvery === 0) {
      steps.push('snapshot');
      snapshots += 1;
      if (snapshots % compactEvery === 0) steps.push('compact');
    }
    steps.push(...(ends.get(k) ?? []));
  }
  return [...steps, 'restart', 'put'];
}

const KEEP = 3;

function act(life: Life, step: Exclude<ChaosStep, 'kill'>): WalError | undefined {
  const run = life.run!;
  switch (step) {
    case 'put':
      return run.put();
    case 'mark':
      return run.mark();
    case 'snapshot':
      return run.snapshot(KEEP);
    case 'compact':
      return run.compact(life.acked % 2 === 0 ? 'archive' : 'delete');
    case 'restart':
      return run.close();
  }
}

/** Where a script stopped. */
export interface ScriptEnd {
  readonly life: Life;
  /** The disk that the last process wrote to. */
  readonly disk: SimDisk;
  readonly wrong: Wrong;
  /** Why the code under test refused to go on; `isStart` when that was a process that could not start. */
  readonly error: WalError | undefined;
  readonly isStart: boolean;
  /** The last step that was begun. */
  readonly step: ChaosStep | undefined;
}

/**
 * Is told of each disk before it is used: a killed process leaves its files open, so that a copy takes over.
 */
export type OnDisk = (disk: SimDisk, life: Life) => void;

/** Runs steps on a disk, each process a life of its own; stops at the first thing that fails or is wrong. */
export function runScript(
  first: Life,
  disk: SimDisk,
  steps: readonly ChaosStep[],
  onDisk?: OnDisk,
): ScriptEnd {
  let life = first;
  let current = disk;
  let last: ChaosStep | undefined;
  const end = (wrong: Wrong, error?: WalError, isStart = false): ScriptEnd => ({
    life,
    disk: current,
    wrong,
    error,
    isStart,
    step: last,
  });
  const begin = (): ScriptEnd | undefined => {
    onDisk?.(current, life);
    const { wrong, error } = beginLife(life, current);
    if (error !== undefined) return end(undefined, error, true);
    return wrong === undefined ? undefined : end(wrong);
  };
  const failed = begin();
  if (failed !== undefined) return failed;
  for (const step of steps) {
    last = step;
    if (step !== 'kill') {
      const done = guarded(() => act(life, step));
      if ('thrown' in done) return end(done.thrown);
      tell(life, done.value === undefined);
      if (done.value !== undefined) return end(undefined, done.value);
    }
    if (step !== 'kill' && step !== 'restart') continue;
    if (step === 'kill') current = cloneDisk(current);
    life = nextLife(life, life.acked, life.answers);
    const stopped = begin();
    if (stopped !== undefined) return stopped;
  }
  return end(undefined);
}

/** The same for code that may not refuse: nothing fails on this disk. */
export function runWhole(life: Life, disk: SimDisk, steps: readonly ChaosStep[], onDisk?: OnDisk): ScriptEnd {
  const ended = runScript(life, disk, steps, onDisk);
  if (ended.error === undefined) return ended;
  return { ...ended, wrong: ended.wrong ?? `refused on a disk that works: ${wordsOf(ended.error)}` };
}
