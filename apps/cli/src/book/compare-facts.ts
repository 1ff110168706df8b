/** Facts that a tape holds, against those that its commands give. */
import {
  FLAG_LAST,
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
 * When a venue said it, who of it, and in which circumstances is its own to choose: commands do not decide it.
 * A reject may repeat what was asked.
 */
const NOT_COMPARED: readonly string[] = [
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
const OF_THE_COMMAND: readonly string[] = ['priceTicks', 'qtyLots'];

function valueText(event: Event, field: string, value: unknown): string {
  if (value === NONE) return 'none';
  const { vocabulary } = layoutOfCode(event.kind)?.fields.find(({ name }) => name === field) ?? {};
  if (vocabulary === undefined || typeof value !== 'number') return String(value);
  return value === 0 ? 'none' : nameOfCode(vocabulary, value);
}

const sideText = (flags: number): string => {
  const side = flags & SIDE_MASK;
  return side === 0 ? 'none' : side === SIDE_BUY ? 'buy' : 'sell';
};
const lastText = (flags: number): string => ((flags & FLAG_LAST) === 0 ? 'not the last' : 'the last');

/** Where two facts differ; undefined where they say the same. */
export function compareFacts(expected: Event, found: Event): FactMismatch | undefined {
  if (expected.kind !== found.kind)
    return { field: 'kind', expected: kindName(expected.kind), found: kindName(found.kind) };
  for (const field of Object.keys(expected) as (keyof Event)[]) {
    if (NOT_COMPARED.includes(field) || expected[field] === found[field]) continue;
    if (kindName(expected.kind) === 'Rejected' && OF_THE_COMMAND.includes(field)) continue;
    return {
      field,
      expected: valueText(expected, field, expected[field]),
      found: valueText(found, field, found[field]),
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
