import { expect, test } from 'vitest';
import type { JsonObject } from '@truetape/contracts';
import {
  configJsonSchema,
  DEFAULT_CONFIG,
  parseConfig,
  PRESET_NAMES,
  PRESETS,
  setPath,
} from '@truetape/orderflow';

const plain = (value: unknown): JsonObject => JSON.parse(JSON.stringify(value)) as JsonObject;

function problemsOf(...assignments: string[]): readonly { path: string; problem: string }[] {
  let config = plain(DEFAULT_CONFIG);
  for (const assignment of assignments) {
    const set = setPath(config, assignment);
    if (!set.ok) return [set.error];
    config = set.value;
  }
  const parsed = parseConfig(config);
  return parsed.ok ? [] : parsed.error;
}

// Fails when a preset has a value that its own schema refuses, or the schema drops one.
test.each(PRESET_NAMES)('preset %s passes its schema unchanged', (name) => {
  expect(parseConfig(plain(PRESETS[name]))).toEqual({ ok: true, value: plain(PRESETS[name]) });
});

// Fails when the check stops at the first problem, or a path is lost.
test('every problem is told, with its path', () => {
  const found = problemsOf(
    'agents.noise.count=0',
    'queue.capasity=5',
    'symbols.SIM.priceStep="x"',
    'tickNs=0.5',
  );
  expect(found.map(({ path }) => path).sort()).toEqual([
    'agents.noise.count',
    'queue.capasity',
    'symbols.SIM.priceStep',
    'tickNs',
  ]);
});

// Fails when a wrong value hides what is wrong beside it, or a check looks at a member that has not its shape.
test('relations are told beside values that are wrong', () => {
  const found = problemsOf(
    'tickNs=x',
    'agents=1',
    'startRegime=storm',
    'script=0',
    'faults.dropPpm=1000001',
    'x=1',
  );
  expect(found.map(({ path }) => path).sort()).toEqual([
    'agents',
    'faults.dropPpm',
    'script',
    'startRegime',
    'tickNs',
    'x',
  ]);
  for (const value of [undefined, null, 5, [], 'x', {}]) expect(parseConfig(value).ok).toBe(false);
});

// Fails when names are not held against each other.
test('relations between values', () => {
  const found = problemsOf(
    'startRegime=storm',
    'script.0={"atNs":5,"regime":"nowhere"}',
    'script.1={"atNs":5,"regime":"calm"}',
    'thresholds.0={"measure":"queueDepth","above":1,"regime":"none","holdNs":0}',
    'thresholds.1={"measure":"topLots","regime":"calm","holdNs":0}',
    'thresholds.2={"measure":"topLots","above":1,"below":1,"regime":"calm","holdNs":0}',
    'scriptRepeatNs=5',
    'faults.dropPpm=600000',
    'faults.reorderPpm=600000',
    'symbols.SIM.qtyStep="0"',
    'agents.noise.count=1000',
  );
  expect(found.map(({ path }) => path).sort()).toEqual([
    'agents',
    'faults',
    'script.0.regime',
    'script.1.atNs',
    'scriptRepeatNs',
    'startRegime',
    'symbols.SIM.qtyStep',
    'thresholds.0.regime',
    'thresholds.1',
    'thresholds.2',
  ]);
  expect(problemsOf('symbols={}').map(({ path }) => path)).toEqual(['symbols', 'agents']);
});

// Fails when a set reaches another value, changes its argument, or takes a path that leads nowhere.
test('--set changes one value and nothing else', () => {
  const before = plain(DEFAULT_CONFIG);
  const set = setPath(before, 'agents.noise.intervalNs=7');
  expect(before).toEqual(plain(DEFAULT_CONFIG));
  const { noise } = DEFAULT_CONFIG.agents;
  const agents = { ...DEFAULT_CONFIG.agents, noise: { ...noise, intervalNs: 7 } };
  expect(set).toEqual({ ok: true, value: plain({ ...DEFAULT_CONFIG, agents }) });
  expect(setPath({ a: [1] }, 'a.1=x=y')).toEqual({ ok: true, value: { a: [1, 'x=y'] } });
  expect(setPath({}, 'a.b=[1]')).toEqual({ ok: true, value: { a: { b: [1] } } });
  for (const bad of ['a', '=1', 'a..b=1', 'n.x=1', 'a.3=1', 'a.-1=1'])
    expect({ bad, ...setPath({ a: [1], n: 5 }, bad) }).toMatchObject({ ok: false });
});

// Fails when a name of Object's own counts as a member.
test('names that objects have by themselves', () => {
  expect(problemsOf('startRegime=constructor')).toHaveLength(1);
  expect(setPath({}, 'constructor.x=1')).toEqual({ ok: true, value: { constructor: { x: 1 } } });
  // What the check of shapes leaves out in silence, a schema refuses.
  for (const path of ['symbols', 'agents', 'regimes', 'agents.noise', 'regimes.calm.rates'])
    expect(problemsOf(`${path}.__proto__={"count":3}`)).toEqual([
      { path: `${path}.__proto__`, problem: 'there is no such setting' },
    ]);
});

test('the JSON Schema is strict and names the types', () => {
  const schema = configJsonSchema();
  expect(schema).toMatchObject({ type: 'object', additionalProperties: false });
  expect(JSON.stringify(schema)).toContain('cancelBot');
});
