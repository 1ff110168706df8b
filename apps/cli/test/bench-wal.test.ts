// The benchmark of the durable log runs; what it measures, BENCH.md says.
import { expect, test } from 'vitest';
import { truetape } from './truetape.ts';

interface Report {
  readonly seed: string;
  readonly rows: readonly { readonly what: string; readonly measured: string }[];
}

// Fails when a way of appending breaks, or a recovery gives another state than the run had.
test('bench wal measures appends and recovery on a few commands', async () => {
  const args = ['--commits', '20', '--commands', '3000', '--runs', '1', '--seed', '7', '--json'];
  const { code, stdout, stderr } = await truetape(['bench', 'wal', ...args], { own: true });
  expect([code, stderr.replaceAll(/^bench: .*\n/gm, '')]).toEqual([0, '']);
  const { seed, rows } = JSON.parse(stdout) as Report;
  expect(seed).toBe('7');
  expect(rows.map(({ what }) => what.replace(/\d+ commands/, 'N commands'))).toEqual([
    'durable appends against SQLite, batch 1',
    'durable appends against write + fdatasync, batch 1',
    'durable appends against SQLite, batch 256',
    'durable appends against write + fdatasync, batch 256',
    'durable appends against SQLite, batch 4096',
    'durable appends against write + fdatasync, batch 4096',
    'recovery of N commands and their facts: scan, checksums, hash, books, state hash',
    'recovery from a snapshot with a tail of 1 %, against all',
    'the same of N commands, match-heavy',
    'the same of N commands, deep',
    'the same of N commands, insert-only',
    'restart behind N commands without a snapshot',
    'the same, a snapshot every 500000',
    'the same, a snapshot every 100000',
    'the same, a snapshot every 20000',
  ]);
});
