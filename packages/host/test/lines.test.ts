import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InputError, splitLines, type LineBlock } from '@truetape/host';

async function* cut(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let from = 0;
  for (let at = 0; from < bytes.length; at++) {
    yield bytes.subarray(from, from + sizes[at % sizes.length]);
    from += sizes[at % sizes.length];
  }
}

async function blocks(
  text: string | Uint8Array,
  sizes: readonly number[],
  lineBytesMax?: number,
): Promise<LineBlock[]> {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  const limit = lineBytesMax === undefined ? {} : { lineBytesMax };
  const read: LineBlock[] = [];
  for await (const block of splitLines(cut(bytes, sizes), { path: 'x', ...limit })) read.push(block);
  return read;
}

async function lines(text: string | Uint8Array, sizes: readonly number[] = [1000]): Promise<string[]> {
  return (await blocks(text, sizes)).flatMap((block) => block.lines);
}

async function errorOf(reading: Promise<unknown>): Promise<InputError> {
  try {
    await reading;
  } catch (error) {
    if (error instanceof InputError) return error;
  }
  throw new Error('no InputError');
}

test.each([
  ['', []],
  ['\n', ['']],
  ['a', ['a']],
  ['a\n', ['a']],
  ['a\nb', ['a', 'b']],
  ['a\r\nb\r\n', ['a', 'b']],
  ['a\r', ['a']],
  ['a\n\n\nb\n', ['a', '', '', 'b']],
  ['\uFEFFa\nb\n', ['a', 'b']],
  ['ä\n币安\n😀\n', ['ä', '币安', '😀']],
])('%j', async (text, expected) => {
  for (const sizes of [[1], [2, 3], [1000]]) expect(await lines(text, sizes)).toEqual(expected);
});

// Fails when a line, a byte of a character or a number is lost at a border between chunks.
test('any text in any cut: the same lines, numbered from 1 without a hole', async () => {
  const piece = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('\n', '\r\n', '\n\n', 'x'));
  await fc.assert(
    fc.asyncProperty(
      fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join('').replaceAll('\uFEFF', '')),
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 4 }),
      async (text, sizes) => {
        const whole = text.endsWith('\n') || text === '' ? text.slice(0, -1) : text;
        const expected = text === '' ? [] : whole.split('\n').map((line) => line.replace(/\r$/, ''));
        const read = await blocks(text, sizes);
        expect(read.flatMap((block) => block.lines)).toEqual(expected);
        let next = 1;
        for (const { firstLine, lines: some } of read) {
          expect(firstLine).toBe(next);
          expect(some.length).toBeGreaterThan(0);
          next += some.length;
        }
      },
    ),
    { seed: 71, numRuns: 300 },
  );
});

describe('a line beyond the cap', () => {
  test.each([[[1]], [[7]], [[1000]]])('is an error with its number, in chunks of %j', async (sizes) => {
    const error = await errorOf(blocks('1234\n12345\n123456\n', sizes, 5));
    expect([error.code, error.line]).toEqual(['lineTooLong', 3]);
    expect((await blocks('12345\r\n12345', sizes, 6)).flatMap((block) => block.lines)).toEqual([
      '12345',
      '12345',
    ]);
  });

  test('is found before it is held', async () => {
    let given = 0;
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) {
        given += 1000;
        yield Buffer.alloc(1000, 'x');
      }
    }
    const reading = (async () => {
      for await (const block of splitLines(endless(), { path: 'x', lineBytesMax: 50_000 })) {
        throw new Error(`${block.firstLine}`);
      }
    })();
    expect((await errorOf(reading)).line).toBe(1);
    expect(given).toBeLessThan(60_000);
  });
});

test('what is no UTF-8 is an error with its line', async () => {
  const bytes = Buffer.concat([Buffer.from('ä\nb\n'), Buffer.from([0xc3, 0x28, 0x0a]), Buffer.from('c\n')]);
  for (const sizes of [[1], [1000]]) {
    const error = await errorOf(blocks(bytes, sizes));
    expect([error.code, error.line]).toEqual(['badText', 3]);
  }
});
