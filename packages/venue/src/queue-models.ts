/**
 * Where an order stands in the queue of a level whose quantity alone is known: an estimate.
 *
 * An order joins behind all that is there. Trades at its price advance it by their quantity. When the level's quantity
 * falls by more than traded, somebody canceled: ahead of it or behind it.
 *
 * - `riskAverse`: behind, always, until the level has less than what stood ahead;
 * - `probPower`: behind with probability back^n ÷ (front^n + back^n);
 * - `probLog`: behind with probability ln(1 + back) ÷ (ln(1 + front) + ln(1 + back)).
 *
 * Front is what stands ahead of it, back what is behind it; it advances by the expected value. What is beyond the lots
 * behind it was ahead. A level that has less than what stood ahead bounds it.
 *
 * Source: E. Rigtorp, "Estimating order queue position" (2013), whose f is the identity (n = 1) or ln(1 + x);
 * hftbacktest 0.9.4 (RiskAdverseQueueModel, PowerProbQueueFunc, LogProbQueueFunc), read November 2026. There what
 * traded since the level was last told still counts as behind; here it is gone from both. Integers alone: shares of
 * front and back in 4,096ths, probabilities in 65,536ths, logarithms by repeated squaring.
 */

export type QueueModel =
  | { readonly kind: 'riskAverse' }
  | { readonly kind: 'probPower'; readonly n: 1 | 2 | 3 }
  | { readonly kind: 'probLog' };

/** Codes of the vocabulary `basis`. */
const BASES = { riskAverse: 4, probPower: 5, probLog: 6 } as const;

/** The assumption that a fill in the queue of this model rests on. */
export function basisOf(model: QueueModel): number {
  return BASES[model.kind];
}

const ONE = 65_536;
const SHARES = 4096;

/** The probability, in 65,536ths, that lots left behind an order rather than ahead of it. */
export function behindOf(model: QueueModel, frontLots: number, backLots: number): number {
  if (model.kind === 'riskAverse') return ONE;
  if (backLots <= 0) return 0;
  if (frontLots <= 0) return ONE;
  if (model.kind === 'probLog') {
    const back = log2(1 + backLots);
    return Math.floor((back * ONE) / (back + log2(1 + frontLots)));
  }
  // Shares keep the powers exact: 2^36 × 2^16 at most.
  const share = shareOf(backLots, frontLots);
  let back = 1;
  let front = 1;
  for (let k = 0; k < model.n; k++) {
    back *= share;
    front *= SHARES - share;
  }
  return Math.floor((back * ONE) / (back + front));
}

/** back ÷ (front + back) in 4,096ths, rounded down; both are halved until a double holds the product. */
function shareOf(backLots: number, frontLots: number): number {
  let [back, front] = [backLots, frontLots];
  while (back + front > 1_099_511_627_776) {
    back = Math.floor(back / 2);
    front = Math.floor(front / 2);
  }
  return Math.floor((back * SHARES) / (back + front));
}

/** The binary logarithm of an integer in 1 … 2^53, in 65,536ths, rounded down but for the last digit. */
export function log2(value: number): number {
  let whole = 0;
  let rest = value;
  while (rest >= 67_108_864) {
    rest = Math.floor(rest / 2);
    whole += 1;
  }
  // To 2^25 ≤ rest < 2^26, a mantissa of 26 bits whose square a double holds.
  let bits = whole + 25;
  while (rest < 33_554_432) {
    rest *= 2;
    bits -= 1;
  }
  let part = 0;
  for (let k = 0; k < 16; k++) {
    rest = Math.floor((rest * rest) / 33_554_432);
    part *= 2;
    if (rest >= 67_108_864) {
      part += 1;
      rest = Math.floor(rest / 2);
    }
  }
  return bits * ONE + part;
}

/** An order's place, changed in place. */
export interface QueuePlace {
  aheadLots: number;
  /** 65,536ths of a lot. */
  carry: number;
}

/** Cancellations of `lots` at a level of which `levelLots` are left, and had `beforeLots` before them. */
export function advanceBy(
  model: QueueModel,
  place: QueuePlace,
  lots: number,
  beforeLots: number,
  levelLots: number,
): void {
  const front = place.aheadLots;
  const back = Math.max(0, beforeLots - front);
  const behind = behindOf(model, front, back);
  // lots × (1 − behind), without a product beyond 2^53.
  const ahead = ONE - behind;
  const fine = (lots % ONE) * ahead + place.carry;
  const gone = Math.floor(lots / ONE) * ahead + Math.floor(fine / ONE);
  place.carry = fine % ONE;
  // What did not stand behind it was ahead: no more than what is left can be.
  place.aheadLots = Math.min(Math.max(0, front - gone), levelLots);
}
