/** A reader record by record, for what walks several tapes at once. */
import { Kind, getN } from '@truetape/contracts';
import type { RecordBuffer } from '@truetape/contracts';
import type { TapeReader } from './reader.ts';
import type { Batch } from './step.ts';

/** Stands on one event at a time. Its record is valid until the cursor moves. */
export interface Cursor {
  readonly reader: TapeReader;
  batch: Batch | undefined;
  /** Half word at which the event's record begins. */
  i: number;
  seq: number;
  /** Behind the last event, at the end of the tape or at an error (`reader.error`). */
  done: boolean;
  next: number;
  nextSeq: number;
}

export function createCursor(reader: TapeReader): Cursor {
  return { reader, batch: undefined, i: 0, seq: 0, done: false, next: 0, nextSeq: 0 };
}

/** Moves to the next event; false when there is none. Skips only show in the seq. */
export function moveNext(cursor: Cursor): boolean {
  for (;;) {
    const { batch } = cursor;
    if (batch === undefined || cursor.next >= batch.to) {
      const following = cursor.done ? undefined : cursor.reader.next();
      cursor.batch = following;
      if (following === undefined) {
        cursor.done = true;
        return false;
      }
      cursor.next = following.from;
      cursor.nextSeq = following.firstSeq;
      continue;
    }
    const { records } = batch;
    const i = cursor.next;
    const head = records.u32[i];
    cursor.next = i + (head & 0xffff) * 2;
    if (((head >>> 16) & 0xff) === Kind.Skip) {
      cursor.nextSeq += getN(records, i + 4);
      continue;
    }
    cursor.i = i;
    cursor.seq = cursor.nextSeq;
    cursor.nextSeq += 1;
    return true;
  }
}

/** The buffer of the event that a cursor stands on. */
export function cursorRecords(cursor: Cursor): RecordBuffer {
  return cursor.batch!.records;
}

/** True when two records are the same bytes. */
export function sameRecord(a: RecordBuffer, i: number, b: RecordBuffer, j: number): boolean {
  const halves = (a.u32[i] & 0xffff) * 2;
  for (let k = 0; k < halves; k++) {
    if (a.i32[i + k] !== b.i32[j + k]) return false;
  }
  return true;
}
