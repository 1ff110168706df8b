/**
 * The writer of tapes. Records gather in one buffer, a frame's worth at a time; an emitter turns each full
 * buffer into a binary frame or into lines of text. Order, hash and Skip are settled here, before that, so
 * that both encodings of the same events have the same hash.
 */
import {
  BLANK,
  Kind,
  RECORD_WORDS_MAX,
  applyDefine,
  canonicalText,
  createRecordOut,
  createTables,
  decodeEvent,
  encodeEvent,
  getN,
  getT,
  isDraft,
  kindName,
  recordFault,
  recordKind,
  recordWords,
  reserveWords,
} from '@truetape/contracts';
import type {
  DefineTables,
  Event,
  JsonObject,
  JsonValue,
  RecordBuffer,
  RecordOut,
} from '@truetape/contracts';
import { assert } from '@truetape/kernel';
import { tapeError } from './errors.ts';
import type { TapeError, TapeErrorCode } from './errors.ts';
import { PAYLOAD_BYTES_MAX, clearSummary, createSummary } from './frame.ts';
import type { FrameSummary, WireTime } from './frame.ts';
import { addToChain, createChain, endChain, pageRoom, sealHash } from './hash-chain.ts';
import type { HashChain } from './hash-chain.ts';
import { epochOf, firstSeqOf } from './header.ts';
import type { TapeHeader } from './header.ts';
import { FOOTER_RESERVED } from './index-frame.ts';
import type { Footer } from './index-frame.ts';
import type { TapePorts } from './ports.ts';

/** A full buffer of records on its way out. */
export interface Block {
  readonly records: RecordOut;
  readonly recordCount: number;
  readonly firstSeq: number;
  readonly nextSeq: number;
  readonly firstTime: WireTime;
  readonly lastTime: WireTime;
  readonly summary: FrameSummary;
  /** The last message goes on in the next block. */
  readonly more: boolean;
}

/** One encoding of a tape. */
export interface Emitter {
  begin(headerJson: string, header: TapeHeader): void;
  block(block: Block): void;
  end(footer: Footer, footerJson: string, chain: HashChain, nextSeq: number): void;
}

export interface WriterConfig {
  readonly header: TapeHeader;
  readonly ports: TapePorts;
  /** Payload at which a frame is closed, at the end of a message. Default 64 KiB. */
  readonly frameBytes?: number;
}

/** What a writer knows while it writes. */
export interface TapeWriter {
  readonly header: TapeHeader;
  readonly headerJson: string;
  readonly emitter: Emitter;
  readonly ports: TapePorts;
  readonly chain: HashChain;
  readonly tables: DefineTables;
  readonly records: RecordOut;
  readonly frameWords: number;
  readonly summary: FrameSummary;
  recordCount: number;
  blockFirstSeq: number;
  /** Seq of the next event. */
  nextSeq: number;
  /** Events written, Skips not counted. */
  count: number;
  lastHi: number;
  lastLo: number;
  /** A message has begun whose last record is not here yet. */
  inMessage: boolean;
  /** How far the records of this block are in the hash chain: words, records, and the seq that stood next. */
  hashedWords: number;
  hashedRecords: number;
  hashedSeq: number;
  ended: boolean;
}

export const FRAME_BYTES = 65536;

/** Starts a tape on an emitter; use `createBinaryWriter` or `createTextWriter`. */
export function createWriter(config: WriterConfig, emitter: Emitter): TapeWriter {
  const { header, ports } = config;
  const headerJson = canonicalText(header as unknown as JsonObject);
  const firstSeq = firstSeqOf(header);
  emitter.begin(headerJson, header);
  return {
    header,
    headerJson,
    emitter,
    ports,
    chain: createChain(ports),
    tables: createTables(),
    records: createRecordOut(epochOf(header), 16384),
    frameWords: (config.frameBytes ?? FRAME_BYTES) >>> 3,
    summary: createSummary(),
    recordCount: 0,
    blockFirstSeq: firstSeq,
    nextSeq: firstSeq,
    count: 0,
    lastHi: 0,
    lastLo: 0,
    inMessage: false,
    hashedWords: 0,
    hashedRecords: 0,
    hashedSeq: firstSeq,
    ended: false,
  };
}

function writeError(writer: TapeWriter, code: TapeErrorCode, expected: string, found: string): TapeError {
  return tapeError(code, { offsetBytes: 0, seq: writer.nextSeq }, expected, found);
}

/** Adds an event at the next seq. The event is encoded at once, so a caller may reuse the object. */
export function writeEvent(writer: TapeWriter, event: Event): TapeError | undefined {
  const { records } = writer;
  const at = records.words;
  const fault = encodeEvent(records, event);
  if (fault !== 0) {
    const field = records.fault ?? recordFault(records, at * 2, fault).field;
    return writeError(
      writer,
      'badRecord',
      'an event that can be encoded',
      `${kindName(event.kind)} with ${field}`,
    );
  }
  const refused = event.kind === Kind.Skip ? skipByHand(writer) : refusal(writer, records, at * 2);
  if (refused === undefined) take(writer, at);
  else records.words = at;
  return refused;
}

/** Adds a checked record of the wire at the given seq, with a Skip before it when seqs are missing. */
export function writeRecord(
  writer: TapeWriter,
  b: RecordBuffer,
  i: number,
  seq: number,
): TapeError | undefined {
  if (seq < writer.nextSeq)
    return writeError(writer, 'seqBackwards', `seq ${writer.nextSeq} or more`, String(seq));
  const refused = refusal(writer, b, i);
  if (refused !== undefined) return refused;
  const { records } = writer;
  if (seq > writer.nextSeq) {
    const at = records.words;
    const timeNs = getT(b, i + 2, records.epoch);
    const fault = encodeEvent(records, { ...BLANK.Skip, timeNs, count: seq - writer.nextSeq });
    assert(fault === 0, 'TAPE-1', 'a Skip before a checked record can be encoded');
    take(writer, at);
  }
  const words = recordWords(b, i);
  reserveWords(records, words);
  const at = records.words;
  const { i32 } = records;
  for (let half = 0, to = at * 2; half < words * 2; half++) i32[to + half] = b.i32[i + half];
  records.words += words;
  take(writer, at);
  return undefined;
}

function skipByHand(writer: TapeWriter): TapeError {
  return writeError(writer, 'badSkip', 'an event; a Skip is written by giving the next seq', 'Skip');
}

/** Reasons to refuse a record; undefined when there is none. A Define that is accepted is in force from here on. */
function refusal(writer: TapeWriter, b: RecordBuffer, i: number): TapeError | undefined {
  const hi = b.u32[i + 3];
  if (hi < writer.lastHi || (hi === writer.lastHi && b.u32[i + 2] < writer.lastLo)) {
    return writeError(writer, 'timeBackwards', 'a time not before the last', 'an earlier one');
  }
  const kind = recordKind(b, i);
  if (isDraft(kind) && writer.header.draft !== true) {
    return writeError(writer, 'draftKind', 'a header with "draft": true', kindName(kind));
  }
  if (kind !== Kind.Define) return undefined;
  const event = decodeEvent(b, i, writer.records.epoch, writer.nextSeq);
  assert(event.kind === Kind.Define, 'TAPE-1');
  const defined = applyDefine(writer.tables, event);
  if (defined.ok) return undefined;
  const { code, table, index, field } = defined.error;
  return writeError(
    writer,
    'badDefine',
    'the next index of its table, with its fields',
    `${code}: ${table} ${index} ${field}`.trimEnd(),
  );
}

/** Counts in the record at word `at`, the last one of the buffer, and closes the block where a frame may end. */
function take(writer: TapeWriter, at: number): void {
  assert(!writer.ended, 'TAPE-2', 'nothing is written behind the end of a tape');
  const { records, summary } = writer;
  const { i32 } = records;
  const i = at * 2;
  const head = i32[i];
  const names = i32[i + 1];
  const kind = (head >>> 16) & 0xff;
  writer.lastLo = records.u32[i + 2];
  writer.lastHi = records.u32[i + 3];
  summary.kinds[kind >>> 5] |= 1 << (kind & 31);
  summary.instruments[(names >>> 5) & 1] |= 1 << (names & 31);
  summary.sources[(names >>> 21) & 1] |= 1 << ((names >>> 16) & 31);
  writer.recordCount += 1;
  if (kind === Kind.Skip) writer.nextSeq += getN(records, i + 4);
  else {
    writer.nextSeq += 1;
    writer.count += 1;
    // Only these kinds come in messages of several records; LAST ends one.
    if ((kind & 0xf0) === 0x20 || (kind >= Kind.Level && kind <= Kind.BookReset))
      writer.inMessage = ((head >>> 24) & 1) === 0;
  }
  if (writer.recordCount - writer.hashedRecords === pageRoom(writer.chain)) hashPending(writer);
  if (records.words < writer.frameWords || kind === Kind.Skip) return;
  if (!writer.inMessage) flushBlock(writer, false);
  else if (records.words > BLOCK_WORDS_MAX) flushBlock(writer, true);
}

/** Beyond this another record, with a Skip before it, might not fit into a frame. */
const BLOCK_WORDS_MAX = PAYLOAD_BYTES_MAX / 8 - RECORD_WORDS_MAX - 4;

function hashPending(writer: TapeWriter): void {
  const { records } = writer;
  const bytes = records.u8.subarray(writer.hashedWords * 8, records.words * 8);
  addToChain(writer.chain, bytes, writer.recordCount - writer.hashedRecords, writer.hashedSeq);
  writer.hashedWords = records.words;
  writer.hashedRecords = writer.recordCount;
  writer.hashedSeq = writer.nextSeq;
}

function flushBlock(writer: TapeWriter, more: boolean): void {
  const { records } = writer;
  if (writer.recordCount === 0) return;
  hashPending(writer);
  writer.emitter.block({
    records,
    recordCount: writer.recordCount,
    firstSeq: writer.blockFirstSeq,
    nextSeq: writer.nextSeq,
    firstTime: { hi: records.u32[3], lo: records.u32[2] },
    lastTime: { hi: writer.lastHi, lo: writer.lastLo },
    summary: writer.summary,
    more,
  });
  clearSummary(writer.summary);
  records.words = 0;
  writer.recordCount = 0;
  writer.hashedWords = 0;
  writer.hashedRecords = 0;
  writer.blockFirstSeq = writer.nextSeq;
}

/** Hands on what has gathered, so that a reader of the unsealed tape sees it. */
export function flushTape(writer: TapeWriter): void {
  flushBlock(writer, false);
}

/** What ended: a tape's size and hashes. */
export interface TapeEnd {
  readonly count: number;
  readonly hash: string;
  readonly seal: string;
}

/** Members of the footer besides those that the writer sets itself. */
export interface FooterExtra {
  readonly of?: string;
  readonly [key: string]: JsonValue | undefined;
}

/** Seals the tape. Nothing can be written behind it. */
export function endTape(writer: TapeWriter, extra: FooterExtra = {}): TapeEnd {
  assert(
    FOOTER_RESERVED.every((key) => key === 'of' || extra[key] === undefined),
    'TAPE-3',
    'the members that a seal vouches for are set by the writer alone',
  );
  flushBlock(writer, false);
  writer.ended = true;
  const { chain, count, headerJson, ports } = writer;
  const hash = endChain(chain);
  const open = { ...(extra as JsonObject), count, hash };
  const seal = sealHash(ports, { headerJson, hash: chain.last, count, footerJson: canonicalText(open) });
  const footer: Footer = { ...open, seal };
  writer.emitter.end(footer, canonicalText(footer as JsonObject), chain, writer.nextSeq);
  return { count, hash, seal };
}
