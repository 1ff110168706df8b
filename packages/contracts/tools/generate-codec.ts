import type { Word } from '../src/definition.ts';
import { HEADER_WORDS, LAYOUTS, wordsOf } from '../src/layout.ts';
import type { Field, KindLayout } from '../src/layout.ts';
import { VOCABULARIES } from '../src/vocabulary.ts';
import { eventMembers, payloadMember } from './generate-types.ts';

interface PlacedWord {
  readonly word: Word;
  readonly at: number;
  readonly end: number;
}

function place(layout: KindLayout): { base: PlacedWord[]; tail: PlacedWord[] } {
  let at = HEADER_WORDS;
  const put = (word: Word): PlacedWord => {
    const placed = { word, at, end: at + wordsOf(word) };
    at = placed.end;
    return placed;
  };
  return { base: layout.definition.base.map(put), tail: layout.definition.tail.map(put) };
}

const half = (at: number, half32 = 0): string => `i + ${at * 2 + half32}`;

// ---- encode

function packHalf(word: Word & { form: 'pack' }, high: number, lengthPart: string | undefined): string {
  let shift = 0;
  const terms: string[] = [];
  for (const part of word.parts) {
    const from = shift - high * 32;
    const value = part.name === lengthPart ? 'bytes' : `putU(out, e.${part.name}, ${part.bits}, '${part.name}')`;
    if (part.name !== '' && from >= 0 && from < 32) terms.push(from === 0 ? value : `(${value} << ${from})`);
    shift += part.bits;
  }
  return terms.length === 0 ? '0' : terms.join(' | ');
}

function putWord(placed: PlacedWord, lengthPart: string | undefined): string[] {
  const { word, at } = placed;
  if (word.form === 'pack') {
    return [0, 1].map((high) => `out.i32[${half(at, high)}] = ${packHalf(word, high, lengthPart)};`);
  }
  const args = `out, ${half(at)}, e.${word.name}`;
  switch (word.type) {
    case 'n':
      return [`${word.optional ? 'putN' : 'putNSet'}(${args}, '${word.name}');`];
    case 'id':
      return [`${word.optional ? 'putId' : 'putIdSet'}(${args}, '${word.name}');`];
    case 't':
      return [`${word.optional ? 'putT' : 'putTSet'}(${args}, '${word.name}');`];
    case 'm':
      return [`${word.optional ? 'putM' : 'putMSet'}(${args}, '${word.name}');`];
    case 'ref':
      return [`putRef(${args}, e.${word.name}Tape);`];
    case 'hash':
      return [`putHash(${args}, '${word.name}');`];
  }
}

/** Source text that is true when a word differs from its default. */
function differs(word: Word): string {
  if (word.form === 'pack') {
    return word.parts
      .filter((part) => part.name !== '')
      .map((part) => `e.${part.name} !== 0`)
      .join(' || ');
  }
  if (word.type === 'm') return `e.${word.name} !== MONEY_NONE`;
  if (word.type === 'hash') return `e.${word.name} !== ''`;
  return `e.${word.name} !== ${word.optional ? 'NONE' : '0'}`;
}

function encodeSource(layout: KindLayout): string {
  const { base, tail } = place(layout);
  const payload = layout.payload;
  const lines: string[] = [];
  if (payload !== undefined) {
    const size = payload.type === 'bytes' ? `e.${payload.name}.length` : `utf8Length(e.${payload.name})`;
    lines.push(`const bytes = ${size};`, `const words = ${layout.baseWords} + Math.ceil(bytes / 8);`);
    lines.push(`if (bytes < 0 || words > RECORD_WORDS_MAX) {`, `  out.fault ??= '${payload.name}';`, '  return 0;', '}');
  } else {
    const ends = tail
      .toReversed()
      .map((placed) => `(${differs(placed.word)}) ? ${placed.end} : `)
      .join('');
    lines.push(`const words = e.ext !== '' ? ${layout.fullWords} : ${ends}${layout.baseWords};`);
  }
  // The header's fields are read here, where the event's shape is known, and not in a shared function.
  lines.push(
    'reserveWords(out, words);',
    'const i = out.words * 2;',
    `putHeader(out, i, words | 0x${(layout.code << 16).toString(16)}, e.flags, e.instrument, e.source);`,
    "putTSet(out, i + 2, e.timeNs, 'timeNs');",
  );
  for (const placed of base) lines.push(...putWord(placed, payload?.lengthPart));
  for (const placed of tail) {
    lines.push(`if (words > ${placed.at}) {`, ...putWord(placed, undefined).map((line) => `  ${line}`), '}');
  }
  if (payload === undefined) lines.push(`return e.ext === '' ? words : putExtension(out, i, words, e.ext);`);
  else {
    const from = `i * 4 + ${layout.baseWords * 8}`;
    lines.push(`out.u8.fill(0, ${from}, (i + words * 2) * 4);`);
    lines.push(
      payload.type === 'bytes'
        ? `out.u8.set(e.${payload.name}, ${from});`
        : `writeUtf8(out.u8, ${from}, e.${payload.name});`,
      'return words;',
    );
  }
  return functionSource(`encode${layout.name}(out: RecordOut, e: ${layout.name}): number`, lines);
}

// ---- decode

function getField(field: Field): string {
  const at = half(field.word);
  switch (field.type) {
    case 'n':
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

function decodeSource(layout: KindLayout): string {
  const payload = payloadMember(layout);
  const members = layout.fields.flatMap((field) => {
    const value = getField(field);
    const [first] = eventMembers(layout).filter((member) => member.name === field.name);
    const read = field.tail ? `words > ${field.word} ? ${value} : ${first.absent}` : value;
    const own = `  ${field.name}: ${read},`;
    return field.type === 'ref' ? [own, `  ${field.name}Tape: getRefTape(b, ${half(field.word)}),`] : [own];
  });
  const lines: string[] = [];
  const needsWords = layout.payload === undefined;
  if (needsWords) lines.push('const words = b.u32[i] & 0xffff;');
  if (layout.payload !== undefined && payload !== undefined) {
    const from = `i * 4 + ${layout.baseWords * 8}`;
    lines.push(`const from = ${from};`, `const to = from + (${getField(layout.payload.lengthField)});`);
    members.push(
      layout.payload.type === 'bytes'
        ? `  ${payload.name}: b.u8.slice(from, to),`
        : `  ${payload.name}: decodeUtf8(b.u8, from, to) ?? '',`,
    );
  }
  lines.push(
    'return {',
    `  kind: Kind.${layout.name},`,
    '  seq,',
    '  timeNs: getT(b, i + 2, epoch),',
    '  flags: b.u32[i] >>> 24,',
    '  instrument: b.u32[i + 1] & 0xffff,',
    '  source: b.u32[i + 1] >>> 16,',
    ...members,
    ...(needsWords ? [`  ext: words > ${layout.fullWords} ? getExtension(b, i, ${layout.fullWords}) : '',`] : []),
    '};',
  );
  return functionSource(
    `decode${layout.name}(b: RecordBuffer, i: number, epoch: Epoch, seq: number): ${layout.name}`,
    lines,
  );
}

// ---- check

function checkPack(placed: PlacedWord & { word: { form: 'pack' } }): string[] {
  const lines: string[] = [];
  const reserved = [0, 0];
  let shift = 0;
  for (const part of placed.word.parts) {
    for (let bit = shift; bit < shift + part.bits; bit++) {
      if (part.name === '') reserved[bit >>> 5] = (reserved[bit >>> 5] | (1 << (bit & 31))) >>> 0;
    }
    const vocabulary = part.vocabulary === undefined ? undefined : VOCABULARIES[part.vocabulary];
    if (vocabulary?.closed) {
      const value = `((b.u32[${half(placed.at, shift >>> 5)}] >>> ${shift & 31}) & 0x${(2 ** part.bits - 1).toString(16)})`;
      lines.push(`if (${value} > ${vocabulary.names.length}) return ${(placed.at << 8) | 9};`);
    }
    shift += part.bits;
  }
  const masks = reserved
    .map((mask, high) => (mask === 0 ? '' : `(b.u32[${half(placed.at, high)}] & 0x${mask.toString(16)}) !== 0`))
    .filter((text) => text !== '');
  if (masks.length > 0) lines.push(`if (${masks.join(' || ')}) return ${(placed.at << 8) | 8};`);
  return lines;
}

function checkWord(placed: PlacedWord): string[] {
  const { word, at } = placed;
  if (word.form === 'pack') return checkPack({ ...placed, word });
  const missing = (test: string): string[] =>
    word.optional ? [] : [`if (${test}(b, ${half(at)})) return ${(at << 8) | 6};`];
  const range = (test: string): string => `if (${test}(b, ${half(at)})) return ${(at << 8) | 5};`;
  switch (word.type) {
    case 'n':
      return [range('isBadN'), ...missing('isNone')];
    case 'id':
      return [range('isBadId'), ...missing('isNone')];
    case 't': {
      const far = `isFarT(b, ${half(at)}, epoch)`;
      const test = word.optional ? `!isAllOnes(b, ${half(at)}) && ${far}` : far;
      return [`if (${test}) return ${(at << 8) | 12};`];
    }
    case 'm':
      return missing('isMoneyNone');
    case 'ref':
      return [range('isBadRef')];
    case 'hash':
      return [];
  }
}

function isDefault(placed: PlacedWord): string {
  const at = half(placed.at);
  const { word } = placed;
  if (word.form === 'pack') return `isZero(b, ${at})`;
  if (word.type === 'm') return `isMoneyNone(b, ${at})`;
  if (word.type === 'hash') return `isZeroHash(b, ${at})`;
  if (word.type === 't') return `isAllOnes(b, ${at})`;
  return word.optional ? `isNone(b, ${at})` : `isZero(b, ${at})`;
}

function checkSource(layout: KindLayout): string {
  const { base, tail } = place(layout);
  const lines: string[] = [];
  if (layout.payload === undefined) lines.push('const words = b.u32[i] & 0xffff;');
  lines.push(
    layout.payload === undefined
      ? `if (words < ${layout.baseWords}) return ${(layout.baseWords << 8) | 1};`
      : `if ((b.u32[i] & 0xffff) < ${layout.baseWords}) return ${(layout.baseWords << 8) | 1};`,
  );
  for (const placed of base) lines.push(...checkWord(placed));
  for (const placed of tail) {
    lines.push(`if (words === ${placed.at}) return 0;`);
    if (placed.end > placed.at + 1) lines.push(`if (words < ${placed.end}) return ${(placed.at << 8) | 1};`);
    lines.push(...checkWord(placed));
    lines.push(`if (words === ${placed.end} && ${isDefault(placed)}) return ${(placed.at << 8) | 7};`);
  }
  if (layout.payload !== undefined) {
    const { lengthField, type } = layout.payload;
    const at = `{ fixedWords: ${layout.baseWords}, bytes: ${getField(lengthField)}, type: '${type}' }`;
    lines.push(`return checkPayload(b, i, ${at});`);
  } else lines.push('return 0;');
  return functionSource(`check${layout.name}(b: RecordBuffer, i: number, epoch: Epoch): number`, lines);
}

// ---- the file

function functionSource(signature: string, lines: readonly string[]): string {
  const unusedEpoch = signature.includes('epoch: Epoch') && !lines.some((line) => line.includes('epoch'));
  const named = unusedEpoch ? signature.replace('epoch: Epoch', '_epoch: Epoch') : signature;
  return [`function ${named} {`, ...lines.map((line) => `  ${line}`), '}'].join('\n');
}

function switchSource(call: (name: string) => string): string {
  return LAYOUTS.map((layout) => `    case Kind.${layout.name}:\n      return ${call(layout.name)};`).join('\n');
}

/** Source of generated/codec.ts: an encoder, a decoder and a checker for each kind, and their dispatch. */
export function codecSource(): string {
  return `// Generated from src/kinds by tools/generate.ts; do not edit.
import {
  checkPayload,
  isAllOnes,
  isBadId,
  isBadN,
  isBadRef,
  isFarT,
  isMoneyNone,
  isNone,
  isZero,
  isZeroHash,
} from '../check.ts';
import { encodeUnknown, getExtension, putExtension, putHeader } from '../extension.ts';
import { RECORD_WORDS_MAX, getHash, getM, getN, getRefSeq, getRefTape, getT } from '../record.ts';
import { putHash, putId, putIdSet, putM, putMSet, putN, putNSet } from '../record.ts';
import { putRef, putT, putTSet, putU, reserveWords } from '../record.ts';
import type { RecordBuffer, RecordOut } from '../record.ts';
import { MONEY_NONE, NONE } from '../scalars.ts';
import type { Epoch } from '../scalars.ts';
import { decodeUtf8, utf8Length, writeUtf8 } from '../utf8.ts';
import { Kind } from './events.ts';
import type { Event } from './events.ts';
import type {
${LAYOUTS.map((layout) => `  ${layout.name},`).join('\n')}
} from './events.ts';

${LAYOUTS.map(encodeSource).join('\n\n')}

/** Encodes an event behind the words written so far; returns its words (not yet counted), 0 with a fault. */
export function encodeWords(out: RecordOut, e: Event): number {
  switch (e.kind) {
    case Kind.Unknown:
      return encodeUnknown(out, e);
${switchSource((name) => `encode${name}(out, e)`)}
  }
}

${LAYOUTS.map(decodeSource).join('\n\n')}

/** Decodes a checked record of a known kind; undefined for an unknown one. */
export function decodeKnown(b: RecordBuffer, i: number, epoch: Epoch, seq: number): Event | undefined {
  switch ((b.u32[i] >>> 16) & 0xff) {
${switchSource((name) => `decode${name}(b, i, epoch, seq)`)}
    default:
      return undefined;
  }
}

${LAYOUTS.map(checkSource).join('\n\n')}

/** Checks the body of a record whose header is in order: 0, or a fault as \`code | word << 8\`. */
export function checkBody(b: RecordBuffer, i: number, epoch: Epoch): number {
  switch ((b.u32[i] >>> 16) & 0xff) {
${switchSource((name) => `check${name}(b, i, epoch)`)}
    default:
      return 0;
  }
}
`;
}
