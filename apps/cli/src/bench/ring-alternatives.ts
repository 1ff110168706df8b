/**
 * What the ring was measured against, in shared memory: one ring for all producers, by compare-and-exchange and by
 * a lock, and a book that threads take turns at, with a lock for each of its sides. For the benchmark alone.
 */

const WORDS = 16;

/** A lock that sleeps: 0 free, 1 held, 2 held and waited for. */
export function lock(words: Int32Array, at: number): void {
  if (Atomics.compareExchange(words, at, 0, 1) === 0) return;
  while (Atomics.exchange(words, at, 2) !== 0) Atomics.wait(words, at, 2);
}

export function unlock(words: Int32Array, at: number): void {
  if (Atomics.exchange(words, at, 0) === 2) Atomics.notify(words, at, 1);
}

/** A ring for many producers. Head at word 0, tail at 32, lock at 64; a sequence a cell, then the cells. */
export interface ManyRing {
  readonly buffer: SharedArrayBuffer;
  readonly capacity: number;
}

const HEAD = 0;
const TAIL = 32;
const LOCK = 64;
const SEQUENCES = 96;

export function createManyRing(capacity: number): ManyRing {
  const buffer = new SharedArrayBuffer((SEQUENCES + capacity * (1 + WORDS)) * 4);
  const words = new Int32Array(buffer);
  for (let k = 0; k < capacity; k++) words[SEQUENCES + k] = k;
  return { buffer, capacity };
}

/** Offers and takes a cell; both say whether they did. */
export interface ManyEnds {
  readonly offer: (from: Int32Array, first: number) => boolean;
  readonly poll: (into: Int32Array) => boolean;
}

function copy(into: Int32Array, to: number, from: Int32Array, first: number): void {
  for (let word = 0; word < WORDS; word++) into[to + word] = from[first + word];
}

/** By compare-and-exchange of the tail, as in D. Vyukov's bounded queue (2010). */
export function openExchanged(ring: ManyRing): ManyEnds {
  const words = new Int32Array(ring.buffer);
  const mask = ring.capacity - 1;
  const cells = SEQUENCES + ring.capacity;
  let head = 0;
  return {
    offer: (from, first) => {
      for (;;) {
        const tail = Atomics.load(words, TAIL);
        const behind = (Atomics.load(words, SEQUENCES + (tail & mask)) - tail) | 0;
        if (behind < 0) return false;
        if (behind > 0 || Atomics.compareExchange(words, TAIL, tail, (tail + 1) | 0) !== tail) continue;
        copy(words, cells + (tail & mask) * WORDS, from, first);
        Atomics.store(words, SEQUENCES + (tail & mask), (tail + 1) | 0);
        return true;
      }
    },
    poll: (into) => {
      const at = SEQUENCES + (head & mask);
      if (Atomics.load(words, at) !== ((head + 1) | 0)) return false;
      copy(into, 0, words, cells + (head & mask) * WORDS);
      Atomics.store(words, at, (head + ring.capacity) | 0);
      head = (head + 1) | 0;
      return true;
    },
  };
}

/** By one lock around both ends. */
export function openLocked(ring: ManyRing): ManyEnds {
  const words = new Int32Array(ring.buffer);
  const mask = ring.capacity - 1;
  const cells = SEQUENCES + ring.capacity;
  return {
    offer: (from, first) => {
      lock(words, LOCK);
      const tail = words[TAIL];
      const hasRoom = tail - words[HEAD] < ring.capacity;
      if (hasRoom) {
        copy(words, cells + (tail & mask) * WORDS, from, first);
        words[TAIL] = tail + 1;
      }
      unlock(words, LOCK);
      return hasRoom;
    },
    poll: (into) => {
      // Looking without the lock is safe here and spares the producers a consumer that spins on it.
      if (Atomics.load(words, TAIL) === Atomics.load(words, HEAD)) return false;
      lock(words, LOCK);
      const head = words[HEAD];
      copy(into, 0, words, cells + (head & mask) * WORDS);
      words[HEAD] = head + 1;
      unlock(words, LOCK);
      return true;
    },
  };
}

/** Shared words of a book that threads take turns at: two locks, a line each, and 64 KiB that stand for its sides. */
const SIDE_WORDS = 8192;
export const TURNS_BYTES: number = (64 + 2 * SIDE_WORDS) * 4;

/** Reads and writes that stand for one command to one side of a book: about what a command costs. */
function touchSide(words: Int32Array, side: number, seed: number): number {
  let at = seed;
  let sum = 0;
  for (let step = 0; step < 12; step++) {
    at = (Math.imul(at, 1_664_525) + 1_013_904_223) | 0;
    const word = 64 + side * SIDE_WORDS + ((at >>> 8) & (SIDE_WORDS - 1));
    sum += words[word];
    words[word] = sum + step;
  }
  return at;
}

/** Which locks a thread takes for a command. */
export type Sharding = 'none' | 'one' | 'bySide';

/**
 * Carries out `count` pretended commands under locks. One in ten trades, and so needs both sides, which are locked
 * in order.
 */
export function takeTurns(buffer: SharedArrayBuffer, count: number, sharding: Sharding, seed: number): void {
  const words = new Int32Array(buffer);
  let at = seed;
  for (let k = 0; k < count; k++) {
    const side = (at >>> 20) & 1;
    const trades = k % 10 === 0;
    const low = sharding === 'bySide' && !trades ? side * 32 : 0;
    if (sharding !== 'none') lock(words, low);
    if (sharding === 'bySide' && trades) lock(words, 32);
    at = touchSide(words, side, at);
    if (sharding === 'bySide' && trades) unlock(words, 32);
    if (sharding !== 'none') unlock(words, low);
  }
}
