// `truetape sim …`, as it is started.
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { LAYOUTS } from '@truetape/contracts';
import { PRESET_NAMES } from '@truetape/orderflow';
import { describe, expect, test } from 'vitest';
import { SIM_KINDS } from '../src/sim/recording.ts';
import { ended, scratchFolder, shell, start, truetape } from './truetape.ts';
import type { Run } from './truetape.ts';

const cwd = scratchFolder();
/** Commands one behind the other, on a machine that does much else. */
const LONG = { timeout: 180_000 };
const sim = (...args: string[]): Promise<Run> => truetape(['sim', ...args], { cwd });
const bytesOf = (name: string): Buffer => readFileSync(join(cwd, name));

describe.concurrent('sim run', () => {
  // Fails when a trace, or another form, is not what the tools make of the tape.
  test('writes what tape convert makes of its tape, and traces what tape view prints', LONG, async () => {
    const run = 'truetape sim run --preset burst --seed 5 --events 700';
    const kinds = SIM_KINDS.map((code) => LAYOUTS.find((layout) => layout.code === code)!.name).join(',');
    const { code, stderr } = await shell(
      [
        'set -e',
        `${run} -o f.rpl > f.summary`,
        `${run} -o f.jsonl --trace > f.trace 2> f.traced`,
        'truetape tape view f.rpl > f.txt.rpl; cmp f.trace f.txt.rpl',
        'truetape tape convert f.rpl -o g.jsonl; cmp f.jsonl g.jsonl',
        `${run} -o - --format csv --quiet > f.csv`,
        `truetape tape convert f.rpl --kind ${kinds} -o g.csv; cmp f.csv g.csv`,
      ].join('\n'),
      cwd,
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    // Where events stand on stdout, the summary is on stderr.
    const [plain, traced] = ['f.summary', 'f.traced'].map((name) => bytesOf(name).toString().split('\n'));
    expect(traced.filter((line) => !plain.includes(line))).toEqual([
      expect.stringMatching(/^tape +f\.jsonl, \d+ events as jsonl$/),
    ]);
  });

  test('ends well where nobody reads on, but not without the file that was asked for', LONG, async () => {
    const line = (rest: string): string =>
      `truetape sim run --trace --quiet ${rest} | head -n 1 | cut -c 1-10; echo "\${PIPESTATUS[0]}"`;
    const { stdout, stderr } = await shell([line(''), line('-o closed.rpl')].join('\n'), cwd);
    expect(stdout).toBe('rpl-text 1\n0\nrpl-text 1\n1\n');
    expect(stderr).toMatch(
      /^truetape: standard output was closed before the end: closed\.rpl is not written\n/,
    );
    expect(readdirSync(cwd).filter((name) => name.includes('closed'))).toEqual([]);
  });

  test('tells how fast it was on stderr alone', LONG, async () => {
    const { code, stderr, stdout } = await sim(
      'run',
      '--events',
      '500',
      '--perf',
      '--quiet',
      '--set',
      'tickNs=5000000',
    );
    expect(code).toBe(0);
    const lines = stderr.split('\n');
    expect(lines).toHaveLength(4);
    expect(lines[0]).toMatch(/^truetape: \d+ events in \d+\.\d{3} s by the wall clock, \d+ events a second$/);
    expect(lines[1]).toMatch(/^truetape: queue depth .*: min \d+, p50 \d+, p99 \d+, max \d+; now \d+$/);
    expect(lines[2]).toMatch(/^truetape: \d+ ticks of 5ms, .*: min \S+, p50 \S+, p99 \S+, max \S+$/);
    expect(stdout).not.toMatch(/wall clock/);
  });

  test('writes nothing for a bad configuration, and replaces nothing without --force', LONG, async () => {
    const bad = await sim(
      'run',
      '--set',
      'agents.noise.count=0',
      '--set',
      'x=1',
      '-o',
      'bad.rpl',
      '--state',
      'bad.state',
    );
    expect(bad).toMatchObject({ code: 2, stdout: '' });
    expect(bad.stderr).toMatch(/^truetape: preset mixed with --set: 2 problems\n( {2}.+\n){3}$/);
    expect(readdirSync(cwd).filter((name) => name.includes('bad'))).toEqual([]);
    writeFileSync(join(cwd, 'mine.rpl'), 'mine');
    const kept = await sim('run', '--events', '100', '-o', 'mine.rpl', '--state', 'mine.state');
    expect(kept.code).toBe(1);
    expect(kept.stderr).toBe('truetape: mine.rpl exists already\n  --force replaces it\n');
    expect([bytesOf('mine.rpl').toString(), existsSync(join(cwd, 'mine.state'))]).toEqual(['mine', false]);
    expect((await sim('run', '--events', '100', '-o', 'mine.rpl', '--force')).code).toBe(0);
    expect(bytesOf('mine.rpl').subarray(1, 4).toString()).toBe('RPL');
  });
});

describe.concurrent('sim resume', () => {
  // Fails when the state, the tape and the target disagree about where a run stopped.
  test('joins to the bytes of the uninterrupted run and its state; a part is its part', LONG, async () => {
    const run = 'truetape sim run --seed 9 --preset flash-crash';
    const more = 'truetape sim resume defines.state';
    const again = 'truetape sim resume - --events 700 --json --trace';
    const { code, stdout, stderr } = await shell(
      [
        'set -e',
        // It ends behind the Defines, far beyond what was asked for: what follows counts from what was.
        `${run} --events 10 -o defines.rpl --state defines.state > /dev/null`,
        `${more} --events 990 --join defines.rpl -o a.rpl --state a.state > /dev/null`,
        'truetape sim resume a.state --events 700 --join a.rpl -o b.rpl --state b.state > /dev/null',
        `${run} --events 1700 -o whole.rpl --state whole.state > /dev/null`,
        'cmp b.rpl whole.rpl; cmp b.state whole.state',
        `${again} -o part.rpl --state part.state < a.state > part.txt 2> part.json`,
        'truetape tape diff part.rpl part.txt',
        'truetape sim resume a.state --events 700 -o bare.rpl --quiet > /dev/null; cmp bare.rpl part.rpl',
        `from=$(sed 's/.*"fromSeq":\\([0-9]*\\).*/\\1/' part.json)`,
        'truetape tape convert whole.rpl --from-seq "$from" -o cut.rpl',
        'truetape tape diff cut.rpl part.rpl',
        // A part is joined as a whole is.
        'truetape sim resume part.state --duration 50ms --join part.rpl -o part.rpl --force --json',
      ].join('\n'),
      cwd,
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.split('\n')).toHaveLength(4);
    const summary = JSON.parse(stdout.split('\n')[2]) as Record<string, unknown>;
    expect(summary).toMatchObject({ joined: true, preset: 'flash-crash', seed: '9' });
  });

  test('refuses another tape, and what is no state', LONG, async () => {
    await Promise.all([
      sim('run', '--seed', '1', '--events', '200', '-o', 's1.rpl', '--state', 's1.state'),
      sim('run', '--seed', '2', '--events', '200', '-o', 's2.rpl'),
    ]);
    const text = bytesOf('s1.state').toString();
    const {
      tape,
      sim: saved,
      ...rest
    } = JSON.parse(text) as {
      tape: { count: number };
      sim: { clock: object };
    };
    const other = { ...tape, hash: '0'.repeat(64) };
    const clock = { ...saved.clock, regime: 99 };
    writeFileSync(join(cwd, 'other.state'), JSON.stringify({ ...rest, tape: other, sim: saved }));
    writeFileSync(join(cwd, 'bent.state'), JSON.stringify({ ...rest, tape, sim: { ...saved, clock } }));
    const runs = await Promise.all([
      sim('resume', 's1.state', '--join', 's2.rpl', '-o', 'x.rpl'),
      sim('resume', 'other.state', '--join', 's1.rpl', '-o', 'x.rpl'),
      sim('resume', 'bent.state', '-o', 'x.rpl'),
    ]);
    expect(runs.map(({ code, stdout }) => [code, stdout])).toEqual([3, 3, 5].map((code) => [code, '']));
    expect(runs[0].stderr).toMatch(/expected its seed and configuration/);
    expect(runs[1].stderr).toMatch(/expected 2\d\d events of hash 0{64}, found 2\d\d of/);
    expect(runs[2].stderr).toMatch(/ {2}sim\.clock\.regime: /);
    expect(readdirSync(cwd).filter((name) => name.includes('x.rpl'))).toEqual([]);
  });

  // Fails when an interrupted run leaves half of anything, or its state is not that of its tape.
  test('goes on from where Ctrl-C stopped a run: the tape is whole, the state is its', LONG, async () => {
    const child = start(
      [
        'sim',
        'run',
        '--events',
        '1000000000',
        '-o',
        'int.rpl',
        '--state',
        'int.state',
        '--html',
        'int.html',
        '--set',
        'checkOrders=false',
      ],
      { cwd },
    );
    const done = ended(child);
    const isWriting = (): boolean =>
      readdirSync(cwd).some((name) => name.startsWith('.int.rpl.') && statSync(join(cwd, name)).size > 0);
    for (let tries = 0; tries < 2400 && !isWriting(); tries++) await wait(25);
    child.kill('SIGINT');
    const { code, stdout, stderr } = await done;
    expect(code).toBe(130);
    expect(stdout).toMatch(/^events +\d+ in \S+ of simulated time, interrupted$/m);
    expect(stderr).toMatch(/^truetape: interrupted: /m);
    // The page's command runs as far as this run came.
    const [, events] = /^events +(\d+) /m.exec(stdout)!;
    expect(readFileSync(join(cwd, 'int.html'), 'utf8')).toContain(`--seed 1 --events ${events}</code>`);
    const resumed = await sim(
      'resume',
      'int.state',
      '--events',
      '500',
      '--join',
      'int.rpl',
      '-o',
      'int2.rpl',
      '--json',
    );
    expect(resumed).toMatchObject({ code: 0, stderr: '' });
    expect((await truetape(['tape', 'verify', 'int2.rpl', '--sealed'], { cwd })).code).toBe(0);
  });
});

describe.concurrent('sim presets and schema', () => {
  test('a preset that is printed is a configuration that gives the same events', LONG, async () => {
    const again =
      'truetape sim presets --show cancel-storm | truetape sim run --config - --json --events 200';
    const [printed, preset] = await Promise.all([
      shell(again, cwd),
      sim('run', '--preset', 'cancel-storm', '--events', '200', '--json'),
    ]);
    const [one, two] = [printed, preset].map(({ stdout }) => JSON.parse(stdout) as Record<string, unknown>);
    expect([one['preset'], one['config'], one['hash']]).toEqual([null, '-', two['hash']]);
  });

  test('list what there is, and what a configuration may be', LONG, async () => {
    const [list, schema] = await Promise.all([sim('presets', '--json'), sim('schema')]);
    expect([list.code, schema.code]).toEqual([0, 0]);
    expect((JSON.parse(list.stdout) as { name: string }[]).map(({ name }) => name)).toEqual(PRESET_NAMES);
    const { properties } = JSON.parse(schema.stdout) as { properties: Record<string, unknown> };
    expect(Object.keys(properties)).toContain('agents');
  });
});
