/** The first and the last line of a text tape. */
import { asciiJson, canonicalJson, canonicalText, err, ok } from '@truetape/contracts';
import type { JsonObject, Result } from '@truetape/contracts';
import { tapeError } from './errors.ts';
import type { TapeError } from './errors.ts';
import { parseHeaderJson } from './header.ts';
import type { TapeHeader } from './header.ts';
import { FOOTER_RESERVED } from './index-frame.ts';

export const TEXT_MAGIC = 'rpl-text 1 ';

/** The object that an ASCII form of canonical JSON spells; undefined when it is not in that one form. */
function parseAsciiJson(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const canonical = canonicalJson(value);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject && canonical.ok && asciiJson(canonical.value) === text
      ? (value as JsonObject)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Reads `rpl-text 1 <header JSON>`. */
export function parseHeaderLine(
  line: string,
): Result<{ readonly header: TapeHeader; readonly json: string }, TapeError> {
  const place = { offsetBytes: 0, seq: 0, line: 1 };
  if (!line.startsWith(TEXT_MAGIC)) {
    const isOther = line.startsWith('rpl-text ');
    const found = line.slice(0, 40);
    return err(tapeError(isOther ? 'unsupportedVersion' : 'notATape', place, TEXT_MAGIC.trimEnd(), found));
  }
  const value = parseAsciiJson(line.slice(TEXT_MAGIC.length));
  if (value === undefined) return err(tapeError('badHeader', place, 'canonical JSON', line.slice(0, 80)));
  const json = canonicalText(value);
  const header = parseHeaderJson(json);
  return header.ok ? ok({ header: header.value, json }) : err({ ...header.error, line: 1 });
}

/** What the end line says. */
export interface EndLine {
  readonly count: number;
  readonly hash: string;
  readonly of: string | undefined;
  readonly seal: string | undefined;
  /** The producer's own members of the footer. */
  readonly footer: JsonObject;
}

const END =
  /^end (0|[1-9][0-9]{0,15}) ([0-9a-f]{64})(?: of=([0-9a-f]{64}))?(?: seal=([0-9a-f]{64}))?(?: footer=(\{.*\}))?$/;

/** Reads `end <count> <hash>` with its optional members; undefined when it is malformed. */
export function parseEndLine(line: string): EndLine | undefined {
  const match = END.exec(line);
  if (match === null) return undefined;
  const footer = match[5] === undefined ? {} : parseAsciiJson(match[5]);
  const count = Number(match[1]);
  if (footer === undefined || !Number.isSafeInteger(count)) return undefined;
  if (FOOTER_RESERVED.some((key) => footer[key] !== undefined)) return undefined;
  return { count, hash: match[2], of: match[3], seal: match[4], footer };
}
