/** How the book benchmark measures: whole runs, single commands, and bytes allocated. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createReports, FILL, REPORT_CELLS } from '@truetape/book';
import type { Book, ReportBuffer } from '@truetape/book';
import type { Measure } from './measure.ts';
import type { Traded } from './book-peer.ts';
import type { Workload } from './book-workload.ts';

export type CreateBook = () => Book;

/** Executes commands; their reports are written, and dropped before the next command. */
function execute(book: Book, workload: Workload, out: ReportBuffer, from: number, to: number): void {
  const { commands } = workload;
  for (let k = from; k < to; k++) {
    out.count = 0;
    book.apply(commands, k, out);
  }
}

/** A book with the commands in it that nobody times. */
function prepare(create: CreateBook, workload: Workload): { book: Book; out: ReportBuffer } {
  const book = create();
  const out = createReports();
  execute(book, workload, out, 0, workload.preload);
  return { book, out };
}

/** Times whole runs over a new book each; one more goes first, to warm up. */
export function timeRuns(
  name: string,
  create: CreateBook,
  workload: Workload,
  count: number,
  runs: number,
): Measure {
  const times: number[] = [];
  for (let run = 0; run <= runs; run++) {
    const { book, out } = prepare(create, workload);
    const start = performance.now();
    execute(book, workload, out, workload.preload, workload.preload + count);
    times.push(((performance.now() - start) * 1e6) / count);
  }
  const sorted = times.slice(1).toSorted((a, b) => a - b);
  return {
    name,
    units: count,
    nsBest: sorted[0],
    nsMedian: sorted[sorted.length >>> 1],
    nsWorst: sorted[sorted.length - 1],
  };
}

/** How many commands are done in so many milliseconds; the clock is read every 64. */
export function commandsWithin(milliseconds: number, count: number, step: (k: number) => void): number {
  const end = performance.now() + milliseconds;
  for (let k = 0; k < count; k++) {
    step(k);
    if ((k & 63) === 63 && performance.now() > end) return k + 1;
  }
  return count;
}

/** What a book trades on a prefix. */
export function tradesOf(create: CreateBook, workload: Workload, count: number): Traded {
  const { book, out } = prepare(create, workload);
  const traded = { trades: 0, lots: 0 };
  for (let k = workload.preload; k < workload.preload + count; k++) {
    out.count = 0;
    book.apply(workload.commands, k, out);
    for (let n = 0; n < out.count; n++) {
      if ((out.u32[n * REPORT_CELLS * 2] & 15) !== FILL) continue;
      traded.trades += 1;
      traded.lots += out.f64[n * REPORT_CELLS + 5];
    }
  }
  return traded;
}

/** Latencies in ns, the clock's own time taken off. */
export interface Latency {
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
  /** What was taken off: the median of a clock read twice in a row. */
  readonly clock: number;
}

const BINS = 1 << 16;

function quantile(bins: Uint32Array, count: number, part: number): number {
  let seen = 0;
  for (let ns = 0; ns < BINS; ns++) {
    seen += bins[ns];
    if (seen >= count * part) return ns;
  }
  return BINS;
}

/** Reads the clock around each command, in ns bins; what is above 65 µs counts as the last one. */
export function timeCommands(create: CreateBook, workload: Workload): Latency {
  const empty = new Uint32Array(BINS);
  const reads = 200_000;
  for (let k = 0; k < reads; k++) {
    const start = performance.now();
    empty[Math.min(BINS - 1, Math.round((performance.now() - start) * 1e6))]++;
  }
  const clock = quantile(empty, reads, 0.5);
  const bins = new Uint32Array(BINS);
  const { book, out } = prepare(create, workload);
  const end = workload.preload + workload.count;
  let max = 0;
  for (let k = workload.preload; k < end; k++) {
    out.count = 0;
    const start = performance.now();
    book.apply(workload.commands, k, out);
    const ns = Math.max(0, Math.round((performance.now() - start) * 1e6) - clock);
    bins[Math.min(BINS - 1, ns)]++;
    if (ns > max) max = ns;
  }
  const [p50, p99, p999] = [0.5, 0.99, 0.999].map((part) => quantile(bins, workload.count, part));
  return { p50, p99, p999, max, clock };
}

/** Bytes per command on the JavaScript heap, and bytes of typed arrays per order that rests at the end. */
export interface Memory {
  readonly heapPerCommand: number;
  readonly arraysPerOrder: number;
}

const MEMORY_STEPS = 40;

/** Collects garbage, twice: memory of arrays is given back by a thread of its own, which the second one waits for. */
export function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  collect();
}

/**
 * Sums what the heap in use grows by over 40 parts of a run behind a collection; a part in which a collection makes it
 * shrink counts as nothing. The cost of looking is measured first and taken off.
 */
export function measureMemory(create: CreateBook, workload: Workload): Memory {
  const { preload, count } = workload;
  warmUp(create, workload);
  collectGarbage();
  const arraysBefore = process.memoryUsage().arrayBuffers;
  const { book, out } = prepare(create, workload);
  const looks = growth(() => {});
  const grown = growth((part) => {
    const from = preload + Math.floor((count * part) / MEMORY_STEPS);
    execute(book, workload, out, from, preload + Math.floor((count * (part + 1)) / MEMORY_STEPS));
  });
  collectGarbage();
  const arrays = process.memoryUsage().arrayBuffers - arraysBefore;
  return {
    heapPerCommand: Math.max(0, grown - looks) / count,
    arraysPerOrder: arrays / Math.max(1, book.orderCount()),
  };
}

function warmUp(create: CreateBook, workload: Workload): void {
  const { book, out } = prepare(create, workload);
  execute(book, workload, out, workload.preload, workload.preload + workload.count);
}

function growth(part: (k: number) => void): number {
  let sum = 0;
  for (let k = 0; k < MEMORY_STEPS; k++) {
    const before = process.memoryUsage().heapUsed;
    part(k);
    sum += Math.max(0, process.memoryUsage().heapUsed - before);
  }
  return sum;
}
