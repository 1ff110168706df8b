/** What an arriving order would trade with at once: for those that ask what it costs before it is let in. */
import { NONE } from '@truetape/contracts';
import { readTouch } from './instrument.ts';
import type { InstrumentState } from './instrument.ts';
import { bestAvailable, offersOf } from './liquidity.ts';
import { BUY, isBetter } from './own.ts';
import { slippageTicks } from './slippage.ts';
import type { Take, Venue } from './venue.ts';

const MARKET = 2;
const LEVELS_FIRST = 8;

/** What of an order decides with what it trades. */
export interface Incoming {
  readonly side: number;
  readonly type: number;
  /** NONE for a market order. */
  readonly priceTicks: number;
}

/** The price that a taker pays for what is recorded at another one; of spot and inverse contracts always above 0. */
export function slippedTicks(ins: InstrumentState, order: Incoming, priceTicks: number): number {
  const ticks = slippageTicks(ins.slippage, priceTicks);
  if (ticks === 0) return priceTicks;
  const paid = order.side === BUY ? priceTicks + ticks : priceTicks - ticks;
  if (order.type !== MARKET && isBetter(order.side, paid, order.priceTicks)) return order.priceTicks;
  return paid < 1 && priceTicks > 0 && ins.config.terms.class !== 'linear' ? 1 : paid;
}

const isBeyond = ({ side, priceTicks }: Incoming, otherTicks: number): boolean =>
  priceTicks !== NONE && isBetter(side, otherTicks, priceTicks);

/** Best price first. Complexity: the levels that it reaches. */
export function takesOf(venue: Venue, ins: InstrumentState, order: Incoming, lots: number): Take[] {
  if (venue.exchange !== undefined) return matchedTakes(venue, ins, order, lots);
  const side = 3 - order.side;
  if (venue.config.mode === 'ideal') {
    const top = readTouch(ins);
    const priceTicks = side === BUY ? top.bidTicks : top.askTicks;
    return priceTicks === NONE || isBeyond(order, priceTicks) ? [] : [{ priceTicks, lots, fills: 1 }];
  }
  const best = bestAvailable(ins, side);
  if (best === NONE || isBeyond(order, best)) return [];
  return offersOf(ins, side, order.priceTicks, lots, ins.own[side - 1][0]?.orders[0]).map((offer) => ({
    priceTicks: slippedTicks(ins, order, offer.priceTicks),
    lots: offer.lots,
    fills: 1,
  }));
}

function matchedTakes(venue: Venue, ins: InstrumentState, order: Incoming, lots: number): Take[] {
  const book = venue.exchange!.market.byInstrument[ins.index]!;
  const takes: Take[] = [];
  let left = lots;
  for (let count = LEVELS_FIRST, from = 0; ; count *= 2) {
    const levels = book.levels(3 - order.side, count);
    for (const { priceTicks, qtyLots, orders } of levels.slice(from)) {
      if (left === 0 || isBeyond(order, priceTicks)) return takes;
      const taken = Math.min(left, qtyLots);
      takes.push({ priceTicks, lots: taken, fills: orders });
      left -= taken;
    }
    if (levels.length < count) return takes;
    from = count;
  }
}

/** Best prices at the venue now, NONE where there is none: recorded, or of its matching engine. */
export function touchAt(
  venue: Venue,
  instrument: number,
): { readonly bidTicks: number; readonly askTicks: number } {
  const ins = venue.byInstrument[instrument];
  if (ins === undefined) return { bidTicks: NONE, askTicks: NONE };
  if (venue.exchange === undefined) return readTouch(ins);
  const book = venue.exchange.market.byInstrument[instrument]!;
  const [bid] = book.levels(BUY, 1);
  const [ask] = book.levels(3 - BUY, 1);
  return { bidTicks: bid?.priceTicks ?? NONE, askTicks: ask?.priceTicks ?? NONE };
}
