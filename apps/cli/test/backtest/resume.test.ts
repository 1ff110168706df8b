/** A run with a log, killed at any moment, and gone on with: real processes, real files. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { backtestKind } from '@truetape/backtest';
import { nodePorts, openLogStorage } from '@truetape/host';
import { recoverLog } from '@truetape/wal';
import { loadConfig } from '../../src/backtest/config-source.ts';
import { openInputTape } from '../../src/backtest/input-tape.ts';
import { createStrategies } from '../../src/backtest/strategies.ts';
import { loadStrategy } from '../../src/backtest/strategy-source.ts';
import { scratchFolder, start, truetape } from '../truetape.ts';

const folder = scratchFolder();
const tape = join(folder, 'market.rpl');
/** Delays that are drawn, and limits that are exceeded before the process dies and behind it. */
const changes = [
  'latency.order={"kind":"logNormal","medianNs":900000,"sigmaPermille":400}',
  'risk.limits.maxPositionLots=2',
  'risk.account.orderRate={"orders":30,"perNs":1000000000}',
];
const settings = ['--strategy', 'market-maker', ...changes.flatMap((change) => ['--set', change])];
/** Two of a kind, so that their order and names count. */
const several = [
  ['--strategy', 'maker=market-maker', '--strategy', 'other=market-maker'],
  ['--set', 'strategies.other.halfSpreadTicks=2', ...settings.slice(2)],
].flat();
const runArgs = ['backtest', 'run', '--tape', tape];

const stoppedIn = (stdout: string): string | undefined => /^stopped .*$/m.exec(stdout)?.[0];
const hashOf = (stdout: string): string | undefined => /^hash +([0-9a-f]{64})$/m.exec(stdout)?.[1];

beforeAll(async () => {
  await truetape(['sim', 'run', '--preset', 'calm', '--seed', '3', '--events', '120000', '-o', tape]);
}, 180_000);

/** Runs into a log and kills the process as soon as there are so many snapshots. */
async function killedAt(log: string, snapshots: number, strategies: readonly string[]): Promise<void> {
  const child = start([...runArgs, ...strategies, '--wal', log, '--snapshot-every', '3000']);
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  const isDue = (): boolean =>
    existsSync(log) && readdirSync(log).filter((name) => name.endsWith('.snap')).length >= snapshots;
  while (!isDue() && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 2));
  child.kill('SIGKILL');
  await ended;
}

// Fails where a state lacks something, where what was written after it is not compared, or where ids begin anew.
test.each([
  [1, settings],
  [2, several],
])(
  'killed behind snapshot %s and resumed: the tape of a run that nobody killed',
  async (snapshots, strategies) => {
    const whole = join(folder, `whole-${snapshots}.rpl`);
    const report = (await truetape([...runArgs, ...strategies, '-o', whole])).stdout;
    const wholeHash = hashOf(report);
    expect(stoppedIn(report)).toMatch(/ [1-9][0-9]* denied .*, [1-9][0-9]* throttled/);
    const log = join(folder, `log-${snapshots}`);
    await killedAt(log, snapshots, strategies);
    const out = join(folder, `resumed-${snapshots}.rpl`);
    const resumed = await truetape(['backtest', 'resume', log, '-o', out]);
    expect(resumed.code).toBe(0);
    expect(resumed.stderr).toMatch(/events were there: run again from a snapshot at seq [0-9]+, and equal/);
    // Every denial with it, of limits whose tokens and positions were in the snapshot.
    expect([hashOf(resumed.stdout), stoppedIn(resumed.stdout)]).toEqual([wholeHash, stoppedIn(report)]);
    const diff = await truetape(['tape', 'diff', out, whole]);
    expect(diff.code).toBe(0);
    // It had ended: once more says the same, and writes nothing.
    const again = await truetape(['backtest', 'resume', log]);
    expect([again.code, hashOf(again.stdout)]).toEqual([0, wholeHash]);
  },
  180_000,
);

test('a log is refused where its tape is another one, or there is none, and where it is of something else', async () => {
  const log = join(folder, 'log-small');
  const small = join(folder, 'small.rpl');
  await truetape(['sim', 'run', '--preset', 'calm', '--seed', '3', '--events', '3000', '-o', small]);
  const made = await truetape(['backtest', 'run', '--tape', small, ...settings, '--wal', log]);
  expect(made.code).toBe(0);
  const other = await truetape(['backtest', 'resume', log, '--tape', tape]);
  expect([other.code, other.stderr]).toEqual([
    3,
    expect.stringContaining('is the log of a run over another tape'),
  ]);
  const there = await truetape(['backtest', 'run', '--tape', small, ...settings, '--wal', log]);
  expect([there.code, there.stderr]).toEqual([1, expect.stringContaining('has 00000001.rpl already')]);
  const empty = await truetape(['backtest', 'resume', folder]);
  expect([empty.code, empty.stderr]).toEqual([1, expect.stringContaining('has no log of a backtest')]);
  for (const verb of ['recover', 'repair']) {
    const { code, stderr } = await truetape(['wal', verb, log]);
    expect(code).toBe(5);
    // Nothing is wrong with it.
    expect(stderr).toMatch(/ found 1 of a client\n {2}it is the log of a run: truetape backtest resume/);
  }
}, 180_000);

// Fails where what is behind a snapshot, or all of it, is believed without being run again.
test('a log whose events the run does not give is refused at the first that differs', async () => {
  const log = join(folder, 'log-other');
  const small = join(folder, 'small.rpl');
  await truetape(['backtest', 'run', '--tape', small, ...settings, '--wal', log]);
  const opened = openLogStorage(log, { create: false });
  if (!opened.ok) throw new Error(opened.error.code);
  const storage = opened.value;
  const tapeOfIt = openInputTape([small], false);
  const config = await loadConfig({ set: changes });
  const maker = await loadStrategy('market-maker');
  const kindOf = (seed: string): ReturnType<typeof backtestKind> =>
    backtestKind({
      setup: () => ({
        config,
        seed,
        tape: tapeOfIt.facts,
        strategies: createStrategies([maker], config),
        guard: { isInside: false },
      }),
      read: () => tapeOfIt.read(),
      sha256: nodePorts.sha256,
    });
  const same = recoverLog({ storage, ports: nodePorts, kind: kindOf('1') });
  expect(same.ok).toBe(true);
  const other = recoverLog({ storage, ports: nodePorts, kind: kindOf('2') });
  expect(other).toMatchObject({ ok: false, error: { code: 'contradiction', stop: { code: 'fact' } } });
  storage.close();
}, 180_000);
