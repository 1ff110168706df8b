/** Reports on their way to an agent: a book's report, or word that a command was lost. */
import { REPORT_CELLS } from '@truetape/book';
import type { ReportBuffer } from '@truetape/book';
import { LANE_CELLS, appendToLane, drawExponential } from '@truetape/kernel';
import { REPORT_DELAY } from './state.ts';
import { happensAt, waitForAgent } from './waits.ts';
import type { AgentState, Sim } from './state.ts';

/** Kind of a message that is no report of a book: a command is gone, `more` is its op. */
export const LOST = 7;

/** Appends a message for an agent, and returns its first cell. */
function appendFor(sim: Sim, agent: AgentState): number {
  const { delays } = sim;
  const jitterNs = delays[REPORT_DELAY * 2 + 1];
  const jitter = jitterNs === 0 ? 0 : drawExponential(agent.reportStream, jitterNs);
  const dueNs = happensAt(sim, sim.timeNs + delays[REPORT_DELAY * 2] + jitter);
  return appendToLane(agent.inbox, dueNs) * LANE_CELLS;
}

/** Sends a report of the book to an agent that it concerns. */
export function sendReport(sim: Sim, agent: AgentState, reports: ReportBuffer, k: number): void {
  const cell = appendFor(sim, agent);
  const { f64 } = agent.inbox.pool;
  const from = k * REPORT_CELLS;
  for (let at = 0; at < LANE_CELLS; at++) f64[cell + at] = reports.f64[from + at];
  if (agent.hearsReports) waitForAgent(sim, agent);
}

/** Tells an agent that a command is lost: what a time-out tells a real one. */
export function notify(sim: Sim, agent: AgentState, op: number, orderId: number): void {
  const cell = appendFor(sim, agent);
  const { f64, u32 } = agent.inbox.pool;
  f64.fill(0, cell, cell + LANE_CELLS);
  u32[cell * 2] = LOST;
  u32[cell * 2 + 3] = op;
  f64[cell + 2] = orderId;
  if (agent.hearsReports) waitForAgent(sim, agent);
}
