/**
 * Merges tapes into one, in the order of simultaneous things: (time, priority, place among the inputs, seq).
 * Instruments, accounts, assets and labels with the same definition become one; sources stay apart and name
 * their parent; causes get their parent's number.
 */
import {
  Kind,
  NONE,
  REF_TAPE_MAX,
  TABLE_NAMES,
  canonicalText,
  createRecordOut,
  decodeEvent,
  encodeEvent,
  getRefSeq,
  getRefTape,
  layoutOfCode,
  priorityOf,
  recordKind,
  recordWords,
  reserveWords,
} from '@truetape/contracts';
import type { Alias, Define, Field, JsonObject, RecordOut, TableName } from '@truetape/contracts';
import { createCursor, cursorRecords, moveNext } from './cursor.ts';
import type { Cursor } from './cursor.ts';
import { tapeError } from './errors.ts';
import type { TapeError } from './errors.ts';
import { epochOf } from './header.ts';
import type { Parent, TapeHeader } from './header.ts';
import type { TapeReader } from './reader.ts';
import { writeRecord } from './writer.ts';
import type { TapeWriter } from './writer-state.ts';

/** What a merged tape's header must know of an input. */
export interface MergeInput {
  readonly header: TapeHeader;
  readonly hash: string;
  readonly count: number;
}

/** Header of the merge of the given tapes. Parents are the inputs in their order, then the inputs' own parents. */
export function mergedHeader(inputs: readonly MergeInput[]): TapeHeader {
  const observers = new Set(inputs.map((input) => input.header.observer));
  const parents: Parent[] = inputs.map(({ hash, count }) => ({ hash, count }));
  for (const { header } of inputs) parents.push(...(header.parents ?? []));
  const epochs = inputs.map((input) => BigInt(input.header.epochNs));
  const epoch = epochs.reduce((least, next) => (next < least ? next : least));
  return {
    observer: observers.size === 1 ? inputs[0].header.observer : 'client',
    epochNs: String(epoch),
    ...(inputs.some((input) => input.header.draft === true) ? { draft: true } : {}),
    producer: { name: 'truetape merge' },
    parents,
  };
}

/** A time is exact up to here from the reader's epoch. */
const TIME_NS_MAX = BigInt(Number.MAX_SAFE_INTEGER - 4_294_967_296);

interface MergedTable {
  /** New index by canonical JSON. */
  readonly byJson: Map<string, number>;
  /** What a name stands for now, to find two definitions of one name that differ. */
  readonly byName: Map<string, { readonly json: string; readonly tape: number; readonly index: number }>;
  /** New index that a name stands for in each input. */
  readonly ofTape: readonly Map<string, number>[];
  size: number;
}

interface Merge {
  readonly writer: TapeWriter;
  readonly cursors: readonly Cursor[];
  readonly tables: { readonly [name in TableName]: MergedTable };
  /** New index by old index, for each input and table. */
  readonly indexes: readonly { readonly [name in TableName]: number[] }[];
  /** Merged name by own name, for the sources of each input. */
  readonly sourceNames: readonly Map<string, string>[];
  /** Number of parents before those of each input, and how many it has. */
  readonly parentOffsets: readonly number[];
  readonly parentCounts: readonly number[];
  readonly aliases: Map<string, string>;
  readonly scratch: RecordOut;
}

const NAME_KEYS = {
  instrument: 'id',
  source: 'name',
  account: 'name',
  asset: 'code',
  label: 'text',
} as const;

function conflict(merge: Merge, tape: number, expected: string, found: string): TapeError {
  return tapeError(
    'mergeConflict',
    { offsetBytes: 0, seq: merge.cursors[tape].seq },
    expected,
    `tape ${tape + 1}: ${found}`,
  );
}

/** The definition as the merged tape has it: sources say where they come from, and names stay distinct. */
function mergedDefinition(merge: Merge, tape: number, name: TableName, value: JsonObject): JsonObject {
  if (name === 'instrument' && typeof value['supersedes'] === 'number') {
    return { ...value, supersedes: merge.indexes[tape].instrument[value['supersedes']] ?? 0 };
  }
  if (name !== 'source') return value;
  const { parent } = value;
  const isInherited = typeof parent === 'number' && parent > 0 && parent <= merge.parentCounts[tape];
  return {
    ...value,
    name: mergedSourceName(merge, tape, value['name'] as string),
    parent: isInherited ? merge.parentOffsets[tape] + parent : tape + 1,
  };
}

/** The name itself where it is free, else with the input's number behind it. */
function mergedSourceName(merge: Merge, tape: number, own: string): string {
  const known = merge.sourceNames[tape].get(own);
  if (known !== undefined) return known;
  let name = own;
  while (merge.tables.source.byName.has(name)) name = `${name}@${tape + 1}`;
  merge.sourceNames[tape].set(own, name);
  return name;
}

/** Gives a Define of an input its place in the merged tables; a record to write only where it is new. */
function mergeDefine(merge: Merge, tape: number, event: Define): TapeError | Define | undefined {
  const name = TABLE_NAMES[event.table - 1];
  const table = merge.tables[name];
  const value = mergedDefinition(merge, tape, name, JSON.parse(event.json) as JsonObject);
  const json = canonicalText(value);
  const text = value[NAME_KEYS[name]] as string;
  const now = table.byName.get(text);
  // Only a tape that has the name's last definition may change it, be it back to an earlier one.
  const mayChange = now === undefined || table.ofTape[tape].get(text) === now.index;
  const known = name === 'source' ? undefined : table.byJson.get(json);
  const isNew = known === undefined || (now !== undefined && mayChange && known !== now.index);
  if (isNew && !mayChange) {
    return conflict(merge, tape, `${name} ${text} defined as in tape ${now.tape + 1}: ${now.json}`, json);
  }
  const index = isNew ? table.size + 1 : known;
  table.ofTape[tape].set(text, index);
  merge.indexes[tape][name][event.index] = index;
  if (!isNew) return undefined;
  table.size = index;
  table.byJson.set(json, index);
  table.byName.set(text, { json, tape, index });
  return { ...event, index, json };
}

function mergeAlias(merge: Merge, tape: number, event: Alias): TapeError | undefined {
  const key = `${event.scope} ${merge.indexes[tape].instrument[event.instrument] ?? 0} ${event.id}`;
  const known = merge.aliases.get(key);
  if (known !== undefined && known !== event.text) {
    return conflict(merge, tape, `id ${event.id} to stand for ${known}`, event.text);
  }
  merge.aliases.set(key, event.text);
  return undefined;
}

/** Fields of a kind that hold an index of a table. */
const INDEX_FIELDS: readonly (readonly Field[])[] = Array.from({ length: 256 }, (_, code) =>
  (layoutOfCode(code)?.fields ?? []).filter((field) => ['account', 'asset', 'label'].includes(field.role)),
);

function mapCause(merge: Merge, tape: number, i: number): TapeError | undefined {
  const { scratch } = merge;
  const seq = getRefSeq(scratch, i);
  if (seq === NONE) return undefined;
  const old = getRefTape(scratch, i);
  const parent = old === 0 ? tape + 1 : merge.parentOffsets[tape] + old;
  if (parent > REF_TAPE_MAX) return conflict(merge, tape, `at most ${REF_TAPE_MAX} parents`, String(parent));
  scratch.i32[i + 1] = (scratch.i32[i + 1] & 0x1fffff) | (parent << 21);
  return undefined;
}

/** An index without a Define cannot be kept: the merged tape may have given that number to another. */
function undefinedName(merge: Merge, tape: number, instrument: number, source: number): TapeError {
  const found = `instrument ${instrument}, source ${source}`;
  return conflict(merge, tape, 'a Define for every instrument and source', found);
}

/** Writes a Define that is new to the merged tape. */
function takeDefine(merge: Merge, tape: number, event: Define): TapeError | undefined {
  const { writer, scratch } = merge;
  const define = mergeDefine(merge, tape, event);
  if (define === undefined || 'code' in define) return define;
  const instrument = merge.indexes[tape].instrument[event.instrument];
  const source = merge.indexes[tape].source[event.source];
  if (instrument === undefined || source === undefined)
    return undefinedName(merge, tape, event.instrument, event.source);
  scratch.words = 0;
  if (encodeEvent(scratch, { ...define, instrument, source }) !== 0)
    return conflict(merge, tape, 'a definition that fits into a record with its parent', define.json);
  return writeRecord(writer, scratch, 0, writer.nextSeq);
}

/** Copies the event that a cursor stands on into the scratch record, in the merged tape's terms. */
function mapRecord(merge: Merge, tape: number, kind: number): TapeError | undefined {
  const cursor = merge.cursors[tape];
  const records = cursorRecords(cursor);
  const { scratch } = merge;
  const words = recordWords(records, cursor.i);
  scratch.words = 0;
  reserveWords(scratch, words);
  for (let half = 0; half < words * 2; half++) scratch.i32[half] = records.i32[cursor.i + half];
  const maps = merge.indexes[tape];
  const names = scratch.u32[1];
  const instrument = maps.instrument[names & 0xffff];
  const source = maps.source[names >>> 16];
  if (instrument === undefined || source === undefined) {
    return undefinedName(merge, tape, names & 0xffff, names >>> 16);
  }
  scratch.i32[1] = instrument | (source << 16);
  for (const field of INDEX_FIELDS[kind]) {
    if (field.word >= words) continue;
    const half = field.word * 2 + (field.shift >= 32 ? 1 : 0);
    const mask = field.bits === 32 ? -1 : (1 << field.bits) - 1;
    const shift = field.shift & 31;
    const old = ((scratch.i32[half] >>> shift) & mask) >>> 0;
    const index = maps[field.role as 'account' | 'asset' | 'label'][old];
    if (index === undefined) return conflict(merge, tape, `a Define for ${field.role} ${old}`, 'none');
    scratch.i32[half] = (scratch.i32[half] & ~(mask << shift)) | (index << shift);
  }
  const cause = layoutOfCode(kind)?.fields.find((field) => field.type === 'ref');
  return cause === undefined ? undefined : mapCause(merge, tape, cause.word * 2);
}

/** Writes the event that a cursor stands on. */
function takeEvent(merge: Merge, tape: number): TapeError | undefined {
  const cursor = merge.cursors[tape];
  const records = cursorRecords(cursor);
  const kind = recordKind(records, cursor.i);
  const { writer, scratch } = merge;
  if (kind === Kind.Define || kind === Kind.Alias) {
    const event = decodeEvent(records, cursor.i, scratch.epoch, cursor.seq);
    if (event.kind === Kind.Define) return takeDefine(merge, tape, event);
    const clash = event.kind === Kind.Alias ? mergeAlias(merge, tape, event) : undefined;
    if (clash !== undefined) return clash;
  }
  const wrong = mapRecord(merge, tape, kind);
  return wrong ?? writeRecord(writer, scratch, 0, writer.nextSeq);
}

/** True when the event of cursor `a` comes before that of cursor `b`, of which `a` is the earlier input. */
function comesFirst(a: Cursor, b: Cursor): boolean {
  const x = cursorRecords(a);
  const y = cursorRecords(b);
  const hi = x.u32[a.i + 3] - y.u32[b.i + 3];
  if (hi !== 0) return hi < 0;
  const lo = x.u32[a.i + 2] - y.u32[b.i + 2];
  if (lo !== 0) return lo < 0;
  return priorityOf(recordKind(x, a.i)) <= priorityOf(recordKind(y, b.i));
}

function createMerge(
  readers: readonly TapeReader[],
  headers: readonly TapeHeader[],
  writer: TapeWriter,
): Merge {
  const table = (): MergedTable => ({
    byJson: new Map(),
    byName: new Map(),
    ofTape: readers.map(() => new Map()),
    size: 0,
  });
  let offset = readers.length;
  const parentOffsets = headers.map((header) => {
    const before = offset;
    offset += header.parents?.length ?? 0;
    return before;
  });
  return {
    writer,
    cursors: readers.map(createCursor),
    tables: { instrument: table(), source: table(), account: table(), asset: table(), label: table() },
    indexes: readers.map(() => ({ instrument: [0], source: [0], account: [0], asset: [0], label: [0] })),
    sourceNames: readers.map(() => new Map()),
    parentOffsets,
    parentCounts: headers.map((header) => header.parents?.length ?? 0),
    aliases: new Map(),
    scratch: createRecordOut(epochOf(writer.header), 1024),
  };
}

/** What stopped a merge: an input that could not be read, or inputs that contradict each other. */
export interface MergeError {
  /** Place of the input in the argument list, from 0. */
  readonly tape: number;
  readonly error: TapeError;
}

/** Merges tapes into a writer with the header of `mergedHeader`. The writer is not ended. Costs inputs × events. */
export function mergeTapes(
  readers: readonly TapeReader[],
  headers: readonly TapeHeader[],
  writer: TapeWriter,
): MergeError | undefined {
  const merge = createMerge(readers, headers, writer);
  const { cursors } = merge;
  const told = (tape: number, error: TapeError): MergeError => {
    // Times that do not fit the epoch of all look like damage.
    const isFar = BigInt(headers[tape].epochNs) - BigInt(writer.header.epochNs) > TIME_NS_MAX;
    if (!isFar) return { tape, error };
    const expected = 'times within 104 days of the earliest tape';
    return { tape, error: conflict(merge, tape, expected, 'it is further away') };
  };
  const failed = (tape: number): MergeError | undefined => {
    const { error } = cursors[tape].reader;
    return error === undefined ? undefined : told(tape, error);
  };
  for (const [tape, cursor] of cursors.entries()) {
    if (!moveNext(cursor) && failed(tape) !== undefined) return failed(tape);
  }
  for (;;) {
    let least = -1;
    for (let tape = 0; tape < cursors.length; tape++) {
      if (cursors[tape].done) continue;
      if (least < 0 || !comesFirst(cursors[least], cursors[tape])) least = tape;
    }
    if (least < 0) return undefined;
    const error = takeEvent(merge, least);
    if (error !== undefined) return told(least, error);
    if (!moveNext(cursors[least]) && failed(least) !== undefined) return failed(least);
  }
}
