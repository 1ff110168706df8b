// What is beyond a limit of position or leverage may become less: an amend that only makes its order smaller goes.
import { NONE, nameOfCode } from '@truetape/contracts';
import { createVerdict, explainOrder } from '@truetape/risk';
import type { Proposal, RiskConfig, RuleName } from '@truetape/risk';
import { describe, expect, test } from 'vitest';
import { checkByRules, checkOrder } from '../src/check.ts';
import { isClear } from '../src/quick.ts';
import { orderOf, viewOf, watched } from './setup.ts';
import type { Numbers } from './setup.ts';

/** Each with a side that is beyond its limit far more than the order could make good. */
const BROKEN: readonly (readonly [RuleName, RiskConfig, Numbers])[] = [
  ['position', { limits: { maxPositionLots: 0 } }, { positionLots: 90, openBuyLots: 30 }],
  ['position', { limits: { maxPositionLots: 0 } }, { positionLots: -5, openBuyLots: 30 }],
  ['leverage', { account: { maxLeverageBps: 1 } }, { positionLots: 90, openBuyLots: 30 }],
  ['leverage', { account: { maxLeverageBps: 10_000 } }, { openBuyLots: 30, equity: -5n }],
  [
    'strategyPosition',
    { strategies: { one: { maxPositionLots: 7 } } },
    { strategyPositionLots: 90, openBuyLots: 30, strategyOpenBuyLots: 30 },
  ],
];
/** Of 10 lots at 100, nine are to be left. */
const SMALLER = { replacedLots: 10, replacedTicks: 100, priceTicks: 100, qtyLots: 9 } as const;

function says(config: RiskConfig, numbers: Numbers, changes: Partial<Proposal>): string {
  const view = viewOf(numbers);
  const gate = watched(config, view);
  const order = orderOf({ ...SMALLER, ...changes });
  const verdict = createVerdict();
  checkByRules(gate, view, order, verdict);
  const told = verdict.code === 0 ? '' : ` ${nameOfCode('rule', verdict.rule)}`;
  const said = `${nameOfCode('verdict', verdict.verdict)}${told} ${verdict.allowedLots}`;
  // The quick look knows it too, and says nothing else.
  const isAllowed = verdict.verdict === 1;
  expect(isClear(gate, view, order, gate.instruments[1]!, gate.strategies[0])).toBe(isAllowed);
  expect(checkOrder(gate, view, order, createVerdict())).toBe(verdict.verdict);
  return said;
}

describe.each(BROKEN)('%s %j', (rule, config, numbers) => {
  test.each<readonly [string, Partial<Proposal>]>([
    ['smaller by one', {}],
    ['down to one', { qtyLots: 1 }],
  ])('%s goes', (_, changes) => {
    expect(says(config, numbers, changes)).toBe(`allow ${{ ...SMALLER, ...changes }.qtyLots}`);
  });

  test.each<readonly [string, Partial<Proposal>]>([
    ['as large as it is', { qtyLots: 10 }],
    ['larger', { qtyLots: 11 }],
    ['at a better price', { priceTicks: 101 }],
    ['at a worse price', { priceTicks: 99 }],
    ['at a price that nobody knows', { replacedTicks: NONE }],
    ['a new order', { replacedLots: NONE }],
    ['a market order', { type: 2, priceTicks: NONE, replacedTicks: NONE }],
  ])('%s does not', (_, changes) => {
    expect(says(config, numbers, changes)).toBe(`deny ${rule} 0`);
  });

  test.each([NONE, NaN, undefined, null, 0.5, Infinity, 2 ** 53, '30', 31])('open lots %s deny', (lots) => {
    const unknown = { openBuyLots: lots, strategyOpenBuyLots: lots } as Numbers;
    // Of 31 lots an order of 10 may well be a part.
    if (lots !== 31) expect(says(config, { ...numbers, ...unknown }, {})).toBe(`deny ${rule} 0`);
    expect(says(config, numbers, { replacedLots: lots as number })).toBe(`deny ${rule} 0`);
  });

  test('the rule tells what it saw, and that it lets it by', () => {
    const view = viewOf(numbers);
    const found = explainOrder(watched(config, view), view, orderOf(SMALLER), createVerdict());
    const one = found.find((finding) => finding.rule === rule)!;
    expect(one).toMatchObject({ outcome: 'exempt', code: undefined });
    expect(one.observed > one.limit).toBe(true);
  });
});

// Fails where more than position and leverage is forgiven.
test.each<readonly [RuleName, RiskConfig, Numbers]>([
  ['orderQty', { limits: { maxOrderLots: 8 } }, {}],
  ['notional', { limits: { maxNotional: '899' } }, {}],
  [
    'priceCollar',
    { limits: { priceCollar: { bps: 100, against: 'touch' } } },
    { askTicks: 98, bidTicks: 97 },
  ],
  ['openOrders', { limits: { maxOpenOrders: 1 } }, { openOrders: 2 }],
  ['strategyLoss', { strategies: { one: { maxLoss: '5' } } }, { strategyPnl: -6n }],
  ['loss', { kill: { loss: { amount: '5', level: 'blockNew' } } }, {}],
])('%s judges it as any other amend', (rule, config, numbers) => {
  const view = viewOf({ openBuyLots: 10, ...numbers });
  const gate = watched(config, view);
  if (rule === 'loss') Object.assign(gate.startEquity, { exact: 10_006n, units: 10_006 });
  const verdict = createVerdict();
  expect(checkOrder(gate, view, orderOf(SMALLER), verdict)).toBe(2);
  expect(nameOfCode('rule', verdict.rule)).toBe(rule);
});
