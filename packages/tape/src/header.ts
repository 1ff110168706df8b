/**
 * The file header of a binary tape, and the header JSON that both encodings share.
 *
 *      0  8B  magic 89 52 50 4C 0D 0A 1A 0A
 *      8  u16 major | 10 u16 minor | 12 u32 jsonBytes (≤ 1 MiB)
 *     16  u32 crc of bytes 0..15 and the JSON | 20 u32 0
 *     24  canonical JSON, zero padded to 8
 */
import {
  decodeUtf8,
  encodeUtf8,
  epochAt,
  err,
  ok,
  parseCanonicalObject,
  utf8Length,
} from '@truetape/contracts';
import type { Epoch, JsonObject, JsonValue, Result } from '@truetape/contracts';
import { tapeError } from './errors.ts';
import type { TapeError } from './errors.ts';
import type { TapePorts } from './ports.ts';

export const FORMAT_MAJOR = 0;
export const FORMAT_MINOR = 1;
export const HEADER_JSON_MAX = 1048576;
export const FIXED_HEADER_BYTES = 24;

const MAGIC = [0x89, 0x52, 0x50, 0x4c, 0x0d, 0x0a, 0x1a, 0x0a];

/** The tape that an extract or a merge was made of. */
export interface Parent {
  readonly hash: string;
  readonly count: number;
}

/** A log segment's place in its log. */
export interface LogPlace {
  readonly id: string;
  readonly segment: number;
  readonly baseSeq: number;
  readonly basePage: string;
  readonly pageFirstSeq: number;
  readonly prevHash: string;
}

/** What is known of a tape before its first event. */
export interface TapeHeader {
  /** Whose clock and order: the venue's (a command's time is its arrival there) or a client's. */
  readonly observer: 'venue' | 'client';
  /** Suggested zero of readers' clocks: Unix ns, decimal. */
  readonly epochNs: string;
  /** The tape holds kinds whose layout may still change. */
  readonly draft?: boolean;
  readonly producer: { readonly name: string };
  readonly seed?: string;
  readonly config?: JsonObject;
  readonly parents?: readonly Parent[];
  readonly log?: LogPlace;
}

const HASH = /^[0-9a-f]{64}$/;

function isCount(value: JsonValue | undefined): value is number {
  return typeof value === 'number' && value >= 0;
}

function isHash(value: JsonValue | undefined): boolean {
  return typeof value === 'string' && HASH.test(value);
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isUnixNs(value: JsonValue | undefined): boolean {
  return (
    typeof value === 'string' && /^(?:0|[1-9][0-9]{0,19})$/.test(value) && BigInt(value) < 0xffffffffffffffffn
  );
}

function isParents(value: JsonValue): boolean {
  return (
    Array.isArray(value) &&
    value.every((parent) => isObject(parent) && isHash(parent['hash']) && isCount(parent['count']))
  );
}

function isLog(value: JsonValue): boolean {
  return (
    isObject(value) &&
    typeof value['id'] === 'string' &&
    ['segment', 'baseSeq', 'pageFirstSeq'].every((key) => isCount(value[key])) &&
    isHash(value['basePage']) &&
    isHash(value['prevHash'])
  );
}

/** Name of the first field of a header that is missing or of the wrong type; empty when all are right. */
function badHeaderField(value: JsonObject): string {
  const producer = value['producer'];
  const checks: readonly (readonly [key: string, right: boolean])[] = [
    ['observer', value['observer'] === 'venue' || value['observer'] === 'client'],
    ['epochNs', isUnixNs(value['epochNs'])],
    ['draft', value['draft'] === undefined || typeof value['draft'] === 'boolean'],
    ['producer', isObject(producer) && typeof producer['name'] === 'string'],
    ['seed', value['seed'] === undefined || typeof value['seed'] === 'string'],
    ['config', value['config'] === undefined || isObject(value['config'])],
    ['parents', value['parents'] === undefined || isParents(value['parents'])],
    ['log', value['log'] === undefined || isLog(value['log'])],
  ];
  return checks.find(([, right]) => !right)?.[0] ?? '';
}

/** Reads header JSON. Errors: too long, not canonical, a field that is missing or of the wrong type. */
export function parseHeaderJson(json: string): Result<TapeHeader, TapeError> {
  const place = { offsetBytes: 0, seq: 0 };
  const size = utf8Length(json);
  if (size > HEADER_JSON_MAX)
    return err(tapeError('headerTooLarge', place, `at most ${HEADER_JSON_MAX} bytes`, String(size)));
  const parsed = parseCanonicalObject(json);
  if (!parsed.ok) return err(tapeError('badHeader', place, 'canonical JSON', parsed.error.code));
  const field = badHeaderField(parsed.value);
  if (field !== '') {
    return err(
      tapeError('badHeader', place, `a valid ${field}`, JSON.stringify(parsed.value[field] ?? null)),
    );
  }
  return ok(parsed.value as unknown as TapeHeader);
}

/** The epoch that a header suggests. */
export function epochOf(header: TapeHeader): Epoch {
  return epochAt(BigInt(header.epochNs));
}

/** Seq of a tape's first event if nothing is skipped: that of its log segment, else 0. */
export function firstSeqOf(header: TapeHeader): number {
  return header.log?.baseSeq ?? 0;
}

/** File header bytes for header JSON, and their CRC, which the first frame repeats. */
export function encodeFileHeader(
  json: string,
  ports: TapePorts,
): { readonly bytes: Uint8Array; readonly crc: number } {
  const text = encodeUtf8(json)!;
  const bytes = new Uint8Array(FIXED_HEADER_BYTES + Math.ceil(text.length / 8) * 8);
  const view = new DataView(bytes.buffer);
  bytes.set(MAGIC);
  view.setUint16(8, FORMAT_MAJOR, true);
  view.setUint16(10, FORMAT_MINOR, true);
  view.setUint32(12, text.length, true);
  bytes.set(text, FIXED_HEADER_BYTES);
  const crc = ports.crc32(text, ports.crc32(bytes.subarray(0, 16)));
  view.setUint32(16, crc, true);
  return { bytes, crc };
}

/** True while the bytes seen so far could begin a binary tape. */
export function hasMagic(bytes: Uint8Array): boolean {
  return MAGIC.every((byte, index) => index >= bytes.length || bytes[index] === byte);
}

/** A header read from the start of a file. */
export interface FileHeader {
  readonly header: TapeHeader;
  readonly json: string;
  readonly bytes: number;
  readonly crc: number;
}

/** Reads a file header from the start of a file; `need` says how many bytes it takes to go on. */
export function decodeFileHeader(
  bytes: Uint8Array,
  ports: TapePorts,
): Result<FileHeader, TapeError> | { readonly need: number } {
  const place = { offsetBytes: 0, seq: 0 };
  if (!hasMagic(bytes)) return err(tapeError('notATape', place, 'the magic bytes of a tape', 'others'));
  if (bytes.length < FIXED_HEADER_BYTES) return { need: FIXED_HEADER_BYTES };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const jsonBytes = view.getUint32(12, true);
  const version = `${view.getUint16(8, true)}.${view.getUint16(10, true)}`;
  if (version !== `${FORMAT_MAJOR}.${FORMAT_MINOR}`) {
    return err(tapeError('unsupportedVersion', place, `${FORMAT_MAJOR}.${FORMAT_MINOR}`, version));
  }
  if (jsonBytes > HEADER_JSON_MAX) {
    return err(tapeError('headerTooLarge', place, `at most ${HEADER_JSON_MAX} bytes`, String(jsonBytes)));
  }
  const size = FIXED_HEADER_BYTES + Math.ceil(jsonBytes / 8) * 8;
  if (bytes.length < size) return { need: size };
  const text = bytes.subarray(FIXED_HEADER_BYTES, FIXED_HEADER_BYTES + jsonBytes);
  const crc = ports.crc32(text, ports.crc32(bytes.subarray(0, 16)));
  const stored = view.getUint32(16, true);
  const padding = bytes.subarray(FIXED_HEADER_BYTES + jsonBytes, size);
  if (crc !== stored || view.getUint32(20, true) !== 0 || padding.some((byte) => byte !== 0)) {
    return err(
      tapeError('badHeader', place, `crc ${stored.toString(16)} and zero padding`, `crc ${crc.toString(16)}`),
    );
  }
  const json = decodeUtf8(text);
  if (json === undefined) return err(tapeError('badHeader', place, 'UTF-8', 'other bytes'));
  const header = parseHeaderJson(json);
  return header.ok ? ok({ header: header.value, json, bytes: size, crc }) : header;
}
