// Models of the queue against exact FIFO on simulated tapes: that the comparison can tell right from wrong, and what
// it refuses.
import { join } from 'node:path';
import {
  createQueueComparison,
  feedQueueComparison,
  queueFigures,
  type ProbeOutcome,
  type QueueContender,
} from '@truetape/backtest';
import { describe, expect, test } from 'vitest';
import { openInputTape } from '../src/backtest/input-tape.ts';
import type { InputTape } from '../src/backtest/input-tape.ts';
import { simulateTape } from '../src/backtest/simulated-tape.ts';
import { queueModels, type QueueModelsOptions } from '../src/commands/backtest/queue-models.ts';
import { regimes } from '../src/commands/backtest/regimes.ts';
import { EXIT } from '../src/failure.ts';
import { QUIET, quietCli, writeMarket } from './backtest-tapes.ts';
import { ROOT, scratchFolder, truetape } from './truetape.ts';

const cwd = scratchFolder();
const market = join(cwd, 'market.rpl');
writeMarket(market, 'cancel-storm', 16_000);
const OPTIONS: QueueModelsOptions = {
  ...QUIET,
  tape: [market],
  seed: 1,
  lanes: 16,
  behind: 3,
  lifetime: 3e8,
};

const CAREFUL: QueueContender = { name: 'careful', venue: { mode: 'replay', queue: { kind: 'riskAverse' } } };
/** The wrong model: whatever stands ahead of it, an order is filled when its price is reached. */
const AT_TOUCH: QueueContender = { name: 'at touch', venue: { mode: 'ideal' } };

function outcomesOf(
  tape: InputTape,
  contenders: readonly QueueContender[],
  depthEveryNs = 0,
): readonly ProbeOutcome[] {
  const comparison = createQueueComparison({
    instrument: 1,
    sources: [],
    startsEmpty: true,
    epoch: tape.facts.epoch,
    plan: { seed: '7', lanes: 8, lifetimeNs: 3e8, qtyLots: [1, 20], behindTicks: 1 },
    depthEveryNs,
    contenders,
  });
  const reader = tape.read();
  for (let batch = reader.next(); batch !== undefined; batch = reader.next())
    feedQueueComparison(comparison, batch);
  return comparison.outcomes;
}

describe('the comparison', () => {
  const tape = openInputTape([market], false);
  const outcomes = outcomesOf(tape, [CAREFUL, AT_TOUCH, CAREFUL]);

  // Fails where exact and model see the same, or no model can be wrong.
  test('a model that fills at the touch invents fills; the careful one none, and is never early', () => {
    const [careful, wrong, again] = [0, 1, 2].map((k) => queueFigures(outcomes, k));
    expect(careful).toMatchObject({ falseFills: 0, early: 0 });
    expect(careful.both).toBeGreaterThan(20);
    expect(careful.missed).toBeGreaterThan(0);
    expect(wrong.falseFills).toBeGreaterThan(3);
    expect(wrong.early).toBeGreaterThan(20);
    expect(again).toEqual(careful);
    for (const one of [careful, wrong]) {
      expect(one.both + one.falseFills).toBe(one.filled);
      expect(one.both + one.missed).toBe(one.exactFilled);
    }
  });

  test('a model is the same whoever it is compared with, and however the tape is cut', () => {
    const limits = { events: 8000 };
    const [whole, cut] = [1_000_000, 4096].map((frameBytes) =>
      simulateTape({ preset: 'burst', seed: '2', limits, frameBytes }),
    );
    const first = outcomesOf(whole.tape, [AT_TOUCH, CAREFUL]);
    const second = outcomesOf(cut.tape, [CAREFUL]);
    expect(first.length).toBeGreaterThan(10);
    expect(first.map(({ exact, models }) => [exact, models[1]])).toEqual(
      second.map(({ exact, models }) => [exact, models[0]]),
    );
    for (const { dispose } of [whole, cut]) dispose();
  });

  // What the careful model cannot hold: its levels are old.
  test('where levels come late, even the careful one is early at times', () => {
    const late = queueFigures(outcomesOf(tape, [CAREFUL], 2e8), 0);
    expect(late.early).toBeGreaterThan(0);
  });
});

describe('the command', () => {
  test('the same bytes again; other probes under another seed; groups add up', async () => {
    const [first, again, other] = await Promise.all(
      [1, 1, 2].map(async (seed) => queueModels(quietCli(), { ...OPTIONS, seed, json: true })),
    );
    expect(again).toBe(first);
    expect(other).not.toBe(first);
    const { rows, markets } = JSON.parse(first) as {
      readonly rows: readonly Record<string, unknown>[];
      readonly markets: readonly Record<string, unknown>[];
    };
    expect(markets).toMatchObject([{ market, skipped: 0, refused: 0 }]);
    expect(rows.map(({ model }) => model)).toEqual([
      'riskAverse',
      'probPower 1',
      'probPower 2',
      'probPower 3',
      'probLog',
      'ideal',
    ]);
    for (const row of rows) {
      for (const groups of ['byTicks', 'byLots'].map((key) => row[key] as typeof rows)) {
        for (const key of ['probes', 'filled', 'both', 'falseFills', 'missed', 'early', 'filledLots'])
          expect(groups.reduce((sum, group) => sum + Number(group[key]), 0)).toBe(row[key]);
      }
    }
  });

  const refusal = (options: Partial<QueueModelsOptions>): Promise<unknown> =>
    queueModels(quietCli(), { ...OPTIONS, ...options }).catch((error: unknown) => error);

  test('a tape without orders, one whose book is unknown, one too short', async () => {
    const sample = join(ROOT, 'fixtures', 'tapes', 'sample.rpl');
    expect(await refusal({ tape: [sample] })).toMatchObject({
      exitCode: 2,
      message: `${sample} tells levels, not orders: the exact queue is unknown`,
    });
    expect(await refusal({ lifetime: 6e10 })).toMatchObject({
      exitCode: 1,
      message: expect.stringContaining('no probe lived to its end') as unknown,
    });
    expect(await refusal({ instrument: 'X' })).toMatchObject({
      exitCode: 2,
      message: `--instrument: ${market} has no X: SIM:SIM`,
    });
  });

  // Fails where a signal ends the process as it stands, which leaves the cursor of a terminal hidden.
  test('is interrupted in order between two markets, as are regimes', async () => {
    const markets = { ...QUIET, seeds: 1000, seed: 1, duration: 1e9 };
    const { tape: _, ...probes } = OPTIONS;
    for (const work of [
      () => queueModels(quietCli(), { ...probes, ...markets }),
      () => regimes(quietCli(), { ...markets, strategy: ['twap'] }),
    ]) {
      const before = process.listenerCount('SIGINT');
      const ended = work().catch((error: unknown) => error);
      while (process.listenerCount('SIGINT') === before)
        await new Promise((resolve) => setTimeout(resolve, 1));
      process.emit('SIGINT');
      expect(await ended).toMatchObject({ exitCode: EXIT.interrupted });
      expect(process.listenerCount('SIGINT')).toBe(before);
    }
  });

  test('options that contradict each other', async () => {
    expect(await refusal({ seeds: 2 })).toMatchObject({ exitCode: 2 });
    const { tape: _, ...simulated } = OPTIONS;
    const options = { ...simulated, instrument: 'SIM:SIM' };
    await expect(queueModels(quietCli(), options)).rejects.toMatchObject({ exitCode: 2 });
  });

  test('bad values, in one line', async () => {
    const run = await truetape(['backtest', 'queue-models', '--tape', 'market.rpl', '--lots', '1,1'], {
      cwd,
    });
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toBe('truetape: --lots: the same size is there twice: 1,1\n');
  });
});
