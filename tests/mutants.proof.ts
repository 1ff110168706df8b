// Faults that are put into the code on purpose: its tests find every one of them. Also `npm run mutants [-- id …]`.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..');

test('every seeded fault is caught', async () => {
  const child = spawn(process.execPath, [join(ROOT, 'tools', 'mutants', 'main.ts')], { cwd: ROOT });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const code = await new Promise((resolve) => child.on('close', resolve));
  const failed = said.split('\n').filter((line) => !line.startsWith('caught '));
  expect(failed.join('\n')).toMatch(/^\d+ caught, 0 failed\n$/);
  expect(code).toBe(0);
});
