import type { KindDefinition, Part, Payload, ScalarType, Word } from './definition.ts';
import { KINDS } from './kinds/index.ts';
import type { VocabularyName } from './vocabulary.ts';

/** Where one field of a kind lies. Every generic reader (text, JSON, tables, docs) works from these. */
export interface Field {
  readonly name: string;
  /** `u` is an unsigned field within a word. */
  readonly type: ScalarType | 'u';
  /** First word, counted from the start of the record. */
  readonly word: number;
  readonly words: number;
  /** Bit offset and width within the word; 0 and 64 for whole words. */
  readonly shift: number;
  readonly bits: number;
  /** May be left out of text: absent when optional, 0 when packed or a tail number. */
  readonly omittable: boolean;
  readonly optional: boolean;
  readonly tail: boolean;
  readonly role: 'number' | 'account' | 'asset' | 'label' | 'code';
  readonly vocabulary: VocabularyName | undefined;
}

export interface KindLayout {
  readonly code: number;
  readonly name: string;
  readonly definition: KindDefinition;
  readonly fields: readonly Field[];
  /** Words that every record of this kind has (header and base; without a payload's bytes). */
  readonly baseWords: number;
  /** Words with all known tail words. */
  readonly fullWords: number;
  /** Numbers of words at which a record may end, ascending from baseWords. */
  readonly ends: readonly number[];
  readonly payload: (Payload & { readonly lengthField: Field }) | undefined;
}

/** True for a type whose wire form is an i64 with one absent value. */
export function isNumber(type: Field['type']): boolean {
  return type === 'n' || type === 'q' || type === 'id';
}

/** Words before a kind's own: W0 has size, kind, flags, instrument and source, W1 the time. */
export const HEADER_WORDS = 2;

export function wordsOf(word: Word): number {
  if (word.form === 'pack') return 1;
  return word.type === 'm' ? 2 : word.type === 'hash' ? 4 : 1;
}

function packedField(part: Part, at: { word: number; shift: number; tail: boolean }): Field {
  return {
    name: part.name,
    type: 'u',
    word: at.word,
    words: 1,
    shift: at.shift,
    bits: part.bits,
    omittable: true,
    optional: false,
    tail: at.tail,
    role: part.role,
    vocabulary: part.vocabulary,
  };
}

function fieldsOf(word: Word, at: number, tail: boolean): Field[] {
  if (word.form === 'pack') {
    let shift = 0;
    return word.parts.flatMap((part) => {
      const field = packedField(part, { word: at, shift, tail });
      shift += part.bits;
      return part.name === '' ? [] : [field];
    });
  }
  return [
    {
      name: word.name,
      type: word.type,
      word: at,
      words: wordsOf(word),
      shift: 0,
      bits: 64,
      omittable: word.optional || tail,
      optional: word.optional,
      tail,
      role: 'number',
      vocabulary: undefined,
    },
  ];
}

function layoutOf(definition: KindDefinition): KindLayout {
  const fields: Field[] = [];
  let at = HEADER_WORDS;
  for (const word of definition.base) {
    fields.push(...fieldsOf(word, at, false));
    at += wordsOf(word);
  }
  const baseWords = at;
  const ends = [baseWords];
  for (const word of definition.tail) {
    fields.push(...fieldsOf(word, at, true));
    at += wordsOf(word);
    ends.push(at);
  }
  const lengthField = fields.find((field) => field.name === definition.payload?.lengthPart);
  const payload =
    definition.payload === undefined || lengthField === undefined
      ? undefined
      : { ...definition.payload, lengthField };
  return {
    code: definition.code,
    name: definition.name,
    definition,
    fields: fields.filter((field) => field !== lengthField),
    baseWords,
    fullWords: at,
    ends,
    payload,
  };
}

/** Layouts of all kinds, by rising code. */
export const LAYOUTS: readonly KindLayout[] = KINDS.map(layoutOf);

const BY_CODE: (KindLayout | undefined)[] = Array.from({ length: 256 }, () => undefined);
const BY_NAME = new Map<string, KindLayout>();
for (const layout of LAYOUTS) {
  BY_CODE[layout.code] = layout;
  BY_NAME.set(layout.name, layout);
}

/** Layout of a kind's code; undefined when this build does not know it. */
export function layoutOfCode(code: number): KindLayout | undefined {
  return BY_CODE[code];
}

export function layoutOfName(name: string): KindLayout | undefined {
  return BY_NAME.get(name);
}

/** `Trade`, or `Kind0x5f` for a code that this build does not know. */
export function kindName(code: number): string {
  return BY_CODE[code]?.name ?? `Kind0x${code.toString(16).padStart(2, '0')}`;
}

/** Rank among events of the same time; unknown kinds come last. */
export function priorityOf(code: number): number {
  return BY_CODE[code]?.definition.priority ?? 11;
}

const DRAFTS: readonly boolean[] = BY_CODE.map((layout) => layout?.definition.status === 'D');

/** True for a kind whose layout may still change. */
export function isDraft(code: number): boolean {
  return DRAFTS[code];
}
