import type { Rule } from '../src/definition.ts';
import { fieldDoc } from '../src/field-docs.ts';
import { LAYOUTS } from '../src/layout.ts';
import type { Field, KindLayout } from '../src/layout.ts';
import { FLAG_NAMES } from '../src/record.ts';
import { N_MAX } from '../src/scalars.ts';
import { VOCABULARIES } from '../src/vocabulary.ts';
import type { VocabularyName } from '../src/vocabulary.ts';

type Schema = { readonly [key: string]: unknown };

const ref = (name: string): Schema => ({ $ref: `#/$defs/${name}` });
const text = (pattern: string, description: string): Schema => ({ type: 'string', pattern, description });

const SCALARS: Readonly<Record<string, Schema>> = {
  n: { type: 'integer', minimum: -N_MAX, maximum: N_MAX },
  q: { type: 'integer', minimum: 0, maximum: N_MAX },
  id: { type: 'integer', minimum: 0, maximum: N_MAX },
  time: text('^(0|[1-9][0-9]{0,19})$', 'ns since 1970-01-01 UTC'),
  money: text('^(0|-?[1-9][0-9]{0,38})$', 'integer in 10^−scale of the asset'),
  hash: text('^[0-9a-f]{64}$', '32 bytes'),
  cause: {
    description: 'seq on this tape, or "tape:seq" on the k-th parent of the header',
    anyOf: [ref('id'), text('^[1-9][0-9]{0,3}:(0|[1-9][0-9]{0,15})$', 'tape:seq')],
  },
  ext: text('^([0-9a-f]{16})+$', 'tail words of a later version'),
  base64: { type: 'string', contentEncoding: 'base64', pattern: '^[A-Za-z0-9+/]*={0,2}$' },
  name: {
    description: 'name by Define; #7 for an index without one; null for none',
    anyOf: [{ type: 'string', minLength: 1 }, { type: 'null' }],
  },
  code: text('^#[1-9][0-9]{0,4}$', 'code that the vocabulary does not list'),
  u8: { type: 'integer', minimum: 0, maximum: 255 },
  u16: { type: 'integer', minimum: 0, maximum: 65535 },
  u32: { type: 'integer', minimum: 0, maximum: 4294967295 },
};

/** Names of a vocabulary, and `#57` where it is open. */
function vocabularySchema(name: VocabularyName): Schema {
  const { closed, names } = VOCABULARIES[name];
  const listed = { enum: names.map(([, text]) => text) };
  if (closed) return listed;
  return names.length === 0 ? ref('code') : { anyOf: [listed, ref('code')] };
}

function fieldType(field: Field): string {
  switch (field.type) {
    case 't':
      return 'time';
    case 'm':
      return 'money';
    case 'ref':
      return 'cause';
    case 'u':
      return field.vocabulary ?? `u${field.bits}`;
    default:
      return field.type;
  }
}

const HEAD = ['seq', 'timeNs', 'kind', 'instrument', 'source'];

/** The members that all events have before their own. */
function head(kind: Schema): Readonly<Record<string, Schema>> {
  return { seq: ref('id'), timeNs: ref('time'), kind, instrument: ref('name'), source: ref('name') };
}

function payloadSchema(type: 'json' | 'text' | 'bytes'): Schema {
  if (type === 'json') return { type: 'object' };
  return type === 'text' ? { type: 'string' } : ref('base64');
}

/** What a rule asks of the members; `own` rules have no schema. */
function ruleSchema(rule: Rule): Schema[] {
  switch (rule.form) {
    case 'sided':
      return [{ required: ['side'] }];
    case 'oneOf':
      return [{ oneOf: rule.fields.map((name) => ({ required: [name] })) }];
    case 'zeroWithout':
      return [{ anyOf: [{ required: [rule.other] }, { properties: { [rule.field]: { const: 0 } } }] }];
    case 'own':
      return [];
  }
}

function kindSchema(layout: KindLayout): Schema {
  const { definition, fields, payload } = layout;
  const own = fields.map((field) => {
    return [field.name, { ...ref(fieldType(field)), description: fieldDoc(layout, field) }] as const;
  });
  const behind: (readonly [string, Schema])[] =
    payload === undefined ? [['ext', ref('ext')]] : [[payload.name, payloadSchema(payload.type)]];
  const rules = (definition.rules ?? []).flatMap(ruleSchema);
  const needed = fields.filter(({ omittable }) => !omittable).map(({ name }) => name);
  return {
    title: layout.name,
    description: definition.doc,
    type: 'object',
    properties: {
      ...head({ const: layout.name }),
      flags: ref('flags'),
      side: ref('side'),
      ...Object.fromEntries([...own, ...behind]),
    },
    required: [...HEAD, ...needed, ...(payload === undefined ? [] : [payload.name])],
    ...(rules.length === 0 ? {} : { allOf: rules }),
    additionalProperties: false,
  };
}

const UNKNOWN: Schema = {
  title: 'Unknown',
  description: 'A record of a kind that the writer did not know.',
  type: 'object',
  properties: {
    ...head(text('^Kind0x[0-9a-f]{2}$', 'its code')),
    flagsByte: { type: 'integer', minimum: 0, maximum: 127 },
    body: text('^([0-9a-f]{16})*$', 'the words behind the header'),
  },
  required: [...HEAD, 'flagsByte', 'body'],
  additionalProperties: false,
};

function vocabularies(): Readonly<Record<string, Schema>> {
  const names = Object.keys(VOCABULARIES) as VocabularyName[];
  return Object.fromEntries(names.map((name) => [name, vocabularySchema(name)]));
}

const WIDTH = 110;

/** JSON as the formatter of this repository leaves it: what fits stands on one line. `taken` is what stands beside the value. */
function printed(value: unknown, indent: string, taken: number): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const isList = Array.isArray(value);
  const [open, close] = isList ? '[]' : '{}';
  const inner = `${indent}  `;
  const entries = Object.entries(value).map(
    ([name, item]) => [isList ? '' : `${JSON.stringify(name)}: `, item] as const,
  );
  const flat = entries.map(([name, item]) => name + printed(item, '', Number.NEGATIVE_INFINITY)).join(', ');
  const line = isList || flat === '' ? open + flat + close : `${open} ${flat} ${close}`;
  if (indent.length + taken + line.length <= WIDTH) return line;
  const lines = entries.map(([name, item], index) => {
    const comma = index < entries.length - 1 ? 1 : 0;
    return inner + name + printed(item, inner, name.length + comma);
  });
  return `${open}\n${lines.join(',\n')}\n${indent}${close}`;
}

/** Source of docs/formats/events.schema.json: an event as a JSON line. A Skip has no line: it is a gap in the seqs. */
export function eventsSchema(): string {
  const kinds = LAYOUTS.filter(({ name }) => name !== 'Skip');
  const flags = {
    type: 'array',
    items: { enum: FLAG_NAMES.map(([, name]) => name) },
    minItems: 1,
    uniqueItems: true,
    description: 'in the order of their bits',
  };
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Truetape event',
    description:
      'One event of a tape as a line of JSON. Fields that are absent or have their default are left out. A Skip has no line: it is a gap in the seqs.',
    oneOf: [...kinds.map(({ name }) => ref(name)), ref('Unknown')],
    $defs: {
      ...SCALARS,
      ...vocabularies(),
      flags,
      ...Object.fromEntries(kinds.map((layout) => [layout.name, kindSchema(layout)])),
      Unknown: UNKNOWN,
    },
  };
  return `${printed(schema, '', 0)}\n`;
}
