/** What the venue knows of the account decides: no run dies of what the client did not know yet. */
import type { JsonObject } from '@truetape/contracts';
import { saveLedger } from '@truetape/ledger';
import { expect, test } from 'vitest';
import { seeds } from './property.ts';
import { run } from './runs.ts';
import { WILD, checkAccounts, tapeOfSeed } from './wild.ts';

// Fails where the venue judges money or position on what the client knows, or lets a fill cost more than it asked for.
test.each(seeds(20261122))('every fill is paid for, and reduces what it is to reduce (seed %s)', (seed) => {
  checkAccounts(seed, 24);
});

// Fails where the books of the client and of the venue part: the one is the other, as late as its answers.
test('what is not on its way is the same at the venue and at the client', () => {
  const config = { latency: { response: { kind: 'fixed', ns: 0 } }, instrument: { class: 'linear' } };
  const { backtest } = run(tapeOfSeed(3), { strategy: WILD, config: { ...config, mode: 'replay' } });
  const books = (saved: JsonObject): unknown =>
    JSON.parse(
      JSON.stringify(saved, (key, value: unknown) =>
        ['lastTicks', 'lastFine', 'isOwnLast', 'timeNs'].includes(key) ? null : value,
      ),
    );
  expect(books(saveLedger(backtest.atVenue.ledger))).toEqual(
    books(saveLedger(backtest.engine.account.ledger)),
  );
});
