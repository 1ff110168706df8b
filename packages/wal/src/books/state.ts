/** The state of a log of commands to books: what its records make of nothing. */
import {
  ORDERS_LIMIT,
  ORDERS_MAX,
  createBook,
  createCommands,
  createMarket,
  createNames,
  createReports,
  saveMarket,
} from '@truetape/book';
import type { BookConfig, CommandBuffer, Market, Names, ReportBuffer, RestorableBook } from '@truetape/book';
import type { JsonObject, JsonValue } from '@truetape/contracts';
import type { Sha256 } from '@truetape/kernel';
import { createWindow } from './window.ts';
import type { CmdWindow } from './window.ts';

/** Sources that such a log begins with: of all commands, and of all facts. */
export const COMMANDS_SOURCE = 1;
export const BOOK_SOURCE = 2;

/** Scopes of an Alias besides those of names: the id of the command that follows. */
export const SCOPE_REQUEST = 4;
/** Scopes of a Checkpoint. */
export const SCOPE_BOOK = 1;
export const SCOPE_ENGINE = 5;
export const HASH_VERSION = 1;

/** Commands whose ids are remembered, unless the log says otherwise. */
export const CMD_IDS_MAX = 65_536;

/** More are not remembered, whatever a log says. */
export const CMD_IDS_LIMIT = 16_777_216;

/** Bounds that what commands do depends on. They stand in the log, in the Define of its second source. */
export interface BooksLimits {
  /** Resting orders at most, of each book. */
  ordersMax: number;
  /** Commands whose ids are remembered; their reports are 16 times as many at most. */
  cmdIdsMax: number;
}

export interface BooksState {
  readonly sha256: Sha256;
  readonly limits: BooksLimits;
  market: Market;
  names: Names;
  window: CmdWindow;
  /** Time of the last command: ns since 1970, as the two half words that stand in its record. */
  timeHi: number;
  timeLo: number;
  commandCount: number;
  checkpointCount: number;
  /** Sources that are defined. */
  sources: number;
  /** The last command, in the first place, and what came of it. */
  readonly commands: CommandBuffer;
  readonly reports: ReportBuffer;
  /** The market's bytes, while no command has come since. */
  marketBytes: Uint8Array | undefined;
}

/** Makes books with the limits of a log, which it may only say later. */
export function bookMaker(limits: BooksLimits): (config: BookConfig) => RestorableBook {
  return (config) => createBook({ ordersMax: limits.ordersMax, ...config });
}

export function createState(sha256: Sha256): BooksState {
  const limits: BooksLimits = { ordersMax: ORDERS_MAX, cmdIdsMax: CMD_IDS_MAX };
  return {
    sha256,
    limits,
    market: createMarket({ create: bookMaker(limits) }),
    names: createNames(),
    window: createWindow(),
    timeHi: 0,
    timeLo: 0,
    commandCount: 0,
    checkpointCount: 0,
    sources: 0,
    commands: createCommands(1),
    reports: createReports(),
    marketBytes: undefined,
  };
}

/** The canonical bytes of all books; they are made once for each state. */
export function marketBytesOf(state: BooksState): Uint8Array {
  state.marketBytes ??= saveMarket(state.market);
  return state.marketBytes;
}

/** What the first two sources are; limits that are the usual ones are not said. */
export function sourceValue(index: number, { ordersMax, cmdIdsMax }: BooksLimits): JsonObject {
  if (index === COMMANDS_SOURCE) return { name: 'commands', role: 'agent' };
  return {
    name: 'book',
    role: 'venue',
    ...(ordersMax === ORDERS_MAX ? {} : { ordersMax }),
    ...(cmdIdsMax === CMD_IDS_MAX ? {} : { cmdIdsMax }),
  };
}

const isBetween = (value: JsonValue | undefined, max: number): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= max;

/** Sets limits; false, and nothing set, for numbers that are none. */
export function setLimits(limits: BooksLimits, ordersMax: JsonValue, cmdIdsMax: JsonValue): boolean {
  if (!isBetween(ordersMax, ORDERS_LIMIT) || !isBetween(cmdIdsMax, CMD_IDS_LIMIT)) return false;
  limits.ordersMax = ordersMax;
  limits.cmdIdsMax = cmdIdsMax;
  return true;
}

/** Takes over the limits that the Define of the second source says; false where it says none that can be. */
export function readLimits(value: JsonObject, limits: BooksLimits): boolean {
  return setLimits(limits, value['ordersMax'] ?? ORDERS_MAX, value['cmdIdsMax'] ?? CMD_IDS_MAX);
}

/** A line gives integers and no steps: one tick is 1, one lot is 1. */
export function instrumentValue(name: string): JsonObject {
  return { id: name, symbol: name, priceStep: '1', qtyStep: '1', fineScale: 0 };
}

const UNKNOWN_NOTE = 'the next command names an instrument that is not known: ';

/** Text of the Note before a command whose instrument no tape can name. */
export function formatUnknown(name: string): string {
  return UNKNOWN_NOTE + name;
}

/** The instrument that such a Note tells of; undefined for any other Note. */
export function parseUnknown(text: string): string | undefined {
  return text.startsWith(UNKNOWN_NOTE) ? text.slice(UNKNOWN_NOTE.length) : undefined;
}
