/**
 * A reader of binary tapes as plain as the format allows, written from docs/formats/rpl.md and sharing nothing with
 * the package: whole file in memory, one bigint after the other, and a throw at the first thing that is not as it should be.
 */
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

export interface ReferenceFrame {
  readonly offset: number;
  readonly type: number;
  readonly more: boolean;
  readonly firstSeq: bigint;
  readonly nextSeq: bigint;
}

export interface ReferenceTape {
  readonly headerJson: string;
  readonly frames: readonly ReferenceFrame[];
  readonly seqs: readonly number[];
  readonly records: Buffer;
  readonly hash: string;
  /** Footer JSON of a sealed tape. */
  readonly footerJson: string | undefined;
}

type PageEntry = { readonly hash: Buffer; readonly firstSeq: bigint };

const sha256 = (...parts: Buffer[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest();
const ascii = (text: string): Buffer => Buffer.from(text, 'ascii');

function demand(condition: boolean, what: string): void {
  if (!condition) throw new Error(what);
}

function readFileHeader(file: Buffer): { json: string; size: number; crc: number } {
  demand(file.subarray(0, 8).equals(Buffer.from('8952504c0d0a1a0a', 'hex')), 'magic');
  demand(file.readUInt16LE(8) === 0 && file.readUInt16LE(10) === 1, 'version 0.1');
  const jsonBytes = file.readUInt32LE(12);
  demand(jsonBytes <= 2 ** 20, 'header size');
  const json = file.subarray(24, 24 + jsonBytes);
  const crc = crc32(Buffer.concat([file.subarray(0, 16), json]));
  demand(file.readUInt32LE(16) === crc && file.readUInt32LE(20) === 0, 'header crc');
  const size = 24 + jsonBytes + ((8 - (jsonBytes % 8)) % 8);
  demand(
    file.subarray(24 + jsonBytes, size).every((byte) => byte === 0),
    'header padding',
  );
  return { json: json.toString('utf8'), size, crc };
}

/** What the header of a frame must say of its records. */
interface Summary {
  firstTime: bigint;
  lastTime: bigint;
  kinds: bigint;
  instruments: bigint;
  sources: bigint;
}

export function readReference(file: Buffer): ReferenceTape {
  const header = readFileHeader(file);
  const frames: ReferenceFrame[] = [];
  const seqs: number[] = [];
  const records: Buffer[] = [];
  const pages: PageEntry[] = [];
  const entries: { time: bigint; seq: bigint; offset: bigint }[] = [];
  const defines: bigint[] = [];
  const indexParts: Buffer[] = [];
  let page: Buffer[] = [];
  let pageSeq = 0n;
  let hash = sha256(ascii('truetape/events/1'));
  let seq = BigInt((JSON.parse(header.json) as { log?: { baseSeq: number } }).log?.baseSeq ?? 0);
  let prevCrc = header.crc;
  let time = 0n;
  let afterSkip = false;
  let sealPayload: Buffer | undefined;
  let indexOffset = 0;

  const closePage = (): void => {
    hash = sha256(hash, ...page);
    pages.push({ hash, firstSeq: pageSeq });
    page = [];
  };
  const readRecords = (payload: Buffer): Summary & { count: number } => {
    const sum = {
      firstTime: payload.readBigUInt64LE(8),
      lastTime: 0n,
      kinds: 0n,
      instruments: 0n,
      sources: 0n,
      count: 0,
    };
    for (let at = 0; at < payload.length; sum.count++) {
      const size = payload.readUInt16LE(at) * 8;
      demand(size >= 16 && at + size <= payload.length, 'record size');
      const kind = payload.readUInt8(at + 2);
      const recordTime = payload.readBigUInt64LE(at + 8);
      demand(kind !== 0 && payload.readUInt8(at + 3) < 0x80, 'kind and flags');
      demand(recordTime >= time, 'time order');
      demand(!afterSkip || (recordTime === time && kind !== 6), 'what follows a Skip');
      time = recordTime;
      sum.lastTime = recordTime;
      sum.kinds |= 1n << BigInt(kind);
      sum.instruments |= 1n << BigInt(payload.readUInt16LE(at + 4) % 64);
      sum.sources |= 1n << BigInt(payload.readUInt16LE(at + 6) % 64);
      if (page.length === 0) pageSeq = seq;
      page.push(payload.subarray(at, at + size));
      afterSkip = kind === 6;
      if (afterSkip) seq += payload.readBigInt64LE(at + 16);
      else {
        seqs.push(Number(seq));
        seq += 1n;
      }
      if (page.length === 4096) closePage();
      at += size;
    }
    demand(!afterSkip, 'a record behind a Skip');
    return sum;
  };

  for (let at = header.size; at < file.length;) {
    demand(sealPayload === undefined, 'nothing behind the seal');
    const head = file.subarray(at, at + 120);
    demand(head.length === 120 && head.toString('latin1', 0, 4) === 'RPLB', 'frame magic');
    demand(crc32(head.subarray(0, 116)) === head.readUInt32LE(116), 'frame header crc');
    demand(head.readUInt32LE(108) === prevCrc, 'chain of frames');
    demand(
      head.readUInt8(5) === 0 && head.readUInt16LE(6) < 2 && head.readUInt32LE(112) === 0,
      'codec, flags, zero',
    );
    const type = head.readUInt8(4);
    const size = head.readUInt32LE(12);
    const payload = file.subarray(at + 120, at + 120 + size);
    demand(payload.length === size && size <= 2 ** 24 && size % 8 === 0, 'payload size');
    demand(crc32(payload) === head.readUInt32LE(104), 'payload crc');
    demand(head.readBigInt64LE(16) === seq, 'first seq');
    if (type === 1) {
      demand(indexParts.length === 0, 'data before the index');
      const firstSeq = seq;
      const sum = readRecords(payload);
      demand(head.readUInt32LE(8) === sum.count, 'record count');
      demand(
        head.readBigUInt64LE(40) === sum.firstTime && head.readBigUInt64LE(48) === sum.lastTime,
        'times',
      );
      demand(bits(head, 56, 4) === sum.kinds, 'kinds');
      demand(
        bits(head, 88, 1) === sum.instruments && bits(head, 96, 1) === sum.sources,
        'instruments and sources',
      );
      const last = entries.at(-1);
      if (last === undefined || BigInt(at) - last.offset >= 65536n)
        entries.push({ time: sum.firstTime, seq: firstSeq, offset: BigInt(at) });
      if ((sum.kinds & 2n) !== 0n) defines.push(BigInt(at));
      records.push(payload);
    } else {
      demand(type === 2 || type === 3 || type === 5, 'a type that a tape has');
      demand(head.readUInt32LE(8) === 0, 'no records in index, seal and mark');
      if (type === 5) demand(size === 0, 'nothing in a mark');
      else if (type === 2) {
        if (indexParts.length === 0) indexOffset = at;
        indexParts.push(payload);
      } else {
        demand(indexParts.length > 0, 'index before seal');
        sealPayload = payload;
        demand(payload.readBigUInt64LE(size - 32) === BigInt(indexOffset), 'index offset');
        demand(payload.readBigUInt64LE(size - 24) === BigInt(at), 'seal offset');
      }
    }
    demand(head.readBigInt64LE(24) === seq, 'next seq');
    const more = head.readUInt16LE(6) === 1;
    frames.push({ offset: at, type, more, firstSeq: head.readBigInt64LE(16), nextSeq: seq });
    prevCrc = head.readUInt32LE(116);
    at += 120 + size;
  }
  if (page.length > 0) closePage();
  const tape = {
    headerJson: header.json,
    frames,
    seqs,
    records: Buffer.concat(records),
    hash: hash.toString('hex'),
  };
  if (sealPayload === undefined) {
    demand(indexParts.length === 0, 'a seal behind the index');
    return { ...tape, footerJson: undefined };
  }
  demand(Buffer.concat(indexParts).equals(indexBytes(entries, defines, pages)), 'index');
  return { ...tape, footerJson: checkSeal(sealPayload, header.json, hash, seqs.length) };
}

/** A bitmap of 64-bit words as one number. */
function bits(head: Buffer, at: number, words: number): bigint {
  let value = 0n;
  for (let k = 0; k < words; k++) value |= head.readBigUInt64LE(at + k * 8) << BigInt(k * 64);
  return value;
}

function u64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return bytes;
}

function indexBytes(
  entries: readonly { time: bigint; seq: bigint; offset: bigint }[],
  defines: readonly bigint[],
  pages: readonly PageEntry[],
): Buffer {
  const head = Buffer.alloc(16);
  head.writeUInt32LE(entries.length, 0);
  head.writeUInt32LE(defines.length, 4);
  head.writeUInt32LE(pages.length, 8);
  return Buffer.concat([
    head,
    ...entries.flatMap((entry) => [u64(entry.time), u64(entry.seq), u64(entry.offset)]),
    ...defines.map(u64),
    ...pages.flatMap((page) => [page.hash, u64(page.firstSeq)]),
  ]);
}

function checkSeal(payload: Buffer, headerJson: string, hash: Buffer, count: number): string {
  const size = payload.length;
  demand(payload.readBigUInt64LE(size - 16) === BigInt(count), 'trailer count');
  demand(payload.readUInt32LE(size - 8) === crc32(payload.subarray(size - 32, size - 8)), 'trailer crc');
  demand(payload.toString('latin1', size - 4) === 'LPRZ', 'trailer magic');
  const json = payload.toString('utf8', 0, size - 32).replace(/\0{0,7}$/, '');
  const footer = JSON.parse(json) as { hash: string; count: number; seal: string };
  demand(footer.hash === hash.toString('hex') && footer.count === count, 'hash and count of the footer');
  const open = JSON.stringify(Object.fromEntries(Object.entries(footer).filter(([key]) => key !== 'seal')));
  const seal = sha256(
    ascii('truetape/seal/1'),
    sha256(Buffer.from(headerJson)),
    hash,
    u64(BigInt(count)),
    sha256(Buffer.from(open)),
  );
  demand(footer.seal === seal.toString('hex'), 'seal');
  return json;
}
