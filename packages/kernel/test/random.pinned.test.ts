import { expect, test } from 'vitest';
import { createStream, restoreStream } from '@truetape/kernel';

// Every committed tape and golden depends on these draws. A change here is a change of every simulated
// run: it needs a decision record, never a new expectation alone.
test.each([
  [1, 'maker', [2799862336, 1548046419, 3215437700, 748340336, 1843588409, 3604349755]],
  [42, 'taker', [3483521451, 3449332072, 1132144373, 595244500, 4017738860, 2298439261]],
  ['a long seed: ünïcödé 🜁', '', [1324712873, 2205880213, 32665145, 3408233779, 834175346, 1474915317]],
])('the draws of seed %j, name %j', (seed, name, expected) => {
  const stream = createStream(seed, name);
  expect(Array.from({ length: 6 }, () => stream.uint32())).toEqual(expected);
});

test('the bounded draws and the state after them', () => {
  const stream = createStream(1, 'maker');
  expect([2, 6, 100, 1_000_003, 3_000_000_000].map((bound) => stream.nextInt(bound))).toEqual([
    1, 2, 74, 174_275, 1_843_588_409,
  ]);
  expect(stream.save()).toEqual({
    algorithm: 'xoshiro128**',
    s0: 46797852,
    s1: 3672971924,
    s2: 2600329223,
    s3: 1753049186,
  });
});

// From the authors' own C, by way of two other ports of it.
test.each([
  [
    [0x964d4a0c, 0xd40ab895, 0xad7fdecb, 0x3006f0f0],
    [0xf1391922, 0x6fe53806, 0xa5be2840, 0xf510ee70],
  ],
  [
    [1, 2, 3, 4],
    [11_520, 0, 5_927_040, 70_819_200],
  ],
])('the generator is xoshiro128** 1.1', ([s0, s1, s2, s3], expected) => {
  const stream = restoreStream({ algorithm: 'xoshiro128**', s0, s1, s2, s3 });
  if (!stream.ok) throw new Error(stream.error.field);
  const { value } = stream;
  expect(expected.map(() => value.uint32())).toEqual(expected);
});
