// Files of fills and of equity, and pages: the same rows in every form, and none where a run fails.
import { existsSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LAYOUTS } from '@truetape/contracts';
import { parquetReadObjects } from 'hyparquet';
import { beforeAll, expect, test } from 'vitest';
import { loadConfig } from '../src/backtest/config-source.ts';
import { openInputTape } from '../src/backtest/input-tape.ts';
import { openRunFiles } from '../src/backtest/run-files.ts';
import { BACKTEST_KINDS, runBacktest } from '../src/backtest/run.ts';
import { loadStrategy } from '../src/backtest/strategy-source.ts';
import { writeMarket } from './backtest-tapes.ts';
import { scratchFolder, shell, truetape } from './truetape.ts';

const cwd = scratchFolder();
/** Kinds of a backtest, by name. */
const NAMES = BACKTEST_KINDS.map((code) => LAYOUTS.find((layout) => layout.code === code)!.name);

const at = (name: string): string => join(cwd, name);

type Row = Readonly<Record<string, unknown>>;

interface Curve {
  readonly timesNs: readonly string[];
  readonly net: string[];
  readonly instruments: readonly {
    readonly instrument: string;
    readonly position: readonly string[];
    readonly middle: readonly (string | null)[];
  }[];
  readonly byStrategy: readonly { readonly name: string; readonly net: readonly string[] }[];
}

beforeAll(() => {
  writeMarket(at('market.rpl'), 'calm', 4000);
});

async function write(fills: string, equity: string): Promise<void> {
  const listener = await openRunFiles({ fills: at(fills), equity: at(equity), force: false });
  await runBacktest({
    tape: openInputTape([at('market.rpl')], false),
    config: await loadConfig({}),
    seed: '1',
    strategies: [await loadStrategy('market-maker')],
    out: { out: undefined, force: false, frameBytes: 65536 },
    listener: listener!,
  });
}

const lines = (name: string): Row[] =>
  readFileSync(at(name), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Row);

/** Rows of a Parquet file: its reader makes dates of timestamps, and bigints of integers. */
async function parquet(name: string): Promise<Row[]> {
  const bytes = readFileSync(at(name));
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  const rows = (await parquetReadObjects({ file })) as Row[];
  const plain = (value: unknown): unknown => (typeof value === 'bigint' ? Number(value) : value);
  return rows.map((row) =>
    Object.fromEntries(Object.entries(row).map(([key, value]) => [key, plain(value)])),
  );
}

const dated = (row: Row): Row =>
  Object.fromEntries(
    Object.entries(row).map(([key, value]) => [
      key,
      key.endsWith('Ns') ? new Date(Number(BigInt(String(value)) / 1_000_000n)) : value,
    ]),
  );

test('have the same rows as JSON Lines, CSV and Parquet', async () => {
  await write('fills.jsonl', 'equity.jsonl');
  await write('fills.parquet', 'equity.parquet');
  await write('fills.csv', 'equity.csv');
  for (const name of ['fills', 'equity']) {
    const rows = lines(`${name}.jsonl`);
    expect(rows.length).toBeGreaterThan(10);
    const [heading, ...cells] = readFileSync(at(`${name}.csv`), 'utf8')
      .trimEnd()
      .split('\n');
    expect(heading).toBe(Object.keys(rows[0]).join(','));
    expect(cells).toEqual(rows.map((row) => Object.values(row).join(',')));
    expect(await parquet(`${name}.parquet`)).toEqual(rows.map(dated));
  }
});

// Fails when the report leaves a sample or a strategy out that the file has, or when `compare` passes a curve over.
test('of equity are the curve of the report', async () => {
  const two = [
    '--strategy',
    'maker=market-maker',
    '--strategy',
    'momentum',
    '--equity',
    'curve.jsonl',
    '--json',
  ];
  const { stdout } = await truetape(['backtest', 'run', '--tape', 'market.rpl', ...two], { cwd });
  const { equity } = JSON.parse(stdout) as { readonly equity: { readonly curve: Curve } };
  const { timesNs, net, instruments, byStrategy } = equity.curve;
  const [{ instrument, position, middle }] = instruments;
  const rows = timesNs.map((timeNs, k) => ({
    timeNs,
    asset: 'USD',
    net: net[k],
    [`position ${instrument}`]: position[k],
    ...(middle[k] === null ? {} : { [`middle ${instrument}`]: middle[k] }),
    ...Object.fromEntries(byStrategy.map((one) => [`net ${one.name}`, one.net[k]])),
  }));
  expect(byStrategy.map(({ name }) => name)).toEqual(['maker', 'momentum']);
  expect(rows).toEqual(lines('curve.jsonl'));
  net[3] = '12345';
  writeFileSync(at('one.json'), stdout);
  writeFileSync(at('other.json'), JSON.stringify({ ...(JSON.parse(stdout) as object), equity }));
  const { code, stdout: said } = await truetape(['backtest', 'compare', 'one.json', 'other.json'], { cwd });
  expect(code).toBe(3);
  expect(said).toMatch(/^differ: 1 of \d+ values\n\nvalue .*\nequity\.curve\.net /);
});

// Fails when a run that ends badly, or never begins, leaves a file or half of one.
test('are not there when a run fails', async () => {
  const before = readdirSync(cwd);
  const run = (...args: string[]): ReturnType<typeof truetape> =>
    truetape(
      ['backtest', 'run', '--tape', 'market.rpl', '--strategy', 'twap', '--fills', 'bad.csv', ...args],
      { cwd },
    );
  const [parameters, name, exists, page] = await Promise.all([
    run('--set', 'strategy.nothing=1', '--equity', 'bad.jsonl'),
    run('--equity', 'bad.rpl'),
    run('-o', 'fills.csv'),
    run('--html', 'fills.csv'),
  ]);
  expect([parameters, name, exists, page].map(({ code, stdout }) => [code, stdout])).toEqual([
    [2, ''],
    [2, ''],
    [1, ''],
    [1, ''],
  ]);
  expect(name.stderr).toMatch(
    /^truetape: --equity bad\.rpl: expected a name that ends in \.csv, \.jsonl or \.parquet\n/,
  );
  expect(readdirSync(cwd)).toEqual(before);
});

// Fails when what was written is put in its place before all of it is, or a file that nobody read to its end is not
// told.
test.skipIf(!existsSync('/dev/full'))('none of them is there when one cannot be written', async () => {
  for (const name of ['full.csv', 'full.html', 'full.rpl']) symlinkSync('/dev/full', at(name));
  const before = readdirSync(cwd);
  const run = (...args: string[]): ReturnType<typeof truetape> =>
    truetape(['backtest', 'run', '--tape', 'market.rpl', '--strategy', 'market-maker', ...args], { cwd });
  for (const args of [
    ['-o', 'half.rpl', '--fills', 'full.csv', '--equity', 'half.csv'],
    ['-o', 'half.rpl', '--fills', 'half.csv', '--equity', 'full.csv'],
    ['-o', 'full.rpl', '--fills', 'half.csv', '--html', 'half.html'],
    ['-o', 'half.rpl', '--fills', 'half.csv', '--html', 'full.html'],
  ]) {
    const { code, stdout, stderr } = await run(...args);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^truetape: full\.\w+ cannot be written: the disk is full\n/);
    expect(readdirSync(cwd)).toEqual(before);
  }
  const closed = await shell(
    '(truetape backtest run --tape market.rpl --strategy market-maker -o - --fills half.csv; echo $? > code) | head -n 1; cat code; rm code',
    cwd,
  );
  expect(closed.stdout).toMatch(/^rpl-text 1 .*\n1\n$/);
  expect(closed.stderr).toMatch(/closed before the end: half\.csv is not written\n/);
  expect(readdirSync(cwd)).toEqual(before);
});

// Fails when the table of an output lacks the columns of a kind that stands in it.
test('of all events are what tape convert makes of the tape', async () => {
  const { code, stderr } = await shell(
    [
      'set -e',
      'run="truetape backtest run --tape market.rpl --strategy twap --set strategy.durationNs=2000000000"',
      '$run -o x.rpl > x.txt; $run -o x.csv > y.txt',
      `truetape tape convert x.rpl --kind ${NAMES.join(',')} -o z.csv; cmp x.csv z.csv`,
      '! grep -q ffffffffffffffff x.csv',
    ].join('\n'),
    cwd,
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});

// Fails when a page changes what else is said or written, or is another one for a run that was logged or goes on; when
// a table of all events has no fills and no equity beside it.
test('a page, and tables beside a Parquet table', async () => {
  const { code, stderr, stdout } = await shell(
    [
      'set -e',
      'run="truetape backtest run --tape market.rpl --strategy market-maker -q"',
      '$run > plain.txt; $run --html a.html > with.txt; cmp plain.txt with.txt',
      '$run --wal log --html b.html > /dev/null; cmp a.html b.html',
      'truetape backtest resume log --tape market.rpl --html c.html -q > /dev/null; cmp a.html c.html',
      "$run -o x.parquet | grep '^output'; $run -o y.PARQUET | grep '^output'",
    ].join('\n'),
    cwd,
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(
    /^output +x\.parquet, \d+ events; fills in x\.fills\.parquet; equity in x\.equity\.parquet\noutput +y\.P/,
  );
  expect(stdout).toMatch(
    /\noutput +y\.PARQUET, \d+ events; fills in y\.fills\.parquet; equity in y\.equity\.parquet\n$/,
  );
  const [all, fills, equity] = await Promise.all(
    ['x', 'x.fills', 'x.equity'].map((name) => parquet(`${name}.parquet`)),
  );
  expect(fills.length).toBeGreaterThan(10);
  expect(all.filter(({ kind }) => kind === 'Fill')).toHaveLength(fills.length);
  expect(Object.keys(equity[0])).toEqual(['timeNs', 'asset', 'net', 'position SIM:SIM', 'middle SIM:SIM']);
});
