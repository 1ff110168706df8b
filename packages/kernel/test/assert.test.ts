import { expect, test } from 'vitest';
import { assert, InvariantError } from '@truetape/kernel';

test('a broken invariant throws its id, with and without detail', () => {
  expect(() => assert(false, 'BOOK-3')).toThrow(new InvariantError('BOOK-3'));
  expect(() => assert(0, 'BOOK-3', 'a level is empty')).toThrow('BOOK-3: a level is empty');
  expect(() => assert(null, 'BOOK-3')).toThrow(
    expect.objectContaining({ invariant: 'BOOK-3', name: 'InvariantError' }),
  );
});

test('a condition that holds does nothing, and narrows the type', () => {
  const value: string | undefined = ['text'][0];
  assert(value !== undefined, 'BOOK-3');
  expect(value.length).toBe(4);
});
