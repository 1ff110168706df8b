/** What a view waits for between two events: a rate, the tape's own time, or a key. */
import type { RecordBuffer } from '@truetape/contracts';
import type { Interruption } from '../interruption.ts';
import { usageFailure } from '../failure.ts';
import { printError } from '../terminal.ts';

/** Waits before the event at `i` is shown; false when the user wants no more. */
export type Pace = (b: RecordBuffer, i: number) => Promise<boolean>;

/** Waits shorter than this are saved up: a timer is no finer. */
const WAIT_MS_MIN = 4;
/** Keys are looked for this often. */
const KEY_MS = 20;
const CTRL_C = '\u0003';
const END_OF_INPUT = '\u0004';

/** A pace that shows events when they are due, in ms since the first one. */
function scheduled(interruption: Interruption, dueMs: (b: RecordBuffer, i: number) => number): Pace {
  let start: number | undefined;
  return async (b, i) => {
    start ??= performance.now();
    const wait = start + dueMs(b, i) - performance.now();
    if (wait >= WAIT_MS_MIN) await interruption.sleep(wait);
    return true;
  };
}

/** So many events a second. */
export function ratePace(interruption: Interruption, perSecond: number): Pace {
  let shown = -1;
  return scheduled(interruption, () => {
    shown += 1;
    return (shown * 1000) / perSecond;
  });
}

/** The tape's own time, so many times as fast. */
export function speedPace(interruption: Interruption, factor: number): Pace {
  let first: { readonly hi: number; readonly lo: number } | undefined;
  return scheduled(interruption, (b, i) => {
    const lo = b.u32[i + 2];
    const hi = b.u32[i + 3];
    first ??= { hi, lo };
    return ((hi - first.hi) * 4294967296 + (lo - first.lo)) / 1e6 / factor;
  });
}

/** Waits for keys on standard input; throws a usage failure where it is no terminal. */
export function stepPace(interruption: Interruption): { readonly pace: Pace; readonly close: () => void } {
  const { stdin } = process;
  if (!stdin.isTTY) {
    throw usageFailure(
      '--step waits for keys: standard input is no terminal',
      'use --limit, --rate or a pager',
    );
  }
  stdin.setRawMode(true);
  const keys: string[] = [];
  stdin.on('data', (data) => {
    keys.push(...data.toString('latin1'));
  });
  stdin.resume();
  printError('truetape: Enter shows the next event, q ends\n');
  let isFirst = true;
  const pace: Pace = async () => {
    if (isFirst) {
      isFirst = false;
      return true;
    }
    for (;;) {
      while (keys.length === 0) await interruption.sleep(KEY_MS);
      const key = keys.shift();
      if (key === 'q' || key === 'Q' || key === END_OF_INPUT) return false;
      if (key === '\r' || key === '\n' || key === ' ') return true;
      // In raw mode the terminal makes no signal of Ctrl-C.
      if (key === CTRL_C) process.kill(process.pid, 'SIGINT');
    }
  };
  const close = (): void => {
    stdin.setRawMode(false);
    stdin.pause();
  };
  return { pace, close };
}
