/** What a frame's header may say at its place, and what `verify` recomputes of frames and index. */
import { recordWords } from '@truetape/contracts';
import type { RecordBuffer } from '@truetape/contracts';
import type { TapeErrorCode } from './errors.ts';
import {
  FRAME_CARRY,
  FRAME_DATA,
  FRAME_INDEX,
  FRAME_MARK,
  FRAME_SEAL,
  PAYLOAD_BYTES_MAX,
  clearSummary,
  createSummary,
  equalSummaries,
  hasKind,
} from './frame.ts';
import type { FrameHeader, FrameSummary } from './frame.ts';
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
  frame: FrameHeader & { readonly codec: number; readonly flags: number },
  at: { readonly nextSeq: number; readonly count: number },
  stage: { readonly footer: boolean; readonly inIndex: boolean },
): FrameFault | undefined {
  if (stage.footer)
    return { code: 'trailingBytes', expected: 'the end behind the seal', found: 'another frame' };
  if (frame.codec !== 0 || frame.flags > 1)
    return wrong('codec 0 and known flags', `${frame.codec}, ${frame.flags}`);
  if (frame.payloadBytes > PAYLOAD_BYTES_MAX || frame.payloadBytes % 8 !== 0) {
    return wrong('a payload of whole words, at most 16 MiB', `${frame.payloadBytes} bytes`);
  }
  if (frame.firstSeq !== at.nextSeq) return wrong(`first seq ${at.nextSeq}`, `${frame.firstSeq}`);
  const isData = frame.type === FRAME_DATA;
  if (isData ? frame.nextSeq < frame.firstSeq : frame.nextSeq !== frame.firstSeq) {
    return wrong(`next seq ${frame.firstSeq}${isData ? ' or more' : ''}`, `${frame.nextSeq}`);
  }
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
      for (let i = from; i < to; i += recordWords(b, i) * 2) {
        const kind = (b.u32[i] >>> 16) & 0xff;
        const names = b.u32[i + 1];
        summary.kinds[kind >>> 5] |= 1 << (kind & 31);
        summary.instruments[(names >>> 5) & 1] |= 1 << (names & 31);
        summary.sources[(names >>> 21) & 1] |= 1 << ((names >>> 16) & 31);
      }
    },
    endFrame: (stored) => {
      const same = equalSummaries(summary, stored);
      clearSummary(summary);
      return same;
    },
  };
}

const DEFINE = 1;

/** Takes note of a frame as the writer of an index would. */
export function noteFrame(check: IndexCheck, frame: FrameHeader, offsetBytes: number): void {
  if (frame.type !== FRAME_DATA) return;
  const last = check.entries.at(-1);
  if (last === undefined || offsetBytes - last.offsetBytes >= INDEX_STRIDE_BYTES) {
    check.entries.push({ firstTime: frame.firstTime, firstSeq: frame.firstSeq, offsetBytes });
  }
  if (hasKind(frame.summary, DEFINE)) check.defineFrames.push(offsetBytes);
}

/** True when a stored index is the one that was recomputed; pages are compared when there are any to compare with. */
export function sameIndex(check: IndexCheck, index: TapeIndex, pages: readonly Page[] | undefined): boolean {
  const sameEntry = (a: IndexEntry, b: IndexEntry): boolean =>
    a.offsetBytes === b.offsetBytes &&
    a.firstSeq === b.firstSeq &&
    a.firstTime.hi === b.firstTime.hi &&
    a.firstTime.lo === b.firstTime.lo;
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
