// A folder of its own for each run of the tests, away behind it.

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env } from 'node:process';

/** Vitest's global set-up: what it returns ends it. */
export function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'truetape-run-'));
  // Where the command line is bundled to by the first test that wants it.
  env['TRUETAPE_TEST_RUN'] = folder;
  // Each start of Node on sources compiles them all: here once a run.
  env['NODE_COMPILE_CACHE'] = join(folder, 'compiled');
  mkdirSync(env['NODE_COMPILE_CACHE']);
  return () => rmSync(folder, { recursive: true, force: true });
}
