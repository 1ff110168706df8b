// The public surface of @truetape/host; it grows with the first capability that needs it.
export {
  CHUNK_BYTES,
  EXPAND_FREE_BYTES,
  EXPAND_RATIO_MAX,
  expandChunks,
  readChunks,
  type InputOptions,
} from './byte-input.ts';
export { InputError, type InputErrorCode } from './input-error.ts';
export { LINE_BYTES_MAX, readLines, splitLines, type LineBlock, type LineOptions } from './lines.ts';
