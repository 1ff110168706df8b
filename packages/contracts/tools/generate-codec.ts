import type { Word } from '../src/definition.ts';
import { LAYOUTS } from '../src/layout.ts';
import type { KindLayout } from '../src/layout.ts';
import { checkSource, ownRules } from './generate-check.ts';
import { eventMembers, payloadMember } from './generate-types.ts';
import { functionSource, getField, half, place } from './source-text.ts';
import type { PlacedWord } from './source-text.ts';

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
    case 'q':
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

/** Source of generated/codec.ts: an encoder, a decoder and a checker for each kind, and their dispatch. */
export function codecSource(): string {
  return `// Generated from src/kinds by tools/generate.ts; do not edit.
import { checkPayload } from '../check.ts';
import { ${ownRules().join(', ')} } from '../rules.ts';
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
