/** What a source of the agenda waits for. */
import { LANE_CELLS, setSource, setSourceAs } from '@truetape/kernel';
import type { Lane } from '@truetape/kernel';
import { COMMAND, REPORT, WAKE } from './state.ts';
import type { AgentState, Sim } from './state.ts';

/** 90 days: the last time at which things happen. A tape tells times up to 104 days. */
export const END_OF_TIME_NS = 7_776_000_000_000_000;
/** What is later is never. */
const NEVER_NS = END_OF_TIME_NS + 1;

/** A time as things happen: itself, or the next tick of a simulation in ticks. */
export function happensAt(sim: Sim, timeNs: number): number {
  const { tickNs } = sim;
  const happensNs = tickNs === 0 ? timeNs : Math.ceil(timeNs / tickNs) * tickNs;
  return happensNs < NEVER_NS ? happensNs : NEVER_NS;
}

/** Lets a source of the agenda wait. */
export function waitFor(sim: Sim, source: number, timeNs: number): void {
  setSource(sim.agenda, source, happensAt(sim, timeNs));
}

/** The number of a command, as its agent counts them. */
export const numberOf = (lane: Lane, slot: number): number => lane.pool.f64[slot * LANE_CELLS + 6];

/** Lets the source of an agent wait for its timer, or for a command or report that is there before. */
export function waitForAgent(sim: Sim, agent: AgentState): void {
  const { commands, held, inbox } = agent;
  let { wakeNs: nextNs } = agent;
  let next = WAKE;
  // A time that has passed: what waited for others, or for room.
  if (!agent.isBlocked) {
    if (commands.count > 0 && commands.pool.due[commands.head] < nextNs) {
      nextNs = Math.max(sim.timeNs, commands.pool.due[commands.head]);
      next = COMMAND;
    }
    if (held.count > 0) {
      // It need not wait any longer for those before it where they have come.
      const heldNs = numberOf(held, held.head) === agent.arrived + 1 ? 0 : held.pool.due[held.head];
      if (heldNs < nextNs) {
        nextNs = Math.max(sim.timeNs, heldNs);
        next = COMMAND;
      }
    }
  }
  if (agent.hearsReports && inbox.count > 0 && inbox.pool.due[inbox.head] <= nextNs) {
    nextNs = inbox.pool.due[inbox.head];
    next = REPORT;
  }
  agent.next = next;
  setSourceAs(sim.agenda, agent.at, nextNs, next);
}
