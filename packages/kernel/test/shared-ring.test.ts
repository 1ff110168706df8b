// The ring between threads: a model for its order and its wrap, both overflow policies, both ends' ends.
import { Worker } from 'node:worker_threads';
import * as fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import {
  armDoorbell,
  closeRing,
  createDoorbell,
  createSharedRing,
  disarmDoorbell,
  isRingDrained,
  isRingStopped,
  offerCells,
  openRingConsumer,
  openRingProducer,
  pollCells,
  readyCells,
  ringBacklog,
  ringCounters,
  ringDoorbell,
  sleepAtDoorbell,
  stopRing,
  unreadCells,
} from '@truetape/kernel';
import type { SharedRing } from '@truetape/kernel';
import { checkProperty, seeds } from './property.ts';
import type { PeerTask } from './ring-peer.ts';

const nowNs = (): number => Number(process.hrtime.bigint());

const violation = (id: string): unknown => expect.objectContaining({ invariant: id });

function startPeer(task: PeerTask): Worker {
  return new Worker(new URL('./ring-peer.ts', import.meta.url), { workerData: task, execArgv: [] });
}

/** Cells of one line, all words of each the same. */
function rowOf(...values: readonly number[]): Int32Array {
  return Int32Array.from(values.flatMap((value) => Array.from({ length: 16 }, () => value)));
}

test('example: cells go from one thread to another, in order', () => {
  const ring = createSharedRing({ capacity: 4 });
  const producer = openRingProducer(ring, { overflow: 'reject', nowNs });
  const consumer = openRingConsumer(ring);
  const row = rowOf(1, 2, 3);
  expect(offerCells(producer, row, 0, 3)).toBe(3);
  expect([unreadCells(producer), readyCells(consumer), ringBacklog(ring)]).toEqual([3, 3, 3]);
  const taken = rowOf(0, 0, 0, 0);
  expect(pollCells(consumer, taken, 1, 2)).toBe(2);
  expect(taken).toEqual(rowOf(0, 1, 2, 0));
  closeRing(ring);
  expect(isRingDrained(consumer)).toBe(false);
  expect(pollCells(consumer, taken, 0, 4)).toBe(1);
  expect(isRingDrained(consumer)).toBe(true);
});

test('a full ring rejects what does not fit, and counts it', () => {
  const ring = createSharedRing({ capacity: 2 });
  const producer = openRingProducer(ring, { overflow: 'reject', nowNs });
  const row = rowOf(1, 2, 3);
  expect(offerCells(producer, row, 0, 3)).toBe(2);
  expect(offerCells(producer, row, 2, 1)).toBe(0);
  expect(ringCounters(ring)).toEqual({ full: 2, waits: 0, waitNs: 0 });
});

test('a stopped ring takes nothing, whatever it holds', () => {
  const ring = createSharedRing({ capacity: 4 });
  const producer = openRingProducer(ring, { overflow: 'wait', nowNs });
  expect(offerCells(producer, new Int32Array(16))).toBe(1);
  expect(isRingStopped(ring)).toBe(false);
  stopRing(ring);
  expect(isRingStopped(ring)).toBe(true);
  expect(offerCells(producer, new Int32Array(16))).toBe(0);
  expect(ringBacklog(ring)).toBe(1);
  // Word 65 is the bell of a producer that waits.
  const words = new Int32Array(ring.buffer);
  words[65] = 1;
  stopRing(ring);
  expect(words[65]).toBe(0);
});

test('a backlog is never told as more than there is room for', () => {
  const ring = createSharedRing({ capacity: 4 });
  // As one sees it whose look at the tail comes long behind that at the head.
  new Int32Array(ring.buffer)[32] += 9;
  expect(ringBacklog(ring)).toBe(4);
});

/** Does something behind the next look at shared memory, as another thread might. */
function behindNextLook(act: () => void): void {
  const look = Atomics.load as (words: Int32Array, index: number) => number;
  const spy = vi.spyOn(Atomics, 'load') as unknown as { mockImplementation(to: typeof look): void };
  spy.mockImplementation((words, index) => {
    vi.restoreAllMocks();
    const seen = look(words, index);
    act();
    return seen;
  });
}

test('a ring that is filled and closed between two looks is not drained', () => {
  const ring = createSharedRing({ capacity: 4 });
  const producer = openRingProducer(ring, { overflow: 'reject', nowNs });
  const consumer = openRingConsumer(ring);
  behindNextLook(() => {
    offerCells(producer, rowOf(1));
    closeRing(ring);
  });
  expect(isRingDrained(consumer)).toBe(false);
  expect(isRingDrained(consumer)).toBe(false);
  expect(pollCells(consumer, rowOf(0))).toBe(1);
  expect(isRingDrained(consumer)).toBe(true);
});

test('the bits of a cell are copied as they are, those of a NaN too', () => {
  const ring = createSharedRing({ capacity: 1 });
  const signalling = rowOf(0x7ff00000 | 1);
  offerCells(openRingProducer(ring, { overflow: 'reject', nowNs }), signalling);
  const taken = new Int32Array(16);
  pollCells(openRingConsumer(ring), taken);
  expect([...taken]).toEqual([...signalling]);
});

/** What a process that sleeps for 100 ms uses at most. */
const IDLE_MICROS = 50_000;

/** CPU time of the process in the quietest of some moments of 100 ms: the compiler and the collector take some too. */
async function idleMicros(): Promise<number> {
  let least = Infinity;
  for (let k = 0; k < 8 && least >= IDLE_MICROS; k++) {
    const before = process.cpuUsage();
    await new Promise((resolve) => setTimeout(resolve, 100));
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, user + system);
  }
  return least;
}

describe('what a program may not do', () => {
  test.each([0, 3, 1.5, -4, 2 ** 25, NaN])('a capacity of %s: KERNEL-12', (capacity) => {
    expect(() => createSharedRing({ capacity })).toThrow(violation('KERNEL-12'));
  });

  test.each([0, 8, 96, 4160])('cells of %s bytes: KERNEL-12', (cellBytes) => {
    expect(() => createSharedRing({ capacity: 4, cellBytes })).toThrow(violation('KERNEL-12'));
  });

  test('open an end twice: KERNEL-13', () => {
    const ring = createSharedRing({ capacity: 4 });
    openRingProducer(ring, { overflow: 'reject', nowNs });
    openRingConsumer(ring);
    expect(() => openRingProducer(ring, { overflow: 'reject', nowNs })).toThrow(violation('KERNEL-13'));
    expect(() => openRingConsumer(ring)).toThrow(violation('KERNEL-13'));
  });

  test('offer behind the close: KERNEL-14', () => {
    const ring = createSharedRing({ capacity: 4 });
    const producer = openRingProducer(ring, { overflow: 'reject', nowNs });
    closeRing(ring);
    expect(() => offerCells(producer, new Int32Array(16))).toThrow(violation('KERNEL-14'));
  });

  test.each([
    [0, 3],
    [2, 1],
    [-1, 1],
    [0, -1],
    [0.5, 1],
    [0, 1.5],
    [NaN, 1],
  ])('copy cells that a row of two has not, %s and %s more: KERNEL-18', (first, count) => {
    const ring = createSharedRing({ capacity: 4 });
    const producer = openRingProducer(ring, { overflow: 'reject', nowNs });
    const consumer = openRingConsumer(ring);
    const row = rowOf(1, 2);
    expect(() => offerCells(producer, row, first, count)).toThrow(violation('KERNEL-18'));
    expect(offerCells(producer, row, 0, 2)).toBe(2);
    expect(() => pollCells(consumer, row, first, count)).toThrow(violation('KERNEL-18'));
    expect(pollCells(consumer, row, 0, 2)).toBe(2);
  });

  test.each([5, -1])('move the tail by %s: KERNEL-15', (by) => {
    const ring = createSharedRing({ capacity: 4 });
    const consumer = openRingConsumer(ring);
    new Int32Array(ring.buffer)[32] += by;
    expect(() => pollCells(consumer, new Int32Array(16))).toThrow(violation('KERNEL-15'));
  });
});

describe('a ring and a plain queue', () => {
  const firsts = [0, 1, 2 ** 31 - 3, 2 ** 31, 2 ** 32 - 3, 2 ** 32 - 1];

  test.each(firsts)('count on from %s, with some cells always left', (firstIndex) => {
    const ring = createSharedRing({ capacity: 8, firstIndex });
    const producer = openRingProducer(ring, { overflow: 'reject', nowNs });
    const consumer = openRingConsumer(ring);
    const row = new Int32Array(32);
    for (let next = 1; next < 40; next++) {
      expect(offerCells(producer, rowOf(2 * next - 1, 2 * next), 0, 2)).toBe(2);
      if (next < 3) continue;
      expect(pollCells(consumer, row, 0, 1) + pollCells(consumer, row, 1, 1)).toBe(2);
      expect([row[0], row[16]]).toEqual([2 * next - 5, 2 * next - 4]);
      expect(ringBacklog(ring)).toBe(4);
    }
  });

  // A step above 0 offers so many cells, below 0 takes as many.
  const steps = fc.array(fc.integer({ min: -9, max: 9 }), { maxLength: 60 });

  test.each(seeds(4_100_711))('hold the same, also where the indices wrap (seed %s)', (seed) => {
    const property = fc.property(
      fc.constantFrom(1, 2, 4, 8),
      fc.constantFrom(64, 128),
      fc.constantFrom(...firsts),
      steps,
      (capacity, cellBytes, firstIndex, sizes) => {
        const ring = createSharedRing({ capacity, cellBytes, firstIndex });
        const producer = openRingProducer(ring, { overflow: 'reject', nowNs });
        const consumer = openRingConsumer(ring);
        const words = cellBytes / 4;
        const row = new Int32Array(9 * words);
        const queue: number[] = [];
        let next = 1;
        for (const size of sizes) {
          if (size > 0) {
            for (let k = 0; k < size * words; k++) row[k] = next + Math.floor(k / words);
            const fits = Math.min(size, capacity - queue.length);
            expect(offerCells(producer, row, 0, size)).toBe(fits);
            for (let k = 0; k < fits; k++) queue.push(next + k);
            next += fits;
          } else {
            const taken = pollCells(consumer, row, 0, -size);
            // It may have looked before the last offer; it never takes what is not there.
            expect(taken).toBeLessThanOrEqual(Math.min(-size, queue.length));
            if (size < 0 && queue.length > 0) expect(taken).toBeGreaterThan(0);
            for (let k = 0; k < taken * words; k++) expect(row[k]).toBe(queue[Math.floor(k / words)]);
            queue.splice(0, taken);
          }
          expect(ringBacklog(ring)).toBe(queue.length);
        }
      },
    );
    checkProperty(seed, property, 300);
  });
});

/** Takes all that a peer counts; throws where a cell is torn, lost, doubled or out of order. */
function takeAll(ring: SharedRing, bell = createDoorbell()): number {
  const consumer = openRingConsumer(ring);
  const words = ring.cellBytes / 4;
  const row = new Int32Array(64 * words);
  let last = 0;
  for (;;) {
    const size = pollCells(consumer, row, 0, 64);
    for (let k = 0; k < size * words; k++) {
      const wanted = last + 1 + Math.floor(k / words);
      if (row[k] !== wanted) throw new Error(`word ${k}: ${row[k]} where ${wanted} was due`);
    }
    last += size;
    if (size > 0) continue;
    if (isRingDrained(consumer)) return last;
    armDoorbell(bell);
    if (readyCells(consumer) > 0) disarmDoorbell(bell);
    else sleepAtDoorbell(bell, 50);
  }
}

describe('two threads', () => {
  test.each([
    { capacity: 1, cells: 2_000, batch: 1, firstIndex: 2 ** 31 - 100 },
    { capacity: 8, cells: 30_000, batch: 3, firstIndex: 2 ** 32 - 100 },
    { capacity: 1024, cells: 300_000, batch: 64, firstIndex: 2 ** 31 - 5_000 },
  ])('hand over all cells whole and in order: $capacity cells of room', async (config) => {
    const ring = createSharedRing(config);
    const bell = createDoorbell();
    const peer = startPeer({ type: 'count', ring, bell, cells: config.cells, batch: config.batch });
    expect(takeAll(ring, bell)).toBe(config.cells);
    // Whoever is faster, somebody had to wait at so few cells, and slept.
    const { full, waits } = ringCounters(ring);
    expect(waits).toBe(full);
    await peer.terminate();
  });

  test('a producer that waits sleeps, and is let go by a stop', async () => {
    const ring = createSharedRing({ capacity: 4 });
    const peer = startPeer({ type: 'count', ring, bell: createDoorbell(), cells: 100, batch: 1 });
    const ended = new Promise((resolve) => {
      peer.on('exit', resolve);
    });
    while (ringCounters(ring).waits === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    // It sleeps meanwhile: a thread that looks again and again would use up the time.
    expect(await idleMicros()).toBeLessThan(IDLE_MICROS);
    stopRing(ring);
    expect(await ended).toBe(0);
    expect(ringBacklog(ring)).toBe(4);
    expect(ringCounters(ring).waitNs).toBeGreaterThan(0);
  });
});

describe('a doorbell', () => {
  test('that was rung since it was armed does not let anybody sleep', () => {
    const bell = createDoorbell();
    armDoorbell(bell);
    ringDoorbell(bell);
    expect(sleepAtDoorbell(bell)).toBe(true);
  });

  test('that nobody armed is not rung; one that nobody rings ends the sleep in time', () => {
    const bell = createDoorbell();
    ringDoorbell(bell);
    armDoorbell(bell);
    expect(sleepAtDoorbell(bell, 1)).toBe(false);
    disarmDoorbell(bell);
    expect(sleepAtDoorbell(bell)).toBe(true);
  });
});
