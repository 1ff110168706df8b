/** What a command asks for in cells, and whether it is one that was executed before under the same id. */
import {
  OP_CANCEL_ALL,
  UNKNOWN_INSTRUMENT_INDEX,
  createNames,
  opOf,
  putCommand,
  takeCommandRecord,
} from '@truetape/book';
import type { CommandBuffer, Names } from '@truetape/book';
import { FIRST_ASSIGNED_ID, NONE, UNIX_EPOCH } from '@truetape/contracts';
import { assert } from '@truetape/kernel';
import { DEFAULT_INDEX } from './service-types.ts';
import type { AskedCommand, BookService, BooksAnswer } from './service-types.ts';
import { COMMANDS_SOURCE } from './state.ts';
import type { BooksState } from './state.ts';
import { entryOf, entryReports } from './window.ts';
import type { CmdEntry } from './window.ts';

// Bound here: V8 reads and checks an imported constant at each use.
const ASSIGNED = FIRST_ASSIGNED_ID;
const ABSENT = NONE;
const SOURCE = COMMANDS_SOURCE;

/** Index of the instrument that is asked for; −1 for a new one. */
export function instrumentOf({ state, config }: BookService, { instrument, code }: AskedCommand): number {
  // Whoever cancels everything means all books, unless one is named.
  if (instrument === undefined) return opOf(code) === OP_CANCEL_ALL ? 0 : DEFAULT_INDEX;
  const { names } = state;
  const known = names.instrumentOf.get(instrument);
  if (known !== undefined) return known;
  const isOpen = config.instruments.length === 0 && names.instruments.length < UNKNOWN_INSTRUMENT_INDEX;
  return isOpen ? -1 : UNKNOWN_INSTRUMENT_INDEX;
}

export function fillCells(
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
export function settleCells({ own }: BookService, commands: CommandBuffer): void {
  putCommand(own.i32, 0, commands, 0, 0, ABSENT, 0, UNIX_EPOCH);
  const isTaken = takeCommandRecord(own, 0, UNIX_EPOCH, commands, 0);
  assert(isTaken, 'WAL-32', 'a command that a book knows');
}

/** True when an entry is of the command that is asked for again. Nothing is defined for that. */
function isSame(service: BookService, entry: CmdEntry, asked: AskedCommand): boolean {
  const { state, again } = service;
  const owner = state.names.owners.get(asked.owner);
  const instrument = instrumentOf(service, asked);
  if (owner !== entry.owner || instrument !== entry.instrument) return false;
  if (instrument === UNKNOWN_INSTRUMENT_INDEX && asked.instrument !== entry.unknown) return false;
  if (!isSameId(entry, asked.id)) return false;
  fillCells(again, asked, instrument, owner, entry.orderId);
  settleCells(service, again);
  const { f64, u32 } = again;
  const isCode = u32[0] === entry.code && f64[4] === entry.minQtyLots;
  return isCode && f64[2] === entry.priceTicks && f64[3] === entry.qtyLots;
}

function isSameId({ orderId, names }: CmdEntry, id: string | number | undefined): boolean {
  if (id === undefined) return orderId === ABSENT;
  if (typeof id === 'number' && id < ASSIGNED) return orderId === id;
  return names.some((name) => name.id === orderId && name.key === id);
}

/** Names as an entry remembers them. */
function entryNames(
  { names: known, unknown }: CmdEntry,
  { instruments, instrumentOf: indexes }: Names,
): Names {
  const names: Names = { ...createNames(), instruments, instrumentOf: indexes, unknown };
  for (const name of known) {
    const ids = { byKey: new Map([[name.key, name]]), byId: new Map([[name.id, name]]) };
    const own = names.ids.get(name.instrument);
    if (own === undefined) names.ids.set(name.instrument, ids);
    else own.byId.set(name.id, name);
  }
  return names;
}

/** Names of the reports of the last command, whatever is forgotten later. */
export function namesTold({ commands, reports, names }: BooksState): Names {
  return entryNames(entryOf('', 0, commands, reports, names), names);
}

/** What is said of a command whose id was given before. Nothing is written. */
export function answerAgain(service: BookService, entry: CmdEntry, asked: AskedCommand): BooksAnswer {
  const { answer, state } = service;
  answer.seq = entry.seq;
  if (isSame(service, entry, asked)) {
    answer.status = 'repeat';
    answer.reports = entryReports(entry);
    answer.names = entryNames(entry, state.names);
  } else {
    answer.status = 'cmdIdReused';
    answer.reports = state.reports;
    answer.reports.count = 0;
    answer.names = state.names;
  }
  return answer;
}
