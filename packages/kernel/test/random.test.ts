import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createStream, restoreStream, type RandomStream } from '@truetape/kernel';
import { checkProperty, seeds } from './property.ts';

function draws(stream: RandomStream, count: number): number[] {
  return Array.from({ length: count }, () => stream.uint32());
}

const streams = fc.tuple(fc.oneof(fc.string(), fc.maxSafeInteger()), fc.string());

// Fails when a draw is no multiple of 2^-32, or next and uint32 are different draws.
test.each(seeds(71))('next is uint32 / 2^32, below 1 (seed %s)', (seed) => {
  checkProperty(
    seed,
    fc.property(streams, ([seed, name]) => {
      const doubles = createStream(seed, name);
      for (const value of draws(createStream(seed, name), 20)) {
        expect(Number.isInteger(value) && value >= 0 && value < 2 ** 32).toBe(true);
        expect(doubles.next()).toBe(value / 2 ** 32);
      }
    }),
    200,
  );
});

// Fails when a state leaves a word out, or goes through a lossy form.
test.each(seeds(72))('a saved stream continues exactly, through JSON (seed %s)', (seed) => {
  checkProperty(
    seed,
    fc.property(streams, fc.nat(50), ([seed, name], skipped) => {
      const stream = createStream(seed, name);
      draws(stream, skipped);
      const restored = restoreStream(JSON.parse(JSON.stringify(stream.save())));
      if (!restored.ok) throw new Error(restored.error.field);
      expect(restored.value.save()).toEqual(stream.save());
      expect(draws(restored.value, 20)).toEqual(draws(stream, 20));
    }),
    200,
  );
});

describe('derivation', () => {
  test('the same seed and name give the same stream; a number is its decimal text', () => {
    expect(draws(createStream(12, 'x'), 5)).toEqual(draws(createStream('12', 'x'), 5));
  });

  // Fails without the length in front.
  test('a seed and a name do not run together', () => {
    expect(createStream('1', '2x').save()).not.toEqual(createStream('12', 'x').save());
    expect(createStream('', '1x').save()).not.toEqual(createStream('1', 'x').save());
    expect(createStream('1', '1:x').save()).not.toEqual(createStream('1:1', 'x').save());
    expect(createStream('a', '').save()).not.toEqual(createStream('', 'a').save());
  });

  test('a stream is not shifted by the draws of another', () => {
    const alone = draws(createStream(1, 'maker'), 5);
    const stream = createStream(1, 'maker');
    draws(createStream(1, 'taker'), 3);
    expect(draws(stream, 5)).toEqual(alone);
  });

  test('saving draws nothing', () => {
    const stream = createStream(1, 'maker');
    stream.save();
    expect(draws(stream, 5)).toEqual(draws(createStream(1, 'maker'), 5));
  });

  // 10,000 neighbouring names: distinct states, and first draws spread evenly over 16 bins
  // (chi-square, 15 degrees of freedom: 37.7 is the 0.1 % point). Fails on a weak seeding.
  test.each([0, 1, 2])('neighbouring names are unrelated, draw %s', (skipped) => {
    const states = new Set<string>();
    const bins = new Float64Array(16);
    for (let agent = 0; agent < 10_000; agent++) {
      const stream = createStream(7, `agent-${agent}`);
      states.add(JSON.stringify(stream.save()));
      draws(stream, skipped);
      bins[stream.uint32() >>> 28]++;
    }
    expect(states.size).toBe(10_000);
    const chiSquare = bins.reduce((sum, held) => sum + (held - 625) ** 2 / 625, 0);
    expect(chiSquare).toBeLessThan(37.7);
  });

  test.each([0.5, NaN, 2 ** 53, Infinity])('KERNEL-7: refuses the number %s as a seed', (seed) => {
    expect(() => createStream(seed, 'x')).toThrow('KERNEL-7');
  });
});

describe('nextInt', () => {
  // Fails when the buckets are unequal: at this bound a plain modulo or multiplication favours a third
  // of the values by one half (2^32 = 1.5 × bound − a little).
  test('is even where 2^32 is far from a multiple of the bound', () => {
    const bound = 2863311530;
    const stream = createStream(1, 'even');
    const thirds = [0, 0, 0];
    for (let count = 0; count < 30_000; count++) thirds[Math.floor((stream.nextInt(bound) * 3) / bound)]++;
    for (const held of thirds) expect(Math.abs(held - 10_000)).toBeLessThan(400);
  });

  test('reaches both ends and nothing beyond', () => {
    const stream = createStream(1, 'ends');
    const seen = new Set(Array.from({ length: 1000 }, () => stream.nextInt(6)));
    expect([...seen].toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(stream.nextInt(1)).toBe(0);
  });

  // A bound of 2^32 takes the draw as it is; a bound of 1 still draws once.
  test('costs one draw where nothing is rejected', () => {
    const a = createStream(1, 'cost');
    const b = createStream(1, 'cost');
    expect(a.nextInt(2 ** 32)).toBe(b.uint32());
    a.nextInt(1);
    b.uint32();
    expect(a.save()).toEqual(b.save());
  });

  test.each(seeds(73))('stays below its bound (seed %s)', (seed) => {
    checkProperty(
      seed,
      fc.property(fc.integer({ min: 1, max: 2 ** 32 }), fc.nat(), (bound, seed) => {
        const stream = createStream(seed, 'bound');
        for (let count = 0; count < 20; count++) {
          const value = stream.nextInt(bound);
          expect(Number.isInteger(value) && value >= 0 && value < bound).toBe(true);
        }
      }),
    );
  });

  test.each([0, -1, 1.5, 2 ** 32 + 1, NaN, Infinity])('KERNEL-6: refuses bound %s', (bound) => {
    expect(() => createStream(1, 'x').nextInt(bound)).toThrow('KERNEL-6');
  });
});

describe('restoreStream', () => {
  const state = createStream(1, 'x').save();
  test.each([
    ['state', null],
    ['state', 7],
    ['state', undefined],
    ['algorithm', {}],
    ['algorithm', { ...state, algorithm: 'arc4' }],
    ['s0', { ...state, s0: undefined }],
    ['s0', { ...state, s0: -1 }],
    ['s0', { ...state, s0: '5' }],
    ['s1', { ...state, s1: 0.5 }],
    ['s1', { ...state, s1: 2 ** 32 }],
    ['s2', { ...state, s2: NaN }],
    ['s2', { ...state, s2: null }],
    ['s3', { ...state, s3: -0.5 }],
    ['state', { ...state, s0: 0, s1: 0, s2: 0, s3: 0 }],
  ])('names %s as bad', (field, bad) => {
    expect(restoreStream(bad)).toEqual({ ok: false, error: { kind: 'badRandomState', field } });
  });

  test('takes a state of one bit, and moves on', () => {
    const restored = restoreStream({ ...state, s0: 1, s1: 0, s2: 0, s3: 0 });
    if (!restored.ok) throw new Error(restored.error.field);
    expect(new Set(draws(restored.value, 100)).size).toBeGreaterThan(60);
  });
});
