/** `truetape backtest regimes`. */
import { Command } from 'commander';
import type { JsonObject } from '@truetape/contracts';
import type { PresetName, RunLimits } from '@truetape/orderflow';
import { formatSpan } from '@truetape/tape';
import { averagesOf } from '../../backtest/averages.ts';
import type { Averages } from '../../backtest/averages.ts';
import { limitLines, runCompared, unknownsOf } from '../../backtest/compared-runs.ts';
import type { ComparedResult } from '../../backtest/compared-runs.ts';
import { loadConfig } from '../../backtest/config-source.ts';
import type { ConfigOptions } from '../../backtest/config-source.ts';
import { simulateTape } from '../../backtest/simulated-tape.ts';
import { chooseStrategies, eachAlone } from '../../backtest/strategies.ts';
import type { ChosenStrategies } from '../../backtest/strategies.ts';
import { tableLines } from '../../backtest/table-lines.ts';
import type { Cli, GlobalOptions } from '../../cli.ts';
import { voiceOf } from '../../cli.ts';
import { examples } from '../../examples.ts';
import { interruptible } from '../../interruption.ts';
import { integerFrom } from '../../number-argument.ts';
import { addJson } from '../../options.ts';
import { startShare } from '../../progress.ts';
import { printOut } from '../../terminal.ts';
import { parseSpan } from '../../time-argument.ts';

interface RegimesOptions extends GlobalOptions, ConfigOptions {
  readonly strategy?: readonly string[];
  readonly seeds: number;
  readonly seed: number;
  readonly events?: number;
  readonly duration?: number;
  readonly json?: boolean;
}

/** Markets that a strategy should have met, by what happens in them. */
export const REGIMES: readonly PresetName[] = ['calm', 'burst', 'cancel-storm'];

/** The first of up to a thousand seeds, each of which is an exact number. */
export const SEED_MAX: number = Number.MAX_SAFE_INTEGER - 1000;

/** Of each market where nothing is said: strategies decide by the clock, whatever the events of a second. */
const SPAN = '20s';

const collect = (text: string, before: readonly string[] = []): readonly string[] => [...before, text];

const WORDS = `
Each seed is one simulated market of each regime, the same for every strategy, and the seed of its backtest.
Each strategy trades alone. Parameters under strategy go to every one, those under strategies to one by
its name.
`;

export function createCommand(cli: Cli): Command {
  const command = new Command('regimes')
    .description(
      'Run strategies in simulated markets that are calm, burst, or are stuffed with orders that come and go: ' +
        'means over several seeds.',
    )
    .option('--strategy <name>', 'an included one, or ./my.ts, or slow=./my.ts; may be repeated', collect)
    .option('--seeds <n>', 'markets of each regime', integerFrom(1, '--seeds', 1000), 3)
    .option('--seed <n>', 'the first of the seeds', integerFrom(0, '--seed', SEED_MAX), 1)
    .option('--events <n>', 'events of each market', integerFrom(1000, '--events', 10_000_000))
    .option('--duration <span>', `time of each market; default ${SPAN}`, (text) =>
      parseSpan(text, '--duration'),
    )
    .option('--config <file>', 'how it is executed, what is allowed: YAML or JSON (- for stdin)')
    .option(
      '--set <path=value>',
      'change a value, such as latency.order.ns=500000; may be repeated',
      collect,
    );
  return addJson(command)
    .addHelpText(
      'after',
      WORDS +
        examples(
          'truetape backtest regimes --strategy market-maker --strategy momentum',
          'truetape backtest regimes --strategy ./my.ts --seeds 10 --duration 1m --json',
        ),
    )
    .action(async (_: unknown, self: Command) => {
      printOut(await regimes(cli, self.optsWithGlobals<RegimesOptions>()));
    });
}

interface RegimeRow {
  readonly regime: PresetName;
  readonly strategy: string;
  readonly averages: Averages;
  readonly runs: readonly (ComparedResult & { readonly seed: string; readonly tape: string })[];
}

/** What is printed. */
export async function regimes(cli: Cli, options: RegimesOptions): Promise<string> {
  const voice = await voiceOf(cli, options);
  const { values } = await cli.settings();
  const chosen = await chooseStrategies(options.strategy, await loadConfig(options), { isTogether: false });
  const progress = await startShare(voice, 'trading');
  const setup = { chosen, frameBytes: values.frameBytes, onShare: progress.update };
  const rows = await interruptible(({ breathe }) => runRegimes(options, { ...setup, breathe })).finally(
    () => {
      progress.stop();
    },
  );
  const { seeds, seed } = options;
  const { events = Infinity, untilNs = Infinity } = limitsOf(options);
  if (options.json !== true) return regimesText(rows, options);
  const about: JsonObject = {
    format: 'truetape/backtest-regimes/1',
    seeds,
    seed,
    events: events === Infinity ? null : events,
    durationNs: untilNs === Infinity ? null : untilNs,
    rows: rows.map(({ regime, strategy, averages, runs }) => ({
      regime,
      strategy,
      ...averages,
      each: runs.map(({ seed: own, tape, hash, figures }) => ({ seed: own, tape, hash, ...figures })),
    })),
    limits: unknownsOf(rows.flatMap(({ runs }) => runs)),
  };
  return `${JSON.stringify(about)}\n`;
}

/** How long a market is; the first that is reached counts. */
function limitsOf({ events, duration }: RegimesOptions): RunLimits {
  if (events === undefined && duration === undefined) return { untilNs: parseSpan(SPAN, '--duration') };
  return {
    ...(events === undefined ? {} : { events }),
    ...(duration === undefined ? {} : { untilNs: duration }),
  };
}

interface RegimesSetup {
  readonly chosen: ChosenStrategies;
  readonly frameBytes: number;
  readonly onShare: (share: number) => void;
  readonly breathe: () => Promise<void>;
}

/** One market at a time: every strategy trades it before the next is simulated. */
async function runRegimes(
  options: RegimesOptions,
  { chosen, frameBytes, onShare, breathe }: RegimesSetup,
): Promise<RegimeRow[]> {
  const { seeds, seed: first } = options;
  const { named: names } = chosen;
  const limits = limitsOf(options);
  const rows: RegimeRow[] = [];
  for (const [place, regime] of REGIMES.entries()) {
    const runs: RegimeRow['runs'][number][][] = names.map(() => []);
    for (let k = 0; k < seeds; k++) {
      const seed = String(first + k);
      const { tape, dispose } = simulateTape({ preset: regime, seed, limits, frameBytes });
      const asked = eachAlone(chosen).map((one) => ({ ...one, tape, seed }));
      const results = await runCompared(asked, frameBytes, (share) => {
        onShare((place + (k + share) / seeds) / REGIMES.length);
      }).finally(dispose);
      for (const [at, result] of results.entries()) runs[at].push({ ...result, seed, tape: tape.hash });
      await breathe();
    }
    for (const [at, strategy] of names.entries()) {
      const averages = averagesOf(runs[at].map(({ figures }) => figures));
      rows.push({ regime, strategy, averages, runs: runs[at] });
    }
  }
  return rows;
}

const TITLES = ['regime', 'strategy', 'fills', 'filled', 'gross', 'fees', 'net', 'least', 'most', 'drawdown'];

/** The table for people. */
function regimesText(rows: readonly RegimeRow[], options: RegimesOptions): string {
  const { seeds, seed } = options;
  const { events, untilNs } = limitsOf(options);
  const length = [
    ...(events === undefined ? [] : [`${events} events`]),
    ...(untilNs === undefined ? [] : [formatSpan(BigInt(untilNs))]),
  ].join(' or ');
  const widest = Math.max(...REGIMES.map((name) => name.length));
  const cells = rows.map(({ regime, strategy, averages: one }) => [
    `${regime.padEnd(widest)}  ${strategy}`,
    one.fills,
    one.fillRatio ?? '-',
    one.gross,
    one.fees,
    one.net,
    one.leastNet,
    one.mostNet,
    one.maxDrawdown,
    one.markoutTicks ?? '-',
  ]);
  const [, , ...columns] = TITLES;
  const title = `${TITLES[0].padEnd(widest)}  ${TITLES[1]}`;
  const last = seeds === 1 ? `seed ${seed}` : `seeds ${seed} to ${seed + seeds - 1}`;
  return [
    `regimes       ${length} of each market, ${last}`,
    '',
    ...tableLines([title, ...columns, 'markout'], cells),
    '',
    `means over the seeds, money in ${rows[0].averages.asset}; least and most: net of single seeds`,
    'filled: lots filled of those ordered; markout: ticks a lot, 1 s behind a fill',
    '',
    ...limitLines(rows.flatMap(({ runs }) => runs)),
    '',
  ].join('\n');
}
