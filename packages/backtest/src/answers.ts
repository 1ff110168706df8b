/** What the venue answers: booked there, then on its way. */
import { NONE } from '@truetape/contracts';
import type { EngineCommand } from '@truetape/engine';
import { drawNs } from '@truetape/venue';
import type { Answer, Backtest } from './state.ts';
import { dueOf, pushTimed } from './timed-queue.ts';
import { bookAtVenue, holdToBalance } from './venue-account.ts';

/** Lets an answer set out: none overtakes the one before it. */
export function sendAnswer(backtest: Backtest, timeNs: number, answer: Answer): void {
  const { responses, latencies } = backtest;
  pushTimed(responses, timeNs + drawNs(latencies.response), answer);
  const first = dueOf(responses);
  if (first < backtest.othersNs) backtest.othersNs = first;
  if (first < backtest.dueNs) backtest.dueNs = first;
}

/** What the venue has reported sets out; what no event of the tape led to, the command did. */
export function sendAnswers(backtest: Backtest, timeNs: number, command: EngineCommand | undefined): void {
  const { venue, atVenue } = backtest;
  const { reports } = venue;
  if (reports.length === 0) return;
  let hasFills = false;
  for (let k = 0; k < reports.length; k++) {
    if (reports[k].kind !== 'fill') continue;
    reports[k] = bookAtVenue(atVenue, reports[k]);
    hasFills = true;
  }
  if (hasFills) holdToBalance(atVenue, venue, timeNs);
  for (const report of reports) {
    const isOurs = command !== undefined && report.causeSeq === NONE;
    sendAnswer(backtest, timeNs, isOurs ? { ...report, causeSeq: command.seq, causeTape: 0 } : report);
  }
  reports.length = 0;
}
