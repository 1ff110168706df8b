import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { FLAG_NAMES, LAYOUTS, VOCABULARIES, codeOfName, nameOfCode, priorityOf } from '@truetape/contracts';
import type { KindLayout, Vocabulary, VocabularyName } from '@truetape/contracts';
import { generatedFiles } from '../tools/generate.ts';
import { CONTRACT, CONTRACT_CODES } from './contract-table.ts';
import type { ContractKind } from './contract-table.ts';

type Word = KindLayout['definition']['base'][number];

function spelled(word: Word): string {
  if (word.form === 'scalar') return `${word.name}:${word.type}${word.optional ? '?' : ''}`;
  return `{${word.parts.map(({ name, bits }) => `${name === '' ? '0' : name}:${bits}`).join(' ')}}`;
}

function spelledRule(rule: NonNullable<KindLayout['definition']['rules']>[number]): string {
  switch (rule.form) {
    case 'sided':
      return 'side';
    case 'oneOf':
      return rule.fields.join('^');
    case 'zeroWithout':
      return `${rule.field}<${rule.other}`;
    case 'own':
      return `${rule.name}()`;
  }
}

function asContract({ definition }: KindLayout): ContractKind {
  const { code, name, status, priority, base, tail, payload, rules = [] } = definition;
  return {
    head: `${code.toString(16).padStart(2, '0')} ${name} ${status} ${priority}`,
    base: base.map(spelled).join(' '),
    tail: tail.map(spelled).join(' '),
    payload: payload === undefined ? '' : `${payload.name}:${payload.type} ${payload.lengthPart}`,
    rules: rules.map(spelledRule).join(' '),
  };
}

/** Keys that the text and JSON forms of an event use for themselves. */
const RESERVED_NAMES = new Set(
  'seq timeNs kind instrument source flags side ext hex body flagsByte causeTape'.split(' '),
);

const vocabularies = Object.entries<Vocabulary>(VOCABULARIES);
const byKind = LAYOUTS.map((layout) => [layout.name, layout] as const);

describe('kinds', () => {
  // Fails when a field moves, changes its type, width or absence, or when a kind changes its code, status or priority.
  test('CONTRACTS-1: are the text of the contracts, word by word', () => {
    expect(LAYOUTS.map(asContract)).toEqual(CONTRACT);
  });

  test('have unique names and rising codes', () => {
    const codes = LAYOUTS.map(({ code }) => code);
    expect(codes).toEqual([...new Set(codes)].sort((a, b) => a - b));
    expect(new Set(LAYOUTS.map(({ name }) => name)).size).toBe(LAYOUTS.length);
    // 0 is corruption, 0xf0 and above experiments that are never released.
    expect(codes.every((code) => code > 0 && code < 0xf0)).toBe(true);
  });

  test('of another build come last among events of one time', () => {
    expect(priorityOf(0x5f)).toBe(11);
    expect(priorityOf(0x30)).toBe(4);
  });
});

describe.each(byKind)('%s', (_name, layout) => {
  const { definition } = layout;
  const words = [...definition.base, ...definition.tail];

  test('has whole words', () => {
    for (const word of words) {
      if (word.form !== 'pack') continue;
      expect(word.parts.reduce((bits, part) => bits + part.bits, 0)).toBe(64);
      let shift = 0;
      for (const { name, bits } of word.parts) {
        // A named field never straddles the halves, which the codec reads one by one.
        if (name !== '') expect(shift >>> 5).toBe((shift + bits - 1) >>> 5);
        shift += bits;
      }
    }
  });

  test('has unique names that no form uses for itself', () => {
    const names = layout.fields.map(({ name }) => name);
    if (definition.payload !== undefined) names.push(definition.payload.name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => RESERVED_NAMES.has(name))).toEqual([]);
    expect(names.filter((name) => !/^[a-z][A-Za-z0-9]*$/.test(name))).toEqual([]);
    // The parser of text keeps the keys it saw in the bits of one number.
    expect(names.length).toBeLessThan(31);
  });

  test('has a payload or a tail, and a length field for a payload', () => {
    if (definition.payload === undefined) expect(layout.payload).toBeUndefined();
    else {
      expect(definition.tail).toEqual([]);
      expect(layout.payload?.lengthField).toMatchObject({ type: 'u', bits: 32, tail: false });
    }
  });

  test('has tail words with a default that a reader can tell', () => {
    // A time that may not be absent has no default, and neither has a required reference, hash or amount.
    for (const word of definition.tail) {
      if (word.form === 'scalar' && !word.optional) expect(['n', 'q']).toContain(word.type);
    }
  });

  test('CONTRACTS-2: names its cause in W2, in the families that follow causes', () => {
    const { code } = layout;
    const follows = (code >= 0x10 && code <= 0x2f) || (code >= 0x50 && code <= 0x8f);
    const first = layout.fields.find(({ word }) => word === 2);
    if (follows) expect(first).toMatchObject({ name: 'cause', type: 'ref', optional: true, tail: false });
    const causes = layout.fields.filter(({ type }) => type === 'ref');
    expect(causes.every(({ word, name }) => word === 2 && name === 'cause')).toBe(true);
  });

  test('has a place for every field in its fixed part', () => {
    for (const field of layout.fields) {
      expect(field.word).toBeGreaterThanOrEqual(2);
      expect(field.word + field.words).toBeLessThanOrEqual(layout.fullWords);
      expect(field.tail).toBe(field.word >= layout.baseWords);
    }
    expect(layout.ends[0]).toBe(layout.baseWords);
    expect(layout.ends.at(-1)).toBe(layout.fullWords);
  });
});

describe('vocabularies', () => {
  test('CONTRACTS-1: have the codes of the contracts', () => {
    const codes = vocabularies
      .filter(([name]) => name in CONTRACT_CODES)
      .map(([name, { names }]) => [name, names.map(([code, text]) => `${code} ${text}`).join(' ')]);
    expect(Object.fromEntries(codes)).toEqual(CONTRACT_CODES);
  });

  test('are closed where an unknown value could not be acted on, and nowhere else', () => {
    const closed = vocabularies.filter(([, { closed }]) => closed).map(([name]) => name);
    expect(closed.sort()).toEqual(['cancelScope', 'orderType', 'side', 'stp', 'table', 'tif']);
  });

  test('list the reject codes in their order of precedence', () => {
    expect(
      VOCABULARIES.rejectCode.names
        .map(([, name]) => name)
        .slice(0, 9)
        .join(' '),
    ).toBe(
      'badQty badPrice unknownInstrument duplicateId unknownOrder notOwner wouldCross wouldNotFill capacity',
    );
  });

  test.each(vocabularies)('%s has unique names that text writes bare', (name, { closed, names }) => {
    expect(new Set(names.map(([, text]) => text)).size).toBe(names.length);
    for (const [code, text] of names) {
      expect(text).toMatch(/^[A-Za-z][A-Za-z0-9]*$/);
      expect(nameOfCode(name as VocabularyName, code)).toBe(text);
      expect(codeOfName(name as VocabularyName, text)).toBe(code);
    }
    // The checker compares with the number of names, which holds only for codes without a gap.
    if (closed) expect(names.map(([code]) => code)).toEqual(names.map((_, index) => index + 1));
  });

  test('print an unknown code so that it reads back, and only in one way', () => {
    expect(nameOfCode('condition', 57)).toBe('#57');
    expect(codeOfName('condition', '#57')).toBe(57);
    expect(codeOfName('condition', '#65535')).toBe(65535);
    const refused = ['#1', '#0', '#057', '#65536', '#', '57', '#5x', '', 'Normal', '#-1', '#1e2'];
    expect(refused.filter((name) => codeOfName('condition', name) !== undefined)).toEqual([]);
  });

  test('fit the fields that hold their codes', () => {
    for (const { fields } of LAYOUTS) {
      for (const { vocabulary, bits } of fields) {
        if (vocabulary === undefined) continue;
        const top = Math.max(0, ...VOCABULARIES[vocabulary].names.map(([code]) => code));
        expect(top).toBeLessThan(2 ** bits);
      }
    }
  });
});

test('flags have one bit each, and leave the side and the reserved bit alone', () => {
  expect(FLAG_NAMES).toEqual([
    [1, 'LAST'],
    [2, 'SNAPSHOT'],
    [4, 'BAD_BOOK'],
    [8, 'BAD_TIME'],
    [64, 'INFERRED'],
  ]);
});

// Fails when a declaration or a generator changes without `npm run generate`.
test.each([...generatedFiles()])('CONTRACTS-3: %s is what the declarations generate', (path, text) => {
  expect(readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')).toBe(text);
});
