/**
 * Values of a running engine as canonical JSON and back: numbers of any kind but NaN, bigints, maps, arrays and
 * plain objects, each of them in one place. What JSON has no form for is an object with the one member `$`.
 */
import { err, ok } from '@truetape/contracts';
import type { JsonObject, JsonValue, Result } from '@truetape/contracts';

/** A value that has no form. */
export interface PlainError {
  readonly path: string;
  readonly found: string;
}

const TAG = '$';

/** Thrown within this file alone. */
class Unsaveable {
  readonly error: PlainError;
  constructor(path: string, found: string) {
    this.error = { path, found };
  }
}

const tagged = (kind: string, value: JsonValue): JsonObject => ({ [TAG]: [kind, value] });

function encode(value: unknown, path: string, seen: Set<object>): JsonValue {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'undefined':
      return tagged('undefined', null);
    case 'bigint':
      return tagged('bigint', String(value));
    case 'number':
      return encodeNumber(value, path);
    case 'object':
      return value === null ? null : encodeOnce(value, path, seen);
    default:
      throw new Unsaveable(path, typeof value);
  }
}

function encodeNumber(value: number, path: string): JsonValue {
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) return value;
  if (Number.isNaN(value)) throw new Unsaveable(path, 'NaN');
  // ECMAScript says which digits a number has as text: the fewest that read back as it.
  return tagged('number', Object.is(value, -0) ? '-0' : String(value));
}

/** What stands in two places would be two behind a restart, and no end has what is inside itself. */
function encodeOnce(value: object, path: string, seen: Set<object>): JsonValue {
  if (seen.has(value)) throw new Unsaveable(path, 'what stands elsewhere in it');
  seen.add(value);
  return encodeObject(value, path, seen);
}

function encodeObject(value: object, path: string, seen: Set<object>): JsonValue {
  if (Array.isArray(value)) return Array.from(value, (item, k) => encode(item, `${path}.${k}`, seen));
  if (value instanceof Map) {
    const entries = [...(value as Map<unknown, unknown>)].map(([key, item], k): JsonValue => [
      encode(key, `${path}.${k}`, seen),
      encode(item, `${path}.${k}`, seen),
    ]);
    return tagged('map', entries);
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null)
    throw new Unsaveable(path, (value as { constructor?: { name?: string } }).constructor?.name ?? 'object');
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  const encoded = entries.map(([key, item]) => [key, encode(item, `${path}.${key}`, seen)] as const);
  return Object.hasOwn(value, TAG)
    ? tagged(
        'object',
        encoded.map(([key, item]): JsonValue => [key, item]),
      )
    : Object.fromEntries(encoded);
}

/**
 * The JSON of a value. Errors: the path of what has none: functions, NaN, instances of classes, what stands in two
 * places.
 */
export function toPlain(value: unknown): Result<JsonValue, PlainError> {
  try {
    return ok(encode(value, '', new Set()));
  } catch (error) {
    if (error instanceof Unsaveable) return err(error.error);
    throw error;
  }
}

/** The value that `toPlain` made JSON of; of other JSON, whatever it says. */
export function fromPlain(json: JsonValue): unknown {
  if (typeof json !== 'object' || json === null) return json;
  if (Array.isArray(json)) return json.map(fromPlain);
  const object = json as JsonObject;
  if (!Object.hasOwn(object, TAG))
    return Object.fromEntries(Object.entries(object).map(([key, item]) => [key, fromPlain(item)]));
  const [kind, inner] = object[TAG] as readonly [string, JsonValue];
  switch (kind) {
    case 'bigint':
      return BigInt(inner as string);
    case 'number':
      return Number(inner);
    case 'map':
      return new Map(
        (inner as [JsonValue, JsonValue][]).map(([key, item]) => [fromPlain(key), fromPlain(item)]),
      );
    case 'object':
      return Object.fromEntries(
        (inner as [string, JsonValue][]).map(([key, item]) => [key, fromPlain(item)]),
      );
    default:
      return undefined;
  }
}
