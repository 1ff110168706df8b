/** What a frame's header may say at its place, and what `verify` recomputes of frames and index. */
import type { RecordBuffer } from '@truetape/contracts';
import type { TapeErrorCode } from './errors.ts';
import {
  FRAME_CARRY,
  FRAME_DATA,
  FRAME_INDEX,
  FRAME_MARK,
  FRAME_SEAL,
  NO_TIME,
  PAYLOAD_BYTES_MAX,
  addToSummary,
  clearSummary,
  createSummary,
  equalSummaries,
  hasKind,
} from './frame.ts';
import type { FoundFrame, FrameHeader, FrameSummary, WireTime } from './frame.ts';
import type { Page } from './hash-chain.ts';
import { INDEX_STRIDE_BYTES } from './index-frame.ts';
import type { IndexEntry, TapeIndex } from './index-frame.ts';

export interface FrameFault {
  readonly code: TapeErrorCode;
  readonly expected: string;
  readonly found: string;
}

function wrong(expected: string, found: string): FrameFault {
  return { code: 'badFrame', expected, found };
}

/** Holds a frame header whose checksum is right against the place where it stands. */
export function checkFrame(
  frame: FoundFrame,
  at: { readonly nextSeq: number; readonly count: number },
  stage: { readonly inIndex: boolean; readonly inLog: boolean },
): FrameFault | undefined {
  const { codec, flags, reserved, payloadBytes, firstSeq, nextSeq, durableSeq } = frame;
  if (codec !== 0 || flags > 1 || reserved !== 0)
    return wrong('codec 0, known flags, reserved 0', `${codec}, ${flags}, ${reserved}`);
  if (payloadBytes > PAYLOAD_BYTES_MAX || payloadBytes % 8 !== 0) {
    return wrong('a payload of whole words, at most 16 MiB', `${payloadBytes} bytes`);
  }
  if (firstSeq < 0 || firstSeq !== at.nextSeq) return wrong(`first seq ${at.nextSeq}`, `${firstSeq}`);
  const isData = frame.type === FRAME_DATA;
  if (isData ? nextSeq < firstSeq : nextSeq !== firstSeq) {
    return wrong(`next seq ${firstSeq}${isData ? ' or more' : ''}`, `${nextSeq}`);
  }
  // A frame is witness of what lies before it, never of itself.
  if (durableSeq < 0 || durableSeq > (stage.inLog ? firstSeq : 0))
    return wrong(`durable seq up to ${stage.inLog ? firstSeq : 0}`, `${durableSeq}`);
  return checkType(frame, at.count, stage.inIndex);
}

function checkType(frame: FrameHeader, count: number, inIndex: boolean): FrameFault | undefined {
  const { type, payloadBytes, recordCount } = frame;
  const holdsRecords = type === FRAME_DATA || type === FRAME_CARRY;
  if (holdsRecords !== recordCount > 0 || (holdsRecords && payloadBytes < recordCount * 16)) {
    return wrong('records in data and carry frames alone', `type ${type} with ${recordCount}`);
  }
  if (frame.more && type !== FRAME_DATA && type !== FRAME_INDEX)
    return wrong('MORE on data and index alone', `type ${type}`);
  switch (type) {
    case FRAME_DATA:
      return inIndex ? wrong('the seal behind the index', 'a data frame') : undefined;
    case FRAME_MARK:
      return inIndex || payloadBytes > 0
        ? wrong('an empty mark before the index', `${payloadBytes} bytes`)
        : undefined;
    case FRAME_CARRY:
      return inIndex || count > 0 ? wrong('carried Defines before the first event', 'later ones') : undefined;
    case FRAME_INDEX:
      return undefined;
    case FRAME_SEAL:
      return inIndex ? undefined : wrong('an index before the seal', 'none');
    default:
      return wrong('a known type of frame', String(type));
  }
}

/** What `verify` recomputes while it reads. */
export interface IndexCheck {
  readonly entries: IndexEntry[];
  readonly defineFrames: number[];
  note(b: RecordBuffer, from: number, to: number): void;
  endFrame(stored: FrameSummary): boolean;
}

export function createIndexCheck(): IndexCheck {
  const summary = createSummary();
  return {
    entries: [],
    defineFrames: [],
    note: (b, from, to) => {
      addToSummary(summary, b, from, to);
    },
    endFrame: (stored) => {
      const same = equalSummaries(summary, stored);
      clearSummary(summary);
      return same;
    },
  };
}

const DEFINE = 1;

const EMPTY = createSummary();

/**
 * Takes note of a frame as the writer of an index would. False when a frame without records claims kinds or another
 * time than that of the last record before it.
 */
export function noteFrame(
  check: IndexCheck,
  frame: FrameHeader,
  at: { readonly lastHi: number; readonly lastLo: number },
  offsetBytes: number,
): boolean {
  const { type, firstTime, lastTime, firstSeq, summary } = frame;
  // Carried Defines are listed, too: who seeks needs them.
  if (type === FRAME_CARRY) {
    check.defineFrames.push(offsetBytes);
    return true;
  }
  if (type !== FRAME_DATA) {
    const time = at.lastHi < 0 ? NO_TIME : { hi: at.lastHi, lo: at.lastLo };
    return equalSummaries(summary, EMPTY) && sameTime(firstTime, time) && sameTime(lastTime, time);
  }
  const last = check.entries.at(-1);
  if (last === undefined || offsetBytes - last.offsetBytes >= INDEX_STRIDE_BYTES) {
    check.entries.push({ firstTime, firstSeq, offsetBytes });
  }
  if (hasKind(summary, DEFINE)) check.defineFrames.push(offsetBytes);
  return true;
}

function sameTime(a: WireTime, b: WireTime): boolean {
  return a.hi === b.hi && a.lo === b.lo;
}

/** True when a stored index is the one that was recomputed; pages are compared when there are any to compare with. */
export function sameIndex(check: IndexCheck, index: TapeIndex, pages: readonly Page[] | undefined): boolean {
  const sameEntry = (a: IndexEntry, b: IndexEntry): boolean =>
    a.offsetBytes === b.offsetBytes && a.firstSeq === b.firstSeq && sameTime(a.firstTime, b.firstTime);
  const samePage = (a: Page, b: Page): boolean =>
    a.firstSeq === b.firstSeq && a.hash.every((byte, k) => byte === b.hash[k]);
  return (
    check.entries.length === index.entries.length &&
    check.entries.every((entry, k) => sameEntry(entry, index.entries[k])) &&
    check.defineFrames.length === index.defineFrames.length &&
    check.defineFrames.every((offset, k) => offset === index.defineFrames[k]) &&
    (pages === undefined ||
      (pages.length === index.pages.length && pages.every((page, k) => samePage(page, index.pages[k]))))
  );
}
