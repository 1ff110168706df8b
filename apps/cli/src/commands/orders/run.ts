/** `truetape orders run`. */
import { isUtf8 } from 'node:buffer';
import { Command, Option } from 'commander';
import { createStreamSink } from '@truetape/host';
import type { OpenSink } from '@truetape/host';
import type { Cli, GlobalOptions, Voice } from '../../cli.ts';
import { voiceOf } from '../../cli.ts';
import { examples } from '../../examples.ts';
import { CliFailure, EXIT } from '../../failure.ts';
import { interruptible } from '../../interruption.ts';
import type { Interruption } from '../../interruption.ts';
import { lettingGo } from '../../let-go.ts';
import { integerFrom } from '../../number-argument.ts';
import { parseEventLine } from './event-line.ts';
import { outcomeJson, outcomeText } from './outcome-text.ts';
import { EVENT_LINE_BYTES_MAX, readRawLines } from './raw-lines.ts';
import { applyLine, createOrdersRun } from './run-orders.ts';
import type { OrdersRun } from './run-orders.ts';
import { short } from './words.ts';

interface RunOptions extends GlobalOptions {
  readonly jsonl?: boolean;
  readonly onBadLine?: 'fail' | 'skip';
  readonly keep: number;
  readonly strict?: boolean;
}

const KEEP = 100_000;

const FORMAT = `
Input, a JSON object a line, without nested values; ids are texts or numbers, prices and quantities integers:
  {"event":"submit","id":1,"qty":3}            price, side, type (limit, market), tif (GTC, IOC, FOK)
  {"event":"fill","id":1,"tradeId":"f1","price":100,"qty":1}
  {"event":"accepted","id":1}                  also cancelRequest
  {"event":"replaceRequest","id":1,"qty":5}    price; qty is the whole, what has traded included
  {"event":"replaced","id":1}                  as asked; or price, qty, leaves (what remains) as told
  {"event":"canceled","id":1,"reason":"requested"}   expired and amended likewise
  {"event":"rejected","id":1,"code":"badQty"}  cancelRejected and replaceRejected likewise

Exit code: 0 also when events were refused, each of which is a line of its own; 3 with --strict;
2 at a line that is no event.
`;

export function createCommand(cli: Cli): Command {
  return new Command('run')
    .description(
      'Follow orders through their life: events in, the state behind each out. An event that an order cannot ' +
        'take is told as an error, changes nothing, and the next one is taken.',
    )
    .argument('[events]', 'JSON lines (- for stdin)', '-')
    .option('--jsonl', 'one JSON object a line')
    .addOption(
      new Option('--on-bad-line <what>', 'a malformed line ends the run, or is passed over').choices([
        'fail',
        'skip',
      ]),
    )
    .option('--keep <n>', 'ended orders that late fills still find', integerFrom(0, '--keep'), KEEP)
    .option('--strict', 'exit with 3 when an event was refused')
    .addHelpText('after', FORMAT)
    .addHelpText(
      'after',
      examples(
        'truetape orders run events.jsonl',
        'gateway | truetape orders run --jsonl --on-bad-line skip',
      ),
    )
    .action(async (path: string, _: unknown, self: Command) => {
      const options = self.optsWithGlobals<RunOptions>();
      await runOrders(cli, path, options, await voiceOf(cli, options));
    });
}

/** One reading of a stream of events. */
interface Reading {
  readonly name: string;
  readonly run: OrdersRun;
  readonly sink: OpenSink;
  readonly print: typeof outcomeJson;
  readonly skips: boolean;
  readonly voice: Voice;
  /** Members of which it was said that they are not read. */
  readonly strangers: Set<string>;
  line: number;
  events: number;
  refused: number;
  skipped: number;
}

/** More strange members than this are not told. */
const STRANGERS_MAX = 20;

async function runOrders(cli: Cli, path: string, options: RunOptions, voice: Voice): Promise<void> {
  const { values } = await cli.settings();
  const reading: Reading = {
    name: path === '-' ? 'standard input' : path,
    run: createOrdersRun(options.keep),
    sink: createStreamSink(),
    print: options.jsonl === true ? outcomeJson : outcomeText,
    skips: (options.onBadLine ?? values.onBadLine) === 'skip',
    voice,
    strangers: new Set(),
    line: 0,
    events: 0,
    refused: 0,
    skipped: 0,
  };
  await interruptible((interruption) => readEvents(path, reading, interruption));
  const { refused, events, skipped } = reading;
  if (skipped > 0) voice.note(`${skipped} of ${reading.line} lines were no events and were skipped`);
  if (refused > 0) voice.note(`${refused} of ${events} events were refused`);
  if (refused > 0 && options.strict === true) cli.exitCode = EXIT.mismatch;
}

async function readEvents(path: string, reading: Reading, interruption: Interruption): Promise<void> {
  try {
    await lettingGo(readRawLines(path), async (blocks) => {
      for (;;) {
        const next = await interruption.until(blocks.next());
        if (next.done === true) return;
        for (const bytes of next.value) takeLine(reading, bytes);
        // All that has arrived is answered before more is waited for.
        reading.sink.flush();
        await interruption.breathe();
      }
    });
  } finally {
    reading.sink.flush();
    // Whoever writes may not be done: nothing waits for that.
    if (path === '-') process.stdin.destroy();
  }
}

function takeLine(reading: Reading, bytes: Uint8Array | undefined): void {
  reading.line++;
  const text = bytes === undefined ? undefined : textOf(bytes, reading.line);
  if (text !== undefined && /^\s*$/.test(text)) return;
  const event =
    text === undefined
      ? bytes === undefined
        ? `it has more than ${EVENT_LINE_BYTES_MAX} bytes`
        : 'it is no UTF-8'
      : parseEventLine(text);
  if (typeof event === 'string') {
    badLine(reading, event);
    return;
  }
  for (const member of event.strangers) noteStranger(reading, `${short(member)} of ${event.event}`);
  const outcome = applyLine(reading.run, event);
  reading.events++;
  if ('error' in outcome) reading.refused++;
  reading.sink.write(Buffer.from(`${reading.print(event.id, outcome)}\n`));
}

/** The text of a line; undefined when it is none. A carriage return at its end is blank, as JSON has it. */
function textOf(bytes: Uint8Array, line: number): string | undefined {
  if (!isUtf8(bytes)) return undefined;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  const start = line === 1 && text.startsWith('\ufeff') ? 1 : 0;
  return text.slice(start);
}

function badLine(reading: Reading, why: string): void {
  const message = `${reading.name}, line ${reading.line}: ${why}`;
  if (!reading.skips) {
    throw new CliFailure(EXIT.usage, message, 'correct the line, or go on behind it: --on-bad-line skip');
  }
  reading.skipped++;
  if (reading.skipped <= STRANGERS_MAX) reading.voice.note(`${message}; skipped`);
}

function noteStranger(reading: Reading, member: string): void {
  const { strangers } = reading;
  if (strangers.has(member) || strangers.size >= STRANGERS_MAX) return;
  strangers.add(member);
  reading.voice.note(`${reading.name}, line ${reading.line}: ${member} is not read`);
}
