// Several tapes for one run: of different instruments, or one behind the other.
import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BLANK, FLAG_LAST, SIDE_BUY, defineFields } from '@truetape/contracts';
import type { Event } from '@truetape/contracts';
import { nodePorts } from '@truetape/host';
import { createBinaryWriter, endTape, writeEvent } from '@truetape/tape';
import { expect, test } from 'vitest';
import { openInputTape } from '../src/backtest/input-tape.ts';
import { EXIT } from '../src/failure.ts';
import { scratchFolder } from './truetape.ts';

const cwd = scratchFolder();

const define = (id: string): Event => ({
  ...BLANK.Define,
  flags: FLAG_LAST,
  ...defineFields('instrument', 1, {
    id,
    venue: 'X',
    symbol: id,
    class: 'linear',
    base: 'B',
    quote: 'USD',
    settle: 'USD',
    priceStep: '1',
    qtyStep: '1',
    fineScale: 0,
    contractSize: '1',
    ids: 'numeric',
    rules: {},
  }),
});

/** A tape of one instrument with events at these times. */
function write(name: string, id: string, events: readonly Event[]): string {
  const path = join(cwd, name);
  const parts: Uint8Array[] = [];
  const header = { observer: 'client', epochNs: '0', producer: { name: 'test' } } as const;
  const sink = { write: (bytes: Uint8Array): void => void parts.push(Uint8Array.from(bytes)) };
  const writer = createBinaryWriter({ header, ports: nodePorts }, sink);
  for (const event of [define(id), ...events]) expect(writeEvent(writer, event)).toBeUndefined();
  endTape(writer);
  writeFileSync(path, Buffer.concat(parts));
  return path;
}

const level = (timeNs: number): Event => ({
  ...BLANK.Level,
  timeNs,
  instrument: 1,
  flags: SIDE_BUY | FLAG_LAST,
  priceTicks: 100,
  qtyLots: 5,
});
const trade = (timeNs: number): Event => ({
  ...BLANK.Trade,
  timeNs,
  instrument: 1,
  flags: SIDE_BUY | FLAG_LAST,
  priceTicks: 100,
  qtyLots: 5,
});

// Fails where two feeds of one instrument become one book without a word.
test('two tapes that tell the same of an instrument at the same time are refused, both named', () => {
  const first = write('first.rpl', 'X:BTC', [level(10), level(30)]);
  const second = write('second.rpl', 'X:BTC', [level(20), level(40)]);
  const open = (): unknown => openInputTape([first, second], false);
  expect(open).toThrow(`${first} and ${second} tell of X:BTC at the same time`);
  expect(open).toThrow(expect.objectContaining({ exitCode: EXIT.usage }) as Error);
  expect(() => openInputTape([first, first], false)).toThrow('they would be one book');
});

test('parts of one feed, another instrument, and trades beside a book are not', () => {
  const first = write('part1.rpl', 'X:BTC', [level(10), level(30)]);
  const next = write('part2.rpl', 'X:BTC', [level(30), level(40)]);
  const other = write('other.rpl', 'X:ETH', [level(20)]);
  const trades = write('trades.rpl', 'X:BTC', [trade(20)]);
  expect(
    openInputTape([next, first, other, trades], false).facts.instruments.map(({ name }) => name),
  ).toEqual(['X:BTC', 'X:ETH']);
  expect(openInputTape([first, next], false).facts.firstNs).toBe(10);
});

// Fails when a merge, which is whole itself, hides that what it was made of is not.
test('one that is torn is told, also among others', () => {
  const torn = write('torn.rpl', 'X:BTC', [level(10), level(30)]);
  truncateSync(torn, 900);
  const other = write('whole.rpl', 'X:ETH', [level(20)]);
  const said = expect.stringContaining(`${torn} is torn at offset`) as string;
  expect(() => openInputTape([torn, other], false)).toThrow(`${torn} is torn at offset`);
  for (const paths of [[torn], [torn, other]]) expect(openInputTape(paths, true).torn).toEqual([said]);
  expect(openInputTape([other], true).torn).toEqual([]);
});
