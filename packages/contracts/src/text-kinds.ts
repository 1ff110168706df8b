/** What the line parser knows of each kind beforehand: keys, codes, and the record in which everything is absent. */
import type { Field, KindLayout } from './layout.ts';
import { LAYOUTS, isNumber } from './layout.ts';
import { ascii } from './text-out.ts';
import { addToken, createTokens } from './tokens.ts';
import type { TokenTable } from './tokens.ts';
import { VOCABULARIES } from './vocabulary.ts';

export interface ParsedField {
  readonly field: Field;
  readonly key: Uint8Array;
  readonly codes: TokenTable | undefined;
  readonly bit: number;
}

export interface ParsedKind {
  readonly layout: KindLayout;
  readonly fields: readonly ParsedField[];
  /** Bits of the fields that must be there. */
  readonly required: number;
  /** Words of a record in which everything is absent. */
  readonly blank: Int32Array;
}

function codesOf(field: Field): TokenTable | undefined {
  if (field.vocabulary === undefined) return undefined;
  const codes = createTokens();
  for (const [code, name] of VOCABULARIES[field.vocabulary].names) addToken(codes, ascii(name), code);
  return codes;
}

function blankOf(layout: KindLayout): Int32Array {
  const blank = new Int32Array(layout.fullWords * 2);
  for (const field of layout.fields) {
    const at = field.word * 2;
    if (field.type === 'ref' || (field.type === 't' && field.optional)) blank.fill(-1, at, at + 2);
    else if (field.type === 'm' && field.optional) blank[at + 3] = -2147483648;
    else if (isNumber(field.type) && field.optional) blank[at + 1] = -2097152;
  }
  return blank;
}

function parsedKind(layout: KindLayout): ParsedKind {
  const fields = layout.fields.map((field, index) => ({
    field,
    key: ascii(field.name),
    codes: codesOf(field),
    bit: 1 << index,
  }));
  const required = fields.reduce((bits, entry) => (entry.field.omittable ? bits : bits | entry.bit), 0);
  return { layout, fields, required, blank: blankOf(layout) };
}

/** Places in PARSED by the name of the kind. */
export const KINDS_BY_NAME = createTokens();
export const PARSED: ParsedKind[] = LAYOUTS.map(parsedKind);
for (const [index, kind] of PARSED.entries()) addToken(KINDS_BY_NAME, ascii(kind.layout.name), index);
