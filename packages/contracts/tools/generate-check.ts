import {
  BAD_LENGTH,
  BAD_SIDE,
  INCONSISTENT,
  MISSING,
  NON_CANONICAL,
  OUT_OF_RANGE,
  RESERVED_NOT_ZERO,
  TIME_BEYOND_EPOCH,
  UNKNOWN_ENUM,
  faultAt,
} from '../src/check.ts';
import type { Part, Rule } from '../src/definition.ts';
import { LAYOUTS } from '../src/layout.ts';
import type { Field, KindLayout } from '../src/layout.ts';
import { SIDE_MASK } from '../src/record.ts';
import { VOCABULARIES } from '../src/vocabulary.ts';
import { functionSource, getField, half, place } from './source-text.ts';
import type { PlacedWord } from './source-text.ts';

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
      lines.push(`if (${value} > ${vocabulary.names.length}) return ${faultAt(UNKNOWN_ENUM, at)};`);
    }
    shift += part.bits;
  }
  const tests = reservedMasks(parts).flatMap((mask, high) =>
    mask === 0 ? [] : [`(i32[${half(at, high)}] & ${mask | 0}) !== 0`],
  );
  if (tests.length > 0) lines.push(`if (${tests.join(' || ')}) return ${faultAt(RESERVED_NOT_ZERO, at)};`);
  return lines;
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
  const missing = faultAt(MISSING, at);
  switch (word.type) {
    case 'n':
      // Top bits of an i64 within ±2^53 are all zeros or all ones.
      return [
        `if ((((${top}) + 1) & -2) !== 0) return ${faultAt(OUT_OF_RANGE, at)};`,
        ...(word.optional ? [] : [`if (${none(at)}) return ${missing};`]),
      ];
    case 'q':
    case 'id':
      return word.optional
        ? [`if ((${top}) !== 0 && !(${none(at)})) return ${faultAt(OUT_OF_RANGE, at)};`]
        : [`if ((${top}) !== 0) return ${none(at)} ? ${missing} : ${faultAt(OUT_OF_RANGE, at)};`];
    case 't': {
      const far = `((i32[${half(at, 1)}] - low) >>> 0) > span`;
      const beyond = faultAt(TIME_BEYOND_EPOCH, at);
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
        `if (i32[${half(at, 1)}] >>> 21 === 2047 && !(${allOnes(at)})) return ${faultAt(OUT_OF_RANGE, at)};`,
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

function fieldOf(layout: KindLayout, name: string): Field {
  const field = layout.fields.find((entry) => entry.name === name);
  if (field === undefined) throw new Error(`${layout.name} has a rule on ${name}, which it lacks`);
  return field;
}

/** A test and the word behind whose check it stands: all that it reads is in order by then. */
interface RuleTest {
  readonly behind: number;
  readonly line: string;
}

function checkRule(layout: KindLayout, rule: Rule): RuleTest[] {
  const behind = layout.baseWords - 1;
  switch (rule.form) {
    case 'sided':
      return [{ behind, line: `if ((i32[i] & ${SIDE_MASK << 24}) === 0) return ${faultAt(BAD_SIDE, 0)};` }];
    case 'zeroWithout': {
      const { word } = fieldOf(layout, rule.field);
      const absent = none(fieldOf(layout, rule.other).word);
      return [{ behind, line: `if (${absent} && !(${zero(word)})) return ${faultAt(INCONSISTENT, word)};` }];
    }
    case 'oneOf': {
      const [first, second] = rule.fields.map((name) => fieldOf(layout, name).word);
      const fault = faultAt(INCONSISTENT, first);
      return [
        { behind, line: `if (${none(first)} && words <= ${second}) return ${fault};` },
        { behind: second, line: `if ((${none(first)}) === (${none(second)})) return ${fault};` },
      ];
    }
    case 'own':
      return [];
  }
}

/** Names of the functions of src/rules.ts that kinds declare. */
export function ownRules(): string[] {
  const rules = LAYOUTS.flatMap(({ definition }) => definition.rules ?? []);
  return rules.flatMap((rule) => (rule.form === 'own' ? [rule.name] : [])).sort();
}

/** Source text of a kind's checker. */
export function checkSource(layout: KindLayout): string {
  const { base, tail } = place(layout);
  const rules = layout.definition.rules ?? [];
  const tests = rules.flatMap((rule) => checkRule(layout, rule));
  const lines: string[] = [
    `if (words < ${layout.baseWords}) return ${faultAt(BAD_LENGTH, layout.baseWords)};`,
  ];
  const test = (end: number): void => {
    for (const { behind, line } of tests) if (behind === end - 1) lines.push(line);
  };
  for (const placed of base) {
    lines.push(...checkWord(placed));
    test(placed.end);
  }
  for (const placed of tail) {
    lines.push(`if (words === ${placed.at}) return 0;`);
    if (placed.end > placed.at + 1)
      lines.push(`if (words < ${placed.end}) return ${faultAt(BAD_LENGTH, placed.at)};`);
    lines.push(...checkWord(placed));
    lines.push(
      `if (words === ${placed.end} && ${isDefault(placed)}) return ${faultAt(NON_CANONICAL, placed.at)};`,
    );
    test(placed.end);
  }
  if (layout.payload !== undefined) {
    const { lengthField, type } = layout.payload;
    const at = `{ fixedWords: ${layout.baseWords}, bytes: ${getField(lengthField)}, type: '${type}' }`;
    lines.push(`return checkPayload(b, i, ${at});`);
  } else lines.push('return 0;');
  const rule = rules.find(({ form }) => form === 'own');
  if (rule?.form !== 'own')
    return functionSource(`check${layout.name}(${CHECK_PARAMETERS}): number`, withLocals(lines));
  // A kind with a rule of its own is checked by its fields first, under another name.
  const fields = functionSource(
    `checkFieldsOf${layout.name}(${CHECK_PARAMETERS}): number`,
    withLocals(lines),
  );
  const call = `return checkFieldsOf${layout.name}(b, i, words, epoch) || ${rule.name}(b, i);`;
  return `${fields}\n\n${functionSource(`check${layout.name}(${CHECK_PARAMETERS}): number`, [call])}`;
}

const CHECK_PARAMETERS = 'b: RecordBuffer, i: number, words: number, epoch: Epoch';

function withLocals(body: readonly string[]): string[] {
  const lines = [...body];
  if (lines.some((line) => line.includes('i32['))) lines.unshift('const i32 = b.i32;');
  if (lines.some((line) => line.includes('- low'))) lines.unshift(...EPOCH_RANGE);
  return lines;
}
