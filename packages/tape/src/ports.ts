import type { Crc32, Sha256 } from '@truetape/kernel';

/** What a tape needs from the platform. */
export interface TapePorts {
  readonly crc32: Crc32;
  readonly sha256: Sha256;
}

/** Where a writer's bytes go, in order. The bytes are only valid during the call. A failure is thrown by the shell. */
export interface ByteSink {
  write(bytes: Uint8Array): void;
}

/** A file that can be read at any offset. Returns the bytes read, fewer than asked for only at its end. */
export interface RandomAccess {
  readonly sizeBytes: number;
  read(offset: number, into: Uint8Array): number;
}
