/** Reads one segment, all of it: its header, its batches, its end; or says what is wrong with it, and where. */
import { err, ok } from '@truetape/contracts';
import type { DefineTables, Epoch, Result } from '@truetape/contracts';
import { createDecoder, createReader, decodeFileHeader, openedTape, walkFrames } from '@truetape/tape';
import type { Batch, ByteSource, EndOfTape, FileHeader, TapeError, TapePorts } from '@truetape/tape';
import { storageError } from './errors.ts';
import type { TornSegment, WalError } from './errors.ts';
import { numberOfName } from './names.ts';
import type { LogStorage, StorageFault } from './storage.ts';

/** Read at once where the decoder has no room of its own yet. */
const READ_BYTES = 65_536;
/** A header takes a few hundred bytes; one of up to 1 MiB is read in full. */
const HEADER_BYTES_MAX = 1_048_576 + 32;

/** The segment's header, held against its name. */
export function readSegmentHeader(
  storage: LogStorage,
  ports: TapePorts,
  name: string,
): Result<FileHeader, WalError> {
  for (let size = 4096; ; size = HEADER_BYTES_MAX) {
    const bytes = new Uint8Array(size);
    const got = storage.read(name, 0, bytes);
    if (!got.ok) return err(storageError(got.error));
    const read = decodeFileHeader(bytes.subarray(0, got.value), ports);
    if ('need' in read) {
      if (got.value === size && size < HEADER_BYTES_MAX) continue;
      return err(corrupt(name, `${read.need} bytes of header`, `${got.value} bytes`));
    }
    if (!read.ok) return err(headerError(name, read.error));
    return checkHeader(name, read.value);
  }
}

function corrupt(segment: string, expected: string, found: string): WalError {
  return { code: 'corruptData', segment, frame: 0, seq: 0, offsetBytes: 0, expected, found };
}

function headerError(segment: string, { code, expected, found }: TapeError): WalError {
  if (code === 'unsupportedVersion') return { code: 'segmentVersion', segment, expected, found };
  return corrupt(segment, expected, found);
}

function checkHeader(segment: string, file: FileHeader): Result<FileHeader, WalError> {
  const { log, observer } = file.header;
  const number = numberOfName(segment);
  if (log === undefined)
    return err({ code: 'segmentForeign', segment, expected: 'a segment of a log', found: 'another tape' });
  if (log.segment !== number) {
    const expected = `segment ${number} of a ${observer}`;
    return err({ code: 'segmentForeign', segment, expected, found: `${log.segment} of a ${observer}` });
  }
  return ok(file);
}

/** A segment that was read to its end. */
export interface ScannedSegment {
  readonly end: EndOfTape;
  readonly tables: DefineTables;
}

export interface ScanOptions {
  /** Recompute what is redundant too: frame summaries, and a seal's index and hash. */
  readonly deep?: boolean;
  /** Frames that end before this seq are passed over by their headers, unless that is `deep`. */
  readonly fromSeq?: number;
  /** Where the next segment begins; undefined for the last. */
  readonly endSeq?: number | undefined;
  /** Takes each batch; what it returns ends the scan. */
  readonly take: (
    batch: Batch,
    from: { readonly epoch: Epoch; readonly tables: DefineTables },
  ) => WalError | undefined;
}

/** Reads a segment. Errors: `storage`, `corruptData`, `segmentVersion`, and those of `take`. */
export function scanSegment(
  storage: LogStorage,
  ports: TapePorts,
  name: string,
  { deep = false, fromSeq = 0, endSeq = Infinity, take }: ScanOptions,
): Result<ScannedSegment, WalError> {
  const source = sourceOf(storage, name);
  const wanted = (frame: { readonly nextSeq: number }): boolean => frame.nextSeq >= fromSeq;
  const passes = fromSeq === 0 || deep ? {} : { wanted };
  const decoder = createDecoder({ ports, hash: deep, verify: deep, endSeq, ...passes });
  const reader = createReader(decoder, source);
  for (let batch = reader.next(); batch !== undefined; batch = reader.next()) {
    // What follows a failed read is no end.
    if (source.fault() !== undefined) break;
    const stopped = take(batch, decoder);
    if (stopped !== undefined) return err(stopped);
  }
  const failed = scanFault(storage, ports, name, { source, reader });
  if (failed !== undefined) return err(failed);
  const { tables } = openedTape(reader);
  return ok({ end: reader.end!, tables });
}

/** A segment's bytes; `fault` says why they ended. */
export interface SegmentSource extends ByteSource {
  readonly fault: () => StorageFault | undefined;
}

export function sourceOf(storage: LogStorage, name: string): SegmentSource {
  let offset = 0;
  let fault: StorageFault | undefined;
  const readInto = (target: Uint8Array): number => {
    if (fault !== undefined) return 0;
    const got = storage.read(name, offset, target);
    if (!got.ok) {
      fault = got.error;
      return 0;
    }
    offset += got.value;
    return got.value;
  };
  return {
    fault: () => fault,
    readInto,
    read: () => {
      const bytes = new Uint8Array(READ_BYTES);
      const size = readInto(bytes);
      return size === 0 ? undefined : bytes.subarray(0, size);
    },
  };
}

/** Why a segment that was read has no end: the disk, or what a decoder found, with the number of the frame. */
export function scanFault(
  storage: LogStorage,
  ports: TapePorts,
  segment: string,
  at: { readonly source: SegmentSource; readonly reader: { readonly error: TapeError | undefined } },
): WalError | undefined {
  const fault = at.source.fault();
  if (fault !== undefined) return storageError(fault);
  const { error } = at.reader;
  if (error === undefined) return undefined;
  const { code, expected, found, seq, offsetBytes } = error;
  if (code === 'unsupportedVersion') return { code: 'segmentVersion', segment, expected, found };
  return {
    code: 'corruptData',
    segment,
    frame: frameAt(storage, ports, segment, offsetBytes),
    seq,
    offsetBytes,
    expected,
    found,
  };
}

/** Frames that stand before an offset. */
function frameAt(storage: LogStorage, ports: TapePorts, name: string, offsetBytes: number): number {
  const header = readSegmentHeader(storage, ports, name);
  if (!header.ok) return 0;
  const access = {
    sizeBytes: offsetBytes,
    read: (offset: number, into: Uint8Array): number => {
      const got = storage.read(name, offset, into.subarray(0, Math.max(0, offsetBytes - offset)));
      return got.ok ? got.value : 0;
    },
  };
  const { frames } = walkFrames(access, ports, header.value.bytes);
  return frames.data + frames.carry + frames.mark + frames.index + frames.seal;
}

/** The torn end of a segment, or undefined. */
export function tornOf(segment: string, { torn }: EndOfTape): TornSegment | undefined {
  return torn === undefined ? undefined : { segment, ...torn };
}

/**
 * A torn end where nothing may be torn: the next segment begins at `nextSeq`. Where no event is missing it is a seal
 * that was interrupted, in the middle of a compaction: what follows says that all events are whole.
 */
export function tornInside(
  storage: LogStorage,
  ports: TapePorts,
  segment: string,
  { torn }: EndOfTape,
  nextSeq?: number,
): WalError | undefined {
  if (torn === undefined || torn.firstSeq === nextSeq) return undefined;
  const { offsetBytes, firstSeq: seq, reason } = torn;
  const frame = frameAt(storage, ports, segment, offsetBytes);
  const expected = 'an intact end, since another segment follows';
  return { code: 'corruptData', segment, frame, seq, offsetBytes, expected, found: `a bad ${reason}` };
}
