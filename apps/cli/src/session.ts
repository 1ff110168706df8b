/** A tape that is being read with a selection: its reader, its filter, and what is known of the whole. */
import { nodePorts } from '@truetape/host';
import type { OpenInput } from '@truetape/host';
import {
  createDecoder,
  createFilter,
  createReader,
  filterWants,
  openIndexed,
  openedTape,
  updateFilter,
} from '@truetape/tape';
import type {
  Batch,
  DecoderOptions,
  EndOfTape,
  Filter,
  Footer,
  OpenedTape,
  TapeReader,
} from '@truetape/tape';
import type { Voice } from './cli.ts';
import { filterSpec, isEverything } from './filter-options.ts';
import type { FilterArguments } from './filter-options.ts';
import { tapeFailure, tornFailure } from './wording.ts';

export interface SessionOptions {
  readonly filter: FilterArguments;
  /** The hash of all events is needed at the end: what is not wanted may be skipped only where a seal has it. */
  readonly needsHash: boolean;
  /** Makes the reader; by default one that ends where the input ends. */
  readonly read?: (options: DecoderOptions) => TapeReader;
}

export interface Session {
  readonly input: OpenInput;
  readonly reader: TapeReader;
  /** What the seal says, where it can be looked up before the tape is read. */
  readonly whole: Footer | undefined;
  /** The selection; it exists once the first event has been seen, since times may count from it. */
  filter: Filter | undefined;
}

/** Starts a session. Nothing has been read of the tape yet, except the seal of one that can be opened by its end. */
export function openSession(input: OpenInput, options: SessionOptions): Session {
  const indexed = input.access === undefined ? undefined : openIndexed(input.access, nodePorts);
  const whole = indexed !== undefined && 'footer' in indexed ? indexed.footer : undefined;
  const skips = !isEverything(options.filter) && (whole !== undefined || !options.needsHash);
  const decoderOptions: DecoderOptions = skips
    ? { ports: nodePorts, wanted: (frame) => wants(session, frame) }
    : { ports: nodePorts, hash: true };
  const read = options.read ?? ((given: DecoderOptions) => createReader(createDecoder(given), input.source));
  const session: Session = { input, reader: read(decoderOptions), whole, filter: undefined };
  return session;
}

function wants(session: Session, frame: Parameters<NonNullable<DecoderOptions['wanted']>>[0]): boolean {
  const { filter, reader } = session;
  if (filter === undefined) return true;
  updateFilter(filter, reader.decoder.tables);
  return filterWants(filter, frame);
}

/** The next batch; from the first one on, the filter is there and knows the Defines so far. */
export function nextBatch(session: Session, filter: FilterArguments): Batch | undefined {
  const { reader } = session;
  const batch = reader.next();
  if (batch === undefined) return undefined;
  if (session.filter === undefined) {
    const { u32 } = batch.records;
    const startNs = (BigInt(u32[batch.from + 3]) << 32n) | BigInt(u32[batch.from + 2]);
    session.filter = createFilter(filterSpec(filter, startNs));
  }
  updateFilter(session.filter, reader.decoder.tables);
  return batch;
}

/** Header and tables. Throws what is wrong with the tape when its header could not be read. */
export function openedSession(session: Session): OpenedTape {
  const { reader, input } = session;
  if (reader.decoder.header === undefined && reader.error !== undefined)
    throw tapeFailure(input.path, reader.error);
  return openedTape(reader);
}

/** The end of a tape that was read to it. Throws what is wrong with it; a torn end only where that is not allowed. */
export function endOfSession(session: Session, allowTorn: boolean): EndOfTape {
  const { reader, input } = session;
  if (reader.error !== undefined) throw tapeFailure(input.path, reader.error);
  const end = reader.end!;
  if (end.torn !== undefined && !allowTorn) throw tornFailure(input.path, end.torn);
  return end;
}

function missing(names: readonly string[], known: ReadonlyMap<string, number>): string[] {
  return names.filter((name) => name !== '-' && !/^#[0-9]+$/.test(name) && !known.has(name));
}

/** Says which names of a filter no Define of the tape has: a typing error selects nothing without a word. */
export function noteUnknownNames(session: Session, filter: FilterArguments, voice: Voice): void {
  const { tables } = session.reader.decoder;
  for (const [what, names, table] of [
    ['instrument', filter.instrument, tables.instrument],
    ['source', filter.source, tables.source],
  ] as const) {
    for (const name of missing(names ?? [], table.byName)) {
      const known = [...table.byName.keys()].slice(0, 8).join(', ');
      const rest = table.byName.size > 8 ? ', …' : '';
      voice.note(`the tape has no ${what} ${name}; it has ${known === '' ? 'none' : known + rest}`);
    }
  }
}
