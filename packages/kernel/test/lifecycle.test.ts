// Every change of state that there is, and none besides; what a view lets through.
import { expect, test } from 'vitest';
import { createLifecycle, LIFECYCLE, LIFECYCLE_TABLE } from '../src/index.ts';
import type { LifecycleControl, LifecycleState } from '../src/index.ts';

const { INIT, WARMUP, READY, DEGRADED, STOPPED } = LIFECYCLE;
const NAMES = ['', 'INIT', 'WARMUP', 'READY', 'DEGRADED', 'STOPPED'];

const REQUESTS: Readonly<Record<string, (control: LifecycleControl) => void>> = {
  start: (control) => control.start(),
  ready: (control) => control.ready(),
  raise: (control) => control.raise(1),
  clear: (control) => control.clear(1),
  stop: (control) => control.stop(),
};

/** A lifecycle in a state: how it came there is said by what it will go back to. */
function reach(path: readonly string[]): LifecycleControl {
  const control = createLifecycle();
  for (const request of path) REQUESTS[request](control);
  return control;
}

const PATHS = [
  [],
  ['start'],
  ['start', 'ready'],
  ['start', 'raise'],
  ['start', 'ready', 'raise'],
  ['start', 'ready', 'stop'],
  // Stopped with a trouble that nobody cleared.
  ['start', 'raise', 'stop'],
] as const;

// Fails when a change is added, lost, or goes elsewhere: this is the table, written down once more by hand.
test('KERNEL-42: each request in each state does what the table says, or throws', () => {
  const told = PATHS.flatMap((path) =>
    Object.entries(REQUESTS).map(([name, request]) => {
      const control = reach(path);
      const from = control.view.state;
      try {
        request(control);
      } catch (error) {
        expect(String(error)).toContain('KERNEL-42');
        expect(control.view.state).toBe(from);
        return `${NAMES[from]} ${name}: throws`;
      }
      return `${NAMES[from]} ${name}: ${NAMES[control.view.state]}`;
    }),
  );
  expect(told).toEqual([
    'INIT start: WARMUP',
    'INIT ready: throws',
    'INIT raise: throws',
    'INIT clear: INIT',
    'INIT stop: STOPPED',
    'WARMUP start: throws',
    'WARMUP ready: READY',
    'WARMUP raise: DEGRADED',
    'WARMUP clear: WARMUP',
    'WARMUP stop: STOPPED',
    'READY start: throws',
    'READY ready: throws',
    'READY raise: DEGRADED',
    'READY clear: READY',
    'READY stop: STOPPED',
    'DEGRADED start: throws',
    'DEGRADED ready: throws',
    'DEGRADED raise: DEGRADED',
    'DEGRADED clear: WARMUP',
    'DEGRADED stop: STOPPED',
    'DEGRADED start: throws',
    'DEGRADED ready: throws',
    'DEGRADED raise: DEGRADED',
    'DEGRADED clear: READY',
    'DEGRADED stop: STOPPED',
    'STOPPED start: throws',
    'STOPPED ready: throws',
    'STOPPED raise: throws',
    'STOPPED clear: STOPPED',
    'STOPPED stop: throws',
    'STOPPED start: throws',
    'STOPPED ready: throws',
    'STOPPED raise: throws',
    'STOPPED clear: STOPPED',
    'STOPPED stop: throws',
  ]);
});

// Fails when an entry is in the table that no request can take.
test('the table lists what requests can do and no more', () => {
  const seen = new Set<string>();
  for (const path of PATHS)
    for (const request of Object.values(REQUESTS)) {
      const control = reach(path);
      const from = control.view.state;
      try {
        request(control);
      } catch {
        continue;
      }
      if (control.view.state !== from) seen.add(`${from} ${control.view.state}`);
    }
  expect([...seen].sort()).toEqual(LIFECYCLE_TABLE.map(([from, to]) => `${from} ${to}`).sort());
  expect(new Set(LIFECYCLE_TABLE.flat())).toEqual(new Set([INIT, WARMUP, READY, DEGRADED, STOPPED]));
});

// Fails when the end of one trouble ends another, or the state from before is forgotten.
test('the last trouble that is cleared brings back the state from before the first', () => {
  const control = reach(['start']);
  const states: LifecycleState[] = [];
  const note = (changed: boolean): void => {
    states.push(control.view.state, Number(changed) as LifecycleState);
  };
  note(control.raise(1));
  note(control.raise(2));
  note(control.raise(2));
  note(control.clear(1));
  note(control.clear(1));
  note(control.clear(2));
  expect(states).toEqual([DEGRADED, 1, DEGRADED, 0, DEGRADED, 0, DEGRADED, 0, DEGRADED, 0, WARMUP, 1]);
  control.ready();
  control.raise(30);
  control.clear(30);
  expect(control.view.state).toBe(READY);
});

test('a trouble that is cleared behind the stop changes nothing', () => {
  const control = reach(['start', 'raise', 'stop']);
  expect([control.clear(1), control.view.state]).toEqual([false, STOPPED]);
});

test.each([0, 31, 1.5, NaN])('KERNEL-43: %s is no trouble', (trouble) => {
  const control = reach(['start']);
  expect(() => control.raise(trouble)).toThrow('KERNEL-43');
  expect(() => control.clear(trouble)).toThrow('KERNEL-43');
});

// Fails when a component can change the state, or finds the control through its view.
test('a view is frozen and has the state alone, and so is the control', () => {
  const control = reach(['start']);
  const { view } = control;
  expect(Object.isFrozen(control)).toBe(true);
  expect([Object.isFrozen(view), Reflect.ownKeys(view), Object.getPrototypeOf(view)]).toEqual([
    true,
    ['state'],
    Object.prototype,
  ]);
  expect(Object.getOwnPropertyDescriptor(view, 'state')).toMatchObject({ set: undefined });
  expect(() => Object.assign(view, { state: READY })).toThrow(TypeError);
  expect(view.state).toBe(WARMUP);
});
