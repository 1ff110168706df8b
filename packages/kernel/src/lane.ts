/**
 * A lane: messages of 64 bytes on their way, first in first out, each with the time when it is there.
 *
 * A ring of cells in typed arrays that doubles when it is full. Due times never fall along a lane: a message
 * that would overtake the one before it arrives together with it.
 */
import { err, ok, type Result } from '@truetape/contracts';
import { assert } from './assert.ts';

/** Cells of a message: eight of 64 bits. */
export const LANE_CELLS = 8;
const SLOTS_MAX = 16_777_216;

/** Messages on their way. `f64` and `u32` view one memory; slot k has the cells from k × LANE_CELLS on. */
export interface Lane {
  f64: Float64Array;
  u32: Uint32Array;
  /** Due times by slot. */
  due: Float64Array;
  /** Slot of the first message. */
  head: number;
  /** Messages on their way. */
  count: number;
  /** The latest due time so far. */
  lastDueNs: number;
}

/** An empty lane. Throws on KERNEL-21 unless the capacity is a power of two, 1 … 2^24. */
export function createLane(capacity: number = 16): Lane {
  const isPower = capacity >= 1 && capacity <= SLOTS_MAX && (capacity & (capacity - 1)) === 0;
  assert(isPower, 'KERNEL-21', 'a power of two, up to 2^24');
  const f64 = new Float64Array(capacity * LANE_CELLS);
  return {
    f64,
    u32: new Uint32Array(f64.buffer),
    due: new Float64Array(capacity),
    head: 0,
    count: 0,
    lastDueNs: 0,
  };
}

/**
 * Appends a message that is due at a time, and returns its slot, whose cells the caller writes.
 *
 * Throws on KERNEL-21 when 2^24 messages are on their way. Complexity: O(1) amortised; it allocates when it grows.
 */
export function appendToLane(lane: Lane, dueNs: number): number {
  if (lane.count === lane.due.length) growLane(lane);
  const slot = (lane.head + lane.count) & (lane.due.length - 1);
  lane.count += 1;
  if (dueNs > lane.lastDueNs) lane.lastDueNs = dueNs;
  lane.due[slot] = lane.lastDueNs;
  return slot;
}

/** Appends a copy of a message of 64 bytes; the cell is its first. */
export function copyToLane(lane: Lane, dueNs: number, from: Float64Array, cell: number): void {
  const to = appendToLane(lane, dueNs) * LANE_CELLS;
  const { f64 } = lane;
  for (let k = 0; k < LANE_CELLS; k++) f64[to + k] = from[cell + k];
}

/** The slot of a message by its place, 0 for the first. Throws on KERNEL-22 where there is none. */
export function laneSlot(lane: Lane, place: number): number {
  assert(place >= 0 && place < lane.count, 'KERNEL-22', 'a message that is on its way');
  return (lane.head + place) & (lane.due.length - 1);
}

/** When the first message is there; −1 when none is on its way. */
export function laneDue(lane: Lane): number {
  return lane.count === 0 ? -1 : lane.due[lane.head];
}

/** Takes the first message off. Its cells stay as they are until the next append. Throws on KERNEL-22 when empty. */
export function shiftLane(lane: Lane): void {
  assert(lane.count > 0, 'KERNEL-22', 'a message that is on its way');
  lane.head = (lane.head + 1) & (lane.due.length - 1);
  lane.count -= 1;
}

/** Takes the newest message off. Throws on KERNEL-22 when empty. */
export function popLane(lane: Lane): void {
  assert(lane.count > 0, 'KERNEL-22', 'a message that is on its way');
  lane.count -= 1;
}

function growLane(lane: Lane): void {
  const larger = createLane(lane.due.length * 2);
  for (let place = 0; place < lane.count; place++) {
    const from = laneSlot(lane, place);
    larger.f64.set(lane.f64.subarray(from * LANE_CELLS, (from + 1) * LANE_CELLS), place * LANE_CELLS);
    larger.due[place] = lane.due[from];
  }
  lane.f64 = larger.f64;
  lane.u32 = larger.u32;
  lane.due = larger.due;
  lane.head = 0;
}

/** A saved lane; plain JSON. `words` are the u32 halves of all messages, the first message first. */
export interface LaneState {
  readonly lastDueNs: number;
  readonly due: readonly number[];
  readonly words: readonly number[];
}

/** What is on its way, the same whatever the lane has grown to. */
export function saveLane(lane: Lane): LaneState {
  const due: number[] = [];
  const words: number[] = [];
  for (let place = 0; place < lane.count; place++) {
    const slot = laneSlot(lane, place);
    due.push(lane.due[slot]);
    for (let k = 0; k < LANE_CELLS * 2; k++) words.push(lane.u32[slot * LANE_CELLS * 2 + k]);
  }
  return { lastDueNs: lane.lastDueNs, due, words };
}

/** A saved lane that is none: `field` names what is wrong. */
export interface LaneStateError {
  readonly kind: 'badLaneState';
  readonly field: 'state' | keyof LaneState;
}

const isTime = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** The lane that a saved state continues, from untrusted JSON. Errors: `badLaneState`. */
export function restoreLane(state: unknown): Result<Lane, LaneStateError> {
  if (typeof state !== 'object' || state === null) return err({ kind: 'badLaneState', field: 'state' });
  const { due, words, lastDueNs } = state as Partial<Record<keyof LaneState, unknown>>;
  if (!isTime(lastDueNs)) return err({ kind: 'badLaneState', field: 'lastDueNs' });
  const rises = (times: readonly unknown[]): times is number[] =>
    times.every(
      (dueNs, k) => isTime(dueNs) && dueNs <= lastDueNs && (k === 0 || dueNs >= Number(times[k - 1])),
    );
  if (!Array.isArray(due) || due.length > SLOTS_MAX || !rises(due))
    return err({ kind: 'badLaneState', field: 'due' });
  const width = LANE_CELLS * 2;
  const isWord = (word: unknown): boolean => typeof word === 'number' && word >>> 0 === word;
  if (!Array.isArray(words) || words.length !== due.length * width || !words.every(isWord))
    return err({ kind: 'badLaneState', field: 'words' });
  const lane = createLane();
  for (let place = 0; place < due.length; place++) {
    const slot = appendToLane(lane, due[place]);
    for (let k = 0; k < width; k++) lane.u32[slot * width + k] = Number(words[place * width + k]);
  }
  lane.lastDueNs = lastDueNs;
  return ok(lane);
}
