// Several strategies from a command line and a configuration: who runs, with which parameters, and what is refused.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '@truetape/contracts';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadConfig } from '../src/backtest/config-source.ts';
import { chooseStrategies, eachAlone } from '../src/backtest/strategies.ts';
import { writeMarket } from './backtest-tapes.ts';
import { scratchFolder, truetape } from './truetape.ts';
import type { Run } from './truetape.ts';

const cwd = scratchFolder();
const backtest = (...args: string[]): Promise<Run> => truetape(['backtest', ...args], { cwd });

const TWO = `
use: [maker=market-maker, twap]
strategies:
  maker: { halfSpreadTicks: 2 }
  twap: { durationNs: 2000000000 }
risk:
  strategies: { maker: { maxPositionLots: 2 }, twap: { maxLoss: "10" } }
`;

beforeAll(() => {
  writeMarket(join(cwd, 'market.rpl'), 'calm', 3000);
  writeFileSync(join(cwd, 'two.yaml'), TWO);
});

async function chosen(strategy: readonly string[] | undefined, ...set: string[]): Promise<unknown> {
  const { strategies, config, named } = await chooseStrategies(strategy, await loadConfig({ set }));
  return {
    named,
    names: strategies.map(({ name, definition }) => `${name}=${definition.name}`),
    strategies: config.strategies,
    budgets: config.risk['strategies'],
  };
}

const USE = 'use=["maker=market-maker","twap"]';
const SETS = [
  'strategies={"maker":{"qtyLots":2},"twap":{"qtyLots":9}}',
  'risk.strategies.twap.maxOpenOrders=1',
];

describe('who runs', () => {
  test.each([
    [['momentum'], [], ['momentum=momentum'], ['momentum']],
    [['a=momentum', 'momentum'], [], ['a=momentum', 'momentum=momentum'], ['a=momentum', 'momentum']],
    [undefined, [USE], ['maker=market-maker', 'twap=twap'], ['maker=market-maker', 'twap']],
    // One of those that the configuration knows, by the name that it has there.
    [['maker'], [USE], ['maker=market-maker'], ['maker=market-maker']],
    [['twap', 'vwap'], [USE], ['twap=twap', 'vwap=vwap'], ['twap', 'vwap']],
  ])('%j with %j', async (strategy, set, names, named) => {
    expect(await chosen(strategy, ...set)).toMatchObject({ names, named });
  });

  // Fails where a part of a configuration that several share stops one of them from running alone.
  test('what is said of one that does not run is left out', async () => {
    expect(await chosen(['maker'], USE, ...SETS)).toMatchObject({
      strategies: { maker: { qtyLots: 2 } },
      budgets: {},
    });
    const whole = await chooseStrategies(undefined, await loadConfig({ set: [USE, ...SETS] }));
    const [, second] = eachAlone(whole);
    expect(second.config.strategies).toEqual({ twap: { qtyLots: 9 } });
    expect(second.config.risk).toEqual({ strategies: { twap: { maxOpenOrders: 1 } } });
  });

  test.each([
    [undefined, [], 'no strategy is named'],
    [['momentum', 'momentum'], [], 'two strategies are named momentum'],
    [['a=momentum', 'a=twap'], [], 'two strategies are named a'],
    [undefined, ['use=["twap","twap"]'], 'two strategies are named twap'],
    [undefined, ['use=["nothing"]'], /^there is no strategy nothing\n/],
    [['momentum', 'nothing'], [], 'there is no strategy nothing'],
    [['0=momentum'], [], '0 is no name'],
    [['=momentum'], [], 'nothing is no name'],
    [['a='], [], 'there is no strategy '],
    [['./a=b.ts'], [], 'there is no strategy ./a=b.ts'],
    [['momentum', 'twap'], ['strategies.0.qtyLots=1'], 'strategies.0: there is no such strategy in this run'],
    [['momentum', 'twap'], ['strategy.bars=3'], 'there are several: strategies.momentum has those of one'],
    [
      ['twap'],
      ['strategy.qtyLots=3', 'strategies.twap.qtyLots=3'],
      'strategies.twap says parameters as well',
    ],
    [['twap'], ['strategies=[{"qtyLots":1}]'], 'strategies: parameters by name'],
    [['twap'], ['strategies.twap=3'], 'strategies.twap: an object is expected'],
    [undefined, ['use=[]'], 'use: '],
    [undefined, ['use="twap"'], 'use: '],
    [undefined, ['use.0.x=1'], 'use: a list is expected'],
  ])('%j with %j is refused', async (strategy, set, message) => {
    const refused = chosen(strategy, ...set).catch((error: unknown) => {
      const { message: text, next = '' } = error as { message: string; next?: string };
      return `${text}\n${next}`;
    });
    expect(await refused).toMatch(message);
  });
});

describe('a run of two', () => {
  // Fails when the ways to say the same run another one, or its log, its tape or its comparison forgets a strategy.
  test('is the same from a file and from options, with a log and without, and compares by strategy', async () => {
    const options = ['--strategy', 'maker=market-maker', '--strategy', 'twap', '--json'];
    const sets = [
      'strategies.maker.halfSpreadTicks=2',
      'strategies.twap.durationNs=2000000000',
      'risk.strategies={"maker":{"maxPositionLots":2},"twap":{"maxLoss":"10"}}',
    ].flatMap((one) => ['--set', one]);
    const run = ['run', '--tape', 'market.rpl'];
    const whole = await backtest(...run, '--config', 'two.yaml', '--json', '-o', 'two.rpl');
    const said = await backtest(...run, ...options, ...sets);
    const logged = await backtest(...run, '--config', 'two.yaml', '--json', '--wal', 'log');
    const resumed = await backtest('resume', 'log', '--json');
    const reports = [whole, said, logged, resumed].map(({ stdout }) => JSON.parse(stdout) as JsonObject);
    const [first, ...others] = reports.map(({ output, ...report }) => ({
      ...report,
      input: null,
      hash: (output as JsonObject)['hash'],
    }));
    for (const other of others) expect(other).toEqual(first);
    expect(first).toMatchObject({ strategies: ['maker', 'twap'] });
    writeFileSync(join(cwd, 'two.json'), whole.stdout);
    const equal = await backtest('compare', 'two.rpl', 'two.json');
    expect(equal).toMatchObject({ code: 0, stdout: expect.stringMatching(/^equal: \d+ values/) });
    const alone = await backtest(...run, '--config', 'two.yaml', '--strategy', 'maker', '-o', 'alone.rpl');
    expect(alone).toMatchObject({ code: 0, stderr: '' });
    const differ = await backtest('compare', 'two.rpl', 'alone.rpl');
    expect(differ.stdout).toMatch(/^byStrategy\.twap\.fills\.taker +\d+ +-$/m);
  });

  // Fails where a name that every object has stands for parameters that nobody gave.
  test('may have any name, and any order', async () => {
    const of = (...names: string[]): string[] => names.flatMap((name) => ['--strategy', name]);
    const run = (...names: string[]): Promise<Run> =>
      backtest('run', '--tape', 'market.rpl', '--json', ...of(...names));
    const [one, other] = await Promise.all([
      run('constructor=twap', 'toString=market-maker'),
      run('toString=market-maker', 'constructor=twap'),
    ]);
    const names = [one, other].map(({ stdout }) => (JSON.parse(stdout) as JsonObject)['strategies']);
    expect(names).toEqual([
      ['constructor', 'toString'],
      ['toString', 'constructor'],
    ]);
  });

  test('has a column in both files of rows', async () => {
    const files = ['--fills', 'fills.csv', '--equity', 'equity.csv'];
    await backtest('run', '--tape', 'market.rpl', '--config', 'two.yaml', ...files);
    const rows = (name: string): string[][] =>
      readFileSync(join(cwd, name), 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => line.split(','));
    const [fillTitles, ...fills] = rows('fills.csv');
    expect(new Set(fills.map((row) => row[fillTitles.indexOf('strategy')]))).toEqual(
      new Set(['maker', 'twap']),
    );
    const [titles, ...samples] = rows('equity.csv');
    expect(titles.slice(-2)).toEqual(['net maker', 'net twap']);
    const cents = (text: string): number => Math.round(Number(text) * 1e8);
    for (const row of samples)
      expect(cents(row[row.length - 1]) + cents(row[row.length - 2])).toBe(cents(row[2]));
  });

  test('goes through realism together, and through regimes each alone', async () => {
    const config = ['--config', 'two.yaml'];
    const realism = await backtest('realism', '--tape', 'market.rpl', ...config, '--json');
    const { rows } = JSON.parse(realism.stdout) as { rows: readonly { report: JsonObject }[] };
    for (const { report } of rows) expect(report['strategies']).toEqual(['maker', 'twap']);
    const regimes = await backtest('regimes', ...config, '--seeds', '1', '--events', '1000', '--json');
    const each = JSON.parse(regimes.stdout) as { rows: readonly JsonObject[] };
    expect(each.rows.slice(0, 2).map(({ strategy }) => strategy)).toEqual(['maker=market-maker', 'twap']);
  });

  test('shows its budgets, and what an order of one strategy meets', async () => {
    const explain = (...args: string[]): Promise<Run> =>
      truetape(['risk', 'explain', '--config', 'two.yaml', ...args], { cwd });
    const limits = await explain();
    expect(limits.stdout).toMatch(/^strategyPosition +maker: 2\n/m);
    expect(limits.stdout).toMatch(/^strategyLoss +twap: 10\n/m);
    const view = ['--view', 'bid=99,ask=101,equity=10000,strategyPosition=2'];
    const order = (strategy: string): string[] => [
      '--order',
      `side=buy,qty=1,price=100,strategy=${strategy}`,
    ];
    const verdicts = [await explain(...order('maker'), ...view), await explain(...order('twap'), ...view)];
    expect(verdicts.map(({ stdout }) => stdout.trimEnd().split('\n').at(-1))).toEqual([
      'verdict             deny strategyPositionLimit by strategyPosition, 3 against 2',
      'verdict             allow',
    ]);
  });
});
