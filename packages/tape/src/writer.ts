/**
 * The writer of tapes. Records gather in one buffer, a frame's worth at a time; an emitter turns each full
 * buffer into a binary frame or into lines of text. Order, hash and Skip are settled here, before that, so
 * that both encodings of the same events have the same hash.
 */
import {
  BLANK,
  Kind,
  N_MAX,
  RECORD_WORDS_MAX,
  applyDefine,
  canonicalText,
  checkTime,
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
import type { Event, JsonObject, JsonValue, RecordBuffer } from '@truetape/contracts';
import { assert } from '@truetape/kernel';
import { tapeError } from './errors.ts';
import type { TapeError, TapeErrorCode } from './errors.ts';
import {
  CHAIN_BYTES_MAX,
  FRAME_HEADER_BYTES,
  PAYLOAD_BYTES_MAX,
  addToSummary,
  clearSummary,
  createSummary,
} from './frame.ts';
import { addToChain, createChain, endChain, pageRoom, sealHash } from './hash-chain.ts';
import { epochOf, firstSeqOf, parseHeaderJson } from './header.ts';
import { FOOTER_RESERVED, parseFooter } from './index-frame.ts';
import { SPECIAL } from './run-check.ts';
import type { Footer } from './index-frame.ts';
import type { Emitter, TapeWriter, WriterConfig, WriterStart } from './writer-state.ts';

export const FRAME_BYTES = 65536;

/** Starts a tape on an emitter, or goes on where `start` says; use `createBinaryWriter` or `createTextWriter`. */
export function createWriter(config: WriterConfig, emitter: Emitter, start?: WriterStart): TapeWriter {
  const { header, ports } = config;
  const headerJson = canonicalText(header as unknown as JsonObject);
  assert(parseHeaderJson(headerJson).ok, 'TAPE-6', 'a header that a reader accepts');
  const nextSeq = start?.nextSeq ?? firstSeqOf(header);
  if (start === undefined) emitter.begin(headerJson, header);
  return {
    header,
    headerJson,
    emitter,
    ports,
    chain: start?.chain ?? createChain(ports),
    tables: start?.tables ?? createTables(),
    records: createRecordOut(epochOf(header), 16384),
    frameWords:
      config.byCommit === true
        ? BLOCK_WORDS_MAX
        : Math.min(Math.floor((config.frameBytes ?? FRAME_BYTES) / 8), BLOCK_WORDS_MAX),
    byCommit: config.byCommit === true,
    summary: createSummary(),
    recordCount: 0,
    blockFirstSeq: nextSeq,
    nextSeq,
    count: start?.count ?? 0,
    lastHi: start?.lastHi ?? -1,
    lastLo: start?.lastLo ?? 0,
    inMessage: false,
    flushDue: false,
    chainBytes: 0,
    hashedWords: 0,
    hashedRecords: 0,
    hashedSeq: nextSeq,
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
  if (!isOrdinary(writer, records, at * 2)) {
    const refused = refusal(writer, records, at * 2);
    if (refused !== undefined) {
      records.words = at;
      return refused;
    }
  }
  if (at > BLOCK_WORDS_MAX) {
    // The record begins the next frame.
    const { words } = records;
    records.words = at;
    flushFull(writer);
    records.i32.copyWithin(0, at * 2, words * 2);
    records.words = words - at;
    take(writer, 0);
  } else take(writer, at);
  return undefined;
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
  if (seq !== writer.nextSeq || !isOrdinary(writer, b, i)) {
    const refused = refusal(writer, b, i, seq);
    if (refused !== undefined) return refused;
  }
  const { records } = writer;
  if (records.words > BLOCK_WORDS_MAX) flushFull(writer);
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

/**
 * Room for records in the writer's own buffer: the index of the first half word in `writer.records`. What is written
 * there counts once it is committed. Errors: `TAPE-15` for more than a frame holds.
 */
export function recordPlace(writer: TapeWriter, words: number): number {
  const { records } = writer;
  assert(words <= BLOCK_WORDS_MAX, 'TAPE-15', 'records that a frame has room for');
  if (records.words + words > BLOCK_WORDS_MAX) flushFull(writer);
  if ((records.words + words) * 8 > records.u8.byteLength) reserveWords(records, words);
  return records.words * 2;
}

/**
 * Adds the records that stand in their place, at the next seqs: of one time, and of kinds whose records are known to be
 * good (commands and facts). The tape is the one that they give one by one. Refused, they leave no trace.
 */
export function commitRecords(writer: TapeWriter, words: number, count: number): TapeError | undefined {
  const { records } = writer;
  const at = records.words;
  const isWhole = at + words < writer.frameWords && !writer.flushDue && !writer.inMessage;
  const isRoomy = writer.recordCount - writer.hashedRecords + count < pageRoom(writer.chain);
  if (!isWhole || !isRoomy || !isOrdinary(writer, records, at * 2))
    return commitEach(writer, at + words, count);
  records.words = at + words;
  writer.lastLo = records.u32[at * 2 + 2];
  writer.recordCount += count;
  writer.nextSeq += count;
  writer.count += count;
  return undefined;
}

/** Where a frame or a page of the hash may end among them, or time's high half changes: one record after the other. */
function commitEach(writer: TapeWriter, end: number, count: number): TapeError | undefined {
  const { records } = writer;
  let at = records.words;
  let to = end;
  const refused = isOrdinary(writer, records, at * 2) ? undefined : refusal(writer, records, at * 2);
  if (refused !== undefined) return refused;
  for (let k = 0; k < count; k++) {
    const next = at + (records.u32[at * 2] & 0xffff);
    records.words = next;
    take(writer, at);
    at = records.words;
    if (at > 0) continue;
    // The frame has ended: the others begin the next.
    records.i32.copyWithin(0, next * 2, to * 2);
    to -= next;
  }
  return undefined;
}

function skipByHand(writer: TapeWriter): TapeError {
  return writeError(writer, 'badSkip', 'an event; a Skip is written by giving the next seq', 'Skip');
}

/** True for the usual record: nothing of what `refusal` looks for can be wrong with it. */
function isOrdinary(writer: TapeWriter, b: RecordBuffer, i: number): boolean {
  const kind = (b.u32[i] >>> 16) & 0xff;
  const inOrder = b.u32[i + 3] === writer.lastHi && b.u32[i + 2] >= writer.lastLo;
  return inOrder && SPECIAL[kind] === 0 && !writer.ended && writer.nextSeq < N_MAX;
}

/** Reasons to refuse a record; undefined when there is none. A Define that is accepted is in force from here on. */
function refusal(
  writer: TapeWriter,
  b: RecordBuffer,
  i: number,
  seq: number = writer.nextSeq,
): TapeError | undefined {
  assert(!writer.ended, 'TAPE-2', 'nothing is written behind the end of a tape');
  // The seq behind it has to be a number, too.
  if (!(seq < N_MAX)) return writeError(writer, 'badSkip', `a seq below ${N_MAX}`, String(seq));
  const hi = b.u32[i + 3];
  if (hi < writer.lastHi || (hi === writer.lastHi && b.u32[i + 2] < writer.lastLo)) {
    return writeError(writer, 'timeBackwards', 'a time not before the last', 'an earlier one');
  }
  if (hi !== writer.lastHi && checkTime(b, i, writer.records.epoch) !== 0)
    return writeError(writer, 'badRecord', 'a time within 104 days of the epoch', 'one beyond');
  const kind = recordKind(b, i);
  if (kind === Kind.Skip) return skipByHand(writer);
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
  const { records } = writer;
  const { i32 } = records;
  const i = at * 2;
  const head = i32[i];
  const kind = (head >>> 16) & 0xff;
  writer.lastLo = records.u32[i + 2];
  writer.lastHi = records.u32[i + 3];
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
  if (writer.inMessage || writer.byCommit || kind === Kind.Skip) return;
  if (records.words >= writer.frameWords || writer.flushDue) flushBlock(writer, false);
}

/** Beyond this another record, with a Skip before it, might not fit into a frame. */
const BLOCK_WORDS_MAX = PAYLOAD_BYTES_MAX / 8 - RECORD_WORDS_MAX - 4;

/**
 * Closes a frame in the middle of a message, or of a commit, that goes on. A message whose chain is longer than readers
 * hold is cut; a commit never is: see `commitBytes`.
 */
function flushFull(writer: TapeWriter): void {
  const bytes = writer.chainBytes + FRAME_HEADER_BYTES + writer.records.words * 8;
  const more = writer.byCommit || bytes <= CHAIN_BYTES_MAX;
  flushBlock(writer, more);
  writer.chainBytes = more ? bytes : 0;
}

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
  addToSummary(writer.summary, records, 0, records.words * 2);
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
  writer.flushDue = false;
  writer.chainBytes = 0;
  records.words = 0;
  writer.recordCount = 0;
  writer.hashedWords = 0;
  writer.hashedRecords = 0;
  writer.blockFirstSeq = writer.nextSeq;
}

/**
 * Hands on what has gathered, so that a reader of the unsealed tape sees it. A message is never cut: when one is under
 * way, everything follows with its last record.
 */
export function flushTape(writer: TapeWriter): void {
  assert(!writer.ended, 'TAPE-2', 'nothing is written behind the end of a tape');
  if (writer.inMessage) writer.flushDue = writer.recordCount > 0;
  else flushBlock(writer, false);
}

/** Bytes of the commit under way, headers of frames included; more than `CHAIN_BYTES_MAX` no reader takes. */
export function commitBytes(writer: TapeWriter): number {
  return writer.chainBytes + FRAME_HEADER_BYTES + writer.records.words * 8;
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
  assert(!writer.ended, 'TAPE-2', 'nothing is written behind the end of a tape');
  const members = Object.entries(extra).filter(([, value]) => value !== undefined);
  assert(
    members.every(([key]) => key === 'of' || !FOOTER_RESERVED.includes(key)),
    'TAPE-3',
    'the members that a seal vouches for are set by the writer alone',
  );
  flushBlock(writer, false);
  writer.ended = true;
  const { chain, count, headerJson, ports } = writer;
  const hash = endChain(chain);
  const open = { ...(Object.fromEntries(members) as JsonObject), count, hash };
  const seal = sealHash(ports, { headerJson, hash: chain.last, count, footerJson: canonicalText(open) });
  const footer: Footer = { ...open, seal };
  const footerJson = canonicalText(footer as JsonObject);
  assert(parseFooter(footerJson) !== undefined, 'TAPE-3', 'a footer that a reader accepts');
  writer.emitter.end(footer, footerJson, chain, writer.nextSeq);
  return { count, hash, seal };
}
