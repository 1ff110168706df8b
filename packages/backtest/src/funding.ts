/**
 * Funding: exchanged at the times that the tape's rates name, at the rate told last; or, where a configuration says so,
 * each so often at a fixed rate, whatever the tape tells.
 */
import { Kind, NONE, getN, getT } from '@truetape/contracts';
import type { RecordBuffer } from '@truetape/contracts';
import { applyLedger } from '@truetape/ledger';
import { fineOfTicks } from '@truetape/kernel';
import { sendAnswer, sendOut } from './answers.ts';
import type { FundingConfig } from './config.ts';
import { MARKET_TAPE } from './state.ts';
import type { Backtest } from './state.ts';
import { holdToBalance } from './venue-account.ts';

/** The next funding of an instrument. */
export interface Due {
  readonly instrument: number;
  rateE12: number;
  dueNs: number;
  /** The tape's event that told the rate; NONE: a configuration did. */
  causeSeq: number;
}

export interface FundingState {
  readonly config: FundingConfig | undefined;
  /** By instrument, in the order in which they were first told. */
  readonly dues: Due[];
  /** The earliest of them; Infinity: none. */
  nextNs: number;
}

export function createFunding(config: FundingConfig | undefined): FundingState {
  return { config, dues: [], nextNs: Infinity };
}

/** Lets the configured funding begin, one period from the start. */
export function startFunding(funding: FundingState, instruments: readonly number[], startNs: number): void {
  const { config, dues } = funding;
  if (config === undefined) return;
  const { rateE12, everyNs } = config;
  for (const instrument of instruments) {
    dues.push({ instrument, rateE12, dueNs: startNs + everyNs, causeSeq: NONE });
  }
  findNext(funding);
}

/**
 * Takes a FundingRate of the tape, where nothing is configured. What was due at its time is exchanged first; a next
 * time that lies behind it is none.
 */
export function noteRate(
  backtest: Backtest,
  records: RecordBuffer,
  i: number,
  timeNs: number,
  seq: number,
): void {
  const { funding, epoch } = backtest;
  if (funding.config !== undefined || ((records.u32[i] >>> 16) & 0xff) !== Kind.FundingRate) return;
  if (funding.nextNs <= timeNs) payDue(backtest, timeNs);
  const instrument = records.u32[i + 1] & 0xffff;
  const rateE12 = getN(records, i + 4);
  const dueNs = getT(records, i + 6, epoch);
  let due = funding.dues.find((one) => one.instrument === instrument);
  if (due === undefined) {
    due = { instrument, rateE12, dueNs: Infinity, causeSeq: NONE };
    funding.dues.push(due);
  }
  due.rateE12 = rateE12;
  due.causeSeq = seq;
  due.dueNs = dueNs === NONE || dueNs <= timeNs ? Infinity : dueNs;
  findNext(funding);
}

function findNext(funding: FundingState): void {
  funding.nextNs = funding.dues.reduce((next, { dueNs }) => Math.min(next, dueNs), Infinity);
}

/** Exchanges what is due, on the positions that the venue has now; the answer is on its way behind the fills before. */
export function payDue(backtest: Backtest, timeNs: number): void {
  const { funding } = backtest;
  for (const due of funding.dues) {
    if (due.dueNs > timeNs) continue;
    pay(backtest, due, timeNs);
    due.dueNs = funding.config === undefined ? Infinity : due.dueNs + funding.config.everyNs;
  }
  findNext(funding);
}

function pay(backtest: Backtest, due: Due, timeNs: number): void {
  const { funding, atVenue, venue, engine } = backtest;
  const { instrument, rateE12, causeSeq, dueNs: fundingNs } = due;
  const position = atVenue.ledger.positions[instrument];
  // A tape may tell rates of what the configuration takes for spot.
  if (position === undefined || position.isSpot) return;
  const isHeld = position.tradedLots !== 0;
  // Strategies that hold against each other have something to share all the same, once they have begun.
  if (!isHeld && (engine.runs.length < 2 || !engine.isStarted)) return;
  const markFine = priceOf(backtest, instrument);
  const exchanged = { event: 'funding', timeNs, instrument, rateE12, markFine } as const;
  // What cannot be valued is not exchanged.
  if (isHeld && applyLedger(atVenue.ledger, exchanged, atVenue.out) !== undefined) return;
  const everyNs = causeSeq === NONE ? (funding.config?.everyNs ?? 0) : 0;
  const cause = { causeSeq, causeTape: MARKET_TAPE };
  const notice = { kind: 'funding', instrument, rateE12, markFine, fundingNs, everyNs, ...cause } as const;
  sendAnswer(backtest, timeNs, notice);
  if (!isHeld) return;
  venue.causeSeq = causeSeq;
  venue.causeTape = MARKET_TAPE;
  holdToBalance(atVenue, venue, timeNs);
  sendOut(backtest, timeNs, undefined);
}

/**
 * The mark; without one the last trade that was seen, or else what the venue valued the position at. NONE where that
 * has more digits than a number.
 */
function priceOf({ engine, atVenue }: Backtest, instrument: number): number {
  const { terms, markFine, lastTicks } = engine.markets[instrument]!;
  const position = atVenue.ledger.positions[instrument]!;
  const isPrice = (price: number): boolean => price !== NONE && (price > 0 || terms.class === 'linear');
  if (isPrice(markFine)) return markFine;
  const ticks = isPrice(lastTicks) ? lastTicks : position.lastTicks;
  const fine = ticks === NONE ? position.lastFine : Number(fineOfTicks(terms, ticks));
  return Number.isSafeInteger(fine) ? fine : NONE;
}
