/**
 * Commands to books, executed and written: the live side of what `fold` makes of the log again. What `submit` writes is
 * not durable before the log's next commit, and nothing of its answer may be published before.
 *
 * A command is executed as its record says it, so that a restart finds what was answered: numbers that no record can
 * hold are replaced first by those that stand for them, which a book refuses alike.
 */
import {
  OP_CANCEL_ALL,
  RECORD_HALVES_MAX,
  SCOPE_NUMBER,
  SCOPE_STRING,
  UNKNOWN_INSTRUMENT_INDEX,
  addBook,
  addInstrument,
  applyToMarket,
  createCommands,
  createNames,
  endNames,
  nameId,
  opOf,
  putCommand,
  putFact,
  takeCommandRecord,
  unwrittenField,
} from '@truetape/book';
import type { CommandBuffer, IdName, Names, ReportBuffer } from '@truetape/book';
import {
  BLANK,
  FIRST_ASSIGNED_ID,
  FLAG_LAST,
  NONE,
  TWO_32,
  UNIX_EPOCH,
  createRecordOut,
  defineFields,
} from '@truetape/contracts';
import type { Event, JsonObject, RecordOut, TableName } from '@truetape/contracts';
import { assert } from '@truetape/kernel';
import { commitRecords, recordPlace, writeEvent, writeRecord } from '@truetape/tape';
import type { TapeError, TapeWriter } from '@truetape/tape';
import type { BooksMachine } from './kind.ts';
import { hashBooks, hashBooksMarket } from './snapshot.ts';
import {
  BOOK_SOURCE,
  COMMANDS_SOURCE,
  HASH_VERSION,
  SCOPE_BOOK,
  SCOPE_ENGINE,
  SCOPE_REQUEST,
  formatUnknown,
  instrumentValue,
  setLimits,
  sourceValue,
} from './state.ts';
import type { BooksLimits, BooksState } from './state.ts';
import { addEntry, entryOf, entryReports, isCmdId } from './window.ts';
import type { CmdEntry } from './window.ts';

/** The instrument of commands that name none, where the configuration names none either. */
export const DEFAULT_INSTRUMENT_NAME = 'BOOK';
const DEFAULT_INDEX = 1;

export interface BooksConfig {
  /** The instruments there are, the default one first; empty: those that commands name. */
  readonly instruments: readonly string[];
  /** Of a new log; one that is there has its own. */
  readonly limits?: Partial<BooksLimits>;
}

/** What a command asks for. */
export interface AskedCommand {
  /** Cell 0 of a command. */
  readonly code: number;
  /** As it was given; undefined for cancelAll. */
  readonly id: string | number | undefined;
  readonly owner: string;
  readonly instrument: string | undefined;
  readonly priceTicks: number;
  readonly qtyLots: number;
  readonly minQtyLots: number;
}

/** What becomes of a command; the same object each time, valid until the next one. */
export interface BooksAnswer {
  /**
   * `done`: it was executed. `repeat`: it was before, with this id, and nothing was written; the answer is what it was.
   * `cmdIdReused`: another command had its id, the one at `seq`; nothing was done and nothing written.
   */
  readonly status: 'done' | 'repeat' | 'cmdIdReused';
  /** Seq of the command. */
  readonly seq: number;
  readonly reports: ReportBuffer;
  /** Names of the ids and instruments in the reports. */
  readonly names: Names;
}

export interface BookService {
  readonly machine: BooksMachine;
  readonly state: BooksState;
  readonly config: BooksConfig;
  /** A command's own record, from which it is executed. */
  readonly own: RecordOut;
  /** A command that is held against an earlier one. */
  readonly again: CommandBuffer;
  readonly answer: { -readonly [Key in keyof BooksAnswer]: BooksAnswer[Key] };
}

/** Reports beyond which the facts of a command are written one by one: more may not fit into a frame. */
const REPORTS_IN_PLACE = 65_536;

// Bound here: V8 reads and checks an imported constant at each use.
const ASSIGNED = FIRST_ASSIGNED_ID;
const ABSENT = NONE;
const LAST = FLAG_LAST;
const SOURCE = COMMANDS_SOURCE;
const VENUE = BOOK_SOURCE;
const HALVES = RECORD_HALVES_MAX;

/** The live side of a machine: of a new one, or of one that a log was folded into. */
export function createBookService(machine: BooksMachine, config: BooksConfig): BookService {
  const { state } = machine;
  return {
    machine,
    state,
    config,
    own: createRecordOut(UNIX_EPOCH, HALVES),
    again: createCommands(1),
    answer: { status: 'done', seq: 0, reports: state.reports, names: state.names },
  };
}

function mustWrite(refused: TapeError | undefined): void {
  assert(refused === undefined, 'WAL-31', `records that a log takes: ${refused?.code} ${refused?.found}`);
}

function write(writer: TapeWriter, event: Event): void {
  mustWrite(writeEvent(writer, event));
}

function writeDefine(
  writer: TapeWriter,
  table: TableName,
  index: number,
  value: JsonObject,
  timeNs: number,
): void {
  write(writer, { ...BLANK.Define, ...defineFields(table, index, value), timeNs });
}

/** Opens the book of an instrument, the next one. */
function openBook({ names, market }: BooksState, name: string, timeNs: number, writer: TapeWriter): number {
  const index = addInstrument(names, name);
  addBook(market, index);
  writeDefine(writer, 'instrument', index, instrumentValue(name), timeNs);
  return index;
}

/** Why a configuration is none of the log that is there. */
export interface BooksMismatch {
  readonly expected: string;
  readonly found: string;
}

/**
 * Writes what has to be defined before the first command: in a new log everything, else the instruments that are not
 * there yet. A mismatch, and nothing written, where the default instrument is another, or limits are none.
 */
export function beginBooks(
  service: BookService,
  timeNs: number,
  writer: TapeWriter,
): BooksMismatch | undefined {
  const { state, config } = service;
  const { names, limits } = state;
  const wanted = config.instruments.length === 0 ? [DEFAULT_INSTRUMENT_NAME] : config.instruments;
  const first = names.instruments[DEFAULT_INDEX];
  if (first !== undefined && config.instruments.length > 0 && first !== wanted[0])
    return { expected: `${first} as the default instrument`, found: wanted[0] };
  if (state.sources < VENUE) {
    const { ordersMax = limits.ordersMax, cmdIdsMax = limits.cmdIdsMax } = config.limits ?? {};
    if (!setLimits(limits, ordersMax, cmdIdsMax))
      return { expected: 'limits of books', found: `${ordersMax} and ${cmdIdsMax}` };
    for (let index = state.sources + 1; index <= VENUE; index++)
      writeDefine(writer, 'source', index, sourceValue(index, limits), timeNs);
    state.sources = VENUE;
  }
  state.marketBytes = undefined;
  if (first !== undefined && config.instruments.length === 0) return undefined;
  for (const name of wanted) {
    if (!names.instrumentOf.has(name)) openBook(state, name, timeNs, writer);
  }
  return undefined;
}

/** Index of the instrument that is asked for; −1 for a new one. */
function instrumentOf({ state, config }: BookService, { instrument, code }: AskedCommand): number {
  // Whoever cancels everything means all books, unless one is named.
  if (instrument === undefined) return opOf(code) === OP_CANCEL_ALL ? 0 : DEFAULT_INDEX;
  const { names } = state;
  const known = names.instrumentOf.get(instrument);
  if (known !== undefined) return known;
  const isOpen = config.instruments.length === 0 && names.instruments.length < UNKNOWN_INSTRUMENT_INDEX;
  return isOpen ? -1 : UNKNOWN_INSTRUMENT_INDEX;
}

function fillCells(
  commands: CommandBuffer,
  asked: AskedCommand,
  instrument: number,
  owner: number,
  orderId: number,
): void {
  const { f64, u32 } = commands;
  u32[0] = asked.code;
  u32[1] = owner;
  f64[1] = orderId;
  f64[2] = asked.priceTicks;
  f64[3] = asked.qtyLots;
  f64[4] = asked.minQtyLots;
  u32[10] = instrument;
  u32[11] = SOURCE;
}

/** Puts into the cells what the command's record says. */
function settleCells({ own }: BookService, commands: CommandBuffer): void {
  putCommand(own.i32, 0, commands, 0, 0, ABSENT, 0, UNIX_EPOCH);
  const isTaken = takeCommandRecord(own, 0, UNIX_EPOCH, commands, 0);
  assert(isTaken, 'WAL-32', 'a command that a book knows');
}

const KEYS = { priceTicks: 'price', qtyLots: 'qty', minQtyLots: 'minQty' } as const;

/** Writes what no record of a command can say, before its cells are settled. */
function writeNotes(state: BooksState, asked: AskedCommand, timeNs: number, writer: TapeWriter): void {
  const field = unwrittenField(state.commands, 0);
  if (field === '') return;
  const text = `${KEYS[field]} ${asked[field]} of the next command cannot stand in it`;
  write(writer, { ...BLANK.Note, text, timeNs });
}

/** Number of the order's id; where that is a new one of ours, what it stands for is still to be written. */
function orderIdOf(
  { names }: BooksState,
  instrument: number,
  id: string | number | undefined,
  onNew: (name: IdName) => void,
): number {
  if (id === undefined) return ABSENT;
  if (typeof id === 'number' && id < ASSIGNED) return id;
  return nameId(names, instrument, id, onNew);
}

function ownerOf({ names }: BooksState, name: string, timeNs: number, writer: TapeWriter): number {
  const known = names.owners.get(name);
  if (known !== undefined) return known;
  const index = names.owners.size;
  names.owners.set(name, index);
  writeDefine(writer, 'account', index, { name }, timeNs);
  return index;
}

/**
 * Executes a command and writes it: what it needs to have defined, the command, and its facts. Its time is in ns since
 * the writer's epoch, with BAD_TIME in `flags` where it is not the clock's own; `cmdId` makes it one that may be given
 * again; `decidedNs` is when it was given, by the clock of whoever gave it.
 *
 * Errors: `WAL-31` for what the log does not take, an earlier time above all; `WAL-32` for a command that no book knows;
 * `WAL-34` for an id that is none.
 */
export function submit(
  service: BookService,
  writer: TapeWriter,
  asked: AskedCommand,
  timeNs: number,
  flags: number,
  cmdId?: string,
  decidedNs: number = ABSENT,
): BooksAnswer {
  const { state } = service;
  const { names, commands, reports, market } = state;
  if (cmdId !== undefined) {
    assert(isCmdId(cmdId), 'WAL-34', 'a command’s id of 1 to 128 bytes');
    const entry = state.window.byId.get(cmdId);
    if (entry !== undefined) return answerAgain(service, entry, asked);
  }
  let instrument = instrumentOf(service, asked);
  if (instrument < 0) instrument = openBook(state, asked.instrument!, timeNs, writer);
  const owner = ownerOf(state, asked.owner, timeNs, writer);
  names.unknown = '';
  if (instrument === UNKNOWN_INSTRUMENT_INDEX && asked.instrument !== undefined) {
    names.unknown = asked.instrument;
    write(writer, { ...BLANK.Note, text: formatUnknown(asked.instrument), timeNs });
  }
  let alias: IdName | undefined;
  const orderId = orderIdOf(state, instrument, asked.id, (name) => (alias = name));
  fillCells(commands, asked, instrument, owner, orderId);
  writeNotes(state, asked, timeNs, writer);
  settleCells(service, commands);
  if (alias !== undefined) writeAlias(alias, timeNs, writer);
  if (cmdId !== undefined) {
    const id = writer.nextSeq + 1;
    write(writer, { ...BLANK.Alias, id, scope: SCOPE_REQUEST, text: cmdId, timeNs });
  }
  const seq = writer.nextSeq;
  reports.count = 0;
  applyToMarket(market, commands, 0, reports);
  state.commandCount += 1;
  state.marketBytes = undefined;
  if (cmdId !== undefined)
    addEntry(state.window, entryOf(cmdId, seq, commands, reports, names), state.limits);
  const times = { timeNs, decidedNs };
  if (reports.count <= REPORTS_IN_PLACE) writeInPlace(service, writer, times, flags);
  else writeOneByOne(service, writer, times, flags);
  endNames(names, market, reports);
  const { answer } = service;
  answer.status = 'done';
  answer.seq = seq;
  answer.reports = reports;
  answer.names = names;
  return answer;
}

function writeAlias({ instrument, id, key }: IdName, timeNs: number, writer: TapeWriter): void {
  const scope = typeof key === 'string' ? SCOPE_STRING : SCOPE_NUMBER;
  write(writer, { ...BLANK.Alias, instrument, id, scope, text: String(key), timeNs });
}

/** ns since the writer's epoch. */
interface CommandTimes {
  readonly timeNs: number;
  readonly decidedNs: number;
}

/** Writes what the state is, so that whoever folds the log finds out where it is not the same: two Checkpoints. */
export function checkpoint({ state }: BookService, writer: TapeWriter): void {
  const { lastHi, lastLo, records } = writer;
  const { hi, lo } = records.epoch;
  const timeNs = lastHi < 0 ? 0 : (lastHi - hi) * TWO_32 + (lastLo - lo);
  const common = { ...BLANK.Checkpoint, timeNs, source: VENUE, hashVersion: HASH_VERSION };
  const market = hashBooksMarket(state);
  write(writer, { ...common, coversSeq: writer.nextSeq, scope: SCOPE_BOOK, stateHash: market });
  const engine = hashBooks(state);
  write(writer, { ...common, coversSeq: writer.nextSeq, scope: SCOPE_ENGINE, stateHash: engine });
  state.checkpointCount += 1;
}
