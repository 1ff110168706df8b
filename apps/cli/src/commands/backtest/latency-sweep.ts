/** `truetape backtest latency-sweep`. */
import { Command } from 'commander';
import type { JsonObject } from '@truetape/contracts';
import { formatSpan } from '@truetape/tape';
import { limitLines, runCompared } from '../../backtest/compared-runs.ts';
import { loadConfig } from '../../backtest/config-source.ts';
import { FIGURE_TITLES, figureCells, figureNotes } from '../../backtest/figures.ts';
import { openInputTape } from '../../backtest/input-tape.ts';
import { addBacktestOptions, addStrategyOption, timesOf } from '../../backtest/run-options.ts';
import type { BacktestOptions } from '../../backtest/run-options.ts';
import { chooseStrategies } from '../../backtest/strategies.ts';
import { tableLines } from '../../backtest/table-lines.ts';
import { typicalLatencies, withLatency } from '../../backtest/variants.ts';
import type { Cli } from '../../cli.ts';
import { voiceOf } from '../../cli.ts';
import { examples } from '../../examples.ts';
import { usageFailure } from '../../failure.ts';
import { addJson } from '../../options.ts';
import { startShare } from '../../progress.ts';
import { printOut } from '../../terminal.ts';
import { parseSpan } from '../../time-argument.ts';

interface SweepOptions extends BacktestOptions {
  readonly latency?: readonly number[];
}

const LATENCIES = '100us,500us,1ms,2ms,5ms,10ms,20ms,50ms,100ms';

export function createCommand(cli: Cli): Command {
  const command = new Command('latency-sweep').description(
    'Run a strategy slower and slower. Each latency is that of an order on its way to the venue; market data, ' +
      'cancellations and answers keep their proportion to it.',
  );
  return addJson(addStrategyOption(addBacktestOptions(command)))
    .option('--latency <spans>', `with commas between them; default ${LATENCIES}`, parseLatencies)
    .addHelpText(
      'after',
      examples(
        'truetape backtest latency-sweep --tape run.rpl --strategy market-maker',
        'truetape backtest latency-sweep --tape run.rpl --strategy ./my.ts --latency 1ms,5ms,20ms,100ms',
      ),
    )
    .action(async (_: unknown, self: Command) => {
      printOut(await sweep(cli, self.optsWithGlobals<SweepOptions>()));
    });
}

/** Reads spans with commas between them; 0 is one. Throws a usage failure. */
export function parseLatencies(text: string): readonly number[] {
  const all = text.split(',').map((one) => (one === '0' ? 0 : parseSpan(one, '--latency')));
  if (new Set(all).size === all.length) return all;
  throw usageFailure(`--latency: expected different spans, found ${text}`);
}

/** What is printed. */
export async function sweep(cli: Cli, options: SweepOptions): Promise<string> {
  const voice = await voiceOf(cli, options);
  const { values } = await cli.settings();
  const { named, strategies, config } = await chooseStrategies(options.strategy, await loadConfig(options));
  const latencies = options.latency ?? parseLatencies(LATENCIES);
  const configs = latencies.map((ns) => withLatency(config, ns));
  const tape = openInputTape(options.tape, options.allowTorn === true);
  const seed = String(options.seed ?? 1);
  const common = { tape, seed, strategies, ...timesOf(options, tape) };
  const progress = await startShare(voice, 'trading');
  const runs = configs.map((one) => ({ ...common, config: one }));
  const results = await runCompared(runs, values.frameBytes, progress.update).finally(() => {
    progress.stop();
  });
  if (options.json === true) {
    const about: JsonObject = {
      format: 'truetape/backtest-latency-sweep/1',
      strategy: named.join(', '),
      seed,
      input: { path: tape.path, hash: tape.hash, count: tape.count },
      rows: results.map(({ figures, hash, report }, k) => ({
        latencyNs: latencies[k],
        latencies: typicalLatencies(configs[k]),
        ...figures,
        hash,
        report,
      })),
    };
    return `${JSON.stringify(about)}\n`;
  }
  const cells = results.map(({ figures }, k) => [
    formatSpan(BigInt(latencies[k])),
    String(figures.rejected),
    ...figureCells(figures),
  ]);
  const { asset } = results[0].figures;
  const hasFunding = results.some(({ figures }) => figures.funding !== '0');
  return [
    `latency       ${named.join(', ')}, seed ${seed}`,
    `tape          ${tape.path}, ${tape.count} events`,
    '',
    ...tableLines(['latency', 'rejected', ...FIGURE_TITLES], cells),
    '',
    'latency: of an order to the venue; market data, cancels and answers keep their proportion to it',
    'rejected: by the venue, such as changes of orders that had traded by then',
    ...figureNotes(asset, hasFunding),
    '',
    ...limitLines(results),
    '',
  ].join('\n');
}
