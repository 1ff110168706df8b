import {
  BAD_LENGTH,
  MISSING,
  NON_CANONICAL,
  OUT_OF_RANGE,
  RESERVED_NOT_ZERO,
  TIME_BEYOND_EPOCH,
  UNKNOWN_ENUM,
  faultAt,
} from '../src/check.ts';
import type { Part, Word } from '../src/definition.ts';
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
    const value =
      part.name === lengthPart ? 'bytes' : `putU(out, e.${part.name}, ${part.bits}, '${part.name}')`;
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
    lines.push(
      `if (bytes < 0 || words > RECORD_WORDS_MAX) {`,
      `  out.fault ??= '${payload.name}';`,
      '  return 0;',
      '}',
    );
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
    ...(needsWords
      ? [`  ext: words > ${layout.fullWords} ? getExtension(b, i, ${layout.fullWords}) : '',`]
      : []),
    '};',
  );
  return functionSource(
    `decode${layout.name}(b: RecordBuffer, i: number, epoch: Epoch, seq: number): ${layout.name}`,
    lines,
  );
}

// ---- check
//
// Written out without calls: helpers inside a checker of this size are past what the engine inlines, and cost 3 ns each.

function reservedMasks(parts: readonly Part[]): readonly [number, number] {
  const masks: [number, number] = [0, 0];
  let shift = 0;
  for (const part of parts) {
    for (let bit = shift; bit < shift + part.bits && part.name === ''; bit++) {
      masks[bit >>> 5] = (masks[bit >>> 5] | (1 << (bit & 31))) >>> 0;
    }
    shift += part.bits;
  }
  return masks;
}

function checkPack(parts: readonly Part[], at: number): string[] {
  const lines: string[] = [];
  let shift = 0;
  for (const part of parts) {
    const vocabulary = part.vocabulary === undefined ? undefined : VOCABULARIES[part.vocabulary];
    if (vocabulary?.closed) {
      const mask = (2 ** part.bits - 1).toString(16);
      const value = `((i32[${half(at, shift >>> 5)}] >>> ${shift & 31}) & 0x${mask})`;
      lines.push(`if (${value} > ${vocabulary.names.length}) return ${faultCode(UNKNOWN_ENUM, at)};`);
    }
    shift += part.bits;
  }
  const tests = reservedMasks(parts).flatMap((mask, high) =>
    mask === 0 ? [] : [`(i32[${half(at, high)}] & ${mask | 0}) !== 0`],
  );
  if (tests.length > 0) lines.push(`if (${tests.join(' || ')}) return ${faultCode(RESERVED_NOT_ZERO, at)};`);
  return lines;
}

function faultCode(code: number, word: number): number {
  return faultAt(code, word);
}

const none = (at: number): string => `i32[${half(at, 1)}] === -2097152 && i32[${half(at)}] === 0`;
const allOnes = (at: number): string => `(i32[${half(at)}] & i32[${half(at, 1)}]) === -1`;
const zero = (at: number): string => `(i32[${half(at)}] | i32[${half(at, 1)}]) === 0`;
const moneyNone = (at: number): string =>
  `${zero(at)} && i32[${half(at, 2)}] === 0 && i32[${half(at, 3)}] === -2147483648`;
const zeroHash = (at: number): string => [0, 1, 2, 3].map((k) => zero(at + k)).join(' && ');

// High halves that a time near the epoch can have: `low` to `low + span`, as unsigned numbers. A difference of high halves
// alone would wrap around, and take the last days before 2^64 for days before 1970. All ones, the absent time, is never among
// them. Kept in 32 bits: as doubles the comparisons cost 2 ns a record.
const EPOCH_RANGE = [
  'const low = epoch.hi > 2097150 ? (epoch.hi - 2097150) | 0 : 0;',
  'const span = ((epoch.hi < 4292870144 ? epoch.hi + 2097150 : 4294967294) - low) | 0;',
];

function checkWord(placed: PlacedWord): string[] {
  const { word, at } = placed;
  if (word.form === 'pack') return checkPack(word.parts, at);
  const top = `i32[${half(at, 1)}] >> 21`;
  const missing = faultCode(MISSING, at);
  switch (word.type) {
    case 'n':
      // Top bits of an i64 within ±2^53 are all zeros or all ones.
      return [
        `if ((((${top}) + 1) & -2) !== 0) return ${faultCode(OUT_OF_RANGE, at)};`,
        ...(word.optional ? [] : [`if (${none(at)}) return ${missing};`]),
      ];
    case 'id':
      return word.optional
        ? [`if ((${top}) !== 0 && !(${none(at)})) return ${faultCode(OUT_OF_RANGE, at)};`]
        : [`if ((${top}) !== 0) return ${none(at)} ? ${missing} : ${faultCode(OUT_OF_RANGE, at)};`];
    case 't': {
      const far = `((i32[${half(at, 1)}] - low) >>> 0) > span`;
      const beyond = faultCode(TIME_BEYOND_EPOCH, at);
      return [
        word.optional
          ? `if (${far} && !(${allOnes(at)})) return ${beyond};`
          : `if (${far}) return ${allOnes(at)} ? ${missing} : ${beyond};`,
      ];
    }
    case 'm':
      return word.optional ? [] : [`if (${moneyNone(at)}) return ${missing};`];
    case 'ref':
      return [
        `if (i32[${half(at, 1)}] >>> 21 === 2047 && !(${allOnes(at)})) return ${faultCode(OUT_OF_RANGE, at)};`,
      ];
    case 'hash':
      return word.optional ? [] : [`if (${zeroHash(at)}) return ${missing};`];
  }
}

function isDefault(placed: PlacedWord): string {
  const { word, at } = placed;
  if (word.form === 'pack') return zero(at);
  if (word.type === 'm') return moneyNone(at);
  if (word.type === 'hash') return zeroHash(at);
  if (word.type === 't') return allOnes(at);
  return word.optional ? none(at) : zero(at);
}

function checkSource(layout: KindLayout): string {
  const { base, tail } = place(layout);
  const lines: string[] = [
    `if (words < ${layout.baseWords}) return ${faultCode(BAD_LENGTH, layout.baseWords)};`,
  ];
  for (const placed of base) lines.push(...checkWord(placed));
  for (const placed of tail) {
    lines.push(`if (words === ${placed.at}) return 0;`);
    if (placed.end > placed.at + 1)
      lines.push(`if (words < ${placed.end}) return ${faultCode(BAD_LENGTH, placed.at)};`);
    lines.push(...checkWord(placed));
    lines.push(
      `if (words === ${placed.end} && ${isDefault(placed)}) return ${faultCode(NON_CANONICAL, placed.at)};`,
    );
  }
  if (layout.payload !== undefined) {
    const { lengthField, type } = layout.payload;
    const at = `{ fixedWords: ${layout.baseWords}, bytes: ${getField(lengthField)}, type: '${type}' }`;
    lines.push(`return checkPayload(b, i, ${at});`);
  } else lines.push('return 0;');
  const rule = RULES[layout.name];
  if (rule === undefined)
    return functionSource(`check${layout.name}(${CHECK_PARAMETERS}): number`, withLocals(lines));
  // A kind with a rule is checked by its fields first, under a name of its own.
  const fields = functionSource(
    `checkFieldsOf${layout.name}(${CHECK_PARAMETERS}): number`,
    withLocals(lines),
  );
  const call = `return checkFieldsOf${layout.name}(b, i, words, epoch) || ${rule}(b, i);`;
  return `${fields}\n\n${functionSource(`check${layout.name}(${CHECK_PARAMETERS}): number`, [call])}`;
}

const CHECK_PARAMETERS = 'b: RecordBuffer, i: number, words: number, epoch: Epoch';

/** Rules that fields cannot express, by kind; they live in src/rules.ts. */
const RULES: Readonly<Record<string, string>> = { Fill: 'fillRule', Skip: 'skipRule', Define: 'defineRule' };

function withLocals(body: readonly string[]): string[] {
  const lines = [...body];
  if (lines.some((line) => line.includes('i32['))) lines.unshift('const i32 = b.i32;');
  if (lines.some((line) => line.includes('- low'))) lines.unshift(...EPOCH_RANGE);
  return lines;
}

// ---- the file

function functionSource(signature: string, lines: readonly string[]): string {
  let named = signature;
  for (const parameter of ['epoch: Epoch', 'words: number']) {
    const name = parameter.slice(0, parameter.indexOf(':'));
    if (!lines.some((line) => new RegExp(`\\b${name}\\b`).test(line)))
      named = named.replace(parameter, `_${parameter}`);
  }
  return [`function ${named} {`, ...lines.map((line) => `  ${line}`), '}'].join('\n');
}

/** Source of generated/codec.ts: an encoder, a decoder and a checker for each kind, and their dispatch. */
export function codecSource(): string {
  return `// Generated from src/kinds by tools/generate.ts; do not edit.
import { checkPayload } from '../check.ts';
import { defineRule, fillRule, skipRule } from '../rules.ts';
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

type Encode = (out: RecordOut, e: never) => number;

// Tables and not switches: the codes are too far apart for a jump table, and tests one by one cost 15 ns.
const ENCODERS: Encode[] = [];
ENCODERS[Kind.Unknown] = encodeUnknown;
${LAYOUTS.map((layout) => `ENCODERS[Kind.${layout.name}] = encode${layout.name};`).join('\n')}

/** Encodes an event behind the words written so far; returns its words (not yet counted), 0 with a fault. */
export function encodeWords(out: RecordOut, e: Event): number {
  return ENCODERS[e.kind](out, e as never);
}

${LAYOUTS.map(decodeSource).join('\n\n')}

type Decode = (b: RecordBuffer, i: number, epoch: Epoch, seq: number) => Event;

const DECODERS: (Decode | undefined)[] = Array.from({ length: 256 }, () => undefined);
${LAYOUTS.map((layout) => `DECODERS[Kind.${layout.name}] = decode${layout.name};`).join('\n')}

/** Decodes a checked record of a known kind; undefined for an unknown one. */
export function decodeKnown(b: RecordBuffer, i: number, epoch: Epoch, seq: number): Event | undefined {
  return DECODERS[(b.u32[i] >>> 16) & 0xff]?.(b, i, epoch, seq);
}

${LAYOUTS.map(checkSource).join('\n\n')}

type BodyCheck = (b: RecordBuffer, i: number, words: number, epoch: Epoch) => number;

const accept: BodyCheck = () => 0;

const CHECKS: BodyCheck[] = Array.from({ length: 256 }, () => accept);
${LAYOUTS.map((layout) => `CHECKS[Kind.${layout.name}] = check${layout.name};`).join('\n')}

/** Checks the body of a record whose header is in order: 0, or a fault as \`code | word << 8\`. */
export function checkBody(b: RecordBuffer, i: number, epoch: Epoch): number {
  const head = b.u32[i];
  return CHECKS[(head >>> 16) & 0xff](b, i, head & 0xffff, epoch);
}
`;
}
