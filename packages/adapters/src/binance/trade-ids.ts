/**
 * Trade ids: the venue's own number below 2^52 as it is; any other number, or text, under an assigned id,
 * with an Alias before its first use.
 */
import { FIRST_ASSIGNED_ID } from '@truetape/contracts';
import { detached } from './detached-text.ts';

/** Assigned ids remembered, so that a repeated trade gets the same one; the oldest are forgotten. */
export const ALIASES_KEPT_MAX = 65536;

/** Assigned ids of one instrument, in order of first sight. */
export interface AliasTable {
  readonly ids: Map<string, number>;
  nextId: number;
}

export function createAliasTable(): AliasTable {
  return { ids: new Map(), nextId: FIRST_ASSIGNED_ID };
}

/** The assigned id of a text, if it has one. */
export function aliasOf(table: AliasTable, text: string): number | undefined {
  return table.ids.get(text);
}

/** Assigns the next id to a text. */
export function assignAlias(table: AliasTable, text: string): number {
  if (table.ids.size >= ALIASES_KEPT_MAX) {
    // A Map's first key is the one that was set first.
    for (const oldest of table.ids.keys()) {
      table.ids.delete(oldest);
      break;
    }
  }
  const id = table.nextId++;
  table.ids.set(text, id);
  return id;
}

/** Whether a field is a number that stands for itself. */
export function isOwnId(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < FIRST_ASSIGNED_ID;
}

/**
 * The exact text of an id that is no small number; undefined when it is none at all. `json` is the line's
 * JSON, for JSON.parse has lost the digits of a number beyond 2^53.
 */
export function idText(value: unknown, json: string, field: string): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : detached(value);
  if (typeof value !== 'number') return undefined;
  const source = Number.isSafeInteger(value) ? String(value) : sourceOf(json, field);
  return source !== undefined && /^[0-9]+$/.test(source) ? source : undefined;
}

/** The text of a number as it stands in the JSON: the last one under that key. */
export function sourceOf(json: string, field: string): string | undefined {
  let found: string | undefined;
  // The third argument is part of ECMAScript 2026 and of every supported Node; TypeScript's library lags.
  const reviver = (key: string, value: unknown, context?: { readonly source?: string }): unknown => {
    if (key === field && context?.source !== undefined) found = context.source;
    return value;
  };
  JSON.parse(json, reviver);
  return found;
}
