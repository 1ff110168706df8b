/** `truetape backtest realism`. */
import { Command } from 'commander';
import type { BacktestConfig } from '@truetape/backtest';
import type { JsonObject } from '@truetape/contracts';
import { limitLines, runCompared } from '../../backtest/compared-runs.ts';
import type { ComparedResult } from '../../backtest/compared-runs.ts';
import { loadConfig } from '../../backtest/config-source.ts';
import { FIGURE_TITLES, figureCells, figureNotes } from '../../backtest/figures.ts';
import { openInputTape } from '../../backtest/input-tape.ts';
import { addBacktestOptions, addStrategyOption, timesOf } from '../../backtest/run-options.ts';
import type { BacktestOptions } from '../../backtest/run-options.ts';
import { chooseStrategies } from '../../backtest/strategies.ts';
import { tableLines } from '../../backtest/table-lines.ts';
import { hasSlippage, realismVariants } from '../../backtest/variants.ts';
import type { Variant } from '../../backtest/variants.ts';
import type { Cli } from '../../cli.ts';
import { voiceOf } from '../../cli.ts';
import { examples } from '../../examples.ts';
import { addJson } from '../../options.ts';
import { startShare } from '../../progress.ts';
import { printOut } from '../../terminal.ts';

export function createCommand(cli: Cli): Command {
  const command = new Command('realism').description(
    'Run a strategy with ideal fills, against the book without any cost, with latency, slippage and fees each alone, ' +
      'and with all of them: what is left of a profit, and what took the rest.',
  );
  return addJson(addStrategyOption(addBacktestOptions(command)))
    .addHelpText(
      'after',
      examples(
        'truetape backtest realism --tape run.rpl --strategy market-maker',
        'truetape backtest realism --tape day.rpl --strategy momentum --config venue.yaml --json',
      ),
    )
    .action(async (_: unknown, self: Command) => {
      printOut(await realism(cli, self.optsWithGlobals<BacktestOptions>()));
    });
}

/** What is printed. */
export async function realism(cli: Cli, options: BacktestOptions): Promise<string> {
  const voice = await voiceOf(cli, options);
  const { values } = await cli.settings();
  const { named, strategies, config } = await chooseStrategies(options.strategy, await loadConfig(options));
  const tape = openInputTape(options.tape, options.allowTorn === true);
  const seed = String(options.seed ?? 1);
  const variants = realismVariants(config);
  const common = { tape, seed, strategies, ...timesOf(options, tape) };
  const progress = await startShare(voice, 'trading');
  const runs = variants.map((variant) => ({ ...common, config: variant.config }));
  const results = await runCompared(runs, values.frameBytes, progress.update).finally(() => {
    progress.stop();
  });
  const rows = variants.map((variant, k) => ({ variant, result: results[k] }));
  if (options.json !== true) {
    const notes = slippageNotes(config, results[1].report['mode'] === 'exchange');
    return realismText(rows, { strategy: named.join(', '), seed, path: tape.path, count: tape.count, notes });
  }
  const about: JsonObject = {
    format: 'truetape/backtest-realism/1',
    strategy: named.join(', '),
    seed,
    input: { path: tape.path, hash: tape.hash, count: tape.count },
    rows: rows.map(({ variant: { name, what }, result: { figures, hash, report } }) => ({
      name,
      what,
      ...figures,
      hash,
      report,
    })),
  };
  return `${JSON.stringify(about)}\n`;
}

function slippageNotes(config: BacktestConfig, isMatched: boolean): string[] {
  if (isMatched) return ['slippage: a matching engine walks its book; models are for recorded market data'];
  if (hasSlippage(config)) return [];
  return ['slippage: none beyond the depth of the book; --set instrument.slippage={…} adds a model'];
}

interface RealismRow {
  readonly variant: Variant;
  readonly result: ComparedResult;
}

/** The table for people. */
export function realismText(
  rows: readonly RealismRow[],
  about: {
    readonly strategy: string;
    readonly seed: string;
    readonly path: string;
    readonly count: number;
    readonly notes: readonly string[];
  },
): string {
  const cells = rows.map(({ variant, result }) => [variant.name, ...figureCells(result.figures)]);
  const { asset } = rows[0].result.figures;
  const hasFunding = rows.some(({ result }) => result.figures.funding !== '0');
  return [
    `realism       ${about.strategy}, seed ${about.seed}`,
    `tape          ${about.path}, ${about.count} events`,
    '',
    ...tableLines(['execution', ...FIGURE_TITLES], cells),
    '',
    ...rows.map(({ variant: { name, what } }) => `${name.padEnd(16)}${what}`),
    ...figureNotes(asset, hasFunding),
    ...about.notes,
    '',
    ...limitLines(rows.map(({ result }) => result)),
    '',
  ].join('\n');
}
