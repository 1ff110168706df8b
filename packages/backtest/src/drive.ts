/**
 * Simulated time: what waits happens in the one order of simultaneous things, between the tape's events.
 *
 * At one time: the tape's own events, then the venue's timers, an operator's word, funding, answers of the venue,
 * market data, timers, what we send, and last markouts and samples. So an order that arrives at the time of an
 * event finds the market behind it.
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
import { LANE_CELLS } from '@truetape/kernel';
import { advance, amend, cancel, drawNs, nextTimeNs, submit, takeRecord } from '@truetape/venue';
import { nextMarkoutNs, takeMarkouts } from './markouts.ts';
import { noteBooked, noteReport, sampleEquity } from './metrics.ts';
import { sendAnswers, sendMarket, sendOut } from './answers.ts';
import { payDue } from './funding.ts';
import { lineDue, readUpTo } from './market-line.ts';
import { MARKET_TAPE } from './state.ts';
import type { Answer, Backtest } from './state.ts';
import { dueOf, pushTimed, shiftTimed } from './timed-queue.ts';

/**
 * Takes the checked record at half word `i`, which is one that a venue hears; time never goes back, and what was due
 * before has happened.
 */
export function takeEvent(
  backtest: Backtest,
  records: RecordBuffer,
  i: number,
  timeNs: number,
  seq: number,
): void {
  const { venue } = backtest;
  takeRecord(venue, records, i, timeNs, seq, MARKET_TAPE);
  // As `sendOut`, without its calls where nothing was said.
  if (venue.reports.length > 0) sendAnswers(backtest, timeNs, undefined);
  if (venue.market.count > backtest.feed.sent) sendMarket(backtest, timeNs, undefined);
}

/** More than this at one time is no coincidence: an answer leads to the next one, and time stands still. */
const STEPS_AT_ONE_TIME_MAX = 100_000;

/** So many of them are looked at, to tell what goes round. */
const STEPS_LOOKED_AT = 1000;

/** Lets happen all that is due before a time; stops where it finds no end, and says what goes round: `stuckBy`. */
export function runBefore(backtest: Backtest, timeNs: number): void {
  const { feed } = backtest;
  let atNs = -Infinity;
  let steps = 0;
  let commands = 0;
  let messages = 0;
  for (;;) {
    const feedNs = lineDue(feed);
    const { othersNs } = backtest;
    const due = feedNs < othersNs ? feedNs : othersNs;
    if (due >= timeNs) break;
    steps = due === atNs ? steps + 1 : 0;
    atNs = due;
    if (steps > STEPS_AT_ONE_TIME_MAX - STEPS_LOOKED_AT) {
      if (dueOf(backtest.entry) === due) commands += 1;
      if (feedNs === due) messages += 1;
    }
    if (steps === STEPS_AT_ONE_TIME_MAX) {
      backtest.stuckBy = commands === 0 ? 'timers' : messages > 0 ? 'market' : 'answers';
      break;
    }
    // Nearly always it is the market's turn, and nobody does anything about it.
    if (feedNs < othersNs) readFeed(backtest, due);
    else {
      step(backtest, due);
      backtest.othersNs = nextOfOthers(backtest);
    }
  }
  backtest.dueNs = Math.min(lineDue(feed), backtest.othersNs);
}

/** Looks anew at all that waits, where something has been set from outside. */
export function lookAhead(backtest: Backtest): void {
  backtest.othersNs = nextOfOthers(backtest);
  backtest.dueNs = Math.min(lineDue(backtest.feed), backtest.othersNs);
}

/** The time of what comes next, market data left out; Infinity: nothing waits. */
export function nextOfOthers(backtest: Backtest): number {
  const { entry, responses, script, scriptAt, engine, venue, metrics, funding } = backtest;
  let due = Math.min(dueOf(entry), dueOf(responses), nextTimerNs(engine), nextTimeNs(venue));
  due = Math.min(due, metrics.nextSampleNs, nextMarkoutNs(metrics.markouts), funding.nextNs);
  return scriptAt < script.length ? Math.min(due, script[scriptAt].atNs) : due;
}

/** Lets one thing happen that is due at a time, the first of those. */
function step(backtest: Backtest, timeNs: number): void {
  const { engine, venue, script, responses, feed, entry, metrics, funding } = backtest;
  engine.timeNs = timeNs;
  if (nextTimeNs(venue) <= timeNs) {
    advance(venue, timeNs);
    sendOut(backtest, timeNs, undefined);
  } else if (backtest.scriptAt < script.length && script[backtest.scriptAt].atNs <= timeNs) {
    const { atNs: _, ...order } = script[backtest.scriptAt];
    backtest.scriptAt += 1;
    obey(engine, order);
  } else if (funding.nextNs <= timeNs) payDue(backtest, timeNs);
  else if (dueOf(responses) <= timeNs) receive(backtest, shiftTimed(responses));
  else if (lineDue(feed) <= timeNs) readFeed(backtest, timeNs);
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
  const { due, sent } = feed;
  const { f64, u32 } = feed.out;
  const { calls } = engine;
  engine.timeNs = timeNs;
  let k = feed.head;
  for (; k < sent && due[k] <= timeNs; k++) takeMarket(engine, f64, u32, k * LANE_CELLS);
  readUpTo(feed, k);
  // Whoever was called may have sent something, or set a timer.
  if (engine.calls !== calls) backtest.othersNs = nextOfOthers(backtest);
}

function receive(backtest: Backtest, report: Answer): void {
  if (report.kind === 'funding') {
    watchRisk(backtest.engine, takeFunding(backtest.engine, report));
    return;
  }
  noteReport(backtest, report);
  const seq = takeReport(backtest.engine, report);
  noteBooked(backtest, report);
  // Money has changed: limits of the running may not hold any more.
  if (report.kind === 'fill') watchRisk(backtest.engine, seq);
}

/** A command of ours reaches the venue. */
function arrive(backtest: Backtest, command: EngineCommand, timeNs: number): void {
  const { venue } = backtest;
  if (command.op === 'new') submit(venue, command, timeNs);
  else if (command.op === 'cancel') cancel(venue, command.orderId, timeNs);
  else amend(venue, command, timeNs);
  sendOut(backtest, timeNs, command);
}

/** The command sets out: its channel lets none overtake another. */
export function sendCommand(backtest: Backtest, command: EngineCommand): void {
  const { latencies, entry } = backtest;
  const latency = command.op === 'cancel' ? latencies.cancel : latencies.order;
  pushTimed(entry, command.timeNs + drawNs(latency), command);
}
