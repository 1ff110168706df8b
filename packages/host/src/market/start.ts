/** Starts a book in a thread of its own, with what producers and readers on other threads connect by. */
import { Worker } from 'node:worker_threads';
import { COMMAND_CELLS } from '@truetape/book';
import type { JsonObject } from '@truetape/contracts';
import {
  InvariantError,
  assert,
  closeRing,
  createDoorbell,
  createSharedRing,
  createSharedSnapshot,
  ringCounters,
  ringDoorbell,
  stopRing,
  type Doorbell,
  type RingCounters,
  type RingOverflow,
} from '@truetape/kernel';
import type { BookEnd, BookTask, ProducerEnd } from './book-worker.ts';
import { depthCells } from './depth-block.ts';
import { OutputError } from '../output-error.ts';
import { releaseEverybody, type ProducerHandle, type ReaderHandle } from './handles.ts';
import { ROW_BYTES } from './report-rows.ts';

export interface ProducerConfig {
  /** Its name as a source of the tape. */
  readonly name: string;
  /** The account of its orders, 1..2^32−1; two producers have two. */
  readonly account: number;
  /** Whether it reads reports; true by default. */
  readonly reports?: boolean;
  /** Whether it may cancel everybody's orders; by default a cancel for everyone cancels its own. */
  readonly cancelsEveryone?: boolean;
}

export interface BookWorkerConfig {
  /** Definitions of instruments 1, 2 and so on, as a tape's Defines: each has an `id`. */
  readonly instruments: readonly JsonObject[];
  readonly producers: readonly ProducerConfig[];
  /** What a producer does that finds its ring full; `wait` by default. */
  readonly overflow?: RingOverflow;
  /** Commands that a ring has room for, a power of two; 1,024 by default. */
  readonly ringCapacity?: number;
  /** Reports that a ring has room for, a power of two from 2; 8 times the commands by default. */
  readonly reportCapacity?: number;
  /** Commands taken from a producer in one turn; 64 by default. */
  readonly turnCommands?: number;
  /**
   * Empty rounds before the book's thread goes to sleep; 100 by default, some 3 µs in which a producer need not
   * wake it. More is faster only where a core is the book's own: elsewhere who spins is made to wait.
   */
  readonly spinRounds?: number;
  /** Levels that readers see of each side; 10 by default. */
  readonly depthLevels?: number;
  readonly impl?: 'fast' | 'reference';
  readonly ordersMax?: number;
  /** Checks every invariant of every book after each turn: slow. */
  readonly check?: boolean;
  /** A file that does not exist yet. */
  readonly tapePath?: string;
}

/** What a run came to. */
export interface BookRun extends BookEnd {
  readonly producers: readonly (ProducerEnd & RingCounters)[];
}

/** A book that runs. */
export interface BookWorker {
  /** For `connectProducer`, in the order of the configuration. */
  readonly producers: readonly ProducerHandle[];
  /** For `connectReader`. */
  readonly readers: ReaderHandle;
  /**
   * Resolves when every producer has closed and all was carried out. Rejects with what was thrown when an
   * invariant broke or the tape could not be written: nothing is carried out any more, the tape is not
   * sealed.
   */
  readonly done: Promise<BookRun>;
  /** Closes for a producer whose thread has died. What it had published is carried out. */
  closeFor(handle: ProducerHandle): void;
  /** Takes no more commands; carries out those that were published, then ends. */
  stop(): void;
}

/** The worker's file: TypeScript in a checkout, JavaScript beside the bundle. */
function workerUrl(): URL {
  return import.meta.url.endsWith('.ts')
    ? new URL('./book-worker.ts', import.meta.url)
    : new URL('./book-worker.js', import.meta.url);
}

function createHandles(config: BookWorkerConfig, bell: Doorbell): ProducerHandle[] {
  const { ringCapacity = 1024, overflow = 'wait' } = config;
  const { reportCapacity = ringCapacity * 8 } = config;
  const accounts = new Set(config.producers.map(({ account }) => account));
  assert(
    accounts.size === config.producers.length &&
      accounts.size > 0 &&
      // As 32 bits hold it, so that two stay two.
      config.producers.every(({ account }) => account >>> 0 === account && account > 0),
    'HOST-6',
    'producers, each with an account of its own',
  );
  // The last cell is kept for a loss, so that in one there would never be a report.
  assert(reportCapacity >= 2, 'HOST-6', 'room for reports');
  return config.producers.map(({ name, account, reports = true, cancelsEveryone = false }, index) => ({
    name,
    index,
    account,
    cancelsEveryone,
    overflow,
    bell,
    commands: createSharedRing({ capacity: ringCapacity, cellBytes: COMMAND_CELLS * 8 }),
    reportBell: createDoorbell(),
    ...(reports ? { reports: createSharedRing({ capacity: reportCapacity, cellBytes: ROW_BYTES }) } : {}),
  }));
}

/** An error that came from another thread: as it was there, its class included. */
function revive(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  if (error.name === 'InvariantError' && 'invariant' in error) {
    const { invariant, message, stack } = error as InvariantError;
    const detail = message.slice(invariant.length + 2);
    return Object.assign(new InvariantError(invariant, detail === '' ? undefined : detail), { stack });
  }
  if (error.name === 'OutputError' && 'code' in error) {
    const { code, path, detail } = error as OutputError;
    return new OutputError(code, path, detail);
  }
  return error;
}

/** The end of a worker, as a promise; a worker that ends without a word has failed. */
function endOf(
  worker: Worker,
  producers: readonly ProducerHandle[],
  readers: ReaderHandle,
): Promise<BookRun> {
  return new Promise((resolve, reject) => {
    let end: BookEnd | undefined;
    let failure: unknown;
    worker.once('message', (message: BookEnd) => {
      end = message;
    });
    worker.once('error', (error) => {
      failure = revive(error);
    });
    worker.once('exit', (code) => {
      // The thread has said so itself, unless it could not any more.
      releaseEverybody(producers, readers);
      if (end === undefined) reject(failure ?? new Error(`the book's thread ended with ${code}`));
      else
        resolve({
          ...end,
          producers: end.producers.map((one, k) => ({ ...one, ...ringCounters(producers[k].commands) })),
        });
    });
  });
}

/**
 * Starts a book for each instrument, in one worker thread.
 *
 * Throws HOST-6 for producers, accounts, turns, levels or room that cannot be; KERNEL-12 for a capacity that is
 * no power of two.
 */
export function startBookWorker(config: BookWorkerConfig): BookWorker {
  const bell = createDoorbell();
  const producers = createHandles(config, bell);
  const { depthLevels = 10, turnCommands = 64, spinRounds = 100 } = config;
  assert(depthLevels >= 1 && depthLevels % 1 === 0, 'HOST-6', 'levels to show');
  assert(turnCommands >= 1 && turnCommands % 1 === 0, 'HOST-6', 'a command a turn at least');
  assert(spinRounds >= 0, 'HOST-6', 'rounds before it sleeps');
  const blocks = [undefined, ...config.instruments.map(() => createSharedSnapshot(depthCells(depthLevels)))];
  const readers: ReaderHandle = { depthLevels, blocks };
  const task: BookTask = {
    instruments: config.instruments,
    producers,
    readers,
    impl: config.impl ?? 'fast',
    ordersMax: config.ordersMax,
    turnCommands,
    spinRounds,
    check: config.check ?? false,
    tapePath: config.tapePath,
    epochNs: String(BigInt(Date.now()) * 1_000_000n),
  };
  const worker = new Worker(workerUrl(), { workerData: task, execArgv: [] });
  return {
    producers,
    readers,
    done: endOf(worker, producers, readers),
    closeFor: (handle) => {
      closeRing(handle.commands);
      ringDoorbell(bell);
    },
    stop: () => {
      for (const { commands } of producers) {
        stopRing(commands);
        closeRing(commands);
      }
      ringDoorbell(bell);
    },
  };
}
