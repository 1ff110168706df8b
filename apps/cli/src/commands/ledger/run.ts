/** `truetape ledger run`. */
import { Command, Option } from 'commander';
import { createStreamSink } from '@truetape/host';
import type { Cli, GlobalOptions, Voice } from '../../cli.ts';
import { voiceOf } from '../../cli.ts';
import { createEventReading, noteRefused, noteStranger, readEventLines } from '../../event-lines.ts';
import { examples } from '../../examples.ts';
import { EXIT } from '../../failure.ts';
import { interruptible } from '../../interruption.ts';
import { short } from '../orders/words.ts';
import { parseLedgerLine } from './event-line.ts';
import { LineFault } from './numbers.ts';
import { ledgerJson, ledgerText, totalsJson, totalsText } from './outcome-text.ts';
import { applyLedgerLine, createLedgerRun } from './run-ledger.ts';

interface RunOptions extends GlobalOptions {
  readonly json?: boolean;
  readonly equityOn: 'last' | 'mark';
  readonly onBadLine?: 'fail' | 'skip';
  readonly strict?: boolean;
  readonly totals?: boolean;
}

const FORMAT = `
Input, a JSON object a line, without nested values; decimals are exact, as text or as numbers:
  {"event":"asset","code":"USDT","scale":8}
  {"event":"instrument","id":"PERP","class":"linear","base":"BTC","quote":"USDT",
      "priceStep":"0.1","qtyStep":"0.001"}
      class spot, linear or inverse; contractSize 1, settle, fineScale, leverage 1,
      roundPer fill or contract, rounding halfUp, down, up, floor, ceiling or halfEven
  {"event":"tier","instrument":"PERP","floor":"0","rate":"0.005"}    the first; floors rise; leverage, amount
  {"event":"deposit","asset":"USDT","amount":"1000"}    withdraw, fee, rebate; transfer, adjust with a sign
  {"event":"fill","instrument":"PERP","side":"buy","price":"60000","qty":"0.5"}
      fee, feeAsset, trade (an id: taken once)
  {"event":"mark","instrument":"PERP","price":"60100"}    last likewise; settle closes at a price
  {"event":"funding","instrument":"PERP","rate":"0.0001"}    price: a mark of its own
Each may have a "time": an integer that never goes back.

Exit code: 0 also when events were refused, each of which is a line of its own; 3 with --strict;
2 at a line that is no event, with its line and field. Input without events is no mistake:
standard error says that nothing was booked.
`;

export function createCommand(cli: Cli): Command {
  return new Command('run')
    .description(
      'Keep the books of an account: instruments, deposits, fills, prices and funding in; position, profit, ' +
        'margin and balances behind each out. An event that the books cannot take changes nothing.',
    )
    .argument('[events]', 'JSON lines (- for stdin)', '-')
    .option('--json', 'one JSON object a line')
    .addOption(
      new Option('--equity-on <price>', 'what positions are valued at')
        .choices(['mark', 'last'])
        .default('mark'),
    )
    .option('--totals', 'at the end, what each balance is made of')
    .addOption(
      new Option('--on-bad-line <what>', 'a malformed line ends the run, or is passed over').choices([
        'fail',
        'skip',
      ]),
    )
    .option('--strict', 'exit with 3 when an event was refused')
    .addHelpText('after', FORMAT)
    .addHelpText(
      'after',
      examples('truetape ledger run account.jsonl --totals', 'generate | truetape ledger run --json'),
    )
    .action(async (path: string, _: unknown, self: Command) => {
      const options = self.optsWithGlobals<RunOptions>();
      await runLedger(cli, path, options, await voiceOf(cli, options));
    });
}

async function runLedger(cli: Cli, path: string, options: RunOptions, voice: Voice): Promise<void> {
  const { values } = await cli.settings();
  const run = createLedgerRun(options.equityOn);
  const isJson = options.json === true;
  const skips = (options.onBadLine ?? values.onBadLine) === 'skip';
  const reading = createEventReading(path, createStreamSink(), skips, voice);
  const print = (line: string): void => reading.sink.write(Buffer.from(`${line}\n`));
  const take = (text: string): string | undefined => {
    const parsed = parseLedgerLine(text);
    if (typeof parsed === 'string') return parsed;
    const { line, strangers } = parsed;
    try {
      const outcome = applyLedgerLine(run, line);
      for (const member of strangers) noteStranger(reading, `${short(member)} of ${line.event}`);
      if (outcome.error !== undefined) reading.refused++;
      print((isJson ? ledgerJson : ledgerText)(run, outcome));
      return undefined;
    } catch (fault) {
      if (fault instanceof LineFault) return fault.message;
      throw fault;
    }
  };
  await interruptible((interruption) => readEventLines(path, reading, interruption, take));
  if (options.totals === true)
    for (const asset of run.assets.values()) print((isJson ? totalsJson : totalsText)(asset));
  reading.sink.flush();
  noteRefused(reading);
  if (reading.events === 0) voice.note(`${reading.name} has no events: nothing was booked`);
  if (reading.refused > 0 && options.strict === true) cli.exitCode = EXIT.mismatch;
}
