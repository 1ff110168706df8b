// The door: what it runs sees the arguments, the folder and the streams as they were, and ends as it ended.

import { spawn, spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ROOT } from '../tools/architecture/repository.ts';

const GO = join(ROOT, 'tools', 'go.mjs');

function go(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): ReturnType<typeof spawnSync> {
  return spawnSync(process.execPath, [GO, ...args], {
    cwd: tmpdir(),
    env: { ...process.env, TRUETAPE_NODE: '', ...env },
    encoding: 'utf8',
  });
}

describe('a command', () => {
  test('gets its arguments verbatim and leaves both streams alone', () => {
    const script = 'console.log(JSON.stringify(process.argv.slice(1))); console.error("e")';
    const { stdout, stderr, status } = go(['node', '-e', script, '--', 'a b', '', '$HOME', '"q"', '--json']);
    expect(stdout).toBe('["a b","","$HOME","\\"q\\"","--json"]\n');
    expect(stderr).toBe('e\n');
    expect(status).toBe(0);
  });

  test('runs on a supported Node, and on the one that is asked for', () => {
    const probe = ['node', '-p', 'process.versions.node'];
    expect(Number.parseFloat(String(go(probe).stdout))).toBeGreaterThanOrEqual(24.11);
    expect(go(probe, { TRUETAPE_NODE: '24' }).stdout).toMatch(/^24\./);
    expect(go(probe, { TRUETAPE_NODE: '26' }).stdout).toMatch(/^26\./);
    expect(go(probe, { TRUETAPE_NODE: '18' })).toMatchObject({ status: 2, stdout: '' });
  });

  test('passes its exit code and its signal', () => {
    expect(go(['node', '-e', 'process.exit(7)']).status).toBe(7);
    expect(go(['node', '-e', 'process.kill(process.pid, "SIGTERM")'])).toMatchObject({
      status: null,
      signal: 'SIGTERM',
    });
    expect(go(['no-such-command-here'], { PATH: '/nonexistent' })).toMatchObject({ status: 127 });
    expect(go([])).toMatchObject({ status: 2, stdout: '' });
  });

  test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    'receives %s and may end in its own way',
    async (signal) => {
      const script = `process.on('${signal}', () => process.exit(42)); setInterval(() => {}, 1000); console.log('ready')`;
      const child = spawn(process.execPath, [GO, 'node', '-e', script], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const code = await new Promise((resolve) => {
        child.stdout.once('data', () => child.kill(signal));
        child.on('exit', resolve);
      });
      expect(code).toBe(42);
    },
  );

  test('runs where the caller stands', () => {
    expect(String(go(['node', '-p', 'process.cwd()']).stdout).trim()).toMatch(/tmp|temp/i);
  });
});
