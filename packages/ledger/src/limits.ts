/** Bounds of what a ledger holds: lots are exact in a double, money fits into an i128. */
import type { LedgerError } from './errors.ts';
import type { AssetState } from './state.ts';

const MONEY_MAX = (1n << 127n) - 1n;
const LOTS_MAX = BigInt(Number.MAX_SAFE_INTEGER);

export const isMoney = (value: bigint): boolean => value <= MONEY_MAX && value >= -MONEY_MAX;

/** Beyond what a double holds exactly. */
export const exceeds = (lots: number): boolean => !Number.isSafeInteger(lots);

/** A balance is money, and its whole lots are exact in each spot instrument. */
export function fitsSpots(asset: AssetState, balance: bigint): boolean {
  if (!isMoney(balance)) return false;
  for (const { baseUnitsPerLot } of asset.spots) {
    const lots = balance / baseUnitsPerLot;
    if (lots > LOTS_MAX || lots < -LOTS_MAX) return false;
  }
  return true;
}

/** The error of a change that would leave less than nothing where that is refused. */
export function canPay(asset: AssetState, change: bigint, isRefused: boolean): LedgerError | undefined {
  if (!isRefused || change >= 0n || asset.balance + change >= 0n) return undefined;
  const { index, balance } = asset;
  return { code: 'insufficientBalance', asset: index, needed: -change, available: balance };
}
