/**
 * Bytes of a simulated file, in chunks that copies share until one of them writes.
 *
 * A crash is tried in a dozen ways at each of thousands of points, so a copy costs a pointer a chunk. Bytes
 * behind the end of a file are zero in its last chunk: what is made longer without being written has zeros.
 */

const CHUNK_BYTES = 4096;

/** Contents of a file. Chunks below `ownedFrom` may belong to others too: they are copied before a write. */
export interface SimBytes {
  chunks: Uint8Array[];
  sizeBytes: number;
  ownedFrom: number;
}

export function createBytes(): SimBytes {
  return { chunks: [], sizeBytes: 0, ownedFrom: 0 };
}

/** A copy that shares all chunks. Complexity: O(chunks), of 4 KiB each. */
export function shareBytes(bytes: SimBytes): SimBytes {
  bytes.ownedFrom = bytes.chunks.length;
  return { chunks: bytes.chunks.slice(), sizeBytes: bytes.sizeBytes, ownedFrom: bytes.ownedFrom };
}

function ownChunk(bytes: SimBytes, index: number): Uint8Array {
  if (index >= bytes.ownedFrom) return bytes.chunks[index];
  const copy = bytes.chunks[index].slice();
  bytes.chunks[index] = copy;
  if (index === bytes.ownedFrom - 1) bytes.ownedFrom = index;
  return copy;
}

/** Writes at an offset; a file that ends before it gets zeros between. */
export function writeBytes(bytes: SimBytes, offsetBytes: number, from: Uint8Array): void {
  const end = offsetBytes + from.length;
  if (from.length === 0) return;
  extendBytes(bytes, end);
  for (let at = offsetBytes; at < end;) {
    const index = Math.floor(at / CHUNK_BYTES);
    const inChunk = at - index * CHUNK_BYTES;
    const count = Math.min(CHUNK_BYTES - inChunk, end - at);
    const done = at - offsetBytes;
    ownChunk(bytes, index).set(from.subarray(done, done + count), inChunk);
    at += count;
  }
}

/** Makes a file at least so long, with zeros. */
function extendBytes(bytes: SimBytes, sizeBytes: number): void {
  while (bytes.chunks.length * CHUNK_BYTES < sizeBytes) bytes.chunks.push(new Uint8Array(CHUNK_BYTES));
  bytes.sizeBytes = Math.max(bytes.sizeBytes, sizeBytes);
}

/** Cuts a file that is longer. */
export function truncateBytes(bytes: SimBytes, sizeBytes: number): void {
  if (sizeBytes >= bytes.sizeBytes) return;
  const kept = Math.ceil(sizeBytes / CHUNK_BYTES);
  bytes.chunks.length = kept;
  bytes.ownedFrom = Math.min(bytes.ownedFrom, kept);
  bytes.sizeBytes = sizeBytes;
  const inChunk = sizeBytes % CHUNK_BYTES;
  if (inChunk > 0) ownChunk(bytes, kept - 1).fill(0, inChunk);
}

/** Reads at an offset; fewer bytes than there is room for only at the end. */
export function readBytes(bytes: SimBytes, offsetBytes: number, into: Uint8Array): number {
  const end = Math.min(bytes.sizeBytes, offsetBytes + into.length);
  for (let at = offsetBytes; at < end;) {
    const index = Math.floor(at / CHUNK_BYTES);
    const inChunk = at - index * CHUNK_BYTES;
    const count = Math.min(CHUNK_BYTES - inChunk, end - at);
    const chunk = bytes.chunks[index];
    into.set(count === CHUNK_BYTES ? chunk : chunk.subarray(inChunk, inChunk + count), at - offsetBytes);
    at += count;
  }
  return Math.max(0, end - offsetBytes);
}
