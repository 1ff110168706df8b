/** Writes a run as the tape of a venue: what it defines, each command, and the facts that answer it. */
import { commandEvent, reportEvent, unwrittenField } from '@truetape/book';
import type { CommandBuffer, ReportBuffer } from '@truetape/book';
import { BLANK, canonicalText, defineFields } from '@truetape/contracts';
import type { Event, JsonObject, TableName } from '@truetape/contracts';
import { nodePorts } from '@truetape/host';
import type { OpenSink } from '@truetape/host';
import { createBinaryWriter, createTextWriter, endTape, writeEvent } from '@truetape/tape';
import type { TapeWriter } from '@truetape/tape';
import { tapeFailure } from '../wording.ts';
import { VERSION } from '../version.ts';

export interface RecorderConfig {
  readonly sink: OpenSink;
  readonly encoding: 'rpl' | 'text';
  readonly frameBytes: number;
  readonly path: string;
}

export interface Recorder {
  readonly config: RecorderConfig;
  /** Undefined until the time of the first event is known. */
  writer: TapeWriter | undefined;
  /** Indexes of sources by their definition. */
  readonly sources: Map<string, number>;
  /** Index of the source of all facts. */
  venue: number;
}

/** Where the commands come from, unless the tape that they are on says so. */
export const COMMANDS_SOURCE: JsonObject = { name: 'commands', role: 'agent' };
const BOOK_SOURCE: JsonObject = { name: 'book', role: 'venue' };

export function createRecorder(config: RecorderConfig): Recorder {
  return { config, writer: undefined, sources: new Map(), venue: 0 };
}

function write(recorder: Recorder, event: Event): void {
  const refused = writeEvent(recorder.writer!, event);
  if (refused !== undefined) throw tapeFailure(recorder.config.path, refused);
}

/** Begins the tape, if it has not begun: all times count from `epochNs`. */
export function beginRecord(recorder: Recorder, epochNs: bigint, timeNs: number): void {
  if (recorder.writer !== undefined) return;
  const { sink, encoding, frameBytes } = recorder.config;
  const config = {
    header: {
      observer: 'venue',
      epochNs: String(epochNs),
      producer: { name: 'truetape book run' },
    } as const,
    ports: nodePorts,
    frameBytes,
  };
  recorder.writer = encoding === 'rpl' ? createBinaryWriter(config, sink) : createTextWriter(config, sink);
  recordSource(recorder, COMMANDS_SOURCE, timeNs);
  recorder.venue = recordSource(recorder, BOOK_SOURCE, timeNs);
}

export function recordDefine(
  recorder: Recorder,
  table: TableName,
  index: number,
  value: JsonObject,
  timeNs: number,
): void {
  write(recorder, { ...BLANK.Define, ...defineFields(table, index, value), timeNs });
}

/** Index of a source; one that is new is defined. */
export function recordSource(recorder: Recorder, value: JsonObject, timeNs: number): number {
  const key = canonicalText(value);
  const known = recorder.sources.get(key);
  if (known !== undefined) return known;
  const index = recorder.sources.size + 1;
  recorder.sources.set(key, index);
  recordDefine(recorder, 'source', index, value, timeNs);
  return index;
}

export function recordAlias(
  recorder: Recorder,
  alias: { readonly instrument: number; readonly id: number; readonly scope: number; readonly text: string },
  timeNs: number,
): void {
  write(recorder, { ...BLANK.Alias, ...alias, timeNs });
}

/** Says in words what the command that follows cannot say. */
export function recordNote(recorder: Recorder, text: string, timeNs: number): void {
  write(recorder, { ...BLANK.Note, text, timeNs });
}

const KEYS = { priceTicks: 'price', qtyLots: 'qty', minQtyLots: 'minQty' } as const;
const CELLS = { priceTicks: 2, qtyLots: 3, minQtyLots: 4 } as const;

/** Writes the command in the first place of `commands`, and the facts that answer it. */
export function recordCommand(recorder: Recorder, commands: CommandBuffer, reports: ReportBuffer): void {
  const timeNs = commands.f64[7];
  const source = commands.u32[11];
  const field = unwrittenField(commands, 0);
  if (field !== '') {
    const value = commands.f64[CELLS[field]];
    recordNote(recorder, `${KEYS[field]} ${value} of the next command cannot stand in it`, timeNs);
  }
  const cause = recorder.writer!.nextSeq;
  write(recorder, commandEvent(commands, 0, { timeNs, source }));
  for (let k = 0; k < reports.count; k++)
    write(
      recorder,
      reportEvent(reports, k, { timeNs, source: recorder.venue, cause, last: k === reports.count - 1 }),
    );
}

/** Seals the tape and puts it in its place. */
export function endRecord(recorder: Recorder): void {
  endTape(recorder.writer!, { build: { version: VERSION } });
  recorder.config.sink.commit();
}
