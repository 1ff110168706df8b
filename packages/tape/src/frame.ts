/**
 * The frame: a 120-byte header, then whole records.
 *
 *       0 u32 magic "RPLB"   4 u8 type   5 u8 codec   6 u16 flags (bit 0 MORE)
 *       8 u32 recordCount   12 u32 payloadBytes (≤ 16 MiB)
 *      16 n  firstSeq       24 n  nextSeq       32 n  durableSeq
 *      40 t  firstTime      48 t  lastTime
 *      56 32B kinds bitmap  88 u64 instruments (bit = index mod 64)  96 u64 sources (likewise)
 *     104 u32 payloadCrc   108 u32 prevCrc     112 u32 0             116 u32 headerCrc (of 0..115)
 */
import { NONE, TWO_32 } from '@truetape/contracts';
import type { RecordBuffer } from '@truetape/contracts';
import type { TapePorts } from './ports.ts';

export const FRAME_HEADER_BYTES = 120;
export const PAYLOAD_BYTES_MAX = 16777216;
export const FRAME_MAGIC = 0x424c5052;
/** Frames of one MORE chain that a decoder is willing to hold: a chain counts as a whole or not at all. */
export const CHAIN_BYTES_MAX: number = 4 * PAYLOAD_BYTES_MAX;

export const FRAME_DATA = 1;
export const FRAME_INDEX = 2;
export const FRAME_SEAL = 3;
export const FRAME_CARRY = 4;
export const FRAME_MARK = 5;

/** An absolute time in two halves; all ones when absent. */
export interface WireTime {
  readonly hi: number;
  readonly lo: number;
}

export const NO_TIME: WireTime = { hi: 0xffffffff, lo: 0xffffffff };

/** What the records of a frame have in common: filters skip a frame by it. No bit is ever missing. */
export interface FrameSummary {
  readonly kinds: Uint32Array;
  readonly instruments: Uint32Array;
  readonly sources: Uint32Array;
}

export function createSummary(): FrameSummary {
  return { kinds: new Uint32Array(8), instruments: new Uint32Array(2), sources: new Uint32Array(2) };
}

export function clearSummary(summary: FrameSummary): void {
  summary.kinds.fill(0);
  summary.instruments.fill(0);
  summary.sources.fill(0);
}

/** Adds the records in half words `from` … `to` of a buffer. */
export function addToSummary(summary: FrameSummary, b: RecordBuffer, from: number, to: number): void {
  const { u32 } = b;
  const { kinds, instruments, sources } = summary;
  // Neighbours mostly have the same names: only a change is looked at.
  let last = -1;
  for (let i = from; i < to;) {
    const head = u32[i];
    const names = u32[i + 1];
    kinds[(head >>> 21) & 7] |= 1 << ((head >>> 16) & 31);
    if (names !== last) {
      instruments[(names >>> 5) & 1] |= 1 << (names & 31);
      sources[(names >>> 21) & 1] |= 1 << ((names >>> 16) & 31);
      last = names;
    }
    i += (head & 0xffff) * 2;
  }
}

/** True when the summary has the bit of a kind. */
export function hasKind(summary: FrameSummary, kind: number): boolean {
  return (summary.kinds[kind >>> 5] & (1 << (kind & 31))) !== 0;
}

export function equalSummaries(a: FrameSummary, b: FrameSummary): boolean {
  const same = (x: Uint32Array, y: Uint32Array): boolean => x.every((word, index) => word === y[index]);
  return same(a.kinds, b.kinds) && same(a.instruments, b.instruments) && same(a.sources, b.sources);
}

export interface FrameHeader {
  readonly type: number;
  readonly more: boolean;
  readonly recordCount: number;
  readonly payloadBytes: number;
  readonly firstSeq: number;
  readonly nextSeq: number;
  readonly durableSeq: number;
  readonly firstTime: WireTime;
  readonly lastTime: WireTime;
  readonly summary: FrameSummary;
  readonly payloadCrc: number;
  readonly prevCrc: number;
  readonly headerCrc: number;
}

function setN(view: DataView, at: number, value: number): void {
  view.setInt32(at + 4, Math.floor(value / TWO_32), true);
  view.setUint32(at, value % TWO_32 < 0 ? (value % TWO_32) + TWO_32 : value % TWO_32, true);
}

function getSeq(view: DataView, at: number): number {
  const value = view.getInt32(at + 4, true) * TWO_32 + view.getUint32(at, true);
  return Number.isSafeInteger(value) && value >= 0 ? value : NONE;
}

/** Writes a frame header at the start of `bytes` and returns its CRC. */
export function encodeFrameHeader(
  bytes: Uint8Array,
  frame: Omit<FrameHeader, 'headerCrc'>,
  ports: TapePorts,
): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, FRAME_HEADER_BYTES);
  view.setUint32(0, FRAME_MAGIC, true);
  view.setUint8(4, frame.type);
  view.setUint8(5, 0);
  view.setUint16(6, frame.more ? 1 : 0, true);
  view.setUint32(8, frame.recordCount, true);
  view.setUint32(12, frame.payloadBytes, true);
  setN(view, 16, frame.firstSeq);
  setN(view, 24, frame.nextSeq);
  setN(view, 32, frame.durableSeq);
  for (const [at, time] of [
    [40, frame.firstTime],
    [48, frame.lastTime],
  ] as const) {
    view.setUint32(at, time.lo, true);
    view.setUint32(at + 4, time.hi, true);
  }
  const { kinds, instruments, sources } = frame.summary;
  for (let k = 0; k < 8; k++) view.setUint32(56 + k * 4, kinds[k], true);
  for (let k = 0; k < 2; k++) {
    view.setUint32(88 + k * 4, instruments[k], true);
    view.setUint32(96 + k * 4, sources[k], true);
  }
  view.setUint32(104, frame.payloadCrc, true);
  view.setUint32(108, frame.prevCrc, true);
  view.setUint32(112, 0, true);
  const crc = ports.crc32(bytes.subarray(0, 116));
  view.setUint32(116, crc, true);
  return crc;
}

/** True when the bytes at an offset begin with a frame header whose CRC is right. */
export function isFrameHeader(bytes: Uint8Array, at: number, ports: TapePorts): boolean {
  if (bytes[at] !== 0x52 || bytes[at + 1] !== 0x50 || bytes[at + 2] !== 0x4c || bytes[at + 3] !== 0x42)
    return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, FRAME_HEADER_BYTES);
  return ports.crc32(bytes.subarray(at, at + 116)) === view.getUint32(116, true);
}

/** A frame header as it was found: what its fields may be is for `checkFrame` to say. */
export interface FoundFrame extends FrameHeader {
  readonly codec: number;
  readonly flags: number;
  readonly reserved: number;
}

function halves(view: DataView, from: number, count: number): Uint32Array {
  const values = new Uint32Array(count);
  for (let k = 0; k < count; k++) values[k] = view.getUint32(from + k * 4, true);
  return values;
}

/** Reads a frame header whose CRC is right. Seqs out of range come back as NONE. */
export function decodeFrameHeader(bytes: Uint8Array, at: number): FoundFrame {
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, FRAME_HEADER_BYTES);
  const flags = view.getUint16(6, true);
  return {
    type: view.getUint8(4),
    codec: view.getUint8(5),
    flags,
    reserved: view.getUint32(112, true),
    more: (flags & 1) !== 0,
    recordCount: view.getUint32(8, true),
    payloadBytes: view.getUint32(12, true),
    firstSeq: getSeq(view, 16),
    nextSeq: getSeq(view, 24),
    durableSeq: getSeq(view, 32),
    firstTime: { hi: view.getUint32(44, true), lo: view.getUint32(40, true) },
    lastTime: { hi: view.getUint32(52, true), lo: view.getUint32(48, true) },
    summary: { kinds: halves(view, 56, 8), instruments: halves(view, 88, 2), sources: halves(view, 96, 2) },
    payloadCrc: view.getUint32(104, true),
    prevCrc: view.getUint32(108, true),
    headerCrc: view.getUint32(116, true),
  };
}
