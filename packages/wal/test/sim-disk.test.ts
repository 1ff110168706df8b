// The simulated disk itself: what it loses, what it keeps, how it fails.
import { describe, expect, test } from 'vitest';
import {
  cloneDisk,
  corrupt,
  crash,
  crashCopy,
  createSimDisk,
  failAt,
  fileBytes,
  operationCount,
  operationLog,
  unsyncedBytes,
  watchDisk,
} from '@truetape/wal';
import type { CrashPlan, LogFile, SimDisk, StorageFault } from '@truetape/wal';

const NONE: CrashPlan = { seed: 1, writes: { keep: 'none' }, names: 'none' };
const NAMES: CrashPlan = { seed: 1, writes: { keep: 'none' }, names: 'all' };
const ALL: CrashPlan = { seed: 1, writes: { keep: 'all' }, names: 'all' };

const text = (bytes: Uint8Array | undefined): string | undefined =>
  bytes === undefined ? undefined : Buffer.from(bytes).toString('latin1');
const content = (disk: SimDisk, name: string): string | undefined => text(fileBytes(disk, name));

function make(disk: SimDisk, name: string): LogFile {
  const made = disk.create(name);
  if (!made.ok) throw new Error(made.error.code);
  return made.value;
}

function append(file: LogFile, ...parts: string[]): StorageFault | undefined {
  return file.append(parts.map((part) => Buffer.from(part)));
}

function names(disk: SimDisk): string[] {
  const listed = disk.list();
  return listed.ok ? [...listed.value].sort() : [];
}

/** A disk with one durable file, open to append. */
function withFile(bytes = 'kept'): { disk: SimDisk; file: LogFile } {
  const disk = createSimDisk('test');
  const file = make(disk, 'a');
  append(file, bytes);
  file.sync();
  disk.syncFolder();
  return { disk, file };
}

describe('a disk without faults', () => {
  test('is a folder of files', () => {
    const { disk, file } = withFile();
    append(file, ' and', ' more');
    expect(content(disk, 'a')).toBe('kept and more');
    expect(disk.sizeOf('a')).toEqual({ ok: true, value: 13 });
    const into = new Uint8Array(6);
    expect([disk.read('a', 5, into), text(into)]).toEqual([{ ok: true, value: 6 }, 'and mo']);
    expect(disk.read('a', 10, into)).toEqual({ ok: true, value: 3 });
    expect(disk.read('a', 99, into)).toEqual({ ok: true, value: 0 });
    expect(file.truncate(5)).toBeUndefined();
    append(file, 'x');
    expect(content(disk, 'a')).toBe('kept x');
    expect(disk.rename('a', 'archive/b')).toBeUndefined();
    make(disk, 'c').close();
    // In no order that anybody may rely on.
    expect(disk.list()).toEqual({ ok: true, value: ['c', 'archive/b'] });
    expect(disk.unlink('c')).toBeUndefined();
    expect(names(disk)).toEqual(['archive/b']);
    file.close();
    const again = disk.open('archive/b');
    if (again.ok) append(again.value, 'y');
    expect(content(disk, 'archive/b')).toBe('kept xy');
  });

  test('says what is not there, and what is', () => {
    const { disk } = withFile();
    const fault = (op: string, name: string, code: string): unknown => ({ op, name, code });
    expect(disk.create('a')).toEqual({ ok: false, error: fault('create', 'a', 'EEXIST') });
    expect(disk.open('b')).toEqual({ ok: false, error: fault('open', 'b', 'ENOENT') });
    expect(disk.sizeOf('b')).toEqual({ ok: false, error: fault('read', 'b', 'ENOENT') });
    expect(disk.read('b', 0, new Uint8Array(1))).toEqual({ ok: false, error: fault('read', 'b', 'ENOENT') });
    expect(disk.rename('b', 'c')).toEqual(fault('rename', 'b', 'ENOENT'));
    expect(disk.unlink('b')).toEqual(fault('unlink', 'b', 'ENOENT'));
  });

  test('takes the bytes at once: the caller may use them again', () => {
    const { disk, file } = withFile();
    const bytes = Buffer.from('mine');
    file.append([bytes]);
    bytes.fill(0);
    expect(content(disk, 'a')).toBe('keptmine');
  });

  test('is used as a disk can be (WAL-61, WAL-62, WAL-65)', () => {
    const { disk, file } = withFile();
    expect(() => disk.open('a')).toThrow(/^WAL-61/);
    expect(() => file.truncate(5)).toThrow(/^WAL-62/);
    file.close();
    expect(() => file.sync()).toThrow(/^WAL-61/);
    for (const name of ['', '..', 'archive/.', '../a', '/a', 'b/a', 'archive/', 'archive/a/b']) {
      expect(() => disk.create(name)).toThrow(/^WAL-65/);
      expect(() => disk.rename('a', name)).toThrow(/^WAL-65/);
    }
  });
});

describe('a crash', () => {
  test('loses a write that was not synced, and no other', () => {
    const { disk, file } = withFile();
    append(file, ' lost');
    expect(unsyncedBytes(disk)).toBe(5);
    expect(content(crashCopy(disk, NONE), 'a')).toBe('kept');
    expect(content(crashCopy(disk, ALL), 'a')).toBe('kept lost');
    file.sync();
    expect(unsyncedBytes(disk)).toBe(0);
    expect(content(crashCopy(disk, NONE), 'a')).toBe('kept lost');
  });

  test('loses a new file whose folder was not synced, however well the file was', () => {
    const { disk } = withFile();
    const file = make(disk, 'b');
    append(file, 'synced');
    file.sync();
    expect(names(crashCopy(disk, NONE))).toEqual(['a']);
    expect(content(crashCopy(disk, NAMES), 'b')).toBe('synced');
    disk.syncFolder();
    expect(content(crashCopy(disk, NONE), 'b')).toBe('synced');
  });

  test('keeps the name of a new file without its contents', () => {
    const { disk } = withFile();
    append(make(disk, 'b'), 'lost');
    disk.syncFolder();
    expect(content(crashCopy(disk, NONE), 'b')).toBe('');
  });

  test('undoes a rename that was not synced, and gives back the file that it replaced', () => {
    const { disk } = withFile();
    const file = make(disk, 'a.new');
    append(file, 'newer');
    file.sync();
    disk.syncFolder();
    disk.rename('a.new', 'a');
    const lost = crashCopy(disk, NONE);
    expect([names(lost), content(lost, 'a'), content(lost, 'a.new')]).toEqual([
      ['a', 'a.new'],
      'kept',
      'newer',
    ]);
    const kept = crashCopy(disk, NAMES);
    expect([names(kept), content(kept, 'a')]).toEqual([['a'], 'newer']);
    disk.syncFolder();
    expect(content(crashCopy(disk, NONE), 'a')).toBe('newer');
  });

  test('keeps a rename and loses what was in the file', () => {
    const { disk } = withFile();
    append(make(disk, 'a.new'), 'never synced');
    disk.rename('a.new', 'a');
    expect(content(crashCopy(disk, NAMES), 'a')).toBe('');
  });

  test('brings back a file whose unlink was not synced, and bytes that were cut', () => {
    const { disk, file } = withFile();
    file.truncate(2);
    disk.unlink('a');
    expect(content(crashCopy(disk, NONE), 'a')).toBe('kept');
    expect(content(crashCopy(disk, { ...ALL, names: 'none' }), 'a')).toBe('ke');
    file.sync();
    disk.syncFolder();
    expect(names(crashCopy(disk, NONE))).toEqual([]);
  });

  test('is the end of the disk and of its open files (WAL-60)', () => {
    const { disk, file } = withFile();
    const copy = cloneDisk(disk);
    const after = crash(disk, NONE);
    for (const use of [
      () => disk.list(),
      () => append(file, 'x'),
      () => file.close(),
      () => crash(disk, NONE),
    ]) {
      expect(use).toThrow(/^WAL-60/);
    }
    expect([content(copy, 'a'), content(after, 'a')]).toEqual(['kept', 'kept']);
    // The copy had no open file, and what came out of the crash has none either.
    expect([copy.open('a').ok, after.open('a').ok]).toEqual([true, true]);
  });
});

describe('a copy', () => {
  test('goes its own way', () => {
    const { disk, file } = withFile('k'.repeat(5000));
    const copy = cloneDisk(disk);
    append(file, 'one');
    const other = copy.open('a');
    if (!other.ok) throw new Error(other.error.code);
    append(other.value, 'two');
    expect(content(disk, 'a')!.slice(4999)).toBe('kone');
    expect(content(copy, 'a')!.slice(4999)).toBe('ktwo');
    expect([unsyncedBytes(disk), unsyncedBytes(copy)]).toEqual([3, 3]);
    copy.unlink('a');
    expect(names(disk)).toEqual(['a']);
  });

  test('is made before any operation that changes something', () => {
    const { disk, file } = withFile();
    const seen: string[] = [];
    watchDisk(disk, ({ number, op }) => {
      const copy = cloneDisk(disk);
      // It stands where the operation was not asked for yet, and counts it again when it is.
      expect(operationCount(copy)).toBe(number - 1);
      // It is watched by nobody: this does not lead back here.
      make(copy, 'z');
      seen.push(`${number} ${op} ${content(copy, 'a')} ${content(crash(copy, NONE), 'a')}`);
    });
    append(file, '!');
    file.sync();
    disk.list();
    disk.unlink('a');
    expect(seen).toEqual(['5 write kept kept', '6 sync kept! kept', '7 unlink kept! kept!']);
  });

  test('can be corrupted where it was synced (WAL-64)', () => {
    const { disk, file } = withFile('k'.repeat(5000));
    const copy = cloneDisk(disk);
    corrupt(copy, 'a', 4097, (byte) => byte ^ 1);
    expect(content(crash(copy, NONE), 'a')).toBe(`${'k'.repeat(4097)}j${'k'.repeat(902)}`);
    expect(content(disk, 'a')).toBe('k'.repeat(5000));
    expect(() => corrupt(disk, 'a', 5000, () => 0)).toThrow(/^WAL-64/);
    expect(() => corrupt(disk, 'b', 0, () => 0)).toThrow(/^WAL-64/);
    append(file, 'x');
    expect(() => corrupt(disk, 'a', 0, () => 0)).toThrow(/^WAL-64/);
  });
});

describe('an operation that is made to fail', () => {
  test('is the n-th of all that change something, once', () => {
    const { disk, file } = withFile();
    expect(operationCount(disk)).toBe(4);
    failAt(disk, 6, { code: 'EIO' });
    append(file, '1');
    expect([disk.list().ok, disk.sizeOf('a').ok]).toEqual([true, true]);
    expect(append(file, '2')).toEqual({ op: 'write', name: 'a', code: 'EIO' });
    expect(append(file, '3')).toBeUndefined();
    expect(content(disk, 'a')).toBe('kept13');
    expect(
      operationLog(disk).map(({ number, op, name, bytes, failed }) => [number, op, name, bytes, failed]),
    ).toEqual([
      [1, 'create', 'a', 0, undefined],
      [2, 'write', 'a', 4, undefined],
      [3, 'sync', 'a', 0, undefined],
      [4, 'syncFolder', '.', 0, undefined],
      [5, 'write', 'a', 1, undefined],
      [6, 'write', 'a', 1, 'EIO'],
      [7, 'write', 'a', 1, undefined],
    ]);
  });

  test.each([
    ['list', (disk: SimDisk) => disk.list()],
    ['read', (disk: SimDisk) => disk.read('a', 0, new Uint8Array(1))],
    ['create', (disk: SimDisk) => disk.create('b')],
    ['open', (disk: SimDisk) => disk.open('a')],
    ['rename', (disk: SimDisk) => disk.rename('a', 'b')],
    ['unlink', (disk: SimDisk) => disk.unlink('a')],
    ['syncFolder', (disk: SimDisk) => disk.syncFolder()],
  ] as const)('is the n-th of its kind: %s', (op, run) => {
    const { disk, file } = withFile();
    file.close();
    failAt(disk, operationCount(disk, op) + 1, { code: 'ENOSPC', op });
    const done = run(disk);
    expect(done !== undefined && 'ok' in done ? !done.ok && done.error : done).toMatchObject({
      op,
      code: 'ENOSPC',
    });
    expect(names(disk)).toEqual(['a']);
  });

  test.each(['sync', 'truncate', 'close'] as const)('is the n-th of its kind: %s', (op) => {
    const { disk, file } = withFile();
    failAt(disk, operationCount(disk, op) + 1, { code: 'ENOSPC', op });
    expect(op === 'truncate' ? file.truncate(0) : file[op]()).toEqual({ op, name: 'a', code: 'ENOSPC' });
    expect(content(disk, 'a')).toBe('kept');
  });

  test.each(['SHORT', 'ENOSPC'] as const)('leaves a part of a write behind: %s', (code) => {
    const sizes = new Set<number>();
    for (let seed = 0; seed < 200; seed++) {
      const disk = createSimDisk(seed);
      failAt(disk, 1, { code, op: 'write' });
      const file = make(disk, 'a');
      expect(append(file, 'abc', 'def')?.code).toBe(code);
      const taken = content(disk, 'a')!;
      expect('abcdef'.startsWith(taken)).toBe(true);
      sizes.add(taken.length);
    }
    expect([...sizes].sort()).toEqual(code === 'SHORT' ? [1, 2, 3, 4, 5] : [0, 1, 2, 3, 4, 5]);
  });

  test('with EIO may have been done all the same', () => {
    const done = { create: 0, rename: 0, unlink: 0, truncate: 0 };
    for (let seed = 0; seed < 100; seed++) {
      const disk = createSimDisk(seed);
      const file = make(disk, 'a');
      append(file, 'abc');
      for (const op of ['rename', 'unlink', 'truncate'] as const) failAt(disk, 1, { code: 'EIO', op });
      failAt(disk, 2, { code: 'EIO', op: 'create' });
      file.truncate(1);
      done.truncate += content(disk, 'a') === 'a' ? 1 : 0;
      expect(disk.create('b').ok).toBe(false);
      done.create += names(disk).includes('b') ? 1 : 0;
      disk.unlink('a');
      done.unlink += names(disk).includes('a') ? 0 : 1;
      const from = names(disk)[0];
      if (from === undefined) continue;
      disk.rename(from, 'c');
      done.rename += names(disk).includes('c') ? 1 : 0;
    }
    for (const count of Object.values(done)) expect(count).toBeGreaterThan(20);
    for (const count of Object.values(done)) expect(count).toBeLessThan(80);
  });

  test('is one that there is (WAL-63)', () => {
    const disk = createSimDisk(1);
    expect(() => failAt(disk, 0, { code: 'EIO' })).toThrow(/^WAL-63/);
    expect(() => failAt(disk, 1.5, { code: 'EIO' })).toThrow(/^WAL-63/);
    expect(() => failAt(disk, 1, { code: 'SHORT' })).toThrow(/^WAL-63/);
    expect(() => failAt(disk, 1, { code: 'SHORT', op: 'sync' })).toThrow(/^WAL-63/);
  });
});

describe('a sync that failed', () => {
  test('has its data lost although the next one succeeds: trying again is a lie', () => {
    const { disk, file } = withFile();
    failAt(disk, 2, { code: 'EIO', op: 'sync' });
    append(file, 'LOST');
    expect(file.sync()?.code).toBe('EIO');
    expect(file.sync()).toBeUndefined();
    expect(unsyncedBytes(disk)).toBe(4);
    expect(content(disk, 'a')).toBe('keptLOST');
    expect(content(crashCopy(disk, NONE), 'a')).toBe('kept');
    // What comes later is durable, behind a hole.
    append(file, 'later');
    expect(file.sync()).toBeUndefined();
    expect(content(crashCopy(disk, NONE), 'a')).toBe('kept\0\0\0\0later');
    expect(content(crashCopy(disk, ALL), 'a')).toBe('keptLOSTlater');
  });

  test('does not hold up what is cut behind it', () => {
    const { disk, file } = withFile();
    failAt(disk, 2, { code: 'EIO', op: 'sync' });
    append(file, 'LOST');
    file.sync();
    file.truncate(2);
    expect(content(crashCopy(disk, NONE), 'a')).toBe('kept');
    expect(file.sync()).toBeUndefined();
    expect(content(crashCopy(disk, NONE), 'a')).toBe('ke');
  });

  test('of a folder is a lie as well', () => {
    const { disk } = withFile();
    failAt(disk, 2, { code: 'EIO', op: 'syncFolder' });
    make(disk, 'b');
    expect(disk.syncFolder()?.code).toBe('EIO');
    expect(disk.syncFolder()).toBeUndefined();
    expect(names(disk)).toEqual(['a', 'b']);
    expect(names(crashCopy(disk, NONE))).toEqual(['a']);
    make(disk, 'c');
    expect(disk.syncFolder()).toBeUndefined();
    expect(names(crashCopy(disk, NONE))).toEqual(['a', 'c']);
  });
});
