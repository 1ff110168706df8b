/**
 * A frame alone, or a chain of frames of which all but the last have MORE, counts as a whole or not at all:
 * nothing of it is handed out before all of it is here and its checksums are right. What was walked is not
 * walked again while the rest is waited for.
 */
import { startSearch } from './binary-end.ts';
import { NEED, fault, stageOf } from './binary-state.ts';
import type { BinaryState, ChainWalk } from './binary-state.ts';
import { CHAIN_BYTES_MAX, FRAME_HEADER_BYTES, decodeFrameHeader, isFrameHeader } from './frame.ts';
import type { FoundFrame } from './frame.ts';
import { checkFrame } from './frame-check.ts';
import type { Step } from './step.ts';

/** Walks the chain that begins at the start of the window with the given frame, which was checked. */
export function walkChain(state: BinaryState, first: FoundFrame): Step | 'whole' | undefined {
  const { window, options } = state;
  const walk = state.walk ?? { bytes: 0, prevCrc: state.prevCrc, nextSeq: state.check.nextSeq };
  state.walk = walk;
  for (;;) {
    const at = window.start + walk.bytes;
    const frame = walk.bytes === 0 ? first : laterFrame(state, walk, first);
    if (frame === undefined || !('payloadBytes' in frame)) return frame;
    const end = at + FRAME_HEADER_BYTES + frame.payloadBytes;
    if (window.end < end) return window.finished ? startSearch(state, 'frame that is cut off', at) : NEED;
    const payload = window.u8.subarray(at + FRAME_HEADER_BYTES, end);
    if (options.ports.crc32(payload) !== frame.payloadCrc) return startSearch(state, 'payload', at);
    walk.nextSeq = frame.nextSeq;
    walk.prevCrc = frame.headerCrc;
    walk.bytes = end - window.start;
    if (!frame.more) {
      state.chainOffset = window.offset + walk.bytes;
      state.walk = undefined;
      return 'whole';
    }
  }
}

/** The frame that goes on where the walk stands, or what there is to say instead. */
function laterFrame(state: BinaryState, walk: ChainWalk, first: FoundFrame): FoundFrame | Step | undefined {
  const { window, options } = state;
  const at = window.start + walk.bytes;
  if (walk.bytes > CHAIN_BYTES_MAX) {
    // A log stops within such a commit and acknowledges nothing of it: it is left behind as one that was
    // interrupted.
    if (state.file?.header.log !== undefined) return startSearch(state, 'chain that is too long', at);
    return fault(state, 'chainTooLong', `${CHAIN_BYTES_MAX} bytes`, 'more');
  }
  if (window.end - at < FRAME_HEADER_BYTES)
    return window.finished ? startSearch(state, 'frame that is cut off', at) : NEED;
  if (!isFrameHeader(window.u8, at, options.ports)) return startSearch(state, 'frame header', at);
  const frame = decodeFrameHeader(window.u8, at);
  if (walk.prevCrc !== undefined && frame.prevCrc !== walk.prevCrc)
    return startSearch(state, 'chain of frames', at);
  const wrong = checkFrame(frame, { nextSeq: walk.nextSeq, count: state.check.count }, stageOf(state));
  if (wrong !== undefined) return fault(state, wrong.code, wrong.expected, wrong.found);
  if (frame.type !== first.type)
    return fault(state, 'badFrame', `more of type ${first.type}`, `${frame.type}`);
  return frame;
}
