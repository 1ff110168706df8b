/** What a supervisor would ask: is it alive, is it well, may it be given work. */
import { LIFECYCLE } from '@truetape/kernel';
import type { LifecycleState } from '@truetape/kernel';

export interface Probes {
  /** It runs, and its consumer has not halted. */
  readonly live: boolean;
  /** Nothing is known to be wrong. */
  readonly healthy: boolean;
  /** What it executes counts. */
  readonly ready: boolean;
}

export function probesOf(state: LifecycleState, halted: boolean): Probes {
  const live = state !== LIFECYCLE.STOPPED && !halted;
  return {
    live,
    healthy: live && state !== LIFECYCLE.DEGRADED,
    ready: live && state === LIFECYCLE.READY,
  };
}
