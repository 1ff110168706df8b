/** What tapes need from the platform, from Node: zlib's CRC-32 and OpenSSL's SHA-256. */
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { createCrc32, type Sha256 } from '@truetape/kernel';
import type { TapePorts } from '@truetape/tape';

const sha256: Sha256 = () => {
  const hash = createHash('sha256');
  return {
    update: (bytes) => {
      hash.update(bytes);
    },
    digest: () => hash.digest(),
  };
};

export const nodePorts: TapePorts = { crc32: createCrc32({ large: crc32 }), sha256 };
