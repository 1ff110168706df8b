import { err, ok } from './result.ts';
import type { Result } from './result.ts';
import { utf8Length } from './utf8.ts';

/** What canonical JSON can hold: RFC 8785 without fractions. Decimals are strings in shortest form. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/** An object of canonical JSON. */
export type JsonObject = { readonly [key: string]: JsonValue };

export interface JsonError {
  readonly code: 'notJson' | 'notCanonical' | 'notRepresentable' | 'tooDeep';
  /** Where in the value, as `a.b[2]`; empty at the top. */
  readonly path: string;
}

/** Nesting beyond this is refused, so that hostile input cannot exhaust the stack. */
export const JSON_DEPTH_MAX = 64;

function write(value: unknown, path: string, depth: number): Result<string, JsonError> {
  if (depth > JSON_DEPTH_MAX) return err({ code: 'tooDeep', path });
  if (value === null || typeof value === 'boolean') return ok(String(value));
  if (typeof value === 'string') {
    return utf8Length(value) < 0 ? err({ code: 'notRepresentable', path }) : ok(JSON.stringify(value));
  }
  if (typeof value === 'number') {
    return Number.isSafeInteger(value) ? ok(String(value + 0)) : err({ code: 'notRepresentable', path });
  }
  if (Array.isArray(value)) {
    const items: string[] = [];
    for (const [index, item] of value.entries()) {
      const text = write(item, `${path}[${index}]`, depth + 1);
      if (!text.ok) return text;
      items.push(text.value);
    }
    return ok(`[${items.join(',')}]`);
  }
  if (typeof value !== 'object') return err({ code: 'notRepresentable', path });
  const members: string[] = [];
  // Default sort of strings is by UTF-16 code unit, as RFC 8785 wants; JS itself would put integer-like keys first.
  for (const key of Object.keys(value).sort()) {
    const at = path === '' ? key : `${path}.${key}`;
    if (utf8Length(key) < 0) return err({ code: 'notRepresentable', path: at });
    const text = write((value as Record<string, unknown>)[key], at, depth + 1);
    if (!text.ok) return text;
    members.push(`${JSON.stringify(key)}:${text.value}`);
  }
  return ok(`{${members.join(',')}}`);
}

/**
 * The one canonical text of a value (CONTRACTS-9). Errors: a fraction, an unsafe integer, undefined, a lone surrogate,
 * too deep.
 */
export function canonicalJson(value: unknown): Result<string, JsonError> {
  return write(value, '', 0);
}

/** Canonical text of a value that is known to have one; anything else is a bug of the caller. */
export function canonicalText(value: JsonValue): string {
  const text = canonicalJson(value);
  if (!text.ok) throw new TypeError(`no canonical JSON at ${text.error.path}: ${text.error.code}`);
  return text.value;
}

/** Parses canonical JSON; text that differs from its own canonical form (also: a duplicate key) is an error. */
export function parseCanonicalJson(text: string): Result<JsonValue, JsonError> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return err({ code: 'notJson', path: '' });
  }
  const canonical = canonicalJson(value);
  if (!canonical.ok) return canonical;
  return canonical.value === text ? ok(value as JsonValue) : err({ code: 'notCanonical', path: '' });
}

/** As `parseCanonicalJson`, and the value must be an object. */
export function parseCanonicalObject(text: string): Result<JsonObject, JsonError> {
  const parsed = parseCanonicalJson(text);
  if (!parsed.ok) return parsed;
  const value = parsed.value;
  return value !== null && typeof value === 'object' && !Array.isArray(value)
    ? ok(value as JsonObject)
    : err({ code: 'notRepresentable', path: '' });
}
