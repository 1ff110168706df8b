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
import type { OwnOrder } from './own-order.ts';
import type { Engine, MarketState } from './state.ts';

const MARGIN_PERCENT = 101n;

/** An order as it arrives; it is among the open ones here. */
export interface ArrivingOrder {
  readonly instrument: number;
  readonly side: number;
}

export function canAfford(engine: Engine, order: ArrivingOrder): boolean {
  const market = engine.markets[order.instrument];
  const position = engine.account.ledger.positions[order.instrument];
  if (market === undefined || position === undefined) return false;
  if (!position.isSpot) return hasMargin(engine, market, position);
  return order.side === 1 ? hasQuote(engine, position) : hasBase(market, position);
}

/** What an open order would cost at most, or NONE where nobody knows. */
function costOf(market: MarketState, order: OwnOrder): bigint | undefined {
  const price = order.priceTicks !== NONE ? order.priceTicks : market.askTicks;
  if (price === NONE) return undefined;
  return valueOf(market.terms, fineOfTicks(market.terms, price), BigInt(order.leavesLots), 'up');
}

/** All buys that pay with the same asset. */
function hasQuote(engine: Engine, position: PositionState): boolean {
  let needed = 0n;
  for (const market of engine.views) {
    const other = engine.account.ledger.positions[market.index];
    if (other?.quote !== position.quote || other?.isSpot !== true) continue;
    for (const order of market.open) {
      if (order.side !== 1) continue;
      const cost = costOf(market, order);
      if (cost === undefined) return false;
      needed += cost;
    }
  }
  return needed * MARGIN_PERCENT <= position.quote!.balance * 100n;
}

function hasBase(market: MarketState, position: PositionState): boolean {
  let lots = 0;
  for (const order of market.open) if (order.side === 2) lots += order.leavesLots;
  return lots <= position.positionLots;
}

function hasMargin(engine: Engine, market: MarketState, position: PositionState): boolean {
  let buy = 0;
  let sell = 0;
  for (const order of market.open) {
    if (order.side === 1) buy += order.leavesLots;
    else sell += order.leavesLots;
  }
  const worst = Math.max(
    Math.abs(position.positionLots + buy),
    Math.abs(position.positionLots - sell),
    Math.abs(position.positionLots),
  );
  const price = market.lastTicks !== NONE ? market.lastTicks : market.askTicks;
  if (price === NONE) return false;
  const value = valueOf(market.terms, fineOfTicks(market.terms, price), BigInt(worst), 'up');
  const { settle, leverage } = position;
  const equity =
    settle.index === engine.equityAsset
      ? worthIn(engine.account.ledger, engine.equityAsset)
      : equityOf(engine.account.ledger, settle.index);
  return equity !== undefined && value <= equity * BigInt(leverage);
}
