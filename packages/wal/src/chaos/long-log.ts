/** A log that compactions find work in: several segments in each of its first pages, and a snapshot behind each. */
import { assert } from '@truetape/kernel';
import { createSimDisk } from '../sim-disk.ts';
import type { SimDisk } from '../sim-disk.ts';
import { beginLife, createLife, tell } from './life.ts';
import type { Arena, Life } from './life.ts';

/** A log that a process was killed behind, and that process. All of it is durable. */
export interface LongLog {
  readonly arena: Arena;
  readonly disk: SimDisk;
  readonly life: Life;
}

/** Snapshots are taken behind so many events: the first page of the hash ends at 4,096, the second at 8,192. */
const SNAPSHOTS_AT = [3000, 5000, 8400] as const;

export function writeLongLog(arena: Arena): LongLog {
  const disk = createSimDisk(arena.seed);
  const life = createLife(arena);
  const begun = beginLife(life, disk);
  assert(begun.wrong === undefined, 'WAL-70', begun.wrong ?? '');
  const run = life.run!;
  for (const seq of SNAPSHOTS_AT) {
    while (run.nextSeq() < seq) {
      const failed = run.put();
      assert(failed === undefined, 'WAL-70', 'a disk that works');
      tell(life, true);
    }
    const failed = run.snapshot(SNAPSHOTS_AT.length);
    assert(failed === undefined, 'WAL-70', 'a disk that works');
  }
  return { arena, disk, life };
}
