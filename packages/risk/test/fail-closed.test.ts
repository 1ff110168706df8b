// What is missing, denies: each number of view and order, made absent, broken, or beyond what a double holds.
import { MONEY_NONE, NONE, nameOfCode } from '@truetape/contracts';
import { createProposal, createRiskView, createVerdict, checkOrder } from '@truetape/risk';
import { setEquity, setOtherExposure, setStrategyPnl } from '@truetape/risk';
import type { Proposal, RiskView } from '@truetape/risk';
import { describe, expect, test } from 'vitest';
import { checkByRules } from '../src/check.ts';
import { ALL, DAY, SECOND, gateOf, orderOf, termsOf, viewOf, watched } from './setup.ts';

const BROKEN: readonly unknown[] = [NONE, NaN, undefined, null, 0.5, Infinity, 2 ** 53, '7', true, 7n];

function answerTo(view: RiskView, order: Proposal = orderOf()): string {
  const gate = watched({ ...ALL, limits: { ...ALL.limits, priceCollar: { bps: 1000, against: 'last' } } });
  const verdict = createVerdict();
  // Bigints do not mix with numbers: such a mistake throws, and that is no allow either.
  try {
    checkOrder(gate, view, order, verdict);
  } catch {
    return 'throws';
  }
  if (verdict.verdict === 1) {
    // The quick look before the rules knows no more than they do.
    expect(checkByRules(gate, view, order, verdict)).toBe(1);
    return 'allow';
  }
  return `${nameOfCode('verdict', verdict.verdict)} ${nameOfCode('denialCode', verdict.code)}`;
}

const NEEDED = [
  'timeNs',
  'instrument',
  'strategy',
  'lastTicks',
  'marketTimeNs',
  'positionLots',
  'openBuyLots',
  'openSellLots',
  'openOrders',
  'strategyPositionLots',
  'strategyOpenBuyLots',
  'strategyOpenSellLots',
  'strategyOpenOrders',
] as const satisfies readonly (keyof RiskView)[];

describe('of a view', () => {
  test.each(NEEDED)('%s', (name) => {
    const answers = BROKEN.map((value) => answerTo(Object.assign(viewOf(), { [name]: value })));
    expect(answers.filter((answer) => !/^deny |^throws$/.test(answer))).toEqual([]);
  });

  // An absent touch is an empty side; anything else that is no price denies.
  test.each(['bidTicks', 'askTicks'] as const)('%s', (name) => {
    const answers = BROKEN.slice(1).map((value) => answerTo(Object.assign(viewOf(), { [name]: value })));
    expect(answers.filter((answer) => !/^deny |^throws$/.test(answer))).toEqual([]);
    expect(answerTo(viewOf({ [name]: 0 }))).toBe('deny notComputable');
    expect(answerTo(viewOf({ [name]: NONE }))).toBe('allow');
  });

  test.each([
    ['equity', (view: RiskView) => setEquity(view, MONEY_NONE)],
    ['the exposure of others', (view: RiskView) => setOtherExposure(view, MONEY_NONE)],
    ['an exposure below zero', (view: RiskView) => setOtherExposure(view, -1n)],
    ['the strategy’s profit', (view: RiskView) => setStrategyPnl(view, MONEY_NONE)],
  ])('%s', (_, spoil) => {
    const view = viewOf();
    spoil(view);
    expect(answerTo(view)).toBe('deny notComputable');
  });

  test.each([false, undefined, 1, 'true'])('certainty %s', (isCertain) => {
    expect(answerTo(Object.assign(viewOf(), { isCertain }))).toBe('deny uncertainData');
  });

  test('all of it', () => {
    expect(answerTo(createRiskView())).toBe('deny badView');
    expect(answerTo(createRiskView(), createProposal())).toBe('deny unknownInstrument');
    expect(answerTo(viewOf(), createProposal())).toBe('deny unknownInstrument');
  });

  test.each([
    ['data from the future', { marketTimeNs: 10 * SECOND + 1 }],
    ['open quantities below zero', { openBuyLots: -1 }],
    ['a count below zero', { openOrders: -1 }],
    ['a sum that doubles do not hold', { openBuyLots: 2 ** 53 - 5 }],
    [
      'a sum that would come back into their range',
      { positionLots: -(2 ** 53 - 1), openBuyLots: 2 ** 53 - 1 },
    ],
  ])('%s', (_, changes) => {
    expect(answerTo(viewOf(changes))).toMatch(/^deny /);
  });
});

describe('of an order', () => {
  const PARENT = { parentId: 3, parentQtyLots: 50, parentSentLots: 0 };
  test.each([
    ['strategy', {}],
    ['orderId', {}],
    ['instrument', {}],
    ['side', {}],
    ['type', {}],
    ['priceTicks', {}],
    ['qtyLots', {}],
    ['parentQtyLots', PARENT],
    ['parentSentLots', PARENT],
  ] as const)('%s', (name, changes) => {
    const answers = BROKEN.map((value) =>
      answerTo(viewOf(), Object.assign(orderOf(changes), { [name]: value })),
    );
    expect(answers.filter((answer) => !/^deny |^throws$/.test(answer))).toEqual([]);
  });

  test.each(['parentId', 'replacedLots'] as const)('%s, but NONE', (name) => {
    const answers = BROKEN.slice(1).map((value) =>
      answerTo(viewOf(), Object.assign(orderOf(), { [name]: value })),
    );
    expect(answers.filter((answer) => !/^deny |^throws$/.test(answer))).toEqual([]);
  });

  test('a market order with a price, and one in an empty book', () => {
    expect(answerTo(viewOf(), orderOf({ type: 2 }))).toBe('deny badPrice');
    expect(answerTo(viewOf({ askTicks: NONE }), orderOf({ type: 2, priceTicks: NONE }))).toBe(
      'deny notComputable',
    );
  });

  test('an amend of more than is open', () => {
    expect(answerTo(viewOf({ openBuyLots: 5 }), orderOf({ replacedLots: 6 }))).toBe('deny notComputable');
  });
});

test.each([
  ['touch', { askTicks: NONE }],
  ['mid', { askTicks: NONE }],
  ['mid', { bidTicks: 102 }],
  ['last', { lastTicks: NONE }],
] as const)('a collar against %s without it', (against, changes) => {
  const verdict = createVerdict();
  const gate = watched({ limits: { priceCollar: { bps: 100, against } } });
  expect(checkOrder(gate, viewOf(changes), orderOf(), verdict)).toBe(2);
  expect(verdict).toMatchObject({ code: 1, observed: MONEY_NONE, limit: MONEY_NONE, unit: 0 });
});

test('leverage in another asset than the account’s', () => {
  const verdict = createVerdict();
  const instruments = [{ index: 1, name: 'SIM', terms: termsOf(), asset: 2 }];
  const gate = watched({ account: { maxLeverageBps: 1_000_000 } }, viewOf(), { instruments });
  expect(checkOrder(gate, viewOf(), orderOf(), verdict)).toBe(2);
  expect(verdict).toMatchObject({ code: 1 });
});

// Fails when a gate that nobody has shown any equity takes it for no loss.
test.each(['loss', 'drawdown', 'dailyLoss'] as const)(
  '%s before the gate has looked, and on a day before its own',
  (name) => {
    const config = { kill: { [name]: { amount: '1000', level: 'blockNew' } } } as const;
    const verdict = createVerdict();
    expect(checkOrder(gateOf(config), viewOf(), orderOf(), verdict)).toBe(2);
    expect(verdict).toMatchObject({ code: 1 });
    const gate = watched(config);
    const later = viewOf({ timeNs: 10 * SECOND + DAY, marketTimeNs: 10 * SECOND + DAY });
    expect(checkOrder(gate, later, orderOf(), verdict)).toBe(1);
    Object.assign(gate, { dayFromNs: 11 * SECOND, dayToNs: 11 * SECOND + DAY });
    expect(checkOrder(gate, viewOf(), orderOf(), verdict)).toBe(name === 'dailyLoss' ? 2 : 1);
  },
);
