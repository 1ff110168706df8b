/**
 * Ideal execution: what a strategy would get if nothing stood between it and the touch. An order that reaches the
 * other side's best price fills there at once and whole, however much there is; one that rests fills whole at its price
 * as soon as the other side's best price, or a trade, reaches it. No fees, no queue.
 */
import { NONE } from '@truetape/contracts';
import { readTouch } from './instrument.ts';
import type { InstrumentState } from './instrument.ts';
import { levelKey } from './liquidity.ts';
import { BUY, isBetter } from './own.ts';
import type { OwnOrder } from './own.ts';
import { BASIS_IDEAL, fillOwn, MAKER, TAKER } from './reports.ts';
import type { Venue } from './venue.ts';

const MARKET = 2;

/** An order as it arrives. */
export function executeIdeal(venue: Venue, ins: InstrumentState, own: OwnOrder, timeNs: number): void {
  const top = readTouch(ins);
  const touch = own.side === BUY ? top.askTicks : top.bidTicks;
  if (touch === NONE || (own.type !== MARKET && isBetter(own.side, touch, own.priceTicks))) return;
  const fill = { priceTicks: touch, lots: own.leavesLots, liquidity: TAKER, basis: BASIS_IDEAL };
  fillOwn(venue, ins, own, { ...fill, touchTicks: touch, bookTicks: touch }, timeNs);
}

/** Fills what rests on a side at a price or better. */
export function reachIdeal(
  venue: Venue,
  ins: InstrumentState,
  side: number,
  priceTicks: number,
  timeNs: number,
): void {
  const levels = ins.own[side - 1];
  while (levels.length > 0 && !isBetter(side, priceTicks, levels[0].priceTicks)) {
    const [own] = levels[0].orders;
    const fill = { priceTicks: own.priceTicks, lots: own.leavesLots, liquidity: MAKER, basis: BASIS_IDEAL };
    fillOwn(venue, ins, own, fill, timeNs);
  }
}

/** Fills what rests where the recorded touch has come to it. */
export function touchIdeal(venue: Venue, ins: InstrumentState, timeNs: number): void {
  const { bidTicks, askTicks } = readTouch(ins);
  const { causeSeq } = venue;
  // A message tells many levels: it was this one that came to ours.
  const causedBy = (side: number, ticks: number): number => ins.met.get(levelKey(side, ticks)) ?? causeSeq;
  venue.causeSeq = causedBy(3 - BUY, askTicks);
  if (askTicks !== NONE) reachIdeal(venue, ins, BUY, askTicks, timeNs);
  venue.causeSeq = causedBy(BUY, bidTicks);
  if (bidTicks !== NONE) reachIdeal(venue, ins, 3 - BUY, bidTicks, timeNs);
  venue.causeSeq = causeSeq;
}
