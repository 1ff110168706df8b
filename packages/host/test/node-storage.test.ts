// A log's folder on the real disk.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createStream } from '@truetape/kernel';
import { openLogStorage } from '@truetape/host';
import type { NodeStorage } from '@truetape/host';
import { createSimDisk } from '@truetape/wal';
import type { LogFile, LogStorage, StorageFault } from '@truetape/wal';
import type { Result } from '@truetape/contracts';
import { systemError, traceCalls } from './system-calls.ts';

let base = '';
let folder = '';
let made = 0;
const at = (name: string): string => join(folder, name);

beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), 'truetape storage '));
});
afterAll(() => {
  rmSync(base, { recursive: true, force: true });
});
beforeEach(() => {
  folder = join(base, `log${made++}`);
});

function value<T>(result: Result<T, StorageFault>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

const openLog = (): NodeStorage => value(openLogStorage(folder, { create: true }));
const append = (file: LogFile, ...parts: string[]): StorageFault | undefined =>
  file.append(parts.map((part) => Buffer.from(part)));
const fault = (op: string, name: string, code: string): unknown => ({ op, name, code });

describe('a log folder', () => {
  test('has files that grow, are cut, renamed and removed', () => {
    const log = openLog();
    const file = value(log.create('1.rpl.new'));
    expect(append(file, 'one', '', ' two')).toBeUndefined();
    expect(append(file, ' three')).toBeUndefined();
    expect(append(file)).toBeUndefined();
    expect(file.sync()).toBeUndefined();
    expect(log.rename('1.rpl.new', '1.rpl')).toBeUndefined();
    expect(log.syncFolder()).toBeUndefined();
    expect(readFileSync(at('1.rpl'), 'utf8')).toBe('one two three');
    expect(file.truncate(7)).toBeUndefined();
    expect(append(file, '!')).toBeUndefined();
    expect([log.sizeOf('1.rpl'), readFileSync(at('1.rpl'), 'utf8')]).toEqual([
      { ok: true, value: 8 },
      'one two!',
    ]);
    expect(file.close()).toBeUndefined();
    const again = value(log.open('1.rpl'));
    append(again, '?');
    again.close();
    const into = Buffer.alloc(4);
    expect([log.read('1.rpl', 4, into), into.toString()]).toEqual([{ ok: true, value: 4 }, 'two!']);
    expect([log.read('1.rpl', 7, into), log.read('1.rpl', 50, into)]).toEqual([
      { ok: true, value: 2 },
      { ok: true, value: 0 },
    ]);
    expect(log.rename('1.rpl', 'archive/1.rpl')).toBeUndefined();
    expect(log.list()).toEqual({ ok: true, value: ['archive/1.rpl'] });
    expect(log.unlink('archive/1.rpl')).toBeUndefined();
    expect(log.list()).toEqual({ ok: true, value: [] });
    expect(log.close()).toBeUndefined();
  });

  test('is filled where zeros were reserved, on both disks alike', () => {
    const fill = (disk: LogStorage): string[] => {
      const seen: string[] = [];
      const file = value(disk.create('1.rpl'));
      const look = (): void => {
        const into = Buffer.alloc(24);
        const size = value(disk.read('1.rpl', 0, into));
        seen.push(into.subarray(0, size).toString('latin1').replaceAll('\0', '0'));
      };
      for (const step of [
        () => append(file, 'abc'),
        () => file.reserve(8),
        () => append(file, 'de'),
        () => file.reserve(10),
        () => append(file, 'fghijkl'),
        () => file.reserve(14),
        () => file.truncate(13),
        () => append(file, 'mn'),
        () => file.truncate(2),
        () => append(file, 'C'),
      ]) {
        expect(step()).toBeUndefined();
        look();
      }
      return seen;
    };
    const seen = fill(openLog());
    expect(seen).toEqual(fill(createSimDisk('reserve')));
    expect(seen).toEqual([
      'abc',
      'abc00000',
      'abcde000',
      'abcde00000',
      'abcdefghijkl',
      'abcdefghijkl00',
      'abcdefghijkl0',
      'abcdefghijklmn',
      'ab',
      'abC',
    ]);
  });

  test('reads what a name leads to now, whatever it read before', () => {
    const log = openLog();
    writeFileSync(at('a'), 'first');
    writeFileSync(at('b'), 'other');
    const read = (): string => {
      const into = Buffer.alloc(5);
      value(log.read('a', 0, into));
      return into.toString();
    };
    expect(read()).toBe('first');
    log.rename('b', 'a');
    expect(read()).toBe('other');
    log.unlink('a');
    expect(log.read('a', 0, Buffer.alloc(5))).toEqual({ ok: false, error: fault('read', 'a', 'ENOENT') });
    log.close();
  });

  test('lists neither locks nor folders', () => {
    const log = openLog();
    for (const name of ['00000001.rpl', 'lock.1.2.3.host', 'notes.txt']) writeFileSync(at(name), '');
    mkdirSync(at('archive/deep'), { recursive: true });
    mkdirSync(at('other'));
    writeFileSync(at('archive/00000000.rpl'), '');
    expect([...value(log.list())].sort()).toEqual(['00000001.rpl', 'archive/00000000.rpl', 'notes.txt']);
    log.close();
  });

  test('is used as a folder can be (HOST-7, HOST-8)', () => {
    const log = openLog();
    for (const name of ['', '..', '../a', 'b/a', 'archive/..', 'archive/a/b', 'lock.1.2.3.host']) {
      expect(() => log.create(name)).toThrow(/^HOST-7/);
      expect(() => log.rename(name, 'a')).toThrow(/^HOST-7/);
      expect(() => log.rename('a', name)).toThrow(/^HOST-7/);
      expect(() => log.unlink(name)).toThrow(/^HOST-7/);
      expect(() => log.read(name, 0, Buffer.alloc(1))).toThrow(/^HOST-7/);
    }
    const file = value(log.create('a'));
    expect(() => file.truncate(1)).toThrow(/^HOST-8/);
    file.close();
    expect(() => append(file, 'x')).toThrow(/^HOST-8/);
    expect(() => file.close()).toThrow(/^HOST-8/);
    log.close();
    expect(() => log.syncFolder()).toThrow(/^HOST-8/);
    expect(() => log.close()).toThrow(/^HOST-8/);
  });

  test('is made with the folders above it only when that is wanted', () => {
    folder = join(folder, 'deep', 'log');
    expect(openLogStorage(folder)).toEqual({ ok: false, error: fault('open', '.', 'ENOENT') });
    openLog().close();
    value(openLogStorage(folder)).close();
    writeFileSync(at('file'), '');
    for (const create of [true, false]) {
      const error = fault('open', '.', 'ENOTDIR');
      expect(openLogStorage(at('file'), { create })).toEqual({ ok: false, error });
    }
  });
});

// The names of descriptors are read from /proc.
describe.runIf(process.platform === 'linux')('the calls of the system', () => {
  test('make each thing durable that a log asks for', () => {
    mkdirSync(folder);
    folder = join(folder, 'log');
    let log: NodeStorage | undefined;
    expect(traceCalls(() => (log = openLog()))).toEqual([
      // The folder above as well: whoever made it may have died at once.
      `open ${basename(base)} r`,
      `fsync ${basename(base)}`,
      'mkdir log',
      `open log${made - 1} r`,
      `fsync log${made - 1}`,
      'open log r',
    ]);
    let file: LogFile | undefined;
    const calls = traceCalls(() => {
      file = value(log!.create('1.rpl.new'));
      append(file, 'a');
      append(file, 'b', 'c');
      file.sync();
      log!.rename('1.rpl.new', '1.rpl');
      log!.syncFolder();
      file.truncate(1);
      file.sync();
    });
    expect(calls).toEqual([
      'open 1.rpl.new wx',
      'write 1.rpl.new',
      'writev 1.rpl.new',
      'fdatasync 1.rpl.new',
      'rename 1.rpl.new 1.rpl',
      'fsync log',
      'ftruncate 1.rpl',
      'fdatasync 1.rpl',
    ]);
    const archived = traceCalls(() => {
      log!.rename('1.rpl', 'archive/1.rpl');
      log!.syncFolder();
      log!.syncFolder();
      log!.rename('archive/1.rpl', 'archive/2.rpl');
      log!.syncFolder();
      log!.rename('archive/2.rpl', '3.rpl');
      log!.syncFolder();
      log!.rename('3.rpl', 'archive/3.rpl');
      log!.rename('archive/3.rpl', '3.rpl');
      log!.rename('3.rpl', 'archive/3.rpl');
      log!.syncFolder();
      value(log!.create('archive/1.rpl')).close();
      log!.syncFolder();
      log!.unlink('archive/1.rpl');
      log!.syncFolder();
    });
    expect(archived).toEqual([
      'mkdir archive',
      'rename 1.rpl 1.rpl',
      'open archive r',
      'fsync archive',
      'fsync log',
      'fsync log',
      'mkdir archive',
      'rename 1.rpl 2.rpl',
      'open archive r',
      'fsync archive',
      'fsync log',
      // Come back: the folder has it before the archive lets go of it.
      'rename 2.rpl 3.rpl',
      'fsync log',
      'open archive r',
      'fsync archive',
      'mkdir archive',
      'rename 3.rpl 3.rpl',
      'rename 3.rpl 3.rpl',
      'mkdir archive',
      'rename 3.rpl 3.rpl',
      'open archive r',
      'fsync archive',
      'fsync log',
      'mkdir archive',
      'open 1.rpl wx',
      'open archive r',
      'fsync archive',
      'fsync log',
      'unlink 1.rpl',
      'open archive r',
      'fsync archive',
      'fsync log',
    ]);
    // One that is there was perhaps never synced by who made it.
    log!.close();
    expect(traceCalls(() => openLog().close())[1]).toBe(`fsync log${made - 1}`);
  });

  test('read on where less came than was asked for', () => {
    const log = openLog();
    writeFileSync(at('a'), 'all of it');
    const into = Buffer.alloc(7);
    const calls = traceCalls(() => expect(log.read('a', 1, into)).toEqual({ ok: true, value: 7 }), {
      readSync: (call, [fd, bytes, offset, length, position]) =>
        call(fd, bytes, offset, Math.min(Number(length), 3), position),
    });
    expect([into.toString(), calls]).toEqual(['ll of i', ['open a r', 'read a', 'read a', 'read a']]);
    log.close();
  });

  test('do without the folder above where the log is there and that may not be read', () => {
    const unreadable = {
      openSync: (call: (...args: readonly unknown[]) => unknown, args: readonly unknown[]) => {
        if (args[0] === base) throw systemError('EACCES');
        return call(...args);
      },
    };
    const open = (): void => {
      opened = openLogStorage(folder, { create: true });
    };
    let opened: ReturnType<typeof openLogStorage> | undefined;
    traceCalls(open, unreadable);
    expect(opened).toEqual({ ok: false, error: fault('open', '.', 'EACCES') });
    traceCalls(open, unreadable);
    expect(opened!.ok && opened!.value.close()).toBeUndefined();
  });

  test('are not made again on a file where one failed', () => {
    const log = openLog();
    for (const [call, op, use] of [
      ['fdatasyncSync', 'sync', (file: LogFile) => file.sync()],
      ['ftruncateSync', 'truncate', (file: LogFile) => file.truncate(0)],
      ['writeSync', 'write', (file: LogFile) => append(file, 'x')],
      ['writevSync', 'write', (file: LogFile) => append(file, 'x', 'y')],
    ] as const) {
      const file = value(log.create(call));
      const fail = (): never => {
        throw systemError('EIO');
      };
      expect(
        traceCalls(() => expect(use(file)).toEqual(fault(op, call, 'EIO')), { [call]: fail }),
      ).toHaveLength(1);
      const calls = traceCalls(() => {
        expect(file.sync()).toEqual(fault(op, call, 'EIO'));
        expect(append(file, 'x')).toEqual(fault(op, call, 'EIO'));
        expect(file.truncate(0)).toEqual(fault(op, call, 'EIO'));
      });
      expect(calls).toEqual([]);
      expect(file.close()).toBeUndefined();
    }
    log.close();
  });

  test('fail as a whole where the folder cannot be synced', () => {
    const log = openLog();
    const fail = (): never => {
      throw systemError('EIO');
    };
    traceCalls(() => expect(log.syncFolder()).toEqual(fault('syncFolder', '.', 'EIO')), { fsyncSync: fail });
    log.close();
    const opened = (): void => {
      expect(openLogStorage(folder, { create: true })).toEqual({
        ok: false,
        error: fault('open', '.', 'EIO'),
      });
    };
    traceCalls(opened, { fsyncSync: fail });
    // A fault of the program is none of the disk's.
    const wrong = (): never => {
      throw new TypeError('wrong');
    };
    const log2 = openLog();
    expect(() => traceCalls(() => log2.syncFolder(), { fsyncSync: wrong })).toThrow('wrong');
    log2.close();
  });
});

const INDEX = join(import.meta.dirname, '..', 'src', 'index.ts');

describe.runIf(process.platform === 'linux')('what really fails', () => {
  test('is a disk without room', () => {
    const log = openLog();
    symlinkSync('/dev/full', at('full.rpl'));
    const file = value(log.open('full.rpl'));
    expect(append(file, 'a', 'b')).toEqual(fault('write', 'full.rpl', 'ENOSPC'));
    expect(file.sync()).toEqual(fault('write', 'full.rpl', 'ENOSPC'));
    file.close();
    log.close();
  });

  test('is a file that may not grow: a short write is one, and not completed', () => {
    const script = `import { openLogStorage } from ${JSON.stringify(INDEX)};
process.on('SIGXFSZ', () => undefined);
const file = openLogStorage(process.argv[1], { create: true }).value.create('a').value;
const tell = (fault) => console.log(JSON.stringify(fault ?? 'done'));
tell(file.append([Buffer.alloc(1000)]));
tell(file.append([Buffer.alloc(1000), Buffer.alloc(1000)]));
tell(file.append([Buffer.alloc(1000)]));
tell(file.sync());`;
    const limited = 'ulimit -f 2; exec "$0" --input-type=module -e "$1" "$2"';
    const { stdout } = spawnSync('bash', ['-c', limited, process.execPath, script, folder], {
      encoding: 'utf8',
    });
    const short = '{"op":"write","name":"a","code":"SHORT"}';
    expect(stdout.trim().split('\n')).toEqual(['"done"', short, short, short]);
    expect(readFileSync(at('a')).length).toBe(2048);
  });

  test('is a folder that may not be written, for all but the administrator', () => {
    const log = openLog();
    writeFileSync(at('a'), '');
    chmodSync(base, 0o755);
    chmodSync(folder, 0o555);
    const isRoot = process.getuid!() === 0;
    if (isRoot) process.seteuid!(65_534);
    try {
      expect(log.create('b')).toEqual({ ok: false, error: fault('create', 'b', 'EACCES') });
      expect(log.rename('a', 'b')).toEqual(fault('rename', 'a', 'EACCES'));
      expect(log.unlink('a')).toEqual(fault('unlink', 'a', 'EACCES'));
      expect(log.rename('a', 'archive/a')).toEqual(fault('rename', 'a', 'EACCES'));
      if (isRoot) expect(log.open('a')).toEqual({ ok: false, error: fault('open', 'a', 'EACCES') });
    } finally {
      if (isRoot) process.seteuid!(0);
      chmodSync(folder, 0o755);
    }
    expect(log.list()).toEqual({ ok: true, value: ['a'] });
    log.close();
  });

  test('is a file, or all of the folder, that has gone', () => {
    const log = openLog();
    const file = value(log.create('a'));
    rmSync(at('a'));
    expect(log.open('a')).toEqual({ ok: false, error: fault('open', 'a', 'ENOENT') });
    expect(log.sizeOf('a')).toEqual({ ok: false, error: fault('read', 'a', 'ENOENT') });
    expect(log.rename('a', 'b')).toEqual(fault('rename', 'a', 'ENOENT'));
    expect(log.unlink('a')).toEqual(fault('unlink', 'a', 'ENOENT'));
    file.close();
    rmSync(folder, { recursive: true });
    expect(log.create('b')).toEqual({ ok: false, error: fault('create', 'b', 'ENOENT') });
    expect(log.list()).toEqual({ ok: false, error: fault('list', '.', 'ENOENT') });
    expect(existsSync(folder)).toBe(false);
    log.close();
  });

  test('is what stands in the way', () => {
    const log = openLog();
    mkdirSync(at('folder'));
    writeFileSync(at('archive'), '');
    writeFileSync(at('a'), 'kept');
    const long = 'x'.repeat(300);
    expect(log.create('a')).toEqual({ ok: false, error: fault('create', 'a', 'EEXIST') });
    expect(log.open('folder')).toEqual({ ok: false, error: fault('open', 'folder', 'EISDIR') });
    expect(log.create(long)).toEqual({ ok: false, error: fault('create', long, 'ENAMETOOLONG') });
    expect(log.rename('a', 'archive/a')).toMatchObject({ op: 'rename', name: 'a' });
    expect(readdirSync(folder).sort()).toEqual(['a', 'archive', 'folder']);
    log.close();
  });
});

/** The same operations on any storage, and all that it says of them. */
function exercise(storage: LogStorage, seed: number): readonly string[] {
  const random = createStream(seed, 'storage');
  const told: string[] = [];
  const files = new Map<string, LogFile>();
  const names = ['a', 'b', 'c', 'archive/a', 'archive/b'];
  const tell = (what: string, result: unknown): number => told.push(`${what} ${JSON.stringify(result)}`);
  for (let k = 0; k < 60; k++) {
    const name = names[random.nextInt(names.length)];
    const file = files.get(name);
    const take = (opened: Result<LogFile, StorageFault>): void => {
      if (opened.ok) files.set(name, opened.value);
      tell(`open ${name}`, opened.ok || opened.error);
    };
    const [draw, count] = [random.nextInt(10), random.nextInt(3000)];
    if (file === undefined) take(draw < 5 ? storage.create(name) : storage.open(name));
    else if (draw < 4) {
      const bytes = Uint8Array.from({ length: count }, (_, at) => at + k);
      tell('append', file.append([bytes.subarray(0, count >> 1), bytes.subarray(count >> 1)]) ?? 'done');
    } else if (draw === 4) {
      const size = storage.sizeOf(name);
      tell('truncate', size.ok ? file.truncate(Math.min(size.value, count)) : size);
    } else if (draw === 5) tell('sync', file.sync());
    else {
      file.close();
      files.delete(name);
      const to = names[random.nextInt(names.length)];
      if (draw === 6) tell(`unlink ${name}`, storage.unlink(name));
      else if (draw === 7 && !files.has(to) && to !== name) tell(`to ${to}`, storage.rename(name, to));
    }
    const into = new Uint8Array(2000);
    tell(`read ${name}`, storage.read(name, count, into));
    tell('read', Buffer.from(into).toString('base64'));
    const listed = storage.list();
    tell('list', listed.ok ? [...listed.value].sort() : listed);
  }
  for (const file of files.values()) file.close();
  tell('sync', storage.syncFolder());
  return told;
}

test.each(Array.from({ length: 12 }, (_, seed) => seed))(
  'the real and the simulated disk say the same without a fault or a crash (seed %i)',
  (seed) => {
    const log = openLog();
    expect(exercise(log, seed)).toEqual(exercise(createSimDisk(seed), seed));
    log.close();
  },
);
