/** `--set path=value` over a configuration. */
import { err, ok } from '@truetape/contracts';
import type { JsonObject, JsonValue, Result } from '@truetape/contracts';
import type { ConfigProblem } from './config-schema.ts';

const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** JSON where it is some, else the text as it stands. */
function readValue(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return text;
  }
}

function setAt(
  value: JsonValue | undefined,
  keys: readonly string[],
  leaf: JsonValue,
): JsonValue | undefined {
  const [key, ...rest] = keys;
  if (key === undefined) return leaf;
  if (Array.isArray(value)) {
    const index = /^(0|[1-9][0-9]{0,3})$/.test(key) ? Number(key) : -1;
    // One behind the last appends.
    if (index < 0 || index > value.length) return undefined;
    const inner = setAt(value[index], rest, leaf);
    return inner === undefined ? undefined : [...value.slice(0, index), inner, ...value.slice(index + 1)];
  }
  if (value !== undefined && !isObject(value)) return undefined;
  const inner = setAt(value !== undefined && Object.hasOwn(value, key) ? value[key] : undefined, rest, leaf);
  if (inner === undefined) return undefined;
  const entries = Object.entries(value ?? {}).filter(([name]) => name !== key);
  return Object.fromEntries([...entries, [key, inner]]);
}

/**
 * The configuration with one value set, as by `agents.noise.count=4`; the path ends at the first `=`.
 * A name that is not there is added, so that the check of the whole names it where it is wrong.
 *
 * Errors: no `=`, an empty name in the path, a path through a number or text.
 */
export function setPath(config: JsonObject, assignment: string): Result<JsonObject, ConfigProblem> {
  const at = assignment.indexOf('=');
  if (at < 1) return err({ path: assignment, problem: 'path=value is expected' });
  const path = assignment.slice(0, at);
  const keys = path.split('.');
  if (keys.includes('')) return err({ path, problem: 'a name of the path is empty' });
  const changed = setAt(config, keys, readValue(assignment.slice(at + 1)));
  return isObject(changed) ? ok(changed) : err({ path, problem: 'the path leads through a value' });
}
