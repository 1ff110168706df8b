/** `truetape why`. */
import { Command } from 'commander';
import type { GlobalOptions } from '../cli.ts';
import { examples } from '../examples.ts';
import { usageFailure } from '../failure.ts';
import { integerFrom } from '../number-argument.ts';
import { addAllowTorn, addJson } from '../options.ts';
import { printOut } from '../terminal.ts';
import { answer } from '../why/answer.ts';
import type { AnswerOptions } from '../why/answer.ts';
import type { Question } from '../why/find.ts';

type WhyOptions = GlobalOptions & AnswerOptions;

export function createCommand(): Command {
  const command = new Command('why')
    .description(
      'Why something happened, and why something did not: what led to an event, an order or an intent, and what ' +
        'followed, with the time between the steps.',
    )
    .argument('<file>', 'a tape, such as backtest run -o writes (- for stdin)')
    .argument('<what>', 'order, intent, or seq with an id; a number alone is a seq')
    .argument('[id]', 'which one')
    .option(
      '--tape <file>',
      'the tape that it was made from: shows events of the market; several are merged',
      add,
    )
    .option('--instrument <id>', 'whose order, where several instruments have its id')
    .option('--limit <n>', 'so many events at most; those in the middle are left out', limitOf, 200);
  return addAllowTorn(addJson(command))
    .addHelpText(
      'after',
      examples('truetape why out.rpl order 12 --tape run.rpl', 'truetape why out.rpl 59 --json'),
    )
    .action(async (file: string, what: string, id: string | undefined, _: unknown, self: Command) => {
      printOut(`${await answer(file, parseQuestion(what, id), self.optsWithGlobals<WhyOptions>())}\n`);
    });
}

const limitOf = integerFrom(3, '--limit', 1_000_000);

const add = (path: string, before: readonly string[] = []): readonly string[] => [...before, path];

function parseQuestion(what: string, id: string | undefined): Question {
  const by = /^[0-9]+$/.test(what) ? 'seq' : what;
  if (by !== 'order' && by !== 'intent' && by !== 'seq')
    throw usageFailure(
      `expected order, intent, seq or a number, found ${what}`,
      'as in: why out.rpl order 12',
    );
  const text = by === 'seq' && by !== what ? what : id;
  if (text === undefined) throw usageFailure(`which ${by}?`, `as in: why out.rpl ${by} 12`);
  if (text === what && id !== undefined)
    throw usageFailure(`expected nothing behind the seq ${what}, found ${id}`, 'ask for one thing at a time');
  return { by, id: integerFrom(0, by)(text) };
}
