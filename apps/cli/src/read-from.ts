/** A reader from a seq on: what its first batches hold before that is passed over. */
import { Kind, getN, recordKind, recordWords } from '@truetape/contracts';
import type { Batch, TapeReader } from '@truetape/tape';

/** The part of a batch from a seq on; undefined when there is none. */
function batchFrom(batch: Batch, seq: number): Batch | undefined {
  const { records, to } = batch;
  let at = batch.firstSeq;
  for (let i = batch.from; i < to; i += recordWords(records, i) * 2) {
    if (recordKind(records, i) === Kind.Skip) at += getN(records, i + 4);
    else if (at >= seq) return { ...batch, from: i, firstSeq: at };
    else at += 1;
  }
  return undefined;
}

/** The same reader, from the first event whose seq is not below the given one. */
export function readFrom(reader: TapeReader, seq: number): TapeReader {
  let reached = false;
  const next = (): Batch | undefined => {
    for (;;) {
      const batch = reader.next();
      if (batch === undefined || reached) return batch;
      const rest = batchFrom(batch, seq);
      if (rest === undefined) continue;
      reached = true;
      return rest;
    }
  };
  return {
    decoder: reader.decoder,
    next,
    get end() {
      return reader.end;
    },
    get error() {
      return reader.error;
    },
  };
}
