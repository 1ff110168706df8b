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
export { nodePorts } from './node-ports.ts';
export { openInput, type OpenInput } from './open-input.ts';
export { OutputError, type OutputErrorCode } from './output-error.ts';
export { createScratch, spoolInput, type Scratch } from './scratch.ts';
