/** `truetape chaos wal`. */
import { Command, Option } from 'commander';
import { nodePorts } from '@truetape/host';
import { SWEEPS, booksSubject, runSweep } from '@truetape/wal';
import type { Sweep, SweepOptions, SweepResult } from '@truetape/wal';
import { resultJson, resultText } from '../../chaos/result-text.ts';
import type { Cli, GlobalOptions } from '../../cli.ts';
import { voiceOf } from '../../cli.ts';
import { examples } from '../../examples.ts';
import { EXIT, usageFailure } from '../../failure.ts';
import { interruptible } from '../../interruption.ts';
import type { Interruption } from '../../interruption.ts';
import { integerFrom, positiveNumber } from '../../number-argument.ts';
import { addJson } from '../../options.ts';
import { startShare } from '../../progress.ts';
import { printOut } from '../../terminal.ts';

interface ChaosOptions extends GlobalOptions {
  readonly seed: number;
  readonly hours?: number;
  readonly sweep: Sweep | 'all';
  readonly full?: boolean;
  readonly only?: string;
  readonly json?: boolean;
}

/** Cases of a sweep unless all are wanted: a few seconds each. */
const CASES: Readonly<Record<Sweep, number>> = {
  crash: 1000,
  corrupt: 5000,
  fail: 120,
  twice: 100,
  repair: 100,
};
const HOUR_MS = 3_600_000;

const WORDS = `
crash    before every operation of a run of 2,000 commands the machine stops, in every way that a disk may
         take it; a process starts on what is left, goes on, and stops again in the middle of that
corrupt  each bit of each byte of a log and its snapshots is flipped, or the byte set to 00 or ff
fail     the n-th operation of each kind fails, for every n
twice    an operation fails, and what starts behind that fails too, or stops anywhere; then the machine
         crashes
repair   a damaged log is repaired, which fails or stops anywhere, and is taken up again

The log is one of commands to books, on a simulated disk. Without --full a sample of each sweep is tried;
all of corrupt takes a quarter of an hour, all of the others minutes. Same seed and build: same cases.

Exit code: 3 when something was lost, went unnoticed, or stopped; the line says how to see it again.
`;

export function createCommand(cli: Cli): Command {
  const command = new Command('wal')
    .description(
      'Break a durable log on purpose, from a seed: what was acknowledged has to be there behind every crash, ' +
        'damage has to be found, and a failure has to stop the process.',
    )
    .option('--seed <n>', 'what is broken depends on it', integerFrom(0, '--seed'), 1)
    .option('--hours <h>', 'go on with the next seeds for so long', positiveNumber('--hours'))
    .addOption(new Option('--sweep <name>', 'which').choices([...SWEEPS, 'all']).default('all'))
    .option('--full', 'all cases instead of a sample')
    .option('--only <case>', 'one case of a sweep, as a failure names it');
  return addJson(command)
    .addHelpText(
      'after',
      WORDS + examples('truetape chaos wal --seed 7', 'truetape chaos wal --sweep corrupt --full --json'),
    )
    .action(async (_: unknown, self: Command) => {
      await runChaos(cli, self.optsWithGlobals<ChaosOptions>());
    });
}

async function runChaos(cli: Cli, options: ChaosOptions): Promise<void> {
  const { seed, hours, only, sweep, json } = options;
  if (only !== undefined && (sweep === 'all' || hours !== undefined))
    throw usageFailure(
      '--only is a case of one seed and one sweep',
      `--sweep is one of ${SWEEPS.join(', ')}`,
    );
  const results: SweepResult[] = [];
  const sweeps = sweep === 'all' ? SWEEPS : [sweep];
  const endMs = performance.now() + (hours ?? 0) * HOUR_MS;
  let wrong = 0;
  await interruptible(async (interruption) => {
    for (let next = seed; next === seed || performance.now() < endMs; next++) {
      for (const name of sweeps) {
        const result = await oneSweep(cli, options, { name, seed: String(next) }, interruption);
        wrong += result.failures.length;
        if (json === true) results.push(result);
        else printOut(resultText(result));
      }
      if (wrong > 0) break;
    }
  });
  if (json === true) printOut(`${JSON.stringify({ failures: wrong, sweeps: results.map(resultJson) })}\n`);
  if (wrong > 0) cli.exitCode = EXIT.mismatch;
}

async function oneSweep(
  cli: Cli,
  options: ChaosOptions,
  { name, seed }: { readonly name: Sweep; readonly seed: string },
  { breathe }: Interruption,
): Promise<SweepResult> {
  const { only, full } = options;
  const progress = await startShare(await voiceOf(cli, options), `seed ${seed} ${name}`);
  const subject = booksSubject(nodePorts.sha256);
  const cases = full === true ? Infinity : CASES[name];
  const what: SweepOptions = { subject, ports: nodePorts, seed, cases, only };
  const running = runSweep(name, what);
  try {
    for (;;) {
      const step = running.next();
      if (step.done === true) {
        if (only !== undefined && step.value.tried === 0 && step.value.failures.length === 0)
          throw usageFailure(`--only: expected a case of seed ${seed} and sweep ${name}, found ${only}`);
        return step.value;
      }
      progress.update(step.value);
      await breathe();
    }
  } finally {
    progress.stop();
  }
}
