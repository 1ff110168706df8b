/**
 * Ctrl-C for code that never returns: a strategy of one's own may go round for ever, and a signal is seen only by a
 * process that gives way. So its turns run under a watchdog of the virtual machine, which ends them where they stand.
 * What comes with truetape always returns, and is spared the watchdog. Node watches for Ctrl-C alone: SIGTERM is heard
 * between turns, and its default, which would end a turn as well, would leave each run that hears of it in disorder.
 */
import { Script } from 'node:vm';
import { isMainThread } from 'node:worker_threads';
import { EXIT } from '../failure.ts';
import { Interrupted } from '../interruption.ts';

const HOOK = Symbol.for('truetape.turn');

/** Runs a turn. Throws `Interrupted` where Ctrl-C has ended it. */
export type Turns = (turn: () => void) => void;

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined;

/** How turns are run; under the watchdog where it is needed, and can be. */
export function turnsOf(isOwn: boolean): Turns {
  // Signals are the main thread's.
  if (!isOwn || !isMainThread) return (turn) => turn();
  const script = new Script('globalThis[Symbol.for("truetape.turn")]()');
  const holder = globalThis as { [HOOK]?: () => void };
  return (turn) => {
    holder[HOOK] = turn;
    try {
      script.runInThisContext({ breakOnSigint: true, displayErrors: false });
    } catch (error) {
      if (codeOf(error) !== 'ERR_SCRIPT_EXECUTION_INTERRUPTED') throw error;
      throw new Interrupted(EXIT.interrupted, 'interrupted');
    } finally {
      delete holder[HOOK];
    }
  };
}
