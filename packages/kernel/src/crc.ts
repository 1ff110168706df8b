/**
 * CRC-32 (polynomial 0x04C11DB7 reflected, as in zlib, gzip and PNG) behind a port.
 *
 * A checksum against accidents, not against an adversary; hashes are SHA-256.
 */
import crc from 'crc-32';

/**
 * CRC-32 of the bytes, unsigned. `seed` is the CRC of the bytes before them (default: none), so that
 * crc(b, crc(a)) = crc(a ‖ b).
 */
export type Crc32 = (bytes: Uint8Array, seed?: number) => number;

/** At and above this size a native CRC wins over the JavaScript one; below, the call itself costs more. */
export const CRC_LARGE_BYTES = 512;

/** CRC-32 in JavaScript: the faster one for records of less than `CRC_LARGE_BYTES`. */
export const crc32Small: Crc32 = (bytes, seed = 0) => crc.buf(bytes, seed) >>> 0;

/** A CRC-32 that picks by size between `crc32Small` and the platform's own, such as zlib's. */
export function createCrc32({ large }: { readonly large: Crc32 }): Crc32 {
  return (bytes, seed = 0) =>
    bytes.length < CRC_LARGE_BYTES ? crc.buf(bytes, seed) >>> 0 : large(bytes, seed);
}
