/**
 * Margin and liquidation of positions that share the balance of the asset they are settled in (cross margin,
 * one position an instrument). docs/ledger.md has the formulas and where they are from.
 */
import { divideRounded } from '@truetape/kernel';
import type { Ledger, PositionState } from './state.ts';
import { RATE_ONE, maintenanceOf, tierOf } from './tiers.ts';
import type { MarginTier } from './tiers.ts';
import { assetAt, equityOf, heldValue, positionAt, unrealisedOf, valuationPrice } from './value.ts';

/** Margin of a position, in units of the settle asset. */
export interface PositionMargin {
  /** Value at the valuation price. */
  readonly value: bigint;
  /** That of the account, or of the bracket where it is less. */
  readonly leverage: number;
  /** value ÷ leverage, rounded up. */
  readonly initial: bigint;
  readonly maintenance: bigint;
}

const NO_TIER: MarginTier = { floor: 0n, rate: 0n, amount: 0n, leverageMax: Number.MAX_SAFE_INTEGER };

/** Margin of a position; none of spot. Throws on LEDGER-10. */
export function marginOf(ledger: Ledger, instrument: number): PositionMargin {
  const position = positionAt(ledger, instrument);
  const held = position.isSpot ? 0n : heldValue(ledger, position);
  // Prices below zero are possible; a margin is of the size.
  const value = held < 0n ? -held : held;
  const tier = tierOf(position.tiers, value) ?? NO_TIER;
  const leverage = leverageOf(position, value);
  const initial = initialMarginOf(position, value);
  return { value, leverage, initial, maintenance: maintenanceOf(tier, value) };
}

function leverageOf({ tiers, leverage }: PositionState, value: bigint): number {
  return Math.min(leverage, (tierOf(tiers, value) ?? NO_TIER).leverageMax);
}

/** What a position that is worth so much, from 0 on, needs: its value ÷ leverage, rounded up. */
export function initialMarginOf(position: PositionState, value: bigint): bigint {
  return divideRounded(value, BigInt(leverageOf(position, value)), 'ceiling');
}

/** Margin of all that is settled in an asset. */
export interface AssetMargin {
  readonly equity: bigint;
  readonly initial: bigint;
  readonly maintenance: bigint;
  /** Equity less initial margin; may be below zero. */
  readonly available: bigint;
  /** Something is held, and equity is not above what has to be maintained. */
  readonly isLiquidated: boolean;
}

/** Throws on LEDGER-10. Complexity: O(instruments that are settled in it). */
export function assetMarginOf(ledger: Ledger, asset: number): AssetMargin {
  let [initial, maintenance, isHeld] = [0n, 0n, false];
  for (const { index, tradedLots } of assetAt(ledger, asset).settled) {
    const margin = marginOf(ledger, index);
    initial += margin.initial;
    maintenance += margin.maintenance;
    isHeld ||= tradedLots !== 0;
  }
  const equity = equityOf(ledger, asset);
  const isLiquidated = isHeld && equity <= maintenance;
  return { equity, initial, maintenance, available: equity - initial, isLiquidated };
}

/**
 * At which price a position is liquidated, all else as it is: `at` a price, at no price (`never`), at every
 * price (`always`), or there is no position (`none`).
 */
export type Liquidation =
  | { readonly kind: 'none' | 'never' | 'always' }
  | {
      readonly kind: 'at';
      /** Of a long the highest fine price at which it is liquidated, of a short the lowest. */
      readonly priceFine: bigint;
      /** From the valuation price: whole ticks, rounded down; below zero where it has been passed. */
      readonly bufferTicks: bigint;
      /** In 1 ÷ 10,000 of the valuation price, rounded down. */
      readonly bufferBps: bigint;
    };

/**
 * Liquidation price and the distance to it. Spot has none. Throws on LEDGER-10.
 *
 * The bracket is the one that the position is in at that price. Complexity: O(brackets + instruments of the
 * asset).
 */
export function liquidationOf(ledger: Ledger, instrument: number): Liquidation {
  const position = positionAt(ledger, instrument);
  const { tradedLots, cost, isSpot, tiers, gain } = position;
  if (tradedLots === 0 || isSpot) return { kind: 'none' };
  const isLong = tradedLots > 0;
  const collateral = collateralOf(ledger, position);
  const entry = isLong ? cost : -cost;
  // At the price: equity = value × rate − amount. What grows as its position loses value is solved for that
  // value.
  const losesByFalling = isLong === gain > 0n;
  let found: { readonly top: bigint; readonly bottom: bigint } | undefined;
  for (let at = 0; at < Math.max(tiers.length, 1); at++) {
    const { rate, amount } = tiers[at] ?? NO_TIER;
    const free = collateral + amount;
    const top = (losesByFalling ? entry - free : entry + free) * RATE_ONE;
    const bottom = losesByFalling ? RATE_ONE - rate : RATE_ONE + rate;
    found = { top, bottom };
    const cap = tiers[at + 1]?.floor;
    if (cap === undefined || top <= cap * bottom) break;
  }
  const { top, bottom } = found!;
  if (top <= 0n) return { kind: losesByFalling ? 'never' : 'always' };
  return priced(ledger, position, top, bottom, isLong);
}

/** What the account has besides this position: balance, unrealised profit and maintenance of the others. */
function collateralOf(ledger: Ledger, position: PositionState): bigint {
  let collateral = position.settle.balance;
  for (const { index } of position.settle.settled) {
    if (index === position.index) continue;
    collateral += unrealisedOf(ledger, index) - marginOf(ledger, index).maintenance;
  }
  return collateral;
}

/** The price at which the position has the value top ÷ bottom, and how far it is. */
function priced(
  ledger: Ledger,
  position: PositionState,
  top: bigint,
  bottom: bigint,
  isLong: boolean,
): Liquidation {
  const { numerator, denominator, finePerTick } = position.terms;
  const lots = BigInt(Math.abs(position.tradedLots)) * numerator;
  const isInverse = position.gain < 0n;
  const over = isInverse ? lots * bottom : top * denominator;
  const under = isInverse ? top * denominator : lots * bottom;
  const priceFine = divideRounded(over, under, isLong ? 'floor' : 'ceiling');
  const now = valuationPrice(ledger, position)!;
  const distance = isLong ? now - priceFine : priceFine - now;
  return {
    kind: 'at',
    priceFine,
    bufferTicks: divideRounded(distance, BigInt(finePerTick), 'floor'),
    bufferBps: now > 0n ? divideRounded(distance * 10_000n, now, 'floor') : 0n,
  };
}
