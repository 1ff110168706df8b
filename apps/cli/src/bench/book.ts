/** `truetape bench book`: the fast book on seeded workloads, against targets, the reference book and a peer. */
import { createBook, createReferenceBook, createReports } from '@truetape/book';
import type { Book } from '@truetape/book';
import {
  collectGarbage,
  commandsWithin,
  measureMemory,
  timeCommands,
  timeRuns,
  tradesOf,
} from './book-measure.ts';
import { applyToPeer, loadPeer, peerCommands } from './book-peer.ts';
import type { PeerBook } from './book-peer.ts';
import { drawWorkload } from './book-workload.ts';
import type { Workload, WorkloadName } from './book-workload.ts';
import type { Measure } from './measure.ts';
import { fasterRow, spread } from './report.ts';
import type { BenchRow } from './report.ts';

export interface BookBenchConfig {
  /** Commands of each workload; absent: what the targets were set for. */
  readonly commands?: number;
  readonly runs: number;
  readonly seed: string;
  readonly peer: boolean;
  /** Seconds that the peer and the reference book get for their prefix. */
  readonly seconds: number;
}

interface Target {
  readonly name: WorkloadName;
  readonly commands: number;
  readonly ns: number;
  readonly p99: number;
  /** Times as fast as the peer; 0: no figure. */
  readonly peer: number;
}

const TARGETS: readonly Target[] = [
  { name: 'mixed', commands: 2_000_000, ns: 60, p99: 500, peer: 60 },
  { name: 'insert-only', commands: 1_000_000, ns: 130, p99: 1000, peer: 20 },
  { name: 'match-heavy', commands: 2_000_000, ns: 100, p99: 1000, peer: 100 },
  { name: 'deep', commands: 2_000_000, ns: 90, p99: 1000, peer: 0 },
];

const createFast = (): Book => createBook({ ordersMax: 1 << 22 });
const createPlain = (): Book => createReferenceBook({ ordersMax: 1 << 22 });

/** Our speed, the latency of single commands, and memory. */
function ownRows(target: Target, workload: Workload, all: Measure): BenchRow[] {
  const { name } = target;
  const { fills, restingAtEnd, levelsAtEnd } = workload;
  const latency = timeCommands(createFast, workload);
  const memory = measureMemory(createFast, workload);
  return [
    {
      what: `${name}: a command`,
      target: `at most ${target.ns} ns`,
      measured: `${all.nsMedian.toFixed(1)} ns`,
      met: all.nsMedian <= target.ns,
      detail: `${spread(all)}; ${fills} fills, at the end ${restingAtEnd} orders in ${levelsAtEnd} levels`,
    },
    {
      what: `${name}: p99 of a command`,
      target: `below ${target.p99} ns`,
      measured: `${latency.p99} ns`,
      met: latency.p99 < target.p99,
      detail:
        `p50 ${latency.p50}, p99.9 ${latency.p999}, longest ${latency.max} ns, the clock's own ` +
        `${latency.clock} ns taken off`,
    },
    {
      what: `${name}: allocated a command`,
      target: 'below 1 byte',
      measured: `${memory.heapPerCommand.toFixed(3)} bytes`,
      met: memory.heapPerCommand < 1,
      detail: `on the heap; typed arrays: ${memory.arraysPerOrder.toFixed(0)} bytes for each order at the end`,
    },
  ];
}

/** What a slower book did in its time. What it filled the heap with is gone when ours is timed. */
interface Prefix {
  readonly commands: number;
  readonly ns: number;
  readonly trades: number;
  readonly lots: number;
}

function runReference(workload: Workload, milliseconds: number): Prefix {
  const out = createReports();
  const book = createPlain();
  const { preload, count } = workload;
  const step = (k: number): void => {
    out.count = 0;
    book.apply(workload.commands, k, out);
  };
  for (let k = 0; k < preload; k++) step(k);
  const start = performance.now();
  const commands = commandsWithin(milliseconds, count, (k) => {
    step(preload + k);
  });
  return { commands, ns: ((performance.now() - start) * 1e6) / commands, trades: 0, lots: 0 };
}

function runPeer(workload: Workload, milliseconds: number, create: () => PeerBook): Prefix {
  const { preload, count } = workload;
  const book = create();
  const traded = { trades: 0, lots: 0 };
  for (const command of peerCommands(workload.commands, 0, preload)) applyToPeer(book, command, traded);
  const list = peerCommands(workload.commands, preload, preload + count);
  traded.trades = 0;
  traded.lots = 0;
  const start = performance.now();
  const commands = commandsWithin(milliseconds, count, (k) => {
    applyToPeer(book, list[k], traded);
  });
  return { commands, ns: ((performance.now() - start) * 1e6) / commands, ...traded };
}

const once = (name: string, { commands, ns }: Prefix): Measure => {
  return { name, units: commands, nsBest: ns, nsMedian: ns, nsWorst: ns };
};

/** Against the reference book, on the prefix that it finishes in a quarter of the time. */
function referenceRow(config: BookBenchConfig, workload: Workload): BenchRow {
  const prefix = runReference(workload, config.seconds * 250);
  collectGarbage();
  const fast = timeRuns('fast', createFast, workload, prefix.commands, config.runs);
  const what = `${workload.name}: against the reference book`;
  return { ...fasterRow(what, 0, fast, once('reference', prefix)), target: 'no figure' };
}

/** Against the peer, on the prefix that it finishes in its time; both must have traded the same. */
function peerRow(
  config: BookBenchConfig,
  target: Target,
  workload: Workload,
  create: () => PeerBook,
): BenchRow {
  const prefix = runPeer(workload, config.seconds * 1000, create);
  collectGarbage();
  const fast = timeRuns('fast', createFast, workload, prefix.commands, config.runs);
  const own = tradesOf(createFast, workload, prefix.commands);
  const agree = own.trades === prefix.trades && own.lots === prefix.lots;
  const row = fasterRow(
    `${workload.name}: against the peer`,
    target.peer,
    fast,
    once('nodejs-order-book', prefix),
  );
  const trades = agree
    ? `both ${own.trades} trades of ${own.lots} lots`
    : `DIFFERENT: ${own.trades} trades of ${own.lots} lots, the peer ${prefix.trades} of ${prefix.lots}`;
  return {
    ...row,
    target: target.peer === 0 ? 'no figure' : row.target,
    met: row.met && agree,
    detail: `${row.detail}; ${trades}`,
  };
}

/** Runs the benchmark. `note` hears what is being done. */
export function benchBook(config: BookBenchConfig, note: (text: string) => void): BenchRow[] {
  const rows: BenchRow[] = [];
  const workloads = TARGETS.map((target) => {
    note(`drawing ${target.name}`);
    return drawWorkload(target.name, config.seed, config.commands ?? target.commands);
  });
  // All of our own figures first: what another book teaches the compiler about calls is not to be measured.
  TARGETS.forEach((target, k) => {
    note(target.name);
    const workload = workloads[k];
    const all = timeRuns(target.name, createFast, workload, workload.count, config.runs);
    rows.push(...ownRows(target, workload, all));
  });
  const create = config.peer ? loadPeer() : undefined;
  if (config.peer && create === undefined) {
    note('the peer is left out: the package nodejs-order-book is not installed (it comes with the sources)');
  }
  TARGETS.forEach((target, k) => {
    note(`${target.name}: reference${create === undefined ? '' : ' and peer'}`);
    rows.push(referenceRow(config, workloads[k]));
    if (create !== undefined) rows.push(peerRow(config, target, workloads[k], create));
  });
  return rows;
}
