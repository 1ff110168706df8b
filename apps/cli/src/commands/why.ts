/** `truetape why`. */
import { Command } from 'commander';
import type { GlobalOptions } from '../cli.ts';
import { examples } from '../examples.ts';
import { CliFailure, EXIT, usageFailure } from '../failure.ts';
import { integerFrom } from '../number-argument.ts';
import { addAllowTorn, addJson } from '../options.ts';
import { printOut } from '../terminal.ts';
import { findWhy } from '../why/find.ts';
import type { Question } from '../why/find.ts';
import { namesOf } from '../why/names.ts';
import { summaryOf } from '../why/summary.ts';
import { whyJson } from '../why/why-json.ts';
import { openWhyTape } from '../why/why-tape.ts';
import type { WhyTape } from '../why/why-tape.ts';
import { whyLines } from '../why/why-text.ts';

interface WhyOptions extends GlobalOptions {
  readonly tape?: readonly string[];
  readonly instrument?: string;
  readonly limit: number;
  readonly json?: boolean;
  readonly allowTorn?: boolean;
}

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
      await why(file, parseQuestion(what, id), self.optsWithGlobals<WhyOptions>());
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

async function why(file: string, question: Question, options: WhyOptions): Promise<void> {
  const allowTorn = options.allowTorn === true;
  if (file === '-' && options.tape?.includes('-') === true)
    throw usageFailure('- stands for standard input, which can be read once only', 'name it once');
  const tape = await openWhyTape([file], allowTorn);
  const parents = new Map<number, WhyTape>();
  if (options.tape !== undefined) {
    const parent = await openWhyTape(options.tape, allowTorn);
    parents.set(parentNumber(tape, parent), parent);
  }
  const tapeAt = (number: number): WhyTape | undefined => (number === 0 ? tape : parents.get(number));
  const allNames = new Map([...parents].map(([number, { tables }]) => [number, namesOf(tables)] as const));
  const names = namesOf(tape.tables);
  const { instrument, limit } = options;
  const found = await findWhy(tape, question, { names, parents, instrument, keepMax: limit });
  const { follow, focusSeq } = found;
  const telling = {
    tape,
    summary: summaryOf(names, follow),
    why: found.why,
    focusSeq,
    namesAt: (number: number) => allNames.get(number) ?? names,
  };
  const text =
    options.json === true ? JSON.stringify(whyJson(telling, follow, tapeAt)) : whyLines(telling).join('\n');
  tape.close();
  for (const parent of parents.values()) parent.close();
  printOut(`${text}\n`);
}

/** Which parent of a tape another one is, from 1. Throws a failure where it is none. */
function parentNumber(tape: WhyTape, parent: WhyTape): number {
  const { parents = [] } = tape.header;
  const at = parents.findIndex(({ hash }) => hash === parent.hash);
  if (at >= 0) return at + 1;
  if (parents.length === 0)
    throw usageFailure(`--tape: ${tape.path} names no tape that it was made from`, 'leave --tape out');
  throw new CliFailure(
    EXIT.mismatch,
    `--tape: ${parent.path} is not what ${tape.path} was made from: expected the hash ` +
      `${parents.map(({ hash }) => hash).join(' or ')}, found ${parent.hash}`,
    'several tapes of a run are named in its order: --tape a.rpl --tape b.rpl',
  );
}
