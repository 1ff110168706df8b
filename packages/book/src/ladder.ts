/**
 * The price axis of one side: which prices have a level, best first, over the whole 32-bit range in memory by
 * levels, not by range.
 *
 * A radix tree of 32-way nodes: each has a bitmap word and 32 children, a page of 32 prices at the bottom. Seven
 * steps from the root are too many for each command, so that a small direct-mapped cache remembers pages by their
 * number: nearly every look-up is one compare, and the tree is walked where a page begins or runs empty. Keys
 * ascend from best to worst on both sides (a bid's key is the complement of its price).
 *
 * Worst case: isolated prices, with two nodes of 140 bytes each to themselves. Alternatives: an array over the
 * range (a narrow window), sorted arrays (+26 %, moves on insert), 64-way nodes (two words, twice the memory at
 * isolated prices); see BENCH.md.
 */
import { NO_SLOT } from './slot.ts';

const WAY = 32;
const WAY_BITS = 5;
const TOP_SHIFT = 30;
const CACHE = 256;
/** No page has this number: they have 27 bits. */
const NO_PAGE = -1;
const ROOT = 0;

export interface Ladder {
  /** Children of nodes; in pages, level + 1. 0 is none. */
  kids: Int32Array;
  /** Which children a node has. */
  bits: Int32Array;
  /** Its parent, or the next free node. */
  up: Int32Array;
  used: number;
  free: number;
  /** Page number and page, by the number's lower bits. */
  readonly cache: Int32Array;
  /** The best level; NO_SLOT where the side is empty. */
  best: number;
}

export function createLadder(): Ladder {
  const nodes = 16;
  return {
    kids: new Int32Array(nodes * WAY),
    bits: new Int32Array(nodes),
    up: new Int32Array(nodes).fill(NO_SLOT, 0, 1),
    used: 1,
    free: NO_SLOT,
    cache: new Int32Array(CACHE * 2).fill(NO_PAGE),
    best: NO_SLOT,
  };
}

/** Position of the lowest set bit. */
function lowest(word: number): number {
  return 31 - Math.clz32(word & -word);
}

/** Keys as unsigned numbers, so that the tree's order is theirs. */
function unsigned(key: number): number {
  return key ^ 0x80000000;
}

function remember(ladder: Ladder, number: number, page: number): void {
  const entry = (number & (CACHE - 1)) * 2;
  ladder.cache[entry] = number;
  ladder.cache[entry + 1] = page;
}

/** The page that a key belongs to, or NO_SLOT. */
export function pageOf(ladder: Ladder, key: number): number {
  const number = unsigned(key) >>> WAY_BITS;
  const entry = (number & (CACHE - 1)) * 2;
  return ladder.cache[entry] === number ? ladder.cache[entry + 1] : walkTo(ladder, key);
}

function walkTo(ladder: Ladder, key: number): number {
  const place = unsigned(key);
  let node = ROOT;
  for (let shift = TOP_SHIFT; shift > 0; shift -= WAY_BITS) {
    node = ladder.kids[node * WAY + ((place >>> shift) & (WAY - 1))];
    if (node === 0) return NO_SLOT;
  }
  remember(ladder, place >>> WAY_BITS, node);
  return node;
}

/** The page that a key belongs to, made where there is none. It must get a level. */
export function makePage(ladder: Ladder, key: number): number {
  const number = unsigned(key) >>> WAY_BITS;
  const entry = (number & (CACHE - 1)) * 2;
  if (ladder.cache[entry] === number) return ladder.cache[entry + 1];
  const place = unsigned(key);
  let node = ROOT;
  for (let shift = TOP_SHIFT; shift > 0; shift -= WAY_BITS) {
    const offset = (place >>> shift) & (WAY - 1);
    let kid = ladder.kids[node * WAY + offset];
    if (kid === 0) {
      kid = takeNode(ladder, node);
      ladder.kids[node * WAY + offset] = kid;
      ladder.bits[node] |= 1 << offset;
    }
    node = kid;
  }
  remember(ladder, number, node);
  return node;
}

function takeNode(ladder: Ladder, parent: number): number {
  let node = ladder.free;
  if (node === NO_SLOT) {
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

/** The level at a key, or NO_SLOT. */
export function levelAtKey(ladder: Ladder, key: number): number {
  const page = pageOf(ladder, key);
  return page === NO_SLOT ? NO_SLOT : ladder.kids[page * WAY + (unsigned(key) & (WAY - 1))] - 1;
}

/** The level at a key of a page, or NO_SLOT. */
export function levelInPage(ladder: Ladder, page: number, key: number): number {
  return ladder.kids[page * WAY + (unsigned(key) & (WAY - 1))] - 1;
}

/** Puts a level into its page, at a key that has none. The best one is the caller's to keep. */
export function putLevel(ladder: Ladder, page: number, key: number, level: number): void {
  const offset = unsigned(key) & (WAY - 1);
  ladder.kids[page * WAY + offset] = level + 1;
  ladder.bits[page] |= 1 << offset;
}

/** Takes the level at a key out of its page; pages and nodes without any are freed. */
export function dropLevel(ladder: Ladder, page: number, key: number): void {
  const offset = unsigned(key) & (WAY - 1);
  ladder.kids[page * WAY + offset] = 0;
  const rest = ladder.bits[page] & ~(1 << offset);
  ladder.bits[page] = rest;
  if (rest === 0) dropPage(ladder, page, key);
}

function dropPage(ladder: Ladder, page: number, key: number): void {
  const place = unsigned(key);
  const entry = ((place >>> WAY_BITS) & (CACHE - 1)) * 2;
  if (ladder.cache[entry] === place >>> WAY_BITS) ladder.cache[entry] = NO_PAGE;
  let node = page;
  for (let shift = WAY_BITS; ladder.bits[node] === 0 && node !== ROOT; shift += WAY_BITS) {
    const parent = ladder.up[node];
    const offset = (place >>> shift) & (WAY - 1);
    ladder.kids[parent * WAY + offset] = 0;
    ladder.bits[parent] &= ~(1 << offset);
    ladder.up[node] = ladder.free;
    ladder.free = node;
    node = parent;
  }
}

/** The next worse level behind a key of a page, or NO_SLOT. Complexity: the depth of the tree at most, twice. */
export function levelAfter(ladder: Ladder, page: number, key: number): number {
  const place = unsigned(key);
  const offset = place & (WAY - 1);
  const rest = ladder.bits[page] & (-2 << offset);
  return rest === 0 ? leapFrom(ladder, page, place) : ladder.kids[page * WAY + lowest(rest)] - 1;
}

/** Up until a node has a later child, then down along the first ones. */
function leapFrom(ladder: Ladder, page: number, place: number): number {
  const { kids, bits, up } = ladder;
  let node = up[page];
  let shift = WAY_BITS;
  while (node !== NO_SLOT) {
    const rest = bits[node] & (-2 << ((place >>> shift) & (WAY - 1)));
    if (rest !== 0) {
      let kid = kids[node * WAY + lowest(rest)];
      for (; shift > 0; shift -= WAY_BITS) kid = kids[kid * WAY + lowest(bits[kid])];
      return kid - 1;
    }
    node = up[node];
    shift += WAY_BITS;
  }
  return NO_SLOT;
}

/** The first level of all by the tree alone, whatever `best` says; or NO_SLOT. */
export function firstLevel(ladder: Ladder): number {
  if (ladder.bits[ROOT] === 0) return NO_SLOT;
  let node: number = ROOT;
  for (let shift = TOP_SHIFT; shift >= 0; shift -= WAY_BITS) {
    node = ladder.kids[node * WAY + lowest(ladder.bits[node])];
  }
  return node - 1;
}

/** True where tree, bitmaps, free nodes and cache agree. Complexity: all nodes. */
export function isLadderSound(ladder: Ladder): boolean {
  const { bits, up, cache } = ladder;
  let free = 0;
  for (let node = ladder.free; node !== NO_SLOT; node = up[node]) {
    free += 1;
    if (bits[node] !== 0 || free > ladder.used) return false;
  }
  const linked = countNodes(ladder, ROOT, TOP_SHIFT);
  if (linked === NO_SLOT || linked + free !== ladder.used) return false;
  for (let entry = 0; entry < cache.length; entry += 2) {
    const number = cache[entry];
    if (number === NO_PAGE) continue;
    const page = cache[entry + 1];
    cache[entry] = NO_PAGE;
    const walked = walkTo(ladder, unsigned(number << WAY_BITS));
    cache[entry] = number;
    if (walked !== page || (number & (CACHE - 1)) * 2 !== entry) return false;
  }
  return true;
}

/** Nodes of a subtree; NO_SLOT where bitmaps and children, or parents and children, differ. */
function countNodes(ladder: Ladder, node: number, shift: number): number {
  const { kids, bits, up } = ladder;
  let count = 1;
  for (let offset = 0; offset < WAY; offset++) {
    const kid = kids[node * WAY + offset];
    if ((kid !== 0) !== (((bits[node] >>> offset) & 1) !== 0)) return NO_SLOT;
    if (kid === 0 || shift === 0) continue;
    const below = up[kid] === node && bits[kid] !== 0 ? countNodes(ladder, kid, shift - WAY_BITS) : NO_SLOT;
    if (below === NO_SLOT) return NO_SLOT;
    count += below;
  }
  return count;
}
