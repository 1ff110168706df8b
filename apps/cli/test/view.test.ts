// tape view: what it prints can be read back, and holds what was selected.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { DEFINES, STEP_EVENTS, sampleTape, writeSample } from './tapes.ts';
import { scratchFolder, shell, truetape } from './truetape.ts';
import type { Run } from './truetape.ts';

const cwd = scratchFolder();
const STEPS = 200;
const EVENTS = DEFINES + STEPS * STEP_EVENTS;
const whole = writeSample(join(cwd, 'run.rpl'), { steps: STEPS })!;
const text = sampleTape({ steps: STEPS, encoding: 'text' }).bytes.toString();

const view = (...args: string[]): Promise<Run> => truetape(['tape', 'view', ...args], { cwd });

/** Event lines of a text tape. */
function eventLines({ stdout }: Run): string[] {
  return stdout.split('\n').filter((line) => /^[0-9]/.test(line));
}

/** Events of a view that are no Defines. */
function shown(run: Run): string[] {
  return eventLines(run).filter((line) => !line.includes(' Define '));
}

describe.concurrent('the whole tape', () => {
  test('is printed as the text tape that it is, from a file, compressed, or standard input', async () => {
    const bytes = readFileSync(join(cwd, 'run.rpl'));
    writeFileSync(join(cwd, 'run.rpl.gz'), gzipSync(bytes));
    writeFileSync(join(cwd, 'run.rpl.zst'), zstdCompressSync(bytes));
    const runs = await Promise.all([
      view('run.rpl'),
      view('run.rpl.gz'),
      view('run.rpl.zst'),
      truetape(['tape', 'view', '-'], { cwd, input: bytes }),
      truetape(['tape', 'view', '-'], { cwd, input: text }),
    ]);
    for (const run of runs) {
      expect(run.stderr).toBe('');
      expect(run.stdout).toBe(text);
      expect(run.code).toBe(0);
    }
  });

  test('can be read back: same bytes, same hash, same seal', async () => {
    const run = await shell(
      'truetape tape view run.rpl | TRUETAPE_FRAME_BYTES=4096 truetape tape convert - -o back.rpl && cmp run.rpl back.rpl',
      cwd,
    );
    expect(run).toMatchObject({ code: 0, stdout: '', stderr: '' });
  });

  test('ends quietly where the reader has seen enough', async () => {
    writeSample(join(cwd, 'long.rpl'), { steps: 20_000 });
    const run = await shell('truetape tape view long.rpl | head -1; echo "${PIPESTATUS[0]}"', cwd);
    expect(run.stderr).toBe('');
    expect(run.stdout).toMatch(/^rpl-text 1 .*\n0\n$/);
  });
});

describe.concurrent('a selection', () => {
  test('is a tape of its own that keeps seqs and Defines and names the whole', async () => {
    const run = await view('run.rpl', '--kind', 'trade,Quote', '--instrument', 'TEST:BBB', '--side', 'sell');
    const lines = eventLines(run);
    expect(lines.slice(0, DEFINES).every((line) => line.includes(' Define '))).toBe(true);
    expect(shown(run).every((line) => / Trade TEST:BBB feed .*side=sell/.test(line))).toBe(true);
    expect(shown(run).length).toBeGreaterThan(50);
    expect(run.stdout).toMatch(new RegExp(` of=${whole.hash} seal=[0-9a-f]{64}\n$`));
    const back = await truetape(['tape', 'summary', '-', '--json'], { cwd, input: run.stdout });
    expect(JSON.parse(back.stdout)).toMatchObject({ events: lines.length, sealed: true });
  });

  test('by seq, time, order and source; combined', async () => {
    const [bySeq, byTime, byOrder, bySource, both] = await Promise.all([
      view('run.rpl', '--from-seq', '100', '--to-seq', '109'),
      view('run.rpl', '--from-time', '+1s', '--to-time', '2026-01-01T00:00:01.05Z'),
      view('run.rpl', '--order', '1003'),
      view('run.rpl', '--source', 'agent', '--limit', '3'),
      view('run.rpl', '--from-time', '1767225601000000000', '--kind', 'Trade', '--to-seq', '520'),
    ]);
    expect(shown(bySeq).map((line) => Number(line.split(' ')[0]))).toEqual(
      Array.from({ length: 10 }, (_, k) => 100 + k),
    );
    expect(shown(byTime)).toHaveLength(6 * STEP_EVENTS);
    expect(shown(byOrder).map((line) => line.split(' ')[2])).toEqual(['NewOrder', 'Accepted', 'Fill']);
    expect(shown(bySource).map((line) => line.split(' ')[2])).toEqual(['NewOrder', 'NewOrder', 'NewOrder']);
    expect(shown(both)).toHaveLength(3);
    for (const run of [bySeq, byTime, byOrder, bySource, both])
      expect(run.stdout).toContain(`of=${whole.hash}`);
  });

  test('names the whole also where that must be read for it', async () => {
    const { bytes } = sampleTape({ steps: STEPS, sealed: false });
    const run = await truetape(['tape', 'view', '-', '--kind', 'Trade', '--limit', '1'], {
      cwd,
      input: bytes,
    });
    expect(shown(run)).toHaveLength(1);
    expect(run.stdout).toContain(`of=${whole.hash}`);
  });

  test('ends with the last events', async () => {
    const [last, lastTrade, none] = await Promise.all([
      view('run.rpl', '--last', '3'),
      view('run.rpl', '--last', '1', '--kind', 'Trade', '--jsonl'),
      view('run.rpl', '--limit', '0'),
    ]);
    expect(shown(last).map((line) => Number(line.split(' ')[0]))).toEqual([
      EVENTS - 3,
      EVENTS - 2,
      EVENTS - 1,
    ]);
    expect(
      lastTrade.stdout
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { seq: number }).seq),
    ).toEqual([EVENTS - 4]);
    expect(none.stdout).toMatch(/^rpl-text 1 .*\nend 0 [0-9a-f]{64} of=/);
  });

  test('says which of its names the tape does not have', async () => {
    const run = await view('run.rpl', '--instrument', 'AAA', '--jsonl');
    expect(run).toMatchObject({ code: 0, stdout: '' });
    expect(run.stderr).toBe('truetape: the tape has no instrument AAA; it has TEST:AAA, TEST:BBB\n');
    expect((await view('run.rpl', '--instrument', 'AAA', '--jsonl', '-q')).stderr).toBe('');
  });
});

describe.concurrent('several tapes', () => {
  test('are merged by time, and their sources kept apart', async () => {
    writeSample(join(cwd, 'other.txt.rpl'), { steps: 3, encoding: 'text', sealed: false });
    const run = await view('run.rpl', 'other.txt.rpl', '--to-time', '+20ms');
    expect(run.stderr).toBe('');
    expect(run.stdout).toMatch(/^rpl-text 1 .*"parents":\[\{"count":1005,/);
    expect(run.stdout).toContain('"name":"feed@2"');
    expect(shown(run)).toHaveLength(2 * 3 * STEP_EVENTS);
    expect(run.stdout).toMatch(/ Accepted TEST:AAA venue .*cause=1:7/);
  });
});

describe.concurrent('other forms', () => {
  test('are JSON Lines, CSV and lines for people', async () => {
    const part = ['run.rpl', '--kind', 'Trade', '--limit', '2'];
    const [jsonl, csv, pretty, colored] = await Promise.all([
      view(...part, '--jsonl'),
      view(...part, '--csv'),
      view(...part, '--pretty', '--summary'),
      truetape(['tape', 'view', ...part, '--pretty', '--color', 'always'], { cwd }),
    ]);
    expect(
      jsonl.stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as object),
    ).toMatchObject([
      {
        seq: 6,
        timeNs: '1767225600000000000',
        kind: 'Trade',
        instrument: 'TEST:AAA',
        side: 'buy',
        priceTicks: 500,
      },
      { seq: 11, kind: 'Trade', instrument: 'TEST:BBB', side: 'sell', priceTicks: 501 },
    ]);
    expect(csv.stdout).toMatch(
      /^seq,timeNs,kind,instrument,source,flags,side,priceTicks,.*,ext\n6,1767225600000000000,Trade,TEST:AAA,feed,LAST,buy,500,1,/,
    );
    expect(csv.stdout.trim().split('\n')).toHaveLength(3);
    expect(pretty.stdout).toBe(
      [
        '2026-01-01 UTC',
        '       6 00:00:00.000000000 Trade       AAA       buy  0.001 @ 50  id 0',
        '      11 00:00:00.010000000 Trade       BBB       sell 0.002 @ 125.25  id 1',
        '# events       2',
        '# from         2026-01-01T00:00:00.000000000Z',
        '# to           2026-01-01T00:00:00.010000000Z',
        '# span         10ms, 200.000 events a second',
        '# kinds        2  Trade',
        '# instruments  1  TEST:AAA',
        '#              1  TEST:BBB',
        '# sources      2  feed',
        '# traded       TEST:AAA  trades 1, quantity 0.001, notional 0.05',
        '# traded       TEST:BBB  trades 1, quantity 0.002, notional 0.2505',
        '',
      ].join('\n'),
    );
    expect(colored.stdout).toContain('\u001b[32mbuy');
  });

  test('of a table find their columns in any input', async () => {
    const [sealed, piped] = await Promise.all([
      view('run.rpl', '--csv'),
      truetape(['tape', 'view', '-', '--csv'], { cwd, input: text }),
    ]);
    expect(sealed.stdout.split('\n')[0]).toContain(',json,');
    expect(sealed.stdout.trim().split('\n')).toHaveLength(EVENTS + 1);
    expect(piped.stdout).toBe(sealed.stdout);
  });
});

test('a summary at the end is passed over by a reader', async () => {
  const run = await view('run.rpl', '--kind', 'Fill', '--summary');
  const back = await truetape(['tape', 'verify', '-', '--sealed', '--json'], { cwd, input: run.stdout });
  expect(JSON.parse(back.stdout)).toMatchObject({ ok: true, events: DEFINES + 150 });
  const hash = /^# hash {9}([0-9a-f]{64})$/m.exec(run.stdout)?.[1];
  expect(JSON.parse(back.stdout)).toMatchObject({ hash });
});
