/** `truetape import lobster`. */
import { basename } from 'node:path';
import { Command } from 'commander';
import { parseLobsterName } from '@truetape/adapters';
import type { LobsterName } from '@truetape/adapters';
import { createFileSink, createStreamSink, spoolInput } from '@truetape/host';
import type { Scratch } from '@truetape/host';
import type { Cli, GlobalOptions, Voice } from '../../cli.ts';
import { voiceOf } from '../../cli.ts';
import { examples } from '../../examples.ts';
import { EXIT, usageFailure } from '../../failure.ts';
import { encodingOf } from '../../import/encoding.ts';
import { lobsterLines } from '../../import/lobster-text.ts';
import type { CaptureFile } from '../../import/run-import.ts';
import { runLobster } from '../../import/run-lobster.ts';
import type { LobsterImported, LobsterPlan } from '../../import/run-lobster.ts';
import { interruptible } from '../../interruption.ts';
import { addJson } from '../../options.ts';
import { startCounter } from '../../progress.ts';
import { printError, printOut } from '../../terminal.ts';

interface LobsterOptions extends GlobalOptions {
  readonly output: string;
  readonly orderbook?: string;
  readonly symbol?: string;
  readonly date?: string;
  readonly utcOffset?: number;
  readonly tick?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** What the tape calls a symbol that nobody named. */
const UNNAMED = 'UNKNOWN';
/** The day of times that nobody gave a day. */
const NO_DAY = '1970-01-01';

export function createCommand(cli: Cli): Command {
  const command = new Command('lobster')
    .description(
      'Make a tape of a LOBSTER message file, order by order, plain, gzip or zstd. With the order book ' +
        'file beside it the book is complete from the start, and every transition is checked: exit 3 ' +
        'where one differs; the tape is written all the same, and says where.',
    )
    .argument('<messages>', 'rows of time,type,id,size,price,direction (- for stdin)')
    .requiredOption('-o, --output <file>', 'the tape: ends in .rpl or .txt.rpl; - for a text tape on stdout')
    .option('--orderbook <file>', 'the order book file of the same messages (- for stdin)')
    .option('--symbol <symbol>', "the stock; by default what the file's name says")
    .option('--date <day>', "YYYY-MM-DD; by default what the file's name says, else 1970-01-01")
    .option(
      '--utc-offset <offset>',
      "of the exchange's clock, such as -04:00; +00:00 by default",
      parseOffset,
    )
    .option('--tick <step>', 'price step, such as 0.01; the coarsest exact one up to that by default')
    .option('--force', 'replace an existing file');
  return addJson(command)
    .addHelpText(
      'after',
      examples(
        'truetape import lobster AAPL_2012-06-21_34200000_57600000_message_5.csv -o day.rpl',
        'truetape import lobster m.csv.gz --orderbook o.csv.gz --symbol AAPL --date 2012-06-21 -o day.rpl',
      ),
    )
    .action(async (messages: string, _: unknown, self: Command) => {
      await importLobster(cli, messages, self.optsWithGlobals<LobsterOptions>());
    });
}

function parseOffset(text: string): number {
  const match = /^([+-])([01][0-9]):([0-5][0-9])$/.exec(text);
  if (match === null) throw usageFailure(`--utc-offset: expected -04:00 or the like, found ${text}`);
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  return match[1] === '-' ? 0 - minutes : minutes;
}

const nameOf = (path: string): LobsterName | undefined => parseLobsterName(basename(path));

/** Two names of LOBSTER's form must tell of the same day of the same stock. */
function checkNames(messages: string, orderbook: string | undefined): void {
  const one = nameOf(messages);
  const other = orderbook === undefined ? undefined : nameOf(orderbook);
  if (one === undefined || other === undefined) return;
  const same = one.symbol === other.symbol && one.date === other.date && one.levels === other.levels;
  if (!same || one.kind !== 'message' || other.kind !== 'orderbook') {
    throw usageFailure(
      `expected a message file and the order book file beside it, found ${basename(messages)} and ` +
        basename(orderbook ?? ''),
    );
  }
}

function configOf(messages: string, options: LobsterOptions): LobsterPlan['config'] {
  const name = nameOf(messages);
  const { tick } = options;
  return {
    symbol: options.symbol ?? name?.symbol ?? UNNAMED,
    date: options.date ?? name?.date ?? NO_DAY,
    dateFrom: options.date !== undefined ? 'option' : name === undefined ? 'nowhere' : 'fileName',
    utcOffsetMinutes: options.utcOffset ?? 0,
    ...(tick === undefined ? {} : { priceStep: tick }),
  };
}

/** Standard input is copied to the disk where it is read twice. */
async function fileOf(path: string, again: boolean, spooled: Scratch[]): Promise<CaptureFile> {
  if (path !== '-') return { name: path, path };
  if (!again) return { name: 'standard input', path };
  const scratch = await spoolInput(path);
  spooled.push(scratch);
  return { name: 'standard input', path: scratch.path };
}

async function importLobster(cli: Cli, path: string, options: LobsterOptions): Promise<void> {
  const { values } = await cli.settings();
  const voice = await voiceOf(cli, options);
  const { orderbook, output } = options;
  if (path === '-' && orderbook === '-') {
    throw usageFailure('- stands for standard input, which can be read once only', 'name it once');
  }
  checkNames(path, orderbook);
  const config = configOf(path, options);
  const encoding = encodingOf(output);
  const sink =
    output === '-' ? createStreamSink() : createFileSink(output, { force: options.force === true });
  const counter = await startCounter(voice, 'importing');
  const spooled: Scratch[] = [];
  let imported: LobsterImported;
  try {
    const again = options.tick === undefined;
    const plan: LobsterPlan = {
      messages: await fileOf(path, again, spooled),
      orderbook: orderbook === undefined ? undefined : await fileOf(orderbook, again, spooled),
      sink,
      encoding,
      frameBytes: values.frameBytes,
      config,
      onLines: counter.update,
    };
    imported = await interruptible((interruption) => runLobster(plan, interruption));
    sink.commit();
  } catch (error) {
    sink.abandon();
    throw error;
  } finally {
    counter.stop();
    for (const scratch of spooled) scratch.dispose();
  }
  report(cli, voice, imported, options);
}

/** Prints the report; where the tape itself is on stdout, on stderr. */
function report(cli: Cli, voice: Voice, imported: LobsterImported, options: LobsterOptions): void {
  const { count, hash, seal } = imported.tape;
  const { orderbook, dateFrom } = imported.report;
  const text =
    options.json === true
      ? JSON.stringify({ ...imported.report, tape: { events: count, hash, seal } })
      : lobsterLines(imported, options.output).join('\n');
  if (options.output !== '-') printOut(`${text}\n`);
  else if (!voice.quiet) printError(`${text}\n`);
  if (dateFrom === 'nowhere') voice.note(`no day was given: times count from ${NO_DAY}; --date gives one`);
  if (orderbook === null || orderbook.different === 0) return;
  cli.exitCode = EXIT.mismatch;
  const { different, checked } = orderbook;
  voice.note(`${different} of ${checked} transitions differ from the order book file; the tape marks where`);
}
