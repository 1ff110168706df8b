/** Answers a question about a tape. */
import { CliFailure, EXIT, usageFailure } from '../failure.ts';
import { findWhy } from './find.ts';
import type { Question } from './find.ts';
import { namesOf } from './names.ts';
import { summaryOf } from './summary.ts';
import { whyJson } from './why-json.ts';
import { openWhyTape } from './why-tape.ts';
import type { WhyTape } from './why-tape.ts';
import { whyLines } from './why-text.ts';

export interface AnswerOptions {
  /** The tape that it was made from. */
  readonly tape?: readonly string[];
  readonly instrument?: string;
  readonly limit: number;
  readonly json?: boolean;
  readonly allowTorn?: boolean;
}

/** The answer as it is printed, without its last LF. Throws a failure where there is none. */
export async function answer(file: string, question: Question, options: AnswerOptions): Promise<string> {
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
  return text;
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
