export type { ByteSink, RandomAccess, TapePorts } from './ports.ts';
export type { TapeError, TapeErrorCode } from './errors.ts';
export { decodeFileHeader, epochOf, parseHeaderJson } from './header.ts';
export type { FileHeader, LogPlace, Parent, TapeHeader } from './header.ts';
export { TRAILER_BYTES } from './index-frame.ts';
export type { Footer, TapeIndex } from './index-frame.ts';
export { createBinaryWriter } from './binary-writer.ts';
export { createTextWriter, formatEnd, formatRun } from './text-writer.ts';
export {
  commitBytes,
  commitRecords,
  endTape,
  flushTape,
  recordPlace,
  writeEvent,
  writeRecord,
} from './writer.ts';
export type { FooterExtra, TapeEnd } from './writer.ts';
export type { TapeWriter, WriterConfig } from './writer-state.ts';
export {
  commitFrames,
  continueSegment,
  isCommitReadable,
  markSegment,
  startSegment,
} from './segment-writer.ts';
export type { SegmentConfig, SegmentSink, SegmentWriter } from './segment-writer.ts';
export { addRunToChain, createLogChain, genesisHash, pageBefore, peekChain } from './hash-chain.ts';
export type { HashChain, Page } from './hash-chain.ts';
export { openForAppend } from './append.ts';
export type { Appending } from './append.ts';
export { createDecoder } from './decoder.ts';
export type {
  AppendPlace,
  Batch,
  Continuation,
  DecoderOptions,
  EndOfTape,
  Step,
  TapeDecoder,
  TornTail,
} from './step.ts';
export { createReader, openedTape } from './reader.ts';
export type { ByteSource, OpenedTape, TapeReader } from './reader.ts';
export { createFilter, filterMatches, filterWants, isEmptyFilter, updateFilter } from './filter.ts';
export type { Filter, FilterSpec } from './filter.ts';
export { extractBatch } from './extract.ts';
export type { Extraction } from './extract.ts';
export { createSummaryFold, foldBatch, summaryJson } from './summary.ts';
export type { SummaryFold, TapeSummary } from './summary.ts';
export { diffHeaders, diffTapes, firstDifferentPage, recordLine } from './diff.ts';
export type { Difference, HeaderDifference, TapeDiff } from './diff.ts';
export { mergeTapes, mergedHeader } from './merge.ts';
export type { MergeError, MergeInput } from './merge.ts';
export { openIndexed, seekSeq, seekTime } from './seek.ts';
export type { IndexedTape } from './seek.ts';
export { formatJsonLine } from './json-lines.ts';
export { createTable, fillRow, formatCsvHeading, formatCsvLine } from './table.ts';
export type { Cell, ColumnType, EventTable, TableColumn } from './table.ts';
export { PLAIN_STYLES, createPretty, formatPretty } from './pretty.ts';
export type { Pretty, PrettyStyles } from './pretty.ts';
export { formatSpan, utcDate, utcTime } from './utc.ts';
export { FRAME_HEADER_BYTES, NO_TIME, decodeFrameHeader, isFrameHeader } from './frame.ts';
export type { WireTime } from './frame.ts';
export { walkFrames } from './frame-walk.ts';
export type { FrameWalk } from './frame-walk.ts';
