/** `truetape bench ring`: commands from thread to thread, by the shared-memory ring and by other ways. */
import { summarize, type Measure } from './measure.ts';
import { fasterRow, spread, type BenchRow } from './report.ts';
import { benchBookWorker } from './ring-book.ts';
import { measureTurns, measureTwo, openManyRing, openTwoRings } from './ring-rivals.ts';
import { BATCH, drawCommands, openPortWay, openRingWay, runFlat, runPaced } from './ring-ways.ts';
import type { RingBenchConfig, Way } from './ring-ways.ts';

/** What one way came to. */
interface WayMeasures {
  readonly flat: Measure;
  /** Of the runs, the one with the median p99: percentiles at a pace, and of a thread that sleeps. */
  readonly busy: readonly number[];
  readonly rest: readonly number[];
}

/** A way, how many commands go over it in a run and in a message, and what its runs came to. */
interface Entrant {
  readonly way: Way;
  readonly commands: number;
  readonly batch: number;
  readonly flat: number[];
  readonly busy: (readonly number[])[];
  readonly rest: (readonly number[])[];
}

const BUSY_EVERY_NS = 20_000;
const REST_EVERY_NS = 2_000_000;
/** Messages of a run at rest: it takes two milliseconds for each. */
const REST_MESSAGES = 200;

function enter(way: Way, commands: number, batch: number): Entrant {
  return { way, commands, batch, flat: [], busy: [], rest: [] };
}

/** One run of each, in turn, so that a change of the machine's mood meets all alike. */
async function runAll(entrants: readonly Entrant[], isCounted: boolean): Promise<void> {
  for (const { way, commands, batch, flat, busy, rest } of entrants) {
    const ns = await runFlat(way, commands, batch);
    const messages = Math.ceil(commands / 50 / batch);
    const busyNs = await runPaced(way, batch, Math.min(10_000, messages), BUSY_EVERY_NS * batch);
    const restNs = await runPaced(way, batch, Math.min(REST_MESSAGES, messages), REST_EVERY_NS);
    if (!isCounted) continue;
    flat.push(ns);
    busy.push(busyNs);
    rest.push(restNs);
  }
}

const median = <T>(values: readonly T[], by: (value: T) => number): T =>
  values.toSorted((a, b) => by(a) - by(b))[values.length >>> 1];

function measuresOf({ way, commands, flat, busy, rest }: Entrant): WayMeasures {
  const p99 = (latencies: readonly number[]): number => latencies[2];
  return { flat: summarize(way.name, commands, flat), busy: median(busy, p99), rest: median(rest, p99) };
}

async function measureWays(config: RingBenchConfig): Promise<WayMeasures[]> {
  const { commands } = config;
  const few = Math.ceil(commands / 10);
  const pool = drawCommands(config.seed);
  const entrants = [
    enter(await openRingWay('ring', pool, 1), commands, 1),
    enter(await openRingWay('ring in 64s', pool, BATCH), commands, BATCH),
    enter(await openPortWay('MessagePort', pool, 1), few, 1),
    enter(await openPortWay('MessagePort in 64s', pool, BATCH), commands, BATCH),
  ];
  try {
    // The first run is for the engine, which compiles meanwhile.
    for (let run = -1; run < config.runs; run++) await runAll(entrants, run >= 0);
  } finally {
    for (const { way } of entrants) way.close();
  }
  return entrants.map(measuresOf);
}

function latencyRow(what: string, latencies: readonly number[]): BenchRow {
  const [p50, p95, p99, max] = latencies.map((ns) => (ns / 1000).toFixed(1));
  const measured = `${p50} / ${p95} / ${p99} µs`;
  const detail = `p50 / p95 / p99; largest ${max} µs; run of the median p99`;
  return { what, target: 'no figure', measured, met: true, detail };
}

function plainRow(what: string, measured: Measure): BenchRow {
  const text = `${measured.nsMedian.toFixed(0)} ns a command`;
  return { what, target: 'no figure', measured: text, met: true, detail: spread(measured) };
}

async function rivalRows(config: RingBenchConfig): Promise<BenchRow[]> {
  return [
    plainRow('two producers, a ring each', await measureTwo('two rings', config, openTwoRings)),
    plainRow(
      'two producers, one ring by compare-and-exchange',
      await measureTwo('one ring, exchange', config, () => openManyRing('exchange')),
    ),
    plainRow(
      'two producers, one ring behind a lock',
      await measureTwo('one ring, lock', config, () => openManyRing('lock')),
    ),
    plainRow(
      'pretended commands, one thread without locks',
      await measureTurns('one thread', config, 1, 'none'),
    ),
    plainRow('the same, two threads and one lock', await measureTurns('one lock', config, 2, 'one')),
    plainRow('the same, two threads and a lock a side', await measureTurns('two locks', config, 2, 'bySide')),
  ];
}

/** Runs the benchmark; leaves a tape in the folder. `note` hears what is being done. */
export async function benchRing(config: RingBenchConfig, note: (text: string) => void): Promise<BenchRow[]> {
  note('ring and MessagePort');
  const [ring, ringBatch, port, portBatch] = await measureWays(config);
  note('two producers');
  const rivals = await rivalRows(config);
  note('book in a worker');
  const book = await benchBookWorker(config);
  return [
    fasterRow('ring against MessagePort, one message a command', 10, ring.flat, port.flat),
    fasterRow('ring against MessagePort, batches of 64', 1, ringBatch.flat, portBatch.flat),
    latencyRow('ring, a command every 20 µs', ring.busy),
    latencyRow('MessagePort, a command every 20 µs', port.busy),
    latencyRow('ring, 64 commands every 1,280 µs', ringBatch.busy),
    latencyRow('MessagePort, 64 commands every 1,280 µs', portBatch.busy),
    latencyRow('ring, to a thread that sleeps', ring.rest),
    latencyRow('MessagePort, to a thread that sleeps', port.rest),
    ...rivals,
    ...book.measures.map(([what, measured]) => plainRow(what, measured)),
    latencyRow('book in a worker: command to its answer, one every 20 µs', book.busy),
    latencyRow('book in a worker: command to its answer, book asleep', book.rest),
    {
      what: 'book in a worker: processor time of the whole process while nobody asks',
      target: 'at most 1 %',
      measured: `${(book.idleShare * 100).toFixed(2)} %`,
      met: book.idleShare <= 0.01,
      detail: `over ${book.idleMs} ms`,
    },
  ];
}
