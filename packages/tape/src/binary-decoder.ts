/** The decoder of binary tapes: file header, frames, index, seal; bytes in, checked records out. */
import {
  Kind,
  UNIX_EPOCH,
  applyDefine,
  canonicalText,
  createTables,
  decodeEvent,
  recordKind,
  recordWords,
} from '@truetape/contracts';
import type { DefineTables, Epoch, JsonObject } from '@truetape/contracts';
import { assert, toHex } from '@truetape/kernel';
import { tapeError } from './errors.ts';
import type { TapeErrorCode } from './errors.ts';
import {
  FRAME_CARRY,
  FRAME_DATA,
  FRAME_HEADER_BYTES,
  FRAME_INDEX,
  FRAME_SEAL,
  PAYLOAD_BYTES_MAX,
  decodeFrameHeader,
  hasKind,
  isFrameHeader,
} from './frame.ts';
import type { FrameHeader } from './frame.ts';
import { checkFrame, createIndexCheck, noteFrame, sameIndex } from './frame-check.ts';
import type { IndexCheck } from './frame-check.ts';
import { createChain, endChain, genesisHash, sealHash } from './hash-chain.ts';
import { decodeFileHeader, epochOf, firstSeqOf } from './header.ts';
import type { FileHeader } from './header.ts';
import { decodeIndex, decodeSeal } from './index-frame.ts';
import type { Footer, TapeIndex } from './index-frame.ts';
import { checkRun, createRunCheck, hashRun } from './run-check.ts';
import type { RunCheck } from './run-check.ts';
import type { DecoderOptions, EndOfTape, Step, TapeDecoder, TornTail } from './step.ts';
import { searchTail } from './tail.ts';
import type { TailSearch } from './tail.ts';
import { append, available, createWindow, discardBytes, release, skipInput } from './window.ts';
import type { Window } from './window.ts';

/** Frames of one MORE chain that a decoder is willing to hold: a chain counts as a whole or not at all. */
export const CHAIN_BYTES_MAX: number = 4 * PAYLOAD_BYTES_MAX;

/** Where decoding starts when it does not start at the beginning of the file. */
export interface Resume {
  readonly file: FileHeader;
  readonly tables: DefineTables;
  readonly offsetBytes: number;
  readonly nextSeq: number;
}

interface State {
  readonly options: DecoderOptions;
  readonly window: Window;
  readonly tables: DefineTables;
  file: FileHeader | undefined;
  epoch: Epoch;
  check: RunCheck;
  indexCheck: IndexCheck | undefined;
  /** CRC that the next frame must repeat; undefined after a jump. */
  prevCrc: number | undefined;
  /** Up to this offset the frames of the current MORE chain are known to be whole. */
  chainOffset: number;
  /** Records of the current frame that are still to be handed out, in half words. */
  from: number;
  to: number;
  frame: FrameHeader | undefined;
  /** A Define that was handed out and is in force from the next call on. */
  define: number;
  skipped: boolean;
  search: TailSearch | undefined;
  indexParts: Uint8Array[];
  indexOffset: number;
  index: TapeIndex | undefined;
  footer: Footer | undefined;
  done: Step | undefined;
}

const NEED: Step = { type: 'need', skippable: 0 };

function fault(state: State, code: TapeErrorCode, expected: string, found: string): Step {
  return finish(state, {
    type: 'error',
    error: tapeError(code, { offsetBytes: state.window.offset, seq: state.check.nextSeq }, expected, found),
  });
}

function finish(state: State, step: Step): Step {
  state.done = step;
  return step;
}

function startRun(state: State, file: FileHeader, nextSeq: number): void {
  const { options } = state;
  state.file = file;
  state.epoch = options.epoch ?? epochOf(file.header);
  const chain =
    options.hash === true && options.wanted === undefined ? createChain(options.ports) : undefined;
  state.check = createRunCheck({
    epoch: state.epoch,
    draft: file.header.draft === true,
    firstSeq: nextSeq,
    chain,
  });
}

function readFileHeader(state: State): Step | undefined {
  const { window, options } = state;
  const bytes = window.u8.subarray(window.start, window.end);
  const read = decodeFileHeader(bytes, options.ports);
  if ('need' in read) {
    if (!window.finished) return NEED;
    return fault(state, 'badHeader', `${read.need} bytes of header`, `${bytes.length} bytes`);
  }
  if (!read.ok) return finish(state, { type: 'error', error: read.error });
  startRun(state, read.value, firstSeqOf(read.value.header));
  if (options.verify === true) state.indexCheck = createIndexCheck();
  state.prevCrc = read.value.crc;
  release(window, read.value.bytes);
  return undefined;
}

/** Why the frame at the start of the window is bad, as far as its header tells; empty when it is not. */
function headerFault(state: State, at: number): string {
  const { window, options } = state;
  if (!isFrameHeader(window.u8, at, options.ports)) return 'frame header';
  const frame = decodeFrameHeader(window.u8, at);
  return state.prevCrc !== undefined && frame.prevCrc !== state.prevCrc ? 'chain of frames' : '';
}

function startSearch(state: State, reason: string): undefined {
  const { window, check } = state;
  const at = window.start;
  const whole = available(window) >= FRAME_HEADER_BYTES && isFrameHeader(window.u8, at, state.options.ports);
  const frame = whole ? decodeFrameHeader(window.u8, at) : undefined;
  state.search = {
    // An index without its seal goes with it: what can be appended to ends before both.
    offsetBytes: state.indexParts.length > 0 ? state.indexOffset : window.offset,
    firstSeq: check.nextSeq,
    reason,
    inLog: state.file?.header.log !== undefined,
    nextSeq: frame !== undefined && frame.nextSeq >= check.nextSeq ? frame.nextSeq : undefined,
    zero: state.indexParts.length === 0,
    own: true,
  };
  return undefined;
}

function continueSearch(state: State, search: TailSearch): Step {
  const { window, check } = state;
  const verdict = searchTail(search, window, state.options.ports);
  if (verdict === undefined) return NEED;
  if (verdict.corrupt) {
    const place = { offsetBytes: search.offsetBytes, seq: search.firstSeq };
    const found = `a bad ${search.reason}, although offset ${verdict.witnessOffset} proves that it was whole`;
    return finish(state, { type: 'error', error: tapeError('corrupt', place, 'an intact frame', found) });
  }
  const { offsetBytes, firstSeq, nextSeq, reason } = search;
  const torn: TornTail | undefined = search.zero
    ? undefined
    : { offsetBytes, bytes: window.offset - offsetBytes, firstSeq, nextSeq, reason };
  assert(check.nextSeq === firstSeq, 'TAPE-4', 'nothing of a torn frame has been handed out');
  return endUnsealed(state, torn, offsetBytes);
}

function endUnsealed(state: State, torn: TornTail | undefined, offsetBytes: number): Step {
  const { check } = state;
  if (check.afterSkip) return fault(state, 'badSkip', 'a record behind a Skip', 'the end');
  const end: EndOfTape = {
    sealed: false,
    count: state.skipped ? undefined : check.count,
    hash: check.chain === undefined ? undefined : endChain(check.chain),
    footer: undefined,
    index: undefined,
    torn,
    nextSeq: check.nextSeq,
    offsetBytes,
  };
  return finish(state, { type: 'end', end });
}

/** Walks a MORE chain that starts at the window and makes sure that all of it is here and whole. */
function checkChain(state: State): Step | 'whole' | undefined {
  const { window, options } = state;
  let prevCrc = state.prevCrc;
  for (let at = window.start; ;) {
    if (at - window.start > CHAIN_BYTES_MAX)
      return fault(state, 'chainTooLong', `${CHAIN_BYTES_MAX} bytes`, 'more');
    if (window.end - at < FRAME_HEADER_BYTES)
      return window.finished ? startSearch(state, 'frame that is cut off') : NEED;
    if (!isFrameHeader(window.u8, at, options.ports)) return startSearch(state, 'frame header');
    const frame = decodeFrameHeader(window.u8, at);
    if (prevCrc !== undefined && frame.prevCrc !== prevCrc) return startSearch(state, 'chain of frames');
    if (frame.payloadBytes > PAYLOAD_BYTES_MAX || frame.payloadBytes % 8 !== 0) {
      return fault(
        state,
        'badFrame',
        'a payload of whole words, at most 16 MiB',
        `${frame.payloadBytes} bytes`,
      );
    }
    const end = at + FRAME_HEADER_BYTES + frame.payloadBytes;
    if (window.end < end) return window.finished ? startSearch(state, 'frame that is cut off') : NEED;
    const payload = window.u8.subarray(at + FRAME_HEADER_BYTES, end);
    if (options.ports.crc32(payload) !== frame.payloadCrc) return startSearch(state, 'payload');
    prevCrc = frame.headerCrc;
    at = end;
    if (!frame.more) {
      state.chainOffset = window.offset + at - window.start;
      return 'whole';
    }
  }
}

/** Reads the frame at the start of the window; a step when something is to be said, undefined to go on. */
function readFrame(state: State): Step | undefined {
  const { window } = state;
  const size = available(window);
  if (size === 0 && window.finished) return endOfInput(state);
  if (size < FRAME_HEADER_BYTES) return window.finished ? startSearch(state, 'frame that is cut off') : NEED;
  const bad = headerFault(state, window.start);
  if (bad !== '') return startSearch(state, bad);
  const frame = decodeFrameHeader(window.u8, window.start);
  const wrong = checkFrame(frame, state.check, {
    footer: state.footer !== undefined,
    inIndex: state.indexParts.length > 0,
  });
  if (wrong !== undefined) return fault(state, wrong.code, wrong.expected, wrong.found);
  if (frame.type === FRAME_DATA && isUnwanted(state, frame)) return skipFrame(state, frame);
  if (window.offset >= state.chainOffset) {
    const chain = checkChain(state);
    if (chain !== 'whole') return chain;
  }
  return takeFrame(state, frame);
}

function endOfInput(state: State): Step {
  if (state.footer === undefined) {
    if (state.indexParts.length > 0) {
      const { offset } = state.window;
      const reason = 'seal that is missing';
      const firstSeq = state.check.nextSeq;
      const torn = {
        offsetBytes: state.indexOffset,
        bytes: offset - state.indexOffset,
        firstSeq,
        nextSeq: firstSeq,
        reason,
      };
      return endUnsealed(state, torn, state.indexOffset);
    }
    return endUnsealed(state, undefined, state.window.offset);
  }
  return endSealed(state, state.footer);
}

function isUnwanted(state: State, frame: FrameHeader): boolean {
  const { wanted } = state.options;
  return wanted !== undefined && !frame.more && !hasKind(frame.summary, Kind.Define) && !wanted(frame);
}

function skipFrame(state: State, frame: FrameHeader): Step | undefined {
  const { check, window } = state;
  check.nextSeq = frame.nextSeq;
  check.lastHi = frame.lastTime.hi;
  check.lastLo = frame.lastTime.lo;
  state.prevCrc = frame.headerCrc;
  state.skipped = true;
  discardBytes(window, FRAME_HEADER_BYTES + frame.payloadBytes);
  return undefined;
}

/** Takes in a frame that is wholly in hand and whose checksums are right. */
function takeFrame(state: State, frame: FrameHeader): Step | undefined {
  const { window } = state;
  const start = window.start + FRAME_HEADER_BYTES;
  const payload = window.u8.subarray(start, start + frame.payloadBytes);
  if (state.indexCheck !== undefined) noteFrame(state.indexCheck, frame, window.offset);
  if (frame.type === FRAME_INDEX) {
    if (state.indexParts.length === 0) state.indexOffset = window.offset;
    state.indexParts.push(payload.slice());
  } else if (frame.type === FRAME_SEAL) {
    const wrong = takeSeal(state, payload);
    if (wrong !== undefined) return wrong;
  } else if (frame.type === FRAME_DATA || frame.type === FRAME_CARRY) {
    state.frame = frame;
    state.from = start >>> 2;
    state.to = (start + frame.payloadBytes) >>> 2;
    state.check.records = 0;
    return undefined;
  }
  closeFrame(state, frame);
  return undefined;
}

function closeFrame(state: State, frame: FrameHeader): void {
  state.frame = undefined;
  state.prevCrc = frame.headerCrc;
  release(state.window, FRAME_HEADER_BYTES + frame.payloadBytes);
}

function takeSeal(state: State, payload: Uint8Array): Step | undefined {
  const { options, window } = state;
  const size = state.indexParts.reduce((sum, part) => sum + part.length, 0);
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of state.indexParts) {
    whole.set(part, at);
    at += part.length;
  }
  state.index = decodeIndex(whole);
  if (state.index === undefined) return fault(state, 'badIndex', 'an index', 'other bytes');
  const seal = decodeSeal(payload, options.ports);
  if (seal === undefined)
    return fault(state, 'badSeal', 'canonical footer JSON and a trailer', 'other bytes');
  const { indexOffset, sealOffset, count } = seal.trailer;
  if (indexOffset !== state.indexOffset || sealOffset !== window.offset || count !== seal.footer.count) {
    return fault(state, 'badSeal', 'a trailer with the offsets and the count of this tape', 'other values');
  }
  state.footer = seal.footer;
  return undefined;
}

/** Everything has been read: what the seal says against what was found. */
function endSealed(state: State, footer: Footer): Step {
  const { check, options, file } = state;
  if (check.afterSkip) return fault(state, 'badSkip', 'a record behind a Skip', 'the end');
  if (!state.skipped && footer.count !== check.count) {
    return fault(state, 'countMismatch', `${footer.count} events`, `${check.count}`);
  }
  if (check.chain !== undefined) {
    const hash = endChain(check.chain);
    if (hash !== footer.hash) return fault(state, 'hashMismatch', footer.hash, hash);
  }
  const { seal, ...open } = footer;
  const bytes = Uint8Array.from({ length: 32 }, (_, k) =>
    Number.parseInt(footer.hash.slice(k * 2, k * 2 + 2), 16),
  );
  const footerJson = canonicalText(open as JsonObject);
  const computed = sealHash(options.ports, {
    headerJson: file!.json,
    hash: bytes,
    count: footer.count,
    footerJson,
  });
  if (computed !== seal) return fault(state, 'sealMismatch', seal, computed);
  const pages = state.index?.pages ?? [];
  const last = pages.length === 0 ? toHex(genesisHash(options.ports)) : toHex(pages[pages.length - 1].hash);
  if (last !== footer.hash) return fault(state, 'badIndex', `a last page ${footer.hash}`, last);
  if (state.indexCheck !== undefined && !sameIndex(state.indexCheck, state.index!, check.chain?.pages)) {
    return fault(state, 'badIndex', 'the entries, Define frames and pages of this tape', 'others');
  }
  const { hash, count } = footer;
  return finish(state, {
    type: 'end',
    end: {
      sealed: true,
      count,
      hash,
      footer,
      index: state.index,
      torn: undefined,
      nextSeq: check.nextSeq,
      offsetBytes: state.window.offset,
    },
  });
}

/** Hands out the next run of the frame under way; undefined when the frame is used up. */
function nextRun(state: State, frame: FrameHeader): Step | undefined {
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
  const from = state.from;
  const to = checkRun(check, records, from, state.to, place);
  if (to < 0) return finish(state, { type: 'error', error: check.fault! });
  state.from = to;
  if (recordKind(records, from) === Kind.Define) state.define = from;
  if (frame.type === FRAME_CARRY) {
    if (state.define < 0) return fault(state, 'badFrame', 'only Defines in a carry frame', 'another kind');
    // What is carried over from an earlier segment is no event of this tape.
    check.nextSeq = firstSeq;
    check.count -= 1;
    return undefined;
  }
  hashRun(check, records, from, to, firstSeq);
  if (state.indexCheck !== undefined) state.indexCheck.note(records, from, to);
  const batch = { records, from, to, firstSeq, nextSeq: check.nextSeq, recordCount: check.records - before };
  return { type: 'batch', batch };
}

/** What the frame's header said of its records against what was found. */
function endOfFrame(state: State, frame: FrameHeader): Step | undefined {
  const { check } = state;
  const { records } = state.window;
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
function enforceDefine(state: State): Step | undefined {
  const i = state.define;
  state.define = -1;
  const { check, window } = state;
  const event = decodeEvent(window.records, i, state.epoch, check.nextSeq);
  assert(event.kind === Kind.Define && recordWords(window.records, i) > 0, 'TAPE-1');
  const defined = applyDefine(state.tables, event);
  if (defined.ok) return undefined;
  const { code, table, index, field } = defined.error;
  return fault(
    state,
    'badDefine',
    'the next index of its table, with its fields',
    `${code}: ${table} ${index} ${field}`,
  );
}

function step(state: State): Step {
  for (;;) {
    if (state.done !== undefined) return state.done;
    const done = state.define >= 0 ? enforceDefine(state) : undefined;
    if (done !== undefined) return done;
    const next = advance(state);
    if (next !== undefined) return next;
  }
}

function advance(state: State): Step | undefined {
  const { window } = state;
  if (window.discard > 0) {
    if (!window.finished) return { type: 'need', skippable: window.discard };
    return fault(state, 'corrupt', 'a frame that was skipped by its header', 'the end of the file');
  }
  if (state.file === undefined) return readFileHeader(state);
  if (state.search !== undefined) return continueSearch(state, state.search);
  return state.frame === undefined ? readFrame(state) : nextRun(state, state.frame);
}

/** Starts decoding a binary tape, at its beginning or, with `resume`, at one of its frames. */
export function createBinaryDecoder(options: DecoderOptions, resume?: Resume): TapeDecoder {
  const window = createWindow();
  const state: State = {
    options,
    window,
    tables: resume?.tables ?? createTables(),
    file: undefined,
    epoch: options.epoch ?? UNIX_EPOCH,
    check: createRunCheck({ epoch: UNIX_EPOCH, draft: false, firstSeq: 0, chain: undefined }),
    indexCheck: undefined,
    prevCrc: undefined,
    chainOffset: 0,
    from: 0,
    to: 0,
    frame: undefined,
    define: -1,
    skipped: resume !== undefined,
    search: undefined,
    indexParts: [],
    indexOffset: 0,
    index: undefined,
    footer: undefined,
    done: undefined,
  };
  if (resume !== undefined) {
    startRun(state, resume.file, resume.nextSeq);
    window.offset = resume.offsetBytes;
  }
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
    skip: (bytes) => {
      skipInput(window, bytes);
    },
    finish: () => {
      window.finished = true;
    },
    next: () => step(state),
  };
}
