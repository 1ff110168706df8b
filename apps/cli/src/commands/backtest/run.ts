/** `truetape backtest run`. */
import { Command } from 'commander';
import { runBacktest } from '../../backtest/run.ts';
import { loadConfig } from '../../backtest/config-source.ts';
import { openInputTape } from '../../backtest/input-tape.ts';
import { reportText } from '../../backtest/report-text.ts';
import { addBacktestOptions, addStrategyOption, timesOf } from '../../backtest/run-options.ts';
import type { BacktestOptions } from '../../backtest/run-options.ts';
import { loadStrategy } from '../../backtest/strategy-source.ts';
import type { Cli } from '../../cli.ts';
import { voiceOf } from '../../cli.ts';
import { examples } from '../../examples.ts';
import { addJson } from '../../options.ts';
import { formatOf } from '../../outputs/file-format.ts';
import { startShare } from '../../progress.ts';
import { printError, printOut } from '../../terminal.ts';
import { quoted } from '../../wording.ts';

interface RunOptions extends BacktestOptions {
  readonly output?: string;
  readonly force?: boolean;
}

const WORDS = `
The same tape, configuration and seed give the same output tape, byte for byte. On a venue's own tape (of truetape
sim) orders enter a matching engine beside the tape's; on recorded market data they queue behind what is there.
Without --config: 1 ms to see the market, 2 ms to the venue and back, fees of 2 and 5 bps, no limits of risk.
`;

export function createCommand(cli: Cli): Command {
  const command = new Command('run').description(
    'Run a strategy over recorded or simulated market data: latency, queues, fees, risk and a ledger that balances. ' +
      'What it wanted, what was allowed, what was sent and what came of it is a tape.',
  );
  addStrategyOption(addBacktestOptions(command))
    .option('--ideal', 'fill everything at once at the touch, without delay or cost: what no venue does')
    .option(
      '-o, --output <file>',
      'write decisions, orders, fills and cash: .rpl, .txt.rpl, .jsonl, .csv, .parquet',
    )
    .option('--force', 'replace existing files');
  return addJson(command)
    .addHelpText(
      'after',
      WORDS +
        examples(
          'truetape backtest run --tape run.rpl --strategy market-maker -o out.rpl',
          'truetape backtest run --tape day.rpl --strategy ./my.ts --config venue.yaml --json',
        ),
    )
    .action(async (_: unknown, self: Command) => {
      await run(cli, self.optsWithGlobals<RunOptions>());
    });
}

async function run(cli: Cli, options: RunOptions): Promise<void> {
  const voice = await voiceOf(cli, options);
  const { values } = await cli.settings();
  const config = await loadConfig(options);
  const strategy = await loadStrategy(options.strategy);
  const tape = openInputTape(options.tape, options.allowTorn === true);
  const { output } = options;
  const out = output === undefined ? undefined : { path: output, format: formatOf(output, undefined) };
  const progress = await startShare(voice, 'trading');
  const seed = String(options.seed ?? 1);
  const result = await runBacktest({
    tape,
    config,
    seed,
    strategy,
    ...timesOf(options, tape),
    out: { out, force: options.force === true, frameBytes: values.frameBytes },
    onShare: progress.update,
  }).finally(() => {
    progress.stop();
  });
  const { hash, count } = result.output;
  const about = { path: tape.path, hash: tape.hash, count: tape.count };
  const shown =
    options.json === true
      ? `${JSON.stringify({ ...result.report, input: about, output: { path: output ?? null, events: count, hash } })}\n`
      : reportText(result.report, {
          strategy: options.strategy,
          tape: tape.path,
          output: output === undefined ? 'none was written' : `${output}, ${count} events`,
          hash,
          next: nextOf(options),
        });
  if (output === '-') {
    if (!voice.quiet) printError(shown);
  } else printOut(shown);
}

function nextOf({ output, tape, strategy }: RunOptions): string | undefined {
  if (output === undefined)
    return `truetape backtest run --tape ${tape.map(quoted).join(' --tape ')} --strategy ${quoted(strategy)} -o out.rpl`;
  return output.endsWith('.rpl') ? `truetape why ${quoted(output)} 1` : undefined;
}
