/** `truetape orders run`. */
import { Command, Option } from 'commander';
import { createStreamSink } from '@truetape/host';
import type { Cli, GlobalOptions, Voice } from '../../cli.ts';
import { voiceOf } from '../../cli.ts';
import { createEventReading, noteRefused, noteStranger, readEventLines } from '../../event-lines.ts';
import { examples } from '../../examples.ts';
import { EXIT } from '../../failure.ts';
import { interruptible } from '../../interruption.ts';
import { integerFrom } from '../../number-argument.ts';
import { parseEventLine } from './event-line.ts';
import { outcomeJson, outcomeText } from './outcome-text.ts';
import { applyLine, createOrdersRun } from './run-orders.ts';
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

async function runOrders(cli: Cli, path: string, options: RunOptions, voice: Voice): Promise<void> {
  const { values } = await cli.settings();
  const run = createOrdersRun(options.keep);
  const print = options.jsonl === true ? outcomeJson : outcomeText;
  const skips = (options.onBadLine ?? values.onBadLine) === 'skip';
  const reading = createEventReading(path, createStreamSink(), skips, voice);
  const take = (text: string): string | undefined => {
    const event = parseEventLine(text);
    if (typeof event === 'string') return event;
    for (const member of event.strangers) noteStranger(reading, `${short(member)} of ${event.event}`);
    const outcome = applyLine(run, event);
    if ('error' in outcome) reading.refused++;
    reading.sink.write(Buffer.from(`${print(event.id, outcome)}\n`));
    return undefined;
  };
  await interruptible((interruption) => readEventLines(path, reading, interruption, take));
  noteRefused(reading);
  if (reading.refused > 0 && options.strict === true) cli.exitCode = EXIT.mismatch;
}
