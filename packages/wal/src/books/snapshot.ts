/**
 * The state of a log of commands to books as bytes: equal states have equal bytes. Little-endian:
 *
 *     byte  0  magic        "TTBKST\r\n"
 *           8  u32 version  1
 *          12  u32 bytes of head, 40; head:
 *                  0  u64 time of the last command, ns since 1970
 *                  8  u64 commands | 16 u64 checkpoints
 *                 24  u32 sources | 28 u32 ordersMax | 32 u32 cmdIdsMax | 36 u32 0
 *              u32 bytes of the market, market (see @truetape/book)
 *              u32 bytes of the names, names (see @truetape/book)
 *              u32 bytes of the commands with an id, those (see window-snapshot.ts)
 */
import { restoreMarket, restoreNames, saveNames } from '@truetape/book';
import type { Market, Names, SnapshotError } from '@truetape/book';
import { FIRST_ASSIGNED_ID, N_MAX, TWO_32, err, ok } from '@truetape/contracts';
import type { Result } from '@truetape/contracts';
import { sha256Of, toHex } from '@truetape/kernel';
import type { Sha256 } from '@truetape/kernel';
import { BOOK_SOURCE, bookMaker, createState, marketBytesOf, setLimits } from './state.ts';
import type { BooksState } from './state.ts';
import { restoreWindow, saveWindow } from './window-snapshot.ts';

/** Names the layout of the bytes. */
export const BOOKS_STATE_VERSION = 'truetape/books/1';

const VERSION = 1;
const MAGIC = [0x54, 0x54, 0x42, 0x4b, 0x53, 0x54, 0x0d, 0x0a];
const HEAD_BYTES = 40;
const SECTIONS = 4;

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0));
const HASH_PREFIX = ascii(BOOKS_STATE_VERSION);
/** That of `hashMarket`, whose bytes are at hand here. */
const MARKET_PREFIX = ascii('truetape/market/1');

function saveHead(state: BooksState): Uint8Array {
  const bytes = new Uint8Array(HEAD_BYTES);
  const view = new DataView(bytes.buffer);
  view.setInt32(0, state.timeLo, true);
  view.setInt32(4, state.timeHi, true);
  setU64(view, 8, state.commandCount);
  setU64(view, 16, state.checkpointCount);
  view.setUint32(24, state.sources, true);
  view.setUint32(28, state.limits.ordersMax, true);
  view.setUint32(32, state.limits.cmdIdsMax, true);
  return bytes;
}

function setU64(view: DataView, at: number, value: number): void {
  view.setUint32(at, value % TWO_32, true);
  view.setUint32(at + 4, Math.floor(value / TWO_32), true);
}

function getU64(view: DataView, at: number): number {
  return view.getUint32(at + 4, true) * TWO_32 + view.getUint32(at, true);
}

/** The canonical bytes of a state. Complexity: all of it. */
export function saveBooks(state: BooksState): Uint8Array {
  const sections = [saveHead(state), marketBytesOf(state), saveNames(state.names), saveWindow(state.window)];
  const bytes = new Uint8Array(sections.reduce((sum, one) => sum + 4 + one.length, MAGIC.length + 4));
  const view = new DataView(bytes.buffer);
  bytes.set(MAGIC);
  view.setUint32(8, VERSION, true);
  let at = 12;
  for (const section of sections) {
    view.setUint32(at, section.length, true);
    bytes.set(section, at + 4);
    at += 4 + section.length;
  }
  return bytes;
}

/** SHA-256 of "truetape/books/1" and the state's bytes, as lower-case hexadecimal text. */
export function hashBooks(state: BooksState): string {
  return toHex(sha256Of(state.sha256, HASH_PREFIX, saveBooks(state)));
}

/** What `hashMarket` gives of the books alone. */
export function hashBooksMarket(state: BooksState): string {
  return toHex(sha256Of(state.sha256, MARKET_PREFIX, marketBytesOf(state)));
}

// ---- reading ------------------------------------------------------------------------------------------------

/** What was expected where, and what was found. */
export interface StateFault {
  readonly expected: string;
  readonly found: string;
}

type Failure = { readonly ok: false; readonly error: StateFault };

const refuse = (expected: string, found: string): Failure => err({ expected, found });

/** A part's own refusal, with where the part begins. */
function refusePart(part: string, { offsetBytes, expected, found }: SnapshotError): Failure {
  return refuse(`${expected} at byte ${offsetBytes} of the ${part}`, found);
}

function cutSections(bytes: Uint8Array): Result<Uint8Array[], StateFault> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12 || MAGIC.some((byte, at) => bytes[at] !== byte))
    return refuse('the magic bytes of a state of books', `${bytes.length} bytes with others`);
  const version = view.getUint32(8, true);
  if (version !== VERSION) return refuse(`version ${VERSION}`, `version ${version}`);
  const sections: Uint8Array[] = [];
  let at = 12;
  while (sections.length < SECTIONS) {
    if (at + 4 > bytes.length) return refuse(`${SECTIONS} sections`, `${sections.length}`);
    const size = view.getUint32(at, true);
    const end = at + 4 + size;
    if (end > bytes.length) return refuse(`a section of ${size} bytes`, `${bytes.length - at - 4} bytes`);
    sections.push(bytes.subarray(at + 4, end));
    at = end;
  }
  return at === bytes.length ? ok(sections) : refuse(`${at} bytes`, `${bytes.length}`);
}

/**
 * A state from the bytes of another. Errors: what is no such state; nothing that the bytes hold can throw.
 */
export function restoreBooks(bytes: Uint8Array, sha256: Sha256): Result<BooksState, StateFault> {
  const cut = cutSections(bytes);
  if (!cut.ok) return cut;
  const [head, marketBytes, namesBytes, windowBytes] = cut.value;
  const state = createState(sha256);
  const fault = readHead(state, head);
  if (fault !== undefined) return fault;
  const market = restoreMarket(marketBytes, bookMaker(state.limits));
  if (!market.ok) return refusePart('market', market.error);
  const names = restoreNames(namesBytes);
  if (!names.ok) return refusePart('names', names.error);
  const window = restoreWindow(windowBytes, state.limits);
  if (!window.ok) return refusePart('commands with an id', window.error);
  const apart = contradiction(state, market.value, names.value);
  if (apart !== undefined) return apart;
  state.market = market.value;
  state.names = names.value;
  state.window = window.value;
  return ok(state);
}

function readHead(state: BooksState, head: Uint8Array): Failure | undefined {
  if (head.length !== HEAD_BYTES) return refuse(`a head of ${HEAD_BYTES} bytes`, String(head.length));
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  state.timeLo = view.getInt32(0, true);
  state.timeHi = view.getInt32(4, true);
  state.commandCount = getU64(view, 8);
  state.checkpointCount = getU64(view, 16);
  state.sources = view.getUint32(24, true);
  const ordersMax = view.getUint32(28, true);
  const cmdIdsMax = view.getUint32(32, true);
  const { commandCount, checkpointCount, sources } = state;
  if (commandCount > N_MAX || checkpointCount > N_MAX)
    return refuse('counts up to 2^53−1', `${commandCount} and ${checkpointCount}`);
  if (!setLimits(state.limits, ordersMax, cmdIdsMax))
    return refuse('limits of books', `${ordersMax} and ${cmdIdsMax}`);
  const spare = view.getUint32(36, true);
  if (spare !== 0 || sources > 0xffff) return refuse('a count of sources', `${sources}, ${spare}`);
  return undefined;
}

/** Parts that are right each, and cannot stand together. */
function contradiction(state: BooksState, market: Market, names: Names): Failure | undefined {
  const { limits, sources } = state;
  const isEmpty = names.instruments.length === 1;
  if (sources < BOOK_SOURCE && !isEmpty) return refuse(`${BOOK_SOURCE} sources at least`, String(sources));
  const expected = Array.from({ length: names.instruments.length - 1 }, (_, k) => k + 1).join(' ');
  const found = market.instruments.join(' ');
  if (expected !== found) return refuse(`books of ${expected}`, found);
  for (const instrument of market.instruments) {
    const { ordersMax } = market.byInstrument[instrument]!;
    if (ordersMax !== limits.ordersMax)
      return refuse(`room for ${limits.ordersMax} orders`, String(ordersMax));
  }
  for (const [, { byId }] of names.ids) {
    for (const id of byId.keys()) {
      if (id < FIRST_ASSIGNED_ID || id >= names.nextId)
        return refuse(`ids below ${names.nextId}`, String(id));
    }
  }
  return undefined;
}
