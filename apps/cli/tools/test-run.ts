// A folder of its own for each run of the tests, away behind it.

import { spawnSync } from 'node:child_process';
import { accessSync, constants, mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env } from 'node:process';
import type { TestProject } from 'vitest/node';

const MEMORY = '/dev/shm';
const SPACE_BYTES_MIN = 1 << 30;

/** Vitest's global set-up: what it returns ends it. */
export function setup({ name }: TestProject): () => void {
  // The proofs are for the disk.
  const folder = name === 'proofs' ? undefined : inMemory();
  const run = folder ?? mkdtempSync(join(tmpdir(), 'truetape-run-'));
  const [temporary, compiled] = ['tmp', 'compiled'].map((part) => join(run, part)) as [string, string];
  for (const part of [temporary, compiled]) mkdirSync(part);
  env['TMPDIR'] = temporary;
  // Each start of Node on sources compiles them all: here once a run, or once for all runs that share a folder.
  env['NODE_COMPILE_CACHE'] ??= compiled;
  // Where the command line is bundled to by the first test that wants it.
  env['TRUETAPE_TEST_RUN'] = run;
  return () => rmSync(run, { recursive: true, force: true });
}

/**
 * A folder that no disk stands behind, where there is one with enough room: what a log promises is tested with
 * storage that fails and with processes that are killed, and neither is helped by waiting for a disk.
 */
function inMemory(): string | undefined {
  let folder: string | undefined;
  try {
    accessSync(MEMORY, constants.W_OK);
    const { bavail, bsize } = statfsSync(MEMORY);
    if (bavail * bsize < SPACE_BYTES_MIN) return undefined;
    folder = mkdtempSync(join(MEMORY, 'truetape-run-'));
    // Some containers let nothing be started from there.
    const script = join(folder, 'script');
    writeFileSync(script, '#!/bin/sh\nexit 0\n', { mode: 0o700 });
    if (spawnSync(script).status === 0) return folder;
  } catch {
    // There is none.
  }
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  return undefined;
}
