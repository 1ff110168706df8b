/** The end of a binary tape: sealed, clean, torn or corrupt. */
import { canonicalText } from '@truetape/contracts';
import type { JsonObject } from '@truetape/contracts';
import { assert, fromHex, toHex } from '@truetape/kernel';
import { NEED, fault, finish } from './binary-state.ts';
import type { BinaryState } from './binary-state.ts';
import { tapeError } from './errors.ts';
import { FRAME_HEADER_BYTES, NO_TIME, decodeFrameHeader, isFrameHeader } from './frame.ts';
import type { WireTime } from './frame.ts';
import { sameIndex } from './frame-check.ts';
import { endChain, genesisHash, peekChain, sealHash } from './hash-chain.ts';
import { decodeIndex, decodeSeal } from './index-frame.ts';
import type { Footer } from './index-frame.ts';
import type { AppendPlace, Continuation, EndOfTape, Step, TornTail } from './step.ts';
import { searchTail } from './tail.ts';
import type { TailSearch } from './tail.ts';

/**
 * Begins to look for what the bad frame at position `at` of the window is: torn or corrupt. It is the first frame in
 * the window, or a later one of a MORE chain that begins there; the chain is then cut as a whole.
 */
export function startSearch(state: BinaryState, reason: string, at: number = state.window.start): undefined {
  const { window, check, indexParts } = state;
  const hasHeader = (from: number): boolean =>
    window.end - from >= FRAME_HEADER_BYTES && isFrameHeader(window.u8, from, state.options.ports);
  const first = hasHeader(window.start) ? decodeFrameHeader(window.u8, window.start) : undefined;
  const bad = hasHeader(at) ? decodeFrameHeader(window.u8, at) : undefined;
  // What a frame with a good header holds is its own, whatever it looks like.
  const ownBytes = bad === undefined ? 1 : FRAME_HEADER_BYTES + bad.payloadBytes;
  state.search = {
    // An index without its seal goes with it: what can be appended to ends before both.
    offsetBytes: indexParts.length > 0 ? state.indexOffset : window.offset,
    firstSeq: check.nextSeq,
    reason,
    inLog: state.file?.header.log !== undefined,
    endSeq: state.options.endSeq ?? Infinity,
    nextSeq: first !== undefined && first.nextSeq >= check.nextSeq ? first.nextSeq : undefined,
    behindBytes: window.offset + at - window.start + ownBytes,
    zero: indexParts.length === 0,
  };
  return undefined;
}

export function continueSearch(state: BinaryState, search: TailSearch): Step {
  const { window } = state;
  const verdict = searchTail(search, window, state.options.ports);
  if (verdict === undefined) return NEED;
  const { offsetBytes, firstSeq, nextSeq, reason } = search;
  assert(state.check.nextSeq === firstSeq, 'TAPE-4', 'nothing of a torn frame has been handed out');
  if (verdict.corrupt) {
    const found = `a bad ${reason}, although offset ${verdict.witnessOffset} proves that it was whole`;
    const error = tapeError('corrupt', { offsetBytes, seq: firstSeq }, 'an intact frame', found);
    return finish(state, { type: 'error', error });
  }
  const bytes = window.offset - offsetBytes;
  return endUnsealed(state, search.zero ? undefined : { offsetBytes, bytes, firstSeq, nextSeq, reason });
}

/** The input ends within a frame that was passed over unread: it is cut off, and nothing stands behind it. */
export function endInPassing(
  state: BinaryState,
  passing: { readonly frame: { readonly firstSeq: number; readonly nextSeq: number }; offsetBytes: number },
): Step {
  const { offsetBytes } = passing;
  const { firstSeq, nextSeq } = passing.frame;
  state.check.nextSeq = firstSeq;
  const bytes = state.window.offset - offsetBytes;
  return endUnsealed(state, { offsetBytes, bytes, firstSeq, nextSeq, reason: 'frame that is cut off' });
}

/** The input ends where a frame might begin. */
export function endOfInput(state: BinaryState): Step {
  if (state.footer !== undefined) return endSealed(state, state.footer);
  if (state.indexParts.length === 0) return endUnsealed(state, undefined);
  const { nextSeq } = state.check;
  const offsetBytes = state.indexOffset;
  const bytes = state.window.offset - offsetBytes;
  const torn = { offsetBytes, bytes, firstSeq: nextSeq, nextSeq, reason: 'seal that is missing' };
  return endUnsealed(state, torn);
}

function endUnsealed(state: BinaryState, torn: TornTail | undefined): Step {
  const { check } = state;
  const { chain, nextSeq } = check;
  const offsetBytes = torn?.offsetBytes ?? state.search?.offsetBytes ?? state.window.offset;
  const continuation = state.options.append === true ? continuationAt(state, offsetBytes) : undefined;
  const end: EndOfTape = {
    sealed: false,
    count: state.skipped ? undefined : check.count,
    hash: chain === undefined ? undefined : peekChain(chain),
    footer: undefined,
    index: undefined,
    torn,
    nextSeq,
    offsetBytes,
    lastTime: lastTimeOf(state),
    place: placeAt(state, offsetBytes),
    ...(continuation === undefined ? {} : { continuation }),
  };
  return finish(state, { type: 'end', end });
}

function continuationAt(state: BinaryState, offsetBytes: number): Continuation | undefined {
  const { check, indexCheck } = state;
  const { chain, count } = check;
  if (chain === undefined || indexCheck === undefined) return undefined;
  const { entries, defineFrames } = indexCheck;
  return { ...placeAt(state, offsetBytes), chain, entries, defineFrames, count };
}

const lastTimeOf = ({ check }: BinaryState): WireTime =>
  check.lastHi < 0 ? NO_TIME : { hi: check.lastHi, lo: check.lastLo };

function placeAt(state: BinaryState, offsetBytes: number): AppendPlace {
  const { nextSeq } = state.check;
  return { offsetBytes, prevCrc: state.appendCrc, nextSeq, lastTime: lastTimeOf(state) };
}

/** Reads index and seal once the seal's frame is here; a step only when they are wrong. */
export function takeSeal(state: BinaryState, payload: Uint8Array): Step | undefined {
  const { options, window, indexParts } = state;
  const whole = new Uint8Array(indexParts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of indexParts) {
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
function endSealed(state: BinaryState, footer: Footer): Step {
  const { check, file } = state;
  const { ports } = state.options;
  if (!state.skipped && footer.count !== check.count) {
    return fault(state, 'countMismatch', `${footer.count} events`, `${check.count}`);
  }
  if (check.chain !== undefined) {
    const hash = endChain(check.chain);
    if (hash !== footer.hash) return fault(state, 'hashMismatch', footer.hash, hash);
  }
  const { seal, ...open } = footer;
  const { hash, count } = footer;
  const computed = sealHash(ports, {
    headerJson: file!.json,
    hash: fromHex(hash)!,
    count,
    footerJson: canonicalText(open as JsonObject),
  });
  if (computed !== seal) return fault(state, 'sealMismatch', seal, computed);
  const last = toHex(state.index?.pages.at(-1)?.hash ?? genesisHash(ports));
  if (last !== hash) return fault(state, 'badIndex', `a last page ${hash}`, last);
  if (state.indexCheck !== undefined && !sameIndex(state.indexCheck, state.index!, check.chain?.pages)) {
    return fault(state, 'badIndex', 'the entries, Define frames and pages of this tape', 'others');
  }
  const { index } = state;
  const { nextSeq } = check;
  const offsetBytes = state.window.offset;
  const lastTime = lastTimeOf(state);
  const torn = undefined;
  const end: EndOfTape = { sealed: true, count, hash, footer, index, torn, nextSeq, offsetBytes, lastTime };
  return finish(state, { type: 'end', end });
}
