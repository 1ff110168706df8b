/**
 * Names as bytes: equal names have equal bytes, in whatever order they came. Little-endian, texts in UTF-8:
 *
 *     byte  0  magic         "TTNAME\r\n"
 *           8  u32 version   1
 *          12  u32 instruments, 16 u32 owners, 20 u32 ids
 *          24  u64 nextId
 *          32  instruments by index, from 1: u32 bytes, text
 *              owners by index, from 1 (0 is the empty one): u32 bytes, text
 *              ids by instrument, then id: u64 id | u16 instrument | u8 what | u8 0 | u32 bytes, text
 *
 * What an id is: bits 0–1 its generation (0 in use, 1 young, 2 old), bit 2 its key is a number, bit 3 another id
 * has its key by now. A generation is forgotten as a whole, so that the order within it is no part of the state;
 * neither is the name of the last unknown instrument.
 */
import {
  FIRST_ASSIGNED_ID,
  N_MAX,
  TWO_32,
  decodeUtf8,
  err,
  ok,
  utf8Length,
  writeUtf8,
} from '@truetape/contracts';
import type { Result } from '@truetape/contracts';
import { assert } from '@truetape/kernel';
import type { SnapshotError, SnapshotErrorCode } from './book.ts';
import { ENDED_MAX, UNKNOWN_INSTRUMENT_INDEX, addInstrument, createNames, idsOf } from './names.ts';
import type { IdName, Names } from './names.ts';

export const NAMES_SNAPSHOT_VERSION = 1;

const MAGIC = [0x54, 0x54, 0x4e, 0x41, 0x4d, 0x45, 0x0d, 0x0a];
const HEADER_BYTES = 32;
const ID_BYTES = 16;

const IN_USE = 0;
const YOUNG = 1;
const OLD = 2;
const GENERATION = 3;
const BY_NUMBER = 4;
const SHADOWED = 8;

/** Names of orders by instrument, then id. */
function sortedIds(names: Names): IdName[] {
  const sorted: IdName[] = [];
  for (const instrument of [...names.ids.keys()].toSorted((a, b) => a - b)) {
    const from = sorted.length;
    let isSorted = true;
    for (const name of names.ids.get(instrument)!.byId.values()) {
      isSorted &&= sorted.length === from || sorted[sorted.length - 1].id < name.id;
      sorted.push(name);
    }
    if (isSorted) continue;
    // Ids of a run rise; those of a tape may come in any order.
    const own = sorted.splice(from).toSorted((a, b) => a.id - b.id);
    for (const name of own) sorted.push(name);
  }
  return sorted;
}

function sizeOf(text: string): number {
  const bytes = utf8Length(text);
  assert(bytes >= 0, 'BOOK-81', 'names that are text');
  return bytes;
}

function whatIs(names: Names, name: IdName): number {
  const generation = names.young.has(name) ? YOUNG : names.old.has(name) ? OLD : IN_USE;
  const isShadowed = names.ids.get(name.instrument)!.byKey.get(name.key) !== name;
  return generation | (typeof name.key === 'number' ? BY_NUMBER : 0) | (isShadowed ? SHADOWED : 0);
}

/** The canonical bytes of names. Complexity: all of them. Errors: `BOOK-81` for a name that no text can hold. */
export function saveNames(names: Names): Uint8Array {
  const ids = sortedIds(names);
  const texts = [...names.instruments.slice(1), ...[...names.owners.keys()].slice(1)] as string[];
  let size = HEADER_BYTES;
  for (const text of texts) size += 4 + sizeOf(text);
  for (const { key } of ids) size += ID_BYTES + sizeOf(String(key));
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  bytes.set(MAGIC);
  view.setUint32(8, NAMES_SNAPSHOT_VERSION, true);
  view.setUint32(12, names.instruments.length - 1, true);
  view.setUint32(16, names.owners.size - 1, true);
  view.setUint32(20, ids.length, true);
  setU64(view, 24, names.nextId);
  let at = HEADER_BYTES;
  for (const text of texts) at = putText(bytes, view, at, text);
  for (const name of ids) {
    setU64(view, at, name.id);
    view.setUint16(at + 8, name.instrument, true);
    view.setUint8(at + 10, whatIs(names, name));
    at = putText(bytes, view, at + 12, String(name.key));
  }
  return bytes;
}

function setU64(view: DataView, at: number, value: number): void {
  view.setUint32(at, value % TWO_32, true);
  view.setUint32(at + 4, Math.floor(value / TWO_32), true);
}

function putText(bytes: Uint8Array, view: DataView, at: number, text: string): number {
  const end = writeUtf8(bytes, at + 4, text);
  view.setUint32(at, end - at - 4, true);
  return end;
}

// ---- reading ------------------------------------------------------------------------------------------------

/** Where reading stands. */
interface Reading {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly names: Names;
  at: number;
  /** The id before this one: what comes is behind it. */
  instrument: number;
  id: number;
}

type Failure = { readonly ok: false; readonly error: SnapshotError };

function refuse(code: SnapshotErrorCode, offsetBytes: number, expected: string, found: string): Failure {
  return err({ code, offsetBytes, expected, found });
}

function getU64(view: DataView, at: number): number {
  return view.getUint32(at + 4, true) * TWO_32 + view.getUint32(at, true);
}

/**
 * Names from the bytes of others.
 *
 * Errors: `short`, `magic`, `version`, `length` for bytes behind the end, `content` for what no names can be.
 */
export function restoreNames(bytes: Uint8Array): Result<Names, SnapshotError> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = bytes.length;
  const wrong = MAGIC.findIndex((byte, at) => at < size && bytes[at] !== byte);
  if (wrong >= 0) return refuse('magic', wrong, String(MAGIC[wrong]), String(bytes[wrong]));
  if (size < HEADER_BYTES) return refuse('short', size, `${HEADER_BYTES} bytes at least`, String(size));
  const version = view.getUint32(8, true);
  if (version !== NAMES_SNAPSHOT_VERSION)
    return refuse('version', 8, String(NAMES_SNAPSHOT_VERSION), String(version));
  const names = createNames();
  const reading: Reading = { bytes, view, names, at: HEADER_BYTES, instrument: 0, id: 0 };
  const nextId = getU64(view, 24);
  if (nextId < FIRST_ASSIGNED_ID || nextId > N_MAX)
    return refuse('content', 24, 'an id of our own', String(nextId));
  names.nextId = nextId;
  for (const [count, read] of [
    [view.getUint32(12, true), readInstrument],
    [view.getUint32(16, true), readOwner],
    [view.getUint32(20, true), readId],
  ] as const) {
    for (let k = 0; k < count; k++) {
      const failure = read(reading);
      if (failure !== undefined) return failure;
    }
  }
  const { at } = reading;
  return at === size ? ok(names) : refuse('length', at, `${at} bytes`, String(size));
}

/** Reads a text and what its length says; a failure where it is cut off or none. */
function readText(reading: Reading): string | Failure {
  const { bytes, view, at } = reading;
  if (at + 4 > bytes.length) return refuse('short', bytes.length, 'a text', 'the end');
  const size = view.getUint32(at, true);
  const end = at + 4 + size;
  if (end > bytes.length)
    return refuse('short', bytes.length, `${size} bytes`, String(bytes.length - at - 4));
  const text = decodeUtf8(bytes, at + 4, end);
  if (text === undefined) return refuse('content', at + 4, 'UTF-8', 'other bytes');
  reading.at = end;
  return text;
}

function readInstrument(reading: Reading): Failure | undefined {
  const { names, at } = reading;
  const name = readText(reading);
  if (typeof name !== 'string') return name;
  if (names.instrumentOf.has(name)) return refuse('content', at, 'an instrument of its own', name);
  const index = names.instruments.length;
  if (index > UNKNOWN_INSTRUMENT_INDEX) return refuse('content', at, 'fewer instruments', String(index));
  addInstrument(names, name);
  return undefined;
}

function readOwner(reading: Reading): Failure | undefined {
  const { names, at } = reading;
  const name = readText(reading);
  if (typeof name !== 'string') return name;
  if (names.owners.has(name)) return refuse('content', at, 'an owner of its own', name);
  names.owners.set(name, names.owners.size);
  return undefined;
}

/** The key that a text stands for; undefined where it is no number as numbers are written. */
function keyOf(text: string, what: number): string | number | undefined {
  if ((what & BY_NUMBER) === 0) return text;
  const key = Number(text);
  return Number.isSafeInteger(key) && String(key) === text ? key : undefined;
}

function readId(reading: Reading): Failure | undefined {
  const { bytes, view, names, at } = reading;
  if (at + ID_BYTES > bytes.length) return refuse('short', bytes.length, 'an id', 'the end');
  const id = getU64(view, at);
  const instrument = view.getUint16(at + 8, true);
  const what = view.getUint8(at + 10);
  if (id < FIRST_ASSIGNED_ID || id > N_MAX) return refuse('content', at, 'an id of our own', String(id));
  if (instrument < reading.instrument || (instrument === reading.instrument && id <= reading.id))
    return refuse('content', at, `an id behind ${reading.id}`, String(id));
  const generation = what & GENERATION;
  if (generation > OLD || what >= SHADOWED * 2 || view.getUint8(at + 11) !== 0)
    return refuse('content', at + 10, 'a generation', String(what));
  reading.at = at + 12;
  const text = readText(reading);
  if (typeof text !== 'string') return text;
  const key = keyOf(text, what);
  if (key === undefined) return refuse('content', at + ID_BYTES, 'a number', text);
  const { byKey, byId } = idsOf(names, instrument);
  const name: IdName = { instrument, id, key };
  if ((what & SHADOWED) === 0) {
    if (byKey.has(key)) return refuse('content', at, 'a key of its own', text);
    byKey.set(key, name);
  }
  byId.set(id, name);
  const ended = generation === YOUNG ? names.young : names.old;
  if (generation !== IN_USE) ended.add(name);
  if (names.young.size >= ENDED_MAX || names.old.size > ENDED_MAX)
    return refuse('content', at + 10, 'a smaller generation', String(ended.size));
  reading.instrument = instrument;
  reading.id = id;
  return undefined;
}
