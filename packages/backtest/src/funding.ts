/**
 * Funding: exchanged at the times that the tape's rates name, at the rate told last; or, where the tape has
 * none and the configuration says so, each so often at a fixed rate.
 */
import { Kind, NONE, getN, getT } from '@truetape/contracts';
import type { RecordBuffer } from '@truetape/contracts';
import { payFunding } from '@truetape/engine';
import type { FundingConfig } from './config.ts';
import type { Backtest } from './state.ts';

/** The next funding of an instrument. */
export interface Due {
  readonly instrument: number;
  rateE12: number;
  dueNs: number;
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
  for (const instrument of instruments) dues.push({ instrument, rateE12, dueNs: startNs + everyNs });
  findNext(funding);
}

/**
 * Takes a FundingRate of the tape, where nothing is configured. What was due at its time is exchanged first; a next
 * time that lies behind it is none.
 */
export function noteRate(backtest: Backtest, records: RecordBuffer, i: number, timeNs: number): void {
  const { funding, epoch, engine } = backtest;
  if (funding.config !== undefined || ((records.u32[i] >>> 16) & 0xff) !== Kind.FundingRate) return;
  if (funding.nextNs <= timeNs) {
    engine.timeNs = timeNs;
    payDue(backtest, timeNs);
  }
  const instrument = records.u32[i + 1] & 0xffff;
  const rateE12 = getN(records, i + 4);
  const dueNs = getT(records, i + 6, epoch);
  let due = funding.dues.find((one) => one.instrument === instrument);
  if (due === undefined) {
    due = { instrument, rateE12, dueNs: Infinity };
    funding.dues.push(due);
  }
  due.rateE12 = rateE12;
  due.dueNs = dueNs === NONE || dueNs <= timeNs ? Infinity : dueNs;
  findNext(funding);
}

function findNext(funding: FundingState): void {
  funding.nextNs = funding.dues.reduce((next, { dueNs }) => Math.min(next, dueNs), Infinity);
}

/** Exchanges what is due. */
export function payDue(backtest: Backtest, timeNs: number): void {
  const { funding, engine } = backtest;
  for (const due of funding.dues) {
    if (due.dueNs > timeNs) continue;
    const market = engine.markets[due.instrument];
    const fundingNs = due.dueNs;
    due.dueNs = funding.config === undefined ? Infinity : due.dueNs + funding.config.everyNs;
    if (market === undefined) continue;
    payFunding(engine, market, { rateE12: due.rateE12, markFine: market.markFine, fundingNs });
  }
  findNext(funding);
}
