/** Runs a book with producers and readers on threads of their own. */
import { rmSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { createBook, createReferenceBook } from '@truetape/book';
import { expect } from 'vitest';
import { startBookWorker, type BookRun, type BookWorker, type BookWorkerConfig } from '@truetape/host';
import { readEvents, replay } from './replay.ts';
import { STAGES, type BookPeerTask, type Gate, type ReadEnd, type TradeEnd } from './book-peer.ts';

export function startBookPeer(task: BookPeerTask): Worker {
  return new Worker(new URL('./book-peer.ts', import.meta.url), { workerData: task, execArgv: [] });
}

/** What a peer found; rejects with what it threw. */
export function endOfPeer<End>(peer: Worker): Promise<End> {
  return new Promise((resolve, reject) => {
    peer.once('message', resolve);
    peer.once('error', reject);
    peer.once('exit', () => {
      reject(new Error('a peer ended without a word'));
    });
  });
}

export interface Contest {
  readonly book: BookWorker;
  readonly run: BookRun;
  readonly trades: readonly TradeEnd[];
  readonly reads: readonly ReadEnd[];
}

export interface ContestConfig extends Partial<BookWorkerConfig> {
  readonly seed: string;
  readonly traders: number;
  readonly readers: number;
  /** Commands of each trader. */
  readonly commands: number;
  readonly readEvery?: number;
  readonly instrumentCount?: number;
  readonly tapePath: string;
}

/** All of them trade at the same time, all readers read meanwhile; ends when all have. */
export async function contest(config: ContestConfig): Promise<Contest> {
  const { seed, traders, commands, readEvery = 16, instrumentCount = 2, tapePath } = config;
  rmSync(tapePath, { force: true });
  const book = startBookWorker({
    ...config,
    instruments: Array.from({ length: instrumentCount }, (_, k) => ({ id: `TEST:${k + 1}` })),
    producers: Array.from({ length: traders }, (_, k) => ({ name: `trader ${k}`, account: 10 + k })),
  });
  const gate: Gate = { seen: new Int32Array(new SharedArrayBuffer(STAGES * 4)), readers: config.readers };
  const readers = Array.from({ length: config.readers }, () =>
    startBookPeer({ type: 'read', handle: book.readers, commands: traders * commands, gate }),
  );
  const instruments = instrumentCount;
  const producers = book.producers.map((handle) =>
    startBookPeer({ type: 'trade', handle, seed, commands, instruments, readEvery, gate }),
  );
  const [run, trades, reads] = await Promise.all([
    book.done,
    Promise.all(producers.map((peer) => endOfPeer<TradeEnd>(peer))),
    Promise.all(readers.map((peer) => endOfPeer<ReadEnd>(peer))),
  ]);
  return { book, run, trades, reads };
}

/** What must hold of every run in which no report was lost. */
export function checkContest({ run, trades, reads }: Contest, config: ContestConfig): void {
  const all = config.traders * config.commands;
  expect(run.commands).toBe(all);
  for (const [k, { answered, rows, lost }] of trades.entries()) {
    const end = run.producers[k];
    expect([answered, lost, end.lost, end.commands]).toEqual([config.commands, 0, 0, config.commands]);
    expect(rows).toBe(end.reports);
  }
  expect(trades.some(({ ownOrders }) => ownOrders > 0)).toBe(true);
  for (const { changes } of reads) expect(changes).toBeGreaterThanOrEqual(STAGES);
  const tags = Array.from({ length: config.commands }, (_, k) => k + 1);
  for (const create of [createBook, createReferenceBook]) {
    const again = replay(config.tapePath, create);
    expect([again.stateHash, again.commands]).toEqual([run.stateHash, all]);
    for (let k = 0; k < config.traders; k++) expect(again.tags.get(2 + k)).toEqual(tags);
  }
  const { end } = readEvents(config.tapePath);
  expect(end).toMatchObject({ count: run.tape!.count, hash: run.tape!.hash });
}

/** What was rejected is counted where it was, by the ring and by the producers alike. */
export function checkRejections({ run, trades }: Contest): void {
  const refused = trades.reduce((sum, { refusals }) => sum + refusals.full, 0);
  expect(refused).toBeGreaterThan(0);
  expect(run.producers.reduce((sum, { full }) => sum + full, 0)).toBe(refused);
  expect(run.producers.every(({ waits }) => waits === 0)).toBe(true);
}
