/**
 * The controllers: warm-up by count, health, failure injection, graceful shutdown. They alone change the
 * lifecycle, once at the beginning of a step. All that they see of the pipeline is a handful of counts:
 * nothing here leads to an event, to the bus or to its consumers, and a test holds the imports of this file
 * to that.
 *
 * Trouble is raised first, then warm-up is judged, then trouble is cleared; so a step has one change of
 * state, except for the first, which starts.
 */
import { LIFECYCLE } from '@truetape/kernel';
import type { LifecycleControl, LifecycleState } from '@truetape/kernel';

/** What controllers know of the pipeline: counts, and nothing that leads further. */
export interface ControlView {
  readonly step: number;
  /** Overruns that the consumer was told of so far. */
  readonly overruns: number;
  readonly halted: boolean;
}

export interface ControlPlan {
  readonly warmupSteps: number;
  readonly cleanSteps: number;
  readonly failures: readonly { readonly fromStep: number; readonly toStep: number }[];
}

type ControlReason = 'start' | 'warm' | 'failure' | 'overrun' | 'failureEnded' | 'clean' | 'shutdown';

/** Hears of each change of state. */
export type OnChange = (
  step: number,
  from: LifecycleState,
  to: LifecycleState,
  reason: ControlReason,
) => void;

export interface Control {
  readonly plan: ControlPlan;
  readonly lifecycle: LifecycleControl;
  readonly onChange: OnChange;
  /** Steps that were spent in WARMUP. */
  warm: number;
  overrunsSeen: number;
  /** Steps since the last overrun. */
  clean: number;
}

const FAILURE = 1;
const OVERRUN = 2;

export function createControl(plan: ControlPlan, lifecycle: LifecycleControl, onChange: OnChange): Control {
  return { plan, lifecycle, onChange, warm: 0, overrunsSeen: 0, clean: 0 };
}

/** Does something to the lifecycle, and tells what became of it. */
function change(control: Control, step: number, reason: ControlReason, act: () => void): void {
  const { view } = control.lifecycle;
  const from = view.state;
  act();
  if (view.state !== from) control.onChange(step, from, view.state, reason);
}

/** All controllers, at the beginning of a step, before anything is ingested. */
export function actBefore(control: Control, view: ControlView): void {
  const { plan, lifecycle } = control;
  const { step } = view;
  if (lifecycle.view.state === LIFECYCLE.INIT) change(control, step, 'start', () => lifecycle.start());
  else if (lifecycle.view.state === LIFECYCLE.WARMUP) control.warm += 1;
  const failing = plan.failures.some(({ fromStep, toStep }) => fromStep <= step && step < toStep);
  const overran = view.overruns > control.overrunsSeen;
  control.overrunsSeen = view.overruns;
  control.clean = overran ? 0 : control.clean + 1;
  if (failing) change(control, step, 'failure', () => lifecycle.raise(FAILURE));
  if (overran) change(control, step, 'overrun', () => lifecycle.raise(OVERRUN));
  if (lifecycle.view.state === LIFECYCLE.WARMUP && control.warm >= plan.warmupSteps)
    change(control, step, 'warm', () => lifecycle.ready());
  if (!failing) change(control, step, 'failureEnded', () => lifecycle.clear(FAILURE));
  // A consumer that has halted does not get better by itself.
  if (control.clean >= plan.cleanSteps && !view.halted)
    change(control, step, 'clean', () => lifecycle.clear(OVERRUN));
}

/** Graceful shutdown: behind the last step, when nothing is under way. */
export function shutDown(control: Control, step: number): void {
  change(control, step, 'shutdown', () => control.lifecycle.stop());
}
