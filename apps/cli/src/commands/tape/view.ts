/** `truetape tape view`. */
import { Command } from 'commander';
import { createStreamSink } from '@truetape/host';
import { createDecoder, summaryJson } from '@truetape/tape';
import type { Cli, GlobalOptions, Voice } from '../../cli.ts';
import { voiceOf } from '../../cli.ts';
import { examples } from '../../examples.ts';
import { usageFailure } from '../../failure.ts';
import { addFilterOptions, filterTexts, parseFilter } from '../../filter-options.ts';
import type { FilterTexts } from '../../filter-options.ts';
import { interruptible } from '../../interruption.ts';
import type { Interruption } from '../../interruption.ts';
import { kindsOf } from '../../kinds.ts';
import { integerFrom, positiveNumber } from '../../number-argument.ts';
import { openTapes } from '../../open-tapes.ts';
import { addAllowTorn } from '../../options.ts';
import { isTapeFormat, loadOutput } from '../../outputs/index.ts';
import type { Format } from '../../outputs/index.ts';
import { noteUnknownNames, openSession, openedSession } from '../../session.ts';
import { summaryLines } from '../../summary-text.ts';
import { wantsColor } from '../../terminal.ts';
import { checkCursor, headerHash, readCursor, writeCursor } from '../../view/cursor.ts';
import type { Cursor } from '../../view/cursor.ts';
import { checkGrowth, createFollowReader, isSealed } from '../../view/follow.ts';
import type { FollowReader } from '../../view/follow.ts';
import { ratePace, speedPace, stepPace } from '../../view/pace.ts';
import type { Pace } from '../../view/pace.ts';
import { createView, isExtract, runView, settleLast } from '../../view/run-view.ts';
import type { View, ViewEnd, ViewPlan } from '../../view/run-view.ts';

/** A growing tape is looked at this often. */
const POLL_MS = 100;

interface ViewOptions extends FilterTexts, GlobalOptions {
  readonly limit?: number;
  readonly last?: number;
  readonly pretty?: boolean;
  readonly jsonl?: boolean;
  readonly csv?: boolean;
  readonly summary?: boolean;
  readonly follow?: boolean;
  readonly step?: boolean;
  readonly rate?: number;
  readonly speed?: number;
  readonly cursor?: string;
  readonly allowTorn?: boolean;
}

export function createCommand(cli: Cli): Command {
  const command = new Command('view')
    .description(
      'Print a tape, or the part of it that is selected, as a text tape: what is printed can be read back.',
    )
    .argument('<files...>', 'tapes (- for stdin); several are merged by time');
  addFilterOptions(command)
    .option('--limit <n>', 'at most so many events, Defines not counted', integerFrom(0, '--limit'))
    .option('--last <n>', 'the last so many events', integerFrom(0, '--last'))
    .option('--pretty', 'for people: UTC, decimal prices; cannot be read back')
    .option('--jsonl', 'one JSON object a line')
    .option('--csv', 'a table')
    .option('--summary', 'end with the summary, in # lines that a reader ignores')
    .option('--follow', 'go on while the tape is being written')
    .option('--step', 'wait for Enter before each event; q ends')
    .option('--rate <n>', 'so many events a second', positiveNumber('--rate'))
    .option('--speed <x>', "the tape's own time, so many times as fast", positiveNumber('--speed'))
    .option('--cursor <file>', 'go on where the last view with this file ended');
  return addAllowTorn(command)
    .addHelpText(
      'after',
      examples(
        'truetape tape view run.rpl --kind Trade --from-time +5s --limit 20 --pretty',
        'truetape tape view run.rpl --instrument BINANCE-USDM:BTCUSDT --summary > part.txt.rpl',
      ),
    )
    .action(async (files: string[], _: unknown, self: Command) => {
      const options = self.optsWithGlobals<ViewOptions>();
      await viewTapes(files, options, await voiceOf(cli, options));
    });
}

/** At most one of the options may be given. */
function exclusive(options: ViewOptions, ...names: readonly (keyof ViewOptions)[]): void {
  const given = names.filter((name) => options[name] !== undefined);
  if (given.length > 1) {
    throw usageFailure(`${given.map((name) => `--${name}`).join(' and ')} exclude each other`, 'choose one');
  }
}

function checkOptions(files: readonly string[], options: ViewOptions): void {
  exclusive(options, 'pretty', 'jsonl', 'csv');
  exclusive(options, 'limit', 'last');
  exclusive(options, 'step', 'rate', 'speed');
  if (options.summary === true) {
    if (options.jsonl === true)
      throw usageFailure('--jsonl has no lines for a summary', 'use tape summary --json');
    if (options.csv === true)
      throw usageFailure('--csv has no lines for a summary', 'use tape summary --json');
  }
  if (options.follow === true) {
    if (files.length > 1 || files[0] === '-') {
      throw usageFailure('--follow follows one file; standard input is followed as it is', 'name one file');
    }
    if (options.csv === true && options.kind === undefined) {
      throw usageFailure(
        '--follow --csv cannot know the columns of what is to come',
        'name the kinds: --kind',
      );
    }
  }
  if (options.step === true && files.includes('-')) {
    throw usageFailure('--step waits for keys on standard input, which is the tape', 'name a file');
  }
  if (options.step === true && !process.stdin.isTTY) {
    throw usageFailure('--step waits for keys, and standard input is no terminal', 'use --limit or --rate');
  }
}

function formatOf(options: ViewOptions): Format {
  if (options.pretty === true) return 'pretty';
  if (options.jsonl === true) return 'jsonl';
  return options.csv === true ? 'csv' : 'text';
}

function paceOf(
  options: ViewOptions,
  interruption: Interruption,
): { pace: Pace | undefined; close: () => void } {
  const close = (): void => undefined;
  if (options.step === true) return stepPace(interruption);
  if (options.rate !== undefined) return { pace: ratePace(interruption, options.rate), close };
  if (options.speed !== undefined) return { pace: speedPace(interruption, options.speed), close };
  return { pace: undefined, close };
}

async function viewTapes(files: readonly string[], options: ViewOptions, voice: Voice): Promise<void> {
  checkOptions(files, options);
  const cursor = options.cursor === undefined ? undefined : readCursor(options.cursor);
  const given = filterTexts(options);
  const texts = cursor !== undefined && Object.keys(given).length === 0 ? cursor.filter : given;
  const parsed = parseFilter(texts);
  const fromSeq = Math.max(parsed.fromSeq ?? 0, cursor?.nextSeq ?? 0);
  const filter = fromSeq === 0 ? parsed : { ...parsed, fromSeq };
  const format = formatOf(options);
  const allowTorn = options.allowTorn === true;
  const needsKinds = format === 'csv' && filter.kind === undefined;
  const input = openTapes(files, { allowTorn, again: needsKinds });
  const makeOutput = await loadOutput(format);
  const kinds = format === 'csv' ? kindsOf(input, filter) : [];
  const color = format === 'pretty' && wantsColor('stdout', voice.color);
  const sink = createStreamSink();
  const follows = options.follow === true;
  const session = openSession(input, {
    filter,
    needsHash: isTapeFormat(format) && !follows,
    ...(follows ? { read: (decoding) => createFollowReader(createDecoder(decoding), input) } : {}),
  });
  const run = async (interruption: Interruption): Promise<void> => {
    const { pace, close } = paceOf(options, interruption);
    const plan: ViewPlan = {
      filter,
      format,
      limit: options.limit,
      last: options.last,
      allowTorn,
      summary: options.summary === true,
      pace,
      output: (opened) => {
        const { header, tables, headerJson } = openedSession(opened);
        if (cursor !== undefined) {
          checkCursor(options.cursor!, cursor, { filter: given, header: headerHash(headerJson) });
        }
        return makeOutput({ sink, header, tables, frameBytes: 65536, kinds, color, path: input.path });
      },
      ...(follows ? { onWait: (view) => waitForMore(view, interruption) } : {}),
    };
    const view = createView(session, plan);
    try {
      const done = await runView(view, interruption);
      if (plan.summary) sink.write(Buffer.from(summaryOf(view, done)));
      sink.commit();
    } finally {
      close();
      if (options.cursor !== undefined) saveCursor(options.cursor, view, texts, cursor);
    }
    noteUnknownNames(session, filter, voice);
  };
  await interruptible(run);
}

/** Shows what is there, then waits until there is more, or the tape has been sealed. */
async function waitForMore(view: View, interruption: Interruption): Promise<void> {
  const { input } = view.session;
  settleLast(view);
  view.output?.flush();
  const reader = view.session.reader as FollowReader;
  if (isSealed(input) && reader.positionBytes >= input.access!.sizeBytes) {
    reader.finish();
    return;
  }
  await interruption.sleep(POLL_MS);
  checkGrowth(input, reader.positionBytes);
}

/** The summary of what was shown, as comment lines. */
function summaryOf(view: View, { end, written }: ViewEnd): string {
  const { session, fold, plan } = view;
  const { tables } = openedSession(session);
  const whole = isExtract(plan) ? undefined : end;
  const summary = summaryJson(fold!, tables, {
    sealed: written !== undefined,
    count: written?.count,
    hash: written?.hash ?? whole?.hash,
    footer:
      written === undefined
        ? whole?.footer
        : { count: written.count, hash: written.hash, seal: written.seal },
    index: undefined,
    torn: undefined,
    nextSeq: view.nextSeq,
    offsetBytes: 0,
  });
  return `${summaryLines(summary, written !== undefined || !isExtract(plan))
    .map((line) => `# ${line}`)
    .join('\n')}\n`;
}

function saveCursor(path: string, view: View, texts: FilterTexts, old: Cursor | undefined): void {
  const { reader } = view.session;
  const { headerJson } = reader.decoder;
  // Nothing was shown where the tape could not be opened, or is not the cursor's.
  if (view.output === undefined) return;
  const behind = reader.end !== undefined && !view.stopped ? reader.end.nextSeq : view.nextSeq;
  const nextSeq = Math.max(behind, old?.nextSeq ?? 0);
  writeCursor(path, { header: headerHash(headerJson), nextSeq, filter: { ...texts } });
}
