/** Options that all backtests have. */
import type { Command } from 'commander';
import type { GlobalOptions } from '../cli.ts';
import { usageFailure } from '../failure.ts';
import { integerFrom } from '../number-argument.ts';
import { addAllowTorn } from '../options.ts';
import { absoluteTime, parseTime } from '../time-argument.ts';
import type { TimeArgument } from '../time-argument.ts';
import type { ConfigOptions } from './config-source.ts';
import type { InputTape } from './input-tape.ts';

export interface BacktestOptions extends GlobalOptions, ConfigOptions {
  readonly tape: readonly string[];
  readonly strategy?: readonly string[];
  readonly seed?: number;
  readonly fromTime?: TimeArgument;
  readonly toTime?: TimeArgument;
  readonly allowTorn?: boolean;
  readonly json?: boolean;
}

const collect = (text: string, before: readonly string[] = []): readonly string[] => [...before, text];

/** Adds them. */
export function addBacktestOptions(command: Command): Command {
  command
    .requiredOption('--tape <file>', 'market data; may be repeated, tapes are merged', collect)
    .option('--config <file>', 'how it is executed, what is allowed: YAML or JSON (- for stdin)')
    .option('--set <path=value>', 'change a value, such as latency.order.ns=500000; may be repeated', collect)
    .option('--seed <n>', 'what chance depends on; default 1', integerFrom(0, '--seed'))
    .option('--from-time <time>', 'trade from here on; what comes before builds the market', (text) =>
      parseTime(text, '--from-time'),
    )
    .option('--to-time <time>', 'end here', (text) => parseTime(text, '--to-time'));
  return addAllowTorn(command);
}

/** The option of strategies; may be repeated: they share one account. */
export function addStrategyOption(command: Command): Command {
  return command.option(
    '--strategy <name>',
    'of truetape backtest strategies, or ./my.ts; more of them share the account, maker=./my.ts names one',
    collect,
  );
}

const NS_MAX = Number.MAX_SAFE_INTEGER;

/** Times between which the strategy trades, ns since the tape's epoch. */
export function timesOf(
  { fromTime, toTime }: Pick<BacktestOptions, 'fromTime' | 'toTime'>,
  { facts, firstNs }: InputTape,
): { fromNs?: number; toNs?: number } {
  // Beyond what a tape can hold, one time is like another.
  const since = (time: TimeArgument): number => {
    const ns = Number(absoluteTime(time, firstNs ?? facts.epochNs) - facts.epochNs);
    return Math.max(-NS_MAX, Math.min(NS_MAX, ns));
  };
  if (fromTime !== undefined && toTime !== undefined && since(fromTime) > since(toTime))
    throw usageFailure('--to-time lies before --from-time');
  return {
    ...(fromTime === undefined ? {} : { fromNs: since(fromTime) }),
    ...(toTime === undefined ? {} : { toNs: since(toTime) }),
  };
}
