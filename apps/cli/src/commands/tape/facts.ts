/** `truetape tape facts`. */
import { Command } from 'commander';
import { Kind } from '@truetape/contracts';
import { factsJson } from '@truetape/orderflow';
import type { Cli, GlobalOptions, Voice } from '../../cli.ts';
import { voiceOf } from '../../cli.ts';
import { examples } from '../../examples.ts';
import { CliFailure, EXIT } from '../../failure.ts';
import type { FilterArguments } from '../../filter-options.ts';
import { openTapes } from '../../open-tapes.ts';
import { addAllowTorn, addJson } from '../../options.ts';
import { withProgress } from '../../progress.ts';
import { noteUnknownNames, openSession } from '../../session.ts';
import { BOOK_KINDS } from '../../tape-book/read-books.ts';
import { factsLines } from '../../tape-facts/facts-text.ts';
import { readFacts } from '../../tape-facts/read-facts.ts';
import { printOut } from '../../terminal.ts';
import { parseSpan } from '../../time-argument.ts';

const SECOND_NS = 1_000_000_000;

interface FactsOptions extends GlobalOptions {
  readonly instrument?: string;
  readonly interval?: number;
  readonly json?: boolean;
  readonly allowTorn?: boolean;
}

const FACTS_KINDS: readonly number[] = [...BOOK_KINDS, Kind.Quote, Kind.NewOrder, Kind.AmendOrder];

export function createCommand(cli: Cli): Command {
  const command = new Command('facts')
    .description(
      'The stylised facts of each instrument: spread and depth over time, tails and dependence of returns, ' +
        'volumes, sizes, arrivals, cancellations.',
    )
    .argument('<file>', 'a tape (- for stdin)')
    .option('--instrument <id>', 'of this one alone')
    .option('--interval <span>', 'of returns and volumes; 1s by default', (text) =>
      parseSpan(text, '--interval'),
    );
  return addAllowTorn(addJson(command))
    .addHelpText(
      'after',
      examples('truetape tape facts day.rpl', 'truetape tape facts run.rpl --interval 100ms --json'),
    )
    .action(async (file: string, _: unknown, self: Command) => {
      const options = self.optsWithGlobals<FactsOptions>();
      await printFacts(file, options, await voiceOf(cli, options));
    });
}

async function printFacts(file: string, options: FactsOptions, voice: Voice): Promise<void> {
  const { instrument, interval: intervalNs = SECOND_NS, allowTorn = false } = options;
  const filter: FilterArguments = {
    kind: FACTS_KINDS,
    ...(instrument === undefined ? {} : { instrument: [instrument] }),
  };
  const input = await withProgress(openTapes([file], { allowTorn }), voice);
  const session = openSession(input, { filter, needsHash: false });
  const folds = await readFacts(session, { filter, intervalNs, allowTorn });
  input.close();
  noteUnknownNames(session, filter, voice);
  const told = [...folds].filter(([, { facts }]) => facts.middles.length > 0);
  if (told.length === 0) {
    throw new CliFailure(
      EXIT.failure,
      `${file}: expected a book with two sides, found none`,
      'facts need orders, levels or quotes for two intervals at least',
    );
  }
  if (options.json === true) {
    const entries = told.map(([name, { facts }]) => [name, factsJson(facts)]);
    printOut(`${JSON.stringify(Object.fromEntries(entries))}\n`);
    return;
  }
  const blocks = told.map(([name, { facts }]) => factsLines(name, factsJson(facts)).join('\n'));
  printOut(`${blocks.join('\n\n')}\n`);
}
