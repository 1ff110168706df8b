// summary, info, verify, diff, convert and book.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parquetReadObjects, parquetMetadata } from 'hyparquet';
import { describe, expect, test } from 'vitest';
import { DEFINES, STEP_EVENTS, sampleTape, writeSample } from './tapes.ts';
import { CAPTURES, scratchFolder, truetape } from './truetape.ts';
import type { Run } from './truetape.ts';

const cwd = scratchFolder();
const STEPS = 200;
const EVENTS = DEFINES + STEPS * STEP_EVENTS;
const whole = writeSample(join(cwd, 'run.rpl'), { steps: STEPS })!;
writeSample(join(cwd, 'changed.rpl'), { steps: STEPS, changed: 150, frameBytes: 8192 });
writeSample(join(cwd, 'changed.txt.rpl'), { steps: STEPS, changed: 150, encoding: 'text' });
writeSample(join(cwd, 'short.txt.rpl'), { steps: STEPS - 1, encoding: 'text' });
const open = sampleTape({ steps: STEPS, sealed: false }).bytes;
writeFileSync(join(cwd, 'open.rpl'), open);
writeFileSync(join(cwd, 'torn.rpl'), open.subarray(0, open.length - 100));
const sealed = readFileSync(join(cwd, 'run.rpl'));
const damaged = Buffer.from(sealed);
damaged[20_000] ^= 1;
writeFileSync(join(cwd, 'damaged.rpl'), damaged);

const tape = (...args: string[]): Promise<Run> => truetape(['tape', ...args], { cwd });
const json = ({ stdout }: Run): Record<string, unknown> => JSON.parse(stdout) as Record<string, unknown>;

describe.concurrent('summary', () => {
  test('counts and sums, for programs and for people', async () => {
    const [program, people, part] = await Promise.all([
      tape('summary', 'run.rpl', '--json'),
      tape('summary', 'run.rpl'),
      tape('summary', 'run.rpl', '--json', '--kind', 'Trade', '--instrument', 'TEST:AAA'),
    ]);
    expect(json(program)).toMatchObject({
      events: EVENTS,
      byKind: {
        Define: 5,
        Quote: STEPS,
        Trade: STEPS,
        NewOrder: STEPS,
        Accepted: STEPS,
        Canceled: 50,
        Fill: 150,
      },
      byInstrument: { '-': 5, 'TEST:AAA': 500, 'TEST:BBB': 500 },
      bySource: { '-': 5, feed: 400, agent: 200, venue: 400 },
      firstTimeNs: '1767225600000000000',
      lastTimeNs: '1767225601990000000',
      orders: 200,
      cancels: 50,
      fills: 150,
      cancelRate: '0.250000',
      hash: whole.hash,
      seal: whole.seal,
      sealed: true,
    });
    expect(program.stdout.trim().split('\n')).toHaveLength(1);
    expect(people.stdout).toContain(`events       ${EVENTS}\n`);
    expect(people.stdout).toContain('orders       200 new, 50 canceled, 150 fills, cancel rate 0.250000\n');
    expect(json(part)).toMatchObject({ events: DEFINES + 100, hash: whole.hash, filter: 'kind,instrument' });
  });

  test('of a torn tape says what is good, and then that it is torn', async () => {
    const [torn, allowed, corrupt] = await Promise.all([
      tape('summary', 'torn.rpl', '--json'),
      tape('summary', 'torn.rpl', '--json', '--allow-torn'),
      tape('summary', 'damaged.rpl', '--json'),
    ]);
    expect(torn.code).toBe(5);
    expect(json(torn)).toMatchObject({ incomplete: true, sealed: false });
    expect(torn.stderr).toMatch(
      /torn\.rpl is torn at offset \d+: .* events from seq \d+ on are lost, .*\n {2}a write was interrupted/,
    );
    expect(allowed).toMatchObject({ code: 0, stderr: '' });
    expect(json(allowed)['events']).toBe(json(torn)['events']);
    expect(corrupt.code).toBe(5);
    expect(json(corrupt)).toMatchObject({ incomplete: true });
  });
});

describe.concurrent('info', () => {
  test('tells header, footer and frames without the events', async () => {
    const [program, people, damage, textual, torn] = await Promise.all([
      tape('info', 'run.rpl', '--json'),
      tape('info', 'run.rpl'),
      tape('info', 'damaged.rpl', '--json'),
      tape('info', 'changed.txt.rpl', '--json'),
      tape('info', 'torn.rpl'),
    ]);
    expect(json(program)).toMatchObject({
      encoding: 'binary',
      sizeBytes: sealed.length,
      header: { observer: 'venue', seed: '7' },
      sealed: true,
      footer: { count: EVENTS, hash: whole.hash, seal: whole.seal, note: 'a test' },
      frames: { index: 1, seal: 1 },
      records: EVENTS,
      behindLastFrameBytes: 0,
    });
    expect(people.stdout).toContain(`hash         ${whole.hash}\n`);
    expect(json(damage)).toMatchObject({ records: EVENTS });
    expect(json(textual)).toMatchObject({ encoding: 'text', sealed: null, frames: null });
    expect(torn.stdout).toMatch(/behind {7}\d+ bytes that are no whole frame/);
  });
});

describe.concurrent('verify', () => {
  test('exits 0, 3 or 5, and names the place', async () => {
    const text = readFileSync(join(cwd, 'changed.txt.rpl'), 'utf8');
    writeFileSync(join(cwd, 'digit.txt.rpl'), text.replace('priceTicks=530', 'priceTicks=531'));
    writeFileSync(join(cwd, 'count.txt.rpl'), text.replace(/^end 1005/m, 'end 1004'));
    writeFileSync(join(cwd, 'line.txt.rpl'), text.replace('qtyLots=3', 'qtyLots=+3'));
    const runs = await Promise.all(
      [
        'run.rpl',
        'digit.txt.rpl',
        'count.txt.rpl',
        'line.txt.rpl',
        'damaged.rpl',
        'torn.rpl',
        'open.rpl',
      ].map((file) => tape('verify', file)),
    );
    expect(runs.map(({ code }) => code)).toEqual([0, 3, 3, 5, 5, 5, 0]);
    expect(runs[0].stdout).toBe(
      `run.rpl: ok, ${EVENTS} events, hash ${whole.hash}\n  verified: frames, checksums, index, count, hash, seal\n`,
    );
    expect(runs[1].stderr).toMatch(
      /another hash than its end says at line 1007, seq 1005: expected [0-9a-f]{64}, found/,
    );
    expect(runs[2].stderr).toContain('expected 1004 events, found 1005');
    expect(runs[3].stderr).toMatch(
      /line\.txt\.rpl has a bad line at line \d+, seq \d+: expected an event line, found/,
    );
    expect(runs[4].stderr).toMatch(
      /damaged\.rpl is corrupt at offset \d+, seq \d+: expected .*, found .*\n {2}what comes before is good: truetape tape view damaged\.rpl --to-seq \d+/,
    );
    expect(runs[6].stdout).toContain('not verified: no seal');
  });

  test('demands a seal where it is told to, and reports for programs', async () => {
    const [unsealed, report, lacking] = await Promise.all([
      tape('verify', 'open.rpl', '--sealed'),
      tape('verify', 'damaged.rpl', '--json'),
      truetape(['tape', 'verify', '-', '--json'], { cwd, input: gzipSync(open) }),
    ]);
    expect(unsealed.code).toBe(3);
    expect(unsealed.stderr).toContain('expected a seal, found the end');
    expect(json(report)).toMatchObject({ ok: false, error: { code: 'corrupt' } });
    expect(json(lacking)).toMatchObject({ ok: true, sealed: false, hash: whole.hash });
    expect(json(lacking)['notVerified']).toHaveLength(2);
  });
});

describe.concurrent('diff', () => {
  const seq = DEFINES + 150 * STEP_EVENTS + 1;

  test('finds the first difference in any pair of encodings, with what comes before it', async () => {
    const pairs = [
      ['run.rpl', 'changed.rpl'],
      ['run.rpl', 'changed.txt.rpl'],
      ['changed.rpl', 'run.rpl'],
    ];
    const runs = await Promise.all(pairs.map((pair) => tape('diff', ...pair, '--json', '--context', '2')));
    for (const run of runs) {
      expect(run.code).toBe(3);
      const found = json(run);
      expect(found).toMatchObject({ equal: false, seq, headers: [] });
      expect((found['context'] as string[]).map((line) => Number(line.split(' ')[0]))).toEqual([
        seq - 2,
        seq - 1,
      ]);
    }
    const people = await tape('diff', 'run.rpl', 'changed.rpl', '--context', '0');
    expect(people.stdout).toMatch(
      new RegExp(
        `^run.rpl and changed.rpl differ at seq ${seq}\n- ${seq} .*qtyLots=4 .*\n\\+ ${seq} .*qtyLots=5 .*\n$`,
      ),
    );
  });

  test('takes a beginning for a difference', async () => {
    const run = await tape('diff', 'run.rpl', 'short.txt.rpl');
    expect(run.code).toBe(3);
    expect(run.stdout).toContain(`+ (short.txt.rpl has no event ${EVENTS - STEP_EVENTS})`);
  });

  test('is 0 for equal events, tells headers apart, and does not trust a seal over damage', async () => {
    writeSample(join(cwd, 'seed.rpl'), { steps: STEPS, header: { seed: '9' }, frameBytes: 65536 });
    const [equal, headers, damage, trusted, torn, piped] = await Promise.all([
      tape('diff', 'changed.rpl', 'changed.txt.rpl'),
      tape('diff', 'run.rpl', 'seed.rpl'),
      tape('diff', 'run.rpl', 'damaged.rpl'),
      tape('diff', 'run.rpl', 'damaged.rpl', '--trust-seals'),
      tape('diff', 'run.rpl', 'torn.rpl'),
      truetape(['tape', 'diff', '-', 'open.rpl'], { cwd, input: sealed }),
    ]);
    expect(equal).toMatchObject({ code: 0, stdout: `equal: ${EVENTS} events\n` });
    expect(headers).toMatchObject({
      code: 0,
      stdout: `equal: ${EVENTS} events\nheaders differ in seed:\n  run.rpl: "7"\n  seed.rpl: "9"\n`,
    });
    expect(damage).toMatchObject({ code: 5, stdout: '' });
    expect(trusted.code).toBe(0);
    expect(torn).toMatchObject({ code: 5, stdout: '' });
    expect(piped.code).toBe(0);
  });
});

describe.concurrent('convert', () => {
  test('writes each form by its name, and nothing over another file', async () => {
    const names = ['a.rpl', 'a.txt.rpl', 'a.jsonl', 'a.csv', 'a.parquet'];
    const runs = await Promise.all(names.map((name) => tape('convert', 'run.rpl', '-o', name)));
    for (const run of runs) expect(run).toMatchObject({ code: 0, stdout: '', stderr: '' });
    expect(readFileSync(join(cwd, 'a.jsonl'), 'utf8').trim().split('\n')).toHaveLength(EVENTS);
    const [again, forced, unknown, stdout] = await Promise.all([
      tape('convert', 'run.rpl', '-o', 'a.rpl'),
      tape('convert', 'run.rpl', '-o', 'a.csv', '--force', '--kind', 'Fill'),
      tape('convert', 'run.rpl', '-o', 'a.xlsx'),
      tape('convert', 'run.rpl', '-o', '-', '--format', 'jsonl', '--limit', '1', '--kind', 'Trade'),
    ]);
    expect(again).toMatchObject({
      code: 1,
      stderr: 'truetape: a.rpl exists already\n  --force replaces it\n',
    });
    expect(forced.code).toBe(0);
    expect(readFileSync(join(cwd, 'a.csv'), 'utf8').trim().split('\n')).toHaveLength(151);
    expect(unknown.code).toBe(2);
    expect(stdout.stdout.trim().split('\n')).toHaveLength(1);
    const same = await tape('diff', 'a.rpl', 'a.txt.rpl');
    expect(same.stdout).toBe(`equal: ${EVENTS} events\n`);
  });

  test('writes Parquet that others read: ns timestamps, integer prices, absent as null', async () => {
    await tape('convert', 'run.rpl', '-o', 'trades.parquet', '--kind', 'Trade,Quote', '--from-time', '+1s');
    const { buffer, byteOffset, byteLength } = readFileSync(join(cwd, 'trades.parquet'));
    const file = buffer.slice(byteOffset, byteOffset + byteLength);
    const { schema } = parquetMetadata(file);
    expect(schema.find(({ name }) => name === 'timeNs')?.logical_type).toEqual({
      type: 'TIMESTAMP',
      isAdjustedToUTC: true,
      unit: 'NANOS',
    });
    const columns = ['seq', 'kind', 'instrument', 'priceTicks', 'bidTicks', 'side'];
    const rows = await parquetReadObjects({ file, columns });
    expect(rows).toHaveLength(200);
    expect(rows[0]).toMatchObject({ seq: 505n, kind: 'Quote', instrument: 'TEST:AAA', bidTicks: 599n });
    expect(rows[1]).toMatchObject({ seq: 506n, kind: 'Trade', priceTicks: 600n, side: 'sell' });
    expect(rows[0]['priceTicks'] ?? null).toBeNull();
  });

  test('of a torn tape writes no file unless that is allowed', async () => {
    const refused = await tape('convert', 'torn.rpl', '-o', 'whole.rpl');
    expect(refused.code).toBe(5);
    const allowed = await tape('convert', 'torn.rpl', '-o', 'whole.rpl', '--allow-torn');
    expect(allowed).toMatchObject({ code: 0, stderr: '' });
  });
});

describe.concurrent('book', () => {
  test('is the depth book at a point', async () => {
    await truetape(['import', 'binance', join(CAPTURES, 'usdm-small.txt'), '-o', 'depth.rpl'], { cwd });
    const [end, early, bySeq, several, wrong] = await Promise.all([
      tape('book', 'depth.rpl', '--json', '--levels', '2'),
      tape('book', 'depth.rpl', '--at-time', '+200ms', '--levels', '3'),
      tape('book', 'depth.rpl', '--at-seq', '100', '--json'),
      tape('book', 'run.rpl'),
      tape('book', 'depth.rpl', '--instrument', 'X'),
    ]);
    const info = json(await tape('info', 'depth.rpl', '--json'));
    const quality = (info['footer'] as { dataQuality: { book: object } }).dataQuality.book as {
      bid: object;
      ask: object;
      bidLevels: number;
    };
    expect(json(end)).toMatchObject({
      instrument: 'BINANCE-USDM:BTCUSDT',
      status: 'live',
      bids: [quality.bid, {}],
      asks: [quality.ask, {}],
      bidLevels: quality.bidLevels,
    });
    expect(early.stdout).toMatch(
      /^BINANCE-USDM:BTCUSDT behind seq \d+, 2025-12-31T.*\nlive, \d+ bids and \d+ asks, known from/,
    );
    expect(early.stdout).toMatch(/\n *qty +bid \| ask +qty\n/);
    expect(json(bySeq)['seq']).toBeLessThanOrEqual(100);
    expect(several).toMatchObject({ code: 2, stdout: '' });
    expect(several.stderr).toContain('choose one: --instrument');
    expect(wrong.stderr).toContain('it has those of BINANCE-USDM:BTCUSDT');
  });
});
