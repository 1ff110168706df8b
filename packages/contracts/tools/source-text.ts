import type { Word } from '../src/definition.ts';
import { HEADER_WORDS, wordsOf } from '../src/layout.ts';
import type { Field, KindLayout } from '../src/layout.ts';

/** A declared word and its place in the record, counted from its start. */
export interface PlacedWord {
  readonly word: Word;
  readonly at: number;
  readonly end: number;
}

export function place(layout: KindLayout): { base: PlacedWord[]; tail: PlacedWord[] } {
  let at = HEADER_WORDS;
  const put = (word: Word): PlacedWord => {
    const placed = { word, at, end: at + wordsOf(word) };
    at = placed.end;
    return placed;
  };
  return { base: layout.definition.base.map(put), tail: layout.definition.tail.map(put) };
}

export const half = (at: number, half32 = 0): string => `i + ${at * 2 + half32}`;

/** Source text of a field's value in the record at `i`. */
export function getField(field: Field): string {
  const at = half(field.word);
  switch (field.type) {
    case 'n':
    case 'q':
    case 'id':
      return `getN(b, ${at})`;
    case 't':
      return `getT(b, ${at}, epoch)`;
    case 'm':
      return `getM(b, ${at})`;
    case 'hash':
      return `getHash(b, ${at})`;
    case 'ref':
      return `getRefSeq(b, ${at})`;
    case 'u': {
      const word = half(field.word, field.shift >= 32 ? 1 : 0);
      const shift = field.shift % 32;
      const shifted = shift === 0 ? `b.u32[${word}]` : `(b.u32[${word}] >>> ${shift})`;
      return field.bits === 32 ? `b.u32[${word}]` : `${shifted} & 0x${(2 ** field.bits - 1).toString(16)}`;
    }
  }
}

/** Source text of a function; an epoch that it has no use for gets the name of one. */

export function functionSource(signature: string, lines: readonly string[]): string {
  let named = signature;
  for (const parameter of ['epoch: Epoch', 'words: number']) {
    const name = parameter.slice(0, parameter.indexOf(':'));
    if (!lines.some((line) => new RegExp(`\\b${name}\\b`).test(line)))
      named = named.replace(parameter, `_${parameter}`);
  }
  return [`function ${named} {`, ...lines.map((line) => `  ${line}`), '}'].join('\n');
}
