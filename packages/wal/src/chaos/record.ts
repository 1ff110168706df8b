/**
 * A run on a disk that works, recorded: the disk as it was before each operation, and what had been told by
 * then.
 */
import { cloneDisk, createSimDisk, watchDisk } from '../sim-disk.ts';
import type { SimDisk } from '../sim-disk.ts';
import { inodesOf } from '../sim-state.ts';
import type { DiskOperation } from '../sim-state.ts';
import { createLife } from './life.ts';
import type { Arena, Life, Told, Wrong } from './life.ts';
import { runWhole } from './script.ts';
import type { ChaosStep } from './script.ts';
import type { Answers } from './subject.ts';

/** A place to crash: right before an operation that changes something. */
export interface CrashPoint {
  readonly operation: DiskOperation;
  readonly disk: SimDisk;
  /** What the process had told, or tells later: its commit under way may be found. */
  readonly told: Told;
  readonly acked: number;
  readonly answers: Answers;
  /** Nothing waits for a sync: all ways to crash are one. */
  readonly isSettled: boolean;
}

export interface Recording {
  readonly arena: Arena;
  readonly points: readonly CrashPoint[];
  readonly wrong: Wrong;
  /** Where it ended: the disk, and the last process. */
  readonly disk: SimDisk;
  readonly life: Life;
}

function isSettled({ state }: SimDisk): boolean {
  return state.nameChanges.length === 0 && inodesOf(state).every(({ changes }) => changes.length === 0);
}

/** Runs steps from nothing. Complexity: a copy of the disk's lists for each operation. */
export function record(arena: Arena, steps: readonly ChaosStep[]): Recording {
  const points: CrashPoint[] = [];
  const onDisk = (disk: SimDisk, life: Life): void =>
    watchDisk(disk, (operation) => {
      const { told, acked } = life;
      const answers = new Map(life.answers);
      points.push({ operation, disk: cloneDisk(disk), told, acked, answers, isSettled: isSettled(disk) });
    });
  const { wrong, disk, life } = runWhole(createLife(arena), createSimDisk(arena.seed), steps, onDisk);
  return { arena, points, wrong, disk, life };
}
