/** Numbers to and from little-endian bytes: the scalars `n` and `m` of the contracts. */
import { NONE, isN } from '@truetape/contracts';

export interface BytesOut {
  u8: Uint8Array;
  view: DataView;
  size: number;
}

export function createOut(): BytesOut {
  const u8 = new Uint8Array(4096);
  return { u8, view: new DataView(u8.buffer), size: 0 };
}

function reserve(out: BytesOut, bytes: number): number {
  const at = out.size;
  if (at + bytes > out.u8.length) {
    const u8 = new Uint8Array(out.u8.length * 2);
    u8.set(out.u8);
    out.u8 = u8;
    out.view = new DataView(u8.buffer);
  }
  out.size = at + bytes;
  return at;
}

export function putU32(out: BytesOut, value: number): void {
  const at = reserve(out, 4);
  out.view.setUint32(at, value, true);
}

export function putN(out: BytesOut, value: number): void {
  const at = reserve(out, 8);
  out.view.setUint32(at, value >>> 0, true);
  out.view.setInt32(at + 4, Math.floor(value / 4294967296), true);
}

export function putM(out: BytesOut, value: bigint): void {
  const at = reserve(out, 16);
  out.view.setBigUint64(at, BigInt.asUintN(64, value), true);
  out.view.setBigInt64(at + 8, BigInt.asIntN(64, value >> 64n), true);
}

/** Bytes that are read: behind their end everything is 0 and `isShort` is set. */
export interface BytesIn {
  readonly view: DataView;
  at: number;
  isShort: boolean;
  /** A number was beyond what an `n` holds. */
  isBad: boolean;
}

export function createIn(bytes: Uint8Array): BytesIn {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { view, at: 0, isShort: false, isBad: false };
}

function advance(input: BytesIn, bytes: number): number {
  const { at } = input;
  if (at + bytes > input.view.byteLength) {
    input.isShort = true;
    return -1;
  }
  input.at = at + bytes;
  return at;
}

export function getU32(input: BytesIn): number {
  const at = advance(input, 4);
  return at < 0 ? 0 : input.view.getUint32(at, true);
}

export function getN(input: BytesIn): number {
  const at = advance(input, 8);
  if (at < 0) return 0;
  const value = input.view.getInt32(at + 4, true) * 4294967296 + input.view.getUint32(at, true);
  if (!isN(value) && value !== NONE) input.isBad = true;
  return value;
}

export function getM(input: BytesIn): bigint {
  const at = advance(input, 16);
  if (at < 0) return 0n;
  return (input.view.getBigInt64(at + 8, true) << 64n) | input.view.getBigUint64(at, true);
}
