/**
 * Fees of fills: a schedule of maker and taker rates, by what was traded, rounded once.
 *
 *     fee = round(value × rate)      the size of the fill's value, exact, in units of the asset; the rate in 10^−12
 *
 * A rate below zero is a rebate. A minimum is the least that a fee above zero comes to. The tier of a fill
 * follows from the value that was traded before it in the last 30 days of simulated time, of 24 hours each from
 * the epoch on, today's included.
 */
import { divideRounded } from '@truetape/kernel';
import type { ContractTerms, Rounding } from '@truetape/kernel';

/** Rates in 10^−12: 0.02 % is 200,000,000. */
export interface FeeTier {
  /** In units of 10^−moneyScale of the asset; the first tier's is 0. */
  readonly fromTraded: bigint;
  readonly makerE12: number;
  readonly takerE12: number;
}

export interface FeeSchedule {
  /** By rising `fromTraded`; one alone is a fixed tier. */
  readonly tiers: readonly FeeTier[];
  /** In units of the asset; 0: none. */
  readonly minimum: bigint;
  readonly rounding: Rounding;
}

export interface FeesState {
  readonly schedule: FeeSchedule;
  /** Value traded, by day modulo 30. */
  readonly traded: bigint[];
  /** The last day that something traded. */
  day: number;
}

const DAYS = 30;
const DAY_NS = 86_400_000_000_000;
const ONE_E12 = 1_000_000_000_000n;

/** One tier: rates in 10^−12, no minimum. */
export function flatFees(makerE12: number, takerE12: number, rounding: Rounding = 'ceiling'): FeeSchedule {
  return { tiers: [{ fromTraded: 0n, makerE12, takerE12 }], minimum: 0n, rounding };
}

export function createFees(schedule: FeeSchedule): FeesState {
  return { schedule, traded: Array.from({ length: DAYS }, () => 0n), day: 0 };
}

/** The fee of a fill, in units of the asset; it counts for the tiers of those behind it. */
export function takeFee(
  state: FeesState,
  terms: ContractTerms,
  fill: { readonly priceTicks: number; readonly qtyLots: number; readonly isMaker: boolean },
  timeNs: number,
): bigint {
  const { rounding, minimum } = state.schedule;
  goToDay(state, Math.floor(timeNs / DAY_NS));
  const { makerE12, takerE12 } = tierOf(state);
  const rate = BigInt(fill.isMaker ? makerE12 : takerE12);
  // What trades below zero is paid for like what trades above it.
  const price = BigInt(Math.abs(fill.priceTicks)) * BigInt(terms.finePerTick);
  const lots = BigInt(fill.qtyLots) * terms.numerator;
  // Value as a fraction, so that the fee is rounded once.
  const [above, below] =
    terms.class === 'inverse' ? [lots, terms.denominator * price] : [lots * price, terms.denominator];
  const fee = divideRounded(above * rate, below * ONE_E12, rounding);
  state.traded[state.day % DAYS] += divideRounded(above, below, 'down');
  return fee > 0n && fee < minimum ? minimum : fee;
}

/** The tier that the next fill has. */
export function tierOf({ schedule, traded }: FeesState): FeeTier {
  const sum = traded.reduce((all, value) => all + value, 0n);
  let tier = schedule.tiers[0];
  for (const next of schedule.tiers) if (sum >= next.fromTraded) tier = next;
  return tier;
}

function goToDay(state: FeesState, day: number): void {
  for (let gone = Math.max(state.day + 1, day - DAYS + 1); gone <= day; gone++)
    state.traded[gone % DAYS] = 0n;
  if (day > state.day) state.day = day;
}
