// `backtest compare`, means over seeds, latencies in proportion, time that stands still, and wrong options.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configJsonSchema, parseConfig } from '@truetape/backtest';
import type { JsonObject } from '@truetape/contracts';
import { beforeAll, describe, expect, test } from 'vitest';
import { averagesOf, meanFixed, rangeOf } from '../src/backtest/averages.ts';
import { loadConfig } from '../src/backtest/config-source.ts';
import type { Figures } from '../src/backtest/figures.ts';
import { openInputTape } from '../src/backtest/input-tape.ts';
import { runBacktest } from '../src/backtest/run.ts';
import { readTapeAccount } from '../src/backtest/tape-account.ts';
import { loadStrategy } from '../src/backtest/strategy-source.ts';
import { realismVariants, typicalLatencies, withLatency } from '../src/backtest/variants.ts';
import { comparisonOf } from '../src/commands/backtest/compare.ts';
import { parseLatencies } from '../src/commands/backtest/latency-sweep.ts';
import { writeNew } from '../src/commands/backtest/new.ts';
import { regimes } from '../src/commands/backtest/regimes.ts';
import { CliFailure } from '../src/failure.ts';
import { QUIET, quietCli, writeMarket } from './backtest-tapes.ts';
import { scratchFolder } from './truetape.ts';

const cwd = scratchFolder();
const at = (name: string): string => join(cwd, name);

/** Runs on the market, writes the tape and the report. */
async function run(name: string, set: readonly string[], seed: string = '1'): Promise<void> {
  const { report, output } = await runBacktest({
    tape: openInputTape([at('market.rpl')], false),
    config: await loadConfig({ set }),
    seed,
    strategies: [await loadStrategy('market-maker')],
    out: { out: { path: at(`${name}.rpl`), format: 'rpl' }, force: false, frameBytes: 65536 },
  });
  const whole = { ...report, output: { path: `${name}.rpl`, events: output.count, hash: output.hash } };
  writeFileSync(at(`${name}.json`), JSON.stringify(whole));
}

beforeAll(async () => {
  writeMarket(at('market.rpl'), 'calm', 3000);
  await run('a', []);
  await run('same', []);
  await run('slow', ['latency.order.ns=9000000']);
});

interface Comparison {
  readonly equal: boolean;
  readonly compared: number;
  readonly differing: readonly { readonly name: string; readonly values: readonly (string | null)[] }[];
  readonly events: readonly { readonly seq: number }[];
}

async function compare(...names: string[]): Promise<Comparison & { readonly exitCode: number }> {
  const cli = quietCli();
  const printed = await comparisonOf(cli, names.map(at), { json: true });
  return { ...(JSON.parse(printed) as Comparison), exitCode: cli.exitCode };
}

describe('compare', () => {
  // Fails when what differs is passed over, or what does not is told.
  test('finds what differs, in tapes and in reports, and where events part', async () => {
    const tapes = await compare('a.rpl', 'same.rpl', 'slow.rpl');
    expect(tapes).toMatchObject({ equal: false, exitCode: 3 });
    const names = tapes.differing.map(({ name }) => name);
    expect(names[0]).toBe('config.latency.order.ns');
    expect(tapes.differing[0].values).toEqual(['2000000', '2000000', '9000000']);
    expect(names).toEqual(
      expect.arrayContaining(['orders.sent', 'output.hash', 'positions.SIM:SIM.realised']),
    );
    expect(tapes.events).toHaveLength(1);
    expect(tapes.events[0].seq).toBeGreaterThan(10);
    const reports = await compare('a.json', 'slow.json');
    expect(reports.exitCode).toBe(3);
    expect(reports.differing.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['config.latency.order.ns', 'profit.USD.net', 'equity.maxDrawdown']),
    );
    expect(reports.events).toEqual([]);
  });

  // Fails when what is held at the end of a tape has no value.
  test('a tape says what is held at its end, and what that has gained', () => {
    const { positions } = readTapeAccount(at('a.rpl'), false);
    expect(positions).toMatchObject({
      'SIM:SIM': {
        positionLots: expect.any(Number) as number,
        unrealisedAtLastFill: expect.stringMatching(/^-?[0-9.]+$/) as string,
      },
    });
  });

  // Fails when a tape adds up to something else than the report of its run.
  test('finds nothing between a tape and its own report, nor between two equal runs', async () => {
    const both = await compare('a.rpl', 'a.json');
    expect(both).toMatchObject({ equal: true, exitCode: 0, differing: [] });
    expect(both.compared).toBeGreaterThan(30);
    expect(await compare('a.rpl', 'same.rpl')).toMatchObject({ equal: true, exitCode: 0 });
    expect(await compare('slow.json', 'slow.rpl', 'slow.json')).toMatchObject({ equal: true, exitCode: 0 });
    // A switch that is pulled by a limit, which denies no order by itself.
    await run('lost', ['risk.kill.drawdown={"amount":"0.1","level":"flatten"}']);
    expect(await compare('lost.rpl', 'lost.json')).toMatchObject({ equal: true, differing: [] });
    expect(readTapeAccount(at('lost.rpl'), false)).toMatchObject({ control: { killSwitches: 1 } });
  });

  test('refuses what is no backtest', async () => {
    writeFileSync(at('other.json'), '{"format":"something/1"}');
    const refused = (name: string): Promise<unknown> =>
      compare('a.rpl', name).then(
        () => 0,
        (error: unknown) => (error instanceof CliFailure ? error.exitCode : error),
      );
    expect(await refused('other.json')).toBe(5);
    expect(await refused('market.rpl')).toBe(2);
  });
});

const figures = (one: Partial<Figures>): Figures => ({
  asset: 'USD',
  sent: 0,
  rejected: 0,
  fills: 0,
  maker: 0,
  fillRatio: null,
  gross: '0',
  fees: '0',
  funding: '0',
  net: '0',
  maxDrawdown: '0',
  queueNs: null,
  takerTicks: null,
  markoutTicks: null,
  ...one,
});

describe('means', () => {
  test.each([
    [['1', '2'], 1, '1.5'],
    [['-0.1', '0.05', '0.049'], 4, '-0.0003'],
    [['0.00005', '0'], 4, '0.0000'],
    [['0.0001', '0'], 4, '0.0001'],
    [['-10', '-0.5', '3'], 2, '-2.50'],
  ])('of %j', (texts, places, mean) => {
    expect(meanFixed(texts, places)).toBe(mean);
  });

  test('of none are absent; ranges are exact', () => {
    expect(meanFixed([], 2)).toBeNull();
    expect(rangeOf(['-0.5', '-10', '3.25'])).toEqual(['-10', '3.25']);
    const rows = [figures({ net: '1', fillRatio: '0.5' }), figures({ net: '-2.5', fills: 3 })];
    expect(averagesOf(rows)).toMatchObject({
      runs: 2,
      fills: '1.5',
      fillRatio: '0.5000',
      net: '-0.7500',
      leastNet: '-2.5',
      mostNet: '1',
      markoutTicks: null,
    });
  });
});

describe('variants', () => {
  test('scale every latency with that of orders', async () => {
    const set = [
      'latency.feed={"kind":"logNormal","medianNs":500000,"sigmaPermille":300}',
      'latency.cancel={"kind":"uniform","minNs":1000000,"maxNs":5000000}',
      'latency.response={"kind":"empirical","valuesNs":[9,1,3]}',
    ];
    const config = await loadConfig({ set });
    expect(typicalLatencies(withLatency(config, 6_000_000))).toEqual({
      feed: 1_500_000,
      order: 6_000_000,
      cancel: 9_000_000,
      response: 9,
    });
    expect(typicalLatencies(withLatency(config, 0))).toEqual({ feed: 0, order: 0, cancel: 0, response: 0 });
    const atOnce = await loadConfig({ set: ['latency.order.ns=0'] });
    expect(typicalLatencies(withLatency(atOnce, 7))).toEqual({ feed: 7, order: 7, cancel: 7, response: 7 });
  });

  // Fails when a row has a cost that is not its own.
  test('have one cost each', async () => {
    const slippage = { kind: 'bps', milliBps: 500 } as const;
    const config = await loadConfig({ set: [`instrument.slippage=${JSON.stringify(slippage)}`] });
    const costs = realismVariants(config).map(({ name, config: one }) => ({
      name,
      mode: one.mode,
      isSlow: one.latency.order.kind === 'fixed' && one.latency.order.ns === 2_000_000,
      slips: one.instrument.slippage !== undefined,
      // Absent: what is paid by default.
      pays: one.instrument.fees === undefined,
    }));
    expect(costs.slice(1)).toEqual([
      { name: 'book', mode: 'auto', isSlow: false, slips: false, pays: false },
      { name: 'book + latency', mode: 'auto', isSlow: true, slips: false, pays: false },
      { name: 'book + slippage', mode: 'auto', isSlow: false, slips: true, pays: false },
      { name: 'book + fees', mode: 'auto', isSlow: false, slips: false, pays: true },
      { name: 'all', mode: 'auto', isSlow: true, slips: true, pays: true },
    ]);
    expect(costs[0].mode).toBe('ideal');
    const soon = async (ns: number): Promise<string> =>
      realismVariants(await loadConfig({ set: [`latency.order.ns=${ns}`] }))[1].what;
    expect(await Promise.all([soon(2_000_000), soon(50_000)])).toEqual([
      expect.stringMatching(/orders take 100us to the venue$/),
      expect.stringMatching(/orders take 50us to the venue$/),
    ]);
  });
});

// Fails when a strategy that answers itself at one time keeps the command for ever.
test('time that stands still ends the run', { timeout: 180_000 }, async () => {
  writeMarket(at('long.rpl'), 'calm', 13_000);
  const zero = '{"kind":"fixed","ns":0}';
  const set = ['feed', 'order', 'cancel', 'response'].map((kind) => `latency.${kind}=${zero}`);
  const stuck = runBacktest({
    tape: openInputTape([at('long.rpl')], false),
    config: await loadConfig({ set }),
    seed: '1',
    strategies: [await loadStrategy('market-maker')],
    out: { out: { path: at('stuck.rpl'), format: 'rpl' }, force: false, frameBytes: 65536 },
  });
  await expect(stuck).rejects.toThrow(
    /^time stands still 10\.729\d+s behind the start: the strategy sees its own orders/,
  );
});

test('the schema has the limits of risk and the parameters of a strategy', () => {
  const schema = configJsonSchema({ $schema: 'x', title: 'mine' });
  const members = schema['properties'] as { readonly [name: string]: JsonObject };
  expect(Object.keys(members['risk']['properties'] as JsonObject)).toContain('limits');
  expect(members['strategy']).toEqual({ default: {}, title: 'mine' });
  expect(parseConfig({}).ok).toBe(true);
});

test.each([
  ['--latency: expected 10s or 1.5ms', () => parseLatencies('1ms,soon')],
  ['--latency: expected different spans', () => parseLatencies('1ms,1000us')],
  ['my.js: expected a name that ends in .ts', () => writeNew('my.js', {})],
])('%s', (message, call) => {
  expect(call).toThrow(message);
});

test('a strategy twice is refused, as is a parameter that one of them has not', async () => {
  const options = { ...QUIET, seeds: 1, seed: 1, events: 1000 };
  const twice = regimes(quietCli(), { ...options, strategy: ['twap', 'twap'] });
  await expect(twice).rejects.toThrow('two strategies are named twap');
  const set = ['strategy.skewTicks=3'];
  const unknown = regimes(quietCli(), { ...options, strategy: ['market-maker', 'twap'], set });
  await expect(unknown).rejects.toThrow('parameters of twap are wrong');
});

// Fails where one of two contradicting wishes is passed over.
test.each(['exchange', 'replay'])('--ideal beside mode %s is refused', async (mode) => {
  const said = `mode: ${mode} is asked for, and --ideal`;
  const refused = loadConfig({ set: [`mode=${mode}`], ideal: true });
  await expect(refused).rejects.toMatchObject({ next: expect.stringContaining(said) as string });
  await expect(loadConfig({ set: ['mode=auto'] })).resolves.toMatchObject({ mode: 'auto' });
});
