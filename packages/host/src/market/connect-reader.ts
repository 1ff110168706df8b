/** A reader of a book that lives in another thread: whole snapshots, without making the book wait. */
import type { BookTop } from '@truetape/book';
import {
  assert,
  isSnapshotEnded,
  openSnapshotReader,
  readSnapshot,
  type SnapshotReader,
} from '@truetape/kernel';
import { TOP_CELLS, depthOf, topOf, type Depth } from './depth-block.ts';
import type { ReaderHandle } from './handles.ts';

/** A reading end of all books; one for each thread that reads. */
export interface MarketReader {
  /** By instrument. Not for callers. */
  readonly blocks: readonly (SnapshotReader | undefined)[];
}

/** Reads, those that had to begin again because the book changed meanwhile, and sleeps because of it. */
export interface ReaderCounters {
  readonly reads: number;
  readonly retries: number;
  readonly naps: number;
}

export function connectReader(handle: ReaderHandle): MarketReader {
  const blocks = handle.blocks.map((block) => (block === undefined ? undefined : openSnapshotReader(block)));
  return { blocks };
}

/** Throws HOST-4 for an instrument that has no book. */
function blockOf(reader: MarketReader, instrument: number): SnapshotReader {
  const block = reader.blocks[instrument];
  assert(block !== undefined, 'HOST-4', 'an instrument with a book');
  return block;
}

/**
 * Reads the best prices, as they stood behind one command.
 *
 * False, with `into` as it was, when some thousand attempts over a tenth of a second found no whole block: the
 * book's thread died while it published, does not run, or shows more levels more often than can be copied.
 * Complexity: a load when nothing changed, else the block's first cells.
 */
export function readTop(reader: MarketReader, instrument: number, into: BookTop): boolean {
  const block = blockOf(reader, instrument);
  if (!readSnapshot(block, TOP_CELLS)) return false;
  topOf(block.f64, into);
  return true;
}

/** Reads the book's best levels, as they stood behind one command; undefined as `readTop` is false. */
export function readDepth(reader: MarketReader, instrument: number): Depth | undefined {
  const block = blockOf(reader, instrument);
  return readSnapshot(block) ? depthOf(block.f64) : undefined;
}

/**
 * True once the book's thread has ended, in order or not: what is read behind this is the last there is. A book that
 * merely has nothing to do looks the same otherwise.
 */
export function isMarketEnded(reader: MarketReader): boolean {
  return reader.blocks.some((block) => block !== undefined && isSnapshotEnded(block));
}

export function readerCounters(reader: MarketReader): ReaderCounters {
  const counters = { reads: 0, retries: 0, naps: 0 };
  for (const block of reader.blocks) {
    if (block === undefined) continue;
    counters.reads += block.reads;
    counters.retries += block.retries;
    counters.naps += block.naps;
  }
  return counters;
}
