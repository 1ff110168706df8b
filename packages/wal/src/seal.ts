/** Seals a segment: what it holds is read once more, and its index and seal are appended. */
import { err, ok } from '@truetape/contracts';
import type { Result } from '@truetape/contracts';
import { TRAILER_BYTES, createDecoder, createReader, endTape, openForAppend } from '@truetape/tape';
import type { TapeEnd, TapePorts } from '@truetape/tape';
import { storageError } from './errors.ts';
import type { WalError } from './errors.ts';
import { scanFault, sourceOf, tornInside } from './scan.ts';
import type { LogStorage, StorageFault } from './storage.ts';

/**
 * Seals an unsealed segment; one that is sealed stays as it is, durably. All of it must be durable and whole, but for
 * what an interrupted seal left behind the event before `nextSeq`, where the next segment begins: that goes.
 *
 * Errors: `storage`, `corruptData`. Complexity: reads the segment.
 */
export function sealSegment(
  storage: LogStorage,
  ports: TapePorts,
  name: string,
  nextSeq?: number,
): Result<TapeEnd | undefined, WalError> {
  const source = sourceOf(storage, name);
  const reader = createReader(createDecoder({ ports, append: true, endSeq: nextSeq ?? Infinity }), source);
  while (reader.next() !== undefined);
  const failed = scanFault(storage, ports, name, { source, reader });
  if (failed !== undefined) return err(failed);
  const end = reader.end!;
  if (end.sealed) {
    const fault = vouchAgain(storage, name);
    return fault === undefined ? ok(undefined) : err(storageError(fault));
  }
  const torn = tornInside(storage, ports, name, end, nextSeq);
  if (torn !== undefined) return err(torn);
  const parts: Uint8Array[] = [];
  const sink = { write: (bytes: Uint8Array): void => void parts.push(bytes.slice()) };
  const appending = openForAppend(reader, sink, { ports });
  if (!appending.ok)
    return err(scanFault(storage, ports, name, { source, reader: { error: appending.error } })!);
  const ended = endTape(appending.value.writer);
  const opened = storage.open(name);
  if (!opened.ok) return err(storageError(opened.error));
  const file = opened.value;
  const last = parts.at(-1)!;
  const trailer = last.subarray(last.length - TRAILER_BYTES);
  const before = [...parts.slice(0, -1), last.subarray(0, last.length - TRAILER_BYTES)];
  // Zeros behind the last frame go: the seal begins where the frames end. Readers take the trailer for proof that all
  // before it was whole, so that it is written when that is durable: a disk may keep the end of a write alone.
  const fault =
    file.truncate(appending.value.offsetBytes) ??
    file.append(before) ??
    file.sync() ??
    file.append([trailer]) ??
    file.sync() ??
    file.close();
  return fault === undefined ? ok(ended) : err(storageError(fault));
}

/** Writes the trailer of a sealed segment again: whoever wrote it may have died before it was durable. */
function vouchAgain(storage: LogStorage, name: string): StorageFault | undefined {
  const size = storage.sizeOf(name);
  if (!size.ok) return size.error;
  const trailer = new Uint8Array(TRAILER_BYTES);
  const at = size.value - TRAILER_BYTES;
  const got = storage.read(name, at, trailer);
  if (!got.ok) return got.error;
  const opened = storage.open(name);
  if (!opened.ok) return opened.error;
  const file = opened.value;
  return file.truncate(at) ?? file.append([trailer]) ?? file.sync() ?? file.close();
}
