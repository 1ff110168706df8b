// The pages and the schema that are generated from the declarations: docs/formats/events.md, events.schema.json.
import { describe, expect, test } from 'vitest';
import { LAYOUTS, VOCABULARIES } from '@truetape/contracts';
import { fieldDoc, strayFieldDocs } from '../src/field-docs.ts';
import { eventsMarkdown } from '../tools/generate-markdown.ts';
import { eventsSchema } from '../tools/generate-schema.ts';
import { accepts } from './json-schema.ts';
import type { Schema } from './json-schema.ts';

test('every field is described, and nothing else is', () => {
  const silent = LAYOUTS.flatMap((layout) =>
    layout.fields
      .filter((field) => fieldDoc(layout, field) === '')
      .map((field) => `${layout.name}.${field.name}`),
  );
  expect(silent).toEqual([]);
  expect(strayFieldDocs(LAYOUTS)).toEqual([]);
});

describe('events.md', () => {
  const sections = new Map(
    eventsMarkdown()
      .split('\n### ')
      .slice(1)
      .map((section) => [section.split('\n')[0], section] as const),
  );

  test.each(LAYOUTS.map((layout) => [layout.name, layout] as const))('tells all about %s', (name, layout) => {
    const section = sections.get(`0x${layout.code.toString(16).padStart(2, '0')} ${name}`) ?? '';
    expect(section).toContain(layout.definition.doc);
    expect(section).toContain(`priority ${layout.definition.priority}`);
    for (const field of layout.fields) {
      expect(section).toContain(`\`${field.name}\``);
      for (const [code, text] of field.vocabulary === undefined ? [] : VOCABULARIES[field.vocabulary].names) {
        expect(section).toContain(`${code} ${text}`);
      }
    }
    // Every row has the seven cells of its table.
    for (const row of section.split('\n').filter((line) => line.startsWith('|'))) {
      expect(row.split('|')).toHaveLength(9);
    }
  });

  test('has no kind twice', () => {
    expect(sections.size).toBe(LAYOUTS.length);
  });
});

describe('events.schema.json', () => {
  const schema = JSON.parse(eventsSchema()) as Schema;
  const ok = (event: unknown): boolean => accepts(schema, event, schema);
  const trade = {
    seq: 7,
    timeNs: '1764547200000000001',
    kind: 'Trade',
    instrument: 'BINANCE-USDM:BTCUSDT',
    source: '#3',
    flags: ['LAST'],
    side: 'buy',
    priceTicks: 100,
    qtyLots: 5,
    tradeId: 7,
    condition: 'liquidation',
  };

  test('has one schema for each kind with a line, and one for unknown kinds', () => {
    const kinds = (schema['oneOf'] as { $ref: string }[]).map(({ $ref }) => $ref.slice('#/$defs/'.length));
    expect(kinds).toEqual([...LAYOUTS.map(({ name }) => name).filter((name) => name !== 'Skip'), 'Unknown']);
    const names = Object.keys(schema['$defs'] as object);
    // A vocabulary with the name of a type would have taken its place.
    const types = 'n q id time money hash cause ext base64 name code u8 u16 u32 flags'.split(' ');
    expect(names).toHaveLength(types.length + Object.keys(VOCABULARIES).length + kinds.length);
    expect(types.every((name) => names.includes(name))).toBe(true);
  });

  const head = { seq: 0, timeNs: '0', instrument: null, source: null };
  test.each<[string, object]>([
    ['a Trade', trade],
    ['a Trade with little', { ...head, kind: 'Trade', priceFine: 1, qtyLots: 0 }],
    ['a Quote with an empty side', { ...head, kind: 'Quote', bidLots: 0, askTicks: 5, askLots: 0 }],
    ['a Level', { ...head, kind: 'Level', side: 'buy', priceTicks: -1, qtyLots: 0 }],
    ['a code without a name', { ...trade, condition: '#57' }],
    ['tail words of a later version', { ...trade, ext: '0123456789abcdef' }],
    ['a cause on this tape', { ...head, kind: 'CancelOrder', cause: 3, orderId: 1 }],
    ['a cause on another', { ...head, kind: 'CancelOrder', cause: '2:9007199254740991', orderId: 1 }],
    ['a Define', { ...head, kind: 'Define', table: 'asset', index: 1, json: { code: 'BTC', scale: 8 } }],
    ['an empty Note', { ...head, kind: 'Note', text: '' }],
    ['bytes', { ...head, kind: 'Raw', direction: 'out', channel: 'ws', bytes: 'AQI=' }],
    ['money', { ...head, kind: 'CashFlow', amount: '-170141183460469231731687303715884105727' }],
    ['a hash', { ...head, kind: 'Checkpoint', coversSeq: 1, stateHash: 'ab'.repeat(32) }],
    ['an unknown kind', { ...head, kind: 'Kind0x5f', flagsByte: 65, body: '0123456789abcdef' }],
    ['an unknown kind without words', { ...head, kind: 'Kind0x5f', flagsByte: 0, body: '' }],
  ])('accepts %s', (_name, event) => {
    expect(ok(event)).toBe(true);
  });

  test.each<[string, object]>([
    ['a kind that does not exist', { ...trade, kind: 'Trades' }],
    ['no time', { ...trade, timeNs: undefined }],
    ['a time as a number', { ...trade, timeNs: 1 }],
    ['no price', { ...head, kind: 'Trade', qtyLots: 1 }],
    ['two prices', { ...trade, priceFine: 5 }],
    ['a negative quantity', { ...trade, qtyLots: -1 }],
    ['lots without a price', { ...head, kind: 'Quote', bidLots: 1, askTicks: 5, askLots: 0 }],
    ['a Level without a side', { ...head, kind: 'Level', priceTicks: 1, qtyLots: 0 }],
    ['no quantity', { ...head, kind: 'Trade', priceTicks: 1, tradeId: 1 }],
    ['a member of another kind', { ...trade, bidTicks: 1 }],
    ['a fraction', { ...trade, qtyLots: 0.5 }],
    ['the absent number', { ...trade, priceTicks: -9007199254740992 }],
    ['a negative id', { ...trade, tradeId: -1 }],
    ['no flags, spelled out', { ...trade, flags: [] }],
    ['an unknown flag', { ...trade, flags: ['FIRST'] }],
    ['a flag twice', { ...trade, flags: ['LAST', 'LAST'] }],
    ['a third side', { ...trade, side: 'none' }],
    ['an unknown name', { ...trade, condition: 'odd' }],
    ['a code without a sign', { ...trade, condition: 57 }],
    [
      'an unknown code of a closed vocabulary',
      { ...head, kind: 'NewOrder', orderId: 1, qtyLots: 1, tif: '#9' },
    ],
    ['half a word of a later version', { ...trade, ext: '01234567' }],
    ['a cause on this tape as text', { ...head, kind: 'CancelOrder', cause: '0:1', orderId: 1 }],
    ['money with a leading zero', { ...head, kind: 'CashFlow', amount: '-01' }],
    ['no hash', { ...head, kind: 'Checkpoint', coversSeq: 1, stateHash: '' }],
    ['a Skip, which has no line', { ...head, kind: 'Skip', count: 1 }],
    ['an unknown kind without its words', { ...head, kind: 'Kind0x5f', flagsByte: 0 }],
  ])('refuses %s', (_name, event) => {
    expect(ok(JSON.parse(JSON.stringify(event)))).toBe(false);
  });
});
