/**
 * What happens next: sources with a time each, in the one total order of simultaneous things, (timeNs,
 * priority, source index).
 *
 * A binary heap of source indices over typed arrays, with each source's place in it, so that a time is changed
 * where it stands. Priority and index become one rank at construction: a comparison is of two numbers. The order
 * is total, so which source is on top never depends on how the heap came to be.
 *
 * Alternative considered: a calendar queue, which is faster for thousands of sources and needs a bucket width.
 */
import { assert } from './assert.ts';

/** Sources of a heap at most. */
export const SOURCES_MAX = 4096;
const PRIORITY_MAX = 255;
const ABSENT = -1;

/** Sources by their next time; its fields are not for callers. */
export interface SourceHeap {
  /** By source: priority × SOURCES_MAX + index. */
  readonly ranks: Int32Array;
  readonly times: Float64Array;
  /** Places in `heap` by source; −1 where a source waits for nothing. */
  readonly places: Int32Array;
  readonly heap: Int32Array;
  size: number;
}

/**
 * An empty heap of as many sources as there are priorities (0 … 255, less is first).
 *
 * Throws on KERNEL-19 for more than 4,096 sources or another priority.
 */
export function createSourceHeap(priorities: readonly number[]): SourceHeap {
  const isPriority = (value: number): boolean =>
    Number.isInteger(value) && value >= 0 && value <= PRIORITY_MAX;
  const fits = priorities.length <= SOURCES_MAX && priorities.every(isPriority);
  assert(fits, 'KERNEL-19', 'at most 4,096 sources, with priorities of 0 … 255');
  return {
    ranks: Int32Array.from(priorities, (priority, index) => priority * SOURCES_MAX + index),
    times: new Float64Array(priorities.length),
    places: new Int32Array(priorities.length).fill(ABSENT),
    heap: new Int32Array(priorities.length),
    size: 0,
  };
}

/** The source that is next, or −1 when none waits. */
export function topSource(heap: SourceHeap): number {
  return heap.size === 0 ? ABSENT : heap.heap[0];
}

/** The time that a source waits for, or −1 when it waits for none. */
export function sourceTime(heap: SourceHeap, source: number): number {
  return heap.places[source] === ABSENT ? ABSENT : heap.times[source];
}

/**
 * Lets a source wait for a time, instead of the one it may have waited for.
 *
 * Units: ns, an integer in 0 … 2^53 − 1. Throws on KERNEL-20 for another time or a source that is none.
 * Complexity: O(log n), no allocation.
 */
export function setSource(heap: SourceHeap, source: number, timeNs: number): void {
  const { times, places } = heap;
  assert(isSource(heap, source) && isTime(timeNs), 'KERNEL-20', 'a source, and a time from 0');
  times[source] = timeNs;
  let place = places[source];
  if (place === ABSENT) place = heap.size++;
  siftUp(heap, source, place);
  siftDown(heap, source, places[source]);
}

/** Lets a source wait for nothing. Throws on KERNEL-20 for a source that is none. Complexity: O(log n). */
export function clearSource(heap: SourceHeap, source: number): void {
  assert(isSource(heap, source), 'KERNEL-20', 'a source');
  const { places } = heap;
  const place = places[source];
  if (place === ABSENT) return;
  places[source] = ABSENT;
  heap.size -= 1;
  if (place === heap.size) return;
  const moved = heap.heap[heap.size];
  siftUp(heap, moved, place);
  siftDown(heap, moved, places[moved]);
}

const isSource = (heap: SourceHeap, source: number): boolean =>
  source >= 0 && source < heap.ranks.length && Math.floor(source) === source;

const isTime = (timeNs: number): boolean =>
  timeNs >= 0 && timeNs <= Number.MAX_SAFE_INTEGER && Math.floor(timeNs) === timeNs;

/** Puts a source at a place, or as much higher as it belongs. */
function siftUp({ heap, places, times, ranks }: SourceHeap, source: number, from: number): void {
  const timeNs = times[source];
  const rank = ranks[source];
  let place = from;
  while (place > 0) {
    const above = (place - 1) >> 1;
    const other = heap[above];
    if (times[other] < timeNs || (times[other] === timeNs && ranks[other] < rank)) break;
    heap[place] = other;
    places[other] = place;
    place = above;
  }
  heap[place] = source;
  places[source] = place;
}

/** Puts a source at a place, or as much lower as it belongs. */
function siftDown(sources: SourceHeap, source: number, from: number): void {
  const { heap, places, times, ranks, size } = sources;
  const timeNs = times[source];
  const rank = ranks[source];
  let place = from;
  for (let below = place * 2 + 1; below < size; below = place * 2 + 1) {
    let other = heap[below];
    if (below + 1 < size) {
      const right = heap[below + 1];
      if (times[right] < times[other] || (times[right] === times[other] && ranks[right] < ranks[other])) {
        other = right;
        below += 1;
      }
    }
    if (timeNs < times[other] || (timeNs === times[other] && rank < ranks[other])) break;
    heap[place] = other;
    places[other] = place;
    place = below;
  }
  heap[place] = source;
  places[source] = place;
}

/** Times by source, −1 where one waits for nothing: all that a heap's future depends on. */
export function saveSources(heap: SourceHeap): number[] {
  return Array.from(heap.times, (timeNs, source) => (heap.places[source] === ABSENT ? ABSENT : timeNs));
}
