/** `truetape bench tape`: the speed of tapes, as ratios within one run. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Kind, recordWords } from '@truetape/contracts';
import { createFileSink, nodePorts, openInput } from '@truetape/host';
import {
  createBinaryWriter,
  createDecoder,
  createFilter,
  createReader,
  createSummaryFold,
  createTextWriter,
  endTape,
  extractBatch,
  filterWants,
  foldBatch,
  formatJsonLine,
  openIndexed,
  seekSeq,
  summaryJson,
  updateFilter,
} from '@truetape/tape';
import type { DecoderOptions, EndOfTape, TapeReader } from '@truetape/tape';
import { measure } from './measure.ts';
import { fasterRow, rateRow } from './report.ts';
import type { BenchRow } from './report.ts';
import { BENCH_HEADER, createTapeWorkload } from './tape-workload.ts';

export interface TapeBenchConfig {
  readonly events: number;
  readonly runs: number;
  readonly seed: string;
  /** Folder for the tapes: about 50 bytes an event, and 150 more for text. */
  readonly folder: string;
}

/** Lines of JSON that are parsed in a run; more would only fill the memory. */
const JSON_LINES_MAX = 200_000;
const SEEKS = 20;

function writeTape(config: TapeBenchConfig, path: string): number {
  const sink = createFileSink(path, { force: true });
  const writer = createBinaryWriter({ header: BENCH_HEADER, ports: nodePorts }, sink);
  const events = createTapeWorkload(config.seed).fill(writer, config.events);
  endTape(writer);
  sink.commit();
  return events;
}

function open(path: string, options: Omit<DecoderOptions, 'ports'> = {}): TapeReader {
  return createReader(createDecoder({ ports: nodePorts, ...options }), openInput(path).source);
}

function mustEnd(reader: TapeReader): EndOfTape {
  if (reader.end === undefined)
    throw new Error(`the benchmark's own tape is wrong: ${JSON.stringify(reader.error)}`);
  return reader.end;
}

export function summarizeTape(path: string): number {
  const fold = createSummaryFold();
  const reader = open(path, { census: fold.census });
  for (let batch = reader.next(); batch !== undefined; batch = reader.next()) foldBatch(fold, batch);
  return summaryJson(fold, reader.decoder.tables, mustEnd(reader)).events;
}

/** Counts the Marks of a tape, with or without leave to skip frames that have none. */
function countMarks(path: string, mayskip: boolean): number {
  const filter = createFilter({ kinds: [Kind.Mark] });
  const fold = createSummaryFold();
  const reader = open(path, mayskip ? { wanted: (frame) => filterWants(filter, frame) } : {});
  for (let batch = reader.next(); batch !== undefined; batch = reader.next()) {
    updateFilter(filter, reader.decoder.tables);
    foldBatch(fold, batch, filter);
  }
  mustEnd(reader);
  return fold.census.kinds[Kind.Mark];
}

/** Copies a tape into the text encoding, as `tape view` does. */
function toText(from: string, to: string): number {
  const reader = open(from);
  const first = reader.next();
  const { header } = reader.decoder;
  if (header === undefined) throw new Error('the benchmark tape has no header');
  const sink = createFileSink(to, { force: true });
  const writer = createTextWriter({ header, ports: nodePorts }, sink);
  const extraction = { filter: createFilter({}), writer, taken: 0 };
  for (let batch = first; batch !== undefined; batch = reader.next()) {
    const refused = extractBatch(extraction, reader, batch);
    if (refused !== undefined) throw new Error(`the text tape refused an event: ${refused.found}`);
  }
  mustEnd(reader);
  const { count } = endTape(writer);
  sink.commit();
  return count;
}

function readAll(path: string): number {
  const reader = open(path, { hash: true });
  while (reader.next() !== undefined);
  return mustEnd(reader).count ?? 0;
}

/** The first events of a tape as JSON lines. */
function jsonLines(path: string): string[] {
  const lines: string[] = [];
  const reader = open(path);
  for (
    let batch = reader.next();
    batch !== undefined && lines.length < JSON_LINES_MAX;
    batch = reader.next()
  ) {
    let seq = batch.firstSeq;
    for (let i = batch.from; i < batch.to; i += recordWords(batch.records, i) * 2) {
      lines.push(formatJsonLine(batch.records, i, seq, reader.decoder.tables));
      seq += 1;
    }
  }
  return lines;
}

function parseJson(lines: readonly string[]): number {
  let letters = 0;
  for (const line of lines) letters += (JSON.parse(line) as { kind: string }).kind.length;
  if (letters === 0) throw new Error('no JSON was parsed');
  return lines.length;
}

/** Data frames that a seek by seq reads, at most: those that hold Defines and the one that holds the seq. */
function framesTouched(path: string, events: number): number {
  const { access } = openInput(path);
  if (access === undefined) throw new Error('the benchmark tape is no plain file');
  const tape = openIndexed(access, nodePorts);
  if ('code' in tape) throw new Error(`the benchmark tape has no index: ${tape.code}`);
  let most = 0;
  for (let k = 0; k < SEEKS; k++) {
    const seq = Math.floor(((k + 0.5) * events) / SEEKS);
    let frames = tape.index.defineFrames.length;
    let entered = -1;
    const reader = seekSeq(tape, seq, {
      ports: nodePorts,
      wanted: (frame) => {
        if (frame.firstSeq !== entered) frames += 1;
        entered = frame.firstSeq;
        return frame.nextSeq > seq;
      },
    });
    if ('code' in reader) throw new Error(`seek failed: ${reader.code}`);
    let batch = reader.next();
    // A Define comes alone, before the run that holds the seq.
    while (batch !== undefined && batch.nextSeq <= seq) batch = reader.next();
    if (batch === undefined || batch.firstSeq > seq) throw new Error(`seek to ${seq} missed it`);
    most = Math.max(most, frames);
  }
  return most;
}

/** Removes what the last run wrote: giving back an old file's memory is not what is measured. */
function fresh(path: string): () => void {
  return () => {
    rmSync(path, { force: true });
  };
}

/** Runs the benchmark; leaves its tapes in the folder. `note` hears what is being done. */
export function benchTape(config: TapeBenchConfig, note: (text: string) => void): BenchRow[] {
  const { runs, folder } = config;
  const tape = join(folder, 'bench.rpl');
  const text = join(folder, 'bench.txt.rpl');
  note('writing');
  const written = measure('write', runs, () => writeTape(config, tape), fresh(tape));
  note('summary');
  const summary = measure('summary', runs, () => summarizeTape(tape));
  const lines = jsonLines(tape);
  parseJson(lines);
  const json = measure('JSON.parse', runs, () => parseJson(lines));
  note('text');
  const view = measure('view', runs, () => toText(tape, text), fresh(text));
  const textRead = measure('text read', runs, () => readAll(text));
  note('verify');
  const verify = measure('read with hash', runs, () => readAll(tape));
  note('filter');
  const events = written.units;
  const scan = measure('full scan', runs, () => (countMarks(tape, false), events));
  const marks = countMarks(tape, true);
  const skipping = measure('filter', runs, () => (countMarks(tape, true), events));
  if (countMarks(tape, false) !== marks) throw new Error('the filter that skips frames found other events');
  note('seek');
  const touched = framesTouched(tape, events);
  return [
    rateRow('summary of a sealed binary tape, checksums checked', 20, summary),
    fasterRow('summary against JSON.parse of the same events', 25, summary, json),
    rateRow('write binary with checksum and hash, to a file', 8, written),
    rateRow('text view into a file', 2, view),
    rateRow('text tape read back, hash checked', 1, textRead),
    rateRow('binary tape read with hash (verify)', 0, verify),
    fasterRow(
      `filter that matches 1 % of frames (${marks} events) against the full scan`,
      10,
      skipping,
      scan,
    ),
    {
      what: `seek by seq in ${events} events`,
      target: 'two frames',
      measured: `${touched} frames`,
      met: touched <= 2,
      detail: `${SEEKS} seeks, most frames read by one, the frame with the Defines among them`,
    },
  ];
}
