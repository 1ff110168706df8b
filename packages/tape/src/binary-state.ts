/** What a decoder of binary tapes knows, and how it ends. */
import { UNIX_EPOCH, createTables } from '@truetape/contracts';
import type { DefineTables, Epoch } from '@truetape/contracts';
import { tapeError } from './errors.ts';
import type { TapeErrorCode } from './errors.ts';
import type { FrameHeader } from './frame.ts';
import { createIndexCheck } from './frame-check.ts';
import type { IndexCheck } from './frame-check.ts';
import { createChain } from './hash-chain.ts';
import { epochOf } from './header.ts';
import type { FileHeader } from './header.ts';
import type { Footer, TapeIndex } from './index-frame.ts';
import { createRunCheck } from './run-check.ts';
import type { RunCheck } from './run-check.ts';
import type { DecoderOptions, Step } from './step.ts';
import type { TailSearch } from './tail.ts';
import { createWindow } from './window.ts';
import type { Window } from './window.ts';

/** Where decoding starts when it does not start at the beginning of the file. */
export interface Resume {
  readonly file: FileHeader;
  readonly tables: DefineTables;
  readonly offsetBytes: number;
  readonly nextSeq: number;
}

/** How far the frames of a chain, from the start of the window on, are known to be whole. */
export interface ChainWalk {
  bytes: number;
  prevCrc: number | undefined;
  nextSeq: number;
}

export interface BinaryState {
  readonly options: DecoderOptions;
  readonly window: Window;
  readonly tables: DefineTables;
  file: FileHeader | undefined;
  epoch: Epoch;
  check: RunCheck;
  indexCheck: IndexCheck | undefined;
  /** CRC that the next frame must repeat; undefined after a jump. */
  prevCrc: number | undefined;
  /** The same before the index: what a frame that is appended must repeat. */
  appendCrc: number;
  /** Up to this offset the frames of the current MORE chain are known to be whole. */
  chainOffset: number;
  walk: ChainWalk | undefined;
  /** Records of the current frame that are still to be handed out, in half words from the start of the window. */
  from: number;
  to: number;
  frame: FrameHeader | undefined;
  /** A Define that was handed out and is in force from the next call on; place as above, −1 for none. */
  define: number;
  /** Frames have been passed over, so that nothing is known of all events together. */
  skipped: boolean;
  /** The unwanted frame that is being passed over, and where it begins. */
  passing: { readonly frame: FrameHeader; readonly offsetBytes: number } | undefined;
  search: TailSearch | undefined;
  indexParts: Uint8Array[];
  indexOffset: number;
  index: TapeIndex | undefined;
  footer: Footer | undefined;
  done: Step | undefined;
}

export const NEED: Step = { type: 'need', skippable: 0 };

export function createBinaryState(options: DecoderOptions, resume: Resume | undefined): BinaryState {
  const state: BinaryState = {
    options,
    window: createWindow(),
    tables: resume?.tables ?? createTables(),
    file: undefined,
    epoch: options.epoch ?? UNIX_EPOCH,
    check: createRunCheck({ epoch: UNIX_EPOCH, draft: false, firstSeq: 0, chain: undefined }),
    indexCheck: undefined,
    prevCrc: undefined,
    appendCrc: 0,
    chainOffset: 0,
    walk: undefined,
    from: 0,
    to: 0,
    frame: undefined,
    define: -1,
    skipped: resume !== undefined,
    passing: undefined,
    search: undefined,
    indexParts: [],
    indexOffset: 0,
    index: undefined,
    footer: undefined,
    done: undefined,
  };
  if (resume !== undefined) {
    startEvents(state, resume.file, resume.nextSeq);
    state.window.offset = resume.offsetBytes;
  }
  return state;
}

/** Sets up what depends on the header. What is said of all events together needs all frames from the first one on. */
export function startEvents(state: BinaryState, file: FileHeader, nextSeq: number): void {
  const { options } = state;
  state.file = file;
  state.epoch = options.epoch ?? epochOf(file.header);
  const isWhole = options.wanted === undefined && !state.skipped;
  const { hash = false, verify = false, append = false } = options;
  state.check = createRunCheck({
    epoch: state.epoch,
    draft: file.header.draft === true,
    firstSeq: nextSeq,
    chain: (hash || append) && isWhole ? createChain(options.ports) : undefined,
    census: options.census,
  });
  if ((verify || append) && isWhole) state.indexCheck = createIndexCheck();
}

/** What a frame's place depends on besides its seqs. */
export function stageOf(state: BinaryState): { readonly inIndex: boolean; readonly inLog: boolean } {
  return { inIndex: state.indexParts.length > 0, inLog: state.file?.header.log !== undefined };
}

export function finish(state: BinaryState, step: Step): Step {
  state.done = step;
  return step;
}

/** Ends in an error at the frame that the window begins with. */
export function fault(state: BinaryState, code: TapeErrorCode, expected: string, found: string): Step {
  return finish(state, {
    type: 'error',
    error: tapeError(code, { offsetBytes: state.window.offset, seq: state.check.nextSeq }, expected, found),
  });
}
