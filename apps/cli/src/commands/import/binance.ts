/** `truetape import binance`. */
import { Command } from 'commander';
import { BINANCE_MARKETS } from '@truetape/adapters';
import type { BinanceImportConfig, BinanceMarket } from '@truetape/adapters';
import { createFileSink, createStreamSink, spoolInput } from '@truetape/host';
import type { Scratch } from '@truetape/host';
import type { Cli, GlobalOptions } from '../../cli.ts';
import { voiceOf } from '../../cli.ts';
import { examples } from '../../examples.ts';
import { usageFailure } from '../../failure.ts';
import { encodingOf } from '../../import/encoding.ts';
import { importLines } from '../../import/report-text.ts';
import { runImport } from '../../import/run-import.ts';
import type { CaptureFile, ImportPlan, Imported } from '../../import/run-import.ts';
import { interruptible } from '../../interruption.ts';
import { addJson } from '../../options.ts';
import { startCounter } from '../../progress.ts';
import type { Settings } from '../../settings.ts';
import { printError, printOut } from '../../terminal.ts';

interface ImportOptions extends GlobalOptions {
  readonly output: string;
  readonly market?: BinanceMarket;
  readonly symbol?: readonly string[];
  readonly tick?: string;
  readonly lot?: string;
  readonly contractSize?: string;
  readonly clockOffset?: string;
  readonly onBadLine?: 'fail' | 'skip';
  readonly force?: boolean;
  readonly json?: boolean;
}

export function createCommand(cli: Cli): Command {
  const command = new Command('binance')
    .description(
      'Make a tape of captures of Binance streams: lines of a local time in ns and a message, plain, gzip or zstd. ' +
        'Several files are one capture, in the order given.',
    )
    .argument('<captures...>', 'files (- for stdin)')
    .requiredOption('-o, --output <file>', 'the tape: ends in .rpl or .txt.rpl; - for a text tape on stdout')
    .option(
      '--market <market>',
      `${BINANCE_MARKETS.join(', ')}; guessed from the streams by default`,
      parseMarket,
    )
    .option('--symbol <symbols>', 'only these, with commas between them', (text) =>
      text.toUpperCase().split(','),
    )
    .option('--tick <step>', 'price step, such as 0.1; the smallest exact one by default')
    .option('--lot <step>', 'quantity step, such as 0.001; the smallest exact one by default')
    .option('--contract-size <size>', "size of a contract; by default what the market's rules say")
    .option('--clock-offset <offset>', 'measure, auto (add the measured one to all times) or ns to add')
    .option('--on-bad-line <what>', 'fail or skip', parseOnBadLine)
    .option('--force', 'replace an existing file');
  return addJson(command)
    .addHelpText(
      'after',
      examples(
        'truetape import binance capture.gz -o day.rpl',
        'zcat a.gz b.gz | truetape import binance - -o day.rpl --tick 0.1 --lot 0.001 --json',
      ),
    )
    .action(async (captures: string[], _: unknown, self: Command) => {
      await importCaptures(cli, captures, self.optsWithGlobals<ImportOptions>());
    });
}

function parseMarket(text: string): BinanceMarket {
  const market = BINANCE_MARKETS.find((one) => one === text);
  if (market !== undefined) return market;
  throw usageFailure(`--market: expected ${BINANCE_MARKETS.join(', ')}, found ${text}`);
}

function parseOnBadLine(text: string): 'fail' | 'skip' {
  if (text === 'fail' || text === 'skip') return text;
  throw usageFailure(`--on-bad-line: expected fail or skip, found ${text}`);
}

function clockOffsetOf(text: string): 'measure' | 'auto' | number {
  if (text === 'measure' || text === 'auto') return text;
  const ns = Number(text);
  if (/^-?[0-9]{1,16}$/.test(text) && Number.isSafeInteger(ns)) return ns;
  throw usageFailure(`--clock-offset: expected measure, auto or a number of ns, found ${text}`);
}

function configOf(options: ImportOptions, settings: Settings): ImportPlan['config'] {
  const { market, symbol, tick, lot, contractSize } = options;
  const config: ImportPlan['config'] = {
    clockOffset: clockOffsetOf(options.clockOffset ?? settings.clockOffset),
    onBadLine: options.onBadLine ?? settings.onBadLine,
  };
  const given: Partial<BinanceImportConfig> = {
    ...(market === undefined ? {} : { market }),
    ...(symbol === undefined ? {} : { symbols: symbol }),
    ...(tick === undefined ? {} : { priceStep: tick }),
    ...(lot === undefined ? {} : { qtyStep: lot }),
    ...(contractSize === undefined ? {} : { contractSize }),
  };
  return { ...config, ...given };
}

/** Files as they can be read as often as the import needs: standard input is copied to the disk for two passes. */
async function captureFiles(
  captures: readonly string[],
  scans: boolean,
): Promise<{ readonly files: readonly CaptureFile[]; readonly spooled: readonly Scratch[] }> {
  if (captures.filter((name) => name === '-').length > 1) {
    throw usageFailure('- stands for standard input, which can be read once only', 'name it once');
  }
  const files: CaptureFile[] = [];
  const spooled: Scratch[] = [];
  for (const name of captures) {
    if (name !== '-') files.push({ name, path: name });
    else if (!scans) files.push({ name: 'standard input', path: name });
    else {
      const scratch = await spoolInput(name);
      spooled.push(scratch);
      files.push({ name: 'standard input', path: scratch.path });
    }
  }
  return { files, spooled };
}

async function importCaptures(cli: Cli, captures: readonly string[], options: ImportOptions): Promise<void> {
  const { values } = await cli.settings();
  const voice = await voiceOf(cli, options);
  const config = configOf(options, values);
  const encoding = encodingOf(options.output);
  const scans =
    config.priceStep === undefined || config.qtyStep === undefined || config.clockOffset === 'auto';
  const sink =
    options.output === '-'
      ? createStreamSink()
      : createFileSink(options.output, { force: options.force === true });
  const counter = await startCounter(voice, 'importing');
  let imported: Imported;
  try {
    const { files, spooled } = await captureFiles(captures, scans);
    const plan = {
      files,
      sink,
      encoding,
      frameBytes: values.frameBytes,
      scans,
      config,
      onLines: counter.update,
    };
    imported = await interruptible((interruption) => runImport(plan, interruption));
    sink.commit();
    for (const scratch of spooled) scratch.dispose();
  } catch (error) {
    sink.abandon();
    throw error;
  } finally {
    counter.stop();
  }
  report(imported, options);
}

/** Prints the report; where the tape itself is on stdout, on stderr. */
function report(imported: Imported, options: ImportOptions): void {
  const { count, hash, seal } = imported.tape;
  const text =
    options.json === true
      ? JSON.stringify({
          ...imported.report,
          marketGiven: imported.start.marketGiven,
          tape: { events: count, hash, seal },
        })
      : importLines(imported, options.output).join('\n');
  if (options.output === '-') {
    if (options.quiet !== true) printError(`${text}\n`);
  } else printOut(`${text}\n`);
}
