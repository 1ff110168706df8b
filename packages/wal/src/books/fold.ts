/**
 * Folds the records of a log of commands to books. A command is executed again straight from its words, and the facts
 * behind it are held against what came of it; both may be cut anywhere at the border of a record.
 *
 * The order that a log has: the Defines that a command needs, a Note of an instrument that no tape can name, the Alias
 * of its order's id, the Alias of its own id, the command, its facts. Anything else between is foreign.
 */
import {
  UNKNOWN_INSTRUMENT_INDEX,
  addBook,
  addIdName,
  addInstrument,
  applyToMarket,
  commandOfEvent,
  endNames,
  keepId,
  opOf,
  OP_CANCEL_ALL,
  SCOPE_NUMBER,
  SCOPE_STRING,
  takeCommandRecord,
} from '@truetape/book';
import {
  FIRST_ASSIGNED_ID,
  FLAG_BAD_TIME,
  FLAG_LAST,
  Kind,
  SIDE_MASK,
  TABLE_NAMES,
  UNIX_EPOCH,
  canonicalText,
  decodeEvent,
  kindName,
  parseCanonicalObject,
} from '@truetape/contracts';
import type { Alias, Checkpoint, Define, Epoch, RecordBuffer } from '@truetape/contracts';
import type { Batch } from '@truetape/tape';
import type { MachineStop } from '../machine.ts';
import { createFactsDue, differingFact, missingFact, takeFact } from './facts.ts';
import type { FactsDue } from './facts.ts';
import { hashBooks, hashBooksMarket } from './snapshot.ts';
import {
  BOOK_SOURCE,
  COMMANDS_SOURCE,
  HASH_VERSION,
  SCOPE_BOOK,
  SCOPE_ENGINE,
  SCOPE_REQUEST,
  instrumentValue,
  parseUnknown,
  readLimits,
  sourceValue,
} from './state.ts';
import type { BooksState } from './state.ts';
import { addEntry, entryOf, isCmdId } from './window.ts';

/** A fold under way. */
export interface BooksFold {
  readonly state: BooksState;
  readonly due: FactsDue;
  /** Id of ours that the next command has to use; 0 for none. */
  aliasId: number;
  /** The next command's own id; undefined for none. */
  cmdId: string | undefined;
  /** Commands that were folded before. */
  readonly commandsBefore: number;
}

export function createFold(state: BooksState): BooksFold {
  const due = createFactsDue();
  return { state, due, aliasId: 0, cmdId: undefined, commandsBefore: state.commandCount };
}

// Bound here: V8 reads and checks an imported constant at each use.
const ASSIGNED = FIRST_ASSIGNED_ID;
const SOURCE = COMMANDS_SOURCE;
const CANCEL_ALL_OP = OP_CANCEL_ALL;
/** Flags of a command besides its side, and of its facts besides theirs. */
const OWN_FLAGS = ~SIDE_MASK & 0xff;
const LAST = FLAG_LAST;
const BAD_TIME = FLAG_BAD_TIME;
const COMMAND_FAMILY = 0x10;
const LAST_COMMAND = Kind.CancelAll;

const foreign = (seq: number, expected: string, found: string): MachineStop => ({
  code: 'foreign',
  seq,
  expected,
  found,
});

/** Folds a batch; why it cannot be folded. */
export function foldRecords(fold: BooksFold, batch: Batch, epoch: Epoch): MachineStop | undefined {
  const { due, state } = fold;
  const { records, to } = batch;
  const { u32 } = records;
  let seq = batch.firstSeq;
  for (let i = batch.from; i < to; i += (u32[i] & 0xffff) * 2, seq++) {
    if (due.next < due.count) {
      if (takeFact(due, state.reports, records, i)) continue;
      return differingFact(due, state.reports, { records, i, seq, epoch });
    }
    const kind = (u32[i] >>> 16) & 0xff;
    const isCommand = kind >= COMMAND_FAMILY && kind <= LAST_COMMAND;
    const stop = isCommand
      ? foldCommand(fold, records, i, seq, epoch)
      : foldOther(fold, records, i, seq, epoch);
    if (stop !== undefined) return stop;
  }
  return undefined;
}

/** What is still missing at the end of a log. */
export function endFold(fold: BooksFold, nextSeq: number): MachineStop | undefined {
  const { due, state } = fold;
  if (due.next < due.count) return missingFact(due, state.reports, nextSeq, UNIX_EPOCH);
  if (!isAwaiting(fold)) return undefined;
  return foreign(nextSeq, 'the command that an Alias or a Note belongs to', 'the end');
}

const isAwaiting = ({ aliasId, cmdId, state }: BooksFold): boolean =>
  aliasId !== 0 || cmdId !== undefined || state.names.unknown !== '';

function foldCommand(
  fold: BooksFold,
  records: RecordBuffer,
  i: number,
  seq: number,
  epoch: Epoch,
): MachineStop | undefined {
  const { state, due } = fold;
  const { commands, reports } = state;
  const { i32, u32 } = records;
  if (!takeCommandRecord(records, i, epoch, commands, 0)) {
    const taken = commandOfEvent(decodeEvent(records, i, epoch, seq), commands, 0);
    if (!taken.ok) {
      const { field, expected, found } = taken.error;
      return foreign(seq, `${expected} as ${field}`, String(found));
    }
  }
  const flags = (u32[i] >>> 24) & OWN_FLAGS;
  const isOurs = (flags === LAST || flags === (LAST | BAD_TIME)) && commands.u32[11] === SOURCE;
  if (!isOurs || (u32[i + 4] & u32[i + 5]) !== -1)
    return foreign(seq, 'a command of this log', 'another one');
  const stop = checkNamed(fold, seq);
  if (stop !== undefined) return stop;
  state.timeLo = due.timeLo = i32[i + 2];
  state.timeHi = due.timeHi = i32[i + 3];
  state.commandCount += 1;
  state.marketBytes = undefined;
  reports.count = 0;
  applyToMarket(state.market, commands, 0, reports);
  due.next = 0;
  due.count = reports.count;
  due.cause = seq;
  due.flags = flags & BAD_TIME;
  if (fold.cmdId !== undefined) {
    addEntry(state.window, entryOf(fold.cmdId, seq, commands, reports, state.names), state.limits);
    fold.cmdId = undefined;
  }
  endNames(state.names, state.market, reports);
  fold.aliasId = 0;
  state.names.unknown = '';
  return undefined;
}

/** What a command names has to be known by now. */
function checkNamed(fold: BooksFold, seq: number): MachineStop | undefined {
  const { state, aliasId } = fold;
  const { names, commands } = state;
  const { f64, u32 } = commands;
  const instrument = u32[10];
  const owner = u32[1];
  const orderId = f64[1];
  if (state.sources < BOOK_SOURCE) return foreign(seq, 'the Defines of two sources', 'a command');
  if (owner >= names.owners.size) return foreign(seq, 'an account that is defined', String(owner));
  if (instrument === 0 || instrument >= names.instruments.length) {
    const isAll = instrument === 0 && opOf(u32[0]) === CANCEL_ALL_OP;
    if (!isAll && instrument !== UNKNOWN_INSTRUMENT_INDEX)
      return foreign(seq, 'an instrument that is defined', String(instrument));
  }
  if (names.unknown !== '' && instrument !== UNKNOWN_INSTRUMENT_INDEX)
    return foreign(seq, 'a command to the instrument of the Note before it', String(instrument));
  if (orderId < ASSIGNED) {
    return aliasId === 0 ? undefined : foreign(seq, `the order of the Alias before it`, String(orderId));
  }
  if (aliasId !== 0 && aliasId !== orderId)
    return foreign(seq, `order ${aliasId}, as the Alias before it`, String(orderId));
  return keepId(names, instrument, orderId)
    ? undefined
    : foreign(seq, 'an Alias of the order', String(orderId));
}

function foldOther(
  fold: BooksFold,
  records: RecordBuffer,
  i: number,
  seq: number,
  epoch: Epoch,
): MachineStop | undefined {
  const event = decodeEvent(records, i, epoch, seq);
  if (event.kind === Kind.Alias) return foldAlias(fold, event, seq);
  if (fold.cmdId !== undefined || fold.aliasId !== 0)
    return foreign(seq, 'the command that an Alias belongs to', kindName(event.kind));
  if (event.kind === Kind.Note) {
    const unknown = parseUnknown(event.text);
    if (unknown !== undefined) fold.state.names.unknown = unknown;
    return undefined;
  }
  if (fold.state.names.unknown !== '')
    return foreign(seq, 'the command that a Note belongs to', kindName(event.kind));
  switch (event.kind) {
    case Kind.Define:
      return foldDefine(fold.state, event, seq);
    case Kind.Checkpoint:
      return foldCheckpoint(fold.state, event, seq);
    case Kind.Session:
    case Kind.Clock:
    case Kind.Timer:
      return undefined;
    default:
      return foreign(seq, 'a record of a log of commands', kindName(event.kind));
  }
}

function foldAlias(fold: BooksFold, event: Alias, seq: number): MachineStop | undefined {
  const { names, window } = fold.state;
  const { scope, id, instrument, text } = event;
  if (fold.cmdId !== undefined) return foreign(seq, 'the command that an Alias belongs to', 'Alias');
  if (scope === SCOPE_REQUEST) {
    if (id !== seq + 1) return foreign(seq, `an Alias of the command at seq ${seq + 1}`, String(id));
    if (!isCmdId(text) || window.byId.has(text)) return foreign(seq, 'the id of a new command', text);
    fold.cmdId = text;
    return undefined;
  }
  const key = keyOfAlias(scope, text);
  const isNew = key !== undefined && names.ids.get(instrument)?.byKey.has(key) !== true;
  if (fold.aliasId !== 0 || !isNew) return foreign(seq, 'the Alias of a new id', text);
  if (id !== names.nextId) return foreign(seq, `an Alias of id ${names.nextId}`, String(id));
  names.nextId += 1;
  addIdName(names, { instrument, id, key });
  fold.aliasId = id;
  return undefined;
}

/** The id that an Alias tells of, as it was given; undefined for one that needs none. */
function keyOfAlias(scope: number, text: string): string | number | undefined {
  if (scope === SCOPE_STRING) return text;
  const key = Number(text);
  return scope === SCOPE_NUMBER && key >= ASSIGNED && String(key) === text && Number.isSafeInteger(key)
    ? key
    : undefined;
}

function foldDefine(state: BooksState, event: Define, seq: number): MachineStop | undefined {
  const { names, limits } = state;
  const parsed = parseCanonicalObject(event.json);
  const value = parsed.ok ? parsed.value : {};
  const { index } = event;
  const wrong = (expected: string): MachineStop => foreign(seq, expected, event.json);
  switch (TABLE_NAMES[event.table - 1]) {
    case 'source':
      if (index !== state.sources + 1) return wrong(`source ${state.sources + 1}`);
      if (index === BOOK_SOURCE && !readLimits(value, limits)) return wrong('limits of books');
      if (index <= BOOK_SOURCE && canonicalText(sourceValue(index, limits)) !== event.json)
        return wrong(canonicalText(sourceValue(index, limits)));
      state.sources = index;
      return undefined;
    case 'account': {
      const { name } = value;
      const isNew = typeof name === 'string' && !names.owners.has(name);
      if (index !== names.owners.size || !isNew) return wrong(`account ${names.owners.size}`);
      if (canonicalText({ name }) !== event.json) return wrong(canonicalText({ name }));
      names.owners.set(name, index);
      return undefined;
    }
    case 'instrument': {
      const { id } = value;
      const next = names.instruments.length;
      const isNew = typeof id === 'string' && !names.instrumentOf.has(id);
      if (index !== next || !isNew || next >= UNKNOWN_INSTRUMENT_INDEX) return wrong(`instrument ${next}`);
      if (canonicalText(instrumentValue(id)) !== event.json) return wrong(canonicalText(instrumentValue(id)));
      if (state.sources < BOOK_SOURCE) return wrong('the Defines of two sources');
      addBook(state.market, addInstrument(names, id));
      state.marketBytes = undefined;
      return undefined;
    }
    default:
      return wrong('an instrument, a source or an account');
  }
}

function foldCheckpoint(state: BooksState, event: Checkpoint, seq: number): MachineStop | undefined {
  const { scope, hashVersion, coversSeq, instrument, stateHash } = event;
  const isOurs = (scope === SCOPE_BOOK || scope === SCOPE_ENGINE) && hashVersion === HASH_VERSION;
  if (!isOurs || coversSeq !== seq || instrument !== 0)
    return foreign(seq, 'a Checkpoint of all before it', `scope ${scope}, up to ${coversSeq}`);
  const hash = scope === SCOPE_BOOK ? hashBooksMarket(state) : hashBooks(state);
  if (hash !== stateHash) return { code: 'state', seq, expected: stateHash, found: hash };
  if (scope === SCOPE_ENGINE) state.checkpointCount += 1;
  return undefined;
}
