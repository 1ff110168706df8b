/** A place in a tape that a later command goes on from, with the selection that led there. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createFileSink } from '@truetape/host';
import { FILTER_FLAGS } from '../filter-options.ts';
import type { FilterArguments } from '../filter-options.ts';
import { usageFailure } from '../failure.ts';
import { quoted } from '../wording.ts';

const VERSION = 1;

/** What a cursor file holds. */
export interface Cursor {
  readonly version: typeof VERSION;
  /** SHA-256 of the tape's header: the cursor is of no use with another tape. */
  readonly header: string;
  /** First seq that has not been shown. */
  readonly nextSeq: number;
  /** Filter options as they were given, by their names. */
  readonly filter: Readonly<Record<string, string>>;
}

export function headerHash(headerJson: string): string {
  return createHash('sha256').update(headerJson).digest('hex');
}

function isCursor(value: unknown): value is Cursor {
  if (typeof value !== 'object' || value === null) return false;
  const { version, header, nextSeq, filter } = value as Record<string, unknown>;
  return (
    version === VERSION &&
    typeof header === 'string' &&
    Number.isSafeInteger(nextSeq) &&
    typeof filter === 'object' &&
    filter !== null &&
    Object.entries(filter).every(([key, text]) => key in FILTER_FLAGS && typeof text === 'string')
  );
}

/** Reads a cursor file; undefined when there is none yet. Throws a usage failure for one that is none. */
export function readCursor(path: string): Cursor | undefined {
  if (!existsSync(path)) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    value = undefined;
  }
  if (isCursor(value)) return value;
  throw usageFailure(
    `${path}: expected a cursor as --cursor writes it, found something else`,
    `remove it, or name another file`,
  );
}

/** Holds a cursor against the tape and the options that it is used with now. */
export function checkCursor(
  path: string,
  cursor: Cursor,
  given: { readonly filter: Readonly<Record<string, string>>; readonly header: string },
): void {
  if (cursor.header !== given.header) {
    throw usageFailure(`${path} is the cursor of another tape`, `remove ${quoted(path)} to start anew`);
  }
  const isSame =
    Object.keys(given.filter).length === 0 ||
    JSON.stringify(sorted(given.filter)) === JSON.stringify(sorted(cursor.filter));
  if (isSame) return;
  const flags = Object.entries(cursor.filter).map(
    ([key, text]) => `${FILTER_FLAGS[key as keyof FilterArguments]} ${quoted(text)}`,
  );
  throw usageFailure(
    `${path} goes on with the filter ${flags.length === 0 ? '(none)' : flags.join(' ')}, found another one`,
    'leave the filter out, or remove the cursor',
  );
}

function sorted(filter: Readonly<Record<string, string>>): readonly (readonly [string, string])[] {
  return Object.entries(filter).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Writes a cursor file, whole or not at all. */
export function writeCursor(path: string, cursor: Omit<Cursor, 'version'>): void {
  const sink = createFileSink(path, { force: true });
  sink.write(Buffer.from(`${JSON.stringify({ version: VERSION, ...cursor }, undefined, 2)}\n`, 'utf8'));
  sink.commit();
}
