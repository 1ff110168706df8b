// What `truetape sim` is made of, without a process: configurations, the loop, what is recorded.
import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { LAYOUTS, recordKind } from '@truetape/contracts';
import { PRESETS, PRESET_NAMES, createSim, runSim } from '@truetape/orderflow';
import type { RecordPort, Sim, SimConfig } from '@truetape/orderflow';
import { describe, expect, test } from 'vitest';
import { CliFailure } from '../src/failure.ts';
import { Interrupted } from '../src/interruption.ts';
import { loadConfig, parseSymbols } from '../src/sim/config-source.ts';
import type { ConfigOptions } from '../src/sim/config-source.ts';
import { createTickTimes } from '../src/sim/perf.ts';
import { SIM_KINDS, createRecording, simHeader } from '../src/sim/recording.ts';
import { runTo } from '../src/sim/run-loop.ts';
import type { RunHooks, RunTarget } from '../src/sim/run-loop.ts';
import { outputOf } from '../src/sim/run-options.ts';
import type { SimRunOptions } from '../src/sim/run-options.ts';
import { readState } from '../src/sim/state-file.ts';
import { parseSpan } from '../src/time-argument.ts';
import { ROOT, scratchFolder } from './truetape.ts';

const cwd = scratchFolder();

/** What a promise fails with, as the command line says it. */
async function failureOf(promise: Promise<unknown>): Promise<{ exitCode: number; text: string }> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof CliFailure)) throw error ?? new Error('it did not fail');
  return { exitCode: error.exitCode, text: `${error.message}\n${error.next}` };
}

describe('configurations', () => {
  const SIM = PRESETS.calm.symbols['SIM'];
  const OTHER = { ...SIM, startTicks: 5000 };

  test('are presets by default, or files of YAML or JSON', async () => {
    expect((await loadConfig({})).config).toEqual(PRESETS.mixed);
    const path = join(cwd, 'calm.json');
    writeFileSync(path, JSON.stringify(PRESETS.calm));
    expect(await loadConfig({ config: path })).toEqual({
      origin: { preset: null, config: path, symbols: null, set: [] },
      config: PRESETS.calm,
    });
  });

  test.each(['rpl', 'text'] as const)('are those of a tape, with its seed: %s', async (format) => {
    const path = join(cwd, `taped.${format}`);
    const out = { path, format };
    const header = simHeader(PRESETS.burst, '77');
    const recording = await createRecording({ header, frameBytes: 65_536, out, trace: false, force: false });
    recording.commit({});
    const { config, seed } = await loadConfig({ config: path });
    expect([config, seed]).toEqual([PRESETS.burst, '77']);
    const sample = join(ROOT, 'fixtures', 'tapes', 'sample.rpl');
    const failure = await failureOf(loadConfig({ config: sample }));
    expect(failure.exitCode).toBe(2);
    expect(failure.text).toMatch(/expected the tape of a simulation, found one of truetape import binance/);
  });

  // Fails when the order of the flags changes, or the last --set does not win.
  test('are changed by --symbols, then by each --set', async () => {
    const path = join(cwd, 'two.json');
    writeFileSync(path, JSON.stringify({ ...PRESETS.calm, symbols: { SIM, OTHER } }));
    const set = ['symbols.NEW.startTicks=7000', 'agents.noise.count=1', 'agents.noise.count=2'];
    const { config } = await loadConfig({ config: path, symbols: ['SIM', 'NEW'], set });
    expect(config.symbols).toEqual({ SIM, NEW: { ...OTHER, startTicks: 7000 } });
    expect(config.agents['noise']).toMatchObject({ count: 2 });
  });

  test.each<[string, ConfigOptions, RegExp[]]>([
    [
      'values',
      { set: ['agents.noise.count=x', 'queue.policy=never', 'nothing', 'a..b=1'] },
      [
        /^preset mixed with --set: 4 problems\n/,
        /^--set nothing: /m,
        /^ *--set a\.\.b: /m,
        /^ *agents\.noise\.count: .*number/m,
        /^ *queue\.policy: /m,
        /truetape sim schema/,
      ],
    ],
    [
      'relations',
      { set: ['startRegime=none'] },
      [/: 1 problem\n/, /^startRegime: no regime is named none$/m],
    ],
    ['symbols', { symbols: ['a b'] }, [/^preset mixed with --symbols: /, /^ *symbols\.a b: /m]],
    ['both', { preset: 'calm', config: 'x.yaml' }, [/--preset and --config exclude each other/]],
  ])('that are bad are told with every path: %s', async (_, options, expected) => {
    const { exitCode, text } = await failureOf(loadConfig(options));
    expect(exitCode).toBe(2);
    for (const pattern of expected) expect(text).toMatch(pattern);
  });

  test.each([
    ['no YAML', 'a: [', /expected YAML or JSON/],
    ['a list', '- 1', /expected a configuration, found \[1\]/],
    ['nothing', '', /expected a configuration, found null/],
    ['too little', 'tickNs: 0', /^ *agents: .*\n(.*\n)*.*faults: /m],
  ])('that are no configuration are a usage failure: %s', async (name, text, message) => {
    const path = join(cwd, `${name}.yaml`);
    writeFileSync(path, text);
    const failure = await failureOf(loadConfig({ config: path }));
    expect(failure.exitCode).toBe(2);
    expect(failure.text).toMatch(message);
  });

  test('symbols are names, each once', () => {
    expect(parseSymbols('B,A')).toEqual(['B', 'A']);
    for (const text of ['', 'A,', 'A,A']) expect(() => parseSymbols(text)).toThrow(/--symbols/);
  });

  test('spans have a unit, and end where a clock does', () => {
    expect(['10s', '+500ms', '1.5us', '2160h'].map((text) => parseSpan(text, '--duration'))).toEqual([
      10_000_000_000, 500_000_000, 1500, 7_776_000_000_000_000,
    ]);
    for (const text of ['10', '0s', '-1s', '0.5ns', '2161h', 's'])
      expect(() => parseSpan(text, '--duration')).toThrow(/--duration: expected 10s/);
  });
});

/** Kinds and seqs of everything that happens. */
function listening(seen: string[]): RecordPort {
  return {
    epoch: { hi: 0, lo: 0 },
    write: (records, at, seq) => void seen.push(`${seq} ${recordKind(records, at)} ${records.u32[at + 2]}`),
  };
}

const never = (): Promise<void> => Promise.resolve();
const interruption: RunHooks['interruption'] = { breathe: never, sleep: never, until: (promise) => promise };
const hooks: RunHooks = { interruption, onShare: () => undefined };

describe('the loop', () => {
  async function ran(
    target: Partial<RunTarget>,
    given: Partial<RunHooks> = {},
    config: SimConfig = PRESETS.burst,
  ): Promise<{ sim: Sim; seen: string[]; type: string }> {
    const seen: string[] = [];
    const sim = createSim({ config, seed: 7, port: listening(seen) });
    const { type } = await runTo(
      sim,
      { events: Infinity, untilNs: Infinity, ...target },
      { ...hooks, ...given },
    );
    return { sim, seen, type };
  }

  // Fails when a slice ends elsewhere than at a boundary, or a sample comes late.
  test('cuts a run into slices, ticks and samples, and nothing of what happens changes', async () => {
    const seen: string[] = [];
    runSim(createSim({ config: PRESETS.burst, seed: 7, port: listening(seen) }), { events: 4000 });
    expect((await ran({ events: 4000 })).seen).toEqual(seen);
    const ticks = createTickTimes();
    expect((await ran({ events: 4000 }, { ticks })).seen).toEqual(seen);
    expect(ticks.durations.stats[0]).toBeGreaterThan(100);
    let nextNs = 0;
    const sampler = { nextNs: () => nextNs, take: () => void (nextNs += 33_333_333) };
    expect((await ran({ events: 4000 }, { sampler, ticks: createTickTimes() })).seen).toEqual(seen);
  });

  // Fails when a sample is taken before all has happened that comes before, or behind more.
  test('samples when it is time, in slices that are cut by events and by time', async () => {
    const symbols = 'ABCDEFGH'.split('').map((name) => [name, PRESETS.burst.symbols['SIM']] as const);
    let lastNs = 0;
    let nextNs = 0;
    let shares = 0;
    const samples: number[] = [];
    const wrong: number[] = [];
    const port: RecordPort = {
      epoch: { hi: 0, lo: 0 },
      write: (records, at) => {
        lastNs = records.u32[at + 3] * 2 ** 32 + records.u32[at + 2];
        const before = samples.length === 0 ? -1 : samples[samples.length - 1];
        if (lastNs > nextNs || lastNs <= before) wrong.push(lastNs);
      },
    };
    const config = { ...PRESETS.burst, symbols: Object.fromEntries(symbols), checkOrders: false };
    const sim = createSim({ config, seed: 7, port });
    const take = (): void => {
      samples.push(nextNs);
      nextNs += 450_000_000;
    };
    const onShare = (share: number): void => void (shares += share >= 0 && share <= 1 ? 1 : NaN);
    const target = { events: 60_000, untilNs: 4_000_000_000 };
    await runTo(sim, target, { ...hooks, onShare, sampler: { nextNs: () => nextNs, take } });
    expect(wrong).toEqual([]);
    expect(samples).toEqual(samples.map((_, k) => k * 450_000_000));
    expect(samples.length).toBeGreaterThan(1);
    expect(samples.at(-1)).toBeGreaterThan(lastNs - 450_000_000);
    expect(shares).toBeGreaterThan(2);
  });

  test('ends at a time: nothing happens behind it, and what was to happen before has', async () => {
    const whole = await ran({ events: 3000 });
    const { sim, seen, type } = await ran({ untilNs: 123_456_789 });
    expect(type).toBe('target');
    expect(whole.seen.slice(0, seen.length)).toEqual(seen);
    expect(sim.timeNs).toBeLessThanOrEqual(123_456_789);
    expect(Number(whole.seen[seen.length].split(' ')[2])).toBeGreaterThan(123_456_789);
  });

  test('a signal ends it at a boundary, with the code that belongs to it', async () => {
    const sim = createSim({ config: PRESETS.burst, seed: 7 });
    let breaths = 0;
    const breathe = (): Promise<void> =>
      ++breaths < 3 ? Promise.resolve() : Promise.reject(new Interrupted(143, 'interrupted'));
    const stop = await runTo(
      sim,
      { events: 1e9, untilNs: Infinity },
      { ...hooks, interruption: { ...interruption, breathe } },
    );
    expect(stop).toEqual({ type: 'interrupted', exitCode: 143 });
    expect(sim.timeNs).toBeLessThanOrEqual(3_000_000_000);
  });

  // Fails when a run that writes nothing, and has much to do for that, cannot be stopped.
  test('a signal is heard where agents wake without end and nothing comes of it', async () => {
    const { momentum } = PRESETS.calm.agents;
    const busy: SimConfig = { ...PRESETS.calm, agents: { momentum: { ...momentum, intervalNs: 100 } } };
    const sim = createSim({ config: busy, seed: 7 });
    const breathe = (): Promise<void> => Promise.reject(new Interrupted(130, 'interrupted'));
    const target = { events: 1e9, untilNs: Infinity };
    const stop = await runTo(sim, target, { ...hooks, interruption: { ...interruption, breathe } });
    expect(stop).toEqual({ type: 'interrupted', exitCode: 130 });
    expect(sim.timeNs).toBeLessThan(100_000_000);
  });

  test('where nothing ever happens it ends with time', async () => {
    const { agents, symbols } = PRESETS.calm;
    const { runaway } = PRESETS['flash-crash'].agents;
    expect(agents['runaway']).toBeUndefined();
    const asleep: SimConfig = {
      ...PRESETS.calm,
      agents: { runaway: { ...runaway, intervalNs: 86_400_000_000_000 } },
      symbols: { SIM: { ...symbols['SIM'], valueIntervalNs: 86_400_000_000_000 } },
    };
    const { type, seen } = await ran({ events: 1000 }, {}, asleep);
    expect(type).toBe('endOfTime');
    expect(seen.length).toBeLessThan(1000);
  });
});

// Fails when one file is written twice, because it is written in two ways.
test('outputs are different files, however they are named', () => {
  const named = (options: SimRunOptions): string => {
    try {
      return outputOf(options)?.path ?? '';
    } catch (error) {
      return error instanceof CliFailure ? String(error.exitCode) : 'another error';
    }
  };
  const here = basename(process.cwd());
  expect(named({ output: 'a.rpl', state: './a.rpl' })).toBe('2');
  expect(named({ output: 'a.rpl', html: `../${here}/a.rpl` })).toBe('2');
  expect(named({ state: 'x/a', html: 'x/../x/a' })).toBe('2');
  expect(named({ output: 'a.rpl', state: 'b/a.rpl', html: 'a' })).toBe('a.rpl');
});

// Fails when a simulation writes a kind that its tables have no columns for.
test('the kinds of tables are those that simulations write', () => {
  const seen = new Set<number>();
  const port: RecordPort = {
    epoch: { hi: 0, lo: 0 },
    write: (records, at) => void seen.add(recordKind(records, at)),
  };
  const queue = { capacity: 2, policy: 'dropOldest', serviceNs: 200_000 } as const;
  for (const name of PRESET_NAMES)
    runSim(createSim({ config: { ...PRESETS[name], queue }, seed: 7, port }), {
      untilNs: 11_000_000_000,
      events: 8000,
    });
  const nameOf = (code: number): string =>
    LAYOUTS.find((layout) => layout.code === code)?.name ?? String(code);
  const names = SIM_KINDS.map(nameOf);
  expect([...seen].map(nameOf).filter((name) => !names.includes(name))).toEqual([]);
  expect(
    names.filter((name) => name !== 'InvariantViolated' && ![...seen].map(nameOf).includes(name)),
  ).toEqual([]);
});

test('a run has the hash of its tape, whatever is written of it', async () => {
  const config = PRESETS.mixed;
  const forms = [undefined, 'rpl', 'text', 'jsonl', 'csv', 'parquet'] as const;
  const hashes = await Promise.all(
    forms.map(async (format) => {
      const out = format === undefined ? undefined : { path: join(cwd, `form.${format}`), format };
      const header = simHeader(config, '3');
      const recording = await createRecording({
        header,
        frameBytes: 65_536,
        out,
        trace: false,
        force: false,
      });
      runSim(createSim({ config, seed: 3, port: recording.port }), { events: 600 });
      return recording.commit({}).hash;
    }),
  );
  expect(new Set(hashes).size).toBe(1);
});

test.each([
  ['no JSON', '{', /: 1 problem\n\(the whole\): expected JSON/],
  ['another form', '{"format":"x"}', /: \d problems\nformat: (.*\n)*.*sim: /],
])('what is no state is told with every path: %s', async (name, text, message) => {
  const path = join(cwd, `${name}.state`);
  writeFileSync(path, text);
  const failure = await failureOf(readState(path));
  expect(failure.exitCode).toBe(5);
  expect(failure.text).toMatch(message);
});
