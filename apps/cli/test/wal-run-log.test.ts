// `wal verify` and `wal inspect` on the log of a backtest: which run, how far it came, whether its end is whole.
import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadConfig } from '../src/backtest/config-source.ts';
import { openInputTape } from '../src/backtest/input-tape.ts';
import { runLogged } from '../src/backtest/logged.ts';
import { loadStrategy } from '../src/backtest/strategy-source.ts';
import { EXIT } from '../src/failure.ts';
import { inspectFiles } from '../src/wal/inspect-files.ts';
import { readFolder } from '../src/wal/open-folder.ts';
import { runLogLines, runLogOf, verifyRunLog } from '../src/wal/run-log.ts';
import { quoted } from '../src/wording.ts';
import { writeMarket } from './backtest-tapes.ts';
import { scratchFolder } from './truetape.ts';

const cwd = scratchFolder();
const log = join(cwd, 'log');
const segment = join(log, '00000001.rpl');

const verdict = (): NonNullable<ReturnType<typeof verifyRunLog>> => readFolder(log, verifyRunLog)!;
const inspected = (): string[] =>
  readFolder(log, (folder) => {
    const facts = inspectFiles(folder.storage, folder.path);
    return runLogLines(folder.path, runLogOf(facts)!, facts);
  });

// Fails where such a log is only said to be one, where damage in it is not seen, or a torn end is called an end.
test('clean, torn, damaged: each is said, with what goes on from there', async () => {
  const tape = join(cwd, 'market.rpl');
  writeMarket(tape, 'calm', 3000);
  const plan = {
    tape: openInputTape([tape], false),
    config: await loadConfig({ set: [] }),
    seed: '1',
    strategies: [await loadStrategy('market-maker')],
    out: { out: undefined, force: false, frameBytes: 65_536 },
  };
  const place = { strategies: ['market-maker'], tapes: [tape], snapshotEvery: 200 };
  const { output } = await runLogged(plan, log, { place, resume: false, note: () => undefined });
  const whole = readFileSync(segment);

  const { failure, lines, json } = verdict();
  expect(failure).toBeUndefined();
  expect(json).toMatchObject({
    ok: true,
    run: { strategies: ['market-maker'], seed: '1', tapes: [tape] },
    events: output.count,
    lastSeq: output.count - 1,
    sealed: true,
    torn: null,
    hash: output.hash,
  });
  expect(lines).toContain('end          sealed: the run has ended');
  expect(inspected()).toEqual([
    `run          market-maker, seed 1, over ${tape}`,
    `events       ${output.count}, the last seq is ${output.count - 1}`,
    'end          sealed: the run has ended',
    `next         truetape backtest resume ${quoted(log)}`,
  ]);

  truncateSync(segment, whole.length - 300);
  const torn = verdict();
  expect(torn.failure?.exitCode).toBe(EXIT.corrupt);
  expect(torn.failure?.message).toContain('ends torn');
  expect(torn.failure?.next).toContain(`truetape backtest resume ${quoted(log)} cuts that off`);
  expect(inspected()[2]).toMatch(/^end +torn: /);

  // Fails where what was cut off is not told, or another strategy is taken for another build.
  const notes: string[] = [];
  const goOn = { place, resume: true, note: (text: string) => void notes.push(text) };
  expect((await runLogged(plan, log, goOn)).output).toEqual(output);
  expect(notes).toEqual([
    expect.stringMatching(
      /00000001\.rpl was torn at offset .*; cut off, and kept as 00000001\.rpl\.torn-\d+$/,
    ),
    expect.stringMatching(/^\d+ events were there: run again from the beginning, and equal$/),
  ]);
  expect(readFileSync(segment)).toEqual(whole);
  const changed = { ...plan, config: await loadConfig({ set: ['strategy.qtyLots=2'] }) };
  await expect(runLogged(changed, log, goOn)).rejects.toMatchObject({
    exitCode: EXIT.mismatch,
    next: expect.stringMatching(/^the run gives other events now: its strategy has changed, or truetape; /),
  });

  const bytes = Uint8Array.from(whole);
  bytes[whole.length >> 1] ^= 4;
  writeFileSync(segment, bytes);
  expect(verdict().failure?.exitCode).toBe(EXIT.corrupt);
});

test('a folder that is something else is left to others', () => {
  expect(readFolder(cwd, verifyRunLog)).toBeUndefined();
});
