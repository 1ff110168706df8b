/** `truetape sim resume`. */
import { canonicalText } from '@truetape/contracts';
import type { JsonObject } from '@truetape/contracts';
import { openInput } from '@truetape/host';
import { restoreSim } from '@truetape/orderflow';
import type { Sim } from '@truetape/orderflow';
import { formatSpan } from '@truetape/tape';
import { Command } from 'commander';
import type { Cli } from '../../cli.ts';
import { examples } from '../../examples.ts';
import { usageFailure } from '../../failure.ts';
import type { Interruption } from '../../interruption.ts';
import { copyTape, writeDefines } from '../../sim/join-tape.ts';
import { perform } from '../../sim/perform.ts';
import { simHeader } from '../../sim/recording.ts';
import type { Recording } from '../../sim/recording.ts';
import type { RunTarget } from '../../sim/run-loop.ts';
import { EVENTS_DEFAULT, addRunOptions } from '../../sim/run-options.ts';
import type { SimRunOptions } from '../../sim/run-options.ts';
import { badState, readState } from '../../sim/state-file.ts';
import type { SavedRun } from '../../sim/state-file.ts';
import { quoted } from '../../wording.ts';

interface ResumeOptions extends SimRunOptions {
  readonly join?: string;
}

const WORDS = `
--events and --duration count from where the run before was to end; without either there are ${EVENTS_DEFAULT}
events more. With --join the output is the tape so far and what follows, the same bytes as of a run that never
stopped; without it, Defines and the events from the state's seq on. The tape that is joined is only read: to
replace it, name it twice and add --force.
`;

export function createCommand(cli: Cli): Command {
  const command = new Command('resume')
    .description(
      'Go on with a simulation from the state that sim run --state saved, as if it had never stopped.',
    )
    .argument('<state>', 'what --state wrote (- for stdin)');
  return addRunOptions(command, ' more')
    .option('--join <tape>', 'the tape that the state belongs to: the output begins with it')
    .addHelpText(
      'after',
      WORDS +
        examples(
          'truetape sim resume run.state --events 50000 --join run.rpl -o longer.rpl',
          'truetape sim resume run.state --duration 10s -o rest.rpl --state rest.state',
        ),
    )
    .action(async (state: string, _: unknown, self: Command) => {
      await resume(cli, state, self.optsWithGlobals<ResumeOptions>());
    });
}

/** Counted from the former target, so that a run in parts ends where one in whole does. */
function targetOf({ events, duration }: ResumeOptions, { reached, clock }: SavedRun): RunTarget {
  const fromEvents = reached.events ?? clock.nextSeq;
  const fromNs = reached.untilNs ?? clock.timeNs;
  if (duration !== undefined) return { events: Infinity, untilNs: fromNs + duration };
  return { events: fromEvents + (events ?? EVENTS_DEFAULT), untilNs: Infinity };
}

/** The command line that goes on like this. */
function commandOf({ events, duration, join }: ResumeOptions, path: string): string {
  const limit =
    duration === undefined
      ? `--events ${events ?? EVENTS_DEFAULT}`
      : `--duration ${formatSpan(BigInt(duration))}`;
  const joined = join === undefined ? '' : ` --join ${quoted(join)} -o longer.rpl`;
  return `truetape sim resume ${quoted(path)} ${limit}${joined}`;
}

function nextOf({ output, state }: ResumeOptions, path: string): string | null {
  if (output === undefined) return `truetape sim resume ${quoted(path)} -o rest.rpl`;
  if (!output.endsWith('.rpl')) return null;
  return state === undefined
    ? `truetape tape view ${quoted(output)} --last 20 --pretty`
    : `truetape sim resume ${quoted(state)} --join ${quoted(output)} -o longer.rpl`;
}

async function resume(cli: Cli, path: string, options: ResumeOptions): Promise<void> {
  const { join, output } = options;
  if (join !== undefined && output === undefined)
    throw usageFailure('--join says what the output begins with', 'name it: -o longer.rpl');
  const saved = await readState(path);
  const header = simHeader(saved.config, saved.seed);
  const headerJson = canonicalText(header as unknown as JsonObject);
  const open = async (recording: Recording, interruption: Interruption): Promise<Sim> => {
    const { port, toOutput, toTrace } = recording;
    if (join === undefined) writeDefines(saved, port.epoch, toOutput);
    else {
      const input = openInput(join);
      await copyTape(input, { ...saved, headerJson }, toOutput, interruption);
      input.close();
    }
    writeDefines(saved, port.epoch, toTrace);
    const sim = restoreSim(saved.sim, port);
    if (sim.ok) return sim.value;
    throw badState(
      path,
      sim.error.map(({ path: at, problem }) => ({ path: `sim.${at}`, problem })),
    );
  };
  await perform(cli, {
    options,
    origin: saved.origin,
    header,
    open,
    target: targetOf(options, saved),
    isJoined: join !== undefined,
    command: () => commandOf(options, path),
    next: () => nextOf(options, path),
  });
}
