/** Prices that positions are valued at: nothing is reckoned before it is asked for. */
import { NONE } from '@truetape/contracts';
import { assert } from '@truetape/kernel';
import { isInteger, timeBack, unknownInstrument } from './judge.ts';
import type { LedgerError } from './errors.ts';
import type { Ledger, PositionState } from './state.ts';
import { advance } from './check.ts';

/**
 * The last trade of an instrument. Hot: no allocation, and nothing to do where the price is the one before.
 *
 * Errors: `unknownInstrument`; `badPrice` where a price has to be above zero; `timeBack`.
 */
export function applyLast(
  ledger: Ledger,
  instrument: number,
  priceTicks: number,
  timeNs: number,
): LedgerError | undefined {
  const position = ledger.positions[instrument];
  if (position === undefined) return unknownInstrument(instrument);
  assert(isInteger(priceTicks) && isInteger(timeNs), 'LEDGER-1', 'prices and times are integers');
  if (priceTicks <= 0 && position.terms.class !== 'linear') return { code: 'badPrice', instrument };
  if (timeNs < position.timeNs) return timeBack(position, timeNs);
  advance(position, timeNs);
  // The first one may be what an own fill said, and still take the mark's place.
  const isSame = priceTicks === position.lastTicks && (!position.isOwnLast || position.markFine === NONE);
  position.isOwnLast = false;
  if (isSame) return undefined;
  position.lastTicks = priceTicks;
  position.lastFine = NONE;
  if (ledger.equityOn === 'last' || position.markFine === NONE) revalue(ledger, position);
  return undefined;
}

/** The mark price of an instrument. Hot, and errors: as `applyLast`. */
export function applyMark(
  ledger: Ledger,
  instrument: number,
  markFine: number,
  timeNs: number,
): LedgerError | undefined {
  const position = ledger.positions[instrument];
  if (position === undefined) return unknownInstrument(instrument);
  assert(isInteger(markFine) && isInteger(timeNs), 'LEDGER-1', 'prices and times are integers');
  if (markFine <= 0 && position.terms.class !== 'linear') return { code: 'badPrice', instrument };
  if (timeNs < position.timeNs) return timeBack(position, timeNs);
  advance(position, timeNs);
  if (markFine === position.markFine) return undefined;
  position.markFine = markFine;
  if (ledger.equityOn === 'mark' || position.isOwnLast) revalue(ledger, position);
  return undefined;
}

/** Another price: what depends on it is reckoned when it is asked for. */
function revalue(ledger: Ledger, position: PositionState): void {
  ledger.worth.isStale = true;
  if (position.tradedLots === 0) return;
  position.isStale = true;
  if (!position.isSpot) position.settle.isStale = true;
}
