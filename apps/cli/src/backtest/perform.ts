/** Carries out a backtest, and tells what came of it. */
import type { Command } from 'commander';
import type { Cli, Voice } from '../cli.ts';
import { addJson } from '../options.ts';
import { formatOf } from '../outputs/file-format.ts';
import { startShare } from '../progress.ts';
import { printError, printOut } from '../terminal.ts';
import { quoted } from '../wording.ts';
import { reportText } from './report-text.ts';
import { openRunFiles } from './run-files.ts';
import type { RunPlan, RunResult } from './run.ts';

export interface OutputOptions {
  readonly output?: string;
  readonly fills?: string;
  readonly equity?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** Adds options that say where the output goes. */
export function addOutputOptions(command: Command): Command {
  command
    .option(
      '-o, --output <file>',
      'write decisions, orders, fills and cash: .rpl, .txt.rpl, .jsonl, .csv, .parquet',
    )
    .option('--force', 'replace existing files');
  return addJson(command);
}

/** A run, ready to be carried out. */
export interface Performance {
  readonly plan: Omit<RunPlan, 'out' | 'onShare'>;
  readonly run: (plan: RunPlan) => Promise<RunResult>;
  /** As it was named. */
  readonly strategy: string;
  /** The command line that gives the same run, without its output. */
  readonly again: string;
}

/** Runs and tells. Throws a failure, and then nothing is left of what was written but a log. */
export async function perform(
  cli: Cli,
  voice: Voice,
  options: OutputOptions,
  { plan, run, strategy, again }: Performance,
): Promise<void> {
  const { output, fills, equity, force = false } = options;
  const { values } = await cli.settings();
  const out = output === undefined ? undefined : { path: output, format: formatOf(output, undefined) };
  const files = await openRunFiles({ fills, equity, force });
  const progress = await startShare(voice, 'trading');
  const whole = {
    ...plan,
    out: { out, force, frameBytes: values.frameBytes },
    onShare: progress.update,
    ...(files === undefined ? {} : { listener: files }),
  };
  const { report, output: written } = await run(whole)
    .catch((error: unknown) => {
      files?.abandon();
      throw error;
    })
    .finally(() => {
      progress.stop();
    });
  const { tape } = plan;
  const { hash, count } = written;
  const input = { path: tape.path, hash: tape.hash, count: tape.count };
  const shown =
    options.json === true
      ? `${JSON.stringify({ ...report, input, output: { path: output ?? null, events: count, hash } })}\n`
      : reportText(report, {
          strategy,
          tape: tape.path,
          output: output === undefined ? 'none was written' : `${output}, ${count} events`,
          hash,
          next: nextOf(output, again),
        });
  if (output !== '-') printOut(shown);
  else if (!voice.quiet) printError(shown);
}

function nextOf(output: string | undefined, again: string): string | undefined {
  if (output === undefined) return `${again} -o out.rpl`;
  return output.endsWith('.rpl') ? `truetape why ${quoted(output)} order 1` : undefined;
}
