/** Options that all runs of a simulation have, whether they begin or go on. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { GlobalOptions } from '../cli.ts';
import { usageFailure } from '../failure.ts';
import { integerFrom } from '../number-argument.ts';
import { addJson } from '../options.ts';
import { FILE_FORMATS, formatOf, parseFormat } from '../outputs/file-format.ts';
import type { Format } from '../outputs/index.ts';
import { parseSpan } from '../time-argument.ts';

export interface SimRunOptions extends GlobalOptions {
  readonly events?: number;
  readonly duration?: number;
  readonly output?: string;
  readonly format?: Format;
  readonly trace?: boolean;
  readonly perf?: boolean;
  readonly state?: string;
  readonly html?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** Events of a run that is told no end. */
export const EVENTS_DEFAULT = 100_000;

/** Adds the options. `more` is what a run that goes on counts from. */
export function addRunOptions(command: Command, more: '' | ' more'): Command {
  command
    .option(
      '--events <n>',
      `stop at the first command boundary with so many${more}`,
      integerFrom(1, '--events'),
    )
    .option('--duration <span>', `so much${more} simulated time, such as 10s or 500ms`, (text) =>
      parseSpan(text, '--duration'),
    )
    .option('-o, --output <file>', 'write the events: .rpl, .txt.rpl, .jsonl, .csv, .parquet; - for stdout')
    .option('--format <format>', `${FILE_FORMATS.join(', ')}; by default what the name says`, parseFormat)
    .option('--state <file>', 'save where it stands at the end, for sim resume')
    .option('--html <file>', 'draw what happened: one page for a browser, with nothing else to load')
    .option('--trace', 'the events as lines of a text tape on stdout, the summary on stderr')
    .option('--perf', 'say on stderr how fast it ran by the wall clock')
    .option('--force', 'replace existing files');
  return addJson(command);
}

/** Whether both are there and name one file, however they are written. */
const areSame = (path: string | undefined, other: string | undefined): boolean =>
  path !== undefined && other !== undefined && resolve(path) === resolve(other);

/** The output that is asked for. Throws a usage failure for options that contradict each other. */
export function outputOf(options: SimRunOptions): { path: string; format: Format } | undefined {
  const { output, format, state, html } = options;
  if (options.events !== undefined && options.duration !== undefined)
    throw usageFailure('--events and --duration exclude each other', 'choose one');
  if (output === '-' && options.trace === true)
    throw usageFailure('--trace and -o - both write to stdout', 'choose one');
  if (state === '-') throw usageFailure('--state: expected the name of a file, found -');
  if (areSame(output, state))
    throw usageFailure(`--output and --state both name ${output}`, 'name two files');
  if (html === '-') throw usageFailure('--html: expected the name of a file, found -');
  if (areSame(html, output) || areSame(html, state))
    throw usageFailure(`--html and another option both name ${html}`, 'name two files');
  if (output !== undefined) return { path: output, format: formatOf(output, format) };
  if (format === undefined) return undefined;
  throw usageFailure('--format says how to write, and nothing is written', 'name a file: -o run.rpl');
}
