// Runs the console blocks of a page in a fresh folder, with a given CLI as `truetape`.

import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { ROOT } from '../architecture/repository.ts';
import type { ShownCommand } from './console.ts';

/** What a command printed and how it ended. */
export type CommandOutcome = { readonly output: readonly string[]; readonly exitCode: number };

const TIMEOUT_MS = 240_000;

/**
 * The commands of one page share one folder, so that a later one reads what an earlier one wrote. A copy of
 * the repository's `fixtures/` lies in it. The home folder is empty, and nothing of the caller's settings
 * reaches the commands.
 */
export function runConsole(commands: readonly ShownCommand[], cli: string): readonly CommandOutcome[] {
  const scratch = mkdtempSync(join(tmpdir(), 'truetape-docs-'));
  try {
    const [bin, home, work] = ['bin', 'home', 'work'].map((name) => join(scratch, name)) as [
      string,
      string,
      string,
    ];
    for (const dir of [bin, home, work]) mkdirSync(dir);
    writeFileSync(join(bin, 'truetape'), `#!/bin/sh\nexec '${process.execPath}' '${cli}' "$@"\n`, {
      mode: 0o755,
    });
    const fixtures = join(ROOT, 'fixtures');
    if (existsSync(fixtures)) cpSync(fixtures, join(work, 'fixtures'), { recursive: true });
    const env = commandEnvironment(bin, home);
    return commands.map(({ command }) => runCommand(command, work, env));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function runCommand(command: string, cwd: string, env: NodeJS.ProcessEnv): CommandOutcome {
  // One descriptor for both streams keeps the order in which they were written.
  const { stdout, status, signal, error } = spawnSync('bash', ['-c', `exec 2>&1\n${command}`], {
    cwd,
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: TIMEOUT_MS,
    maxBuffer: 64 << 20,
  });
  if (error !== undefined) throw error;
  const text = stdout.endsWith('\n') ? stdout.slice(0, -1) : stdout;
  return { output: text === '' ? [] : text.split('\n'), exitCode: status ?? (signal === null ? 1 : 128) };
}

/**
 * Time zone and locale stay the caller's: output must not depend on them, and the golden run under others
 * shows it.
 */
function commandEnvironment(bin: string, home: string): NodeJS.ProcessEnv {
  const kept = ['TZ', 'LANG', 'LC_ALL', 'SystemRoot', 'TMPDIR', 'NODE_COMPILE_CACHE'].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(kept),
    HOME: home,
    PATH: [bin, join(process.execPath, '..'), '/usr/local/bin', '/usr/bin', '/bin'].join(delimiter),
    TERM: 'dumb',
    COLUMNS: '100',
  };
}
