/** The lab once more, with lists and definitions instead of rings and counters; nothing is shared with it. */
import type { Scenario } from '../src/index.ts';

export interface ReferenceRun {
  /** What happened, a line each. */
  readonly lines: readonly string[];
  readonly published: number;
  readonly acked: number;
  readonly provisional: number;
  readonly lost: number;
  readonly unread: number;
  readonly emptyPolls: number;
}

type State = 'INIT' | 'WARMUP' | 'READY' | 'DEGRADED';

/** The state of a step, from the states of all before and the steps that overran. */
function stateOf(
  { warmupSteps, cleanSteps, failures }: Scenario,
  states: readonly State[],
  overran: readonly number[],
  halted: boolean,
): State {
  const step = states.length;
  const failing = failures.some((failure) => step >= failure.fromStep && step < failure.toStep);
  const last = overran.at(-1);
  const unhealthy = last !== undefined && (halted || step - last - 1 < cleanSteps);
  if (failing || unhealthy) return 'DEGRADED';
  if (states.includes('READY')) return 'READY';
  if (states.at(-1) === 'DEGRADED') return 'WARMUP';
  return states.filter((state) => state === 'WARMUP').length >= warmupSteps ? 'READY' : 'WARMUP';
}

export function runReference(scenario: Scenario): ReferenceRun {
  const { capacity, policy } = scenario;
  const lines: string[] = [];
  const states: State[] = [];
  const overran: number[] = [];
  let waiting: { seq: number; step: number }[] = [];
  let halted = false;
  const count = { published: 0, acked: 0, provisional: 0, lost: 0, emptyPolls: 0 };
  for (let step = 0; step < scenario.steps; step++) {
    const state = stateOf(scenario, states, overran, halted);
    states.push(state);
    lines.push(`${step} ${state}`);
    for (let k = 0; k < scenario.ingest[step % scenario.ingest.length]; k++)
      waiting.push({ seq: count.published++, step });
    if (!halted && waiting.length > capacity) {
      const kept = waiting.slice(policy === 'latest' ? -1 : -capacity);
      lines.push(`${step} lost ${waiting[0].seq} to ${kept[0].seq - 1}`);
      count.lost += waiting.length - kept.length;
      waiting = kept;
      overran.push(step);
      halted = policy === 'halt';
    }
    if (halted) continue;
    for (let k = 0; k < scenario.consume[step % scenario.consume.length]; k++) {
      const event = waiting.shift();
      if (event === undefined) count.emptyPolls += 1;
      else {
        lines.push(`${step} ack ${event.seq} of ${event.step}${state === 'READY' ? '' : ' provisional'}`);
        count.acked += 1;
        if (state !== 'READY') count.provisional += 1;
      }
    }
  }
  return { ...count, lines, unread: waiting.length };
}
