/**
 * Client ids that were used: the last ones each by itself, older ones by the highest of them alone. An id
 * that is not above that is taken for used, since nobody knows any more: ids that go up never meet it.
 *
 * A table of open addressing with linear probes, twice as many cells as ids, beside a ring that knows which
 * is oldest. A cell that becomes free is filled from behind it, so that no probe ends too early. A Set would
 * do the same, but allocates.
 */
import { assert } from '@truetape/kernel';

const FREE = -1;

export interface SeenIds {
  /** Ids that are remembered at most. */
  readonly capacity: number;
  readonly cells: Float64Array;
  readonly ring: Float64Array;
  count: number;
  /** Place of the oldest in the ring. */
  first: number;
  /** The highest id that was forgotten; −1: none. */
  floor: number;
  /** The highest id that was ever remembered; −1: none. */
  highest: number;
}

export function createSeenIds(capacity: number): SeenIds {
  let size = 4;
  while (size < capacity * 2) size *= 2;
  const cells = new Float64Array(size).fill(FREE);
  return { capacity, cells, ring: new Float64Array(capacity), count: 0, first: 0, floor: -1, highest: -1 };
}

/** Where a search for an id begins. */
function homeOf(id: number, mask: number): number {
  const high = Math.floor(id / 4_294_967_296);
  const low = id - high * 4_294_967_296;
  const mixed = Math.imul((low | 0) ^ Math.imul(high, 0x85ebca6b), 0x9e3779b1);
  return ((mixed >>> 15) ^ mixed) & mask;
}

/** True for an id that was used, or may have been. Complexity: O(1). */
export function hasSeen(ids: SeenIds, id: number): boolean {
  if (id <= ids.floor) return true;
  const { cells } = ids;
  const mask = cells.length - 1;
  let at = homeOf(id, mask);
  while (cells[at] !== FREE) {
    if (cells[at] === id) return true;
    at = (at + 1) & mask;
  }
  return false;
}

/** True for an id that was never used. Ids that go up are known to be new without a look at the table. */
export const isNew = (ids: SeenIds, id: number): boolean =>
  (id > ids.highest && id > ids.floor) || !hasSeen(ids, id);

/** Remembers an id. Throws on RISK-3 for one that was used or is none. */
export function rememberId(ids: SeenIds, id: number): void {
  assert(Number.isSafeInteger(id) && id >= 0 && !hasSeen(ids, id), 'RISK-3', 'a client id is new');
  if (ids.count === ids.capacity) forgetOldest(ids);
  const { cells, ring, capacity } = ids;
  const mask = cells.length - 1;
  let at = homeOf(id, mask);
  while (cells[at] !== FREE) at = (at + 1) & mask;
  cells[at] = id;
  ring[(ids.first + ids.count) % capacity] = id;
  ids.count += 1;
  if (id > ids.highest) ids.highest = id;
}

function forgetOldest(ids: SeenIds): void {
  const { cells, ring, capacity } = ids;
  const oldest = ring[ids.first];
  ids.first = (ids.first + 1) % capacity;
  ids.count -= 1;
  if (oldest > ids.floor) ids.floor = oldest;
  const mask = cells.length - 1;
  let hole = homeOf(oldest, mask);
  while (cells[hole] !== oldest) hole = (hole + 1) & mask;
  for (let at = (hole + 1) & mask; cells[at] !== FREE; at = (at + 1) & mask) {
    // What is at home behind the hole stays where it is.
    if (((at - homeOf(cells[at], mask)) & mask) < ((at - hole) & mask)) continue;
    cells[hole] = cells[at];
    hole = at;
  }
  cells[hole] = FREE;
}

/** What is remembered, oldest first. */
export function listIds(ids: SeenIds): number[] {
  return Array.from({ length: ids.count }, (_, k) => ids.ring[(ids.first + k) % ids.capacity]);
}
