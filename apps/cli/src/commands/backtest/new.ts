/** `truetape backtest new`. */
import { Command } from 'commander';
import { createFileSink } from '@truetape/host';
import { exampleStrategy, strategyNameOf } from '../../backtest/example-strategy.ts';
import { examples } from '../../examples.ts';
import { usageFailure } from '../../failure.ts';
import { addJson } from '../../options.ts';
import { printOut } from '../../terminal.ts';
import { quoted } from '../../wording.ts';

interface NewOptions {
  readonly force?: boolean;
  readonly json?: boolean;
}

export function createCommand(): Command {
  const command = new Command('new')
    .description(
      'Write a strategy of your own to begin from: one file that runs as it is, with comments that say what else ' +
        'a strategy sees and does.',
    )
    .argument('<file>', 'where it goes, such as my.ts')
    .option('--force', 'replace an existing file');
  return addJson(command)
    .addHelpText(
      'after',
      examples('truetape backtest new my.ts', 'truetape backtest new bots/mean.ts --force'),
    )
    .action((file: string, _: unknown, self: Command) => {
      printOut(writeNew(file, self.optsWithGlobals<NewOptions>()));
    });
}

/** What is printed. */
export function writeNew(file: string, { force, json }: NewOptions): string {
  if (!/\.m?ts$/.test(file))
    throw usageFailure(`${file}: expected a name that ends in .ts`, 'truetape backtest new my.ts');
  const name = strategyNameOf(file);
  const sink = createFileSink(file, { force: force === true });
  sink.write(Buffer.from(exampleStrategy(name, file)));
  sink.commit();
  const path = /[\\/]/.test(file) ? file : `./${file}`;
  const next = `truetape backtest run --tape run.rpl --strategy ${quoted(path)}`;
  if (json === true) return `${JSON.stringify({ file, name, next })}\n`;
  return `strategy      ${file}, named ${name}\nnext          ${next}\n`;
}
