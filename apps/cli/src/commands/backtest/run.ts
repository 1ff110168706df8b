/** `truetape backtest run`. */
import { Command } from 'commander';
import { loadConfig } from '../../backtest/config-source.ts';
import { filesRead, refuseSameFiles } from '../../backtest/distinct-files.ts';
import { openInputTape } from '../../backtest/input-tape.ts';
import { SNAPSHOT_EVERY, runLogged } from '../../backtest/logged.ts';
import { addOutputOptions, outputFiles, perform } from '../../backtest/perform.ts';
import type { OutputOptions } from '../../backtest/perform.ts';
import { runBacktest } from '../../backtest/run.ts';
import { addBacktestOptions, addStrategyOption, timesOf } from '../../backtest/run-options.ts';
import type { BacktestOptions } from '../../backtest/run-options.ts';
import { placeOfStrategy } from '../../backtest/strategy-source.ts';
import { chooseStrategies } from '../../backtest/strategies.ts';
import type { Cli } from '../../cli.ts';
import { voiceOf } from '../../cli.ts';
import { examples } from '../../examples.ts';
import { usageFailure } from '../../failure.ts';
import { integerFrom } from '../../number-argument.ts';
import type { TimeArgument } from '../../time-argument.ts';
import { quoted } from '../../wording.ts';

interface RunOptions extends BacktestOptions, OutputOptions {
  readonly wal?: string;
  readonly snapshotEvery: number;
}

const WORDS = `
The same tape, configuration and seed give the same output tape, byte for byte. On a venue's own tape
(of truetape sim) orders enter a matching engine beside the tape's; on recorded market data they queue
behind what is there. Without --config: 1 ms to see the market, 2 ms to the venue, 2 ms back, fees of 2
(maker) and 5 bps (taker), no limits of risk. Beside -o x.parquet stand x.fills.parquet and x.equity.parquet.
`;

export function createCommand(cli: Cli): Command {
  const command = new Command('run').description(
    'Run a strategy over recorded or simulated market data: latency, queues, fees, risk, a ledger that ' +
      'balances. What it wanted, what was allowed, what was sent and what came of it is a tape.',
  );
  addStrategyOption(addBacktestOptions(command))
    .option('--ideal', 'fill everything at once at the touch, without delay or cost: what no venue does')
    .option('--fills <file>', 'write a row a fill, with fee and result: .csv, .jsonl, .parquet')
    .option('--equity <file>', 'write a row a sample of profit, positions and prices: .csv, .jsonl, .parquet')
    .option('--wal <dir>', 'write a durable log there: after a crash, truetape backtest resume goes on')
    .option(
      '--snapshot-every <events>',
      'with --wal: events of the log between two snapshots of the state',
      integerFrom(1, '--snapshot-every'),
      SNAPSHOT_EVERY,
    );
  return addOutputOptions(command)
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
  const { wal, snapshotEvery, fills, equity, tape: tapes } = options;
  // A run that goes on would have the rows of its second half alone.
  if (wal !== undefined && (fills ?? equity) !== undefined)
    throw usageFailure('--fills and --equity go with a run without --wal', 'run it once more without');
  const voice = await voiceOf(cli, options);
  const { named, strategies, config } = await chooseStrategies(options.strategy, await loadConfig(options));
  const place = { strategies: named.map(placeOfStrategy), tapes, snapshotEvery };
  const files = [
    ...filesRead(tapes, named),
    ...(options.config === undefined ? [] : [[options.config, 'the configuration'] as const]),
  ];
  refuseSameFiles({ files, log: wal }, outputFiles(options, wal === undefined));
  const tape = openInputTape(tapes, options.allowTorn === true);
  const plan = { tape, config, seed: String(options.seed ?? 1), strategies, ...timesOf(options, tape) };
  await perform(cli, voice, options, {
    plan,
    run: (whole) =>
      wal === undefined
        ? runBacktest(whole)
        : runLogged(whole, wal, { place, resume: false, note: (text) => voice.note(text) }),
    strategy: named.join(', '),
    again: wal === undefined ? commandOf(options, named) : `truetape backtest resume ${quoted(wal)}`,
    hasRows: wal === undefined,
  });
}

/** The command line that gives the same run. */
function commandOf(options: RunOptions, named: readonly string[]): string {
  const { tape, config, set = [], seed, fromTime, toTime, allowTorn = false, ideal = false } = options;
  const all = (name: string, values: readonly (string | undefined)[]): string[] =>
    values.flatMap((value) => (value === undefined ? [] : [`--${name} ${quoted(value)}`]));
  const time = (one: TimeArgument | undefined): string | undefined =>
    one === undefined ? undefined : one.from === 'start' ? `+${one.ns}ns` : String(one.ns);
  return [
    'truetape backtest run',
    ...all('tape', tape),
    ...all('strategy', named),
    ...all('config', [config]),
    ...all('set', set),
    ...all('seed', [seed === undefined ? undefined : String(seed)]),
    ...all('from-time', [time(fromTime)]),
    ...all('to-time', [time(toTime)]),
    ...(allowTorn ? ['--allow-torn'] : []),
    ...(ideal ? ['--ideal'] : []),
  ].join(' ');
}
