// Writes every generated file, or with --check tells which are stale: runs each package's
// `tools/generate.ts`, which takes the same flag, writes its own files and exits non-zero when a checked file
// differs.

import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');

for (const generator of globSync('{packages,apps}/*/tools/generate.ts', { cwd: ROOT }).sort()) {
  const { status } = spawnSync(process.execPath, [join(ROOT, generator), ...process.argv.slice(2)], {
    cwd: ROOT,
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) process.exitCode = 1;
}
