/**
 * Finds the slot of an order by its id: where ids are counted up, by the id's place in a window, exactly; else in a
 * hash (`id-index.ts`).
 *
 * The window is one Int32 (slot + 1; 0 is none) for each of its places, a power of two, and an id's place is its lower
 * bits. Blocks of 256 places belong to one block of ids each, named by its first one. An id whose block has its places
 * in the window stands there and nowhere else; any other stands in the hash.
 *
 * A block gets its places when its first order comes, unless an order of it may be in the hash. Where another block
 * has them, the new one must be higher than all before it, as blocks of ids counted up are. Then the window doubles if
 * it is small for the orders that rest, or what is left of the older block moves to the hash. So ids that are not
 * counted up fill the hash alone, and each order moves at most once.
 */
import { InvariantError } from '@truetape/kernel';
import * as Hash from './id-index.ts';
import type { IdIndex } from './id-index.ts';

/** Bound here, see store.ts. */
const { createIdIndex } = Hash;
const { enter: enterHash, findSlot: findInHash, isIndexSound: isHashSound } = Hash;
const { leave: leaveHash, leaveFound: leaveFoundInHash } = Hash;
const BLOCK_SHIFT = 8;
const BLOCK = 256;
const OFFSET = 255;
const PLACES_MIN = 1024;
/** The window doubles while it has fewer places than this for each order. */
const ROOM = 4;
/** Cells of `marks`: the highest block ever in the window; an id that none in the hash is above. −1: none. */
const TOP = 0;
const HASHED = 1;
const NOBODY = -1;

export interface IdWindow {
  entries: Int32Array;
  /** The first id of the block that has these places; −1: none. */
  blocks: Float64Array;
  /** The window's places less one. */
  mask: number;
  /** Of the last look-up, until the next change: where the id stands or goes in the window; −1: not there. */
  place: number;
  readonly marks: Float64Array;
  readonly hash: IdIndex;
  /** Ids in the hash. */
  hashed: number;
}

export function createIdWindow(): IdWindow {
  return {
    entries: new Int32Array(PLACES_MIN),
    blocks: new Float64Array(PLACES_MIN >>> BLOCK_SHIFT).fill(NOBODY),
    mask: PLACES_MIN - 1,
    place: 0,
    marks: new Float64Array(2).fill(NOBODY),
    hash: createIdIndex(),
    hashed: 0,
  };
}

/**
 * The slot of the id in `cells[at]`, or −1; then `place` is where it goes.
 *
 * Ids stand at `ids[slot << 2]`. The one to find comes in a cell, since a number above 2^31 that is passed as it is
 * gets put on the heap.
 */
export function findSlot(index: IdWindow, ids: Float64Array, cells: Float64Array, at: number): number {
  const id = cells[at];
  const low = id | 0;
  const place = low & index.mask;
  if (index.blocks[place >>> BLOCK_SHIFT] === id - (low & OFFSET)) {
    index.place = place;
    return (index.entries[place] - 1) | 0;
  }
  index.place = NOBODY;
  return index.hashed === 0 ? NOBODY : findInHash(index.hash, ids, cells, at);
}

/** Enters a slot whose id is in place, where `findSlot` has just not found it. `count`: the ids before it. */
export function enterFound(index: IdWindow, ids: Float64Array, slot: number, count: number): void {
  const { place } = index;
  if (place === NOBODY) enterElse(index, ids, slot, count);
  else index.entries[place] = slot + 1;
}

/** Enters a slot whose id is in place and not in the index. `count`: the ids before it. */
export function enter(index: IdWindow, ids: Float64Array, slot: number, count: number): void {
  const id = ids[slot << 2];
  const low = id | 0;
  const place = low & index.mask;
  if (index.blocks[place >>> BLOCK_SHIFT] === id - (low & OFFSET)) index.entries[place] = slot + 1;
  else enterElse(index, ids, slot, count);
}

/** The id's block has no places: it gets some, or the id goes to the hash. */
function enterElse(index: IdWindow, ids: Float64Array, slot: number, count: number): void {
  const { marks } = index;
  const id = ids[slot << 2];
  const low = id | 0;
  const block = id - (low & OFFSET);
  const isTop = block > marks[TOP];
  let at = (low & index.mask) >>> BLOCK_SHIFT;
  if (block <= marks[HASHED] || (index.blocks[at] !== NOBODY && !isTop)) {
    toHash(index, ids, slot);
    return;
  }
  let isTaken = isUsed(index, at);
  while (isTaken && index.mask < count * ROOM) {
    growWindow(index);
    at = (low & index.mask) >>> BLOCK_SHIFT;
    isTaken = isUsed(index, at);
  }
  if (isTaken) clear(index, ids, at);
  index.blocks[at] = block;
  if (isTop) marks[TOP] = block;
  index.entries[low & index.mask] = slot + 1;
}

function toHash(index: IdWindow, ids: Float64Array, slot: number): void {
  enterHash(index.hash, ids, slot, index.hashed);
  index.hashed += 1;
  if (ids[slot << 2] > index.marks[HASHED]) index.marks[HASHED] = ids[slot << 2];
}

/** True where a block of the window has an order. */
function isUsed(index: IdWindow, at: number): boolean {
  const { entries } = index;
  const from = at << BLOCK_SHIFT;
  for (let k = from; k < from + BLOCK; k++) if (entries[k] !== 0) return true;
  return false;
}

/** Moves what is in a block of the window to the hash. */
function clear(index: IdWindow, ids: Float64Array, at: number): void {
  const { entries } = index;
  const from = at << BLOCK_SHIFT;
  for (let k = from; k < from + BLOCK; k++) {
    if (entries[k] === 0) continue;
    toHash(index, ids, entries[k] - 1);
    entries[k] = 0;
  }
}

/** Doubles the window: blocks that had places of their own have them again. */
function growWindow(index: IdWindow): void {
  const { entries, blocks } = index;
  const larger = new Int32Array(entries.length * 2);
  const owners = new Float64Array(blocks.length * 2).fill(NOBODY);
  for (let at = 0; at < blocks.length; at++) {
    if (blocks[at] === NOBODY) continue;
    const to = (blocks[at] | 0) & (larger.length - 1);
    owners[to >>> BLOCK_SHIFT] = blocks[at];
    const from = at << BLOCK_SHIFT;
    for (let k = 0; k < BLOCK; k++) larger[to | k] = entries[from | k];
  }
  index.entries = larger;
  index.blocks = owners;
  index.mask = larger.length - 1;
}

/** Removes a slot that is in the index, while its id is still in place. Errors: `BOOK-14` where it is not. */
export function leave(index: IdWindow, ids: Float64Array, slot: number): void {
  const id = ids[slot << 2];
  const low = id | 0;
  const place = low & index.mask;
  if (index.blocks[place >>> BLOCK_SHIFT] !== id - (low & OFFSET)) {
    leaveHash(index.hash, ids, slot);
    hasLeftHash(index);
    return;
  }
  if (index.entries[place] !== slot + 1) absent();
  index.entries[place] = 0;
}

function absent(): never {
  throw new InvariantError('BOOK-14', 'an id that is in the index');
}

function hasLeftHash(index: IdWindow): void {
  index.hashed -= 1;
  if (index.hashed === 0) index.marks[HASHED] = NOBODY;
}

/** Removes the slot that `findSlot` has just found. */
export function leaveFound(index: IdWindow, ids: Float64Array): void {
  const { place } = index;
  if (place === NOBODY) {
    leaveFoundInHash(index.hash, ids);
    hasLeftHash(index);
  } else {
    index.entries[place] = 0;
  }
}

/** True where so many ids each stand where they are looked for. Complexity: all of the index. */
export function isWindowSound(index: IdWindow, ids: Float64Array, count: number): boolean {
  const { entries, blocks, mask, hash, hashed, marks } = index;
  let found = hashed;
  for (let place = 0; place <= mask; place++) {
    if (entries[place] === 0) continue;
    found += 1;
    const id = ids[(entries[place] - 1) << 2];
    if (((id | 0) & mask) !== place || blocks[place >>> BLOCK_SHIFT] !== id - (id & OFFSET)) return false;
  }
  for (const entry of hash.entries) {
    if (entry === 0) continue;
    const id = ids[Hash.slotOf(entry) << 2];
    if (id > marks[HASHED] || blocks[((id | 0) & mask) >>> BLOCK_SHIFT] === id - (id & OFFSET)) return false;
  }
  return found === count && entries.length === mask + 1 && isHashSound(hash, ids, hashed);
}
