/** `truetape tape book`. */
import { Command } from 'commander';
import type { Cli, GlobalOptions } from '../../cli.ts';
import { voiceOf } from '../../cli.ts';
import { examples } from '../../examples.ts';
import { CliFailure, EXIT, usageFailure } from '../../failure.ts';
import type { FilterArguments } from '../../filter-options.ts';
import { integerFrom } from '../../number-argument.ts';
import { openTapes } from '../../open-tapes.ts';
import { addAllowTorn, addJson } from '../../options.ts';
import { withProgress } from '../../progress.ts';
import { openSession } from '../../session.ts';
import { depthJson, depthLines } from '../../tape-book/depth-view.ts';
import { ordersJson, ordersLines } from '../../tape-book/orders-view.ts';
import { BOOK_KINDS, prefersOrders, readBooks } from '../../tape-book/read-books.ts';
import type { BookState, BooksAt } from '../../tape-book/read-books.ts';
import { printOut } from '../../terminal.ts';
import { parseTime } from '../../time-argument.ts';
import type { TimeArgument } from '../../time-argument.ts';

interface BookOptions extends GlobalOptions {
  readonly instrument?: string;
  readonly atSeq?: number;
  readonly atTime?: TimeArgument;
  readonly levels?: number;
  readonly orders?: boolean;
  readonly json?: boolean;
  readonly allowTorn?: boolean;
}

export function createCommand(cli: Cli): Command {
  const command = new Command('book')
    .description(
      'Rebuild the book of an instrument as it stood behind an event, or at a time: from levels, or order by order ' +
        'where the tape tells orders.',
    )
    .argument('<file>', 'a tape (- for stdin)')
    .option('--instrument <id>', 'which book, where the tape has several')
    .option('--at-seq <seq>', 'behind the event with this seq', integerFrom(0, '--at-seq'))
    .option('--at-time <time>', 'at this time: ISO, ns since 1970, or +5s from the start', (text) =>
      parseTime(text, '--at-time'),
    )
    .option('--levels <n>', 'levels of each side', integerFrom(1, '--levels'))
    .option('--orders', 'the queue at each price: order, what is left of it, owner');
  return addAllowTorn(addJson(command))
    .addHelpText(
      'after',
      examples(
        'truetape tape book day.rpl --at-seq 5000 --levels 3 --json',
        'truetape tape book orders.rpl --orders --levels 1',
      ),
    )
    .action(async (file: string, _: unknown, self: Command) => {
      const options = self.optsWithGlobals<BookOptions>();
      const { values } = await cli.settings();
      const voice = await voiceOf(cli, options);
      if (options.atSeq !== undefined && options.atTime !== undefined) {
        throw usageFailure('--at-seq and --at-time exclude each other', 'choose one');
      }
      const input = await withProgress(openTapes([file], { allowTorn: options.allowTorn === true }), voice);
      const filter = bookFilter(options);
      const session = openSession(input, { filter, needsHash: false });
      const state = readBooks(session, filter, options.allowTorn === true);
      input.close();
      const at = chooseBook(state, file, options);
      printOut(`${shown(state, at, options, options.levels ?? values.levels)}\n`);
    });
}

function shown(state: BookState, at: BooksAt, options: BookOptions, levels: number): string {
  const json = options.json === true;
  const queues = options.orders === true;
  if (queues || prefersOrders(state, at)) {
    const view = { levels, queues };
    return json ? JSON.stringify(ordersJson(state, at, view)) : ordersLines(state, at, view).join('\n');
  }
  return json ? JSON.stringify(depthJson(at, levels)) : depthLines(at, levels).join('\n');
}

function bookFilter(options: BookOptions): FilterArguments {
  return {
    kind: BOOK_KINDS,
    ...(options.atSeq === undefined ? {} : { toSeq: options.atSeq }),
    ...(options.atTime === undefined ? {} : { toTime: options.atTime }),
  };
}

/** The instrument that is meant. With `--orders` its book must be told order by order. */
function chooseBook(state: BookState, file: string, options: BookOptions): BooksAt {
  const { instrument: wanted, orders = false } = options;
  const all = [...state.books.values()].filter((at) => at.orders.told || at.depth.told || at.resets.size > 0);
  const books = orders ? all.filter((at) => at.orders.told) : all;
  const names = books.map(({ instrument }) => instrument);
  if (wanted !== undefined) {
    const found = books.find(({ instrument }) => instrument === wanted);
    if (found !== undefined) return found;
    throw usageFailure(
      `${file} has no ${orders ? 'orders' : 'levels or orders'} of ${wanted} up to there`,
      names.length === 0 ? 'it has none of any instrument' : `it has those of ${names.join(', ')}`,
    );
  }
  if (books.length === 1) return books[0];
  if (books.length > 1) {
    throw usageFailure(`${file} has the books of ${names.join(', ')}`, 'choose one: --instrument');
  }
  if (orders && all.length > 0) {
    throw usageFailure(`${file}: expected orders up to there, found levels alone`, 'leave --orders out');
  }
  throw new CliFailure(
    EXIT.failure,
    `${file}: expected levels or orders up to there, found none`,
    'a book needs BookReset, BookUpdate and Level events, or Accepted ones',
  );
}
