/** What tapes need from the platform, from Node: zlib's CRC-32 and OpenSSL's SHA-256. */
import { createHash, type Hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { createCrc32, type Sha256, type Sha256Hasher } from '@truetape/kernel';
import type { TapePorts } from '@truetape/tape';

function hasherOf(hash: Hash): Sha256Hasher {
  return {
    update: (bytes) => {
      hash.update(bytes);
    },
    digest: () => hash.digest(),
    copy: () => hasherOf(hash.copy()),
  };
}

const sha256: Sha256 = () => hasherOf(createHash('sha256'));

export const nodePorts: TapePorts = { crc32: createCrc32({ large: crc32 }), sha256 };
