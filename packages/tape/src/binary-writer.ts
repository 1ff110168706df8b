/** The binary encoding: frames, and at the end index and seal. */
import { Kind, encodeUtf8 } from '@truetape/contracts';
import type { DefineTables } from '@truetape/contracts';
import { encodeFileHeader } from './header.ts';
import {
  FRAME_DATA,
  FRAME_HEADER_BYTES,
  FRAME_INDEX,
  FRAME_SEAL,
  NO_TIME,
  PAYLOAD_BYTES_MAX,
  createSummary,
  encodeFrameHeader,
  hasKind,
} from './frame.ts';
import type { WireTime } from './frame.ts';
import type { HashChain } from './hash-chain.ts';
import { INDEX_STRIDE_BYTES, TRAILER_BYTES, encodeIndex, encodeTrailer } from './index-frame.ts';
import type { Footer, IndexEntry } from './index-frame.ts';
import type { ByteSink, TapePorts } from './ports.ts';
import type { Continuation } from './step.ts';
import { createWriter } from './writer.ts';
import type { Block, Emitter, TapeWriter, WriterConfig } from './writer-state.ts';

interface BinaryState {
  readonly ports: TapePorts;
  readonly sink: ByteSink;
  readonly header: Uint8Array;
  /** Offset of the next frame. */
  offset: number;
  prevCrc: number;
  lastTime: WireTime;
  /** What the frames say was durable; 0 outside a log. */
  readonly durableSeq: number;
  readonly entries: IndexEntry[];
  readonly defineFrames: number[];
}

const NO_SUMMARY = createSummary();

function emitBlock(state: BinaryState, block: Block): void {
  const payload = block.records.u8.subarray(0, block.records.words * 8);
  const last = state.entries.at(-1);
  if (last === undefined || state.offset - last.offsetBytes >= INDEX_STRIDE_BYTES) {
    state.entries.push({ firstTime: block.firstTime, firstSeq: block.firstSeq, offsetBytes: state.offset });
  }
  if (hasKind(block.summary, Kind.Define)) state.defineFrames.push(state.offset);
  state.lastTime = block.lastTime;
  emitFrame(state, { type: FRAME_DATA, ...block, payload });
}

type FrameToEmit = Pick<
  Block,
  'recordCount' | 'firstSeq' | 'nextSeq' | 'firstTime' | 'lastTime' | 'summary' | 'more'
> & {
  readonly type: number;
  readonly payload: Uint8Array;
};

function emitFrame(state: BinaryState, frame: FrameToEmit): void {
  const { payload } = frame;
  state.prevCrc = encodeFrameHeader(
    state.header,
    {
      ...frame,
      payloadBytes: payload.length,
      durableSeq: state.durableSeq,
      payloadCrc: state.ports.crc32(payload),
      prevCrc: state.prevCrc,
    },
    state.ports,
  );
  state.sink.write(state.header);
  state.sink.write(payload);
  state.offset += FRAME_HEADER_BYTES + payload.length;
}

function emitEnd(
  state: BinaryState,
  footer: Footer,
  footerJson: string,
  chain: HashChain,
  nextSeq: number,
): void {
  const frame = {
    recordCount: 0,
    firstSeq: nextSeq,
    nextSeq,
    firstTime: state.lastTime,
    lastTime: state.lastTime,
    summary: NO_SUMMARY,
  };
  const { entries, defineFrames } = state;
  const index = encodeIndex({ entries, defineFrames, pages: chain.pages ?? [] });
  const indexOffset = state.offset;
  const step = PAYLOAD_BYTES_MAX;
  for (let at = 0; at < index.length; at += step) {
    const payload = index.subarray(at, at + step);
    emitFrame(state, { ...frame, type: FRAME_INDEX, more: at + step < index.length, payload });
  }
  const json = encodeUtf8(footerJson)!;
  const payload = new Uint8Array(Math.ceil(json.length / 8) * 8 + TRAILER_BYTES);
  payload.set(json);
  const trailer = { indexOffset, sealOffset: state.offset, count: footer.count };
  payload.set(encodeTrailer(trailer, state.ports), payload.length - TRAILER_BYTES);
  emitFrame(state, { ...frame, type: FRAME_SEAL, more: false, payload });
}

/** The binary emitter onto a sink, from the beginning of a file or from where an unsealed tape ends. */
function createBinaryEmitter(
  sink: ByteSink,
  ports: TapePorts,
  from?: Continuation & { readonly durableSeq?: number },
): Emitter {
  const state: BinaryState = {
    ports,
    sink,
    header: new Uint8Array(FRAME_HEADER_BYTES),
    offset: from?.offsetBytes ?? 0,
    prevCrc: from?.prevCrc ?? 0,
    lastTime: from?.lastTime ?? NO_TIME,
    durableSeq: from?.durableSeq ?? 0,
    entries: [...(from?.entries ?? [])],
    defineFrames: [...(from?.defineFrames ?? [])],
  };
  return {
    begin: (headerJson) => {
      const { bytes, crc } = encodeFileHeader(headerJson, ports);
      sink.write(bytes);
      state.offset = bytes.length;
      state.prevCrc = crc;
    },
    block: (block) => {
      emitBlock(state, block);
    },
    end: (footer, footerJson, chain, nextSeq) => {
      emitEnd(state, footer, footerJson, chain, nextSeq);
    },
  };
}

/** Starts a binary tape; its header is written at once. */
export function createBinaryWriter(config: WriterConfig, sink: ByteSink): TapeWriter {
  return createWriter(config, createBinaryEmitter(sink, config.ports));
}

/** Goes on where an unsealed tape ends; the tables are those of its Defines, `durableSeq` is for a log's segment. */
export function continueBinaryWriter(
  config: WriterConfig,
  sink: ByteSink,
  from: Continuation & { readonly tables: DefineTables; readonly durableSeq?: number },
): TapeWriter {
  const { hi, lo } = from.lastTime;
  const lastTime = from.lastTime === NO_TIME ? { lastHi: -1, lastLo: 0 } : { lastHi: hi, lastLo: lo };
  const { tables, chain, nextSeq, count } = from;
  const emitter = createBinaryEmitter(sink, config.ports, from);
  return createWriter(config, emitter, { tables, chain, nextSeq, count, ...lastTime });
}
