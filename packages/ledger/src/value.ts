/** What an account is worth. Reckoned when it is asked for, and kept until something changes. */
import { NONE } from '@truetape/contracts';
import { assert, divideRounded, quickValue } from '@truetape/kernel';
import { fillValue, finePriceOf } from './fill.ts';
import { tenTo } from './ledger.ts';
import { hasNoLast } from './prices.ts';
import type { AssetState, Ledger, PositionState } from './state.ts';

export function positionAt(ledger: Ledger, instrument: number): PositionState {
  const position = ledger.positions[instrument];
  assert(position !== undefined, 'LEDGER-10', 'an instrument of the ledger');
  return position;
}

export function assetAt(ledger: Ledger, index: number): AssetState {
  const asset = ledger.assets[index];
  assert(asset !== undefined, 'LEDGER-10', 'an asset of the ledger');
  return asset;
}

const isOnMark = (ledger: Ledger, position: PositionState): boolean =>
  position.markFine !== NONE && (ledger.equityOn === 'mark' || hasNoLast(position));

/** The price that a position is valued at, in 10^−fineScale; undefined before there is any. */
export function valuationPrice(ledger: Ledger, position: PositionState): bigint | undefined {
  if (isOnMark(ledger, position)) return BigInt(position.markFine);
  return hasNoLast(position) ? undefined : finePriceOf(position, position.lastTicks, position.lastFine);
}

/**
 * Value of what is held, at the valuation price; 0 when nothing is. A position always has a price: that of
 * its fill.
 */
export function heldValue(ledger: Ledger, position: PositionState): bigint {
  return lotsValue(ledger, position, Math.abs(position.tradedLots));
}

/** Value of so many lots, from 0 on, at the valuation price. */
function lotsValue(ledger: Ledger, position: PositionState, held: number): bigint {
  if (held === 0) return 0n;
  if (!isOnMark(ledger, position) && position.lastTicks !== NONE && position.contractsPerLot === 0n) {
    const quick = quickValue(position.terms, position.lastTicks, held);
    if (!Number.isNaN(quick)) return BigInt(quick);
  }
  return fillValue(position, valuationPrice(ledger, position)!, held);
}

/** Position in lots: a field's read. Throws on LEDGER-10. */
export function positionLots(ledger: Ledger, instrument: number): number {
  return positionAt(ledger, instrument).positionLots;
}

/**
 * Profit that closing at the valuation price would give, in units of the settle asset. Of spot: on what was
 * traded, against its cost; deposits are no profit. Throws on LEDGER-10.
 */
export function unrealisedOf(ledger: Ledger, instrument: number): bigint {
  const position = positionAt(ledger, instrument);
  if (!position.isStale) return position.unrealised;
  const value = heldValue(ledger, position);
  const signed = position.tradedLots > 0 ? value : -value;
  position.unrealised = position.gain * (signed - position.cost);
  position.isStale = false;
  return position.unrealised;
}

/**
 * Value at the valuation price of so many lots of an instrument, signed as they are, in units of the settle asset; 0
 * for none. Of all that is held it is what the unrealised profit is reckoned from. Throws on LEDGER-10.
 */
export function valueOfLots(ledger: Ledger, instrument: number, lots: number): bigint {
  const value = lotsValue(ledger, positionAt(ledger, instrument), Math.abs(lots));
  return lots > 0 ? value : -value;
}

/** Balance and unrealised profit of the derivatives that are settled in an asset. Throws on LEDGER-10. */
export function equityOf(ledger: Ledger, asset: number): bigint {
  const state = assetAt(ledger, asset);
  if (!state.isStale) return state.equity;
  let equity = state.balance;
  for (const { index } of state.settled) equity += unrealisedOf(ledger, index);
  state.equity = equity;
  state.isStale = false;
  return equity;
}

/**
 * All equity in one asset: that of others at the price of the first instrument, by index, with that one as
 * base and this one as quote, rounded down. Undefined where an asset that is held has no such price. Throws
 * on LEDGER-10.
 */
export function worthIn(ledger: Ledger, asset: number): bigint | undefined {
  const { worth } = ledger;
  if (!worth.isStale && worth.asset === asset) return worth.value;
  worth.asset = asset;
  worth.value = reckonWorth(ledger, assetAt(ledger, asset));
  worth.isStale = false;
  return worth.value;
}

function reckonWorth(ledger: Ledger, into: AssetState): bigint | undefined {
  let worth = 0n;
  for (const asset of ledger.assets) {
    if (asset === undefined) continue;
    const equity = equityOf(ledger, asset.index);
    if (equity === 0n) continue;
    const value = asset === into ? equity : converted(ledger, asset, equity, into);
    if (value === undefined) return undefined;
    worth += value;
  }
  return worth;
}

function converted(ledger: Ledger, asset: AssetState, equity: bigint, into: AssetState): bigint | undefined {
  const source = ledger.positions.find((one) => one?.base === asset && one.quote === into);
  const price = source === undefined ? undefined : valuationPrice(ledger, source);
  if (source === undefined || price === undefined) return undefined;
  const top = equity * price * tenTo(into.scale);
  return divideRounded(top, tenTo(source.terms.fineScale + asset.scale), 'floor');
}

/**
 * Average entry price in 10^−fineScale, a half away from zero; undefined without a position. Throws on
 * LEDGER-10.
 */
export function entryFineOf(ledger: Ledger, instrument: number): bigint | undefined {
  const { tradedLots, cost, terms } = positionAt(ledger, instrument);
  if (tradedLots === 0) return undefined;
  const side = tradedLots > 0 ? 1n : -1n;
  const lots = BigInt(tradedLots) * side * terms.numerator;
  if (terms.class !== 'inverse') return divideRounded(cost * side * terms.denominator, lots, 'halfUp');
  // Contracts that cost less than a unit have no price.
  return cost === 0n ? undefined : divideRounded(lots, cost * side * terms.denominator, 'halfUp');
}
