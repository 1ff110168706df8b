/**
 * The depth messages of late, kept so that a snapshot can be continued from where it was taken: all of them
 * while no snapshot is there, the most recent ones afterwards.
 *
 * Two rings over typed arrays: headers and levels. Bounded: `roomFor` says when a message finds no
 * room, and the caller decides (give up waiting, or forget the oldest).
 */
import { NONE } from '@truetape/contracts';
import { assert } from '@truetape/kernel';

/** Most messages and levels kept while waiting for a snapshot: a minute of the busiest feeds, 2.5 MiB. */
export const BACKLOG_MESSAGES_MAX = 8192;
export const BACKLOG_LEVELS_MAX = 131072;
/** Kept once the book is live: what a snapshot can be late by. */
export const BACKLOG_MESSAGES_LIVE = 512;
export const BACKLOG_LEVELS_LIVE = 8192;

/** What became of a message so far; numbers, since they are stored in a typed array. */
export const HELD_WAITING = 0;
export const HELD_DOUBTED = 1;
export const HELD_APPLIED = 2;
export const HELD_DROPPED = 3;

/** Header of a message; its levels are `bids` + `asks` entries from `from` on. */
export interface Held {
  firstId: number;
  lastId: number;
  prevId: number;
  matchTime: number;
  sendTime: number;
  /** Time of arrival. */
  timeNs: number;
  bids: number;
  asks: number;
  /** A HELD_ code. */
  state: number;
  /** Position of its first level, to be taken modulo the ring's size. */
  from: number;
}

const FIELDS = 10;

/** The rings. Positions count up for ever; the rest of a division by the size is the index. */
export interface Backlog {
  headers: Float64Array;
  ticks: Float64Array;
  lots: Float64Array;
  /** Oldest message kept, and the position of the next one. */
  head: number;
  tail: number;
  levelHead: number;
  levelTail: number;
  /** Last id of the message forgotten last; NONE when none was. */
  forgottenId: number;
}

export function createBacklog(): Backlog {
  return {
    headers: new Float64Array(64 * FIELDS),
    ticks: new Float64Array(2048),
    lots: new Float64Array(2048),
    head: 0,
    tail: 0,
    levelHead: 0,
    levelTail: 0,
    forgottenId: NONE,
  };
}

/** Messages kept. */
export function backlogCount(backlog: Backlog): number {
  return backlog.tail - backlog.head;
}

/** Whether one more message of so many levels fits within the given bounds. */
export function roomFor(backlog: Backlog, levels: number, messagesMax: number, levelsMax: number): boolean {
  const used = backlog.levelTail - backlog.levelHead;
  return backlog.tail - backlog.head < messagesMax && used + levels <= levelsMax;
}

/** Forgets the oldest message. There must be one (MD-6). */
export function forgetOldest(backlog: Backlog): void {
  assert(backlog.tail > backlog.head, 'MD-6', 'there is a message to forget');
  const at = headerAt(backlog, backlog.head);
  backlog.forgottenId = Math.max(backlog.forgottenId, backlog.headers[at + 1]);
  backlog.levelHead += backlog.headers[at + 6] + backlog.headers[at + 7];
  backlog.head++;
}

/** Forgets everything, as if no message had been kept for lack of room. `lastId` is that of the newest. */
export function forgetAll(backlog: Backlog, lastId: number): void {
  backlog.head = backlog.tail;
  backlog.levelHead = backlog.levelTail;
  backlog.forgottenId = Math.max(backlog.forgottenId, lastId);
}

/**
 * Keeps a message: its header and `bids` + `asks` levels from the start of the given arrays. Grows the
 * rings; the caller has asked `roomFor`.
 */
export function pushMessage(backlog: Backlog, message: Held, ticks: Float64Array, lots: Float64Array): void {
  const levels = message.bids + message.asks;
  while (backlog.tail - backlog.head >= backlog.headers.length / FIELDS) growHeaders(backlog);
  while (backlog.levelTail - backlog.levelHead + levels > backlog.ticks.length) growLevels(backlog);
  const { headers } = backlog;
  const at = headerAt(backlog, backlog.tail);
  headers[at] = message.firstId;
  headers[at + 1] = message.lastId;
  headers[at + 2] = message.prevId;
  headers[at + 3] = message.matchTime;
  headers[at + 4] = message.sendTime;
  headers[at + 5] = message.timeNs;
  headers[at + 6] = message.bids;
  headers[at + 7] = message.asks;
  headers[at + 8] = message.state;
  headers[at + 9] = backlog.levelTail;
  const size = backlog.ticks.length;
  let to = backlog.levelTail % size;
  for (let level = 0; level < levels; level++) {
    backlog.ticks[to] = ticks[level];
    backlog.lots[to] = lots[level];
    to++;
    if (to === size) to = 0;
  }
  backlog.levelTail += levels;
  backlog.tail++;
}

/** Reads the header of message `position` (head … tail − 1) into `out`. */
export function readHeld(backlog: Backlog, position: number, out: Held): void {
  assert(position >= backlog.head && position < backlog.tail, 'MD-6', 'the message is kept');
  const { headers } = backlog;
  const at = headerAt(backlog, position);
  out.firstId = headers[at];
  out.lastId = headers[at + 1];
  out.prevId = headers[at + 2];
  out.matchTime = headers[at + 3];
  out.sendTime = headers[at + 4];
  out.timeNs = headers[at + 5];
  out.bids = headers[at + 6];
  out.asks = headers[at + 7];
  out.state = headers[at + 8];
  out.from = headers[at + 9];
}

/** Writes down what became of message `position`. */
export function setHeldState(backlog: Backlog, position: number, state: number): void {
  backlog.headers[headerAt(backlog, position) + 8] = state;
}

/** Copies the levels of a message to the start of the given arrays. */
export function copyLevels(backlog: Backlog, held: Held, ticks: Float64Array, lots: Float64Array): void {
  const size = backlog.ticks.length;
  const levels = held.bids + held.asks;
  let from = held.from % size;
  for (let level = 0; level < levels; level++) {
    ticks[level] = backlog.ticks[from];
    lots[level] = backlog.lots[from];
    from++;
    if (from === size) from = 0;
  }
}

function headerAt(backlog: Backlog, position: number): number {
  return (position % (backlog.headers.length / FIELDS)) * FIELDS;
}

function growHeaders(backlog: Backlog): void {
  const old = backlog.headers;
  const slots = old.length / FIELDS;
  const headers = new Float64Array(old.length * 2);
  for (let position = backlog.head; position < backlog.tail; position++) {
    const from = (position % slots) * FIELDS;
    headers.set(old.subarray(from, from + FIELDS), (position % (slots * 2)) * FIELDS);
  }
  backlog.headers = headers;
}

function growLevels(backlog: Backlog): void {
  const size = backlog.ticks.length;
  const ticks = new Float64Array(size * 2);
  const lots = new Float64Array(size * 2);
  for (let position = backlog.levelHead; position < backlog.levelTail; position++) {
    ticks[position % (size * 2)] = backlog.ticks[position % size];
    lots[position % (size * 2)] = backlog.lots[position % size];
  }
  backlog.ticks = ticks;
  backlog.lots = lots;
}
