// What limits are read as: in the digits of their asset, and 0 is one.
import { nameOfCode } from '@truetape/contracts';
import { checkOrder, createGate, createVerdict } from '@truetape/risk';
import type { RiskConfig, RuleName } from '@truetape/risk';
import { expect, test } from 'vitest';
import { SECOND, orderOf, setupOf, termsOf, viewOf, watched } from './setup.ts';
import type { Numbers } from './setup.ts';

const lots = (limits: RiskConfig['limits']): RiskConfig => ({ limits: limits! });
const one = (budget: NonNullable<RiskConfig['strategies']>[string]): RiskConfig => ({
  strategies: { one: budget },
});

// Fails when decimals are read at another scale than that of the money that they limit.
test('limits are in the digits of their asset', () => {
  const config: RiskConfig = {
    limits: { maxNotional: '12.5' },
    strategies: { one: { maxLoss: '0.25' } },
    kill: { loss: { amount: '1.0050', level: 'flatten' } },
  };
  const changes = {
    instruments: [{ index: 1, name: 'SIM', terms: termsOf({ moneyScale: 2 }), asset: 1 }],
    account: { asset: 1, scale: 4 },
  };
  const gate = watched(config, viewOf(), changes);
  expect(gate.instruments[1]?.maxNotional?.exact).toBe(1250n);
  expect(gate.strategies[0].maxLoss?.exact).toBe(2500n);
  expect(gate.loss?.limit).toEqual({ exact: 10_050n, units: 10_050 });
  const made = createGate(setupOf({ ...config, limits: { maxNotional: '12.505' } }, changes));
  expect(made).toMatchObject({ ok: false, error: [{ path: 'limits.maxNotional' }] });
});

// Fails when 0 is taken for a limit that is not in force.
test.each<readonly [RuleName, RiskConfig, Numbers]>([
  ['dataAge', { account: { maxDataAgeNs: 0 } }, { marketTimeNs: 10 * SECOND - 1 }],
  [
    'staleTime',
    { kill: { staleData: { afterNs: 0, level: 'blockNew' } } },
    { marketTimeNs: 10 * SECOND - 1 },
  ],
  ['loss', { kill: { loss: { amount: '0', level: 'blockNew' } } }, { equity: 9999n }],
  ['orderQty', lots({ maxOrderLots: 0 }), {}],
  ['notional', lots({ maxNotional: '0' }), {}],
  ['priceCollar', lots({ priceCollar: { bps: 0, against: 'touch' } }), { askTicks: 99, bidTicks: 98 }],
  ['position', lots({ maxPositionLots: 0 }), {}],
  ['openOrders', lots({ maxOpenOrders: 0 }), {}],
  ['leverage', { account: { maxLeverageBps: 0 } }, {}],
  ['strategyPosition', one({ maxPositionLots: 0 }), {}],
  ['strategyOpenOrders', one({ maxOpenOrders: 0 }), {}],
  ['strategyLoss', one({ maxLoss: '0' }), { strategyPnl: -1n }],
])('a limit of 0: %s', (rule, config, numbers) => {
  const verdict = createVerdict();
  expect(checkOrder(watched(config), viewOf(numbers), orderOf(), verdict)).toBe(2);
  expect(nameOfCode('rule', verdict.rule)).toBe(rule);
  expect(verdict.limit).toBe(rule === 'priceCollar' ? 99n : 0n);
});
