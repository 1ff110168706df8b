/** Builds tapes byte by byte, right or wrong, without the package: every checksum is right unless it is set otherwise. */
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

export const BASE_TIME = 1764547200000000000n;
export const HEADER_JSON =
  '{"epochNs":"1764547200000000000","observer":"client","producer":{"name":"forge"}}';

/** A record with the given body, of its own size unless `words` says otherwise. */
export function record(
  body: readonly bigint[],
  { kind = 0x89, flags = 0, instrument = 0, source = 0, time = 0n, words = body.length + 2 } = {},
): Buffer {
  const bytes = Buffer.alloc(16 + body.length * 8);
  bytes.writeUInt16LE(words, 0);
  bytes.writeUInt8(kind, 2);
  bytes.writeUInt8(flags, 3);
  bytes.writeUInt16LE(instrument, 4);
  bytes.writeUInt16LE(source, 6);
  bytes.writeBigUInt64LE(BASE_TIME + time, 8);
  for (const [k, word] of body.entries()) bytes.writeBigUInt64LE(BigInt.asUintN(64, word), 16 + k * 8);
  return bytes;
}

const ABSENT = 2n ** 64n - 1n;

/** A Timer (cause absent, timer 1). */
export const timer = (time: bigint): Buffer => record([ABSENT, 1n, BASE_TIME + time], { time });
export const skip = (count: bigint, time: bigint): Buffer => record([count], { kind: 6, time });

/** A record whose payload is the given text behind `fixed` words, the length in the low half of `lengthWord`. */
export function define(table: number, index: number, json: string, time = 0n): Buffer {
  const text = Buffer.from(json);
  const padded = Buffer.concat([text, Buffer.alloc((8 - (text.length % 8)) % 8)]);
  const words = Array.from({ length: padded.length / 8 }, (_, k) => padded.readBigUInt64LE(k * 8));
  return record([BigInt(table) | (BigInt(index) << 32n), BigInt(text.length), ...words], { kind: 1, time });
}

export interface ForgedFrame {
  readonly records?: readonly Buffer[];
  readonly payload?: Buffer;
  readonly type?: number;
  readonly more?: boolean;
  readonly durableSeq?: number;
  /** Changes the finished header; its CRC comes after. */
  readonly set?: (head: Buffer) => void;
  /** Changes the CRCs, too. */
  readonly break?: (frame: Buffer) => void;
}

/** A tape under construction: where its next frame begins and what that must say. */
export interface Forge {
  readonly parts: Buffer[];
  offset: number;
  prevCrc: number;
  seq: bigint;
  count: number;
  time: bigint | undefined;
  hash: Buffer;
  page: Buffer[];
  pageSeq: bigint;
  readonly pages: Buffer[];
  readonly entries: Buffer[];
  entryOffset: number;
  readonly defines: Buffer[];
  indexOffset: number;
  readonly headerJson: string;
}

const sha256 = (...parts: Buffer[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest();

export function u64(value: bigint | number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt.asUintN(64, BigInt(value)));
  return bytes;
}

/** The bytes of a file header; `set` changes them before the CRC. */
export function fileHeader(json: string, set?: (head: Buffer) => void): Buffer {
  const text = Buffer.from(json);
  const head = Buffer.alloc(24);
  Buffer.from('8952504c0d0a1a0a', 'hex').copy(head);
  head.writeUInt16LE(1, 10);
  head.writeUInt32LE(text.length, 12);
  set?.(head);
  head.writeUInt32LE(crc32(text, crc32(head.subarray(0, 16))), 16);
  return Buffer.concat([head, text, Buffer.alloc((8 - (text.length % 8)) % 8)]);
}

export function forge(headerJson = HEADER_JSON): Forge {
  const header = fileHeader(headerJson);
  return {
    parts: [header],
    offset: header.length,
    prevCrc: header.readUInt32LE(16),
    seq: BigInt((JSON.parse(headerJson) as { log?: { baseSeq: number } }).log?.baseSeq ?? 0),
    count: 0,
    time: undefined,
    hash: sha256(Buffer.from('truetape/events/1')),
    page: [],
    pageSeq: 0n,
    pages: [],
    entries: [],
    entryOffset: -Infinity,
    defines: [],
    indexOffset: 0,
    headerJson,
  };
}

function closePage(tape: Forge): void {
  if (tape.page.length === 0) return;
  tape.hash = sha256(tape.hash, ...tape.page);
  tape.pages.push(Buffer.concat([tape.hash, u64(tape.pageSeq)]));
  tape.page = [];
}

/** Counts the records in as events of the tape, and notes in the header what they have in common. */
function summarize(tape: Forge, head: Buffer, records: readonly Buffer[], isCarried: boolean): void {
  for (const one of records) {
    const kind = one.readUInt8(2);
    const bit = (at: number, index: number): void => void (head[at + (index >> 3)] |= 1 << (index & 7));
    bit(56, kind);
    bit(88, one.readUInt16LE(4) % 64);
    bit(96, one.readUInt16LE(6) % 64);
    tape.time = one.readBigUInt64LE(8);
    if (isCarried) continue;
    if (tape.page.length === 0) tape.pageSeq = tape.seq;
    tape.page.push(one);
    tape.seq += kind === 6 ? one.readBigInt64LE(16) : 1n;
    tape.count += kind === 6 ? 0 : 1;
    if (tape.page.length === 4096) closePage(tape);
  }
}

/** Adds a frame; a data frame with the given records, unless told otherwise. */
export function addFrame(tape: Forge, frame: ForgedFrame): Forge {
  const { records = [], type = 1, more = false, durableSeq = 0 } = frame;
  const payload = frame.payload ?? Buffer.concat(records);
  const head = Buffer.alloc(120);
  head.write('RPLB', 'latin1');
  head.writeUInt8(type, 4);
  head.writeUInt16LE(more ? 1 : 0, 6);
  head.writeUInt32LE(records.length, 8);
  head.writeUInt32LE(payload.length, 12);
  u64(tape.seq).copy(head, 16);
  u64(durableSeq).copy(head, 32);
  const firstTime = records[0]?.readBigUInt64LE(8) ?? tape.time ?? ABSENT;
  if (type === 1 && tape.offset - tape.entryOffset >= 65536) {
    tape.entries.push(u64(firstTime), u64(tape.seq), u64(tape.offset));
    tape.entryOffset = tape.offset;
  }
  if (type === 4 || (type === 1 && records.some((one) => one.readUInt8(2) === 1)))
    tape.defines.push(u64(tape.offset));
  summarize(tape, head, records, type === 4);
  u64(tape.seq).copy(head, 24);
  u64(firstTime).copy(head, 40);
  u64(tape.time ?? ABSENT).copy(head, 48);
  head.writeUInt32LE(crc32(payload), 104);
  head.writeUInt32LE(tape.prevCrc, 108);
  frame.set?.(head);
  head.writeUInt32LE(crc32(head.subarray(0, 116)), 116);
  const whole = Buffer.concat([head, payload]);
  frame.break?.(whole);
  tape.prevCrc = whole.readUInt32LE(116);
  tape.parts.push(whole);
  tape.offset += whole.length;
  return tape;
}

export interface ForgedSeal {
  /** Changes parts of the index payload before it is framed. */
  readonly index?: (index: Buffer) => Buffer;
  readonly indexFrame?: Partial<ForgedFrame>;
  readonly footer?: (footer: Record<string, unknown>) => Record<string, unknown>;
  readonly footerJson?: (json: string) => string;
  /** Changes the trailer before its CRC. */
  readonly trailer?: (trailer: Buffer) => void;
  readonly sealFrame?: Partial<ForgedFrame>;
  /** Whether the seal is computed over the footer as changed. Default: yes. */
  readonly isSealed?: boolean;
}

/** Adds index and seal. */
export function addSeal(tape: Forge, options: ForgedSeal = {}): Forge {
  closePage(tape);
  const head = Buffer.alloc(16);
  head.writeUInt32LE(tape.entries.length / 3, 0);
  head.writeUInt32LE(tape.defines.length, 4);
  head.writeUInt32LE(tape.pages.length, 8);
  const index = Buffer.concat([head, ...tape.entries, ...tape.defines, ...tape.pages]);
  tape.indexOffset = tape.offset;
  addFrame(tape, { type: 2, payload: options.index?.(index) ?? index, ...options.indexFrame });
  const plain = { count: tape.count, hash: tape.hash.toString('hex') };
  const open = options.footer?.(plain) ?? plain;
  const sorted = (value: Record<string, unknown>): string =>
    JSON.stringify(Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))));
  const seal = sha256(
    Buffer.from('truetape/seal/1'),
    sha256(Buffer.from(tape.headerJson)),
    Buffer.from(String(open['hash']), 'hex'),
    u64(BigInt(open['count'] as number)),
    sha256(Buffer.from(sorted(options.isSealed === false ? plain : open))),
  ).toString('hex');
  const canonical = sorted({ seal, ...open });
  const json = Buffer.from(options.footerJson?.(canonical) ?? canonical);
  const trailer = Buffer.alloc(32);
  trailer.writeBigUInt64LE(BigInt(tape.indexOffset), 0);
  trailer.writeBigUInt64LE(BigInt(tape.offset), 8);
  trailer.writeBigUInt64LE(BigInt(tape.count), 16);
  options.trailer?.(trailer);
  trailer.writeUInt32LE(crc32(trailer.subarray(0, 24)), 24);
  trailer.write('LPRZ', 28, 'latin1');
  const payload = Buffer.concat([json, Buffer.alloc((8 - (json.length % 8)) % 8), trailer]);
  return addFrame(tape, { type: 3, payload, ...options.sealFrame });
}

export function fileOf(tape: Forge): Buffer {
  return Buffer.concat(tape.parts);
}

/** A sealed tape of frames. */
export function sealed(frames: readonly ForgedFrame[], options?: ForgedSeal, headerJson?: string): Buffer {
  const tape = forge(headerJson);
  for (const frame of frames) addFrame(tape, frame);
  return fileOf(addSeal(tape, options));
}

/** An unsealed tape of frames. */
export function unsealed(frames: readonly ForgedFrame[], headerJson?: string): Buffer {
  const tape = forge(headerJson);
  for (const frame of frames) addFrame(tape, frame);
  return fileOf(tape);
}
