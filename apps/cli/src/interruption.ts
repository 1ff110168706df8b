/**
 * Ctrl-C during work that is synchronous: signals are only seen when the work gives way, so it does now and
 * then (`breathe`), and ends there in an orderly way. A second Ctrl-C ends at once.
 */
import { setImmediate as giveWay, setTimeout as wait } from 'node:timers/promises';
import { CliFailure, EXIT } from './failure.ts';
import type { ExitCode } from './failure.ts';

/** Work may go on this long without giving way. */
const BREATH_MS = 50;

export interface Interruption {
  /** Gives way when it is time. Throws when the work was interrupted. */
  readonly breathe: () => Promise<void>;
  /** Waits. Throws when the work is interrupted, without waiting for the rest. */
  readonly sleep: (ms: number) => Promise<void>;
  /** Waits for something else, such as input. Throws when the work is interrupted, without waiting for it. */
  readonly until: <T>(promise: Promise<T>) => Promise<T>;
}

/** The quiet end of a command that was interrupted. */
export class Interrupted extends CliFailure {}

/** Settles as the promise does, or with nothing when the signal comes first. Nothing is left behind of it. */
async function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  let onAbort = (): void => undefined;
  const aborted = new Promise<undefined>((resolve) => {
    onAbort = () => resolve(undefined);
    signal.addEventListener('abort', onAbort);
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** Runs work that can be interrupted. */
export async function interruptible<T>(work: (interruption: Interruption) => Promise<T>): Promise<T> {
  const abort = new AbortController();
  let exitCode: ExitCode = EXIT.interrupted;
  const stop = (code: ExitCode) => (): void => {
    if (abort.signal.aborted) process.exit(code);
    exitCode = code;
    abort.abort();
  };
  const onInt = stop(EXIT.interrupted);
  const onTerm = stop(143);
  process.on('SIGINT', onInt);
  process.on('SIGTERM', onTerm);
  const check = (): void => {
    if (abort.signal.aborted) throw new Interrupted(exitCode, 'interrupted');
  };
  let last = performance.now();
  try {
    return await work({
      breathe: async () => {
        if (performance.now() - last < BREATH_MS) return;
        await giveWay();
        last = performance.now();
        check();
      },
      sleep: async (ms) => {
        await wait(ms, undefined, { signal: abort.signal }).catch(() => undefined);
        last = performance.now();
        check();
      },
      until: async (promise) => {
        const value = await orAborted(promise, abort.signal);
        last = performance.now();
        check();
        return value as Awaited<typeof promise>;
      },
    });
  } finally {
    process.off('SIGINT', onInt);
    process.off('SIGTERM', onTerm);
  }
}
