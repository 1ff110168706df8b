/**
 * The price axis of both sides: which prices have a level, best first, over the whole 32-bit range in memory by
 * levels, not by range.
 *
 * A radix tree of 32-way nodes for each side: a node has a bitmap word and 32 children, a page of 32 prices is one at
 * the bottom. Seven steps from the root are too many for each command, so that a small direct-mapped cache remembers
 * pages by their number: nearly every look-up is one compare. Keys ascend from best to worst on both sides (a bid's
 * key is the complement of its price).
 *
 * Bitmaps say where levels are. A page without any stays linked while the cache names it, so that a price that comes
 * and goes builds nothing; others are freed at once, with the nodes above that have no children left.
 *
 * Worst case: isolated prices, with two or three nodes of 136 bytes each to themselves. Alternatives: an array over the
 * range (a narrow window), sorted arrays (+26 %, moves on insert), 64-way nodes (two words, twice the memory at
 * isolated prices); see BENCH.md.
 */
import { NO_SLOT } from './slot.ts';

/** Bound here, see store.ts. */
const NONE = NO_SLOT;
const WAY = 32;
const OFFSET = 31;
const TOP_SHIFT = 30;
/** Turns a key into an unsigned number, so that the tree's order is theirs. */
const SIGN = -0x80000000;
/** Pages that the cache remembers of a side. */
const CACHE = 128;
/** Nodes 0 and 1 are the roots of BUY and SELL, and no child. */
const ROOTS = 2;

export interface Ladder {
  /** Children of nodes; in pages, level + 1. 0 is none. */
  kids: Int32Array;
  /** Which children have levels below them; in pages, which prices have one. */
  bits: Int32Array;
  /** Its parent, or the next free node. */
  up: Int32Array;
  used: number;
  free: number;
  /** Page number and page, by side and the number's lower bits. */
  readonly cache: Int32Array;
  /** The best level by side; NO_SLOT where it is empty. */
  readonly best: Int32Array;
}

export function createLadder(): Ladder {
  const nodes = 16;
  return {
    kids: new Int32Array(nodes * WAY),
    bits: new Int32Array(nodes),
    up: new Int32Array(nodes).fill(NONE, 0, ROOTS),
    used: ROOTS,
    free: NONE,
    cache: new Int32Array(CACHE * 4).fill(NONE),
    best: new Int32Array(3).fill(NONE),
  };
}

/** Position of the lowest set bit. */
function lowest(word: number): number {
  return 31 - Math.clz32(word & -word);
}

function entryOf(side: number, number: number): number {
  return (((side - 1) << 7) | (number & 127)) << 1;
}

/** The level of a side at a key, or NO_SLOT. */
export function levelAtKey(ladder: Ladder, side: number, key: number): number {
  const place = key ^ SIGN;
  const number = place >>> 5;
  const entry = entryOf(side, number);
  const { cache } = ladder;
  const page = cache[entry] === number ? cache[entry + 1] : walkTo(ladder, side, place);
  return page === NONE ? NONE : (ladder.kids[(page << 5) | (place & OFFSET)] - 1) | 0;
}

/** A page that the cache does not know, or NO_SLOT. */
function walkTo(ladder: Ladder, side: number, place: number): number {
  let node = side - 1;
  for (let shift = TOP_SHIFT; shift > 0; shift -= 5) {
    node = ladder.kids[(node << 5) | ((place >>> shift) & OFFSET)];
    if (node === 0) return NONE;
  }
  remember(ladder, side, place >>> 5, node);
  return node;
}

/** Puts a page into the cache; the one that it forgets goes where it is empty. */
function remember(ladder: Ladder, side: number, number: number, page: number): void {
  const { cache } = ladder;
  const entry = entryOf(side, number);
  const forgotten = cache[entry];
  const old = cache[entry + 1];
  cache[entry] = number;
  cache[entry + 1] = page;
  if (forgotten !== NONE && ladder.bits[old] === 0) freePage(ladder, old, forgotten << 5);
}

/** The page of a key, linked where it was not. It must get a level at once. */
export function makePage(ladder: Ladder, side: number, key: number): number {
  const place = key ^ SIGN;
  const number = place >>> 5;
  const entry = entryOf(side, number);
  if (ladder.cache[entry] === number) return ladder.cache[entry + 1];
  let node = side - 1;
  for (let shift = TOP_SHIFT; shift > 0; shift -= 5) {
    const offset = (place >>> shift) & OFFSET;
    let kid = ladder.kids[(node << 5) | offset];
    if (kid === 0) {
      kid = takeNode(ladder, node);
      ladder.kids[(node << 5) | offset] = kid;
    }
    node = kid;
  }
  remember(ladder, side, number, node);
  return node;
}

function takeNode(ladder: Ladder, parent: number): number {
  let node = ladder.free;
  if (node === NONE) {
    node = ladder.used;
    if (node === ladder.bits.length) growNodes(ladder);
    ladder.used = node + 1;
  } else {
    ladder.free = ladder.up[node];
  }
  ladder.up[node] = parent;
  return node;
}

function growNodes(ladder: Ladder): void {
  const nodes = ladder.bits.length * 2;
  const { kids, bits, up } = ladder;
  ladder.kids = new Int32Array(nodes * WAY);
  ladder.kids.set(kids);
  ladder.bits = new Int32Array(nodes);
  ladder.bits.set(bits);
  ladder.up = new Int32Array(nodes);
  ladder.up.set(up);
}

/** Unlinks a page without levels, and the nodes above it that have no children left. */
function freePage(ladder: Ladder, page: number, place: number): void {
  const { kids, up } = ladder;
  let node = page;
  for (let shift = 5; up[node] !== NONE; shift += 5) {
    const parent = up[node];
    kids[(parent << 5) | ((place >>> shift) & OFFSET)] = 0;
    up[node] = ladder.free;
    ladder.free = node;
    for (let offset = 0; offset < WAY; offset++) if (kids[(parent << 5) | offset] !== 0) return;
    node = parent;
  }
}

/** Puts a level into its page, at a key that has none. The best one is the caller's to keep. */
export function putLevel(ladder: Ladder, page: number, key: number, level: number): void {
  const place = key ^ SIGN;
  const { bits } = ladder;
  const before = bits[page];
  ladder.kids[(page << 5) | (place & OFFSET)] = level + 1;
  bits[page] = before | (1 << place);
  let rest = before;
  let node = page;
  for (let shift = 5; rest === 0 && shift <= TOP_SHIFT; shift += 5) {
    node = ladder.up[node];
    rest = bits[node];
    bits[node] = rest | (1 << (place >>> shift));
  }
}

/** Takes the level at a key out of its page. */
export function dropLevel(ladder: Ladder, side: number, page: number, key: number): void {
  const place = key ^ SIGN;
  const { bits } = ladder;
  ladder.kids[(page << 5) | (place & OFFSET)] = 0;
  let rest = bits[page] & ~(1 << place);
  bits[page] = rest;
  if (rest !== 0) return;
  let node = page;
  for (let shift = 5; rest === 0 && shift <= TOP_SHIFT; shift += 5) {
    node = ladder.up[node];
    rest = bits[node] & ~(1 << (place >>> shift));
    bits[node] = rest;
  }
  if (ladder.cache[entryOf(side, place >>> 5)] !== place >>> 5) freePage(ladder, page, place);
}

/** The next worse level behind a key of a page, or NO_SLOT. Complexity: twice the depth of the tree at most. */
export function levelAfter(ladder: Ladder, page: number, key: number): number {
  const place = key ^ SIGN;
  const rest = ladder.bits[page] & (-2 << place);
  return rest === 0 ? leapFrom(ladder, page, place) : (ladder.kids[(page << 5) | lowest(rest)] - 1) | 0;
}

/** Up until a node has a later child, then down along the first ones. */
function leapFrom(ladder: Ladder, page: number, place: number): number {
  const { kids, bits, up } = ladder;
  let node = up[page];
  for (let shift = 5; shift <= TOP_SHIFT; shift += 5) {
    const rest = bits[node] & (-2 << (place >>> shift));
    if (rest !== 0) {
      let kid = kids[(node << 5) | lowest(rest)];
      for (let depth = shift; depth > 0; depth -= 5) kid = kids[(kid << 5) | lowest(bits[kid])];
      return kid - 1;
    }
    node = up[node];
  }
  return NONE;
}

/** The first level of a side by the tree alone, whatever `best` says; or NO_SLOT. */
export function firstLevel(ladder: Ladder, side: number): number {
  let node = side - 1;
  if (ladder.bits[node] === 0) return NONE;
  for (let shift = TOP_SHIFT; shift >= 0; shift -= 5) {
    node = ladder.kids[(node << 5) | lowest(ladder.bits[node])];
  }
  return node - 1;
}

/** True where trees, bitmaps, free nodes and cache agree. Complexity: all nodes. */
export function isLadderSound(ladder: Ladder): boolean {
  const { up, used } = ladder;
  let free = 0;
  for (let node = ladder.free; node !== NONE; node = up[node]) {
    free += 1;
    if (free > used) return false;
  }
  let linked = 0;
  for (let root = 0; root < ROOTS; root++) {
    const nodes = countNodes(ladder, root, root, TOP_SHIFT, 0);
    if (nodes === NONE) return false;
    linked += nodes;
  }
  return linked + free === used;
}

/** Nodes of a subtree; NO_SLOT where one of them is wrong. */
function countNodes(ladder: Ladder, root: number, node: number, shift: number, place: number): number {
  const { kids, bits, up, cache } = ladder;
  let count = 1;
  for (let offset = 0; offset < WAY; offset++) {
    const kid = kids[(node << 5) | offset];
    const isSet = ((bits[node] >>> offset) & 1) !== 0;
    if (shift === 0 || kid === 0) {
      if (isSet !== (kid !== 0)) return NONE;
      continue;
    }
    const below = place | (offset << shift);
    const nodes = countNodes(ladder, root, kid, shift - 5, below);
    if (nodes === NONE || up[kid] !== node || isSet !== (bits[kid] !== 0)) return NONE;
    // An empty page is one that the cache names.
    const entry = entryOf(root + 1, below >>> 5);
    if (shift === 5) {
      const isCached = cache[entry] === below >>> 5;
      if (isCached ? cache[entry + 1] !== kid : bits[kid] === 0) return NONE;
    }
    count += nodes;
  }
  return count;
}
