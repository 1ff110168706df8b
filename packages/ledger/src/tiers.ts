/**
 * Margin tiers: brackets of a position's value, each with a rate, and an amount that makes the whole
 * continuous.
 *
 *     maintenance = value × rate − amount          amount_n = amount_(n−1) + floor_n × (rate_n − rate_(n−1))
 *
 * Source: Binance, "Leverage and Margin of USDⓈ-M Futures" and "… in Coin-Margined Futures Contracts"
 * (maintenance amount), and GET /fapi/v1/leverageBracket (`notionalFloor`, `maintMarginRatio`, `cum`), read
 * November 2026.
 */
import { divideRounded } from '@truetape/kernel';
import { badConfig } from './errors.ts';
import type { LedgerError } from './errors.ts';

/** 1 in the units of a rate. */
export const RATE_ONE = 1_000_000_000_000n;

/** A bracket as a configuration has it; values in units of the settle asset. */
export interface MarginTierConfig {
  /** Positions above this value are in it; 0 in the first, rising. */
  readonly floor: bigint;
  /** Below 10^12. */
  readonly maintenanceE12: number;
  /** Absent: the one that makes maintenance continuous, rounded down. */
  readonly amount?: bigint;
  /** Absent: no limit of the bracket. */
  readonly leverageMax?: number;
}

export interface MarginConfig {
  /** What the account has chosen: an integer from 1. */
  readonly leverage: number;
  readonly tiers: readonly MarginTierConfig[];
}

export interface MarginTier {
  readonly floor: bigint;
  readonly rate: bigint;
  readonly amount: bigint;
  readonly leverageMax: number;
}

const isLeverage = (value: number): boolean => Number.isSafeInteger(value) && value >= 1;

/** Reads tiers. Errors: `badConfig` with the field. */
export function readTiers(config: MarginConfig): readonly MarginTier[] | LedgerError {
  if (!isLeverage(config.leverage)) return badConfig('leverage', config.leverage);
  const tiers: MarginTier[] = [];
  for (const { floor, maintenanceE12, amount, leverageMax = Number.MAX_SAFE_INTEGER } of config.tiers) {
    const before = tiers.at(-1);
    if (before === undefined ? floor !== 0n : floor <= before.floor) return badConfig('floor', floor);
    if (!Number.isSafeInteger(maintenanceE12) || maintenanceE12 < 0) return badConfig('rate', maintenanceE12);
    const rate = BigInt(maintenanceE12);
    if (rate >= RATE_ONE || (before !== undefined && rate < before.rate))
      return badConfig('rate', maintenanceE12);
    if (!isLeverage(leverageMax)) return badConfig('leverageMax', leverageMax);
    const step = before === undefined ? 0n : floor * (rate - before.rate);
    const least = before?.amount ?? 0n;
    const given = amount ?? least + divideRounded(step, RATE_ONE, 'down');
    if (given < least) return badConfig('amount', given);
    tiers.push({ floor, rate, amount: given, leverageMax });
  }
  return tiers;
}

/** The bracket that a value is in; undefined without brackets. A value at a floor is in the one below. */
export function tierOf(tiers: readonly MarginTier[], value: bigint): MarginTier | undefined {
  let found = tiers[0];
  for (const tier of tiers) if (tier.floor < value) found = tier;
  return found;
}

/** Maintenance margin of a value: rounded up, never below zero. */
export function maintenanceOf(tier: MarginTier, value: bigint): bigint {
  const margin = divideRounded(value * tier.rate, RATE_ONE, 'ceiling') - tier.amount;
  return margin > 0n ? margin : 0n;
}
