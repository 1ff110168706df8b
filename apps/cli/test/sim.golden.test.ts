// A small run, as it is printed: this file runs under every Node, in another time zone and locale.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT, scratchFolder, truetape } from './truetape.ts';

const cwd = scratchFolder();
const FOLDER = join(ROOT, 'fixtures', 'sim');
const run = (...args: string[]): ReturnType<typeof truetape> =>
  truetape(['sim', 'run', '--preset', 'burst', '--symbols', 'A,B', '--seed', '7', ...args], { cwd });

// Fails when anything of the machine gets into a summary, or the model changes: then `npm run goldens`.
test('the summaries of a small run are the goldens, whatever is written of its events', async () => {
  const [text, json, tape] = await Promise.all([
    run('--events', '1500'),
    run('--events', '1500', '--json'),
    run('--events', '1500', '--json', '-o', 'run.rpl'),
  ]);
  expect([text, json, tape].map(({ code, stderr }) => [code, stderr])).toEqual([0, 1, 2].map(() => [0, '']));
  await expect(text.stdout).toMatchFileSnapshot(join(FOLDER, 'summary.golden.txt'));
  await expect(json.stdout).toMatchFileSnapshot(join(FOLDER, 'summary.golden.json'));
  const [counted, written] = [json, tape].map(({ stdout }) => JSON.parse(stdout) as Record<string, unknown>);
  expect(written).toEqual({ ...counted, tape: { path: 'run.rpl', format: 'rpl' }, next: written['next'] });
  // The seal has it at the tape's end.
  expect(readFileSync(join(cwd, 'run.rpl')).includes(Buffer.from(String(counted['hash'])))).toBe(true);
});
