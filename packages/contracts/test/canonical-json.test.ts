import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  JSON_DEPTH_MAX,
  canonicalJson,
  canonicalText,
  parseCanonicalJson,
  parseCanonicalObject,
} from '@truetape/contracts';
import { checkProperty, seeds } from './property.ts';

/** The code of an error, or the canonical text. */
function spoken(text: string): string {
  const parsed = parseCanonicalJson(text);
  return parsed.ok
    ? 'ok'
    : `${parsed.error.code}${parsed.error.path === '' ? '' : ` at ${parsed.error.path}`}`;
}

const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;

describe('CONTRACTS-9: a value has one text', () => {
  test.each([
    ['null', 'ok'],
    ['{}', 'ok'],
    ['""', 'ok'],
    ['[1,-1,0,9007199254740991,"x",true,{"a":[]}]', 'ok'],
    ['{"a":1,"b":2}', 'ok'],
    // Keys that JS puts first, in the order of their units.
    ['{"10":1,"9":2,"a":3}', 'ok'],
    ['{"9":2,"10":1}', 'notCanonical'],
    ['{"b":1,"a":2}', 'notCanonical'],
    // U+FB33 stands behind the surrogates of U+1F600 in units, and before it in code points.
    ['{"\ud83d\ude00":1,"\ufb33":2}', 'ok'],
    ['{"\ufb33":2,"\ud83d\ude00":1}', 'notCanonical'],
    ['{"__proto__":1}', 'ok'],
    ['{"":{"":""}}', 'ok'],
    // One member would be lost without a word.
    ['{"a":1,"a":1}', 'notCanonical'],
    ['{"a":1,"a":2}', 'notCanonical'],
    ['{ "a":1}', 'notCanonical'],
    ['{"a": 1}', 'notCanonical'],
    ['[1, 2]', 'notCanonical'],
    ['1\n', 'notCanonical'],
    ['\ufeff1', 'notJson'],
    ['-0', 'notCanonical'],
    ['1e3', 'notCanonical'],
    ['1.0', 'notCanonical'],
    ['0.5', 'notRepresentable'],
    ['{"a":[1,0.5]}', 'notRepresentable at a[1]'],
    ['9007199254740992', 'notRepresentable'],
    ['9007199254740993', 'notRepresentable'],
    ['1e999', 'notRepresentable'],
    ['"\\u0041"', 'notCanonical'],
    ['"\\/"', 'notCanonical'],
    ['"/"', 'ok'],
    ['"\\u001f\\n\\""', 'ok'],
    ['"\\u001F"', 'notCanonical'],
    ['"\\u000a"', 'notCanonical'],
    ['"\u007f\u2028€"', 'ok'],
    ['"\\ud800"', 'notRepresentable'],
    ['"\ud800"', 'notRepresentable'],
    ['{"\\ud800":1}', 'notRepresentable at \ud800'],
    ['{"a":{"b":["\\udc00"]}}', 'notRepresentable at a.b[0]'],
    ['', 'notJson'],
    ['{', 'notJson'],
    ['{"a":1,}', 'notJson'],
    ['01', 'notJson'],
    ['+1', 'notJson'],
    ['NaN', 'notJson'],
    ["'a'", 'notJson'],
    [nested(JSON_DEPTH_MAX), 'ok'],
    // The value within 64 brackets may itself be an empty pair.
    [nested(JSON_DEPTH_MAX + 1), 'ok'],
  ])('%s', (text, wanted) => {
    expect(spoken(text)).toBe(wanted);
  });

  test('deep nesting is refused and exhausts no stack', () => {
    expect(spoken(nested(JSON_DEPTH_MAX + 2))).toMatch(/^tooDeep at /);
    for (const depth of [1000, 100_000]) {
      expect(spoken(nested(depth))).toMatch(/^tooDeep at /);
      expect(spoken('['.repeat(depth))).toBe('notJson');
      expect(spoken('{"a":'.repeat(depth))).toBe('notJson');
      expect(spoken(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`)).toMatch(/^tooDeep at a\.a\.a/);
    }
  });

  test('an object is wanted where an object is needed', () => {
    for (const text of ['null', '[]', '1', '"a"', 'true']) {
      const parsed = parseCanonicalObject(text);
      expect(parsed.ok || parsed.error.code).toBe('notRepresentable');
    }
    expect(parseCanonicalObject('{"a":1}')).toEqual({ ok: true, value: { a: 1 } });
  });

  test('what has no text is an error, and a bug where a text was promised', () => {
    const cycle: Record<string, unknown> = {};
    cycle['a'] = cycle;
    const refused: readonly [unknown, string][] = [
      [undefined, 'notRepresentable'],
      [{ a: undefined }, 'notRepresentable'],
      [[undefined, 1], 'notRepresentable'],
      [Array.from({ length: 1 }), 'notRepresentable'],
      [1n, 'notRepresentable'],
      [Number.NaN, 'notRepresentable'],
      [Symbol('a'), 'notRepresentable'],
      [() => 1, 'notRepresentable'],
      [cycle, 'tooDeep'],
    ];
    for (const [value, code] of refused) {
      const text = canonicalJson(value);
      expect(text.ok || text.error.code).toBe(code);
    }
    expect(() => canonicalText(0.5)).toThrow(TypeError);
  });

  test('−0 is written as 0', () => {
    expect(canonicalText([-0])).toBe('[0]');
  });

  // Fails when the order of keys, an escape or a number depends on how the value was made.
  test.each(seeds(9))('whatever the order of its keys (seed %i)', (seed) => {
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom(null, true, false),
        fc.maxSafeInteger(),
        fc.string({ unit: 'binary' }),
        fc.array(tie('any'), { maxLength: 4 }),
        fc.dictionary(fc.oneof(fc.string({ unit: 'binary' }), fc.nat(12).map(String)), tie('any'), {
          maxKeys: 6,
        }),
      ),
    })).any;
    const reversed = (item: unknown): unknown => {
      if (Array.isArray(item)) return item.map(reversed);
      if (item === null || typeof item !== 'object') return item;
      return Object.fromEntries(
        Object.entries(item)
          .reverse()
          .map(([key, own]) => [key, reversed(own)]),
      );
    };
    checkProperty(
      seed,
      fc.property(value, (drawn) => {
        const text = canonicalJson(drawn);
        if (!text.ok) throw new Error(text.error.code);
        expect(canonicalJson(reversed(drawn))).toEqual(text);
        expect(parseCanonicalJson(text.value).ok).toBe(true);
        expect(canonicalJson(JSON.parse(text.value))).toEqual(text);
      }),
      500,
    );
  });
});
