/**
 * Torn or corrupt: what stands behind a bad frame decides. A frame with a valid header that proves that the
 * bad one had been complete (outside a log, any; in a log, one whose durableSeq lies beyond it) makes it
 * corruption, and so does a valid trailer at the very end (in a log, one of this place). Otherwise the bad
 * frame is what an interrupted write leaves.
 */
import { decodeFrameHeader, FRAME_HEADER_BYTES, isFrameHeader } from './frame.ts';
import { TRAILER_BYTES, decodeTrailer } from './index-frame.ts';
import type { Trailer } from './index-frame.ts';
import type { TapePorts } from './ports.ts';
import { available, release } from './window.ts';
import type { Window } from './window.ts';

/** A search under way behind a bad frame. */
export interface TailSearch {
  /** What is cut if it is torn: the bad frame, and what belongs to it. */
  readonly offsetBytes: number;
  readonly firstSeq: number;
  readonly reason: string;
  /** In a log: a later frame only proves something when it says that these seqs were durable. */
  readonly inLog: boolean;
  /** Behind the last of them that a frame of this segment can say it of. */
  readonly endSeq: number;
  /** From the bad frame's own header, when that can be trusted. */
  readonly nextSeq: number | undefined;
  /** Offset from which on a frame is another one than the bad one. */
  readonly behindBytes: number;
  /** All bytes from the bad frame on are zero so far. */
  zero: boolean;
}

export type TailVerdict =
  | { readonly corrupt: true; readonly witnessOffset: number }
  | { readonly corrupt: false };

function proves(search: TailSearch, window: Window, at: number, ports: TapePorts): boolean {
  if (window.offset + at - window.start < search.behindBytes) return false;
  if (!isFrameHeader(window.u8, at, ports)) return false;
  if (!search.inLog) return true;
  const { durableSeq } = decodeFrameHeader(window.u8, at);
  return durableSeq > search.firstSeq && durableSeq <= search.endSeq;
}

/** Looks through what is in hand and releases it; undefined while the input may still go on. */
export function searchTail(search: TailSearch, window: Window, ports: TapePorts): TailVerdict | undefined {
  const { u8 } = window;
  const last = window.end - FRAME_HEADER_BYTES;
  let at = window.start;
  for (; at <= last; at++) {
    const byte = u8[at];
    if (byte !== 0) search.zero = false;
    if (byte === 0x52 && proves(search, window, at, ports)) {
      return { corrupt: true, witnessOffset: window.offset + at - window.start };
    }
  }
  release(window, at - window.start);
  if (!window.finished) return undefined;
  // What is left is shorter than a frame header; it may still be a trailer.
  for (let rest = window.start; rest < window.end; rest++) if (u8[rest] !== 0) search.zero = false;
  const size = available(window);
  const trailer = size >= TRAILER_BYTES ? u8.slice(window.end - TRAILER_BYTES, window.end) : undefined;
  const witnessOffset = window.offset + size - TRAILER_BYTES;
  release(window, size);
  const isSealed = trailer !== undefined && isOfThisEnd(search, decodeTrailer(trailer, ports), witnessOffset);
  return isSealed ? { corrupt: true, witnessOffset } : { corrupt: false };
}

/**
 * True for a trailer that proves that the end was whole. In a log its index and seal have to begin behind the
 * bad frame, or with it: another segment's trailer is what the disk may have had there before.
 */
function isOfThisEnd(search: TailSearch, trailer: Trailer | undefined, trailerOffset: number): boolean {
  if (trailer === undefined) return false;
  if (!search.inLog) return true;
  const { indexOffset, sealOffset } = trailer;
  const sealEnd = sealOffset + FRAME_HEADER_BYTES;
  return indexOffset >= search.offsetBytes && sealOffset > indexOffset && sealEnd < trailerOffset;
}
