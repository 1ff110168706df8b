/** `truetape tape convert`. */
import { Command } from 'commander';
import { createFileSink, createStreamSink } from '@truetape/host';
import type { Cli, GlobalOptions, Voice } from '../../cli.ts';
import { voiceOf } from '../../cli.ts';
import { examples } from '../../examples.ts';
import { usageFailure } from '../../failure.ts';
import { addFilterOptions, filterTexts, parseFilter } from '../../filter-options.ts';
import type { FilterTexts } from '../../filter-options.ts';
import { interruptible } from '../../interruption.ts';
import { kindsOf } from '../../kinds.ts';
import { integerFrom } from '../../number-argument.ts';
import { openTapes } from '../../open-tapes.ts';
import { addAllowTorn } from '../../options.ts';
import { FILE_FORMATS, formatOf, parseFormat } from '../../outputs/file-format.ts';
import { isTapeFormat, loadOutput } from '../../outputs/index.ts';
import type { Format } from '../../outputs/index.ts';
import { withProgress } from '../../progress.ts';
import { noteUnknownNames, openSession, openedSession } from '../../session.ts';
import { createView, runView } from '../../view/run-view.ts';

interface ConvertOptions extends FilterTexts, GlobalOptions {
  readonly output: string;
  readonly format?: Format;
  readonly force?: boolean;
  readonly limit?: number;
  readonly last?: number;
  readonly allowTorn?: boolean;
}

export function createCommand(cli: Cli): Command {
  const command = new Command('convert')
    .description(
      'Write tapes, or the part of them that is selected, in another form. Events keep their seqs.',
    )
    .argument('<files...>', 'tapes (- for stdin); several are merged by time')
    .requiredOption('-o, --output <file>', 'ends in .rpl, .txt.rpl, .jsonl, .csv or .parquet; - for stdout')
    .option(
      '--format <format>',
      `${FILE_FORMATS.join(', ')}; by default what the file's name says`,
      parseFormat,
    )
    .option('--force', 'replace an existing file');
  addFilterOptions(command)
    .option('--limit <n>', 'at most so many events, Defines not counted', integerFrom(0, '--limit'))
    .option('--last <n>', 'the last so many events', integerFrom(0, '--last'));
  return addAllowTorn(command)
    .addHelpText(
      'after',
      examples(
        'truetape tape convert run.rpl -o run.txt.rpl',
        'truetape tape convert monday.rpl tuesday.rpl --kind Trade -o trades.parquet',
      ),
    )
    .action(async (files: string[], _: unknown, self: Command) => {
      const options = self.optsWithGlobals<ConvertOptions>();
      const { values } = await cli.settings();
      await convertTapes(files, options, {
        voice: await voiceOf(cli, options),
        frameBytes: values.frameBytes,
      });
    });
}

async function convertTapes(
  files: readonly string[],
  options: ConvertOptions,
  context: { readonly voice: Voice; readonly frameBytes: number },
): Promise<void> {
  const { voice, frameBytes } = context;
  if (options.limit !== undefined && options.last !== undefined) {
    throw usageFailure('--limit and --last exclude each other', 'choose one');
  }
  const filter = parseFilter(filterTexts(options));
  const format = formatOf(options.output, options.format);
  const allowTorn = options.allowTorn === true;
  const isTable = format === 'csv' || format === 'parquet';
  const opened = openTapes(files, { allowTorn, again: isTable && filter.kind === undefined });
  const kinds = isTable ? kindsOf(opened, filter) : [];
  const input = await withProgress(opened, voice);
  const makeOutput = await loadOutput(format);
  const sink =
    options.output === '-'
      ? createStreamSink()
      : createFileSink(options.output, { force: options.force === true });
  const session = openSession(input, { filter, needsHash: isTapeFormat(format) });
  const view = createView(session, {
    filter,
    format,
    limit: options.limit,
    last: options.last,
    allowTorn,
    summary: false,
    pace: undefined,
    output: () => {
      const { header, tables } = openedSession(session);
      return makeOutput({ sink, header, tables, frameBytes, kinds, color: false, path: input.path });
    },
  });
  try {
    await interruptible((interruption) => runView(view, interruption));
    sink.commit();
  } catch (error) {
    sink.abandon();
    throw error;
  } finally {
    input.close();
  }
  noteUnknownNames(session, filter, voice);
}
