/**
 * Runs a simulation in slices of simulated time: between two of them a run can be interrupted, watched and
 * sampled. Slices change nothing of what happens.
 */
import { END_OF_TIME_NS, runSim } from '@truetape/orderflow';
import type { Sim } from '@truetape/orderflow';
import type { ExitCode } from '../failure.ts';
import { Interrupted } from '../interruption.ts';
import type { Interruption } from '../interruption.ts';
import { tickOf } from './perf.ts';
import type { TickTimes } from './perf.ts';

/** Where a run ends; Infinity where it does not. */
export interface RunTarget {
  readonly events: number;
  readonly untilNs: number;
}

/** Whoever looks at the simulation at times of their own. */
export interface Sampler {
  /** Nothing later than this happens before the next sample. */
  readonly nextNs: () => number;
  readonly take: () => void;
}

export interface RunHooks {
  readonly interruption: Interruption;
  /** Hears how much of the way is done, from 0 to 1. */
  readonly onShare: (share: number) => void;
  readonly ticks?: TickTimes;
  readonly sampler?: Sampler;
}

/** How a run ended: at its target, at the end of time, or by a signal. */
export type RunStop =
  | { readonly type: 'target' }
  | { readonly type: 'endOfTime' }
  | { readonly type: 'interrupted'; readonly exitCode: ExitCode };

/** Simulated time from one breath to the next; more where nothing happens. */
const SLICE_NS = 1_000_000_000;
const IDLE_SLICE_NS_MAX = 3_600_000_000_000;
/** Slices are cut where there is more than this in one: events, or what happens without any. */
const SLICE_EVENTS = 16_384;
const SLICE_STEPS = 262_144;
/** Ticks are short: so many go by from one breath to the next. */
const TICKS_A_BREATH = 64;

function shareOf(sim: Sim, from: RunTarget, target: RunTarget): number {
  const events = (sim.recorder.nextSeq - from.events) / (target.events - from.events);
  const time = (sim.timeNs - from.untilNs) / (target.untilNs - from.untilNs);
  return Math.min(1, Math.max(events, time));
}

/** Lets the run breathe; the code to exit with where it was interrupted. */
async function breathe({ interruption }: RunHooks): Promise<ExitCode | undefined> {
  try {
    await interruption.breathe();
    return undefined;
  } catch (error) {
    if (error instanceof Interrupted) return error.exitCode;
    throw error;
  }
}

/** Runs to the target; the simulation then stands at a boundary, whatever ended it. */
export async function runTo(sim: Sim, target: RunTarget, hooks: RunHooks): Promise<RunStop> {
  const { ticks, sampler, onShare } = hooks;
  let sliceNs = ticks === undefined ? SLICE_NS : tickOf(sim);
  const begin = { events: sim.recorder.nextSeq, untilNs: sim.timeNs };
  const lastNs = Math.min(target.untilNs, END_OF_TIME_NS);
  let reachedNs = sim.timeNs;
  for (let slice = 1; ; slice++) {
    const sampleNs = sampler?.nextNs() ?? Infinity;
    const untilNs = Math.min((Math.floor(reachedNs / sliceNs) + 1) * sliceNs, sampleNs, lastNs);
    const before = sim.recorder.nextSeq;
    const events = Math.min(before + SLICE_EVENTS, target.events);
    ticks?.begin();
    const isWhole = runSim(sim, { events, untilNs, steps: SLICE_STEPS });
    ticks?.end(isWhole);
    if (sim.recorder.nextSeq >= target.events) return { type: 'target' };
    if (isWhole) {
      reachedNs = untilNs;
      if (untilNs >= sampleNs) sampler!.take();
      if (untilNs >= target.untilNs) return { type: 'target' };
      if (untilNs >= END_OF_TIME_NS) return { type: 'endOfTime' };
    }
    if (ticks !== undefined && slice % TICKS_A_BREATH !== 0) continue;
    if (ticks === undefined)
      sliceNs = sim.recorder.nextSeq > before ? SLICE_NS : Math.min(sliceNs * 2, IDLE_SLICE_NS_MAX);
    onShare(shareOf(sim, begin, target));
    const exitCode = await breathe(hooks);
    if (exitCode !== undefined) return { type: 'interrupted', exitCode };
  }
}
