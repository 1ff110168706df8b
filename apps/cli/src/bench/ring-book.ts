/** The whole way: a producer's commands to a book in a worker, its reports back, with and without a tape. */
import { join } from 'node:path';
import { OP_CANCEL, createCommands, opOf } from '@truetape/book';
import type { CommandBuffer } from '@truetape/book';
import {
  closeProducer,
  connectProducer,
  connectReader,
  createRows,
  isProducerEnded,
  pollReports,
  readDepth,
  readTop,
  startBookWorker,
  submitCommands,
  type BookWorker,
  type MarketReader,
  type Producer,
  type ReportRows,
} from '@truetape/host';
import { createHistogram, percentile, recordValue } from '@truetape/kernel';
import { summarize, type Measure } from './measure.ts';
import { BATCH, drawCommands, type RingBenchConfig } from './ring-ways.ts';
import { nowNs } from './ring-worker.ts';

export interface BookWorkerMeasures {
  readonly measures: readonly (readonly [string, Measure])[];
  /** Percentiles 50, 95, 99, and the largest, in ns. */
  readonly busy: readonly number[];
  readonly rest: readonly number[];
  readonly idleShare: number;
  readonly idleMs: number;
}

const IDLE_MS = 1_000;
const BUSY_EVERY_NS = 20_000;
const REST_EVERY_NS = 2_000_000;

function start(
  reports: boolean,
  tapePath?: string,
): { readonly book: BookWorker; readonly producer: Producer } {
  const book = startBookWorker({
    instruments: [{ id: 'BENCH:1' }],
    producers: [{ name: 'bench', account: 1, reports }],
    ringCapacity: 4096,
    ...(tapePath === undefined ? {} : { tapePath }),
  });
  return { book, producer: connectProducer(book.producers[0]) };
}

/** How far back a cancel looks: most of those orders rest still. */
const CANCELS_BACK = 300;

/** The seeded commands as number `from` and those behind it: each new order has an id of its own. */
function fillBatch(into: CommandBuffer, pool: Float64Array, from: number): void {
  const { f64, u32 } = into;
  for (let k = 0; k < BATCH; k++) {
    const at = ((from + k) & 4095) * 8;
    for (let cell = 0; cell < 8; cell++) f64[k * 8 + cell] = pool[at + cell];
    const isCancel = opOf(u32[k * 16]) === OP_CANCEL;
    f64[k * 8 + 1] = isCancel ? Math.max(0, from + k - 1 - (f64[k * 8 + 1] % CANCELS_BACK)) : from + k;
    u32[k * 16 + 10] = 1;
    f64[k * 8 + 6] = from + k;
  }
}

/** Sends commands until so many were carried out in all, and reads the reports where there are any. */
function sendAll(
  producer: Producer,
  reader: MarketReader,
  pool: Float64Array,
  from: number,
  to: number,
): void {
  const batch = createCommands(BATCH);
  const rows = createRows(4096);
  for (let sent = from; sent < to; sent += BATCH) {
    fillBatch(batch, pool, sent);
    for (let taken = 0; taken < BATCH;) {
      taken += submitCommands(producer, batch, taken, BATCH - taken);
      rows.count = 0;
      pollReports(producer, rows);
    }
  }
  waitFor(reader, producer, rows, to);
}

/** Runs in one book, the first of which is not counted; ns a command. */
async function runBook(config: RingBenchConfig, reports: boolean, tapePath?: string): Promise<number[]> {
  const pool = drawCommands(config.seed);
  const { book, producer } = start(reports, tapePath);
  const reader = connectReader(book.readers);
  const each = Math.ceil(config.commands / 4 / BATCH) * BATCH;
  const times: number[] = [];
  for (let run = 0; run <= config.runs; run++) {
    const startNs = nowNs();
    sendAll(producer, reader, pool, run * each, (run + 1) * each);
    if (run > 0) times.push((nowNs() - startNs) / each);
  }
  closeProducer(producer);
  await book.done;
  return times;
}

/** Reads until the book has carried out so many commands. */
function waitFor(reader: MarketReader, producer: Producer, rows: ReportRows, commands: number): void {
  while ((readDepth(reader, 1)?.commands ?? 0) < commands) {
    rows.count = 0;
    pollReports(producer, rows);
    if (isProducerEnded(producer)) throw new Error('the book ended');
  }
}

/** One command at a time, each sent when due; the time until its last answer was read. */
function runAnswers(
  producer: Producer,
  pool: Float64Array,
  times: number,
  everyNs: number,
): readonly number[] {
  const histogram = createHistogram();
  const batch = createCommands(BATCH);
  const rows = createRows(64);
  let due = nowNs();
  for (let k = 0; k < times; k++, due += everyNs) {
    if (k % BATCH === 0) fillBatch(batch, pool, k);
    while (nowNs() < due);
    const sentNs = nowNs();
    submitCommands(producer, batch, k % BATCH);
    for (let last = 0; last === 0;) {
      rows.count = 0;
      if (pollReports(producer, rows) > 0) last = rows.u32[(rows.count - 1) * 32 + 1];
    }
    recordValue(histogram, nowNs() - sentNs);
  }
  return [500_000, 950_000, 990_000, 1_000_000].map((parts) => percentile(histogram, parts) ?? 0);
}

async function measureAnswers(
  pool: Float64Array,
  commands: number,
): Promise<Pick<BookWorkerMeasures, 'busy' | 'rest' | 'idleShare' | 'idleMs'>> {
  const { book, producer } = start(true);
  const times = Math.min(10_000, Math.ceil(commands / 50));
  runAnswers(producer, pool, times, BUSY_EVERY_NS);
  const busy = runAnswers(producer, pool, times, BUSY_EVERY_NS);
  const rest = runAnswers(producer, pool, Math.min(times, 300), REST_EVERY_NS);
  const cpu = process.cpuUsage();
  const startNs = nowNs();
  await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
  const used = process.cpuUsage(cpu);
  const idleShare = ((used.user + used.system) * 1000) / (nowNs() - startNs);
  closeProducer(producer);
  await book.done;
  return { busy, rest, idleShare, idleMs: IDLE_MS };
}

/** Reading a book that does not change, and one that does is the same and some retries. */
async function measureReads(runs: number): Promise<Measure> {
  const { book, producer } = start(false);
  const reader = connectReader(book.readers);
  const top = { bidTicks: 0, bidLots: 0, bidOrders: 0, askTicks: 0, askLots: 0, askOrders: 0 };
  const times = Array.from({ length: runs + 1 }, () => {
    const startNs = nowNs();
    for (let k = 0; k < 100_000; k++) readTop(reader, 1, top);
    return (nowNs() - startNs) / 100_000;
  });
  closeProducer(producer);
  await book.done;
  return summarize('read', 100_000, times.slice(1));
}

export async function benchBookWorker(config: RingBenchConfig): Promise<BookWorkerMeasures> {
  const pool = drawCommands(config.seed);
  const repeat = async (name: string, reports: boolean, tapePath?: string): Promise<Measure> =>
    summarize(name, Math.ceil(config.commands / 4), await runBook(config, reports, tapePath));
  const measures = [
    ['book in a worker, no reports, no tape', await repeat('commands', false)],
    ['book in a worker, reports read', await repeat('with reports', true)],
    [
      'book in a worker, reports read, on a tape',
      await repeat('with a tape', true, join(config.folder, 'ring.rpl')),
    ],
    ['top of a book that did not change', await measureReads(config.runs)],
  ] as const;
  return { measures, ...(await measureAnswers(pool, config.commands)) };
}
