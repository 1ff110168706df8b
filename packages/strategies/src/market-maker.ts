/**
 * A market maker: one bid and one ask around the middle of the market, both moved against the inventory.
 *
 *     bid = floor(middle − half spread − skew), ask = ceil(middle + half spread − skew)
 *     skew = skewTicks × position ÷ maxPositionLots
 *
 * A side whose fill would take the position beyond its limit is not quoted. Prices never cross the market:
 * they stay behind the other side by a tick, and orders are post-only.
 * Source: the reservation price of M. Avellaneda, S. Stoikov, High-frequency trading in a limit order book,
 * Quantitative Finance 8 (2008), with a linear skew in place of the variance term.
 */
import { NONE } from '@truetape/contracts';
import { defineStrategy } from '@truetape/engine';
import type { Context, MarketView, OwnOrder, StrategyDefinition } from '@truetape/engine';
import { z } from 'zod';
import { lots, ticks, ticksFromZero } from './parameters.ts';

const parameters = z.strictObject({
  qtyLots: lots.default(1).describe('Quantity of each quote'),
  halfSpreadTicks: ticksFromZero.default(1).describe('Distance of a quote from the middle of the market'),
  maxPositionLots: lots.default(10).describe('Position beyond which a side is not quoted'),
  skewTicks: ticksFromZero.default(2).describe('How far a full position moves both quotes'),
  requoteTicks: ticks.default(1).describe('A quote is moved once it is off by so much'),
});

export interface MarketMakerParameters {
  readonly qtyLots: number;
  readonly halfSpreadTicks: number;
  readonly maxPositionLots: number;
  readonly skewTicks: number;
  readonly requoteTicks: number;
}

/** The quote that a side should have; NONE for none. */
function wantedTicks(market: MarketView, isBuy: boolean, position: number, p: MarketMakerParameters): number {
  const { bidTicks, askTicks } = market;
  const room = isBuy ? p.maxPositionLots - position : p.maxPositionLots + position;
  if (room < p.qtyLots) return NONE;
  // Twice the price, so that the middle is an integer.
  const size = Math.round((2 * p.skewTicks * Math.abs(position)) / p.maxPositionLots);
  // The same for a short as for a long position: a half goes away from zero.
  const skew = position < 0 ? -size : size;
  const middle = bidTicks + askTicks - skew;
  return isBuy
    ? Math.min(Math.floor((middle - 2 * p.halfSpreadTicks) / 2), askTicks - 1)
    : Math.max(Math.ceil((middle + 2 * p.halfSpreadTicks) / 2), bidTicks + 1);
}

/** True where the side has, or is to have, a quote. */
function quoteSide(context: Context, market: MarketView, isBuy: boolean, p: MarketMakerParameters): boolean {
  const position = context.positionLots(market);
  const wanted = wantedTicks(market, isBuy, position, p);
  let quote: OwnOrder | undefined;
  for (const order of context.openOrders(market)) {
    if ((order.side === 1) === isBuy && !order.isCanceling) quote = order;
  }
  if (quote === undefined) {
    if (wanted === NONE) return false;
    const side = isBuy ? 'buy' : 'sell';
    const { qtyLots } = p;
    context.submit({ market, side, qtyLots, priceTicks: wanted, postOnly: 'reject', reason: 'quote' });
  } else if (wanted === NONE) context.cancel(quote, 'inventory');
  else if (Math.abs(quote.priceTicks - wanted) >= p.requoteTicks && quote.state === 'open')
    context.amend(quote, { priceTicks: wanted });
  return true;
}

function quote(context: Context, market: MarketView, p: MarketMakerParameters): void {
  const { bidTicks, askTicks, isCertain } = market;
  if (!isCertain || bidTicks === NONE || askTicks === NONE || bidTicks >= askTicks) {
    context.noAction('notReady', market);
    if (context.openOrders(market).length > 0) context.cancelAll(market, 'stop');
    return;
  }
  const isBidding = quoteSide(context, market, true, p);
  const isAsking = quoteSide(context, market, false, p);
  // There is no room for a whole quote on either side.
  if (!isBidding && !isAsking) context.noAction('sizedToZero', market);
}

export const marketMaker: StrategyDefinition<MarketMakerParameters> = defineStrategy({
  name: 'market-maker',
  doc: 'Quotes both sides around the middle of the market, and leans against its inventory.',
  parameters,
  listens: () => ({ depth: 'top', others: true }),
  create: (p) => ({
    state: {},
    onMarket: (context, { market }) => {
      quote(context, market, p);
    },
    onFill: (context, { order }) => {
      quote(
        context,
        context.markets.find(({ index }) => index === order.instrument)!,
        p,
      );
    },
  }),
});
