// States that were damaged, or changed by hand: refused with a path, or run on. Nothing is an error of the program.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '@truetape/contracts';
import { createSim, restoreSim, runSim, saveSim, tapePort } from '@truetape/orderflow';
import type { SimConfig } from '@truetape/orderflow';
import { checkProperty, seeds } from './property.ts';
import { BASE, run } from './runs.ts';
import { tapeOf } from './tapes.ts';

/** Messages of all kinds are under way, and agents are blocked. */
const late = { delayNs: 3_000_000, jitterNs: 1_000_000 };
const CONFIG: SimConfig = {
  ...BASE,
  delays: { new: late, cancel: late, amend: late, report: late, market: late },
  queue: { capacity: 8, policy: 'block', serviceNs: 150_000 },
  faults: {
    duplicatePpm: 30_000,
    dropPpm: 30_000,
    reorderPpm: 200_000,
    handling: 'reorder',
    windowNs: 2_000_000,
  },
};
function stateUnderWay(): string {
  const { sim } = run(CONFIG, { events: 900 });
  const isUnderWay = (): boolean =>
    sim.blocked.length > 0 &&
    sim.queue.count > 0 &&
    (['commands', 'held', 'inbox'] as const).every((lane) =>
      sim.agents.some((agent) => agent[lane].count > 0),
    );
  for (let events = 901; !isUnderWay(); events++) runSim(sim, { events });
  return JSON.stringify(saveSim(sim));
}
const TEXT = stateUnderWay();
const fresh = (): JsonObject => JSON.parse(TEXT) as JsonObject;

/** The path of what is refused; undefined where the state is taken. It then runs on, onto a tape. */
function refused(state: JsonObject): string | undefined {
  let path: string | undefined;
  tapeOf((writer) => {
    const sim = restoreSim(state, tapePort(writer));
    if (sim.ok) runSim(sim.value, { events: sim.value.recorder.nextSeq + 300, steps: 20_000 });
    else [{ path }] = sim.error;
  });
  return path;
}

type Node = { [key: string]: JsonValue };

function changed(keys: readonly string[], value: JsonValue): JsonObject {
  const state = fresh();
  let node: Node = state;
  for (const key of keys.slice(0, -1)) node = node[key] as Node;
  expect(node).toHaveProperty([keys.at(-1)!]);
  node[keys.at(-1)!] = value;
  return state;
}

/** The first message of a lane with one half word changed. */
function bent(keys: readonly string[], half: number, word: number): JsonObject {
  const state = fresh();
  let node: Node = state;
  for (const key of keys) node = node[key] as Node;
  const words = node['words'] as number[];
  expect(words.length).toBeGreaterThan(0);
  words[half] = word;
  return state;
}

const NAN_HIGH = 0x7ff8_0000;
const holder = (lane: string): string => {
  const agents = Object.entries(
    fresh()['agents'] as { [name: string]: { [lane: string]: { due: number[] } } },
  );
  return agents.find(([, agent]) => agent[lane].due.length > 0)![0];
};

/** Path of the id of an order that an agent has. */
const OWN_ID = ((): string[] => {
  const agents = Object.entries(fresh()['agents'] as { [name: string]: { own: number[][] } });
  return ['agents', agents.find(([, { own }]) => own.length > 0)![0], 'own', '0', '0'];
})();

// Fails when a cell that is used as an index, a count or a price is taken as it stands.
test.each<[string, () => JsonObject, string]>([
  ['an account of the queue', () => bent(['queue'], 1, 1000), 'queue'],
  ['an instrument of the queue', () => bent(['queue'], 10, 2), 'queue'],
  ['a price of the queue', () => bent(['queue'], 5, NAN_HIGH), 'queue'],
  ['an operation', () => bent(['queue'], 0, 15), 'queue'],
  ['a number that was never given', () => bent(['queue'], 13, 0x4100_0000), 'queue'],
  ['an order of its own that was never given', () => changed(OWN_ID, 1e9 + 7), OWN_ID.slice(0, 3).join('.')],
  ['a number', () => bent(['queue'], 13, NAN_HIGH), 'queue'],
  ...['commands', 'held', 'inbox'].map((lane): [string, () => JsonObject, string] => {
    const name = holder(lane);
    return [lane, () => bent(['agents', name, lane], 5, NAN_HIGH), `agents.${name}.${lane}`];
  }),
  [
    'a kind of report',
    () => bent(['agents', holder('inbox'), 'inbox'], 0, 9),
    `agents.${holder('inbox')}.inbox`,
  ],
  ['market data', () => bent(['symbols', 'SIM', 'feed'], 1, NAN_HIGH), 'symbols.SIM'],
  ['what is seen', () => changed(['symbols', 'SIM', 'view', 'bidTicks'], 0.5), 'symbols.SIM'],
  ['ids without an end', () => changed(['clock', 'nextId'], Number.MAX_SAFE_INTEGER), 'clock.nextId'],
  ['ids from the beginning', () => changed(['clock', 'nextId'], 0), 'queue'],
  ['a seq before the Defines', () => changed(['clock', 'nextSeq'], 3), 'clock.nextSeq'],
  ['a beginning that was', () => changed(['started'], false), 'clock.nextSeq'],
  ['a script that is not there', () => changed(['sources', '0'], 9e14), 'sources.0'],
  ['a burst that is to come', () => changed(['clock', 'burstNs'], 9e14), 'clock.burstNs'],
  ['no burst', () => changed(['sources', '1'], -1), 'sources.1'],
  ['no steps of a value', () => changed(['sources', '2'], -1), 'sources.2'],
  ['news for nobody', () => changed(['sources', '3'], 9e14), 'sources.3'],
  [
    'more arrived than was sent',
    () => changed(['agents', 'maker/SIM/0', 'arrived'], 1e9),
    'agents.maker/SIM/0.arrived',
  ],
  ['no memory', () => changed(['agents', 'momentum/SIM/0', 'memory'], {}), 'agents.momentum/SIM/0.memory'],
])('%s', (_, state, path) => {
  expect(refused(fresh())).toBe(undefined);
  expect(refused(state())).toBe(path);
});

test('a stream that is missing is none that begins anew', () => {
  const state = fresh();
  const streams = { ...(state['streams'] as JsonObject) };
  delete streams['agent/noise/SIM/0/wake'];
  expect(refused({ ...state, streams })).toBe('streams');
  expect(
    refused(JSON.parse(JSON.stringify(saveSim(createSim({ config: CONFIG, seed: 7 })))) as JsonObject),
  ).toBe(undefined);
});

/** Paths of all leaves. */
function leavesOf(value: JsonValue, path: readonly string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [[...path]];
  return Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, [...path, key]));
}

const WORDS = [
  -1,
  0,
  1,
  0.5,
  1e15,
  4294967295,
  2147483648,
  2146959360,
  Number.MAX_SAFE_INTEGER,
  1e300,
  null,
  'x',
  true,
];

// Fails when any value at any place ends in an error of the program.
test.each(seeds(41))('one value changed anywhere is refused, or runs on (seed %s)', (seed) => {
  const parts = ['agents', 'agents', 'symbols', 'queue', 'clock', 'sources', 'blocked', 'metrics', 'started'];
  const leaves = new Map(parts.map((part) => [part, leavesOf(fresh()[part], [part])]));
  let taken = 0;
  checkProperty(
    seed,
    fc.property(fc.constantFrom(...parts), fc.nat(), fc.constantFrom(...WORDS), (part, at, word) => {
      const paths = leaves.get(part)!;
      if (paths.length === 0) return;
      const keys = paths[at % paths.length];
      const path = refused(changed(keys, word));
      if (path === undefined) taken += 1;
      else expect(path).not.toBe('');
    }),
    120,
  );
  expect(taken).toBeGreaterThan(10);
});
