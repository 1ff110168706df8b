/** `name=value,name=value` of an option, read by a table of names. */
import { usageFailure } from '../failure.ts';

/** Values by name. Throws a usage failure for a name that the option has not, one twice, or one without a value. */
export function readAssignments<Name extends string>(
  option: string,
  text: string,
  names: readonly Name[],
): ReadonlyMap<Name, string> {
  const values = new Map<Name, string>();
  for (const part of text.split(',')) {
    const at = part.indexOf('=');
    const name = names.find((one) => one === part.slice(0, at));
    if (name === undefined || at === part.length - 1)
      throw usageFailure(`${option}: expected name=value, found ${part}`, `names are ${names.join(', ')}`);
    if (values.has(name)) throw usageFailure(`${option}: ${name} is there twice`);
    values.set(name, part.slice(at + 1));
  }
  return values;
}
