import { expect, test } from 'vitest';
import { truetape } from './truetape.ts';

interface Row {
  readonly what: string;
  readonly target: string;
  readonly measured: string;
}

// Fails where an event is lost or read wrong, in any of the ways, or a row is missing; how fast it is, is no matter here.
test('bench bus measures everything on a few events', async () => {
  const args = ['--events', '70000', '--runs', '2', '--seed', '7', '--json'];
  const { code, stdout, stderr } = await truetape(['bench', 'bus', ...args], { own: true });
  expect([code, stderr]).toEqual([0, 'bench: publish and poll\nbench: allocation\n']);
  const report = JSON.parse(stdout) as { rows: Row[] };
  expect(report).toMatchObject({ seed: '7', events: 70_000, runs: 2 });
  expect(report.rows).toHaveLength(8);
  expect(report.rows.filter(({ target }) => target === 'below 30 ns')).toHaveLength(3);
  expect(report.rows.filter(({ target }) => target === 'nothing')).toHaveLength(2);
  expect(report.rows.filter(({ measured }) => /NaN|Infinity|undefined/.test(measured))).toEqual([]);
});

test.each([
  ['--events', '0'],
  ['--runs', 'many'],
])('bench bus %s %s is a usage error', async (...args) => {
  const { code, stderr } = await truetape(['bench', 'bus', ...args], { own: true });
  expect(code).toBe(2);
  expect(stderr).toContain(args[0]);
});
