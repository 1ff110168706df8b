// The quick look before the rules: it lets by nothing that they do not, and it does let by.
import { NONE } from '@truetape/contracts';
import { createVerdict } from '@truetape/risk';
import type { Proposal, RiskConfig } from '@truetape/risk';
import { expect, test } from 'vitest';
import { checkByRules } from '../src/check.ts';
import { isClear } from '../src/quick.ts';
import { rememberId } from '../src/seen-ids.ts';
import { seeds } from './property.ts';
import { countQuick } from './quick-cases.ts';
import { ALL, orderOf, termsOf, viewOf, watched } from './setup.ts';
import type { Numbers } from './setup.ts';

// Fails when a bound of the quick look is one too wide, a broken number gets by, or it lets nothing by.
test.each(seeds(73))('what is let by at once, the rules let by too (seed %i)', (seed) => {
  const { wrong, clear, allowed } = countQuick(seed, 40_000);
  expect(wrong).toEqual([]);
  // The rest only reduces, or is worth what doubles do not hold.
  expect(clear).toBeGreaterThan(allowed * 0.4);
});

// What is drawn so rarely that it is told here: each is refused by the rules, and not let by before them.
test.each<readonly [string, RiskConfig, Partial<Proposal>, Numbers]>([
  [
    'a market order whose exposure nobody can value',
    { account: { maxLeverageBps: 10_000 } },
    { type: 2, priceTicks: NONE },
    { bidTicks: NONE, askTicks: NONE, lastTicks: NONE },
  ],
  [
    'lots that doubles do not hold together',
    { account: { maxLeverageBps: 10_000_000 } },
    { qtyLots: 2 ** 51, priceTicks: 1 },
    {
      positionLots: 2 ** 52,
      openBuyLots: 2 ** 52,
      bidTicks: 1,
      askTicks: 1,
      lastTicks: 1,
      equity: 10n ** 15n,
    },
  ],
  [
    'a tick beyond a collar whose products doubles do not hold',
    { limits: { priceCollar: { bps: 1, against: 'last' } } },
    { priceTicks: 35_187_890_527_146 },
    { lastTicks: 35_184_372_089_937 },
  ],
])('%s', (_, config, changes, numbers) => {
  const view = viewOf(numbers);
  const gate = watched(config, view);
  const order = orderOf(changes);
  expect(checkByRules(gate, view, order, createVerdict())).toBe(2);
  expect(isClear(gate, view, order, gate.instruments[1]!, gate.strategies[0])).toBe(false);
});

const INVERSE = termsOf({ class: 'inverse', contractSize: '100', moneyScale: 0 });

// Without these it would be right and of no use: each of them goes by at once, every limit in force.
test.each<readonly [string, Partial<Proposal>, Numbers]>([
  ['a limit buy', {}, {}],
  ['a sell out of a long position', { side: 2 }, { positionLots: 100 }],
  ['a sell through zero', { side: 2 }, { positionLots: 5 }],
  ['an order at its position limit', {}, { positionLots: 60, openBuyLots: 30 }],
  ['a market order', { type: 2, priceTicks: NONE }, {}],
  ['an amend', { replacedLots: 5, orderId: 4 }, { openBuyLots: 5, strategyOpenBuyLots: 5, openOrders: 10 }],
  ['a child', { parentId: 3, parentQtyLots: 20, parentSentLots: 10 }, {}],
  ['an id below the highest, and new', { orderId: 3 }, {}],
  ['an order into half a book', { side: 1 }, { bidTicks: NONE, lastTicks: NONE }],
])('%s', (_, changes, numbers) => {
  for (const terms of [termsOf(), INVERSE]) {
    const view = viewOf(numbers);
    const gate = watched(ALL, view, { instruments: [{ index: 1, name: 'SIM', terms, asset: 1 }] });
    rememberId(gate.seenIds, 4);
    const order = orderOf({ orderId: 5, ...changes });
    expect(isClear(gate, view, order, gate.instruments[1]!, gate.strategies[0])).toBe(true);
  }
});
