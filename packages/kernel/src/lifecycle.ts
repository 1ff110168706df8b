/**
 * The life of a pipeline: INIT → WARMUP → READY ⇄ DEGRADED → STOPPED. Two things are made together: the
 * control, which alone can change the state and is handed to controllers, and the view, which components
 * read. The view holds nothing that leads to the control.
 *
 *     INIT ──► WARMUP ──► READY            any of them ──► STOPPED
 *                │ ▲      │ ▲
 *                ▼ │      ▼ │              back to where it came from,
 *              DEGRADED  DEGRADED          once no trouble is left
 *
 * Trouble has several reasons at a time, say an injected failure and an unhealthy consumer: each is raised
 * and cleared by whoever knows it, and the state from before comes back with the last that is cleared.
 */
import { assert } from './assert.ts';

/** The states, by the codes that a Lifecycle event has. */
export const LIFECYCLE = { INIT: 1, WARMUP: 2, READY: 3, DEGRADED: 4, STOPPED: 5 } as const;

export type LifecycleState = (typeof LIFECYCLE)[keyof typeof LIFECYCLE];

const { INIT, WARMUP, READY, DEGRADED, STOPPED } = LIFECYCLE;

/** Every change that there is, from → to; what is not listed is a programmer's error. */
export const LIFECYCLE_TABLE: readonly (readonly [from: LifecycleState, to: LifecycleState])[] = [
  [INIT, WARMUP],
  [INIT, STOPPED],
  [WARMUP, READY],
  [WARMUP, DEGRADED],
  [WARMUP, STOPPED],
  [READY, DEGRADED],
  [READY, STOPPED],
  [DEGRADED, WARMUP],
  [DEGRADED, READY],
  [DEGRADED, STOPPED],
];

/** What components have of it: they look, and cannot touch. */
export interface LifecycleView {
  readonly state: LifecycleState;
}

/** What controllers have of it. */
export interface LifecycleControl {
  readonly view: LifecycleView;
  /** INIT → WARMUP. */
  start(): void;
  /** WARMUP → READY. */
  ready(): void;
  /** Raises a trouble, 1 … 30; the first one makes the state DEGRADED. True when it changed the state. */
  raise(trouble: number): boolean;
  /** Clears it; the last one brings back the state from before. True when it changed the state. */
  clear(trouble: number): boolean;
  /** → STOPPED. */
  stop(): void;
}

/**
 * A new lifecycle in INIT. Its control throws on KERNEL-42 where the table has no such change, and on
 * KERNEL-43 for a trouble that is none.
 */
export function createLifecycle(): LifecycleControl {
  let state: LifecycleState = INIT;
  let before: LifecycleState = INIT;
  let troubles = 0;
  const move = (to: LifecycleState): void => {
    const isListed = LIFECYCLE_TABLE.some((change) => change[0] === state && change[1] === to);
    assert(isListed, 'KERNEL-42', 'a change of state is one that the table lists');
    state = to;
  };
  const bitOf = (trouble: number): number => {
    assert(Number.isInteger(trouble) && trouble >= 1 && trouble <= 30, 'KERNEL-43', 'troubles are 1 … 30');
    return 1 << trouble;
  };
  const view: LifecycleView = Object.freeze({
    get state() {
      return state;
    },
  });
  return Object.freeze({
    view,
    start: () => {
      // DEGRADED → WARMUP is a way back and no start.
      assert(state === INIT, 'KERNEL-42', 'a change of state is one that the table lists');
      move(WARMUP);
    },
    ready: () => {
      assert(state === WARMUP, 'KERNEL-42', 'a change of state is one that the table lists');
      move(READY);
    },
    raise: (trouble: number) => {
      const bit = bitOf(trouble);
      const changes = state !== DEGRADED;
      if (changes) {
        const from = state;
        move(DEGRADED);
        before = from;
      }
      troubles |= bit;
      return changes;
    },
    clear: (trouble: number) => {
      troubles &= ~bitOf(trouble);
      if (troubles !== 0 || state !== DEGRADED) return false;
      move(before);
      return true;
    },
    stop: () => move(STOPPED),
  });
}
