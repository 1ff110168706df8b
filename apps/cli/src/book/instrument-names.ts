/** The names of instruments on a command line. */
import { usageFailure } from '../failure.ts';

/** Names with commas between them, each once. Throws a usage failure. */
export function instrumentNames(text: string): readonly string[] {
  const list = text.split(',');
  if (list.every((name) => name !== '') && new Set(list).size === list.length) return list;
  throw usageFailure(`--instrument: expected names with commas between them, found ${JSON.stringify(text)}`);
}
