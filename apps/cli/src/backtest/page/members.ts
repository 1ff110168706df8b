/** Members of a report, which is plain data, for the page. */
import type { JsonObject, JsonValue } from '@truetape/contracts';
import { grouped } from '../../sim/browser/numbers.ts';

export const object = (value: JsonValue | undefined): JsonObject => (value ?? {}) as JsonObject;

export const rows = (value: JsonValue | undefined): readonly JsonObject[] =>
  (value ?? []) as readonly JsonObject[];

/** A text or a number as it is; – for nothing. */
export function plain(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '–';
}

/** The same of a number, with commas. */
export function figure(value: JsonValue | undefined): string {
  return typeof value === 'string' || typeof value === 'number' ? grouped(value) : '–';
}

/** Sum of counts by name. */
export function total(counts: JsonValue | undefined): number {
  return Object.values(object(counts)).reduce<number>((sum, count) => sum + Number(count), 0);
}
