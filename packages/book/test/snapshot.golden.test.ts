// Bytes and hashes of snapshots, version 1: golden/snapshots-v1.txt. Once they stand there they stay: another
// layout is another version, with a file of its own, and this one is still read.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { hashBook, restoreBook, saveBook, SNAPSHOT_VERSION } from '@truetape/book';
import { IMPLEMENTATIONS } from './implementations.ts';
import { sha256 } from './play.ts';
import { snapshotSamples } from './snapshot-samples.ts';

const golden = readFileSync(new URL('golden/snapshots-v1.txt', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n');

describe.each(IMPLEMENTATIONS)('%s', (_, create) => {
  // Fails when any byte of a snapshot changes, or the hash over it; a new sample adds a line, which is printed.
  test('writes the bytes that it always wrote', () => {
    const lines = snapshotSamples(create).map(
      ([name, book]) => `${name} ${hashBook(book, sha256)} ${Buffer.from(saveBook(book)).toString('hex')}`,
    );
    expect(SNAPSHOT_VERSION).toBe(1);
    expect(lines).toEqual(golden);
  });

  test.each(golden.map((line) => line.split(' ')))('reads what was written: %s', (__, hash, hex) => {
    const restored = restoreBook(new Uint8Array(Buffer.from(hex, 'hex')), create);
    expect(restored.ok && hashBook(restored.value, sha256)).toBe(hash);
  });
});
