// What the commands of `backtest` print of small markets: this file runs under every Node, in another time zone and locale.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openRunFiles } from '../src/backtest/run-files.ts';
import { loadConfig } from '../src/backtest/config-source.ts';
import { openInputTape } from '../src/backtest/input-tape.ts';
import { runBacktest } from '../src/backtest/run.ts';
import { loadStrategy } from '../src/backtest/strategy-source.ts';
import { sweep } from '../src/commands/backtest/latency-sweep.ts';
import { queueModels } from '../src/commands/backtest/queue-models.ts';
import { realism } from '../src/commands/backtest/realism.ts';
import { regimes } from '../src/commands/backtest/regimes.ts';
import { strategiesText } from '../src/commands/backtest/strategies.ts';
import { QUIET, quietCli, writeMarket } from './backtest-tapes.ts';
import { ROOT, scratchFolder } from './truetape.ts';

const cwd = scratchFolder();
const FOLDER = join(ROOT, 'fixtures', 'backtest');
const golden = (text: string, name: string): Promise<void> =>
  expect(text).toMatchFileSnapshot(join(FOLDER, `${name}.golden.txt`));
const plain = (text: string): string => text.replaceAll(`${cwd}/`, '');

const market = join(cwd, 'market.rpl');
writeMarket(market, 'calm', 6000);
const OPTIONS = { ...QUIET, tape: [market], seed: 1 };

// Each fails when a figure, a column or a word changes: then `npm run goldens`.
test('realism', async () => {
  const set = ['instrument.slippage={"kind":"bps","milliBps":500}', 'latency.order.ns=4000000'];
  await golden(plain(await realism(quietCli(), { ...OPTIONS, strategy: ['market-maker'], set })), 'realism');
});

test('latency-sweep', async () => {
  const latency = [0, 1_000_000, 20_000_000];
  const options = { ...OPTIONS, strategy: ['momentum'], set: ['strategy.barNs=100000000'], latency };
  await golden(plain(await sweep(quietCli(), options)), 'latency-sweep');
});

test('regimes', async () => {
  const options = { ...QUIET, strategy: ['market-maker', 'twap'], seeds: 2, seed: 3, events: 2000 };
  await golden(await regimes(quietCli(), options), 'regimes');
});

test('queue-models', async () => {
  const options = { ...OPTIONS, lanes: 8, behind: 2, lifetime: 400_000_000 };
  const late = { ...options, depthEvery: 50_000_000, json: true };
  const parts = await Promise.all([options, late].map(async (each) => queueModels(quietCli(), each)));
  await golden(plain(parts.join('\n')), 'queue-models');
});

test('strategies, and the parameters of one', async () => {
  const parts = await Promise.all([strategiesText({}), strategiesText({ template: 'vwap' })]);
  await golden(parts.join('\n'), 'strategies');
});

test('a row a fill, a row a sample', async () => {
  const [fills, equity] = ['fills.csv', 'equity.jsonl'].map((name) => join(cwd, name));
  const listener = await openRunFiles({ fills, equity, force: false });
  const { report } = await runBacktest({
    tape: openInputTape([market], false),
    config: await loadConfig({ set: ['sampleNs=1000000000'] }),
    seed: '1',
    strategies: [await loadStrategy('market-maker')],
    out: { out: undefined, force: false, frameBytes: 65536 },
    listener: listener!,
  });
  const [rows, samples] = [fills, equity].map((path) => readFileSync(path, 'utf8'));
  await golden(`${rows.split('\n').slice(0, 12).join('\n')}\n\n${samples}`, 'files');
  // The rows add up to the report: fees, what was realised, and the last sample.
  const table = rows
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','));
  const sum = (at: number): string =>
    String(Math.round(table.reduce((all, cells) => all + Number(cells[at]), 0) * 1e8) / 1e8);
  const [profit] = report['profit'] as {
    readonly fees: string;
    readonly realised: string;
    readonly net: string;
  }[];
  expect(report).toMatchObject({ fills: { count: table.length } });
  expect([sum(12), `-${sum(13)}`]).toEqual([profit.realised, profit.fees]);
  expect(JSON.parse(samples.trimEnd().split('\n').at(-1)!)).toMatchObject({ net: profit.net });
});
