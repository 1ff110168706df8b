/** How an auditor follows an incoming order through its fills and self-trade prevention. */
import { NONE } from '@truetape/contracts';
import { addTo } from '@truetape/kernel';
import { bestLevel, broken, holds, same, takeLots, type Shade, type Shadow } from './audit-shadow.ts';
import { peek, take, takeAmended, takeCanceled, type Telling } from './audit-told.ts';
import { BUY, SELL, STP_BOTH, STP_DECREMENT, STP_NEWEST, STP_OLDEST } from './command.ts';
import * as R from './report.ts';

/**
 * Follows reports as long as the incoming order trades or is kept from it; returns what it traded. Behind
 * them it has nothing left, or nothing that it could meet.
 */
export function followMatching(shadow: Shadow, taker: Shade, telling: Telling): number {
  let tradedLots = 0;
  let maker = reachable(shadow, taker);
  while (maker !== undefined) {
    const told = peek(telling) ?? broken(shadow, 'BOOK-44', `order ${maker.orderId} was to be met`);
    if (told.kind === R.FILL) tradedLots += followFill(shadow, maker, taker, telling);
    else followPrevention(shadow, maker, taker, telling);
    maker = reachable(shadow, taker);
  }
  return tradedLots;
}

/** The first order of the best level that an incoming order meets. */
function reachable(shadow: Shadow, { side, priceTicks, leavesLots }: Shade): Shade | undefined {
  if (leavesLots === 0) return undefined;
  const level = bestLevel(shadow, side === BUY ? SELL : BUY);
  if (level === undefined) return undefined;
  const isMet =
    priceTicks === NONE || (side === BUY ? level.priceTicks <= priceTicks : level.priceTicks >= priceTicks);
  return isMet ? level.first : undefined;
}

/** True where two orders have an owner in common whom the incoming one's mode keeps from trading. */
const isPrevented = (maker: Shade, taker: Shade): boolean =>
  taker.stp !== 0 && taker.owner !== 0 && taker.owner === maker.owner;

function followFill(shadow: Shadow, maker: Shade, taker: Shade, telling: Telling): number {
  const told = take(shadow, telling, R.FILL);
  holds(shadow, 'BOOK-47', `order ${taker.orderId} trades with its owner`, !isPrevented(maker, taker));
  same(shadow, 'BOOK-44', 'maker, first at the best price', told.orderId, maker.orderId);
  same(shadow, 'BOOK-44', 'price, the maker’s', told.priceTicks, maker.priceTicks);
  same(shadow, 'BOOK-44', 'owner of the maker', told.owner, maker.owner);
  same(shadow, 'BOOK-44', 'taker', told.contraId, taker.orderId);
  same(shadow, 'BOOK-44', 'owner of the taker', told.more, taker.owner);
  same(shadow, 'BOOK-44', 'side of the aggressor', told.side, taker.side);
  const lots = Math.min(maker.leavesLots, taker.leavesLots);
  same(shadow, 'BOOK-45', 'quantity of a fill', told.qtyLots, lots);
  same(shadow, 'BOOK-45', 'leaves of the maker', told.leavesLots, maker.leavesLots - lots);
  same(shadow, 'BOOK-45', 'leaves of the taker', told.takerLeaves, taker.leavesLots - lots);
  same(shadow, 'BOOK-46', 'trade id', told.tradeId, shadow.trades + 1);
  shadow.trades++;
  addTo(shadow.flows.traded, lots);
  addTo(shadow.flows.traded, lots);
  for (const order of [maker, taker]) {
    takeLots(shadow, order, lots);
    order.executedLots += lots;
  }
  shadow.touched.push(maker);
  return lots;
}

/** An incoming order meets one of its owner: the mode says which of the two ends, or that both shrink. */
function followPrevention(shadow: Shadow, maker: Shade, taker: Shade, telling: Telling): void {
  holds(shadow, 'BOOK-44', `order ${maker.orderId} was to be traded with`, isPrevented(maker, taker));
  shadow.touched.push(maker);
  const reason = R.CANCEL_SELF_TRADE;
  if (taker.stp === STP_DECREMENT) {
    const lots = Math.min(maker.leavesLots, taker.leavesLots);
    followDecrement(shadow, maker, lots, { contraId: taker.orderId, kept: true }, telling);
    followDecrement(shadow, taker, lots, { contraId: maker.orderId, kept: false }, telling);
    return;
  }
  if (taker.stp === STP_OLDEST || taker.stp === STP_BOTH) {
    takeCanceled(shadow, telling, maker, { reason, contraId: taker.orderId });
    endOrder(shadow, maker);
  }
  if (taker.stp === STP_NEWEST || taker.stp === STP_BOTH) {
    takeCanceled(shadow, telling, taker, { reason, contraId: maker.orderId });
    endOrder(shadow, taker);
  }
}

function followDecrement(
  shadow: Shadow,
  order: Shade,
  lots: number,
  { contraId, kept }: { readonly contraId: number; readonly kept: boolean },
  telling: Telling,
): void {
  if (lots === order.leavesLots) {
    takeCanceled(shadow, telling, order, { reason: R.CANCEL_SELF_TRADE, contraId });
    endOrder(shadow, order);
    return;
  }
  takeLots(shadow, order, lots);
  addTo(shadow.flows.decremented, lots);
  takeAmended(shadow, telling, order, { reason: R.AMEND_SELF_TRADE, kept, contraId });
}

/** Ends an order whose canceled report was read. */
export function endOrder(shadow: Shadow, order: Shade): void {
  addTo(shadow.flows.canceled, order.leavesLots);
  takeLots(shadow, order, order.leavesLots);
}
