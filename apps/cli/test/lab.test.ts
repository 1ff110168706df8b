// `truetape lab run` and `lab sweep`, as they are started.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { resultOf, runLab, SCENARIOS } from '@truetape/lab';
import { resultText } from '../src/commands/lab/result-text.ts';
import { sweepExit, sweepText } from '../src/commands/lab/sweep.ts';
import { scratchFolder, truetape } from './truetape.ts';
import type { Run } from './truetape.ts';

const cwd = scratchFolder();
const lab = (...args: string[]): Promise<Run> => truetape(['lab', ...args], { cwd });
const json = async (...args: string[]): Promise<Record<string, unknown>> => {
  const { code, stdout, stderr } = await lab(...args, '--json');
  expect([code, stderr, stdout.trimEnd().split('\n').length]).toEqual([0, '', 1]);
  return JSON.parse(stdout) as Record<string, unknown>;
};

describe.concurrent('lab run', () => {
  test.concurrent.each([
    ['balanced', { published: 250, acked: 250, lost: 0, unread: 0, firstOverrunStep: null }],
    ['producer-heavy', { published: 400, acked: 150, lost: 189, unread: 61, firstOverrunStep: 12 }],
    ['consumer-heavy', { published: 150, acked: 150, emptyPolls: 250 }],
    ['failure-recovery', { published: 250, acked: 250, lost: 0, provisional: 150, executed: 100 }],
  ])('%s gives the known numbers', async (name, expected) => {
    const result = await json('run', name);
    expect(result).toMatchObject(expected);
    expect(result['scenario']).toMatchObject({ name, capacity: 64, steps: 50, policy: 'oldest' });
  });

  test('follows the policy that is asked for, and says of a halt that it is not live', async () => {
    expect(await json('run', 'producer-heavy', '--policy', 'latest')).toMatchObject({
      acked: 144,
      lost: 201,
    });
    expect(await json('run', 'producer-heavy', '--policy', 'halt')).toMatchObject({
      acked: 36,
      lost: 4,
      unread: 360,
      overwritten: 296,
      probes: { live: false, healthy: false, ready: false },
    });
  });

  test('tells health and readiness at every change of state', async () => {
    const { lifecycle } = (await json('run', 'failure-recovery')) as { lifecycle: unknown[] };
    expect(lifecycle).toMatchObject([
      { step: 0, to: 'WARMUP', probes: { live: true, healthy: true, ready: false } },
      { step: 10, to: 'READY', probes: { live: true, healthy: true, ready: true } },
      { step: 20, to: 'DEGRADED', probes: { live: true, healthy: false, ready: false } },
      { step: 40, to: 'READY', probes: { live: true, healthy: true, ready: true } },
      { step: 50, to: 'STOPPED', probes: { live: false, healthy: false, ready: false } },
    ]);
  });

  test('is the same without the sink, but for what the sink says', async () => {
    const [on, off] = [
      await json('run', 'producer-heavy'),
      await json('run', 'producer-heavy', '--no-observe'),
    ];
    expect(off['observability']).toBeNull();
    expect({ ...on, observability: null }).toEqual(off);
  });

  test('says on stderr alone how long it took, and only when asked', async () => {
    const [plain, timed, quiet] = await Promise.all([
      lab('run', 'balanced'),
      lab('run', 'balanced', '--timing'),
      lab('run', 'balanced', '--timing', '--quiet'),
    ]);
    expect(plain.stderr).toBe('');
    expect(timed.stdout).toBe(plain.stdout);
    for (const { stderr } of [timed, quiet])
      expect(stderr).toMatch(/^truetape: \d+ µs by the wall clock, \d+ ns an event in or out\n$/);
  });

  test('for people, with what a halt leaves', async () => {
    const { stdout } = await lab('run', 'producer-heavy', '--policy', 'halt', '--no-observe');
    expect(stdout).toBe(
      [
        'scenario      producer-heavy: 8 in and 3 polls a step, room for 64, 50 steps, policy halt',
        'events        400 in = 36 acknowledged + 4 lost + 360 unread (296 of them overwritten)',
        'acknowledged  6 executed, 30 provisional',
        'polls         36, 0 of them empty',
        'lag           at most 360 behind an ingest',
        'latency       p50 4, p99 7, at most 7 steps',
        'overruns      1',
        '              step 12: lost 36 to 39, 4 events',
        'lifecycle     4 changes',
        '              step 0   INIT → WARMUP, start',
        '              step 10  WARMUP → READY, warm',
        '              step 13  READY → DEGRADED, overrun',
        '              step 50  DEGRADED → STOPPED, shutdown',
        'probes        live no, healthy no, ready no, before the shutdown',
        'sink          off',
        '',
      ].join('\n'),
    );
  });

  // Fails when an acknowledgement, an overrun or a change is not on the tape, or the cause of a change is another.
  test('writes a tape in either encoding, which verifies and has everything', async () => {
    const args = ['run', 'producer-heavy', '--policy', 'latest'];
    const [binary, text] = [await lab(...args, '-o', 'lab.rpl'), await lab(...args, '-o', 'lab.txt.rpl')];
    expect([binary.code, text.code, binary.stdout === text.stdout]).toEqual([0, 0, true]);
    expect(binary.stderr).toContain('lab.rpl has what happened');
    const verified = await Promise.all(
      ['lab.rpl', 'lab.txt.rpl'].map((file) =>
        truetape(['tape', 'verify', file, '--sealed', '--json'], { cwd }),
      ),
    );
    const [first, second] = verified.map(({ stdout }) => JSON.parse(stdout) as Record<string, unknown>);
    // Two sources and a note, 144 acknowledgements, 3 overruns, 9 changes.
    expect(first).toMatchObject({ ok: true, events: 159 });
    expect(second['hash']).toBe(first['hash']);
    const lines = readFileSync(join(cwd, 'lab.txt.rpl'), 'utf8').split('\n');
    expect(lines[0]).toContain('"capacity":64,');
    expect(lines[0]).toContain('"observer":"client"');
    expect(lines.filter((line) => line.includes(' Ack '))).toHaveLength(144);
    expect(lines.filter((line) => line.includes(' Overrun '))[1]).toBe(
      '81 25000 Overrun - consumer lostFrom=140 lostTo=206 policy=latest',
    );
    expect(lines.filter((line) => line.includes('cause=81'))).toEqual([
      '83 26000 Lifecycle - control cause=81 from=READY to=DEGRADED reason=overrun',
    ]);
  });

  test('replaces a file by force alone, and writes no tape under another name', async () => {
    writeFileSync(join(cwd, 'there.rpl'), 'mine');
    const refused = await lab('run', 'balanced', '-o', 'there.rpl');
    expect(refused.code).toBe(1);
    expect(readFileSync(join(cwd, 'there.rpl'), 'utf8')).toBe('mine');
    expect((await lab('run', 'balanced', '-o', 'there.rpl', '--force')).code).toBe(0);
    expect(readFileSync(join(cwd, 'there.rpl')).subarray(1, 4).toString()).toBe('RPL');
    const named = await lab('run', 'balanced', '-o', 'balanced.json');
    expect(named).toMatchObject({ code: 2, stdout: '' });
    expect(existsSync(join(cwd, 'balanced.json'))).toBe(false);
  });

  test.concurrent.each([
    [['run'], /missing required argument 'scenario'/],
    [['run', 'busy'], /balanced, producer-heavy, consumer-heavy, failure-recovery/],
    [['run', 'balanced', '--policy', 'newest'], /oldest, latest, halt/],
    [['sweep', '--capacity', '48'], /--capacity: expected powers of two, found 48/],
    [['sweep', '--ingest', '1,1'], /--ingest: expected up to 32 integers/],
    [['sweep', '--ingest', '10001'], /--ingest: expected up to 32 integers in 0 … 10000/],
    [['sweep', '--consume', '1,,2'], /--consume: expected an integer from 0, found/],
    [['sweep', '--steps', '0'], /--steps: expected an integer from 1, found 0/],
    [['sweep', '--steps', '10001'], /--steps: expected at most 10000/],
    [['sweep', '--capacity', '131072'], /--capacity: expected up to 32 integers in 1 … 65536 /],
    [
      ['sweep', '--steps', '10000', '--ingest', '0', '--consume', '9999'],
      /events and polls, at most 5000000/,
    ],
    [['sweep', '--steps', '10000', '--ingest', '9999'], /events and polls, at most 5000000 are allowed/],
  ])('%j is a usage error', async (args, message) => {
    const { code, stdout, stderr } = await lab(...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
  });
});

test('of many overruns the first three are listed, and the last is named', () => {
  const overruns = (steps: number): string[] => {
    const lines = resultText(resultOf(runLab({ ...SCENARIOS['producer-heavy'], steps }))).split('\n');
    const from = lines.findIndex((line) => line.startsWith('overruns'));
    const to = lines.findIndex((line) => line.startsWith('lifecycle'));
    return lines.slice(from, to).map((line) => line.slice(14));
  };
  const listed = ['step 12: lost 36 to 39, 4 events', 'step 13: lost 43 to 47, 5 events'];
  const third = 'step 14: lost 51 to 55, 5 events';
  expect(overruns(12)).toEqual(['none']);
  expect(overruns(15)).toEqual(['3', ...listed, third]);
  expect(overruns(16)).toEqual(['4', ...listed, third, 'and 1 more, the last in step 15']);
  expect(overruns(50)).toEqual(['38', ...listed, third, 'and 35 more, the last in step 49']);
});

describe('lab sweep', () => {
  test('measures what the arithmetic says, in a table and as JSON', async () => {
    const { code, stdout, stderr } = await lab(
      'sweep',
      '--ingest',
      '8',
      '--consume',
      '3,8',
      '--capacity',
      '64',
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe(
      [
        'in  polls  room  arithmetic  measured  lost  unread',
        ' 8      3    64          12        12   939      61  agrees',
        ' 8      8    64           -         -     0       0  agrees',
        '',
      ].join('\n'),
    );
    const report = await json('sweep', '--ingest', '0,1,5,8,70', '--consume', '0,3,8', '--steps', '60');
    expect(report).toMatchObject({ steps: 60, disagreements: 0 });
    expect(report['rows']).toHaveLength(45);
  });

  // Only a fault of the code makes a row differ: what becomes of one is all that can be shown.
  test('a row that differs says so, and ends with 3', () => {
    const row = { ingest: 8, consume: 3, capacity: 64, expected: 12, measured: null, lost: 0, unread: 0 };
    expect(sweepText([{ ...row, agrees: false }])).toMatch(/ 12 {9}- .* DIFFERS\n$/);
    expect(
      sweepExit([
        { ...row, agrees: false },
        { ...row, agrees: true },
      ]),
    ).toBe(3);
    expect(sweepExit([{ ...row, agrees: true }])).toBe(0);
  });
});
