/** The rules that have numbers, as a page would say them: bigints, no order of precedence but the list's. */
import { NONE } from '@truetape/contracts';
import type { Proposal, RiskConfig, RiskView, RuleName } from '@truetape/risk';

const big = (value: number): bigint => BigInt(value);
const max = (...values: readonly bigint[]): bigint => values.reduce((a, b) => (a > b ? a : b));

export interface Told {
  readonly rule: RuleName | 'none';
  readonly verdict: 'allow' | 'deny' | 'reduce';
  readonly allowed: number;
}

interface Failed {
  readonly rule: RuleName;
  readonly fails: boolean;
}

const isSound = (value: number): boolean => Number.isSafeInteger(value);

/** For one linear instrument whose lot is worth a unit at a tick. The view's numbers are sound or NONE. */
export function reference(config: RiskConfig, view: RiskView, order: Proposal): Told {
  const reducing = order.reduceOnly;
  const sign = order.side === 1 ? 1n : -1n;
  const deny = (rule: RuleName): Told => ({ rule, verdict: 'deny', allowed: 0 });
  const { limits = {}, account = {} } = config;

  if (!isSound(order.qtyLots) || order.qtyLots <= 0) return deny('quantity');
  if (!isSound(order.priceTicks) || order.priceTicks <= 0) return deny('price');
  let lots = big(order.qtyLots);
  const known = isSound(view.positionLots) && isSound(view.openBuyLots) && isSound(view.openSellLots);
  let reducedBy: Told['rule'] = 'none';
  if (reducing) {
    if (!known) return deny('reduceOnly');
    const open = big(order.side === 1 ? view.openBuyLots : view.openSellLots);
    const reducible = -sign * big(view.positionLots) - open;
    if (reducible <= 0n) return deny('reduceOnly');
    if (lots > reducible) [lots, reducedBy] = [reducible, 'reduceOnly'];
  }
  for (const { rule, fails } of failures()) if (fails) return deny(rule);
  return { rule: reducedBy, verdict: reducedBy === 'none' ? 'allow' : 'reduce', allowed: Number(lots) };

  function* failures(): Generator<Failed> {
    yield { rule: 'orderQty', fails: limits.maxOrderLots !== undefined && lots > big(limits.maxOrderLots) };
    const price = big(order.priceTicks);
    const bid = view.bidTicks === NONE ? 0n : big(view.bidTicks);
    const worth = lots * (order.side === 2 ? max(price, bid) : price);
    yield { rule: 'notional', fails: limits.maxNotional !== undefined && worth > BigInt(limits.maxNotional) };
    yield {
      rule: 'priceCollar',
      fails: limits.priceCollar !== undefined && isOutside(limits.priceCollar, price),
    };
    const position = isSound(view.positionLots) ? big(view.positionLots) : 0n;
    const [buys, sells] = known ? [big(view.openBuyLots), big(view.openSellLots)] : [0n, 0n];
    const side = (order.side === 1 ? buys : sells) + lots + sign * position;
    const limit = limits.maxPositionLots;
    yield { rule: 'position', fails: limit !== undefined && (!known || side > big(limit)) };
    if (account.maxLeverageBps === undefined || reducing) return;
    const otherSide = (order.side === 1 ? sells : buys) - sign * position;
    const dearest = max(
      bid,
      price,
      ...[view.askTicks, view.lastTicks].filter((one) => one !== NONE).map(big),
    );
    const exposure = max(side, otherSide, position, -position) * dearest + view.otherExposure;
    const isOver = exposure * 10_000n > max(view.equity, 0n) * big(account.maxLeverageBps);
    yield { rule: 'leverage', fails: !known || (side > 0n && isOver) };
  }

  function isOutside({ bps, against }: NonNullable<typeof limits.priceCollar>, price: bigint): boolean {
    const { bidTicks: bid, askTicks: ask, lastTicks: last } = view;
    const needs = { touch: [order.side === 1 ? ask : bid], mid: [bid, ask], last: [last] }[against];
    if (needs.includes(NONE) || (against === 'mid' && bid > ask)) return true;
    const twice = against === 'mid' ? big(bid) + big(ask) : 2n * big(needs[0]);
    const isAbove = price * 20_000n > twice * big(10_000 + bps);
    const isBelow = price * 20_000n < twice * big(10_000 - bps);
    return against === 'touch' ? (order.side === 1 ? isAbove : isBelow) : isAbove || isBelow;
  }
}
