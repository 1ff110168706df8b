/**
 * Commands to books, executed and written: the live side of what `fold` makes of the log again. What `submit` writes is
 * not durable before the log's next commit, and nothing of its answer may be published before.
 *
 * A command is executed as its record says it, so that a restart finds what was answered: numbers that no record can
 * hold are replaced first by those that stand for them, which a book refuses alike.
 */
import {
  ENDED_MAX,
  RECORD_HALVES_MAX,
  UNKNOWN_INSTRUMENT_INDEX,
  addBook,
  addInstrument,
  applyToMarket,
  createCommands,
  endNames,
  nameId,
  unwrittenField,
} from '@truetape/book';
import type { IdName } from '@truetape/book';
import { BLANK, FIRST_ASSIGNED_ID, NONE, TWO_32, viewRecords } from '@truetape/contracts';
import { assert } from '@truetape/kernel';
import type { TapeWriter } from '@truetape/tape';
import type { BooksMachine } from './kind.ts';
import { answerAgain, fillCells, instrumentOf, namesTold, settleCells } from './repeat.ts';
import { DEFAULT_INDEX, DEFAULT_INSTRUMENT_NAME } from './service-types.ts';
import type { AskedCommand, BookService, BooksAnswer, BooksConfig, BooksMismatch } from './service-types.ts';
import { hashBooks, hashBooksMarket } from './snapshot.ts';
import {
  BOOK_SOURCE,
  HASH_VERSION,
  SCOPE_BOOK,
  SCOPE_ENGINE,
  SCOPE_REQUEST,
  formatUnknown,
  instrumentValue,
  setLimits,
  sourceValue,
} from './state.ts';
import type { BooksState } from './state.ts';
import { addEntry, entryOf, isCmdId } from './window.ts';
import { write, writeAlias, writeAnswer, writeDefine } from './write.ts';

// Bound here: V8 reads and checks an imported constant at each use.
const ASSIGNED = FIRST_ASSIGNED_ID;
const ABSENT = NONE;
const VENUE = BOOK_SOURCE;
const HALVES = RECORD_HALVES_MAX;

/** The live side of a machine: of a new one, or of one that a log was folded into. */
export function createBookService(machine: BooksMachine, config: BooksConfig): BookService {
  const { state } = machine;
  return {
    machine,
    state,
    config,
    own: viewRecords(new Uint8Array(HALVES * 4)),
    again: createCommands(1),
    answer: { status: 'done', seq: 0, reports: state.reports, names: state.names },
  };
}

/** Opens the book of an instrument, the next one. */
function openBook({ names, market }: BooksState, name: string, timeNs: number, writer: TapeWriter): number {
  const index = addInstrument(names, name);
  addBook(market, index);
  writeDefine(writer, 'instrument', index, instrumentValue(name), timeNs);
  return index;
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
 * Errors: `WAL-31` for what the log does not take, an earlier time above all; `WAL-32` for a command that no book
 * knows; `WAL-34` for an id that is none.
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
  writeAnswer(service, writer, timeNs, decidedNs, flags);
  // One command may end more orders than names are kept of those that ended: they are told all the same.
  const told = reports.count < ENDED_MAX ? names : namesTold(state);
  endNames(names, market, reports);
  const { answer } = service;
  answer.status = 'done';
  answer.seq = seq;
  answer.reports = reports;
  answer.names = told;
  return answer;
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
