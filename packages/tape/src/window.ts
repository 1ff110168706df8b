/** The part of an input that a decoder still looks at: bytes are appended behind and released in front. */
import { viewRecords } from '@truetape/contracts';
import type { RecordBuffer } from '@truetape/contracts';

/**
 * Bytes start…end of `u8` are in hand; `u8[start]` is the input's byte number `offset`. A position and its offset
 * are always equal modulo 8, so that words of the file are words of memory.
 */
export interface Window {
  u8: Uint8Array;
  records: RecordBuffer;
  start: number;
  end: number;
  offset: number;
  /** Bytes from the input that are still to be thrown away before any is looked at. */
  discard: number;
  /** No more bytes will come. */
  finished: boolean;
}

export function createWindow(): Window {
  const u8 = new Uint8Array(0);
  return { u8, records: viewRecords(u8), start: 0, end: 0, offset: 0, discard: 0, finished: false };
}

export function available(window: Window): number {
  return window.end - window.start;
}

/** Releases bytes in front: they have been read. */
export function release(window: Window, bytes: number): void {
  window.start += bytes;
  window.offset += bytes;
}

/** Throws away bytes that are, in part, not here yet. */
export function discardBytes(window: Window, bytes: number): void {
  const here = Math.min(bytes, available(window));
  release(window, here);
  window.discard += bytes - here;
}

/** Says that bytes to be thrown away were never read from the input. */
export function skipInput(window: Window, bytes: number): void {
  window.discard -= bytes;
  window.offset += bytes;
}

/** Appends input. Moves what is in hand to the front, and grows, when there is no room. */
export function append(window: Window, bytes: Uint8Array): void {
  const dropped = Math.min(window.discard, bytes.length);
  window.discard -= dropped;
  window.offset += dropped;
  const from = dropped;
  const size = bytes.length - from;
  if (size === 0) return;
  const held = available(window);
  if (held === 0 || window.end + size > window.u8.length) makeRoom(window, held, size);
  window.u8.set(from === 0 ? bytes : bytes.subarray(from), window.end);
  window.end += size;
}

/** Input is read in blocks of at least this size. */
const ROOM_BYTES = 65536;

/** Free memory behind what is in hand, to read input into: at least 64 KiB. */
export function roomIn(window: Window): Uint8Array {
  const held = available(window);
  if (held === 0 || window.u8.length - window.end < ROOM_BYTES) makeRoom(window, held, ROOM_BYTES);
  return window.u8.subarray(window.end);
}

/** Counts in what was read into the room. */
export function addFilled(window: Window, bytes: number): void {
  const dropped = Math.min(window.discard, bytes);
  window.discard -= dropped;
  // Bytes are only dropped while none are in hand, so they lie in front.
  window.end += bytes;
  window.start += dropped;
  window.offset += dropped;
}

/** Moves what is in hand to the front, at its place modulo 8, and grows when there is still no room. */
function makeRoom(window: Window, held: number, size: number): void {
  const to = window.offset % 8;
  const need = to + held + size;
  if (need > window.u8.length) {
    const grown = new Uint8Array(Math.max(need, window.u8.length * 2));
    grown.set(window.u8.subarray(window.start, window.end), to);
    window.u8 = grown;
    window.records = viewRecords(grown);
  } else window.u8.copyWithin(to, window.start, window.end);
  window.start = to;
  window.end = to + held;
}
