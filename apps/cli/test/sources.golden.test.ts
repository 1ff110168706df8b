// Most tests start the bundle. Here the sources themselves are started, by every Node: each file loads, with its types
// stripped and its imports as they stand.
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { VERSION } from '../src/version.ts';
import { ROOT, SOURCES, truetape } from './truetape.ts';

// What starts to work where it is loaded: workers of threads, and the script of a page.
const STARTS = /-worker\.ts$|\/browser\//;
const LOAD = 'for (const file of process.argv.slice(1)) await import(file)';

test('every source loads as it is', () => {
  const files = globSync('{packages,apps}/*/src/**/*.ts', { cwd: ROOT }).filter((file) => !STARTS.test(file));
  expect(files.length).toBeGreaterThan(300);
  const paths = files.sort().map((file) => join(ROOT, file));
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', LOAD, ...paths], {
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});

test('the command line starts from them', async () => {
  const [version, doctor] = await Promise.all(
    [['--version'], ['doctor', '--json']].map((args) => truetape(args, { bin: SOURCES })),
  );
  expect(version).toEqual({ code: 0, signal: null, stdout: `${VERSION}\n`, stderr: '' });
  expect(doctor.code).toBe(0);
  expect(JSON.parse(doctor.stdout)).toMatchObject({ ok: true, version: VERSION });
});
