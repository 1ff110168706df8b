/**
 * A tape of which single events can be looked up: a sealed one as it lies, any other by a sealed copy in a scratch
 * file.
 */
import { Kind, decodeEvent, getN, recordKind, recordWords, toUnixNs } from '@truetape/contracts';
import type { DefineTables, Epoch, Event, RecordBuffer } from '@truetape/contracts';
import { createScratch, nodePorts } from '@truetape/host';
import type { OpenInput } from '@truetape/host';
import {
  createBinaryWriter,
  createDecoder,
  createFilter,
  createReader,
  endTape,
  extractBatch,
  openIndexed,
  openedTape,
  seekSeq,
} from '@truetape/tape';
import type { IndexedTape, TapeHeader, TapeReader } from '@truetape/tape';
import { interruptible } from '../interruption.ts';
import { openTapes } from '../open-tapes.ts';
import { tapeFailure, tornFailure } from '../wording.ts';

export interface WhyTape {
  readonly path: string;
  readonly header: TapeHeader;
  readonly epoch: Epoch;
  /** Of the whole tape. */
  readonly tables: DefineTables;
  readonly hash: string;
  /** One more than the last seq. */
  readonly nextSeq: number;
  /** The event with this seq, and its time; undefined where the tape has none. */
  readonly lookUp: (seq: number) => { readonly event: Event; readonly unixNs: bigint } | undefined;
  /** Hands over each record from a seq on. */
  readonly scan: (fromSeq: number, take: TakeRecord) => Promise<void>;
  readonly close: () => void;
}

type TakeRecord = (records: RecordBuffer, i: number, seq: number) => void;

/** Opens the tape that the paths name together. Throws a failure for one that cannot be read. */
export async function openWhyTape(paths: readonly string[], allowTorn: boolean): Promise<WhyTape> {
  const input = openTapes(paths, { allowTorn });
  const found = input.access === undefined ? undefined : openIndexed(input.access, nodePorts);
  if (found !== undefined && 'footer' in found) return tapeOf(input, found, found.footer.hash);
  // Whatever is wrong with a seal shows when all of it is read.
  const { copy, hash } = await sealedCopy(input, allowTorn);
  const indexed = openIndexed(copy.access!, nodePorts);
  if (!('footer' in indexed)) throw tapeFailure(input.path, indexed);
  return tapeOf(copy, indexed, hash);
}

async function sealedCopy(
  input: OpenInput,
  allowTorn: boolean,
): Promise<{ readonly copy: OpenInput; readonly hash: string }> {
  const reader = createReader(createDecoder({ ports: nodePorts, hash: true }), input.source);
  const scratch = createScratch();
  let batch = reader.next();
  if (reader.decoder.header === undefined) throw tapeFailure(input.path, reader.error!);
  const { observer, epochNs, draft, producer, parents } = reader.decoder.header;
  const header: TapeHeader = {
    observer,
    epochNs,
    producer,
    ...(draft === undefined ? {} : { draft }),
    ...(parents === undefined ? {} : { parents }),
  };
  const writer = createBinaryWriter({ header, ports: nodePorts }, scratch);
  const extraction = { filter: createFilter({}), writer, taken: 0 };
  await interruptible(async ({ breathe }) => {
    for (; batch !== undefined; batch = reader.next()) {
      const refused = extractBatch(extraction, reader, batch);
      if (refused !== undefined) throw tapeFailure(input.path, refused);
      await breathe();
    }
  });
  if (reader.error !== undefined) throw tapeFailure(input.path, reader.error);
  const { torn, hash } = reader.end!;
  if (torn !== undefined && !allowTorn) throw tornFailure(input.path, torn);
  endTape(writer);
  input.close();
  return { copy: scratch.open(input.path), hash: hash! };
}

function tapeOf(input: OpenInput, indexed: IndexedTape, hash: string): WhyTape {
  const { path } = input;
  const readerAt = (seq: number): TapeReader => {
    const reader = seekSeq(indexed, seq, { ports: nodePorts });
    if ('code' in reader) throw tapeFailure(path, reader);
    return reader;
  };
  const last = readerAt(Number.MAX_SAFE_INTEGER);
  let nextSeq = 0;
  for (let batch = last.next(); batch !== undefined; batch = last.next())
    for (const { seq } of recordsOf(batch)) nextSeq = seq + 1;
  if (last.error !== undefined) throw tapeFailure(path, last.error);
  const { header, epoch, tables } = openedTape(last);
  const lookUp = (seq: number): { readonly event: Event; readonly unixNs: bigint } | undefined => {
    const reader = readerAt(seq);
    for (let batch = reader.next(); batch !== undefined; batch = reader.next()) {
      for (const one of recordsOf(batch)) {
        if (one.seq > seq) return undefined;
        if (one.seq < seq) continue;
        const event = decodeEvent(batch.records, one.i, epoch, seq);
        return { event, unixNs: toUnixNs(event.timeNs, epoch) };
      }
    }
    if (reader.error !== undefined) throw tapeFailure(path, reader.error);
    return undefined;
  };
  const scan = async (fromSeq: number, take: TakeRecord): Promise<void> => {
    const reader = readerAt(fromSeq);
    await interruptible(async ({ breathe }) => {
      for (let batch = reader.next(); batch !== undefined; batch = reader.next()) {
        for (const { i, seq } of recordsOf(batch)) if (seq >= fromSeq) take(batch.records, i, seq);
        await breathe();
      }
    });
    if (reader.error !== undefined) throw tapeFailure(path, reader.error);
  };
  return { path, header, epoch, tables, hash, nextSeq, lookUp, scan, close: () => input.close() };
}

interface Batched {
  readonly records: RecordBuffer;
  readonly from: number;
  readonly to: number;
  readonly firstSeq: number;
}

/** Records of a batch with their seqs; the object is the same each time. */
function* recordsOf({ records, from, to, firstSeq }: Batched): Generator<{ i: number; seq: number }> {
  const at = { i: from, seq: firstSeq };
  for (; at.i < to; at.i += recordWords(records, at.i) * 2) {
    if (recordKind(records, at.i) === Kind.Skip) at.seq += getN(records, at.i + 4);
    else {
      yield at;
      at.seq += 1;
    }
  }
}
