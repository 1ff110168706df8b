// One table: the codes of the contracts, what is generated from it, and for every two rules that an order breaks, which tells.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DENIAL_CODES, NONE, RISK_RULES, nameOfCode } from '@truetape/contracts';
import { RULES, checkOrder, createVerdict, explainOrder, setEquity, setOtherExposure } from '@truetape/risk';
import { noteReject, setStrategyPnl } from '@truetape/risk';
import type { Gate, Proposal, RiskView, RuleName } from '@truetape/risk';
import { describe, expect, test } from 'vitest';
import { rememberId } from '../src/seen-ids.ts';
import { generatedFiles } from '../tools/generate.ts';
import { ALL, SECOND, orderOf, viewOf, watched } from './setup.ts';

interface Setting {
  readonly gate: Gate;
  readonly view: RiskView;
  readonly order: Proposal;
}

/** Takes the `readonly` off, to put a gate where no order of events would bring it so quickly. */
const set = (target: object, values: object): void => void Object.assign(target, values);
const empty = { level: 0, sinceNs: 10 * SECOND };

/** What breaks one rule and no other. `uncertainTime` is never alone: what is uncertain breaks `certainty`. */
const BREAKS: { readonly [rule in RuleName]?: (setting: Setting) => void } = {
  killSwitch: ({ gate }) => set(gate, { level: 2 }),
  instrument: ({ view, order }) => [view, order].forEach((one) => set(one, { instrument: 9 })),
  strategy: ({ view, order }) => [view, order].forEach((one) => set(one, { strategy: 7 })),
  view: ({ gate }) => set(gate, { lastNs: 10 * SECOND + 1 }),
  certainty: ({ view }) => set(view, { isCertain: false }),
  dataAge: ({ view }) => set(view, { marketTimeNs: 7 * SECOND }),
  staleTime: ({ gate }) => set(gate.stale!, { afterNs: -1 }),
  loss: ({ gate }) => set(gate.startEquity, { exact: 11_001n, units: 11_001 }),
  drawdown: ({ gate }) => set(gate.peakEquity, { exact: 10_801n, units: 10_801 }),
  dailyLoss: ({ gate }) => set(gate.dayEquity, { exact: 10_601n, units: 10_601 }),
  rejectSpike: ({ gate }) => [1, 2, 3, 4].forEach(() => noteReject(gate, 10 * SECOND)),
  clientId: ({ gate }) => rememberId(gate.seenIds, 1),
  orderForm: ({ order }) => set(order, { type: 3 }),
  quantity: ({ order }) => set(order, { qtyLots: 0 }),
  price: ({ order }) => set(order, { priceTicks: 0 }),
  reduceOnly: ({ order }) => set(order, { reduceOnly: true }),
  orderQty: ({ gate }) => set(gate.instruments[1]!, { maxOrderLots: 9 }),
  notional: ({ gate }) => set(gate.instruments[1]!, { maxNotional: { exact: 999n, units: 999 } }),
  priceCollar: ({ view }) => set(view, { askTicks: 90 }),
  parentQty: ({ order }) => set(order, { parentId: 3, parentQtyLots: 9, parentSentLots: 0 }),
  position: ({ view }) => set(view, { openBuyLots: 91 }),
  openOrders: ({ view }) => set(view, { openOrders: 10 }),
  leverage: ({ view }) => setOtherExposure(view, 1_000_000n),
  strategyPosition: ({ view }) => set(view, { strategyPositionLots: 71 }),
  strategyOpenOrders: ({ view }) => set(view, { strategyOpenOrders: 6 }),
  strategyLoss: ({ view }) => setStrategyPnl(view, -501n),
  strategyRate: ({ gate }) => set(gate.strategies[0].bucket!, empty),
  orderRate: ({ gate }) => set(gate.bucket!, empty),
};

const names = RULES.map(({ rule }) => rule).filter((rule) => BREAKS[rule] !== undefined);

function broken(...rules: readonly RuleName[]): Setting {
  const view = viewOf();
  const setting = { gate: watched(ALL, view), view, order: orderOf() };
  // The amounts of which a quantity of 0 is not too much stay broken, whichever comes first.
  for (const rule of rules) BREAKS[rule]!(setting);
  return setting;
}

/** Which rules fail on their own account, of all. */
const failing = ({ gate, view, order }: Setting): RuleName[] =>
  explainOrder(gate, view, order, createVerdict())
    .filter(({ code }) => code !== undefined)
    .map(({ rule }) => rule);

test('rules and codes are those of the contracts, in their order', () => {
  expect(RULES.map(({ rule }) => rule)).toEqual(RISK_RULES);
  expect(['notComputable', ...RULES.map(({ code }) => code)]).toEqual(DENIAL_CODES);
  expect(names).toHaveLength(RULES.length - 1);
});

test('RISK-5: the rules of the running are those that a configuration gives a level', () => {
  const { kill } = ALL;
  const settings = RULES.filter(({ phase }) => phase === 'runtime').map(({ setting }) => setting);
  expect(settings.toSorted()).toEqual(
    Object.keys(kill!)
      .map((name) => `kill.${name}`)
      .toSorted(),
  );
});

test.each([...generatedFiles()])('%s is what the table generates', (path, text) => {
  expect(readFileSync(join(import.meta.dirname, '../../..', path), 'utf8')).toBe(text);
});

describe('a rule that is broken alone tells', () => {
  test.each(names)('%s', (rule) => {
    const { gate, view, order } = broken(rule);
    const verdict = createVerdict();
    checkOrder(gate, view, order, verdict);
    expect(nameOfCode('rule', verdict.rule)).toBe(rule);
    const row = RULES.find((one) => one.rule === rule)!;
    expect(verdict.verdict).toBe(row.code.toLowerCase().endsWith('throttled') ? 4 : 2);
    expect(['notComputable', row.code]).toContain(nameOfCode('denialCode', verdict.code));
    expect(verdict.allowedLots).toBe(0);
  });
});

// Fails when two rules change places in what is generated, or an exemption is lost.
test('of every two, the one that stands first', () => {
  const wrong: string[] = [];
  for (const [k, first] of names.entries())
    for (const second of names.slice(k + 1)) {
      const setting = broken(first, second);
      const verdict = createVerdict();
      checkOrder(setting.gate, setting.view, setting.order, verdict);
      const told = nameOfCode('rule', verdict.rule);
      const { exempts } = RULES.find(({ rule }) => rule === first)!;
      // An order that only reduces is let by.
      const expected = second === 'reduceOnly' && exempts === 'reducing' ? second : first;
      if (told !== expected || failing(setting)[0] !== expected) wrong.push(`${first}, ${second}: ${told}`);
    }
  expect(wrong).toEqual([]);
});

test('a sound order breaks none, and changes nothing but the verdict', () => {
  const setting = broken();
  const before = structuredClone({ ...setting, gate: { ...setting.gate, setup: undefined } });
  const verdict = createVerdict();
  for (let k = 0; k < 3; k++) expect(checkOrder(setting.gate, setting.view, setting.order, verdict)).toBe(1);
  expect(failing(setting)).toEqual([]);
  expect({ ...setting, gate: { ...setting.gate, setup: undefined } }).toEqual(before);
  setEquity(setting.view, 0n);
  expect(checkOrder(setting.gate, setting.view, setting.order, verdict)).toBe(2);
  expect(setting.order.parentId).toBe(NONE);
});

test('a refused order changes nothing but the verdict either', () => {
  for (const rule of names) {
    const setting = broken(rule);
    const before = structuredClone({ ...setting, gate: { ...setting.gate, setup: undefined } });
    checkOrder(setting.gate, setting.view, setting.order, createVerdict());
    failing(setting);
    expect({ ...setting, gate: { ...setting.gate, setup: undefined } }).toEqual(before);
  }
});
