/**
 * What execution cost, against the price at which it was decided: the middle of the market that the strategy saw when
 * it sent the order. Positive is against us. Fees are not in it.
 *
 * With s = 1 for a buyer and −1 for a seller, M the middle and T the other side's best price that were seen when the
 * order was sent, A the other side's best price at the venue when the order came there, B the price of what was taken
 * from the book and P the price that was paid:
 *
 *     taker   spread    s × (T − M)    half of the spread that was seen
 *             latency   s × (A − T)    how far the market moved until the order was there
 *             depth     s × (B − A)    walking the book, also past what ours took before
 *             slippage  s × (P − B)    what the configured model adds
 *     maker   resting   s × (P − M)    below zero: so much better than the middle; see markouts
 *     total             s × (P − M)    the sum of the five, exactly
 *
 * A middle may lie between two ticks: sums are of half ticks × lots, whole numbers. An order that was amended is held
 * against what was seen when the last amend was sent that the venue has carried out. Fills of orders for which one side
 * of the market was empty have no decision price, and are counted apart.
 */
import { NONE } from '@truetape/contracts';
import { addProduct, createSum, sumValue } from '@truetape/kernel';
import type { Sum } from '@truetape/kernel';
import type { OwnReport } from '@truetape/venue';

export const COST_PARTS = ['spread', 'latency', 'depth', 'slippage', 'resting', 'total'] as const;
export type CostPart = (typeof COST_PARTS)[number];

/** Of one instrument. Changed by the functions of this file alone. */
export interface Costs {
  /** Half ticks × lots. */
  readonly parts: { readonly [Part in CostPart]: Sum };
  /** Lots that the parts are of. */
  takerLots: number;
  makerLots: number;
  /** Lots without a decision price. */
  unpricedLots: number;
}

/** What was seen when an order was decided. */
export interface Decision {
  /** Twice the middle of the market; NONE where a side was empty. */
  readonly twiceMiddle: number;
  /** The other side's best price; NONE where there was none. */
  readonly touchTicks: number;
}

const NOTHING: SavedCosts = {
  parts: { spread: 0n, latency: 0n, depth: 0n, slippage: 0n, resting: 0n, total: 0n },
  takerLots: 0,
  makerLots: 0,
  unpricedLots: 0,
};

/** Costs of nothing, or those that were saved. */
export function createCosts(saved: SavedCosts = NOTHING): Costs {
  const { parts, takerLots, makerLots, unpricedLots } = saved;
  const sums = Object.fromEntries(COST_PARTS.map((part) => [part, createSum(parts[part])]));
  return { parts: sums as { [Part in CostPart]: Sum }, takerLots, makerLots, unpricedLots };
}

/** Plain values. */
export interface SavedCosts extends Omit<Costs, 'parts'> {
  readonly parts: Readonly<Record<CostPart, bigint>>;
}

export function saveCosts({ parts, takerLots, makerLots, unpricedLots }: Costs): SavedCosts {
  const sums = Object.fromEntries(COST_PARTS.map((part) => [part, sumValue(parts[part])]));
  return { parts: sums as Record<CostPart, bigint>, takerLots, makerLots, unpricedLots };
}

/** What is seen of a market by who decides on an order of a side (1 buy, 2 sell). */
export function decisionOn(
  side: number,
  { bidTicks, askTicks }: { readonly bidTicks: number; readonly askTicks: number },
): Decision {
  const hasBoth = bidTicks !== NONE && askTicks !== NONE;
  return {
    twiceMiddle: hasBoth ? bidTicks + askTicks : NONE,
    touchTicks: side === 1 ? askTicks : bidTicks,
  };
}

/** Takes a fill of an order. */
export function noteCost(costs: Costs, decision: Decision, report: OwnReport): void {
  const { twiceMiddle, touchTicks } = decision;
  const { side, priceTicks, qtyLots, bookTicks } = report;
  if (twiceMiddle === NONE) {
    costs.unpricedLots += qtyLots;
    return;
  }
  const { parts } = costs;
  const lots = side === 1 ? qtyLots : -qtyLots;
  const total = 2 * priceTicks - twiceMiddle;
  addProduct(parts.total, total, lots);
  // A maker took nothing from the book.
  if (bookTicks === NONE) {
    costs.makerLots += qtyLots;
    addProduct(parts.resting, total, lots);
    return;
  }
  costs.takerLots += qtyLots;
  addProduct(parts.spread, 2 * touchTicks - twiceMiddle, lots);
  addProduct(parts.latency, 2 * (report.touchTicks - touchTicks), lots);
  addProduct(parts.depth, 2 * (bookTicks - report.touchTicks), lots);
  addProduct(parts.slippage, 2 * (priceTicks - bookTicks), lots);
}
