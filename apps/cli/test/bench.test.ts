import { join } from 'node:path';
import { expect, test } from 'vitest';

import { CAPTURES, truetape } from './truetape.ts';

// Fails when the benchmark's tapes are not what it says, or a row is lost; how fast it is, is no matter here.
test('bench tape measures everything on a small tape', async () => {
  const capture = join(CAPTURES, 'spot-small.txt.gz');
  const args = ['--events', '30000', '--runs', '1', '--memory', '--json', '--capture', capture];
  const { code, stdout, stderr } = await truetape(['bench', 'tape', ...args], { own: true });
  expect({ code, failed: stderr.includes('error') }).toEqual({ code: 0, failed: false });
  const report = JSON.parse(stdout) as {
    seed: string;
    runs: number;
    rows: { what: string; measured: string }[];
  };
  expect(report).toMatchObject({ seed: '1', runs: 1 });
  expect(report.rows.length).toBeGreaterThanOrEqual(10);
  expect(report.rows.find(({ what }) => what.startsWith('seek'))?.measured).toBe('2 frames');
  expect(report.rows.filter(({ measured }) => /NaN|Infinity|exit/.test(measured))).toEqual([]);
});

test.each([
  ['--events', '0'],
  ['--runs', 'many'],
  ['--capture', 'nowhere.gz', '--events', '1000', '--runs', '1'],
])('bench tape %s %s is a usage error', async (...args) => {
  const { code, stderr } = await truetape(['bench', 'tape', ...args], { own: true });
  expect(code).toBe(2);
  expect(stderr).toContain(args[0]);
});

// Fails where a command is lost between threads, in any of the ways, or a row is missing.
// Its threads spin: where others want the processor as well, it takes long.
test('bench ring measures everything on a few commands', { timeout: 180_000 }, async () => {
  const args = ['--commands', '3000', '--runs', '1', '--seed', '7', '--json'];
  const { code, stdout, stderr } = await truetape(['bench', 'ring', ...args], { own: true });
  expect({ code, failed: stderr.includes('error') }).toEqual({ code: 0, failed: false });
  const report = JSON.parse(stdout) as { seed: string; rows: { what: string; measured: string }[] };
  expect(report.seed).toBe('7');
  expect(report.rows).toHaveLength(21);
  expect(report.rows.filter(({ measured }) => /NaN|Infinity|undefined/.test(measured))).toEqual([]);
});
