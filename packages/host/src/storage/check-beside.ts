/** The check of a log's segments on a thread of its own, for a recovery that folds them meanwhile. */
import { Worker } from 'node:worker_threads';
import type { Page } from '@truetape/tape';
import type { CheckRequest, SegmentCheck } from '@truetape/wal';

/** Memory that both threads have. */
export interface CheckShared {
  /** Changes with each word from the other thread. */
  readonly signal: Int32Array;
  /** `CHECK_RUNS`, `CHECK_DONE` or `CHECK_FAILED`. */
  readonly status: Int32Array;
  /** Behind which seq all is checked; first seq of the page. */
  readonly seqs: Float64Array;
  readonly page: Uint8Array;
}

export const CHECK_STARTS = 0;
export const CHECK_RUNS = 1;
export const CHECK_DONE = 2;
export const CHECK_FAILED = 3;

/** What the thread is started with. */
export interface CheckTask {
  readonly folder: string;
  readonly request: CheckRequest;
  readonly memory: SharedArrayBuffer;
}

export function viewShared(memory: SharedArrayBuffer): CheckShared {
  return {
    signal: new Int32Array(memory, 0, 1),
    status: new Int32Array(memory, 4, 1),
    seqs: new Float64Array(memory, 8, 2),
    page: new Uint8Array(memory, 24, 32),
  };
}

export const SHARED_BYTES = 56;

/** Below this nobody is asked: a thread takes 0.2 to 0.4 s to begin, and saves a second for each GB. */
const WORTH_BYTES = 536_870_912;
/** A thread that has not begun by then does not count. */
const START_MS = 10_000;
/** Nor does one that has said nothing for so long: it says something every 16,384 events, a few ms. */
const STALL_MS = 30_000;

const SCRIPT = import.meta.url.endsWith('.ts')
  ? new URL('./check-worker.ts', import.meta.url)
  : new URL('./check-worker.js', import.meta.url);

/**
 * Checks the segments of a log's folder on another thread, from `worthBytes` on; for `RecoverConfig.beside`. Whatever
 * goes wrong with that thread, the recovery goes on without it.
 */
export function checkBeside(
  folder: string,
  worthBytes: number = WORTH_BYTES,
  stallMs: number = STALL_MS,
): (request: CheckRequest, sizeBytes: number) => SegmentCheck | undefined {
  return (request, sizeBytes) => {
    if (sizeBytes < worthBytes) return undefined;
    const memory = new SharedArrayBuffer(SHARED_BYTES);
    const task: CheckTask = { folder, request, memory };
    const worker = new Worker(SCRIPT, { workerData: task });
    worker.unref();
    worker.on('error', () => undefined);
    return checkOf(viewShared(memory), stallMs);
  };
}

function checkOf({ signal, status, seqs, page }: CheckShared, stallMs: number): SegmentCheck {
  let heard = 0;
  let heardAt = performance.now();
  /** Waits until something is true of what is shared; false where nothing will change any more. */
  const until = (holds: () => boolean): boolean => {
    for (;;) {
      const seen = Atomics.load(signal, 0);
      if (seen !== heard) heardAt = performance.now();
      heard = seen;
      if (holds()) return true;
      const now = Atomics.load(status, 0);
      // What was said last may have come between the two looks.
      if (now === CHECK_DONE || now === CHECK_FAILED) return holds();
      // A thread that dies, of memory for one, does so in silence: nobody hears its error while this one waits.
      const leftMs = heardAt + (now === CHECK_STARTS ? START_MS : stallMs) - performance.now();
      if (leftMs < 0) return false;
      Atomics.wait(signal, 0, seen, Math.min(leftMs + 1, 1000));
    }
  };
  return {
    reaches: (seq) => until(() => seqs[0] > seq),
    result: (): Page | undefined => {
      const isDone = until(() => Atomics.load(status, 0) === CHECK_DONE);
      return isDone ? { hash: page.slice(), firstSeq: seqs[1] } : undefined;
    },
  };
}
