import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { sha256Of, toHex, type Sha256 } from '@truetape/kernel';

const sha256: Sha256 = () => createHash('sha256');
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

// FIPS 180-4 example values. Fails when a part is dropped, repeated or reordered.
test('hashes the concatenation of its parts', () => {
  const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
  expect(toHex(sha256Of(sha256, encode('abc')))).toBe(abc);
  expect(toHex(sha256Of(sha256, encode('a'), new Uint8Array(0), encode('bc')))).toBe(abc);
  expect(toHex(sha256Of(sha256))).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
});
