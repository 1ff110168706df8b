// The sequence lock: what is read is one publication, whole; a writer that died is told.
import { Worker } from 'node:worker_threads';
import { describe, expect, test, vi } from 'vitest';
import {
  createSharedRing,
  createSharedSnapshot,
  endSnapshot,
  isSnapshotEnded,
  openSnapshotReader,
  openSnapshotWriter,
  publishSnapshot,
  readSnapshot,
  snapshotVersion,
  stopRing,
} from '@truetape/kernel';
import type { PeerTask } from './ring-peer.ts';

const violation = (id: string): unknown => expect.objectContaining({ invariant: id });

test('example: a block is published and read', () => {
  const block = createSharedSnapshot(3);
  const writer = openSnapshotWriter(block);
  const reader = openSnapshotReader(block);
  expect(readSnapshot(reader)).toBe(true);
  expect([snapshotVersion(reader), ...reader.f64]).toEqual([0, 0, 0, 0]);
  writer.f64.set([1.5, -2, 2 ** 53 - 1]);
  publishSnapshot(writer);
  expect(readSnapshot(reader)).toBe(true);
  expect([snapshotVersion(reader), ...reader.f64]).toEqual([1, 1.5, -2, 2 ** 53 - 1]);
});

test('what is written and not published is not seen; words that return to what they were are', () => {
  const block = createSharedSnapshot(2);
  const writer = openSnapshotWriter(block);
  const reader = openSnapshotReader(block);
  for (const [a, b] of [
    [1, 2],
    [3, 2],
    [1, 5],
    [0, 5],
    [0, 5],
  ]) {
    writer.f64.set([7, 7]);
    readSnapshot(reader);
    expect([...reader.f64]).not.toContain(7);
    writer.f64.set([a, b]);
    publishSnapshot(writer);
    readSnapshot(reader);
    expect([...reader.f64]).toEqual([a, b]);
  }
  expect(snapshotVersion(reader)).toBe(5);
});

test('the first cells alone can be read, and all of them behind that', () => {
  const block = createSharedSnapshot(3);
  const writer = openSnapshotWriter(block);
  const reader = openSnapshotReader(block);
  for (const values of [
    [1, 2, 3],
    [4, 5, 6],
  ]) {
    writer.f64.set(values);
    publishSnapshot(writer);
    const before = [...reader.f64];
    readSnapshot(reader, 1);
    expect([...reader.f64]).toEqual([values[0], before[1], before[2]]);
    readSnapshot(reader, 2);
    expect([...reader.f64]).toEqual([values[0], values[1], before[2]]);
    readSnapshot(reader);
    expect([...reader.f64]).toEqual(values);
    readSnapshot(reader, 1);
    expect([...reader.f64]).toEqual(values);
  }
});

test('a writer that died while it published stops no reader: the last whole block stays', () => {
  const block = createSharedSnapshot(1);
  const writer = openSnapshotWriter(block);
  const reader = openSnapshotReader(block);
  writer.f64[0] = 5;
  publishSnapshot(writer);
  readSnapshot(reader);
  const words = new Int32Array(block.buffer);
  words[0] += 1;
  words[33] = 99;
  expect(readSnapshot(reader, 1, 3)).toBe(false);
  expect(reader.f64[0]).toBe(5);
  expect(reader.naps).toBe(3);
  expect(reader.retries).toBeGreaterThanOrEqual(64 * 3);
  // A second reader, which has no block yet, is told the same.
  expect(readSnapshot(openSnapshotReader(block), 1, 0)).toBe(false);
});

test('readers see that nothing follows, and still the last block', () => {
  const block = createSharedSnapshot(1);
  const reader = openSnapshotReader(block);
  expect(isSnapshotEnded(reader)).toBe(false);
  const writer = openSnapshotWriter(block);
  writer.f64[0] = 5;
  publishSnapshot(writer);
  expect(isSnapshotEnded(reader)).toBe(false);
  endSnapshot(block);
  expect(isSnapshotEnded(reader)).toBe(true);
  expect(readSnapshot(reader)).toBe(true);
  expect(reader.f64[0]).toBe(5);
  expect(() => openSnapshotWriter(block)).toThrow(violation('KERNEL-17'));
});

/** Does something behind look number `n` at shared memory, as another thread might. */
function behindLook(n: number, act: () => void): void {
  const look = Atomics.load as (words: Int32Array, index: number) => number;
  const spy = vi.spyOn(Atomics, 'load') as unknown as { mockImplementation(to: typeof look): void };
  let looks = 0;
  spy.mockImplementation((words, index) => {
    const seen = look(words, index);
    looks += 1;
    if (looks === n) {
      vi.restoreAllMocks();
      act();
    }
    return seen;
  });
}

// Sequence, four words, sequence again: six looks.
test.each([1, 2, 3, 4, 5, 6])('a block that changes behind look %s of a reader is read whole', (n) => {
  const block = createSharedSnapshot(2);
  const writer = openSnapshotWriter(block);
  const reader = openSnapshotReader(block);
  writer.f64.set([1.1, 1.1]);
  publishSnapshot(writer);
  behindLook(n, () => {
    writer.f64.set([2.2, 2.2]);
    publishSnapshot(writer);
  });
  expect(readSnapshot(reader)).toBe(true);
  const isLate = n === 6;
  expect([...reader.f64]).toEqual(isLate ? [1.1, 1.1] : [2.2, 2.2]);
  expect([reader.retries, snapshotVersion(reader)]).toEqual(isLate ? [0, 1] : [1, 2]);
});

test('versions go on past the wrap of the sequence', () => {
  const block = createSharedSnapshot(1);
  new Int32Array(block.buffer)[0] = -4;
  const writer = openSnapshotWriter(block);
  const reader = openSnapshotReader(block);
  const versions = [1, 2, 3].map((value) => {
    writer.f64[0] = value;
    publishSnapshot(writer);
    expect(readSnapshot(reader)).toBe(true);
    expect(reader.f64[0]).toBe(value);
    return snapshotVersion(reader);
  });
  expect(versions).toEqual([2 ** 31 - 1, 0, 1]);
});

describe('what a program may not do', () => {
  test.each([0, 1.5, -1, 2 ** 20])('publish %s cells: KERNEL-16', (cells) => {
    expect(() => createSharedSnapshot(cells)).toThrow(violation('KERNEL-16'));
  });

  test('open a second writer: KERNEL-17', () => {
    const block = createSharedSnapshot(1);
    openSnapshotWriter(block);
    expect(() => openSnapshotWriter(block)).toThrow(violation('KERNEL-17'));
  });
});

test.each([
  { endWords: 'all', wanted: 50 },
  { endWords: 8, wanted: 150 },
] as const)('two threads: no block is a mixture, none older than before ($endWords)', async (config) => {
  const { endWords, wanted } = config;
  const block = createSharedSnapshot(200);
  const until = createSharedRing({ capacity: 1 });
  const task: PeerTask = { type: 'publish', block, until, endWords };
  const peer = new Worker(new URL('./ring-peer.ts', import.meta.url), { workerData: task, execArgv: [] });
  const reader = openSnapshotReader(block);
  let last = 0;
  let changes = 0;
  // Until it has seen so many, however slowly the two are let run.
  while (changes < wanted || reader.retries === 0) {
    if (!readSnapshot(reader)) continue;
    const value = reader.i32[0];
    const words = endWords === 'all' ? reader.i32 : reader.i32.subarray(-endWords);
    if (!words.every((word) => word === value)) throw new Error(`a mixture, of ${value} and others`);
    if (value < last) throw new Error(`${value} behind ${last}`);
    if (value !== last) changes += 1;
    last = value;
  }
  stopRing(until);
  await peer.terminate();
});
