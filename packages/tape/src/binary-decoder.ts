/** The decoder of binary tapes: file header, frames, index, seal; bytes in, checked records out. */
import { Kind, applyDefine, decodeEvent, recordKind } from '@truetape/contracts';
import { assert } from '@truetape/kernel';
import { continueSearch, endInPassing, endOfInput, startSearch, takeSeal } from './binary-end.ts';
import { NEED, createBinaryState, fault, finish, stageOf, startEvents } from './binary-state.ts';
import type { BinaryState, Resume } from './binary-state.ts';
import { walkChain } from './chain-walk.ts';
import { tapeError } from './errors.ts';
import {
  FRAME_CARRY,
  FRAME_DATA,
  FRAME_HEADER_BYTES,
  FRAME_INDEX,
  FRAME_SEAL,
  decodeFrameHeader,
  hasKind,
  isFrameHeader,
} from './frame.ts';
import type { FoundFrame, FrameHeader } from './frame.ts';
import { checkFrame, noteFrame } from './frame-check.ts';
import { decodeFileHeader, firstSeqOf } from './header.ts';
import { addRunToChain } from './hash-chain.ts';
import { checkRun } from './run-check.ts';
import type { DecoderOptions, Step, TapeDecoder } from './step.ts';
import { addFilled, append, available, discardBytes, release, roomIn, skipInput } from './window.ts';

function readFileHeader(state: BinaryState): Step | undefined {
  const { window, options } = state;
  const bytes = window.u8.subarray(window.start, window.end);
  const read = decodeFileHeader(bytes, options.ports);
  if ('need' in read) {
    if (!window.finished) return NEED;
    return fault(state, 'badHeader', `${read.need} bytes of header`, `${bytes.length} bytes`);
  }
  if (!read.ok) return finish(state, { type: 'error', error: read.error });
  startEvents(state, read.value, firstSeqOf(read.value.header));
  state.prevCrc = read.value.crc;
  state.appendCrc = read.value.crc;
  release(window, read.value.bytes);
  return undefined;
}

/** Reads the frame at the start of the window; a step when something is to be said, undefined to go on. */
function readFrame(state: BinaryState): Step | undefined {
  const { window, options } = state;
  const size = available(window);
  if (size === 0 && window.finished) return endOfInput(state);
  if (size > 0 && state.footer !== undefined)
    return fault(state, 'trailingBytes', 'the end behind the seal', 'more bytes');
  if (size < FRAME_HEADER_BYTES) return window.finished ? startSearch(state, 'frame that is cut off') : NEED;
  if (!isFrameHeader(window.u8, window.start, options.ports)) return startSearch(state, 'frame header');
  const frame = decodeFrameHeader(window.u8, window.start);
  if (state.prevCrc !== undefined && frame.prevCrc !== state.prevCrc)
    return startSearch(state, 'chain of frames');
  const wrong = checkFrame(frame, state.check, stageOf(state));
  if (wrong !== undefined) return fault(state, wrong.code, wrong.expected, wrong.found);
  if (frame.type === FRAME_DATA && isUnwanted(state, frame)) return skipFrame(state, frame);
  if (window.offset >= state.chainOffset) {
    const walked = walkChain(state, frame);
    if (walked !== 'whole') return walked;
  }
  return takeFrame(state, frame);
}

function isUnwanted(state: BinaryState, frame: FrameHeader): boolean {
  const { wanted } = state.options;
  return wanted !== undefined && !frame.more && !hasKind(frame.summary, Kind.Define) && !wanted(frame);
}

/** Passes over a frame by what its header says; its payload is not read, so that damage there goes unnoticed. */
function skipFrame(state: BinaryState, frame: FrameHeader): Step | undefined {
  const { check, window } = state;
  state.passing = { frame, offsetBytes: window.offset };
  check.nextSeq = frame.nextSeq;
  check.lastHi = frame.lastTime.hi;
  check.lastLo = frame.lastTime.lo;
  check.timeIsNear = false;
  state.prevCrc = frame.headerCrc;
  state.appendCrc = frame.headerCrc;
  state.skipped = true;
  discardBytes(window, FRAME_HEADER_BYTES + frame.payloadBytes);
  return undefined;
}

/** Takes in a frame that is wholly in hand and whose checksums are right. */
function takeFrame(state: BinaryState, frame: FoundFrame): Step | undefined {
  const { window, indexCheck } = state;
  const start = window.start + FRAME_HEADER_BYTES;
  if (indexCheck !== undefined && !noteFrame(indexCheck, frame, state.check, window.offset))
    return fault(state, 'badFrame', 'the time of the last record and no kinds', 'others');
  if (frame.type === FRAME_DATA || frame.type === FRAME_CARRY) {
    state.frame = frame;
    state.from = FRAME_HEADER_BYTES >>> 2;
    state.to = (FRAME_HEADER_BYTES + frame.payloadBytes) >>> 2;
    state.check.records = 0;
    return undefined;
  }
  const payload = window.u8.subarray(start, start + frame.payloadBytes);
  if (frame.type === FRAME_INDEX) {
    if (state.indexParts.length === 0) state.indexOffset = window.offset;
    state.indexParts.push(payload.slice());
  } else if (frame.type === FRAME_SEAL) {
    const wrong = takeSeal(state, payload);
    if (wrong !== undefined) return wrong;
  }
  closeFrame(state, frame);
  return undefined;
}

function closeFrame(state: BinaryState, frame: FrameHeader): void {
  state.frame = undefined;
  state.prevCrc = frame.headerCrc;
  if (frame.type !== FRAME_INDEX) state.appendCrc = frame.headerCrc;
  release(state.window, FRAME_HEADER_BYTES + frame.payloadBytes);
}

/** Hands out the next run of the frame under way; undefined when the frame is used up. */
function nextRun(state: BinaryState, frame: FrameHeader): Step | undefined {
  const { window, check } = state;
  const { records } = window;
  const place = { offsetBytes: window.offset, seq: check.nextSeq };
  if (state.from === state.to) {
    const wrong = endOfFrame(state, frame);
    if (wrong !== undefined) return wrong;
    closeFrame(state, frame);
    return undefined;
  }
  const firstSeq = check.nextSeq;
  const before = check.records;
  const base = window.start >>> 2;
  const from = base + state.from;
  const { census } = state.options;
  if (census !== undefined) census.tradedSize = 0;
  // What is carried over from an earlier segment is no event of this tape.
  check.census = frame.type === FRAME_CARRY ? undefined : census;
  const to = checkRun(check, records, from, base + state.to, place);
  if (to < 0) return finish(state, { type: 'error', error: check.fault! });
  if (recordKind(records, from) === Kind.Define) state.define = state.from;
  state.from = to - base;
  if (state.indexCheck !== undefined) state.indexCheck.note(records, from, to);
  if (frame.type === FRAME_CARRY) {
    if (state.define < 0) return fault(state, 'badFrame', 'only Defines in a carry frame', 'another kind');
    check.nextSeq = firstSeq;
    check.count -= 1;
    return undefined;
  }
  if (check.chain !== undefined) addRunToChain(check.chain, records, from, to, firstSeq);
  if (census !== undefined) {
    census.lastHi = check.lastHi;
    census.lastLo = check.lastLo;
  }
  const recordCount = check.records - before;
  const batch = { records, from, to, firstSeq, nextSeq: check.nextSeq, recordCount, counted: census };
  return { type: 'batch', batch };
}

/** What the frame's header said of its records against what was found. */
function endOfFrame(state: BinaryState, frame: FrameHeader): Step | undefined {
  const { check } = state;
  const { records } = state.window;
  if (check.afterSkip) return fault(state, 'badSkip', 'a record behind a Skip', 'the end of the frame');
  if (frame.recordCount !== check.records || frame.nextSeq !== check.nextSeq) {
    const expected = `${frame.recordCount} records up to seq ${frame.nextSeq}`;
    return fault(state, 'badFrame', expected, `${check.records} up to ${check.nextSeq}`);
  }
  const first = (state.window.start + FRAME_HEADER_BYTES) >>> 2;
  const times =
    frame.firstTime.hi === records.u32[first + 3] &&
    frame.firstTime.lo === records.u32[first + 2] &&
    frame.lastTime.hi === check.lastHi &&
    frame.lastTime.lo === check.lastLo;
  if (!times) return fault(state, 'badFrame', 'the times of the first and last record', 'others');
  const kinds = state.indexCheck?.endFrame(frame.summary) ?? true;
  return kinds
    ? undefined
    : fault(state, 'badFrame', 'the kinds, instruments and sources of its records', 'others');
}

/** Puts the Define that was handed out last in force. */
function enforceDefine(state: BinaryState): Step | undefined {
  const { check, window } = state;
  const i = (window.start >>> 2) + state.define;
  state.define = -1;
  const event = decodeEvent(window.records, i, state.epoch, check.nextSeq);
  assert(event.kind === Kind.Define, 'TAPE-1');
  const defined = applyDefine(state.tables, event);
  if (defined.ok) return undefined;
  const { code, table, index, field } = defined.error;
  const found = `${code}: ${table} ${index} ${field}`.trimEnd();
  // It was handed out already; one of an earlier segment has no seq here.
  const seq = check.nextSeq - (state.frame?.type === FRAME_CARRY ? 0 : 1);
  const place = { offsetBytes: window.offset, seq };
  const expected = 'the next index of its table, with its fields';
  return finish(state, { type: 'error', error: tapeError('badDefine', place, expected, found) });
}

function advance(state: BinaryState): Step | undefined {
  const { window, passing } = state;
  if (passing !== undefined) {
    if (window.discard > 0) {
      // The frame's last byte is always read: that alone shows that all of it is there.
      return window.finished ? endInPassing(state, passing) : { type: 'need', skippable: window.discard - 1 };
    }
    state.passing = undefined;
  }
  if (state.file === undefined) return readFileHeader(state);
  if (state.search !== undefined) return continueSearch(state, state.search);
  return state.frame === undefined ? readFrame(state) : nextRun(state, state.frame);
}

function step(state: BinaryState): Step {
  for (;;) {
    if (state.done !== undefined) return state.done;
    const next = (state.define >= 0 ? enforceDefine(state) : undefined) ?? advance(state);
    if (next !== undefined) return next;
  }
}

/** Starts decoding a binary tape, at its beginning or, with `resume`, at one of its frames. */
export function createBinaryDecoder(options: DecoderOptions, resume?: Resume): TapeDecoder {
  const state = createBinaryState(options, resume);
  const { window } = state;
  return {
    encoding: 'binary',
    get header() {
      return state.file?.header;
    },
    get headerJson() {
      return state.file?.json ?? '';
    },
    get epoch() {
      return state.epoch;
    },
    tables: state.tables,
    push: (bytes) => {
      append(window, bytes);
    },
    room: () => roomIn(window),
    filled: (bytes) => {
      addFilled(window, bytes);
    },
    skip: (bytes) => {
      skipInput(window, bytes);
    },
    finish: () => {
      window.finished = true;
    },
    next: () => step(state),
  };
}
