/** The books balance: what the run says of money is what anybody makes of its output tape again. A sweep is a proof. */
import { expect, test } from 'vitest';
import { checkBooks, tapeOfSeed } from './books.ts';
import { seeds } from './property.ts';
import { run } from './runs.ts';

test.each(seeds(611))('balances and positions follow from the output tape alone (seed %s)', (seed) => {
  checkBooks({ seed, runs: 16 });
});

// Fails where an amend is carried out that the account cannot pay for: its fill would break the books.
test('a spot account that has little buys no more than it can pay, amends included', () => {
  const config = { mode: 'exchange', deposits: { USD: '120', SIM: '1' }, strategy: { maxPositionLots: 50 } };
  const { events, backtest } = run(tapeOfSeed(4), { strategy: 'market-maker', config });
  expect([...backtest.metrics.rejects.keys()]).toContain('insufficientBalance');
  for (const asset of backtest.engine.account.ledger.assets)
    if (asset !== undefined) expect(asset.balance).toBeGreaterThanOrEqual(0n);
  expect(events.length).toBeGreaterThan(100);
});
