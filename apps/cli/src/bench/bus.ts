/** `truetape bench bus`: the ring bus within one thread, publish and poll, and what it allocates. */
import {
  BUS_OVERRUN,
  claimCell,
  createRingBus,
  createSharedRing,
  createStream,
  lostEvents,
  offerCells,
  openBusConsumer,
  openRingConsumer,
  openRingProducer,
  pollBus,
  pollCells,
  publishCell,
} from '@truetape/kernel';
import type { BusConsumer, RingBus } from '@truetape/kernel';
import { collectGarbage } from './book-measure.ts';
import { summarize } from './measure.ts';
import type { Measure } from './measure.ts';
import { fasterRow, spread } from './report.ts';
import type { BenchRow } from './report.ts';

export interface BusBenchConfig {
  /** Events of a run. */
  readonly events: number;
  readonly runs: number;
  readonly seed: string;
}

/** A way from one side to the other: `run` brings so many events, and returns a sum of what it read. */
interface Way {
  readonly name: string;
  readonly run: (events: number) => number;
  /** What the sum has to be, mod 2^32: so it is never a number in a box, which would be counted. */
  readonly expected: (events: number) => number;
}

const CAPACITY = 4096;
const WORDS = 8;
const POOL = 1024;
const BATCH = 64;
const CONSUMERS = 4;
const TARGET_NS = 30;

/** Cells of seeded integers: what is published in turn. */
function drawPool(seed: string): Float64Array<ArrayBuffer> {
  const random = createStream(seed, 'bench bus');
  return Float64Array.from({ length: POOL * WORDS }, () => random.nextInt(1_000_000));
}

/** The sum over the first `words` words of so many cells of the pool, which come round again. */
function sumOf(pool: Float64Array, events: number, words: number): number {
  const whole = sumCells(pool, POOL, words);
  return Math.floor(events / POOL) * whole + sumCells(pool, events % POOL, words);
}

function sumCells(pool: Float64Array, cells: number, words: number): number {
  let sum = 0;
  for (let k = 0; k < cells; k++) for (let word = 0; word < words; word++) sum += pool[k * WORDS + word];
  return sum;
}

/** Publishes cell `k` of the pool, all of its 64 bytes. */
function publishWhole(bus: RingBus, pool: Float64Array, k: number): void {
  const { f64 } = bus;
  const place = claimCell(bus);
  const from = (k & (POOL - 1)) * WORDS;
  f64[place] = pool[from];
  f64[place + 1] = pool[from + 1];
  f64[place + 2] = pool[from + 2];
  f64[place + 3] = pool[from + 3];
  f64[place + 4] = pool[from + 4];
  f64[place + 5] = pool[from + 5];
  f64[place + 6] = pool[from + 6];
  f64[place + 7] = pool[from + 7];
  publishCell(bus);
}

/** Polls an event and reads all of it. */
function pollWhole(consumer: BusConsumer): number {
  const { f64 } = consumer.bus;
  const at = pollBus(consumer);
  if (at < 0) return 0;
  const low = f64[at] + f64[at + 1] + f64[at + 2] + f64[at + 3];
  return low + f64[at + 4] + f64[at + 5] + f64[at + 6] + f64[at + 7];
}

/** One event after the other; the loops of the ways are apart, so that each is compiled for itself. */
function singleWay(pool: Float64Array): Way {
  const bus = createRingBus({ capacity: CAPACITY });
  const consumer = openBusConsumer(bus, 'oldest');
  const run = (events: number): number => {
    let sum = 0;
    for (let k = 0; k < events; k++) {
      publishWhole(bus, pool, k);
      sum = (sum + pollWhole(consumer)) | 0;
    }
    return sum;
  };
  return { name: '64 bytes', run, expected: (events) => sumOf(pool, events, WORDS) };
}

function batchWay(pool: Float64Array): Way {
  const bus = createRingBus({ capacity: CAPACITY });
  const consumer = openBusConsumer(bus, 'oldest');
  const run = (events: number): number => {
    let sum = 0;
    for (let done = 0; done < events; done += BATCH) {
      const size = Math.min(BATCH, events - done);
      for (let k = 0; k < size; k++) publishWhole(bus, pool, done + k);
      for (let k = 0; k < size; k++) sum = (sum + pollWhole(consumer)) | 0;
    }
    return sum;
  };
  return { name: 'batches of 64', run, expected: (events) => sumOf(pool, events, WORDS) };
}

function manyWay(pool: Float64Array): Way {
  const bus = createRingBus({ capacity: CAPACITY });
  const ends = Array.from({ length: CONSUMERS }, () => openBusConsumer(bus, 'oldest'));
  const run = (events: number): number => {
    let sum = 0;
    for (let k = 0; k < events; k++) {
      publishWhole(bus, pool, k);
      for (let end = 0; end < CONSUMERS; end++) sum = (sum + pollWhole(ends[end])) | 0;
    }
    return sum;
  };
  return { name: 'four consumers', run, expected: (events) => CONSUMERS * sumOf(pool, events, WORDS) };
}

/** One word of each cell: the bus's own cost. */
function bareWay(pool: Float64Array): Way {
  const bus = createRingBus({ capacity: CAPACITY });
  const consumer = openBusConsumer(bus, 'oldest');
  const { f64 } = bus;
  const run = (events: number): number => {
    let sum = 0;
    for (let k = 0; k < events; k++) {
      f64[claimCell(bus)] = pool[(k & (POOL - 1)) * WORDS];
      publishCell(bus);
      sum = (sum + f64[pollBus(consumer)]) | 0;
    }
    return sum;
  };
  return { name: 'one word', run, expected: (events) => sumOf(pool, events, 1) };
}

/** A ring that overruns with every 64 events: counts what came and what was told as lost. */
function overrunWay(pool: Float64Array): Way {
  const bus = createRingBus({ capacity: 16 });
  const consumer = openBusConsumer(bus, 'latest');
  let lostBefore = 0;
  const run = (events: number): number => {
    let polled = 0;
    for (let done = 0; done < events; done += BATCH) {
      const size = Math.min(BATCH, events - done);
      for (let k = 0; k < size; k++) publishWhole(bus, pool, done + k);
      for (let place = pollBus(consumer); place >= 0 || place === BUS_OVERRUN; place = pollBus(consumer))
        if (place >= 0) polled += 1;
    }
    const lost = lostEvents(consumer) - lostBefore;
    lostBefore += lost;
    return polled + lost;
  };
  return { name: 'overrun', run, expected: (events) => events };
}

/** The ring for two threads, both of its ends in this one. */
function sharedWay(pool: Float64Array<ArrayBuffer>): Way {
  const ring = createSharedRing({ capacity: CAPACITY });
  const producer = openRingProducer(ring, { overflow: 'reject', nowNs: () => 0 });
  const consumer = openRingConsumer(ring);
  const from = new Int32Array(pool.buffer);
  const into = new Int32Array(WORDS * 2);
  const read = new Float64Array(into.buffer);
  const run = (events: number): number => {
    let sum = 0;
    for (let k = 0; k < events; k++) {
      offerCells(producer, from, k & (POOL - 1), 1);
      pollCells(consumer, into, 0, 1);
      const low = read[0] + read[1] + read[2] + read[3];
      sum = (sum + low + read[4] + read[5] + read[6] + read[7]) | 0;
    }
    return sum;
  };
  return { name: 'shared-memory ring', run, expected: (events) => sumOf(pool, events, WORDS) };
}

/** Runs the ways in turn, so that the machine's mood meets all alike; the first round is not counted. */
function measureWays(ways: readonly Way[], { events, runs }: BusBenchConfig): Measure[] {
  const times: number[][] = ways.map(() => []);
  for (let round = -1; round < runs; round++) {
    ways.forEach((way, which) => {
      const start = process.hrtime.bigint();
      const sum = way.run(events);
      const ns = Number(process.hrtime.bigint() - start);
      if (sum !== (way.expected(events) | 0))
        throw new Error(`${way.name}: what was read is not what was published`);
      if (round >= 0) times[which].push(ns / events);
    });
  }
  return ways.map((way, which) => summarize(way.name, events, times[which]));
}

const PARTS = 40;
/** Events in all of them. */
const ALLOCATION_EVENTS = 2_000_000;

/** Bytes that the heap grows by for an event: over 40 parts, the cost of looking taken off. */
function bytesPerEvent(way: Way): number {
  const part = ALLOCATION_EVENTS / PARTS;
  const growth = (work: () => void): number => {
    let sum = 0;
    for (let k = 0; k < PARTS; k++) {
      const before = process.memoryUsage().heapUsed;
      work();
      sum += Math.max(0, process.memoryUsage().heapUsed - before);
    }
    return sum;
  };
  collectGarbage();
  for (let k = 0; k < PARTS; k++) way.run(part);
  const looks = growth(() => {});
  const grown = growth(() => way.run(part));
  return Math.max(0, grown - looks) / (part * PARTS);
}

function nsRow(what: string, measured: Measure, target?: number): BenchRow {
  const ns = measured.nsMedian;
  return {
    what,
    target: target === undefined ? 'no figure' : `below ${target} ns`,
    measured: `${ns.toFixed(1)} ns`,
    met: target === undefined || ns < target,
    detail: spread(measured),
  };
}

function allocationRow(way: Way): BenchRow {
  const bytes = bytesPerEvent(way);
  return {
    what: `allocated for an event: ${way.name}`,
    target: 'nothing',
    measured: `${bytes.toFixed(3)} B`,
    // What else happens in a process grows the heap by some KB in all.
    met: bytes < 0.05,
    detail: `heap in use over ${PARTS} parts, less the cost of looking`,
  };
}

/** Runs the benchmark. `note` hears what is being done. */
export function benchBus(config: BusBenchConfig, note: (text: string) => void): BenchRow[] {
  const pool = drawPool(config.seed);
  const single = singleWay(pool);
  const overrunning = overrunWay(pool);
  const ways = [single, bareWay(pool), batchWay(pool), manyWay(pool), overrunning, sharedWay(pool)];
  note('publish and poll');
  const [whole, bare, batch, many, overrun, shared] = measureWays(ways, config);
  note('allocation');
  return [
    nsRow('publish + poll, 64 bytes written and read, one by one', whole, TARGET_NS),
    nsRow('publish + poll, one word of the cell', bare, TARGET_NS),
    nsRow('publish + poll, in batches of 64', batch, TARGET_NS),
    nsRow('publish + four polls by four consumers', many),
    nsRow('publish on a ring that overruns all the time', overrun),
    fasterRow('bus against the shared-memory ring in one thread', 1, whole, shared),
    allocationRow(single),
    allocationRow(overrunning),
  ];
}
