/** `truetape lab run`. */
import { Argument, Command, Option } from 'commander';
import { createLab, endLab, resultOf, SCENARIO_NAMES, SCENARIOS, stepLab } from '@truetape/lab';
import type { Lab, Scenario, ScenarioName } from '@truetape/lab';
import type { Cli, GlobalOptions } from '../../cli.ts';
import { voiceOf } from '../../cli.ts';
import { examples } from '../../examples.ts';
import { addJson } from '../../options.ts';
import { printError, printOut } from '../../terminal.ts';
import { resultText } from './result-text.ts';
import { checkName, writeLabTape } from './write-tape.ts';

interface RunOptions extends GlobalOptions {
  readonly policy: Scenario['policy'];
  readonly observe: boolean;
  readonly out?: string;
  readonly force?: boolean;
  readonly timing?: boolean;
  readonly json?: boolean;
}

const ORDER = `
In each step control acts, then the producer publishes, then the consumer has its polls; that events were
lost is told first and takes no poll. A run is 50 steps through a ring of 64. Steps are logical time.
`;

export function createCommand(cli: Cli): Command {
  const command = new Command('run')
    .description(
      'Run a scenario of the lab: a producer that never waits, a consumer that may be too slow, and the ' +
        'lifecycle between them. Every event is acknowledged, lost or unread.',
    )
    .addArgument(new Argument('<scenario>', 'what is run').choices(SCENARIO_NAMES))
    .addOption(
      new Option('--policy <policy>', 'where a consumer goes on that has lost events')
        .choices(['oldest', 'latest', 'halt'])
        .default('oldest'),
    )
    .option('--no-observe', 'without the observability sink; all else is the same')
    .option('-o, --out <file>', 'write acknowledgements, overruns and states as a tape: .rpl or .txt.rpl')
    .option('--force', 'replace an existing file')
    .option('--timing', 'say on stderr how long it took by the wall clock');
  return addJson(command)
    .addHelpText(
      'after',
      ORDER +
        examples(
          'truetape lab run producer-heavy --policy latest',
          'truetape lab run failure-recovery --json -o failure.rpl',
        ),
    )
    .action(async (name: ScenarioName, _: unknown, self: Command) => {
      await runScenario(cli, name, self.optsWithGlobals<RunOptions>());
    });
}

/** Runs all steps; ns by the wall clock. */
function runTimed(lab: Lab): number {
  const start = process.hrtime.bigint();
  while (stepLab(lab));
  return Number(process.hrtime.bigint() - start);
}

async function runScenario(cli: Cli, name: ScenarioName, options: RunOptions): Promise<void> {
  const { policy, observe, out } = options;
  if (out !== undefined) checkName(out);
  const lab = createLab({ ...SCENARIOS[name], policy }, { observe });
  const ns = runTimed(lab);
  endLab(lab);
  const result = resultOf(lab);
  if (out !== undefined) {
    const { values } = await cli.settings();
    writeLabTape(lab, { path: out, force: options.force === true, frameBytes: values.frameBytes });
  }
  printOut(options.json === true ? `${JSON.stringify(result)}\n` : resultText(result));
  // Asked for, so it is said even to those who want it quiet; and never where the result stands.
  if (options.timing === true) printError(`truetape: ${timingText(ns, result.published + result.acked)}\n`);
  if (out !== undefined)
    (await voiceOf(cli, options)).note(`${out} has what happened, see truetape tape view`);
}

function timingText(ns: number, events: number): string {
  const each = ns / Math.max(1, events);
  return `${(ns / 1000).toFixed(0)} µs by the wall clock, ${each.toFixed(0)} ns an event in or out`;
}
