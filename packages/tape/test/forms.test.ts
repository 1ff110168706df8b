// The forms that are written for others: JSON Lines, tables, pretty lines.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  BLANK,
  FLAG_BAD_BOOK,
  FLAG_LAST,
  Kind,
  NONE,
  SIDE_BUY,
  SIDE_SELL,
  createRecordOut,
  createTables,
  applyDefine,
  defineFields,
  encodeEvent,
  epochAt,
  recordKind,
  recordWords,
} from '@truetape/contracts';
import type { DefineTables, Event, RecordOut } from '@truetape/contracts';
import {
  createPretty,
  createTable,
  fillRow,
  formatCsvHeading,
  formatCsvLine,
  formatJsonLine,
  formatPretty,
} from '@truetape/tape';
import type { Cell } from '@truetape/tape';
import { anyItems } from './arbitrary.ts';
import { checkProperty, seeds } from './property.ts';

const START = 1_767_225_598_753_452_187n;
const EPOCH = epochAt(START);

const DEFINES: readonly Event[] = [
  {
    ...BLANK.Define,
    ...defineFields('instrument', 1, {
      id: 'X:BTC,USDT',
      symbol: 'BTCUSDT',
      priceStep: '0.1',
      qtyStep: '0.001',
      fineScale: 8,
    }),
  },
  { ...BLANK.Define, ...defineFields('source', 1, { name: 'feed', role: 'marketFeed' }) },
  { ...BLANK.Define, ...defineFields('source', 2, { name: 'agent', role: 'agent' }) },
  { ...BLANK.Define, ...defineFields('asset', 1, { code: 'USDT', scale: 6 }) },
  { ...BLANK.Define, ...defineFields('account', 1, { name: 'main' }) },
];

function tablesOf(events: readonly Event[]): DefineTables {
  const tables = createTables();
  for (const event of events)
    if (event.kind === Kind.Define) expect(applyDefine(tables, event).ok).toBe(true);
  return tables;
}

function recordOf(event: Event): RecordOut {
  const out = createRecordOut(EPOCH, 64);
  expect(encodeEvent(out, event)).toBe(0);
  return out;
}

const TABLES = tablesOf(DEFINES);
const names = { instrument: 1, source: 1, timeNs: 1_000_000_000 };
const TRADE: Event = {
  ...BLANK.Trade,
  ...names,
  flags: FLAG_LAST | SIDE_BUY,
  priceTicks: 618_376,
  qtyLots: 14,
  tradeId: 5321,
  sendTime: 2_250_000_000,
  condition: 1,
};
const QUOTE: Event = {
  ...BLANK.Quote,
  ...names,
  bidTicks: 618_375,
  bidLots: 1200,
  askTicks: NONE,
  askLots: 0,
};
const FEE: Event = {
  ...BLANK.CashFlow,
  ...names,
  source: 2,
  cause: 7,
  causeTape: 3,
  amount: -1_234_567n,
  asset: 1,
  account: 1,
  reason: 1,
};
const NOTE: Event = { ...BLANK.Note, timeNs: 5, text: 'say "hi",\nthen go' };
const UNKNOWN: Event = {
  kind: Kind.Unknown,
  seq: NONE,
  timeNs: 0,
  flags: FLAG_BAD_BOOK | SIDE_SELL,
  instrument: 9,
  source: 0,
  code: 0x5f,
  body: '00000000000000ff',
};

function json(event: Event): string {
  return formatJsonLine(recordOf(event), 0, 12, TABLES);
}

describe('JSON Lines', () => {
  test('have the members of the text form, with numbers as numbers and times and money as strings', () => {
    expect(json(TRADE)).toBe(
      '{"seq":12,"timeNs":"1767225599753452187","kind":"Trade","instrument":"X:BTC,USDT","source":"feed",' +
        '"flags":["LAST"],"side":"buy","priceTicks":618376,"qtyLots":14,"tradeId":5321,' +
        '"sendTime":"1767225601003452187","condition":"normal"}',
    );
    expect(JSON.parse(json(FEE))).toMatchObject({
      cause: '3:7',
      amount: '-1234567',
      reason: 'fee',
      asset: 1,
    });
    expect(JSON.parse(json(QUOTE))).not.toHaveProperty('askTicks');
    expect(JSON.parse(json(NOTE))).toMatchObject({
      instrument: null,
      source: null,
      text: 'say "hi",\nthen go',
    });
    expect(JSON.parse(json(DEFINES[0]))).toMatchObject({ json: { symbol: 'BTCUSDT', fineScale: 8 } });
  });

  test('keep what this build does not know', () => {
    expect(JSON.parse(json(UNKNOWN))).toEqual({
      seq: 12,
      timeNs: String(START),
      kind: 'Kind0x5f',
      instrument: '#9',
      source: null,
      flagsByte: 0x24,
      body: '00000000000000ff',
    });
    expect(JSON.parse(json({ ...QUOTE, ext: '0000000000000001' }))).toMatchObject({
      ext: '0000000000000001',
    });
  });

  type Schema = { readonly properties: object; readonly required: readonly string[] };
  const schema = JSON.parse(
    readFileSync(join(import.meta.dirname, '../../../docs/formats/events.schema.json'), 'utf8'),
  ) as { readonly $defs: Readonly<Record<string, Schema>> };

  test.each(seeds(20_261_121))(
    'have no member that the schema lacks, and all that it demands (seed %i)',
    (seed) => {
      const property = fc.property(anyItems(20), (items) => {
        const tables = createTables();
        for (const { event } of items) {
          const record = recordOf(event);
          const value = JSON.parse(formatJsonLine(record, 0, 1, tables)) as Record<string, unknown>;
          const { properties, required } =
            schema.$defs[String(value['kind']).replace(/^Kind0x..$/, 'Unknown')];
          expect(Object.keys(value).filter((key) => !(key in properties))).toEqual([]);
          expect(required.filter((key) => !(key in value))).toEqual([]);
        }
      });
      checkProperty(seed, property, 200);
    },
  );
});

function rowOf(table: ReturnType<typeof createTable>, event: Event): Readonly<Record<string, Cell>> {
  const row: Cell[] = [];
  fillRow(table, row, recordOf(event), 0, { seq: 3, tables: TABLES });
  const cells = table.columns.map(({ name }, k) => [name, row[k]] as const);
  return Object.fromEntries(cells.filter(([, cell]) => cell !== undefined));
}

describe('tables', () => {
  test('have the common columns, then the fields of the kinds, each once', () => {
    const table = createTable([Kind.Quote, Kind.Trade]);
    const columns = table.columns.map(({ name }) => name);
    expect(columns.slice(0, 10)).toEqual(
      'seq timeNs kind instrument source flags side priceTicks qtyLots tradeId'.split(' '),
    );
    expect(new Set(columns).size).toBe(columns.length);
    expect(columns.at(-1)).toBe('ext');
    expect(rowOf(table, TRADE)).toEqual({
      seq: 3,
      timeNs: START + 1_000_000_000n,
      kind: 'Trade',
      instrument: 'X:BTC,USDT',
      source: 'feed',
      flags: 'LAST',
      side: 'buy',
      priceTicks: 618_376,
      qtyLots: 14,
      tradeId: 5321,
      sendTime: START + 2_250_000_000n,
      condition: 'normal',
    });
    expect(rowOf(table, QUOTE)).not.toHaveProperty('askTicks');
  });

  test('split a cause into seq and tape, and keep money whole', () => {
    const table = createTable([Kind.CashFlow]);
    expect(rowOf(table, FEE)).toMatchObject({ cause: 7, causeTape: 3, amount: '-1234567' });
  });

  test('make text of a column whose name means a number in one kind and a code in another', () => {
    const table = createTable([Kind.OperatorCommand, Kind.Rejected]);
    const types = new Map(table.columns.map(({ name, type }) => [name, type]));
    for (const { name, type } of table.columns) expect(types.get(name)).toBe(type);
    expect(types.get('command')).toBe('text');
  });

  test('keep what this build does not know in the last column', () => {
    expect(rowOf(createTable([]), UNKNOWN)).toMatchObject({ kind: 'Kind0x5f', ext: '00000000000000ff' });
  });

  test('quote in CSV what would break a row', () => {
    const table = createTable([Kind.Note]);
    const row: Cell[] = [];
    fillRow(table, row, recordOf(NOTE), 0, { seq: 3, tables: TABLES });
    expect(formatCsvHeading(table)).toBe(
      'seq,timeNs,kind,instrument,source,flags,side,cause,causeTape,topic,text,ext',
    );
    expect(formatCsvLine(row)).toBe(`3,${START + 5n},Note,,,,,,,,"say ""hi"",\nthen go",`);
    fillRow(table, row, recordOf({ ...NOTE, instrument: 1 }), 0, { seq: 3, tables: TABLES });
    expect(formatCsvLine(row)).toContain(',"X:BTC,USDT",');
  });

  test.each(seeds(7))('have a cell for every member of the JSON form (seed %i)', (seed) => {
    const property = fc.property(anyItems(12), (items) => {
      const tables = createTables();
      const records = items.map(({ event }) => recordOf(event));
      const table = createTable([...new Set(records.map((record) => recordKind(record, 0)))]);
      const columns = new Set(table.columns.map(({ name }) => name));
      const row: Cell[] = [];
      for (const record of records) {
        fillRow(table, row, record, 0, { seq: 1, tables });
        const value = JSON.parse(formatJsonLine(record, 0, 1, tables)) as Record<string, unknown>;
        const members = Object.keys(value).filter(
          (key) => value[key] !== null && !['flagsByte', 'body'].includes(key),
        );
        const filled = table.columns.filter((_, k) => row[k] !== undefined).map(({ name }) => name);
        const absent = members.filter((member) => !columns.has(member) || !filled.includes(member));
        expect(absent).toEqual([]);
        expect(recordWords(record, 0)).toBeGreaterThan(1);
      }
    });
    checkProperty(seed, property, 100);
  });
});

describe('pretty lines', () => {
  const pretty = (events: readonly Event[]): string[] => {
    const view = createPretty();
    return events.flatMap((event, k) =>
      formatPretty(view, recordOf(event), 0, { seq: k, tables: TABLES }).split('\n'),
    );
  };

  test('show UTC, decimal prices and quantities, and the day once', () => {
    expect(pretty([TRADE, QUOTE])).toEqual([
      '2025-12-31 UTC',
      '       0 23:59:59.753452187 Trade       BTCUSDT   buy  0.014 @ 61837.6  id 5321  send +1.25s',
      '       1 23:59:59.753452187 Quote       BTCUSDT   1.2 @ 61837.5 | - @ 0',
    ]);
  });

  test('name the day again where it changes', () => {
    const next = { ...TRADE, timeNs: 2_000_000_000 };
    expect(pretty([TRADE, next])[2]).toBe('2026-01-01 UTC');
  });

  test('name sources that are no feeds, money in its asset, and what is doubtful', () => {
    expect(pretty([FEE])[1]).toMatch(/ agent {5} cause 3:7 {2}amount -1\.234567 USDT {2}.*account main/);
    expect(pretty([{ ...TRADE, flags: FLAG_BAD_BOOK }])[1]).toMatch(/ {2}BAD_BOOK$/);
  });

  test('show what has no instrument, or no definition, as it is', () => {
    expect(pretty([NOTE])[1]).toContain('Note        -         say "hi"');
    expect(pretty([{ ...TRADE, instrument: 9 }])[1]).toContain('#9        buy  14 @ 618376');
    expect(pretty([UNKNOWN])[1]).toContain('Kind0x5f');
  });

  test('stay within a hundred columns for what makes up most tapes', () => {
    const level: Event = { ...BLANK.Level, ...names, flags: SIDE_SELL, priceTicks: 618_376, qtyLots: 0 };
    for (const line of pretty([TRADE, QUOTE, level])) expect(line.length).toBeLessThanOrEqual(100);
  });
});
