// Standard output that takes no more is no programmer's error.
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { expect, test } from 'vitest';
import { BIN } from './truetape.ts';

const FULL = '/dev/full';

test.skipIf(!existsSync(FULL))('a full disk is told as one, with what to do', () => {
  const full = openSync(FULL, 'w');
  const { status, stderr } = spawnSync(process.execPath, [BIN, 'lab', 'run', 'balanced'], {
    stdio: ['ignore', full, 'pipe'],
    encoding: 'utf8',
  });
  closeSync(full);
  expect({ status, stderr }).toEqual({
    status: 1,
    stderr:
      'truetape: standard output cannot be written: the disk is full\n  make room, or write elsewhere\n',
  });
});
