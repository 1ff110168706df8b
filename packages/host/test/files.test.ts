// Sources and sinks of files, pipes and compressed input, and scratch files.
import { spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { appendFileSync, closeSync, lstatSync, mkdirSync, openSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { InvariantError } from '@truetape/kernel';
import {
  InputError,
  OutputError,
  createFileSink,
  createScratch,
  createStreamSink,
  nodePorts,
  openInput,
  spoolInput,
} from '@truetape/host';
import type { OpenInput } from '@truetape/host';
import { createExpandedSource } from '../src/expanded-source.ts';

let folder = '';
const at = (name: string): string => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'truetape host '));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const BYTES = Buffer.from(Array.from({ length: 3_000_000 }, (_, k) => (k * 7 + (k >>> 9)) & 0xff));

function readAll({ source }: OpenInput): Buffer {
  const parts: Buffer[] = [];
  for (let bytes = source.read(); bytes !== undefined; bytes = source.read()) parts.push(Buffer.from(bytes));
  return Buffer.concat(parts);
}

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof InputError || error instanceof OutputError) return error.code;
    throw error;
  }
  return 'none';
}

describe('an input', () => {
  test('that is a plain file can be read, skipped in, read anywhere, and opened again', () => {
    writeFileSync(at('plain'), BYTES);
    const input = openInput(at('plain'));
    expect(input.compression).toBe('plain');
    const first = input.source.read()!.length;
    input.source.skip!(1_000_000);
    const next = Buffer.from(input.source.read()!);
    expect(next.equals(BYTES.subarray(first + 1_000_000, first + 1_000_000 + next.length))).toBe(true);
    // Behind a skip little is read at first: another is likely.
    expect(next.length).toBeLessThan(first);
    expect(input.positionBytes).toBe(first + 1_000_000 + next.length);
    const anywhere = Buffer.alloc(10);
    expect(input.access!.read(BYTES.length - 4, anywhere)).toBe(4);
    expect(anywhere.subarray(0, 4).equals(BYTES.subarray(-4))).toBe(true);
    expect(readAll(input.reopen!()).equals(BYTES)).toBe(true);
    input.close();
  });

  test('finds what was written behind its end', () => {
    writeFileSync(at('grows'), 'one');
    const input = openInput(at('grows'));
    expect(readAll(input).toString()).toBe('one');
    appendFileSync(at('grows'), ' two');
    expect(readAll(input).toString()).toBe(' two');
    expect(input.access!.sizeBytes).toBe(7);
    input.close();
  });

  test.each([
    ['gzip', gzipSync(BYTES)],
    ['zstd', zstdCompressSync(BYTES)],
    ['gzip', Buffer.concat([gzipSync(BYTES.subarray(0, 1_000_000)), gzipSync(BYTES.subarray(1_000_000))])],
  ])('that is compressed by %s is read through, also from where it was skipped to', (format, packed) => {
    writeFileSync(at('packed'), packed);
    const input = openInput(at('packed'));
    expect(input.compression).toBe(format);
    expect(input.access).toBeUndefined();
    input.source.skip!(2_000_001);
    expect(readAll(input).equals(BYTES.subarray(2_000_001))).toBe(true);
    expect(input.source.read()).toBeUndefined();
    expect(readAll(input.reopen!()).length).toBe(BYTES.length);
    input.close();
  });

  test('that is given up in the middle lets the process go on', () => {
    writeFileSync(at('packed'), gzipSync(BYTES));
    const input = openInput(at('packed'));
    input.source.read();
    input.close();
    expect(input.source.read()).toBeUndefined();
  });

  test('that cannot be read says why', () => {
    expect(codeOf(() => openInput(at('nothing')))).toBe('notFound');
    expect(codeOf(() => openInput(folder))).toBe('unreadable');
    const packed = gzipSync(BYTES);
    writeFileSync(at('cut.gz'), packed.subarray(0, packed.length / 2));
    expect(codeOf(() => readAll(openInput(at('cut.gz'))))).toBe('truncated');
    packed[packed.length - 6] ^= 1;
    writeFileSync(at('bad.gz'), packed);
    expect(codeOf(() => readAll(openInput(at('bad.gz'))))).toBe('corrupt');
    writeFileSync(at('bomb.gz'), gzipSync(Buffer.alloc(150_000_000)));
    expect(codeOf(() => readAll(openInput(at('bomb.gz'))))).toBe('expandsWithoutEnd');
  });

  test('is no excuse for a fault of our own (HOST-1)', () => {
    const fd = openSync(at('plain'), 'r');
    const source = createExpandedSource(fd, 'plain', undefined as never);
    expect(() => source.read()).toThrow(/^HOST-1/);
    closeSync(fd);
  });

  test('of no bytes is plain and ends at once', () => {
    writeFileSync(at('empty'), '');
    const input = openInput(at('empty'));
    expect([input.compression, input.source.read()]).toEqual(['plain', undefined]);
    input.close();
  });
});

const INDEX = join(import.meta.dirname, '..', 'src', 'index.ts');
const READ = `import { openInput } from ${JSON.stringify(INDEX)};
const input = openInput('-');
let size = 0;
for (let bytes = input.source.read(); bytes !== undefined; bytes = input.source.read()) size += bytes.length;
console.log(input.compression, size, input.reopen === undefined);`;

describe('standard input', () => {
  test.each([
    ['plain', BYTES],
    ['gzip', gzipSync(BYTES)],
    ['zstd', zstdCompressSync(BYTES)],
  ])('is read when it is %s', (format, input) => {
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', READ], { input });
    expect(stdout.toString().trim()).toBe(`${format} ${BYTES.length} true`);
  });

  test('is waited for when it comes byte by byte', async () => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', READ]);
    const packed = gzipSync('slow');
    for (const byte of packed) {
      child.stdin.write(Buffer.of(byte));
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    child.stdin.end();
    const output: Buffer[] = [];
    for await (const chunk of child.stdout as AsyncIterable<Buffer>) output.push(chunk);
    expect(Buffer.concat(output).toString().trim()).toBe('gzip 4 true');
  });
});

describe('a file that is written', () => {
  test('stands in its place only when it is complete', () => {
    const sink = createFileSink(at('out'));
    sink.write(Buffer.from('half'));
    sink.flush();
    expect(existsSync(at('out'))).toBe(false);
    sink.write(BYTES);
    sink.commit();
    expect(statSync(at('out')).size).toBe(4 + BYTES.length);
    sink.abandon();
    expect(existsSync(at('out'))).toBe(true);
  });

  test('leaves nothing when it is dropped', () => {
    mkdirSync(at('drop'));
    const sink = createFileSink(at('drop/out'));
    sink.write(BYTES);
    sink.abandon();
    expect(readdirSync(at('drop'))).toEqual([]);
  });

  test('is put in place or dropped once (HOST-2)', () => {
    const sink = createFileSink(at('twice'));
    sink.commit();
    expect(() => sink.commit()).toThrow(InvariantError);
  });

  test('replaces another only when that is wanted, also one that came meanwhile', () => {
    writeFileSync(at('kept'), 'kept');
    expect(codeOf(() => createFileSink(at('kept')))).toBe('exists');
    const late = createFileSink(at('late'));
    writeFileSync(at('late'), 'came first');
    expect(codeOf(() => late.commit())).toBe('exists');
    expect(readFileSync(at('late'), 'utf8')).toBe('came first');
    const forced = createFileSink(at('kept'), { force: true });
    forced.write(Buffer.from('new'));
    expect(readFileSync(at('kept'), 'utf8')).toBe('kept');
    forced.commit();
    expect(readFileSync(at('kept'), 'utf8')).toBe('new');
  });

  test('goes where a link points', () => {
    writeFileSync(at('target'), 'old');
    symlinkSync(at('target'), at('link'));
    const sink = createFileSink(at('link'), { force: true });
    sink.write(Buffer.from('new'));
    sink.commit();
    expect(lstatSync(at('link')).isSymbolicLink()).toBe(true);
    expect(readFileSync(at('target'), 'utf8')).toBe('new');
  });

  test('removes what a killed process left of it', () => {
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    mkdirSync(at('stale'));
    writeFileSync(at(`stale/.out.${pid}.partial`), 'half');
    writeFileSync(at(`stale/.out.${process.ppid}.partial`), 'of one that lives');
    createFileSink(at('stale/out')).abandon();
    expect(readdirSync(at('stale'))).toEqual([`.out.${process.ppid}.partial`]);
  });

  test('that cannot be made says why', () => {
    expect(codeOf(() => createFileSink(folder))).toBe('unwritable');
    expect(codeOf(() => createFileSink(at('no/such/folder')))).toBe('unwritable');
    const device = createFileSink('/dev/null');
    device.write(BYTES);
    device.commit();
  });

  test('tells a pipe whose reader has gone from a failure', () => {
    const script = `import { createStreamSink } from ${JSON.stringify(INDEX)};
const sink = createStreamSink();
try { for (;;) sink.write(new Uint8Array(100000)); } catch (error) { process.stderr.write(error.code); }`;
    const command = `"${process.execPath}" --input-type=module -e '${script}' | head -c 10 | wc -c`;
    const { stdout, stderr } = spawnSync('bash', ['-c', command]);
    expect([stdout.toString().trim(), stderr.toString()]).toEqual(['10', 'closed']);
    expect(createStreamSink().path).toBe('-');
  });
});

describe('a scratch file', () => {
  test('can be read as often as one likes and is gone afterwards', () => {
    const scratch = createScratch();
    scratch.write(BYTES);
    for (let time = 0; time < 2; time++) {
      const input = scratch.open('it');
      expect([input.path, readAll(input).equals(BYTES)]).toEqual(['it', true]);
    }
    scratch.dispose();
    scratch.dispose();
    expect(existsSync(scratch.path)).toBe(false);
  });

  test('holds a compressed input as it was', async () => {
    writeFileSync(at('packed'), gzipSync(BYTES));
    const scratch = await spoolInput(at('packed'));
    expect(readFileSync(scratch.path).equals(BYTES)).toBe(true);
    scratch.dispose();
    expect(existsSync(scratch.path)).toBe(false);
  });
});

test('the ports are those of zlib and OpenSSL', () => {
  const hasher = nodePorts.sha256();
  hasher.update(Buffer.from('abc'));
  expect(Buffer.from(hasher.digest()).toString('hex').slice(0, 16)).toBe('ba7816bf8f01cfea');
  expect(nodePorts.crc32(Buffer.from('123456789'))).toBe(0xcbf43926);
});
