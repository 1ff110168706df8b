/** A run: control acts, events come in, the consumer has its polls, whoever looks on takes a sample. */
import { assert, createLifecycle, isHalted, overrunCount } from '@truetape/kernel';
import type { LifecycleControl } from '@truetape/kernel';
import { actBefore, createControl, shutDown } from './control.ts';
import type { Control, ControlView } from './control.ts';
import { consume, createHotPath, ingest, whereabouts } from './hot-path.ts';
import type { HotPath } from './hot-path.ts';
import { createJournal, journalChange } from './journal.ts';
import type { Journal } from './journal.ts';
import { createObserver, observe } from './observer.ts';
import type { Observer } from './observer.ts';
import type { Scenario } from './scenario.ts';

export interface Lab {
  readonly scenario: Scenario;
  readonly journal: Journal;
  readonly lifecycle: LifecycleControl;
  readonly control: Control;
  readonly path: HotPath;
  readonly observer: Observer | undefined;
  /** Steps that were done. */
  step: number;
}

const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;

const sumOver = (rates: readonly number[], steps: number): number =>
  Array.from({ length: steps }, (_, step) => rates[step % rates.length]).reduce((sum, rate) => sum + rate, 0);

function checkScenario({ ingest: comes, consume: goes, steps, ...rest }: Scenario): void {
  const rates = [...comes, ...goes];
  const counts = [steps, rest.warmupSteps, rest.cleanSteps, ...rates];
  assert(
    counts.every(isCount) && comes.length > 0 && goes.length > 0,
    'LAB-2',
    'steps and rates are counts, and there is a rate of each',
  );
  assert(rest.cleanSteps >= 1, 'LAB-2', 'an overrun is forgiven behind a clean step at the soonest');
  let before = -1;
  for (const { fromStep, toStep } of rest.failures) {
    assert(isCount(fromStep) && isCount(toStep), 'LAB-2', 'a failure has steps');
    assert(fromStep > before && toStep > fromStep, 'LAB-2', 'failures come in order');
    before = toStep;
  }
}

/** A run that has not begun. Throws on LAB-2 for a scenario that is none, on KERNEL-40 for its capacity. */
export function createLab(scenario: Scenario, options: { readonly observe: boolean }): Lab {
  checkScenario(scenario);
  const { steps } = scenario;
  const acksMax = Math.min(sumOver(scenario.ingest, steps), sumOver(scenario.consume, steps));
  // A step has an overrun and a change of state at most; the start and the shutdown are two more changes.
  const journal = createJournal(acksMax + 2 * steps + 2);
  const lifecycle = createLifecycle();
  const control = createControl(scenario, lifecycle, (step, from, to, reason) =>
    journalChange(journal, step, from, to, reason),
  );
  const path = createHotPath(scenario, lifecycle.view, journal);
  const observer = options.observe ? createObserver() : undefined;
  return { scenario, journal, lifecycle, control, path, observer, step: 0 };
}

/** What controllers are shown: counts that are copied, and frozen. */
export function controlView({ path, step }: Lab): ControlView {
  const { consumer } = path;
  return Object.freeze({ step, overruns: overrunCount(consumer), halted: isHalted(consumer) });
}

/** Does a step; false when all were done. Throws on LAB-3 where an event is nowhere. */
export function stepLab(lab: Lab): boolean {
  const { scenario, control, path, observer, step } = lab;
  if (step >= scenario.steps) return false;
  actBefore(control, controlView(lab));
  ingest(path, step, scenario.ingest[step % scenario.ingest.length]);
  consume(path, step, scenario.consume[step % scenario.consume.length]);
  checkConservation(path);
  if (observer !== undefined) {
    const { lag, acked } = path;
    observe(observer, { step, lag, acked, overruns: overrunCount(path.consumer) });
  }
  lab.step = step + 1;
  return true;
}

function checkConservation(path: HotPath): void {
  const { published, acked, lost, unread } = whereabouts(path);
  assert(published === acked + lost + unread, 'LAB-3', 'every event is acknowledged, lost or unread');
}

/** Shuts down behind the last step. */
export function endLab(lab: Lab): void {
  shutDown(lab.control, lab.step);
}
