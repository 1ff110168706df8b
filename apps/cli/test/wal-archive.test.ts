// An archive is held against its seals and against the log that follows it.
import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { compact, planCompaction, recoverLog } from '@truetape/wal';
import { expect, test } from 'vitest';
import { verifyArchive } from '../src/wal/archive.ts';
import type { ArchivedSegment } from '../src/wal/archive.ts';
import { readFolder } from '../src/wal/open-folder.ts';
import { scratchFolder } from './truetape.ts';
import { copyOf, cutEnd, filesOf, flip, lines, serveLines } from './wal-log.ts';

const cwd = scratchFolder();

/** A log whose beginning is archived: four segments. */
async function archivedLog(name: string, id: string, from: number = 0): Promise<string> {
  const folder = join(cwd, name);
  const options = { id, durability: 'off', groupMax: 50, segmentBytes: 65_536, snapshotEvery: 1200 } as const;
  await serveLines(folder, lines(2400, from), options);
  readFolder(folder, ({ config }) => {
    const plan = planCompaction(config, 'archive', 1);
    expect(plan.ok && compact(config, plan.value)).toBeUndefined();
  });
  expect(filesOf(join(folder, 'archive'), '.rpl')).toHaveLength(4);
  return folder;
}

function archiveOf(folder: string): { readonly archived: readonly ArchivedSegment[]; readonly told: string } {
  const { archived, failure } = readFolder(folder, (opened) => {
    const read = recoverLog({ ...opened.config, everything: true });
    if (!read.ok) throw new Error(JSON.stringify(read.error));
    return verifyArchive(opened, read.value.report);
  });
  if (failure !== undefined) expect(failure.exitCode).toBe(5);
  return { archived, told: failure?.message.replaceAll(folder, 'DIR') ?? 'right' };
}

test('each of its segments is read, and follows the one before', async () => {
  const log = await archivedLog('log', 'test');
  const other = await archivedLog('other', 'other');
  // The same commands, a little later: of the same size each.
  const later = await archivedLog('later', 'test', 30);
  const whole = archiveOf(log);
  expect(whole.told).toBe('right');
  expect(whole.archived.map(({ name }) => name)).toEqual(
    [1, 2, 3, 4].map((number) => `archive/0000000${number}.rpl`),
  );
  const rpl = (folder: string, number: number): string => join(folder, 'archive', `0000000${number}.rpl`);
  let copies = 0;
  const damaged = (work: (folder: string) => void): string => {
    const folder = copyOf(log, String(copies++));
    work(folder);
    return archiveOf(folder).told;
  };
  expect(damaged((dir) => flip(rpl(dir, 2), 5000))).toMatch(
    /^DIR\/archive\/00000002\.rpl is corrupt at offset \d+, seq /,
  );
  expect(damaged((dir) => cutEnd(rpl(dir, 2), 8))).toMatch(
    /^DIR\/archive\/00000002\.rpl: expected a seal, found none$/,
  );
  expect(damaged((dir) => rmSync(rpl(dir, 2)))).toMatch(
    /^DIR\/archive\/00000003\.rpl: expected first seq \d+, found \d+$/,
  );
  expect(damaged((dir) => rmSync(rpl(dir, 4)))).toMatch(
    /^DIR\/00000005\.rpl: expected first seq \d+, found \d+$/,
  );
  expect(damaged((dir) => copyFileSync(rpl(other, 2), rpl(dir, 2)))).toMatch(
    /^DIR\/archive\/00000002\.rpl: expected a segment of log test, found other$/,
  );
  expect(damaged((dir) => copyFileSync(rpl(later, 2), rpl(dir, 2)))).toMatch(
    /^DIR\/archive\/00000002\.rpl: expected events behind hash [0-9a-f]{64}, found [0-9a-f]{64}$/,
  );
  // Where the first ones were deleted, the hash of all events cannot be known, and the rest is right.
  expect(damaged((dir) => rmSync(rpl(dir, 1)))).toBe('right');
});
