/** The first difference between two tapes. */
import {
  Kind,
  createTextNames,
  createTextOut,
  decodeUtf8,
  formatRecord,
  recordKind,
  recordWords,
  viewRecords,
} from '@truetape/contracts';
import type { DefineTables, RecordBuffer } from '@truetape/contracts';
import { createCursor, cursorRecords, moveNext, sameRecord } from './cursor.ts';
import type { Cursor } from './cursor.ts';
import type { TapeError } from './errors.ts';
import type { Page } from './hash-chain.ts';
import { openedTape } from './reader.ts';
import type { TapeReader } from './reader.ts';

/** Where two tapes part. An event is missing (null) where its tape has no event of that seq, or has ended. */
export interface Difference {
  readonly seq: number;
  readonly a: string | null;
  readonly b: string | null;
  /** Lines of the events before it, which both tapes have. */
  readonly context: readonly string[];
}

/** A member of the headers that differs; absent members are null. Events may be equal all the same. */
export interface HeaderDifference {
  readonly field: string;
  readonly a: string | null;
  readonly b: string | null;
}

export interface TapeDiff {
  readonly difference: Difference | undefined;
  readonly headers: readonly HeaderDifference[];
  /** Events that both tapes have and that were compared. */
  readonly compared: number;
  /** A tape that could not be read to its end: nothing is known behind that. */
  readonly error: { readonly tape: 'a' | 'b'; readonly error: TapeError } | undefined;
}

/** Line of a record, without its LF. */
export function recordLine(b: RecordBuffer, i: number, seq: number, tables: DefineTables): string {
  const out = createTextOut(4096);
  formatRecord(out, b, i, seq, createTextNames(tables));
  return decodeUtf8(out.u8, 0, out.size - 1) ?? '';
}

/**
 * The last events, as copies of their records, so that few but those that are shown are ever formatted. A line
 * is fixed before a Define changes what its names stand for.
 */
interface Recent {
  readonly seqs: number[];
  readonly records: Int32Array[];
  readonly lines: (string | undefined)[];
  size: number;
}

function remember(recent: Recent, b: RecordBuffer, i: number, seq: number): void {
  const limit = recent.seqs.length;
  if (limit === 0) return;
  const slot = recent.size % limit;
  const halves = recordWords(b, i) * 2;
  if (recent.records[slot].length < halves) recent.records[slot] = new Int32Array(halves);
  const copy = recent.records[slot];
  for (let k = 0; k < halves; k++) copy[k] = b.i32[i + k];
  recent.seqs[slot] = seq;
  recent.lines[slot] = undefined;
  recent.size += 1;
}

function contextLines(recent: Recent, tables: DefineTables): string[] {
  const limit = recent.seqs.length;
  const first = Math.max(0, recent.size - limit);
  return Array.from({ length: recent.size - first }, (_, k) => {
    const slot = (first + k) % limit;
    const { buffer } = recent.records[slot];
    recent.lines[slot] ??= recordLine(viewRecords(new Uint8Array(buffer)), 0, recent.seqs[slot], tables);
    return recent.lines[slot];
  });
}

/** Members in which two header texts differ. */
export function diffHeaders(a: string, b: string): HeaderDifference[] {
  const left = JSON.parse(a) as Record<string, unknown>;
  const right = JSON.parse(b) as Record<string, unknown>;
  const text = (value: unknown): string | null => (value === undefined ? null : JSON.stringify(value));
  return [...new Set([...Object.keys(left), ...Object.keys(right)])]
    .sort()
    .map((field) => ({ field, a: text(left[field]), b: text(right[field]) }))
    .filter((entry) => entry.a !== entry.b);
}

function lineAt(cursor: Cursor, seq: number): string | null {
  if (cursor.done || cursor.seq !== seq) return null;
  return recordLine(cursorRecords(cursor), cursor.i, seq, openedTape(cursor.reader).tables);
}

/**
 * Compares two tapes event by event from where their readers stand; reads on until the first difference.
 * Both must stand before the same event: a seq that only one of them comes to is a difference.
 */
export function diffTapes(a: TapeReader, b: TapeReader, context: number): TapeDiff {
  const left = createCursor(a);
  const right = createCursor(b);
  const recent: Recent = {
    seqs: Array.from({ length: context }, () => 0),
    records: Array.from({ length: context }, () => new Int32Array(16)),
    lines: Array.from({ length: context }, () => undefined),
    size: 0,
  };
  let compared = 0;
  for (;;) {
    const hasLeft = moveNext(left);
    const hasRight = moveNext(right);
    const failed =
      a.error !== undefined ? ('a' as const) : b.error !== undefined ? ('b' as const) : undefined;
    if (failed !== undefined) {
      const error = { tape: failed, error: (failed === 'a' ? a.error : b.error)! };
      return { difference: undefined, headers: [], compared, error };
    }
    const equal = hasLeft && hasRight && left.seq === right.seq;
    if (equal && sameRecord(cursorRecords(left), left.i, cursorRecords(right), right.i)) {
      remember(recent, cursorRecords(left), left.i, left.seq);
      // It is in force from the next event on.
      if (recordKind(cursorRecords(left), left.i) === Kind.Define) contextLines(recent, openedTape(a).tables);
      compared += 1;
      continue;
    }
    const headers = diffHeaders(openedTape(a).headerJson, openedTape(b).headerJson);
    if (!hasLeft && !hasRight) return { difference: undefined, headers, compared, error: undefined };
    const seq = Math.min(hasLeft ? left.seq : Infinity, hasRight ? right.seq : Infinity);
    const lines = contextLines(recent, openedTape(a).tables);
    const difference = { seq, a: lineAt(left, seq), b: lineAt(right, seq), context: lines };
    return { difference, headers, compared, error: undefined };
  }
}

/**
 * Seq before which two tapes are known to be equal, by bisecting their chained pages: all pages before the first
 * different one are equal. Undefined when all pages are the same.
 */
export function firstDifferentPage(a: readonly Page[], b: readonly Page[]): number | undefined {
  const same = (k: number): boolean => a[k].hash.every((byte, at) => byte === b[k].hash[at]);
  const shorter = Math.min(a.length, b.length);
  let low = 0;
  let high = shorter;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (same(middle)) low = middle + 1;
    else high = middle;
  }
  if (low < shorter) return a[low].firstSeq;
  if (a.length === b.length) return undefined;
  return (a[low] ?? b[low]).firstSeq;
}
