// Tapes frozen byte for byte: a change here is a change of the format. `npm run goldens` rewrites the files.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { BLANK, FLAG_LAST, FLAG_SNAPSHOT, SIDE_BUY, SIDE_SELL, defineFields } from '@truetape/contracts';
import type { Event, TableName } from '@truetape/contracts';
import type { TapeHeader } from '@truetape/tape';
import { readReference } from './reference.ts';
import { HEADER, convertTape, readTape, writeTape } from './tape.ts';
import type { Item } from './tape.ts';

const isUpdate = process.env['TRUETAPE_GOLDENS'] === 'update';
const pathOf = (name: string): string => join(import.meta.dirname, 'golden', name);

function golden(name: string, bytes: Buffer): void {
  if (isUpdate) writeFileSync(pathOf(name), bytes);
  expect(bytes.toString('hex')).toBe(readFileSync(pathOf(name)).toString('hex'));
}

const SMALL: TapeHeader = {
  ...HEADER,
  observer: 'venue',
  seed: '42',
  config: { speed: '1.5' },
  parents: [{ count: 3, hash: 'ab'.repeat(32) }],
};

const at = (timeNs: number, event: Event, gap = 0): Item => ({ event: { ...event, timeNs }, gap });
const define = (table: TableName, index: number, value: object): Event => ({
  ...BLANK.Define,
  ...defineFields(table, index, value as never),
});
const level = (flags: number, priceTicks: number, qtyLots: number): Event => ({
  ...BLANK.Level,
  flags,
  instrument: 1,
  source: 1,
  priceTicks,
  qtyLots,
});

const ITEMS: readonly Item[] = [
  at(0, define('source', 1, { name: 'feed', role: 'marketFeed' })),
  at(0, define('instrument', 1, { base: 'BTC', id: 'X:BTC', priceStep: '0.1', qtyStep: '0.001' })),
  at(1000, {
    ...BLANK.BookReset,
    flags: FLAG_SNAPSHOT,
    instrument: 1,
    source: 1,
    lastUpdateId: 7,
    bids: 1,
    asks: 1,
  }),
  at(1000, level(FLAG_SNAPSHOT | SIDE_BUY, 600000, 5)),
  at(1000, level(FLAG_SNAPSHOT | FLAG_LAST | SIDE_SELL, 600001, 2 ** 40)),
  at(
    2 ** 33,
    {
      ...BLANK.Trade,
      flags: SIDE_SELL,
      instrument: 1,
      source: 1,
      priceTicks: 600000,
      qtyLots: 3,
      tradeId: 9,
      matchTime: 5,
    },
    3,
  ),
  at(2 ** 33, { ...BLANK.Note, text: 'café "币"' }),
];
const FOOTER = { of: 'cd'.repeat(32), quality: { gaps: 0, names: ['é'] } };
const HASH = '02ee50d88748f41808c1abd9e6717c2a551d9971bcc0cc45d26edf0216a63208';
const SEAL = '342d6219e07d46fb6112d504e8940399cf860a51c71f999241f280a97e4fdc35';
const FRAMES = { header: SMALL, frameBytes: 100 };

test('binary, sealed', () => {
  const { bytes, end } = writeTape('binary', ITEMS, { ...FRAMES, footer: FOOTER });
  golden('small.rpl', bytes);
  expect(end).toEqual({ count: 7, hash: HASH, seal: SEAL });
  // Read off a hex dump: three frames of data, index, seal.
  const places = readReference(bytes).frames.map(({ offset, type }) => [offset, type]);
  expect(places).toEqual([
    [240, 1],
    [528, 1],
    [744, 1],
    [984, 2],
    [1192, 3],
  ]);
  // magic, version 0.1, 214 bytes of JSON; then RPLB, type, 2 records in 168 bytes, from seq 0 to 2, at 2025-12-01.
  expect(bytes.toString('hex', 0, 16)).toBe('8952504c0d0a1a0a00000100d6000000');
  expect(bytes.toString('hex', 240, 272)).toBe(
    '52504c420100000002000000a800000000000000000000000200000000000000',
  );
  expect(bytes.toString('hex', 280, 300)).toBe('0000695554ee7c180000695554ee7c1802000000');
});

test('binary, unsealed', () => {
  golden('unsealed.rpl', writeTape('binary', ITEMS, { ...FRAMES, footer: false }).bytes);
});

test('text, sealed', () => {
  const { bytes, end } = writeTape('text', ITEMS, { ...FRAMES, footer: FOOTER });
  golden('small.txt.rpl', bytes);
  expect(end).toEqual({ count: 7, hash: HASH, seal: SEAL });
});

test('without events', () => {
  golden('empty.rpl', writeTape('binary', []).bytes);
  golden('empty.txt.rpl', writeTape('text', []).bytes);
});

// Fails when a later reader no longer reads what an earlier writer wrote.
test('the files are read, and either encoding is made from the other', () => {
  const file = (name: string): Buffer => readFileSync(pathOf(name));
  for (const name of ['small', 'empty']) {
    const binary = readTape(file(`${name}.rpl`));
    const text = readTape(file(`${name}.txt.rpl`));
    expect([binary.error, text.error]).toEqual([undefined, undefined]);
    expect(text.records.equals(binary.records)).toBe(true);
    expect([text.seqs, text.end?.footer]).toEqual([binary.seqs, binary.end?.footer]);
    expect(convertTape(file(`${name}.rpl`), 'text').equals(file(`${name}.txt.rpl`))).toBe(true);
  }
  expect(convertTape(file('small.txt.rpl'), 'binary', 100).equals(file('small.rpl'))).toBe(true);
  expect(readTape(file('unsealed.rpl')).seqs).toEqual([0, 1, 2, 3, 4, 8, 9]);
});
