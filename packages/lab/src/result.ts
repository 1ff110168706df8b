/** What a run came to: a value of plain data, the same wherever it is run. */
import { Kind, nameOfCode } from '@truetape/contracts';
import {
  LIFECYCLE,
  assert,
  createHistogram,
  isHalted,
  nextSeq,
  overrunCount,
  percentile,
  recordValue,
} from '@truetape/kernel';
import type { LifecycleState } from '@truetape/kernel';
import { whereabouts } from './hot-path.ts';
import type { Whereabouts } from './hot-path.ts';
import { journalEntry } from './journal.ts';
import type { Journal, JournalEntry, Reason } from './journal.ts';
import { createLab, endLab, stepLab } from './lab.ts';
import type { Lab } from './lab.ts';
import { endObserver } from './observer.ts';
import type { Observability } from './observer.ts';
import { probesOf } from './probes.ts';
import type { Probes } from './probes.ts';
import type { Scenario } from './scenario.ts';

export interface LifecycleChange {
  readonly step: number;
  readonly from: string;
  readonly to: string;
  readonly reason: Reason;
  /** As they are from here on. */
  readonly probes: Probes;
}

export interface OverrunReport {
  readonly step: number;
  readonly lostFrom: number;
  readonly lostTo: number;
}

export interface LabResult extends Whereabouts {
  readonly scenario: Scenario;
  readonly executed: number;
  readonly provisional: number;
  readonly polls: number;
  readonly emptyPolls: number;
  readonly halted: boolean;
  readonly lagMax: number;
  /** Steps from decision to completion of those that were acknowledged; percentiles are exact below 4,096. */
  readonly latencySteps: { readonly p50: number; readonly p99: number; readonly max: number } | null;
  readonly firstOverrunStep: number | null;
  readonly overruns: readonly OverrunReport[];
  readonly lifecycle: readonly LifecycleChange[];
  /** Steps that were done in each state. */
  readonly stepsIn: Readonly<Record<'WARMUP' | 'READY' | 'DEGRADED', number>>;
  /** Before the shutdown. */
  readonly probes: Probes;
  readonly observability: Observability | null;
}

type Change = Extract<JournalEntry, { kind: typeof Kind.Lifecycle }>;

const stateName = (state: LifecycleState): string => nameOfCode('lifecycle', state);

/** The probes tell of a halt from the step behind it on, like all that control knows. */
function changeOf(entry: Change, haltStep: number): LifecycleChange {
  const { step, from, to, reason } = entry;
  const probes = probesOf(to, haltStep < step);
  return { step, from: stateName(from), to: stateName(to), reason, probes };
}

function latencyOf(journal: Journal): LabResult['latencySteps'] {
  const histogram = createHistogram(12);
  let max = -1;
  for (let row = 0; row < journal.count; row++) {
    const entry = journalEntry(journal, row);
    if (entry.kind !== Kind.Ack) continue;
    const steps = entry.step - entry.decidedStep;
    recordValue(histogram, steps);
    max = Math.max(max, steps);
  }
  if (max < 0) return null;
  return { p50: percentile(histogram, 500_000)!, p99: percentile(histogram, 990_000)!, max };
}

function stepsIn(changes: readonly Change[], steps: number): LabResult['stepsIn'] {
  const spent = { WARMUP: 0, READY: 0, DEGRADED: 0 };
  changes.forEach(({ to, step }, k) => {
    const until = k + 1 < changes.length ? changes[k + 1].step : steps;
    if (to === LIFECYCLE.WARMUP) spent.WARMUP += until - step;
    else if (to === LIFECYCLE.READY) spent.READY += until - step;
    else if (to === LIFECYCLE.DEGRADED) spent.DEGRADED += until - step;
  });
  return spent;
}

/**
 * Holds the journal against itself: acknowledged and lost events together are all from the first on, in
 * order and once each (LAB-4), and each is provisional that was executed while the state was not READY
 * (LAB-5).
 */
export function checkJournal({ journal, path }: Lab): void {
  let next = 0;
  let state: LifecycleState = LIFECYCLE.INIT;
  // A row at a time: all of them as objects take ten times their room.
  for (let row = 0; row < journal.count; row++) {
    const entry = journalEntry(journal, row);
    if (entry.kind === Kind.Lifecycle) {
      assert(entry.from === state, 'LAB-5', 'a change begins at the state there is');
      state = entry.to;
    } else if (entry.kind === Kind.Overrun) {
      assert(entry.lostFrom === next && entry.lostTo >= next, 'LAB-4', 'what is lost comes next');
      next = entry.lostTo + 1;
    } else {
      assert(entry.seq === next, 'LAB-4', 'what is acknowledged comes next');
      assert(entry.provisional === (state !== LIFECYCLE.READY), 'LAB-5', 'not READY is provisional');
      next += 1;
    }
  }
  assert(next === nextSeq(path.consumer), 'LAB-4', 'the journal is whole');
}

/** What a run came to that was shut down. */
export function resultOf(lab: Lab): LabResult {
  checkJournal(lab);
  const { path, scenario, observer, journal, step } = lab;
  const changes: Change[] = [];
  const overruns: OverrunReport[] = [];
  for (let row = 0; row < journal.count; row++) {
    const entry = journalEntry(journal, row);
    if (entry.kind === Kind.Lifecycle) changes.push(entry);
    if (entry.kind !== Kind.Overrun) continue;
    const { step: at, lostFrom, lostTo } = entry;
    overruns.push({ step: at, lostFrom, lostTo });
  }
  assert(overruns.length === overrunCount(path.consumer), 'LAB-4', 'every overrun is told');
  const halted = isHalted(path.consumer);
  const haltStep = halted ? overruns[overruns.length - 1].step : step;
  // The last change is the shutdown.
  const last = changes[changes.length - 1].from;
  return {
    scenario,
    ...whereabouts(path),
    executed: path.acked - path.provisional,
    provisional: path.provisional,
    polls: path.acked + path.emptyPolls,
    emptyPolls: path.emptyPolls,
    halted,
    lagMax: path.lagMax,
    latencySteps: latencyOf(journal),
    firstOverrunStep: overruns.length === 0 ? null : overruns[0].step,
    overruns,
    lifecycle: changes.map((change) => changeOf(change, haltStep)),
    stepsIn: stepsIn(changes, step),
    probes: probesOf(last, halted),
    observability: observer === undefined ? null : endObserver(observer),
  };
}

/** Runs a scenario from its first step to its shutdown. */
export function runLab(scenario: Scenario, options: { readonly observe: boolean } = { observe: true }): Lab {
  const lab = createLab(scenario, options);
  while (stepLab(lab));
  endLab(lab);
  return lab;
}
