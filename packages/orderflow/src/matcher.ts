/** The matcher: one command leaves the queue, the book answers, and everybody who is concerned hears of it. */
import {
  ACCEPTED,
  AMENDED,
  BUY,
  CANCELED,
  FILL,
  OP_CANCEL,
  OP_NEW,
  REJECTED,
  REPORT_CELLS,
  SELL,
  opOf,
} from '@truetape/book';
import { BLANK, NONE } from '@truetape/contracts';
import {
  LANE_CELLS,
  appendToLane,
  drawExponential,
  recordTimes,
  recordValue,
  shiftLane,
} from '@truetape/kernel';
import type { Lane } from '@truetape/kernel';
import type { OrderError } from '@truetape/orders';
import { unblock } from './arrival.ts';
import { COPY, releaseGate, settleGate } from './gateway.ts';
import { MARKET_CELLS, waitForMarket } from './inbox.ts';
import { SAMPLE_NS } from './metrics.ts';
import type { RegimeCounts } from './metrics.ts';
import { checkCommand, checkFact } from './order-check.ts';
import { recordAnswer, recordEvent } from './recorder.ts';
import { applyThresholds } from './regimes.ts';
import { sendReport } from './report-lane.ts';
import { MARKET_DELAY, SCHEDULER, VENUE } from './state.ts';
import { happensAt } from './waits.ts';
import type { AgentState, Sim, SymbolState } from './state.ts';

/** Executes the first command of the queue. */
export function matchNext(sim: Sim): void {
  const { queue } = sim;
  recordValue(sim.distributions.queueDepth, queue.count);
  takeFirst(sim, queue);
  execute(sim);
  sim.matchNs = queue.count > 0 ? sim.freeNs : Infinity;
  if (sim.blocked.length > 0) unblock(sim);
}

/** Whether a command that arrives now need not wait. */
export const isIdle = (sim: Sim): boolean => sim.queue.count === 0 && sim.freeNs <= sim.timeNs;

/** Executes the first command of an agent, past the queue: it would be the only one there. */
export function matchStraight(sim: Sim, commands: Lane): void {
  recordValue(sim.distributions.queueDepth, 1);
  takeFirst(sim, commands);
  execute(sim);
}

function takeFirst({ command }: Sim, from: Lane): void {
  const first = from.head * LANE_CELLS;
  for (let k = 0; k < LANE_CELLS; k++) command.f64[k] = from.pool.f64[first + k];
  shiftLane(from);
}

function execute(sim: Sim): void {
  const { command, reports, counts } = sim;
  const { u32 } = command;
  const isCopy = (u32[0] & COPY) !== 0;
  u32[0] &= ~COPY;
  const symbol = sim.symbols[u32[10] - 1];
  reports.count = 0;
  symbol.book.apply(command, 0, reports);
  countCommand(counts, opOf(u32[0]));
  record(sim);
  settleReports(sim, counts, isCopy);
  publish(sim, symbol);
  applyThresholds(sim, symbol);
  sim.freeNs = happensAt(sim, sim.timeNs + sim.serviceNs);
}

function countCommand(counts: RegimeCounts, op: number): void {
  counts.commands += 1;
  if (op === OP_NEW) counts.orders += 1;
  else if (op === OP_CANCEL) counts.cancels += 1;
  else counts.amends += 1;
}

/** The command, then its facts with it as their cause; the check of orders follows each. */
function record(sim: Sim): void {
  const { recorder, command, reports, orders, timeNs } = sim;
  const cause = recordAnswer(recorder, command, reports, timeNs, VENUE);
  if (orders === undefined) return;
  const refused = checkCommand(orders, command, 0);
  if (refused !== undefined) contradict(sim, refused, cause);
  const last = reports.count - 1;
  for (let k = 0; k <= last; k++) {
    const error = checkFact(orders, reports, k, k === last);
    if (error !== undefined) contradict(sim, error, cause);
  }
}

/** A fact that the life of its order does not allow is an event of its own. */
function contradict(sim: Sim, error: OrderError, cause: number): void {
  sim.counts.violations += 1;
  const text = `${error.code}: order ${error.orderId}`;
  recordEvent(sim.recorder, {
    ...BLANK.InvariantViolated,
    timeNs: sim.timeNs,
    source: SCHEDULER,
    cause,
    text,
  });
}

/** Who is concerned by each report: the gateway's count of it, and the agent. */
function settleReports(sim: Sim, counts: RegimeCounts, isCopy: boolean): void {
  const { reports, agents } = sim;
  const { f64, u32 } = reports;
  for (let k = 0; k < reports.count; k++) {
    const cell = k * REPORT_CELLS;
    const kind = u32[cell * 2] & 15;
    const agent = agents[u32[cell * 2 + 2] - 1];
    switch (kind) {
      case FILL: {
        const taker = agents[u32[cell * 2 + 3] - 1];
        const lots = f64[cell + 5];
        const side = (u32[cell * 2] >>> 4) & 3;
        counts.fills += 1;
        counts.filledLots += lots;
        settleFill(taker, f64[cell + 3], side, lots, f64[cell + 7]);
        settleFill(agent, f64[cell + 2], BUY + SELL - side, lots, f64[cell + 6]);
        sendReport(sim, taker, reports, k);
        break;
      }
      case CANCELED:
        releaseGate(agent, f64[cell + 2]);
        break;
      case REJECTED:
        counts.rejects += 1;
        // The original of a copy lives on, and its agent sent one command.
        if (isCopy) continue;
        if (u32[cell * 2 + 3] === OP_NEW) releaseGate(agent, f64[cell + 2]);
        break;
      case ACCEPTED:
      case AMENDED:
        settleGate(agent, f64[cell + 2], f64[cell + 6]);
        break;
      default:
    }
    sendReport(sim, agent, reports, k);
  }
}

function settleFill(agent: AgentState, orderId: number, side: number, lots: number, leaves: number): void {
  agent.gatePosition += side === BUY ? lots : -lots;
  settleGate(agent, orderId, leaves);
}

/** Market data, where the top has changed or something was traded. */
function publish(sim: Sim, symbol: SymbolState): void {
  const { top } = symbol;
  const { bidTicks, bidLots, askTicks, askLots } = top;
  symbol.book.readTop(top);
  const last = lastTrade(sim);
  const isSame =
    top.bidTicks === bidTicks &&
    top.bidLots === bidLots &&
    top.askTicks === askTicks &&
    top.askLots === askLots;
  if (isSame && last === NONE) return;
  if (last !== NONE) symbol.lastTicks = last;
  const { delays } = sim;
  const jitterNs = delays[MARKET_DELAY * 2 + 1];
  const jitter = jitterNs === 0 ? 0 : drawExponential(symbol.marketStream, jitterNs);
  const { feed } = symbol;
  const cell =
    appendToLane(feed, happensAt(sim, sim.timeNs + delays[MARKET_DELAY * 2] + jitter)) * LANE_CELLS;
  const { f64 } = feed.pool;
  f64[cell] = top.bidTicks;
  f64[cell + 1] = top.bidLots;
  f64[cell + 2] = top.askTicks;
  f64[cell + 3] = top.askLots;
  f64[cell + 4] = symbol.lastTicks;
  for (let k = MARKET_CELLS; k < LANE_CELLS; k++) f64[cell + k] = 0;
  if (feed.count === 1) waitForMarket(sim, symbol);
}

/** Price of the last fill among the reports; NONE without one. */
function lastTrade({ reports }: Sim): number {
  for (let k = reports.count - 1; k >= 0; k--) {
    const cell = k * REPORT_CELLS;
    if ((reports.u32[cell * 2] & 15) === FILL) return reports.i32[cell * 2 + 1];
  }
  return NONE;
}

/** Looks at every book as often as is due before a time: what stands there since the last event stands until then. */
export function takeSamples(sim: Sim, timeNs: number): void {
  const { counts, distributions, symbols } = sim;
  const times = Math.ceil((timeNs - sim.sampleNs) / SAMPLE_NS);
  for (const { top } of symbols) {
    counts.samples += times;
    recordTimes(distributions.topLots, top.bidLots + top.askLots, times);
    if (top.bidTicks === NONE || top.askTicks === NONE) continue;
    counts.twoSided += times;
    recordTimes(distributions.spread, top.askTicks - top.bidTicks, times);
  }
  sim.sampleNs += times * SAMPLE_NS;
}
