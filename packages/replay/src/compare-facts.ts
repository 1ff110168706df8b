/** Facts that a tape holds, against those that its commands give. */
import {
  FLAG_LAST,
  Kind,
  NONE,
  SIDE_BUY,
  SIDE_MASK,
  kindName,
  layoutOfCode,
  nameOfCode,
} from '@truetape/contracts';
import type { Event } from '@truetape/contracts';

/** The first field in which two facts differ. */
export interface FactMismatch {
  readonly field: string;
  readonly expected: string;
  readonly found: string;
}

/**
 * When a venue said it, who of it, and in which circumstances is its own to choose: commands do not decide
 * it. Of the flags, side and LAST are compared.
 */
export const NOT_COMPARED: readonly string[] = [
  'seq',
  'timeNs',
  'source',
  'flags',
  'matchTime',
  'sendTime',
  'condition',
  'venueCode',
  'ext',
];

/** A reject may repeat what was asked. */
const OF_THE_COMMAND: readonly string[] = ['priceTicks', 'qtyLots'];

/** A value of a fact in words: `none`, the name of a code, or the number. */
function valueText(kind: number, field: string, value: unknown): string {
  if (value === NONE) return 'none';
  const { vocabulary } = layoutOfCode(kind)?.fields.find(({ name }) => name === field) ?? {};
  if (vocabulary === undefined || typeof value !== 'number') return String(value);
  return value === 0 ? 'none' : nameOfCode(vocabulary, value);
}

const sideText = (flags: number): string => {
  const side = flags & SIDE_MASK;
  return side === 0 ? 'none' : side === SIDE_BUY ? 'buy' : 'sell';
};
const lastText = (flags: number): string => ((flags & FLAG_LAST) === 0 ? 'not the last' : 'the last');

/**
 * Where a fact differs from the one that its command gives; undefined where both say the same. The first that
 * differs counts: kind, fields in the order of the kind, side, LAST.
 */
export function compareFacts(expected: Event, found: Event, command: Event): FactMismatch | undefined {
  const { kind } = expected;
  if (kind !== found.kind) return { field: 'kind', expected: kindName(kind), found: kindName(found.kind) };
  for (const field of Object.keys(expected) as (keyof Event)[]) {
    if (expected[field] === found[field] || NOT_COMPARED.includes(field)) continue;
    if (kind === Kind.Rejected && OF_THE_COMMAND.includes(field) && found[field] === command[field]) continue;
    return {
      field,
      expected: valueText(kind, field, expected[field]),
      found: valueText(kind, field, found[field]),
    };
  }
  for (const [field, text] of [
    ['side', sideText],
    ['LAST', lastText],
  ] as const) {
    const [wanted, is] = [text(expected.flags), text(found.flags)];
    if (wanted !== is) return { field, expected: wanted, found: is };
  }
  return undefined;
}
