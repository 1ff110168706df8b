import { expect, test } from 'vitest';
import { truetape } from './truetape.ts';

interface Row {
  readonly what: string;
  readonly target: string;
  readonly measured: string;
}

// Fails where a way to run loses events, where checking orders changes the tape, or where a row is missing; how fast
// it is, is no matter here.
test('bench sim measures everything on a few events', async () => {
  const args = ['--events', '3000', '--runs', '2', '--seed', '7', '--json'];
  const { code, stdout, stderr } = await truetape(['bench', 'sim', ...args], { own: true });
  expect([code, stderr]).toEqual([0, 'bench: warming up\nbench: run 1 of 2\nbench: run 2 of 2\n']);
  const report = JSON.parse(stdout) as { rows: Row[] };
  expect(report).toMatchObject({ seed: '7', preset: 'mixed', events: 3000, runs: 2 });
  expect(report.rows.map(({ target }) => target)).toEqual([
    'at least 4 M/s',
    'at least 4×',
    ...Array.from({ length: 4 }, () => 'no figure'),
  ]);
  expect(report.rows.filter(({ measured }) => /NaN|Infinity|undefined/.test(measured))).toEqual([]);
});

// Fails where the command that is watched fails.
test('bench sim --memory watches sim run', async () => {
  const { code, stdout } = await truetape(['bench', 'sim', '--memory', '--events', '2000', '--json'], {
    own: true,
  });
  expect(code).toBe(0);
  const [row] = (JSON.parse(stdout) as { rows: Row[] }).rows;
  expect(row).toMatchObject({ target: 'below 300 MB' });
  expect(row?.measured).toMatch(/^[0-9]+ MB$/);
});

test.each([
  ['--events', '0'],
  ['--runs', 'many'],
  ['--preset', 'none'],
])('bench sim %s %s is a usage error', async (...args) => {
  const { code, stderr } = await truetape(['bench', 'sim', ...args], { own: true });
  expect(code).toBe(2);
  expect(stderr).toContain(args[0]);
});
