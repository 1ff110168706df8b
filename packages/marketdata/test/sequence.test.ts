import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NONE } from '@truetape/contracts';
import {
  createSequence,
  giveUpWaiting,
  offerMessage,
  offerSnapshot,
  type SequenceRules,
} from '@truetape/marketdata';
import { checkProperty, seeds } from './property.ts';

type Message = readonly [U: number, u: number, pu: number];

/** What becomes of messages behind a snapshot. */
function steps(rules: SequenceRules, snapshotId: number, messages: readonly Message[]): string[] {
  const sequence = createSequence(rules);
  offerSnapshot(sequence, snapshotId, NONE);
  return messages.map(([U, u, pu]) => offerMessage(sequence, U, u, rules === 'spot' ? NONE : pu));
}

describe('spot: U ≤ L+1 ≤ u, then U = previous u + 1; L = 100', () => {
  test.each<[string, readonly Message[], string[]]>([
    ['ends at L: old', [[90, 100, 0]], ['drop']],
    ['spans L+1', [[95, 105, 0]], ['apply']],
    ['begins at L+1', [[101, 105, 0]], ['apply']],
    ['begins behind L+1', [[102, 105, 0]], ['gap']],
    [
      'in sequence',
      [
        [101, 105, 0],
        [106, 106, 0],
        [107, 120, 0],
      ],
      ['apply', 'apply', 'apply'],
    ],
    [
      'one missing',
      [
        [101, 105, 0],
        [107, 110, 0],
        [111, 112, 0],
      ],
      ['apply', 'gap', 'doubt'],
    ],
    [
      'repeated',
      [
        [101, 105, 0],
        [101, 105, 0],
        [106, 107, 0],
      ],
      ['apply', 'drop', 'apply'],
    ],
    [
      'overlapping',
      [
        [101, 105, 0],
        [104, 107, 0],
      ],
      ['apply', 'gap'],
    ],
  ])('%s', (_name, messages, expected) => {
    expect(steps('spot', 100, messages)).toEqual(expected);
  });
});

describe('futures: drop u < L, first U ≤ L ≤ u, then pu = previous u; L = 100', () => {
  test.each<[string, readonly Message[], string[]]>([
    ['ends before L: old', [[90, 99, 80]], ['drop']],
    ['ends at L', [[90, 100, 80]], ['apply']],
    ['spans L', [[95, 105, 90]], ['apply']],
    ['begins at L', [[100, 105, 90]], ['apply']],
    [
      'ends at L, and the next names it',
      [
        [90, 100, 80],
        [104, 110, 100],
      ],
      ['apply', 'apply'],
    ],
    ['continues L, whose message was never seen', [[104, 110, 100]], ['apply']],
    ['L lies between two messages', [[104, 110, 97]], ['apply']],
    ['continues something behind L', [[104, 110, 102]], ['gap']],
    [
      'in sequence, ids skip',
      [
        [95, 105, 90],
        [120, 130, 105],
      ],
      ['apply', 'apply'],
    ],
    [
      'one missing',
      [
        [95, 105, 90],
        [120, 130, 110],
        [131, 140, 130],
      ],
      ['apply', 'gap', 'doubt'],
    ],
    [
      'repeated',
      [
        [95, 105, 90],
        [95, 105, 90],
        [106, 107, 105],
      ],
      ['apply', 'drop', 'apply'],
    ],
  ])('%s', (_name, messages, expected) => {
    expect(steps('futures', 100, messages)).toEqual(expected);
  });
});

test('messages wait for the first snapshot; whoever gives up goes on in doubt until one comes', () => {
  const sequence = createSequence('futures');
  expect(offerMessage(sequence, 1, 5, 0)).toBe('buffer');
  giveUpWaiting(sequence);
  expect(offerMessage(sequence, 6, 9, 5)).toBe('doubt');
  expect(offerSnapshot(sequence, 8, 5)).toBe(true);
  expect(offerMessage(sequence, 6, 9, 5)).toBe('apply');
  expect(sequence).toMatchObject({ phase: 'live', bridged: 1, gaps: 0 });
});

test('a gap tells what was expected and what came', () => {
  const spot = createSequence('spot');
  offerSnapshot(spot, 100, NONE);
  offerMessage(spot, 103, 104, NONE);
  expect(spot).toMatchObject({ gaps: 1, expectedId: 101, receivedId: 103 });
  const futures = createSequence('futures');
  offerSnapshot(futures, 100, NONE);
  offerMessage(futures, 103, 104, 102);
  expect(futures).toMatchObject({ gaps: 1, expectedId: 100, receivedId: 102 });
});

test('a snapshot that a live book has outgrown is refused; an uncertain book takes any', () => {
  const sequence = createSequence('spot');
  offerSnapshot(sequence, 100, NONE);
  offerMessage(sequence, 101, 105, NONE);
  expect(offerSnapshot(sequence, 100, 101)).toBe(false);
  expect(sequence).toMatchObject({ phase: 'live', lastId: 105 });
  expect(offerSnapshot(sequence, 101, 101)).toBe(true);
  offerMessage(sequence, 105, 106, NONE);
  expect(sequence.phase).toBe('uncertain');
  expect(offerSnapshot(sequence, 100, 105)).toBe(true);
});

const widths = fc.array(fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 0, max: 3 })), {
  minLength: 2,
  maxLength: 12,
});

/** Messages in sequence; those of futures leave ids out between them. */
function chain(rules: SequenceRules, from: readonly (readonly [number, number])[]): Message[] {
  let last = 1000;
  return from.map(([width, skipped]) => {
    const U = last + 1 + (rules === 'futures' ? skipped : 0);
    const message: Message = [U, U + width - 1, last];
    last = U + width - 1;
    return message;
  });
}

describe.each<SequenceRules>(['spot', 'futures'])('%s, against what the ids mean', (rules) => {
  // Fails when a bridging rule loses a message, or finds a gap where there is none: the endless resync.
  test.each(seeds(21))(
    'a snapshot at any id within a whole stream bridges, and no gap follows (seed %s)',
    (seed) => {
      checkProperty(
        seed,
        fc.property(widths, fc.nat({ max: 80 }), (from, offset) => {
          const messages = chain(rules, from);
          const end = messages.at(-1)?.[1] ?? 0;
          const snapshotId = 1000 + (offset % (end - 1000 + 1));
          const taken = steps(rules, snapshotId, messages);
          expect(taken).not.toContain('gap');
          messages.forEach(([, u], at) => {
            // Dropped is exactly what the snapshot contains; at u = L the futures rule keeps a harmless repeat.
            if (u < snapshotId) expect(taken[at]).toBe('drop');
            else if (u > snapshotId) expect(taken[at]).toBe('apply');
          });
        }),
      );
    },
  );

  // Fails when a lost message goes unnoticed.
  test.each(seeds(22))('a message lost behind the first is a gap at the next (seed %s)', (seed) => {
    checkProperty(
      seed,
      fc.property(widths, fc.nat(), (from, pick) => {
        const messages = chain(rules, [...from, [1, 0]]);
        const lost = 1 + (pick % (messages.length - 2));
        const taken = steps(rules, 1000, messages.toSpliced(lost, 1));
        expect(taken.indexOf('gap')).toBe(lost);
      }),
    );
  });
});
