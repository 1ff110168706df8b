// What is whole, and does not belong there: frames, segments and snapshots of other histories, ends that nobody wrote.
import { describe, expect, test } from 'vitest';
import {
  crashCopy,
  createLog,
  createSimDisk,
  failAt,
  fileBytes,
  operationCount,
  planCompaction,
  takeSnapshot,
} from '@truetape/wal';
import type { LogMachine, SimDisk } from '@truetape/wal';
import { EPOCH_NS, PORTS, TOY, configOf, putTimers, recoverToy, reopenToy, startToy } from './toy.ts';
import type { ToyRun } from './toy.ts';

const FIRST = '00000001.rpl';
const SECOND = '00000002.rpl';

interface Made {
  readonly disk: SimDisk;
  readonly run: ToyRun;
}

/** Commits of two timers each, with ids from `first` on, in segments of about eight; a snapshot at seq 40. */
function logOf(first: number, id = 'toy-log'): Made {
  const disk = createSimDisk('strangers');
  const created = createLog(configOf(disk, { segmentBytes: 1600 }), id, EPOCH_NS);
  if (!created.ok) throw new Error(created.error.code);
  const run: ToyRun = { log: created.value, machine: TOY.create() as ToyRun['machine'], timeNs: 0 };
  for (let k = 0; k < 30; k++) {
    expect(putTimers(run, first + k, first + k)).toBeUndefined();
    if (k === 19) expect(takeSnapshot(run.log, TOY, run.machine, 2).ok).toBe(true);
  }
  return { disk, run };
}

/** Puts a file in the place of another, durably. */
function put(disk: SimDisk, name: string, bytes: Uint8Array): SimDisk {
  const at = crashCopy(disk, { seed: 1, writes: { keep: 'all' }, names: 'all' });
  at.unlink(name);
  const made = at.create(name);
  if (!made.ok) throw new Error(made.error.code);
  made.value.append([bytes]);
  made.value.sync();
  made.value.close();
  at.syncFolder();
  return at;
}

const names = (disk: SimDisk, end: string): string[] => {
  const listed = disk.list();
  return listed.ok ? listed.value.filter((name) => name.endsWith(end)).toSorted() : [];
};

function without(disk: SimDisk, end: string): SimDisk {
  const at = crashCopy(disk, { seed: 1, writes: { keep: 'all' }, names: 'all' });
  for (const name of names(at, end)) at.unlink(name);
  return at;
}

const failureOf = (disk: SimDisk): object => {
  const read = recoverToy(disk, { everything: true });
  return read.ok ? read.value.report : read.error;
};

/** Offsets of the frames of a segment. */
const framesOf = (bytes: Uint8Array): number[] => {
  const text = Buffer.from(bytes).toString('latin1');
  const offsets: number[] = [];
  for (let at = text.indexOf('RPLB'); at >= 0; at = text.indexOf('RPLB', at + 1)) offsets.push(at);
  return offsets;
};

describe('a segment', () => {
  const mine = without(logOf(1).disk, '.snap');
  const other = logOf(1000).disk;

  // Fails when a segment's `prevHash` is not held against what stands before it.
  test('that follows other events is refused, though all its seqs are right', () => {
    expect(failureOf(put(mine, SECOND, fileBytes(other, SECOND)!))).toMatchObject({
      code: 'segmentMismatch',
      segment: SECOND,
    });
  });

  test('of another log is refused', () => {
    const foreign = logOf(1, 'another').disk;
    expect(failureOf(put(mine, SECOND, fileBytes(foreign, SECOND)!))).toMatchObject({
      code: 'segmentForeign',
      segment: SECOND,
      expected: 'log toy-log',
    });
  });

  test('of an account of another observer is refused, and taken by the kind that it is of', () => {
    const disk = createSimDisk('observer');
    startToy(disk, { header: { observer: 'client', seed: '7' } });
    expect(failureOf(disk)).toEqual({
      code: 'segmentForeign',
      segment: FIRST,
      expected: 'segment 1 of a venue',
      found: '1 of a client',
    });
    const read = recoverToy(disk, { kind: { ...TOY, observer: 'client' } });
    expect(read.ok && read.value.last.file.header).toMatchObject({ observer: 'client', seed: '7' });
  });

  test('before which a commit is missing is refused, and so is one that begins too early', () => {
    const bytes = fileBytes(mine, FIRST)!;
    const last = framesOf(bytes).at(-1)!;
    expect(failureOf(put(mine, FIRST, bytes.slice(0, last)))).toMatchObject({
      code: 'segmentGap',
      segment: SECOND,
    });
    const long = createSimDisk('long');
    const run = startToy(long);
    for (let k = 0; k < 10; k++) putTimers(run, 1 + k, 1 + k);
    expect(failureOf(put(mine, FIRST, fileBytes(long, FIRST)!))).toMatchObject({ code: 'segmentGap' });
  });
});

describe('a frame', () => {
  // Fails when frames are not held against the one that stands before them.
  test('of another history is damage, wherever it would fit', () => {
    const [mine, other] = [1, 1000].map((first) => {
      const disk = createSimDisk('frames');
      const run = startToy(disk);
      putTimers(run, 7, 7);
      for (let k = 0; k < 3; k++) putTimers(run, first + k);
      return disk;
    });
    const bytes = fileBytes(mine, FIRST)!.slice();
    const frames = framesOf(bytes);
    bytes.set(fileBytes(other, FIRST)!.slice(frames[1], frames[2]), frames[1]);
    expect(failureOf(put(mine, FIRST, bytes))).toMatchObject({ code: 'corruptData', frame: 2, seq: 3 });
  });
});

describe('an end', () => {
  const logEnding = (...parts: readonly Uint8Array[]): SimDisk => {
    const disk = createSimDisk('end');
    const run = startToy(disk);
    putTimers(run, 1, 2);
    return put(disk, FIRST, Buffer.concat([fileBytes(disk, FIRST)!, ...parts]));
  };
  const begun = Buffer.from('RPLB and so on');

  test('in zeros is clean, and they go', () => {
    const again = reopenToy(logEnding(new Uint8Array(500)));
    expect(again.recovered.report).toMatchObject({ nextSeq: 2, torn: undefined });
    putTimers(again, 3);
    expect(reopenToy(again.disk).recovered.report).toMatchObject({ nextSeq: 3, torn: undefined });
  });

  // Fails when the zeros behind a torn commit hide it.
  test('in something, and zeros behind it, is torn, and kept', () => {
    const disk = logEnding(begun, new Uint8Array(500));
    const again = reopenToy(disk);
    const { torn } = again.recovered.report;
    expect(torn).toMatchObject({ bytes: begun.length + 500, firstSeq: 2 });
    const kept = fileBytes(again.disk, `${FIRST}.torn-${torn!.offsetBytes}`)!;
    expect(Buffer.from(kept.slice(0, begun.length))).toEqual(begun);
  });
});

describe('a snapshot', () => {
  const { disk } = logOf(1);
  const [name] = names(disk, '.snap');

  test('of another log is passed over, and named', () => {
    const foreign = logOf(1, 'another').disk;
    expect(failureOf(put(disk, name, fileBytes(foreign, name)!))).toMatchObject({
      nextSeq: 60,
      refused: [{ name, expected: 'a snapshot of log toy-log', found: 'one of log another' }],
    });
  });

  const otherEvents = (): SimDisk => put(disk, name, fileBytes(logOf(1000).disk, name)!);
  const otherState = (): SimDisk => {
    const made = createSimDisk('lie');
    const run = startToy(made);
    for (let k = 0; k < 20; k++) putTimers(run, 1 + k, 1 + k);
    const { machine } = run;
    const lie: LogMachine = { ...machine, save: () => new Uint8Array(16), hash: () => machine.hash() };
    expect(takeSnapshot(run.log, TOY, lie, 1).ok).toBe(true);
    return put(disk, name, fileBytes(made, name)!);
  };

  // Fails when the hash of the events, or that of the state, is taken for granted.
  test.each([
    ['other events', otherEvents],
    ['another state', otherState],
  ])('of %s contradicts the log', (_, make) => {
    expect(recoverToy(make())).toMatchObject({
      ok: false,
      error: { code: 'snapshotContradicts', snapshot: name, seq: 40 },
    });
  });

  // Fails when segments may go on the word of a snapshot that holds another state than it says.
  test('of another state is found by whoever reads everything, and nothing is compacted behind it', () => {
    const bad = otherState();
    expect(failureOf(bad)).toMatchObject({ nextSeq: 60, refused: [{ name }] });
    const plan = planCompaction({ storage: bad, ports: PORTS, kind: TOY }, 'delete');
    expect(plan).toMatchObject({ ok: false, error: { code: 'noSnapshot', refused: [{ name }] } });
  });

  test('is not taken of a log that failed', () => {
    const { disk: failing, run } = logOf(1);
    failAt(failing, operationCount(failing, 'sync') + 1, { code: 'EIO', op: 'sync' });
    expect(putTimers(run, 1)).toMatchObject({ code: 'storage' });
    expect(takeSnapshot(run.log, TOY, run.machine, 1)).toMatchObject({
      ok: false,
      error: { code: 'failed' },
    });
    expect(names(failing, '.snap')).toEqual([name]);
  });
});
