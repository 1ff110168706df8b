/** `--set` over a configuration with money in it: a number is taken for text where decimal text is expected. */
import { canonicalJson } from '@truetape/contracts';
import type { JsonObject } from '@truetape/contracts';
import { setPath } from '@truetape/orderflow';

interface Problem {
  readonly path: string;
  readonly problem: string;
}

/** What is said where a number stands in the place of money. */
const EXPECTED = 'a decimal as text is expected';
const DECIMAL = /^-?(0|[1-9][0-9]*)(\.[0-9]+)?$/;

/** The assignment with its value as text, where that is a decimal at one of the paths. */
function asText(assignment: string, paths: ReadonlySet<string>): string {
  const at = assignment.indexOf('=');
  const [path, value] = [assignment.slice(0, at), assignment.slice(at + 1)];
  return paths.has(path) && DECIMAL.test(value) ? `${path}=${JSON.stringify(value)}` : assignment;
}

function changed(
  config: JsonObject,
  set: readonly string[],
): { readonly config: JsonObject; readonly problems: Problem[] } {
  const problems: Problem[] = [];
  const whole = set.reduce((before, assignment) => {
    const after = setPath(before, assignment);
    if (after.ok) return after.value;
    problems.push({ path: `--set ${after.error.path}`, problem: after.error.problem });
    return before;
  }, config);
  return { config: whole, problems };
}

/** The configuration with all changes, and every problem that it then has, once for a path. */
export function withChanges(
  config: JsonObject,
  set: readonly string[],
  check: (config: JsonObject) => readonly Problem[],
): { readonly config: JsonObject; readonly problems: readonly Problem[] } {
  let assignments = set;
  let { config: whole, problems } = changed(config, assignments);
  // One schema is asked behind another: what the next one refuses is seen once the first does not any more.
  for (let round = 0; round < set.length; round++) {
    const refused = check(whole).filter(({ problem }) => problem.includes(EXPECTED));
    const paths = new Set(refused.map(({ path }) => path));
    assignments = assignments.map((one) => asText(one, paths));
    ({ config: whole, problems } = changed(config, assignments));
    if (paths.size === 0) break;
  }
  // What a header is to hold has no fractions.
  const canonical = canonicalJson(whole);
  if (!canonical.ok)
    problems.push({ path: canonical.error.path, problem: 'a whole number below 2^53, or text, is expected' });
  problems.push(...check(whole));
  // Of what is told twice of one value the last says more: a bound, rather than that of all numbers.
  return { config: whole, problems: [...new Map(problems.map((one) => [one.path, one])).values()] };
}
