/** Random access to a sealed tape through its index. */
import {
  Kind,
  applyDefine,
  checkRecord,
  createTables,
  decodeEvent,
  recordKind,
  recordWords,
  viewRecords,
} from '@truetape/contracts';
import type { DefineTables, Epoch, RecordBuffer } from '@truetape/contracts';
import { createBinaryDecoder } from './binary-decoder.ts';
import { tapeError } from './errors.ts';
import type { Place, TapeError } from './errors.ts';
import {
  FRAME_HEADER_BYTES,
  FRAME_INDEX,
  FRAME_SEAL,
  PAYLOAD_BYTES_MAX,
  decodeFrameHeader,
  isFrameHeader,
} from './frame.ts';
import type { FrameHeader } from './frame.ts';
import { FIXED_HEADER_BYTES, decodeFileHeader, epochOf } from './header.ts';
import type { FileHeader } from './header.ts';
import { TRAILER_BYTES, decodeIndex, decodeSeal, decodeTrailer } from './index-frame.ts';
import type { Footer, TapeIndex } from './index-frame.ts';
import type { RandomAccess, TapePorts } from './ports.ts';
import { createReader } from './reader.ts';
import type { TapeReader } from './reader.ts';
import type { DecoderOptions } from './step.ts';

/** A sealed tape that is open for random access. */
export interface IndexedTape {
  readonly access: RandomAccess;
  readonly ports: TapePorts;
  readonly file: FileHeader;
  readonly index: TapeIndex;
  readonly footer: Footer;
  /** Where the events end and the index begins. */
  readonly indexOffset: number;
}

function readBytes(access: RandomAccess, offset: number, size: number): Uint8Array | undefined {
  if (offset < 0 || size < 0 || offset + size > access.sizeBytes) return undefined;
  const bytes = new Uint8Array(size);
  return access.read(offset, bytes) === size ? bytes : undefined;
}

function readFrame(
  access: RandomAccess,
  ports: TapePorts,
  offset: number,
): { readonly frame: FrameHeader; readonly payload: Uint8Array } | undefined {
  const head = readBytes(access, offset, FRAME_HEADER_BYTES);
  if (head === undefined || !isFrameHeader(head, 0, ports)) return undefined;
  const frame = decodeFrameHeader(head, 0);
  if (frame.payloadBytes > PAYLOAD_BYTES_MAX) return undefined;
  const payload = readBytes(access, offset + FRAME_HEADER_BYTES, frame.payloadBytes);
  return payload !== undefined && ports.crc32(payload) === frame.payloadCrc ? { frame, payload } : undefined;
}

function readHeader(access: RandomAccess, ports: TapePorts): FileHeader | TapeError {
  const fixed = readBytes(access, 0, Math.min(FIXED_HEADER_BYTES, access.sizeBytes)) ?? new Uint8Array(0);
  let read = decodeFileHeader(fixed, ports);
  if ('need' in read) {
    const whole = readBytes(access, 0, read.need);
    if (whole === undefined)
      return tapeError('badHeader', { offsetBytes: 0, seq: 0 }, `${read.need} bytes`, 'fewer');
    read = decodeFileHeader(whole, ports);
  }
  if ('need' in read)
    return tapeError('badHeader', { offsetBytes: 0, seq: 0 }, `${read.need} bytes`, 'fewer');
  return read.ok ? read.value : read.error;
}

function readIndexPayload(
  access: RandomAccess,
  ports: TapePorts,
  from: number,
  to: number,
): Uint8Array | undefined {
  const parts: Uint8Array[] = [];
  let size = 0;
  for (let offset = from; offset < to;) {
    const read = readFrame(access, ports, offset);
    if (read === undefined || read.frame.type !== FRAME_INDEX) return undefined;
    parts.push(read.payload);
    size += read.payload.length;
    offset += FRAME_HEADER_BYTES + read.payload.length;
    if (offset > to) return undefined;
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Opens a sealed binary tape by its last bytes. `unsealed` when it has no trailer; reading it in order still works. */
export function openIndexed(access: RandomAccess, ports: TapePorts): IndexedTape | TapeError {
  const file = readHeader(access, ports);
  if ('code' in file) return file;
  const end = { offsetBytes: access.sizeBytes, seq: 0 };
  const tail = readBytes(access, access.sizeBytes - TRAILER_BYTES, TRAILER_BYTES);
  const trailer = tail === undefined ? undefined : decodeTrailer(tail, ports);
  if (trailer === undefined) return tapeError('unsealed', end, 'a trailer', 'none');
  const { indexOffset, sealOffset } = trailer;
  const read = readFrame(access, ports, sealOffset);
  const seal =
    read === undefined || read.frame.type !== FRAME_SEAL ? undefined : decodeSeal(read.payload, ports);
  const place = { offsetBytes: sealOffset, seq: 0 };
  const sealEnd = sealOffset + FRAME_HEADER_BYTES + (read?.payload.length ?? 0);
  if (seal === undefined || seal.trailer.sealOffset !== sealOffset || sealEnd !== access.sizeBytes) {
    return tapeError('badSeal', place, 'the seal that the trailer points to', 'other bytes');
  }
  const payload = readIndexPayload(access, ports, indexOffset, sealOffset);
  const index = payload === undefined ? undefined : decodeIndex(payload);
  if (index === undefined) {
    return tapeError(
      'badIndex',
      { offsetBytes: indexOffset, seq: 0 },
      'the index that the trailer points to',
      'other bytes',
    );
  }
  return { access, ports, file, index, footer: seal.footer, indexOffset };
}

/** Tables from the Define frames before an offset. */
function tablesBefore(tape: IndexedTape, offset: number): DefineTables | TapeError {
  const tables = createTables();
  for (const offsetBytes of tape.index.defineFrames) {
    if (offsetBytes >= offset) break;
    const read = readFrame(tape.access, tape.ports, offsetBytes);
    if (read === undefined)
      return tapeError('corrupt', { offsetBytes, seq: 0 }, 'an intact Define frame', 'a bad one');
    const place = { offsetBytes, seq: read.frame.firstSeq };
    const wrong = takeDefines(tables, viewRecords(read.payload), epochOf(tape.file.header), place);
    if (wrong !== undefined) return wrong;
  }
  return tables;
}

/** Puts the Defines of a frame in force. */
function takeDefines(
  tables: DefineTables,
  records: RecordBuffer,
  epoch: Epoch,
  place: Place,
): TapeError | undefined {
  const end = records.u32.length;
  for (let i = 0; i < end; i += recordWords(records, i) * 2) {
    if (checkRecord(records, i, (end - i) >>> 1, epoch) !== 0)
      return tapeError('badRecord', place, 'canonical records in a Define frame', 'another');
    if (recordKind(records, i) !== Kind.Define) continue;
    const event = decodeEvent(records, i, epoch, place.seq);
    if (event.kind !== Kind.Define || !applyDefine(tables, event).ok)
      return tapeError('badDefine', place, 'the next index of its table, with its fields', 'another');
  }
  return undefined;
}

/** A reader that starts at an offset; reads blocks of the file, and skips what its decoder does not want. */
function readerFrom(
  tape: IndexedTape,
  entry: { offsetBytes: number; firstSeq: number },
  options: DecoderOptions,
): TapeReader | TapeError {
  const tables = tablesBefore(tape, entry.offsetBytes);
  if ('code' in tables) return tables;
  const resume = { file: tape.file, tables, offsetBytes: entry.offsetBytes, nextSeq: entry.firstSeq };
  let position = entry.offsetBytes;
  const block = new Uint8Array(1 << 17);
  return createReader(createBinaryDecoder(options, resume), {
    read: () => {
      const size = tape.access.read(position, block);
      position += size;
      return size === 0 ? undefined : block.subarray(0, size);
    },
    skip: (bytes) => {
      position += bytes;
    },
  });
}

/** Last index for which `isBefore` holds, given that it holds for a prefix; −1 for none. */
function lastWhere<T>(items: readonly T[], isBefore: (item: T) => boolean): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBefore(items[middle])) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function readerAtEntry(tape: IndexedTape, entry: number, options: DecoderOptions): TapeReader | TapeError {
  const start = { offsetBytes: tape.file.bytes, firstSeq: tape.file.header.log?.baseSeq ?? 0 };
  return readerFrom(tape, entry < 0 ? start : tape.index.entries[entry], options);
}

/** A reader that starts at the last indexed frame that begins at a seq or before it. */
export function seekSeq(tape: IndexedTape, seq: number, options: DecoderOptions): TapeReader | TapeError {
  return readerAtEntry(
    tape,
    lastWhere(tape.index.entries, (entry) => entry.firstSeq <= seq),
    options,
  );
}

/** A reader that starts at an indexed frame, before the first event at or after a time (absolute Unix ns). */
export function seekTime(tape: IndexedTape, unixNs: bigint, options: DecoderOptions): TapeReader | TapeError {
  const isBefore = (entry: { firstTime: { hi: number; lo: number } }): boolean =>
    (BigInt(entry.firstTime.hi) << 32n) + BigInt(entry.firstTime.lo) < unixNs;
  return readerAtEntry(tape, lastWhere(tape.index.entries, isBefore), options);
}
