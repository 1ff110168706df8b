// Every way in which a log can be damaged, on real files: exit code, place, and what to do next.
import { copyFileSync, mkdirSync, renameSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { BLANK } from '@truetape/contracts';
import type { LockHeld } from '@truetape/host';
import { writeEvent } from '@truetape/tape';
import { beginCommit, commit, planCompaction, planRepair, recoverLog } from '@truetape/wal';
import type { RecoverConfig, StorageOp } from '@truetape/wal';
import { beforeAll, expect, test } from 'vitest';
import { CliFailure } from '../src/failure.ts';
import { inspectFiles } from '../src/wal/inspect-files.ts';
import { readFolder } from '../src/wal/open-folder.ts';
import type { ServeOptions } from '../src/wal/serve-options.ts';
import {
  clockFailure,
  compactionFailure,
  lockFailure,
  notRepairable,
  walFailure,
} from '../src/wal/wording.ts';
import { ROOT, scratchFolder } from './truetape.ts';
import { DAY_NS, copyOf, filesOf, flip, killedBehind, lines, take, withLog } from './wal-log.ts';

const cwd = scratchFolder();
const log = join(cwd, 'log');
const CONFIG: Partial<ServeOptions> = { segmentBytes: 4096, snapshotEvery: 20, checkpointEvery: 10 };
const rpl = (folder: string, number: number): string => join(folder, `0000000${number}.rpl`);

/** Where the frames of the log end: behind them zeros are reserved. */
let endBytes = 0;
let older = '';
let newer = '';

/** A log of six segments, with two snapshots and a few commands behind them, that was not closed. */
async function makeLog(
  folder: string,
  options: Partial<ServeOptions> = {},
  laterNs: number = 0,
): Promise<void> {
  const given = lines(62).map((text) => {
    const command = JSON.parse(text) as { readonly timeNs: string };
    return JSON.stringify({ ...command, timeNs: String(BigInt(command.timeNs) + BigInt(laterNs)) });
  });
  await killedBehind(folder, given, { ...CONFIG, ...options });
}

beforeAll(async () => {
  await makeLog(log);
  expect(filesOf(log, '.rpl')).toHaveLength(6);
  [older, newer] = filesOf(log, '.snap');
  endBytes = readFolder(log, ({ storage, path }) => inspectFiles(storage, path)).segments[5].walk!.endBytes;
  truncateSync(rpl(log, 6), endBytes);
});

/** A failure without the folder's path in it. */
function plain(folder: string, { exitCode, message, next }: CliFailure): string {
  const text = `exit ${exitCode}\ntruetape: ${message}\n  ${next}\n`;
  return text
    .replaceAll(`'${folder}`, folder)
    .replaceAll(folder, 'DIR')
    .replaceAll(/(DIR[^ ']*)'/g, '$1');
}

/** Ends that need a disk, a host or a clock of their own. */
function others(): Readonly<Record<string, string>> {
  const fault = (op: StorageOp, code: string): string =>
    plain('DIR', walFailure('DIR', { code: 'storage', fault: { op, name: '00000002.rpl', code } }));
  const lock = (held: LockHeld): string => plain('DIR', lockFailure('DIR', held));
  const file = 'lock.7.99.0a1b2c3d.desk';
  return {
    'a full disk': fault('write', 'ENOSPC'),
    'a write that took a part': fault('write', 'SHORT'),
    'a sync that failed': fault('sync', 'EIO'),
    'a segment that cannot be read': fault('read', 'EIO'),
    'a file that ends too early': fault('read', 'SHORT'),
    'a folder that may not be written': fault('create', 'EACCES'),
    'a commit that is too large': plain(
      'DIR',
      walFailure('DIR', { code: 'commitTooLarge', bytes: 70_000_000 }),
    ),
    'a log that is there already': plain(
      'DIR',
      walFailure('DIR', { code: 'logExists', name: '00000001.rpl' }),
    ),
    'a log that failed before': plain('DIR', walFailure('DIR', { code: 'failed', first: { code: 'noLog' } })),
    'a lock that is held': lock({ reason: 'held', file, pid: 7 }),
    'a lock of another host': lock({ reason: 'unknown', file, host: 'desk' }),
    'a lock that says nothing': lock({ reason: 'unknown', file: 'lock.odd', host: undefined }),
    'a lock that cannot be made': lock({ reason: 'unwritable', file, code: 'EROFS' }),
    'a clock that is ahead': plain(
      'DIR',
      clockFailure({ code: 'clockAhead', wallNs: DAY_NS, expectedNs: DAY_NS - 7_200_000_000_000n }),
    ),
  };
}

const codes = new Set<string>();

/** How a command ends that recovers a folder. */
function recovered(folder: string, more: Partial<RecoverConfig> = {}): string {
  try {
    const read = readFolder(folder, ({ config }) => recoverLog({ ...config, ...more }));
    if (read.ok) return 'recovered\n';
    codes.add(read.error.code);
    return plain(folder, walFailure(folder, read.error));
  } catch (error) {
    if (!(error instanceof CliFailure)) throw error;
    codes.add('storage');
    return plain(folder, error);
  }
}

let copies = 0;
function damaged(work: (folder: string) => void): string {
  const folder = copyOf(log, String(copies++));
  work(folder);
  return folder;
}

/** What a repair says that has no way around the damage, and a compaction that cannot be. */
function refusals(folder: string): string {
  return readFolder(folder, ({ config }) => {
    const [repair, compaction] = [planRepair(config), planCompaction(config, 'archive')];
    return [
      repair.ok ? 'can be repaired\n' : plain(folder, notRepairable(folder, repair.error)),
      compaction.ok ? 'can be compacted\n' : plain(folder, compactionFailure(folder, compaction.error)),
    ].join('');
  });
}

const TIME_NS = DAY_NS + 3_600_000_000_000n;

/** A log with a commit of an event that its engine would not write. */
async function odd(name: string, event: 'quote' | 'command' | 'fact' | 'checkpoint'): Promise<string> {
  const folder = join(cwd, name);
  await withLog(folder, {}, (serving) => {
    take(serving, lines(2));
    const { log: open } = serving;
    expect(beginCommit(open, TIME_NS)).toBeUndefined();
    const { writer } = open.segment;
    const timeNs = Number(TIME_NS - BigInt(writer.header.epochNs));
    const place = { timeNs, instrument: 1, flags: 1 };
    const order = {
      ...BLANK.NewOrder,
      ...place,
      source: 1,
      flags: 0x11,
      orderId: 9,
      priceTicks: 50,
      qtyLots: 1,
    };
    const command = { ...order, type: 1, tif: 1, account: 1 };
    const cause = writer.nextSeq;
    const accepted = {
      ...BLANK.Accepted,
      ...place,
      source: 2,
      flags: 0x11,
      cause,
      orderId: 9,
      priceTicks: 50,
    };
    const events = {
      quote: [{ ...BLANK.Quote, ...place, source: 1 }],
      command: [command],
      fact: [command, { ...accepted, leavesLots: 2, account: 1, type: 1, tif: 1 }],
      checkpoint: [
        {
          ...BLANK.Checkpoint,
          timeNs,
          source: 2,
          scope: 5,
          hashVersion: 1,
          coversSeq: cause,
          stateHash: 'a1'.repeat(32),
        },
      ],
    }[event];
    for (const one of events) expect(writeEvent(writer, one)).toBeUndefined();
    expect(commit(open)).toBeUndefined();
    open.out.file.close();
  });
  return folder;
}

test('each kind of damage is told with its place and what to do next', async () => {
  const other = join(cwd, 'other');
  const later = join(cwd, 'later');
  const empty = join(cwd, 'empty');
  mkdirSync(empty);
  const wide = join(cwd, 'wide');
  await makeLog(other, { id: 'other' });
  await makeLog(later, {}, 1);
  await makeLog(wide, { segmentBytes: 5000 });
  const spoilt = (folder: string): void => {
    for (const name of [older, newer]) flip(join(folder, name), 100);
  };
  const cases: Readonly<Record<string, string>> = {
    'a byte of a frame': recovered(damaged((dir) => flip(rpl(dir, 3), 1500))),
    'a byte of a file header': recovered(damaged((dir) => flip(rpl(dir, 1), 40))),
    'the end of a segment that another follows': recovered(damaged((dir) => flip(rpl(dir, 5), -1))),
    'the end of the last segment': recovered(damaged((dir) => flip(rpl(dir, 6), -1))),
    'the same, with --strict-tail': recovered(
      damaged((dir) => flip(rpl(dir, 6), -1)),
      { strictTail: true },
    ),
    'a segment that is missing': recovered(damaged((dir) => rmSync(rpl(dir, 3)))),
    'the first segment is missing': recovered(damaged((dir) => rmSync(rpl(dir, 1)))),
    'the last segment is missing': recovered(damaged((dir) => rmSync(rpl(dir, 6)))),
    'another segment under this name': recovered(damaged((dir) => renameSync(rpl(dir, 6), rpl(dir, 3)))),
    'a segment of another log': recovered(damaged((dir) => copyFileSync(rpl(other, 3), rpl(dir, 3)))),
    'a segment of another run of the log': recovered(
      damaged((dir) => copyFileSync(rpl(later, 3), rpl(dir, 3))),
      {
        everything: true,
      },
    ),
    'a segment that begins elsewhere': recovered(
      damaged((dir) => copyFileSync(rpl(wide, 3), rpl(dir, 3))),
      {
        everything: true,
      },
    ),
    'a segment of another format version': recovered(damaged((dir) => flip(rpl(dir, 2), 8))),
    'a bad snapshot': recovered(damaged((dir) => flip(join(dir, newer), 100))),
    'all snapshots bad, and no beginning': recovered(
      damaged((dir) => {
        spoilt(dir);
        rmSync(rpl(dir, 1));
      }),
    ),
    'a snapshot of another run of the log': recovered(
      damaged((dir) => copyFileSync(join(later, newer), join(dir, newer))),
    ),
    'an end before the seq that is expected': recovered(log, { expectSeq: 10_000 }),
    'an event that no engine of books writes': recovered(await odd('quote', 'quote')),
    'a command without its facts': recovered(await odd('command', 'command')),
    'a fact that its command does not give': recovered(await odd('fact', 'fact')),
    'a Checkpoint of another state': recovered(await odd('checkpoint', 'checkpoint')),
    'an empty folder': recovered(empty),
    'no folder': recovered(join(cwd, 'absent')),
    'a file': recovered(rpl(log, 1)),
    ...others(),
    'repair and compaction, of an empty folder': refusals(empty),
    'repair and compaction, without snapshots': refusals(later.replace(/later$/, 'fact')),
    'repair and compaction, of a bad snapshot': refusals(damaged((dir) => flip(join(dir, newer), 100))),
  };
  const text = Object.entries(cases).map(([name, told]) => `## ${name}\n\n${told}`);
  await expect(text.join('\n')).toMatchFileSnapshot(join(ROOT, 'fixtures', 'wal', 'errors.golden.md'));
  expect([...codes].toSorted()).toEqual([
    'contradiction',
    'corruptData',
    'endsEarly',
    'noLog',
    'noSnapshot',
    'segmentForeign',
    'segmentGap',
    'segmentMismatch',
    'segmentMissing',
    'segmentVersion',
    'snapshotAhead',
    'snapshotContradicts',
    'storage',
    'tornTail',
  ]);
});

test('an empty name is no folder, not the current one', () => {
  expect(() => readFolder('', () => 0)).toThrow('expected the folder of a log, found an empty name');
});
