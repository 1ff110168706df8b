// The public surface of @truetape/host.
export {
  CHUNK_BYTES,
  EXPAND_FREE_BYTES,
  EXPAND_RATIO_MAX,
  expandChunks,
  readChunks,
  type InputOptions,
} from './byte-input.ts';
export { sleepSync, writeDescriptor } from './descriptor.ts';
export { createFileSink, createStreamSink, type OpenSink } from './file-sink.ts';
export { InputError, systemCode, type InputErrorCode } from './input-error.ts';
export { LINE_BYTES_MAX, readLines, splitLines, type LineBlock, type LineOptions } from './lines.ts';
export {
  awaitReports,
  closeProducer,
  connectProducer,
  isProducerEnded,
  pollReports,
  sendCommand,
  submitCommands,
  unsequencedCommands,
  type Producer,
  type Refusal,
} from './market/connect-producer.ts';
export {
  connectReader,
  isMarketEnded,
  readDepth,
  readerCounters,
  readTop,
  type MarketReader,
  type ReaderCounters,
} from './market/connect-reader.ts';
export type { Depth } from './market/depth-block.ts';
export type { ProducerHandle, ReaderHandle } from './market/handles.ts';
export { createRows, decodeRow, type ReportRows, type Row } from './market/report-rows.ts';
export {
  startBookWorker,
  type BookRun,
  type BookWorker,
  type BookWorkerConfig,
  type ProducerConfig,
} from './market/start.ts';
export { nodePorts } from './node-ports.ts';
export { openInput, type OpenInput } from './open-input.ts';
export { OutputError, type OutputErrorCode } from './output-error.ts';
export { createScratch, spoolInput, type Scratch } from './scratch.ts';
export {
  acquireFolderLock,
  findFolderLocks,
  type FolderLock,
  type FoundLock,
  type LockHeld,
} from './storage/folder-lock.ts';
export { openLogStorage, type NodeStorage } from './storage/node-storage.ts';
export { checkBeside } from './storage/check-beside.ts';
export { ForbiddenInStrategy, installStrategyGuard, type InstalledGuard } from './strategy-guard.ts';
