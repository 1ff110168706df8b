/** Carries out a backtest, and tells what came of it. */
import type { Command } from 'commander';
import type { JsonObject } from '@truetape/contracts';
import type { Cli, Voice } from '../cli.ts';
import { addJson } from '../options.ts';
import { withoutFile } from '../outputs/closed-pipe.ts';
import { formatOf } from '../outputs/file-format.ts';
import { startShare } from '../progress.ts';
import { printError, printOut } from '../terminal.ts';
import { quoted } from '../wording.ts';
import { equityCurve } from './equity-rows.ts';
import { openPage } from './html-report.ts';
import { reportText } from './report-text.ts';
import { openRunFiles } from './run-files.ts';
import type { RunFiles } from './run-files.ts';
import type { RunListener, RunPlan, RunResult } from './run.ts';

export interface OutputOptions {
  readonly output?: string;
  readonly fills?: string;
  readonly equity?: string;
  readonly html?: string;
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
    .option('--html <file>', 'draw it on one page: profit, fills, position, costs, times, limits')
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
  /** The run can write a row a fill and a row a sample: one that goes on cannot. */
  readonly hasRows: boolean;
}

type Page = ReturnType<typeof openPage>;

const PARQUET = '.parquet';

/** Beside a table of all events stand those of fills and of equity, unless they are asked for by name. */
export function tablesBeside(
  { output, fills, equity }: OutputOptions,
  hasRows: boolean,
): Pick<OutputOptions, 'fills' | 'equity'> {
  const named = { ...(fills === undefined ? {} : { fills }), ...(equity === undefined ? {} : { equity }) };
  if (!hasRows || output?.toLowerCase().endsWith(PARQUET) !== true) return named;
  const base = output.slice(0, -PARQUET.length);
  return { fills: `${base}.fills${PARQUET}`, equity: `${base}.equity${PARQUET}`, ...named };
}

/** The files that a run writes, each with its option; those beside a table have none that was given. */
export function outputFiles(
  options: OutputOptions,
  hasRows: boolean,
): (readonly [option: string, path: string | undefined])[] {
  const { fills, equity } = tablesBeside(options, hasRows);
  return [
    ['-o', options.output],
    ['--fills', fills],
    ['--equity', equity],
    ['--html', options.html],
  ];
}

/** Runs and tells. Throws a failure, and then nothing is left of what was written but a log. */
export async function perform(
  cli: Cli,
  voice: Voice,
  options: OutputOptions,
  { plan, run, strategy, again, hasRows }: Performance,
): Promise<void> {
  const { output, html, force = false } = options;
  const { fills, equity } = tablesBeside(options, hasRows);
  const { values } = await cli.settings();
  const out = output === undefined ? undefined : { path: output, format: formatOf(output, undefined, '') };
  const files = await openRunFiles({ fills, equity, force });
  const page = openBeside(files, html, force);
  const progress = await startShare(voice, 'trading');
  const whole = {
    ...plan,
    out: { out, force, frameBytes: values.frameBytes },
    onShare: progress.update,
    ...(files === undefined && page === undefined ? {} : { listener: listenerOf(plan, files, page) }),
  };
  const result = await run(whole)
    .catch((error: unknown) => {
      files?.abandon();
      page?.abandon();
      const beside = fills ?? equity ?? html;
      throw beside === undefined ? error : withoutFile(error, beside);
    })
    .finally(() => {
      progress.stop();
    });
  const { tape } = plan;
  const { report, output: written } = result;
  const { hash, count } = written;
  const input = { path: tape.path, hash: tape.hash, count: tape.count };
  const paths = { path: output ?? null, fills: fills ?? null, equity: equity ?? null };
  const shown =
    options.json === true
      ? `${JSON.stringify({ ...withCurve(result), input, output: { ...paths, events: count, hash } })}\n`
      : reportText(report, {
          strategy,
          tape: tape.path,
          output: outputText({ output, count, fills, equity }),
          hash,
          next: nextOf(output, again, report),
        });
  if (html !== undefined) voice.note(`${html} shows it: open it in a browser`);
  if (output !== '-') printOut(shown);
  else if (!voice.quiet) printError(shown);
}

/** The report with the samples that its equity is known at. */
const withCurve = ({ backtest, report }: RunResult): JsonObject => ({
  ...report,
  equity: { ...(report['equity'] as JsonObject), curve: equityCurve(backtest) },
});

/** Files and page as one. */
function listenerOf(
  { tape, strategies }: Performance['plan'],
  files: RunFiles | undefined,
  page: Page | undefined,
): RunListener {
  // By their own names: a log names files by their whole paths.
  const inputs = {
    strategy: strategies.map(({ name }) => name).join(', '),
    tape: tape.path,
    tapeHash: tape.hash,
    tapeCount: tape.count,
  };
  return {
    event: (backtest, event, seq) => files?.event(backtest, event, seq),
    end: (result) => {
      const { backtest, report, output } = result;
      files?.end(result);
      page?.end({ ...inputs, backtest, report, hash: output.hash, count: output.count });
    },
    commit: () => {
      files?.commit();
      page?.commit();
    },
  };
}

/** Opens the page; where that fails, the other files are dropped. */
function openBeside(files: RunFiles | undefined, html: string | undefined, force: boolean): Page | undefined {
  try {
    return html === undefined ? undefined : openPage(html, force);
  } catch (error) {
    files?.abandon();
    throw error;
  }
}

function outputText(written: {
  readonly output: string | undefined;
  readonly count: number;
  readonly fills: string | undefined;
  readonly equity: string | undefined;
}): string {
  const { output, count, fills, equity } = written;
  const parts = [
    ...(output === undefined ? [] : [`${output}, ${count} events`]),
    ...(fills === undefined ? [] : [`fills in ${fills}`]),
    ...(equity === undefined ? [] : [`equity in ${equity}`]),
  ];
  return parts.length === 0 ? 'none was written' : parts.join('; ');
}

/** What to look at next: the first of what there is. */
function nextOf(output: string | undefined, again: string, report: JsonObject): string | undefined {
  if (output === undefined) return `${again} -o out.rpl`;
  const { sent, intents } = report['orders'] as JsonObject;
  if (!output.toLowerCase().endsWith('.rpl') || intents === 0) return undefined;
  return `truetape why ${quoted(output)} ${sent === 0 ? 'intent' : 'order'} 1`;
}
