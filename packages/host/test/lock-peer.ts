// A process that takes and gives up a lock as it is told on standard input: `try <ms>`, at that time, `release`.
import { createInterface } from 'node:readline';
import { acquireFolderLock, type FolderLock } from '../src/storage/folder-lock.ts';

let lock: FolderLock | undefined;

for await (const line of createInterface({ input: process.stdin })) {
  const [command, at] = line.split(' ');
  if (command === 'release') {
    lock?.release();
    lock = undefined;
    console.log('released');
    continue;
  }
  while (Date.now() < Number(at));
  const taken = acquireFolderLock(process.argv[2]);
  if (taken.ok) lock = taken.value;
  console.log(JSON.stringify(taken.ok ? { ok: true, removed: taken.value.removedStale } : taken));
}
