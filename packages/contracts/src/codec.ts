import {
  MISSING,
  OUT_OF_RANGE,
  TIME_BEYOND_EPOCH,
  checkHeader,
  faultAt,
  isAllOnes,
  isFarT,
} from './check.ts';
import { getExtension } from './extension.ts';
import { checkBody, decodeKnown, encodeWords } from './generated/codec.ts';
import { Kind } from './generated/events.ts';
import type { Event } from './generated/events.ts';
import { getT } from './record.ts';
import type { RecordBuffer, RecordOut } from './record.ts';
import type { Epoch } from './scalars.ts';

/**
 * Checks one record completely: 0, or a fault as `code | word << 8` (see `recordFault`). What passes here
 * decodes without loss, and is the only encoding of its event (CONTRACTS-5). Never throws, whatever the bytes.
 */
export function checkRecord(b: RecordBuffer, i: number, wordsLeft: number, epoch: Epoch): number {
  const header = checkHeader(b, i, wordsLeft) || checkTime(b, i, epoch);
  return header === 0 ? checkBody(b, i, epoch) : header;
}

/**
 * Checks the time of a record against the epoch. A reader that knows times not to fall needs this only where
 * the time's high half changes.
 */
export function checkTime(b: RecordBuffer, i: number, epoch: Epoch): number {
  return isFarT(b, i + 2, epoch) ? faultAt(isAllOnes(b, i + 2) ? MISSING : TIME_BEYOND_EPOCH, 1) : 0;
}

/** Decodes a checked record into an event with the given seq: the one that was encoded (CONTRACTS-4). */
export function decodeEvent(b: RecordBuffer, i: number, epoch: Epoch, seq: number): Event {
  return (
    decodeKnown(b, i, epoch, seq) ?? {
      kind: Kind.Unknown,
      seq,
      timeNs: getT(b, i + 2, epoch),
      flags: b.u32[i] >>> 24,
      instrument: b.u32[i + 1] & 0xffff,
      source: b.u32[i + 1] >>> 16,
      code: (b.u32[i] >>> 16) & 0xff,
      body: getExtension(b, i, 2),
    }
  );
}

/**
 * Encodes an event behind what `out` holds and counts its words. Its seq is not written: a record's seq is its
 * place. Returns 0, or the fault of the record, in which case nothing was added and `out.fault` may name the
 * field: what the checker refuses is not written either (CONTRACTS-6).
 */
export function encodeEvent(out: RecordOut, event: Event): number {
  out.fault = undefined;
  const words = encodeWords(out, event);
  const i = out.words * 2;
  if (out.fault !== undefined || words === 0) return faultAt(OUT_OF_RANGE, 0);
  const fault = checkRecord(out, i, words, out.epoch);
  if (fault === 0) out.words += words;
  return fault;
}
