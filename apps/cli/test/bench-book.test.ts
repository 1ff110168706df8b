import { expect, test } from 'vitest';
import { SOURCES, truetape } from './truetape.ts';

interface Row {
  readonly what: string;
  readonly measured: string;
  readonly detail: string;
}

// Fails when a row is lost, or when the peer trades otherwise than the fast book; how fast it is, is no matter here.
// From the sources: only a checkout has the peer.
test('bench book measures everything on small workloads, and the peer trades the same', async () => {
  const args = ['--commands', '3000', '--runs', '1', '--seconds', '2', '--json'];
  const { code, stdout, stderr } = await truetape(['bench', 'book', ...args], { bin: SOURCES });
  expect({ code, failed: stderr.includes('error') }).toEqual({ code: 0, failed: false });
  const report = JSON.parse(stdout) as { seed: string; runs: number; rows: Row[] };
  expect(report).toMatchObject({ seed: '1', runs: 1, commands: 3000 });
  for (const name of ['mixed', 'insert-only', 'match-heavy', 'deep']) {
    expect(report.rows.filter(({ what }) => what.startsWith(`${name}:`))).toHaveLength(5);
  }
  expect(report.rows.filter(({ measured }) => /NaN|Infinity/.test(measured))).toEqual([]);
  const peers = report.rows.filter(({ what }) => what.endsWith('the peer'));
  expect(peers.map(({ detail }) => /both ([0-9]+) trades/.test(detail))).toEqual([true, true, true, true]);
});

test('bench book without the peer has no row of it', async () => {
  const args = ['--commands', '100', '--runs', '1', '--seconds', '1', '--no-peer'];
  const { code, stdout } = await truetape(['bench', 'book', ...args], { own: true });
  expect(code).toBe(0);
  expect(stdout).toContain('against the reference book');
  expect(stdout).not.toContain('peer');
});

test.each([
  ['--commands', '0'],
  ['--runs', 'many'],
  ['--seconds', '-1'],
])('bench book %s %s is a usage error', async (...args) => {
  const { code, stderr } = await truetape(['bench', 'book', ...args], { own: true });
  expect(code).toBe(2);
  expect(stderr).toContain(args[0]);
});
