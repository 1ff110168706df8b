import { expect, test } from 'vitest';
import { createStream } from '@truetape/kernel';

// Every committed tape and golden depends on these draws. A change here is a change of every simulated
// run: it needs a decision record, never a new expectation alone.
test.each([
  [1, 'maker', [617369497, 1290467584, 2516618593, 2135163937, 2950190449, 1514469629]],
  [42, 'taker', [3056884254, 1846098538, 1904483892, 1987054783, 2828780157, 811551249]],
  ['a long seed: ünïcödé 🜁', '', [1277741941, 3660645689, 4007561792, 1412026280, 3716154928, 833353605]],
])('the draws of seed %j, name %j', (seed, name, expected) => {
  const stream = createStream(seed, name);
  expect(Array.from({ length: 6 }, () => stream.uint32())).toEqual(expected);
});

test('the bounded draws and the state after them', () => {
  const stream = createStream(1, 'maker');
  expect([2, 6, 100, 1_000_003, 3_000_000_000].map((bound) => stream.nextInt(bound))).toEqual([
    0, 1, 58, 497_243, 2_950_190_449,
  ]);
  expect(stream.save()).toEqual({
    algorithm: 'alea',
    s0: 2516618593,
    s1: 2135163937,
    s2: 2950190449,
    carry: 628454,
  });
});
