/** `truetape tape summary`. */
import { Command } from 'commander';
import { createSummaryFold, foldBatch, summaryJson } from '@truetape/tape';
import type { EndOfTape, TapeSummary } from '@truetape/tape';
import type { Cli, GlobalOptions, Voice } from '../../cli.ts';
import { voiceOf } from '../../cli.ts';
import { examples } from '../../examples.ts';
import { addFilterOptions, filterTexts, isEverything, parseFilter } from '../../filter-options.ts';
import type { FilterTexts } from '../../filter-options.ts';
import { interruptible } from '../../interruption.ts';
import { openTapes } from '../../open-tapes.ts';
import { addAllowTorn, addJson } from '../../options.ts';
import { withProgress } from '../../progress.ts';
import { endOfSession, nextBatch, noteUnknownNames, openSession, openedSession } from '../../session.ts';
import { summaryLines } from '../../summary-text.ts';
import { printOut } from '../../terminal.ts';

interface SummaryOptions extends FilterTexts, GlobalOptions {
  readonly json?: boolean;
  readonly allowTorn?: boolean;
}

export function createCommand(cli: Cli): Command {
  const command = new Command('summary')
    .description('Count the events of a tape by kind, instrument and source; what was traded; its hash.')
    .argument('<files...>', 'tapes (- for stdin); several are merged by time');
  return addAllowTorn(addJson(addFilterOptions(command)))
    .addHelpText(
      'after',
      examples('truetape tape summary run.rpl', 'truetape tape summary run.rpl --kind Trade --json'),
    )
    .action(async (files: string[], _: unknown, self: Command) => {
      const options = self.optsWithGlobals<SummaryOptions>();
      await summarizeTapes(files, options, await voiceOf(cli, options));
    });
}

/** Folds a tape; with a summary of what is good before what is wrong is thrown. */
async function summarizeTapes(
  files: readonly string[],
  options: SummaryOptions,
  voice: Voice,
): Promise<void> {
  const filter = parseFilter(filterTexts(options));
  const input = await withProgress(openTapes(files, { allowTorn: options.allowTorn === true }), voice);
  const session = openSession(input, { filter, needsHash: isEverything(filter) });
  const fold = createSummaryFold();
  await interruptible(async ({ breathe }) => {
    for (let batch = nextBatch(session, filter); batch !== undefined; batch = nextBatch(session, filter)) {
      foldBatch(fold, batch, isEverything(filter) ? undefined : session.filter);
      await breathe();
    }
  });
  input.close();
  const { tables } = openedSession(session);
  const { end } = session.reader;
  const isWhole = end !== undefined && (end.torn === undefined || options.allowTorn === true);
  const summary = summaryJson(fold, tables, end ?? NO_END);
  printSummary(summary, { isWhole, filter: Object.keys(filter).join(','), json: options.json === true });
  endOfSession(session, options.allowTorn === true);
  noteUnknownNames(session, filter, voice);
}

/** The end of a tape that could not be read to it. */
const NO_END: EndOfTape = {
  sealed: false,
  count: undefined,
  hash: undefined,
  footer: undefined,
  index: undefined,
  torn: undefined,
  nextSeq: 0,
  offsetBytes: 0,
};

/** Prints a summary; one that is not of the whole tape says so. */
function printSummary(
  summary: TapeSummary,
  of: { readonly isWhole: boolean; readonly filter: string; readonly json: boolean },
): void {
  const filter = of.filter === '' ? {} : { filter: of.filter };
  const incomplete = of.isWhole ? {} : { incomplete: true };
  if (of.json) {
    printOut(`${JSON.stringify({ ...summary, ...filter, ...incomplete })}\n`);
    return;
  }
  const lines = [
    ...(of.isWhole ? [] : ['incomplete   only what comes before the damage']),
    ...(of.filter === '' ? [] : [`filter       ${of.filter}`]),
    ...summaryLines(summary),
  ];
  printOut(`${lines.join('\n')}\n`);
}
