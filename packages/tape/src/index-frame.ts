/**
 * The index of a sealed tape, and the seal behind it.
 *
 *     index payload: u32 entries | u32 defineFrames | u32 pages | u32 0
 *                    entries     {t firstTime, n firstSeq, u64 offset}   a frame about every 64 KiB
 *                    defines     {u64 offset}                            frames that contain Define
 *                    pages       {32B hash, n firstSeq}                  firstSeq: the next seq where the page begins
 *     seal payload:  canonical footer JSON, zero padded to 8
 *                    u64 indexOffset | u64 sealOffset | u64 count | u32 crc of these 24 bytes | u32 "LPRZ"
 */
import { decodeUtf8, parseCanonicalObject, utf8Length } from '@truetape/contracts';
import type { JsonObject } from '@truetape/contracts';
import type { WireTime } from './frame.ts';
import type { Page } from './hash-chain.ts';
import type { TapePorts } from './ports.ts';

export const TRAILER_BYTES = 32;
export const TRAILER_MAGIC = 0x5a52504c;
/** Frames closer together than this share an index entry. */
export const INDEX_STRIDE_BYTES = 65536;

const HEAD_BYTES = 16;
const ENTRY_BYTES = 24;
const DEFINE_BYTES = 8;
const PAGE_BYTES = 40;

export interface IndexEntry {
  readonly firstTime: WireTime;
  readonly firstSeq: number;
  readonly offsetBytes: number;
}

export interface TapeIndex {
  readonly entries: readonly IndexEntry[];
  /** Offsets of frames that contain Define. */
  readonly defineFrames: readonly number[];
  readonly pages: readonly Page[];
}

/** Bytes of an index payload; they may span several frames. */
export function encodeIndex(index: TapeIndex): Uint8Array {
  const { entries, defineFrames, pages } = index;
  const size =
    HEAD_BYTES +
    entries.length * ENTRY_BYTES +
    defineFrames.length * DEFINE_BYTES +
    pages.length * PAGE_BYTES;
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, entries.length, true);
  view.setUint32(4, defineFrames.length, true);
  view.setUint32(8, pages.length, true);
  let at = HEAD_BYTES;
  for (const entry of entries) {
    view.setUint32(at, entry.firstTime.lo, true);
    view.setUint32(at + 4, entry.firstTime.hi, true);
    view.setBigInt64(at + 8, BigInt(entry.firstSeq), true);
    view.setBigUint64(at + 16, BigInt(entry.offsetBytes), true);
    at += ENTRY_BYTES;
  }
  for (const offset of defineFrames) {
    view.setBigUint64(at, BigInt(offset), true);
    at += DEFINE_BYTES;
  }
  for (const page of pages) {
    bytes.set(page.hash, at);
    view.setBigInt64(at + 32, BigInt(page.firstSeq), true);
    at += PAGE_BYTES;
  }
  return bytes;
}

function isRising(values: readonly number[]): boolean {
  return values.every(
    (value, k) => Number.isSafeInteger(value) && value >= 0 && (k === 0 || value >= values[k - 1]),
  );
}

/** Reads an index payload; undefined when its size or order contradicts itself. */
export function decodeIndex(bytes: Uint8Array): TapeIndex | undefined {
  if (bytes.length < HEAD_BYTES) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const [entryCount, defineCount, pageCount] = [0, 4, 8].map((at) => view.getUint32(at, true));
  const size = HEAD_BYTES + entryCount * ENTRY_BYTES + defineCount * DEFINE_BYTES + pageCount * PAGE_BYTES;
  if (bytes.length !== size || view.getUint32(12, true) !== 0) return undefined;
  let at = HEAD_BYTES;
  const entries: IndexEntry[] = [];
  for (let k = 0; k < entryCount; k++, at += ENTRY_BYTES) {
    entries.push({
      firstTime: { lo: view.getUint32(at, true), hi: view.getUint32(at + 4, true) },
      firstSeq: Number(view.getBigInt64(at + 8, true)),
      offsetBytes: Number(view.getBigUint64(at + 16, true)),
    });
  }
  const defineFrames: number[] = [];
  for (let k = 0; k < defineCount; k++, at += DEFINE_BYTES)
    defineFrames.push(Number(view.getBigUint64(at, true)));
  const pages: Page[] = [];
  for (let k = 0; k < pageCount; k++, at += PAGE_BYTES) {
    pages.push({ hash: bytes.slice(at, at + 32), firstSeq: Number(view.getBigInt64(at + 32, true)) });
  }
  const ordered =
    isRising(entries.map((entry) => entry.firstSeq)) &&
    isRising(entries.map((entry) => entry.offsetBytes)) &&
    isRising(defineFrames) &&
    isRising(pages.map((page) => page.firstSeq));
  return ordered ? { entries, defineFrames, pages } : undefined;
}

/** Where index and seal of a sealed tape lie: its last 32 bytes. */
export interface Trailer {
  readonly indexOffset: number;
  readonly sealOffset: number;
  readonly count: number;
}

export function encodeTrailer(trailer: Trailer, ports: TapePorts): Uint8Array {
  const bytes = new Uint8Array(TRAILER_BYTES);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(trailer.indexOffset), true);
  view.setBigUint64(8, BigInt(trailer.sealOffset), true);
  view.setBigUint64(16, BigInt(trailer.count), true);
  view.setUint32(24, ports.crc32(bytes.subarray(0, 24)), true);
  view.setUint32(28, TRAILER_MAGIC, true);
  return bytes;
}

/** Reads the last 32 bytes of a file; undefined when they are no trailer. */
export function decodeTrailer(bytes: Uint8Array, ports: TapePorts): Trailer | undefined {
  if (bytes.length !== TRAILER_BYTES) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, TRAILER_BYTES);
  if (view.getUint32(28, true) !== TRAILER_MAGIC) return undefined;
  if (view.getUint32(24, true) !== ports.crc32(bytes.subarray(0, 24))) return undefined;
  const [indexOffset, sealOffset, count] = [0, 8, 16].map((at) => Number(view.getBigUint64(at, true)));
  return [indexOffset, sealOffset, count].every(Number.isSafeInteger)
    ? { indexOffset, sealOffset, count }
    : undefined;
}

/** What is known of a tape once it has ended. Further members are the producer's (data quality, build). */
export interface Footer {
  readonly count: number;
  /** Hash of the events. */
  readonly hash: string;
  readonly seal: string;
  /** For an extract: hash of the whole that it was taken from. */
  readonly of?: string;
  readonly [key: string]: JsonObject[string] | undefined;
}

/** Longest footer JSON, as of header JSON: it is held in memory, and in a text tape it is one line. */
export const FOOTER_JSON_MAX = 1048576;

/** Members that the writer sets; a producer's own may not use these names. */
export const FOOTER_RESERVED: readonly string[] = ['count', 'hash', 'of', 'seal'];

/** Reads footer JSON; undefined when it is too long, not canonical or lacks a member. */
export function parseFooter(json: string): Footer | undefined {
  if (utf8Length(json) > FOOTER_JSON_MAX) return undefined;
  const parsed = parseCanonicalObject(json);
  if (!parsed.ok) return undefined;
  const { count, hash, seal, of } = parsed.value;
  const isHash = (value: unknown): boolean => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
  const right =
    typeof count === 'number' &&
    count >= 0 &&
    isHash(hash) &&
    isHash(seal) &&
    (of === undefined || isHash(of));
  return right ? (parsed.value as unknown as Footer) : undefined;
}

/** Splits a seal payload into footer JSON and trailer; undefined when either is wrong. */
export function decodeSeal(
  payload: Uint8Array,
  ports: TapePorts,
): { readonly footer: Footer; readonly json: string; readonly trailer: Trailer } | undefined {
  const trailer = decodeTrailer(payload.slice(-TRAILER_BYTES), ports);
  let end = payload.length - TRAILER_BYTES;
  // The JSON ends in a brace, so that what is zero behind it is padding.
  const paddedEnd = end;
  while (end > 0 && payload[end - 1] === 0) end -= 1;
  const json = end > 0 && paddedEnd - end < 8 ? decodeUtf8(payload, 0, end) : undefined;
  const footer = json === undefined ? undefined : parseFooter(json);
  return trailer === undefined || footer === undefined || json === undefined
    ? undefined
    : { footer, json, trailer };
}
