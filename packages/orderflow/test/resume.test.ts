import { expect, test } from 'vitest';
import type { JsonObject } from '@truetape/contracts';
import {
  createBinaryWriter,
  createDecoder,
  createReader,
  endTape,
  flushTape,
  openForAppend,
} from '@truetape/tape';
import { PRESETS, createSim, restoreSim, runSim, saveSim, tapePort } from '@truetape/orderflow';
import type { Sim, SimConfig } from '@truetape/orderflow';
import { BASE, eventsPort, run } from './runs.ts';
import { HEADER, PORTS, tapeOf } from './tapes.ts';

/** Everything that can be under way: blocked agents, held commands, bursts, thresholds. */
const HARD: SimConfig = {
  ...PRESETS.mixed,
  symbols: { A: BASE.symbols['SIM'], B: { ...BASE.symbols['SIM'], startTicks: 5000 } },
  startRegime: 'burst',
  script: [
    { atNs: 20_000_000, regime: 'cancel-storm' },
    { atNs: 40_000_000, regime: 'burst' },
  ],
  scriptRepeatNs: 50_000_000,
  thresholds: [{ measure: 'spreadTicks', above: 2, regime: 'calm', holdNs: 20_000_000 }],
  burst: { intervalNs: 50_000_000, peakPermille: 9000, halfLifeNs: 5_000_000 },
  queue: { capacity: 8, policy: 'block', serviceNs: 150_000 },
  delays: { ...BASE.delays, new: { delayNs: 3_000_000, jitterNs: 1_000_000 } },
  faults: {
    duplicatePpm: 30_000,
    dropPpm: 30_000,
    reorderPpm: 200_000,
    handling: 'reorder',
    windowNs: 2_000_000,
  },
};

const through = (sim: Sim): JsonObject => JSON.parse(JSON.stringify(saveSim(sim))) as JsonObject;

function restored(state: unknown, port?: Parameters<typeof restoreSim>[1]): Sim {
  const sim = restoreSim(state, port);
  if (!sim.ok) throw new Error(JSON.stringify(sim.error));
  return sim.value;
}

const CASES: readonly (readonly [string, SimConfig])[] = [
  ['everything under way', HARD],
  [
    'flagged faults, a queue that drops',
    { ...HARD, queue: { ...HARD.queue, policy: 'dropOldest' }, faults: { ...HARD.faults, handling: 'flag' } },
  ],
  ['ticks', { ...BASE, tickNs: 1_000_000 }],
  ['flash-crash', PRESETS['flash-crash']],
  ['orders unchecked', { ...BASE, checkOrders: false }],
];

// Fails when any part of the state is left out, shared, or restored in another order.
test.each(CASES)('stopped anywhere and resumed, a run is the uninterrupted one: %s', (_, config) => {
  const whole = run(config, { events: 2500 });
  const end = through(whole.sim);
  // In its third round at the end.
  if (config.scriptRepeatNs < 60_000_000 && config.script.length > 0)
    expect(whole.sim.scriptAt).toBeGreaterThan(4);
  let joins = 0;
  for (let stop = 0; stop < 2500; stop += 173) {
    const { sim, events } = run(config, { events: stop });
    const state = through(sim);
    const resumed = restored(state, eventsPort(events));
    // What was saved is saved again the same.
    expect(through(resumed)).toEqual(state);
    runSim(resumed, { events: 2500 });
    expect(events.length).toBe(whole.events.length);
    expect(events).toEqual(whole.events);
    expect(through(resumed)).toEqual(end);
    joins += 1;
  }
  expect(joins).toBe(15);
});

// Fails when the state and the tape disagree about the next seq, or a frame is cut elsewhere.
test('a resumed tape, opened at its end, has the events and the hash of the uninterrupted tape', () => {
  const whole = tapeOf((writer) =>
    runSim(createSim({ config: BASE, seed: 7, port: tapePort(writer) }), { events: 4000 }),
  );
  const parts: Uint8Array[] = [];
  const sink = { write: (bytes: Uint8Array) => void parts.push(Uint8Array.from(bytes)) };
  const first = createBinaryWriter({ header: HEADER, ports: PORTS }, sink);
  const sim = createSim({ config: BASE, seed: 7, port: tapePort(first) });
  runSim(sim, { events: 1500 });
  const state = through(sim);
  flushTape(first);
  const bytes = Buffer.concat(parts);
  const pieces = [Uint8Array.from(bytes)];
  const decoder = createDecoder({ ports: PORTS, append: true });
  const reader = createReader(decoder, { read: () => pieces.pop() });
  while (reader.next() !== undefined);
  parts.length = 0;
  const opened = openForAppend(reader, sink, { ports: PORTS });
  if (!opened.ok) throw new Error(opened.error.code);
  const { writer, offsetBytes } = opened.value;
  runSim(restored(state, tapePort(writer)), { events: 4000 });
  const end = endTape(writer);
  const joined = Buffer.concat([bytes.subarray(0, offsetBytes), ...parts]);
  // The flush cut a frame; the events, and so the hash, are the same.
  expect(end.count).toBeGreaterThanOrEqual(4000);
  expect(joined.includes(Buffer.from(end.hash))).toBe(true);
  expect(whole.includes(Buffer.from(end.hash))).toBe(true);
});

// Fails when the first record of a tape that begins later, a command or not, is made where the tape does not stand yet.
test('resumed onto a new tape, what was before is skipped, and the rest is there', () => {
  const { events } = run(HARD, { events: 1200 });
  const firsts = new Set<number>();
  for (let stop = 300; stop < 1100; stop += 37) {
    const state = through(run(HARD, { events: stop }).sim);
    const { nextSeq } = state['clock'] as { nextSeq: number };
    const [plain, handed] = [true, false].map((names) =>
      tapeOf((writer) => {
        const { writer: _, ...port } = tapePort(writer);
        runSim(restored(state, names ? tapePort(writer) : port), { events: 1200 });
        expect(writer.nextSeq).toBe(events.length);
        expect(writer.count).toBe(events.length - nextSeq);
      }),
    );
    expect(plain.equals(handed)).toBe(true);
    firsts.add(events[nextSeq].kind);
  }
  expect(firsts.size).toBeGreaterThan(2);
});

// Fails when a damaged state is taken, or its place is not named.
test('what is no state is told with its path', () => {
  const state = through(run(BASE, { events: 500 }).sim);
  const clock = state['clock'] as JsonObject;
  const cases: (readonly [string, JsonObject | undefined, string])[] = [
    ['no object', undefined, ''],
    ['format', { ...state, format: 'x' }, 'format'],
    ['clock', { ...state, clock: { ...clock, regime: 99 } }, 'clock.regime'],
    ['config', { ...state, config: {} }, 'config.tickNs'],
    ['lane', { ...state, queue: {} }, 'sim.queue'],
    ['market', { ...state, market: '00' }, 'market'],
    ['orders', { ...state, orders: '' }, 'orders'],
    ['sources', { ...state, sources: [] }, 'sources'],
    ['agents', { ...state, agents: {} }, 'agents.cancelBot/SIM/0'],
    ['blocked', { ...state, blocked: [0] }, 'agents.cancelBot/SIM/0.isBlocked'],
    ['streams', { ...state, streams: { x: 1 } }, 'streams.x'],
    ['metrics', { ...state, metrics: { ...(state['metrics'] as JsonObject), distributions: [] } }, 'metrics'],
  ];
  for (const [, value, path] of cases) {
    const found = restoreSim(value);
    expect(found.ok ? undefined : found.error[0].path).toBe(path);
  }
});
