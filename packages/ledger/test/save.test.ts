import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import type { JsonObject } from '@truetape/contracts';
import type { Sha256 } from '@truetape/kernel';
import { applyLedger, createLedgerOut } from '@truetape/ledger';
import { booksOf, equityOf, hashBooks, hashLedger, restoreLedger, saveLedger } from '@truetape/ledger';
import { checkProperty, seeds } from './property.ts';
import {
  INSTRUMENTS,
  LINEAR,
  SPOT,
  USDT,
  cash,
  configOf,
  deskOf,
  fillOf,
  ledgerOf,
  markOf,
  units,
} from './setups.ts';

const sha256: Sha256 = () => {
  const hash = createHash('sha256');
  return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest(), copy: sha256 };
};

describe('saved', () => {
  const desk = deskOf();
  desk.tell(cash('deposit', USDT, units('1000'), 3));
  desk.tell(fillOf(LINEAR, 'sell', 7, 612_345, { tradeId: 5, timeNs: 4 }));
  desk.tell(fillOf(SPOT, 'buy', 7, 612_345, { tradeId: 6 }));
  const saved = saveLedger(desk.ledger);
  const restore = (state: unknown) => restoreLedger(configOf(), state as JsonObject);

  test('goes on as it was; equal ledgers have equal hashes', () => {
    const restored = restore(JSON.parse(JSON.stringify(saved)));
    if (!restored.ok) throw new Error(restored.error.code);
    expect(saveLedger(restored.value)).toEqual(saved);
    expect(hashLedger(restored.value, sha256)).toEqual(hashLedger(desk.ledger, sha256));
    expect(hashLedger(ledgerOf(), sha256)).not.toEqual(hashLedger(desk.ledger, sha256));
    expect(equityOf(restored.value, USDT)).toBe(equityOf(desk.ledger, USDT));
  });

  // Fails when own fills are taken for the market's price again.
  test('goes on with the price that a market told', () => {
    const told = deskOf();
    told.tell(fillOf(LINEAR, 'sell', 7, 612_345));
    told.tell({ event: 'last', timeNs: 0, instrument: LINEAR, priceTicks: 600_000 });
    const restored = restore(JSON.parse(JSON.stringify(saveLedger(told.ledger))));
    if (!restored.ok) throw new Error(restored.error.code);
    const after = { ledger: restored.value, out: createLedgerOut() };
    for (const { ledger, out } of [told, after]) {
      applyLedger(ledger, fillOf(LINEAR, 'sell', 1, 612_345), out);
      expect(ledger.positions[LINEAR]).toMatchObject({ lastTicks: 600_000, isOwnLast: false });
    }
  });

  // Fails when the books tell a price, a time or a trade: two who saw another market would differ.
  test('the books are what money did, whatever was seen of the market', () => {
    const other = deskOf();
    other.tell(cash('deposit', USDT, units('1000'), 1));
    other.tell(markOf(LINEAR, '61000', 2));
    other.tell(fillOf(LINEAR, 'sell', 7, 612_345, { tradeId: 8, timeNs: 9 }));
    other.tell({ event: 'last', timeNs: 0, instrument: SPOT, priceTicks: 3 });
    other.tell(fillOf(SPOT, 'buy', 7, 612_345));
    expect(booksOf(other.ledger)).toEqual(booksOf(desk.ledger));
    expect(hashBooks(other.ledger, sha256)).toEqual(hashBooks(desk.ledger, sha256));
    expect(saveLedger(other.ledger)).not.toEqual(saved);
    other.tell(fillOf(LINEAR, 'sell', 1, 612_345, { timeNs: 9 }));
    expect(hashBooks(other.ledger, sha256)).not.toEqual(hashBooks(desk.ledger, sha256));
  });

  test.each<[string, (state: Record<string, never>) => unknown]>([
    ['nothing', () => null],
    ['another version', (state) => ({ ...state, version: 2 })],
    ['another account', (state) => ({ ...state, account: 2 })],
    ['one field more', (state) => ({ ...state, more: 1 })],
    ['no assets', (state) => ({ ...state, assets: [] })],
    ['an amount that is no text', (state) => edited(state, '"balance":"0"', '"balance":0')],
    ['another balance', (state) => edited(state, '"100000000000"', '"100000000001"')],
    ['another position', (state) => edited(state, '"tradedLots":-7', '"tradedLots":-8')],
    ['another cost', (state) => edited(state, '"cost":"-', '"cost":"-1')],
    ['a leading zero', (state) => edited(state, '"soldLots":"7"', '"soldLots":"07"')],
    ['a fraction', (state) => edited(state, '"timeNs":4', '"timeNs":4.5')],
  ])('with %s it is refused', (_, change) => {
    const changed = change(structuredClone(saved) as Record<string, never>);
    expect(changed).not.toEqual(saved);
    expect(restore(changed)).toMatchObject({ ok: false, error: { code: 'badConfig' } });
  });

  // Fails when a state that does not agree with itself is taken, or throws.
  test.each(seeds(74))(
    'with any value changed it is refused, or is the one that it says (seed %s)',
    (seed) => {
      const text = JSON.stringify(saved);
      const values = [...text.matchAll(/(?<=[:[,])("-?[0-9]+"|-?[0-9]+|null|true|false)/g)];
      const others = fc.constantFrom(
        '0',
        '-1',
        '7',
        '"0"',
        '"-1"',
        '"7"',
        '"x"',
        'null',
        'true',
        '[]',
        '{}',
        '1e99',
      );
      checkProperty(
        seed,
        fc.property(fc.constantFrom(...values), others, (found, other) => {
          const changed = text.slice(0, found.index) + other + text.slice(found.index + found[0].length);
          const state = JSON.parse(changed) as JsonObject;
          const restored = restore(state);
          if (restored.ok) expect(saveLedger(restored.value)).toEqual(state);
        }),
        600,
      );
    },
  );

  test('under another configuration it is refused', () => {
    const other = restoreLedger(configOf({ [LINEAR]: INSTRUMENTS[LINEAR] }), saved);
    expect(other.ok).toBe(false);
    expect(restoreLedger({ ...configOf(), account: -1 }, saved).ok).toBe(false);
  });

  const edited = (state: unknown, from: string, to: string): unknown => {
    const text = JSON.stringify(state);
    expect(text).toContain(from);
    return JSON.parse(text.replace(from, to));
  };
});
