import { BAD_LENGTH, INCONSISTENT, MISSING, OUT_OF_RANGE, TIME_BEYOND_EPOCH } from './check.ts';
import { checkHeader, faultAt, isAllOnes, isFarT, isNone } from './check.ts';
import { getExtension } from './extension.ts';
import { checkBody, decodeKnown, encodeWords } from './generated/codec.ts';
import { Kind } from './generated/events.ts';
import type { Event } from './generated/events.ts';
import { getN, getT } from './record.ts';
import type { RecordBuffer, RecordOut } from './record.ts';
import type { Epoch } from './scalars.ts';

/** Rules of single kinds that no declaration of fields can express. */
function checkRules(b: RecordBuffer, i: number, kind: number): number {
  if (kind === Kind.Fill) {
    const words = b.u32[i] & 0xffff;
    const fine = words > 12 && !isNone(b, i + 24);
    return fine === isNone(b, i + 8) ? 0 : faultAt(INCONSISTENT, 4);
  }
  if (kind === Kind.Skip) {
    if ((b.u32[i] & 0xffff) !== 3) return faultAt(BAD_LENGTH, 3);
    if (b.u32[i] >>> 24 !== 0 || b.u32[i + 1] !== 0) return faultAt(INCONSISTENT, 0);
    return getN(b, i + 4) >= 1 ? 0 : faultAt(INCONSISTENT, 2);
  }
  if (kind === Kind.Define) {
    // Table and index are what everything else refers to: neither may be "unspecified".
    return (b.u32[i + 4] & 0xff) === 0 || b.u32[i + 5] === 0 ? faultAt(INCONSISTENT, 2) : 0;
  }
  return 0;
}

/**
 * Checks one record completely: 0, or a fault as `code | word << 8` (see `recordFault`). What passes here
 * decodes without loss, and is the only encoding of its event.
 */
export function checkRecord(b: RecordBuffer, i: number, wordsLeft: number, epoch: Epoch): number {
  const header = checkHeader(b, i, wordsLeft);
  if (header !== 0) return header;
  if (isFarT(b, i + 2, epoch)) return faultAt(isAllOnes(b, i + 2) ? MISSING : TIME_BEYOND_EPOCH, 1);
  const body = checkBody(b, i, epoch);
  return body !== 0 ? body : checkRules(b, i, (b.u32[i] >>> 16) & 0xff);
}

/** Decodes a checked record into an event with the given seq. */
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
 * place. Returns 0, or the fault of the record, in which case nothing was added and `out.fault` may name the field.
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
