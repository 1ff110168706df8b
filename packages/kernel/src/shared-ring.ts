/**
 * A bounded lock-free ring in shared memory, from one thread to one other (SPSC), of cells of a fixed size.
 *
 *     bytes    0  i32 head     cells taken, mod 2^32; written by the consumer alone
 *            128  i32 tail     cells published, mod 2^32; written by the producer alone
 *            256  i32 state    bits below
 *            260  i32 room     doorbell of a producer that waits
 *            264  i64 × 3      full, waits, waitNs: contention, counted by the producer
 *            384  the cells, index mod capacity
 *
 * Head and tail have two cache lines each, since processors fetch lines in pairs; each side keeps the last
 * value it saw of the other's, and looks again only when that says full or empty. The cells are plain
 * memory: they are written before the tail is stored and read after it was loaded, and the same with the
 * head, both by sequentially consistent accesses, which order them; no cell is ever touched by both sides
 * at once. A producer that dies while it writes has published nothing.
 *
 * Indices are counted on without end and compared by their difference, so that full and empty differ and
 * the wrap at 2^32 is no case of its own.
 *
 * Source: L. Lamport, Specifying concurrent program modules, TOPLAS 5 (1983), for one reader and one writer
 * without a lock; the cached counterpart index is that of Lee, Bu and Chandranmenon (2009), MCRingBuffer.
 * Alternative considered: one ring for all producers, whose tail they compete for by compare-and-exchange.
 * Every publication is then a contended exchange, a producer that dies between claim and publication stops
 * all others, and the order among producers is the processor's. Figures stand in BENCH.md.
 */
import { assert } from './assert.ts';
import { armDoorbell, disarmDoorbell, ringDoorbell, sleepAtDoorbell, type Doorbell } from './doorbell.ts';

const HEAD = 0;
const TAIL = 32;
const STATE = 64;
const ROOM = 65;
const CELLS = 96;
// Positions of 64-bit counters.
const FULL = 33;
const WAITS = 34;
const WAIT_NS = 35;

const PRODUCED = 1;
const CONSUMED = 2;
const CLOSED = 4;
const STOPPED = 8;
/** Both ends are open, and nothing has ended. */
const OPEN = PRODUCED | CONSUMED;

/** A wait looks this often whether the ring was stopped, should its bell have died with a thread. */
const WAIT_SLICE_MS = 250;
const CAPACITY_MAX = 16_777_216;
const LINE_BYTES = 64;
const LINE_WORDS = 16;
const CELL_BYTES_MAX = 4096;

/** A ring's memory. Plain data: post it to the threads that open its ends. */
export interface SharedRing {
  readonly buffer: SharedArrayBuffer;
  /** Cells it has room for: a power of two. */
  readonly capacity: number;
  readonly cellBytes: number;
}

export interface RingConfig {
  /** 1 … 2^24, a power of two. */
  readonly capacity: number;
  /** Whole cache lines of 64 bytes, up to 4,096; one by default. */
  readonly cellBytes?: number;
  /** Where the count of cells begins, 0 … 2^32−1: for tests of the wrap. */
  readonly firstIndex?: number;
}

/** What a producer does that finds the ring full. */
export type RingOverflow = 'reject' | 'wait';

export interface ProducerOptions {
  readonly overflow: RingOverflow;
  /** A monotonic clock, for the time that was waited. */
  readonly nowNs: () => number;
  /** Rung when something was published. */
  readonly bell?: Doorbell;
}

/** The writing end; its fields are not for callers. */
export interface RingProducer {
  readonly ring: SharedRing;
  readonly i32: Int32Array<SharedArrayBuffer>;
  readonly i64: BigInt64Array<SharedArrayBuffer>;
  readonly cellWords: number;
  readonly options: ProducerOptions;
  readonly room: Doorbell;
  tail: number;
  headSeen: number;
}

/** The reading end; its fields are not for callers. */
export interface RingConsumer {
  readonly ring: SharedRing;
  readonly i32: Int32Array<SharedArrayBuffer>;
  readonly cellWords: number;
  readonly room: Doorbell;
  head: number;
  tailSeen: number;
}

/** How often the producer found the ring full, how often it slept for that, and how long in all. */
export interface RingCounters {
  readonly full: number;
  readonly waits: number;
  readonly waitNs: number;
}

/** A new, empty ring. Throws on KERNEL-12 for a size that it cannot have. */
export function createSharedRing(config: RingConfig): SharedRing {
  const { capacity, cellBytes = 64, firstIndex = 0 } = config;
  assert(
    capacity >= 1 && capacity <= CAPACITY_MAX && (capacity & (capacity - 1)) === 0 && capacity % 1 === 0,
    'KERNEL-12',
    'the capacity of a ring is a power of two',
  );
  assert(
    cellBytes >= LINE_BYTES && cellBytes <= CELL_BYTES_MAX && cellBytes % LINE_BYTES === 0,
    'KERNEL-12',
    'the cells of a ring are whole lines',
  );
  const buffer = new SharedArrayBuffer(CELLS * 4 + capacity * cellBytes);
  const i32 = new Int32Array(buffer);
  Atomics.store(i32, HEAD, firstIndex | 0);
  Atomics.store(i32, TAIL, firstIndex | 0);
  return { buffer, capacity, cellBytes };
}

function claim(i32: Int32Array<SharedArrayBuffer>, bit: number): void {
  const before = Atomics.or(i32, STATE, bit);
  assert((before & bit) === 0, 'KERNEL-13', 'an end of a ring is open once');
}

/** Opens the writing end. Throws on KERNEL-13 when it is open already. */
export function openRingProducer(ring: SharedRing, options: ProducerOptions): RingProducer {
  const i32 = new Int32Array(ring.buffer);
  claim(i32, PRODUCED);
  return {
    ring,
    i32,
    i64: new BigInt64Array(ring.buffer),
    cellWords: ring.cellBytes / 4,
    options,
    room: { words: i32, index: ROOM },
    tail: Atomics.load(i32, TAIL),
    headSeen: Atomics.load(i32, HEAD),
  };
}

/** Opens the reading end. Throws on KERNEL-13 when it is open already. */
export function openRingConsumer(ring: SharedRing): RingConsumer {
  const i32 = new Int32Array(ring.buffer);
  claim(i32, CONSUMED);
  return {
    ring,
    i32,
    cellWords: ring.cellBytes / 4,
    room: { words: i32, index: ROOM },
    head: Atomics.load(i32, HEAD),
    tailSeen: Atomics.load(i32, TAIL),
  };
}

/**
 * Copies a line; as 32-bit words, since a NaN that is copied as a number may lose bits. Written out, it takes half
 * the time of a loop.
 */
function copyLine(into: Int32Array, to: number, from: Int32Array, at: number): void {
  into[to] = from[at];
  into[to + 1] = from[at + 1];
  into[to + 2] = from[at + 2];
  into[to + 3] = from[at + 3];
  into[to + 4] = from[at + 4];
  into[to + 5] = from[at + 5];
  into[to + 6] = from[at + 6];
  into[to + 7] = from[at + 7];
  into[to + 8] = from[at + 8];
  into[to + 9] = from[at + 9];
  into[to + 10] = from[at + 10];
  into[to + 11] = from[at + 11];
  into[to + 12] = from[at + 12];
  into[to + 13] = from[at + 13];
  into[to + 14] = from[at + 14];
  into[to + 15] = from[at + 15];
}

/** Beyond a row one reads zeros, and what one writes is gone: a command out of nothing, and one lost. */
function isInRow(row: Int32Array, first: number, count: number, cellWords: number): boolean {
  const isWhole = (first | 0) === first && (count | 0) === count;
  return isWhole && first >= 0 && count >= 0 && (first + count) * cellWords <= row.length;
}

function copyIn(producer: RingProducer, from: Int32Array, first: number, count: number): void {
  const { i32, cellWords, tail } = producer;
  const mask = producer.ring.capacity - 1;
  let source = first * cellWords;
  for (let k = 0; k < count; k++) {
    const cell = CELLS + ((tail + k) & mask) * cellWords;
    for (let word = 0; word < cellWords; word += LINE_WORDS) copyLine(i32, cell + word, from, source + word);
    source += cellWords;
  }
}

function copyOut(consumer: RingConsumer, into: Int32Array, first: number, count: number): void {
  const { i32, cellWords, head } = consumer;
  const mask = consumer.ring.capacity - 1;
  let target = first * cellWords;
  for (let k = 0; k < count; k++) {
    const cell = CELLS + ((head + k) & mask) * cellWords;
    for (let word = 0; word < cellWords; word += LINE_WORDS) copyLine(into, target + word, i32, cell + word);
    target += cellWords;
  }
}

/**
 * Publishes `count` cells of `from`, beginning with cell `first`, in order; all that there is room for become
 * visible at once. Returns how many it took: fewer than `count` when the ring is full and rejects, or was
 * stopped.
 *
 * Waits, asleep, where the ring is full and its overflow is `wait`. Throws on KERNEL-14 behind `closeRing`, on
 * KERNEL-18 for cells that are not in the row.
 * Complexity: a copy a cell, and two ordered accesses a call, of some 7 ns each in V8, where they are calls; no
 * allocation unless the ring is full.
 */
export function offerCells(
  producer: RingProducer,
  from: Int32Array,
  first: number = 0,
  count: number = 1,
): number {
  const { i32, options } = producer;
  const { capacity } = producer.ring;
  assert(isInRow(from, first, count, producer.cellWords), 'KERNEL-18', 'cells to offer are in the row');
  // A plain look, for speed: it shows what this thread did, and soon what others did. What is published behind
  // a stop is lost either way, whenever it is seen.
  if (i32[STATE] !== OPEN && isShut(i32)) return 0;
  let done = 0;
  while (done < count) {
    let room = capacity - ((producer.tail - producer.headSeen) | 0);
    if (room < count - done) {
      if (isShut(i32)) return done;
      producer.headSeen = Atomics.load(i32, HEAD);
      room = capacity - ((producer.tail - producer.headSeen) | 0);
    }
    if (room === 0) {
      Atomics.add(producer.i64, FULL, 1n);
      if (options.overflow === 'reject' || !awaitRoom(producer)) return done;
      continue;
    }
    const size = Math.min(room, count - done);
    copyIn(producer, from, first + done, size);
    producer.tail = (producer.tail + size) | 0;
    Atomics.store(i32, TAIL, producer.tail);
    if (options.bell !== undefined) ringDoorbell(options.bell);
    done += size;
  }
  return done;
}

/** True when the ring was stopped. Throws when it was closed. */
function isShut(i32: Int32Array<SharedArrayBuffer>): boolean {
  const state = Atomics.load(i32, STATE);
  if ((state & STOPPED) !== 0) return true;
  assert((state & CLOSED) === 0, 'KERNEL-14', 'nothing is offered behind the end of a ring');
  return false;
}

/** Sleeps until there is room; false when the ring was stopped instead. */
function awaitRoom(producer: RingProducer): boolean {
  const { i32, i64, room } = producer;
  const { nowNs } = producer.options;
  const start = nowNs();
  Atomics.add(i64, WAITS, 1n);
  let stopped = false;
  for (;;) {
    armDoorbell(room);
    producer.headSeen = Atomics.load(i32, HEAD);
    if (((producer.tail - producer.headSeen) | 0) < producer.ring.capacity) break;
    stopped = (Atomics.load(i32, STATE) & STOPPED) !== 0;
    if (stopped) break;
    sleepAtDoorbell(room, WAIT_SLICE_MS);
  }
  disarmDoorbell(room);
  Atomics.add(i64, WAIT_NS, BigInt(Math.max(0, Math.round(nowNs() - start))));
  return !stopped;
}

/**
 * Takes up to `countMax` cells, the oldest first, into a row of cells from cell `first` on, and gives their
 * room back with one store. Returns how many.
 *
 * Wakes a producer that waits once half of the ring is free: fewer would have it wake for each. Throws on
 * KERNEL-15 when the indices contradict each other, which only a write by somebody else can cause, on
 * KERNEL-18 where the row has no room for so many.
 */
export function pollCells(
  consumer: RingConsumer,
  into: Int32Array,
  first: number = 0,
  countMax: number = 1,
): number {
  const { i32 } = consumer;
  const { capacity } = consumer.ring;
  assert(isInRow(into, first, countMax, consumer.cellWords), 'KERNEL-18', 'room for the cells in the row');
  let ready = (consumer.tailSeen - consumer.head) | 0;
  if (ready === 0) {
    consumer.tailSeen = Atomics.load(i32, TAIL);
    ready = (consumer.tailSeen - consumer.head) | 0;
    if (ready === 0) return 0;
  }
  assert(ready > 0 && ready <= capacity, 'KERNEL-15', 'a ring holds 0 to its capacity');
  const size = Math.min(ready, countMax);
  copyOut(consumer, into, first, size);
  consumer.head = (consumer.head + size) | 0;
  Atomics.store(i32, HEAD, consumer.head);
  if ((ready - size) * 2 <= capacity) ringDoorbell(consumer.room);
  return size;
}

/**
 * Cells that are published and not taken, as anybody sees it now. Exact to either end while the other rests; to
 * others 0 … capacity, between what it was and what it is.
 */
export function ringBacklog(ring: SharedRing): number {
  const i32 = new Int32Array(ring.buffer);
  const head = Atomics.load(i32, HEAD);
  // Both ends may have moved on between the two looks.
  return Math.min((Atomics.load(i32, TAIL) - head) | 0, ring.capacity);
}

/** Cells that this producer has published and that were not taken yet. */
export function unreadCells(producer: RingProducer): number {
  return (producer.tail - Atomics.load(producer.i32, HEAD)) | 0;
}

/** Cells that are ready for this consumer. */
export function readyCells(consumer: RingConsumer): number {
  consumer.tailSeen = Atomics.load(consumer.i32, TAIL);
  return (consumer.tailSeen - consumer.head) | 0;
}

/**
 * Ends a ring: nothing will be offered any more. By its producer, or for one that has died, by whoever knows.
 */
export function closeRing(ring: SharedRing): void {
  Atomics.or(new Int32Array(ring.buffer), STATE, CLOSED);
}

/** True once the ring was closed and all of it was taken. */
export function isRingDrained(consumer: RingConsumer): boolean {
  // In this order: behind a close the tail does not move.
  if ((Atomics.load(consumer.i32, STATE) & CLOSED) === 0) return false;
  return readyCells(consumer) === 0;
}

/** Ends a ring from the reading side: offers take nothing any more, and one that waits returns. */
export function stopRing(ring: SharedRing): void {
  const i32 = new Int32Array(ring.buffer);
  Atomics.or(i32, STATE, STOPPED);
  ringDoorbell({ words: i32, index: ROOM });
}

export function isRingStopped(ring: SharedRing): boolean {
  return (Atomics.load(new Int32Array(ring.buffer), STATE) & STOPPED) !== 0;
}

/** What the producer counted so far; any thread may ask. */
export function ringCounters(ring: SharedRing): RingCounters {
  const i64 = new BigInt64Array(ring.buffer);
  return {
    full: Number(Atomics.load(i64, FULL)),
    waits: Number(Atomics.load(i64, WAITS)),
    waitNs: Number(Atomics.load(i64, WAIT_NS)),
  };
}
