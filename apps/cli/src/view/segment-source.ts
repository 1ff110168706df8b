/**
 * A log's segment that is being written, frame by frame. Its end cannot be told by the length of the file: commits go
 * into zeros that were reserved, and a frame may be seen before all of it is there. So a frame counts as read once
 * its checksums are right; one that stays bad goes to the decoder as it is, which knows what to say of it.
 */
import { nodePorts } from '@truetape/host';
import { FRAME_HEADER_BYTES, decodeFrameHeader, isFrameHeader } from '@truetape/tape';
import type { RandomAccess } from '@truetape/tape';
import type { FollowSource } from './follow.ts';

/** A write takes far less than so many looks at the file. */
const LOOKS_MAX = 20;
const BLOCK_BYTES = 1_048_576;

/** Reads a segment whose first frame is at an offset. */
export function createSegmentSource(access: RandomAccess, firstFrameBytes: number): FollowSource {
  let position = 0;
  let bad = { at: -1, looks: 0 };
  const take = (size: number): Uint8Array | undefined => {
    const bytes = new Uint8Array(size);
    const read = access.read(position, bytes);
    position += read;
    return read === 0 ? undefined : bytes.subarray(0, read);
  };
  /** Bytes of the frame that stands next; 0 where there is none, −1 where it is not right. */
  const frameBytes = (): number => {
    const head = new Uint8Array(FRAME_HEADER_BYTES);
    const read = access.read(position, head);
    if (head.every((byte) => byte === 0)) return 0;
    if (read < FRAME_HEADER_BYTES || !isFrameHeader(head, 0, nodePorts)) return -1;
    const { payloadBytes, payloadCrc } = decodeFrameHeader(head, 0);
    const size = FRAME_HEADER_BYTES + payloadBytes;
    if (position + size > access.sizeBytes) return -1;
    const payload = new Uint8Array(payloadBytes);
    access.read(position + FRAME_HEADER_BYTES, payload);
    return nodePorts.crc32(payload) === payloadCrc ? size : -1;
  };
  return {
    get positionBytes() {
      return position;
    },
    read: () => {
      if (position < firstFrameBytes) return take(firstFrameBytes - position);
      const size = frameBytes();
      if (size > 0) return take(size);
      if (size === 0) return undefined;
      bad = bad.at === position ? { at: position, looks: bad.looks + 1 } : { at: position, looks: 1 };
      return bad.looks > LOOKS_MAX ? take(BLOCK_BYTES) : undefined;
    },
  };
}
