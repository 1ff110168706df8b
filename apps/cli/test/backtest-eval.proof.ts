// EVAL.md says what backtests come to: its commands are run, and its tables are theirs. `npm run goldens -- --project
// proofs apps/cli/test/backtest-eval.proof.ts` writes them.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatSpan } from '@truetape/tape';
import { expect, test } from 'vitest';
import { ROOT, scratchFolder, truetape } from './truetape.ts';

const PAGE = join(ROOT, 'EVAL.md');
const cwd = scratchFolder();

type Row = Readonly<Record<string, string | number | null>>;

async function run(args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await truetape(args, { cwd });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
}

const MINUS = '−';
const cell = (value: string | number | null): string =>
  value === null ? '–' : String(value).replace(/^-/, MINUS);
const span = (value: string | number | null): string =>
  value === null
    ? '–'
    : formatSpan(BigInt(value), 1)
        .replace(/(\d)([a-z])/, '$1 $2')
        .replace('us', 'µs');

const table = (head: readonly string[], labels: number, rows: readonly (readonly string[])[]): string[] => [
  `| ${head.join(' | ')} |`,
  `|${head.map((_, k) => (k < labels ? '---|' : '---:|')).join('')}`,
  ...rows.map((cells) => `| ${cells.join(' | ')} |`),
];

const MONEY = ['gross', 'fees', 'net', 'maxDrawdown'];
const FIGURES = ['fills', 'fillRatio', ...MONEY];
const FIGURE_HEADS = ['fills', 'filled', 'gross', 'fees', 'net', 'drawdown'];
const REST_HEADS = ['in queue', 'paid', 'markout'];
const restOf = (row: Row): string[] => [
  span(row['queueNs']),
  cell(row['takerTicks']),
  cell(row['markoutTicks']),
];

/** A table and the command that made it. */
interface Shown {
  readonly name: string;
  readonly args: readonly string[];
  readonly lines: (rows: readonly Row[]) => string[];
}

const realism = (name: string, ...args: string[]): Shown => ({
  name,
  args: ['backtest', 'realism', '--tape', 'calm.rpl', ...args],
  lines: (rows) =>
    table(
      ['execution', ...FIGURE_HEADS, ...REST_HEADS],
      1,
      rows.map((row) => [cell(row['name']), ...FIGURES.map((key) => cell(row[key])), ...restOf(row)]),
    ),
});

const MARKET = ['sim', 'run', '--preset', 'calm', '--seed', '1', '--duration', '60s', '-o', 'calm.rpl'];

/** Models of the queue: fills, and how far the first one is off. */
const queueTable = (rows: readonly Row[]): string[] => {
  const heads = ['market', 'model', 'probes', 'exact', 'model’s', 'both', 'false', 'missed', 'early'];
  const counts = ['probes', 'exactFilled', 'filled', 'both', 'falseFills', 'missed', 'early'];
  const errors = ['error', 'lots error', 'off: p50', 'p95', 'mean'];
  return table(
    [...heads, ...errors],
    2,
    rows.map((row) => [
      ...['market', 'model', ...counts, 'rateError', 'lotsError'].map((key) => cell(row[key])),
      ...['timeErrorP50Ns', 'timeErrorP95Ns'].map((key) => span(row[key])),
      span(String(row['timeErrorMeanNs']).split('.')[0]).replace('-', MINUS),
    ]),
  );
};

/** The same, by place and size. */
const queueGroups = (rows: readonly Row[]): string[] => {
  const groups = (row: Row, key: string): readonly Row[] => row[key] as unknown as readonly Row[];
  const ticks = groups(rows[0], 'byTicks').map((one) => cell(one['behindTicks']));
  const sizes = groups(rows[0], 'byLots').map((one) => cell(one['qtyLots']));
  const [first, ...rest] = ticks;
  return table(
    ['market', 'model', `error: ${first} ticks`, ...rest, `lots error: ${sizes[0]} lot`, ...sizes.slice(1)],
    2,
    rows.map((row) => [
      ...['market', 'model'].map((key) => cell(row[key])),
      ...groups(row, 'byTicks').map((one) => cell(one['rateError'])),
      ...groups(row, 'byLots').map((one) => cell(one['lotsError'])),
    ]),
  );
};

const SHOWN: readonly Shown[] = [
  realism('backtest-realism-maker', '--strategy', 'market-maker'),
  realism(
    'backtest-realism-momentum',
    '--strategy',
    'momentum',
    '--set',
    'mode=replay',
    '--set',
    'strategy.bars=5',
    '--set',
    'instrument.slippage={"kind":"volatility","permille":1000}',
  ),
  {
    name: 'backtest-latency',
    args: ['backtest', 'latency-sweep', '--tape', 'calm.rpl', '--strategy', 'market-maker'],
    lines: (rows) =>
      table(
        ['latency', 'rejected', ...FIGURE_HEADS, 'in queue', 'markout'],
        0,
        rows.map((row) => [
          span(row['latencyNs']),
          cell(row['rejected']),
          ...FIGURES.map((key) => cell(row[key])),
          span(row['queueNs']),
          cell(row['markoutTicks']),
        ]),
      ),
  },
  {
    name: 'backtest-regimes',
    args: 'backtest regimes --strategy market-maker --strategy momentum --seeds 5 --duration 20s'.split(' '),
    lines: (rows) => {
      const keys = ['fills', 'fillRatio', 'gross', 'fees', 'net', 'leastNet', 'mostNet', 'maxDrawdown'];
      const heads = ['fills', 'filled', 'gross', 'fees', 'net', 'least net', 'most net', 'drawdown'];
      return table(
        ['regime', 'strategy', ...heads, 'markout'],
        2,
        rows.map((row) => ['regime', 'strategy', ...keys, 'markoutTicks'].map((key) => cell(row[key]))),
      );
    },
  },
  {
    name: 'queue-models',
    args: 'backtest queue-models --seeds 5'.split(' '),
    lines: (rows) => {
      // What the text says, whatever the figures: care invents nothing, and the control is seen to be wrong.
      for (const row of rows) {
        if (row['model'] === 'riskAverse') expect(row).toMatchObject({ falseFills: 0, early: 0 });
        if (row['model'] === 'ideal') expect(row['falseFills']).toBeGreaterThan(10);
      }
      const groups = queueGroups(rows.filter(({ model }) => model !== 'ideal'));
      return [...queueTable(rows), '', ...groups];
    },
  },
  {
    name: 'queue-models-late',
    args: 'backtest queue-models --seeds 5 --depth-every 100ms'.split(' '),
    lines: queueTable,
  },
];

const shellWord = (word: string): string => (/^[\w./=-]+$/.test(word) ? word : `'${word}'`);
const commandOf = (args: readonly string[]): string => `\`truetape ${args.map(shellWord).join(' ')}\``;

const marks = (name: string): RegExp =>
  new RegExp(`(<!-- eval: ${name} -->\\n)[\\s\\S]*?(\\n<!-- /eval -->)`);

// Fails when a figure, or a command that made it, is not what stands there.
test('EVAL.md has these figures', { timeout: 600_000 }, async () => {
  await run(MARKET);
  const updating = process.env['TRUETAPE_GOLDENS'] === 'update';
  let page = readFileSync(PAGE, 'utf8');
  expect(page).toContain(commandOf(MARKET));
  for (const { name, args, lines } of SHOWN) {
    const { rows } = JSON.parse(await run([...args, '--json'])) as { readonly rows: readonly Row[] };
    const block = `\n${commandOf(args)}:\n\n${lines(rows).join('\n')}\n`;
    expect(page).toMatch(marks(name));
    if (updating) page = page.replace(marks(name), (_, open: string, close: string) => open + block + close);
    else
      expect({ name, block: marks(name).exec(page)?.[0] }).toEqual({
        name,
        block: `<!-- eval: ${name} -->\n${block}\n<!-- /eval -->`,
      });
  }
  if (updating) writeFileSync(PAGE, page);
});
