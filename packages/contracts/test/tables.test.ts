import { describe, expect, test } from 'vitest';
import {
  LAYOUTS,
  TABLE_NAMES,
  VOCABULARIES,
  applyDefine,
  createTables,
  defineFields,
  nameOfIndex,
} from '@truetape/contracts';
import type { JsonObject, TableName } from '@truetape/contracts';

const VALUES: { readonly [name in TableName]: (name: string) => JsonObject } = {
  instrument: (id) => ({ id }),
  source: (name) => ({ name }),
  account: (name) => ({ name }),
  asset: (code) => ({ code, scale: 8 }),
  label: (text) => ({ text }),
};

test('tables are the vocabulary of tables, in its order', () => {
  expect(TABLE_NAMES).toEqual(VOCABULARIES.table.names.map(([, name]) => name));
});

describe('indexes of a table', () => {
  // Fails when a table ends before the fields that refer to it do, or goes on behind them.
  test.each(TABLE_NAMES)('of %s are dense, and as many as fields can hold', (name) => {
    const tables = createTables();
    const bits = LAYOUTS.flatMap(({ fields }) => fields.filter(({ role }) => role === name)).map(
      (field) => field.bits,
    );
    const width = name === 'instrument' || name === 'source' ? 16 : Math.max(...bits);
    expect(bits.every((own) => own === width)).toBe(true);
    for (let index = 1; index <= 0xffff; index++) {
      const defined = applyDefine(tables, defineFields(name, index, VALUES[name](`${index}`)));
      if (!defined.ok) throw new Error(`${index}: ${defined.error.code}`);
    }
    const next = applyDefine(tables, defineFields(name, 0x10000, VALUES[name]('next')));
    if (width === 16) expect(next.ok || next.error.code).toBe('notDense');
    else expect(next).toMatchObject({ ok: true, value: { index: 0x10000, name: 'next' } });
    expect(nameOfIndex(tables[name], 0xffff)).toBe('65535');
    expect(nameOfIndex(tables[name], 0x10000)).toBe(width === 16 ? '#65536' : 'next');
  });

  test('are taken in their order alone', () => {
    const tables = createTables();
    for (const index of [0, 2, 3]) {
      const refused = applyDefine(tables, defineFields('account', index, { name: 'a' }));
      expect(refused.ok || refused.error.code).toBe('notDense');
    }
    expect(applyDefine(tables, defineFields('account', 1, { name: 'a' })).ok).toBe(true);
    expect(applyDefine(tables, defineFields('account', 1, { name: 'a' })).ok).toBe(false);
  });
});

describe('a definition', () => {
  test.each<[TableName, JsonObject, string]>([
    ['instrument', {}, 'id'],
    ['instrument', { id: '' }, 'id'],
    ['source', { name: 'é'.repeat(513) }, 'name'],
    ['asset', { code: 'X', scale: -1 }, 'scale'],
    ['asset', { code: 'X', scale: 39 }, 'scale'],
    ['instrument', { id: 'a', priceStep: '0' }, 'priceStep'],
    ['instrument', { id: 'a', priceStep: 0 }, 'priceStep'],
    ['instrument', { id: 'a', qtyStep: '.5' }, 'qtyStep'],
    ['instrument', { id: 'a', fineScale: 31 }, 'fineScale'],
    ['source', {}, 'name'],
    ['account', { name: 1 }, 'name'],
    ['asset', { code: 'BTC' }, 'scale'],
    ['label', {}, 'text'],
  ])('of %s as %j lacks %s', (name, value, field) => {
    const refused = applyDefine(createTables(), defineFields(name, 1, value));
    expect(refused).toMatchObject({ ok: false, error: { code: 'badField', table: name, index: 1, field } });
  });

  test('of an unknown table, or that is no canonical JSON, is refused', () => {
    const tables = createTables();
    const unknown = applyDefine(tables, { table: 6, index: 1, json: '{}' });
    expect(unknown).toMatchObject({ ok: false, error: { code: 'unknownTable', table: '#6' } });
    const loose = applyDefine(tables, { table: 1, index: 1, json: '{ "id":"a"}' });
    expect(loose).toMatchObject({ ok: false, error: { code: 'badJson', table: 'instrument' } });
  });
});

test('a name of 1,024 bytes is taken', () => {
  expect(applyDefine(createTables(), defineFields('source', 1, { name: 'é'.repeat(512) })).ok).toBe(true);
});
