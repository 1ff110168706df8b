/** What the venue knows of the account decides: no run dies of what the client did not know yet. */
import { Kind, nameOfCode } from '@truetape/contracts';
import type { JsonObject } from '@truetape/contracts';
import type { Strategy } from '@truetape/engine';
import { saveLedger } from '@truetape/ledger';
import { PRESETS } from '@truetape/orderflow';
import { expect, test } from 'vitest';
import { seeds } from './property.ts';
import { ofKind, run, simTapeOf, visitRecords } from './runs.ts';
import type { OwnStrategy } from './runs.ts';
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

const MS = 1_000_000;
/** Behind every other bid. */
const FAR = 5000;

/** Bids for much of one market with nearly all that there is, and holds some of another; when was the bid seen to go? */
const BIDDER: OwnStrategy = {
  name: 'bidder',
  listens: { depth: 'all' },
  make: (): Strategy => {
    const state = { isThere: false, goneNs: 0 };
    return {
      state,
      onStart: (context) => context.setTimer(1, 200 * MS),
      onTimer: (context) => {
        const [spot, perp] = context.markets;
        context.submit({ market: spot, side: 'buy', qtyLots: 20, priceTicks: FAR });
        context.submit({ market: perp, side: 'buy', qtyLots: 5, priceTicks: perp.bidTicks });
      },
      onMarket: (context, { market }) => {
        if (market.index !== 1) return;
        const isThere = context.levels(market, 'buy', 1000).some(({ priceTicks }) => priceTicks === FAR);
        if (state.isThere && !isThere) state.goneNs = context.timeNs;
        state.isThere = isThere;
      },
    };
  },
};

// Fails where the market does not show at once what the venue cancels, or where a state that is saved then forgets it.
test.each([
  ['a fee', '900', {}],
  ['funding', '0', { funding: { everyNs: 50 * MS, rateE12: 100_000_000_000 } }],
])('an order that %s leaves unpaid is canceled, and the market shows it', (_, makerBps, more) => {
  const preset = PRESETS.calm;
  const [symbol] = Object.values(preset.symbols);
  const symbols = { A: symbol, B: { ...symbol, startTicks: 7000 } };
  const tape = simTapeOf({ ...preset, symbols }, '5', 2500);
  const config = {
    mode: 'exchange',
    deposits: { USD: makerBps === '0' ? '1050' : '1100' },
    instrument: { fees: { tiers: [{ makerBps, takerBps: makerBps }] } },
    instruments: { 'SIM:A': { class: 'spot' }, 'SIM:B': { class: 'linear', leverage: 20 } },
    ...more,
  };
  const whole = run(tape, { strategy: BIDDER, config });
  const [{ reason, matchTime }] = ofKind(whole.events, Kind.Canceled);
  expect(nameOfCode('cancelReason', reason)).toBe('insufficientBalance');
  const { state } = whole.backtest.engine.runs[0].strategy;
  // A message of the market is under way for a millisecond.
  expect(state).toEqual({ isThere: false, goneNs: matchTime + MS });
  let before = 0;
  visitRecords(tape.bytes, (__, ___, timeNs) => {
    before += 1;
    return timeNs < matchTime;
  });
  const resumed = run(tape, { strategy: BIDDER, config, resumeAt: [before - 1, before, before + 1] });
  expect([resumed.hash, resumed.backtest.engine.runs[0].strategy.state]).toEqual([whole.hash, state]);
});
