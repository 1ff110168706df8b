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
}

/** The quiet end of a command that was interrupted. */
export class Interrupted extends CliFailure {}

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
    });
  } finally {
    process.off('SIGINT', onInt);
    process.off('SIGTERM', onTerm);
  }
}
