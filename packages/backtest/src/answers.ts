/** What the venue says: answers, which are booked there, and the market; then on its way. */
import { NONE } from '@truetape/contracts';
import type { EngineCommand } from '@truetape/engine';
import { LANE_CELLS } from '@truetape/kernel';
import { drawNs } from '@truetape/venue';
import type { MarketOut } from '@truetape/venue';
import { lineDue, setOut } from './market-line.ts';
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

/**
 * All that the venue has said sets out; the market behind the answers, whose booking may cancel what cannot be paid for
 * any more, and the market shows that.
 */
export function sendOut(backtest: Backtest, timeNs: number, command: EngineCommand | undefined): void {
  sendAnswers(backtest, timeNs, command);
  sendMarket(backtest, timeNs, command);
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

/** What the market showed sets out to the strategies; what no event of the tape led to, the command did. */
export function sendMarket(backtest: Backtest, timeNs: number, command: EngineCommand | undefined): void {
  const { venue, feed, latencies } = backtest;
  const { market } = venue;
  if (market.count === feed.sent) return;
  if (command !== undefined) setCause(market, feed.sent, command.seq);
  // One message of the venue travels as a whole.
  setOut(feed, timeNs + drawNs(latencies.feed));
  const first = lineDue(feed);
  if (first < backtest.dueNs) backtest.dueNs = first;
}

/** Our own command is what moved the market: the cause stands on the output tape, whose number is 0. */
function setCause({ f64, u32, count }: MarketOut, from: number, seq: number): void {
  for (let cell = from * LANE_CELLS; cell < count * LANE_CELLS; cell += LANE_CELLS) {
    f64[cell + 3] = seq;
    u32[cell * 2 + 8] = 0;
  }
}
