/** What a venue does to a position that is held: funding and settlement. */
import { NONE } from '@truetape/contracts';
import { assert, divideRounded } from '@truetape/kernel';
import { advance } from './check.ts';
import type { LedgerError } from './errors.ts';
import { createFillStep, fillValue, stepOf } from './fill.ts';
import type { FillStep } from './fill.ts';
import type { FundingInput, LedgerOut, SettlementInput } from './input.ts';
import { isInteger, isIntegerOrNone, timeBack, unknownInstrument } from './judge.ts';
import { fitsSpots, isMoney } from './limits.ts';
import { addFlow, move, touch } from './move.ts';
import { FUNDING, SETTLEMENT } from './state.ts';
import type { Ledger, PositionState } from './state.ts';
import { RATE_ONE } from './tiers.ts';

const step: FillStep = createFillStep();

/** The position that a price is told of; the price is NONE where none is. */
function judgeHeld(ledger: Ledger, instrument: number, priceFine: number): LedgerError | PositionState {
  const position = ledger.positions[instrument];
  if (position === undefined) return unknownInstrument(instrument);
  if (position.isSpot) return { code: 'badClass', instrument };
  const isPrice = priceFine === NONE || priceFine > 0 || position.terms.class === 'linear';
  return isPrice ? position : { code: 'badPrice', instrument };
}

/** The amount of a funding, and what it is reckoned from. */
interface Funding {
  readonly position: PositionState;
  readonly markFine: number;
  readonly amount: bigint;
}

/**
 * amount = −position × value at the mark × rate: the value rounded as the instrument states, then the
 * product. Changes nothing.
 */
export function fundingOf(ledger: Ledger, input: FundingInput): LedgerError | Funding {
  const { timeNs, rateE12, instrument } = input;
  assert(isInteger(timeNs) && isIntegerOrNone(rateE12), 'LEDGER-1', 'times and rates are integers');
  assert(isIntegerOrNone(input.markFine), 'LEDGER-1', 'prices are integers');
  const position = judgeHeld(ledger, instrument, input.markFine);
  if ('code' in position) return position;
  const markFine = input.markFine === NONE ? position.markFine : input.markFine;
  const { tradedLots, settle } = position;
  if (rateE12 === NONE) return { code: 'badAmount', asset: settle.index };
  if (timeNs < position.timeNs) return timeBack(position, timeNs);
  if (tradedLots === 0) return { position, markFine, amount: 0n };
  if (markFine === NONE) return { code: 'noPrice', instrument };
  const amount = amountOn(position, tradedLots, markFine, rateE12);
  const isHeld = fitsSpots(settle, settle.balance + amount) && isMoney(position.funding + amount);
  return isHeld ? { position, markFine, amount } : { code: 'tooLarge', instrument };
}

function amountOn(position: PositionState, lots: number, markFine: number, rateE12: number): bigint {
  const value = fillValue(position, BigInt(markFine), Math.abs(lots));
  const paid = lots > 0 ? value * BigInt(rateE12) : -value * BigInt(rateE12);
  return divideRounded(-paid, RATE_ONE, position.rounding);
}

/**
 * What funding gives on so many lots of an instrument, whoever holds them: of the whole position it is what the account
 * gets. 0 where that cannot be said: no lots, no price, no derivative.
 */
export function fundingOnLots(
  ledger: Ledger,
  funding: { readonly instrument: number; readonly rateE12: number; readonly markFine: number },
  lots: number,
): bigint {
  const { instrument, rateE12, markFine } = funding;
  const position = ledger.positions[instrument];
  if (position === undefined || position.isSpot || lots === 0) return 0n;
  if (markFine === NONE || rateE12 === NONE) return 0n;
  return markFine <= 0 && position.terms.class !== 'linear'
    ? 0n
    : amountOn(position, lots, markFine, rateE12);
}

export function applyFunding(ledger: Ledger, input: FundingInput, out: LedgerOut): LedgerError | undefined {
  const made = fundingOf(ledger, input);
  if ('code' in made) return made;
  const { position, markFine, amount } = made;
  advance(position, input.timeNs);
  if (position.tradedLots === 0) return undefined;
  position.funding += amount;
  addFlow(out, position, 'funding', amount, position.tradedLots, markFine);
  move(position.settle, FUNDING, amount);
  touch(ledger, position);
  return undefined;
}

/** What closing the whole position at a price gives. Changes nothing; the step is that of the close. */
export function settlementOf(
  ledger: Ledger,
  input: SettlementInput,
): LedgerError | { readonly position: PositionState; readonly amount: bigint } {
  const { timeNs, priceFine, instrument } = input;
  assert(isInteger(timeNs) && isIntegerOrNone(priceFine), 'LEDGER-1', 'times and prices are integers');
  const position = judgeHeld(ledger, instrument, priceFine);
  if ('code' in position) return position;
  if (priceFine === NONE) return { code: 'badPrice', instrument };
  if (timeNs < position.timeNs) return timeBack(position, timeNs);
  const held = position.tradedLots;
  if (held === 0) return { position, amount: 0n };
  stepOf(position, held > 0 ? -1 : 1, BigInt(priceFine), Math.abs(held), step);
  const amount = step.realised;
  const isHeld =
    fitsSpots(position.settle, position.settle.balance + amount) && isMoney(position.settlement + amount);
  return isHeld ? { position, amount } : { code: 'tooLarge', instrument };
}

/** A close of the whole position; its profit is a flow of its own kind. */
export function applySettlement(
  ledger: Ledger,
  input: SettlementInput,
  out: LedgerOut,
): LedgerError | undefined {
  const made = settlementOf(ledger, input);
  if ('code' in made) return made;
  const { position, amount } = made;
  advance(position, input.timeNs);
  const held = position.tradedLots;
  if (held === 0) return undefined;
  position.tradedLots = 0;
  position.positionLots = 0;
  position.cost = 0n;
  position.netValue += BigInt(step.sign) * step.value;
  position.settledLots += BigInt(held);
  position.settlement += amount;
  addFlow(out, position, 'settlement', amount, held, input.priceFine);
  move(position.settle, SETTLEMENT, amount);
  touch(ledger, position);
  return undefined;
}
