/** What an account is worth. Reckoned when it is asked for, and kept until something changes. */
import { NONE } from '@truetape/contracts';
import { assert, divideRounded, quickValue } from '@truetape/kernel';
import { fillValue, finePriceOf } from './fill.ts';
import { tenTo } from './ledger.ts';
import { DEPOSIT, OPENING, TRANSFER, WITHDRAWAL } from './state.ts';
import type { AssetState, Ledger, PositionState, Worth } from './state.ts';

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

/** An own fill stands in for prices of the market, and before none of them. */
const isOnMark = (ledger: Ledger, position: PositionState): boolean =>
  position.markFine !== NONE && (ledger.equityOn === 'mark' || position.isOwnLast);

/** The price that a position is valued at, in 10^−fineScale; undefined before there is any. */
export function valuationPrice(ledger: Ledger, position: PositionState): bigint | undefined {
  if (isOnMark(ledger, position)) return BigInt(position.markFine);
  const { lastTicks, lastFine } = position;
  return lastTicks === NONE && lastFine === NONE ? undefined : finePriceOf(position, lastTicks, lastFine);
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
  return currentWorth(ledger, asset).value;
}

/**
 * The same without what was paid in of the other assets, less what was taken out: with what came of it. What
 * an account was given of an asset gains and loses by itself, and nobody's trading is the cause; the base that
 * a spot account begins with is such. Rounded down; undefined, and throws, as `worthIn`.
 */
export function tradedWorthIn(ledger: Ledger, asset: number): bigint | undefined {
  return currentWorth(ledger, asset).traded;
}

function currentWorth(ledger: Ledger, index: number): Worth {
  const { worth } = ledger;
  if (!worth.isStale && worth.asset === index) return worth;
  const into = assetAt(ledger, index);
  let value: bigint | undefined = 0n;
  let traded: bigint | undefined = 0n;
  for (const asset of ledger.assets) {
    if (asset === undefined) continue;
    const equity = equityOf(ledger, asset.index);
    const own = asset === into ? equity : equity - paidIn(asset);
    value = plus(value, converted(ledger, asset, equity, into));
    traded = plus(traded, converted(ledger, asset, own, into));
  }
  worth.asset = index;
  worth.value = value;
  worth.traded = traded;
  worth.isStale = false;
  return worth;
}

const plus = (a: bigint | undefined, b: bigint | undefined): bigint | undefined =>
  a === undefined || b === undefined ? undefined : a + b;

/** What came into an asset and went out of it by no trade. */
const paidIn = ({ totals }: AssetState): bigint =>
  totals[DEPOSIT] + totals[WITHDRAWAL] + totals[TRANSFER] + totals[OPENING];

/**
 * An amount of an asset in another one, at the price that `worthIn` takes it at, rounded down; undefined where
 * there is none. Throws on LEDGER-10.
 */
export function exchangedInto(
  ledger: Ledger,
  asset: number,
  amount: bigint,
  into: number,
): bigint | undefined {
  return converted(ledger, assetAt(ledger, asset), amount, assetAt(ledger, into));
}

function converted(ledger: Ledger, asset: AssetState, equity: bigint, into: AssetState): bigint | undefined {
  if (asset === into || equity === 0n) return equity;
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
