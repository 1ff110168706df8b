/**
 * The writer of a log's segment: an unsealed tape whose frames are commits. What a frame is, the caller decides by
 * `commitFrames`; the sink gets header and payload of each in one call, so that a commit is one write.
 */
import { BLANK, TABLE_NAMES, createRecordOut, defineFields, encodeEvent } from '@truetape/contracts';
import type { DefineTables, RecordOut } from '@truetape/contracts';
import { assert } from '@truetape/kernel';
import {
  CHAIN_BYTES_MAX,
  FRAME_CARRY,
  FRAME_DATA,
  FRAME_HEADER_BYTES,
  FRAME_MARK,
  NO_TIME,
  addToSummary,
  createSummary,
  encodeFrameHeader,
} from './frame.ts';
import type { FrameHeader, WireTime } from './frame.ts';
import type { HashChain } from './hash-chain.ts';
import { encodeFileHeader, epochOf } from './header.ts';
import type { TapeHeader } from './header.ts';
import type { TapePorts } from './ports.ts';
import type { AppendPlace } from './step.ts';
import { commitBytes, createWriter, flushTape } from './writer.ts';
import type { Emitter, TapeWriter } from './writer-state.ts';

/** Where the bytes of a segment go; they are valid during the call. */
export type SegmentSink = (parts: readonly Uint8Array[]) => void;

export interface SegmentWriter {
  /** Where events are written. Its frames end at `commitFrames` alone. */
  readonly writer: TapeWriter;
  readonly ports: TapePorts;
  readonly sink: SegmentSink;
  readonly frameHeader: Uint8Array;
  prevCrc: number;
  /** Time of the last record that is in a frame. */
  lastTime: WireTime;
  /** All seqs below it are known to be durable: the next frame is witness of it. */
  durableSeq: number;
  /** What the last frame is witness of. */
  witnessedSeq: number;
}

export interface SegmentConfig {
  /** With `log`. */
  readonly header: TapeHeader;
  readonly ports: TapePorts;
  readonly tables: DefineTables;
  /** The chain of the whole log. */
  readonly chain: HashChain;
}

const NO_SUMMARY = createSummary();

type FrameToEmit = Pick<
  FrameHeader,
  'type' | 'more' | 'recordCount' | 'firstSeq' | 'nextSeq' | 'firstTime' | 'lastTime' | 'summary'
>;

function emit(segment: SegmentWriter, frame: FrameToEmit, payload: Uint8Array): void {
  const { ports, frameHeader, durableSeq, prevCrc } = segment;
  const payloadCrc = ports.crc32(payload);
  const fields = { ...frame, payloadBytes: payload.length, durableSeq, payloadCrc, prevCrc };
  segment.prevCrc = encodeFrameHeader(frameHeader, fields, ports);
  segment.lastTime = frame.lastTime;
  segment.witnessedSeq = durableSeq;
  segment.sink([frameHeader, payload]);
}

function create(config: SegmentConfig, sink: SegmentSink, place: AppendPlace): SegmentWriter {
  const { header, ports, tables, chain } = config;
  const { nextSeq, prevCrc, lastTime } = place;
  const emitter: Emitter = {
    begin: () => undefined,
    block: (block) => {
      const payload = block.records.u8.subarray(0, block.records.words * 8);
      emit(segment, { ...block, type: FRAME_DATA }, payload);
    },
    end: () => undefined,
  };
  const last =
    lastTime === NO_TIME ? { lastHi: -1, lastLo: 0 } : { lastHi: lastTime.hi, lastLo: lastTime.lo };
  const start = { tables, chain, nextSeq, count: 0, ...last };
  const segment: SegmentWriter = {
    writer: createWriter({ header, ports, byCommit: true }, emitter, start),
    ports,
    sink,
    frameHeader: new Uint8Array(FRAME_HEADER_BYTES),
    prevCrc,
    lastTime,
    durableSeq: nextSeq,
    witnessedSeq: 0,
  };
  return segment;
}

/** Goes on where a segment ends, of which all that is there is durable. */
export function continueSegment(config: SegmentConfig, sink: SegmentSink, place: AppendPlace): SegmentWriter {
  return create(config, sink, place);
}

/**
 * Starts a segment at `header.log.baseSeq`: its file header and the Defines in force go to the sink. Their time is the
 * header's epoch; no event may be earlier, nor earlier than the last of the segment before, `lastTime`.
 */
export function startSegment(
  config: SegmentConfig,
  sink: SegmentSink,
  lastTime: WireTime = NO_TIME,
): SegmentWriter {
  const { header, ports, tables } = config;
  assert(header.log !== undefined, 'TAPE-16', 'a segment has its place in a log');
  const { baseSeq: nextSeq } = header.log;
  const segment = create(config, sink, { offsetBytes: 0, prevCrc: 0, nextSeq, lastTime: NO_TIME });
  const { bytes, crc } = encodeFileHeader(segment.writer.headerJson, ports);
  segment.prevCrc = crc;
  sink([bytes]);
  emitCarried(segment, tables, header);
  const { writer } = segment;
  const { hi, lo } = lastTime;
  const isLater = hi > writer.lastHi || (hi === writer.lastHi && lo > writer.lastLo);
  if (lastTime !== NO_TIME && isLater) {
    writer.lastHi = hi;
    writer.lastLo = lo;
  }
  return segment;
}

/** Payload at which another carry frame begins. */
const CARRY_BYTES = 1_048_576;

function emitCarried(segment: SegmentWriter, tables: DefineTables, header: TapeHeader): void {
  const out = createRecordOut(epochOf(header), 16384);
  let count = 0;
  for (const table of TABLE_NAMES) {
    for (const [index, definition] of tables[table].byIndex.entries()) {
      if (definition === undefined) continue;
      const fault = encodeEvent(out, { ...BLANK.Define, ...defineFields(table, index, definition.value) });
      assert(fault === 0, 'TAPE-1', 'a Define that was accepted can be encoded');
      count += 1;
      if (out.words * 8 < CARRY_BYTES) continue;
      emitCarry(segment, out, count);
      count = 0;
    }
  }
  if (count > 0) emitCarry(segment, out, count);
}

function emitCarry(segment: SegmentWriter, out: RecordOut, recordCount: number): void {
  const { nextSeq } = segment.writer;
  const time = { hi: out.u32[3], lo: out.u32[2] };
  const summary = createSummary();
  addToSummary(summary, out, 0, out.words * 2);
  const seqs = { firstSeq: nextSeq, nextSeq, firstTime: time, lastTime: time };
  emit(
    segment,
    { type: FRAME_CARRY, more: false, recordCount, ...seqs, summary },
    out.u8.subarray(0, out.words * 8),
  );
  out.words = 0;
  // Nothing may be earlier than what is carried.
  segment.writer.lastHi = time.hi;
  segment.writer.lastLo = time.lo;
}

/** True when a commit is one that readers take. */
export function isCommitReadable({ writer }: SegmentWriter): boolean {
  return commitBytes(writer) <= CHAIN_BYTES_MAX;
}

/** Closes the frame: everything that was written since the last is one commit. */
export function commitFrames({ writer }: SegmentWriter): void {
  assert(!writer.inMessage, 'TAPE-17', 'a commit ends with the last record of a message');
  flushTape(writer);
}

/** Writes a frame without records, as witness of what was durable before it. */
export function markSegment(segment: SegmentWriter): void {
  const { writer, lastTime } = segment;
  const { nextSeq } = writer;
  assert(writer.recordCount === 0, 'TAPE-17', 'a mark stands between commits');
  const seqs = { firstSeq: nextSeq, nextSeq, firstTime: lastTime, lastTime };
  emit(segment, { type: FRAME_MARK, more: false, recordCount: 0, ...seqs, summary: NO_SUMMARY }, NOTHING);
}

const NOTHING = new Uint8Array(0);
