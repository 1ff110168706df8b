/** The crashes that are tried at a point: all that is possible is too much, so all shapes at few places. */
import { createStream } from '@truetape/kernel';
import { LOST_BYTES, SECTOR_BYTES, type CrashPlan } from './sim-crash.ts';

/** Tears at bytes that end no sector, at a point with unsynced writes. */
const ODD_TEARS = 2;

/**
 * Plans for a disk with so many unsynced bytes: nothing kept, all kept, all of it zeros, garbage or stale,
 * torn behind each 512 bytes and at a few others, and subsets by lot. Each way of losing bytes and each choice
 * of names comes up in turn.
 *
 * Complexity: a plan for each 512 bytes and each subset.
 */
export function listCrashPlans(
  unsyncedBytes: number,
  { seed, subsets }: { readonly seed: string; readonly subsets: number },
): readonly CrashPlan[] {
  const plans: CrashPlan[] = [];
  const add = (writes: CrashPlan['writes'], names?: CrashPlan['names']): void => {
    const k = plans.length;
    const inTurn = (['none', 'all', 'some'] as const)[k % 3];
    plans.push({ seed: `${seed} ${k}`, writes, names: names ?? inTurn });
  };
  const lostInTurn = (k: number): (typeof LOST_BYTES)[number] => LOST_BYTES[k % LOST_BYTES.length];
  add({ keep: 'none' }, 'none');
  // A name that is there before the bytes of its file are.
  add({ keep: 'none' }, 'all');
  add({ keep: 'all' }, 'all');
  add({ keep: 'all' }, 'none');
  if (unsyncedBytes > 0) {
    for (const lost of ['zeros', 'garbage', 'stale'] as const) add({ keep: 'torn', bytes: 0, lost });
    const tears: number[] = [];
    for (let bytes = SECTOR_BYTES; bytes < unsyncedBytes; bytes += SECTOR_BYTES) tears.push(bytes);
    const random = createStream(seed, 'tears');
    for (let k = 0; k < ODD_TEARS; k++) tears.push(random.nextInt(unsyncedBytes));
    for (const [k, bytes] of tears.entries()) add({ keep: 'torn', bytes, lost: lostInTurn(k) });
  }
  for (let k = 0; k < subsets; k++) {
    const keep = k % 2 === 0 ? 'sectors' : 'writes';
    add({ keep, lost: lostInTurn(k) }, 'some');
  }
  return plans;
}
