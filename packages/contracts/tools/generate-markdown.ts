import type { Family, Part, Status, Word } from '../src/definition.ts';
import { fieldDoc } from '../src/field-docs.ts';
import { HEADER_WORDS, LAYOUTS, wordsOf } from '../src/layout.ts';
import type { Field, KindLayout } from '../src/layout.ts';
import { FLAG_NAMES } from '../src/record.ts';
import { VOCABULARIES } from '../src/vocabulary.ts';

const FAMILIES: Readonly<Record<Family, string>> = {
  meta: 'Meta: what the tape says about itself',
  command: 'Commands: what somebody asked a venue to do',
  fact: 'Venue facts: what a venue said or did',
  market: 'Market data: what a feed told everybody',
  feed: 'Feed health',
  decision: 'Decisions: what was wanted, and what was allowed',
  ledger: 'Ledger: every change of cash that is not a fill’s own exchange',
  reconciliation: 'Reconciliation: what the venue says is true, and where we disagreed',
  control: 'Control: lifecycle, operators, faults, clocks and timers',
};

const STATUSES: Readonly<Record<Status, string>> = {
  F: 'frozen',
  D: 'draft',
};

const INTRO = `# Events

Every kind of event that a tape can hold, generated from the declarations in \`packages/contracts/src/kinds\` by
\`npm run generate\`; do not edit. [events.schema.json](events.schema.json) describes the same events as JSON lines.

## Record

A record is a run of 8-byte words, little endian. Its first two words are the same for all kinds:

| bytes | field | meaning |
|---|---|---|
| 0–1 | size | length of the record in words, 2 … 65,535 |
| 2 | kind | code of the kind, never 0 |
| 3 | flags | see below |
| 4–5 | instrument | index by Define, 0 for none |
| 6–7 | source | index by Define of who emitted it, 0 for none |
| 8–15 | timeNs | type \`t\`: when we had it; never decreasing along a tape |

| flag bit | name | meaning |
|---|---|---|
`;

const FLAG_DOCS: Readonly<Record<string, string>> = {
  LAST: 'last record of one message of this source and instrument',
  SNAPSHOT: 'part of a snapshot',
  BAD_BOOK: 'the producer knows that the book may be wrong',
  BAD_TIME: 'timeNs was clamped to keep the order',
  INFERRED: 'not reported by its source; derived by us',
};

const RULES = `
- **Base words** are always written. **Tail words** are written up to the last one that differs from its default; a record that ends
  with a default, or inside a field, is no record. So an event has one encoding.
- A later version may append tail words. A reader keeps what it does not know, as \`ext\`. Kinds with a payload do not grow.
- Bits that no field has are 0. A kind that a reader does not know is kept as it is, and counts.
- Statuses: **frozen** kinds never change; **draft** kinds may change, and stand only on tapes whose header says so.
- Priority orders events of the same time: lower first.

## Types

| type | on the wire | in memory | absent |
|---|---|---|---|
| \`n\` | i64 | a number, ±(2^53 − 1) | −2^53 |
| \`q\` | as \`n\`, from 0 | a number: a quantity, a count, a seq | −2^53 |
| \`id\` | as \`n\`, from 0 | a number; below 2^52 the venue’s own, from there on ours, explained by an Alias | −2^53 |
| \`t\` | u64, ns since 1970-01-01 UTC | a number of ns since the reader’s epoch | all ones |
| \`m\` | i128, two words | a bigint, in 10^−scale of the asset | the smallest i128 |
| \`ref\` | u64: low 53 bits seq, high 11 bits tape | two numbers; tape 0 is this one, k the k-th parent | all ones |
| \`hash\` | 32 bytes | hex | all zero |
| \`u8\` \`u16\` \`u32\` | part of a word | a number | 0: none or unspecified |

A vocabulary lists the codes of a field. A **closed** one refuses others; an open one keeps them, and text shows them as \`#57\`.
`;

function flagRows(): string {
  const bitOf = (mask: number): number => Math.log2(mask);
  const rows = FLAG_NAMES.map(([bit, name]) => [bitOf(bit), `${name} | ${FLAG_DOCS[name]}`] as const);
  const all = [
    ...rows,
    [4, 'SIDE | bits 4–5: 0 none, 1 buy, 2 sell (3 is refused)'] as const,
    [7, '— | 0; a reader refuses it as newer than itself'] as const,
  ];
  return all
    .sort((a, b) => a[0] - b[0])
    .map(([bit, text]) => `| ${bit === 4 ? '4–5' : bit} | ${text} |`)
    .join('\n');
}

const range = (from: number, to: number): string => (from === to ? `${from}` : `${from}–${to}`);

function codes(field: Field): string {
  if (field.vocabulary === undefined) return '';
  const { closed, names } = VOCABULARIES[field.vocabulary];
  const list = names.map(([code, name]) => `${code} ${name}`).join(' · ');
  return list === '' ? ' Codes by their user.' : ` ${list}${closed ? ' (closed)' : ''}`;
}

function absence(field: Field): string {
  if (field.optional) return 'absent';
  return field.type === 'u' || field.tail ? '0' : 'required';
}

/** A row, and the bit that it begins at. */
type Row = readonly [shift: number, text: string];

function row(shift: number, ...cells: string[]): Row {
  return [shift, `|${cells.map((cell) => (cell === '' ? ' ' : ` ${cell} `)).join('|')}|`];
}

function fieldRow(layout: KindLayout, field: Field): Row {
  const place = `W${range(field.word, field.word + field.words - 1)}`;
  const isPacked = field.type === 'u';
  const bits = isPacked ? range(field.shift, field.shift + field.bits - 1) : '';
  const type = isPacked ? `u${field.bits}` : field.type;
  const part = field.tail ? 'tail' : 'base';
  const meaning = `${fieldDoc(layout, field)}${codes(field)}`;
  return row(field.shift, place, bits, part, `\`${field.name}\``, type, absence(field), meaning);
}

function reservedRows(parts: readonly Part[], word: number): Row[] {
  const rows: Row[] = [];
  let shift = 0;
  let from = -1;
  for (const { name, bits } of [...parts, { name: 'end', bits: 0 }]) {
    if (name === '' && from < 0) from = shift;
    if (name !== '' && from >= 0) {
      rows.push(row(from, `W${word}`, range(from, shift - 1), '', '—', '', '', 'Zero.'));
      from = -1;
    }
    shift += bits;
  }
  return rows;
}

function wordRows(layout: KindLayout, word: Word, at: number): string[] {
  const rows = layout.fields.filter((field) => field.word === at).map((field) => fieldRow(layout, field));
  const { payload } = layout;
  if (payload?.lengthField.word === at) {
    const { shift, bits, name } = payload.lengthField;
    const place = [`W${at}`, range(shift, shift + bits - 1), 'base', `(${name})`, 'u32', ''];
    rows.push(row(shift, ...place, `Size of \`${payload.name}\` in bytes.`));
  }
  if (word.form === 'pack') rows.push(...reservedRows(word.parts, at));
  return rows.sort((a, b) => a[0] - b[0]).map(([, text]) => text);
}

const PAYLOADS = {
  json: 'Canonical JSON of an object, padded with zeros to whole words.',
  text: 'UTF-8, padded with zeros to whole words.',
  bytes: 'Bytes, padded with zeros to whole words.',
};

function kindSection(layout: KindLayout): string {
  const { definition, payload } = layout;
  const size =
    payload !== undefined
      ? `${layout.baseWords} words and the payload`
      : `${range(layout.baseWords, layout.fullWords)} words`;
  const code = `0x${layout.code.toString(16).padStart(2, '0')}`;
  let at = HEADER_WORDS;
  const rows: string[] = [];
  for (const word of [...definition.base, ...definition.tail]) {
    rows.push(...wordRows(layout, word, at));
    at += wordsOf(word);
  }
  if (payload !== undefined) {
    rows.push(
      row(0, `W${at}…`, '', 'base', `\`${payload.name}\``, payload.type, '', PAYLOADS[payload.type])[1],
    );
  }
  return `### ${code} ${layout.name}

${definition.doc}

${STATUSES[definition.status]} · priority ${definition.priority} · ${size}

| word | bits | part | field | type | default | meaning |
|---|---|---|---|---|---|---|
${rows.join('\n')}
`;
}

function familySection(family: Family): string {
  const kinds = LAYOUTS.filter(({ definition }) => definition.family === family);
  return `## ${FAMILIES[family]}\n\n${kinds.map(kindSection).join('\n')}`;
}

/** Source of docs/formats/events.md: all kinds for people. */
export function eventsMarkdown(): string {
  const families = [...new Set(LAYOUTS.map(({ definition }) => definition.family))];
  return `${INTRO}${flagRows()}\n${RULES}\n${families.map(familySection).join('\n')}`;
}
