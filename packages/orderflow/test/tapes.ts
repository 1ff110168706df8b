/** Tapes in memory. */
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { createCrc32 } from '@truetape/kernel';
import { createBinaryWriter, endTape } from '@truetape/tape';
import type { TapeHeader, TapePorts, TapeWriter } from '@truetape/tape';

export const PORTS: TapePorts = {
  crc32: createCrc32({ large: (bytes, seed = 0) => crc32(bytes, seed) }),
  sha256: () => createHash('sha256'),
};

export const HEADER: TapeHeader = {
  observer: 'venue',
  epochNs: '1764547200000000000',
  producer: { name: 'test' },
};

/** A tape that `fill` writes. */
export function tapeOf(fill: (writer: TapeWriter) => void): Buffer {
  const parts: Uint8Array[] = [];
  const writer = createBinaryWriter(
    { header: HEADER, ports: PORTS },
    { write: (bytes) => void parts.push(Uint8Array.from(bytes)) },
  );
  fill(writer);
  endTape(writer);
  return Buffer.concat(parts);
}
