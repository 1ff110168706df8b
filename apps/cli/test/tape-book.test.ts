// tape book on tapes that tell orders: from a venue, from a feed, in the middle of things.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { CAPTURES, LOBSTER, scratchFolder, truetape } from './truetape.ts';
import type { Run } from './truetape.ts';

const cwd = scratchFolder();
const book = (...args: string[]): Promise<Run> => truetape(['tape', 'book', ...args], { cwd });
const json = ({ stdout }: Run): Record<string, unknown> => JSON.parse(stdout) as Record<string, unknown>;

const DEFINES = [
  'Define - - table=source index=1 json={"name":"venue","role":"venue"}',
  'Define - - table=source index=2 json={"name":"levels","role":"marketFeed"}',
  'Define - - table=source index=3 json={"name":"own","role":"accountFeed"}',
  'Define - - table=instrument index=1 json={"id":"X","priceStep":"0.5","qtyStep":"0.01","symbol":"X"}',
  'Define - - table=account index=1 json={"name":"MM"}',
  'Alias X venue id=4503599627370496 scope=clientOrder text="second one"',
];

/** Two asks, then a buy order that takes the first one in two messages. */
const ORDERS = [
  'Accepted X venue +LAST side=sell orderId=1 priceTicks=20 leavesLots=500 account=1 type=limit',
  'Accepted X venue +LAST side=sell orderId=4503599627370496 priceTicks=20 leavesLots=300 type=limit',
  'Accepted X venue side=buy orderId=3 priceTicks=20 leavesLots=900 account=2 type=limit',
  'Fill X venue side=buy tradeId=1 priceTicks=20 qtyLots=500 makerOrderId=1 takerOrderId=3 makerLeaves=0 takerLeaves=400',
  'Fill X venue +LAST side=buy tradeId=2 priceTicks=20 qtyLots=300 makerOrderId=4503599627370496 takerOrderId=3 makerLeaves=0 takerLeaves=100',
];

const LEVELS = [
  'BookReset X levels bids=1',
  'Level X levels +LAST+SNAPSHOT side=buy priceTicks=10 qtyLots=7',
];

/** Writes a text tape: seqs from `from` on. */
async function tape(name: string, lines: readonly string[], observer: string, from = 0): Promise<void> {
  const events = lines.map((line, k) => `${from + k} ${1000 + k} ${line}`);
  const header = `rpl-text 1 {"epochNs":"0","observer":"${observer}","producer":{"name":"a test"}}`;
  writeFileSync(join(cwd, `${name}.open`), `${[header, ...events].join('\n')}\n`);
  const made = await truetape(['tape', 'convert', `${name}.open`, '-o', `${name}.rpl`], { cwd });
  if (made.code !== 0) throw new Error(made.stderr);
}

beforeAll(async () => {
  await Promise.all([
    tape('venue', [...DEFINES, ...ORDERS], 'venue'),
    tape('feed', [...DEFINES, ...ORDERS], 'client'),
    tape('both', [...DEFINES, ...LEVELS, ...ORDERS], 'venue'),
    tape('own', [...DEFINES, ...LEVELS, ...ORDERS], 'client'),
    tape('account', [...DEFINES, ...ORDERS.map((line) => line.replace(' venue ', ' own '))], 'client'),
    truetape(['import', 'binance', join(CAPTURES, 'usdm-small.txt'), '-o', 'depth.rpl'], { cwd }),
  ]);
});

describe('a book told order by order', () => {
  test('shows levels with their orders, or the queue at each price', async () => {
    const [ladder, queue] = await Promise.all([
      book('venue.rpl', '--at-seq', '7'),
      book('venue.rpl', '--at-seq', '7', '--orders'),
    ]);
    expect(ladder).toMatchObject({ code: 0, stderr: '' });
    expect(ladder.stdout).toBe(
      `X behind seq 7, 1970-01-01T00:00:00.000001007Z
live, 2 orders in 0 bids and 1 asks

orders  qty  bid | ask  qty  orders
                 | 10   8    2
`,
    );
    expect(queue.stdout).toContain(
      `
ask 10: 8 in 2 orders
  1  5  1           MM
  2  3  second one
`,
    );
  });

  test('says that it stands in the middle of a message, and which order does not rest yet', async () => {
    const [text, object, behind] = await Promise.all([
      book('venue.rpl', '--at-seq', '9'),
      book('venue.rpl', '--at-time', '1009', '--json'),
      book('venue.rpl', '--json'),
    ]);
    expect(text.stdout).toContain(
      'doubt: in the middle of a message: buy order 3 has 4 left and does not rest yet\n',
    );
    expect(json(object)).toMatchObject({
      inMessage: true,
      incoming: { side: 'buy', price: '10', orderId: 3, account: '#2', qty: '4', leavesLots: 400 },
      orders: 1,
    });
    expect(json(behind)).toMatchObject({
      seq: 10,
      status: 'live',
      inMessage: false,
      incoming: null,
      orders: 1,
      bids: [{ price: '10', qty: '1', priceTicks: 20, qtyLots: 100, orders: 1 }],
      asks: [],
      unknown: 0,
      conflicts: 0,
    });
  });

  test('lets an order rest where a Trade ends its message', async () => {
    const trade = 'Trade X venue +LAST side=buy priceTicks=20 qtyLots=300 tradeId=3';
    await tape('ended', [...DEFINES, ...ORDERS.slice(0, 4), trade], 'venue');
    const [before, behind] = await Promise.all([
      book('ended.rpl', '--at-seq', '9', '--json'),
      book('ended.rpl', '--json'),
    ]);
    expect(json(before)).toMatchObject({ inMessage: true, bids: [] });
    expect(json(behind)).toMatchObject({ inMessage: false, incoming: null, bids: [{ qtyLots: 400 }] });
    // That of another source, which tells levels, ends none of its messages.
    const other = [...LEVELS, ...ORDERS.slice(0, 4), trade.replace(' venue ', ' levels ')];
    await tape('open', [...DEFINES, ...other], 'venue');
    expect(json(await book('open.rpl', '--json'))).toMatchObject({ inMessage: true, bids: [] });
  });

  test('names an order by its own Alias, not by that of a trade', async () => {
    const trade = 'Alias X venue id=1 scope=trade text="a trade"';
    await tape('alias', [...DEFINES, trade, ORDERS[0]], 'venue');
    const { stdout } = await book('alias.rpl', '--orders');
    expect(stdout).toContain('ask 10: 5 in 1 order\n  1  5  1  MM\n');
  });

  test('has the queue in its object where it is asked for', async () => {
    const { asks } = json(await book('venue.rpl', '--at-seq', '7', '--orders', '--json'));
    expect(asks).toEqual([
      {
        price: '10',
        qty: '8',
        priceTicks: 20,
        qtyLots: 800,
        orders: 2,
        queue: [
          { orderId: 1, account: 'MM', qty: '5', leavesLots: 500 },
          { orderId: 4_503_599_627_370_496, alias: 'second one', qty: '3', leavesLots: 300 },
        ],
      },
    ]);
  });

  test('is live from the start on a venue’s own tape alone', async () => {
    const extract = await truetape(['tape', 'view', 'venue.rpl', '--from-seq', '7'], { cwd });
    writeFileSync(join(cwd, 'rest.txt.rpl'), extract.stdout);
    const [feed, rest] = await Promise.all([book('feed.rpl', '--json'), book('rest.txt.rpl')]);
    expect(json(feed)).toMatchObject({ status: 'uncertain', orders: 1 });
    expect(rest.stdout).toContain('doubt: the book is uncertain: orders or changes are missing\n');
    expect(rest.stdout).toContain('doubt: 1 fact names an order that it does not hold\n');
    expect(rest.stdout).toMatch(/doubt: the tape leaves \d+ events out\n/);
  });
});

test('a tape that leaves events out has no live book from there on', async () => {
  const later = (id: number): string => ORDERS[0].replace('orderId=1 ', `orderId=${id} `);
  await tape('more', [...DEFINES, ...ORDERS, later(7), later(8), ORDERS[3], later(9)], 'venue');
  const extract = await truetape(['tape', 'view', 'more.rpl', '--kind', 'Define,Alias,Accepted'], { cwd });
  writeFileSync(join(cwd, 'kinds.txt.rpl'), extract.stdout);
  const [before, within, behind] = await Promise.all([
    book('kinds.txt.rpl', '--at-seq', '8', '--json'),
    book('kinds.txt.rpl', '--at-seq', '9', '--json'),
    book('kinds.txt.rpl', '--json'),
  ]);
  expect(json(before)).toMatchObject({ seq: 8, status: 'live', skipped: 0 });
  expect(json(within)).toMatchObject({ seq: 8, status: 'uncertain', skipped: 1 });
  expect(json(behind)).toMatchObject({ seq: 14, status: 'uncertain', skipped: 3 });
});

describe('a tape with both kinds', () => {
  test('takes what a source of levels says of its book for nothing to orders', async () => {
    const gap = 'FeedStatus X levels +LAST status=gap count=1';
    await tape('gap', [...DEFINES, ...LEVELS, ...ORDERS, gap], 'venue');
    expect(json(await book('gap.rpl', '--orders', '--json'))).toMatchObject({ status: 'live', seq: 12 });
  });

  test('is a venue’s orders, or a client’s levels unless orders are asked for', async () => {
    const [venue, client, asked] = await Promise.all([
      book('both.rpl', '--json'),
      book('own.rpl', '--json'),
      book('own.rpl', '--orders', '--json'),
    ]);
    expect(json(venue)).toMatchObject({ orders: 1, status: 'live', bids: [{ qtyLots: 100, orders: 1 }] });
    expect(json(client)).toMatchObject({ bidLevels: 1, bids: [{ priceTicks: 10, qtyLots: 7 }] });
    expect(json(client)).not.toHaveProperty('orders');
    // The snapshot of the levels is none of the orders.
    expect(json(asked)).toMatchObject({ orders: 1, status: 'uncertain', bids: [{ qtyLots: 100 }] });
  });

  test('knows no orders where there are none, or none of a venue’s', async () => {
    const [levels, account, other] = await Promise.all([
      book('depth.rpl', '--orders'),
      book('account.rpl'),
      book('venue.rpl', '--orders', '--instrument', 'Y'),
    ]);
    expect(levels).toMatchObject({ code: 2, stdout: '' });
    expect(levels.stderr).toContain('depth.rpl: expected orders up to there, found levels alone');
    expect(account).toMatchObject({ code: 1, stdout: '' });
    expect(account.stderr).toContain('account.rpl: expected levels or orders up to there, found none');
    expect(other.stderr).toContain('it has those of X');
  });
});

test('a LOBSTER tape without its order book file is uncertain, and says what it lacks', async () => {
  const file = join(LOBSTER, 'SYNT_2024-01-02_34200000_57600000_message_5.csv');
  await truetape(['import', 'lobster', file, '-o', 'lobster.rpl'], { cwd });
  const { stdout } = await book('lobster.rpl', '--orders', '--levels', '1');
  expect(stdout).toContain('doubt: the book is uncertain: orders or changes are missing\n');
  expect(stdout).toMatch(/doubt: \d+ facts name orders that it does not hold\n/);
  expect(stdout).toMatch(/\nbid [\d.]+: \d+ in \d+ orders?\n {2}1 /);
});

test('a cancelAll over several instruments ends the message of each book', async () => {
  const commands = ['X', 'Y']
    .map((instrument, k) => ({ op: 'new', instrument, id: k + 1, side: 'buy', price: 9, qty: 1 }))
    .concat([{ op: 'cancelAll' } as never]);
  const input = commands.map((command) => JSON.stringify(command)).join('\n');
  const run = await truetape(['book', 'run', '--instrument', 'X,Y', '--out', 'all.rpl'], { cwd, input });
  expect(run.code).toBe(0);
  for (const instrument of ['X', 'Y']) {
    const { stdout } = await book('all.rpl', '--instrument', instrument);
    expect(stdout).toContain('0 orders');
    expect(stdout).not.toContain('doubt');
  }
});
