/**
 * Finds the slot of an order by its id: open addressing with linear probing, load at most one half, deletion by
 * shifting back.
 *
 * An entry is one Int32: slot + 1, with the sign bit set where it does not stand at its home; 0 is empty. The
 * ids themselves stand in the orders. Sixteen ids in a row share a home line of sixteen entries (one cache line),
 * each in a column of its own, rotated by the line's hash: so ids that a venue counts up hit the cache as a plain
 * array would, while sparse ones cost an entry each, as in any hash. Probing goes down a column, line by line,
 * and from its end on to the next column.
 *
 * Alternatives: a Map (45 ns and 35 bytes an order), a paged array by id (faster by a nanosecond for ids in a
 * row, a page of memory for each sparse one), a hash of single ids (a cache miss each); see BENCH.md.
 */
import { assert } from '@truetape/kernel';

const LINE = 16;
const DISPLACED = 0x80000000 | 0;
const SLOT_MASK = 0x7fffffff;
const LINE_BITS_MIN = 2;
/** Odd multipliers without short patterns: 2^32 / golden ratio, and one for an id's upper half. */
const GOLDEN = 0x9e3779b1 | 0;
const UPPER = 0x85ebca6b | 0;
const TWO_M32 = 2.3283064365386963e-10;

export interface IdIndex {
  entries: Int32Array;
  /** 32 − log2 of the lines. */
  shift: number;
  /** Ids in it, and how many it takes before it grows. */
  count: number;
  limit: number;
  /** Where the last id that was not found goes, until the next change. */
  hole: number;
}

/** Ids of slots: `ids[slot * ID_STRIDE]`, as orders have them. */
export const ID_STRIDE = 4;

export function createIdIndex(): IdIndex {
  const entries = new Int32Array(LINE << LINE_BITS_MIN);
  return { entries, shift: 32 - LINE_BITS_MIN, count: 0, limit: entries.length >>> 1, hole: 0 };
}

/** Home of an id: its line from the upper bits of the hash, its column from the lower ones. */
function homeOf(id: number, shift: number): number {
  const low = id | 0;
  const high = (id * TWO_M32) | 0;
  const hash = Math.imul((low >>> 4) ^ Math.imul(high, UPPER), GOLDEN);
  return ((hash >>> shift) * LINE) | ((low ^ (hash >>> 12)) & (LINE - 1));
}

/** The next place of a probe; places form one cycle. */
function after(place: number, size: number): number {
  const next = place + LINE;
  return next < size ? next : (next + 1) & (LINE - 1);
}

/** Number of a place in the order of probing. */
function rankOf(place: number, shift: number): number {
  return ((place & (LINE - 1)) << (32 - shift)) | (place >>> 4);
}

/**
 * The slot of the id in `cells[at]`, or −1; then `hole` is where it goes.
 *
 * The id comes in a cell: a number above 2^31 that is passed on is put on the heap first.
 */
export function findSlot(index: IdIndex, ids: Float64Array, cells: Float64Array, at: number): number {
  const id = cells[at];
  const { entries } = index;
  const size = entries.length;
  let place = homeOf(id, index.shift);
  let entry = entries[place];
  while (entry !== 0) {
    const slot = (entry & SLOT_MASK) - 1;
    if (ids[slot * ID_STRIDE] === id) return slot;
    place = after(place, size);
    entry = entries[place];
  }
  index.hole = place;
  return -1;
}

/** Enters a slot whose id is in place, at the hole that `findSlot` has just left for that id. */
export function enterAtHole(index: IdIndex, ids: Float64Array, slot: number): void {
  if (index.count >= index.limit) {
    grow(index, ids);
    enter(index, ids, slot);
    return;
  }
  const place = index.hole;
  index.entries[place] =
    place === homeOf(ids[slot * ID_STRIDE], index.shift) ? slot + 1 : (slot + 1) | DISPLACED;
  index.count += 1;
}

/** Enters a slot whose id is in place and not in the index. */
export function enter(index: IdIndex, ids: Float64Array, slot: number): void {
  if (index.count >= index.limit) grow(index, ids);
  const { entries } = index;
  const size = entries.length;
  const home = homeOf(ids[slot * ID_STRIDE], index.shift);
  let place = home;
  while (entries[place] !== 0) place = after(place, size);
  entries[place] = place === home ? slot + 1 : (slot + 1) | DISPLACED;
  index.count += 1;
}

/** Doubles the lines. Homes keep their order, so both tables are walked from front to end. */
function grow(index: IdIndex, ids: Float64Array): void {
  const { entries } = index;
  index.entries = new Int32Array(entries.length * 2);
  index.shift -= 1;
  index.limit *= 2;
  index.count = 0;
  for (let place = 0; place < entries.length; place++) {
    const entry = entries[place];
    if (entry !== 0) enter(index, ids, (entry & SLOT_MASK) - 1);
  }
}

/** Removes a slot that is in the index, while its id is still in place. */
export function leave(index: IdIndex, ids: Float64Array, slot: number): void {
  const { entries } = index;
  const size = entries.length;
  let place = homeOf(ids[slot * ID_STRIDE], index.shift);
  while ((entries[place] & SLOT_MASK) - 1 !== slot) {
    assert(entries[place] !== 0, 'BOOK-14');
    place = after(place, size);
  }
  index.count -= 1;
  // An entry behind moves into the hole unless its home lies between; those at home never move.
  let next = after(place, size);
  let entry = entries[next];
  while (entry !== 0) {
    if (entry < 0 && maySink(index, ids, entry, place, next)) {
      const home = homeOf(ids[((entry & SLOT_MASK) - 1) * ID_STRIDE], index.shift);
      entries[place] = home === place ? entry & SLOT_MASK : entry;
      place = next;
    }
    next = after(next, size);
    entry = entries[next];
  }
  entries[place] = 0;
}

/** True where the entry at `next` is as near to its home at `place`, which comes before. */
function maySink(index: IdIndex, ids: Float64Array, entry: number, place: number, next: number): boolean {
  const mask = index.entries.length - 1;
  const home = rankOf(homeOf(ids[((entry & SLOT_MASK) - 1) * ID_STRIDE], index.shift), index.shift);
  const from = rankOf(next, index.shift);
  return ((from - home) & mask) >= ((from - rankOf(place, index.shift)) & mask);
}

/** Steps of the longest probe and of all of them, over the entries of the index. */
export function probeLengths(index: IdIndex, ids: Float64Array): { longest: number; total: number } {
  const { entries, shift } = index;
  let longest = 0;
  let total = 0;
  for (let place = 0; place < entries.length; place++) {
    if (entries[place] === 0) continue;
    const home = homeOf(ids[((entries[place] & SLOT_MASK) - 1) * ID_STRIDE], shift);
    const steps = (rankOf(place, shift) - rankOf(home, shift)) & (entries.length - 1);
    longest = Math.max(longest, steps + 1);
    total += steps + 1;
  }
  return { longest, total };
}

/** True where the place of every entry is reachable and marked as it is. Complexity: all of the index. */
export function isIndexSound(index: IdIndex, ids: Float64Array): boolean {
  const { entries, shift } = index;
  const size = entries.length;
  let count = 0;
  for (let place = 0; place < size; place++) {
    const entry = entries[place];
    if (entry === 0) continue;
    count += 1;
    const home = homeOf(ids[((entry & SLOT_MASK) - 1) * ID_STRIDE], shift);
    if (entry < 0 !== (home !== place)) return false;
    for (let step = home; step !== place; step = after(step, size)) if (entries[step] === 0) return false;
  }
  return count === index.count && index.count <= index.limit;
}
