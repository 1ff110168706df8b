import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { constants, gzipSync, zstdCompressSync } from 'node:zlib';
import * as fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { expandChunks, InputError, readChunks, type InputOptions } from '@truetape/host';

const folder = mkdtempSync(join(tmpdir(), 'byte-input-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function* chunksOf(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let from = 0;
  for (let at = 0; from < bytes.length; at++) {
    const size = sizes[at % sizes.length];
    yield bytes.subarray(from, from + size);
    from += size;
  }
}

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts);
}

async function expand(
  bytes: Uint8Array,
  sizes: readonly number[] = [65536],
  options: InputOptions = {},
): Promise<Buffer> {
  return collect(expandChunks(chunksOf(bytes, sizes), 'x', options));
}

async function codeOf(done: Promise<unknown>): Promise<string> {
  try {
    await done;
    return 'none';
  } catch (error) {
    return error instanceof InputError ? error.code : String(error);
  }
}

const text = Buffer.from(Array.from({ length: 4000 }, (_, at) => `${at * 7919} line ${at}\n`).join(''));
const skippable = Buffer.from([0x53, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);
const forms: readonly (readonly [name: string, bytes: Buffer])[] = [
  ['plain', text],
  ['gzip', gzipSync(text)],
  ['zstd', zstdCompressSync(text)],
  ['two gzip members', Buffer.concat([gzipSync(text.subarray(0, 999)), gzipSync(text.subarray(999))])],
  [
    'two zstd frames',
    Buffer.concat([zstdCompressSync(text.subarray(0, 999)), zstdCompressSync(text.subarray(999))]),
  ],
  ['zstd behind a skippable frame', Buffer.concat([skippable, zstdCompressSync(text)])],
  ['gzip with zero padding', Buffer.concat([gzipSync(text), Buffer.alloc(700)])],
];

describe.each(forms)('%s', (_name, bytes) => {
  test.each([[[1]], [[3, 1, 700]], [[65536]]])('reads the same in chunks of %j', async (sizes) => {
    // Byte by byte only over the beginning: the formats are told by their first four.
    const expected =
      sizes.length === 1 && sizes[0] === 1 ? [...Array.from({ length: 8 }, () => 1), 65536] : sizes;
    expect((await expand(bytes, expected)).equals(text)).toBe(true);
  });

  test('reads the same from a file', async () => {
    const path = join(folder, 'file');
    writeFileSync(path, bytes);
    expect((await collect(readChunks(path))).equals(text)).toBe(true);
    expect((await collect(readChunks(path, { chunkBytes: 1000 }))).equals(text)).toBe(true);
  });
});

test.each([0, 1, 2, 3])('%i bytes are plain', async (length) => {
  const bytes = Buffer.from([0x1f, 0x00, 0xb5]).subarray(0, length);
  expect((await expand(bytes)).equals(bytes)).toBe(true);
});

// Fails when a member, a frame or a byte is lost at a border between chunks.
test('members and frames in any cut into chunks', async () => {
  const compress = fc.constantFrom(gzipSync, zstdCompressSync);
  await fc.assert(
    fc.asyncProperty(
      compress,
      fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 5 }),
      fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 5 }),
      async (pack, parts, sizes) => {
        const packed = Buffer.concat(parts.map((part) => pack(part)));
        expect((await expand(packed, sizes)).equals(Buffer.concat(parts))).toBe(true);
      },
    ),
    { seed: 61, numRuns: 60 },
  );
});

describe.each([
  ['gzip', gzipSync(text)],
  // Without its checksum, which is an option, a zstd frame cannot tell every damage.
  ['zstd', zstdCompressSync(text, { params: { [constants.ZSTD_c_checksumFlag]: 1 } })],
])('damaged %s', (_name, bytes) => {
  test('cut short is truncated, wherever it is cut', async () => {
    for (const cut of [bytes.length - 1, bytes.length - 9, bytes.length >> 1, 20, 5]) {
      expect(await codeOf(expand(bytes.subarray(0, cut)))).toBe('truncated');
      expect(await codeOf(expand(Buffer.concat([bytes, bytes.subarray(0, cut)])))).toBe('truncated');
    }
  });

  test('a flipped bit or something behind it is corrupt', async () => {
    const flipped = Buffer.from(bytes);
    flipped[bytes.length >> 1] ^= 0x10;
    expect(await codeOf(expand(flipped))).toBe('corrupt');
    expect(await codeOf(expand(Buffer.concat([bytes, Buffer.from('something else')])))).toBe('corrupt');
  });
});

test('what expands without end is refused, and not before the free bytes', async () => {
  for (const bytes of [zstdCompressSync(Buffer.alloc(4_000_000)), gzipSync(Buffer.alloc(4_000_000))]) {
    const limits = { expandFreeBytes: 1_000_000, expandRatioMax: 100 };
    let read = 0;
    const reading = (async () => {
      for await (const chunk of expandChunks(chunksOf(bytes, [100]), 'x', limits)) read += chunk.length;
    })();
    expect(await codeOf(reading)).toBe('expandsWithoutEnd');
    expect(read).toBeLessThanOrEqual(1_300_000);
    expect((await expand(bytes, [100], { ...limits, expandFreeBytes: 5_000_000 })).length).toBe(4_000_000);
    expect((await expand(bytes, [100], { ...limits, expandRatioMax: 100_000 })).length).toBe(4_000_000);
  }
});

test('files that are not there or no files', async () => {
  expect(await codeOf(collect(readChunks(join(folder, 'absent'))))).toBe('notFound');
  expect(await codeOf(collect(readChunks(folder)))).toBe('unreadable');
});

test('an error names input and reason', () => {
  expect(new InputError('lineTooLong', 'a.txt', 'more than 5 bytes', 7)).toMatchObject({
    message: 'a.txt:7: lineTooLong (more than 5 bytes)',
    line: 7,
  });
  expect(new InputError('corrupt', '-', 'Z_DATA_ERROR').message).toBe('-: corrupt (Z_DATA_ERROR)');
});

test('whoever stops early closes the source', async () => {
  let closed = 0;
  async function* source(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) yield gzipSync(text);
    } finally {
      closed++;
    }
  }
  for await (const chunk of expandChunks(source(), 'x')) {
    expect(chunk.length).toBeGreaterThan(0);
    break;
  }
  // The pump may be waiting for the decoder when the reader leaves; it then sees the decoder gone.
  await expect.poll(() => closed, { timeout: 60_000 }).toBe(1);
});

test('a dash is standard input', async () => {
  const index = join(import.meta.dirname, '../src/index.ts');
  const script = `import { readChunks } from ${JSON.stringify(index)};
    let bytes = 0; for await (const chunk of readChunks('-')) bytes += chunk.length; console.log(bytes);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.end(gzipSync(text));
  expect((await collect(child.stdout)).toString()).toBe(`${text.length}\n`);
});
