/** Copies a tape, or the part of it that a filter wants, keeping every event's seq. */
import { Kind, getN, recordWords } from '@truetape/contracts';
import type { TapeError } from './errors.ts';
import { filterMatches, updateFilter } from './filter.ts';
import type { Filter } from './filter.ts';
import type { TapeReader } from './reader.ts';
import type { Batch } from './step.ts';
import { writeRecord } from './writer.ts';
import type { TapeWriter } from './writer-state.ts';

/** A run of batches on its way into a writer. */
export interface Extraction {
  readonly filter: Filter;
  readonly writer: TapeWriter;
  /** Events taken, Defines not counted. */
  taken: number;
}

/** Writes what the filter wants of a batch, up to `limit` events in all (Defines do not count). */
export function extractBatch(
  extraction: Extraction,
  reader: TapeReader,
  batch: Batch,
  limit: number = Number.MAX_SAFE_INTEGER,
): TapeError | undefined {
  const { filter, writer } = extraction;
  const { records, to } = batch;
  updateFilter(filter, reader.decoder.tables);
  let seq = batch.firstSeq;
  for (let i = batch.from; i < to; i += recordWords(records, i) * 2) {
    const kind = (records.u32[i] >>> 16) & 0xff;
    if (kind === Kind.Skip) {
      seq += getN(records, i + 4);
      continue;
    }
    if (filterMatches(filter, records, i, seq) && (kind === Kind.Define || extraction.taken < limit)) {
      const refused = writeRecord(writer, records, i, seq);
      if (refused !== undefined) return refused;
      if (kind !== Kind.Define) extraction.taken += 1;
    }
    seq += 1;
  }
  return undefined;
}
