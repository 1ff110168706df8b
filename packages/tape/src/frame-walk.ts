/** A walk over the frames of a binary tape by their headers alone: what it is made of, without reading it. */
import {
  FRAME_CARRY,
  FRAME_DATA,
  FRAME_HEADER_BYTES,
  FRAME_INDEX,
  FRAME_MARK,
  FRAME_SEAL,
  decodeFrameHeader,
  hasKind,
  isFrameHeader,
} from './frame.ts';
import type { WireTime } from './frame.ts';
import type { RandomAccess, TapePorts } from './ports.ts';

/** What the headers of frames say. Nothing behind a header was looked at. */
export interface FrameWalk {
  /** Frames by type. */
  readonly frames: {
    readonly data: number;
    readonly index: number;
    readonly seal: number;
    readonly carry: number;
    readonly mark: number;
  };
  /** Records of the data frames, Skips among them. */
  readonly records: number;
  readonly payloadBytes: number;
  /** Kinds that occur, by code. */
  readonly kinds: readonly number[];
  readonly firstTime: WireTime | undefined;
  readonly lastTime: WireTime | undefined;
  readonly nextSeq: number | undefined;
  /** Where the walk ended: the end of the file, or the place of what is no frame header. */
  readonly endBytes: number;
}

/** Walks from the first frame (behind the file header) to the end. Complexity: one small read a frame. */
export function walkFrames(access: RandomAccess, ports: TapePorts, firstFrameBytes: number): FrameWalk {
  const counts = { [FRAME_DATA]: 0, [FRAME_INDEX]: 0, [FRAME_SEAL]: 0, [FRAME_CARRY]: 0, [FRAME_MARK]: 0 };
  const occurs = new Uint8Array(256);
  const head = new Uint8Array(FRAME_HEADER_BYTES);
  let records = 0;
  let payloadBytes = 0;
  let firstTime: WireTime | undefined;
  let lastTime: WireTime | undefined;
  let nextSeq: number | undefined;
  let offset = firstFrameBytes;
  while (access.read(offset, head) === FRAME_HEADER_BYTES && isFrameHeader(head, 0, ports)) {
    const frame = decodeFrameHeader(head, 0);
    const end = offset + FRAME_HEADER_BYTES + frame.payloadBytes;
    if (end > access.sizeBytes) break;
    offset = end;
    counts[frame.type as keyof typeof counts] += 1;
    if (frame.type !== FRAME_DATA) continue;
    records += frame.recordCount;
    payloadBytes += frame.payloadBytes;
    firstTime ??= frame.firstTime;
    lastTime = frame.lastTime;
    nextSeq = frame.nextSeq;
    for (let kind = 0; kind < 256; kind++) if (hasKind(frame.summary, kind)) occurs[kind] = 1;
  }
  return {
    frames: {
      data: counts[FRAME_DATA],
      index: counts[FRAME_INDEX],
      seal: counts[FRAME_SEAL],
      carry: counts[FRAME_CARRY],
      mark: counts[FRAME_MARK],
    },
    records,
    payloadBytes,
    kinds: [...occurs.keys()].filter((kind) => occurs[kind] === 1),
    firstTime,
    lastTime,
    nextSeq,
    endBytes: offset,
  };
}
