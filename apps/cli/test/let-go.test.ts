// A file that is read step by step is closed whatever ends the work.

import { describe, expect, test } from 'vitest';
import { lettingGo } from '../src/let-go.ts';

/** Numbers, and what happened to whoever gives them. */
function source(): { told: string[]; numbers: AsyncGenerator<number, void, undefined> } {
  const told: string[] = [];
  const numbers = (async function* (): AsyncGenerator<number, void, undefined> {
    try {
      for (let k = 0; ; k++) yield await Promise.resolve(k);
    } finally {
      told.push('closed');
    }
  })();
  return { told, numbers };
}

describe('a source', () => {
  test('is let go of when the work ends, with its result', async () => {
    const { told, numbers } = source();
    expect(await lettingGo(numbers, async (open) => [await open.next(), told.length])).toEqual([
      { done: false, value: 0 },
      0,
    ]);
    await Promise.resolve();
    expect(told).toEqual(['closed']);
  });

  test('is let go of when the work fails', async () => {
    const { told, numbers } = source();
    const failing = lettingGo(numbers, async (open) => {
      await open.next();
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(told).toEqual(['closed']);
  });

  test('that waits for its next value is not waited for', async () => {
    const never = (async function* (): AsyncGenerator<number, void, undefined> {
      await new Promise(() => undefined);
      yield 0;
    })();
    const left = lettingGo(never, async (open) => {
      void open.next();
      throw new Error('interrupted');
    });
    await expect(left).rejects.toThrow('interrupted');
  });
});
