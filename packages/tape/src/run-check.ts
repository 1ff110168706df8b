/** Checks the records of one frame, in order, and finds where a Define cuts the run. */
import {
  Kind,
  N_MAX,
  checkBody,
  checkRecord,
  getN,
  getT,
  isDraft,
  kindName,
  recordFault,
} from '@truetape/contracts';
import type { Epoch, RecordBuffer } from '@truetape/contracts';
import { TRADED, countEvent, noteTraded } from './census.ts';
import type { Census } from './census.ts';
import { tapeError } from './errors.ts';
import type { Place, TapeError, TapeErrorCode } from './errors.ts';
import type { HashChain } from './hash-chain.ts';

/** Where the check of a tape's records stands. */
export interface RunCheck {
  readonly epoch: Epoch;
  readonly draft: boolean;
  /** Seq of the next event. */
  nextSeq: number;
  count: number;
  /** Time of the last record; −1 in the high half before the first. */
  lastHi: number;
  lastLo: number;
  /** The last time was held against the epoch, so that another with the same high half need not be. */
  timeIsNear: boolean;
  /** The last record was a Skip: another may not follow, and its time is that of the next record. */
  afterSkip: boolean;
  records: number;
  fault: TapeError | undefined;
  readonly chain: HashChain | undefined;
  /** Counts what is checked. Then the fields of kinds that no summary reads are left to the frame's checksum. */
  census: Census | undefined;
}

export function createRunCheck(config: {
  readonly epoch: Epoch;
  readonly draft: boolean;
  readonly firstSeq: number;
  readonly chain: HashChain | undefined;
  readonly census?: Census | undefined;
}): RunCheck {
  return {
    epoch: config.epoch,
    draft: config.draft,
    nextSeq: config.firstSeq,
    count: 0,
    lastHi: -1,
    lastLo: 0,
    timeIsNear: false,
    afterSkip: false,
    records: 0,
    fault: undefined,
    chain: config.chain,
    census: config.census,
  };
}

function fail(check: RunCheck, code: TapeErrorCode, place: Place, expected: string, found: string): number {
  check.fault = tapeError(code, { ...place, seq: check.nextSeq }, expected, found);
  return -1;
}

function failRecord(
  check: RunCheck,
  b: RecordBuffer,
  i: number,
  at: { fault: number; place: Place },
): number {
  const { code, field, kind, word } = recordFault(b, i, at.fault);
  const name = field === '' ? `word ${word}` : field;
  return fail(check, 'badRecord', at.place, 'a canonical record', `${kindName(kind)}: ${code} in ${name}`);
}

/** Counts in a record that follows the rules between neighbours (time, Skip, drafts); false with `check.fault`. */
export function admitRecord(check: RunCheck, b: RecordBuffer, i: number, place: Place): boolean {
  if (!followsRules(check, b, i, place)) return false;
  if (((b.u32[i] >>> 16) & 0xff) === Kind.Skip) check.nextSeq += getN(b, i + 4);
  else {
    check.nextSeq += 1;
    check.count += 1;
  }
  check.records += 1;
  return true;
}

/** Rules between neighbours: time, Skip, drafts. True when they hold. */
function followsRules(check: RunCheck, b: RecordBuffer, i: number, place: Place): boolean {
  const lo = b.u32[i + 2];
  const hi = b.u32[i + 3];
  if (hi < check.lastHi || (hi === check.lastHi && lo < check.lastLo)) {
    fail(check, 'timeBackwards', place, 'a time not before the last', String(getT(b, i + 2, check.epoch)));
    return false;
  }
  const kind = (b.u32[i] >>> 16) & 0xff;
  const isSkip = kind === Kind.Skip;
  if (check.afterSkip && (isSkip || hi !== check.lastHi || lo !== check.lastLo)) {
    fail(check, 'badSkip', place, 'a record with the time of the Skip before it', kindName(kind));
    return false;
  }
  // The seq of what follows has to be a number, and so has the one behind it.
  if (isSkip && check.nextSeq + getN(b, i + 4) >= N_MAX) {
    fail(check, 'badSkip', place, `a seq below ${N_MAX}`, `${getN(b, i + 4)} more`);
    return false;
  }
  if (isDraft(kind) && !check.draft) {
    fail(check, 'draftKind', place, 'a header with "draft": true', kindName(kind));
    return false;
  }
  check.lastLo = lo;
  check.lastHi = hi;
  check.timeIsNear = true;
  check.afterSkip = isSkip;
  return true;
}

/** Kinds that are looked at on their own: they change what may follow, or may not be there at all. */
export const SPECIAL: Uint8Array = Uint8Array.from({ length: 256 }, (_, kind) =>
  kind === Kind.Skip || kind === Kind.Define || isDraft(kind) ? 1 : 0,
);

/** Counts in the record at `i` with everything that can be wrong with it; its words, or −1 with `check.fault`. */
function checkOne(check: RunCheck, b: RecordBuffer, i: number, at: { to: number; place: Place }): number {
  const fault = checkRecord(b, i, (at.to - i) >>> 1, check.epoch);
  if (fault !== 0) return failRecord(check, b, i, { fault, place: at.place });
  return admitRecord(check, b, i, at.place) ? b.u32[i] & 0xffff : -1;
}

/**
 * Checks records from half word `from` on, up to `to`, and returns where the run ends: at `to`, before a Define, or
 * behind one that stands first. −1 with `check.fault` when a record is wrong. `place` is that of the frame.
 */
export function checkRun(check: RunCheck, b: RecordBuffer, from: number, to: number, place: Place): number {
  const { u32 } = b;
  const { epoch, census } = check;
  let i = from;
  while (i < to) {
    // The usual records, with what they change in locals: a well-formed header, an ordinary kind, the
    // time's high half as before.
    const { lastHi } = check;
    let { lastLo } = check;
    let plain = 0;
    while (i < to && check.timeIsNear && !check.afterSkip) {
      const head = u32[i];
      const words = head & 0xffff;
      const lo = u32[i + 2];
      if (words < 2 || words * 2 > to - i || (head & 0x80ff0000) <= 0 || (head & 0x30000000) === 0x30000000)
        break;
      if (SPECIAL[(head >>> 16) & 0xff] !== 0 || u32[i + 3] !== lastHi || lo < lastLo) break;
      if (census === undefined) {
        if (checkBody(b, i, epoch) !== 0) break;
      } else {
        const kind = (head >>> 16) & 0xff;
        if (TRADED[kind] !== 0) {
          if (checkBody(b, i, epoch) !== 0) break;
          noteTraded(census, i);
        }
        countEvent(census, kind, u32[i + 1]);
      }
      lastLo = lo;
      plain += 1;
      i += words * 2;
    }
    check.lastLo = lastLo;
    check.nextSeq += plain;
    check.count += plain;
    check.records += plain;
    if (i >= to) break;
    const isDefine = ((u32[i] >>> 16) & 0xff) === Kind.Define;
    if (isDefine && i > from) break;
    const words = checkOne(check, b, i, { to, place });
    if (words < 0) return -1;
    const kind = (u32[i] >>> 16) & 0xff;
    if (census !== undefined && kind !== Kind.Skip) {
      countEvent(census, kind, u32[i + 1]);
      if (TRADED[kind] !== 0) noteTraded(census, i);
    }
    i += words * 2;
    if (isDefine) break;
  }
  return i;
}
