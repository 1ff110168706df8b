/**
 * Whether the account can pay for an order: the venue asks when it arrives.
 *
 * Spot: what all open orders of its side would take has to be there, a market order valued at the other side's
 * best price, with one percent more for fees and a worse price; nothing is lent. Derivatives: position and
 * open orders of the worse side, at the last price, are at most equity × leverage. What cannot be valued
 * cannot be paid.
 */
import { NONE } from '@truetape/contracts';
import { fineOfTicks, valueOf } from '@truetape/kernel';
import { worthIn, equityOf } from '@truetape/ledger';
import type { PositionState } from '@truetape/ledger';
import { openLotsOf } from './own-order.ts';
import type { Engine, MarketState } from './state.ts';

const MARGIN_PERCENT = 101n;

/** An order as it arrives, or as an amend that arrives would have it; it is among the open ones here. */
export interface ArrivingOrder {
  readonly instrument: number;
  readonly orderId: number;
  readonly side: number;
  /** NONE for a market order. */
  readonly priceTicks: number;
  /** What is open of it, or would be. */
  readonly qtyLots: number;
}

export function canAfford(engine: Engine, order: ArrivingOrder): boolean {
  const market = engine.markets[order.instrument];
  const position = engine.account.ledger.positions[order.instrument];
  if (market === undefined || position === undefined) return false;
  if (!position.isSpot) return hasMargin(engine, market, position, order);
  return order.side === 1
    ? hasQuote(engine, position, order)
    : openLots(market, 2, order) <= position.positionLots;
}

/** Lots that are open on a side, the order as it arrives. */
function openLots(market: MarketState, side: number, arriving: ArrivingOrder): number {
  let lots = 0;
  for (const order of market.open)
    if (order.side === side)
      lots += order.orderId === arriving.orderId ? arriving.qtyLots : openLotsOf(order);
  return lots;
}

/** What a buy would cost at most, or undefined where nobody knows. */
function costOf(market: MarketState, priceTicks: number, lots: number): bigint | undefined {
  const price = priceTicks !== NONE ? priceTicks : market.askTicks;
  if (price === NONE) return undefined;
  return valueOf(market.terms, fineOfTicks(market.terms, price), BigInt(lots), 'up');
}

/** All buys that pay with the same asset. */
function hasQuote(engine: Engine, position: PositionState, arriving: ArrivingOrder): boolean {
  let needed = 0n;
  for (const market of engine.views) {
    const other = engine.account.ledger.positions[market.index];
    if (other?.quote !== position.quote || other?.isSpot !== true) continue;
    for (const order of market.open) {
      if (order.side !== 1) continue;
      const cost =
        order.orderId === arriving.orderId
          ? costOf(market, arriving.priceTicks, arriving.qtyLots)
          : costOf(market, Math.max(order.priceTicks, order.askedTicks), openLotsOf(order));
      if (cost === undefined) return false;
      needed += cost;
    }
  }
  return needed * MARGIN_PERCENT <= position.quote!.balance * 100n;
}

function hasMargin(
  engine: Engine,
  market: MarketState,
  position: PositionState,
  arriving: ArrivingOrder,
): boolean {
  const { settle, leverage, positionLots } = position;
  const longest = positionLots + openLots(market, 1, arriving);
  const shortest = positionLots - openLots(market, 2, arriving);
  const worst = Math.max(Math.abs(longest), Math.abs(shortest), Math.abs(positionLots));
  const { lastTicks, askTicks, bidTicks } = market;
  const price = [lastTicks, askTicks, bidTicks, arriving.priceTicks].find((ticks) => ticks !== NONE);
  if (price === undefined) return false;
  const value = valueOf(market.terms, fineOfTicks(market.terms, price), BigInt(worst), 'up');
  const equity =
    settle.index === engine.equityAsset
      ? worthIn(engine.account.ledger, engine.equityAsset)
      : equityOf(engine.account.ledger, settle.index);
  return equity !== undefined && value <= equity * BigInt(leverage);
}
