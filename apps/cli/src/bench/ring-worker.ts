/** The other threads of `truetape bench ring`. */
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import {
  armDoorbell,
  createHistogram,
  disarmDoorbell,
  offerCells,
  openRingConsumer,
  openRingProducer,
  percentile,
  pollCells,
  readyCells,
  recordValue,
  sleepAtDoorbell,
  type Doorbell,
  type Histogram,
  type SharedRing,
} from '@truetape/kernel';
import { openExchanged, openLocked, takeTurns, type ManyRing, type Sharding } from './ring-alternatives.ts';

export type RingBenchTask =
  /** Takes `commands` of each round; those of a stamped round say when they were sent. */
  | { readonly type: 'takeRing'; readonly ring: SharedRing; readonly bell: Doorbell }
  | { readonly type: 'takePort'; readonly port: MessagePort }
  /** Waits for the gate, then publishes. */
  | { readonly type: 'offerRing'; readonly ring: SharedRing; readonly bell: Doorbell }
  | { readonly type: 'offerMany'; readonly ring: ManyRing; readonly how: 'exchange' | 'lock' }
  | { readonly type: 'turns'; readonly buffer: SharedArrayBuffer; readonly sharding: Sharding };

/** A round: what the other side is told before it. */
export interface RingRound {
  readonly commands: number;
  readonly stamped: boolean;
}

/** What a round came to. */
export interface RingRoundEnd {
  readonly endNs: number;
  /** Percentiles 50, 95 and 99, and the largest, in ns. */
  readonly latenciesNs: readonly number[];
}

export const CELL_WORDS = 16;
/** Cell 6 holds the number of a command, cell 7 when it was sent. */
export const NUMBER_CELL = 6;
export const STAMP_CELL = 7;
const PERCENTILES = [500_000, 950_000, 990_000, 1_000_000];
const POLLED = 64;
/** Empty looks before a thread goes to sleep, as the book's does. */
const SPINS = 100;

export const nowNs = (): number => Number(process.hrtime.bigint());

/** What has arrived of a round. */
interface Arrivals {
  readonly histogram: Histogram;
  count: number;
}

const createArrivals = (): Arrivals => ({ histogram: createHistogram(), count: 0 });

/** Checks that commands come whole and in order, and when. */
function arrive(arrivals: Arrivals, f64: Float64Array, commands: number, stamped: boolean): void {
  const now = stamped ? nowNs() : 0;
  for (let k = 0; k < commands; k++) {
    arrivals.count += 1;
    if (f64[k * 8 + NUMBER_CELL] !== arrivals.count) throw new Error(`command ${arrivals.count} is missing`);
    if (stamped) recordValue(arrivals.histogram, Math.max(0, now - f64[k * 8 + STAMP_CELL]));
  }
}

function endRound({ histogram }: Arrivals): RingRoundEnd {
  const endNs = nowNs();
  return { endNs, latenciesNs: PERCENTILES.map((parts) => percentile(histogram, parts) ?? 0) };
}

function takeRing(ring: SharedRing, bell: Doorbell): void {
  const consumer = openRingConsumer(ring);
  const i32 = new Int32Array(POLLED * CELL_WORDS);
  const f64 = new Float64Array(i32.buffer);
  parentPort?.on('message', ({ commands, stamped }: RingRound) => {
    const arrivals = createArrivals();
    for (let empty = 0; arrivals.count < commands;) {
      const size = pollCells(consumer, i32, 0, POLLED);
      if (size > 0) {
        arrive(arrivals, f64, size, stamped);
        empty = 0;
      } else if (++empty >= SPINS) {
        armDoorbell(bell);
        if (readyCells(consumer) > 0) disarmDoorbell(bell);
        else sleepAtDoorbell(bell);
        empty = 0;
      }
    }
    parentPort?.postMessage(endRound(arrivals), []);
  });
}

function takePort(port: MessagePort): void {
  let arrivals = createArrivals();
  let round: RingRound = { commands: 0, stamped: false };
  parentPort?.on('message', (next: RingRound) => {
    arrivals = createArrivals();
    round = next;
    parentPort?.postMessage('ready', []);
  });
  port.on('message', (cells: Float64Array) => {
    arrive(arrivals, cells, cells.length / 8, round.stamped);
    if (arrivals.count === round.commands) parentPort?.postMessage(endRound(arrivals), []);
  });
}

function offerRing(ring: SharedRing, bell: Doorbell): void {
  const producer = openRingProducer(ring, { overflow: 'wait', nowNs, bell });
  const cell = new Int32Array(CELL_WORDS);
  parentPort?.on('message', ({ commands }: RingRound) => {
    for (let k = 0; k < commands; k++) {
      cell[0] = k;
      offerCells(producer, cell);
    }
  });
}

function offerMany(ring: ManyRing, how: 'exchange' | 'lock'): void {
  const { offer } = how === 'exchange' ? openExchanged(ring) : openLocked(ring);
  const cell = new Int32Array(CELL_WORDS);
  const nap = new Int32Array(new SharedArrayBuffer(4));
  parentPort?.on('message', ({ commands }: RingRound) => {
    for (let k = 0; k < commands; k++) {
      cell[0] = k;
      for (let tries = 1; !offer(cell, 0); tries++) if (tries % SPINS === 0) Atomics.wait(nap, 0, 0, 0.05);
    }
  });
}

if (parentPort !== null && workerData !== null) {
  const task = workerData as RingBenchTask;
  switch (task.type) {
    case 'takeRing':
      takeRing(task.ring, task.bell);
      break;
    case 'takePort':
      takePort(task.port);
      break;
    case 'offerRing':
      offerRing(task.ring, task.bell);
      break;
    case 'offerMany':
      offerMany(task.ring, task.how);
      break;
    case 'turns':
      parentPort.on('message', ({ commands }: RingRound) => {
        takeTurns(task.buffer, commands, task.sharding, commands);
        parentPort?.postMessage('done', []);
      });
      break;
  }
  parentPort.postMessage('ready', []);
}
