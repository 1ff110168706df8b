/** Reports on their way to an agent: a book's report, or word that a command was lost. */
import { REPORT_CELLS } from '@truetape/book';
import type { ReportBuffer } from '@truetape/book';
import { LANE_CELLS, appendToLane, copyToLane, drawExponential, laneDue } from '@truetape/kernel';
import { waitFor } from './state.ts';
import type { AgentState, Sim } from './state.ts';

/** Kind of a message that is no report of a book: a command is gone, `more` is its op. */
export const LOST = 7;

function dueOf(sim: Sim, agent: AgentState): number {
  const { delayNs, jitterNs } = sim.config.delays.report;
  return sim.timeNs + delayNs + (jitterNs === 0 ? 0 : drawExponential(agent.reportStream, jitterNs));
}

function waitForInbox(sim: Sim, agent: AgentState): void {
  // Another message that is first already waits.
  if (agent.inbox.count === 1) waitFor(sim, agent.at, laneDue(agent.inbox));
}

/** Sends a report of the book to an agent that it concerns. */
export function sendReport(sim: Sim, agent: AgentState, reports: ReportBuffer, k: number): void {
  copyToLane(agent.inbox, dueOf(sim, agent), reports.f64, k * REPORT_CELLS);
  waitForInbox(sim, agent);
}

/** Tells an agent that a command is lost: what a time-out tells a real one. */
export function notify(sim: Sim, agent: AgentState, op: number, orderId: number): void {
  const { inbox } = agent;
  const cell = appendToLane(inbox, dueOf(sim, agent)) * LANE_CELLS;
  inbox.f64.fill(0, cell, cell + LANE_CELLS);
  inbox.u32[cell * 2] = LOST;
  inbox.u32[cell * 2 + 3] = op;
  inbox.f64[cell + 2] = orderId;
  waitForInbox(sim, agent);
}
