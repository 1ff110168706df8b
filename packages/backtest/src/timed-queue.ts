/** Things on their way, first in first out: none overtakes the one before it. */

/** A channel: what is on it, and when each thing is there. */
export interface TimedQueue<T> {
  items: T[];
  due: number[];
  /** Of those in `items`, the first that is still on its way. */
  head: number;
}

export function createTimedQueue<T>(): TimedQueue<T> {
  return { items: [], due: [], head: 0 };
}

/** Puts something on its way; due at a time, or with the one before it if that is later. */
export function pushTimed<T>(queue: TimedQueue<T>, dueNs: number, item: T): void {
  const { items, due } = queue;
  const last = queue.head < due.length ? due[due.length - 1] : dueNs;
  items.push(item);
  due.push(dueNs > last ? dueNs : last);
}

/** When the first one is there; Infinity when nothing is on its way. */
export function dueOf({ due, head }: TimedQueue<unknown>): number {
  return head < due.length ? due[head] : Infinity;
}

const COMPACT_AT = 1024;

/** Takes the first one off; the caller has looked whether there is one. */
export function shiftTimed<T>(queue: TimedQueue<T>): T {
  const item = queue.items[queue.head];
  queue.head += 1;
  if (queue.head === queue.items.length) {
    queue.items.length = 0;
    queue.due.length = 0;
    queue.head = 0;
  } else if (queue.head === COMPACT_AT) {
    queue.items.splice(0, COMPACT_AT);
    queue.due.splice(0, COMPACT_AT);
    queue.head = 0;
  }
  return item;
}

/** How many are on their way. */
export function timedCount({ items, head }: TimedQueue<unknown>): number {
  return items.length - head;
}
