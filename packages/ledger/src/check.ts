/**
 * What holds of a ledger: the parts that an event touches behind each event, all of it when it is asked for.
 *
 * Balances and positions are kept beside the counters that they can be made from again, which are changed
 * apart: a mistake in either shows.
 */
import { InvariantError, assert } from '@truetape/kernel';
import { EXCHANGE, FUNDING, REALISED, SETTLEMENT } from './state.ts';
import type { AssetState, Ledger, PositionState } from './state.ts';

/** The time of an instrument goes on. Throws on LEDGER-8. */
export function advance(position: PositionState, timeNs: number): void {
  assert(timeNs >= position.timeNs, 'LEDGER-8', 'the time of an instrument never goes back');
  position.timeNs = timeNs;
}

/** Throws on LEDGER-2, 3, 4 or 7. Cheap: it stands behind every event of a position. */
export function assertPosition(position: PositionState): void {
  const fault = positionFault(position);
  if (fault !== undefined) throw new InvariantError(fault);
}

/** Throws on LEDGER-5 or 6. Cheap: it stands behind every change of a balance. */
export function assertAsset(asset: AssetState): void {
  const fault = assetFault(asset);
  if (fault !== undefined) throw new InvariantError(fault);
}

/**
 * Every invariant, recomputed from the counters. Throws on the first that is broken. Complexity: O(n²), n
 * small.
 */
export function checkLedger(ledger: Ledger): void {
  const fault = ledgerFault(ledger);
  if (fault !== undefined) throw new InvariantError(fault);
}

/** The first invariant that a ledger breaks. */
export function ledgerFault(ledger: Ledger): string | undefined {
  for (const position of ledger.positions) {
    const fault = position === undefined ? undefined : positionFault(position);
    if (fault !== undefined) return fault;
  }
  for (const asset of ledger.assets) {
    const fault = asset === undefined ? undefined : (assetFault(asset) ?? sourcesFault(ledger, asset));
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function positionFault(position: PositionState): string | undefined {
  const { tradedLots, cost, netValue, gain, realised, settlement } = position;
  if (tradedLots === 0 && cost !== 0n) return 'LEDGER-2';
  // Prices of linear contracts may be below zero; without such a cost has the sign of its position.
  const isSigned = position.terms.class === 'linear' || cost === 0n || cost > 0n === tradedLots > 0;
  if (!isSigned) return 'LEDGER-2';
  if (cost !== netValue + gain * (realised + settlement)) return 'LEDGER-3';
  if (BigInt(tradedLots) !== position.boughtLots - position.soldLots - position.settledLots)
    return 'LEDGER-4';
  const { isSpot, base, positionLots, baseUnitsPerLot } = position;
  const held = isSpot ? Number(base!.balance / baseUnitsPerLot) : tradedLots;
  return positionLots === held && Number.isSafeInteger(held) ? undefined : 'LEDGER-7';
}

function assetFault({ balance, totals, isCashOnly }: AssetState): string | undefined {
  let sum = 0n;
  for (const total of totals) sum += total;
  if (balance !== sum) return 'LEDGER-5';
  return isCashOnly && balance < 0n ? 'LEDGER-6' : undefined;
}

/** What instruments say they moved is what the asset says it got. */
function sourcesFault(ledger: Ledger, asset: AssetState): string | undefined {
  let [realised, funding, settlement, exchanged] = [0n, 0n, 0n, 0n];
  for (const position of ledger.positions) {
    if (position === undefined) continue;
    const { isSpot, base, quote, settle, netValue, boughtLots, soldLots, baseUnitsPerLot } = position;
    if (isSpot && base === asset) exchanged += (boughtLots - soldLots) * baseUnitsPerLot;
    if (isSpot && quote === asset) exchanged -= netValue;
    if (isSpot || settle !== asset) continue;
    realised += position.realised;
    funding += position.funding;
    settlement += position.settlement;
  }
  const { totals } = asset;
  const isSame = totals[REALISED] === realised && totals[FUNDING] === funding;
  return isSame && totals[SETTLEMENT] === settlement && totals[EXCHANGE] === exchanged
    ? undefined
    : 'LEDGER-9';
}
