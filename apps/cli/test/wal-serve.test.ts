// `wal serve` as a process: locks, kills, signals, pipes that close, a disk that takes no more, malformed lines.
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { recoverLog } from '@truetape/wal';
import type { RecoveryReport } from '@truetape/wal';
import { describe, expect, test } from 'vitest';
import { inspectFiles } from '../src/wal/inspect-files.ts';
import { readFolder } from '../src/wal/open-folder.ts';
import { ended, scratchFolder, shell, start, truetape } from './truetape.ts';
import type { Run } from './truetape.ts';
import { line, lines } from './wal-log.ts';

const cwd = scratchFolder();
const SERVE = ['wal', 'serve'];

/** A line that says nothing of its time. */
const now = (text: string): string => text.replace(/,"timeNs":"\d+"/, '');

function recovered(name: string): RecoveryReport {
  const read = readFolder(join(cwd, name), ({ config }) =>
    recoverLog({ ...config, everything: true, deep: true }),
  );
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return read.value.report;
}

const marksOf = (name: string): number =>
  readFolder(join(cwd, name), ({ storage, path }) => inspectFiles(storage, path))
    .segments.map(({ walk }) => walk?.frames.mark ?? 0)
    .reduce((sum, marks) => sum + marks, 0);

const answersOf = ({ stdout }: Run): Record<string, unknown>[] =>
  stdout
    .split('\n')
    .filter((text) => text !== '')
    .map((text) => JSON.parse(text) as Record<string, unknown>);

/** Resolves when a process has said what matches. */
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

describe.concurrent('a server', () => {
  // Fails where a mark depends on how fast lines come: the same lines would give other bytes.
  test('without a clock gives the same bytes, however slowly its lines come', async () => {
    const args = [...SERVE, 'slow', '--clock', 'input', '--id', 'slow'];
    const child = start(args, { cwd });
    const done = ended(child);
    const first = says(child, /^ +\d+ accepted/m);
    child.stdin!.write(`${line(1)}\n`);
    await first;
    await new Promise((resolve) => setTimeout(resolve, 150));
    child.stdin!.end(`${line(2)}\n`);
    expect((await done).code).toBe(0);
    expect(marksOf('slow')).toBe(0);
  });

  test('is the only one, leaves a mark when idle, and is taken over behind a kill with the same state', async (here) => {
    const child = start([...SERVE, 'killed', '--jsonl', '--durability', 'group'], { cwd });
    const done = ended(child);
    const ready = says(child, /"maker":2,/);
    const a = now(line(9, { cmdId: 'a' }));
    child.stdin!.write(`${[a, ...lines(4).map(now)].join('\n')}\n`);
    await ready;
    // Nothing has to be committed for a repeat, and whoever asks may wait for its answer.
    const repeated = says(child, /"repeated":true/);
    child.stdin!.write(`${a}\n`);
    await repeated;
    // Its own: the common one knows no test while tests beside it begin and end.
    await here.expect.poll(() => marksOf('killed'), { timeout: 60_000 }).toBeGreaterThan(0);
    const [second, beside] = await Promise.all([
      truetape([...SERVE, 'killed'], { cwd }),
      truetape(['wal', 'recover', 'killed', '--json', '--strict-tail'], { cwd }),
    ]);
    expect(second).toMatchObject({ code: 1, stdout: '' });
    expect(second.stderr).toMatch(
      /^truetape: killed is in use by process \d+ \(lock\..+\)\n {2}a log has one writer: end that one first\n$/,
    );
    expect(beside.code).toBe(0);
    expect(beside.stderr).toMatch(
      /^truetape: process \d+ writes to killed \(lock\..+\): what is being written /,
    );
    const before = JSON.parse(beside.stdout) as { readonly lastSeq: number; readonly stateHash: string };
    child.kill('SIGKILL');
    expect((await done).signal).toBe('SIGKILL');

    const again = await truetape([...SERVE, 'killed', '--jsonl'], { cwd, input: `${now(line(4))}\n` });
    expect(again.code).toBe(0);
    expect(again.stderr).toMatch(
      /^truetape: killed: lock\..+ was left by a process that is dead, and is removed\n$/,
    );
    const [first, ...rest] = answersOf(again);
    const { lastSeq, stateHash } = before;
    expect(first).toMatchObject({ event: 'recovered', lastSeq, stateHash, torn: null, previousEnd: 'open' });
    expect(rest.length).toBeGreaterThan(0);
    expect(Number(rest[0]['seq'])).toBeGreaterThan(lastSeq);
    expect(readdirSync(join(cwd, 'killed'))).toEqual(['00000001.rpl']);
    expect(recovered('killed').segments[0].sealed).toBe(true);
  });

  test.each([
    ['SIGTERM', 0],
    ['SIGINT', 130],
  ] as const)('that gets %s answers what it took, seals its log and ends with %i', async (signal, code) => {
    const child = start([...SERVE, signal, '--jsonl', '--durability', 'group', '--group-delay-ms', '60000'], {
      cwd,
    });
    const done = ended(child);
    const ready = says(child, /recovered/);
    await ready;
    child.stdin!.write(`${lines(3).map(now).join('\n')}\n`);
    // Nothing says that it has been taken: its answers wait for more commands.
    await new Promise((resolve) => setTimeout(resolve, 200));
    child.kill(signal);
    const run = await done;
    expect(run).toMatchObject({ code, stderr: '' });
    const report = recovered(signal);
    expect(report).toMatchObject({
      commandsReplayed: new Set(
        answersOf(run)
          .slice(1)
          .map(({ seq }) => seq),
      ).size,
    });
    expect(report.segments[0].sealed).toBe(true);
  });

  test('whose answers nobody reads any more ends in order', async () => {
    const run = await shell(
      `for k in $(seq 2000); do echo '${JSON.stringify({ op: 'cancel', id: 1 })}'; done > many
       truetape wal serve pipe --jsonl --durability off < many | head -n 1 > first; echo "\${PIPESTATUS[0]}"`,
      cwd,
    );
    expect(run).toMatchObject({ stdout: '0\n' });
    expect(recovered('pipe').segments[0].sealed).toBe(true);
  });

  test.skipIf(process.platform !== 'linux')(
    'on a disk that takes no more ends at once, and goes on later',
    async () => {
      // The system refuses to let a file grow beyond so many KiB: the second MiB cannot be reserved.
      const given = Array.from({ length: 1200 }, (_, k) =>
        now(line(k, { id: `${'long name '.repeat(90)}${k}`, side: 'buy' })),
      );
      writeFileSync(join(cwd, 'given'), given.join('\n'));
      const limited = `trap '' XFSZ; ulimit -f 1200; truetape wal serve full --jsonl --durability group`;
      const run = await shell(`(${limited} --group-max 100 < given)`, cwd);
      expect(run.code).toBe(1);
      expect(run.stderr).toBe(
        'truetape: full/00000001.rpl cannot be written: it would be larger than files may be here\n' +
          '  what was acknowledged stays: see to the disk, then start again; truetape wal recover full shows what is there\n',
      );
      const said = answersOf(run);
      expect(said.length).toBeGreaterThan(100);
      const { nextSeq, stateHash } = recovered('full');
      expect(nextSeq).toBeGreaterThan(Number(said.at(-1)!['seq']));
      const again = await truetape([...SERVE, 'full', '--jsonl'], { cwd, input: now(line(5000)) });
      expect(again.code).toBe(0);
      expect(answersOf(again)[0]).toMatchObject({ lastSeq: nextSeq - 1, stateHash });
    },
  );

  test('that meets a malformed line answers what came before, and ends; or passes it over', async () => {
    const input = [line(0), 'what', line(1, { cmdId: 5 }), '', line(2)].join('\n');
    const run = await truetape([...SERVE, 'bad', '--jsonl', '--clock', 'input'], { cwd, input });
    expect(run.code).toBe(2);
    expect(answersOf(run)).toHaveLength(2);
    expect(run.stderr).toMatch(
      /^truetape: standard input:2: expected an object at column 1, found "what"\n {2}correct it/,
    );
    expect(recovered('bad').segments[0].sealed).toBe(true);
    const args = [
      ...SERVE,
      'skips',
      '--jsonl',
      '--clock',
      'input',
      '--on-bad-line',
      'skip',
      '--durability',
      'off',
    ];
    const skips = await truetape(args, { cwd, input: `what\n${input}` });
    expect(skips.code).toBe(0);
    expect(answersOf(skips)[0]).toMatchObject({ mode: 'volatile' });
    expect(skips.stderr.split('\n')).toEqual([
      'truetape: durability off: commits are not synced, and a crash of the machine loses them; for tests alone',
      'truetape: standard input:1: expected an object at column 1, found "what"; skipped',
      'truetape: standard input:3: expected an object at column 1, found "what"; skipped',
      'truetape: standard input:4: cmdId: expected a string of 1 to 128 bytes, found 5; skipped',
      'truetape: 3 malformed lines skipped',
      '',
    ]);
    // The first good line says where a log without a clock begins.
    expect(recovered('skips')).toMatchObject({ commandsReplayed: 2 });
  });

  test('refuses options that are none', async () => {
    const runs = await Promise.all(
      [
        ['--group-max', '0'],
        ['--id', '../x'],
      ].map((args) => truetape([...SERVE, 'none', ...args], { cwd })),
    );
    expect(runs.map(({ code, stdout }) => [code, stdout])).toEqual(runs.map(() => [2, '']));
    expect(existsSync(join(cwd, 'none'))).toBe(false);
  });
});
