/**
 * Times of the venue's last rejects: one more than a window may hold, so that a full ring can be too many.
 */
import { assert } from '@truetape/kernel';

export interface Rejects {
  /** Times that are kept. */
  readonly capacity: number;
  readonly times: Float64Array;
  count: number;
  /** Place of the oldest. */
  first: number;
}

export function createRejects(rejectsMax: number): Rejects {
  return { capacity: rejectsMax + 1, times: new Float64Array(rejectsMax + 1), count: 0, first: 0 };
}

function timeAt({ times, first, capacity }: Rejects, k: number): number {
  const at = first + k;
  return times[at < capacity ? at : at - capacity];
}

/** Adds a reject. Throws on RISK-4 for a time that is none or goes back. */
export function addReject(rejects: Rejects, timeNs: number): void {
  const { capacity, count } = rejects;
  const isLater = Number.isSafeInteger(timeNs) && (count === 0 || timeNs >= timeAt(rejects, count - 1));
  assert(isLater, 'RISK-4', 'the time of a gate never goes back');
  if (count < capacity) rejects.count = count + 1;
  else rejects.first = (rejects.first + 1) % capacity;
  rejects.times[(rejects.first + rejects.count - 1) % capacity] = timeNs;
}

/** Rejects later than a time, as far as they are kept. Complexity: O(log n). */
export function rejectsSince(rejects: Rejects, timeNs: number): number {
  let [low, high] = [0, rejects.count];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (timeAt(rejects, middle) > timeNs) high = middle;
    else low = middle + 1;
  }
  return rejects.count - low;
}

/** All that are kept, oldest first. */
export function listRejects(rejects: Rejects): number[] {
  return Array.from({ length: rejects.count }, (_, k) => timeAt(rejects, k));
}
