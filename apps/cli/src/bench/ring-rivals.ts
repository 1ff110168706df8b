/** Two threads at once: a ring each, one ring for both, and a book that both take turns at. */
import type { Worker } from 'node:worker_threads';
import { createDoorbell, createSharedRing, openRingConsumer, pollCells } from '@truetape/kernel';
import { summarize, type Measure } from './measure.ts';
import {
  TURNS_BYTES,
  createManyRing,
  openExchanged,
  openLocked,
  type Sharding,
} from './ring-alternatives.ts';
import { BATCH, RING_CAPACITY, messageOf, startRingWorker, type RingBenchConfig } from './ring-ways.ts';
import { CELL_WORDS, nowNs, type RingBenchTask } from './ring-worker.ts';

/** Commands from two threads to this one, through a way that both use at once. */
export async function measureTwo(
  name: string,
  config: RingBenchConfig,
  open: () => Promise<{ readonly workers: readonly Worker[]; readonly poll: () => number }>,
): Promise<Measure> {
  const { workers, poll } = await open();
  const each = Math.ceil(config.commands / 4);
  const times: number[] = [];
  for (let run = -1; run < config.runs; run++) {
    const start = nowNs();
    for (const worker of workers) worker.postMessage({ commands: each, stamped: false }, []);
    for (let taken = 0; taken < each * workers.length;) taken += poll();
    if (run >= 0) times.push((nowNs() - start) / (each * workers.length));
  }
  await Promise.all(workers.map((worker) => worker.terminate()));
  return summarize(name, each * workers.length, times);
}

export async function openTwoRings(): Promise<{ workers: Worker[]; poll: () => number }> {
  const bell = createDoorbell();
  const rings = [0, 1].map(() => createSharedRing({ capacity: RING_CAPACITY }));
  const consumers = rings.map(openRingConsumer);
  const into = new Int32Array(BATCH * CELL_WORDS);
  const workers = await Promise.all(rings.map((ring) => startRingWorker({ type: 'offerRing', ring, bell })));
  return { workers, poll: () => consumers.reduce((sum, one) => sum + pollCells(one, into, 0, BATCH), 0) };
}

export async function openManyRing(
  how: 'exchange' | 'lock',
): Promise<{ workers: Worker[]; poll: () => number }> {
  const ring = createManyRing(RING_CAPACITY);
  const { poll } = how === 'exchange' ? openExchanged(ring) : openLocked(ring);
  const into = new Int32Array(CELL_WORDS);
  const workers = await Promise.all([0, 1].map(() => startRingWorker({ type: 'offerMany', ring, how })));
  return { workers, poll: () => (poll(into) ? 1 : 0) };
}

/** Threads that carry out pretended commands on one shared book, each command under its locks. */
export async function measureTurns(
  name: string,
  config: RingBenchConfig,
  threads: number,
  sharding: Sharding,
): Promise<Measure> {
  const buffer = new SharedArrayBuffer(TURNS_BYTES);
  const task: RingBenchTask = { type: 'turns', buffer, sharding };
  const workers = await Promise.all(Array.from({ length: threads }, () => startRingWorker(task)));
  const each = Math.ceil(config.commands / threads);
  const times: number[] = [];
  for (let run = -1; run < config.runs; run++) {
    const done = workers.map((worker) => messageOf(worker));
    const start = nowNs();
    for (const worker of workers) worker.postMessage({ commands: each, stamped: false }, []);
    await Promise.all(done);
    if (run >= 0) times.push((nowNs() - start) / (each * threads));
  }
  await Promise.all(workers.map((worker) => worker.terminate()));
  return summarize(name, each * threads, times);
}
