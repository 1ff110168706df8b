// Controllers change the state and reach no event; the hot path reaches events and changes no state.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { controlView, createLab, SCENARIOS, stepLab } from '../src/index.ts';
import type { Control, ControlPlan, ControlView } from '../src/index.ts';

const SRC = join(import.meta.dirname, '..', 'src');
const sourceOf = (file: string): string => readFileSync(join(SRC, file), 'utf8');

/** Names that a file imports, by where from. */
function importsOf(text: string): Readonly<Record<string, readonly string[]>> {
  const found: Record<string, string[]> = {};
  for (const [, names, from] of text.matchAll(/(?:import|export) (?:type )?\{([^}]*)\} from '([^']*)'/g))
    (found[from] ??= []).push(
      ...names
        .split(',')
        .map((name) => name.trim())
        .filter((name) => name !== ''),
    );
  return found;
}

// Fails when control code imports a bus, a consumer, the hot path, or anything by another form of import.
test('the controllers import the lifecycle and nothing else', () => {
  const text = sourceOf('control.ts');
  expect(importsOf(text)).toEqual({
    '@truetape/kernel': ['LIFECYCLE', 'LifecycleControl', 'LifecycleState'],
  });
  expect(text.match(/\bimport\b/g)).toHaveLength(2);
  expect(text.match(/\b(?:require|globalThis|eval|Function)\b/g)).toBeNull();
});

// Fails when a component of the hot path can get hold of the control.
test('the hot path and the sink import of the lifecycle its view and its names', () => {
  for (const file of ['hot-path.ts', 'observer.ts', 'journal.ts', 'probes.ts']) {
    const names = importsOf(sourceOf(file))['@truetape/kernel'];
    expect(names.filter((name) => /lifecycle/i.test(name))).not.toContain('LifecycleControl');
    expect(names).not.toContain('createLifecycle');
    expect(sourceOf(file)).not.toMatch(/control\.ts/);
  }
});

type Primitive = number | boolean | string;
/** Members that are more than a number, a word or a sign; `never` when there are none. */
type Deep<T> = { [K in keyof T]: T[K] extends Primitive ? never : K }[keyof T];
/** Does not compile when controllers are shown more than that, or can be given more with their plan. */
const shallow: [Deep<ControlView>, Exclude<Deep<ControlPlan>, 'failures'>] extends [never, never]
  ? true
  : false = true;

test('what controllers are shown is frozen, and made of counts and signs', () => {
  expect(shallow).toBe(true);
  const lab = createLab(SCENARIOS['producer-heavy'], { observe: true });
  do {
    const view = controlView(lab);
    expect(Object.isFrozen(view)).toBe(true);
    expect(Object.values(view).every((value) => ['number', 'boolean'].includes(typeof value))).toBe(true);
    expect(() => Object.assign(view, { overruns: 0 })).toThrow(TypeError);
  } while (stepLab(lab));
});

/** All objects that can be reached from one by its properties, functions included. */
function reachable(from: unknown, seen: Set<object> = new Set()): ReadonlySet<object> {
  if ((typeof from !== 'object' && typeof from !== 'function') || from === null || seen.has(from))
    return seen;
  seen.add(from);
  for (const key of Reflect.ownKeys(from)) {
    const { value } = Object.getOwnPropertyDescriptor(from, key) as { value?: unknown };
    reachable(value, seen);
  }
  return seen;
}

// Fails when the controllers hold the bus, the journal or the path in any of their members.
test('nothing that controllers hold leads to a buffer, and nothing of the path to the control', () => {
  const lab = createLab(SCENARIOS['failure-recovery'], { observe: true });
  while (stepLab(lab));
  const ofControl = reachable(lab.control satisfies Control);
  expect([...ofControl].filter((one) => ArrayBuffer.isView(one) || one instanceof ArrayBuffer)).toEqual([]);
  for (const one of [lab.path, lab.path.bus, lab.path.consumer, lab.journal])
    expect(ofControl.has(one)).toBe(false);
  const ofPath = reachable([lab.path, lab.observer]);
  for (const one of [
    lab.control,
    lab.lifecycle,
    ...Object.values(lab.lifecycle).filter((value) => typeof value === 'function'),
  ])
    expect(ofPath.has(one)).toBe(false);
  expect(ofPath.has(lab.lifecycle.view)).toBe(true);
});
