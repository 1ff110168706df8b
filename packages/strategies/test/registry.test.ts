import { expect, test } from 'vitest';
import { STRATEGIES, findStrategy } from '@truetape/strategies';

test('each strategy is found by its name, and no other', () => {
  for (const one of STRATEGIES) expect(findStrategy(one.name)).toBe(one);
  expect(new Set(STRATEGIES.map(({ name }) => name)).size).toBe(STRATEGIES.length);
  expect(findStrategy('martingale')).toBeUndefined();
});

test('each listens to something, or works by its timer alone', () => {
  const heard = STRATEGIES.map((one) => [
    one.name,
    Object.keys(one.listens(one.parameters.parse({}))).join(),
  ]);
  expect(heard).toEqual([
    ['market-maker', 'depth,others'],
    ['mean-reversion', 'bars'],
    ['momentum', 'bars'],
    ['twap', ''],
    ['vwap', ''],
  ]);
});

test('a mean reversion that would leave where it enters is refused, at its path', () => {
  const { parameters } = findStrategy('mean-reversion')!;
  const parsed = parameters.safeParse({ entryPermille: 500, exitPermille: 500 });
  expect(parsed.error?.issues[0].path).toEqual(['exitPermille']);
});
