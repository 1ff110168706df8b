/**
 * Simulated time: what waits happens in the one order of simultaneous things, between the tape's events.
 *
 * At one time: the tape's own events, then an operator's word, answers of the venue, market data, timers, and
 * last what we send. So an order that arrives at the time of an event finds the market behind it.
 */
import type { RecordBuffer } from '@truetape/contracts';
import {
  fireNext,
  nextTimerNs,
  obey,
  takeMarket,
  takeFunding,
  takeReport,
  watchRisk,
} from '@truetape/engine';
import type { EngineCommand } from '@truetape/engine';
import { LANE_CELLS, copyToLane, laneDue, shiftLane } from '@truetape/kernel';
import { advance, amend, cancel, drawNs, nextTimeNs, submit, takeRecord } from '@truetape/venue';
import type { MarketOut } from '@truetape/venue';
import { nextMarkoutNs, takeMarkouts } from './markouts.ts';
import { noteBooked, noteReport, sampleEquity } from './metrics.ts';
import { sendAnswers } from './answers.ts';
import { payDue } from './funding.ts';
import { MARKET_TAPE } from './state.ts';
import type { Answer, Backtest } from './state.ts';
import { dueOf, pushTimed, shiftTimed } from './timed-queue.ts';

/** Takes one checked record of the tape, at half word `i`; time never goes back. */
export function takeEvent(
  backtest: Backtest,
  records: RecordBuffer,
  i: number,
  timeNs: number,
  seq: number,
): void {
  if (timeNs > backtest.dueNs) runBefore(backtest, timeNs);
  backtest.tapeNs = timeNs;
  backtest.events += 1;
  backtest.nextSeq = seq + 1;
  const { venue } = backtest;
  takeRecord(venue, records, i, timeNs, seq, MARKET_TAPE);
  if (venue.market.count > 0) sendMarket(backtest, timeNs, undefined);
  if (venue.reports.length > 0) sendAnswers(backtest, timeNs, undefined);
}

/** More than this at one time is no coincidence: an answer leads to the next one, and time stands still. */
const STEPS_AT_ONE_TIME_MAX = 100_000;

/** Lets happen all that is due before a time; stops where it finds no end, and says so: `isStuck`. */
export function runBefore(backtest: Backtest, timeNs: number): void {
  let atNs = -Infinity;
  let steps = 0;
  for (let due = nextDue(backtest); due < timeNs; due = nextDue(backtest)) {
    steps = due === atNs ? steps + 1 : 0;
    atNs = due;
    if (steps === STEPS_AT_ONE_TIME_MAX) {
      backtest.isStuck = true;
      break;
    }
    step(backtest, due);
  }
  backtest.dueNs = nextDue(backtest);
}

/** The time of what comes next; Infinity: nothing waits. */
function nextDue(backtest: Backtest): number {
  const { feed, entry, responses, script, scriptAt, engine, venue, metrics, funding } = backtest;
  const feedNs = laneDue(feed);
  let due = feedNs < 0 ? Infinity : feedNs;
  due = Math.min(due, dueOf(entry), dueOf(responses), nextTimerNs(engine), nextTimeNs(venue));
  due = Math.min(due, metrics.nextSampleNs, nextMarkoutNs(metrics.markouts), funding.nextNs);
  return scriptAt < script.length ? Math.min(due, script[scriptAt].atNs) : due;
}

/** Lets one thing happen that is due at a time, the first of those. */
function step(backtest: Backtest, timeNs: number): void {
  const { engine, venue, script, responses, feed, entry, metrics, funding } = backtest;
  engine.timeNs = timeNs;
  if (nextTimeNs(venue) <= timeNs) {
    advance(venue, timeNs);
    sendMarket(backtest, timeNs, undefined);
    sendAnswers(backtest, timeNs, undefined);
  } else if (backtest.scriptAt < script.length && script[backtest.scriptAt].atNs <= timeNs) {
    const { atNs: _, ...order } = script[backtest.scriptAt];
    backtest.scriptAt += 1;
    obey(engine, order);
  } else if (funding.nextNs <= timeNs) payDue(backtest, timeNs);
  else if (dueOf(responses) <= timeNs) receive(backtest, shiftTimed(responses));
  else if (laneDue(feed) >= 0 && laneDue(feed) <= timeNs) readFeed(backtest, timeNs);
  else if (nextTimerNs(engine) <= timeNs) fireNext(engine);
  else if (dueOf(entry) <= timeNs) arrive(backtest, shiftTimed(entry), timeNs);
  else if (nextMarkoutNs(metrics.markouts) <= timeNs) takeMarkouts(backtest, timeNs);
  else if (metrics.nextSampleNs <= timeNs) {
    sampleEquity(backtest, timeNs);
    watchRisk(engine);
  }
}

/** Market data reaches the strategies: all messages of this time. */
function readFeed(backtest: Backtest, timeNs: number): void {
  const { engine, feed } = backtest;
  while (feed.count > 0 && laneDue(feed) <= timeNs) {
    const { f64, u32 } = feed.pool;
    const cell = feed.head * LANE_CELLS;
    takeMarket(engine, f64, u32, cell);
    shiftLane(feed);
  }
}

function receive(backtest: Backtest, report: Answer): void {
  if (report.kind === 'funding') {
    takeFunding(backtest.engine, report);
    watchRisk(backtest.engine);
    return;
  }
  noteReport(backtest, report);
  takeReport(backtest.engine, report);
  noteBooked(backtest, report);
  // Money has changed: limits of the running may not hold any more.
  if (report.kind === 'fill') watchRisk(backtest.engine);
}

/** A command of ours reaches the venue. */
function arrive(backtest: Backtest, command: EngineCommand, timeNs: number): void {
  const { venue } = backtest;
  if (command.op === 'new') submit(venue, command, timeNs);
  else if (command.op === 'cancel') cancel(venue, command.orderId, timeNs);
  else amend(venue, command, timeNs);
  sendMarket(backtest, timeNs, command);
  sendAnswers(backtest, timeNs, command);
}

/** The command sets out: its channel lets none overtake another. */
export function sendCommand(backtest: Backtest, command: EngineCommand): void {
  const { latencies, entry } = backtest;
  const latency = command.op === 'cancel' ? latencies.cancel : latencies.order;
  pushTimed(entry, command.timeNs + drawNs(latency), command);
}

/** What the market showed sets out to the strategies; what no event of the tape led to, the command did. */
function sendMarket(backtest: Backtest, timeNs: number, command: EngineCommand | undefined): void {
  const { venue, feed, latencies } = backtest;
  const { market } = venue;
  const { f64, count } = market;
  if (count === 0) return;
  if (command !== undefined) setCause(market, command.seq);
  // One message of the venue travels as a whole.
  const dueNs = timeNs + drawNs(latencies.feed);
  for (let k = 0; k < count; k++) copyToLane(feed, dueNs, f64, k * LANE_CELLS);
  market.count = 0;
  const first = laneDue(feed);
  if (first < backtest.dueNs) backtest.dueNs = first;
}

/** Our own command is what moved the market: the cause stands on the output tape, whose number is 0. */
function setCause({ f64, u32, count }: MarketOut, seq: number): void {
  for (let cell = 0; cell < count * LANE_CELLS; cell += LANE_CELLS) {
    f64[cell + 3] = seq;
    u32[cell * 2 + 8] = 0;
  }
}
