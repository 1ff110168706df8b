/** `truetape lab sweep`. */
import { Command } from 'commander';
import { sweep } from '@truetape/lab';
import type { SweepRow } from '@truetape/lab';
import type { Cli, GlobalOptions } from '../../cli.ts';
import { voiceOf } from '../../cli.ts';
import { examples } from '../../examples.ts';
import { EXIT, usageFailure } from '../../failure.ts';
import type { ExitCode } from '../../failure.ts';
import { integerFrom } from '../../number-argument.ts';
import { addJson } from '../../options.ts';
import { printOut } from '../../terminal.ts';

interface SweepOptions extends GlobalOptions {
  readonly ingest: readonly number[];
  readonly consume: readonly number[];
  readonly capacity: readonly number[];
  readonly steps: number;
  readonly json?: boolean;
}

const VALUES_MAX = 32;
const RATE_MAX = 10_000;
const CAPACITY_MAX = 65_536;
const STEPS_MAX = 10_000;
/** Events and polls of a sweep altogether: a second or two, and 100 MB where all of them are of one run. */
const EVENTS_MAX = 5_000_000;

/** Integers with commas between them, none twice. */
function integers(name: string, min: number, max: number): (text: string) => readonly number[] {
  const read = integerFrom(min, name);
  return (text) => {
    const values = text.split(',').map(read);
    const isOne = new Set(values).size === values.length && values.length <= VALUES_MAX;
    if (!isOne || values.some((value) => value > max))
      throw usageFailure(
        `${name}: expected up to ${VALUES_MAX} integers in ${min} … ${max} with commas between them, found ${text}`,
      );
    return values;
  };
}

function capacities(text: string): readonly number[] {
  const values = integers('--capacity', 1, CAPACITY_MAX)(text);
  if (values.some((value) => (value & (value - 1)) !== 0))
    throw usageFailure(`--capacity: expected powers of two, found ${text}`);
  return values;
}

function stepsOf(text: string): number {
  const value = integerFrom(1, '--steps')(text);
  if (value > STEPS_MAX) throw usageFailure(`--steps: expected at most ${STEPS_MAX}, found ${text}`);
  return value;
}

export function createCommand(cli: Cli): Command {
  const command = new Command('sweep')
    .description(
      'At which step does a consumer first lose events? Run every combination of rates and room, and hold the ' +
        'measured step against the arithmetic: behind the ingest of step n the lag is I(n+1) − Cn.',
    )
    .option('--ingest <list>', 'events in, a step', integers('--ingest', 0, RATE_MAX), [5, 8])
    .option('--consume <list>', 'polls, a step', integers('--consume', 0, RATE_MAX), [3, 5])
    .option('--capacity <list>', 'room, powers of two', capacities, [16, 64, 256])
    .option('--steps <n>', 'steps of a run', stepsOf, 200);
  return addJson(command)
    .addHelpText(
      'after',
      '\nExit code: 3 when a measured step is not the one of the arithmetic.\n' +
        examples(
          'truetape lab sweep',
          'truetape lab sweep --ingest 6,7,8 --consume 3 --capacity 32,64 --steps 50 --json',
        ),
    )
    .action(async (_: unknown, self: Command) => {
      const options = self.optsWithGlobals<SweepOptions>();
      const { ingest, consume, capacity, steps } = options;
      checkSize(options);
      const rows = sweep({ ingest, consume, capacity, steps });
      const disagreements = countDisagreements(rows);
      const report = { steps, disagreements, rows };
      printOut(options.json === true ? `${JSON.stringify(report)}\n` : sweepText(rows));
      cli.exitCode = sweepExit(rows);
      if (disagreements > 0)
        (await voiceOf(cli, options)).note(
          `${disagreements} of ${rows.length} are not as the arithmetic has it`,
        );
    });
}

function checkSize({ ingest, consume, capacity, steps }: SweepOptions): void {
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const events = steps * capacity.length * (sum(ingest) * consume.length + sum(consume) * ingest.length);
  if (events > EVENTS_MAX)
    throw usageFailure(
      `the sweep has ${events} events and polls, at most ${EVENTS_MAX} are allowed`,
      'take fewer steps or values',
    );
}

function countDisagreements(rows: readonly SweepRow[]): number {
  return rows.filter(({ agrees }) => !agrees).length;
}

/** A disagreement is a mismatch. */
export function sweepExit(rows: readonly SweepRow[]): ExitCode {
  return countDisagreements(rows) === 0 ? EXIT.ok : EXIT.mismatch;
}

const HEADINGS = ['in', 'polls', 'room', 'arithmetic', 'measured', 'lost', 'unread', ''];

/** A table; `-` where there is no overrun within the steps. */
export function sweepText(rows: readonly SweepRow[]): string {
  const stepText = (step: number | null): string => (step === null ? '-' : String(step));
  const cells = rows.map((row) => [
    ...[row.ingest, row.consume, row.capacity].map(String),
    stepText(row.expected),
    stepText(row.measured),
    ...[row.lost, row.unread].map(String),
    row.agrees ? 'agrees' : 'DIFFERS',
  ]);
  const table = [HEADINGS, ...cells];
  const widths = HEADINGS.map((_, column) => Math.max(...table.map((row) => row[column].length)));
  const lines = table.map((row) =>
    row
      .map((cell, column) => (column === row.length - 1 ? cell : cell.padStart(widths[column])))
      .join('  ')
      .trimEnd(),
  );
  return `${lines.join('\n')}\n`;
}
