/**
 * Gates, views and orders drawn near to all limits at once, plain and beyond doubles, with a broken number here
 * and there: for holding the quick look against the rules.
 */
import { MONEY_NONE, NONE } from '@truetape/contracts';
import { createStream, fineOfTicks, valueOf } from '@truetape/kernel';
import type { ContractTerms, RandomStream } from '@truetape/kernel';
import { createVerdict, noteReject, setEquity, setOtherExposure, setStrategyPnl } from '@truetape/risk';
import type { Gate, GateSetup, Proposal, RiskConfig, RiskView } from '@truetape/risk';
import { checkByRules } from '../src/check.ts';
import { setMoney, unitsOf } from '../src/money.ts';
import { isClear } from '../src/quick.ts';
import { rememberId } from '../src/seen-ids.ts';
import { SECOND, orderOf, termsOf, viewOf, watched } from './setup.ts';

interface Scale {
  readonly terms: ContractTerms;
  readonly price: number;
  readonly lots: number;
  /** Money units of a lot, about. */
  readonly lot: bigint;
}

/** From a lot that is a unit, over contracts that are divisions, to sums that doubles do not hold. */
const SCALES: readonly Scale[] = [
  { terms: termsOf(), price: 100, lots: 10, lot: 100n },
  {
    terms: termsOf({ class: 'inverse', contractSize: '100', moneyScale: 4 }),
    price: 100,
    lots: 10,
    lot: 10_000n,
  },
  { terms: termsOf({ qtyStep: '0.001', moneyScale: 1 }), price: 1000, lots: 40, lot: 10n },
  {
    terms: termsOf({ priceStep: '0.1', qtyStep: '0.00001', fineScale: 3, moneyScale: 8 }),
    price: 1_000_000,
    lots: 1e7,
    lot: 100_000_000n,
  },
  { terms: termsOf(), price: 2 ** 30, lots: 2 ** 21, lot: 2n ** 30n },
  { terms: termsOf(), price: 2 ** 40, lots: 2 ** 50, lot: 2n ** 40n },
  // Lots whose sums end beyond 2^53, worth little.
  {
    terms: termsOf({ class: 'inverse', contractSize: '0.00000001', moneyScale: 4 }),
    price: 100,
    lots: 2 ** 51 + 2 ** 49,
    lot: 1n,
  },
  { terms: termsOf({ moneyScale: 18 }), price: 100, lots: 10, lot: 10n ** 20n },
];

const BROKEN: readonly unknown[] = [
  NONE,
  NaN,
  undefined,
  null,
  0.5,
  -1,
  Infinity,
  -Infinity,
  2 ** 53,
  '7',
  0,
];
/** Money is set by its functions alone. */
const VIEW_NAMES = (Object.keys(viewOf()) as (keyof RiskView)[]).filter(
  (name) => !/equity|other|Pnl/i.test(name),
);
const ORDER_NAMES = Object.keys(orderOf()) as (keyof Proposal)[];

const pick = <T>(random: RandomStream, list: readonly T[]): T => list[random.nextInt(list.length)];
/** Whole numbers from 0 to a bound, its ends more often than others. */
function upTo(random: RandomStream, most: number): number {
  const at = random.nextInt(8);
  if (at < 2) return at * most;
  return most < 2 ** 31 ? random.nextInt(most + 1) : Math.floor((random.nextInt(2 ** 31) / 2 ** 31) * most);
}
const near = (random: RandomStream, price: number): number =>
  price - Math.floor(price / 20) + upTo(random, Math.floor(price / 10));
const isLucky = (random: RandomStream, odds: number): boolean => random.nextInt(odds) === 0;

/** A quarter of all limits is in force, so that one of them alone often decides. */
function draw<T>(random: RandomStream, name: string, value: () => T): { readonly [name: string]: T } {
  return isLucky(random, 4) ? { [name]: value() } : {};
}

function drawConfig(random: RandomStream, { lots, lot }: Scale): RiskConfig {
  const money = (many: number): string => String((BigInt(upTo(random, many)) * lot * BigInt(lots)) / 2n);
  const rule = (): { readonly amount: string; readonly level: 'blockNew' } => ({
    amount: money(3),
    level: 'blockNew',
  });
  const span = (): { readonly afterNs: number; readonly level: 'blockNew' } => ({
    afterNs: upTo(random, SECOND),
    level: 'blockNew',
  });
  const rate = {
    orders: 1 + random.nextInt(3),
    perNs: 1 + upTo(random, SECOND),
    burst: 1 + random.nextInt(2),
  };
  return {
    limits: {
      ...draw(random, 'maxOrderLots', () => upTo(random, lots * 2)),
      ...draw(random, 'maxNotional', () => money(4)),
      ...draw(random, 'priceCollar', () => ({
        bps: upTo(random, 900),
        against: pick(random, ['touch', 'mid', 'last'] as const),
      })),
      ...draw(random, 'maxPositionLots', () => upTo(random, lots * 3)),
      ...draw(random, 'maxOpenOrders', () => random.nextInt(4)),
    },
    account: {
      ...draw(random, 'maxLeverageBps', () => upTo(random, 30_000)),
      ...draw(random, 'orderRate', () => rate),
      ...draw(random, 'maxDataAgeNs', () => upTo(random, SECOND)),
    },
    strategies: {
      one: {
        ...draw(random, 'maxPositionLots', () => upTo(random, lots * 3)),
        ...draw(random, 'maxOpenOrders', () => random.nextInt(4)),
        ...draw(random, 'maxLoss', () => money(3)),
        ...draw(random, 'orderRate', () => rate),
      },
    },
    kill: {
      ...draw(random, 'loss', rule),
      ...draw(random, 'drawdown', rule),
      ...draw(random, 'dailyLoss', rule),
      ...draw(random, 'rejectSpike', () => ({
        rejects: random.nextInt(3),
        withinNs: SECOND,
        level: 'blockNew',
      })),
      ...draw(random, 'staleData', span),
      ...draw(random, 'uncertainData', span),
    },
    rememberedIds: 2,
  };
}

function drawGate(random: RandomStream, scale: Scale): Gate {
  const changes: Partial<GateSetup> = {
    instruments: [{ index: 1, name: 'SIM', terms: scale.terms, asset: isLucky(random, 20) ? 2 : 1 }],
    account: { asset: 1, scale: scale.terms.moneyScale },
  };
  const first = viewOf({ equity: BigInt(scale.lots) * scale.lot * 2n, timeNs: 9 * SECOND });
  const gate = watched(drawConfig(random, scale), first, changes);
  for (let k = random.nextInt(4); k > 0; k--) noteReject(gate, 9 * SECOND);
  for (const id of pick(random, [[], [4], [2, 6], [6, 4]])) rememberId(gate.seenIds, id);
  for (const bucket of [gate.bucket, gate.strategies[0].bucket]) {
    if (bucket === undefined || isLucky(random, 2)) continue;
    bucket.level = upTo(random, bucket.perOrder);
    bucket.sinceNs = 10 * SECOND - upTo(random, 1000);
  }
  if (isLucky(random, 30)) gate.level = 1 + random.nextInt(3);
  return gate;
}

function drawView(random: RandomStream, { price, lots, lot }: Scale): RiskView {
  const orNone = (ticks: number): number => (isLucky(random, 12) ? NONE : ticks);
  const bid = near(random, price);
  const view = viewOf({
    timeNs: 10 * SECOND,
    marketTimeNs: 10 * SECOND - upTo(random, SECOND),
    bidTicks: orNone(bid),
    askTicks: orNone(bid + random.nextInt(3)),
    lastTicks: orNone(near(random, price)),
    positionLots: upTo(random, lots) * pick(random, [1, -1]),
    openBuyLots: upTo(random, lots),
    openSellLots: upTo(random, lots),
    openOrders: random.nextInt(4),
    strategyPositionLots: upTo(random, lots) * pick(random, [1, -1]),
    strategyOpenBuyLots: upTo(random, lots),
    strategyOpenSellLots: upTo(random, lots),
    strategyOpenOrders: random.nextInt(4),
  });
  const worth = BigInt(lots) * lot;
  setEquity(view, worth + BigInt(upTo(random, 3 * lots)) * lot + BigInt(random.nextInt(3)));
  setOtherExposure(view, isLucky(random, 2) ? 0n : BigInt(upTo(random, lots)) * lot);
  setStrategyPnl(view, (worth * BigInt(random.nextInt(5) - 2)) / 2n);
  if (isLucky(random, 40)) setEquity(view, MONEY_NONE);
  if (isLucky(random, 40)) setOtherExposure(view, pick(random, [MONEY_NONE, -1n]));
  if (isLucky(random, 40)) setStrategyPnl(view, MONEY_NONE);
  return view;
}

/** Brings one of the limits on money to within a few units of what is held against it. */
function tighten(random: RandomStream, gate: Gate, view: RiskView, order: Proposal): void {
  const limits = gate.instruments[1]!;
  const { qtyLots, priceTicks } = order;
  const { bidTicks, askTicks, lastTicks, positionLots, openBuyLots, openSellLots } = view;
  const { terms, maxNotional } = limits;
  const prices = [priceTicks, bidTicks, askTicks, lastTicks].filter((ticks) => ticks > 0);
  if (prices.length === 0 || !Number.isSafeInteger(qtyLots)) return;
  const dearest = terms.class === 'inverse' ? Math.min(...prices) : Math.max(...prices);
  const worth = (lots: number): bigint =>
    valueOf(terms, fineOfTicks(terms, dearest), BigInt(Math.abs(lots)), 'ceiling');
  const few = BigInt(random.nextInt(9) - 4);
  if (maxNotional !== undefined) setMoney(maxNotional, worth(qtyLots) + few, unitsOf(worth(qtyLots) + few));
  const { maxLeverageBps, loss, startEquity } = gate;
  if (maxLeverageBps > 0) {
    const long = positionLots + openBuyLots + (order.side === 1 ? qtyLots : 0);
    const short = openSellLots - positionLots + (order.side === 1 ? 0 : qtyLots);
    const worst = Math.max(long, short);
    if (Number.isSafeInteger(worst))
      setEquity(view, ((worth(worst) + view.otherExposure) * 10_000n) / BigInt(maxLeverageBps) + few);
  } else if (loss !== undefined) setEquity(view, startEquity.exact - loss.limit.exact + few);
}

function drawOrder(random: RandomStream, { price, lots }: Scale): Proposal {
  const isMarket = isLucky(random, 5);
  const isChild = isLucky(random, 5);
  const isAmend = isLucky(random, 4);
  const priceTicks = isMarket ? NONE : near(random, price);
  return orderOf({
    orderId: random.nextInt(12),
    side: 1 + random.nextInt(2),
    type: isMarket ? 2 : 1,
    priceTicks,
    qtyLots: 1 + upTo(random, lots),
    ...(isChild
      ? { parentId: 1, parentQtyLots: upTo(random, lots * 3), parentSentLots: upTo(random, lots) }
      : {}),
    ...(isAmend
      ? {
          replacedLots: upTo(random, lots),
          replacedTicks: isLucky(random, 3) ? near(random, price) : priceTicks,
        }
      : {}),
    reduceOnly: isLucky(random, 12),
    flatten: isLucky(random, 40),
  });
}

export interface QuickCount {
  cases: number;
  /** That the rules allow as they are, and of them those that the quick look knows. */
  allowed: number;
  clear: number;
  /** That the quick look lets by, and the rules do not: there are none. */
  readonly wrong: string[];
}

/** Draws cases, one gate for a few of them, and asks both. */
export function countQuick(seed: number, cases: number): QuickCount {
  const random = createStream(seed, 'quick cases');
  const count: QuickCount = { cases: 0, allowed: 0, clear: 0, wrong: [] };
  const verdict = createVerdict();
  while (count.cases < cases) {
    const scale = pick(random, SCALES);
    const gate = drawGate(random, scale);
    for (let k = 0; k < 8; k++, count.cases++) {
      const view = drawView(random, scale);
      const order = drawOrder(random, scale);
      if (isLucky(random, 3)) tighten(random, gate, view, order);
      if (isLucky(random, 8)) Object.assign(view, { [pick(random, VIEW_NAMES)]: pick(random, BROKEN) });
      if (isLucky(random, 16)) Object.assign(order, { [pick(random, ORDER_NAMES)]: pick(random, BROKEN) });
      const [limits, budget] = [gate.instruments[order.instrument], gate.strategies[order.strategy]];
      const isLet =
        limits !== undefined && budget !== undefined && isClear(gate, view, order, limits, budget);
      const isAllowed = answerOf(gate, view, order);
      if (isLet) count.clear++;
      if (isAllowed) count.allowed++;
      if (isLet && !isAllowed) count.wrong.push(`seed ${seed}, case ${count.cases}`);
    }
  }
  return count;

  /** True where the rules let it by as it is; what throws does not. */
  function answerOf(gate: Gate, view: RiskView, order: Proposal): boolean {
    try {
      return checkByRules(gate, view, order, verdict) === 1 && verdict.allowedLots === order.qtyLots;
    } catch {
      return false;
    }
  }
}
