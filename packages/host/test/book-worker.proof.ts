// Longer contests of producers and readers, with several seeds each: room enough, rings that wait, rings
// that reject, reports that nobody reads in time.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createBook } from '@truetape/book';
import { checkContest, checkRejections, contest } from './book-run.ts';
import { replay } from './replay.ts';

let folder = '';
const at = (name: string): string => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'truetape book '));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const SEEDS = ['4301', '4302'];
const CROWD = { traders: 4, readers: 2 };

describe.each(SEEDS)('four producers and two readers at the same time (seed %s)', (seed) => {
  test('with room enough: every command is carried out and answered once, in order', async () => {
    const config = { ...CROWD, seed, commands: 15_000, tapePath: at(`room ${seed}.rpl`) };
    const ran = await contest(config);
    checkContest(ran, config);
    process.stderr.write(`seed ${seed}: ${JSON.stringify({ ...ran.run, reads: ran.reads })}\n`);
  });

  test.each([1, 8])('with rings of %s that wait', async (ringCapacity) => {
    const tiny = { ringCapacity, reportCapacity: 1024, overflow: 'wait', check: true } as const;
    const config = {
      ...CROWD,
      ...tiny,
      seed,
      commands: 2_500,
      tapePath: at(`wait ${seed} ${ringCapacity}.rpl`),
    };
    const ran = await contest(config);
    checkContest(ran, config);
    expect(ran.run.producers.reduce((sum, { waits }) => sum + waits, 0)).toBeGreaterThan(0);
  });

  test('with rings that reject', async () => {
    const tiny = { ringCapacity: 4, reportCapacity: 1024, overflow: 'reject' } as const;
    const config = { ...CROWD, ...tiny, seed, commands: 5_000, tapePath: at(`reject ${seed}.rpl`) };
    const ran = await contest(config);
    checkContest(ran, config);
    checkRejections(ran);
  });

  test('with few reports of room: what is lost is told, on the ring and on the tape', async () => {
    const tiny = { ringCapacity: 64, reportCapacity: 16, readEvery: 1_000 };
    const config = { ...CROWD, ...tiny, seed, commands: 5_000, tapePath: at(`loss ${seed}.rpl`) };
    const { run, trades } = await contest(config);
    expect(run.commands).toBe(20_000);
    const again = replay(config.tapePath, createBook);
    expect(again.stateHash).toBe(run.stateHash);
    for (const [k, { rows, lost }] of trades.entries()) {
      expect(lost).toBe(run.producers[k].lost);
      expect(rows + lost).toBe(run.producers[k].reports);
      expect(again.overruns.some(({ source }) => source === 2 + k)).toBe(lost > 0);
    }
    expect(trades.some(({ lost }) => lost > 0)).toBe(true);
  });
});
