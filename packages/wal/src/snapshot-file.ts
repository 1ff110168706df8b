/**
 * A snapshot: the state of the machine behind an event, and what leads on from there.
 *
 *      0  8B  magic "TTSNAP\r\n"
 *      8  u32 version 1 | 12 u32 jsonBytes
 *     16  u64 stateBytes
 *     24  canonical JSON, zero padded to 8
 *         state, zero padded to 8
 *         32B SHA-256 of "truetape/snapshot/1" and everything before
 */
import { decodeUtf8, encodeUtf8, canonicalText, err, ok, parseCanonicalObject } from '@truetape/contracts';
import type { JsonObject, Result } from '@truetape/contracts';
import { sha256Of } from '@truetape/kernel';
import type { Sha256 } from '@truetape/kernel';

export const SNAPSHOT_FILE_VERSION = 1;

const MAGIC = [0x54, 0x54, 0x53, 0x4e, 0x41, 0x50, 0x0d, 0x0a];
const FIXED_BYTES = 24;
const HASH_BYTES = 32;
const JSON_BYTES_MAX = 65_536;

/** What a snapshot says of itself. */
export interface SnapshotHead {
  /** Identity of the log. */
  readonly log: string;
  /** The state is that behind all events with a lower seq. */
  readonly seq: number;
  /** Hash of those events. */
  readonly hash: string;
  /** The last full page of that hash, and the seq that stood next behind it. */
  readonly page: string;
  readonly pageEnd: number;
  /** Unix ns of the last of them, in decimal; empty when there is none. */
  readonly lastTime: string;
  /** Hash of the state, and the layout of its bytes. */
  readonly stateHash: string;
  readonly stateVersion: string;
}

export interface Snapshot {
  readonly head: SnapshotHead;
  readonly state: Uint8Array;
}

/** Why bytes are no snapshot. */
export interface SnapshotFault {
  readonly expected: string;
  readonly found: string;
}

const padded = (size: number): number => Math.ceil(size / 8) * 8;

const hashOf = (sha256: Sha256, bytes: Uint8Array): Uint8Array =>
  sha256Of(sha256, encodeUtf8('truetape/snapshot/1')!, bytes);

export function encodeSnapshot({ head, state }: Snapshot, sha256: Sha256): Uint8Array {
  const json = encodeUtf8(canonicalText(head as unknown as JsonObject))!;
  const stateAt = FIXED_BYTES + padded(json.length);
  const bytes = new Uint8Array(stateAt + padded(state.length) + HASH_BYTES);
  const view = new DataView(bytes.buffer);
  bytes.set(MAGIC);
  view.setUint32(8, SNAPSHOT_FILE_VERSION, true);
  view.setUint32(12, json.length, true);
  view.setBigUint64(16, BigInt(state.length), true);
  bytes.set(json, FIXED_BYTES);
  bytes.set(state, stateAt);
  bytes.set(hashOf(sha256, bytes.subarray(0, -HASH_BYTES)), bytes.length - HASH_BYTES);
  return bytes;
}

const refuse = (expected: string, found: string): { readonly ok: false; readonly error: SnapshotFault } =>
  err({ expected, found });

const HASH = /^[0-9a-f]{64}$/;

/** Name of the first member that is missing or of the wrong kind; empty when all are right. */
function badMember(value: JsonObject): string {
  const isText = (key: string): boolean => typeof value[key] === 'string';
  const isSeq = (key: string): boolean => Number.isSafeInteger(value[key]) && (value[key] as number) >= 0;
  const isHash = (key: string): boolean => isText(key) && HASH.test(value[key] as string);
  const checks: readonly (readonly [string, boolean])[] = [
    ['log', isText('log')],
    ['seq', isSeq('seq')],
    ['hash', isHash('hash')],
    ['page', isHash('page')],
    ['pageEnd', isSeq('pageEnd') && (value['pageEnd'] as number) <= (value['seq'] as number)],
    ['lastTime', isText('lastTime') && /^[0-9]{0,20}$/.test(value['lastTime'] as string)],
    ['stateHash', isHash('stateHash')],
    ['stateVersion', isText('stateVersion')],
  ];
  return checks.find(([, right]) => !right)?.[0] ?? '';
}

/** Reads a snapshot; its checksum is right then, and every member of its head. The state is a view of the bytes. */
export function decodeSnapshot(bytes: Uint8Array, sha256: Sha256): Result<Snapshot, SnapshotFault> {
  const size = bytes.length;
  if (size < FIXED_BYTES + HASH_BYTES) return refuse('a whole snapshot', `${size} bytes`);
  if (MAGIC.some((byte, at) => bytes[at] !== byte)) return refuse('the magic bytes of a snapshot', 'others');
  const view = new DataView(bytes.buffer, bytes.byteOffset, size);
  const version = view.getUint32(8, true);
  if (version !== SNAPSHOT_FILE_VERSION) return refuse(`version ${SNAPSHOT_FILE_VERSION}`, String(version));
  const found = hashOf(sha256, bytes.subarray(0, size - HASH_BYTES));
  if (found.some((byte, at) => byte !== bytes[size - HASH_BYTES + at]))
    return refuse('the checksum of its bytes', 'another');
  const jsonBytes = view.getUint32(12, true);
  const stateBytes = Number(view.getBigUint64(16, true));
  const stateAt = FIXED_BYTES + padded(jsonBytes);
  if (jsonBytes > JSON_BYTES_MAX || stateAt + padded(stateBytes) + HASH_BYTES !== size)
    return refuse('lengths that add up', `${jsonBytes} and ${stateBytes} of ${size} bytes`);
  const json = decodeUtf8(bytes.subarray(FIXED_BYTES, FIXED_BYTES + jsonBytes));
  const parsed = json === undefined ? undefined : parseCanonicalObject(json);
  if (parsed?.ok !== true) return refuse('a head of canonical JSON', 'other bytes');
  const bad = badMember(parsed.value);
  if (bad !== '') return refuse(`a valid ${bad}`, JSON.stringify(parsed.value[bad] ?? null));
  const state = bytes.subarray(stateAt, stateAt + stateBytes);
  return ok({ head: parsed.value as unknown as SnapshotHead, state });
}
