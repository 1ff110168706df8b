// The realism that the proofs measure on five seeds, on one and in short.
import { PRESETS } from '@truetape/orderflow';
import { expect, test } from 'vitest';
import { runMarket } from './realism.ts';

// Fails when an agent, a regime or a burst does nothing to the market any more.
test('mixed is a market: two sides, everybody trades, tails and clusters', () => {
  const config = PRESETS.mixed;
  const { twoSidedShare, types, returns, absoluteLags } = runMarket({ config, seed: 1, seconds: 120 });
  expect(twoSidedShare).toBeGreaterThanOrEqual(0.99);
  for (const { type } of Object.values(config.agents)) expect(types.get(type)!.fills).toBeGreaterThan(0);
  expect(returns.excessKurtosis).toBeGreaterThan(1);
  expect(absoluteLags[0]).toBeGreaterThan(0.1);
});
