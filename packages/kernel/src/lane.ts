/**
 * Lanes: messages of 64 bytes on their way, first in first out, each with the time when it is there.
 *
 * All lanes of a pool share its memory: a lane is a list of slots, and a slot that gets free is the next to be taken.
 * So few messages under way touch few lines of cache, however many lanes there are (a ring for each lane walks
 * through all of its own). Due times never fall along a lane: a message that would overtake the one before it arrives
 * together with it.
 */
import { err, ok, type Result } from '@truetape/contracts';
import { assert } from './assert.ts';

/** Cells of a message: eight of 64 bits. */
export const LANE_CELLS = 8;
const SLOTS_MAX = 16_777_216;
const NONE = -1;

/** Messages of many lanes. `f64` and `u32` view one memory; slot k has the cells from k × LANE_CELLS on. */
export interface LanePool {
  f64: Float64Array;
  u32: Uint32Array;
  /** Due times by slot. */
  due: Float64Array;
  /** The slot behind a slot, in its lane or among the free ones. */
  next: Int32Array;
  /** The first free slot; −1: none. */
  free: number;
}

/** Messages on their way. */
export interface Lane {
  readonly pool: LanePool;
  /** Slots of the first and the last message, where there are any. */
  head: number;
  tail: number;
  /** Messages on their way. */
  count: number;
}

/** Memory for lanes; it doubles when it is full. Throws on KERNEL-21 unless the capacity is in 1 … 2^24. */
export function createLanePool(capacity: number = 64): LanePool {
  assert(
    Number.isInteger(capacity) && capacity >= 1 && capacity <= SLOTS_MAX,
    'KERNEL-21',
    '1 … 2^24 messages',
  );
  const f64 = new Float64Array(capacity * LANE_CELLS);
  const next = Int32Array.from({ length: capacity }, (_, slot) => (slot + 1 < capacity ? slot + 1 : NONE));
  return { f64, u32: new Uint32Array(f64.buffer), due: new Float64Array(capacity), next, free: 0 };
}

/** An empty lane. */
export function createLane(pool: LanePool): Lane {
  return { pool, head: NONE, tail: NONE, count: 0 };
}

/**
 * Appends a message that is due at a time, or with the one before it if that is later, and returns its slot, whose
 * cells the caller writes.
 *
 * Throws on KERNEL-21 when 2^24 messages are on their way. Complexity: O(1) amortised; it allocates when it grows.
 */
export function appendToLane(lane: Lane, dueNs: number): number {
  const { pool, tail } = lane;
  if (pool.free === NONE) growPool(pool);
  const { next, due } = pool;
  const slot = pool.free;
  pool.free = next[slot];
  if (lane.count === 0) {
    lane.head = slot;
    due[slot] = dueNs;
  } else {
    next[tail] = slot;
    due[slot] = dueNs > due[tail] ? dueNs : due[tail];
  }
  lane.tail = slot;
  lane.count += 1;
  return slot;
}

/** Appends a copy of a message of 64 bytes; the cell is its first. */
export function copyToLane(lane: Lane, dueNs: number, from: Float64Array, cell: number): void {
  const to = appendToLane(lane, dueNs) * LANE_CELLS;
  const { f64 } = lane.pool;
  for (let k = 0; k < LANE_CELLS; k++) f64[to + k] = from[cell + k];
}

/**
 * The slot of a message by its place, 0 for the first. Throws on KERNEL-22 where there is none. Complexity: O(place).
 */
export function laneSlot({ pool, head, tail, count }: Lane, place: number): number {
  assert(place >= 0 && place < count, 'KERNEL-22', 'a message that is on its way');
  if (place === count - 1) return tail;
  let slot = head;
  for (let k = 0; k < place; k++) slot = pool.next[slot];
  return slot;
}

/** When the first message is there; −1 when none is on its way. */
export function laneDue({ pool, head, count }: Lane): number {
  return count === 0 ? -1 : pool.due[head];
}

/** Takes the first message off. Its cells stay as they are until the next append. Throws on KERNEL-22 when empty. */
export function shiftLane(lane: Lane): void {
  const { pool, head } = lane;
  assert(lane.count > 0, 'KERNEL-22', 'a message that is on its way');
  lane.count -= 1;
  lane.head = pool.next[head];
  pool.next[head] = pool.free;
  pool.free = head;
}

/** Takes the newest message off. Throws on KERNEL-22 when empty. Complexity: that of the lane's length. */
export function popLane(lane: Lane): void {
  const { pool, tail } = lane;
  assert(lane.count > 0, 'KERNEL-22', 'a message that is on its way');
  if (lane.count > 1) lane.tail = laneSlot(lane, lane.count - 2);
  lane.count -= 1;
  pool.next[tail] = pool.free;
  pool.free = tail;
}

function growPool(pool: LanePool): void {
  const { length } = pool.due;
  const larger = createLanePool(length * 2);
  larger.f64.set(pool.f64);
  larger.due.set(pool.due);
  // Slots behind the old ones are linked already.
  larger.next.set(pool.next);
  pool.f64 = larger.f64;
  pool.u32 = larger.u32;
  pool.due = larger.due;
  pool.next = larger.next;
  pool.free = length;
}

/** A saved lane; plain JSON. `words` are the u32 halves of all messages, the first message first. */
export interface LaneState {
  readonly due: readonly number[];
  readonly words: readonly number[];
}

/** What is on its way, the same whatever the lane went through. */
export function saveLane(lane: Lane): LaneState {
  const { due, u32, next } = lane.pool;
  const dues: number[] = [];
  const words: number[] = [];
  for (let place = 0, slot = lane.head; place < lane.count; place++, slot = next[slot]) {
    dues.push(due[slot]);
    for (let k = 0; k < LANE_CELLS * 2; k++) words.push(u32[slot * LANE_CELLS * 2 + k]);
  }
  return { due: dues, words };
}

/** A saved lane that is none: `field` names what is wrong. */
export interface LaneStateError {
  readonly kind: 'badLaneState';
  readonly field: 'state' | keyof LaneState;
}

const isTime = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** The lane that a saved state continues, from untrusted JSON. Errors: `badLaneState`. */
export function restoreLane(pool: LanePool, state: unknown): Result<Lane, LaneStateError> {
  if (typeof state !== 'object' || state === null) return err({ kind: 'badLaneState', field: 'state' });
  const { due, words } = state as Partial<Record<keyof LaneState, unknown>>;
  const rises = (times: readonly unknown[]): times is number[] =>
    times.every((dueNs, k) => isTime(dueNs) && (k === 0 || dueNs >= Number(times[k - 1])));
  if (!Array.isArray(due) || due.length > SLOTS_MAX || !rises(due))
    return err({ kind: 'badLaneState', field: 'due' });
  const width = LANE_CELLS * 2;
  const isWord = (word: unknown): boolean => typeof word === 'number' && word >>> 0 === word;
  if (!Array.isArray(words) || words.length !== due.length * width || !words.every(isWord))
    return err({ kind: 'badLaneState', field: 'words' });
  const lane = createLane(pool);
  for (let place = 0; place < due.length; place++) {
    const slot = appendToLane(lane, due[place]);
    for (let k = 0; k < width; k++) pool.u32[slot * width + k] = Number(words[place * width + k]);
  }
  return ok(lane);
}
