/**
 * Finds the slots of orders whose ids are not in the window (`id-window.ts`): open addressing with linear probing,
 * deletion by shifting back. Load is at most a quarter while the table fits a second-level cache, for a probe that goes
 * on is a branch mispredicted; and at most one half beyond, for a miss costs more than that.
 *
 * An entry is one Int32: slot + 1 in 27 bits, a tag of four bits of the id's hash, and the sign bit set where it does
 * not stand at its home; 0 is empty. The ids themselves stand in the orders: the tag saves fifteen of sixteen looks at
 * an order with another id, each a cache miss in a large book. Sixteen ids in a row share a home line of sixteen
 * entries (one cache line),
 * each in a column of its own, rotated by the line's hash: so ids that a venue counts up hit the cache as a plain
 * array would, while sparse ones cost an entry each, as in any hash. Probing goes down a column, line by line,
 * and from its end on to the next column.
 *
 * Alternatives: a Map (45 ns and 35 bytes an order), a paged array by id (a page of memory for each sparse one), a
 * hash of single ids (a cache miss each); see BENCH.md.
 */
import { assert } from '@truetape/kernel';

const LINE_SHIFT = 4;
const LINE = 16;
const COLUMN = 15;
const DISPLACED = -0x80000000;
const AT_HOME = 0x7fffffff;
const SLOT_MASK = 0x7ffffff;
/** The tag is of bits 5 to 8 of the hash, which hardly take part in a home: it stays when the table grows. */
const TAG_MASK = 0x78000000;
const TAG_SHIFT = 22;
const LINE_BITS_MIN = 2;
/** Odd multipliers without short patterns: 2^32 / golden ratio, and one for an id's upper half. */
const GOLDEN = -0x61c8864f;
const UPPER = -0x7a143595;
const TWO_M32 = 2.3283064365386963e-10;

export interface IdIndex {
  entries: Int32Array;
  /** 32 − log2 of the lines. */
  shift: number;
  /** Ids that it takes before it grows. */
  limit: number;
  /** Of the last look-up, until the next change: where the id stands, or where it goes, its home and its tag. */
  place: number;
  home: number;
  tag: number;
}

/** Entries, 1 MiB of them, up to which the index stays emptier. */
const ROOMY_MAX = 1 << 18;

/** Ids that a table of so many entries takes. */
function limitOf(entries: number): number {
  return entries < ROOMY_MAX ? entries >>> 2 : entries >>> 1;
}

export function createIdIndex(): IdIndex {
  const entries = new Int32Array(LINE << LINE_BITS_MIN);
  return { entries, shift: 32 - LINE_BITS_MIN, limit: limitOf(entries.length), place: 0, home: 0, tag: 0 };
}

/**
 * Fibonacci hashing spreads blocks that are counted up without a collision; folding first keeps steps of 1,000 and the
 * like from coming out of the product in a few lines.
 */
function hashOf(id: number): number {
  const block = ((id | 0) >>> LINE_SHIFT) ^ Math.imul((id * TWO_M32) | 0, UPPER);
  return Math.imul(block ^ (block >>> 9), GOLDEN);
}

/** Home of an id: its line from the uppermost bits of the hash, its column from those below, which differ as well. */
function placeOf(id: number, hash: number, shift: number): number {
  return ((hash >>> shift) << LINE_SHIFT) | (((id | 0) ^ (hash >>> (shift - 4))) & COLUMN);
}

function homeOf(id: number, shift: number): number {
  return placeOf(id, hashOf(id), shift);
}

/** What an entry at home has for an id's slot. */
function entryOf(slot: number, hash: number): number {
  return (slot + 1) | ((hash << TAG_SHIFT) & TAG_MASK);
}

/** The next place of a probe; places form one cycle. */
function after(place: number, size: number): number {
  const next = (place + LINE) | 0;
  return next < size ? next : (next + 1) & COLUMN;
}

/** Number of a place in the order of probing. */
function rankOf(place: number, shift: number): number {
  return ((place & COLUMN) << (32 - shift)) | (place >>> LINE_SHIFT);
}

/**
 * The slot of the id in `cells[at]`, or −1; then `place` is where it goes.
 *
 * Ids stand at `ids[slot << 2]`. The one to find comes in a cell, since a number above 2^31 that is passed as it is
 * gets put on the heap.
 */
export function findSlot(index: IdIndex, ids: Float64Array, cells: Float64Array, at: number): number {
  const id = cells[at];
  const { entries } = index;
  const size = entries.length;
  const hash = hashOf(id);
  const tag = (hash << TAG_SHIFT) & TAG_MASK;
  let place = placeOf(id, hash, index.shift);
  index.home = place;
  index.tag = tag;
  let entry = entries[place];
  while (entry !== 0) {
    if ((entry & TAG_MASK) === tag) {
      const slot = (entry & SLOT_MASK) - 1;
      if (ids[slot << 2] === id) {
        index.place = place;
        return slot;
      }
    }
    place = after(place, size);
    entry = entries[place];
  }
  index.place = place;
  return -1;
}

/** Enters a slot whose id is in place, where `findSlot` has just not found it. `count`: the ids before it. */
export function enterFound(index: IdIndex, ids: Float64Array, slot: number, count: number): void {
  if (count >= index.limit) {
    enter(index, ids, slot, count);
    return;
  }
  const { place } = index;
  const entry = (slot + 1) | index.tag;
  index.entries[place] = place === index.home ? entry : entry | DISPLACED;
}

/** Enters a slot whose id is in place and not in the index. `count`: the ids before it. */
export function enter(index: IdIndex, ids: Float64Array, slot: number, count: number): void {
  if (count >= index.limit) grow(index, ids);
  put(index.entries, ids[slot << 2], index.shift, slot);
}

function put(entries: Int32Array, id: number, shift: number, slot: number): void {
  const size = entries.length;
  const hash = hashOf(id);
  const home = placeOf(id, hash, shift);
  const entry = entryOf(slot, hash);
  let place = home;
  while (entries[place] !== 0) place = after(place, size);
  entries[place] = place === home ? entry : entry | DISPLACED;
}

/** Doubles the lines. Homes keep their order, so both tables are walked from front to end. */
function grow(index: IdIndex, ids: Float64Array): void {
  const { entries } = index;
  const larger = new Int32Array(entries.length * 2);
  const shift = index.shift - 1;
  for (let place = 0; place < entries.length; place++) {
    const slot = (entries[place] & SLOT_MASK) - 1;
    if (slot >= 0) put(larger, ids[slot << 2], shift, slot);
  }
  index.entries = larger;
  index.shift = shift;
  index.limit = limitOf(larger.length);
}

/** Removes a slot that is in the index, while its id is still in place. */
export function leave(index: IdIndex, ids: Float64Array, slot: number): void {
  const { entries } = index;
  const id = ids[slot << 2];
  const hash = hashOf(id);
  const home = placeOf(id, hash, index.shift);
  if (entries[home] === entryOf(slot, hash) && entries[after(home, entries.length)] === 0) entries[home] = 0;
  else leaveFrom(index, ids, slot, home);
}

function leaveFrom(index: IdIndex, ids: Float64Array, slot: number, home: number): void {
  const { entries } = index;
  let place = home;
  while ((entries[place] & SLOT_MASK) - 1 !== slot) {
    assert(entries[place] !== 0, 'BOOK-14');
    place = after(place, entries.length);
  }
  if (entries[after(place, entries.length)] === 0) entries[place] = 0;
  else shiftBack(index, ids, place);
}

/** Removes the slot that `findSlot` has just found. */
export function leaveFound(index: IdIndex, ids: Float64Array): void {
  const { entries, place } = index;
  if (entries[after(place, entries.length)] === 0) entries[place] = 0;
  else shiftBack(index, ids, place);
}

/** Empties a place: an entry behind moves in unless its home lies between; those at home never move. */
function shiftBack(index: IdIndex, ids: Float64Array, from: number): void {
  const { entries, shift } = index;
  const size = entries.length;
  let place = from;
  let next = after(place, size);
  let entry = entries[next];
  while (entry !== 0) {
    if (entry < 0) {
      const home = homeOf(ids[((entry & SLOT_MASK) - 1) << 2], shift);
      const rank = rankOf(next, shift);
      const isBehind =
        ((rank - rankOf(home, shift)) & (size - 1)) >= ((rank - rankOf(place, shift)) & (size - 1));
      if (isBehind) {
        entries[place] = home === place ? entry & AT_HOME : entry;
        place = next;
      }
    }
    next = after(next, size);
    entry = entries[next];
  }
  entries[place] = 0;
}

/** The slot of an entry that is none of an empty place. */
export function slotOf(entry: number): number {
  return (entry & SLOT_MASK) - 1;
}

/** Probes of the unluckiest id, and of all: a measure of how well ids spread. Complexity: all of the index. */
export function probesOf(index: IdIndex, ids: Float64Array): { longest: number; total: number } {
  const { entries, shift } = index;
  let longest = 0;
  let total = 0;
  for (let place = 0; place < entries.length; place++) {
    if (entries[place] === 0) continue;
    const home = homeOf(ids[((entries[place] & SLOT_MASK) - 1) << 2], shift);
    const probes = ((rankOf(place, shift) - rankOf(home, shift)) & (entries.length - 1)) + 1;
    longest = Math.max(longest, probes);
    total += probes;
  }
  return { longest, total };
}

/** True where so many entries are each reachable and marked as they are. Complexity: all of the index. */
export function isIndexSound(index: IdIndex, ids: Float64Array, count: number): boolean {
  const { entries, shift, limit } = index;
  const size = entries.length;
  let found = 0;
  for (let place = 0; place < size; place++) {
    const entry = entries[place];
    if (entry === 0) continue;
    found += 1;
    const slot = (entry & SLOT_MASK) - 1;
    const hash = hashOf(ids[slot << 2]);
    const home = placeOf(ids[slot << 2], hash, shift);
    if (entry < 0 !== (home !== place) || (entry & AT_HOME) !== entryOf(slot, hash)) return false;
    for (let step = home; step !== place; step = after(step, size)) if (entries[step] === 0) return false;
  }
  return found === count && count <= limit && size === 1 << (36 - shift);
}
