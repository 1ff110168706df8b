/** `truetape sim run`. */
import { Command, Option } from 'commander';
import { PRESET_NAMES, createSim } from '@truetape/orderflow';
import { formatSpan } from '@truetape/tape';
import type { Cli } from '../../cli.ts';
import { examples } from '../../examples.ts';
import { integerFrom } from '../../number-argument.ts';
import { DEFAULT_PRESET, loadConfig, parseSymbols } from '../../sim/config-source.ts';
import type { ConfigOptions } from '../../sim/config-source.ts';
import { perform } from '../../sim/perform.ts';
import { simHeader } from '../../sim/recording.ts';
import { EVENTS_DEFAULT, addRunOptions } from '../../sim/run-options.ts';
import type { SimRunOptions } from '../../sim/run-options.ts';
import { quoted } from '../../wording.ts';

interface RunOptions extends SimRunOptions, ConfigOptions {
  readonly seed?: number;
}

const WORDS = `
Without --events and --duration a run has ${EVENTS_DEFAULT} events. The same configuration, seed and build
give the same tape, byte for byte. A value of --set is JSON, or text as it stands; --symbols comes before
--set. Ctrl-C stops at a boundary: the output is whole, and so is the state. A tick of --perf is 1 ms of
simulated time, or the simulation's own tick where tickNs is set.
`;

function collect(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

export function createCommand(cli: Cli): Command {
  const command = new Command('run')
    .description(
      'Simulate order flow from a seed: agents, a gateway with faults, a bounded queue, the matching book. ' +
        'What happens is a tape as the venue sees it; the summary tells what it came to.',
    )
    .addOption(
      new Option(
        '--preset <name>',
        `a configuration of truetape sim presets; default ${DEFAULT_PRESET}`,
      ).choices(PRESET_NAMES),
    )
    .option('--config <file>', 'a configuration of your own: YAML or JSON, or that of a tape (- for stdin)')
    .option('--set <path=value>', 'change a value, such as agents.noise.count=4; may be repeated', collect)
    .option('--seed <n>', 'what chance depends on; default 1, or that of the tape', integerFrom(0, '--seed'))
    .option('--symbols <names>', 'these symbols, with commas between them', parseSymbols);
  return addRunOptions(command, '')
    .addHelpText(
      'after',
      WORDS +
        examples(
          'truetape sim run --seed 7 --duration 10s -o run.rpl',
          'truetape sim run --preset burst --set agents.noise.count=4 --events 1000 --json',
        ),
    )
    .action(async (_: unknown, self: Command) => {
      await runSimulation(cli, self.optsWithGlobals<RunOptions>());
    });
}

/** The command line of this run, the same run anywhere; `stoppedAt` is where it was cut short. */
function commandOf(options: RunOptions, seed: string, stoppedAt?: number): string {
  const { preset, config, symbols, set = [], events, duration } = options;
  const isByEvents = duration === undefined || stoppedAt !== undefined;
  const limit = isByEvents
    ? `--events ${stoppedAt ?? events ?? EVENTS_DEFAULT}`
    : `--duration ${formatSpan(BigInt(duration))}`;
  const parts = [
    'truetape sim run',
    config === undefined ? `--preset ${preset ?? DEFAULT_PRESET}` : `--config ${quoted(config)}`,
    ...(symbols === undefined ? [] : [`--symbols ${quoted(symbols.join(','))}`]),
    ...set.map((assignment) => `--set ${quoted(assignment)}`),
    `--seed ${seed} ${limit}`,
  ];
  return parts.join(' ');
}

function nextOf(options: RunOptions, seed: string): string | null {
  const { output, state } = options;
  if (output === undefined) return `${commandOf(options, seed)} -o run.rpl`;
  if (!output.endsWith('.rpl')) return null;
  return state === undefined
    ? `truetape tape view ${quoted(output)} --limit 20 --pretty`
    : `truetape sim resume ${quoted(state)} --join ${quoted(output)} -o longer.rpl`;
}

async function runSimulation(cli: Cli, options: RunOptions): Promise<void> {
  const { origin, config, seed: taped } = await loadConfig(options);
  const seed = String(options.seed ?? taped ?? 1);
  const { events, duration } = options;
  const isEndless = events === undefined && duration === undefined;
  await perform(cli, {
    options,
    origin,
    header: simHeader(config, seed),
    open: ({ port }) => Promise.resolve(createSim({ config, seed, port })),
    target: { events: isEndless ? EVENTS_DEFAULT : (events ?? Infinity), untilNs: duration ?? Infinity },
    isJoined: false,
    command: (stoppedAt) => commandOf(options, seed, stoppedAt),
    next: () => nextOf(options, seed),
  });
}
