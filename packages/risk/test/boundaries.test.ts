// Each limit, on both sides where it has two: at the limit an order passes, one beyond it does not.
import { MONEY_NONE, NONE, nameOfCode } from '@truetape/contracts';
import {
  checkOrder,
  createVerdict,
  explainOrder,
  noteReject,
  setEquity,
  setOtherExposure,
} from '@truetape/risk';
import type { Proposal, RiskConfig, RuleName } from '@truetape/risk';
import { expect, test } from 'vitest';
import { checkByRules } from '../src/check.ts';
import { orderOf, SECOND, termsOf, viewOf, watched } from './setup.ts';
import type { Numbers } from './setup.ts';

interface Case {
  readonly rule: RuleName;
  readonly what: string;
  readonly config: RiskConfig;
  readonly view?: Numbers;
  readonly order?: Partial<Proposal>;
  /** What makes it one too many. */
  readonly beyond: { readonly view?: Numbers; readonly order?: Partial<Proposal> };
  /** Behind which the numbers are told. */
  readonly observed: bigint;
  readonly limit: bigint;
}

const SELL = { side: 2 } as const;
const lots = (limits: RiskConfig['limits']): RiskConfig => ({ limits: limits! });
const collar = (bps: number, against: 'touch' | 'mid' | 'last'): RiskConfig =>
  lots({ priceCollar: { bps, against } });
const one = (budget: NonNullable<RiskConfig['strategies']>[string]): RiskConfig => ({
  strategies: { one: budget },
});

const CASES: readonly Case[] = [
  {
    rule: 'dataAge',
    what: 'age',
    config: { account: { maxDataAgeNs: SECOND } },
    view: { marketTimeNs: 9 * SECOND },
    beyond: { view: { marketTimeNs: 9 * SECOND - 1 } },
    observed: 1_000_000_001n,
    limit: 1_000_000_000n,
  },
  {
    rule: 'staleTime',
    what: 'age',
    config: { kill: { staleData: { afterNs: 7, level: 'blockNew' } } },
    view: { marketTimeNs: 10 * SECOND - 7 },
    beyond: { view: { marketTimeNs: 10 * SECOND - 8 } },
    observed: 8n,
    limit: 7n,
  },
  {
    rule: 'loss',
    what: 'loss',
    config: { kill: { loss: { amount: '100', level: 'blockNew' } } },
    view: { equity: 9900n },
    beyond: { view: { equity: 9899n } },
    observed: 101n,
    limit: 100n,
  },
  {
    rule: 'drawdown',
    what: 'loss',
    config: { kill: { drawdown: { amount: '100', level: 'blockNew' } } },
    view: { equity: 9900n },
    beyond: { view: { equity: 9899n } },
    observed: 101n,
    limit: 100n,
  },
  {
    rule: 'dailyLoss',
    what: 'loss',
    config: { kill: { dailyLoss: { amount: '100', level: 'blockNew' } } },
    view: { equity: 9900n },
    beyond: { view: { equity: 9899n } },
    observed: 101n,
    limit: 100n,
  },
  {
    rule: 'loss',
    what: 'a loss beyond 2^53',
    config: { kill: { loss: { amount: '100000000000000000000', level: 'blockNew' } } },
    view: { equity: 10_000n - 10n ** 20n },
    beyond: { view: { equity: 9999n - 10n ** 20n } },
    observed: 10n ** 20n + 1n,
    limit: 10n ** 20n,
  },
  {
    rule: 'orderQty',
    what: 'buy',
    config: lots({ maxOrderLots: 10 }),
    beyond: { order: { qtyLots: 11 } },
    observed: 11n,
    limit: 10n,
  },
  {
    rule: 'orderQty',
    what: 'sell',
    config: lots({ maxOrderLots: 10 }),
    order: SELL,
    beyond: { order: { qtyLots: 11 } },
    observed: 11n,
    limit: 10n,
  },
  {
    rule: 'orderQty',
    what: 'none at all',
    config: lots({ maxOrderLots: 1 }),
    order: { qtyLots: 1 },
    beyond: { order: { qtyLots: 2 } },
    observed: 2n,
    limit: 1n,
  },
  {
    rule: 'notional',
    what: 'buy at its price',
    config: lots({ maxNotional: '1000' }),
    beyond: { order: { priceTicks: 101 } },
    observed: 1010n,
    limit: 1000n,
  },
  {
    rule: 'notional',
    what: 'sell at its price',
    config: lots({ maxNotional: '1000' }),
    order: SELL,
    beyond: { order: { priceTicks: 101 } },
    observed: 1010n,
    limit: 1000n,
  },
  {
    rule: 'notional',
    what: 'sell below the bid, which is dearer',
    config: lots({ maxNotional: '990' }),
    order: { side: 2, priceTicks: 1 },
    beyond: { view: { bidTicks: 100 } },
    observed: 1000n,
    limit: 990n,
  },
  {
    rule: 'notional',
    what: 'market buy at the ask',
    config: lots({ maxNotional: '1010' }),
    order: { type: 2, priceTicks: NONE },
    beyond: { view: { askTicks: 102 } },
    observed: 1020n,
    limit: 1010n,
  },
  {
    rule: 'notional',
    what: 'market sell at the bid',
    config: lots({ maxNotional: '990' }),
    order: { side: 2, type: 2, priceTicks: NONE },
    beyond: { view: { bidTicks: 100 } },
    observed: 1000n,
    limit: 990n,
  },
  {
    rule: 'priceCollar',
    what: 'eager buy',
    config: collar(100, 'touch'),
    order: { priceTicks: 102 },
    beyond: { order: { priceTicks: 103 } },
    observed: 103n,
    limit: 102n,
  },
  {
    rule: 'priceCollar',
    what: 'eager sell',
    config: collar(100, 'touch'),
    order: { side: 2, priceTicks: 99 },
    beyond: { order: { priceTicks: 98 } },
    observed: 98n,
    limit: 99n,
  },
  {
    rule: 'priceCollar',
    what: 'eager sell, coarse',
    config: collar(200, 'touch'),
    view: { bidTicks: 1000 },
    order: { side: 2, priceTicks: 980 },
    beyond: { order: { priceTicks: 979 } },
    observed: 979n,
    limit: 980n,
  },
  {
    rule: 'priceCollar',
    what: 'buy above the middle',
    config: collar(250, 'mid'),
    order: { priceTicks: 102 },
    beyond: { order: { priceTicks: 103 } },
    observed: 103n,
    limit: 102n,
  },
  {
    rule: 'priceCollar',
    what: 'buy below the middle',
    config: collar(250, 'mid'),
    order: { priceTicks: 98 },
    beyond: { order: { priceTicks: 97 } },
    observed: 97n,
    limit: 98n,
  },
  {
    rule: 'priceCollar',
    what: 'sell above the last trade',
    config: collar(500, 'last'),
    order: { side: 2, priceTicks: 105 },
    beyond: { order: { priceTicks: 106 } },
    observed: 106n,
    limit: 105n,
  },
  {
    rule: 'priceCollar',
    what: 'sell below the last trade',
    config: collar(500, 'last'),
    order: { side: 2, priceTicks: 95 },
    beyond: { order: { priceTicks: 94 } },
    observed: 94n,
    limit: 95n,
  },
  {
    rule: 'parentQty',
    what: 'child of a parent',
    config: {},
    order: { parentId: 9, parentQtyLots: 25, parentSentLots: 15 },
    beyond: { order: { parentSentLots: 16 } },
    observed: 26n,
    limit: 25n,
  },
  {
    rule: 'position',
    what: 'buy, others open',
    config: lots({ maxPositionLots: 100 }),
    view: { positionLots: 30, openBuyLots: 60, openSellLots: 500 },
    beyond: { view: { openBuyLots: 61 } },
    observed: 101n,
    limit: 100n,
  },
  {
    rule: 'position',
    what: 'sell, others open',
    config: lots({ maxPositionLots: 100 }),
    order: SELL,
    view: { positionLots: -30, openSellLots: 60, openBuyLots: 500 },
    beyond: { view: { positionLots: -31 } },
    observed: 101n,
    limit: 100n,
  },
  {
    rule: 'position',
    what: 'sell through a long position',
    config: lots({ maxPositionLots: 100 }),
    order: { side: 2, qtyLots: 150 },
    view: { positionLots: 50 },
    beyond: { order: { qtyLots: 151 } },
    observed: 101n,
    limit: 100n,
  },
  {
    rule: 'position',
    what: 'amend, its order replaced',
    config: lots({ maxPositionLots: 100 }),
    order: { qtyLots: 100, replacedLots: 60 },
    view: { openBuyLots: 60 },
    beyond: { order: { qtyLots: 101 } },
    observed: 101n,
    limit: 100n,
  },
  {
    rule: 'openOrders',
    what: 'one more',
    config: lots({ maxOpenOrders: 3 }),
    view: { openOrders: 2 },
    beyond: { view: { openOrders: 3 } },
    observed: 4n,
    limit: 3n,
  },
  {
    rule: 'openOrders',
    what: 'an amend, none more',
    config: lots({ maxOpenOrders: 3 }),
    view: { openOrders: 3, openBuyLots: 5 },
    order: { replacedLots: 5 },
    beyond: { view: { openOrders: 4 } },
    observed: 4n,
    limit: 3n,
  },
  {
    rule: 'leverage',
    what: 'buy at the ask',
    config: { account: { maxLeverageBps: 1010 } },
    beyond: { order: { qtyLots: 11 } },
    observed: 1111n,
    limit: 1010n,
  },
  {
    rule: 'leverage',
    what: 'sell at the ask, the dearest',
    config: { account: { maxLeverageBps: 1010 } },
    order: SELL,
    beyond: { order: { qtyLots: 11 } },
    observed: 1111n,
    limit: 1010n,
  },
  {
    rule: 'leverage',
    what: 'with other instruments',
    config: { account: { maxLeverageBps: 10_000 } },
    view: { otherExposure: 8990n },
    beyond: { view: { otherExposure: 8991n } },
    observed: 10_001n,
    limit: 10_000n,
  },
  {
    rule: 'leverage',
    what: 'equity rounds down',
    config: { account: { maxLeverageBps: 1 } },
    view: { equity: 10_100_000n },
    beyond: { view: { equity: 10_099_999n } },
    observed: 1010n,
    limit: 1009n,
  },
  {
    rule: 'strategyPosition',
    what: 'buy',
    config: one({ maxPositionLots: 20 }),
    view: { strategyPositionLots: 4, strategyOpenBuyLots: 6 },
    beyond: { view: { strategyOpenBuyLots: 7 } },
    observed: 21n,
    limit: 20n,
  },
  {
    rule: 'strategyPosition',
    what: 'sell',
    config: one({ maxPositionLots: 20 }),
    order: SELL,
    view: { strategyPositionLots: -4, strategyOpenSellLots: 6 },
    beyond: { view: { strategyPositionLots: -5 } },
    observed: 21n,
    limit: 20n,
  },
  {
    rule: 'strategyOpenOrders',
    what: 'one more',
    config: one({ maxOpenOrders: 1 }),
    beyond: { view: { strategyOpenOrders: 1 } },
    observed: 2n,
    limit: 1n,
  },
  {
    rule: 'strategyLoss',
    what: 'loss',
    config: one({ maxLoss: '7' }),
    view: { strategyPnl: -7n },
    beyond: { view: { strategyPnl: -8n } },
    observed: 8n,
    limit: 7n,
  },
];

test.each(CASES)('$rule: $what', ({ rule, config, view = {}, order = {}, beyond, observed, limit }) => {
  const verdict = createVerdict();
  const gate = watched(config);
  const at = { view: viewOf(view), order: orderOf(order) };
  expect(checkOrder(gate, at.view, at.order, verdict)).toBe(1);
  expect(verdict).toMatchObject({ code: 0, rule: 0, allowedLots: at.order.qtyLots, observed: MONEY_NONE });
  // The quick look before the rules does not answer in their place.
  expect(checkByRules(gate, at.view, at.order, verdict)).toBe(1);
  const over = { view: viewOf({ ...view, ...beyond.view }), order: orderOf({ ...order, ...beyond.order }) };
  expect(checkOrder(gate, over.view, over.order, verdict)).toBe(2);
  expect(nameOfCode('rule', verdict.rule)).toBe(rule);
  expect(verdict).toMatchObject({ observed, limit, allowedLots: 0 });
  // Nothing else objects: the boundary is this rule's own.
  const failing = explainOrder(gate, over.view, over.order, verdict).filter(({ code }) => code !== undefined);
  expect(failing.map((one) => one.rule)).toEqual([rule]);
});

test('a reject as old as the window does not count; one more than the limit within it does', () => {
  const verdict = createVerdict();
  const config: RiskConfig = { kill: { rejectSpike: { rejects: 2, withinNs: SECOND, level: 'blockNew' } } };
  const gate = watched(config);
  for (const timeNs of [10 * SECOND, 10 * SECOND + 1, 10 * SECOND + 2]) noteReject(gate, timeNs);
  const order = orderOf();
  expect(checkOrder(gate, viewOf({ timeNs: 11 * SECOND - 1 }), order, verdict)).toBe(2);
  expect(verdict).toMatchObject({ observed: 3n, limit: 2n });
  expect(checkOrder(gate, viewOf({ timeNs: 11 * SECOND }), order, verdict)).toBe(1);
});

// Fails where an inverse contract is valued like a linear one, or at the price where it is worth least.
test('an inverse contract is worth most at its lowest price', () => {
  const verdict = createVerdict();
  const terms = termsOf({ class: 'inverse', contractSize: '100', moneyScale: 8 });
  const instruments = [{ index: 1, name: 'SIM', terms, asset: 1 }];
  // 100 ÷ 100 = 1 of the base for a lot.
  const gate = watched({ limits: { maxNotional: '10' } }, viewOf(), { instruments });
  expect(checkOrder(gate, viewOf(), orderOf(), verdict)).toBe(1);
  expect(checkOrder(gate, viewOf(), orderOf({ qtyLots: 11 }), verdict)).toBe(2);
  expect(verdict).toMatchObject({ observed: 1_100_000_000n, limit: 1_000_000_000n, asset: 1 });
  expect(checkOrder(gate, viewOf({ bidTicks: 98, askTicks: 99 }), orderOf(), verdict)).toBe(2);
  expect(checkOrder(gate, viewOf(), orderOf({ side: 2, priceTicks: 99 }), verdict)).toBe(2);
  expect(checkOrder(gate, viewOf(), orderOf({ side: 2, priceTicks: 101 }), verdict)).toBe(1);
});

test('leverage of an inverse contract, and of money beyond 2^53, is exact', () => {
  const verdict = createVerdict();
  const terms = termsOf({ class: 'inverse', contractSize: '100', moneyScale: 18 });
  const changes = {
    instruments: [{ index: 1, name: 'SIM', terms, asset: 1 }],
    account: { asset: 1, scale: 18 },
  };
  const config: RiskConfig = { account: { maxLeverageBps: 10_000 } };
  const enough = 10n ** 21n / 99n + 1n;
  const view = viewOf({ equity: enough });
  const gate = watched(config, view, changes);
  expect(checkOrder(gate, view, orderOf(), verdict)).toBe(1);
  setEquity(view, enough - 1n);
  expect(checkOrder(gate, view, orderOf(), verdict)).toBe(2);
  expect(verdict).toMatchObject({ observed: enough, limit: enough - 1n });
  // What the other instruments are worth comes on top.
  setEquity(view, enough + 7n);
  setOtherExposure(view, 7n);
  expect(checkOrder(gate, view, orderOf(), verdict)).toBe(1);
  setOtherExposure(view, 8n);
  expect(checkOrder(gate, view, orderOf(), verdict)).toBe(2);
});
