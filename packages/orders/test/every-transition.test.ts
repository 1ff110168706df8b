import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  ORDER_EVENTS,
  ORDER_STATES,
  TRANSITIONS,
  apply,
  check,
  createTransition,
  findOrder,
  saveOrders,
} from '@truetape/orders';
import { generatedFiles } from '../tools/generate.ts';
import { EVERY_TRANSITION } from './generated/every-transition.ts';
import type { TransitionCase } from './generated/every-transition.ts';
import { ID, SETUPS, inputOf, prepare } from './setups.ts';
import type { Setup } from './setups.ts';

const root = join(import.meta.dirname, '../../..');

// Fails when the table is changed and `npm run generate` was not run: a change of the table is a diff of these files.
test.each([...generatedFiles()])('%s is what the table generates', (path, text) => {
  expect(readFileSync(join(root, path), 'utf8')).toBe(text);
});

test('every state meets every event, and every setup leads where it says', () => {
  expect(EVERY_TRANSITION).toHaveLength(ORDER_STATES.length * ORDER_EVENTS.length);
  for (const setup of SETUPS) expect(findOrder(prepare(setup), ID)?.state ?? 'New').toBe(setup.state);
  expect(new Set(SETUPS.map(({ state }) => state)).size).toBe(ORDER_STATES.length);
});

/** What a past offers, told by its path alone. */
function offers(need: NonNullable<TransitionCase['needs']>, { path }: Setup): boolean {
  const count = (name: string): number => path.filter((one) => one === name).length;
  const known = path.some((one) => one === 'accepted' || one === 'amended' || one.startsWith('fill'));
  switch (need) {
    case 'unaccepted':
      return !known;
    case 'accepted':
      return known;
    case 'cancelPending':
      return count('cancelRequest') > count('cancelRejected') + count('canceled');
    case 'replacePending':
      return count('replaceRequest') > count('replaceRejected') + count('replaced');
  }
}

/** States seen behind each cell, over all setups and variants. */
const seen = new Map<string, Set<string>>();

// ORDERS-2: fails when the code takes an event that the table lacks, leads elsewhere, or changes anything on an error.
describe.each(ORDER_STATES)('%s', (state) => {
  test.each(EVERY_TRANSITION.filter((one) => one.state === state))('$event', (one) => {
    const setups = SETUPS.filter((setup) => setup.state === state);
    let legal = 0;
    for (const setup of setups) {
      for (const input of variants(one)) {
        const orders = prepare(setup);
        const before = saveOrders(orders);
        const out = createTransition();
        const error = apply(orders, input, out);
        check(orders);
        if (one.to === undefined || (one.needs !== undefined && !offers(one.needs, setup))) {
          expect(error).toMatchObject({ code: one.error, state, event: one.event });
          expect(error?.why).not.toBe('');
          expect(saveOrders(orders)).toEqual(before);
          expect(out).toEqual(createTransition());
          continue;
        }
        // Numbers may be refused in a state that takes the event: then nothing changes either.
        if (error !== undefined) {
          expect(error.code).toBe('overfill');
          expect(saveOrders(orders)).toEqual(before);
          continue;
        }
        legal++;
        expect(one.to).toContain(out.to);
        expect(out).toMatchObject({ from: state, event: one.event, to: findOrder(orders, ID)?.state });
        const key = `${state} ${one.event}`;
        seen.set(key, (seen.get(key) ?? new Set()).add(out.to));
      }
    }
    expect(legal > 0).toBe(one.to !== undefined);
  });
});

/** Quantities decide between states: parts and wholes of what may remain. */
function variants({ event }: TransitionCase): ReturnType<typeof inputOf>[] {
  if (event === 'fill') return [1, 7, 10].map((qtyLots) => inputOf('fill', qtyLots));
  if (event === 'amended') {
    return [inputOf('amended'), { event, orderId: ID, qtyLots: 3 }, { event, orderId: ID, leavesLots: 1 }];
  }
  if (event === 'replaced') return [inputOf('replaced'), { event, orderId: ID, qtyLots: 3 }];
  return [inputOf(event)];
}

// Fails when a cell lists a state that nothing leads to: the table would promise what never happens.
test('every state that the table lists is reached', () => {
  const missing: string[] = [];
  for (const state of ORDER_STATES) {
    for (const [event, cell] of Object.entries(TRANSITIONS[state].legal)) {
      const reached = seen.get(`${state} ${event}`) ?? new Set();
      for (const to of cell.to) if (!reached.has(to)) missing.push(`${state} × ${event} → ${to}`);
    }
  }
  expect(missing).toEqual([]);
});
