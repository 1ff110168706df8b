// Views that take their time: --follow, --cursor, --rate, --speed, --step, and commands that are interrupted.
import { appendFileSync, existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BLANK } from '@truetape/contracts';
import { nodePorts, openLogStorage } from '@truetape/host';
import { writeEvent } from '@truetape/tape';
import { beginCommit, closeLog, commit, createLog } from '@truetape/wal';
import { describe, expect, test } from 'vitest';
import { sampleTape, writeSample } from './tapes.ts';
import { ended, scratchFolder, start, truetape } from './truetape.ts';
import type { Run } from './truetape.ts';

const cwd = scratchFolder();
writeSample(join(cwd, 'run.rpl'), { steps: 200 });

function mustBe<T>(
  result: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown },
): T {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

/** Resolves when a command has said what matches. */
function says(child: ReturnType<typeof start>, pattern: RegExp): Promise<void> {
  let said = '';
  return new Promise((resolve, reject) => {
    child.stdout!.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (pattern.test(said)) resolve();
    });
    child.on('close', () => reject(new Error(`ended without ${String(pattern)}: ${said}`)));
  });
}

describe.concurrent('--follow', () => {
  test('shows what is written behind the end, waits for the rest of a frame, and ends with the seal', async () => {
    const { bytes } = sampleTape({ steps: 400, frameBytes: 2048 });
    const path = join(cwd, 'grows.rpl');
    // Into the middle of a frame, then of another, then the rest.
    writeFileSync(path, bytes.subarray(0, 20_001));
    const child = start([
      'tape',
      'view',
      path,
      '--follow',
      '--kind',
      'Trade',
      '--cursor',
      join(cwd, 'grows.json'),
    ]);
    const done = ended(child);
    await says(child, / Trade /);
    appendFileSync(path, bytes.subarray(20_001, 60_003));
    await says(child, /\n1[0-9]{3} /);
    appendFileSync(path, bytes.subarray(60_003));
    const run = await done;
    expect(run).toMatchObject({ code: 0, stderr: '' });
    const whole = await truetape(['tape', 'view', path, '--kind', 'Trade']);
    expect(run.stdout).toBe(whole.stdout);
    expect(JSON.parse(readFileSync(join(cwd, 'grows.json'), 'utf8'))).toMatchObject({ nextSeq: 2005 });
  });

  test('follows a log into zeros that it has reserved, to its seal', async () => {
    const folder = join(cwd, 'log');
    const storage = mustBe(openLogStorage(folder, { create: true }));
    const config = { storage, ports: nodePorts, producer: 'test', reserveBytes: 8192 };
    const log = mustBe(createLog(config, 'follow', 0n));
    const put = (...ids: readonly number[]): void => {
      expect(beginCommit(log, 0n)).toBeUndefined();
      // The last bytes of such a record are zeros.
      for (const timerId of ids) writeEvent(log.segment.writer, { ...BLANK.Timer, timerId, dueTime: 0 });
      expect(commit(log)).toBeUndefined();
    };
    put(1, 2);
    const child = start(['tape', 'view', join(folder, '00000001.rpl'), '--follow']);
    const done = ended(child);
    await says(child, /timerId=2/);
    put(3);
    await says(child, /timerId=3/);
    put(4);
    expect(closeLog(log)).toBeUndefined();
    const run = await done;
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout.match(/timerId=\d/g)).toEqual(['timerId=1', 'timerId=2', 'timerId=3', 'timerId=4']);
  });

  test('takes a text tape line by line, and ends with 130 when it is interrupted', async () => {
    const lines = sampleTape({ steps: 4, encoding: 'text' }).bytes.toString().split('\n');
    const path = join(cwd, 'grows.txt.rpl');
    writeFileSync(path, `${lines.slice(0, 8).join('\n')}\n${lines[8].slice(0, 20)}`);
    const child = start(['tape', 'view', path, '--follow', '--jsonl']);
    const done = ended(child);
    await says(child, /"seq":6,/);
    appendFileSync(path, `${lines[8].slice(20)}\n`);
    await says(child, /"seq":7,/);
    child.kill('SIGINT');
    expect(await done).toMatchObject({ code: 130, signal: null, stderr: '' });
  });

  test('starts with the last events where that is wanted, and notices a file that shrinks', async () => {
    const { bytes } = sampleTape({ steps: 100, sealed: false });
    const path = join(cwd, 'shrinks.rpl');
    writeFileSync(path, bytes);
    const child = start(['tape', 'view', path, '--follow', '--last', '1', '--pretty']);
    const done = ended(child);
    await says(child, / 504 /);
    writeFileSync(path, bytes.subarray(0, 1000));
    const run = await done;
    expect(run.code).toBe(5);
    expect(run.stdout.trim().split('\n')).toHaveLength(2);
    expect(run.stderr).toMatch(/at offset 1000: expected it to grow, found it shorter/);
  });
});

describe.concurrent('--cursor', () => {
  test('goes on where the last view ended, with its filter', async () => {
    const cursor = ['--cursor', 'place.json'];
    const seqs = ({ stdout }: Run): number[] =>
      stdout
        .trim()
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => (JSON.parse(line) as { seq: number }).seq);
    const view = (...args: string[]): Promise<Run> =>
      truetape(['tape', 'view', 'run.rpl', '--jsonl', ...cursor, ...args], { cwd });
    expect(seqs(await view('--kind', 'Trade', '--limit', '2'))).toEqual([6, 11]);
    expect(seqs(await view('--limit', '2'))).toEqual([16, 21]);
    const other = await view('--kind', 'Quote');
    expect(other).toMatchObject({ code: 2, stdout: '' });
    expect(other.stderr).toContain('goes on with the filter --kind Trade, found another one');
    expect(seqs(await view('--kind', 'Trade'))).toHaveLength(196);
    expect(seqs(await view())).toEqual([]);
  });

  test('is refused with another tape, or when it is none', async () => {
    writeSample(join(cwd, 'other.rpl'), { steps: 3, header: { seed: '8' } });
    await truetape(['tape', 'view', 'run.rpl', '--cursor', 'one.json', '--limit', '1'], { cwd });
    const before = readFileSync(join(cwd, 'one.json'), 'utf8');
    const run = await truetape(['tape', 'view', 'other.rpl', '--cursor', 'one.json'], { cwd });
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toContain('one.json is the cursor of another tape');
    expect(readFileSync(join(cwd, 'one.json'), 'utf8')).toBe(before);
    writeFileSync(join(cwd, 'no.json'), '{"version":1}');
    const none = await truetape(['tape', 'view', 'run.rpl', '--cursor', 'no.json'], { cwd });
    expect(none).toMatchObject({ code: 2, stdout: '' });
  });
});

describe.concurrent('pace', () => {
  test('shows so many events a second, or follows the clock of the tape', async () => {
    const timed = async (...args: string[]): Promise<number> => {
      const from = performance.now();
      const run = await truetape(['tape', 'view', 'run.rpl', '--kind', 'Trade', ...args], { cwd, own: true });
      expect(run.code).toBe(0);
      return performance.now() - from;
    };
    // Lower bounds alone: a loaded machine is never too fast.
    const [rate, speed] = await Promise.all([
      timed('--limit', '9', '--rate', '20'),
      timed('--to-time', '+400ms', '--speed', '0.8'),
    ]);
    expect(rate).toBeGreaterThan(400);
    expect(speed).toBeGreaterThan(500);
  });

  test('by keys needs a terminal', async () => {
    const run = await truetape(['tape', 'view', 'run.rpl', '--step'], { cwd });
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toContain('standard input is no terminal');
  });
});

test('a command that is killed in the middle leaves no half file under the final name', async () => {
  const child = start(['tape', 'convert', '-', '-o', 'half.rpl'], { cwd });
  const done = ended(child);
  const { bytes } = sampleTape({ steps: 2000 });
  child.stdin!.write(bytes.subarray(0, 200_000));
  await expect
    .poll(() => readdirSync(cwd).some((name) => name.startsWith('.half.rpl.')), { timeout: 60_000 })
    .toBe(true);
  child.kill('SIGKILL');
  expect((await done).signal).toBe('SIGKILL');
  expect(existsSync(join(cwd, 'half.rpl'))).toBe(false);
  // The next run with the same output clears it away.
  await truetape(['tape', 'convert', 'run.rpl', '-o', 'half.rpl'], { cwd });
  expect(readdirSync(cwd).filter((name) => name.includes('half'))).toEqual(['half.rpl']);
});
