import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { LineFault } from '../src/commands/ledger/numbers.ts';
import { parseLedgerLine } from '../src/commands/ledger/event-line.ts';
import { ledgerJson, ledgerText } from '../src/commands/ledger/outcome-text.ts';
import { applyLedgerLine, createLedgerRun } from '../src/commands/ledger/run-ledger.ts';
import { scratchFolder, truetape } from './truetape.ts';

const folder = scratchFolder();

const SET_UP: readonly object[] = [
  { event: 'asset', code: 'USDT', scale: 8 },
  { event: 'asset', code: 'BTC', scale: 8 },
  { event: 'asset', code: 'BNB', scale: 8 },
  {
    event: 'instrument',
    id: 'PERP',
    class: 'linear',
    base: 'BTC',
    quote: 'USDT',
    priceStep: '0.1',
    qtyStep: '0.001',
    leverage: 20,
  },
  {
    event: 'instrument',
    id: 'SPOT',
    class: 'spot',
    base: 'BTC',
    quote: 'USDT',
    priceStep: '0.01',
    qtyStep: 0.00001,
  },
  {
    event: 'instrument',
    id: 'COIN',
    class: 'inverse',
    base: 'BTC',
    quote: 'USD',
    priceStep: '0.1',
    qtyStep: '1',
    contractSize: '100',
    roundPer: 'contract',
    rounding: 'down',
  },
];

/** Lines without a process; what each gives, or why it is no event. */
function follow(lines: readonly (object | string)[], asText = false): unknown[] {
  const run = createLedgerRun('mark');
  return [...SET_UP, ...lines]
    .map((value) => {
      const parsed = parseLedgerLine(typeof value === 'string' ? value : JSON.stringify(value));
      if (typeof parsed === 'string') return parsed;
      try {
        const outcome = applyLedgerLine(run, parsed.line);
        if (asText) return ledgerText(run, outcome);
        return JSON.parse(ledgerJson(run, outcome)) as unknown;
      } catch (fault) {
        if (fault instanceof LineFault) return fault.message;
        throw fault;
      }
    })
    .slice(SET_UP.length);
}

const deposit = { event: 'deposit', asset: 'USDT', amount: '1000' };
const buy = { event: 'fill', instrument: 'PERP', side: 'buy', price: '60000', qty: '0.1' };

test('a derivative: tiers, fees, profit, funding and liquidation', () => {
  const told = follow([
    { event: 'tier', instrument: 'PERP', floor: '0', rate: '0.004' },
    { event: 'tier', instrument: 'PERP', floor: '50000', rate: '0.005', leverage: 10 },
    deposit,
    { ...buy, fee: '2.4', trade: 5 },
    { event: 'mark', instrument: 'PERP', price: '60100.12345678', time: 9 },
    { event: 'last', instrument: 'PERP', price: 60_100.1 },
    { event: 'funding', instrument: 'PERP', rate: '0.0001', price: '60000' },
    { ...buy, side: 'sell', qty: 0.15, price: '60200.05' },
    { event: 'settle', instrument: 'PERP', price: '60200.05' },
  ]);
  const [first, second] = told;
  expect([first, second]).toMatchObject([{ event: 'tier' }, { event: 'tier', name: 'PERP' }]);
  expect(told.slice(2)).toMatchObject([
    { event: 'deposit', name: 'USDT', balance: '1000', equity: '1000', available: '1000' },
    {
      position: '0.1',
      entry: '60000',
      initial: '300',
      maintenance: '24',
      liquidation: '50224.89959839',
      bufferTicks: '97751',
      bufferBps: '1629',
      balance: '997.6',
    },
    { unrealised: '10.01234568' },
    { unrealised: '10.01234568' },
    { flows: [{ kind: 'funding', amount: '-0.6', asset: 'USDT' }], funding: '-0.6', balance: '997' },
    {
      flows: [{ kind: 'realised', amount: '20.005' }],
      position: '-0.05',
      entry: '60200.05',
      balance: '1017.005',
    },
    { flows: [{ kind: 'settlement', amount: '0' }], position: '0', realised: '20.005' },
  ]);
});

test('spot exchanges, fees in a third asset, and an inverse contract rounds a contract', () => {
  expect(
    follow([
      deposit,
      { event: 'deposit', asset: 'BNB', amount: '1' },
      {
        event: 'fill',
        instrument: 'SPOT',
        side: 'buy',
        price: '50000',
        qty: '0.01',
        fee: '0.1',
        feeAsset: 'BNB',
      },
      { event: 'fill', instrument: 'COIN', side: 'sell', price: '30000', qty: 7 },
      { event: 'fee', asset: 'BNB', amount: '0.9', instrument: 'SPOT' },
      { event: 'fee', asset: 'BNB', amount: '0.00000001' },
      { event: 'rebate', asset: 'BNB', amount: '2' },
      { event: 'transfer', asset: 'BNB', amount: '-1.5' },
      { event: 'adjust', asset: 'BNB', amount: '-0.25' },
    ]),
  ).toMatchObject([
    { balance: '1000' },
    { balance: '1' },
    { position: '0.01', traded: '0.01', held: '0.01', balance: '500' },
    // 7 × 0.00333333
    { position: '-7', initial: '0.02333331', entry: '30000.03000003' },
    { balance: '0' },
    { error: { code: 'insufficientBalance' } },
    { balance: '2' },
    { balance: '0.5' },
    { balance: '0.25' },
  ]);
});

// Fails where the time of what a fee is paid in becomes that of the fill.
test('what says no time has that of the event before, fees or none', () => {
  const paid = [{ ...deposit, time: 10 }, { ...buy, fee: '1', time: 5 }, buy, { ...buy, time: 6 }];
  expect(follow(paid)).toMatchObject([{ balance: '1000' }, {}, { position: '0.2' }, { position: '0.3' }]);
});

test('a fill whose fee is more than any account holds is refused with it, also where a venue lends', () => {
  expect(follow([deposit, { ...buy, fee: `1${'0'.repeat(31)}` }, deposit])).toMatchObject([
    { balance: '1000' },
    { error: { code: 'badAmount' } },
    { balance: '2000', available: '2000' },
  ]);
});

test('a fill whose fee cannot be paid is refused with it; a trade counts once, with its fee', () => {
  const fill = { ...buy, fee: '1', feeAsset: 'BNB', trade: 7 };
  const sell = { ...buy, side: 'sell', price: '60100', fee: '2' };
  expect(
    follow([
      deposit,
      fill,
      { event: 'deposit', asset: 'BNB', amount: '1' },
      fill,
      fill,
      { ...fill, qty: '0.2' },
      { ...sell, fee: '-2' },
    ]),
  ).toMatchObject([
    {},
    { error: { code: 'insufficientBalance', why: expect.stringContaining('BNB needs 1, has 0') as string } },
    {},
    { position: '0.1' },
    { position: '0.1', duplicate: true },
    { error: { code: 'tradeConflict' } },
    { position: '0', flows: [{ kind: 'realised', amount: '10' }], balance: '1012' },
  ]);
});

test('text says the same in words', () => {
  expect(
    follow([deposit, buy, { ...buy, side: 'sell', price: '59000' }, { ...deposit, time: -1 }], true),
  ).toEqual([
    'deposit    USDT       USDT balance 1000 equity 1000 available 1000',
    'fill       PERP       position 0.1 entry 60000 initial 300 liquidation 50000 (100000 ticks, 1666 bps) ' +
      'USDT balance 1000 equity 1000 available 700',
    'fill       PERP       [realised -100] realised -100 USDT balance 900 equity 900 available 900',
    'deposit    USDT       error timeBack: the event is older than the one before it of its instrument or asset',
  ]);
});

describe('a line that is no event names its field', () => {
  test.each([
    ['{', 'expected a key in quotes at column 2'],
    ['{"event":"sell"}', 'unknown event "sell"; known are asset,'],
    ['{}', 'it has no event'],
    [{ ...deposit, amount: '1e3' }, 'amount: expected a decimal, as "0.25", found "1e3"'],
    [{ ...deposit, amount: -1 }, 'amount: expected a decimal from 0, found "-1"'],
    [{ ...deposit, amount: '0.000000001' }, 'amount: expected at most 8 decimals'],
    [{ event: 'deposit', asset: 'USDT' }, 'amount: expected a decimal, and it is missing'],
    [{ ...deposit, asset: 'EUR' }, 'asset: no asset "EUR" was defined'],
    [{ ...deposit, asset: null }, 'asset: expected a name, and it is missing'],
    [{ ...deposit, time: 0.5 }, 'time: expected an integer within 2^53, found "0.5"'],
    [{ ...buy, instrument: 'X' }, 'instrument: no instrument "X" was defined'],
    [{ ...buy, side: 'up' }, 'side: expected buy, sell, found "up"'],
    [{ ...buy, qty: '0.0001' }, 'qty: expected a multiple of 0.001, found "0.0001"'],
    [{ ...buy, price: '0.000000001' }, 'price: expected at most 8 decimals'],
    [{ ...buy, price: '9007199254740993.00000001' }, 'price: expected at most 2^53 times 10^−8'],
    [{ ...buy, fee: '1', feeAsset: 'EUR' }, 'feeAsset: no asset "EUR"'],
    [{ event: 'last', instrument: 'PERP', price: '0.05' }, 'price: expected a multiple of 0.1'],
    [{ event: 'funding', instrument: 'PERP', rate: '0.0000000000001' }, 'rate: expected at most 12 decimals'],
    [{ event: 'asset', code: 'USDT', scale: 8 }, 'code: "USDT" was defined before'],
    [{ event: 'asset', code: 'A', scale: 99 }, 'scale: expected an integer from 0 to 38, found 99'],
    [{ ...SET_UP[3], event: 'instrument' }, 'id: "PERP" was defined before'],
    [{ ...SET_UP[3], id: 'P', settle: 'EUR' }, 'settle: no asset "EUR"'],
    [{ ...SET_UP[4], id: 'P', base: 'EUR' }, 'base: no asset "EUR"'],
    [{ ...SET_UP[3], id: 'P', priceStep: '0' }, 'priceStep: it makes no terms'],
    [
      { ...SET_UP[3], id: 'P', roundPer: 'contract' },
      'roundPer: expected fill, where lots are no whole contracts, found "contract"',
    ],
    [{ ...SET_UP[3], id: 'P', leverage: 0 }, 'leverage: expected an integer from 1, found 0'],
    [{ ...SET_UP[3], id: 'P', class: 'option' }, 'class: expected spot, linear, inverse'],
    [{ event: 'tier', instrument: 'PERP', floor: '5', rate: '0.1' }, 'than the one before, found "5"'],
    [
      { event: 'tier', instrument: 'PERP', floor: '0', rate: '2' },
      'rate: expected a share below 1, no less than',
    ],
    [
      { event: 'tier', instrument: 'PERP', floor: '0', rate: '0.1', leverage: 0 },
      'leverage: expected an integer',
    ],
    [
      { event: 'tier', instrument: 'SPOT', floor: '0', rate: '0.1' },
      'event: an instrument of this class has no',
    ],
  ] as const)('%j', (line, why) => {
    expect(follow([line])).toEqual([expect.stringContaining(why)]);
  });
});

describe('the command', () => {
  const lines = (...values: readonly object[]): string =>
    [...SET_UP, ...values].map((value) => `${JSON.stringify(value)}\n`).join('');

  test('reads a file; refused events are lines, with --strict 3; totals are at the end', async () => {
    const withdraw = { event: 'withdraw', asset: 'USDT', amount: '2000', x: 1 };
    writeFileSync(join(folder, 'account.jsonl'), lines(deposit, buy, withdraw));
    const args = ['ledger', 'run', 'account.jsonl', '--json', '--totals', '--strict', '--equity-on', 'last'];
    const { code, stdout, stderr } = await truetape(args, { cwd: folder });
    expect(code).toBe(3);
    const told = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(told).toHaveLength(SET_UP.length + 6);
    expect(told.slice(-4)).toMatchObject([
      { event: 'withdraw', error: { code: 'insufficientBalance' } },
      { event: 'totals', name: 'USDT', deposit: '1000', balance: '1000' },
      { event: 'totals', name: 'BTC', balance: '0' },
      { event: 'totals', name: 'BNB' },
    ]);
    expect(stderr).toContain('line 9: "x" of withdraw is not read');
    expect(stderr).toContain('1 of 9 events were refused');
  });

  test('a malformed line ends with 2 behind the output of those before, or is passed over; no line is told', async () => {
    const input = lines(deposit, { event: 'deposit', asset: 'USDT', amount: 'x' }, deposit);
    const [ended, skipped, none] = await Promise.all([
      truetape(['ledger', 'run'], { input }),
      truetape(['ledger', 'run', '-', '--on-bad-line', 'skip'], { input }),
      truetape(['ledger', 'run', '--totals'], { input: '\n' }),
    ]);
    // Fails where input without events is silent, as if something had been booked.
    const stderr = 'truetape: standard input has no events: nothing was booked\n';
    expect(none).toMatchObject({ code: 0, stdout: '', stderr });
    expect(ended.code).toBe(2);
    expect(ended.stdout.trimEnd().split('\n')).toHaveLength(SET_UP.length + 1);
    expect(ended.stderr).toContain('standard input, line 8: amount: expected a decimal');
    expect([skipped.code, skipped.stdout.includes('balance 2000')]).toEqual([0, true]);
  });
});
