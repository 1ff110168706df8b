// import binance: the report, what it needs to be told, and what it refuses.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CAPTURES, ROOT, scratchFolder, shell, truetape } from './truetape.ts';
import type { Run } from './truetape.ts';

const cwd = scratchFolder();
const USDM = join(CAPTURES, 'usdm-small.txt');
const SPOT = join(CAPTURES, 'spot-small.txt.gz');
const capture = readFileSync(USDM, 'utf8');

const run = (...args: string[]): Promise<Run> => truetape(['import', 'binance', ...args], { cwd });
const json = ({ stdout }: Run): Record<string, unknown> => JSON.parse(stdout) as Record<string, unknown>;

describe.concurrent('an import', () => {
  test('reports one object, the same from a file, several files and standard input', async () => {
    const lines = capture.split('\n');
    writeFileSync(join(cwd, 'part 1.txt'), `${lines.slice(0, 60).join('\n')}\n`);
    writeFileSync(join(cwd, 'part 2.txt'), lines.slice(60).join('\n'));
    const [one, parts, piped] = await Promise.all([
      run(USDM, '-o', 'one.rpl', '--json'),
      run('part 1.txt', 'part 2.txt', '-o', 'parts.rpl', '--json'),
      truetape(['import', 'binance', '-', '-o', 'piped.rpl', '--json'], { cwd, input: capture }),
    ]);
    expect(one.stderr).toBe('');
    const report = json(one);
    expect(report).toMatchObject({
      market: 'usdm',
      lines: 136,
      trades: { count: 39 },
      depth: { bridged: 2, gaps: 1 },
      oracle: { different: 0 },
      clock: { method: 'measure' },
    });
    for (const key of [
      'lines',
      'depthUpdates',
      'quotes',
      'trades',
      'snapshots',
      'depth',
      'book',
      'oracle',
      'clock',
      'drift',
      'tape',
    ])
      expect(report).toHaveProperty(key);
    const { tape } = report as { tape: { events: number; hash: string; seal: string } };
    expect(json(parts)['tape']).toEqual(tape);
    expect(json(piped)['tape']).toEqual(tape);
    const verified = await truetape(['tape', 'verify', 'one.rpl', '--sealed', '--json'], { cwd });
    expect(json(verified)).toMatchObject({
      ok: true,
      events: tape.events,
      hash: tape.hash,
      seal: tape.seal,
    });
  });

  test('for people names what was guessed; with all steps given it needs one pass', async () => {
    const [guessed, given] = await Promise.all([
      run(SPOT, '-o', 'spot.txt.rpl'),
      truetape(['import', 'binance', '-', '-o', '-', '--tick', '0.1', '--lot', '0.001', '--market', 'usdm'], {
        cwd,
        input: capture,
      }),
    ]);
    expect(guessed.stdout).toContain('market       spot (guessed from the streams)\n');
    expect(readFileSync(join(cwd, 'spot.txt.rpl'), 'utf8')).toMatch(/^rpl-text 1 /);
    // The tape is on stdout, so the report is not.
    expect(given.stdout).toMatch(/^rpl-text 1 /);
    expect(given.stderr).toContain('market       usdm\n');
  });

  test('adds the clock’s offset where that is wanted', async () => {
    const [measured, added, ns] = await Promise.all([
      run(USDM, '-o', 'measured.rpl', '--json'),
      run(USDM, '-o', 'added.rpl', '--json', '--clock-offset', 'auto'),
      run(USDM, '-o', 'ns.rpl', '--json', '--clock-offset', '-5'),
    ]);
    const { offsetNs } = json(measured)['clock'] as { offsetNs: number };
    expect(json(added)['clock']).toMatchObject({ offsetNs, method: 'auto', applied: true });
    expect(json(ns)['clock']).toMatchObject({ offsetNs: -5, method: 'given', applied: true });
  });
});

describe.concurrent('refused', () => {
  test('is a bad line, with its file and number; or it is skipped and counted', async () => {
    writeFileSync(join(cwd, 'good.txt'), capture);
    writeFileSync(join(cwd, 'bad.txt'), '1767225600000000000 {"stream":\n');
    const [failed, skipped] = await Promise.all([
      run('good.txt', 'bad.txt', '-o', 'bad.rpl'),
      run('good.txt', 'bad.txt', '-o', 'skipped.rpl', '--on-bad-line', 'skip', '--json'),
    ]);
    expect(failed.code).toBe(5);
    expect(failed.stderr).toMatch(
      /^truetape: bad\.txt:1: expected one JSON object, found .*\n {2}--on-bad-line skip/,
    );
    expect(existsSync(join(cwd, 'bad.rpl'))).toBe(false);
    expect(json(skipped)).toMatchObject({ skippedLines: 1 });
  });

  test('are markets that the capture does not tell, and grids that it does not fit', async () => {
    writeFileSync(join(cwd, 'nothing.txt'), '');
    const [nothing, mixed, coarse, usage, symbol] = await Promise.all([
      run('nothing.txt', '-o', 'n.rpl'),
      run(USDM, SPOT, '-o', 'n.rpl'),
      run(USDM, '-o', 'n.rpl', '--tick', '1', '--lot', '0.001'),
      run(USDM, '-o', 'n.rpl', '--tick', 'fine'),
      run(USDM, '-o', 'n.rpl', '--symbol', 'ethusdt'),
    ]);
    expect([nothing, mixed, coarse, usage, symbol].map(({ code }) => code)).toEqual([2, 2, 1, 2, 2]);
    expect(symbol.stderr).toContain('expected messages of ETHUSDT, found those of BTCUSDT');
    expect(mixed.stderr).toMatch(/expected messages of one market, found some of .*\n {2}name it: --market/);
    expect(coarse.stderr).toMatch(/usdm-small\.txt:\d+: field .*: expected a multiple of 1, found [0-9.]+\n/);
    expect(existsSync(join(cwd, 'n.rpl'))).toBe(false);
  });

  test('are outputs that exist, names that say nothing, and inputs that are not there', async () => {
    writeFileSync(join(cwd, 'there.rpl'), 'kept');
    const [exists, name, absent, folder] = await Promise.all([
      run(USDM, '-o', 'there.rpl'),
      run(USDM, '-o', 'tape.bin'),
      run('absent.txt', '-o', 'n.rpl'),
      run('.', '-o', 'n.rpl'),
    ]);
    expect([exists, name, absent, folder].map(({ code }) => code)).toEqual([1, 2, 1, 1]);
    expect(readFileSync(join(cwd, 'there.rpl'), 'utf8')).toBe('kept');
    expect(absent.stderr).toBe('truetape: absent.txt: there is no such file\n  check the path\n');
    expect(folder.stderr).toContain('it is a directory');
  });
});

const REAL = join(ROOT, '..', 'shared', 'data', 'binance');

describe.skipIf(!existsSync(REAL))('real captures (skipped where ../shared/data is absent)', () => {
  test('import with an oracle that finds no difference, twice to the same hashes', async () => {
    const file = join(REAL, 'spot_btcusdt_20240808.gz');
    const [once, twice] = await Promise.all([
      run(file, '-o', 'real.rpl', '--json'),
      run(file, '-o', 'again.txt.rpl', '--json', '--market', 'spot'),
    ]);
    expect(json(once)).toMatchObject({ market: 'spot', lines: 41_249, oracle: { different: 0 } });
    expect(json(twice)['tape']).toEqual(json(once)['tape']);
    const same = await shell('truetape tape diff real.rpl again.txt.rpl', cwd);
    expect(same.code).toBe(0);
  });
});
