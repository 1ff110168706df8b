// What is cut off a log is kept, whatever is cut off at the same place later.
import { crashCopy, createSimDisk, failAt, fileBytes, operationCount } from '@truetape/wal';
import type { SimDisk } from '@truetape/wal';
import { expect, test } from 'vitest';
import { putTimers, reopenToy, startToy } from './toy.ts';
import type { ToyRun } from './toy.ts';

/** A commit that a crash tears. */
function tear(run: ToyRun, disk: SimDisk, id: number): SimDisk {
  failAt(disk, operationCount(disk, 'sync') + 1, { code: 'EIO', op: 'sync' });
  expect(putTimers(run, id)).toMatchObject({ code: 'storage' });
  return crashCopy(disk, { seed: id, writes: { keep: 'torn', bytes: 130, lost: 'garbage' }, names: 'all' });
}

test('two torn ends at one place are both kept, and one that is copied again is there once', () => {
  const disk = createSimDisk('kept');
  const run = startToy(disk);
  putTimers(run, 1);
  const name = `00000001.rpl.torn-${fileBytes(disk, '00000001.rpl')!.length}`;
  const first = reopenToy(tear(run, disk, 2));
  const copy = fileBytes(first.disk, name)!;
  expect(copy.length).toBeGreaterThan(130);
  const torn = tear(first, first.disk, 3);
  const second = reopenToy(torn);
  expect(fileBytes(second.disk, `${name}.1`)).toEqual(copy);
  expect(fileBytes(second.disk, name)).not.toEqual(copy);
  // A restart that was killed before it cut the end: what it copied is what is copied now.
  const third = reopenToy(tear(second, second.disk, 3));
  const names = third.disk.list();
  expect(names.ok && names.value.filter((file) => file.startsWith(name)).toSorted()).toEqual([
    name,
    `${name}.1`,
  ]);
});
